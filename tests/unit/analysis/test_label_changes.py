"""What is the same label, what follows the schema, and what is a flip."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.analysis.label_changes import Between, Kind, Said

V1, V2 = ("good", "bad"), ("good", "slow", "wrong")
UP = {"good": ["good"], "bad": ["slow", "wrong"]}
DOWN = {"good": ["good"], "slow": ["bad"], "wrong": ["bad"]}


def said(labels, *cells) -> Said:
    """Rows of a label, or of None, or of the labels that are left of a guess."""
    label = np.array([labels.index(cell) if isinstance(cell, str) else -1 for cell in cells])
    partial = np.array([[isinstance(cell, set) and each in cell for each in labels] for cell in cells])
    return Said.of(label, np.array([isinstance(cell, set) for cell in cells]), partial)


def kind(between, before, after) -> str:
    found = between.kinds(said(between.before, before), said(between.after, after))
    return Kind(int(found[0])).words


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("good", "good", "same"),
        ("good", "bad", "relabelled"),
        (None, "bad", "gained"),
        ("bad", None, "lost"),
        (None, None, "same"),
        ("bad", {"bad", "good"}, "lost"),
        ({"bad"}, "bad", "gained"),
        ({"good", "bad"}, None, "same"),
    ],
)
def test_in_one_version_another_label_is_a_flip(before, after, wanted):
    assert kind(Between.of(V1, V1, None), before, after) == wanted


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("good", "good", "same"),
        ("bad", "slow", "narrowed"),
        ("bad", "good", "relabelled"),
        ("good", "slow", "relabelled"),
        ("bad", {"slow", "wrong"}, "open"),
        ("bad", {"slow", "good"}, "lost"),
        ("bad", None, "lost"),
        ("good", {"good"}, "lost"),
        (None, "slow", "gained"),
        ({"good", "bad"}, "slow", "gained"),
        ({"bad"}, "slow", "gained"),
    ],
)
def test_over_a_split_one_of_its_parts_follows_the_schema(before, after, wanted):
    assert kind(Between.of(V1, V2, UP), before, after) == wanted


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("slow", "bad", "carried"),
        ("good", "bad", "relabelled"),
        ({"slow", "wrong"}, "bad", "carried"),
        ({"slow", "good"}, "bad", "gained"),
        (None, "bad", "gained"),
    ],
)
def test_back_over_a_split_its_whole_follows_the_schema(before, after, wanted):
    assert kind(Between.of(V2, V1, DOWN), before, after) == wanted


def test_a_label_that_keeps_its_id_is_the_same_where_another_was_carved_from_it():
    carved = Between.of(("a", "b"), ("a", "b", "new"), {"a": ["a", "new"], "b": ["b"]})
    assert kind(carved, "a", "a") == "same"
    assert kind(carved, "a", "new") == "narrowed"
    assert kind(carved, "b", "new") == "relabelled"

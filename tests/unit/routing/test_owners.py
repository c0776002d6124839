"""From counts of labels to the people who wait for them."""

from __future__ import annotations

import pytest

from retrolabel.errors import UnknownLabelError
from retrolabel.routing.owners import items_by_owner
from retrolabel.schema.labels import Label
from retrolabel.schema.versions import LabelSchema

SCHEMA = LabelSchema(
    task="t",
    version="1.0.0",
    labels=[
        Label("good"),
        Label("stale", owner="search"),
        Label("lost", owner="search"),
        Label("rude", owner="tone"),
        Label("slow", owner="infra"),
    ],
)


def test_the_labels_of_an_owner_are_added_up():
    assert items_by_owner(SCHEMA, {"stale": 3, "rude": 2, "lost": 4}) == {"search": 7, "tone": 2}


def test_the_owner_of_the_most_items_comes_first():
    assert list(items_by_owner(SCHEMA, {"rude": 1, "slow": 5, "stale": 2, "lost": 1})) == ["infra", "search", "tone"]


def test_labels_without_an_owner_are_left_out():
    assert items_by_owner(SCHEMA, {"good": 100, "rude": 1}) == {"tone": 1}


def test_an_owner_for_whom_nothing_waits_is_left_out():
    assert items_by_owner(SCHEMA, {"slow": 0, "stale": 0, "lost": 1}) == {"search": 1}


def test_nothing_counted_is_nothing_to_do():
    assert items_by_owner(SCHEMA, {}) == {}


@pytest.mark.parametrize("count", [0, 3])
def test_a_label_of_another_version_is_refused_even_without_items(count):
    with pytest.raises(UnknownLabelError, match=r"No label 'stail' in t 1\.0\.0\. Did you mean 'stale'"):
        items_by_owner(SCHEMA, {"rude": 1, "stail": count})

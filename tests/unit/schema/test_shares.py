"""How probable labels are at first: a schema change alone makes none more frequent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.shares import shares_along_the_steps
from retrolabel.schema.steps import Add, Merge, Remove, Split
from retrolabel.schema.versions import LabelSchema


def first(*ids):
    return LabelSchema(task="t", version="1.0.0", labels=[Label(each) for each in ids])


def after(parent, version, ids, *steps):
    kept = {label.id: label for label in parent.labels}
    labels = [kept.get(each) or Label(each) for each in ids]
    return LabelSchema(task="t", version=version, revises=parent, labels=labels, steps=list(steps))


def shares(schema):
    return dict(zip(schema.leaves, shares_along_the_steps(schema), strict=True))


def test_labels_of_the_first_version_are_as_probable():
    assert shares(first("a", "b", "c", "d")) == dict.fromkeys("abcd", 0.25)


def test_parts_of_a_split_share_what_the_label_had():
    v2 = after(first("good", "bad"), "2.0.0", ["good", "x", "y", "z"], Split("bad", into=["x", "y", "z"]))
    assert shares(v2) == pytest.approx({"good": 1 / 2, "x": 1 / 6, "y": 1 / 6, "z": 1 / 6})


def test_a_merged_label_has_what_all_had():
    v2 = after(first("a", "b", "c"), "2.0.0", ["ab", "c"], Merge(["a", "b"], into="ab"))
    assert shares(v2) == pytest.approx({"ab": 2 / 3, "c": 1 / 3})


def test_split_and_merged_again_is_as_it_was():
    v1 = first("a", "b")
    v2 = after(v1, "2.0.0", ["a", "x", "y"], Split("b", into=["x", "y"]))
    v3 = after(v2, "3.0.0", ["a", "b2"], Merge(["x", "y"], into="b2"))
    assert shares(v3) == pytest.approx({"a": 1 / 2, "b2": 1 / 2})


def test_a_new_label_gets_the_mean_of_all_and_the_others_keep_their_ratio():
    v2 = after(first("good", "bad"), "2.0.0", ["good", "x", "y"], Split("bad", into=["x", "y"]))
    v3 = after(v2, "3.0.0", ["good", "x", "y", "new"], Add("new"))
    assert shares(v3) == pytest.approx({"good": 3 / 8, "x": 3 / 16, "y": 3 / 16, "new": 1 / 4})


def test_a_removed_label_leaves_what_it_had_to_what_it_became():
    v2 = after(first("a", "b", "c"), "2.0.0", ["a", "b"], Remove("c", maps_to="a"))
    assert shares(v2) == pytest.approx({"a": 2 / 3, "b": 1 / 3})


def test_a_removed_label_of_which_nothing_is_known_leaves_it_to_all():
    v2 = after(first("a", "b", "c"), "2.0.0", ["a", "b"], Remove("c"))
    assert shares(v2) == pytest.approx({"a": 1 / 2, "b": 1 / 2})


@given(st.lists(st.integers(2, 9), min_size=1, max_size=6))
def test_however_often_labels_are_split_they_keep_what_they_had_and_all_is_one(sizes):
    schema = first("a0", "b")
    for number, size in enumerate(sizes):
        parts = [f"a{number + 1}", *(f"p{number}_{part}" for part in range(size - 1))]
        ids = [each for each in schema.ids if each != f"a{number}"] + parts
        schema = after(schema, f"{number + 2}.0.0", ids, Split(f"a{number}", into=parts))
    found = shares(schema)
    assert found["b"] == pytest.approx(0.5)
    assert sum(found.values()) == pytest.approx(1)
    assert min(found.values()) > 0


def test_branches_that_merge_count_alike_whichever_is_named_first():
    base = first("a", "b", "c")
    adds = after(base, "1.1.0", ["a", "b", "c", "n"], Add("n"))
    splits = after(base, "1.2.0", ["a", "b", "x", "y"], Split("c", into=["x", "y"]))
    found = shares(History([base, adds, splits]).merge_heads("2.0.0"))
    assert found["n"] == pytest.approx((1 / 4 + 1 / 5) / 2)
    assert found["a"] == pytest.approx((1 / 4 + 4 / 15) / 2)
    assert sum(found.values()) == pytest.approx(1)

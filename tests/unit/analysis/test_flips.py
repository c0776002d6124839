"""What became of each label."""

from __future__ import annotations

import pandas as pd
import pytest

from retrolabel.analysis.flips import flips


def labelled(*rows):
    return pd.DataFrame(rows, columns=["source", "item_id", "label"])


def counts(table):
    return {(b, a): int(n) for b, row in table.iterrows() for a, n in row.items() if n}


def test_each_item_is_counted_from_its_label_to_its_label():
    before = labelled(("s", "1", "bad"), ("s", "2", "bad"), ("s", "3", "good"), ("s", "4", "bad"))
    after = labelled(("s", "4", "slow"), ("s", "3", "good"), ("s", "2", "wrong"), ("s", "1", "slow"))
    assert counts(flips(before, after)) == {("bad", "slow"): 2, ("bad", "wrong"): 1, ("good", "good"): 1}


def test_rows_are_labels_before_and_columns_labels_after():
    found = flips(labelled(("s", "1", "bad")), labelled(("s", "1", "slow")))
    assert (found.index.name, found.columns.name) == ("before", "after")
    assert (found.index.tolist(), found.columns.tolist()) == (["bad"], ["slow"])


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA])
def test_items_without_a_label_are_counted_too(nothing):
    before = labelled(("s", "1", nothing), ("s", "2", "bad"), ("s", "3", nothing))
    after = labelled(("s", "1", "slow"), ("s", "2", nothing), ("s", "3", nothing))
    assert counts(flips(before, after)) == {
        ("(no label)", "slow"): 1,
        ("bad", "(no label)"): 1,
        ("(no label)", "(no label)"): 1,
    }


def test_items_that_only_the_newer_set_holds_are_new():
    before = labelled(("s", "1", "bad"), ("s", "2", None))
    after = labelled(("s", "1", "bad"), ("s", "2", "bad"), ("s", "3", "bad"), ("s", "4", None))
    assert counts(flips(before, after)) == {
        ("bad", "bad"): 1,
        ("(no label)", "bad"): 1,
        ("(new item)", "bad"): 1,
        ("(new item)", "(no label)"): 1,
    }


def test_items_that_only_the_older_set_holds_are_not_counted():
    found = flips(labelled(("s", "1", "bad"), ("s", "2", "gone")), labelled(("s", "1", "bad")))
    assert counts(found) == {("bad", "bad"): 1}


def test_the_same_id_in_another_source_is_another_item():
    before = labelled(("mail", "1", "bad"), ("chat", "1", "good"))
    after = labelled(("chat", "1", "good"), ("mail", "1", "slow"))
    assert counts(flips(before, after)) == {("bad", "slow"): 1, ("good", "good"): 1}


def test_the_counts_add_up_to_the_newer_items():
    before = labelled(*(("s", str(i), "ab"[i % 2]) for i in range(50)))
    after = labelled(*(("s", str(i), "xyz"[i % 3] if i % 5 else None) for i in range(10, 80)))
    assert flips(before, after).to_numpy().sum() == 70


def test_categories_of_two_versions_can_be_compared():
    before, after = labelled(("s", "1", "bad"), ("s", "2", None)), labelled(("s", "1", "slow"), ("s", "2", "slow"))
    for frame in (before, after):
        frame["label"] = frame["label"].astype("category")
    assert counts(flips(before, after)) == {("bad", "slow"): 1, ("(no label)", "slow"): 1}


def test_further_columns_are_of_no_matter():
    before, after = labelled(("s", "1", "bad")), labelled(("s", "1", "slow"))
    assert counts(flips(before.assign(probability=0.5), after.assign(probability=0.7))) == {("bad", "slow"): 1}


def test_the_first_label_set_has_new_items_only():
    after = labelled(("s", "1", "bad"), ("s", "2", "good"))
    assert counts(flips(labelled(), after)) == {("(new item)", "bad"): 1, ("(new item)", "good"): 1}


def test_an_empty_label_set_has_nothing_to_count():
    assert flips(labelled(("s", "1", "bad")), labelled()).to_numpy().sum() == 0


def test_the_label_sets_are_not_changed():
    before, after = labelled(("s", "1", None)), labelled(("s", "1", "slow"))
    kept = before.copy(), after.copy()
    flips(before, after)
    pd.testing.assert_frame_equal(before, kept[0])
    pd.testing.assert_frame_equal(after, kept[1])

"""Gold beside labels, with what has no label in columns of its own."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.analysis.confusion import confusion
from retrolabel.errors import InputError

LABELS = ["a", "b", "c"]


def test_items_without_a_label_are_told_apart():
    found = confusion(
        np.array([0, 0, 0, 0]),
        np.array([0, -1, -1, -1]),
        labels=LABELS,
        covered=np.array([True, False, True, True]),
        guessed=np.array([False, False, True, False]),
    )
    assert found.counts.loc["a"].to_dict() == {
        "a": 1,
        "b": 0,
        "c": 0,
        "(guessed)": 1,
        "(no votes)": 1,
        "(tied)": 1,
    }


def test_gold_that_leaves_several_labels_is_in_no_row_of_the_table():
    possible = np.array([[True, True, False], [True, False, False]])
    found = confusion(possible, np.array([2, 1]), labels=LABELS)
    assert found.counts.to_numpy().sum() == 1
    assert found.partial.loc["a|b", "c"] == 1


def test_rates_are_of_gold_and_have_intervals():
    found = confusion(np.array([0] * 10 + [1]), np.array([0] * 8 + [1, 1, 1]), labels=LABELS)
    assert found.rates.loc["a", "b"] == 0.2
    assert found.low.loc["a", "b"] == pytest.approx(0.0567, abs=1e-4)
    assert found.high.loc["a", "b"] == pytest.approx(0.5098, abs=1e-4)
    assert np.isnan(found.rates.loc["c", "a"])


def test_the_worst_cells_are_errors_and_nothing_else():
    found = confusion(np.array([0, 0, 0, 1, 1]), np.array([1, 1, 0, 0, -1]), labels=LABELS).worst()
    assert found[["gold", "label", "items"]].to_numpy().tolist() == [["a", "b", 2], ["b", "a", 1]]


def test_arrays_that_differ_in_length_are_refused():
    with pytest.raises(InputError, match="differ in length"):
        confusion(np.array([0, 1]), np.array([0]), labels=LABELS)

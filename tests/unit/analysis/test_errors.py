"""Items whose label is wrong, the surest first."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.analysis.errors import errors
from retrolabel.errors import InputError, UnknownLabelError

SURE = np.array([[0.6, 0.4], [0.9, 0.1], [0.1, 0.9], [0.5, 0.5], [0.2, 0.8]])
SAID = np.array([0, 0, 1, -1, 1])


def rows(gold, **filters):
    return errors(gold, SAID, SURE, labels=["a", "b"], **filters)["row"].tolist()


def test_the_surest_error_comes_first():
    assert rows([1, 1, 1, 1, -1]) == [1, 0]


def test_an_item_without_gold_is_no_error():
    assert rows([-1] * 5) == []


def test_a_label_that_gold_leaves_among_others_is_no_error():
    gold = np.array([[True, True], [False, True], [True, True], [True, True], [False, False]])
    found = errors(gold, SAID, SURE, labels=["a", "b"])
    assert found[["row", "gold"]].to_numpy().tolist() == [[1, "b"]]


def test_an_item_without_a_label_is_told_only_where_it_is_asked_for():
    assert 3 not in rows([0, 0, 1, 1, 1])
    assert rows([0, 0, 1, 1, 1], of_label="(tied)") == [3]
    assert rows([0, 0, 1, 1, 1], of_label="(no votes)", covered=np.array([True, True, True, False, True])) == [3]


def test_errors_of_one_cell_are_those_of_its_gold_and_its_label():
    assert rows([1, 0, 0, 0, 0], of_gold="a", of_label="b") == [2, 4]


def test_a_label_that_there_is_not_is_refused():
    with pytest.raises(UnknownLabelError, match="No label 'bb'"):
        rows([0] * 5, of_gold="bb")


def test_probabilities_of_other_items_are_refused():
    with pytest.raises(InputError, match="differ"):
        errors([0, 1], np.array([0, 1]), SURE, labels=["a", "b"])

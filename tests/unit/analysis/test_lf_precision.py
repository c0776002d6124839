"""Precision by vote, and beside chance and others that say the same."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.analysis.lf_precision import precision_beside, precision_by_vote
from retrolabel.votes import VoteMatrix

A, B, AB = {0}, {1}, {0, 1}


def votes(rows, voters):
    return VoteMatrix.from_sets(rows, labels=["a", "b", "c"], voters=voters)


def test_a_vote_for_a_set_is_right_where_it_holds_the_gold_label():
    found = precision_by_vote(votes([[AB], [AB], [A], [None]], ["f"]), np.array([0, 2, 0, 1]))
    assert found.loc[("f", "a|b"), ["cast", "on_gold", "right", "precision"]].tolist() == [2, 2, 1, 0.5]
    assert found.loc[("f", "a"), "right"] == 1


def test_a_vote_without_gold_has_no_precision():
    found = precision_by_vote(votes([[A], [B]], ["f"]), np.array([-1, 1]))
    assert found.loc[("f", "a"), "on_gold"] == 0
    assert np.isnan(found.loc[("f", "a"), "precision"])


def test_an_abstention_is_neither_right_nor_wrong():
    found = precision_beside(votes([[A, None], [None, A]] * 20, ["f", "g"]), np.array([0, 1] * 20))
    assert found.loc["f", "low"] == pytest.approx(0.8389, abs=1e-4)  # 20 of 20
    assert found.loc["g", "high"] == pytest.approx(0.1611, abs=1e-4)  # 0 of 20


def test_others_are_those_that_say_the_same():
    rows = [[A, A, None], [A, None, B]] * 12
    found = precision_beside(votes(rows, ["f", "g", "h"]), np.array([0, 2] * 12))
    assert found.loc["f", "others"] == 1.0  # g alone says a; that h is always wrong about b does not count
    assert np.isnan(found.loc["h", "others"])


def test_fewer_than_ten_votes_of_others_say_too_little():
    rows = [[A, A]] * 9
    assert precision_beside(votes(rows, ["f", "g"]), np.zeros(9, np.int64))["others"].isna().all()
    assert precision_beside(votes([*rows, [A, A]], ["f", "g"]), np.zeros(10, np.int64))["others"].tolist() == [1.0, 1.0]


def test_without_gold_nothing_is_known():
    assert precision_beside(votes([[A]], ["f"]), np.array([-1])).isna().all(axis=None)

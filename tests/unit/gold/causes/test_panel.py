"""Answers as the causes of disagreement look at them."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.errors import VoteError
from retrolabel.gold.causes.panel import apart_by_item, between, excess, interval, panel_of, shuffled


def test_the_last_answer_of_a_person_counts_and_the_first_one_is_what_it_is_held_against():
    found = panel_of(["i"] * 4, ["ana", "ana", "ana", "bo"], ["x", "y", "z", "x"], labels="xyz", order=[3, 1, 2, 1])
    assert found.codes.tolist() == [[0], [0]]  # ana said y, then z, then x
    again = found.again
    assert (again.item.tolist(), again.person.tolist(), again.before.tolist()) == ([0], [0], [1])
    assert again.changed.tolist() == [True]


def test_who_answered_an_item_once_was_not_asked_again():
    assert len(panel_of(["i", "j"], ["ana", "ana"], ["x", "y"], labels="xy").again.item) == 0


def test_columns_that_differ_in_length_and_answers_that_are_no_label_are_refused():
    with pytest.raises(VoteError, match="differ in length: 1, 1, 2"):
        panel_of(["i"], ["ana"], ["x", "y"], labels="xy")
    with pytest.raises(VoteError, match="not among the values"):
        panel_of(["i"], ["ana"], ["?"], labels="xy")


def test_labels_of_a_scale_are_apart_by_the_part_of_it_that_is_between_them():
    found = panel_of(["i"], ["ana"], ["x"], labels="xyz", ordinal=True).apart
    assert found.tolist() == [[0, 0.5, 1], [0.5, 0, 0.5], [1, 0.5, 0]]


def test_shuffled_answers_are_the_same_of_each_item_and_nobody_answers_who_had_not():
    rng = np.random.default_rng(1)
    codes = np.where(rng.random((5, 200)) < 0.3, -1, rng.integers(0, 4, (5, 200))).astype(np.int32)
    found = shuffled(codes, rng)
    assert ((found < 0) == (codes < 0)).all()
    assert (np.sort(found, axis=0) == np.sort(codes, axis=0)).all()
    assert (found != codes).any()


def test_each_answer_counts_alike_however_many_people_answered_the_item():
    codes = np.array([[0, 0], [1, 1], [-1, 0]], np.int32)
    far, pairs = apart_by_item(codes, 1 - np.eye(2))
    assert (far.tolist(), pairs.tolist()) == ([1, 1], [1, 1.5])  # two answers weigh 1 a pair, three 1/2
    both, shared = between(codes, 1 - np.eye(2))
    assert np.triu(both).sum() == far.sum()
    assert np.triu(shared).sum() == pairs.sum()


def test_excess_is_what_is_beyond_the_rate_of_the_others():
    mine = np.array([[1.0] * 10 + [0] * 10, [1] * 20])  # half of my pairs differ
    rest = np.array([[1.0, 0, 0, 0] * 5, [1] * 20])  # a quarter of the others'
    value, low, high = excess(mine, rest, mine[0] + rest[0], draws=500, seed=0)
    assert value == pytest.approx((10 - 20 * 0.25) / 15)
    assert 0 <= low < value < high < 1


def test_an_interval_of_nothing_says_nothing():
    assert interval(np.array([np.nan, np.nan])) == (0.0, 0.0, 1.0)

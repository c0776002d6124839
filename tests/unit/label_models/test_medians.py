"""Factors by weighted medians: found where each pair is a product, and not set by a tight group."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.label_models.medians import factors, weighted_median


def pairs_of(m):
    return np.nonzero(~np.eye(m, dtype=bool))


def found_for(true, shared=None, weights=None, first=None):
    one, other = pairs_of(len(true))
    shared = true[one] * true[other] if shared is None else shared
    weights = np.ones(len(one)) if weights is None else weights
    start = np.ones(len(true)) if first is None else first
    return factors(shared, np.ones(len(one)), weights, (one, other), start, (-3.0, 3.0))


@pytest.mark.parametrize("true", [[1.0] * 5, [1.5, 1.2, 1.0, 0.8, 1.3], [1.0, 1.0, 1.0, 1.0, -0.6]], ids=str)
def test_products_are_taken_apart(true):
    assert found_for(np.array(true)) == pytest.approx(true, abs=0.12)


def test_a_tight_group_that_is_less_than_half_sets_nothing():
    true = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.3, 0.3])
    one, other = pairs_of(7)
    shared = true[one] * true[other]
    shared[(one >= 5) & (other >= 5)] = 3.0  # the last two say the same, for whatever reason
    assert found_for(true, shared) == pytest.approx(true, abs=0.12)


def test_weights_count_and_nothing_else_does_where_there_are_none():
    true = np.array([1.0, 1.0, 1.0, 1.0])
    one, other = pairs_of(4)
    shared, weights = true[one] * true[other], np.ones(len(one))
    wrong = (one == 0) | (other == 0)
    shared[wrong], weights[wrong] = 9.0, 0.0
    found = found_for(true, shared, weights)
    assert found[1:] == pytest.approx([1.0, 1.0, 1.0])
    assert found[0] == 1.0  # the first, since no pair of it counts


def test_factors_stay_within_their_bounds():
    one, other = pairs_of(3)
    found = factors(np.full(6, 100.0), np.ones(6), np.ones(6), (one, other), np.ones(3), (-2.0, 1.5))
    assert (found == 1.5).all()


def test_without_pairs_the_first_are_kept():
    nowhere = np.zeros(0, np.int64)
    found = factors(np.zeros(0), np.zeros(0), np.zeros(0), (nowhere, nowhere), np.array([0.4, 2.0]), (0.0, 3.0))
    assert found.tolist() == [0.4, 2.0]


@pytest.mark.parametrize(
    ("values", "weights", "middle"),
    [([3, 1, 2], [1, 1, 1], 2), ([3, 1, 2], [5, 1, 1], 3), ([1, 2], [1, 1], 1), ([2, 1], [0.3, 0.7], 1), ([4], [1], 4)],
)
def test_the_median_is_the_least_value_with_half_of_the_weight(values, weights, middle):
    assert weighted_median(np.array(values, float), np.array(weights, float)) == middle


def test_an_exact_split_is_not_decided_by_rounding():
    weights = np.array([0.1, 0.2, 0.3, 0.6]) * 0.7  # the first three are half, or one bit less
    for order in ([0, 1, 2, 3], [2, 1, 0, 3], [1, 0, 2, 3]):
        assert weighted_median(np.array([1.0, 1.0, 1.0, 2.0]), weights[order]) == 1.0

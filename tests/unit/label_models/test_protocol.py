"""From probabilities to labels, and from gold to a prior."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.errors import VoteError
from retrolabel.label_models.gold import gold_prior, gold_totals
from retrolabel.label_models.protocol import as_patterns, check_votes, hard_labels
from retrolabel.votes import VoteMatrix

VOTES = VoteMatrix.from_ints([[0, -1], [1, 1], [0, -1], [-1, -1]], labels=3)


def test_the_highest_probability_wins():
    probabilities = np.array([[0.2, 0.5, 0.3], [0.4, 0.35, 0.25], [0.1, 0.1, 0.8]])
    assert hard_labels(probabilities, np.array([True] * 3)).tolist() == [1, 0, 2]


def test_an_exact_tie_gets_no_label_even_of_two_labels_among_three():
    probabilities = np.array([[0.5, 0.5, 0.0], [1 / 3, 1 / 3, 1 / 3], [0.2, 0.4, 0.4]])
    assert hard_labels(probabilities, np.array([True] * 3)).tolist() == [-1, -1, -1]


def test_a_tie_of_the_lower_ones_is_none():
    assert hard_labels(np.array([[0.4, 0.3, 0.3]]), np.array([True])).tolist() == [0]


@pytest.mark.parametrize(("gap", "label"), [(1e-15, -1), (1e-10, -1), (1e-8, 0)])
def test_a_tie_is_what_rounding_could_have_made(gap, label):
    assert hard_labels(np.array([[0.5 + gap, 0.5 - gap]]), np.array([True])).tolist() == [label]


def test_an_uncovered_item_gets_no_label_though_the_prior_is_sure():
    assert hard_labels(np.array([[0.9, 0.1], [0.9, 0.1]]), np.array([False, True])).tolist() == [-1, 0]


def test_no_items_get_no_labels():
    found = hard_labels(np.zeros((0, 3)), np.zeros(0, bool))
    assert (found.shape, found.dtype) == ((0,), np.int64)


def test_gold_of_items_is_counted_without_the_unknown():
    assert gold_totals(VOTES, np.array([2, -1, 2, 0])).tolist() == [1.0, 0.0, 2.0]
    assert gold_totals(VOTES, np.array([-1, -1, -1, -1])).tolist() == [0.0, 0.0, 0.0]


def test_gold_of_patterns_is_summed():
    counts = np.array([[0, 1, 0], [2, 0, 0], [0, 3, 4]])
    assert gold_totals(VOTES.patterns(), counts).tolist() == [2.0, 4.0, 4.0]


def test_gold_that_does_not_fit_the_votes_is_refused():
    with pytest.raises(VoteError, match=r"Gold has the shape \(3,\); these votes need \(4,\)"):
        gold_totals(VOTES, np.array([0, 1, 2]))
    with pytest.raises(VoteError, match=r"Gold for patterns is counts of the shape \(3, 3\), got \(4,\)"):
        gold_totals(VOTES.patterns(), np.array([0, 1, 2, 0]))
    with pytest.raises(VoteError, match="outside -1 to 2"):
        gold_totals(VOTES, np.array([0, 1, 3, 0]))
    with pytest.raises(VoteError, match="outside -1 to 2"):
        gold_totals(VOTES, np.array([0, 1, -2, 0]))


def test_gold_of_no_items_is_nothing():
    none = VoteMatrix.from_ints(np.zeros((0, 2)), labels=2)
    assert gold_totals(none, np.zeros(0, np.int64)).tolist() == [0.0, 0.0]
    assert gold_totals(none.patterns(), np.zeros((0, 2))).tolist() == [0.0, 0.0]


def test_the_prior_adds_one_item_to_each_label():
    assert gold_prior(np.array([7.0, 0.0, 1.0])).tolist() == pytest.approx([8 / 11, 1 / 11, 2 / 11])
    assert gold_prior(np.zeros(4)).tolist() == [0.25] * 4


def test_patterns_stay_as_they_are_and_matrices_become_patterns():
    patterns = VOTES.patterns()
    assert as_patterns(patterns) is patterns
    assert np.array_equal(as_patterns(VOTES).codes, patterns.codes)


def test_votes_are_checked_for_labels_and_for_voters_only_where_these_are_given():
    check_votes(VOTES, ("0", "1", "2"))
    check_votes(VOTES, ("0", "1", "2"), ("lf_0", "lf_1"))
    with pytest.raises(VoteError, match="The votes are over 0, 1, 2; the model was fitted on 0, 2, 1"):
        check_votes(VOTES, ("0", "2", "1"))
    with pytest.raises(VoteError, match="their order"):
        check_votes(VOTES, ("0", "1", "2"), ("lf_1", "lf_0"))
    with pytest.raises(VoteError, match="fitted on: lf_2"):
        check_votes(VOTES, ("0", "1", "2"), ("lf_0", "lf_1", "lf_2"))

"""Which labels a voter never tells apart, and sums over them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.label_models import em
from retrolabel.label_models.features import Features
from retrolabel.label_models.ties import Ties, never_told_apart
from retrolabel.votes import VoteMatrix

K = 4
cells = st.none() | st.sets(st.integers(0, K - 1), min_size=1, max_size=3)
tables = st.lists(st.tuples(cells, cells), min_size=1, max_size=8)


def groups(rows, tied, ranks=None):
    votes = VoteMatrix.from_sets(rows, labels=K)
    features = Features.of(votes.codes)
    return never_told_apart(features, em.lifts(votes.membership, 0.75, ranks)[features.code], tied)


@given(tables)
def test_labels_are_tied_where_each_vote_of_the_voter_holds_both_or_neither(rows):
    found = groups(rows, [0, 1])
    for voter in range(2):
        said = [row[voter] for row in rows if row[voter] is not None]
        for a in range(K):
            for b in range(K):
                alike = all((a in each) == (b in each) for each in said)
                assert (found[voter, a] == found[voter, b]) == alike


def test_voters_that_are_not_named_have_no_labels_tied():
    assert groups([[{0, 1}, {0, 1}]], [1]).tolist() == [[0, 1, 2, 3], [0, 0, 1, 1]]


def test_a_tied_voter_that_never_votes_has_all_labels_tied():
    assert groups([[None, 0]], [0])[0].tolist() == [0] * K


def test_ordered_labels_outside_a_vote_are_told_apart_by_their_distance():
    found = groups([[{0, 1}, None]], [0], ranks=range(K))
    assert found[0].tolist() == [0, 0, 1, 2]


def test_sums_are_over_tied_labels_of_the_same_vote_alone():
    votes = VoteMatrix.from_sets([[{0, 1}], [2]], labels=3)
    features = Features.of(votes.codes)
    ties = Ties.of(features, np.array([[0, 0, 1]]))
    assert ties.pooled(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])).tolist() == [[3, 3, 3], [9, 9, 6]]


@given(tables, st.integers(0, 9))
def test_without_ties_sums_are_what_they_were(rows, seed):
    votes = VoteMatrix.from_sets(rows, labels=K)
    features = Features.of(votes.codes)
    values = np.random.default_rng(seed).random((len(features.code), K))
    ties = Ties.of(features, np.tile(np.arange(K), (2, 1)))
    assert np.array_equal(ties.pooled(values), values)

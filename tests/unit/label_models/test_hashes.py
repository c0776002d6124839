"""Hashes of rows: equal for equal votes, spread evenly, and the same in every order of the voters."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.label_models.hashes import column_sums, row_hashes, row_sums
from retrolabel.votes import VoteMatrix


def made(seed=0, *, n=6_000, m=8, k=3, voters=None):
    """Return votes with a few frequent patterns and thousands of rare ones."""
    rng = np.random.default_rng(seed)
    ints = rng.integers(-1, k, size=(n, m))
    ints[rng.random(n) < 0.3] = [0] + [-1] * (m - 1)
    ints[rng.random(n) < 0.05] = [-1] * m
    return VoteMatrix.from_ints(ints, labels=k, voters=voters)


def test_equal_rows_have_equal_hashes_and_others_others():
    votes = made()
    whole = votes.patterns()
    hashes = row_hashes(whole)
    assert len(set(hashes.tolist())) == len(whole)
    assert np.array_equal(row_hashes(votes), hashes[whole.inverse])
    assert not np.array_equal(row_hashes(whole, seed=1), hashes)


def test_hashes_are_spread_evenly():
    drawn = row_hashes(made().patterns()) / 2.0**64
    found, _ = np.histogram(drawn, bins=10, range=(0, 1))
    assert found == pytest.approx(np.full(10, len(drawn) / 10), abs=5 * np.sqrt(len(drawn) / 10))


def test_a_row_is_known_by_the_names_of_its_voters_not_by_their_places():
    one = VoteMatrix.from_ints([[0, 1, -1]], labels=2, voters=["a", "b", "c"])
    other = VoteMatrix.from_ints([[-1, 1, 0]], labels=2, voters=["c", "b", "a"])
    renamed = VoteMatrix.from_ints([[0, 1, -1]], labels=2, voters=["b", "a", "c"])
    assert row_hashes(one).tolist() == row_hashes(other).tolist()
    assert row_hashes(one).tolist() != row_hashes(renamed).tolist()


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize(("width", "labels"), [(1, 2), (9, 2), (13, 3), (5, 60), (4, 70), (3, 300)])
def test_sums_of_several_columns_at_once_are_the_sums_of_the_columns(width, labels, order):
    ints = np.random.default_rng(0).integers(-1, labels, (20_000, width))
    made_votes = VoteMatrix.from_ints(ints, labels=labels)
    votes = VoteMatrix(np.asarray(made_votes.codes, order=order), *_rest(made_votes))
    expected = np.zeros(len(votes), np.uint64)
    for voter in votes.voters:
        expected += column_sums(votes, voter, seed=2)
    assert np.array_equal(row_sums(votes, seed=2), expected)
    assert not row_sums(VoteMatrix(np.zeros_like(votes.codes), *_rest(votes))).any()


def _rest(votes):
    return votes.labels, votes.symbols, votes.voters


def test_a_label_with_a_bar_in_its_id_is_no_set():
    votes = VoteMatrix.from_sets([[{0, 1}], [2]], labels=["a", "b", "a|b"])
    assert len(set(row_hashes(votes).tolist())) == 2

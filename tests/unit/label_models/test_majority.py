"""Majority vote: each vote is one, shared among the labels of its set."""

from __future__ import annotations

import json

import numpy as np
import pytest

from retrolabel.errors import VoteError
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.protocol import hard_labels
from retrolabel.votes import VoteMatrix


def shares(row, labels, **settings):
    votes = VoteMatrix.from_sets([row], labels=labels)
    return MajorityVote(**settings).fit(votes).predict_proba(votes)[0].tolist()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ([0], [1, 0, 0]),
        ([0, 0, 1], [2 / 3, 1 / 3, 0]),
        ([0, None, 2], [0.5, 0, 0.5]),
        ([{0, 1}], [0.5, 0.5, 0]),
        ([{0, 1}, 0], [0.75, 0.25, 0]),
        ([{0, 1}, 2], [0.25, 0.25, 0.5]),
        ([{0, 1, 2}, 2], [0, 0, 1]),
        ([None, None], [1 / 3, 1 / 3, 1 / 3]),
    ],
)
def test_each_vote_is_shared_among_the_labels_of_its_set(row, expected):
    assert shares(row, 3) == pytest.approx(expected, abs=1e-12)


def test_smoothing_spreads_so_many_votes_over_all_labels():
    assert shares([0, 0, 1], 3, smoothing=1.0) == pytest.approx([7 / 12, 4 / 12, 1 / 12])
    assert shares([0], 2, smoothing=2) == pytest.approx([2 / 3, 1 / 3])
    assert shares([None], 4, smoothing=1.0) == pytest.approx([0.25] * 4)


@pytest.mark.parametrize("smoothing", [-1.0, float("nan"), float("inf")])
def test_a_smoothing_that_is_no_number_of_votes_is_refused(smoothing):
    with pytest.raises(VoteError):
        MajorityVote(smoothing=smoothing)


@pytest.mark.parametrize("shape", [(0, 0), (0, 2), (3, 0), (3, 2)])
def test_where_nobody_votes_all_labels_are_alike(shape):
    votes = VoteMatrix.from_ints(np.full(shape, -1), labels=2)
    assert MajorityVote().fit(votes).predict_proba(votes).tolist() == [[0.5, 0.5]] * shape[0]


def test_patterns_give_what_their_items_get():
    rng = np.random.default_rng(0)
    votes = VoteMatrix.from_ints(rng.integers(-1, 3, size=(50, 4)), labels=3)
    patterns = votes.patterns()
    fitted = MajorityVote(smoothing=0.5).fit(patterns)
    assert np.array_equal(fitted.predict_proba(patterns)[patterns.inverse], fitted.predict_proba(votes))


def test_it_serves_other_voters_but_no_other_labels():
    fitted = MajorityVote().fit(VoteMatrix.from_ints([[0, 0]], labels=["a", "b"]))
    others = VoteMatrix.from_ints([[1]], labels=["a", "b"], voters=["someone else"])
    assert fitted.predict_proba(others).tolist() == [[0.0, 1.0]]
    with pytest.raises(VoteError, match="over b, a; the model was fitted on a, b"):
        fitted.predict_proba(VoteMatrix.from_ints([[0, 0]], labels=["b", "a"]))


def test_it_learns_nothing_from_gold_neither():
    votes = VoteMatrix.from_ints([[0], [1]], labels=2)
    model = MajorityVote()
    assert not model.uses_gold
    assert model.fit(votes, np.array([1, 1])) == model.fit(votes)
    assert model.fit(votes).parameters() == {}


def test_settings_are_plain_data():
    assert json.loads(json.dumps(MajorityVote(smoothing=1).settings())) == {
        "name": "majority_vote",
        "smoothing": 1,
        "numerics": 1,
    }


@pytest.mark.parametrize(("k", "m", "seed"), [(2, 5, 0), (3, 4, 1), (6, 9, 2), (4, 1, 3)])
def test_the_labels_that_win_are_those_of_snorkels_majority_voter(k, m, seed):
    """Snorkel spreads 1 over the labels that win, where we give the shares: the winners must be the same."""
    snorkel = pytest.importorskip("snorkel.labeling.model")
    ints = np.random.default_rng(seed).integers(-1, k, size=(300, m))
    votes = VoteMatrix.from_ints(ints, labels=k)
    covered = votes.covered
    assert covered.any()
    found = MajorityVote().fit(votes).predict_proba(votes)[covered]
    wins = np.isclose(found, found.max(axis=1, keepdims=True), rtol=0, atol=1e-12)
    expected = snorkel.MajorityLabelVoter(cardinality=k).predict_proba(ints[covered])
    assert np.allclose(wins / wins.sum(axis=1, keepdims=True), expected, rtol=0, atol=1e-12)
    ours = hard_labels(found, np.ones(len(found), bool))
    assert ours.tolist() == snorkel.MajorityLabelVoter(cardinality=k).predict(ints[covered]).tolist()


def test_the_shares_are_the_counts_of_the_votes():
    ints = np.random.default_rng(4).integers(-1, 5, size=(200, 6))
    votes = VoteMatrix.from_ints(ints, labels=5)
    counts = np.stack([(ints == y).sum(axis=1) for y in range(5)], axis=1)[votes.covered]
    found = MajorityVote().fit(votes).predict_proba(votes)[votes.covered]
    assert np.allclose(found, counts / counts.sum(axis=1, keepdims=True), rtol=0, atol=1e-12)

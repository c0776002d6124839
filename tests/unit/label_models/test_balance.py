"""How frequent labels are, from how often voters of several labels agree."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.label_models.balance import balanced
from retrolabel.label_models.correlations import Correlations
from retrolabel.label_models.features import Features
from retrolabel.votes import VoteMatrix


def planted(accuracies, prior, coverage=0.6, n=20_000, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.choice(len(prior), n, p=prior)
    right = rng.random((n, len(accuracies))) < accuracies
    votes = np.where(right, truth[:, None], (truth[:, None] + rng.integers(1, len(prior), right.shape)) % len(prior))
    return np.where(rng.random(right.shape) < coverage, votes, -1)


def found_in(ints, k, assumed=None):
    votes = VoteMatrix.from_ints(ints, labels=k)
    return of(votes, assumed)


def of(votes, assumed=None):
    k = len(votes.labels)
    patterns = votes.patterns()
    here = patterns.covered
    features = Features.of(patterns.codes[here])
    correlations = Correlations.of(features, patterns.counts[here])
    prior = np.full(k, 1 / k) if assumed is None else np.asarray(assumed)
    return balanced(correlations, patterns.membership[features.code], np.ones(len(features.voter), bool), prior)


@pytest.mark.parametrize(
    "prior", [[0.5, 0.5], [0.9, 0.1], [0.99, 0.01], [0.7, 0.2, 0.1], [0.4, 0.3, 0.2, 0.1]], ids=str
)
def test_the_shares_of_labels_are_found(prior):
    assert found_in(planted([0.8, 0.75, 0.7, 0.85, 0.8], prior), len(prior)) == pytest.approx(prior, abs=0.03)


def test_a_voter_that_is_mostly_wrong_does_not_turn_them_round():
    assert found_in(planted([0.2, 0.75, 0.8, 0.75, 0.7], [0.85, 0.15]), 2) == pytest.approx([0.85, 0.15], abs=0.04)


def test_voters_that_prefer_one_label_each_to_its_own_extent_are_not_taken_for_skew():
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 2, 20_000)
    misses = np.linspace(0.1, 0.8, 6)  # how often label 1 is not seen; label 0 always is
    ints = np.column_stack([np.where((truth == 1) & (rng.random(20_000) < miss), 0, truth) for miss in misses])
    found = found_in(ints, 2)
    shares = (ints == 0).mean()
    assert shares > 0.7
    assert 0.5 < found[0] < shares


def test_too_few_voters_of_several_labels_say_nothing():
    ints = planted([0.8, 0.8], [0.9, 0.1])
    assert found_in(ints, 2) is None
    one_sided = np.where(planted([0.8] * 5, [0.9, 0.1]) == 1, 1, -1)
    assert found_in(one_sided, 2) is None


def test_votes_for_sets_of_labels_are_left_aside():
    rng = np.random.default_rng(0)
    rows = [[{0, 1} if y < 2 else 2 for _ in range(4)] for y in rng.integers(0, 3, 300)]
    assert of(VoteMatrix.from_sets(rows, labels=3)) is None


def test_what_is_assumed_holds_where_votes_say_little():
    assumed = np.array([0.3, 0.7])
    ints = np.random.default_rng(0).integers(0, 2, size=(3_000, 4))  # nobody knows anything
    found = found_in(ints, 2, assumed)
    assert found.sum() == pytest.approx(1)
    assert abs(found - assumed).max() < 0.25

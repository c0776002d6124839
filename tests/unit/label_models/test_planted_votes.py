"""The label model on votes whose truth is planted, each kind one that misled an earlier version of it."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.votes import VoteMatrix

SEEDS = pytest.mark.parametrize("seed", [0, 1])


def says(rng, truth, right, coverage=1.0, k=2):
    votes = np.where(rng.random(len(truth)) < right, truth, (truth + rng.integers(1, k, len(truth))) % k)
    return np.where(rng.random(len(truth)) < coverage, votes, -1)


def near(rng, votes, differ):
    """Return a copy of a voter of two labels that differs on a share of its votes."""
    return np.where((votes >= 0) & (rng.random(len(votes)) < differ), 1 - votes, votes)


def fitted(columns, k=2, **settings):
    votes = VoteMatrix.from_ints(np.column_stack(columns), labels=k)
    model = LabelModel(**settings).fit(votes)
    return model, votes, model.predict_proba(votes)


def accuracy(found, truth, covered):
    return (found.argmax(axis=1) == truth)[covered].mean()


@SEEDS
@pytest.mark.parametrize(("good", "least"), [(5, 0.855), (8, 0.915)])
@pytest.mark.parametrize("copies", [2, 3])
def test_near_copies_of_a_bad_voter_do_not_make_the_good_ones_distrusted(seed, good, least, copies):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, 5_000)
    bad = says(rng, truth, 0.55, 0.6)
    columns = [says(rng, truth, 0.8, 0.6) for _ in range(good)] + [bad] + [near(rng, bad, 0.1) for _ in range(copies)]
    model, votes, found = fitted(columns)
    assert accuracy(found, truth, votes.covered) >= least
    assert model.weights[:good].min() > 0.9
    assert model.weights[good:].max() < 0.6


@SEEDS
def test_copies_of_the_best_voter_do_not_pull_it_up(seed):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, 5_000)
    best = says(rng, truth, 0.85, 0.6)
    _, votes, found = fitted([best, best, best, *[says(rng, truth, 0.7, 0.6) for _ in range(5)]])
    assert accuracy(found, truth, votes.covered) > 0.8
    assert -np.log(found[np.arange(5_000), truth])[votes.covered].mean() < 0.47


@pytest.mark.parametrize("coverage", [0.3, 0.6, 1.0])
@pytest.mark.parametrize("right", [(0.9, 0.92, 0.95), (0.95, 0.97, 0.98)], ids=str)
def test_three_accurate_voters_that_agree_since_they_are_right_count_fully(coverage, right):
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 5_000)
    model, *_ = fitted([says(rng, truth, each, coverage) for each in right])
    assert model.weights.min() > 0.8


@SEEDS
@pytest.mark.parametrize("constants", [1, 2])
@pytest.mark.parametrize("k", [2, 4])
def test_a_voter_that_always_says_the_same_is_no_evidence(seed, constants, k):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, 5_000)
    columns = [says(rng, truth, each, k=k) for each in (0.75, 0.7, 0.8, 0.75)]
    _, votes, without = fitted(columns, k)
    model, _, found = fitted([*columns, *[np.zeros(5_000, int)] * constants], k)
    assert accuracy(found, truth, votes.covered) > accuracy(without, truth, votes.covered) - 0.011
    for place in range(4, 4 + constants):
        assert model.faint[f"lf_{place}", (0,)] == 0.5 / constants


def test_a_voter_that_is_alone_says_the_same_on_all_it_covers_and_is_evidence():
    model, votes, found = fitted([[1] * 50 + [-1] * 50])
    assert not model.faint
    assert (found[votes.covered, 1] > 0.6).all()


@SEEDS
@pytest.mark.parametrize(("coverage", "least"), [(1.0, 0.92), (0.6, 0.85)])
def test_a_voter_that_is_mostly_wrong_is_found_out(seed, coverage, least):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, 5_000)
    columns = [says(rng, truth, right, coverage) for right in (0.2, *[0.75] * 6)]
    model, votes, found = fitted(columns)
    assert accuracy(found, truth, votes.covered) >= least
    assert model.precisions["lf_0", (0,)] < 0.35


@SEEDS
def test_a_rare_label_is_neither_lost_nor_everywhere(seed):
    rng = np.random.default_rng(seed)
    truth = (rng.random(10_000) < 0.01).astype(int)
    columns = [says(rng, truth, 0.8, 0.6) for _ in range(10)]
    model, votes, found = fitted(columns)
    two = (votes.codes > 0).sum(axis=1) >= 2
    assert model.prior[1] == pytest.approx(0.01, abs=0.01)
    top = found[two].max(axis=1)
    assert abs(top.mean() - (found.argmax(axis=1) == truth)[two].mean()) < 0.02
    assert found[truth == 1, 1].mean() > 0.3


@pytest.mark.parametrize("at_prior", [False, True])
def test_a_given_prior_inverts_nothing(at_prior):
    rng = np.random.default_rng(0)
    truth = (rng.random(10_000) < 0.01).astype(int)
    _, votes, found = fitted([says(rng, truth, 0.9) for _ in range(6)], class_prior=[0.99, 0.01], at_prior=at_prior)
    assert accuracy(found, truth, votes.covered) > 0.99
    assert found[:, 1].mean() == pytest.approx(0.01, abs=0.01)


@SEEDS
@pytest.mark.parametrize("positive", [0.02, 0.05, 0.1])
def test_with_the_class_balance_given_one_sided_voters_find_the_rare_label(seed, positive):
    rng = np.random.default_rng(seed)
    truth = (rng.random(20_000) < positive).astype(int)
    finds = [np.where(rng.random(20_000) < np.where(truth == 1, 0.4, 0.01), 1, -1) for _ in range(4)]
    rules_out = [np.where(rng.random(20_000) < np.where(truth == 0, 0.4, 0.04), 0, -1) for _ in range(2)]
    _, votes, found = fitted([*finds, *rules_out], class_prior=[1 - positive, positive])
    here = votes.covered
    said = found.argmax(axis=1)[here]
    f1 = 2 * (said & truth[here]).sum() / (said.sum() + truth[here].sum())
    assert f1 > {0.02: 0.6, 0.05: 0.75, 0.1: 0.85}[positive]


@SEEDS
def test_gold_beside_one_sided_voters_does_not_take_the_rare_label_away(seed):
    """One item in twenty is positive, and half of those that the functions vote on."""
    rng = np.random.default_rng(seed)
    truth = (rng.random(6_000) < 0.05).astype(int)
    columns = [
        np.where(rng.random(6_000) < np.where(truth == 1, 0.35, 0.35 * 0.05 * 0.6 / 0.4 / 0.95), 1, -1)
        for _ in range(3)
    ]
    votes = VoteMatrix.from_ints(np.column_stack(columns), labels=2)
    gold = np.full(6_000, -1)
    drawn = rng.choice(6_000, 100, replace=False)
    gold[drawn] = truth[drawn]
    rest = votes.covered & (gold < 0)
    f1 = []
    for known in (None, gold):
        said = LabelModel().fit(votes, known).predict_proba(votes)[rest].argmax(axis=1)
        f1.append(2 * (said & truth[rest]).sum() / (said.sum() + truth[rest].sum()))
    assert f1[1] > f1[0] - 0.05


def test_more_is_made_of_votes_than_majority_vote_makes():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 4, 5_000)
    columns = [says(rng, truth, right, 0.5, k=4) for right in (0.45, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9)]
    _, votes, found = fitted(columns, 4)
    plain = MajorityVote().fit(votes).predict_proba(votes)
    assert accuracy(found, truth, votes.covered) > accuracy(plain, truth, votes.covered) + 0.02

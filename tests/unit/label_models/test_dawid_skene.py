"""Dawid-Skene: what a person computes, what EM recovers from exact weights, and its limits."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest

from retrolabel.errors import VoteError
from retrolabel.label_models.dawid_skene import DawidSkene, FittedDawidSkene
from retrolabel.label_models.majority import MajorityVote
from retrolabel.votes import Patterns, VoteMatrix

ACCURACIES = (0.8, 0.7, 0.6)
VOTERS = ("a", "b", "c")


def known(prior=(0.6, 0.4)):
    """Return the model whose accuracies are known."""
    theta = {}
    for voter, accuracy in zip(VOTERS, ACCURACIES, strict=True):
        theta[voter, (0,)] = np.array([accuracy, 1 - accuracy])
        theta[voter, (1,)] = np.array([1 - accuracy, accuracy])
    return FittedDawidSkene(("0", "1"), VOTERS, np.array(prior), theta, 0)


def exact(times=1.0):
    """Return the eight patterns with the weights that they have in the population, prior .5."""
    rows = list(itertools.product((0, 1), repeat=3))
    given = np.array([[[acc if vote == y else 1 - acc for vote, acc in zip(row, ACCURACIES, strict=True)]
                       for y in (0, 1)] for row in rows])  # fmt: skip
    codes = np.array(rows, np.uint8) + 1
    return Patterns(codes, given.prod(axis=2).mean(axis=1) * times, ("0", "1"), ((0,), (1,)), VOTERS)


def planted(seed, *, n=1_000, m=8, k=3, accuracy=0.7, coverage=0.6):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n)
    right = rng.random((n, m)) < accuracy
    votes = np.where(right, truth[:, None], (truth[:, None] + rng.integers(1, k, right.shape)) % k)
    return VoteMatrix.from_ints(np.where(rng.random(right.shape) < coverage, votes, -1), labels=k), truth


# What a person computes


def test_three_votes_give_what_a_person_computes():
    votes = VoteMatrix.from_ints([[1, 1, 0], [-1, -1, -1]], labels=2, voters=VOTERS)
    found = known().predict_proba(votes)
    assert found[0, 1] == pytest.approx(0.0896 / 0.1112, abs=1e-12)
    assert found[1] == pytest.approx([0.6, 0.4])


def test_voters_that_abstain_say_nothing():
    votes = VoteMatrix.from_ints([[1, -1, -1]], labels=2, voters=VOTERS)
    assert known().predict_proba(votes)[0, 1] == pytest.approx(0.4 * 0.8 / (0.4 * 0.8 + 0.6 * 0.2))


@pytest.mark.parametrize(("times", "smoothing", "near"), [(1.0, 0.0, 1e-4), (1_000.0, 0.01, 1e-3), (1e6, 0.01, 1e-4)])
def test_em_on_the_exact_weights_of_the_patterns_returns_the_accuracies(times, smoothing, near):
    fitted = DawidSkene(smoothing=smoothing, pooling=0, max_iter=20_000, tol=1e-12).fit(exact(times))
    for voter, accuracy in zip(VOTERS, ACCURACIES, strict=True):
        assert fitted.theta[voter, (0,)] == pytest.approx([accuracy, 1 - accuracy], abs=near)
        assert fitted.theta[voter, (1,)] == pytest.approx([1 - accuracy, accuracy], abs=near)
    assert fitted.prior == pytest.approx([0.5, 0.5], abs=near)


def test_with_its_own_settings_counts_times_ten_thousand_come_near_the_accuracies():
    fitted = DawidSkene(max_iter=5_000, tol=1e-9).fit(exact(10_000))
    found = [fitted.theta[voter, (0,)][0] for voter in VOTERS]
    assert found == pytest.approx(ACCURACIES, abs=0.02)


def test_one_iteration_from_majority_vote_is_what_a_person_computes():
    votes = VoteMatrix.from_ints([[0, 0], [0, 1], [1, 1], [0, -1]], labels=2)
    fitted = DawidSkene(smoothing=0.0, pooling=0.0, max_iter=1).fit(votes)
    # Majority vote: 1, .5, 0 and 1 for label 0.
    assert fitted.iterations == 1
    assert fitted.prior == pytest.approx([2.5 / 4, 1.5 / 4])
    assert fitted.theta["lf_0", (0,)] == pytest.approx([1.0, 0.5 / 1.5])
    assert fitted.theta["lf_1", (0,)] == pytest.approx([1.0 / 1.5, 0.0])


# Crowds


@pytest.mark.parametrize("k", [2, 3, 6])
def test_on_crowds_it_finds_the_truth_and_the_good_workers(k):
    rng = np.random.default_rng(k)
    truth = rng.integers(0, k, 3_000)
    accuracies = np.array([0.95, 0.9, 0.6, 0.5, 0.45, 0.4])
    right = rng.random((3_000, 6)) < accuracies
    ints = np.where(right, truth[:, None], (truth[:, None] + rng.integers(1, k, right.shape)) % k)
    votes = VoteMatrix.from_ints(ints, labels=k)
    fitted = DawidSkene().fit(votes)
    assert (fitted.predict_proba(votes).argmax(axis=1) == truth).mean() > 0.93
    learned = [np.mean([fitted.theta[voter, (y,)][y] for y in range(k)]) for voter in votes.voters]
    assert learned == pytest.approx(accuracies, abs=0.05)


def test_items_without_votes_keep_the_prior_and_change_nothing():
    votes, _ = planted(0, coverage=0.3)
    more = VoteMatrix.stack([votes, VoteMatrix.from_ints(np.full((500, 8), -1), labels=3)])
    one, other = DawidSkene().fit(votes), DawidSkene().fit(more)
    found = other.predict_proba(more)
    assert found[: len(votes)] == pytest.approx(one.predict_proba(votes), abs=1e-9)
    assert found[len(votes) :] == pytest.approx(np.tile(one.prior, (500, 1)))


def test_a_vote_that_was_never_seen_says_nothing():
    fitted = DawidSkene().fit(VoteMatrix.from_ints([[0, 0], [1, 0], [0, 0], [2, -1]], labels=3))
    new = VoteMatrix.from_sets([[None, 2], [0, 2], [0, None], [None, {0, 1}]], labels=3)
    found = fitted.predict_proba(new)
    assert found[0] == pytest.approx(fitted.prior)
    assert found[1] == pytest.approx(found[2])
    assert found[3] == pytest.approx(fitted.prior)


def test_votes_for_sets_are_votes_of_their_own():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 600)
    rows = [[int(y), int(y) if rng.random() < 0.8 else 0, {0, 1} if y < 2 else 2] for y in truth]
    votes = VoteMatrix.from_sets(rows, labels=3)
    fitted = DawidSkene().fit(votes)
    assert fitted.theta["lf_2", (0, 1)] == pytest.approx([1, 1, 0], abs=0.05)
    assert (fitted.predict_proba(votes).argmax(axis=1) == truth).mean() > 0.98


# Invariance


def test_counts_are_rows_so_many_times():
    votes, _ = planted(1, n=60)
    times = np.random.default_rng(0).integers(1, 9, 60)
    repeated = VoteMatrix(np.repeat(votes.codes, times, axis=0), votes.labels, votes.symbols, votes.voters)
    counted = Patterns(votes.codes, times.astype(float), votes.labels, votes.symbols, votes.voters)
    found = [DawidSkene().fit(each).predict_proba(votes) for each in (repeated, repeated.patterns(), counted)]
    assert found[1] == pytest.approx(found[0], abs=1e-9)
    assert found[2] == pytest.approx(found[0], abs=1e-9)


def test_orders_change_nothing():
    votes, _ = planted(2)
    rng = np.random.default_rng(0)
    rows, columns = rng.permutation(len(votes)), rng.permutation(8)
    turned = VoteMatrix(
        votes.codes[rows][:, columns], votes.labels, votes.symbols, tuple(votes.voters[j] for j in columns)
    )
    expected = DawidSkene().fit(votes).predict_proba(votes)
    assert DawidSkene().fit(turned).predict_proba(turned) == pytest.approx(expected[rows], abs=1e-6)


def test_renaming_the_labels_renames_the_probabilities():
    votes, _ = planted(3)
    ints = votes.to_ints()
    renamed = VoteMatrix.from_ints(np.where(ints >= 0, (ints + 1) % 3, -1), labels=3)
    expected = DawidSkene().fit(votes).predict_proba(votes)
    assert DawidSkene().fit(renamed).predict_proba(renamed)[:, [1, 2, 0]] == pytest.approx(expected, abs=1e-6)


def test_gold_changes_nothing():
    votes, truth = planted(4)
    assert not DawidSkene().uses_gold
    found = DawidSkene().fit(votes, truth).predict_proba(votes)
    assert np.array_equal(found, DawidSkene().fit(votes).predict_proba(votes))


# Limits


@pytest.mark.parametrize("smoothing", [0.01, 0.0])
@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (4, 0), (4, 3)])
def test_where_nobody_votes_all_labels_are_alike(shape, smoothing):
    votes = VoteMatrix.from_ints(np.full(shape, -1), labels=4)
    found = DawidSkene(smoothing=smoothing).fit(votes).predict_proba(votes)
    assert found == pytest.approx(np.full((shape[0], 4), 0.25))


@pytest.mark.parametrize("smoothing", [0.01, 0.0])
def test_a_label_that_nobody_votes_for_makes_no_nan(smoothing):
    votes = VoteMatrix.from_ints([[0, 0], [1, 1], [0, 1]], labels=3)
    found = DawidSkene(smoothing=smoothing).fit(votes).predict_proba(votes)
    assert np.isfinite(found).all()
    assert found.sum(axis=1) == pytest.approx(np.ones(3))
    assert found[0].argmax() == 0
    assert found[1].argmax() == 1


def test_without_iterations_it_still_gives_distributions():
    votes, _ = planted(5)
    found = DawidSkene(max_iter=0).fit(votes).predict_proba(votes)
    assert np.isfinite(found).all()


def test_many_workers_with_few_votes_each_make_no_nan():
    rng = np.random.default_rng(0)
    ints = np.full((1_000, 1_000), -1)
    truth = rng.integers(0, 10, 1_000)
    for row in range(1_000):
        who = rng.choice(1_000, 5, replace=False)
        ints[row, who] = np.where(rng.random(5) < 0.8, truth[row], rng.integers(0, 10, 5))
    votes = VoteMatrix.from_ints(ints, labels=10)
    found = DawidSkene(max_iter=30).fit(votes).predict_proba(votes)
    assert np.isfinite(found).all()
    assert (found.argmax(axis=1) == truth).mean() > 0.6  # too few votes to learn a hundred numbers of each
    assert np.bincount(found.argmax(axis=1), minlength=10).min() > 20


@pytest.mark.parametrize(
    "setting", [{"smoothing": -1}, {"pooling": -1}, {"max_iter": -1}, {"tol": -1}, {"tol": float("nan")}], ids=str
)
def test_a_setting_out_of_its_range_is_refused(setting):
    with pytest.raises(VoteError, match="not negative"):
        DawidSkene(**setting)


def test_votes_over_other_labels_or_by_other_voters_are_refused():
    with pytest.raises(VoteError, match="the model was fitted on 0, 1"):
        known().predict_proba(VoteMatrix.from_ints([[0, 0, 0]], labels=3, voters=VOTERS))
    with pytest.raises(VoteError, match="by other voters"):
        known().predict_proba(VoteMatrix.from_ints([[0, 0]], labels=2))


def test_settings_and_parameters_are_plain_data():
    assert json.loads(json.dumps(DawidSkene().settings())) == {
        "name": "dawid_skene", "smoothing": 0.01, "pooling": 12.0, "design_effect": True,
        "max_iter": 500, "tol": 1e-6, "numerics": 3,
    }  # fmt: skip
    told = json.loads(json.dumps(known().parameters()))
    assert told["prior"] == {"0": 0.6, "1": 0.4}
    assert told["votes"][0] == {"lf": "a", "labels": ["0"], "given": {"0": 0.8, "1": pytest.approx(0.2)}}
    assert len(told["votes"]) == 6


# The crowd


def test_who_said_little_is_taken_for_one_of_the_crowd():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 400)
    ints = np.where(rng.random((400, 6)) < 0.8, truth[:, None], 1 - truth[:, None])
    newcomer = np.full((400, 1), -1)
    for label in (0, 1):  # once against everybody else, for each label
        newcomer[np.flatnonzero((ints == label).all(axis=1))[0], 0] = 1 - label
    votes = VoteMatrix.from_ints(np.column_stack([ints, newcomer]), labels=2)
    plain, pooled = (DawidSkene(pooling=pooling).fit(votes) for pooling in (0, 12))
    for label in (0, 1):
        assert plain.theta["lf_6", (label,)][label] < 0.1
        assert pooled.theta["lf_6", (label,)][label] == pytest.approx(0.8 * 12 / 13, abs=0.1)


def test_who_said_much_is_known_by_it():
    votes, _ = planted(0, n=20_000, accuracy=0.7, coverage=1.0)
    plain, pooled = (DawidSkene(pooling=pooling).fit(votes) for pooling in (0, 12))
    for vote, theta in plain.theta.items():
        assert pooled.theta[vote] == pytest.approx(theta, abs=0.01)


def test_who_always_says_the_same_says_nothing():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 400)
    ints = np.where(rng.random((400, 5)) < 0.8, truth[:, None], 1 - truth[:, None])
    always = np.ones((400, 1), int)
    fitted = DawidSkene().fit(VoteMatrix.from_ints(np.column_stack([ints, always]), labels=2))
    assert fitted.theta["lf_5", (1,)] == pytest.approx([1, 1])


# The start, and items on which all err


def test_without_an_iteration_it_answers_its_start_the_shares_of_the_votes():
    votes = VoteMatrix.from_sets([[0, 0, 1], [{0, 1}, 1, None], [None, None, None]], labels=3)
    fitted = DawidSkene(max_iter=0).fit(votes)
    assert fitted.iterations == 0
    assert fitted.predict_proba(votes) == pytest.approx(MajorityVote().fit(votes).predict_proba(votes))
    assert fitted.predict_proba(votes)[0] == pytest.approx([2 / 3, 1 / 3, 0])


def hard(seed, n=2_000, m=10):
    """Return votes on items of which half are so hard that each person is right half of the time."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n)
    right = np.where(rng.random(n) < 0.5, 0.5, 0.85)[:, None]
    return VoteMatrix.from_ints(
        np.where(rng.random((n, m)) < right, truth[:, None], 1 - truth[:, None]), labels=2
    ), truth


@pytest.mark.parametrize("seed", [0, 1])
def test_votes_on_hard_items_count_less_and_no_table_changes(seed):
    votes, truth = hard(seed)
    plain, found = DawidSkene(design_effect=False).fit(votes), DawidSkene().fit(votes)
    assert plain.error_correlation == 0 < found.error_correlation
    assert all(np.array_equal(plain.theta[vote], found.theta[vote]) for vote in plain.theta)
    losses = [
        -np.log(np.maximum(each.predict_proba(votes)[np.arange(len(truth)), truth], 1e-9)).mean()
        for each in (plain, found)
    ]
    assert losses[1] < losses[0] - 0.02


def test_votes_of_people_who_err_for_themselves_count_fully():
    votes, _ = planted(0, n=3_000, k=2)
    assert DawidSkene().fit(votes).error_correlation == pytest.approx(0, abs=0.01)

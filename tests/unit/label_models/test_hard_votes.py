"""Votes that break label models: crowds of thousands, rare labels, one-sided and constant voters, split classes."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.protocol import hard_labels
from retrolabel.votes import VoteMatrix


def planted(seed, *, n=3_000, k=2, m=10, accuracy=(0.6, 0.9), coverage=0.7, prior=None):
    """Return int votes, independent given the label, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(k, n, p=prior)
    right = rng.random((n, m)) < rng.uniform(*accuracy, m)
    votes = np.where(right, truth[:, None], (truth[:, None] + rng.integers(1, k, right.shape)) % k)
    return np.where(rng.random(right.shape) < coverage, votes, -1), truth


def one_sided(seed, *, n=4_000, k=2, m=10, recall=0.3, noise=0.03, prior=None):
    """Return votes of labeling functions that each know one label."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(k, n, p=prior)
    of = np.arange(m) % k
    fires = rng.random((n, m)) < np.where(truth[:, None] == of, recall, noise)
    return np.where(fires, of, -1), truth


def labels_of(model, ints, k, gold=None):
    votes = VoteMatrix.from_ints(ints, labels=k)
    found = model.fit(votes, gold).predict_proba(votes)
    assert np.isfinite(found).all()
    assert np.allclose(found.sum(axis=1), 1, rtol=0, atol=1e-9)
    return found, votes.covered


def accuracy(model, ints, truth, k):
    found, covered = labels_of(model, ints, k)
    return (hard_labels(found, covered) == truth)[covered].mean()


# Recovery


@pytest.mark.parametrize("k", [2, 5])
@pytest.mark.parametrize("m", [5, 50])
@pytest.mark.parametrize("seed", [0, 1])
def test_planted_voters_are_at_least_as_good_as_their_majority(k, m, seed):
    ints, truth = planted(seed, k=k, m=m)
    assert accuracy(LabelModel(), ints, truth, k) > accuracy(MajorityVote(), ints, truth, k) - 0.002


def test_five_hundred_voters_leave_hardly_a_doubt():
    ints, truth = planted(0, n=500, k=5, m=500, coverage=0.1)
    assert accuracy(LabelModel(), ints, truth, 5) > 0.99


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_voter_that_is_always_wrong_is_heard_the_other_way_round(seed):
    ints, truth = planted(seed, m=5, accuracy=(0.75, 0.85), coverage=1.0)
    ints[:, 4] = 1 - truth
    votes = VoteMatrix.from_ints(ints, labels=2)
    fitted = LabelModel().fit(votes)
    assert max(fitted.precisions["lf_4", (y,)] for y in range(2)) < 0.5
    assert accuracy(LabelModel(), ints, truth, 2) > accuracy(MajorityVote(), ints, truth, 2) + 0.05


def test_constant_voters_change_few_labels():
    ints, truth = planted(0, m=7, coverage=1.0)
    constant = np.column_stack([ints, np.zeros((len(ints), 2), int)])
    assert accuracy(LabelModel(), constant, truth, 2) > accuracy(LabelModel(), ints, truth, 2) - 0.03


# Rare labels and rare votes


@pytest.mark.parametrize("with_gold", [False, True])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_label_on_one_item_in_a_hundred_is_still_found(seed, with_gold):
    ints, truth = planted(seed, n=20_000, m=8, accuracy=(0.85, 0.95), prior=[0.99, 0.01])
    gold = np.where(np.arange(20_000) < 400, truth, -1) if with_gold else None
    found, covered = labels_of(LabelModel(), ints, 2, gold)
    said = hard_labels(found, covered)
    assert (said == truth)[truth == 0].mean() > 0.95
    assert (said == truth)[truth == 1].mean() > (0.3 if with_gold else 0.6)


@pytest.mark.parametrize("k", [2, 5])
@pytest.mark.parametrize("seed", [0, 1])
def test_where_two_votes_in_a_hundred_are_given_each_counts(k, seed):
    ints, truth = planted(seed, n=20_000, k=k, m=10, coverage=0.02)
    found, covered = labels_of(LabelModel(), ints, k)
    assert covered.mean() < 0.25
    right = (found.argmax(axis=1) == truth)[covered].mean()
    assert right > accuracy(MajorityVote(), ints, truth, k) - 0.01
    assert np.allclose(found[~covered], 1 / k)


@pytest.mark.parametrize("k", [2, 5])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_voters_that_know_one_label_each_do_not_drive_all_items_to_one(k, seed):
    ints, truth = one_sided(seed, k=k)
    found, covered = labels_of(LabelModel(), ints, k)
    said = hard_labels(found, covered)
    assert (np.bincount(said[covered & (said >= 0)], minlength=k) > 0.05 * len(ints) / k).all()
    assert (said == truth)[covered].mean() > accuracy(MajorityVote(), ints, truth, k) - 0.01


@pytest.mark.parametrize("seed", [0, 1])
def test_many_voters_for_one_label_do_not_drown_the_few_for_the_other(seed):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, 4_000)
    of = np.array([0] * 8 + [1] * 2)
    fires = rng.random((4_000, 10)) < np.where(truth[:, None] == of, 0.4, 0.05)
    found, covered = labels_of(LabelModel(), np.where(fires, of, -1), 2)
    said = hard_labels(found, covered)
    assert (said == truth)[covered].mean() > 0.82
    only_one = covered & (~fires[:, :8]).all(axis=1)
    assert (said[only_one] == 1).all()


def test_voters_that_all_vote_one_label_give_that_label_and_no_nan():
    rng = np.random.default_rng(0)
    ints = np.where(rng.random((2_000, 6)) < 0.3, 1, -1)
    found, covered = labels_of(LabelModel(), ints, 3)
    assert (found[covered].argmax(axis=1) == 1).all()
    assert np.allclose(found[~covered], 1 / 3)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_voters_that_disagree_at_random_do_not_collapse_to_one_label(seed):
    rng = np.random.default_rng(seed)
    ints = rng.integers(-1, 2, (2_000, 6))
    found, covered = labels_of(LabelModel(), ints, 2)
    share = np.bincount(found[covered].argmax(axis=1), minlength=2) / covered.sum()
    assert share.min() > 0.25


# Sizes


@pytest.mark.parametrize("with_gold", [False, True])
def test_thousands_of_voters_with_few_votes_each_over_sixty_labels(with_gold):
    rng = np.random.default_rng(0)
    n, m, k = 3_000, 2_880, 60
    truth = rng.integers(0, k, n)
    ints = np.full((n, m), -1, np.int16)
    rows, who = np.repeat(np.arange(n), 6), rng.integers(0, m, 6 * n)
    right = rng.random(6 * n) < 0.6
    ints[rows, who] = np.where(right, truth[rows], rng.integers(0, k, 6 * n))
    gold = np.where(np.arange(n) < 100, truth, -1) if with_gold else None
    found, covered = labels_of(LabelModel(max_iter=20), ints, k, gold)
    said = hard_labels(found, covered)
    assert (said == truth)[covered].mean() > 0.9
    assert np.bincount(said[said >= 0], minlength=k).min() > 10


@pytest.mark.parametrize("k", [2, 3])
def test_one_voter_alone_is_believed_more_than_not(k):
    ints, _ = planted(0, k=k, m=1, accuracy=(0.8, 0.8), coverage=0.5)
    found, covered = labels_of(LabelModel(), ints, k)
    assert (hard_labels(found, covered)[covered] == ints[covered, 0]).all()
    assert np.allclose(found[covered].max(axis=1), 0.75, atol=0.1)


def test_one_item_is_enough():
    found, _ = labels_of(LabelModel(), np.array([[1, 1, -1]]), 3)
    assert found[0].argmax() == 1


@pytest.mark.parametrize("gold", [None, np.array([0] * 5 + [1] * 5)])
def test_copies_without_end_make_no_nan(gold):
    ints = np.repeat(np.array([0] * 5 + [1] * 5)[:, None], 400, axis=1)
    found, _ = labels_of(LabelModel(), ints, 2, gold)
    assert (found.argmax(axis=1) == [0] * 5 + [1] * 5).all()


# Ordered labels


def test_votes_for_the_two_ends_of_a_scale_speak_for_its_middle():
    votes = VoteMatrix.from_ints([[0, 4], [1, 3], [0, 0]], labels=5)
    found = LabelModel(ranks=[1, 2, 3, 4, 5], max_iter=0, dependence=False).fit(votes).predict_proba(votes)
    assert np.allclose(found[:2], found[:2, ::-1])
    assert np.allclose(found[0], 0.2)
    assert found[1, 1:4].min() > found[1, 0]
    assert (np.diff(found[2]) < 0).all()


def test_on_ordered_labels_ranks_bring_the_label_nearer():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 7, 1_500)
    ints = np.clip(truth[:, None] + np.rint(rng.normal(0, 1.3, (1_500, 4))).astype(int), 0, 6)
    off = []
    for ranks in (None, range(7)):
        found, _ = labels_of(LabelModel(ranks=ranks), ints, 7)
        off.append(np.abs(found @ np.arange(7) - truth).mean())
    assert off[1] < off[0]


# Split classes


def split_class(seed, n=6_000):
    """Return votes of old voters, who know only the parent of labels 0 and 1, and of new ones, who know all three."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, n, p=[0.35, 0.25, 0.4])
    parent = np.array([0, 0, 2])[truth]
    old = np.where(rng.random((n, 3)) < 0.85, parent[:, None], 2 - parent[:, None])
    old[rng.random(old.shape) > 0.8] = -1
    new = np.where(rng.random((n, 3)) < 0.75, truth[:, None], (truth[:, None] + rng.integers(1, 3, (n, 3))) % 3)
    new[rng.random(new.shape) > 0.3] = -1
    return old, new, truth


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_votes_for_a_split_class_as_sets_beat_its_larger_child_and_no_votes(seed):
    old, new, truth = split_class(seed)
    cell = {-1: None, 0: {0, 1}, 2: 2}
    rows = [
        [*(cell[v] for v in before), *(None if v < 0 else v for v in after)]
        for before, after in zip(old.tolist(), new.tolist(), strict=True)
    ]
    matrices = {
        "sets": VoteMatrix.from_sets(rows, labels=3),
        "larger": VoteMatrix.from_ints(np.column_stack([old, new]), labels=3),
        "dropped": VoteMatrix.from_ints(np.column_stack([np.where(old == 0, -1, old), new]), labels=3),
    }
    right = {
        name: (hard_labels(LabelModel().fit(votes).predict_proba(votes), votes.covered) == truth).mean()
        for name, votes in matrices.items()
    }
    assert right["sets"] >= right["larger"] + 0.03
    assert right["sets"] >= right["dropped"] + 0.10

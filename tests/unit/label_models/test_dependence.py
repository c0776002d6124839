"""Dependence between voters: copies are found, and what the label explains is not taken for one."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.errors import VoteError
from retrolabel.label_models.dependence import LOWEST, is_a_crowd, weights
from retrolabel.label_models.features import Features
from retrolabel.label_models.ground import ground
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.votes import VoteMatrix

MANY = (0.85, 0.8, 0.8, 0.75, 0.75, 0.7, 0.7, 0.7, 0.65, 0.65, 0.6, 0.6)


def planted(seed, *, k=2, n=5_000, accuracies=(0.85, 0.75, 0.7, 0.65, 0.6), coverage=0.8, prior=None):
    """Return int votes that are independent given the label, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(k, n, p=prior)
    right = rng.random((n, len(accuracies))) < accuracies
    votes = np.where(right, truth[:, None], (truth[:, None] + rng.integers(1, k, right.shape)) % k)
    return np.where(rng.random(right.shape) < coverage, votes, -1), truth


def found_in(ints, k):
    return compared(ints, k).shared


def compared(ints, k, prior=None):
    """Return what a comparison of the voters says."""
    patterns = VoteMatrix.from_ints(ints, labels=k).patterns()
    here, m = patterns.covered, len(patterns.voters)
    found = ground(
        Features.of(patterns.codes[here]),
        patterns.counts[here],
        patterns.membership,
        np.full(k, 1 / k) if prior is None else np.asarray(prior),
        told=prior is not None,
        base=np.full(m, 0.75),
        raised=np.ones(m, bool),
        ranks=None,
        at_prior=False,
    )
    return found.compared


@pytest.mark.parametrize("k", [2, 3, 5])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_what_the_label_explains_is_no_dependence(k, seed):
    ints, _ = planted(seed, k=k)
    assert found_in(ints, k).tolist() == np.zeros((5, 5)).tolist()


@pytest.mark.parametrize("prior", [[0.9, 0.1], [0.97, 0.03], [0.8, 0.1, 0.1]], ids=str)
@pytest.mark.parametrize("seed", [0, 1])
def test_rare_labels_make_no_dependence(prior, seed):
    ints, _ = planted(seed, k=len(prior), prior=prior)
    assert (weights(found_in(ints, len(prior))) == 1).all()


@pytest.mark.parametrize("coverage", [0.1, 0.3])
def test_voters_that_vote_seldom_are_independent_too(coverage):
    ints, _ = planted(3, k=3, n=20_000, coverage=coverage)
    assert (weights(found_in(ints, 3)) == 1).all()


@pytest.mark.parametrize("k", [2, 3, 5])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_two_exact_copies_among_many_count_about_half_each_and_the_others_fully(k, seed):
    ints, _ = planted(seed, k=k, accuracies=MANY)
    weight = weights(found_in(np.column_stack([ints, ints[:, 8]]), k))
    assert weight[[8, 12]] == pytest.approx([0.5, 0.5], abs=0.12)
    assert np.delete(weight, [8, 12]).tolist() == [1.0] * 11


@pytest.mark.parametrize("k", [2, 3, 5])
def test_two_exact_copies_among_few_count_about_half_each_and_the_others_fully(k):
    ints, _ = planted(0, k=k)
    weight = weights(found_in(np.column_stack([ints, ints[:, 2]]), k))
    assert weight[[2, 5]] == pytest.approx([0.5, 0.5], abs=0.12)
    assert weight[[0, 1, 3, 4]].tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("k", [2, 3])
def test_two_exact_copies_of_a_good_voter_count_about_half_each_too(k):
    ints, _ = planted(0, k=k, accuracies=(0.92, *MANY))
    weight = weights(found_in(np.column_stack([ints, ints[:, 0]]), k))
    assert weight[[0, 13]] == pytest.approx([0.5, 0.5], abs=0.12)


def test_two_pairs_of_copies_are_told_apart():
    ints, _ = planted(0, accuracies=(0.85, 0.8, 0.75, 0.7, 0.65, 0.6))
    found = found_in(np.column_stack([ints, ints[:, [1, 4]]]), 2)
    pairs = {(int(i), int(j)) for i, j in zip(*np.nonzero(np.triu(found)), strict=True)}
    assert pairs == {(1, 6), (4, 7)}


def test_three_copies_among_many_count_about_a_third_each():
    ints, _ = planted(0, accuracies=MANY)
    weight = weights(found_in(np.column_stack([ints, ints[:, 8], ints[:, 8]]), 2))
    assert weight[[8, 12, 13]] == pytest.approx([1 / 3] * 3, abs=0.08)
    assert np.delete(weight, [8, 12, 13]).tolist() == [1.0] * 11


def test_a_copy_with_errors_of_its_own_counts_between_half_and_one():
    ints, _ = planted(0, accuracies=MANY)
    rng = np.random.default_rng(9)
    near = np.where(rng.random(len(ints)) < 0.3, rng.integers(-1, 2, len(ints)), ints[:, 8])
    weight = weights(found_in(np.column_stack([ints, near]), 2))
    assert 0.5 < weight[8] < 0.8
    assert 0.5 < weight[12] < 0.8


def test_voters_that_vote_for_one_label_each_are_copies_where_they_are():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 5_000)
    columns = [
        np.where((truth == place % 2) & (rng.random(5_000) < 0.5) | (rng.random(5_000) < 0.05), place % 2, -1)
        for place in range(6)
    ]
    found = found_in(np.column_stack([*columns, columns[0]]), 2)
    pairs = {(int(i), int(j)) for i, j in zip(*np.nonzero(np.triu(found)), strict=True)}
    assert pairs == {(0, 6)}


def test_dependence_is_symmetric_never_negative_and_not_of_a_voter_with_itself():
    ints, _ = planted(0, k=3)
    found = found_in(np.column_stack([ints, ints[:, :2]]), 3)
    assert np.array_equal(found, found.T)
    assert np.diag(found).tolist() == [0.0] * 7
    assert ((found == 0) | (found > LOWEST)).all()


def test_few_items_prove_no_dependence():
    ints = np.array([[0, 0], [1, 1], [0, 0], [1, 1]])
    assert not found_in(ints, 2).any()


def test_the_same_votes_give_the_same_dependence_to_the_bit():
    ints, _ = planted(0, k=3)
    doubled = np.column_stack([ints, ints[:, 1]])
    assert np.array_equal(found_in(doubled, 3), found_in(doubled, 3))
    assert np.array_equal(found_in(doubled[::-1], 3), found_in(doubled, 3))


@pytest.mark.parametrize("k", [2, 3, 5])
def test_the_order_of_the_voters_does_not_change_who_depends_on_whom(k):
    ints, _ = planted(4, k=k)
    doubled = np.column_stack([ints, ints[:, 1]])
    order = np.random.default_rng(0).permutation(6)
    one, other = found_in(doubled, k), found_in(doubled[:, order], k)
    assert other == pytest.approx(one[np.ix_(order, order)], abs=1e-6)


@pytest.mark.parametrize("order", [[0, 2, 1, 3], [3, 2, 1, 0], [2, 3, 0, 1], [1, 2, 3, 0]], ids=str)
def test_two_pairs_that_are_alike_in_all_are_weighed_alike_in_any_order(order):
    ints = np.repeat([[0, 0, 0, 0], [0, 0, 1, 1], [1, 1, 0, 0], [1, 1, 1, 1]], 100, axis=0)
    one, other = weights(found_in(ints, 2)), weights(found_in(ints[:, order], 2))
    assert one == pytest.approx(np.full(4, one[0]))
    assert other == pytest.approx(one[order])


@pytest.mark.parametrize("order", [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]], ids=str)
def test_of_few_patterns_too_the_order_of_the_voters_changes_no_weight(order):
    ints = np.repeat([[-1, -1, 0], [0, -1, -1], [0, 0, 0], [0, 1, 1]], [120, 10, 120, 10], axis=0)
    one, other = weights(found_in(ints, 2)), weights(found_in(ints[:, order], 2))
    assert other == pytest.approx(one[order], abs=1e-4)


def test_renaming_the_labels_does_not_change_who_depends_on_whom():
    ints, _ = planted(5, k=3)
    doubled = np.column_stack([ints, ints[:, 1]])
    renamed = np.where(doubled >= 0, (doubled + 1) % 3, -1)
    assert found_in(renamed, 3) == pytest.approx(found_in(doubled, 3), abs=1e-6)


def test_counts_are_rows_so_many_times():
    ints, _ = planted(0, n=400)
    doubled = np.column_stack([ints, ints[:, 1]])
    assert found_in(np.repeat(doubled, 7, axis=0), 2)[1, 5] == pytest.approx(found_in(doubled, 2)[1, 5], abs=1e-3)


@pytest.mark.parametrize("width", [0, 1, 2])
def test_hardly_any_voters_depend_on_nobody_or_are_seen_as_one(width):
    found = found_in(np.zeros((50, width), int), 2)
    assert found.shape == (width, width)
    assert np.isfinite(found).all()


def test_constant_voters_are_finite():
    ints, _ = planted(0)
    ints[:, 0] = 1
    ints[:, 1] = 1
    weight = weights(found_in(ints, 2))
    assert np.isfinite(weight).all()
    assert ((weight > 0) & (weight <= 1)).all()


def test_weights_are_one_over_what_is_shared():
    found = np.array([[0, 1, 0.5], [1, 0, 0], [0.5, 0, 0]])
    assert weights(found) == pytest.approx([1 / 2.5, 1 / 2, 1 / 1.5])
    assert weights(np.zeros((0, 0))).tolist() == []


# In the label model


def test_the_label_model_names_the_copies_and_weighs_them():
    ints, _ = planted(0, k=3, accuracies=MANY)
    votes = VoteMatrix.from_ints(np.column_stack([ints, ints[:, 8]]), labels=3, voters=list("abcdefghijklm"))
    fitted = LabelModel().fit(votes)
    assert list(fitted.shared) == [("i", "m")]
    assert fitted.weights[[8, 12]] == pytest.approx([0.5, 0.5], abs=0.12)
    told = fitted.parameters()
    assert (told["weights"]["a"], told["weights"]["i"]) == (1, fitted.weights[8])
    assert told["shared"] == [{"lfs": ["i", "m"], "share": fitted.shared["i", "m"]}]


def test_without_dependence_every_voter_counts_fully():
    ints, _ = planted(0)
    fitted = LabelModel(dependence=False).fit(VoteMatrix.from_ints(np.column_stack([ints, ints]), labels=2))
    assert (fitted.weights == 1).all()
    assert not fitted.shared


def test_given_weights_are_taken_by_name_as_they_are():
    votes = VoteMatrix.from_ints([[0, 0], [1, 0]], labels=2, voters=["a", "b"])
    fitted = LabelModel(dependence={"b": 0.25, "a": 1}).fit(votes)
    assert fitted.weights.tolist() == [1, 0.25]


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan")])
def test_weights_outside_their_range_are_refused(weight):
    with pytest.raises(VoteError, match="dependence weights lie from 0 to 1"):
        LabelModel(dependence={"lf_0": weight})


@pytest.mark.parametrize("given", [{}, {"lf_0": 1}, {"lf_0": 1, "lf_1": 1, "lf_2": 1}], ids=str)
def test_weights_of_other_voters_are_refused(given):
    with pytest.raises(VoteError, match="dependence weights and voters differ"):
        LabelModel(dependence=given).fit(VoteMatrix.from_ints([[0, 0]], labels=2))


def test_four_copies_of_a_poor_voter_do_not_outvote_the_good_ones():
    accuracies = (0.9, 0.85, 0.85, 0.8, 0.6)
    ints, truth = planted(1, accuracies=accuracies, coverage=1.0)
    votes = VoteMatrix.from_ints(np.column_stack([ints, *[ints[:, 4]] * 3]), labels=2)
    right = [
        (model.fit(votes).predict_proba(votes).argmax(axis=1) == truth).mean()
        for model in (MajorityVote(), LabelModel())
    ]
    assert right[1] > right[0] + 0.05


def test_too_many_votes_to_compare_are_not_compared():
    rng = np.random.default_rng(0)
    ints = np.where(rng.random((300, 800)) < 0.05, rng.integers(0, 2, (300, 800)), -1)
    ints[:, 1] = ints[:, 0]
    fitted = LabelModel(max_iter=1).fit(VoteMatrix.from_ints(ints, labels=2))
    assert (fitted.weights == 1).all()


@pytest.mark.parametrize(("sets", "crowd"), [(1, False), (2, True)])
def test_voters_on_few_items_are_a_crowd_only_where_each_gives_several_labels(sets, crowd):
    ints = np.full((200, 6), -1)
    for voter in range(6):
        ints[voter * 10 : voter * 10 + 10, voter] = np.arange(10) % sets
    patterns = VoteMatrix.from_ints(ints, labels=2).patterns()
    assert is_a_crowd(Features.of(patterns.codes), patterns.counts) is crowd

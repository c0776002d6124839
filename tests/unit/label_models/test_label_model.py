"""The default label model: its prior centre, one iteration by hand, its settings, and what it refuses."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from retrolabel.errors import VoteError
from retrolabel.label_models.label_model import LabelModel
from retrolabel.votes import Patterns, VoteMatrix


def at_the_centre(row, labels, **settings):
    """Return the probabilities of one item before anything is learned."""
    votes = VoteMatrix.from_sets([row], labels=labels)
    return LabelModel(max_iter=0, **{"dependence": False, **settings}).fit(votes).predict_proba(votes)[0].tolist()


# The prior centre


@pytest.mark.parametrize(
    ("row", "first"), [([0], 0.75), ([1], 0.25), ([0, 0], 0.9), ([0, 1], 0.5), ([0, 0, 1], 0.75), ([None, None], 0.5)]
)
def test_before_learning_two_labels_get_what_the_base_precision_says(row, first):
    assert at_the_centre(row, 2) == pytest.approx([first, 1 - first], abs=1e-12)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ([0], [6 / 8, 1 / 8, 1 / 8]),
        ([0, 0], [36 / 38, 1 / 38, 1 / 38]),
        ([0, 1], [6 / 13, 6 / 13, 1 / 13]),
        ([0, 0, 1], [36 / 43, 6 / 43, 1 / 43]),
        ([{0, 1}], [6 / 13, 6 / 13, 1 / 13]),
        ([{0, 1}, 0], [36 / 43, 6 / 43, 1 / 43]),
        ([{0, 1}, 2], [1 / 3, 1 / 3, 1 / 3]),
        ([{0, 1, 2}, 2], [1 / 8, 1 / 8, 6 / 8]),
        ([None], [1 / 3, 1 / 3, 1 / 3]),
    ],
)
def test_before_learning_three_labels_get_what_the_base_precision_says(row, expected):
    assert at_the_centre(row, 3) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("precision", [0.6, 0.9, 0.99])
@pytest.mark.parametrize("k", [2, 3, 7])
def test_one_vote_alone_is_right_with_the_base_precision(precision, k):
    found = at_the_centre([1], k, base_precision=precision)
    assert found[1] == pytest.approx(precision, abs=1e-12)
    assert found[0] == pytest.approx((1 - precision) / (k - 1), abs=1e-12)


def test_two_voters_that_count_half_are_one():
    assert at_the_centre([0, 0], 2, dependence={"lf_0": 0.5, "lf_1": 0.5}) == pytest.approx([0.75, 0.25], abs=1e-12)


def test_a_voter_that_counts_nothing_says_nothing():
    assert at_the_centre([0, 1], 2, dependence={"lf_0": 1, "lf_1": 0}) == pytest.approx([0.75, 0.25], abs=1e-12)


# One iteration by hand


def test_one_iteration_of_fitting_is_what_a_person_computes():
    # The strength is 5 + 8 / 2 = 9; the start and the centre are those of test_em.py.
    votes = VoteMatrix.from_ints([[0]] * 6 + [[1]] * 2 + [[-1]] * 12, labels=2)
    fitted = LabelModel(max_iter=1, tol=0).fit(votes)
    assert (fitted.iterations, fitted.items) == (1, 8.0)
    of_0, of_1 = fitted.theta["lf_0", (0,)], fitted.theta["lf_0", (1,)]
    assert of_0 == pytest.approx([(4.5 + 9 * 0.882) / (5 + 9), (1.5 + 9 * 0.375) / (3 + 9)], abs=1e-12)
    assert of_1 == pytest.approx([(0.5 + 9 * 0.098) / (5 + 9), (1.5 + 9 * 0.375) / (3 + 9)], abs=1e-12)


def test_shrinkage_is_the_strength_per_item_and_label():
    votes = VoteMatrix.from_ints([[0]] * 6 + [[1]] * 2, labels=2)
    fitted = LabelModel(max_iter=1, tol=0, shrinkage=0.5).fit(votes)  # 5 + 0.5 * 8 / 2 = 7
    assert fitted.theta["lf_0", (0,)][0] == pytest.approx((4.5 + 7 * 0.882) / (5 + 7), abs=1e-12)


def test_an_item_without_votes_keeps_the_prior():
    votes = VoteMatrix.from_ints([[0, 0], [0, -1], [1, 1], [-1, -1]], labels=2)
    assert LabelModel().fit(votes).predict_proba(votes)[3].tolist() == [0.5, 0.5]
    assert LabelModel(class_prior=[0.9, 0.1]).fit(votes).predict_proba(votes)[3] == pytest.approx([0.9, 0.1])


def test_a_voter_that_others_contradict_is_trusted_less():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 1_000)
    wrong = rng.random((1_000, 4)) < (0.15, 0.15, 0.15, 0.85)
    fitted = LabelModel().fit(VoteMatrix.from_ints(np.where(wrong, 1 - truth[:, None], truth[:, None]), labels=2))
    assert fitted.converged
    assert fitted.precisions["lf_0", (0,)] > 0.75
    assert fitted.precisions["lf_3", (0,)] < 0.55
    assert fitted.precisions["lf_0", (1,)] > 0.7


def test_fitting_stops_when_it_is_told_to_and_says_whether_it_had_come_to_rest():
    votes = VoteMatrix.from_ints([[0, 0, 1], [0, 1, 1], [0, 0, 0], [1, 1, -1]] * 50, labels=2)
    short, long = LabelModel(max_iter=2).fit(votes), LabelModel(max_iter=100).fit(votes)
    assert (short.iterations, short.converged) == (2, False)
    assert long.iterations < 100
    assert long.converged
    assert LabelModel(max_iter=0).fit(votes).iterations == 0
    assert LabelModel(tol=1.0).fit(votes).iterations == 1


def test_without_a_single_vote_nothing_is_learned_and_the_model_is_at_rest():
    votes = VoteMatrix.from_ints([[-1, -1]] * 3, labels=3)
    fitted = LabelModel(tol=0, max_iter=3).fit(votes)
    assert (fitted.theta, fitted.items, fitted.converged) == ({}, 0.0, True)
    assert fitted.predict_proba(votes) == pytest.approx(np.full((3, 3), 1 / 3))


# Settings


@pytest.mark.parametrize(
    "setting",
    [
        {"base_precision": 0.0},
        {"base_precision": 1.0},
        {"base_precision": -0.5},
        {"base_precision": float("nan")},
        {"shrinkage": -0.1},
        {"shrinkage": float("nan")},
        {"shrinkage": float("inf")},
        {"max_iter": -1},
        {"tol": -1e-9},
        {"tol": float("nan")},
    ],
    ids=str,
)
def test_a_setting_out_of_its_range_is_refused(setting):
    with pytest.raises(VoteError):
        LabelModel(**setting)


@pytest.mark.parametrize(
    "prior", [[0.5, 0.4], [1.0, 0.0], [1.5, -0.5], [], [float("nan"), 0.5], [float("inf"), 0.5]], ids=str
)
def test_a_class_prior_that_is_no_distribution_is_refused(prior):
    with pytest.raises(VoteError, match="class_prior"):
        LabelModel(class_prior=prior)


def test_a_class_prior_of_another_length_is_refused():
    with pytest.raises(VoteError, match="class_prior has 2 entries, there are 3 labels"):
        LabelModel(class_prior=[0.5, 0.5]).fit(VoteMatrix.from_ints([[0]], labels=3))


@pytest.mark.parametrize(("precision", "k"), [(0.5, 2), (0.3, 3), (0.25, 4)])
def test_a_base_precision_that_is_not_above_chance_is_refused(precision, k):
    with pytest.raises(VoteError, match="not above chance"):
        LabelModel(base_precision=precision).fit(VoteMatrix.from_ints([[0]], labels=k))


def test_settings_are_plain_data_and_tell_models_apart():
    given = LabelModel(class_prior=np.array([0.25, 0.75]), shrinkage=2)
    assert json.loads(json.dumps(given.settings())) == {
        "name": "label_model",
        "base_precision": 0.75,
        "shrinkage": 2,
        "class_prior": [0.25, 0.75],
        "dependence": True,
        "ranks": None,
        "max_iter": 100,
        "tol": 1e-5,
        "seed": 0,
        "numerics": 4,
    }
    assert LabelModel().settings()["class_prior"] is None
    assert given.settings() != LabelModel(shrinkage=2).settings()


def test_a_given_class_prior_is_used_as_it_is():
    votes = VoteMatrix.from_ints([[0], [1], [-1]], labels=2)
    fitted = LabelModel(class_prior=(0.9, 0.1), max_iter=0).fit(votes)
    assert fitted.prior.tolist() == [0.9, 0.1]
    # Odds 9 from the prior, 3 and 1/3 from the vote.
    assert fitted.predict_proba(votes)[:, 0] == pytest.approx([27 / 28, 3 / 4, 0.9], abs=1e-12)


# What was fitted


@pytest.fixture(scope="module")
def votes():
    return VoteMatrix.from_sets(
        [[0, {0, 1}, None], [1, {1, 2}, 1], [2, 2, None], [0, 0, 1], [None, None, None]] * 4,
        labels=["a", "b", "c"],
        voters=["x", "y", "z"],
    )


@pytest.fixture(scope="module")
def fitted(votes):
    return LabelModel().fit(votes)


@pytest.mark.parametrize("attribute", ["prior", "theta", "labels", "base_precision"])
def test_a_fitted_model_is_frozen(fitted, attribute):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(fitted, attribute, None)


def test_settings_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        LabelModel().tol = 1.0


def test_predicting_changes_neither_the_model_nor_the_votes(votes, fitted):
    codes, parameters = votes.codes.copy(), json.dumps(fitted.parameters())
    first = fitted.predict_proba(votes)
    first[:] = 0
    again = fitted.predict_proba(votes)
    assert again.sum(axis=1) == pytest.approx(np.ones(20))
    assert np.array_equal(votes.codes, codes)
    assert json.dumps(fitted.parameters()) == parameters


def test_what_a_caller_does_to_the_class_prior_does_not_reach_the_model(votes):
    given = np.array([0.2, 0.3, 0.5])
    fitted = LabelModel(class_prior=given).fit(votes)
    given[:] = 1 / 3
    assert fitted.prior.tolist() == [0.2, 0.3, 0.5]


def test_votes_over_other_labels_are_refused(fitted):
    other = VoteMatrix.from_ints([[0, 0, 0]], labels=["a", "b", "d"], voters=["x", "y", "z"])
    with pytest.raises(VoteError, match="over a, b, d; the model was fitted on a, b, c"):
        fitted.predict_proba(other)


@pytest.mark.parametrize(
    ("voters", "told"),
    [(["x", "y", "w"], "w, z"), (["x", "y"], "z"), (["x", "y", "z", "w"], "w"), (["x", "z", "y"], "their order")],
)
def test_votes_by_other_voters_are_refused(fitted, voters, told):
    other = VoteMatrix.from_ints([[0] * len(voters)], labels=["a", "b", "c"], voters=voters)
    with pytest.raises(VoteError, match=f"fitted on: {told}"):
        fitted.predict_proba(other)
    with pytest.raises(VoteError, match=f"fitted on: {told}"):
        fitted.predict_proba(other.patterns())


def test_a_vote_that_was_never_seen_in_fitting_counts_with_the_base_precision():
    fitted = LabelModel().fit(VoteMatrix.from_ints([[0, 0], [1, -1], [0, 0]], labels=3))
    new = VoteMatrix.from_sets([[None, 2], [None, {1, 2}]], labels=3)
    assert ("lf_1", (2,)) not in fitted.theta
    found = fitted.predict_proba(new) / fitted.prior
    assert found[0] / found[0].sum() == pytest.approx([1 / 8, 1 / 8, 6 / 8], abs=1e-12)
    assert found[1] / found[1].sum() == pytest.approx([1 / 13, 6 / 13, 6 / 13], abs=1e-12)


def test_a_pattern_that_no_item_shows_teaches_nothing():
    codes = np.array([[1], [2]], np.uint8)
    shown = Patterns(codes[:1], np.array([40.0]), ("a", "b"), ((0,), (1,)), ("x",))
    both = Patterns(codes, np.array([40.0, 0.0]), ("a", "b"), ((0,), (1,)), ("x",))
    without, with_it = LabelModel().fit(shown), LabelModel().fit(both)
    assert with_it.predict_proba(both) == pytest.approx(without.predict_proba(both), abs=1e-12)


def test_sets_are_known_by_their_labels_not_by_their_codes():
    few = VoteMatrix.from_sets([[{0, 2}, 0], [1, 0], [{0, 2}, 2]], labels=3)
    more = VoteMatrix.from_sets([[{0, 1}, None], [{0, 2}, 0]], labels=3)
    assert few.codes[0, 0] != more.codes[1, 0]
    fitted = LabelModel().fit(few)
    assert fitted.predict_proba(more)[1] == pytest.approx(fitted.predict_proba(few)[0], abs=1e-12)


def test_parameters_are_plain_data_and_list_the_precision_of_every_vote(votes, fitted):
    told = json.loads(json.dumps(fitted.parameters()))
    assert told["prior"] == pytest.approx(dict(zip("abc", fitted.prior, strict=True)))
    assert told["unvoted"] == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})
    assert (told["iterations"], told["converged"], told["items"]) == (fitted.iterations, True, 16.0)
    listed = {(vote["lf"], tuple(vote["labels"])): vote for vote in told["votes"]}
    assert set(listed) == {
        ("x", ("a",)), ("x", ("b",)), ("x", ("c",)),
        ("y", ("a",)), ("y", ("c",)), ("y", ("a", "b")), ("y", ("b", "c")),
        ("z", ("b",)),
    }  # fmt: skip
    only_x = VoteMatrix.from_ints([[0, -1, -1]], labels=["a", "b", "c"], voters=["x", "y", "z"])
    alone = fitted.predict_proba(only_x)[0]
    assert listed["x", ("a",)]["precision"] == pytest.approx(alone[0])
    assert list(listed["x", ("a",)]["given"]) == ["a", "b", "c"]
    assert listed["x", ("a",)]["given"]["a"] == pytest.approx(fitted.theta["x", (0,)][0])


def test_the_precision_of_a_set_is_that_of_holding_the_label(fitted):
    only_y = VoteMatrix.from_sets([[None, {0, 1}, None]], labels=["a", "b", "c"], voters=["x", "y", "z"])
    alone = fitted.predict_proba(only_y)[0]
    assert fitted.precisions["y", (0, 1)] == pytest.approx(alone[0] + alone[1])


ASK = """
import numpy as np
from retrolabel import LabelModel, VoteMatrix
rng = np.random.default_rng(0)
truth = rng.integers(0, 3, 4_000)
voted = rng.random((4_000, 40)) < 0.3
ints = np.where(voted, np.where(rng.random(voted.shape) < 0.7, truth[:, None], rng.integers(0, 3, voted.shape)), -1)
ints[:, 1] = ints[:, 0]
votes = VoteMatrix.from_ints(ints, labels=3)
fitted = LabelModel().fit(votes, np.where(np.arange(4_000) < 100, truth, -1))
print(fitted.predict_proba(votes).tobytes().hex())
"""


@pytest.mark.slow
def test_the_number_of_threads_changes_no_bit():
    found = set()
    for threads in ("1", "2"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = os.environ | dict.fromkeys(names, threads)
        done = subprocess.run(
            [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True, timeout=120
        )
        found.add(done.stdout)
    assert len(found) == 1

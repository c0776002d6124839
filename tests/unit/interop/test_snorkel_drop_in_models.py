"""The models of the drop-in for Snorkel: its label model and its baselines, and the faults that they do not share."""

from __future__ import annotations

import inspect
import pickle
import random

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

import retrolabel
from retrolabel.errors import InputError, SettingsError, VoteError
from retrolabel.interop.snorkel import (
    IgnoredSettingWarning,
    LabelMatrixError,
    LabelModel,
    MajorityClassVoter,
    MajorityLabelVoter,
    NotFittedError,
    RandomVoter,
    SettingError,
)
from retrolabel.votes import VoteMatrix
from tests.laws import law

TIED = np.array([[0, 1, -1], [1, -1, 0], [-1, -1, -1], [0, 0, -1]])


def simulated(items=2000, precisions=(0.9, 0.8, 0.7, 0.6), labels=2, seed=0):
    draws = np.random.default_rng(seed)
    gold = draws.integers(0, labels, items)
    votes = np.empty((items, len(precisions)), np.int64)
    for column, precision in enumerate(precisions):
        wrong = (gold + draws.integers(1, labels, items)) % labels
        votes[:, column] = np.where(draws.random(items) < precision, gold, wrong)
        votes[draws.random(items) < 0.4, column] = -1
    return votes, gold


VOTES, GOLD = simulated()


@pytest.fixture(scope="module")
def model():
    fitted = LabelModel(cardinality=2, verbose=False)
    fitted.fit(VOTES)
    return fitted


# The label model


def test_the_probabilities_are_those_of_retrolabels_label_model(model):
    votes = VoteMatrix.from_ints(VOTES, labels=2)
    ours = retrolabel.LabelModel().fit(votes).predict_proba(votes)
    np.testing.assert_array_equal(model.predict_proba(VOTES), ours)
    assert model.fitted.voters == votes.voters


def test_predictions_have_snorkels_shapes(model):
    places, probabilities = model.predict(VOTES, return_probs=True)
    assert places.dtype == np.int64
    assert places.shape == (2000,)
    assert probabilities.shape == (2000, 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert model.fit(VOTES) is None
    assert set(model.score(VOTES, GOLD)) == {"accuracy"}
    assert model.score(VOTES, GOLD)["accuracy"] > 0.8


def test_signatures_begin_as_snorkels_do():
    snorkels = pytest.importorskip("snorkel.labeling.model")
    for name in ("fit", "predict", "predict_proba", "score", "get_weights", "get_conditional_probs", "save", "load"):
        ours, theirs = (
            list(inspect.signature(getattr(kind, name)).parameters) for kind in (LabelModel, snorkels.LabelModel)
        )
        assert [word for word in ours if word != "settings"] == [word for word in theirs if word != "kwargs"]


def test_the_conditional_probabilities_are_a_distribution_for_each_label(model):
    tables = model.get_conditional_probs()
    assert tables.shape == (4, 3, 2)
    assert tables.min() >= 0
    np.testing.assert_allclose(tables.sum(axis=1), 1)
    silent = (VOTES == -1).mean(axis=0)
    np.testing.assert_allclose(tables[:, 0, :].mean(axis=1), silent, atol=0.02)


def test_the_conditional_probabilities_come_near_the_truth_where_there_are_enough_functions():
    votes, gold = simulated(10_000, (0.9, 0.85, 0.8, 0.8, 0.75, 0.75, 0.7, 0.7, 0.65, 0.6))
    model = LabelModel()
    model.fit(votes)
    truth = np.array(
        [[[np.mean(column[gold == y] == vote) for y in (0, 1)] for vote in (-1, 0, 1)] for column in votes.T]
    )
    assert np.abs(model.get_conditional_probs() - truth).mean() < 0.02


def test_weights_put_the_labeling_functions_in_their_order(model):
    weights = model.get_weights()
    assert weights.shape == (4,)
    assert (np.diff(weights) < 0).all()
    assert ((weights > 0.5) & (weights < 1)).all()


def test_a_function_that_never_votes_has_the_weight_of_all_beforehand():
    model = LabelModel()
    model.fit(np.column_stack([VOTES, np.full(len(VOTES), -1)]))
    assert model.get_weights()[4] == model.fitted.base_precision


def test_a_function_that_says_one_thing_is_judged_on_the_items_where_it_says_so():
    model = LabelModel(cardinality=3)
    model.fit([[0, 0, 0]] * 3)
    assert (model.get_weights() > 0.8).all()


@pytest.mark.parametrize("votes", [np.zeros((0, 3), int), np.full((5, 3), -1), np.zeros((4, 0), int), [[0]]])
def test_a_fit_on_next_to_nothing_still_answers(votes):
    model = LabelModel(cardinality=3)
    model.fit(votes)
    width = np.shape(votes)[1]
    assert model.get_weights().shape == (width,)
    np.testing.assert_allclose(model.get_conditional_probs().sum(axis=1), np.ones((width, 3)))
    np.testing.assert_allclose(model.predict_proba(votes).sum(axis=1), 1)


def test_one_or_two_labeling_functions_are_enough():
    for width in (1, 2):
        model = LabelModel()
        model.fit(VOTES[:, :width])
        assert model.predict(VOTES[:, :width]).max() == 1


def test_votes_that_always_disagree_are_all_tied():
    votes = np.array([[-1, 1, 0], [0, -1, 1], [1, 0, -1]])
    model = LabelModel()
    model.fit(votes)
    assert model.predict(votes).tolist() == [-1, -1, -1]


def test_an_item_without_votes_gets_no_label_and_the_class_balance_under_every_policy():
    model = LabelModel()
    model.fit(VOTES, class_balance=[0.9, 0.1])
    silent = np.full((2, 4), -1)
    np.testing.assert_allclose(model.predict_proba(silent), [[0.9, 0.1]] * 2)
    for policy in ("abstain", "random", "true-random"):
        assert model.predict(silent, tie_break_policy=policy).tolist() == [-1, -1]


def test_the_class_balance_moves_the_prior_and_gold_of_other_items_gives_one():
    given_, from_gold, uniform = LabelModel(), LabelModel(), LabelModel()
    given_.fit(VOTES, class_balance=[0.75, 0.25])
    from_gold.fit(VOTES, Y_dev=[0, 0, 1, -1, 0])
    uniform.fit(VOTES)
    np.testing.assert_array_equal(given_.predict_proba(VOTES), from_gold.predict_proba(VOTES))
    assert (given_.predict_proba(VOTES)[:, 0] >= uniform.predict_proba(VOTES)[:, 0]).all()


def test_a_class_balance_that_is_given_goes_before_gold():
    both, one = LabelModel(), LabelModel()
    both.fit(VOTES, Y_dev=np.array([0, 1]), class_balance=np.array([0.7, 0.3]))
    one.fit(VOTES, class_balance=[0.7, 0.3])
    np.testing.assert_array_equal(both.predict_proba(VOTES), one.predict_proba(VOTES))


def test_a_class_balance_rounded_by_hand_will_do():
    model = LabelModel(cardinality=3)
    model.fit(VOTES, class_balance=[0.333, 0.333, 0.333])
    assert model.fitted.prior.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("balance", "said"),
    [
        ({"class_balance": [0.0, 1.0]}, "class balance is 0 for the label\\(s\\) 0"),
        ({"class_balance": [1.0]}, "class_balance has 1 entries"),
        ({"class_balance": [7, 3]}, "do not sum to 1"),
        ({"class_balance": [1.2, -0.2]}, "do not sum to 1"),
        ({"Y_dev": [0, 0, 0]}, "Y_dev: the class balance is 0"),
        ({"Y_dev": [0, 1, 2]}, "Y_dev has cardinality 3"),
        ({"Y_dev": [0, 0.9]}, "row 1, column 0: 0.9"),
    ],
)
def test_a_class_balance_that_is_none_is_refused(balance, said):
    for kind in (LabelMatrixError, ValueError, VoteError):
        with pytest.raises(kind, match=said):
            LabelModel().fit(VOTES, **balance)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (7, "row 1, column 2: 7 lies outside -1 to 1"),
        (-2, "row 1, column 2: -2 lies outside"),
        (0.9, "row 1, column 2: 0.9 is no whole number"),
        (None, "row 1, column 2: None is no whole number"),
        (np.nan, "row 1, column 2: nan is no whole number"),
    ],
)
def test_a_cell_that_is_no_label_is_refused_with_its_place(model, cell, said):
    votes = [[0, 1, 0, 1], [0, 1, cell, 1]]
    calls = (LabelModel().fit, model.predict, model.predict_proba, lambda wrong: model.score(wrong, [0, 1]))
    for call in (*calls, MajorityLabelVoter().predict):
        with pytest.raises(LabelMatrixError, match=said):
            call(votes)


def test_whole_numbers_of_any_type_are_votes(model):
    for kind in (np.int8, np.float64, object):
        np.testing.assert_array_equal(model.predict(VOTES.astype(kind)), model.predict(VOTES))


def test_a_model_is_fitted_first_and_asked_about_the_same_functions(model):
    for call in (LabelModel().get_weights, LabelModel().get_conditional_probs, lambda: LabelModel().predict(VOTES)):
        for kind in (NotFittedError, AttributeError, ValueError):
            with pytest.raises(kind, match="not fitted"):
                call()
    with pytest.raises(LabelMatrixError, match="L has 3 columns"):
        model.predict(VOTES[:, :3])


# Settings


def test_the_settings_of_an_optimiser_change_nothing_and_one_warning_says_so(model):
    told = {"n_epochs": 500, "lr": 0.001, "l2": 0.1, "optimizer": "adam", "log_freq": 1, "prec_init": [0.7] * 4}
    other = LabelModel(device="cuda")
    with pytest.warns(IgnoredSettingWarning) as warned:
        other.fit(VOTES, **told)
    assert len(warned) == 1
    assert all(name in str(warned[0].message) for name in [*told, "device"])
    np.testing.assert_array_equal(other.predict_proba(VOTES), model.predict_proba(VOTES))


@pytest.mark.parametrize("prec_init", [0.6, 1, [0.1, 0.2, 0.3, 0.4], np.full(4, 0.7)])
def test_every_form_of_the_initial_precisions_is_taken(prec_init):
    with pytest.warns(IgnoredSettingWarning, match="prec_init"):
        LabelModel().fit(VOTES, prec_init=prec_init)


@pytest.mark.parametrize(
    ("told", "kind", "said"),
    [
        ({"epochs": 5}, ValueError, "no setting epochs"),
        ({"optimizer": "bad"}, ValueError, "Unrecognized optimizer option"),
        ({"lr_scheduler": "bad"}, ValueError, "Unrecognized lr scheduler option"),
        ({"prec_init": "a lot"}, TypeError, "prec_init is a number"),
        ({"prec_init": np.array([0.1, 0.2])}, ValueError, "prec_init must have shape 4"),
        ({"seed": None}, ValueError, "seed"),
        ({"seed": -1}, ValueError, "seed"),
    ],
)
def test_settings_that_snorkel_refuses_are_refused(told, kind, said):
    for each in (kind, SettingError, SettingsError):
        with pytest.raises(each, match=said):
            LabelModel().fit(VOTES, **told)


def test_a_model_that_cannot_be_made_is_refused():
    with pytest.raises(TypeError, match="no setting colour"):
        LabelModel(colour="red")
    for cardinality in (1, 2.5, True, "2"):
        with pytest.raises(SettingError, match="cardinality"):
            LabelModel(cardinality=cardinality)


# Chance


def test_two_runs_without_a_seed_are_the_same_and_no_global_generator_is_touched():
    random.seed(5)
    np.random.seed(5)  # noqa: NPY002 - the global generator is what is watched
    before = random.getstate(), str(np.random.get_state())  # noqa: NPY002 - the same
    found = []
    for _ in range(2):
        model = LabelModel()
        model.fit(VOTES)
        model.predict(VOTES, tie_break_policy="true-random")
        found.append((model.predict_proba(VOTES).tolist(), RandomVoter().predict_proba(VOTES).tolist()))
    assert found[0] == found[1]
    assert (random.getstate(), str(np.random.get_state())) == before  # noqa: NPY002 - the same


def test_torchs_generator_is_left_alone_too():
    torch = pytest.importorskip("torch")
    before = torch.random.get_rng_state()
    model = LabelModel()
    model.fit(VOTES, seed=3)
    model.predict(VOTES, tie_break_policy="random")
    assert bool((torch.random.get_rng_state() == before).all())


@pytest.mark.parametrize("policy", ["random", "true-random"])
def test_a_tie_is_broken_by_the_votes_and_the_seed_never_by_the_row(policy):
    draws = np.random.default_rng(1)
    votes = draws.integers(-1, 2, (300, 6))
    order = draws.permutation(300)
    voter = MajorityLabelVoter()
    labels = voter.predict(votes, tie_break_policy=policy)
    np.testing.assert_array_equal(voter.predict(votes[order], tie_break_policy=policy), labels[order])
    np.testing.assert_array_equal(voter.predict(votes[100:], tie_break_policy=policy), labels[100:])
    other = MajorityLabelVoter(seed=1).predict(votes, tie_break_policy=policy)
    tied = (voter.predict(votes) == -1) & (votes >= 0).any(axis=1)
    assert tied.sum() > 30
    assert set(labels[tied]) == {0, 1}
    assert (other[tied] != labels[tied]).any()
    np.testing.assert_array_equal(other[~tied], labels[~tied])


def test_the_two_random_policies_draw_differently():
    votes = np.random.default_rng(1).integers(-1, 2, (300, 6))
    first, second = (MajorityLabelVoter().predict(votes, tie_break_policy=each) for each in ("random", "true-random"))
    assert (first != second).any()


@law(50)
@given(hnp.arrays(np.int64, st.tuples(st.integers(1, 20), st.integers(1, 4)), elements=st.integers(-1, 3)))
def test_a_broken_tie_gives_one_of_the_tied_labels(votes):
    voter = MajorityLabelVoter(cardinality=4)
    labels, probabilities = voter.predict(votes, return_probs=True, tie_break_policy="random")
    for label, row, cells in zip(labels, probabilities, votes, strict=True):
        assert label == -1 if (cells < 0).all() else row[label] == row.max()


def test_a_tie_abstains_unless_told_otherwise_and_unknown_policies_are_refused():
    assert MajorityLabelVoter().predict(TIED).tolist() == [-1, -1, -1, 0]
    with pytest.raises(ValueError, match="tie-break policy 'coin'"):
        MajorityLabelVoter().predict(TIED, tie_break_policy="coin")


# Baselines


@law(50)
@given(hnp.arrays(np.int64, st.tuples(st.integers(1, 12), st.integers(1, 6)), elements=st.integers(-1, 3)))
def test_the_baselines_give_snorkels_probabilities(votes):
    snorkels = pytest.importorskip("snorkel.labeling.model")
    theirs = snorkels.MajorityLabelVoter(cardinality=4).predict_proba(votes)
    np.testing.assert_allclose(MajorityLabelVoter(cardinality=4).predict_proba(votes), theirs)
    balance = np.array([0.4, 0.1, 0.4, 0.1])
    ours, theirs = MajorityClassVoter(cardinality=4), snorkels.MajorityClassVoter(cardinality=4)
    ours.fit(balance)
    theirs.fit(balance)
    np.testing.assert_allclose(ours.predict_proba(votes), theirs.predict_proba(votes))


def test_the_most_frequent_label_is_given_to_items_without_votes_too():
    voter = MajorityClassVoter()
    with pytest.raises(NotFittedError):
        voter.predict(TIED)
    with pytest.raises(LabelMatrixError):
        voter.fit([1.0])
    voter.fit(balance=np.array([0.2, 0.8]))
    assert voter.predict(TIED).tolist() == [1, 1, 1, 1]


def test_a_random_voter_draws_by_its_seed():
    first, second = (RandomVoter(seed=seed).predict_proba(TIED) for seed in (0, 1))
    np.testing.assert_allclose(first.sum(axis=1), 1)
    assert (first != second).all()


def test_baselines_take_any_setting_as_snorkels_do_and_say_that_it_changes_nothing():
    with pytest.warns(IgnoredSettingWarning, match="verbose"):
        MajorityLabelVoter(cardinality=2, verbose=False)


# Scores


def test_scores_are_those_of_snorkel(model):
    pytest.importorskip("snorkel")
    from snorkel.analysis import Scorer  # noqa: PLC0415 - optional

    metrics = [
        "accuracy",
        "coverage",
        "precision",
        "recall",
        "f1",
        "f1_micro",
        "f1_macro",
        "matthews_corrcoef",
        "roc_auc",
    ]
    gold = np.where(np.arange(len(GOLD)) % 7 == 0, -1, GOLD)
    places, probabilities = model.predict(VOTES, return_probs=True)
    assert model.score(VOTES, gold, metrics) == pytest.approx(
        Scorer(metrics=metrics).score(gold, places, probabilities)
    )


def test_scores_that_make_no_sense_are_refused():
    voter = MajorityLabelVoter(cardinality=3)
    for metrics, said in ((["acuracy"], "Unrecognized metric"), (["f1"], "two labels"), (["roc_auc"], "two labels")):
        with pytest.raises(ValueError, match=said):
            voter.score([[2], [0]], [2, 0], metrics)
    with pytest.raises(ValueError, match="no gold"):
        voter.score(np.zeros((0, 1), int), [])
    assert np.isnan(voter.score([[-1]], [0])["accuracy"])
    assert voter.score([[-1]], [0], metrics=None) == {}


# Saved models


def test_a_saved_model_says_the_same_to_the_bit(model, tmp_path):
    path = tmp_path / "model.json"
    model.save(str(path))
    again = LabelModel()
    again.load(path)
    np.testing.assert_array_equal(again.predict_proba(VOTES), model.predict_proba(VOTES))
    np.testing.assert_array_equal(again.get_conditional_probs(), model.get_conditional_probs())
    np.testing.assert_array_equal(again.get_weights(), model.get_weights())
    assert again.fitted.parameters() == model.fitted.parameters()


def test_models_that_were_not_fitted_and_baselines_are_saved_too(tmp_path):
    voter, again = MajorityClassVoter(cardinality=3), MajorityClassVoter()
    voter.fit([1, 5, 1])
    voter.save(tmp_path / "voter")
    again.load(tmp_path / "voter")
    assert again.predict(np.zeros((2, 1), int)).tolist() == [1, 1]
    LabelModel(cardinality=3).save(tmp_path / "model")
    empty = LabelModel()
    empty.load(tmp_path / "model")
    assert empty.cardinality == 3
    with pytest.raises(NotFittedError):
        empty.get_weights()


def test_a_pickle_is_not_opened(tmp_path):
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps({"cardinality": 2}))
    with pytest.raises(InputError, match="no saved model"):
        LabelModel().load(path)
    MajorityLabelVoter().save(path)
    with pytest.raises(InputError, match="holds a MajorityLabelVoter, not a LabelModel"):
        LabelModel().load(path)
    with pytest.raises(OSError, match="nowhere"):
        LabelModel().load(tmp_path / "nowhere")


@pytest.mark.parametrize("cell", [float("inf"), float("-inf"), float("nan")])
def test_what_is_no_finite_number_is_refused(cell):
    with pytest.raises(VoteError, match=r"no label|no whole number"):
        LabelModel().fit([[0.0, cell, 1.0]])


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"format": "retrolabel snorkel drop-in 1"}',
        '{"format": "retrolabel snorkel drop-in 1", "model": "LabelModel", "state": {}}',
    ],
)
def test_a_damaged_file_is_refused(tmp_path, text):
    path = tmp_path / "model"
    path.write_text(text)
    with pytest.raises(InputError):
        LabelModel().load(path)

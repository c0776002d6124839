"""Weighted vote: each voter counts by its precision on gold."""

from __future__ import annotations

import json

import numpy as np
import pytest

from retrolabel.errors import VoteError
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.weighted_vote import HIGHEST, WeightedVote
from retrolabel.votes import VoteMatrix


def test_precision_is_what_gold_says_against_four_items_of_the_base():
    votes = VoteMatrix.from_ints([[0, 1, -1], [0, 1, -1], [1, 0, -1], [0, 0, -1]], labels=2)
    fitted = WeightedVote().fit(votes, np.array([0, 0, 0, -1]))
    assert fitted.precision == pytest.approx([(2 + 3) / 7, (1 + 3) / 7, 3 / 4])


def test_a_vote_for_a_set_is_right_where_the_set_holds_the_label():
    votes = VoteMatrix.from_sets([[{0, 1}], [{0, 1}], [{1, 2}]], labels=3)
    fitted = WeightedVote(gold_items=1).fit(votes, np.array([0, 1, 0]))
    assert fitted.precision == pytest.approx([(2 + 0.75) / 4])


@pytest.mark.parametrize("k", [2, 3, 5])
def test_one_vote_alone_holds_with_its_voters_precision(k):
    votes = VoteMatrix.from_ints([[0, -1], [-1, 1], [-1, -1]], labels=k)
    fitted = WeightedVote().fit(votes, np.array([0, 0, -1]))
    found = fitted.predict_proba(votes)
    assert found[0, 0] == pytest.approx(fitted.precision[0])
    assert found[1, 1] == pytest.approx(fitted.precision[1])
    assert found[2] == pytest.approx(np.full(k, 1 / k))


def test_without_gold_it_is_the_label_model_before_learning():
    rng = np.random.default_rng(0)
    votes = VoteMatrix.from_ints(rng.integers(-1, 3, size=(60, 4)), labels=3)
    found = WeightedVote().fit(votes).predict_proba(votes)
    expected = LabelModel(max_iter=0, dependence=False).fit(votes).predict_proba(votes)
    assert found == pytest.approx(expected, abs=1e-12)


def test_a_good_voter_outvotes_two_poor_ones():
    truth = np.array([0, 1] * 50)
    votes = VoteMatrix.from_ints(np.column_stack([truth, 1 - truth, np.roll(truth, 1)]), labels=2)
    found = WeightedVote().fit(votes, truth).predict_proba(votes)
    assert (found.argmax(axis=1) == truth).all()


def test_a_voter_that_is_always_wrong_speaks_for_the_other_label():
    truth = np.array([0, 1] * 50)
    votes = VoteMatrix.from_ints((1 - truth)[:, None], labels=2)
    found = WeightedVote().fit(votes, truth).predict_proba(votes)
    assert (found.argmax(axis=1) == truth).all()


def test_no_voter_is_believed_without_doubt():
    truth = np.zeros(100_000, int)
    fitted = WeightedVote().fit(VoteMatrix.from_ints(truth[:, None], labels=2), truth)
    assert fitted.precision.tolist() == [HIGHEST]


def test_orders_and_patterns_change_nothing():
    rng = np.random.default_rng(1)
    votes = VoteMatrix.from_ints(rng.integers(-1, 3, size=(80, 4)), labels=3)
    gold = rng.integers(-1, 3, size=80)
    rows, columns = rng.permutation(80), rng.permutation(4)
    turned = VoteMatrix(
        votes.codes[rows][:, columns], votes.labels, votes.symbols, tuple(votes.voters[j] for j in columns)
    )
    expected = WeightedVote().fit(votes, gold).predict_proba(votes)
    assert WeightedVote().fit(turned, gold[rows]).predict_proba(turned) == pytest.approx(expected[rows], abs=1e-12)


@pytest.mark.parametrize("shape", [(0, 0), (0, 2), (3, 0), (3, 2)])
def test_where_nobody_votes_all_labels_are_alike(shape):
    votes = VoteMatrix.from_ints(np.full(shape, -1), labels=2)
    found = WeightedVote().fit(votes, np.zeros(shape[0], int)).predict_proba(votes)
    assert found.tolist() == [[0.5, 0.5]] * shape[0]


@pytest.mark.parametrize(
    "setting",
    [{"base_precision": 0}, {"base_precision": 1}, {"gold_items": 0}, {"gold_items": -1}, {"gold_items": float("nan")}],
    ids=str,
)
def test_a_setting_out_of_its_range_is_refused(setting):
    with pytest.raises(VoteError, match="WeightedVote"):
        WeightedVote(**setting)


def test_votes_over_other_labels_or_by_other_voters_are_refused():
    fitted = WeightedVote().fit(VoteMatrix.from_ints([[0, 0]], labels=2))
    with pytest.raises(VoteError, match="the model was fitted on 0, 1"):
        fitted.predict_proba(VoteMatrix.from_ints([[0, 0]], labels=3))
    with pytest.raises(VoteError, match="by other voters"):
        fitted.predict_proba(VoteMatrix.from_ints([[0]], labels=2))


def test_settings_and_parameters_are_plain_data():
    model = WeightedVote()
    assert model.uses_gold
    assert json.loads(json.dumps(model.settings())) == {
        "name": "weighted_vote", "base_precision": 0.75, "gold_items": 4.0, "numerics": 1,
    }  # fmt: skip
    fitted = model.fit(VoteMatrix.from_ints([[0, 0]], labels=2))
    assert json.loads(json.dumps(fitted.parameters())) == {"precision": {"lf_0": 0.75, "lf_1": 0.75}}

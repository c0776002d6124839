"""The label model that gold chooses: the first unless another is clearly better."""

from __future__ import annotations

import json

import numpy as np
import pytest

from retrolabel.label_models.auto import FEWEST, AutoLabelModel
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.weighted_vote import WeightedVote
from retrolabel.votes import VoteMatrix

ORDER = ["label_model", "weighted_vote", "dawid_skene", "majority_vote"]


def planted(seed=0, *, n=1_000, k=2, accuracies=(0.9, 0.8, 0.7, 0.65, 0.6), coverage=0.8):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n)
    right = rng.random((n, len(accuracies))) < accuracies
    votes = np.where(right, truth[:, None], (truth[:, None] + rng.integers(1, k, right.shape)) % k)
    return VoteMatrix.from_ints(np.where(rng.random(right.shape) < coverage, votes, -1), labels=k), truth


def drawn(truth, items, seed=0):
    """Return gold of a random sample of the items."""
    gold = np.full(len(truth), -1)
    some = np.random.default_rng(seed).choice(len(truth), items, replace=False)
    gold[some] = truth[some]
    return gold


class Misled:
    """A label model that is sure of the wrong label; the first to be asked."""

    name = "misled"
    uses_gold = False

    def settings(self):
        return {"name": self.name}

    def fit(self, votes, gold=None):  # noqa: ARG002 - not used
        return FittedMisled(MajorityVote(smoothing=1.0).fit(votes))


class FittedMisled:
    def __init__(self, inner):
        self.inner = inner
        self.labels = inner.labels

    def predict_proba(self, votes):
        return self.inner.predict_proba(votes)[:, ::-1]

    def parameters(self):
        return {}


def test_without_gold_the_first_is_taken():
    votes, _ = planted()
    fitted = AutoLabelModel().fit(votes)
    assert fitted.chosen == "label_model"
    assert fitted.losses == dict.fromkeys(ORDER)
    assert np.array_equal(fitted.predict_proba(votes), LabelModel().fit(votes).predict_proba(votes))


def test_with_too_little_gold_the_first_is_taken_and_uses_it():
    votes, truth = planted(coverage=1.0)
    gold = drawn(truth, FEWEST - 1)
    fitted = AutoLabelModel().fit(votes, gold)
    assert (fitted.chosen, fitted.losses["label_model"]) == ("label_model", None)
    assert np.array_equal(fitted.predict_proba(votes), LabelModel().fit(votes, gold).predict_proba(votes))


def test_gold_on_items_without_votes_compares_nothing():
    votes = VoteMatrix.stack([planted()[0], VoteMatrix.from_ints(np.full((100, 5), -1), labels=2)])
    gold = np.full(len(votes), -1)
    gold[-100:] = 0
    assert AutoLabelModel().fit(votes, gold).losses["label_model"] is None


def of_functions(seed, *, n=1_000, k=3):
    """Return votes of labeling functions that know one label each and seldom fire, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n)
    of = np.arange(4 * k) % k
    chance = np.where(truth[:, None] == of, np.linspace(0.2, 0.5, 4 * k), np.linspace(0.1, 0.01, 4 * k))
    return VoteMatrix.from_ints(np.where(rng.random(chance.shape) < chance, of, -1), labels=k), truth


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_on_votes_of_labeling_functions_the_label_model_is_taken(seed):
    votes, truth = of_functions(seed)
    fitted = AutoLabelModel().fit(votes, drawn(truth, 200))
    assert fitted.chosen == "label_model"
    assert fitted.losses["dawid_skene"] > fitted.losses["label_model"]


def test_on_votes_of_people_who_often_miss_a_label_dawid_skene_is_taken():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 2_000)
    says_1 = np.where(truth[:, None] == 1, np.linspace(0.2, 0.6, 40), np.linspace(0.01, 0.1, 40))
    ints = np.where(rng.random((2_000, 40)) < 0.2, (rng.random((2_000, 40)) < says_1).astype(int), -1)
    fitted = AutoLabelModel().fit(VoteMatrix.from_ints(ints, labels=2), drawn(truth, 200))
    assert fitted.chosen == "dawid_skene"
    assert all(0 < loss < 1 for loss in fitted.losses.values())


def test_where_the_first_is_misled_majority_vote_is_taken():
    votes, truth = planted()
    model = AutoLabelModel(candidates=(Misled(), MajorityVote(smoothing=1.0)))
    fitted = model.fit(votes, drawn(truth, 100))
    assert fitted.chosen == "majority_vote"
    assert fitted.losses["majority_vote"] < fitted.losses["misled"]
    expected = MajorityVote(smoothing=1.0).fit(votes).predict_proba(votes)
    assert np.array_equal(fitted.predict_proba(votes), expected)
    assert model.fit(votes).chosen == "misled"


def test_where_the_label_model_is_held_to_a_wrong_prior_majority_vote_is_taken():
    votes, truth = planted(accuracies=(0.75,) * 7, coverage=1.0)
    misled = LabelModel(class_prior=[1e-9, 1 - 1e-9])
    model = AutoLabelModel(candidates=(misled, MajorityVote(smoothing=1.0)))
    assert model.fit(votes, drawn(truth, 200)).chosen == "majority_vote"


@pytest.mark.parametrize("seed", range(4))
def test_of_two_that_are_the_same_the_first_is_taken(seed):
    votes, truth = planted(seed)
    first, second = WeightedVote(), WeightedVote(name="the same again")
    assert AutoLabelModel(candidates=(first, second)).fit(votes, drawn(truth, 200)).chosen == "weighted_vote"


def test_the_chosen_model_is_fitted_with_all_gold():
    votes, truth = of_functions(0)
    gold = drawn(truth, 200)
    found = AutoLabelModel().fit(votes, gold).predict_proba(votes)
    assert found == pytest.approx(LabelModel().fit(votes, gold).predict_proba(votes), abs=1e-12)


def test_the_loss_is_that_of_held_out_gold():
    """Weighted vote that saw the gold that it is asked about would do better than it is told."""
    rng = np.random.default_rng(0)
    votes = VoteMatrix.from_ints(rng.integers(0, 2, size=(60, 12)), labels=2)
    truth = rng.integers(0, 2, 60)
    fitted = AutoLabelModel(candidates=(WeightedVote(),)).fit(votes, truth)
    seen = -np.log(fitted.predict_proba(votes)[np.arange(60), truth]).mean()
    assert fitted.losses["weighted_vote"] > seen + 0.1


def test_the_choice_is_the_same_each_time_and_in_any_order():
    votes, truth = planted(n=400)
    gold = drawn(truth, 120)
    one, again = AutoLabelModel().fit(votes, gold), AutoLabelModel().fit(votes, gold)
    assert again.losses == one.losses
    assert np.array_equal(again.predict_proba(votes), one.predict_proba(votes))
    rows = np.random.default_rng(0).permutation(400)
    turned = VoteMatrix(votes.codes[rows], votes.labels, votes.symbols, votes.voters)
    other = AutoLabelModel().fit(turned, gold[rows])
    assert other.losses == pytest.approx(one.losses)
    assert other.predict_proba(votes) == pytest.approx(one.predict_proba(votes), abs=1e-12)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (50, 0), (50, 3)])
def test_where_nobody_votes_all_items_keep_the_prior(shape):
    votes = VoteMatrix.from_ints(np.full(shape, -1), labels=2)
    found = AutoLabelModel().fit(votes, np.zeros(shape[0], int)).predict_proba(votes)
    assert found.shape == (shape[0], 2)
    assert found == pytest.approx(np.tile([(shape[0] + 1) / (shape[0] + 2), 1 / (shape[0] + 2)], (shape[0], 1)))


def test_settings_and_parameters_are_plain_data():
    model = AutoLabelModel()
    assert model.uses_gold
    told = json.loads(json.dumps(model.settings()))
    assert (told["name"], [each["name"] for each in told["candidates"]]) == ("auto", ORDER)
    votes, truth = planted(n=200)
    fitted = model.fit(votes, truth)
    parameters = json.loads(json.dumps(fitted.parameters()))
    assert parameters["chosen"] == fitted.chosen
    assert list(parameters["held_out_log_loss"]) == ORDER
    assert fitted.labels == ("0", "1")


def test_what_is_chosen_does_not_depend_on_the_order_of_voters_or_items():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 300)
    said = np.where(rng.random((300, 5)) < 0.7, truth[:, None], 1 - truth[:, None])
    said = np.where(rng.random((300, 5)) < 0.6, said, -1)
    gold = np.where(np.arange(300) < 100, truth, -1)
    rows = rng.permutation(300)
    one = AutoLabelModel().fit(VoteMatrix.from_ints(said, labels=2, voters=list("abcde")), gold)
    other = AutoLabelModel().fit(VoteMatrix.from_ints(said[rows][:, ::-1], labels=2, voters=list("edcba")), gold[rows])
    assert other.chosen == one.chosen
    assert other.losses == pytest.approx(one.losses, abs=1e-9)


# Without gold


def of_a_crowd(seed=0, *, people=30, answers=5, n=600, share=1.0):
    """Return answers of people who are asked a few items each."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n)
    ints = np.full((n, people), -1)
    for item in range(n):
        asked = rng.choice(people, answers, replace=False)
        ints[item, asked] = np.where(rng.random(answers) < 0.75, truth[item], 1 - truth[item])
    said_one = rng.random(people) > share
    ints[:, said_one] = np.where(ints[:, said_one] == 1, 1, -1)
    return VoteMatrix.from_ints(ints, labels=2)


def test_without_gold_a_crowd_with_many_answers_is_dawid_skenes_and_it_says_why():
    fitted = AutoLabelModel().fit(of_a_crowd())
    assert fitted.chosen == "dawid_skene"
    assert "30 voters who mostly say several labels, 5.0 answers an item" in fitted.why
    assert fitted.parameters()["why"] == fitted.why


@pytest.mark.parametrize(
    "votes",
    [of_a_crowd(people=12), of_a_crowd(answers=2), of_a_crowd(n=60), of_a_crowd(share=0.3)],
    ids=["few people", "few answers an item", "few answers each", "most say one label"],
)
def test_without_gold_other_votes_are_the_firsts(votes):
    fitted = AutoLabelModel().fit(votes)
    assert fitted.chosen == "label_model"
    assert "not those of a crowd" in fitted.why


def test_without_dawid_skene_among_the_candidates_the_first_is_taken():
    assert AutoLabelModel(candidates=(LabelModel(), WeightedVote())).fit(of_a_crowd()).chosen == "label_model"


def test_gold_goes_before_what_the_votes_look_like():
    votes, truth = of_functions(0)
    assert "held-out gold: " in AutoLabelModel().fit(votes, drawn(truth, 200)).why

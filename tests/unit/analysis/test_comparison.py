"""Label models beside each other are judged on the same items, by the same rules."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pytest

from retrolabel.analysis.comparison import (
    FEWEST,
    ORACLE,
    ORACLE_LEFT_OUT,
    compare,
    compare_label_models,
    compare_on_gold,
    held_out,
    oracles,
)
from retrolabel.errors import MissingExtraError
from retrolabel.gold.agreement import wilson
from retrolabel.label_models.gold import GoldSets
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.weighted_vote import WeightedVote
from retrolabel.votes import VoteMatrix


@dataclass
class Says:
    """A label model that has made up its mind, and remembers the gold that it was fitted with."""

    probabilities: list
    seen: list = field(default_factory=list)
    name: str = "says"
    uses_gold: bool = True

    def settings(self):
        return {}

    def fit(self, votes, gold=None):
        self.seen.append(gold)
        self.labels = votes.labels
        return self

    def predict_proba(self, votes):
        assert votes.labels == self.labels
        return np.asarray(self.probabilities, dtype=float)

    def parameters(self):
        return {}


VOTES = VoteMatrix.from_ints([[0], [1], [0], [1], [-1]], labels=2)
TRUTH = np.array([0, 1, 1, 0, 0])


def test_each_model_has_a_row_under_its_name_in_the_order_given():
    found = compare_label_models({"b": MajorityVote(), "a": LabelModel()}, VOTES, TRUTH)
    assert found.index.tolist() == ["b", "a", ORACLE, ORACLE_LEFT_OUT]
    assert found.index.name == "label_model"
    assert list(found) == [
        "n", "accuracy", "low", "high", "macro_f1", "log_loss", "ties", "accuracy_ties_drawn", "brier", "ece",
        "macro_f1_low", "macro_f1_high", "log_loss_low", "log_loss_high", "brier_low", "brier_high",
        "ece_low", "ece_high",
    ]  # fmt: skip


def test_only_covered_items_of_known_truth_are_judged():
    found = compare_label_models({"m": MajorityVote()}, VOTES, np.array([0, 1, 1, -1, 0])).loc["m"]
    expected = wilson(2, 3)
    assert (found["n"], found["accuracy"]) == (3, pytest.approx(2 / 3))
    assert (found["low"], found["high"]) == pytest.approx((expected.low, expected.high))
    assert found["macro_f1"] == pytest.approx(2 / 3)


def test_items_that_were_fitted_as_gold_are_left_out_for_all_models_alike():
    gold = np.array([-1, -1, 1, 0, -1])
    models = {"plain": MajorityVote(), "ours": LabelModel(), "ours + gold": LabelModel()}
    found = compare_label_models(models, VOTES, TRUTH, gold)
    assert found["n"].tolist() == [2] * 5
    assert found["accuracy"].tolist()[:3] == [
        1.0,
        1.0,
        1.0,
    ]  # what remains is items 0 and 1, on which the votes are right


def test_gold_that_knows_nothing_leaves_nothing_out():
    found = compare_label_models({"m + gold": MajorityVote()}, VOTES, TRUTH, np.full(5, -1))
    assert found.loc["m + gold", "n"] == 4


def test_only_models_named_so_are_fitted_with_gold():
    plain, with_gold = Says([[1, 0]] * 5), Says([[1, 0]] * 5)
    gold = np.array([0, -1, -1, -1, -1])
    compare_label_models({"gold is nice": plain, "x + gold": with_gold}, VOTES, TRUTH, gold)
    assert plain.seen == [None]
    assert with_gold.seen[0] is gold


def test_without_gold_a_model_named_so_is_fitted_without():
    model = Says([[1, 0]] * 5)
    compare_label_models({"x + gold": model}, VOTES, TRUTH)
    assert model.seen == [None]


def test_a_tie_is_wrong_but_counts_as_drawn_in_the_last_column():
    model = Says([[0.9, 0.1], [0.5, 0.5], [0.5, 0.5], [0.2, 0.8], [1.0, 0.0]])
    found = compare_label_models({"m": model}, VOTES, TRUTH).loc["m"]
    assert found["accuracy"] == 0.25
    assert found["ties"] == 0.5
    assert found["accuracy_ties_drawn"] == pytest.approx((1 + 1 / 2 + 1 / 2 + 0) / 4)


def test_a_tie_that_leaves_the_truth_out_gains_nothing_from_drawing():
    votes = VoteMatrix.from_ints([[0, 1, -1], [0, 1, -1], [0, 1, 2]], labels=3)
    found = compare_label_models({"m": MajorityVote()}, votes, np.array([2, 0, 0])).loc["m"]
    assert (found["accuracy"], found["ties"]) == (0.0, 1.0)
    assert found["accuracy_ties_drawn"] == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)


def test_what_rounding_parts_is_drawn_as_a_tie():
    model = Says([[0.5 + 1e-12, 0.5 - 1e-12]] * 5)
    found = compare_label_models({"m": model}, VOTES, TRUTH).loc["m"]
    assert (found["ties"], found["accuracy_ties_drawn"]) == (1.0, 0.5)


def test_without_ties_drawing_changes_nothing():
    found = compare_label_models({"m": LabelModel()}, VOTES, TRUTH).loc["m"]
    assert found["ties"] == 0
    assert found["accuracy_ties_drawn"] == found["accuracy"] == 0.5


def test_log_loss_is_in_nats_over_the_same_items():
    model = Says([[0.9, 0.1], [0.4, 0.6], [0.7, 0.3], [0.2, 0.8], [0.001, 0.999]])
    found = compare_label_models({"m": model}, VOTES, TRUTH).loc["m"]
    assert found["log_loss"] == pytest.approx(-np.log([0.9, 0.6, 0.3, 0.2]).mean())


@pytest.mark.parametrize("truth", [np.full(5, -1), np.array([-1, -1, -1, -1, 0])])
def test_where_nothing_can_be_judged_there_is_no_figure(truth):
    found = compare_label_models({"m": MajorityVote()}, VOTES, truth).loc["m"]
    assert found["n"] == 0
    for figure in ("log_loss", "ties", "accuracy_ties_drawn"):
        assert math.isnan(found[figure])
    for figure in ("accuracy", "low", "high", "macro_f1"):
        assert found[figure] is None or math.isnan(found[figure])


def test_no_models_give_no_rows():
    assert len(compare_label_models({}, VOTES, TRUTH)) == 0


# Left out


class Cannot(Says):
    def fit(self, votes, gold=None):  # noqa: ARG002 - it cannot
        raise MissingExtraError("snorkel", "snorkel", "The label model 'snorkel'")


def test_a_model_that_cannot_be_fitted_is_left_out_with_the_reason_and_the_remedy():
    found = compare({"m": MajorityVote(), "snorkel": Cannot([])}, VOTES, TRUTH)
    assert list(found.scores) == ["m"]
    (note,) = found.notes
    assert "snorkel is left out" in note
    assert 'pip install "retrolabel[snorkel]"' in note


# The ceiling


@pytest.mark.parametrize("seed", range(10))
def test_no_model_of_votes_alone_passes_the_pattern_oracle(seed):
    random = np.random.default_rng(seed)
    truth = random.integers(0, 3, 60)
    votes = VoteMatrix.from_ints(random.integers(-1, 3, (60, 2)), labels=3)
    models = {"a": LabelModel(), "b": MajorityVote(smoothing=1.0), "c": WeightedVote()}
    found = compare_label_models(models, votes, truth)
    for name in models:
        assert found.loc[name, "accuracy_ties_drawn"] <= found.loc[ORACLE, "accuracy_ties_drawn"] + 1e-12
        assert found.loc[name, "log_loss"] >= found.loc[ORACLE, "log_loss"] - 1e-12
        assert found.loc[name, "brier"] >= found.loc[ORACLE, "brier"] - 1e-12


def test_the_oracle_that_leaves_the_item_out_does_not_know_it():
    where, truth = np.arange(6), np.array([0, 0, 0, 0, 1, 1])
    found = oracles(where, truth, 2)
    assert found[ORACLE][np.arange(6), truth].tolist() == [1.0] * 6
    assert found[ORACLE_LEFT_OUT][:, 0].tolist() == pytest.approx([3 / 5] * 4 + [4 / 5] * 2)


def test_with_many_items_a_pattern_both_oracles_agree():
    random = np.random.default_rng(0)
    where = random.integers(0, 2, 4_000)
    truth = np.where(random.random(4_000) < 0.8, where, 1 - where)
    found = oracles(where, truth, 2)
    assert found[ORACLE] == pytest.approx(found[ORACLE_LEFT_OUT], abs=0.001)


# Cross-fitted


def exactly(rows, places):
    """Return gold of one label an item."""
    return GoldSets(np.array(rows, np.int64), np.eye(2, dtype=bool)[np.array(places, np.int64)], np.ones(len(rows)))


def test_no_gold_item_is_judged_by_a_model_that_was_fitted_with_it():
    patterns = VoteMatrix.from_ints([[0], [1]], labels=2).patterns()
    model = Says([[0.9, 0.1], [0.2, 0.8]])
    held_out(model, patterns, exactly([0, 0, 1], [0, 0, 1]), np.array([0, 1, 1]))
    assert [(gold.rows.tolist(), gold.possible.argmax(axis=1).tolist()) for gold in model.seen] == [
        ([0, 1], [0, 1]),
        ([0], [0]),
    ]


def test_a_model_without_gold_is_fitted_once_and_gold_stays_away():
    patterns = VoteMatrix.from_ints([[0], [1]], labels=2).patterns()
    model = Says([[0.9, 0.1], [0.2, 0.8]])
    found = held_out(model, patterns, exactly([1, 0, 1], [1, 0, 0]), None)
    assert model.seen == [None]
    assert found.tolist() == [[0.2, 0.8], [0.9, 0.1], [0.2, 0.8]]


def test_gold_on_items_without_votes_is_not_judged():
    patterns = VoteMatrix.from_ints([[-1], [0], [1]], labels=2).patterns()
    done = []
    gold = exactly([0, 1, 2], [0, 0, 1])
    found = compare_on_gold({"m": MajorityVote()}, patterns, gold, np.arange(3), advance=done.append)
    assert found.scores["m"].n == 2
    assert done == [1]


def test_gold_that_leaves_several_labels_is_fitted_and_judges_no_model():
    patterns = VoteMatrix.from_ints([[0], [1]], labels=2).patterns()
    model = Says([[0.9, 0.1], [0.2, 0.8]])
    gold = GoldSets(np.array([0, 1]), np.array([[True, True], [False, True]]), np.ones(2))
    found = compare_on_gold({"m + gold": model}, patterns, gold, np.arange(2))
    assert found.scores["m + gold"].n == 1
    assert [seen.possible.tolist() for seen in model.seen] == [[[False, True]], [[True, True]]]


def test_without_gold_there_is_nothing_to_judge():
    patterns = VoteMatrix.from_ints([[0], [1]], labels=2).patterns()
    found = compare_on_gold({"m": MajorityVote()}, patterns, exactly([], []), np.zeros(0, np.int64))
    assert found.scores["m"].n == 0
    assert not found.recommend("m").enough


# What gold prefers


def judged(right, sure, n=400):
    """Return made-up probabilities of two labels: right on a share of the items, and how sure."""
    truth = np.zeros(n, np.int64)
    hit = np.arange(n) < right * n
    return np.where(hit[:, None], [sure, 1 - sure], [1 - sure, sure]), truth


def told(n=400, **models):
    votes = VoteMatrix.from_ints(np.zeros((n, 1), int), labels=2)
    made = {name: Says(judged(right, sure, n)[0]) for name, (right, sure) in models.items()}
    return compare(made, votes, np.zeros(n, np.int64))


def test_the_default_stays_where_nothing_is_better_beyond_chance():
    found = told(default=(0.8, 0.8), majority_vote=(0.805, 0.8)).recommend("default")
    assert (found.label_model, found.enough) == ("default", True)
    assert found.sentence.startswith("Stay with default: by log-loss gold prefers no other beyond chance.")
    assert "majority_vote" in found.sentence


def test_majority_vote_is_recommended_where_gold_prefers_it_beyond_chance():
    found = told(default=(0.7, 0.8), majority_vote=(0.9, 0.8)).recommend("default")
    assert found.label_model == "majority_vote"
    assert found.sentence.startswith("Gold prefers majority_vote: its log-loss is better than default's by +")
    gain = found.differences["majority_vote"]["accuracy"]
    assert gain.value == pytest.approx(0.2)
    assert 0 < gain.low < 0.2 < gain.high


def test_a_model_that_is_more_often_right_but_worse_calibrated_is_named_for_labels_alone():
    found = told(default=(0.8, 0.8), majority_vote=(0.9, 0.51)).recommend("default")
    assert found.label_model == "default"
    assert "For the labels alone take majority_vote" in found.sentence
    assert "+10.0 points" in found.sentence
    by_labels = told(default=(0.8, 0.8), majority_vote=(0.9, 0.51)).recommend("default", by="accuracy")
    assert by_labels.label_model == "majority_vote"


def test_the_best_of_several_is_taken_and_the_interval_knows_how_many_were_tried():
    one = told(default=(0.7, 0.8), b=(0.9, 0.8)).recommend("default").differences["b"]["log_loss"]
    many = told(default=(0.7, 0.8), a=(0.85, 0.8), b=(0.9, 0.8), c=(0.6, 0.8)).recommend("default")
    assert many.label_model == "b"
    wide = many.differences["b"]["log_loss"]
    assert wide.low < one.low < one.value < one.high < wide.high
    assert "allows for 3 models tried" in many.sentence


def test_only_models_among_those_asked_for_are_recommended():
    found = told(default=(0.7, 0.8), a=(0.8, 0.8), b=(0.9, 0.8)).recommend("default", among=["default", "a"])
    assert found.label_model == "a"
    assert list(found.differences) == ["a"]


def test_with_little_gold_nothing_is_recommended():
    found = told(n=FEWEST - 1, default=(0.1, 0.8), a=(0.9, 0.8)).recommend("default")
    assert (found.label_model, found.enough, found.differences) == ("default", False, {})
    assert told(n=FEWEST, default=(0.1, 0.8), a=(0.9, 0.8)).recommend("default").enough
    assert found.sentence.startswith("Too little gold to tell: 39 covered items are judged, 40 are wanted.")


def test_a_default_that_could_not_be_fitted_is_said_so():
    found = told(a=(0.9, 0.8)).recommend("default")
    assert "default could not be fitted" in found.sentence


def test_alone_the_default_stays():
    found = told(default=(0.9, 0.8)).recommend("default")
    assert found.sentence == "Stay with default: nothing else could be compared."


def test_chance_alone_seldom_makes_another_model_the_better_one():
    random = np.random.default_rng(0)
    wrongly = 0
    for _ in range(60):
        votes = VoteMatrix.from_ints(np.zeros((100, 1), int), labels=2)
        models = {}
        for name in ("default", "a", "b", "c", "d"):
            hit = random.random(100) < 0.75
            models[name] = Says(np.where(hit[:, None], [0.75, 0.25], [0.25, 0.75]))
        wrongly += compare(models, votes, np.zeros(100, np.int64)).recommend("default").label_model != "default"
    assert wrongly <= 6


def test_no_model_is_right_more_often_than_the_pattern_oracle_where_truths_tie():
    votes = VoteMatrix.from_ints([[0], [0]], labels=2)
    found = compare_label_models({"m": LabelModel(class_prior=[0.6, 0.4])}, votes, np.array([0, 1]))["accuracy"]
    assert found["pattern oracle"] == found["m"] == 0.5

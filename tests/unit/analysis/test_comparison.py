"""Label models beside each other are judged on the same items, by the same rules."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pytest

from retrolabel.analysis.comparison import compare_label_models
from retrolabel.gold.agreement import wilson
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
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
    assert found.index.tolist() == ["b", "a"]
    assert found.index.name == "label_model"
    assert list(found) == ["n", "accuracy", "low", "high", "macro_f1", "log_loss", "ties", "accuracy_ties_drawn"]


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
    assert found["n"].tolist() == [2, 2, 2]
    assert found["accuracy"].tolist() == [1.0, 1.0, 1.0]  # what remains is items 0 and 1, on which the votes are right


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

"""Whether a label set meets an agreement target, and what its figures are over."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.gold.agreement import agreement, membership
from retrolabel.jobs.gold.scoring import Score, verdict
from retrolabel.schema.rules import AgreementTarget

LABELS = ("good", "bad", "slow")


def scored(gold, predicted):
    truth, said = np.array(gold, np.int64), np.array(predicted, np.int64)
    covered = np.ones(len(gold), np.bool_)
    sets = membership([frozenset({place}) for place in gold], said, covered)
    return Score(agreement(truth, said, covered, labels=len(LABELS)), sets, labels=LABELS)


@pytest.mark.parametrize(
    ("gold", "predicted", "said"),
    [
        ([0] * 50, [0] * 50, "open"),
        ([0] * 50, [0] * 49 + [1], "open"),
        ([0], [0], "open"),
        ([0, 1] * 25, [0] * 50, "missed"),
        ([0, 1] * 25, [0, 1] * 25, "met"),
        ([], [], "too few"),
    ],
)
def test_a_target_on_an_undefined_kappa_is_open_and_never_met(gold, predicted, said):
    assert verdict(scored(gold, predicted), AgreementTarget("kappa", 0.6)) == said


def test_too_few_items_go_before_an_undefined_figure():
    assert verdict(scored([0], [0]), AgreementTarget("kappa", 0.6, minimum_n=2)) == "too few"


def test_a_target_on_accuracy_is_met_whatever_kappa_says():
    assert verdict(scored([0] * 50, [0] * 50), AgreementTarget("accuracy", 0.6)) == "met"


def test_a_score_says_over_which_labels_macro_f1_is_and_why_kappa_is_null():
    told = scored([0, 0], [0, 0]).as_dict()
    assert (told["macro_f1_over"], told["kappa"]) == (["good"], None)
    assert told["kappa_says_nothing"] == (
        "kappa is undefined: one label alone occurs, and agreement beyond chance needs two"
    )  # fmt: skip
    assert scored([0, 1], [0, 2]).as_dict()["macro_f1_over"] == ["good", "bad", "slow"]
    assert scored([0, 1], [0, 1]).as_dict()["kappa_says_nothing"] is None

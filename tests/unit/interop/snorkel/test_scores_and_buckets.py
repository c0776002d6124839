"""Scores, buckets and conversions: Snorkel's to the last digit, on whatever it takes."""

from __future__ import annotations

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from retrolabel.interop.snorkel import LabelMatrixError
from retrolabel.interop.snorkel.analysis import Scorer, get_label_buckets, get_label_instances, metric_score
from retrolabel.interop.snorkel.analysis.metrics import METRICS
from retrolabel.interop.snorkel.utils import filter_labels, preds_to_probs, probs_to_preds, to_int_label_array
from tests.laws import law

LABELS = hnp.arrays(np.int64, st.tuples(st.integers(1, 12), st.just(3)), elements=st.integers(-1, 2))
PROBABILITIES = hnp.arrays(
    np.float64, st.tuples(st.integers(1, 30), st.integers(2, 4)), elements=st.sampled_from([0.0, 0.25, 0.5, 1.0])
)


@law(60)
@given(PROBABILITIES)
def test_the_most_probable_label_is_snorkels_ties_too(probabilities):
    theirs = pytest.importorskip("snorkel.utils")
    for policy in ("abstain", "random"):
        expected = theirs.probs_to_preds(probabilities, policy)
        np.testing.assert_array_equal(probs_to_preds(probabilities, policy), expected)
    drawn = probs_to_preds(probabilities, "true-random")
    best = np.take_along_axis(probabilities, drawn[:, None], axis=1)[:, 0]
    np.testing.assert_array_equal(best, probabilities.max(axis=1))


def test_ties_draw_both_labels_and_leave_the_global_generator_alone():
    np.random.seed(3)  # noqa: NPY002 - Snorkel's way
    before = np.random.get_state()[1].tolist()  # noqa: NPY002 - the same
    for policy in ("random", "true-random"):
        assert 0.3 < probs_to_preds(np.full((400, 2), 0.5), policy).mean() < 0.7
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002 - the same


@law(60)
@given(LABELS)
def test_buckets_are_snorkels_in_its_order(labels):
    theirs = pytest.importorskip("snorkel.analysis")
    for columns in ([labels[:, 0]], [labels[:, 0], labels[:, [1]]], list(labels.T)):
        ours, expected = get_label_buckets(*columns), theirs.get_label_buckets(*columns)
        assert list(ours) == list(expected)
        assert {key: places.tolist() for key, places in ours.items()} == {k: v.tolist() for k, v in expected.items()}


def test_the_items_of_a_bucket_are_rows_of_whatever_was_given(caplog):
    theirs = pytest.importorskip("snorkel.analysis")
    frame = pd.DataFrame({"body": ["a", "b", "c"], "stars": [1, 2, 3]}, index=[7, 7, 1])
    gold, predicted = np.array([1, 1, 0]), np.array([0, 0, 0])
    expected = theirs.get_label_instances((1, 0), frame.to_numpy(), gold, predicted)
    np.testing.assert_array_equal(get_label_instances((1, 0), frame.to_numpy(), gold, predicted), expected)
    assert get_label_instances((1, 0), frame, pd.Series(gold), list(predicted)).body.tolist() == ["a", "b"]
    assert get_label_instances((1, 1), frame, gold, predicted).shape == (0,)
    assert "(1, 1) does not exist" in caplog.text


def test_buckets_that_cannot_be_are_refused():
    with pytest.raises(LabelMatrixError, match="same number of elements"):
        get_label_buckets([0, 1], [0])
    with pytest.raises(LabelMatrixError, match="same number"):
        get_label_buckets()
    with pytest.raises(ValueError, match="one label for each"):
        get_label_instances((1,), np.arange(2), [0, 1], [0, 1])
    with pytest.raises(ValueError, match="x has 3 rows"):
        get_label_instances((1,), np.arange(3), [0, 1])
    assert get_label_buckets([]) == {}


@pytest.mark.filterwarnings("ignore::UserWarning")  # scikit-learn's, of labels that are never predicted
@law(60)
@given(LABELS, st.booleans())
def test_scores_are_snorkels(labels, of_two):
    theirs = pytest.importorskip("snorkel.analysis")
    gold, predicted = (np.minimum(labels[:, column], 1 if of_two else 2) for column in (0, 1))
    probabilities = np.eye(3)[np.maximum(predicted, 0)][:, : 2 if of_two else 3]
    left_out = {"golds": [-1], "preds": [-1]}
    known = (gold >= 0) & (predicted >= 0)
    for metric in METRICS:
        if not known.any() or (metric == "roc_auc" and (not of_two or len(set(gold[known])) < 2)):
            continue
        if not of_two and metric in ("precision", "recall", "f1", "fbeta"):
            continue
        more = {"beta": 2.0} if metric == "fbeta" else {}
        expected = theirs.metric_score(gold, predicted, probabilities, metric, left_out, **more)
        assert metric_score(gold, predicted, probabilities, metric, left_out, **more) == pytest.approx(expected)
    if known.any():
        names = ["accuracy", "coverage", "f1_macro"]
        assert Scorer(names).score(gold, predicted) == pytest.approx(theirs.Scorer(names).score(gold, predicted))


def test_scores_of_ones_own_stand_beside_the_known_ones():
    scorer = Scorer(
        ["accuracy"], {"two": lambda golds, _preds, _probs: {"n": len(golds), "m": 1.0}}, abstain_label=None
    )
    assert scorer.score(np.array([0, -1]), np.array([0, -1])) == {"accuracy": 1.0, "n": 2, "m": 1.0}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"metric": "acuracy"}, "Did you mean 'accuracy'"),
        ({"metric": "roc_auc"}, "requires access to probs"),
        ({"metric": "f1", "golds": [0, 2]}, "f1 is for two labels"),
        ({"filter_dict": {"gold": [-1]}}, "must only include keys"),
        ({"preds": [0]}, "differ in length"),
        ({"preds": [0, 0.5]}, "non-integer"),
        ({"preds": ["a", "b"]}, "whole numbers"),
        ({"preds": [[0, 1], [1, 0]]}, "could not be converted to 1d"),
    ],
)
def test_scores_that_cannot_be_are_refused(told, said):
    with pytest.raises(LabelMatrixError, match=said):
        metric_score(**{"golds": [0, 1], "preds": [0, 1]} | told)


def test_scorers_refuse_what_they_do_not_know_and_no_gold():
    with pytest.raises(ValueError, match="Unrecognized metric: acuracy"):
        Scorer(["acuracy"])
    with pytest.raises(ValueError, match="empty"):
        Scorer(["accuracy"]).score([], [])


@law(30)
@given(hnp.arrays(np.int64, st.integers(2, 9), elements=st.integers(0, 2)), st.booleans())
def test_conversions_are_snorkels(labels, column):
    theirs = pytest.importorskip("snorkel.utils")
    given_ = labels[:, None] if column else labels
    np.testing.assert_array_equal(preds_to_probs(given_, 3), theirs.preds_to_probs(given_, 3))
    np.testing.assert_array_equal(to_int_label_array(given_ * 1.0), theirs.to_int_label_array(given_ * 1.0))
    both, left_out = {"golds": labels, "preds": labels[::-1]}, {"golds": [0], "preds": [1]}
    for name, kept in theirs.filter_labels(both, left_out).items():
        np.testing.assert_array_equal(filter_labels(both, left_out)[name], np.atleast_1d(kept))


def test_conversions_refuse_with_the_row():
    with pytest.raises(ValueError, match="-1, in row 1"):
        preds_to_probs([0, -1], 2)
    with pytest.raises(ValueError, match="2, in row 0"):
        preds_to_probs([2, 0], 2)
    for wrong in (np.zeros(3), np.zeros((3, 1)), np.full((2, 2), np.nan)):
        with pytest.raises(LabelMatrixError):
            probs_to_preds(wrong)
    with pytest.raises(ValueError, match="abstain, random, true-random"):
        probs_to_preds(np.full((1, 2), 0.5), "first")
    assert preds_to_probs([1], 2).shape == (1, 2)

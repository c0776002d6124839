"""Slices: named columns, the rows of one, scores on each; beside Snorkel's."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from retrolabel.interop.snorkel import LabelMatrixError
from retrolabel.interop.snorkel.analysis import Scorer
from retrolabel.interop.snorkel.slicing import (
    PandasSFApplier,
    SFApplier,
    SlicingFunction,
    slice_dataframe,
    slicing_function,
)

FRAME = pd.DataFrame({"body": ["a crash", "please fix it", "ok"], "stars": [1, 5, 3]}, index=[4, 4, 0])


@slicing_function()
def is_short(x):
    return len(x.body.split()) < 3


@slicing_function(name="bad", resources={"most": 2})
def is_bad(x, most):
    return x.stars <= most


@pytest.mark.filterwarnings("ignore::Warning:snorkel.*")
def test_the_record_array_is_snorkels():
    theirs = pytest.importorskip("snorkel.slicing")
    points = [SimpleNamespace(**row) for row in FRAME.to_dict("records")]
    for ours, their, data in ((PandasSFApplier, theirs.PandasSFApplier, FRAME), (SFApplier, theirs.SFApplier, points)):
        found = ours([is_short, is_bad]).apply(data, progress_bar=False)
        expected = their([is_short, is_bad]).apply(data, progress_bar=False)
        assert (found.dtype, found.tolist()) == (expected.dtype, expected.tolist())
        assert found["bad"].tolist() == found.bad.tolist() == [1, 0, 0]


def test_the_rows_of_a_slice_keep_their_order_and_index():
    rows = slice_dataframe(FRAME, is_short)
    assert (rows.stars.tolist(), rows.index.tolist()) == ([1, 3], [4, 0])
    assert slice_dataframe(FRAME, SlicingFunction("none", lambda _: -1)).empty


def test_scores_of_slices_are_snorkels():
    theirs = pytest.importorskip("snorkel.analysis")
    slices = PandasSFApplier([is_short, is_bad]).apply(FRAME, progress_bar=False)
    given = slices, np.array([0, 1, 1]), np.array([0, 0, 1]), np.eye(2)[[0, 0, 1]]
    metrics = ["accuracy", "f1_micro", "coverage"]
    assert Scorer(metrics).score_slices(*given) == theirs.Scorer(metrics).score_slices(*given)
    pd.testing.assert_frame_equal(
        Scorer(metrics).score_slices(*given, as_dataframe=True),
        theirs.Scorer(metrics).score_slices(*given, as_dataframe=True),
    )


def test_scores_of_slices_that_cannot_be_are_refused():
    slices = PandasSFApplier([SlicingFunction("none", lambda _: False)]).apply(FRAME, progress_bar=False)
    labels, probabilities = np.array([0, 1, 1]), np.full((3, 2), 0.5)
    with pytest.raises(LabelMatrixError, match="none is empty"):
        Scorer(["accuracy"]).score_slices(slices, labels, labels, probabilities)
    with pytest.raises(ValueError, match="same number of elements"):
        Scorer(["accuracy"]).score_slices(slices, labels[:2], labels, probabilities)
    with pytest.raises(LabelMatrixError, match="names no slices"):
        Scorer(["accuracy"]).score_slices(np.ones((3, 1)), labels, labels, probabilities)


def test_the_decorator_without_parentheses_is_refused():
    with pytest.raises(ValueError, match="slicing_function: missing parentheses"):
        slicing_function(lambda _: True)

"""Appliers that work in parallel: the votes of the one that does not."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from retrolabel.engines.local import LocalExecutor
from retrolabel.errors import MissingExtraError
from retrolabel.interop.snorkel import DataPointsError, PandasLFApplier, SettingError
from retrolabel.interop.snorkel.labeling import labeling_function
from retrolabel.interop.snorkel.labeling.apply.dask import DaskLFApplier, PandasParallelLFApplier
from retrolabel.interop.snorkel.preprocess import preprocessor
from retrolabel.interop.snorkel.slicing.apply.dask import PandasParallelSFApplier

FRAME = pd.DataFrame(
    {"body": ["a crash", "please", "", "why a crash?", "ok"], "stars": [1, 5, 3, 2, 4]}, index=[9, 1, 5, 1, 0]
)


@preprocessor(memoize=True)
def words(x):
    x.words = x.body.split()
    return x


@labeling_function(pre=[words])
def breaks(x):
    return 0 if "crash" in x.words else -1


@labeling_function()
def is_content(x):
    return 1 if x.stars > 3 else -1


@labeling_function()
def fails(x):
    return 0 if x.boddy else -1


LFS = [breaks, is_content]
VOTES = [[0, -1], [-1, 1], [-1, -1], [-1, -1], [-1, 1]]


def schedulers():
    return ["synchronous", "threads", ThreadPoolExecutor(2)]


@pytest.mark.parametrize(
    "scheduler", schedulers(), ids=lambda each: each if isinstance(each, str) else type(each).__name__
)
@pytest.mark.parametrize("parts", [2, 3, 50])
def test_the_votes_are_those_of_one_process_in_the_order_of_the_frame(scheduler, parts):
    assert PandasLFApplier(LFS).apply(FRAME, progress_bar=False).tolist() == VOTES
    votes = PandasParallelLFApplier(LFS).apply(FRAME, parts, scheduler)
    assert (votes.tolist(), votes.dtype) == (VOTES, np.int64)


@pytest.mark.slow
def test_processes_of_dasks_and_of_an_engine_give_the_same_votes():
    assert PandasParallelLFApplier(LFS).apply(FRAME).tolist() == VOTES
    with LocalExecutor(2) as engine:
        assert PandasParallelLFApplier(LFS).apply(FRAME, scheduler=engine).tolist() == VOTES


@pytest.mark.parametrize(
    "scheduler", schedulers(), ids=lambda each: each if isinstance(each, str) else type(each).__name__
)
def test_a_dask_frame_is_applied_by_its_partitions(scheduler):
    dd = pytest.importorskip("dask.dataframe")
    theirs = pytest.importorskip("snorkel.labeling.apply.dask")
    frame = FRAME.sort_index(kind="stable").reset_index(drop=True)
    cut = dd.from_pandas(frame, npartitions=2)
    votes = DaskLFApplier(LFS).apply(cut, scheduler)
    np.testing.assert_array_equal(votes, PandasLFApplier(LFS).apply(frame, progress_bar=False))
    # Snorkel's own asks Dask to guess the result from a made-up row, on which functions over text fail.
    numbers = theirs.DaskLFApplier([is_content]).apply(cut, scheduler="synchronous")
    np.testing.assert_array_equal(votes[:, [1]], numbers)


def test_no_items_give_a_matrix_without_rows():
    assert PandasParallelLFApplier(LFS).apply(FRAME.iloc[:0], scheduler="synchronous").shape == (0, 2)


@pytest.mark.parametrize(
    "scheduler", schedulers(), ids=lambda each: each if isinstance(each, str) else type(each).__name__
)
def test_a_fault_is_raised_unless_faults_are_tolerated(scheduler):
    applier = PandasParallelLFApplier([breaks, fails])
    with pytest.raises(AttributeError) as caught:
        applier.apply(FRAME, scheduler=scheduler)
    assert "fails failed on the data point" in caught.value.__notes__[0]
    assert "Did you mean 'body'" in caught.value.__notes__[0]
    votes = applier.apply(FRAME, scheduler=scheduler, fault_tolerant=True)
    assert votes[:, 1].tolist() == [-1] * len(FRAME)


def test_slices_are_named():
    votes = PandasParallelSFApplier([is_content]).apply(FRAME, scheduler="threads")
    assert votes["is_content"].tolist() == [-1, 1, -1, -1, 1]


def test_what_cannot_work_in_parallel_is_refused_with_what_can():
    with pytest.raises(ValueError, match="n_parallel should be >= 2"):
        PandasParallelLFApplier(LFS).apply(FRAME, n_parallel=1)
    with pytest.raises(SettingError, match="There is no scheduler 'prozesse'"):
        PandasParallelLFApplier(LFS).apply(FRAME, scheduler="prozesse")
    for applier in (PandasParallelLFApplier, DaskLFApplier):
        with pytest.raises(DataPointsError, match="takes a frame of"):
            applier(LFS).apply([SimpleNamespace(body="")])
    with pytest.raises(DataPointsError, match="PandasParallelLFApplier"):
        DaskLFApplier(LFS).apply(FRAME)


def test_without_dask_an_executor_will_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "dask", None)
    with pytest.raises(MissingExtraError, match=r"retrolabel\[dask\]"):
        PandasParallelLFApplier(LFS).apply(FRAME)
    assert PandasParallelLFApplier(LFS).apply(FRAME, scheduler=ThreadPoolExecutor(1)).tolist() == VOTES

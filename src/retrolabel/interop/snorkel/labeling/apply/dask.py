"""Appliers that work in parallel: ``snorkel.labeling.apply.dask``.

Who works is the ``scheduler``: a name of Dask's, a Dask client, or any executor of ``concurrent.futures``'
kind, retrolabel's engines among them. With an executor, Dask need not be installed.
"""

from __future__ import annotations

import importlib
import importlib.util
import pickle
from concurrent.futures import Executor
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retrolabel.errors import MissingExtraError
from retrolabel.interop.snorkel.appliers import BaseLFApplier, PandasLFApplier
from retrolabel.interop.snorkel.refusals import DataPointsError, SettingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.interop.snorkel.appliers import Matrix

    Scheduler = Any
SCHEDULERS = "'processes', 'threads', 'synchronous', a Dask client or an executor"
SEVERAL = 2


class DaskLFApplier(BaseLFApplier):
    """Applies labeling functions to the partitions of a Dask frame.

    Args:
        lfs: Labeling functions with a name, as for ``PandasLFApplier``.

    Raises:
        LabelingFunctionValueError: There are none, two have one name, or one is no function.
    """

    def apply(self, df: Any, scheduler: Scheduler = "processes", fault_tolerant: bool = False) -> Matrix:  # noqa: ANN401 - Dask's frame
        """Return the label matrix, int64 [n, m], its rows in the order of the frame.

        With ``processes``, and with executors that start processes, a script is imported again by each
        of them: what it does belongs under ``if __name__ == "__main__":``.

        Args:
            df: A Dask frame.
            scheduler: Who works: ``processes``, ``threads``, ``synchronous``, a Dask client, or an executor.
            fault_tolerant: Where a labeling function fails, abstain in its place.

        Raises:
            DataPointsError: It is no Dask frame.
            MissingExtraError: Dask is not installed.
            SettingError: There is no such scheduler.
            Exception: Whatever a labeling function raises.
        """
        if not hasattr(df, "to_delayed"):
            raise DataPointsError(
                f"DaskLFApplier takes a frame of Dask's, not a {type(df).__name__}.",
                remedy="PandasParallelLFApplier, or PandasLFApplier, takes one of pandas",
            )
        return self._of_parts(df.to_delayed(), scheduler, fault_tolerant=fault_tolerant)

    def _of_parts(self, parts: Sequence[Any], scheduler: Scheduler, *, fault_tolerant: bool) -> Matrix:
        work = _Work(self._lfs, fault_tolerant=fault_tolerant)
        if isinstance(scheduler, Executor):
            waiting = [scheduler.submit(work, _computed(part)) for part in parts]
            return self._joined([each.result() for each in waiting])
        try:
            dask: Any = importlib.import_module("dask")
        except ImportError:
            raise MissingExtraError("dask", "dask", "An applier that works in parallel") from None
        tasks = [dask.delayed(work, pure=False)(part) for part in parts]
        try:
            computing = partial(dask.compute, scheduler=dask.base.get_scheduler(scheduler=scheduler))
        except (TypeError, ValueError) as error:
            raise SettingError(f"There is no scheduler {scheduler!r:.60}.", remedy=f"use {SCHEDULERS}") from error
        return self._joined(computing(*tasks))

    def _joined(self, votes: Sequence[Matrix]) -> Matrix:
        return self._matrix([row for part in votes for row in part.tolist()])


class PandasParallelLFApplier(DaskLFApplier):
    """Applies labeling functions to the rows of a pandas frame, in parallel.

    Its rows keep their order; Snorkel's sorts them by their index, and says nothing of it.

    Args:
        lfs: Labeling functions with a name, as for ``PandasLFApplier``.

    Raises:
        LabelingFunctionValueError: There are none, two have one name, or one is no function.

    Example:
        >>> from concurrent.futures import ThreadPoolExecutor
        >>> def is_bad(x):
        ...     return 0 if x.stars < 3 else -1
        >>> with ThreadPoolExecutor() as threads:
        ...     PandasParallelLFApplier([is_bad]).apply(pd.DataFrame({"stars": [1, 5, 2]}), scheduler=threads).tolist()
        [[0], [-1], [0]]
    """

    def apply(  # type: ignore[override]  # Snorkel's signature
        self, df: pd.DataFrame, n_parallel: int = 2, scheduler: Scheduler = "processes", fault_tolerant: bool = False
    ) -> Matrix:
        """Return the label matrix, int64 [n, m], its rows in the order of the frame.

        Args:
            df: n items.
            n_parallel: The number of parts that the frame is cut into; 2 or more.
            scheduler: Who works: ``processes``, ``threads``, ``synchronous``, a Dask client, or an executor.
            fault_tolerant: Where a labeling function fails, abstain in its place.

        Raises:
            DataPointsError: It is no frame of pandas.
            MissingExtraError: Dask is not installed, and no executor was given.
            SettingError: There is no such scheduler, or one part only.
            Exception: Whatever a labeling function raises.
        """
        if n_parallel < SEVERAL:
            raise SettingError(
                f"n_parallel should be >= 2, not {n_parallel}.", remedy="PandasLFApplier works in one process"
            )
        if not isinstance(df, pd.DataFrame):
            raise DataPointsError(
                f"PandasParallelLFApplier takes a frame of pandas, not a {type(df).__name__}.",
                remedy="DaskLFApplier takes one of Dask's, LFApplier a list",
            )
        ends = np.linspace(0, len(df), n_parallel + 1).astype(int)
        parts = [df.iloc[start:end] for start, end in pairwise(ends) if end > start]
        return self._of_parts(parts, scheduler, fault_tolerant=fault_tolerant)


class _Work:
    """What is done to a part of a frame; it is pickled by what can pickle functions of a script too."""

    def __init__(self, lfs: Sequence[Any], *, fault_tolerant: bool) -> None:
        self.lfs = list(lfs)
        self.fault_tolerant = fault_tolerant

    def __call__(self, part: pd.DataFrame) -> Matrix:
        """Return the votes on a part."""
        return PandasLFApplier(self.lfs).apply(part, progress_bar=False, fault_tolerant=self.fault_tolerant)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to make it again in another process."""
        able: Any = pickle
        if importlib.util.find_spec("cloudpickle"):  # it comes with Dask
            able = importlib.import_module("cloudpickle")
        return _made_again, (able.dumps((self.lfs, self.fault_tolerant)),)


def _made_again(pickled: bytes) -> _Work:
    lfs, fault_tolerant = pickle.loads(pickled)  # noqa: S301 - it comes from the process that asks
    return _Work(lfs, fault_tolerant=fault_tolerant)


def _computed(part: Any) -> pd.DataFrame:  # noqa: ANN401 - a partition of Dask's, or a frame
    found: pd.DataFrame = part if isinstance(part, pd.DataFrame) else part.compute(scheduler="synchronous")
    return found

"""Snorkel's appliers: labeling functions over data points, to a label matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sized
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

import numpy as np

from retrolabel.errors import did_you_mean
from retrolabel.interop.snorkel.functions import name_of
from retrolabel.interop.snorkel.matrices import ABSTAINS
from retrolabel.interop.snorkel.refusals import DataPointsError, LabelingFunctionValueError, VoteValueError
from retrolabel.labeling.functions import LabelingFunction as OurLabelingFunction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy.typing as npt
    import pandas as pd

    Matrix = npt.NDArray[np.int64]


class ApplierMetadata(NamedTuple):
    """What is known of an application besides the votes.

    Attributes:
        faults: Name -> on how many data points the labeling function failed; those that never failed are not in it.
    """

    faults: dict[str, int]


class BaseLFApplier:
    """What all appliers do: check the labeling functions, and take their votes on one data point.

    Args:
        lfs: Labeling functions with a name.

    Raises:
        LabelingFunctionValueError: There are none, two have one name, or one is no function.
    """

    _named = False
    """Whether the columns of what it returns have names."""

    def __init__(self, lfs: Sequence[Any]) -> None:
        self._lfs = list(lfs)
        self._lf_names = [_name_of(lf) for lf in self._lfs]
        twice = [name for name, count in Counter(self._lf_names).items() if count > 1]
        if twice or not self._lfs:
            raise LabelingFunctionValueError(
                f"Operator names are not unique: {', '.join(twice)}."
                if twice
                else "An applier needs at least one labeling function.",
                remedy="give each labeling function a name of its own" if twice else "",
            )

    def __repr__(self) -> str:
        """Return the names of the labeling functions."""
        return f"{type(self).__name__}, LFs: {self._lf_names}"

    def _votes_on(self, x: object, row: object, *, fault_tolerant: bool, faults: Counter[str]) -> list[int]:
        votes = []
        for name, lf in zip(self._lf_names, self._lfs, strict=True):
            try:
                vote = _number(lf(x), name)
            except Exception as error:
                if not fault_tolerant:
                    error.add_note(
                        f"The labeling function {name} failed on the data point {row!r}.{_missing(x, error)}"
                    )
                    raise
                faults[name] += 1
                vote = ABSTAINS
            votes.append(vote)
        return votes

    def _matrix(self, rows: list[list[int]]) -> Matrix:
        votes = np.array(rows, dtype=np.int64).reshape(len(rows), len(self._lfs))
        if not self._named:
            return votes
        named: Any = np.recarray(len(rows), dtype=[(name, np.int64) for name in self._lf_names])
        for name, column in zip(self._lf_names, votes.T, strict=True):
            named[name] = column
        return named  # type: ignore[no-any-return]  # a record array is an array


class LFApplier(BaseLFApplier):
    """Applies labeling functions to a list of data points, or to the rows of an array.

    Args:
        lfs: Labeling functions with a name: Snorkel's, or those of this package; plain functions go by
            the name that they were defined under.

    Raises:
        LabelingFunctionValueError: There are none, two have one name, or one is no function.

    Example:
        >>> from types import SimpleNamespace
        >>> def breaks(x):
        ...     return 0 if "crash" in x.body else -1
        >>> def asks(x):
        ...     return 1 if "?" in x.body else -1
        >>> data = [SimpleNamespace(body="a crash"), SimpleNamespace(body="why a crash?"), SimpleNamespace(body="")]
        >>> LFApplier([breaks, asks]).apply(data, progress_bar=False)
        array([[ 0, -1],
               [ 0,  1],
               [-1, -1]])
    """

    @overload
    def apply(
        self,
        data_points: Iterable[Any],
        progress_bar: bool = ...,
        fault_tolerant: bool = ...,
        return_meta: Literal[False] = ...,
    ) -> Matrix: ...
    @overload
    def apply(
        self, data_points: Iterable[Any], progress_bar: bool = ..., fault_tolerant: bool = ..., *,
        return_meta: Literal[True],
    ) -> tuple[Matrix, ApplierMetadata]: ...  # fmt: skip
    @overload
    def apply(
        self, data_points: Iterable[Any], progress_bar: bool = ..., fault_tolerant: bool = ..., return_meta: bool = ...
    ) -> Matrix | tuple[Matrix, ApplierMetadata]: ...
    def apply(
        self,
        data_points: Iterable[Any],
        progress_bar: bool = True,
        fault_tolerant: bool = False,
        return_meta: bool = False,
    ) -> Matrix | tuple[Matrix, ApplierMetadata]:
        """Return the label matrix, int64 [n, m].

        Args:
            data_points: n objects of any kind.
            progress_bar: Show how far it is, on the error stream.
            fault_tolerant: Where a labeling function fails, abstain in its place and count it.
            return_meta: Return the counts of faults too.

        Raises:
            DataPointsError: The data are in a form that another applier takes.
            VoteValueError: A labeling function returned something that is no label's number.
            Exception: Whatever a labeling function raises, with a note that names it and the data point.
        """
        if hasattr(data_points, "columns"):
            raise DataPointsError(
                "LFApplier takes a list of data points; of a frame it would see the names of the columns.",
                remedy="PandasLFApplier takes a frame of pandas, DaskLFApplier one of Dask's",
            )
        faults: Counter[str] = Counter()
        total = len(data_points) if isinstance(data_points, Sized) else None
        with _progress(total, shown=progress_bar) as advance:
            rows = []
            for row, x in enumerate(data_points):
                rows.append(self._votes_on(x, row, fault_tolerant=fault_tolerant, faults=faults))
                advance()
        votes = self._matrix(rows)
        return (votes, ApplierMetadata(dict(faults))) if return_meta else votes


class PandasLFApplier(BaseLFApplier):
    """Applies labeling functions to the rows of a frame; each row is a pandas Series, as in Snorkel.

    Args:
        lfs: Labeling functions with a name: Snorkel's, or those of this package; plain functions go by
            the name that they were defined under.

    Raises:
        LabelingFunctionValueError: There are none, two have one name, or one is no function.

    Example:
        >>> import pandas as pd
        >>> def is_bad(x):
        ...     return 0 if x.stars < 3 else -1
        >>> PandasLFApplier([is_bad]).apply(pd.DataFrame({"stars": [1, 5]}), progress_bar=False).tolist()
        [[0], [-1]]
        >>> def never_works(x):
        ...     return x.no_such_column
        >>> applier = PandasLFApplier([is_bad, never_works])
        >>> applier.apply(pd.DataFrame({"stars": [1, 5]}), progress_bar=False, fault_tolerant=True, return_meta=True)
        (array([[ 0, -1],
               [-1, -1]]), ApplierMetadata(faults={'never_works': 2}))
    """

    @overload
    def apply(
        self, df: pd.DataFrame, progress_bar: bool = ..., fault_tolerant: bool = ..., return_meta: Literal[False] = ...
    ) -> Matrix: ...
    @overload
    def apply(
        self, df: pd.DataFrame, progress_bar: bool = ..., fault_tolerant: bool = ..., *, return_meta: Literal[True]
    ) -> tuple[Matrix, ApplierMetadata]: ...
    @overload
    def apply(
        self, df: pd.DataFrame, progress_bar: bool = ..., fault_tolerant: bool = ..., return_meta: bool = ...
    ) -> Matrix | tuple[Matrix, ApplierMetadata]: ...
    def apply(
        self,
        df: pd.DataFrame,
        progress_bar: bool = True,
        fault_tolerant: bool = False,
        return_meta: bool = False,
    ) -> Matrix | tuple[Matrix, ApplierMetadata]:
        """Return the label matrix, int64 [n, m], its rows in the order of the frame.

        Args:
            df: n items.
            progress_bar: Show how far it is, on the error stream.
            fault_tolerant: Where a labeling function fails, abstain in its place and count it.
            return_meta: Return the counts of faults too.

        Raises:
            DataPointsError: The data are in a form that another applier takes.
            VoteValueError: A labeling function returned something that is no label's number.
            Exception: Whatever a labeling function raises, with a note that names it and the row.
        """
        if not hasattr(df, "iterrows") or not hasattr(df, "iloc"):
            raise DataPointsError(
                f"PandasLFApplier takes a frame of pandas, not a {type(df).__name__}.",
                remedy='one column of texts is a frame too: series.to_frame("text"); LFApplier takes lists and arrays',
            )
        faults: Counter[str] = Counter()
        rows: list[list[int]] = []
        with _progress(len(df), shown=progress_bar) as advance:

            def take(x: pd.Series[Any]) -> int:
                rows.append(self._votes_on(x, x.name, fault_tolerant=fault_tolerant, faults=faults))
                advance()
                return 0

            if len(df.columns):
                df.apply(take, axis=1)
            else:  # pandas would try the function on an empty row, and no more
                for _, row in df.iterrows():
                    take(row)
        votes = self._matrix(rows)
        return (votes, ApplierMetadata(dict(faults))) if return_meta else votes


def _name_of(lf: object) -> str:
    if isinstance(lf, OurLabelingFunction):
        raise LabelingFunctionValueError(
            f"{lf.name} is a labeling function of retrolabel, whose votes are labels and no numbers.",
            remedy="write to_snorkel(lf, [LABEL_0, LABEL_1]), or use retrolabel.apply",
        )
    return name_of(lf)


def _missing(x: object, error: Exception) -> str:
    """Return which columns a row has, where a labeling function asked for one that it does not have."""
    asked = error.name if isinstance(error, AttributeError) else error.args[0] if isinstance(error, KeyError) else None
    columns = [str(each) for each in getattr(x, "index", ())] if hasattr(x, "iloc") else []
    if not isinstance(asked, str) or not columns or asked in columns:
        return ""
    return f" There is no column {asked!r}.{did_you_mean(asked, columns)} The row has: {', '.join(columns)}."


def _number(vote: object, name: str) -> int:
    """Return a vote as a number; what equals a whole number is one."""
    if isinstance(vote, (int, np.integer, np.bool_)) or (isinstance(vote, (float, np.floating)) and vote == vote // 1):
        number = int(vote)
        if number >= ABSTAINS:
            return number
    raise VoteValueError(
        f"{name} returned {vote!r:.80}, which is no label's number.",
        remedy="return 0, 1, 2, ..., or -1 to abstain",
    )


@contextmanager
def _progress(total: int | None, *, shown: bool) -> Iterator[Callable[[], object]]:
    """Give a function that is called after each data point."""
    if not shown:
        yield lambda: None
        return
    from rich.console import Console  # noqa: PLC0415 - for people only
    from rich.progress import Progress  # noqa: PLC0415 - the same

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("data points", total=total)
        yield lambda: progress.advance(task)

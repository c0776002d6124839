"""The values of a column: plain ones, in the order of the rows, or in the form that an author's function wants."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from retrolabel.errors import UndeclaredVoteError

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAIN = frozenset({str, int, bool, bytes, type(None)})


def plain_values(column: Any) -> list[Any]:  # noqa: ANN401 - whatever holds values
    """Return values as plain Python ones, ``None`` where one is missing; NaN counts as missing.

    Example:
        >>> plain_values(np.array([1.5, np.nan]))
        [1.5, None]
    """
    if isinstance(column, (pa.Array, pa.ChunkedArray)):
        values = column.to_pylist()
        return [_none_for_nan(value) for value in values] if pa.types.is_floating(column.type) else list(values)
    if isinstance(column, np.ndarray) and column.dtype.kind in "iubU":
        return list(column.tolist())
    if isinstance(column, pd.api.extensions.ExtensionArray) or (
        isinstance(column, np.ndarray) and column.dtype.kind in "mM"
    ):
        column = pd.Series(column)
    if isinstance(column, pd.Series) and column.dtype != object:
        values, missing = column.tolist(), column.isna()
        if not missing.any():
            return list(values)
        return [None if gone else value for value, gone in zip(values, missing.tolist(), strict=True)]
    values = column.tolist() if isinstance(column, (np.ndarray, pd.Series)) else list(column)
    odd = {kind for kind in set(map(type, values)) if kind not in PLAIN}
    return [_plain(value) for value in values] if odd else values


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value
    """Return a value as plain Python's, ``None`` where it is missing in somebody's way."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is pd.NA or value is pd.NaT or (isinstance(value, Decimal) and value.is_nan()):
        return None
    return _none_for_nan(value)


def _none_for_nan(value: Any) -> Any:  # noqa: ANN401 - any value
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124 - NaN


def in_order(answer: Any, rows: int, name: str) -> list[Any]:  # noqa: ANN401 - what an author's function returned
    """Return what a function of whole columns returned as one value for each row, in the order of the rows.

    A pandas series knows which value belongs to which row by its index; sorting it changes nothing.

    Raises:
        UndeclaredVoteError: It is not one value for each row.

    Example:
        >>> in_order(pd.Series([3, 1, 2]).sort_values(), 3, "stars")
        [3, 1, 2]
    """
    if isinstance(answer, pd.Series) and not answer.index.equals(pd.RangeIndex(rows)):
        if len(answer) == rows and answer.index.is_unique and set(answer.index) == set(range(rows)):
            answer = answer.sort_index()
        else:
            raise UndeclaredVoteError(
                f"{name} returned a series of {len(answer):,} values with an index of its own for {rows:,} rows.",
                remedy="keep the index of the column that came in, one value for each row",
            )
    if isinstance(answer, (str, bytes, set, frozenset, dict, pd.DataFrame)) or not hasattr(answer, "__iter__"):
        raise UndeclaredVoteError(
            f"{name} returned {type(answer).__name__}, not a value for each row.",
            remedy="return a series, an array or a list, as long as the columns",
        )
    values = plain_values(answer)
    if len(values) != rows:
        what = "value" if len(values) == 1 else "values"
        raise UndeclaredVoteError(
            f"{name} returned {len(values):,} {what} for {rows:,} row{'s' if rows > 1 else ''}.",
            remedy="return one value for each row",
        )
    return values


def as_column(values: Sequence[Any], kind: str) -> Any:  # noqa: ANN401 - a series or an array
    """Return plain values as a column: ``pandas`` or ``arrow``; nothing but missing values is a text column.

    Example:
        >>> as_column(["a", None], "arrow").null_count, as_column([None], "arrow").type
        (1, DataType(string))
    """
    if all(value is None for value in values):
        return pa.nulls(len(values), pa.string()) if kind == "arrow" else pd.Series(values, dtype="str")
    return pa.array(values) if kind == "arrow" else pd.Series(values)

"""Items by column: each column is turned into what labeling functions want once, however many want it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrolabel.labeling.features import Feature


class Batch:
    """Some items, by column.

    Args:
        columns: Column -> Arrow array, pandas series, numpy array or sequence of values, all of length ``rows``.
        rows: The number of items.

    Example:
        >>> batch = Batch({"comment": ["a", None]}, 2)
        >>> batch.values("comment"), batch.array("comment").null_count
        (['a', None], 1)
    """

    def __init__(self, columns: Mapping[str, Any], rows: int) -> None:
        self.rows = rows
        self._columns = columns
        self._values: dict[str, list[Any]] = {}
        self._arrays: dict[str, pa.Array] = {}
        self._features: dict[int, tuple[list[Any], dict[int, BaseException]]] = {}
        self.features: dict[str, Feature] = {}
        """The features that rules on this batch may name instead of a column."""
        self.shared: dict[object, Any] = {}
        """What rules of one kind keep for each other while they look at this batch, as the docs of a text."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns there are."""
        return tuple(self._columns)

    def values(self, name: str) -> list[Any]:
        """Return a column as plain Python values, ``None`` where one is missing."""
        if name not in self._values:
            self._values[name] = plain_values(self._columns[name])
        return self._values[name]

    def array(self, name: str) -> pa.Array:
        """Return a column as one Arrow array.

        Raises:
            pyarrow.ArrowException: Its values are of several types, or of none that Arrow knows.
        """
        if name not in self._arrays:
            self._arrays[name] = self._as_array(name)
        return self._arrays[name]

    def series(self, name: str) -> pd.Series:
        """Return a column as a pandas series; missing values are missing in pandas' own way."""
        column = self._columns[name]
        if isinstance(column, pd.Series):
            return column.reset_index(drop=True)
        if isinstance(column, (pa.Array, pa.ChunkedArray)):
            made: pd.Series = column.to_pandas()
            return made.rename(name)
        return pd.Series(column, name=name)

    def item(self, row: int) -> dict[str, Any]:
        """Return one item as a mapping of columns."""
        return {name: self.values(name)[row] for name in self._columns}

    def rows_of(self, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield the values of some columns, row by row."""
        if not names:
            return iter([()] * self.rows)
        return zip(*(self.values(name) for name in names), strict=True)

    def parameter(self, name: str, features: Mapping[str, Feature]) -> tuple[list[Any], dict[int, BaseException]]:
        """Return the values of a column or feature, and what was raised on the rows where a feature failed."""
        if name not in features:
            return self.values(name), {}
        made = features[name]
        if id(made) not in self._features:
            inputs = [self.parameter(each, features) for each in made.columns]
            failed = {row: error for _, errors in inputs for row, error in errors.items()}
            self._features[id(made)] = self._compute(made, [values for values, _ in inputs], failed)
        return self._features[id(made)]

    def _as_array(self, name: str) -> pa.Array:
        column = self._columns[name]
        if isinstance(column, pa.ChunkedArray):
            return column.combine_chunks()
        return column if isinstance(column, pa.Array) else pa.array(self.values(name))

    def keep(self, made: Feature, values: list[Any]) -> None:
        """Take a feature's values as they are, instead of computing them."""
        self._features[id(made)] = (values, {})

    def _compute(
        self, made: Feature, columns: list[list[Any]], failed: dict[int, BaseException]
    ) -> tuple[list[Any], dict[int, BaseException]]:
        """Return a feature's values; where a whole batch fails, each item by itself tells which did."""
        if made.batch and not failed:
            try:
                return made.many(columns, self.rows), {}
            except Exception:  # noqa: BLE001, S110 - an author's function may raise anything; below it is found where
                pass
        values: list[Any] = [None] * self.rows
        for row in range(self.rows):
            if row in failed:
                continue
            try:
                values[row] = made.one([column[row] for column in columns])
            except (Exception, SystemExit) as error:  # noqa: BLE001 - the same
                failed[row] = error
        return values, failed


def plain_values(column: Any) -> list[Any]:  # noqa: ANN401 - whatever holds values
    """Return values as plain Python ones, ``None`` where one is missing.

    Example:
        >>> plain_values(np.array([1.5, np.nan]))
        [1.5, None]
    """
    if isinstance(column, (pa.Array, pa.ChunkedArray)):
        return list(column.to_pylist())
    if isinstance(column, pd.Series):
        values = column.tolist()
        missing = column.isna()
        if not missing.any():
            return values
        return [None if gone else value for value, gone in zip(values, missing.tolist(), strict=True)]
    values = column.tolist() if isinstance(column, np.ndarray) else list(column)
    if isinstance(column, np.ndarray) and column.dtype.kind in "iubU":
        return values
    return [None if isinstance(value, float) and value != value else value for value in values]  # noqa: PLR0124 - NaN


def as_column(values: Sequence[Any], kind: str) -> Any:  # noqa: ANN401 - a series or an array
    """Return plain values as a column: ``pandas`` or ``arrow``; nothing but missing values is a text column."""
    if all(value is None for value in values):
        return pa.nulls(len(values), pa.string()) if kind == "arrow" else pd.Series(values, dtype="str")
    return pa.array(values) if kind == "arrow" else pd.Series(values)

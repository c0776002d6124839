"""Items by column: each column is turned into what labeling functions want once, however many want it."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from retrolabel.errors import LabelingFunctionError
from retrolabel.labeling.columns import plain_values
from retrolabel.labeling.raised import interruptible, is_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrolabel.labeling.features import Feature

CONTAINERS = frozenset({list, dict, set, bytearray})
NULLABLE = {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int32Dtype(), pa.bool_(): pd.BooleanDtype()}


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
        self._features: dict[Feature, tuple[list[Any], dict[int, BaseException]]] = {}
        self._containers: dict[str, bool] = {}
        self.features: dict[str, Feature] = {}
        """The features that rules on this batch may name instead of a column."""
        self.again = False
        """Whether it is looked at again and again, so that docs of its texts are worth their memory."""
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
            # Whole numbers stay whole beside a missing one: a vote depends on its own item only.
            made: pd.Series = column.to_pandas(types_mapper=NULLABLE.get)
            return made.rename(name)
        return pd.Series(column, name=name)

    def item(self, row: int) -> dict[str, Any]:
        """Return one item as a mapping of columns."""
        return {name: self.values(name)[row] for name in self._columns}

    def rows_of(self, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield the values of some columns, row by row."""
        if not names:
            return iter([()] * self.rows)
        return zip(*(self.handed_out(name, self.values(name)) for name in names), strict=True)

    def handed_out(self, name: str, values: list[Any]) -> list[Any]:
        """Return values of a column or feature for one function alone: what it does to a list, others do not see."""
        if name not in self._containers:
            self._containers[name] = bool(CONTAINERS & set(map(type, values)))
        return [deepcopy(value) for value in values] if self._containers[name] else values

    def parameter(self, name: str, features: Mapping[str, Feature]) -> tuple[list[Any], dict[int, BaseException]]:
        """Return the values of a column or feature, and what was raised on the rows where a feature failed."""
        if name not in features:
            return self.values(name), {}
        made = features[name]
        if made not in self._features:
            inputs = [self.parameter(each, features) for each in made.columns]
            failed = {row: error for _, errors in inputs for row, error in errors.items()}
            self._features[made] = self._compute(made, [values for values, _ in inputs], failed)
        return self._features[made]

    def _as_array(self, name: str) -> pa.Array:
        column = self._columns[name]
        if isinstance(column, pa.ChunkedArray):
            return column.combine_chunks()
        return column if isinstance(column, pa.Array) else pa.array(self.values(name))

    def keep(self, made: Feature, values: list[Any]) -> None:
        """Take a feature's values as they are, instead of computing them."""
        self._features[made] = (values, {})

    def _compute(
        self, made: Feature, columns: list[list[Any]], failed: dict[int, BaseException]
    ) -> tuple[list[Any], dict[int, BaseException]]:
        """Return a feature's values; where a whole batch fails, each item by itself tells which did."""
        with interruptible():
            return self._computed(made, columns, failed)

    def _computed(
        self, made: Feature, columns: list[list[Any]], failed: dict[int, BaseException]
    ) -> tuple[list[Any], dict[int, BaseException]]:
        if made.batch and not failed:
            try:
                return self._usable(made, made.many(columns, self.rows), failed), failed
            except BaseException as error:  # an author's function may raise anything
                if not is_fault(error):
                    raise
                failed = {}  # below it is found where
        values: list[Any] = [None] * self.rows
        for row in range(self.rows):
            if row in failed:
                continue
            try:
                values[row] = made.one([column[row] for column in columns])
            except BaseException as error:  # the same
                if not is_fault(error):
                    raise
                failed[row] = error
        return self._usable(made, values, failed), failed

    def _usable(self, made: Feature, values: list[Any], failed: dict[int, BaseException]) -> list[Any]:
        """Return a feature's values; what the first function that reads it would use up is a failure."""
        used_up = {kind for kind in set(map(type, values)) if hasattr(kind, "__next__")}
        for row, value in enumerate(values) if used_up else ():
            if type(value) in used_up:
                failed[row] = LabelingFunctionError(
                    f"The feature {made.name} returned a {type(value).__name__}, which its first reader uses up.",
                    remedy="return a list: wrap it in list(...)",
                )
        for value in values if np.ndarray in set(map(type, values)) else ():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
        return values

"""Rows as they stood in a file, before they have types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.errors import Problem

BATCH_ROWS = 50_000
BATCH_BYTES = 64 * 2**20
LONGEST_CELL = 2**20
"""Characters; a longer cell is quarantined: most often it is an unclosed quotation mark."""


@dataclass
class RawBatch:
    """Some rows as they stood in the file.

    Attributes:
        columns: Column -> values: texts (CSV), JSON values (JSON and spreadsheets, a :class:`Sparse`), or an Arrow
            array (Parquet and Arrow).
        lines: The line (CSV, JSON lines) or row (all others) of each, from 1.
        broken: Rows that could not be read at all.
        twice: (line, key) of each JSON object that says a key more than once; the last of its values counts.
    """

    columns: dict[str, Any]
    lines: list[int]
    broken: list[Problem] = field(default_factory=list)
    bytes_read: int = 0
    twice: list[tuple[int, str]] = field(default_factory=list)


class Sparse(Sequence[Any]):
    """A column that says only which rows have a value: as many columns as rows cost no more than what is in them.

    Example:
        >>> column = Sparse(3, [1], ["a"])
        >>> list(column), len(column)
        ([None, 'a', None], 3)
    """

    def __init__(self, rows: int, places: list[int] | None = None, filled: list[Any] | None = None) -> None:
        self.rows = rows
        self.places: list[int] = places if places is not None else []
        """The rows that have a value, ascending."""
        self.filled: list[Any] = filled if filled is not None else []
        """Their values."""

    def __len__(self) -> int:
        """Return the number of rows, those without a value included."""
        return self.rows

    def __getitem__(self, row: Any) -> Any:  # noqa: ANN401 - a value, or a list of them
        """Return the value of a row, ``None`` where it has none."""
        return self.as_list()[row]

    def __iter__(self) -> Iterator[Any]:
        """Yield the value of each row."""
        return iter(self.as_list())

    def as_list(self) -> list[Any]:
        """Return the value of each row, ``None`` where it has none."""
        if len(self.places) == self.rows:
            return self.filled
        made = [None] * self.rows
        for place, value in zip(self.places, self.filled, strict=True):
            made[place] = value
        return made


def from_records(records: list[dict[str, Any]], lines: list[int], size: int) -> RawBatch:
    """Return records as columns; a record need not have a value in each."""
    columns: dict[str, Sparse] = {}
    for row, record in enumerate(records):
        for name, value in record.items():
            if name not in columns:
                columns[name] = Sparse(len(records))
            columns[name].places.append(row)
            columns[name].filled.append(value)
    return RawBatch(dict(columns), lines, bytes_read=size)

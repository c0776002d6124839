"""How columns of feedback are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from retrolabel.jobs.records.feedback import CREATED_AT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ARROW_TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "time": pa.timestamp("us", "UTC"),
}
"""The kinds of columns as Arrow stores them."""
KEPT_YEARS = (1678, 2261)
"""The first and the last year of a time that is kept: nanoseconds and charts reach no further."""


def shared_type(name: str, contracts: Iterable[Mapping[str, str]]) -> pa.DataType:
    """Return the type of a column that several sources have: a text, where they differ in it; a time, if all have it.

    Example:
        >>> shared_type("stars", [{"stars": "integer"}, {"text": "string"}])
        DataType(int64)
        >>> shared_type("stars", [{"stars": "integer"}, {"stars": "string"}])
        DataType(string)
    """
    if name == CREATED_AT:
        return ARROW_TYPES["time"]
    kinds = {columns[name] for columns in contracts if name in columns}
    return ARROW_TYPES[kinds.pop()] if len(kinds) == 1 else pa.string()

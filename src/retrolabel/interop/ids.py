"""Ids of items out of files: texts or whole numbers, the same for feedback and for human labels."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa

FLOAT_ID = re.compile(r"[+-]?[0-9]+\.[0-9]+([eE][+-]?[0-9]+)?")
LOSES_DIGITS = "are floating-point numbers, which lose digits"
CAST = "cast the column to integer or text where the file is made"


def float_column(values: Any) -> bool:  # noqa: ANN401 - raw columns
    """Return whether a column of ids holds floating-point numbers by its type."""
    return isinstance(values, (pa.Array, pa.ChunkedArray)) and pa.types.is_floating(values.type)


def read_id(value: object) -> tuple[str | None, str]:
    """Return the id that a value is, and why it is none; both are empty where there is no value.

    Example:
        >>> read_id(7), read_id("007"), read_id(None)
        (('7', ''), ('007', ''), (None, ''))
        >>> read_id(3.0)[1]
        '3.0 is no id; ids are texts or whole numbers, and this is a floating-point number'
    """
    plain = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if plain is None or plain == "":
        return None, ""
    if isinstance(plain, str) and not FLOAT_ID.fullmatch(plain):
        return plain, ""
    is_float = isinstance(plain, (float, str))
    why = f"{value!r:.40} is no id; ids are texts or whole numbers"
    return None, f"{why}, and this is a floating-point number" if is_float else why

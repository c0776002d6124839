"""The types that columns may have: inferred from values, converted to, checked."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import Problem, for_shell
from retrolabel.interop.raw import LONGEST_CELL, Sparse
from retrolabel.interop.times import REPRESENTABLE, TimeReader
from retrolabel.jobs.records.columns import ARROW_TYPES as ARROW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MISSING = frozenset({"", "NA", "N/A", "n/a", "null", "NULL", "nan", "NaN", "None"})
"""What a cell of a column of numbers may hold where the number is missing; a text is kept as it is."""
UNSAID = frozenset({""})
"""The same where only what is empty counts as missing."""
INTEGER = re.compile(r"[+-]?(0|[1-9][0-9]*)")
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
LEADING_ZERO = re.compile(r"[+-]?0[0-9]")
LARGEST = 2**63
BOOLEANS = {"true": True, "false": False, "True": True, "False": False, "TRUE": True, "FALSE": False}
WRONG = object()


def arrow_kind(kind: pa.DataType, column: str) -> str | Problem:
    """Return the type that a Parquet column is kept as, or why it cannot be kept."""
    if pa.types.is_dictionary(kind):
        return arrow_kind(kind.value_type, column)
    tests: list[tuple[str, Callable[[pa.DataType], bool]]] = [
        ("string", lambda t: pa.types.is_string(t) or pa.types.is_large_string(t) or pa.types.is_string_view(t)),
        ("boolean", pa.types.is_boolean),
        ("integer", lambda t: pa.types.is_integer(t) and t != pa.uint64()),
        ("number", pa.types.is_floating),
        ("time", lambda t: pa.types.is_timestamp(t) or pa.types.is_date(t)),
        (
            "string",
            lambda t: pa.types.is_nested(t) or pa.types.is_decimal(t) or pa.types.is_null(t) or t == pa.uint64(),
        ),
    ]
    for name, holds in tests:
        if holds(kind):
            return name
    return Problem(
        f"column {column!r}", f"is {kind}, which no labeling function can read", f"--drop {for_shell(column)}"
    )


def csv_kinds(values: Iterable[str | None], seen: set[str], missing: frozenset[str] = MISSING) -> set[str]:
    """Return the types that texts may be, together with those seen so far; ``string`` ends the search."""
    if "string" in seen:
        return seen
    for value in values:
        if value is None or value in missing:
            continue
        if LEADING_ZERO.match(value) and not value.lstrip("+-0").startswith("."):
            return {"string"}
        if INTEGER.fullmatch(value):
            if not -LARGEST <= int(value) < LARGEST:
                return {"string"}
            seen.add("integer")
        elif NUMBER.fullmatch(value):
            seen.add("number")
        elif value in BOOLEANS:
            seen.add("boolean")
        else:
            return {"string"}
    return seen


def json_kinds(values: Iterable[object], seen: set[str], _missing: frozenset[str] = MISSING) -> set[str]:
    """Return the types of JSON values, together with those seen so far; a text is a text, whatever it says."""
    kinds = {bool: "boolean", int: "integer", float: "number"}
    return seen | {
        "string" if isinstance(value, int) and not -LARGEST <= value < LARGEST else kinds.get(type(value), "string")
        for value in (values.filled if isinstance(values, Sparse) else values)
        if value is not None
    }


def narrowest(seen: set[str]) -> str:
    """Return the narrowest type that fits all that was seen."""
    if seen == {"integer", "number"}:
        return "number"
    return next(iter(seen)) if len(seen) == 1 else "string"


def convert(  # noqa: PLR0913 - a column, and what is to be known of it
    values: Any,  # noqa: ANN401 - raw columns
    kind: str,
    column: str,
    wrong: dict[int, str],
    taken: dict[int, str],
    missing: frozenset[str] = MISSING,
) -> pa.Array:
    """Return a column in its contract's type.

    Args:
        values: The values: texts, JSON values, or an Arrow array.
        kind: The type.
        column: The column's name.
        wrong: Rows that do not fit go into it, with what is wrong.
        taken: Rows whose text was taken for a missing value go into it, with that text.
        missing: The texts that say that a number is missing.
    """
    if kind == "time":
        return _times(values, column, wrong)
    if isinstance(values, pa.Array):
        if pa.types.is_dictionary(values.type):
            values = values.dictionary_decode()
        try:
            return values.cast(ARROW[kind])
        except pa.ArrowException:
            values = values.to_pylist()
    converter = CONVERTERS[kind]
    unsaid = missing if kind in NUMBERS else frozenset()
    out: list[object] = []
    there = zip(values.places, values.filled, strict=True) if isinstance(values, Sparse) else enumerate(values)
    for row, value in there:
        if isinstance(value, str) and value in unsaid:
            out.append(None)
            if value:
                taken[row] = value
            continue
        converted = None if value is None else converter(value)
        if converted is WRONG:
            wrong.setdefault(row, f"column {column!r}: {value!r:.40} is no {kind}, which the source's contract says")
            converted = None
        out.append(converted)
    if isinstance(values, Sparse):
        out = Sparse(len(values), values.places, out).as_list()
    return pa.array(out, ARROW[kind])


def _times(values: Any, column: str, wrong: dict[int, str]) -> pa.Array:  # noqa: ANN401 - raw columns
    """Return a column of times; rows that cannot be read go into ``wrong``."""
    times, bad = TimeReader(column, years=REPRESENTABLE).read(
        values.as_list() if isinstance(values, Sparse) else values
    )
    for row, what in bad.items():
        wrong.setdefault(row, f"column {column!r}: {what}")
    return times


def _to_string(value: object) -> object:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _to_integer(value: object) -> object:
    if isinstance(value, str):
        value = int(value) if INTEGER.fullmatch(value) else WRONG
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and -LARGEST <= value < LARGEST else WRONG  # type: ignore[operator]  # an int, just tested


def _to_number(value: object) -> object:
    if isinstance(value, str):
        return float(value) if NUMBER.fullmatch(value) else WRONG
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else WRONG


def _to_boolean(value: object) -> object:
    if isinstance(value, str):
        return BOOLEANS.get(value, WRONG)
    return value if isinstance(value, bool) else WRONG


NUMBERS = ("integer", "number", "boolean")
"""Types of columns in which a text may say that there is no value."""
CONVERTERS: dict[str, Callable[[object], object]] = {
    "string": _to_string,
    "integer": _to_integer,
    "number": _to_number,
    "boolean": _to_boolean,
}


def _plainly_usable(array: pa.Array) -> bool:
    """Return whether all texts together hold no NUL and are not overlong, so that none of them is."""
    texts = array.buffers()[2]
    return texts is None or (texts.size <= LONGEST_CELL and b"\x00" not in texts.to_pybytes())


def usable(array: pa.Array, column: str, wrong: dict[int, str]) -> pa.Array:
    """Note rows whose text holds a NUL or is overlong."""
    if not pa.types.is_string(array.type) or _plainly_usable(array):
        return array
    checks = (
        (pc.match_substring(array, "\x00"), "holds a NUL character"),
        (pc.greater(pc.binary_length(array), LONGEST_CELL), f"is longer than {LONGEST_CELL:,} bytes"),
    )
    for found, what in checks:
        for row in np.flatnonzero(pc.fill_null(found, fill_value=False).to_numpy(zero_copy_only=False)):
            wrong.setdefault(int(row), f"column {column!r} {what}")
    return array

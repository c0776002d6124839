"""Rows of a table as lines of JSON, made column by column: a value that many rows have is written once."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

ESCAPED = r'["\\\x00-\x1f]'
"""What JSON does not take in a text as it is."""
MANY = 0.5
"""A column of texts with a larger share of distinct ones is quoted row by row."""


def json_lines(table: pa.Table) -> bytes:
    r"""Return a line for each row, byte for byte as ``json.dumps(row, ensure_ascii=False)`` writes it.

    Args:
        table: So many rows that their text is less than 2 GB.

    Example:
        >>> json_lines(pa.table({"id": ["a", '"b"'], "p": [0.5, None]})).decode().splitlines()
        ['{"id": "a", "p": 0.5}', '{"id": "\\"b\\"", "p": null}']
    """
    if not table.num_rows:
        return b""
    if not table.column_names:
        return b"{}\n" * int(table.num_rows)
    pieces: list[Any] = []
    for place, name in enumerate(table.column_names):
        column = table.column(place).combine_chunks()
        pieces += [("{" if not place else ", ") + _json(name) + ": ", _texts(column)]
    lines = pc.binary_join_element_wise(*pieces, "}\n", "")
    start, end = lines.offset, lines.offset + len(lines)
    _, offsets, data = lines.buffers()
    places = pa.Array.from_buffers(pa.int32(), end + 1, [None, offsets])
    return bytes(data[places[start].as_py() : places[end].as_py()])


def _texts(column: pa.Array) -> pa.Array:
    """Return values as JSON."""
    if pa.types.is_string(column.type) and not _has_few(column):
        quoted = pc.binary_join_element_wise('"', column, '"', "")
        odd = pc.fill_null(pc.match_substring_regex(column, ESCAPED), fill_value=False)
        if pc.any(odd).as_py():
            escaped = pa.array([_json(text) for text in column.filter(odd).to_pylist()], pa.string())
            quoted = pc.replace_with_mask(quoted, odd, escaped)
        return pc.fill_null(quoted, "null")
    # By their bits: 0.0 and -0.0 are not the same text.
    coded = column.view(pa.int64()) if pa.types.is_float64(column.type) else column
    if not (pa.types.is_integer(coded.type) or pa.types.is_boolean(coded.type) or pa.types.is_string(coded.type)):
        return pa.array([_json(value) for value in column.to_pylist()], pa.string())
    coded = coded.dictionary_encode()
    distinct = coded.dictionary.view(column.type) if pa.types.is_float64(column.type) else coded.dictionary
    texts = pa.array([_json(value) for value in distinct.to_pylist()], pa.string())
    return pc.fill_null(texts.take(coded.indices), "null")


def _has_few(column: pa.Array) -> bool:
    """Return whether the first texts of a column repeat themselves."""
    first = column.slice(0, 1000)
    return len(first) > 1 and len(first.unique()) <= MANY * len(first)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

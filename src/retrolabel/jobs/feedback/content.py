"""Hashes of items: of a row, for telling revisions apart, and of a column, for vote keys."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.schema.fingerprints import canonical_json

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence


FEW = 0.9
"""A column with a larger share of missing values is read value by value."""


def row_digests(table: pa.Table) -> list[str]:
    """Return the hash of each row's content, as 32 hexadecimal digits.

    Missing values leave no trace, so that a column added to a source later changes no digest; the
    id is not part of the content. Texts hold no NUL, so it can part the columns.

    Example:
        >>> a = pa.table({"item_id": ["1"], "comment": ["x"]})
        >>> b = pa.table({"item_id": ["2"], "comment": ["x"], "rating": pa.array([None], pa.int64())})
        >>> row_digests(a) == row_digests(b)
        True
    """
    names = sorted(name for name in table.column_names if name != ITEM_ID)
    parts: list[pa.Array] = []
    few: dict[int, list[str]] = {}
    for name in names:
        column = table.column(name)
        if column.null_count > FEW * table.num_rows:  # told value by value: there may be as many columns as rows
            rows = np.flatnonzero(column.is_valid().to_numpy())
            for row, text in zip(rows.tolist(), _as_text(column.drop_null()).to_pylist(), strict=True):
                few.setdefault(row, []).append(f"{name}={text}\x00")
            continue
        parts += _joined(few, table.num_rows)
        texts = _as_text(column).combine_chunks()
        # Not null_handling="skip": it drops rows in which everything is missing.
        parts.append(pc.coalesce(pc.binary_join_element_wise(pa.scalar(f"{name}="), texts, pa.scalar("\x00"), ""), ""))
    parts += _joined(few, table.num_rows)
    if not parts:
        return [hashlib.sha256(b"").hexdigest()[:32]] * table.num_rows
    joined = pc.binary_join_element_wise(*parts, "")
    return [hashlib.sha256(text.encode("utf-8")).hexdigest()[:32] for text in joined.to_pylist()]


def _joined(few: dict[int, list[str]], rows: int) -> list[pa.Array]:
    """Return what few rows say in several columns as one text a row, and forget it."""
    if not few:
        return []
    made = pa.array(["".join(few.get(row, ())) for row in range(rows)], pa.string())
    few.clear()
    return [made]


def column_digest(column: pa.ChunkedArray) -> str:
    """Return the hash of a column's values and missing values: type, lengths, texts, in order.

    Example:
        >>> one = pa.chunked_array([["a"], ["bc", None]])
        >>> column_digest(one) == column_digest(pa.chunked_array([["a", "bc", None]]))
        True
        >>> column_digest(pa.chunked_array([["ab", "c", None]])) == column_digest(one)
        False
    """
    hasher = hashlib.sha256(f"{column.type}:{len(column)}:".encode())
    missing = column.is_null().to_numpy()
    hasher.update(missing.tobytes())
    if pa.types.is_string(column.type):
        texts = column.drop_null()
        lengths = np.zeros(len(column), "<i8")
        lengths[~missing] = pc.binary_length(texts).to_numpy()
        hasher.update(lengths.tobytes())
        for chunk in texts.chunks:
            hasher.update("".join(chunk.to_pylist()).encode("utf-8"))
    else:
        plain = column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column
        zero = False if pa.types.is_boolean(plain.type) else 0
        hasher.update(pc.fill_null(plain, zero).to_numpy().tobytes())
    return hasher.hexdigest()


def canonical_bytes(table: pa.Table) -> bytes:
    """Return bytes that depend on the values of a table alone, however they are encoded or chunked."""
    pieces = []
    for name in table.column_names:
        column = table.column(name)
        if pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        pieces.append([name, column_digest(column)])
    return canonical_json(pieces).encode()


def segment_id(source: str, columns: dict[str, str], again: int = 0) -> str:
    """Return the id of a segment: the hash of its source and its columns' hashes, as 32 hexadecimal digits.

    Args:
        source: The source.
        columns: Column -> hash of its values.
        again: How often the source had these very rows before, superseded since.
    """
    parts = [source, str(again), *(f"{name}={value}" for name, value in sorted(columns.items()))]
    joined = "\x00".join(parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:32]


def derived_ids(digests: Sequence[str], occurrences: Sequence[int]) -> list[str]:
    """Return an id for each row: the hash of the row and of its occurrence number in the file.

    Example:
        >>> first, second = derived_ids(["ab", "ab"], [0, 1])
        >>> first == second
        False
    """
    return [
        hashlib.sha256(f"{digest}:{occurrence}".encode()).hexdigest()[:24]
        for digest, occurrence in zip(digests, occurrences, strict=True)
    ]


def item_ids(table: pa.Table, digests: Sequence[str], occurrences: Counter[str]) -> list[str]:
    """Return the id of each row: its own, or one that is derived from its content where the file has no ids.

    Args:
        table: Rows of a file.
        digests: The hash of each row.
        occurrences: Hash -> how many rows of the file had it so far; the rows are added to it.

    Example:
        >>> from collections import Counter
        >>> rows = pa.table({"item_id": ["1", "2"], "comment": ["x", "y"]})
        >>> item_ids(rows, row_digests(rows), Counter())
        ['1', '2']
    """
    given: list[str] = table.column(ITEM_ID).to_pylist()
    if table.column(ITEM_ID).null_count < table.num_rows:
        return given
    numbers = []
    for content in digests:
        numbers.append(occurrences[content])
        occurrences[content] += 1
    return derived_ids(digests, numbers)


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.int64()).cast(pa.string())
    if pa.types.is_floating(column.type):
        return pa.chunked_array([[None if v is None else repr(v) for v in column.to_pylist()]], pa.string())
    return column.cast(pa.string())

"""Label sets as files for others: Parquet, CSV or JSON lines, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from retrolabel.errors import StoreError
from retrolabel.interop.json_lines import json_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STANDARD_OUTPUT = "-"
EXPORTS = ("parquet", "csv", "jsonl")
AT_ONCE = 50_000
"""Rows that are JSON at a time."""


def export_tables(tables: Iterable[pa.Table], path: Path, kind: str) -> int:
    """Write tables of one schema to a file, one after the other, and return the number of rows.

    Args:
        tables: The tables; only one is in memory at a time.
        path: The file, replaced if it exists; ``-`` is standard output.
        kind: ``parquet``, ``csv`` or ``jsonl``.

    Raises:
        StoreError: The format is unknown, there is nothing to write, or the file cannot be written.
    """
    if kind not in EXPORTS:
        raise StoreError(f"There is no export format {kind!r}.", remedy=f"one of {', '.join(EXPORTS)}")
    with written(path, "name a file in a folder in which you may write: --out FILE"), replacing(path) as stream:
        return {"parquet": _parquet, "csv": _csv, "jsonl": _jsonl}[kind](iter(tables), stream)


def _parquet(tables: Iterator[pa.Table], stream: IO[bytes]) -> int:
    return _with_writer(tables, lambda schema: pq.ParquetWriter(stream, schema, compression="zstd"))


def _csv(tables: Iterator[pa.Table], stream: IO[bytes]) -> int:
    return _with_writer(tables, lambda schema: pa_csv.CSVWriter(stream, schema))


def _with_writer(tables: Iterator[pa.Table], make: Any) -> int:  # noqa: ANN401 - a function of Arrow's
    first = next(tables, None)
    if first is None:
        raise StoreError(
            "The label set has no items, so there is nothing to export.", remedy="ingest feedback, then relabel"
        )
    rows = 0
    with make(first.schema) as writer:
        table: pa.Table | None = first
        while table is not None:
            writer.write_table(table)
            rows += table.num_rows
            table = next(tables, None)
    return rows


def _jsonl(tables: Iterator[pa.Table], stream: IO[bytes]) -> int:
    rows = 0
    for table in tables:
        for start in range(0, table.num_rows, AT_ONCE):
            stream.write(json_lines(table.slice(start, AT_ONCE)))
        rows += table.num_rows
    return rows


@contextlib.contextmanager
def written(path: Path, remedy: str) -> Iterator[None]:
    """Let a file be written, and say which one cannot be.

    A reader of standard output that has enough is nothing to tell of.

    Args:
        path: The file.
        remedy: What helps where it cannot be written.

    Raises:
        StoreError: It cannot be written.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}.", remedy=remedy) from error


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write into, which takes the place of the one that is there when all is written."""
    if str(path) == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        Path(name).chmod(0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)

"""Rows of CSV and its relatives, with the line of each, and rows that cannot be read."""

from __future__ import annotations

import csv
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from retrolabel.errors import InputError, Problem
from retrolabel.interop import raw
from retrolabel.interop.dialects import (
    DELIMITERS,
    NONE,
    SNIFFED,
    as_delimiter,
    column_labels,
    given_header,
    quoting,
    rows_of_a_survey,
    sniffed,
    why_by_place,
    wrong_header,
)
from retrolabel.interop.encodings import checked_encoding, refuse_other_encodings
from retrolabel.interop.json_documents import told_of
from retrolabel.interop.raw import LONGEST_CELL, RawBatch
from retrolabel.interop.streams import open_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrolabel.interop.dialects import Dialect


QUOTES = "are quotation marks written otherwise? --quotes backslash, or --quotes none, if they are letters"


class CsvRows:
    """Reads a file of cells that are parted by one character.

    Args:
        path: The file.
        name: What messages call it.
        dialect: What is said of how it is written.

    Attributes:
        columns: What its columns are called.
        by_place: Column that is called by its place -> why.
        notes: What was found of how it is written.

    Raises:
        InputError: It is of another encoding, its header does not fit its rows, or cannot be read.
    """

    unit = "line"
    typed = False

    def __init__(self, path: Path, name: str, dialect: Dialect) -> None:
        self._path, self._name, self._dialect = path, name, dialect
        self._encoding = checked_encoding(dialect.encoding)
        if self._encoding is None:
            refuse_other_encodings(path, name)
        said = as_delimiter(dialect.delimiter) if dialect.delimiter is not None else None
        with self._open() as stream:
            sample = stream.read(SNIFFED)
            cut = bool(stream.read(1))
        found = sniffed(sample, said, cut=cut, quotes=dialect.quotes)
        self.delimiter = found.delimiter
        self._called = DELIMITERS.get(self.delimiter, self.delimiter)
        self.notes: list[str] = []
        if said is None and self.delimiter != ",":
            self.notes.append(f"cells are parted by {self._called} (--delimiter {self._called})")
        if not dialect.header and said != NONE:
            wrong = wrong_header(name, found) or (None if dialect.skip_rows else rows_of_a_survey(name, found))
            if wrong is not None:
                raise wrong
        with self._open() as stream:
            cells = self._first(self._reader(stream))
        self._cells = cells
        if dialect.header:
            self.columns = given_header(dialect.header, len(cells), name, cells)
            self.by_place: dict[str, str] = {}
        else:
            self.columns = column_labels(cells, name)
            self.by_place = why_by_place(cells, self.columns)
        if any(_escaped(column) for column in self.columns):
            encoding = told_of(dialect.encoding)
            raise InputError(
                f"The header of {name} is not {encoding}.",
                remedy="save the file as UTF-8, or --encoding cp1252, if it is that; --header a,b names the columns",
            )

    def batches(self) -> Iterator[RawBatch]:
        """Yield the rows."""
        with self._open() as stream:
            reader = self._reader(stream)
            if not self._dialect.header:
                self._first(reader)
            rows: list[list[str]] = []
            batch, size = RawBatch({}, []), 0
            for line, row in islice(self._rows(reader, batch), self._dialect.skip_rows, None):
                if row == self._cells and len(row) > 1 and not self._dialect.header:
                    what = "says the column names again"
                    remedy = "if files were put together, take their headers out"
                    batch.broken.append(Problem(f"line {line}", what, remedy))
                elif len(row) == len(self.columns):
                    rows.append(row)
                    batch.lines.append(line)
                    size += sum(map(len, row))
                elif row:
                    what = f"has {len(row)} cells, the header has {len(self.columns)}"
                    batch.broken.append(Problem(f"line {line}", what, f"quote cells with {self._called}s"))
                if len(rows) >= raw.BATCH_ROWS or size >= raw.BATCH_BYTES:
                    done = batch
                    batch = RawBatch({}, [])
                    yield self._closed(done, rows, size)
                    rows, size = [], 0
                    self._batch = batch
            yield self._closed(batch, rows, size)

    def _rows(self, reader: Any, batch: RawBatch) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401 - csv names it not
        """Yield the rows with their lines; what is no row goes into the batch of the moment."""
        self._batch = batch
        skipped = self._dialect.skip_lines
        while True:
            line = reader.line_num + skipped + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                where = _lines(line, reader.line_num + skipped)
                self._batch.broken.append(Problem(where, _csv_error(error), QUOTES))
                continue
            yield line, row

    def _open(self) -> IO[str]:
        """Return the text after the lines that are skipped."""
        stream = open_text(self._path, self._encoding)
        for _ in range(self._dialect.skip_lines):
            if not stream.readline():
                skipped = f"{self._name} has no line after the {self._dialect.skip_lines} that are skipped."
                raise InputError(skipped, remedy="--skip-lines counts the lines before the one that names the columns")
        return stream

    def _reader(self, stream: IO[str]) -> Any:  # noqa: ANN401 - the csv module has no public name for it
        if self.delimiter == NONE:
            return _Lines(stream)
        csv.field_size_limit(LONGEST_CELL)
        return csv.reader(stream, delimiter=self.delimiter, strict=True, **quoting(self._dialect.quotes))

    def _first(self, reader: Any) -> list[str]:  # noqa: ANN401 - the csv module has no public name for it
        try:
            return list(next(reader, []))
        except csv.Error as error:
            raise InputError(
                f"The header line of {self._name} cannot be read: {_csv_error(error)}.",
                remedy=f"mend the file's first line; {QUOTES}",
            ) from error

    def _closed(self, batch: RawBatch, rows: list[list[str]], size: int) -> RawBatch:
        """Return the batch with its rows turned into columns; an empty cell is a missing value."""
        rows, batch.lines = self._decodable(rows, batch)
        columns: list[list[str | None]] = [[] for _ in self.columns]
        if rows:
            columns = [[cell or None for cell in column] for column in zip(*rows, strict=True)]
        batch.columns = dict(zip(self.columns, columns, strict=True))
        batch.bytes_read = size
        return batch

    def _decodable(self, rows: list[list[str]], batch: RawBatch) -> tuple[list[list[str]], list[int]]:
        """Put rows that hold bytes which are not of the encoding aside."""
        good_rows, good_lines = [], []
        encoding = told_of(self._dialect.encoding)
        remedy = "is it another encoding? --encoding cp1252" if encoding == "UTF-8" else "is it another encoding?"
        for row, line in zip(rows, batch.lines, strict=True):
            try:
                "".join(row).encode("utf-8")
            except UnicodeEncodeError:
                cell = next(name for name, value in zip(self.columns, row, strict=True) if _escaped(value))
                batch.broken.append(Problem(f"line {line}", f"column {cell!r} is not {encoding}", remedy))
            else:
                good_rows.append(row)
                good_lines.append(line)
        return good_rows, good_lines


class _Lines:
    """Reads lines as rows of one cell."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.line_num = 0

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        line = self._stream.readline()
        if not line:
            raise StopIteration
        self.line_num += 1
        plain = line.rstrip("\r\n")
        return [plain] if plain else []


def _escaped(text: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in text)


def _lines(first: int, last: int) -> str:
    return f"line {first}" if last <= first else f"lines {first} to {last}"


def _csv_error(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"a cell is longer than {LONGEST_CELL:,} characters; often a quotation mark that is not closed"
    if "unexpected end" in str(error):
        return "a quotation mark is not closed before the file ends"
    return f"is not CSV: {error}"

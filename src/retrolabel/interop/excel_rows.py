"""Rows of a sheet of Excel."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from retrolabel.errors import InputError, MissingExtraError, counted, for_shell, nearest
from retrolabel.interop import raw
from retrolabel.interop.dialects import (
    SNIFFED_ROWS,
    Sniffed,
    column_labels,
    given_header,
    why_by_place,
    wrong_header,
)
from retrolabel.interop.raw import RawBatch, from_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from retrolabel.interop.dialects import Dialect

ERRORS = ("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!")
"""What a formula that failed leaves in its cell."""


class ExcelRows:
    """Reads one sheet of a workbook, values alone: of a formula what it gave when it was saved.

    Args:
        path: The file.
        name: What messages call it.
        dialect: What is said of how it is written.

    Attributes:
        columns: What its columns are called.
        by_place: Column that is called by its place -> why.
        notes: What was found of how it is written.

    Raises:
        MissingExtraError: openpyxl is not installed.
        InputError: It cannot be read, has several sheets and none is named, or its header does not fit its rows.
    """

    unit = "row"
    typed = False

    def __init__(self, path: Path, name: str, dialect: Dialect) -> None:
        self._path, self._name, self._dialect = path, name, dialect
        self.notes: list[str] = []
        self._sheet = self._one_sheet()
        rows = list(islice(self._rows(), SNIFFED_ROWS + 1))
        if not rows:
            raise InputError(f"The sheet {self._sheet!r} of {name} is empty.", remedy="--sheet NAME names another one")
        if not dialect.header:
            wrong = wrong_header(name, Sniffed("", [(row, _without_end(cells)) for row, cells in rows]))
            if wrong is not None and len(_without_end(rows[0][1])) < len(rows[0][1]):
                raise wrong
        self._width = max(len(_without_end(cells)) for _, cells in rows)
        first = [_text(cell) for cell in rows[0][1][: self._width]]
        first += [""] * (self._width - len(first))
        self.by_place: dict[str, str] = {}
        if dialect.header:
            self.columns = given_header(dialect.header, self._width, name, first)
        else:
            self.columns = column_labels(first, name)
            self.by_place = why_by_place(first, self.columns)

    def batches(self) -> Iterator[RawBatch]:
        """Yield the rows; those in which no cell holds anything are none."""
        records: list[dict[str, Any]] = []
        lines: list[int] = []
        passed = self._dialect.skip_rows + (not self._dialect.header)
        for number, cells in islice(self._rows(), passed, None):
            values = (_value(cell) for cell in cells)
            records.append(
                {name: value for name, value in zip(self.columns, values, strict=False) if value is not None}
            )
            lines.append(number)
            if len(records) >= raw.BATCH_ROWS:
                yield self._closed(records, lines)
                records, lines = [], []
        yield self._closed(records, lines)

    def _closed(self, records: list[dict[str, Any]], lines: list[int]) -> RawBatch:
        batch = from_records(records, lines, 0)
        batch.columns = {name: batch.columns.get(name, [None] * len(records)) for name in self.columns}
        return batch

    @contextmanager
    def _book(self) -> Iterator[Any]:
        try:
            import openpyxl  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise MissingExtraError("openpyxl", "excel", "Reading a workbook of Excel") from error
        with self._path.open("rb") as stream:
            try:
                book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            except Exception as error:  # whatever a damaged workbook makes it raise
                raise InputError(
                    f"{self._name} is no workbook that can be read: {error}.",
                    remedy="save it again as .xlsx, or as CSV",
                ) from error
            try:
                yield book
            finally:
                book.close()

    def _one_sheet(self) -> str:
        with self._book() as book:
            names = [str(each) for each in book.sheetnames]
            said = self._dialect.sheet
            if said is not None and said not in names:
                near = nearest(said, names)
                raise InputError(
                    f"{self._name} has no sheet {said!r}; it has {', '.join(names)}.",
                    remedy=f"--sheet {for_shell(near or names[0])}",
                )
            filled = {name: book[name].max_row or 0 for name in names if _is_filled(book[name])}
        if said is not None:
            return said
        if len(filled) > 1:
            listed = ", ".join(f"{name} ({counted(rows, 'row')})" for name, rows in filled.items())
            raise InputError(
                f"{self._name} has several sheets: {listed}.",
                remedy=f"say which: --sheet {for_shell(next(iter(filled)))}",
            )
        if not filled:
            raise InputError(f"{self._name} is empty.", remedy="export it again; was it cut off?")
        return next(iter(filled))

    def _rows(self) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Yield the rows that hold anything, with their numbers."""
        first = self._dialect.skip_lines + 1
        with self._book() as book:
            for number, cells in enumerate(book[self._sheet].iter_rows(min_row=first, values_only=True), first):
                if any(cell is not None and cell != "" for cell in cells):
                    yield number, cells


def _is_filled(sheet: Any) -> bool:  # noqa: ANN401 - openpyxl has no types
    """Return whether a sheet has cells, as a chart has none, and one of the first holds anything."""
    if not hasattr(sheet, "iter_rows"):
        return False
    return any(cell is not None for row in sheet.iter_rows(max_row=SNIFFED_ROWS, values_only=True) for cell in row)


def _without_end(cells: Sequence[Any]) -> list[str]:
    """Return the cells of a row up to the last one that holds anything."""
    last = max((place for place, cell in enumerate(cells, 1) if cell is not None and cell != ""), default=0)
    return [_text(cell) for cell in cells[:last]]


def _text(cell: Any) -> str:  # noqa: ANN401 - a cell of any kind
    value = _value(cell)
    return "" if value is None else str(value)


def _value(cell: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    """Return what a cell holds: a text, a number or a truth value; times as ISO 8601 writes them."""
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    if cell == "" or (isinstance(cell, str) and cell in ERRORS):
        return None
    return cell

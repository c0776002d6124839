"""Cells that a spreadsheet would take for formulas, and run: counted always, and guarded where that is asked for.

A CSV file has no types, so that a text like ``=HYPERLINK(...)`` in somebody's feedback is a formula to who opens it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

BEGINNINGS = "=, +, -, @, tab or CR"
GUARD = "'"
_FORMULA = r"^[=+\-@\t\r]"
_NUMBER = r"^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$"


class Cells:
    """Tables on their way into a CSV file, whose cells are looked at while they pass.

    Args:
        tables: The tables.
        guard: Whether such cells get an apostrophe before them, which spreadsheets take for "this is text".

    Attributes:
        formulas: How many cells that passed begin like a formula; a number such as ``-1.5`` does not.

    Example:
        >>> cells = Cells([pa.table({"id": ["=1+1", "-1.5", "a"]})], guard=True)
        >>> [table.to_pydict() for table in cells], cells.formulas
        ([{'id': ["'=1+1", '-1.5', 'a']}], 1)
    """

    def __init__(self, tables: Iterable[pa.Table], *, guard: bool) -> None:
        self._tables = tables
        self._guard = guard
        self.formulas = 0

    def __iter__(self) -> Iterator[pa.Table]:
        """Yield the tables, with their cells as they are or guarded."""
        for table in self._tables:
            passing = table
            for place, name in enumerate(table.column_names):
                column = passing.column(place)
                if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
                    continue
                found = formulas(column)
                count = pc.sum(found).as_py() or 0
                self.formulas += count
                if self._guard and count:
                    guarded = pc.binary_join_element_wise(GUARD, column, "")
                    passing = passing.set_column(place, name, pc.if_else(found, guarded, column))
            yield passing


def formulas(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return which of some texts begin like a formula and are no number."""
    begins = pc.match_substring_regex(texts, _FORMULA)
    if not pc.any(begins).as_py():
        return begins
    return pc.and_not(begins, pc.match_substring_regex(texts, _NUMBER))


def guarded_frame(frame: pd.DataFrame, *, guard: bool) -> tuple[int, pd.DataFrame]:
    """Return how many cells of a frame begin like formulas, and the frame, guarded if that is asked for.

    Args:
        frame: Any frame; only its texts are looked at.
        guard: Whether such cells get an apostrophe before them.
    """
    import pandas as pd  # noqa: PLC0415 - who writes a label set needs none

    found = pd.DataFrame({name: _formulas_of(frame[name]) for name in frame}, index=frame.index, dtype=bool)
    guarded = frame.where(~found, GUARD + frame.astype(str)) if guard else frame
    return int(found.to_numpy().sum()), guarded


def is_formula(text: str) -> bool:
    """Return whether a text begins like a formula and is no number.

    Example:
        >>> is_formula("=1+1"), is_formula("-1.5"), is_formula("-1.5+cmd")
        (True, False, True)
    """
    return _formulas_of([text])[0]


def _formulas_of(cells: Iterable[object]) -> list[bool]:
    """Return which of some cells are texts that begin like formulas."""
    texts = pa.chunked_array([[cell if isinstance(cell, str) else None for cell in cells]], pa.string())
    found: list[bool] = pc.fill_null(formulas(texts), fill_value=False).to_pylist()
    return found


def told(count: int, where: object, *, guarded: bool) -> str:
    """Return what a person should know of such cells.

    Example:
        >>> print(told(2, "labels.csv", guarded=False))  # doctest: +NORMALIZE_WHITESPACE
        2 cells of labels.csv begin like formulas (=, +, -, @, tab or CR), which a spreadsheet runs; they are written as
        they are. Fix: --spreadsheet writes them with an apostrophe before
    """
    begin = f"{count:,} cell{' of' if count == 1 else 's of'} {where} begin{'s' if count == 1 else ''} like"
    begin += f" {'a formula' if count == 1 else 'formulas'} ({BEGINNINGS})"
    if guarded:
        return f"{begin}; an apostrophe stands before each, so that a spreadsheet shows it as text"
    as_is = "it is written as it is" if count == 1 else "they are written as they are"
    them = "it" if count == 1 else "them"
    return f"{begin}, which a spreadsheet runs; {as_is}. Fix: --spreadsheet writes {them} with an apostrophe before"

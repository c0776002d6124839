"""How a table is written: its encoding, what parts its cells, where it begins, what its columns are called."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from retrolabel.errors import InputError, Problem, counted, for_shell, in_quotes
from retrolabel.interop.raw import LONGEST_CELL

if TYPE_CHECKING:
    from collections.abc import Sequence

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
"""What parts cells -> what people call it."""
QUOTES: dict[str | None, dict[str, Any]] = {
    None: {},
    "doubled": {},
    "backslash": {"escapechar": "\\"},
    "none": {"quoting": csv.QUOTE_NONE},
}
"""What quotation marks in cells are -> how the ``csv`` module reads it."""
NONE = "none"
"""``--delimiter none``: a line is one cell, whatever is in it."""
SURVEY = '{"ImportId"'
"""What cells of a row of Qualtrics begin with that is no answer."""
ASKED = ("respondent id", "collector id")
"""How the columns of an export of SurveyMonkey begin, whose second row says what could be chosen."""
SNIFFED = 2**16
"""Characters by which it is seen how a table is written."""
SNIFFED_ROWS = 200
ENOUGH_ROWS = 3
MOSTLY = 0.8
"""The share of rows that are as wide as each other, from which on they say what a header should be."""
SHOWN = 6


@dataclass(frozen=True)
class Dialect:
    """What is said of how a table is written; what is left out is found, or as it mostly is.

    Attributes:
        encoding: Its encoding, as Python names it; UTF-8 if left out.
        delimiter: What parts its cells: one character, or ``tab``, ``semicolon``, ``pipe``, ``comma``, ``none``.
        skip_lines: Lines (rows of a spreadsheet) before the one that names its columns.
        header: The names of its columns, where no line names them.
        sheet: The sheet of a spreadsheet.
        rows_at: Where in an object of JSON the rows are.
        quotes: What quotation marks in cells are: ``doubled``, which they are if left out; ``backslash``, after one;
            ``none``, letters as any other.
        skip_rows: Rows after the header that are no items, as those in which a survey says what was asked.
    """

    encoding: str | None = None
    delimiter: str | None = None
    skip_lines: int = 0
    header: tuple[str, ...] = ()
    sheet: str | None = None
    rows_at: str | None = None
    quotes: str | None = None
    skip_rows: int = 0

    def key(self) -> dict[str, object]:
        """Return what was said, by name."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items() if value}

    def words(self) -> list[str]:
        """Return the same as options of a command.

        Example:
            >>> Dialect(encoding="cp1252", skip_lines=2, header=("a", "b")).words()
            ['--encoding cp1252', '--skip-lines 2', '--header a,b']
        """
        return [
            f"--{name.replace('_', '-')} {for_shell(','.join(value) if isinstance(value, tuple) else str(value))}"
            for name, value in ((each.name, getattr(self, each.name)) for each in fields(self))
            if value
        ]


AS_FOUND = Dialect()
"""Nothing is said: what is found counts."""


class Sniffed(NamedTuple):
    """How a table is written, as its first rows show.

    Attributes:
        delimiter: What parts its cells; ``none`` where nothing does.
        rows: Its first rows: the line of each, and its cells.
    """

    delimiter: str
    rows: list[tuple[int, list[str]]]


def as_delimiter(said: str) -> str:
    r"""Return the character that parts cells, or ``none``.

    Raises:
        InputError: It is none.

    Example:
        >>> as_delimiter("tab") == as_delimiter("\\t") == "\t", as_delimiter(";"), as_delimiter("none")
        (True, ';', 'none')
    """
    by_name = {name: mark for mark, name in DELIMITERS.items()} | {"\\t": "\t", NONE: NONE}
    found = by_name.get(said.casefold(), said)
    if found != NONE and (len(found) != 1 or found in '\r\n"'):
        raise InputError(
            f"--delimiter {said!r} is not one character.",
            remedy="--delimiter tab, semicolon, pipe, comma or none (a line is one cell), or one character:"
            f" {in_quotes(';')}",
        )
    return found


def quoting(quotes: str | None) -> dict[str, Any]:
    """Return how the ``csv`` module reads quotation marks.

    Raises:
        InputError: Nothing of the kind is known.
    """
    if quotes not in QUOTES:
        raise InputError(f"--quotes {quotes!r} is none of doubled, backslash, none.", remedy="--quotes backslash")
    return QUOTES[quotes]


def sniffed(sample: str, delimiter: str | None, *, cut: bool, quotes: str | None = None) -> Sniffed:
    r"""Return how a table is written.

    Args:
        sample: Its beginning.
        delimiter: What parts its cells, where that was said.
        cut: Whether there is more.
        quotes: What quotation marks in cells are.

    Example:
        >>> sniffed("label\ttext\nham\tOk, fine\n", None, cut=False).delimiter
        '\t'
    """
    if delimiter is not None:
        return Sniffed(delimiter, _rows(sample, delimiter, cut=cut, quotes=quotes))
    found = {mark: _rows(sample, mark, cut=cut, quotes=quotes) for mark in DELIMITERS}
    # Where two fit as well, the other one stands in texts; a comma does so most often.
    order = sorted(found, key=lambda mark: mark == ",")
    best = max(order, key=lambda mark: _as_header_says(found[mark]))
    if _as_header_says(found[best])[0] < 0.5:  # noqa: PLR2004 - half of the rows are not as wide as the first
        best = max(order, key=lambda mark: _alike(found[mark]))
    return Sniffed(best if any(len(cells) > 1 for _, cells in found[best]) else ",", found[best])


def _rows(sample: str, delimiter: str, *, cut: bool, quotes: str | None) -> list[tuple[int, list[str]]]:
    if delimiter == NONE:
        lines = sample.splitlines()
        return [(number, [line]) for number, line in enumerate(lines[:SNIFFED_ROWS], 1) if line]
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, **quoting(quotes))
    found: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if cells:
                found.append((line, cells))
            line = reader.line_num + 1
            if len(found) > SNIFFED_ROWS:
                break
    except csv.Error:
        return found
    return found[:-1] if cut and len(found) <= SNIFFED_ROWS and len(found) > 1 else found


def _as_header_says(rows: Sequence[tuple[int, list[str]]]) -> tuple[float, int]:
    """Return the share of rows that are as wide as the first, and how wide that is; nothing if it is one cell."""
    if not rows or len(rows[0][1]) < 2:  # noqa: PLR2004 - a table has columns
        return 0.0, 0
    width = len(rows[0][1])
    return sum(len(cells) == width for _, cells in rows) / len(rows), width


def _alike(rows: Sequence[tuple[int, list[str]]]) -> tuple[float, int]:
    """Return the share of rows that have the width that most have, and that width; nothing if it is one cell."""
    counts = Counter(len(cells) for _, cells in rows)
    width, many = max(counts.items(), key=lambda each: each[1], default=(0, 0))
    return (many / len(rows), width) if width > 1 else (0.0, 0)


def wrong_header(name: str, found: Sniffed) -> InputError | None:
    """Return what is wrong with a table whose first line has another width than its rows; ``None`` if nothing is.

    It may say something else before the names of the columns, or leave the name of the first one out.
    """
    rows = found.rows
    if len(rows) <= ENOUGH_ROWS:
        return None
    width = len(rows[0][1])
    counts = Counter(len(cells) for _, cells in rows[1:])
    most, many = counts.most_common(1)[0]
    if most in (1, width) or many < MOSTLY * (len(rows) - 1):
        return None
    message = f"{name}: its first line has {counted(width, 'cell')}, and most lines have {most}."
    if width == most - 1:
        names = ",".join(["row", *rows[0][1]])
        return InputError(
            message,
            remedy=f"if the first column has no name: --skip-lines 1 --header {for_shell(names)}",
        )
    line, cells = next((line, cells) for line, cells in rows if len(cells) == most)
    shown = ", ".join(cells[:SHOWN]) + (", ..." if len(cells) > SHOWN else "")
    lines = "; if each line is one text: --delimiter none" if width == 1 and found.delimiter else ""
    return InputError(
        message, remedy=f"if line {line} names the columns ({shown:.100}): --skip-lines {line - 1}{lines}"
    )


def rows_of_a_survey(name: str, found: Sniffed) -> InputError | None:
    """Return what is wrong with a table of a survey, whose first rows are no answers; ``None`` if it is none.

    Those of Qualtrics are told by their codes, that of SurveyMonkey by its columns and the ids that it lacks.
    """
    header = [cell.strip("\ufeff ").casefold() for cell in found.rows[0][1][:2]] if found.rows else []
    if tuple(header) == ASKED and len(found.rows) > 1 and not any(found.rows[1][1][:2]):
        return InputError(
            f"{name} says in its first row after the header what could be chosen; it is no item.",
            remedy="--skip-rows 1 passes over it",
        )
    for place, (_, cells) in enumerate(found.rows[1:4], 1):
        if any(cell.startswith(SURVEY) for cell in cells):
            return InputError(
                f"{name} says in its first {place} rows after the header what was asked; they are no items.",
                remedy=f"--skip-rows {place} passes over them",
            )
    return None


def column_labels(cells: Sequence[str], name: str) -> list[str]:
    """Return what columns are called: by their cells in the header, or by their places where those say nothing.

    A cell that is empty, or says what an earlier one says, names no column: the column is ``#3``, the third.

    Raises:
        InputError: There is no header line.

    Example:
        >>> column_labels(["", "text", "text", "stars"], "f.csv")
        ['#1', 'text', '#3', 'stars']
    """
    if not cells:
        raise InputError(
            f"{name} has no header line.",
            remedy="the first line names the columns; --header a,b names them, if none does",
        )
    found: list[str] = []
    for place, cell in enumerate(cells, 1):
        plain = cell.strip("\ufeff") if place == 1 else cell
        label = f"#{place}" if not plain.strip() or plain in found else plain
        while label in found or (label != plain and label in cells):
            label = f"#{label}"
        found.append(label)
    return found


def why_by_place(cells: Sequence[str], labels: Sequence[str]) -> dict[str, str]:
    """Return column that is called by its place -> why.

    Example:
        >>> cells = ["", "text", "text"]
        >>> why_by_place(cells, column_labels(cells, "f.csv"))
        {'#1': 'its header cell is empty', '#3': "its header cell says 'text', as an earlier one does"}
    """
    return {
        label: f"its header cell says {cell!r}, as an earlier one does" if cell.strip() else "its header cell is empty"
        for cell, label in zip(cells, labels, strict=True)
        if label.startswith("#") and label != cell
    }


def given_header(header: Sequence[str], width: int, name: str, first: Sequence[object]) -> list[str]:
    """Return the names that were given to columns.

    Raises:
        InputError: They are not as many as there are columns, or one of them is given twice.
    """
    problems = []
    if len(header) != width:
        shown = ", ".join(map(str, first[:SHOWN])) + (", ..." if len(first) > SHOWN else "")
        what = f"names {counted(len(header), 'column')}, and the first line has {counted(width, 'cell')}: {shown:.100}"
        example = ",".join([*header, *(f"c{place}" for place in range(len(header) + 1, width + 1))][:width])
        problems.append(Problem("--header", what, f"--header {for_shell(example)}"))
    twice = [each for each, count in Counter(header).items() if count > 1]
    problems += [Problem("--header", f"names {each!r} twice", "name each column once") for each in twice]
    if problems:
        raise InputError(f"{name} cannot be read with this header.", problems=problems)
    return list(header)

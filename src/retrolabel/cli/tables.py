"""Tables for a terminal: one line a row. What is cut ends in an ellipsis; a pipe gets everything whole.

Where the rows are wider than the terminal, columns give way in this order, and no further than is needed:

1. texts are cut, as far as they stay readable,
2. the titles of numbers are folded,
3. columns that can be spared are left out,
4. texts and names are cut.

Of several columns it is the one where the fewest rows are cut by it. Numbers, and what is to be copied, stay whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderResult

GAP = 2
TITLE_WIDTH = 12
CUT_ALREADY = 0.03
"""What it counts for a row that is cut to lose a cell more, beside one that is whole."""
LEAST, HARDLY, SENTENCE = 12, 6, 18
"""Cells that texts and names keep; that they keep if nothing else helps; that sentences keep until then."""


class Kind(Enum):
    """How a column gives way."""

    NUMBER = auto()
    """Figures, to the right: never cut."""
    WHOLE = auto()
    """What is to be copied, or figures to the left: never cut."""
    NAME = auto()
    """Cut when nothing else helps."""
    TEXT = auto()
    """Cut first."""
    PROSE = auto()
    """Folded between words where a text would be cut: sentences that have to be read."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column of a table.

    Attributes:
        title: What its cells are.
        cells: A text for each row; only prose has several lines.
        kind: How it gives way.
        readable: The cells that a text keeps while other columns can be spared.
        spare: In which place it is left out, from 1; 0 is never.
    """

    title: str
    cells: tuple[str, ...]
    kind: Kind = Kind.NAME
    readable: int = LEAST
    spare: int = 0

    @cached_property
    def widths(self) -> list[int]:
        """The cells that its rows take on the screen, in ascending order."""
        return sorted(max(map(cell_len, cell.split("\n"))) for cell in self.cells)

    @property
    def body(self) -> int:
        """The cells that its widest row takes."""
        return self.widths[-1] if self.widths else 0

    def loss(self, width: int) -> float:
        """Return how many rows would be cut if it took a cell less than a width; those that are cut count little."""
        whole, some = bisect_left(self.widths, width), bisect_right(self.widths, width)
        return 0.0 if self.kind is Kind.PROSE else some - whole + (len(self.widths) - some) * CUT_ALREADY

    @property
    def width(self) -> int:
        """The cells that all of it takes."""
        return max(self.body, cell_len(self.title))

    @property
    def narrow(self) -> int:
        """The cells that it takes when its title is folded, if it is a number's."""
        if self.kind is not Kind.NUMBER:
            return self.width
        return max(self.body, *map(cell_len, folded_title(self.title, max(self.body, TITLE_WIDTH))))


Widths = dict[Column, int]
"""Columns, with the cells that each takes."""


@dataclass(frozen=True)
class Table:
    """A table that rich can print.

    Attributes:
        title: What it is of; nothing, where the line before says it.
        columns: Its columns, all with the same number of cells.
        last: Whether nothing is printed after it; else an empty line follows.
    """

    title: str
    columns: tuple[Column, ...]
    last: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines, as wide as the terminal at most; in a pipe they are as wide as they have to be."""
        room = options.max_width if console.is_terminal else None
        dots, rule = ("...", "-") if options.ascii_only else ("…", "─")
        widths = fitted(self.columns, room)
        if self.title:
            for line in wrapped(self.title, room) if room else [self.title]:
                yield Text(line, style="italic")
        else:
            yield Text()
        for line in _heading(widths):
            yield Text(line, style="bold")
        yield Text(rule * _total(widths))
        for line in _rows(widths, dots):
            yield Text(line)
        if not self.last:
            yield Text()


def fitted(columns: Sequence[Column], room: int | None) -> Widths:
    """Return the columns that are shown, with their widths.

    Args:
        columns: The columns.
        room: The cells that a line may take; ``None`` where there is no end to it.

    Example:
        >>> columns = [Column("task", ("a_long_name",)), Column("n", ("1,000",), Kind.NUMBER)]
        >>> list(fitted(columns, 15).values())
        [8, 5]
    """
    widths = {column: column.width for column in columns}
    if room is None or _total(widths) <= room:
        return widths
    folded = {column: column.narrow for column in columns}
    places = range(1, 1 + max(column.spare for column in columns))
    spared = [{column: folded[column] for column in columns if not 0 < column.spare <= place} for place in places]
    for shown in (widths, folded, *spared):
        texts = {column: column.readable for column in shown if column.kind in (Kind.TEXT, Kind.PROSE)}
        widths = _squeezed(shown, texts, room)
        if _total(widths) <= room:
            return widths
    soft = [column for column in widths if column.kind not in (Kind.NUMBER, Kind.WHOLE)]
    for least, of_prose in ((LEAST, SENTENCE), (HARDLY, LEAST)):
        floors = {column: of_prose if column.kind is Kind.PROSE else least for column in soft}
        widths = _squeezed(widths, floors, room)
    return widths


def _total(widths: Widths) -> int:
    """Return the cells that a line takes."""
    return sum(widths.values()) + GAP * (len(widths) - 1)


def _squeezed(widths: Widths, least: Widths, room: int) -> Widths:
    """Return the columns with some of them narrower, by what is needed, and no narrower than their least widths."""
    most = {column: max(room, least[column]) for column in least}
    kept = {column: min(width, most.get(column, width)) for column, width in widths.items()}
    while _total(kept) > room:
        wide = [column for column in least if kept[column] > least[column]]
        if not wide:
            break
        kept[min(wide, key=lambda column: (column.loss(kept[column]), -kept[column]))] -= 1
    return kept


def _heading(widths: Widths) -> Iterator[str]:
    """Yield the lines of the titles; one that is shorter stands at the bottom."""
    titles = [
        folded_title(column.title, width) if cell_len(column.title) > width else [column.title]
        for column, width in widths.items()
    ]
    height = max(map(len, titles), default=0)
    for line in range(height):
        yield _line(widths, [title[line - height] if line >= height - len(title) else "" for title in titles])


def _rows(widths: Widths, dots: str) -> Iterator[str]:
    """Yield a line for each row; several only where prose is folded."""
    cells = [
        [_folded(cell, width) for cell in column.cells]
        if column.kind is Kind.PROSE
        else [[cell] for cell in shortened(column.cells, width, dots, names=column.kind is Kind.NAME)]
        for column, width in widths.items()
    ]
    for row in zip(*cells, strict=True):
        for line in range(max(map(len, row))):
            yield _line(widths, [cell[line] if line < len(cell) else "" for cell in row])


def _line(widths: Widths, cells: Sequence[str]) -> str:
    """Return the cells beside each other."""
    placed = []
    for (column, width), cell in zip(widths.items(), cells, strict=True):
        blank = " " * (width - cell_len(cell))
        placed.append(blank + cell if column.kind is Kind.NUMBER else cell + blank)
    return (" " * GAP).join(placed).rstrip()


def shortened(texts: Sequence[str], width: int, dots: str = "…", *, names: bool = False) -> list[str]:
    """Return texts of one line that take no more than some cells.

    Args:
        texts: The texts.
        width: The cells that one may take.
        dots: What stands at the end of one that is cut.
        names: Whether they are names, which are to be told apart: those that begin alike are cut in the middle.

    Example:
        >>> shortened(["short", "a_long_name_1", "a_long_name_2", "another"], 6, names=True)
        ['short', 'a_l…_1', 'a_l…_2', 'anoth…']
    """
    ends = [_cut(text, width, dots) for text in texts]
    alike = Counter(_cut(text, width, dots) for text in set(texts)) if names else Counter()
    return [
        _cut(text, width, dots, tail=(width - len(dots)) // 2) if alike[end] > 1 else end
        for text, end in zip(texts, ends, strict=True)
    ]


def _cut(text: str, width: int, dots: str, tail: int = 0) -> str:
    """Return a text that takes no more than some cells, with so many of its last ones."""
    if cell_len(text) <= width:
        return text
    end = text[len(text) - tail :]
    while cell_len(end) > tail:
        end = end[1:]
    return set_cell_size(text, max(0, width - cell_len(dots + end))).rstrip() + dots + end


def folded_title(title: str, width: int) -> list[str]:
    """Return a title, as a label id may be, in lines that leave room for the other columns.

    Example:
        >>> folded_title("customer_service", 12)
        ['customer_', 'service']
    """
    lines = [""]
    for piece in (part for word in re.findall(r"[^_\s]*[_\s]|[^_\s]+", title) for part in chop_cells(word, width)):
        if lines[-1] and cell_len(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _folded(text: str, width: int) -> list[str]:
    """Return prose in lines; those that it has are kept."""
    return [line for written in text.split("\n") for line in wrapped(written, width)]


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines broken between words; a word that is longer than a line is broken too.

    Example:
        >>> wrapped("is new; came from bad", 12)
        ['is new; came', 'from bad']
    """
    lines = [""]
    for word in re.findall(r"\s*\S+", text):
        if cell_len(lines[-1] + word) <= width:
            lines[-1] += word
        else:
            lines += chop_cells(word.lstrip(), width)
    return lines[1:] if lines[1:] and not lines[0] else lines

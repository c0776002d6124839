"""A text with some of its words marked: bold where a terminal has colours, in brackets elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from retrolabel.cli.characters import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

MARKED = "bold reverse"
BEFORE = 0.3
"""The share of the room that what stands before the first marked word may take."""


class _Piece(NamedTuple):
    text: str
    marked: bool


def highlighted(text: str, places: Sequence[tuple[int, int]], *, width: int, colours: bool, dots: str = "…") -> Text:
    r"""Return a text in one line with some of its words marked, cut around the first of them.

    Control characters are shown, not obeyed; runs of white space are one space.

    Args:
        text: The text.
        places: Where its words begin and end; none in another.
        width: The cells that it may take.
        colours: Whether the words are bold and reversed; else they stand in brackets.
        dots: What stands where it is cut.

    Example:
        >>> highlighted("it doesn't work\nsince May", [(3, 15)], width=80, colours=False).plain
        "it [doesn't work] since May"
        >>> highlighted("a long way to the crash of today", [(18, 23)], width=20, colours=False).plain
        '… the [crash] of to…'
    """
    pieces = _pieces(text, sorted(places), colours=colours)
    before = sum(cell_len(piece.text) for piece in pieces[: _first_marked(pieces)])
    total = sum(cell_len(piece.text) for piece in pieces)
    skipped = max(0, min(before - int(width * BEFORE), total - width)) if total > width else 0
    made = Text()
    if skipped:
        pieces = _without(pieces, skipped + cell_len(dots))
        made.append(dots)
    left = width - made.cell_len
    for place, piece in enumerate(pieces):
        rest = sum(cell_len(each.text) for each in pieces[place + 1 :])
        style = MARKED if piece.marked and colours else ""
        if cell_len(piece.text) + rest <= left or (rest and cell_len(piece.text) <= left - cell_len(dots)):
            made.append(piece.text, style=style)
            left -= cell_len(piece.text)
            continue
        made.append(set_cell_size(piece.text, max(0, left - cell_len(dots))).rstrip(), style=style)
        made.append(dots)
        break
    return made


def on(console: Console, text: str, places: Sequence[tuple[int, int]], *, room: int | None = None) -> Text:
    """Return a text with its words marked as a console shows it: in brackets where it has no colours.

    Args:
        console: Where it will be printed.
        text: The text.
        places: Where its words begin and end.
        room: The cells that it may take; as wide as the console if left out, and whole in a pipe.
    """
    coloured = console.is_terminal and console.color_system is not None and not console.no_color
    width = (room or console.width) if console.is_terminal else max(room or 0, 10 * len(text) + 100)
    dots = "..." if console.options.ascii_only else "…"
    return highlighted(text, places, width=width, colours=coloured, dots=dots)


def _pieces(text: str, places: Sequence[tuple[int, int]], *, colours: bool) -> list[_Piece]:
    """Return a text in parts that are marked and parts that are not, as they are shown."""
    made: list[_Piece] = []
    done = 0
    for start, end in places:
        if start < done or end <= start:
            continue
        made.append(_Piece(_line(text[done:start]), marked=False))
        words = _line(text[start:end])
        made.append(_Piece(words if colours else f"[{words}]", marked=True))
        done = end
    made.append(_Piece(_line(text[done:]), marked=False))
    made = [piece for piece in made if piece.text]
    if made and not made[0].marked:
        made[0] = _Piece(made[0].text.lstrip(), marked=False)
    if made and not made[-1].marked:
        made[-1] = _Piece(made[-1].text.rstrip(), marked=False)
    return made


def _line(text: str) -> str:
    """Return a part of a text in one line, its control characters shown."""
    parts = text.split()
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and parts else ""
    return as_text(before + " ".join(parts) + after)


def _first_marked(pieces: Sequence[_Piece]) -> int:
    return next((place for place, piece in enumerate(pieces) if piece.marked), 0)


def _without(pieces: Sequence[_Piece], cells: int) -> list[_Piece]:
    """Return a text without so many of its first cells; what is marked is not cut at its beginning."""
    left = list(pieces)
    while left and cells > 0 and not left[0].marked:
        first = left.pop(0)
        if cell_len(first.text) > cells:
            kept = first.text
            while cell_len(first.text) - cell_len(kept) < cells:
                kept = kept[1:]
            left.insert(0, _Piece(kept, marked=False))
            break
        cells -= cell_len(first.text)
    return left

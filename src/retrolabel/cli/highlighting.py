"""A text with the words that a labeling function found in it marked, cut to the width of a line around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.cli.characters import CONTROLS, escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.text import Text

    from retrolabel.labeling.words import Span

MARKED = "bold reverse"
MORE = "…"
BEFORE = 3
"""Of the room that is left beside the words, the part that what stands before them gets: a third."""


def highlighted(text: str, spans: Iterable[Span], *, width: int | None = None, colour: bool = True) -> Text:
    r"""Return a text in one line with its words marked.

    Words are bold and reversed on a terminal, and stand in [brackets] where there is no colour. What would move the
    cursor is shown, not obeyed. A text that does not fit is cut around the first words, and says so with ``…``.

    Args:
        text: The text of one column.
        spans: The words in it; those that overlap are marked as one.
        width: The cells of a line; nothing is cut if left out.
        colour: Whether the terminal shows colours.

    Example:
        >>> from retrolabel.labeling.words import Span
        >>> highlighted("it crashes\nalways", [Span("body", 3, 8, "crash")], colour=False).plain
        'it [crash]es\\nalways'
    """
    from rich.cells import cell_len  # noqa: PLC0415 - not needed for --help
    from rich.text import Text  # noqa: PLC0415 - not needed for --help

    pieces = [piece for whole, marked in _parts(text, spans) for piece in _shown(whole, marked, colour)]
    first = next((place for place, (_, marked) in enumerate(pieces) if marked), 0)
    sizes = [cell_len(piece) for piece, _ in pieces]
    start, end = _window(sizes, first, [marked for _, marked in pieces], width)
    line = Text(MORE if start else "")
    for piece, marked in pieces[start:end]:
        line.append(piece, MARKED if marked and colour else "")
    return line.append(MORE if end < len(pieces) else "")


def _parts(text: str, spans: Iterable[Span]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a text in their order, each with whether it is marked."""
    end = 0
    for first, last in _joined(sorted((span.start, span.end) for span in spans)):
        yield text[end:first], False
        yield text[first:last], True
        end = last
    yield text[end:], False


def _joined(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in places:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        elif last > first:
            joined.append((first, last))
    return joined


def _shown(piece: str, marked: bool, colour: bool) -> Iterator[tuple[str, bool]]:
    """Yield a piece character by character as it is shown; joiners and accents stay with what they change."""
    if marked and not colour and piece:
        yield "[", True
    for group in _clusters(piece):
        yield CONTROLS.sub(lambda each: escaped(each[0]), group), marked
    if marked and not colour and piece:
        yield "]", True


def _clusters(piece: str) -> Iterator[str]:
    from rich.cells import cell_len  # noqa: PLC0415 - not needed for --help

    group = ""
    for character in piece:
        joins = group and (group[-1] == "\u200d" or (not CONTROLS.match(character) and cell_len(character) == 0))
        if group and not joins:
            yield group
            group = ""
        group += character
    if group:
        yield group


def _window(sizes: Sequence[int], first: int, marked: Sequence[bool], width: int | None) -> tuple[int, int]:
    """Return which pieces are shown: from a third of the room before the first words."""
    if width is None or sum(sizes) <= width:
        return 0, len(sizes)
    last = next((place for place in range(first, len(sizes)) if not marked[place]), len(sizes))
    room = max(width - 2 * len(MORE), 1)
    before = max((room - sum(sizes[first:last])) // BEFORE, 0)
    before = max(before, width - len(MORE) - sum(sizes[first:]))  # what follows is short, or nothing
    start = first
    while start > 0 and before >= sizes[start - 1]:
        start -= 1
        before -= sizes[start]
    end, left = start, room if start else width - len(MORE)
    if start and sum(sizes[start:]) <= width - len(MORE):
        return start, len(sizes)
    while end < len(sizes) and left >= sizes[end]:
        left -= sizes[end]
        end += 1
    return start, end

"""Names beside a chart: whole, in lines that have room, whatever font the reader's machine has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDE, NARROW = 860, 330
"""Widths of a chart, in pixels: for a screen, and for a phone."""
LETTER = 7.6
"""Width of a letter of a name, in pixels, in the mean, in the widest of the usual fonts (DejaVu Sans, 12 pixels)."""
LINE = 14
"""Height of a line of a name, in pixels."""
LETTERS = {WIDE: 40, NARROW: 15}
"""Letters of a name that have room in a line."""


def wrapped(name: str, width: int) -> str:
    r"""Return a name in lines that have room beside a chart, none of it cut.

    Example:
        >>> wrapped("answers_from_a_page_that_is_stale", 330).split("\n")
        ['answers_from_a_', 'page_that_is_', 'stale']
    """
    most, found = LETTERS[width], [""]
    for piece in re.findall(r"[^ _./-]*[ _./-]|[^ _./-]+", name):
        if found[-1] and len(found[-1]) + len(piece.rstrip()) > most:
            found.append("")
        found[-1] += piece
        while len(found[-1].rstrip()) > most:
            found[-1:] = [found[-1][:most], found[-1][most:]]
    return "\n".join(filter(None, map(str.strip, found)))


def room(names: Iterable[str]) -> int:
    """Return how many pixels names in lines need beside a chart."""
    return 20 + round(LETTER * max((len(line) for name in names for line in name.split("\n")), default=0))


def names_axis(size: int, most: int) -> Any:  # noqa: ANN401 - altair's axis
    """Return an axis of names that stand in lines, as :func:`wrapped` makes them.

    Args:
        size: How much room it has, in pixels.
        most: How many lines a name has, at most.
    """
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    middles: list[dict[str, Any]] = [  # a text of several lines hangs from its first one
        {"test": f"length(split(datum.label, '\\n')) == {count}", "value": -(count - 1) * (LINE - 1) / 2}
        for count in range(2, most + 1)
    ]
    hanging: Any = {"condition": middles, "value": 0} if middles else 0
    return alt.Axis(
        labelExpr="split(datum.label, '\\n')",
        labelOffset=hanging,
        labelLimit=size,
        labelLineHeight=LINE - 1,
        labelPadding=6,
        minExtent=size,
        maxExtent=size,
        ticks=False,
        domain=False,
    )


def lines(texts: Iterable[str]) -> int:
    """Return how many lines the longest text has."""
    return max((text.count("\n") + 1 for text in texts), default=1)

"""How a report says counts, shares, figures and what people wrote."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrolabel.gold.agreement import Estimate
    from retrolabel.gold.powered import Mean, Powered

HARMLESS = frozenset("\n\t\u200c\u200d\u00ad")
"""Characters that are not seen and have their use: lines, joiners in emoji and Persian, soft hyphens."""
DASH = "-"
UNSEEN = frozenset({"Cc", "Cf", "Co", "Cn", "Zl", "Zp"})


def number(value: float) -> str:
    """Return a count as people read it.

    Example:
        >>> number(1408)
        '1,408'
    """
    return f"{int(value):,}"


def percent(part: float, of: float = 1) -> str:
    r"""Return a share in percent, on one line; nothing of nothing is a dash.

    Example:
        >>> percent(1, 8), percent(0, 0)
        ('12.5\xa0%', '-')
    """
    if not of or part != part:  # noqa: PLR0124 - NaN is unlike itself
        return DASH
    return f"{100 * part / of:.1f}\u00a0%"


def figure(value: float | None) -> str:
    """Return a figure with three decimals; a dash where there is none.

    Example:
        >>> figure(0.12345), figure(None)
        ('0.123', '-')
    """
    return DASH if value is None or value != value else f"{value:.3f}"  # noqa: PLR0124 - NaN is unlike itself


def estimate(found: Estimate) -> str:
    """Return a figure with its interval.

    Example:
        >>> from retrolabel.gold.agreement import wilson
        >>> estimate(wilson(8, 10))
        '0.800 [0.490, 0.943]'
    """
    return DASH if found.value is None else str(found)


def as_percent(found: Estimate | Mean | Powered) -> str:
    r"""Return a share with its interval, in percent.

    Example:
        >>> from retrolabel.gold.agreement import wilson
        >>> as_percent(wilson(8, 10))
        '80.0\xa0% [49.0\xa0%, 94.3\xa0%]'
    """
    if found.value is None or found.low is None or found.high is None:
        return DASH
    return f"{percent(found.value)} [{percent(found.low)}, {percent(found.high)}]"


def points(share: float) -> str:
    """Return a difference of shares in percent points.

    Example:
        >>> points(0.0083), points(-0.021)
        ('0.8', '-2.1')
    """
    return f"{100 * share:.1f}"


def signed(share: float) -> str:
    """Return a difference of shares in percent points, with its sign.

    Example:
        >>> signed(0.0083), signed(-0.021)
        ('+0.8', '-2.1')
    """
    return f"{100 * share:+.1f}"


def pieces(text: object) -> list[tuple[bool, str]]:
    """Return a text in pieces: (whether it is shown as it is, the piece or the code of what cannot be seen).

    Example:
        >>> pieces("abc\u202edef")
        [(True, 'abc'), (False, 'U+202E'), (True, 'def')]
    """
    found: list[tuple[bool, str]] = []
    plain = ""
    for character in str(text):
        if character in HARMLESS or unicodedata.category(character) not in UNSEEN:
            plain += character
            continue
        if plain:
            found.append((True, plain))
        found.append((False, f"U+{ord(character):04X}"))
        plain = ""
    return [*found, (True, plain)] if plain else found


def marked(text: str, marks: Iterable[tuple[int, int]]) -> list[tuple[bool, list[tuple[bool, str]]]]:
    """Return a text in parts: (whether these words made a labeling function vote, their :func:`pieces`).

    Args:
        text: The text.
        marks: (start, end) of the words; they may overlap.

    Example:
        >>> [(word, "".join(piece for _, piece in part)) for word, part in marked("a dead link!", [(2, 11), (7, 11)])]
        [(False, 'a '), (True, 'dead link'), (False, '!')]
    """
    found: list[tuple[bool, list[tuple[bool, str]]]] = []
    at = 0
    for first, last in sorted(marks):
        start, end = max(first, at), min(last, len(text))
        if start >= end:
            continue
        found += [(False, pieces(text[at:start]))] if start > at else []
        found.append((True, pieces(text[start:end])))
        at = end
    return found + ([(False, pieces(text[at:]))] if at < len(text) else [])

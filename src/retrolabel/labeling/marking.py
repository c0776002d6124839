"""How a function says which words made it vote: it returns a match of ``re``, or marks a part of a text."""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Mark(NamedTuple):
    """A part of a text that a function was given, or made: the text, and where the part begins and ends."""

    text: str
    start: int
    end: int


_LISTENING: ContextVar[list[Mark] | None] = ContextVar("retrolabel_marks", default=None)


def found(where: str | re.Match[str] | None, start: int = 0, end: int | None = None) -> bool:
    """Say in a labeling function which words made it vote; returns whether there are any.

    The words are shown by ``lf try`` and ``labels why``. A relabel records nothing of them, and the vote is whatever
    the function returns.

    Args:
        where: A text, or what ``re.search`` returned; ``None`` is not found.
        start: Where the words begin in the text.
        end: Where they end, as in a slice; if left out, with the text.

    Example:
        >>> import re
        >>> found(re.search("crash", "it crashes")), found(re.search("crash", "fine")), found("it crashes", 3, 8)
        (True, False, True)
    """
    if where is None:
        return False
    marks = _LISTENING.get()
    if marks is not None:
        marks.append(as_mark(where, start, end))
    return True


def as_mark(where: str | re.Match[str], start: int = 0, end: int | None = None) -> Mark:
    """Return a match, or a part of a text, as a mark.

    Example:
        >>> import re
        >>> as_mark(re.search("crash", "it crashes")), as_mark("it crashes", 3)
        (Mark(text='it crashes', start=3, end=8), Mark(text='it crashes', start=3, end=10))
    """
    if isinstance(where, re.Match):
        return Mark(where.string, *where.span())
    return Mark(where, *slice(start, end).indices(len(where))[:2])


@contextmanager
def listening() -> Iterator[list[Mark]]:
    """Collect what functions mark inside the block.

    Example:
        >>> with listening() as marks:
        ...     found("it crashes", 3, 8)
        True
        >>> marks
        [Mark(text='it crashes', start=3, end=8)]
    """
    marks: list[Mark] = []
    token = _LISTENING.set(marks)
    try:
        yield marks
    finally:
        _LISTENING.reset(token)

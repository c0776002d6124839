"""The words of an item that made a labeling function vote, where it can say which.

What a builder made finds them by its rule. A function says them itself, where it wants to: it returns the match
of ``re`` instead of ``True``, or it passes the match, or a text with two places in it, to :func:`found`. Nothing is
kept of it while votes are computed; :func:`words_of` asks the function again, for one item.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple, overload

from retrolabel.labeling.columns import as_column, in_order
from retrolabel.labeling.matching import Match
from retrolabel.labeling.raised import interruptible, is_fault
from retrolabel.labeling.searching import Search
from retrolabel.labeling.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from retrolabel.labeling.functions import LabelingFunction

    Place = tuple[str, int, int]
    """A text, and where in it the words begin and end."""

_MARKED: ContextVar[list[Place] | None] = ContextVar("_MARKED", default=None)
"""What functions marked since somebody listens; ``None`` where nobody does, as in a relabel."""


class Span(NamedTuple):
    """Words of an item: their column, where they begin and end, and the words."""

    column: str
    start: int
    end: int
    text: str


@overload
def found(what: re.Match[str], /) -> re.Match[str]: ...
@overload
def found(what: None, /) -> None: ...
@overload
def found(what: str, start: int, end: int, /) -> str: ...
def found(what: re.Match[str] | str | None, start: int = 0, end: int = 0, /) -> re.Match[str] | str | None:
    """Mark the words that make a labeling function vote, so that people see them; the vote is what it was.

    Args:
        what: A match of ``re`` (``None`` marks nothing), or a text, as it came in.
        start: Where in the text the words begin.
        end: Where they end, as in a slice.

    Returns:
        The match, or the words, so that it can stand in a condition.

    Example:
        >>> from retrolabel.labeling.functions import labeling_function
        >>> from retrolabel.schema.labels import Label
        >>> BUG, CRASH = Label("bug"), Label("crash")
        >>> @labeling_function(BUG, CRASH)
        ... def breaks(body: str | None) -> Label | None:
        ...     if found(re.search("crash(es)?", body or "")):
        ...         return CRASH
        ...     return BUG if found(re.search("broken", body or "")) else None
        >>> breaks.vote({"body": "it crashes"}), words_of(breaks, {"body": "it crashes"})
        (crash, [Span(column='body', start=3, end=10, text='crashes')])
    """
    marked = _MARKED.get()
    if isinstance(what, str):
        if marked is not None:
            marked.append((what, *slice(start, end).indices(len(what))[:2]))
        return what[start:end]
    if marked is not None and what is not None:
        marked.append((what.string, *what.span()))
    return what


@contextmanager
def _listening() -> Iterator[list[Place]]:
    marked: list[Place] = []
    token = _MARKED.set(marked)
    try:
        yield marked
    finally:
        _MARKED.reset(token)


def words_of(lf: LabelingFunction, item: Mapping[str, object]) -> list[Span]:
    r"""Return the words of an item that make a labeling function vote: by column, then by place; none in another.

    Each lies in the text of its column as it is, however the labeling function read it (folded, in lower case).

    Args:
        lf: The labeling function. One that no builder made is called, and may take its time.
        item: Column -> value.

    Returns:
        Nothing where it abstains or fails, and where nothing can be said: of a number, a model, a function that
        marks nothing, or words that are not in the item as it is.

    Example:
        >>> from retrolabel.labeling.builders import keywords
        >>> from retrolabel.schema.labels import Label
        >>> lf = keywords(Label("bug"), ["doesn't work"], column="body")
        >>> words_of(lf, {"body": "It doesn\u2019t  work"})
        [Span(column='body', start=3, end=16, text='doesn\u2019t  work')]
    """
    with interruptible():
        try:
            places = list(_by_rule(lf, item) if lf.rule is not None else _by_itself(lf, item))
        except BaseException as error:  # an author's function, feature or pipeline may raise anything
            if not is_fault(error):
                raise
            return []
    return _in_order({span for place in places for span in _in_the_item(place, lf, item)}, item)


def _by_rule(lf: LabelingFunction, item: Mapping[str, object]) -> Iterator[Place]:
    """Yield what a rule finds in the values that it reads."""
    values = lf.arguments(item)
    if isinstance(lf.rule, Table):
        value = values[0]
        if isinstance(value, str) and lf.rule.one(*values):
            start = len(value) - len(value.lstrip())
            yield value, start, len(value.rstrip())
    elif isinstance(lf.rule, Search):
        for text in values:
            if isinstance(text, str):
                yield from ((text, start, end) for start, end in lf.rule.spans(text))
    elif isinstance(lf.rule, Match):
        for given in values:
            text = given if isinstance(given, str) else getattr(given, "text", None)
            if isinstance(text, str):
                yield from ((text, start, end) for start, end in lf.rule.spans(given))


def _by_itself(lf: LabelingFunction, item: Mapping[str, object]) -> list[Place]:
    """Return what a function marks, or the match that it returns; nothing where it abstains."""
    with _listening() as marked:
        arguments = lf.arguments(item)
        if lf.batch:
            returned = in_order(lf.function(*(as_column([each], lf.batch) for each in arguments)), 1, lf.name)[0]
        else:
            returned = lf.function(*arguments)
    if lf.interpret(returned) is None:
        return []
    if isinstance(returned, re.Match):
        marked.append((returned.string, *returned.span()))
    return marked


def _in_the_item(place: Place, lf: LabelingFunction, item: Mapping[str, object]) -> Iterator[Span]:
    """Yield a place of a text that was looked at as one of the column with this text; the first there is."""
    seen, start, end = place
    if start >= end:
        return
    texts = [
        (name, value)
        for name in (tuple(item) if lf.takes_row else lf.reads)
        if isinstance(value := item.get(name), str)
    ]
    same = next(((name, text) for name, text in texts if text == seen), None)
    if same is None:  # it looked at body.lower(), say: as long as the text is, each character stands where it stood
        same = next(
            ((name, text) for name, text in texts if len(text) == len(seen) and text.lower() == seen.lower()), None
        )
    if same is not None:
        yield Span(same[0], start, end, same[1][start:end])


def _in_order(spans: Iterable[Span], item: Mapping[str, object]) -> list[Span]:
    """Return spans by column and place; those that overlap are one."""
    columns = tuple(item)
    kept: list[Span] = []
    for span in sorted(spans, key=lambda each: (columns.index(each.column), each.start)):
        if kept and kept[-1].column == span.column and kept[-1].end > span.start:
            start, end = kept[-1].start, max(kept[-1].end, span.end)
            kept[-1] = Span(span.column, start, end, str(item[span.column])[start:end])
        else:
            kept.append(span)
    return kept

"""The words of an item that made a labeling function vote, at their place in the text as it was given.

Builders look for them by their rule. A function says them itself: it returns a match of ``re``, or calls
:func:`retrolabel.found`. Nothing of this is recorded by a relabel; it is asked again for the items that are shown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from retrolabel.labeling.columns import as_column, in_order
from retrolabel.labeling.features import needed
from retrolabel.labeling.folding import folded
from retrolabel.labeling.marking import as_mark, listening
from retrolabel.labeling.matching import Match
from retrolabel.labeling.numbers import Threshold
from retrolabel.labeling.raised import interruptible, is_fault
from retrolabel.labeling.searching import Search
from retrolabel.labeling.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrolabel.labeling.functions import LabelingFunction


class Span(NamedTuple):
    """Words of an item: their column, where they begin and end, and the words.

    The place is that in the value as it was given; of a number, in the number as text.
    """

    column: str
    start: int
    end: int
    text: str


def words_of(lf: LabelingFunction, item: Mapping[str, Any]) -> list[Span]:
    """Return the words of an item that made a labeling function vote; none where nothing can be said of them.

    Of a list of words, phrases, or a pattern: all that are found. Of a table or a threshold: the value that decided.
    Of a function: what it returned or marked. Where it abstains or fails there are none; nor has a classifier any.

    Args:
        lf: The labeling function; its author's code runs once more.
        item: Column -> value.

    Example:
        >>> from retrolabel.labeling.builders import keywords
        >>> from retrolabel.schema.labels import Label
        >>> broken = keywords(Label("bug"), ["doesn't work", "crash"], column="body")
        >>> words_of(broken, {"body": "A crash: it doesn\u2019t work."})[1].text
        'doesn\u2019t work'
    """
    with interruptible():
        try:
            found = _by_rule(lf, item) if lf.rule is not None else _by_function(lf, item)
        except BaseException as error:  # an author's code, or what a value is not
            if not is_fault(error):
                raise
            return []
    return _whole(found, tuple(item))


def _whole(spans: Iterable[Span], columns: Sequence[str]) -> list[Span]:
    """Return spans in the order of columns and places, without empty ones and those inside of another."""
    found = list(spans)
    kept: list[Span] = []
    for column in columns:
        end = 0
        for span in sorted((each for each in found if each.column == column), key=lambda each: (each.start, -each.end)):
            if span.end > end and span.text:
                kept.append(span)
                end = span.end
    return kept


def _by_rule(lf: LabelingFunction, item: Mapping[str, Any]) -> list[Span]:
    rule, spans = lf.rule, []
    if isinstance(rule, (Search, Match)) and rule.unless is not None and rule.unless.one(*lf.arguments(item)):
        return []
    if isinstance(rule, Match) and rule.docs:
        for doc in lf.arguments(item):
            for start, end in rule.spans(doc) if doc is not None else ():
                spans += placed(doc.text, start, end, _texts(lf, item))  # type: ignore[attr-defined]  # it is a doc
        return spans
    given = dict(zip(lf.columns, lf.arguments(item), strict=True))
    if isinstance(rule, (Search, Match)):
        for column, value in given.items():
            if not isinstance(value, str):
                continue
            for start, end in rule.spans(value):
                spans += placed(value, start, end, {column: value} if column in item else _texts(lf, item))
    elif isinstance(rule, (Table, Threshold)) and rule.one(*given.values()):
        column, value = next(iter(given.items()))
        spans += [Span(column, 0, len(str(value)), str(value))] if column in item else []
    return spans


def _by_function(lf: LabelingFunction, item: Mapping[str, Any]) -> list[Span]:
    arguments = lf.arguments(item)
    with listening() as marks:
        if lf.batch:
            columns = [as_column([value], lf.batch) for value in arguments]
            returned = in_order(lf.function(*columns), 1, lf.name)[0]
        else:
            returned = lf.function(*arguments)
        if lf.interpret(returned) is None:
            return []
    if isinstance(returned, re.Match):
        marks.append(as_mark(returned))
    texts = _texts(lf, item)
    return [span for mark in marks for span in placed(*mark, texts)]


def _texts(lf: LabelingFunction, item: Mapping[str, Any]) -> dict[str, str]:
    """Return column -> text, of the texts that a labeling function reads."""
    names = tuple(item) if lf.takes_row else needed(lf.columns, lf.features)[1]
    return {name: item[name] for name in names if isinstance(item.get(name), str)}


def placed(text: str, start: int, end: int, texts: Mapping[str, str]) -> list[Span]:
    """Return a part of a text as a span of the column that the text is, or was made of; none where that is not clear.

    A text in lower case, a folded one and a piece of a column are the column still. Of any other text, words that
    stand in one place of one column are taken for those.

    Args:
        text: The text in which the words were found.
        start: Where they begin in it.
        end: Where they end.
        texts: Column -> text of the item.

    Example:
        >>> placed("it crashes", 3, 8, {"title": "", "body": "It CRASHES"})
        [Span(column='body', start=3, end=8, text='CRASH')]
    """
    words = text[start:end]
    if not words:
        return []
    for column, whole in texts.items():
        if text == whole or (len(text) == len(whole) and text.casefold() == whole.casefold()):
            return [Span(column, start, end, whole[start:end])]
    for column, whole in texts.items():
        seen = folded(whole)
        if seen.text and text == seen.text:
            first, last = seen.span(start, end)
            return [Span(column, first, last, whole[first:last])]
    for part, shift in ((text, start), (words, 0)):
        there = [(column, place) for column, whole in texts.items() for place in _places(part, whole)]
        if len(there) == 1:
            column, first = there[0][0], there[0][1] + shift
            return [Span(column, first, first + len(words), texts[column][first : first + len(words)])]
    return []


def _places(part: str, whole: str) -> list[int]:
    """Return where a text stands in another, in whatever case; more than two places are not looked for."""
    for seen in (whole, whole.lower()):
        first = seen.find(part) if len(seen) == len(whole) else -1
        if first >= 0:
            return [place for place in (first, seen.find(part, first + 1)) if place >= 0]
    return []

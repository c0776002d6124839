"""Where one label comes from, as a page: no script, nothing from elsewhere, what people wrote escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.analysis.report.telling import pieces
from retrolabel.analysis.why import telling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.analysis.why.values import Mark, WhyData

GENERATOR = "retrolabel page of a label"
"""How a page says what made it."""
LONGEST = 20_000
"""Characters of a text that a page shows."""


def page(data: WhyData, html: str, css: str) -> str:
    """Return the page; the same data and template give the same text.

    Args:
        data: What it says.
        html: A Jinja template.
        css: The style.
    """
    return _rendered(data, html, css, whole=True)


def fragment(data: WhyData, html: str, css: str) -> str:
    """Return the same as a part of another page, with a style that touches nothing else there.

    Args:
        data: What it says.
        html: A Jinja template.
        css: The style.
    """
    return _rendered(data, html, css, whole=False)


def _rendered(data: WhyData, html: str, css: str, *, whole: bool) -> str:
    import jinja2  # noqa: PLC0415 - only for pages
    import markupsafe  # noqa: PLC0415 - the same

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"pieces": pieces, "either": telling.either}
    shown: dict[str, Any] = {
        "data": data,
        "tell": telling,
        "texts": texts(data),
        "shown": list(data.labelled.probabilities)[:3],
        "generator": GENERATOR,
        "css": markupsafe.Markup(css),  # noqa: S704 - our own file
        "whole": whole,
    }
    found = environment.from_string(html).render(**shown)
    return found if found.endswith("\n") else found + "\n"


def texts(data: WhyData) -> tuple[list[tuple[str, list[tuple[bool, str]]]], list[tuple[str, str]]]:
    """Return what the item says: the columns that voting functions read, in pieces (marked, text), and the others."""
    read = list(dict.fromkeys(column for vote in data.votes.voted for column in vote.reads))
    marks = [mark for vote in data.votes.voted for mark in vote.marks]
    values = {column: _cut(text) for column, text in data.origin.values.items()}
    first = [(name, marked(values[name], [m for m in marks if m.column == name])) for name in read if name in values]
    return first, [(name, text) for name, text in values.items() if name not in read]


def marked(text: str, marks: Sequence[Mark]) -> list[tuple[bool, str]]:
    """Return a text in pieces: whether a labeling function found it, and the piece; marks may overlap.

    Example:
        >>> from retrolabel.analysis.why.values import Mark
        >>> marked("a dead link", [Mark("c", 2, 6, "dead"), Mark("c", 2, 11, "dead link")])
        [(False, 'a '), (True, 'dead link')]
    """
    found: list[tuple[bool, str]] = []
    at = 0
    for start, end in sorted((mark.start, mark.end) for mark in marks):
        if end <= at or start >= len(text):
            continue
        if start > at:
            found.append((False, text[at:start]))
            at = start
        if found and found[-1][0]:
            found[-1] = (True, found[-1][1] + text[at:end])
        else:
            found.append((True, text[at:end]))
        at = end
    return [*found, (False, text[at:])] if at < len(text) else found


def _cut(text: str) -> str:
    more = len(text) - LONGEST
    return text if more <= 0 else f"{text[:LONGEST]} [and {more:,} more characters]"

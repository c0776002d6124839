"""Texts for a notebook, with the words in them marked."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from retrolabel.analysis.report.telling import marked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrolabel.labeling.words import Span


def as_html(text: str, spans: Iterable[Span], column: str) -> str:
    """Return a text for a page, with the words in it marked, and what cannot be seen shown as its code.

    Args:
        text: The text of a column.
        spans: Words of the item; they may overlap.
        column: The column.

    Example:
        >>> from retrolabel.labeling.words import Span
        >>> as_html("it <crashes>", [Span("body", 4, 9, "crash")], "body")
        'it &lt;<mark>crash</mark>es&gt;'
    """
    parts = marked(text, [(span.start, span.end) for span in spans if span.column == column])
    told = [(word, escape("".join(piece for _, piece in pieces))) for word, pieces in parts]
    return "".join(f"<mark>{piece}</mark>" if word else piece for word, piece in told)

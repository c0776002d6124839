"""Texts of a notebook with their words marked."""

from __future__ import annotations

from retrolabel.analysis.marked_texts import as_html
from retrolabel.labeling.words import Span


def test_words_that_overlap_are_marked_once_and_those_of_other_columns_not_at_all():
    spans = [Span("body", 2, 11, "dead link"), Span("body", 7, 11, "link"), Span("title", 0, 1, "a")]
    assert as_html("a dead link & more", spans, "body") == "a <mark>dead link</mark> &amp; more"


def test_what_cannot_be_seen_is_shown_as_its_code():
    assert as_html("abc\u202edef", [], "body") == "abcU+202Edef"

"""The words that made a labeling function vote lie in the item as it is, however they were looked for."""

from __future__ import annotations

import re

import pytest

from retrolabel.labeling.applying import apply_lfs
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.builders import keywords, regex
from retrolabel.labeling.features import feature
from retrolabel.labeling.functions import labeling_function
from retrolabel.labeling.matching import blank
from retrolabel.labeling.numbers import threshold
from retrolabel.labeling.tables import column_vote, lookup
from retrolabel.labeling.tokens import phrases, token_pattern
from retrolabel.labeling.words import Span, found, words_of
from retrolabel.schema.labels import Label

A, B = Label("a"), Label("b")


def texts(lf, **item):
    return [span.text for span in words_of(lf, item)]


def test_each_of_several_words_is_found_in_the_text_as_it_was_typed():
    lf = keywords(A, ["doesn't work", "crash"], column="body")
    body = "It DOESN\u2019T\n work: a crash"
    assert words_of(lf, {"body": body}) == [
        Span("body", 3, 16, "DOESN\u2019T\n work"),
        Span("body", 20, 25, "crash"),
    ]


def test_an_accent_of_two_characters_is_marked_whole():
    body = "the cafe\u0301 is closed"
    assert words_of(keywords(A, ["caf\u00e9"], column="body"), {"body": body}) == [Span("body", 4, 9, "cafe\u0301")]


def test_words_beside_emoji_are_at_their_place():
    body = "\U0001f62d\U0001f468\u200d\U0001f469\u200d\U0001f467 so late \U0001f4a9"
    assert words_of(keywords(A, ["late"], column="body"), {"body": body}) == [Span("body", 10, 14, "late")]
    assert words_of(phrases(A, ["so late"], column="body"), {"body": body}) == [Span("body", 7, 14, "so late")]


def test_a_pattern_tells_all_its_matches_and_no_empty_one():
    assert texts(regex(A, r"error \d+|\b", column="body"), body="Error 12, error 3") == ["Error 12", "error 3"]


def test_words_of_several_columns_come_by_column():
    lf = keywords(A, ["late"], column=["title", "body"])
    assert words_of(lf, {"body": "so late", "title": "late"}) == [
        Span("body", 3, 7, "late"),
        Span("title", 0, 4, "late"),
    ]


def test_a_phrase_is_found_token_by_token():
    assert texts(phrases(A, ["dead link", "link"], column="body"), body="A Dead link!") == ["Dead link"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("IT DOESN\u2019T.Please", "DOESN\u2019T"),
        ("\u0130 know: it doesn\u2019t  WORK.Now", "doesn\u2019t  WORK"),
        ("so it (doesn\u2011t)", None),
    ],
)
def test_a_phrase_that_only_the_second_look_finds_is_marked_where_it_was_typed(body, words):
    lf = phrases(A, ["n't work", "doesn't"], column="body")
    got = texts(lf, body=body)
    assert (got[0] if got else None) == (words if lf.vote({"body": body}) else None) == words


def test_a_phrase_in_a_shouted_doc_is_marked_in_its_column():
    @feature
    def doc(body):
        return blank()(body)

    lf = phrases(A, ["doesn't work"], doc="doc").bound({"doc": doc})
    assert words_of(lf, {"body": "it doesn\u2019t work"}) == [Span("body", 3, 15, "doesn\u2019t work")]


def test_a_pattern_of_tokens_is_marked_from_its_first_token_to_its_last():
    lf = token_pattern(A, [{"LIKE_NUM": True}, {"LOWER": "hours"}], column="body")
    assert texts(lf, body="Two hours late, 3  hours") == ["Two hours"]
    assert texts(token_pattern(A, [{"LIKE_NUM": True}, {"LOWER": "hours"}], column="body"), body="late") == []


def test_a_table_marks_the_value_that_it_knows():
    lf = lookup({"won't fix": A}, column="state")
    assert words_of(lf, {"state": " Won\u2019t fix "}) == [Span("state", 1, 10, "Won\u2019t fix")]
    assert texts(lf, state="open") == []
    assert texts(column_vote({1: A}, column="stars"), stars=1) == []


def test_a_number_has_no_words():
    assert texts(threshold(A, column="seconds", above=1), seconds=2.0) == []


def test_a_function_that_returns_a_match_votes_and_says_its_words():
    @labeling_function(A)
    def crashes(body):
        return re.search("crash(es)?", (body or "").lower())

    assert str(crashes.vote({"body": "It CRASHES"})) == "a"
    assert crashes.vote({"body": "fine"}) is None
    assert words_of(crashes, {"body": "It CRASHES"}) == [Span("body", 3, 10, "CRASHES")]
    assert apply_lfs([crashes], Batch({"body": ["It crashes", None, "fine"]}, 3))[0].codes.tolist() == [1, 0, 0]


def test_a_function_marks_words_only_where_it_votes():
    @labeling_function(A, B)
    def kind(title, body):
        if found(re.search("slow", body)):
            return B if title else None
        return A if found(body, 0, 4) == "help" else None

    assert words_of(kind, {"title": "x", "body": "so slow"}) == [Span("body", 3, 7, "slow")]
    assert words_of(kind, {"title": "x", "body": "help me"}) == [Span("body", 0, 4, "help")]
    assert words_of(kind, {"title": "", "body": "so slow"}) == []
    assert words_of(kind, {"title": "x", "body": "fine"}) == []


def test_marking_returns_what_a_condition_asks_for():
    assert found(None) is None
    assert found("help me", -2, 99) == "me"
    assert not found("help", 2, 2)


def test_a_function_that_fails_or_marks_nothing_has_no_words():
    @labeling_function(A)
    def fails(body):
        found(body, 0, 2)
        raise ValueError(body)

    @labeling_function(A)
    def silent(body):
        return "crash" in body

    assert texts(fails, body="crash") == texts(silent, body="crash") == []


def test_words_of_a_text_that_is_no_column_are_not_told():
    @labeling_function(A)
    def joined(title, body):
        return re.search("dead link", f"{title} {body}")

    assert joined.vote({"title": "a dead", "body": "link"}) is not None
    assert texts(joined, title="a dead", body="link") == []


@pytest.mark.parametrize("batch", ["pandas", "arrow"])
def test_a_function_of_whole_columns_may_mark_words_too(batch):
    @labeling_function(A, batch=batch)
    def late(body):
        values = body.to_pylist() if batch == "arrow" else list(body)
        return [found(re.search("late", text)) is not None for text in values]

    assert texts(late, body="too late") == ["late"]

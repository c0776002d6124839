"""The words that made a labeling function vote: of each builder, and of functions that say them."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel import (
    Label,
    column_vote,
    feature,
    found,
    keywords,
    labeling_function,
    lookup,
    phrases,
    regex,
    threshold,
    token_pattern,
)
from retrolabel.errors import UndeclaredVoteError
from retrolabel.labeling.applying import apply_lfs
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.words import Span, words_of

BUG, WISH = Label("bug"), Label("wish")


def test_a_word_list_finds_its_words_in_every_column_it_reads() -> None:
    lf = keywords(BUG, ["crash", "dead link"], column=["title", "body"])
    found_words = words_of(lf, {"title": "Crash", "body": "a dead  link, a crash", "other": "crash"})
    assert found_words == [
        Span("title", 0, 5, "Crash"),
        Span("body", 2, 12, "dead  link"),
        Span("body", 16, 21, "crash"),
    ]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("It doesn\u2019t work", (3, 15, "doesn\u2019t work")),
        ("\u201cIt\u201d do\u00adesn\u2019t\u00a0 work!", (5, 19, "do\u00adesn\u2019t\u00a0 work")),
        ("\U0001f44d\U0001f3fd\u200d\U0001f4bb doesn't work", (5, 17, "doesn't work")),
    ],
)
def test_words_found_through_the_fold_stand_where_they_stood_in_the_text_as_it_was_given(
    text: str, span: tuple[int, int, str]
) -> None:
    assert words_of(keywords(BUG, ["doesn't work"], column="body"), {"body": text}) == [Span("body", *span)]


def test_accents_written_apart_belong_to_their_letters() -> None:
    text = "le cafe\u0301 ferme\u0301"
    assert words_of(keywords(BUG, ["café"], column="t"), {"t": text}) == [Span("t", 3, 8, "cafe\u0301")]


def test_a_pattern_finds_what_it_matches_and_nothing_where_the_match_is_empty() -> None:
    assert words_of(regex(BUG, r"error \d+|x*", column="t"), {"t": "Error 12 and error 7"}) == [
        Span("t", 0, 8, "Error 12"),
        Span("t", 13, 20, "error 7"),
    ]


def test_phrases_find_tokens_and_only_the_longest_of_those_inside_each_other() -> None:
    lf = phrases(BUG, ["dead link", "link"], column="t")
    assert words_of(lf, {"t": "A Dead link, a link"}) == [Span("t", 2, 11, "Dead link"), Span("t", 15, 19, "link")]


def test_phrases_found_at_the_second_look_stand_where_they_stood() -> None:
    lf = phrases(BUG, ["n't work"], column="t")
    assert words_of(lf, {"t": "\U0001f600 IT DOESN\u2019T\nWORK.Please"}) == [Span("t", 9, 17, "N\u2019T\nWORK")]


def test_a_letter_that_becomes_two_in_lower_case_moves_no_place() -> None:
    lf = phrases(BUG, ["n't work"], column="t")
    assert words_of(lf, {"t": "\u0130\u0130 IT DOESN\u2019T WORK.Please"}) == [Span("t", 10, 18, "N\u2019T WORK")]


def test_a_pattern_of_tokens_finds_what_it_matches() -> None:
    lf = token_pattern(BUG, [{"LIKE_NUM": True}, {"LOWER": "hours"}], column="t")
    assert words_of(lf, {"t": "late: two hours"}) == [Span("t", 6, 15, "two hours")]


def test_words_in_a_doc_are_told_by_the_column_that_it_was_made_of() -> None:
    import spacy  # noqa: PLC0415 - it takes a second

    nlp = spacy.blank("en")

    @feature
    def doc(t: str | None) -> object:
        return nlp(t or "")

    for lf in (
        phrases(BUG, ["dead link"], doc="doc"),
        token_pattern(BUG, [{"LOWER": "dead"}, {"LOWER": "link"}], doc="doc"),
        phrases(BUG, ["it's dead"], doc="doc"),
    ):
        said = words_of(lf.bound({"doc": doc}), {"t": "It\u2019s Dead link"})
        assert [(each.column, each.text) for each in said] in ([("t", "Dead link")], [("t", "It\u2019s Dead")])


def test_tables_and_thresholds_say_the_value_that_decided() -> None:
    assert words_of(lookup({"Won't fix": BUG}, column="s"), {"s": " won\u2019t fix"}) == [
        Span("s", 0, 10, " won\u2019t fix")
    ]
    assert words_of(column_vote({1: BUG}, column="stars"), {"stars": 1}) == [Span("stars", 0, 1, "1")]
    assert words_of(threshold(BUG, column="seconds", above=2), {"seconds": 2.5}) == [Span("seconds", 0, 3, "2.5")]


def test_what_abstains_or_fails_has_no_words() -> None:
    @labeling_function(BUG)
    def broken(t: str) -> bool:
        found(t, 0, 2)
        raise ValueError

    @labeling_function(BUG)
    def marks_only(t: str) -> bool:
        return not found(t, 0, 2)

    for lf in (broken, marks_only, keywords(BUG, ["no"], column="t"), threshold(BUG, column="t", above=2)):
        assert words_of(lf, {"t": "a text"}) == []


def test_a_function_that_returns_a_match_votes_and_says_the_words() -> None:
    @labeling_function(BUG)
    def crashes(body: str | None) -> object:
        return re.search("crash", body or "")

    assert crashes.vote({"body": "a crash"}) == BUG | BUG
    assert crashes.vote({"body": "fine"}) is None
    assert words_of(crashes, {"body": "a crash"}) == [Span("body", 2, 7, "crash")]
    assert apply_lfs([crashes], Batch({"body": ["a crash", None]}, 2))[0].codes.tolist() == [1, 0]


def test_a_match_says_yes_even_where_it_is_empty_and_says_no_label_of_several() -> None:
    @labeling_function(BUG)
    def empty(body: str) -> object:
        return re.search("x*", body)

    @labeling_function(BUG, WISH)
    def two(body: str) -> object:
        return re.search("a", body)

    assert empty.vote({"body": "a"}) == BUG | BUG
    assert words_of(empty, {"body": "a"}) == []
    with pytest.raises(UndeclaredVoteError, match="not one of its labels"):
        two.vote({"body": "a"})


def test_a_function_marks_words_and_votes_as_it_would_without() -> None:
    @labeling_function(BUG, WISH)
    def several(title: str, body: str) -> object:
        if found(re.search("crash", body.lower())) and found(title, 0, 3):
            return BUG
        return WISH if found("would be nice" if "nice" in body else None) else None

    item = {"title": "App", "body": "It CRASHES"}
    assert words_of(several, item) == [Span("title", 0, 3, "App"), Span("body", 3, 8, "CRASH")]
    assert several.vote(item) == BUG | BUG
    assert several.vote({"title": "", "body": ""}) is None


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ("{title}. {body}", [Span("body", 3, 8, "crash")]),
        ("{body} and it crashes", []),
        ("nothing of it: CRASH", [Span("body", 3, 8, "crash")]),
    ],
)
def test_words_of_a_text_that_the_function_made_are_told_where_they_stand_in_one_place(
    made: str, words: list[Span]
) -> None:
    @labeling_function(BUG)
    def joined(title: str, body: str) -> object:
        return re.search("crash", made.format(title=title, body=body).lower())

    twice = {"title": "a", "body": "it crashes, crash" if not words else "it crashes"}
    assert words_of(joined, twice) == words


def test_functions_of_whole_columns_and_of_the_row_say_words_too() -> None:
    @labeling_function(BUG, batch=True)
    def column(t: object) -> list[object]:
        return [re.search("crash", each) for each in t]  # type: ignore[attr-defined]

    @labeling_function(BUG)
    def row(x: object) -> object:
        return re.search("crash", x.t)  # type: ignore[attr-defined]

    for lf in (column, row):
        assert words_of(lf, {"t": "a crash", "n": 3}) == [Span("t", 2, 7, "crash")]


def test_a_mark_outside_of_the_text_is_cut_and_one_of_nothing_is_no_words() -> None:
    @labeling_function(BUG)
    def careless(t: str) -> bool:
        return found(t, 2, 99) and found(t, 9, 3)

    assert words_of(careless, {"t": "abcd"}) == [Span("t", 2, 4, "cd")]


SAID = ["doesn\u2019t", "work", "DOESN'T", "WORK.Please", "dead", "link", "caf", "e\u0301", "x", "12"]
AROUND = [" ", "\n", "\u00a0", "\u00ad", "\u200d", ".", "!", "\u201c", "`"]
STRANGE = ["\u0130", "\U0001f468\u200d\U0001f469", "\u1112\u1161"]
PIECES = st.lists(st.sampled_from([*SAID, *AROUND, *STRANGE]), max_size=14)
LFS = [
    keywords(BUG, ["doesn't work", "caf\u00e9", "dead link"], column="t"),
    regex(BUG, r"\w+\s*e|\d", column="t"),
    phrases(BUG, ["n't work", "caf\u00e9", "dead link", "work . please"], column="t"),
    token_pattern(BUG, [{"LOWER": "dead"}, {"LOWER": "link"}], column="t"),
    lookup({"dead link": BUG}, column="t"),
    labeling_function(BUG)(lambda t: re.search(r"work|link", t.lower())).named("function"),
]


@given(PIECES)
def test_the_text_of_every_span_stands_at_its_place_and_only_votes_have_words(pieces: list[str]) -> None:
    item = {"t": "".join(pieces)}
    for lf in LFS:
        said = words_of(lf, item)
        assert all(item[span.column][span.start : span.end] == span.text != "" for span in said), lf.name
        if lf.name != "function" and lf is not LFS[1]:
            assert bool(said) == (lf.vote(item) is not None), (lf, item)


def test_numpy_truth_values_and_matches_may_be_mixed() -> None:
    @labeling_function(BUG)
    def mixed(t: str) -> object:
        return re.search("a", t) if "a" in t else np.bool_("b" in t)

    assert apply_lfs([mixed], Batch({"t": ["a", "b", "c"]}, 3))[0].codes.tolist() == [1, 1, 0]

"""Lists of words and patterns make labeling functions by themselves."""

from __future__ import annotations

import re

import pytest

from retrolabel.errors import LabelingFunctionError
from retrolabel.labeling.builders import keywords, regex
from retrolabel.schema.labels import Label, union

A, B = Label("a"), Label("b")


def found(words, text, **options):
    """Whether the words are found in a text."""
    vote = keywords(A, words, column="text", **options).vote({"text": text})
    assert vote in (None, union(A))
    return vote is not None


def refused(call, *args, **kwargs):
    with pytest.raises(LabelingFunctionError) as caught:
        call(*args, **kwargs)
    return caught.value


# Words


@pytest.mark.parametrize(
    "text", ["crash", "a crash!", "(crash)", "crash.", "no-crash-yet", "crash\n", "\tcrash", "crash's", "…crash…"]
)
def test_a_whole_word_is_found(text):
    assert found(["crash"], text)


@pytest.mark.parametrize("text", ["crashes", "acrash", "crash_log", "crash2", "crashé", "2crash", "cra sh", ""])
def test_a_part_of_a_word_is_not_found(text):
    assert not found(["crash"], text)


def test_one_of_several_words_is_enough():
    assert found(["crash", "hang"], "it hangs, then: hang")
    assert found(["hang", "crash"], "crash")
    assert not found(["crash", "hang"], "it hangs")


def test_a_word_that_begins_another_does_not_hide_it():
    assert found(["not", "notable"], "notable")
    assert found(["a", "a b"], "xa b a")
    assert found(["c", "c++"], "c++")


def test_upper_and_lower_case_are_one_unless_told_otherwise():
    assert found(["Crash"], "CRASH")
    assert not found(["Crash"], "CRASH", case=True)
    assert found(["Crash"], "Crash", case=True)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("café", "CAFÉ"),
        ("straße", "die Straße,"),
        ("STRAẞE", "straße"),
        ("ошибка", "ОШИБКА!"),
        ("σφάλμα", "ΣΦΆΛΜΑ"),
        ("検索", "「検索」"),
        ("🦀", "a 🦀 b"),
        ("🦀", "🦀🦀"),
    ],
)
def test_letters_of_any_script_are_letters(word, text):
    assert found([word], text)


@pytest.mark.parametrize(
    ("word", "text"), [("stra", "straße"), ("caf", "café"), ("検", "検索"), ("検索", "検索が遅い")]
)
def test_a_letter_of_any_script_goes_on_with_the_word(word, text):
    assert not found([word], text)


def test_a_sharp_s_is_not_two_letters():
    assert not found(["straße"], "STRASSE")


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("c++", "I use C++."),
        (".net", "the .NET runtime"),
        ("c#", "c#, f#"),
        ("404", "error 404!"),
        ("a.b", "see a.b"),
        ("(why)", "but (why)?"),
        ("$5", "for $5"),
        ("a\\b", "in a\\b"),
        ("a|b", "is a|b"),
        ("^", "x ^ y"),
        ("[x]", "done [x]"),
        ("100%", "100% of it"),
    ],
)
def test_signs_in_a_word_are_plain_text(word, text):
    assert found([word], text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("c++", "c"),
        ("c++", "ccc"),
        ("c++", "c++11"),
        ("a.b", "axb"),
        ("404", "1404"),
        (".net", "asp.net"),
        ("a|b", "a"),
    ],
)
def test_signs_in_a_word_are_no_pattern(word, text):
    assert not found([word], text)


@pytest.mark.parametrize(
    "text", ["dead link", "Dead  link", "dead\nlink", "dead \t\r\n link", "dead\u00a0link", "dead\u3000link"]
)
@pytest.mark.parametrize("phrase", ["dead link", "dead   link", " dead\tlink ", "dead\nlink"])
def test_white_space_in_a_phrase_is_any_run_of_white_space(phrase, text):
    assert found([phrase], text)


@pytest.mark.parametrize("text", ["deadlink", "dead-link", "dead, link", "dead links", "link dead"])
def test_a_phrase_is_found_as_a_whole(text):
    assert not found(["dead link"], text)


def test_a_backslash_before_a_space_is_plain_text():
    assert found(["a\\ b"], "a\\  b")
    assert not found(["a\\ b"], "a b")


def test_a_missing_text_gets_no_vote():
    lf = keywords(A, ["none"], column="text")
    assert lf.vote({"text": None}) is None
    assert lf.vote({}) is None


def test_one_of_several_columns_is_enough():
    lf = keywords(A, ["crash"], column=["title", "body"])
    assert lf.columns == ("title", "body")
    assert lf.vote({"title": "crash", "body": None}) == union(A)
    assert lf.vote({"title": None, "body": "crash"}) == union(A)
    assert lf.vote({"title": "cra", "body": "sh"}) is None
    assert lf.vote({"title": None, "body": None}) is None


@pytest.mark.parametrize(
    "builder", [lambda column: keywords(A, ["x"], column=column), lambda c: regex(A, "x", column=c)]
)
def test_a_builder_that_reads_no_column_is_refused(builder):
    assert refused(builder, []).message


@pytest.mark.parametrize("words", [[], (), iter([]), [""], ["crash", ""], ["crash", "  \n"]])
def test_a_list_without_words_or_with_an_empty_one_is_refused(words):
    error = refused(keywords, A, words, column="text")
    assert error.message == "keywords needs at least one word, and none may be empty."
    assert error.remedy == "look for an empty line in the list"


def test_one_text_in_place_of_words_is_refused():
    error = refused(keywords, A, "crash", column="text")
    assert error.message == "keywords takes a list of words, not one text."
    assert error.remedy == "write ['crash']"


@pytest.mark.parametrize("word", [404, None, b"crash"])
def test_a_word_that_is_no_text_is_refused(word):
    assert refused(keywords, A, ["crash", word], column="text").message


def test_words_may_come_from_anything_that_yields_them():
    assert found((word for word in ("crash", "hang")), "hang")
    assert found({"crash": 1}, "crash")
    assert found(["crash", "crash"], "crash")


def test_a_list_of_words_says_what_it_looks_for():
    assert keywords(A, ["one", "two"], column="t").description == "Says: one, two"
    assert keywords(A, list("abcdef"), column="t").description == "Says: a, b, c, d, e, ..."
    assert keywords(A, list("abcde"), column="t").description == "Says: a, b, c, d, e"
    assert keywords(A, ["one"], column="t", description="Counts.").description == "Counts."


def test_a_builder_knows_its_votes_examples_name_and_module():
    lf = keywords(A | B, ["x"], column="t", name="has_x", examples=["x"], non_examples=["y"])
    assert lf.declared == (A | B,)
    assert (lf.name, lf.examples, lf.non_examples, lf.module) == ("has_x", ("x",), ("y",), __name__)
    assert lf.check_examples() == []
    assert regex(~A, "x", column="t").module == __name__


def test_a_builder_without_name_waits_for_the_name_of_its_variable():
    lf = keywords(A, ["x"], column="t")
    assert lf.name == ""
    assert lf.named("dead_link").name == "dead_link"


def test_a_builder_votes_negations_and_unions():
    assert keywords(~A, ["x"], column="t").vote({"t": "x"}) == ~A
    assert regex(A | B, "x", column="t").vote({"t": "x"}) == A | B


@pytest.mark.parametrize("build", [lambda: keywords("a", ["x"], column="t"), lambda: regex(None, "x", column="t")])
def test_a_builder_takes_a_label(build):
    error = refused(build)
    assert error.message.startswith("a builder takes the labels that it may vote, got ")


def test_one_text_in_place_of_examples_is_refused():
    assert refused(keywords, A, ["x"], column="t", examples="xyz").remedy == "write ['xyz']"
    assert refused(regex, A, "x", column="t", non_examples="xyz").remedy == "write ['xyz']"


# Patterns


def test_a_pattern_is_found_anywhere_in_either_case():
    lf = regex(A, r"error \d+", column="body")
    assert lf.vote({"body": "an ERROR 12!"}) == union(A)
    assert lf.vote({"body": "an error"}) is None
    assert lf.vote({"body": None}) is None
    assert lf.columns == ("body",)


def test_flags_are_those_of_re():
    assert regex(A, "error", column="t", flags=0).vote({"t": "ERROR"}) is None
    assert regex(A, "^b", column="t", flags=re.MULTILINE).vote({"t": "a\nb"}) == union(A)
    assert regex(A, "^b", column="t").vote({"t": "a\nb"}) is None
    assert regex(A, "a.b", column="t", flags=re.DOTALL | re.IGNORECASE).vote({"t": "A\nB"}) == union(A)
    assert regex(A, "(?s)a.b", column="t").vote({"t": "a\nb"}) == union(A)


def test_a_pattern_is_looked_for_in_several_columns():
    lf = regex(A, "^crash$", column=("title", "body"))
    assert lf.vote({"title": None, "body": "Crash"}) == union(A)
    assert lf.vote({"title": "cra", "body": "sh"}) is None


@pytest.mark.parametrize("pattern", ["(", "[", "*", "a{2,1}", "(?P<n>x)(?P<n>y)", "\\"])
def test_a_pattern_that_does_not_compile_is_refused(pattern):
    error = refused(regex, A, pattern, column="t")
    assert error.message.startswith(f"The pattern {pattern!r} does not compile: ")
    assert error.remedy == "escape plain text with a backslash"
    assert isinstance(error.__cause__, re.error)


def test_flags_that_exclude_each_other_are_refused():
    assert refused(regex, A, "x", column="t", flags=re.ASCII | re.UNICODE).message


def test_a_pattern_that_is_compiled_already_keeps_its_own_flags():
    assert regex(A, re.compile("X"), column="t").vote({"t": "x"}) is None
    assert regex(A, re.compile("X", re.IGNORECASE), column="t").vote({"t": "x"}) is not None


def test_a_pattern_says_what_it_looks_for():
    assert regex(A, r"\d+", column="t").description == r"Matches \d+"
    assert regex(A, r"\d+", column="t", description="A number.").description == "A number."


def test_what_is_no_text_is_a_failure_and_no_abstention():
    with pytest.raises(TypeError):
        regex(A, "1", column="t").vote({"t": 1})
    with pytest.raises(TypeError):
        keywords(A, ["1"], column="t").vote({"t": 1.0})

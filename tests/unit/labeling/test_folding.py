"""What people read as the same word is found, however it was typed."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest

from retrolabel.errors import LabelingFunctionError
from retrolabel.labeling.builders import keywords, regex
from retrolabel.labeling.folding import fold, fold_words, folded, joins, may_fold
from retrolabel.schema.labels import Label, union

A = Label("a")


def found(word, text, **options):
    return keywords(A, [word], column="t", **options).vote({"t": text}) == union(A)


@pytest.mark.parametrize("sign", "\u2019\u2018\u201b\u02bc\u02bb\uff07`\u00b4\u2032\u02b9\u055a\u05f3\u1fbd")
def test_an_apostrophe_is_one_however_it_was_typed(sign):
    assert found("doesn't work", f"it doesn{sign}t work.")
    assert found(f"doesn{sign}t work", "it DOESN'T work")
    assert not found("doesn't work", f"it doesn{sign}t work.", fold=False)


@pytest.mark.parametrize("sign", "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d\u058a\u05be")
def test_a_hyphen_is_one_however_it_was_typed(sign):
    assert found("e-mail", f"no e{sign}mail")
    assert found(f"e{sign}mail", "no e-mail")


@pytest.mark.parametrize("sign", "\u00a0\u202f\u2009\u3000\t\n\r\f\v\x85\u2028\u2029")
def test_white_space_is_white_space(sign):
    assert found("dead link", f"a dead{sign}link")
    assert found("dead link", f"a dead {sign} link")
    assert found(f"dead{sign}link", "a dead link")


@pytest.mark.parametrize("sign", "\u00ad\u200b\u200c\u200d\u200e\u2060\ufeff\ufe0f\u202a\u2066")
def test_what_nobody_sees_hides_no_word(sign):
    assert found("crash", f"it cra{sign}sh{sign}ed a {sign}cra{sign}sh{sign}")
    assert found(f"cra{sign}sh", "a crash")


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("caf\u00e9", "the cafe\u0301."),
        ("cafe\u0301", "the CAF\u00c9."),
        ("\u1e69", "s\u0307\u0323"),
        ("\u1e69", "s\u0323\u0307"),
        ("\uac00", "\u1100\u1161"),
        ("\u212b", "\u00c5"),
        ('say "no"', "they say \u201cno\u201d"),
    ],
)
def test_letters_are_composed(word, text):
    assert found(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("cafe", "caf\u00e9"),
        ("cafe", "cafe\u0301"),
        ("e-mail", "email"),
        ("e-mail", "e mail"),
        ("e-mail", "e\u2014mail"),
        ("file", "\ufb01le"),
        ("crash", "\uff43\uff52\uff41\uff53\uff48"),
        ("dont", "don\u2019t"),
        ("dead link", "dead\u200blink"),
    ],
)
def test_other_spellings_are_other_words(word, text):
    assert not found(word, text)


def test_a_backtick_is_an_apostrophe_between_letters_alone():
    assert fold("don`t `run` ```x``` 5\u2032 \u00b4a\u00b4") == "don't `run` ```x``` 5\u2032 \u00b4a\u00b4"
    assert found("```", "see ``` here")
    assert not found("```", "see ''' here")


def test_a_zero_width_space_parts_words_where_no_other_space_is_written():
    assert fold("\u0e01\u200b\u0e02") == "\u0e01\u200b\u0e02"
    assert found("\u0e01", "\u0e01\u200b\u0e02")
    assert fold("a\u200bb") == "ab"


def test_a_pattern_means_what_re_says():
    lf = regex(A, "doesn't", column="t")
    assert [lf.vote({"t": text}) is not None for text in ("doesn't", "doesn\u2019t")] == [True, False]


def test_words_that_nobody_sees_are_refused():
    with pytest.raises(LabelingFunctionError, match="none may be empty"):
        keywords(A, ["a", "\u200b\ufeff"], column="t")


def test_case_is_as_asked_in_folded_texts():
    assert not found("Doesn't", "doesn\u2019t", case=True)
    assert found("Doesn't", "Doesn\u2019t", case=True)


def test_offsets_lead_back_to_the_original():
    seen = folded("A\u00ad  cafe\u0301\u2019s")
    assert seen.text == "A caf\u00e9's"
    assert seen.span(0, 1) == (0, 1)
    assert seen.span(2, 6) == (4, 9)
    assert seen.span(0, 8) == (0, 11)
    assert folded("plain").span(1, 3) == (1, 3)


@pytest.mark.parametrize(("start", "end"), [(1, 1), (-1, 2), (0, 9), (3, 2)])
def test_a_part_that_is_none_has_no_place(start, end):
    with pytest.raises(ValueError, match="is no part of a text of 5 characters"):
        folded("it\u2019sx").span(start, end)


def every_character():
    return (chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point < 0xE000)


def test_of_every_character_the_fold_is_stable_composed_and_foretold():
    changing = re.compile(may_fold())
    for each in every_character():
        text = f"a{each}b"
        now = fold_words(text)
        assert now == text or changing.search(text), f"U+{ord(each):04X}"
        assert now.isascii() or (fold_words(now) == now and unicodedata.is_normalized("NFC", now)), f"U+{ord(each):04X}"


def test_no_character_joins_those_before_it_unless_that_is_known():
    for each in every_character():
        if not joins(each) and not each.isascii():
            for before in ("a", "\u1100", "\u0928"):
                composed = unicodedata.normalize("NFC", before + each)
                assert composed == before + unicodedata.normalize("NFC", each), f"U+{ord(each):04X}"


def test_a_part_that_ends_with_white_space_ends_where_the_run_of_it_does():
    found = folded("a\u2019s \u00a0\n b")
    assert found.text == "a's b"
    assert (found.span(0, 4), found.span(3, 4), found.span(4, 5)) == ((0, 7), (3, 7), (7, 8))

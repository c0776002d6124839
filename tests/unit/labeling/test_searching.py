"""RE2 looks for all patterns in one pass; what a pattern means, re says."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pyarrow as pa
import pytest

from retrolabel.labeling import searching, translating
from retrolabel.labeling.applying import apply_lfs
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.builders import keywords, regex
from retrolabel.labeling.searching import Finder, Search
from retrolabel.labeling.translating import translate
from retrolabel.schema.labels import Label

A = Label("a")
I = re.IGNORECASE  # noqa: E741 - as in re
TEXTS = [
    "",
    "k",
    "\u212a",
    "\u017f",
    "İ",
    "\u0131",
    "Straße",
    "STRASSE",
    "Σίσυφος ΣΊΣΥΦΟΣ",
    "no",
    "know",
    "né no",
    "éno",
    "noé",
    "a\nb",
    "a\n",
    "\na",
    "a\n\n",
    "a\0b",
    "a\u00a0b",
    "a\x1cb\x85c\u2028d",
    "e\u0301",
    "🦀 crab",
    "שלום no",
    "\ud800 no",
    "x" * 50_000 + " no",
    "aa",
    "abab",
    "²Ⅷ٣",
    "… ¡!",
]


def both(pattern, flags=0, texts=TEXTS):
    """Return the rows that a finder finds, after a look that re finds the same."""
    rows = Finder(((pattern, flags),)).find(texts).rows[pattern, flags]
    assert rows == [row for row, text in enumerate(texts) if re.search(pattern, text, flags)]
    return rows


@pytest.mark.parametrize(
    "pattern",
    [
        "k", "s", "i", "µ", "ς", "[a-k]", "[^k]", r"[\W\d]", ".", r"\bno\b", r"\Bno", r"no\B", r"\b", r"\B",
        "^a", "a$", "$", "^$", r"\Aa", r"a\Z", "(?m:^b)", "(?m:a$)", "(?s:a.b)", "a.b", r"(?<!\w)no",
        r"no(?!\w)", "(?<=é)n", "n(?=o)", "n(?!o)o?", r"(a)\1", r"(ab)\1", "(?>a+)b", "a++b", "(?:a|b*)*$",
        "(?:a?){3}b", "(?i:K)", "(?a:\\w)", r"(?a:[^\s])", "x{40000}", "(?:x{900}){900}", "(x)?(?(1)y|a)",
        "(?!)", "", "a|", r"\s", r"\S+\s\S", "שלום", "no$|^k", r"(?:\bno|know)\b", "[\ud800]", "\\x00",
        "(?:a$|b$)\n?", r"\bx*", r"x*\b", r"\b(?:no)?(?:pe)?", r"(?:no)?(?:pe)?\b",
    ],
)  # fmt: skip
@pytest.mark.parametrize("flags", [0, I, re.MULTILINE | I, re.ASCII, re.DOTALL, re.ASCII | I | re.MULTILINE])
def test_a_set_finds_what_re_finds(pattern, flags):
    both(pattern, flags)


@pytest.mark.parametrize(
    ("pattern", "exact"),
    [
        (r"(?<!\w)(?:no|dead\s+link)(?!\w)", True),
        (r"\bno\b", True),
        (r"\b(?:no|not)(?:pe)?\b", True),
        (r"\b(?:no)?(?:pe)?\b", False),
        (r"\b(?:no)?(?:pe)?", False),
        (r"(?:no)?(?:pe)?\b", False),
        (r"\b.o\b", False),
        (r"\b(?:no|not)\b", True),
        (r"no.*\bmore", False),
        (r"^no$", True),
        (r"(no)\1", False),
        (r"no(?=\s)more", False),
    ],
)
def test_what_re2_says_as_re_does_needs_no_second_look(pattern, exact):
    assert translate(pattern, I, ascii_only=False).exact is exact


def test_a_word_s_edge_is_the_same_to_both_on_ascii_texts():
    assert translate(r"no.*\bmore\b", I, ascii_only=True).exact


def test_what_the_translation_does_not_know_is_left_to_re(monkeypatch):
    monkeypatch.setitem(translating.CATEGORIES, "CATEGORY_DIGIT", "")
    monkeypatch.delitem(translating.CATEGORIES, "CATEGORY_DIGIT")
    assert translate(r"\d", 0, ascii_only=True) is None
    found = Finder(((r"\d", 0), ("a", 0))).find(["1", "a", "a1"])
    assert list(found.rows.values()) == [[0, 2], [1, 2]]


def test_without_python_s_parser_re_serves(monkeypatch):
    monkeypatch.setattr(translating, "_parser", None)
    assert both(r"\bno\b") == [9, 11, 23, 24, 25]


@pytest.mark.parametrize("memory", [1, 2_000, 6_000, 20_000, 100_000])
def test_too_little_memory_for_re2_is_no_no(memory):
    patterns = tuple((rf"(?<!\w)(?:no|{letter}[a-z]{{1,30}}\s\w*k)(?!\w)", I) for letter in "abcdefgh")
    found = Finder(patterns, memory=memory).find(TEXTS)
    assert all(rows == [9, 11, 23, 24, 25] for rows in found.rows.values())


def test_a_set_that_fails_at_a_text_is_left_to_re():
    def fails(_):
        raise MemoryError

    patterns = ((r"\bno\b", 0),)
    finder = Finder(patterns)
    finder._sets = {kind: (searching._Set((0,), frozenset(), fails),) for kind in (True, False)}
    assert finder.find(TEXTS).rows[patterns[0]] == [9, 11, 23, 24, 25]


def test_a_silent_set_is_left_to_re():
    patterns = ((r"\bno\b", 0), ("a", 0))
    finder = Finder(patterns)
    finder._sets = {kind: (searching._Set((0, 1), frozenset(), lambda _: None),) for kind in (True, False)}
    assert finder.find(TEXTS).rows[patterns[0]] == [9, 11, 23, 24, 25]


def test_a_pattern_with_the_debug_flag_says_nothing_when_it_is_translated(capsys):
    translate("a", re.DEBUG, ascii_only=True)
    assert capsys.readouterr().out == ""


def test_a_set_that_re2_refuses_or_that_fails_is_left_to_re(monkeypatch):
    class Broken:
        @classmethod
        def SearchSet(cls, options):  # noqa: N802, ARG003 - RE2's own name
            return cls()

        def Add(self, pattern):  # noqa: ARG002, N802
            return 0

        def Compile(self):  # noqa: N802
            raise searching.re2.error("no")

    monkeypatch.setattr(searching.re2, "Set", Broken)
    assert both(r"\bno\b") == [9, 11, 23, 24, 25]


def test_large_patterns_get_sets_of_their_own(monkeypatch):
    monkeypatch.setattr(searching, "TOGETHER", 5)
    patterns = tuple((letter, I) for letter in ("no", "know", "a", "b"))
    finder = Finder(patterns)
    rows = finder.find(TEXTS).rows
    assert all(rows[p, f] == [r for r, t in enumerate(TEXTS) if re.search(p, t, f)] for p, f in patterns)
    assert len(finder._sets[True]) > 3


def test_a_thousand_words_are_found_as_re_finds_them():
    words = [f"{first}{second}{third}" for first in "abcdefghij" for second in "éiouy" for third in range(20)]
    rule = keywords(A, words, column="t").rule
    texts = ["", "A É1", "aé1", "AÉ1!", "xaé1", "jy19 and so on", "jy20"]
    assert both(rule.pattern, rule.flags, texts) == [2, 3, 5]


# As rules


def verdict(lf, columns, rows):
    return apply_lfs([lf], Batch(columns, rows))[0]


def test_rules_on_a_batch_say_what_each_says_of_an_item():
    rules = [
        Search(("title", "body"), "no", I),
        Search(("body", "title"), r"\bk", I),
        Search(("body",), "no", I),
        Search(("title", "title"), "no", 0),
    ]
    columns = {"title": [*TEXTS, None, 5, "no", 5, b"no"], "body": [*reversed(TEXTS), "no", "no", 5, 5, None]}
    rows = len(columns["title"])
    for rule, said in zip(rules, Search.many(rules, Batch(columns, rows)), strict=True):
        for row in range(rows):
            values = [columns[name][row] for name in rule.columns]
            try:
                alone = rule.one(*values)
            except TypeError as error:
                alone, told = -1, str(error)
                assert str(said.errors[row]) == told
            assert said.codes[row] == alone
        assert set(said.errors) == set(np.flatnonzero(said.codes == -1).tolist())


def test_what_is_no_text_is_a_fault_of_that_item_alone():
    said = verdict(regex(A, "1", column="t", name="one"), {"t": ["1", 1, None, "x"]}, 4)
    assert said.codes.tolist() == [1, -1, 0, 0]
    assert said.faults[0].row == 1
    assert said.faults[0].error.startswith("TypeError: expected string")


def test_an_arrow_column_is_searched_as_well():
    said = verdict(keywords(A, ["no"], column="t", name="no"), {"t": pa.array(["no", None, "know"])}, 3)
    assert said.codes.tolist() == [1, 0, 0]


def test_nothing_to_look_at_gets_no_vote():
    assert verdict(keywords(A, ["no"], column="t", name="no"), {"t": []}, 0).codes.tolist() == []


def _again(value):
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own bytes


def test_a_rule_passes_to_another_process():
    lf = keywords(A, ["no"], column="t")
    assert _again(lf).vote({"t": "no"}) == A | A
    assert _again(lf.rule) == lf.rule


# What a key is made of


def test_the_order_of_words_and_words_said_twice_do_not_matter():
    one, other = keywords(A, ["b", "a  c", "b"], column="t"), keywords(A, ["a c", "b"], column="t")
    assert one.rule.describe() == other.rule.describe()
    assert one.rule.describe() == {"kind": "keywords", "revision": 2, "words": ["a c", "b"], "case": False}


def test_words_that_are_not_folded_have_the_key_that_they_had():
    told = keywords(A, ["b", "a c"], column="t", fold=False).rule.describe()
    assert told == {"kind": "keywords", "revision": 1, "words": ["a c", "b"], "case": False}


def test_words_and_patterns_are_each_looked_for_in_their_own_text():
    rules = [keywords(A, ["don't"], column="t").rule, regex(A, "don't", column="t").rule]
    rules += [regex(A, "don\u2019t", column="t").rule, keywords(A, ["don't"], column="t", fold=False).rule]
    texts = ["don\u2019t", "don't", "don`t", "`don't`", "caf\u00e9 don't", None, "x"]
    found = [verdict.codes.tolist() for verdict in Search.many(rules, Batch({"t": texts}, len(texts)))]
    assert found == [[1, 1, 1, 1, 1, 0, 0], [0, 1, 0, 1, 1, 0, 0], [1, 0, 0, 0, 0, 0, 0], [0, 1, 0, 1, 1, 0, 0]]


def test_spans_are_those_of_the_text_as_it_was():
    text = "Caf\u00e9: it doe\u00adsn\u2019t  \n work, the cafe\u0301"
    rule = keywords(A, ["caf\u00e9", "doesn't work"], column="t").rule
    assert [text[start:end] for start, end in rule.spans(text)] == [
        "Caf\u00e9",
        "doe\u00adsn\u2019t  \n work",
        "cafe\u0301",
    ]
    assert regex(A, "o", column="t").rule.spans("o to") == [(0, 1), (3, 4)]


def test_a_word_more_or_another_case_matters():
    given = keywords(A, ["a"], column="t").rule.describe()
    assert given != keywords(A, ["a", "b"], column="t").rule.describe()
    assert given != keywords(A, ["a"], column="t", case=True).rule.describe()


def test_a_pattern_is_described_with_all_its_flags():
    told = regex(A, "(?s)a", column="t").rule.describe()
    assert told == {"kind": "search", "revision": 1, "pattern": "(?s)a", "flags": int(I | re.DOTALL | re.UNICODE)}
    assert told == regex(A, "(?s)a", column="t", flags=I | re.UNICODE).rule.describe()
    assert told != regex(A, "(?s)a", column="t", flags=0).rule.describe()
    assert type(told["flags"]) is int

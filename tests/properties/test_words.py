"""Laws of the words of labeling functions: each is in the item where it says, and a vote of words has some."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.labeling.builders import keywords, regex
from retrolabel.labeling.functions import labeling_function
from retrolabel.labeling.second_look import words_apart, words_apart_with_places
from retrolabel.labeling.tokens import phrases
from retrolabel.labeling.words import words_of
from retrolabel.schema.labels import Label
from tests.laws import law

A = Label("a")
PARTS = [
    "no",
    "NO",
    "n\u2019t",
    "don\u2019t",
    "Don\u00b4t",
    "cafe\u0301",
    "caf\u00e9",
    "\U0001f62d",
    "\U0001f468\u200d\U0001f469",
]
PARTS += [" ", "  ", "\n", ".", ".Please", "!", "(", "3.5", "\u00ad", "\u200b", "\u0130", "\u03a3", "x", "\u2026"]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=10).map("".join)
WORDS = ["no", "don't", "caf\u00e9", "please"]


@labeling_function(A)
def says_no(body):
    return re.search("no", body.lower())


LFS = [
    keywords(A, WORDS, column="body", name="keywords"),
    keywords(A, WORDS, column="body", fold=False, name="unfolded"),
    regex(A, "no|n.t", column="body", name="regex"),
    phrases(A, WORDS, column="body", name="phrases"),
    phrases(A, ["Don't", "NO"], column="body", case=True, name="phrases_with_case"),
    says_no,
]


@pytest.mark.parametrize("lf", LFS, ids=lambda lf: lf.name)
@law(200)
@given(body=TEXTS)
def test_the_text_of_a_span_is_at_its_place(lf, body):
    spans = words_of(lf, {"title": "no", "body": body})
    assert all(span.text and body[span.start : span.end] == span.text for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    if lf is not says_no or len(body) == len(body.lower()):
        assert bool(spans) == (lf.vote({"body": body}) is not None)


@law(400)
@given(TEXTS, st.booleans())
def test_words_set_apart_with_places_are_words_set_apart(text, case):
    seen = words_apart_with_places(text, case=case)
    assert seen.text == words_apart(text, case=case)
    assert len(seen.starts) == len(seen.ends) == len(seen.text)
    assert all(one <= other for one, other in pairwise(seen.starts))

"""Laws of the fold: it is stable, it leaves plain texts alone, and it knows where everything stood."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from retrolabel.labeling.batches import Batch
from retrolabel.labeling.builders import keywords, regex
from retrolabel.labeling.folding import fold, fold_words, folded, may_fold
from retrolabel.labeling.searching import Search
from retrolabel.schema.labels import Label
from tests.laws import law

SIGNS = [
    *"aAbeE19_ .-'\"`\n\t",
    *"\u2019\u02bc\u00b4\u2032\u02b9\u2011\u2013\u00ad\u200b\u200d\ufeff\u00a0\u2028\u201c\ufe0f",
    *"\u00e9\u0301\u0323\u0344\u1e69\u0928\u093c\u0929\u1100\u1161\u11a8\uac00\u0f71\u0f73\u1fef\u1ffd\u0374",
    *"\u0e01\u0e31\U0001f600\u212b\U0002f800\ud800",
]
TEXTS = st.one_of(st.text(st.sampled_from(SIGNS), max_size=16), st.text(max_size=12))
WORDS = st.text(st.sampled_from("abe1'-`\u2019\u02bc\u2011\u00ad\u0301\u00e9 \u00a0\u00b4\u200b"), max_size=5)
A = Label("a")


@law(500)
@given(TEXTS)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
    assert fold_words(fold_words(text)) == fold_words(text)
    assert fold(fold_words(text)) == fold(text)


@given(st.text(st.sampled_from("abcXYZ019_.,;:!?()'\"-/"), max_size=20))
def test_a_plain_text_is_its_own_fold(text):
    assert fold(text) == text
    assert folded(text).starts == ()


@law(500)
@given(TEXTS)
def test_what_the_fold_changes_is_foretold(text):
    assert fold_words(text) == text or re.search(may_fold(), text)


@law(1000)
@given(TEXTS)
def test_the_fold_with_places_is_the_fold(text):
    seen = folded(text)
    assert seen.text == fold(text)
    places = list(zip(seen.starts, seen.ends, strict=True))
    assert len(places) in (0, len(seen.text))
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(before[0] <= after[0] and before[1] <= after[1] for before, after in pairwise(places))


@law(1000)
@given(TEXTS, st.data())
def test_a_part_of_the_fold_stands_for_a_part_of_the_original_which_folds_to_it(text, data):
    seen = folded(text)
    # An accent that has no letter of its own belongs to the letter before it, and is in no part without it.
    ends = [place for place in range(len(seen.text) + 1) if not _inside(seen, place)]
    words = [(a, b) for a in ends for b in ends if a < b and _is_word(seen.text[a]) and _is_word(seen.text[b - 1])]
    if words:
        start, end = data.draw(st.sampled_from(words))
        first, last = seen.span(start, end)
        assert fold(text[first:last]) == seen.text[start:end]


def _is_word(character):
    return character.isalnum() and character not in "\u02b9\u0374"


def _inside(seen, place):
    if not 0 < place < len(seen.text):
        return False
    shared = seen.starts and seen.starts[place - 1] == seen.starts[place]
    return bool(shared) or unicodedata.combining(seen.text[place]) != 0


@law(500)
@given(
    st.lists(WORDS.filter(lambda word: fold(word).strip()), min_size=1, max_size=3), st.lists(TEXTS | WORDS, max_size=6)
)
def test_words_are_found_in_a_text_as_in_its_fold_alone_or_beside_patterns(words, texts):
    rules = [keywords(A, words, column="t").rule, regex(A, "e", column="t").rule]
    both = Search.many(rules, Batch({"t": texts}, len(texts)))
    listed = "|".join(re.escape(fold(word).strip()) for word in sorted(words, key=len, reverse=True))
    plain = re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE)
    assert both[0].codes.tolist() == [int(plain.search(fold(text)) is not None) for text in texts]
    assert both[0].codes.tolist() == [rules[0].one(text) for text in texts]
    assert both[1].codes.tolist() == [int(re.search("e", text, re.IGNORECASE) is not None) for text in texts]

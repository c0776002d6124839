"""RE2's sets find what ``re`` finds: any pattern, any text."""

from __future__ import annotations

import re
import warnings

from hypothesis import assume, given
from hypothesis import strategies as st

from retrolabel.labeling.batches import Batch
from retrolabel.labeling.searching import Finder, Search
from tests.laws import law

LETTERS = [
    *"aAbBkKsSiI19_ .\n\t-",
    *"éÉ\u017f\u212aİ\u0131ßẞΣ\u03c3ς\u0301\u0345\u00a0\x1c\x1f\x85\u2028\0😀אµμǅǆﬅﬆ²Ⅷ٣",
]
I, M, S, A = re.IGNORECASE, re.MULTILINE, re.DOTALL, re.ASCII  # noqa: E741 - as re calls them
FLAGS = st.sampled_from([0, I, I | M, I | S, M, A, A | I, A | I | M])
TEXTS = st.lists(
    st.one_of(
        st.text(st.sampled_from(LETTERS), max_size=12),
        st.text(st.sampled_from("ab k.s\n_"), max_size=12),
        st.text(max_size=12),
        st.tuples(st.text(st.sampled_from(LETTERS), max_size=4), st.integers(100, 3000)).map(lambda t: t[0] * t[1]),
    ),
    min_size=1,
    max_size=25,
)

characters = st.sampled_from(LETTERS).map(re.escape)
categories = st.sampled_from([r"\w", r"\W", r"\d", r"\D", r"\s", r"\S"])
members = st.one_of(characters, categories, st.sampled_from(["a-k", "א-ת", "\x1c-\x85"]))
classes = st.builds(
    lambda no, parts: f"[{no}{''.join(parts)}]", st.sampled_from(["", "^"]), st.lists(members, min_size=1, max_size=3)
)
edges = st.sampled_from(["^", "$", r"\b", r"\b", r"\B", r"\A", r"\Z"])
leaves = st.one_of(characters, characters, categories, st.just("."), classes, edges, st.just(r"\1"))
openings = st.sampled_from(
    ["(", "(?:", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?i:", "(?-i:", "(?s:", "(?m:", "(?a:", "(?u:", "(?>"]
)
repeats = st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,3}?", "{2,}", "*+", "?+", "{400}"])


def larger(parts):
    runs = st.lists(parts, min_size=1, max_size=4).map("".join)
    return st.one_of(
        runs,
        st.builds(lambda one, other: f"{one}|{other}", runs, runs),
        st.builds(lambda opening, inside: f"{opening}{inside})", openings, runs),
        st.builds(lambda inside, repeat: f"(?:{inside}){repeat}", runs, repeats),
    )


patterns = st.recursive(leaves, larger, max_leaves=12)


def compiles(pattern, flags):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            re.compile(pattern, flags)
        except (re.error, FutureWarning, OverflowError):
            return False
    return True


@law(300)
@given(st.lists(st.tuples(patterns, FLAGS), min_size=1, max_size=6, unique=True), TEXTS)
def test_a_set_of_patterns_finds_what_re_finds(several, texts):
    several = tuple(each for each in several if compiles(*each))
    assume(several)
    texts = [text if len(text) < 200 or "(" not in str(several) else text[:200] for text in texts]  # re backtracks
    found = Finder(several).find(texts).rows
    for pattern, flags in several:
        assert found[pattern, flags] == [row for row, text in enumerate(texts) if re.search(pattern, text, flags)]


@law(100)
@given(patterns, FLAGS, TEXTS)
def test_a_rule_says_the_same_of_a_batch_as_of_each_item(pattern, flags, texts):
    assume(compiles(pattern, flags))
    texts = [text[:200] for text in texts]
    rule = Search(("text",), pattern, flags)
    (said,) = Search.many([rule], Batch({"text": [*texts, None]}, len(texts) + 1))
    assert said.codes.tolist() == [rule.one(text) for text in [*texts, None]]

"""Lists of words get names that nothing else has, and become labeling functions that pass their examples."""

from __future__ import annotations

import keyword

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.analysis.suggestions import Suggestion
from retrolabel.schema.labels import Label
from retrolabel.wiring.new_lfs import lf_of
from retrolabel.wiring.suggested_wishes import names_for, wish_for
from tests.laws import law

NOTHING = np.zeros(0, np.int64)


def found(*terms, label="bug"):
    return Suggestion(label, terms, NOTHING, 0, 0)


def names(*terms, taken=()):
    return list(names_for([found(term) for term in terms], taken))


def test_a_name_is_the_first_word_and_is_free():
    assert names("dead link", "dead-link", "says", taken=["says_says"]) == [
        "says_dead_link",
        "says_dead_link_2",
        "says_says_2",
    ]
    assert names("\u5f88\u6162", "caf\u00e9") == ["says_\u5f88\u6162", "says_caf\u00e9"]


@law(60)
@given(
    st.lists(st.text(min_size=1, max_size=50), min_size=1, max_size=6), st.lists(st.sampled_from(["says_a", "says_it"]))
)
def test_names_are_identifiers_and_differ(terms, taken):
    made = names(*terms, taken=taken)
    assert len({*made, *taken}) == len(made) + len(set(taken))
    assert all(name.isidentifier() and not keyword.iskeyword(name) for name in made)


@pytest.mark.parametrize("columns", [("body",), ("title", "body")])
@pytest.mark.parametrize("terms", [("crash", "doesn't work"), ("\u5f88\u6162", "\u9000\u6b3e")])
def test_a_list_becomes_a_function_with_examples_that_hold(columns, terms):
    wish = wish_for(found(*terms), "says_it", Label("bug"), "BUG", columns, "why\nand how")
    lf = lf_of(wish, Label("bug"))
    assert lf.columns == columns
    assert (len(lf.examples), len(lf.non_examples), lf.check_examples()) == (1, 1, [])
    assert lf.vote({columns[-1]: f"it {terms[-1]} now"}) is not None

"""Terms are grouped by stem and by company, in an order that does not depend on their places."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.analysis.term_groups import LARGEST, group, likeness, related
from retrolabel.analysis.terms import terms_of

TEXTS = [
    *[[f"login fails with password and {word}"] for word in ("token", "cookie") for _ in range(6)],
    *[[f"camera lens makes {word} pictures"] for word in ("dark", "blurry") for _ in range(6)],
    *[["crashes"], ["crashed"], ["crashing"]] * 4,
    *[["nothing of it"]] * 40,
]


def grouped(*words):
    terms = terms_of(TEXTS)
    return [[terms.words[place] for place in each] for each in group(terms, [terms.words.index(w) for w in words])]


def test_words_of_one_stem_are_one_list():
    assert grouped("crashes", "crashed", "token", "crashing") == [["crashes", "crashed", "crashing"], ["token"]]


def test_words_in_the_same_company_are_one_list():
    assert grouped("token", "dark", "cookie", "blurry") == [["token", "cookie"], ["dark", "blurry"]]


def test_a_list_is_not_endless():
    texts = [[f"crash{chr(97 + n)}"] for n in range(12) for _ in range(4)] + [["so"]] * 60
    terms = terms_of(texts)
    mine = [place for place, word in enumerate(terms.words) if word.startswith("crash")]
    found = group(terms, mine)
    assert sorted(place for each in found for place in each) == mine
    assert max(map(len, found)) <= LARGEST
    assert len(found) == 2


def test_the_order_that_is_given_stays():
    assert grouped("blurry", "token", "dark")[0] == ["blurry", "dark"]
    assert grouped("token", "blurry", "dark") == [["token"], ["blurry", "dark"]]


def test_nothing_and_one_term_are_no_matter():
    terms = terms_of(TEXTS)
    assert group(terms, []) == []
    assert group(terms, [3]) == [[3]]


def test_likeness_is_symmetric_and_between_0_and_1():
    terms = terms_of(TEXTS)
    found = likeness(terms, list(range(len(terms.words))))
    assert np.allclose(found, found.T)
    assert found.min() >= 0
    assert found.max() <= 1 + 1e-9


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("crashes", "app crashed", True),
        ("car", "card", False),
        ("cards", "card", True),
        ("international", "internet", False),
        ("how to", "how do", False),
    ],
)
def test_words_share_a_stem(one, other, are):
    assert related(one, other) is related(other, one) is are

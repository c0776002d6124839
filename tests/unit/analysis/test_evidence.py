"""What chooses never judges; what chooses depends on how much gold there is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.analysis.evidence import (
    BY_ALL_GOLD,
    BY_GOLD,
    BY_LABEL_SET,
    BY_NOTHING,
    CONFIDENT,
    ENOUGH_GOLD,
    FEWEST_GOLD,
    Evidence,
    halves_of,
    says_something,
)
from tests.laws import law

LABELS = ("bug", "wish", "other")
WORDS = [a + b + c for a in "bdfgk" for b in "aeiou" for c in "lmnprst"]


def texts_of(n):
    return [(f"{WORDS[row % len(WORDS)]} {WORDS[row // len(WORDS)]}",) for row in range(n)]


def evidence(n, gold, *, sure=None):
    """Gold on the first so many of n texts, and a label set that is as sure as told of all."""
    said = None if sure is None else np.zeros(n, np.int64)
    return Evidence(
        LABELS, np.where(np.arange(n) < gold, 1, -1), said, None if sure is None else np.full(n, sure, np.float64)
    )


@pytest.mark.parametrize(
    ("gold", "sure", "by", "chooses", "judges"),
    [
        (0, None, BY_NOTHING, 0, 0),
        (FEWEST_GOLD - 1, None, BY_ALL_GOLD, FEWEST_GOLD - 1, 0),
        (FEWEST_GOLD, None, BY_GOLD, None, None),
        (ENOUGH_GOLD, None, BY_GOLD, None, None),
        (0, CONFIDENT, BY_LABEL_SET, 300, 0),
        (FEWEST_GOLD - 1, CONFIDENT, BY_LABEL_SET, 300 - FEWEST_GOLD + 1, 0),
        (ENOUGH_GOLD - 1, CONFIDENT, BY_LABEL_SET, 300 - ENOUGH_GOLD + 1, ENOUGH_GOLD - 1),
        (ENOUGH_GOLD, CONFIDENT, BY_GOLD, None, None),
        (0, CONFIDENT - 0.01, BY_NOTHING, 0, 0),
        (FEWEST_GOLD, CONFIDENT - 0.01, BY_GOLD, None, None),
    ],
)
def test_what_chooses_and_what_judges(gold, sure, by, chooses, judges):
    (first, *more), judging = evidence(300, gold, sure=sure).chosen_by(texts_of(300))
    choosing = first.mass.any(axis=1)
    assert first.by == by
    assert not (choosing & judging).any()
    assert np.allclose(first.mass[choosing].sum(axis=1), 1.0, atol=1e-5)
    assert [each.by for each in more] == ([BY_LABEL_SET] if by == BY_GOLD and sure == CONFIDENT else [])
    assert all(each.texts.tolist() == list(range(gold, 300)) for each in more)  # what has gold is in neither
    if chooses is None:
        assert choosing.sum() + judging.sum() == gold
        assert 0.2 * gold < judging.sum() < 0.8 * gold
    else:
        assert (choosing.sum(), judging.sum()) == (chooses, judges)


def test_a_label_set_counts_as_much_as_it_is_sure():
    (chooser,), _ = evidence(30, 0, sure=0.8).chosen_by(texts_of(30))
    assert np.allclose(chooser.mass, [0.8, 0.1, 0.1], atol=1e-5)


def test_an_item_without_a_text_neither_chooses_nor_judges():
    texts = [*texts_of(200), *[(None,), ("",), (" \n",)] * 20]
    (chooser,), judges = evidence(260, 260).chosen_by(texts)
    assert not chooser.mass[200:].any()
    assert not judges[200:].any()
    assert says_something([(None, "a"), (None, " "), ("", "")]).tolist() == [True, False, False]


def test_texts_that_differ_in_case_digits_and_signs_are_in_one_half():
    one = halves_of(
        [("Flight 12 is late!",), ("flight 345 IS late",), ("flight is late...",), ("Flight\u00a0is  late",)]
    )
    assert len(set(one.tolist())) == 1
    assert set(halves_of(texts_of(50)).tolist()) == {0, 1}


@law(40)
@given(st.lists(st.sampled_from(["a", "B 1", "b", "\u5f88\u6162", "", "x-y"]), max_size=20), st.randoms())
def test_the_half_of_a_text_depends_on_nothing_but_it(texts, dice):
    cells = [(text,) for text in texts]
    other = list(range(len(cells)))
    dice.shuffle(other)
    assert halves_of([cells[row] for row in other]).tolist() == halves_of(cells)[other].tolist()

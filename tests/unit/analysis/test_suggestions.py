"""Suggestions: chosen by some gold, judged by other gold, and honest about how many were looked at."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.analysis.evidence import BY_GOLD, BY_LABEL_SET, Evidence
from retrolabel.analysis.suggestions import (
    HOLDS,
    MOST_CHARACTERS,
    OPEN,
    UNCHECKED,
    exact_interval,
    suggest,
)
from retrolabel.gold.agreement import NOTHING
from tests.laws import law

LABELS = ("bug", "wish")
NAMES = [a + b + c for a in "bdfgkmnp" for b in "aeiou" for c in "lmnprst"]
FILLER = ["today", "again", "here", "on my phone", "since monday", "with it"]
SAYS = {"bug": ["crashes", "freezes"], "wish": ["please", "i miss"]}


def said(n, *, seed=1, noise=0.0):
    """Texts that say one of two words of their label, and the labels, some of which are another."""
    dice = random.Random(seed)  # noqa: S311 - a test's dice
    texts, gold = [], []
    for row in range(n):
        label = dice.randrange(2)
        parts = [dice.choice(FILLER), dice.choice(SAYS[LABELS[label]]), NAMES[row % len(NAMES)]]
        dice.shuffle(parts)
        texts.append((" ".join(parts),))
        gold.append(1 - label if dice.random() < noise else label)
    return texts, np.array(gold, np.int64)


def shown(found):
    return [(each.label, each.terms, each.n, each.right, each.state) for each in found.suggestions]


def test_planted_words_are_found_and_counted_on_the_other_half():
    texts, gold = said(400)
    found = suggest(texts, Evidence(LABELS, gold))
    words = {each.label: set(each.terms) for each in found.suggestions}
    assert {term for each in found.suggestions for term in each.terms} == {"crashes", "freezes", "please", "miss"}
    assert all(
        term in {"bug": "crashes freezes", "wish": "please miss"}[label] for label in words for term in words[label]
    )
    assert all(each.state == HOLDS and each.right == each.n > 30 for each in found.suggestions)
    assert (found.chosen_by, found.gold, found.choosing + found.judging) == (BY_GOLD, 400, 400)


def test_labels_by_chance_are_seldom_better_than_chance():
    dice = np.random.default_rng(7)
    false = sum(
        each.state == HOLDS
        for seed in range(12)
        for each in suggest(said(300, seed=seed)[0], Evidence(LABELS, dice.integers(0, 2, 300))).suggestions
    )
    assert false <= 1


@law(12, slow=True)
@given(st.integers(0, 10_000))
def test_gold_that_judges_never_chooses(seed):
    texts, gold = said(260, seed=seed, noise=0.1)
    evidence = Evidence(LABELS, gold)
    (chooser,), judges = evidence.chosen_by(texts)
    mass = chooser.mass
    other = np.where(judges, np.random.default_rng(seed).integers(0, 2, len(gold)), gold)
    one, again = suggest(texts, evidence), suggest(texts, Evidence(LABELS, other))
    assert one.looks == again.looks
    known = {(each.label, each.terms): each for each in one.suggestions}
    for each in again.suggestions:
        same = known.get((each.label, each.terms))
        assert same is None or (same.hits == each.hits).all()
    for each in one.suggestions:
        assert judges[each.judged].all()
        assert not mass[each.judged].any()
        assert each.right == (gold[each.judged] == LABELS.index(each.label)).sum()


@law(12, slow=True)
@given(st.integers(0, 10_000), st.booleans())
def test_the_order_of_items_changes_nothing(seed, by_set):
    texts, gold = said(260, seed=seed, noise=0.1)
    evidence = Evidence(LABELS, gold)
    if by_set:
        evidence = Evidence(LABELS, np.where(np.arange(260) < 60, gold, -1), gold, np.linspace(0.7, 0.99, 260))
    order = np.random.default_rng(seed).permutation(260)
    moved = replace(
        evidence,
        gold=evidence.gold[order],
        said=None if evidence.said is None else evidence.said[order],
        sure=None if evidence.sure is None else evidence.sure[order],
    )
    one, again = suggest(texts, evidence), suggest([texts[row] for row in order], moved)
    assert shown(one) == shown(again)
    assert [set(each.hits.tolist()) for each in one.suggestions] == [
        set(order[each.hits].tolist()) for each in again.suggestions
    ]


@law(200)
@given(st.integers(1, 60), st.floats(0.02, 0.98), st.sampled_from([0.05, 0.005]))
def test_exact_intervals_cover(n, share, error):
    chances = np.array([share**k * (1 - share) ** (n - k) for k in range(n + 1)])
    for k in range(1, n + 1):
        chances[k:] *= (n - k + 1) / k
    outside = 0.0
    for right in range(n + 1):
        found = exact_interval(right, n, error)
        outside += chances[right] if not found.low <= share <= found.high else 0.0
    assert outside <= error + 1e-9


def test_an_interval_of_nothing_is_nothing_and_more_lists_make_it_wider():
    assert exact_interval(0, 0) == NOTHING
    assert exact_interval(5, 5, 0.05 / 40).low < exact_interval(5, 5).low
    assert (exact_interval(0, 4).low, exact_interval(4, 4).high) == (0.0, 1.0)


def test_a_list_that_is_wrong_on_other_gold_is_left_out_and_counted():
    texts, gold = said(400)
    _, judges = Evidence(LABELS, gold).chosen_by(texts)
    crashes = np.array(["crashes" in text for (text,) in texts])
    turned = np.where(judges & crashes, 1, gold)
    found = suggest(texts, Evidence(LABELS, turned))
    assert found.rejected >= 1
    assert "crashes" not in {term for each in found.suggestions if each.label == "bug" for term in each.terms}


def test_what_labeling_functions_say_already_is_left_out():
    texts, gold = said(400)
    freezes = np.array(["freezes" in text for (text,) in texts])
    crashes = np.array(["crashes" in text for (text,) in texts])
    voted = np.stack([freezes | (crashes & (np.arange(400) % 2 == 0)), np.zeros(400, np.bool_)], axis=1)
    found = suggest(texts, Evidence(LABELS, gold, voted=voted, needy=~voted.any(axis=1)))
    mine = {term: each for each in found.suggestions for term in each.terms}
    assert "freezes" not in mine
    assert mine["crashes"].new == mine["crashes"].needy == (crashes & ~voted[:, 0]).sum()
    looked_for = suggest(texts, Evidence(LABELS, gold, taken=lambda term, label: label == 0 and "crashes" in term))
    assert "crashes" not in {term for each in looked_for.suggestions for term in each.terms}


def test_those_whose_hits_have_no_sure_label_come_first():
    texts, gold = said(400)
    needy = np.array(["miss" in text for (text,) in texts])
    assert suggest(texts, Evidence(LABELS, gold, needy=needy)).suggestions[0].terms[0] == "miss"


def test_hits_without_gold_are_those_without_a_sure_label_first():
    texts, gold = said(400)
    needy = np.arange(400) >= 390
    (found, *_) = suggest(texts, Evidence(LABELS, np.where(np.arange(400) < 300, gold, -1), needy=needy)).suggestions
    assert set(found.unlabelled.tolist()) == {row for row in found.hits.tolist() if row >= 300}
    first = int((found.unlabelled >= 390).sum())
    assert first > 0
    assert (found.unlabelled[:first] >= 390).all()


def test_a_label_set_chooses_and_all_gold_judges():
    texts, gold = said(400)
    evidence = Evidence(LABELS, np.where(np.arange(400) < 60, gold, -1), gold, np.full(400, 0.9))
    found = suggest(texts, evidence)
    assert (found.chosen_by, found.choosing, found.judging) == (BY_LABEL_SET, 340, 60)
    assert sum(each.n for each in found.suggestions) == 60
    assert {each.state for each in suggest(texts, replace(evidence, gold=0 * gold - 1)).suggestions} == {UNCHECKED}


def test_one_label_alone_is_judged_as_one_look_of_fewer():
    texts, gold = said(400, noise=0.15)
    every, one = suggest(texts, Evidence(LABELS, gold)), suggest(texts, Evidence(LABELS, gold), label="bug")
    assert {each.label for each in one.suggestions} == {"bug"}
    assert one.looks < every.looks
    wider = {each.terms: each.precision for each in every.suggestions}
    assert all(wider[each.terms].low < each.precision.low for each in one.suggestions)


def test_few_hits_leave_it_open():
    texts, gold = said(44)
    assert {each.state for each in suggest(texts, Evidence(LABELS, gold)).suggestions} <= {OPEN, HOLDS}
    assert suggest([], Evidence(LABELS, gold[:0])).suggestions == ()
    assert suggest([(None,)] * 44, Evidence(LABELS, gold)).filled == 0


@pytest.mark.parametrize("label", [0, 1])
def test_where_all_gold_is_one_label_no_word_speaks_for_it(label):
    texts, gold = said(200)
    assert suggest(texts, Evidence(LABELS, 0 * gold + label)).suggestions == ()


def test_long_texts_choose_as_far_as_they_fit_and_all_are_looked_at():
    texts, gold = said(300)
    long = [(f"{text} {'z' * (MOST_CHARACTERS // 150)}",) for (text,) in texts]
    told = []
    found = suggest(long, Evidence(LABELS, gold), advance=told.append)
    assert 60 < found.choosing < 155
    assert {term for each in found.suggestions for term in each.terms} == {"crashes", "freezes", "please", "miss"}
    assert sum(len(each.hits) for each in found.suggestions) == 300
    assert sum(told) == pytest.approx(4 * 300)


def test_where_gold_is_enough_a_label_set_adds_words_that_gold_does_not_know():
    texts, gold = said(400)
    other = [(text.replace("freezes", "hangs").replace("please", "kindly"),) for (text,) in texts]
    known = np.concatenate([gold, np.full(400, -1)])
    said_by_set, sure = np.concatenate([gold, gold]), np.full(800, 0.9)
    alone = suggest([*texts, *other], Evidence(LABELS, known))
    found = suggest([*texts, *other], Evidence(LABELS, known, said_by_set, sure))
    assert {term for each in alone.suggestions for term in each.terms} == {"crashes", "freezes", "please", "miss"}
    assert shown(found)[: len(alone.suggestions)] == shown(alone)  # what gold judges comes first
    more = {(each.label, term) for each in found.suggestions[len(alone.suggestions) :] for term in each.terms}
    assert more == {("bug", "hangs"), ("wish", "kindly")}
    assert (found.chosen_by, found.also, found.choosing) == (BY_GOLD, 400, alone.choosing)


def test_words_that_every_text_needs_are_no_suggestion():
    texts, gold = said(400)
    said_too = [(f"{text} of a" if label else text,) for (text,), label in zip(texts, gold, strict=True)]
    found = suggest(said_too, Evidence(LABELS, gold))
    terms = {term for each in found.suggestions for term in each.terms}
    assert "crashes" in terms
    assert not any("of" in term.split() for term in terms)

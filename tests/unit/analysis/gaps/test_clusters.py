"""Clusters of what is left open: their items, their terms, and what is in none."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.analysis.gaps.clusters import find_gap
from retrolabel.analysis.gaps.corpus import Corpus
from tests.unit.analysis.gaps.ground import ground

WORDS = ["apple", "berry", "cedar", "delta", "ember", "fjord", "grape", "hazel", "ivory", "joker"]
NAMES = [f"{one}{other}" for one in WORDS for other in WORDS]


def gap_of(texts, votes=None, kind="uncovered", **known):
    """Return a gap of items of one column; without votes all are uncovered."""
    cells = [[each] if isinstance(each, str) or each is None else each for each in texts]
    at = ground(votes or [[None]] * len(texts), **known)
    columns = ["title", "body"][: len(cells[0])] if cells else ["body"]
    return find_gap(kind, at, Corpus.of(cells, columns), np.arange(len(texts)))


def test_items_that_share_their_words_are_a_cluster_with_these_words():
    texts = [f"{name} dark mode" for name in NAMES[:30]] + [f"{name} login fails" for name in NAMES[30:60]]
    gap = gap_of([*texts, *NAMES[60:]])
    found = {frozenset(each.rows): each for each in gap.clusters}
    dark, login = found[frozenset(range(30))], found[frozenset(range(30, 60))]
    assert (dark.items, dark.told, dark.elsewhere) == (30, 30, 0)
    assert {each.term for each in dark.terms} & {"dark", "mode", "dark mode"}
    assert {each.term for each in login.terms} & {"login", "fails", "login fails"}
    assert all((each.here, each.elsewhere) == (30, 0) for each in (*dark.terms, *login.terms))


def test_clusters_and_the_rest_are_all_items_of_the_kind_once():
    texts = [f"{name} dark mode" for name in NAMES[:30]] + [f"{name} login fails" for name in NAMES[30:60]] + NAMES
    votes = [[0]] * 10 + [[None]] * (len(texts) - 10)
    gap = gap_of(texts, votes)
    rows = [row for each in gap.clusters for row in each.rows] + list(gap.rest)
    assert sorted(rows) == list(range(10, len(texts)))
    assert gap.items == len(rows) == sum(each.items for each in gap.clusters) + gap.rest_items


def test_sizes_are_over_the_draw_and_items_with_gold_are_there_too():
    texts = [f"{name} dark mode" for name in NAMES[:30]] + NAMES[30:90]
    gap = gap_of(texts, drawn=[row % 2 == 0 for row in range(90)])
    (dark,) = [each for each in gap.clusters if set(range(30)) <= set(each.rows)]
    assert dark.items == dark.told == 15
    assert dark.terms[0].here == 15
    assert gap.items == 45


def test_a_word_that_is_everywhere_makes_no_cluster():
    gap = gap_of([f"{name} widget" for name in NAMES])
    assert all(each.term != "widget" for cluster in gap.clusters for each in cluster.terms)


def test_items_that_say_the_very_same_and_hold_no_term_are_a_cluster():
    gap = gap_of(["\U0001f44d"] * 8 + ["", None, " "] * 10 + NAMES)
    (same,) = [each for each in gap.clusters if each.says_the_same]
    assert (same.items, same.terms, set(same.rows)) == (8, (), set(range(8)))
    assert set(range(8, 38)) <= set(gap.rest)  # nothing is said there


def test_few_short_texts_are_no_trouble():
    for texts in ([], ["ok"], ["ok", "no"], [None, None], ["ok"] * 3):
        gap = gap_of(texts)
        assert gap.items == len(texts) == sum(each.items for each in gap.clusters) + gap.rest_items


def test_where_all_is_covered_there_is_nothing():
    gap = gap_of(NAMES, [[0]] * len(NAMES))
    assert (gap.items, gap.clusters, gap.rest) == (0, (), ())


@pytest.mark.parametrize(
    ("first", "second"),
    [("退款太慢了", "登录失败"), ("не могу войти", "верните деньги"), ("خدمة العملاء سيئة", "تأخر الطلب")],
    ids=["Chinese", "Russian", "Arabic"],
)
def test_other_scripts_have_terms_too(first, second):
    others = [f"{one}{other}" for one in "甲乙丙丁戊己" for other in "子丑寅卯辰巳"]
    texts = [f"{name} {first}" for name in others[:18]] + [f"{name} {second}" for name in others[18:]]
    gap = gap_of([*texts, *NAMES])
    rows = [set(each.rows) for each in gap.clusters]
    assert set(range(18)) in rows
    assert set(range(18, 36)) in rows
    assert all(each.terms for each in gap.clusters if min(each.rows) < 36)


def test_of_several_columns_it_is_said_in_which_a_term_stands():
    cells = [[f"{name} refund", "hello"] for name in NAMES[:20]] + [[name, "screen freezes"] for name in NAMES[20:40]]
    gap = gap_of([*cells, *([name, "fine"] for name in NAMES[40:])])
    where = {each.term: each.column for cluster in gap.clusters for each in cluster.terms}
    assert {column for term, column in where.items() if "refund" in term} == {"title"}
    assert {column for term, column in where.items() if "freezes" in term} == {"body"}


def test_clusters_of_which_gold_says_what_they_are_come_first():
    texts = [f"{name} dark mode" for name in NAMES[:30]] + [f"{name} login fails" for name in NAMES[30:60]] + NAMES[60:]
    gold = [()] * 30 + [(1,)] * 20 + [()] * 10 + [(0,), (2,)] * 20
    plain, told = gap_of(texts), gap_of(texts, gold=gold)
    assert min(plain.clusters[0].rows) == 0
    assert min(told.clusters[0].rows) == 30
    assert {frozenset(each.rows) for each in plain.clusters} == {frozenset(each.rows) for each in told.clusters}


def test_items_with_most_of_the_terms_are_shown_first():
    texts = [f"{name} dark" for name in NAMES[:20]] + ["night theme dark", *(f"{n} night theme" for n in NAMES[20:40])]
    gap = gap_of([*texts, *NAMES[40:]])
    for cluster in gap.clusters:
        held = [sum(each.term in texts[row] for each in cluster.terms) for row in cluster.rows if row < len(texts)]
        assert held == sorted(held, reverse=True)

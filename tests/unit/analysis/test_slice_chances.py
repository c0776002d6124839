"""Chances of slices are hypergeometric tails; the search is done anew on wrong items that were dealt out again."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import hypergeom

from retrolabel.analysis.slice_chances import Chances, Search, critical, share_of_deals


def test_chances_are_tails_of_the_hypergeometric_distribution():
    chances, sizes = Chances(60, 17), np.array([5, 20, 5, 55])
    hits = np.array([[0, 5], [3, 9], [5, 1], [12, 17]])
    expected = hypergeom.sf(hits - 1, 60, 17, sizes[:, None])
    assert np.exp(chances.of(sizes, hits)) == pytest.approx(expected, rel=1e-9)
    assert np.exp(chances.of(sizes, hits[:, 1])) == pytest.approx(expected[:, 1], rel=1e-9)


def test_all_deals_are_looked_at_as_one_is():
    random = np.random.default_rng(1)
    table, wrong = random.random((30, 100)) < 0.4, random.random((100, 7)) < 0.3
    wrong[:, 1:] = np.array([random.permutation(wrong[:, 0]) for _ in range(6)]).T
    search, chances = Search(table), Chances(100, int(wrong[:, 0].sum()))
    together, pairs = search.singles(wrong, chances), search.pairs(4, wrong, chances)
    for deal in range(7):
        assert search.singles(wrong[:, deal], chances) == pytest.approx(together[:, deal])
        assert search.pairs(4, wrong[:, deal], chances) == pytest.approx(pairs[:, deal])
    both = int((table[4] & table[9]).sum()), int((table[4] & table[9] & wrong[:, 0]).sum())
    assert np.exp(pairs[9, 0]) == pytest.approx(hypergeom.sf(both[1] - 1, 100, int(wrong[:, 0].sum()), both[0]))


def test_what_is_too_small_too_large_or_no_second_condition_is_never_surprising():
    wrong = np.arange(100) < 15
    table = np.array([wrong, np.arange(100) < 16, np.arange(100) > 14, np.arange(100) < 84, np.arange(100) < 85])
    search, chances = Search(table), Chances(100, 15)
    assert (search.singles(wrong, chances) < 0).tolist() == [False, True, False, True, False]
    assert search.pairs(1, wrong, chances)[1] == 0  # it is the condition itself


def test_chance_is_below_the_critical_value_as_often_as_is_allowed():
    random = np.random.default_rng(2)
    table, wrong = random.random((40, 120)) < 0.4, np.arange(120) < 30
    chances = Chances(120, 30)
    singles, pairs = Search(table).by_chance(wrong, chances, 0)
    assert len(singles) == len(pairs) == 999
    again = Search(table).by_chance(wrong, chances, 1)
    for deals, others, level in ((singles, again[0], 0.04), (pairs, again[1], 0.01)):
        limit = critical(deals, level)
        assert (deals < limit).mean() <= level
        assert share_of_deals(deals, np.nextafter(limit, -np.inf)) <= level
        assert (others < limit).mean() == pytest.approx(level, abs=0.02)
    assert critical(np.zeros(9), 0.05) == -np.inf  # so few deals show nothing


def test_fewer_deals_where_there_is_more_to_look_at():
    assert Search(np.zeros((10, 500), np.bool_)).deals == 999
    assert Search(np.zeros((2_000, 20_000), np.bool_)).deals == 199

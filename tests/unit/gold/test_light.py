"""The mean of kappas: of the pairs that share enough items, with one interval."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.gold import by_pair_of_people, cohen_kappa, mean_kappa


def raters(people, items=200, right=0.8, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.integers(3, size=items)
    said = np.where(rng.random((people, items)) < right, truth, rng.integers(3, size=(people, items)))
    return said.astype(float)


def test_it_is_the_mean_of_the_kappas_of_all_pairs():
    table = raters(4)
    pairs = by_pair_of_people(table, draws=0)
    assert mean_kappa(table).value == pytest.approx(np.mean([pair.beyond.value for pair in pairs]))


def test_of_two_people_it_is_their_kappa_with_its_interval():
    one, other = table = raters(2)
    assert mean_kappa(table) == cohen_kappa(one, other)


def test_its_interval_is_narrower_than_that_of_each_pair():
    table = raters(4)
    found = mean_kappa(table)
    assert found.low < found.value < found.high
    assert found.high - found.low < min(p.beyond.high - p.beyond.low for p in by_pair_of_people(table))


def test_two_people_who_share_few_items_are_left_out():
    table = raters(3)
    table[2, 40:] = np.nan
    found = mean_kappa(table)
    assert found.value == pytest.approx(cohen_kappa(table[0], table[1]).value)
    assert found.n == 200


def test_it_is_withheld_where_no_two_people_share_enough_items():
    found = mean_kappa(raters(3, items=20))
    assert found.withheld
    assert "20 items have two answers, and 50 are needed" in found.why


def test_it_is_undefined_where_nobody_shares_an_item_or_nothing_varies():
    assert mean_kappa([[1, None], [None, 1]]).value is None
    assert mean_kappa([[1, 1], [1, 1]]).value is None


def test_where_nobody_disagrees_the_interval_still_has_a_width():
    truth = np.arange(120) % 3
    found = mean_kappa(np.array([truth, truth, truth], dtype=float))
    assert found.value == found.high == 1
    assert 0.9 < found.low < 1


def test_weights_are_those_of_kappa():
    table = raters(3)
    pairs = by_pair_of_people(table, "quadratic", draws=0)
    assert mean_kappa(table, "quadratic", draws=0).value == pytest.approx(np.mean([p.beyond.value for p in pairs]))


def test_of_a_crowd_there_is_a_mean_and_no_interval():
    found = mean_kappa(raters(40))
    assert found.shown is not None
    assert found.low is None

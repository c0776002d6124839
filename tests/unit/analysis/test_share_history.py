"""What the history of a label allows its share: as much as the months moved it, and not much more."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.analysis.share_history import allowed_shares


def months(rate, spread, seed, count=6, size=500):
    rng = np.random.default_rng(seed)
    rates = np.clip(rng.normal(rate, spread, count), 0, 1)
    return rng.binomial(size, rates)[:, None], np.full(count, size)


@pytest.mark.parametrize(("rate", "spread"), [(0.1, 0.01), (0.5, 0.02), (0.3, 0.08)])
def test_a_share_of_another_draw_of_the_same_months_is_allowed(rate, spread):
    inside = 0
    for seed in range(200):
        counts, items = months(rate, spread, seed)
        low, high = allowed_shares(counts, items)[0]
        other, of = months(rate, spread, 10_000 + seed, count=24)
        inside += low <= other.sum() / of.sum() <= high
    assert inside >= 190


def test_a_share_that_no_month_came_near_is_not_allowed():
    counts, items = months(0.3, 0.01, 0)
    low, high = allowed_shares(counts, items)[0]
    assert 0.2 < low < 0.3 < high < 0.4


def test_what_moves_more_is_allowed_more():
    (narrow,) = allowed_shares(*months(0.3, 0.005, 0))
    (wide,) = allowed_shares(*months(0.3, 0.1, 0))
    assert wide[1] - wide[0] > 2 * (narrow[1] - narrow[0])


def test_more_labels_are_each_allowed_more_so_that_all_are_together():
    counts, items = months(0.3, 0.02, 1)
    alone = allowed_shares(counts, items)[0]
    together = allowed_shares(np.hstack([counts] * 10), items)[0]
    assert together[0] < alone[0]
    assert alone[1] < together[1]


def test_two_months_say_nothing_and_months_without_items_do_not_count():
    assert allowed_shares([[1], [2]], [10, 10]) is None
    assert allowed_shares([[1], [2], [0]], [10, 10, 0]) is None
    assert allowed_shares(np.zeros((0, 2)), []) is None


def test_the_same_seed_allows_the_same():
    counts, items = months(0.3, 0.02, 1)
    assert allowed_shares(counts, items).tolist() == allowed_shares(counts, items).tolist()

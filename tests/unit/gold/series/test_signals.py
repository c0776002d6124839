"""What is behind a signal: the pair that grew, who stands out, and the items to talk about."""

from __future__ import annotations

import numpy as np

from retrolabel.gold.series.scores import Asked, Score, nominal
from retrolabel.gold.series.signals import MOST_ITEMS, behind, standing_out

ALL = Score(nominal(3))


def asked(codes, first=0):
    codes = np.array(codes, np.int32)
    return Asked(codes, np.arange(codes.shape[1]) + first)


def test_the_pair_that_is_confused_more_often_is_named_and_not_the_one_that_always_was():
    before = asked([[0] * 20 + [1] * 20 + [2] * 20, [0] * 10 + [1] * 10 + [1] * 20 + [2] * 20])
    fall = asked([[0] * 20 + [1] * 20 + [2] * 20, [0] * 10 + [1] * 10 + [1] * 14 + [2] * 6 + [2] * 20], first=100)
    found = behind([before], [fall], ALL)
    assert found.pair == (1, 2)
    assert (round(found.pair_before, 2), round(found.pair_now, 2)) == (0.0, 0.12)
    assert set(found.items[:6]) == set(range(134, 140))
    assert set(found.items[6:]) == set(range(110, 120))


def test_so_many_items_at_most_are_named():
    before, fall = asked([[0] * 60, [0] * 60]), asked([[0] * 60, [1] * 60], first=100)
    assert len(behind([before], [fall], ALL).items) == MOST_ITEMS


def test_nobody_is_named_where_all_differ_alike_in_nineteen_of_twenty_falls():
    rng, named = np.random.default_rng(1), 0
    for _ in range(200):
        before, now = (
            ALL.of(np.where(rng.random((3, 120)) < wrong, rng.integers(1, 3, (3, 120)), 0).astype(np.int32))[1]
            for wrong in (0.08, 0.25)
        )
        named += bool(standing_out(before, now))
    assert named <= 18


def test_who_went_away_from_the_others_is_named():
    rng, named = np.random.default_rng(2), []
    for _ in range(50):
        rates = np.array([[0.4], [0.08], [0.08]])
        before = np.where(rng.random((3, 300)) < 0.08, rng.integers(1, 3, (3, 300)), 0).astype(np.int32)
        now = np.where(rng.random((3, 120)) < rates, rng.integers(1, 3, (3, 120)), 0).astype(np.int32)
        named.append(standing_out(ALL.of(before)[1], ALL.of(now)[1]))
    assert sum(each == (0,) for each in named) >= 45


def test_of_two_people_nobody_is_named():
    before, now = ALL.of(np.zeros((2, 50), np.int32))[1], ALL.of(np.array([[0] * 50, [1] * 50], np.int32))[1]
    assert standing_out(before, now) == ()

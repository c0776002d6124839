"""Two label sets on the same items: the difference with an interval that little data cannot make certain."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.gold.pairing import paired


def test_the_gain_is_what_the_second_wins_less_what_it_loses():
    before, after = np.array([True, True, False, False, False]), np.array([True, False, True, True, False])
    found = paired(before, after)
    assert (found.items, found.before, found.after) == (5, 2, 3)
    assert found.gain.value == pytest.approx(0.2)
    assert found.as_dict()["gain"]["value"] == found.gain.value


def test_where_nothing_flips_the_interval_is_no_point_and_holds_zero():
    small, large = (paired(np.ones(n, bool), np.ones(n, bool)) for n in (5, 500))
    assert small.gain.value == large.gain.value == 0
    assert small.gain.low < large.gain.low < 0 < large.gain.high < small.gain.high


def test_going_the_other_way_turns_the_interval():
    rng = np.random.default_rng(1)
    a, b = rng.random(80) < 0.7, rng.random(80) < 0.5
    one, other = paired(a, b).gain, paired(b, a).gain
    assert (one.value, one.low, one.high) == pytest.approx((-other.value, -other.high, -other.low))


def test_without_items_there_is_no_gain():
    none = np.zeros(0, bool)
    assert paired(none, none).gain.value is None


def test_the_interval_holds_the_true_difference_about_as_often_as_it_says():
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(1_000):
        shared = rng.random(100)
        before, after = shared < 0.6, (shared + 0.15 * rng.standard_normal(100)) < 0.65
        found = paired(before, after)
        hits += found.gain.low <= TRUE <= found.gain.high
    assert hits >= 930


_DRAWN = np.random.default_rng(3).random(2_000_000)
TRUE = float(
    ((_DRAWN + 0.15 * np.random.default_rng(4).standard_normal(2_000_000)) < 0.65).mean() - (_DRAWN < 0.6).mean()
)

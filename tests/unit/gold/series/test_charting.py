"""Charts of what people say: calm series are calm, falls are found, and neither holiday nor newcomer is a fall."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.gold.series.charting import charted
from retrolabel.gold.series.scores import Asked, Score, nominal, of_two

ALL = Score(nominal(3))


def weeks(rng, rates, *, fixed=20, new=20, here=None, wrong_pair=0.0):
    """Return what people say in weeks of which each has its rates of errors, a person each."""
    hard = rng.random(fixed) < 0.3
    truth = rng.integers(0, 3, fixed)
    found = []
    for t, mine in enumerate(rates):
        labels = np.concatenate([truth, rng.integers(0, 3, new)])
        harder = np.concatenate([hard, rng.random(new) < 0.3])
        wrong = rng.random((len(mine), fixed + new)) < np.array(mine)[:, None] * np.where(harder, 2.5, 0.4)
        codes = np.where(wrong, (labels + rng.integers(1, 3, wrong.shape)) % 3, labels)
        if wrong_pair and t >= 12:
            swap = (labels < 2) & (rng.random(wrong.shape) < wrong_pair)
            codes = np.where(swap, 1 - labels, codes)
        away = np.zeros(len(mine), bool) if here is None else ~np.array(here[t])
        codes = np.where(away[:, None], -1, codes).astype(np.int32)
        found.append(Asked(codes, np.concatenate([np.arange(fixed), fixed + t * new + np.arange(new)])))
    return found


def signals(periods, score=ALL, **more):
    return [point.last for point in charted(periods, score, **more) if point.signal]


def test_calm_series_have_hardly_an_alarm():
    rng = np.random.default_rng(1)
    alarms = [len(signals(weeks(rng, [[0.08, 0.06, 0.1]] * 40))) for _ in range(40)]
    assert sum(alarms) <= 8  # 40 weeks are to have .04 of them: 40 x .04 = 1.7


def test_a_fall_is_found_and_dated_by_the_sum():
    rng = np.random.default_rng(2)
    rates = [[0.08] * 3] * 12 + [[0.25] * 3] * 6
    found = [[point for point in charted(weeks(rng, rates), ALL) if point.signal] for _ in range(20)]
    first = [points[0] for points in found if points]
    assert sum(12 <= point.last <= 15 for point in first) >= 18
    assert np.median([point.since for point in first]) >= 10


def test_a_slow_fall_is_found_though_each_week_joins_what_the_next_is_held_against():
    rng = np.random.default_rng(3)
    rates = [[0.07 + 0.008 * max(0, t - 8)] * 3 for t in range(30)]
    found = [signals(weeks(rng, rates)) for _ in range(20)]
    assert sum(any(8 < week < 28 for week in each) for each in found) >= 18


def test_a_pair_that_is_confused_is_found_by_its_own_chart():
    rng = np.random.default_rng(4)
    periods = weeks(rng, [[0.03] * 3] * 18, wrong_pair=0.2)
    assert signals(periods, of_two(3, 0, 1))
    assert not signals(periods, of_two(3, 0, 2))


def test_who_is_on_holiday_is_no_fall_though_the_two_others_agree_less(monkeypatch):
    rng = np.random.default_rng(5)
    rates, here = [[0.02, 0.2, 0.2]] * 24, [[t < 14, True, True] for t in range(24)]
    years = [weeks(rng, rates, here=here) for _ in range(20)]
    told = sum(bool(signals(each)) for each in years)
    monkeypatch.setattr("retrolabel.gold.series.reference.habits", lambda _: None)
    untaught = sum(bool(signals(each)) for each in years)
    assert told <= 6
    assert untaught >= 10


def test_a_newcomer_is_no_part_of_a_point_before_the_periods_before_know_them():
    rng = np.random.default_rng(6)
    here = [[True, True, t >= 10] for t in range(12)]
    periods = weeks(rng, [[0.05, 0.05, 0.5]] * 12, here=here)
    without = [Asked(each.codes[:2], each.items) for each in periods[:11]]
    assert [point.z for point in charted(periods[:11], ALL)][1:] == pytest.approx(
        [point.z for point in charted(without, ALL)][1:], nan_ok=True
    )


def test_a_team_that_is_new_has_no_points_until_it_is_known():
    rng = np.random.default_rng(7)
    here = [[t < 6] * 2 + [t >= 6] * 2 for t in range(9)]
    points = charted(weeks(rng, [[0.1] * 4] * 9, here=here), ALL)
    assert points[6].why == "0 items of people who are known from before, of 15"
    assert not np.isnan(points[8].z)


def test_the_first_points_say_why_they_are_held_against_nothing():
    rng = np.random.default_rng(8)
    points = charted(weeks(rng, [[0.1] * 3] * 4), ALL)
    assert [point.why for point in points] == [
        "the first: there is nothing before it", "40 answered items before it, of 50", "", "",
    ]  # fmt: skip


def test_periods_of_few_items_are_taken_together():
    rng = np.random.default_rng(9)
    points = charted(weeks(rng, [[0.1] * 3] * 8, fixed=3, new=3), ALL)
    assert [(point.first, point.last) for point in points] == [(0, 2), (3, 5)]


def test_a_point_does_not_change_as_later_weeks_come():
    rng = np.random.default_rng(10)
    periods = weeks(rng, [[0.1] * 3] * 12)
    early, late = charted(periods[:8], ALL), charted(periods, ALL)
    assert [point.z for point in early] == pytest.approx([point.z for point in late[:8]], nan_ok=True)


def test_after_a_signal_the_fall_is_no_part_of_what_is_expected():
    rng = np.random.default_rng(11)
    points = charted(weeks(rng, [[0.05] * 3] * 12 + [[0.25] * 3] * 12), ALL)
    low = [point for point in points if point.last > 14]
    assert np.mean([point.z for point in low]) < -2
    assert sum(bool(point.signal) for point in low) > 3

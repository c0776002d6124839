"""How long an answer takes: breaks are told from answers, and gaps between times stand for what nobody measured."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.gold.handling_time import common_spread, gaps, handling_time

WORKED = [20, 22, 25, 18, 30, 21, 24, 26, 19, 23] * 3


def test_breaks_are_left_out_and_counted_whatever_is_worked_on_is_not():
    found = handling_time([*WORKED, 900, 3_600, 54_000])
    assert (found.median, found.answers, found.breaks) == (22.5, 30, 3)
    assert 30 < found.longest < 900
    assert handling_time(WORKED).breaks == 0


def test_a_slow_person_has_no_breaks_for_that():
    slow = handling_time([each * 40 for each in WORKED])
    assert (slow.median, slow.breaks) == (900, 0)


def test_of_few_times_the_spread_of_others_tells_breaks_and_without_it_none_is_left_out():
    few = [20, 22, 25, 18, 30, 21, 3_600]
    assert handling_time(few).breaks == 0
    assert handling_time(few, common_spread([WORKED, few])).breaks == 1
    assert common_spread([few]) is None


def test_the_interval_is_made_of_times_and_of_five_there_is_none():
    found = handling_time(WORKED)
    assert found.low in WORKED
    assert found.high in WORKED
    assert found.low <= found.median <= found.high
    five = handling_time(WORKED[:5])
    assert (five.low, five.high) == (None, None)


@pytest.mark.parametrize("nothing", [[], [0.0, -1.0]])
def test_no_times_say_nothing(nothing):
    assert handling_time(nothing) is None


def test_gaps_are_between_answers_in_order_and_answers_given_at_once_have_none():
    assert gaps([100, 130, 90]) == [10, 30]
    assert gaps([0, 86_400, 86_400, 86_400]) == []
    assert gaps([]) == []


def test_the_interval_holds_the_median_and_a_sixth_of_breaks_moves_it_by_little():
    """Of 60 simulations 51 to 60 at 95 % (fewer in 3 of 1,000)."""
    rng, held, errors = np.random.default_rng(4), 0, []
    for _ in range(60):
        worked = np.exp(np.log(25) + 0.6 * rng.standard_normal(80))
        seconds = np.where(rng.random(80) < 1 / 6, rng.uniform(900, 40_000, 80), worked)
        found = handling_time(seconds.tolist())
        held += found.low <= 25 <= found.high
        errors.append(found.median / 25 - 1)
    assert held >= 51
    assert abs(float(np.mean(errors))) < 0.03

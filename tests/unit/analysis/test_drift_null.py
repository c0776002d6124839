"""What weeks show when they are exchanged: ways, differences, how often they are seen."""

from __future__ import annotations

import itertools
from math import comb

import numpy as np

from retrolabel.analysis.drift_null import MOST_WAYS, Family, differences, looks, ways_to_choose


def family(counts, items, name="shares"):
    counts = np.asarray(counts, float)
    return Family(name, counts.reshape(len(counts), -1), np.asarray(items, float).reshape(len(counts), -1))


def test_the_first_way_is_what_happened_and_few_ways_are_all_there_are_each_once():
    ways = ways_to_choose(9, 3)
    assert ways[0].tolist() == [0] * 6 + [1] * 3
    assert len({tuple(way) for way in ways.tolist()}) == len(ways) == comb(9, 3)


def test_many_ways_are_sampled_and_each_takes_as_many_weeks():
    ways = ways_to_choose(28, 4)
    assert len(ways) == MOST_WAYS
    assert set(ways.sum(axis=1)) == {4.0}
    assert ways.tolist() == ways_to_choose(28, 4).tolist()


def test_where_more_weeks_may_be_new_each_number_of_them_is_the_end_of_the_same_orders():
    ways = looks(16, 4, 6)
    assert [set(each.sum(axis=1)) for each in ways] == [{4.0}, {5.0}, {6.0}]
    assert [each[0].tolist() for each in ways] == [[0.0] * (16 - n) + [1.0] * n for n in (4, 5, 6)]
    assert all((fewer <= more).all() for fewer, more in itertools.pairwise(ways))
    assert len(looks(16, 4, 4)) == 1


def test_a_change_that_began_earlier_is_found_over_the_weeks_that_it_holds():
    counts = [50, 52, 49, 51, 48, 50, 53, 47, 50, 51, 49, 50, 50, 51, 49, 50, 52, 48, 66, 64, 67, 65, 66, 68]
    found = family(counts, [1000] * 24)
    (one,), (more,) = differences([found], 4), differences([found], 4, longest=8)
    assert (one.weeks.tolist(), more.weeks.tolist()) == ([4], [6])
    assert abs(more.now[0] - 0.066) < 1e-9
    assert abs(more.before[0] - 0.05) < 1e-9
    assert more.standard[0] > one.standard[0] + 0.8


def test_a_rare_share_that_is_missing_in_the_newest_weeks_is_as_surprising_as_it_is():
    rare = [1, 0, 2, 1, 1, 0, 1, 2, 0, 1, 1, 1, 2, 0, 1, 1, 1, 0, 2, 1, 1, 1, 0, 1, 0, 0, 0, 0]
    (found,) = differences([family(rare, [300] * 28)], 4)
    assert -2.3 < found.standard[0] < -1.9  # four are expected and none came: 2 % by chance


def test_a_share_that_doubles_is_as_surprising_as_can_be_and_has_the_sign_of_its_change():
    quiet = [50, 52, 49, 51, 48, 50, 53, 47, 50, 51, 49, 50]
    (up,) = differences([family([*quiet, 100, 98, 103, 99], [1000] * 16)], 4)
    (down,) = differences([family([*quiet, 24, 26, 25, 25], [1000] * 16)], 4)
    assert up.p[0] == 1 / comb(16, 4)
    assert up.standard[0] > 5
    assert down.standard[0] < -5
    assert abs(up.now[0] - 0.1) < 1e-9
    assert abs(up.before[0] - 0.05) < 1e-9


def test_the_interval_of_now_holds_it_and_is_wider_where_weeks_differ():
    alike, unlike = [50] * 12 + [60, 60, 60, 60], [50] * 12 + [20, 100, 30, 90]
    (one,), (two,) = (differences([family(counts, [1000] * 16)], 4) for counts in (alike, unlike))
    for found in (one, two):
        assert found.low[0] < 0.06 < found.high[0]
    assert two.high[0] - two.low[0] > 2 * (one.high[0] - one.low[0])


def test_the_same_change_is_less_surprising_where_weeks_are_unlike():
    rng = np.random.default_rng(0)
    calm = rng.binomial(1000, 0.05, 28)
    wild = rng.binomial(1000, np.clip(rng.normal(0.05, 0.03, 28), 0.001, 1))
    for counts in (calm, wild):
        counts[-4:] = [70, 72, 69, 71]
    (one,), (two,) = (differences([family(counts, [1000] * 28)], 4) for counts in (calm, wild))
    assert one.p[0] < 0.01 < two.p[0]


def test_a_share_that_never_or_always_holds_does_not_differ():
    (found,) = differences([family(np.column_stack([[0] * 12, [100] * 12]), [100] * 12)], 4)
    assert found.standard.tolist() == [0, 0]
    assert found.p.tolist() == [1, 1]


def test_a_week_without_items_of_a_share_says_nothing_of_it():
    counts, items = [10] * 11 + [0], [100] * 11 + [0]
    (found,) = differences([family(counts, items)], 4)
    assert abs(found.now[0] - 0.1) < 1e-9
    assert found.p[0] > 0.2


def test_a_family_of_many_shares_does_not_drown_one_of_few():
    rng = np.random.default_rng(1)
    few = rng.binomial(1000, 0.2, (28, 3))
    few[-4:, 0] += 60
    many = rng.binomial(1000, 0.05, (28, 2_000))
    alone, among = (
        differences([family(few, [1000] * 28)], 4),
        differences([family(few, [1000] * 28), family(many, [1000] * 28, "words")], 4),
    )
    assert alone[0].p[0] <= 0.005
    assert among[0].p[0] <= 0.02


def test_weeks_that_are_like_the_week_before_make_the_same_difference_less_surprising():
    rng = np.random.default_rng(2)
    slow = np.repeat(rng.normal(0, 0.02, (7, 30)), 4, axis=0)
    mixed = slow[rng.permutation(28)]
    found = []
    for off in (slow, mixed):
        rates = np.clip(0.2 + off, 0.01, 0.9)
        rates[-4:, 0] = 0.2 + np.array([0.055, 0.06, 0.05, 0.055])
        (did,) = differences([family(rates * 10_000, [10_000] * 28)], 4)
        found.append(did.p[0])
    assert found[0] > 2 * found[1]


def test_no_family_has_no_differences():
    assert differences([], 4) == []

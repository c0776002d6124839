"""Laws of drift: what may be put in another order, and what a weekday may do, without any difference."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from retrolabel.analysis.drift import drift
from retrolabel.analysis.drift_null import Family, differences
from retrolabel.analysis.drift_weeks import Span, Weeks, week_of

seeds = st.integers(0, 2**32 - 1)


def counts_of(seed, weeks=12, shares=3):
    rng = np.random.default_rng(seed)
    items = rng.integers(50, 300, (weeks, 1))
    return rng.binomial(items, rng.uniform(0.05, 0.6, shares)).astype(float), items.astype(float)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_the_order_of_weeks_changes_no_figure_and_that_of_the_window_no_surprise(seed):
    counts, items = counts_of(seed)
    rng = np.random.default_rng(seed)
    inside = np.r_[np.arange(8), 8 + rng.permutation(4)]
    before = np.r_[rng.permutation(8), np.arange(8, 12)]
    (one,) = differences([Family("s", counts, items)], 4)
    for order in (inside, before):
        (two,) = differences([Family("s", counts[order], items[order])], 4)
        assert np.allclose(one.standard, two.standard, atol=1e-4)
        assert np.allclose(one.before, two.before)
    (two,) = differences([Family("s", counts[inside], items[inside])], 4)
    assert np.allclose(one.p, two.p, atol=0.011)  # ways that are equal but for rounding may fall on either side


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_the_order_of_shares_changes_nothing_and_p_is_a_share_of_ways(seed):
    counts, items = counts_of(seed)
    order = np.random.default_rng(seed).permutation(3)
    (one,), (two,) = (
        differences([Family("s", counts, items)], 4),
        differences([Family("s", counts[:, order], items)], 4),
    )
    assert np.allclose(one.p[order], two.p)
    assert ((one.p > 0) & (one.p <= 1)).all()
    assert ((one.low <= one.now) & (one.now <= one.high)).all()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=7, max_size=7), st.lists(st.floats(0, 1), min_size=7, max_size=7))
def test_a_pattern_of_weekdays_that_is_the_same_in_all_weeks_is_no_drift(busy, shares):
    items = np.tile(busy, 28)
    said = np.floor(items * np.tile(shares, 28)).astype(np.int64)
    week = week_of(np.arange(len(items)) - 3)
    by_week = [np.bincount(week, counts, minlength=28).astype(np.int64) for counts in (items, said)]
    table = np.column_stack([by_week[1], by_week[0] - by_week[1]])
    assert drift(Weeks(Span(0, 24, 28), by_week[0], ("a", "b"), table)).alarms == ()


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_more_of_the_same_days_is_no_drift(seed):
    rng = np.random.default_rng(seed)
    items = np.full(28, 200)
    items[-4:] *= 5
    said = rng.binomial(200, 0.3) * items // 200
    table = np.column_stack([said, items - said])
    assert drift(Weeks(Span(0, 24, 28), items, ("a", "b"), table)).alarms == ()

"""How often labeling functions fire by month, and which do otherwise in the newest weeks."""

from __future__ import annotations

import numpy as np

from retrolabel.analysis.lf_months import by_month, firing_drift
from retrolabel.votes import VoteMatrix

NEVER = -(2**31)


def simulated(seed, late):
    """Return 24 weeks of 100 items a week under two labeling functions; the second fires ``late`` in the last four."""
    random = np.random.default_rng(seed)
    days = np.repeat(np.arange(24 * 7), 15) + 4  # from a Monday
    first = random.random(len(days)) < 0.2
    rates = np.where(days >= 4 + 20 * 7, late, 0.2)
    second = random.random(len(days)) < rates
    ints = np.where(np.column_stack([first, second]), 0, -1)
    return VoteMatrix.from_ints(ints, labels=2, voters=["steady", "other"]), days


def test_a_month_without_items_is_told_as_such():
    votes = VoteMatrix.from_ints([[0], [-1], [1]], labels=2, voters=["f"])
    found = by_month(votes, np.array([15, NEVER, 75]))
    assert found.names == ("1970-01", "1970-02", "1970-03")
    assert found.items.tolist() == [1, 0, 1]
    assert np.isnan(found.shares[0, 1])


def test_without_times_there_are_no_months():
    votes = VoteMatrix.from_ints([[0]], labels=2, voters=["f"])
    assert by_month(votes, np.array([NEVER])).names == ()
    assert firing_drift(votes, np.array([NEVER]), until=100) == {}


def test_what_fires_twice_as_often_is_named_and_nothing_else():
    votes, days = simulated(0, 0.4)
    found = firing_drift(votes, days, until=10_000)
    assert list(found) == ["other"]
    assert found["other"].endswith(" now")


def test_stable_votes_are_hardly_ever_named():
    named = [bool(firing_drift(*simulated(seed, 0.2), until=10_000)) for seed in range(200, 220)]
    assert sum(named) <= 3

"""The difference of two shares."""

from __future__ import annotations

import pytest

from retrolabel.gold.agreement import NOTHING, wilson
from retrolabel.gold.two_shares import difference_of_shares


def test_newcombes_own_example():
    """Newcombe 1998, table II, (a): 56/70 and 48/80, method 10."""
    found = difference_of_shares(wilson(48, 80), wilson(56, 70))
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_where_there_is_nothing_there_is_no_difference():
    assert difference_of_shares(NOTHING, wilson(1, 2)) == difference_of_shares(wilson(1, 2), NOTHING) == NOTHING

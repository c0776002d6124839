"""The difference of two shares, each of a sample of its own."""

from __future__ import annotations

import math

from retrolabel.gold.agreement import NOTHING, Estimate


def difference_of_shares(one: Estimate, other: Estimate) -> Estimate:
    """Return by how much the second share is larger than the first, as sure as the two are (Newcombe 1998, method 10).

    Args:
        one: The first share, with its interval.
        other: The second share, of another sample.

    Example:
        >>> from retrolabel.gold.agreement import wilson
        >>> print(difference_of_shares(wilson(18, 20), wilson(12, 20)))
        -0.300 [-0.525, -0.029]
    """
    if one.value is None or one.low is None or one.high is None:
        return NOTHING
    if other.value is None or other.low is None or other.high is None:
        return NOTHING
    by = other.value - one.value
    low = by - math.hypot(other.value - other.low, one.high - one.value)
    return Estimate(by, low, by + math.hypot(other.high - other.value, one.value - one.low))

"""The share that is wrong in a slice that was named because so many were wrong in it.

The share among the very items that let it be named flatters its find: of many slices the luckiest are named. So the
interval is that of a binomial distribution as far as the slice is named at all: given that it was as surprising as it
has to be (Zhong & Prentice 2008). Far above that limit nothing is taken off. Just above it nearly any rate would do,
so the interval also ends where that of all slices together does, which hold at the same time (the hybrid of Andrews,
Kitagawa & McCloskey 2024). The figure is the mean of what the same distribution leaves, where each rate from that of
the rest on is as likely beforehand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Rates = npt.NDArray[np.float64]

RATES = np.linspace(0.0, 1.0, 2_001)[1:-1]
MISSES = 0.05
OF_ALL = 0.001
"""How much of these misses the intervals of all slices together may make up."""


class Rate(NamedTuple):
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


def rate_of_named(hits: int, size: int, fewest: int, *, looked_at: int = 1, rest: float = 0.0) -> Rate:
    """Return the share that is wrong in a slice, with its 95 % interval, given that it was named.

    Args:
        hits: How many of its items are wrong.
        size: How many it has.
        fewest: How many have to be wrong for it to be named.
        looked_at: Of how many slices it was chosen.
        rest: The share that is wrong elsewhere.

    Example:
        >>> of = {"looked_at": 400, "rest": 0.2}
        >>> [[round(figure, 3) for figure in rate_of_named(28, 57, fewest, **of)] for fewest in (0, 20, 26)]
        [[0.492, 0.356, 0.627], [0.483, 0.337, 0.627], [0.401, 0.211, 0.624]]
    """
    from scipy.stats import beta, binom  # noqa: PLC0415 - slow to import

    def at_least(count: int) -> Rates:
        return np.asarray(binom.sf(count - 1, size, RATES), np.float64)

    named = np.maximum(at_least(fewest), 1e-300)
    as_many, more = at_least(hits) / named, at_least(hits + 1) / named
    out = (MISSES - OF_ALL) / 2
    low = _first(as_many >= out) if hits else 0.0
    together = float(beta.ppf(OF_ALL / looked_at, hits, size - hits + 1)) if hits else 0.0
    high = 1.0 - _first((1 - more >= out)[::-1]) if hits < size else 1.0
    weights = np.where(rest <= RATES, np.maximum(as_many - more, 0.0), 0.0)
    value = float(weights @ RATES / weights.sum()) if weights.any() else hits / size
    return Rate(value, min(max(low, together), value), max(high, value))


def _first(holds: npt.NDArray[np.bool_]) -> float:
    """Return the first rate from 0 on for which something holds."""
    return float(RATES[int(holds.argmax())]) if holds.any() else 1.0

"""Factors of voters such that what each pair shares is the product of theirs: by weighted medians.

Least squares over all pairs fits the tightest group, and that is copies. A median moves only when copies are half of
a voter's partners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
    Places = npt.NDArray[np.int64]

ROUNDS = 10
SETTLED = 1e-3
HALF = 0.5 * (1 - 1e-9)
"""Where the weight is split exactly, the lower of the two; less a little, or rounding would decide."""
LEAST = 1e-12


def factors(  # noqa: PLR0913 - what pairs share, and how it is taken apart
    shared: Array,
    expected: Array,
    weights: Array,
    pairs: tuple[Places, Places],
    first: Array,
    bounds: tuple[float, float],
    power: float = 1.0,
) -> Array:
    """Return float [m]: factors s for which shared_p is about expected_p s_i s_j, for the pairs p = (i, j).

    Each is the median over its pairs of shared / (expected s_j), in turns until they rest; a voter without pairs keeps
    the first.

    Args:
        shared: float [P].
        expected: float [P]: what a pair would share if both factors were 1.
        weights: float [P]: how much each pair counts.
        pairs: int [P] twice: the voters of each pair; each pair is there both ways, the first voters ascending.
        first: float [m]: the factors to begin with.
        bounds: The lowest and the highest factor.
        power: A pair counts |s_j| to this power as much again.

    Example:
        >>> true = np.array([1.2, 1.0, 1.1, 0.9, -0.8])
        >>> one, other = np.nonzero(~np.eye(5, dtype=bool))
        >>> found = factors(true[one] * true[other], np.ones(20), np.ones(20), (one, other), np.ones(5), (-2, 2))
        >>> bool(np.abs(found - true).max() < 0.1)
        True
    """
    mine, other = pairs
    found = first.copy()
    if not len(mine):
        return found
    ends = np.cumsum(np.bincount(mine, minlength=len(first)))
    for turn in range(ROUNDS):
        times = expected * found[other]
        counts = np.where(np.abs(times) > LEAST, weights * np.abs(found[other]) ** power, 0.0)
        ratios = np.clip(shared / np.where(np.abs(times) > LEAST, times, 1.0), bounds[0] - 1, bounds[1] + 1)
        middle, some = _medians(ratios, counts, mine, ends)
        new = np.where(some, np.clip(middle, *bounds), found)
        before, found = found, new if turn == 0 else (new + found) / 2
        if np.abs(found - before).max(initial=0.0) < SETTLED:
            break
    return found


def _medians(values: Array, weights: Array, groups: Places, ends: Places) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Return the weighted median of each group, float [G], and whether it has any weight.

    Args:
        values: float [P]: none so large that the groups' numbers drown in them.
        weights: float [P].
        groups: int [P]: the group of each, ascending.
        ends: int [G]: where each group ends.
    """
    width = float(np.ptp(values)) + 1.0
    order = np.argsort(groups * width + values)  # one sort of numbers is four times as fast as one by two keys
    reached = np.empty(len(order) + 1)
    reached[0] = 0.0
    np.cumsum(weights[order], out=reached[1:])
    below = np.empty(len(ends))
    below[:1], below[1:] = 0.0, reached[ends[:-1]]
    whole = reached[ends] - below
    some = whole > LEAST
    at = np.searchsorted(reached[1:], below + HALF * whole)
    return np.where(some, values[order][np.minimum(at, len(order) - 1)], 0.0), some


def weighted_median(values: Array, weights: Array) -> float:
    """Return the least value with half of the weight at or below it.

    Example:
        >>> weighted_median(np.array([3.0, 1.0, 2.0]), np.array([5.0, 1.0, 1.0]))
        3.0
    """
    return float(_medians(values, weights, np.zeros(len(values), np.int64), np.array([len(values)]))[0][0])

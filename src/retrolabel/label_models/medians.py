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

ROUNDS = 12
SETTLED = 1e-4
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
        >>> pairs = (np.array([0, 0, 1, 1, 2, 2]), np.array([1, 2, 0, 2, 0, 1]))
        >>> shared = np.array([0.4, 0.2, 0.4, 0.8, 0.2, 0.8])  # factors 0.32, 1.26 and 0.63, more or less
        >>> factors(shared, np.ones(6), np.ones(6), pairs, np.ones(3), (0, 2)).round(2).tolist()
        [0.32, 1.26, 0.63]
    """
    mine, other = pairs
    found = first.copy()
    for turn in range(ROUNDS):
        times = expected * found[other]
        counts = np.where(np.abs(times) > LEAST, weights * np.abs(found[other]) ** power, 0.0)
        ratios = shared / np.where(np.abs(times) > LEAST, times, 1.0)
        middle, some = _medians(ratios, counts, mine, len(found))
        new = np.where(some, np.clip(middle, *bounds), found)
        before, found = found, new if turn == 0 else (new + found) / 2
        if np.abs(found - before).max(initial=0.0) < SETTLED:
            break
    return found


def _medians(values: Array, weights: Array, groups: Places, size: int) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Return the weighted median of each group, float [G], and whether it has any weight."""
    order = np.lexsort((values, groups))
    values, reached = values[order], np.concatenate([[0.0], np.cumsum(weights[order])])
    ends = np.cumsum(np.bincount(groups, minlength=size))
    begins = ends - np.bincount(groups, minlength=size)
    whole = reached[ends] - reached[begins]
    some = whole > LEAST
    at = np.searchsorted(reached[1:], reached[begins] + HALF * whole)
    at = np.clip(at, begins, np.maximum(ends - 1, begins))
    middle = np.zeros(size)
    middle[some] = values[at[some]]
    return middle, some


def weighted_median(values: Array, weights: Array) -> float:
    """Return the least value with half of the weight at or below it.

    Example:
        >>> weighted_median(np.array([3.0, 1.0, 2.0]), np.array([5.0, 1.0, 1.0]))
        3.0
    """
    return float(_medians(values, weights, np.zeros(len(values), np.int64), 1)[0][0])

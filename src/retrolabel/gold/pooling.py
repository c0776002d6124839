"""Shares of several people, pooled in part: who answered little is taken to be like the others.

Each person has a share of their own; the shares of all people have a mean and a spread, and nobody knows these either.
All three are estimated together (beta-binomial, both hyperparameters integrated on a grid: Gelman et al. 2013, chapter
5), so that the interval of a person knows that the mean and the spread of a handful of people are uncertain.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from retrolabel.gold.agreement import Z95, Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]

MEANS, SPREADS, PLACES = 40, 30, 1_000
"""How fine the grids are: of the mean, of the spread, of a share."""
OUTSIDE = 0.025
"""On each side of a 95 % interval."""


def pooled_shares(hits: Sequence[int], of: Sequence[int]) -> tuple[Estimate, ...]:
    """Return each person's share, drawn towards that of all people the more, the less they answered.

    Before anybody answers, all means are as likely, and so are all weights of one answer beside the mean.

    Args:
        hits: How many of each person's answers count.
        of: How many answers each has.

    Example:
        >>> found = pooled_shares([45, 44, 46, 5], [50, 50, 50, 12])
        >>> [round(each.value, 2) for each in found]
        [0.89, 0.87, 0.91, 0.49]
    """
    alike = sorted(set(zip(hits, of, strict=True)))
    times = np.array([sum(each == pair for each in zip(hits, of, strict=True)) for pair in alike], float)
    places = (np.arange(PLACES) + 0.5) / PLACES
    likely = np.stack([_scaled(places, y, n - y) for y, n in alike]) if alike else np.zeros((0, PLACES))
    shares, prior = _prior()
    fit = np.log(np.maximum(shares @ likely.T, np.finfo(float).tiny))
    posterior = np.log(prior) + fit @ times
    posterior = np.exp(posterior - posterior.max())
    posterior /= posterior.sum()
    found = {
        pair: _of(((posterior / np.exp(fit[:, row])) @ shares) * likely[row], places) for row, pair in enumerate(alike)
    }
    return tuple(found[pair] for pair in zip(hits, of, strict=True))


@cache
def _prior() -> tuple[Floats, Floats]:
    """Return how shares lie for each mean and spread, and what is thought of these before anybody answers.

    A spread is the weight of one answer beside the mean: 1 / (1 + a + b) of a beta distribution. The grid is the
    denser, the nearer it is to 0, so that people who are all alike are told from those who differ a little.
    """
    middles = (np.arange(MEANS) + 0.5) / MEANS
    roots = (np.arange(SPREADS) + 0.5) / SPREADS
    means, root = (each.ravel() for each in np.meshgrid(middles, roots))
    places, total = (np.arange(PLACES) + 0.5) / PLACES, 1 / root**2 - 1
    shares = np.stack([_scaled(places, m * t - 1, (1 - m) * t - 1) for m, t in zip(means, total, strict=True)])
    return shares / shares.sum(axis=1, keepdims=True), root / root.sum()


def _scaled(places: Floats, more: float, less: float) -> Floats:
    """Return x ** more * (1 - x) ** less, where the largest is 1."""
    logs = more * np.log(places) + less * np.log1p(-places)
    found: Floats = np.exp(logs - logs.max())
    return found


def needed_for(share: float, half_width: float) -> int:
    """Return how many answers an interval of so much to each side takes, for one share by itself.

    Example:
        >>> needed_for(0.8, 0.1)
        62
    """
    return math.ceil(share * (1 - share) * (Z95 / half_width) ** 2)


def _of(density: Floats, places: Floats) -> Estimate:
    """Return the mean of a distribution with the places between which it lies with 95 %."""
    density = density / density.sum()
    value, below = float(density @ places), np.cumsum(density)
    half = (places[1] - places[0]) / 2
    low, high = np.interp([OUTSIDE, 1 - OUTSIDE], below, places + half, left=float(places[0]) - half)
    return Estimate(value, min(float(low), value), max(float(high), value))

"""How strong each voter is, and which voters say the same for the same reason: from what votes have in common.

Votes of two voters go together because both are right, or because one repeats the other. How far the first reaches is
a product: the correlation that voters of the base precision would have, times how much stronger each of the two is.
The strengths are medians over all partners, so that copies do not set them. What is left between two voters after
that is dependence, and voters that share much count less.

A voter's strength is also where its confusion table is held to, where enough is known of it: how far it agrees with
others, that do not repeat each other, tells good voters from bad ones without any truth (Dawid & Skene 1979; Parisi
et al. 2014; Fu et al. 2020 use the same moments).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import ThreadpoolController

from retrolabel.label_models import em
from retrolabel.label_models.medians import factors

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from retrolabel.label_models.correlations import Correlations
    from retrolabel.label_models.features import Features

    Array = npt.NDArray[np.float64]

LOWEST = 0.15
"""Below this a residual correlation is taken for chance."""
ROUNDING = 1e-9
FEW = 0.1
"""The share of the items below which a voter votes on few."""
MOST_EXPLAINED = 0.9
HIGHEST = 0.95
"""The label explains no higher correlation than this."""
AS_STRONG = 1.6
"""A voter that is always right is 1/r times as strong as one of the base precision, r above chance; more, since fitted
tables do not grow with precision in a straight line."""
AS_WRONG = -2.0
HALF_AS_MUCH = 0.5
LEAST = 1e-6
OF_A_MEDIAN = np.pi / 2
"""The variance of a median is so many times that of a mean."""
SPREAD = 0.25
"""The variance of strengths among voters that nothing is known of."""
PARTNERS = 2.0
"""From so many partners on that do not repeat each other a voter's strength is believed."""
BOUNDS = (0.02, 0.95)
"""No strength makes a voter worse or better than this."""
GRID = 94


@dataclass(frozen=True, eq=False)
class Compared:
    """What a comparison of voters says.

    Attributes:
        shared: float [m, m]: how much two voters share that the label does not explain; 0 where little.
        strength: float [m]: how far each is right, 1 for the base precision, 0 for chance, negative for worse.
        believed: float [m]: how far that is believed, from 0 to 1.
        error: float [m]: the variance of the strength that chance makes.
    """

    shared: Array
    strength: Array
    believed: Array
    error: Array

    @classmethod
    def nothing(cls, voters: int) -> Compared:
        """Return what is known where voters cannot be compared."""
        return cls(np.zeros((voters, voters)), np.ones(voters), np.zeros(voters), np.full(voters, np.inf))

    def precisions(self, base: Array, labels: int, ranks: Sequence[float] | None = None) -> Array:
        """Return how often each voter's vote is right, float [m]: the base precision, moved by what is believed.

        Args:
            base: float [m]: the base precisions.
            labels: k.
            ranks: The places of ordered labels.

        Example:
            >>> known = Compared(np.zeros((2, 2)), np.array([1.6, -0.8]), np.ones(2), np.zeros(2))
            >>> known.precisions(np.array([0.75, 0.75]), 2).round(2).tolist()
            [0.9, 0.3]
        """
        if not self.believed.any():
            return base
        grid = np.linspace(*BOUNDS, GRID)
        above = above_chance(grid, labels, ranks)
        times = 1 + self.believed * (self.strength - 1)
        moved = np.interp(times * np.interp(base, grid, above), above, grid)
        return np.where(self.believed > 0, moved, base)


def above_chance(precisions: Array, labels: int, ranks: Sequence[float] | None = None) -> Array:
    """Return how far above chance votes of some precisions are: 1 is always right, 0 chance, negative worse.

    Args:
        precisions: float [P].
        labels: k.
        ranks: The places of ordered labels, which take some of the votes for their neighbours.

    Example:
        >>> above_chance(np.array([0.75, 0.5]), 2).tolist()
        [0.5, 0.0]
    """
    right = precisions
    if ranks is not None:
        each = np.eye(labels, dtype=np.bool_)
        tables = [em.lifts(each, float(precision), ranks) for precision in precisions]
        right = np.array([float((np.diag(table) / table.sum(axis=0)).mean()) for table in tables])
    return np.asarray((labels * right - 1) / (labels - 1))


def compare(
    correlations: Correlations, expected: Array, base: Array, labels: int, ranks: Sequence[float] | None = None
) -> Compared:
    """Return how strong voters are, and what they share beyond that.

    Args:
        correlations: The correlations as counted.
        expected: float [F, F]: what they would be among voters of the base precision.
        base: float [m]: the base precisions.
        labels: k.
        ranks: The places of ordered labels.
    """
    features = correlations.features
    rows, columns = np.nonzero(correlations.alike)
    alike = (rows, columns)
    pairs = (features.voter[alike[0]], features.voter[alike[1]])
    found, wanted, seen = correlations.found[alike], expected[alike], correlations.seen[alike]
    voters = features.voters
    most = np.zeros((voters, voters))
    np.maximum.at(most, pairs, np.clip(found, 0.0, 1.0))
    repeated = 1 + (most**2).sum(axis=1)
    counts = np.abs(wanted) / repeated[pairs[1]]
    bounds = (AS_WRONG, AS_STRONG / float(above_chance(base.min(keepdims=True), labels, ranks)[0]))
    people = features.sets > 1
    both = people[pairs[0]] & people[pairs[1]]
    own = strength = np.ones(voters)
    if people.any():
        among = (pairs[0][both], pairs[1][both])
        own = factors(found[both], wanted[both], counts[both], among, own, bounds, HALF_AS_MUCH)
        own = -own if own[people].sum() < 0 else own
    if not people.all():
        strength = factors(found, wanted, counts, pairs, strength, bounds)
    strength = np.where(people, own, strength)
    tells = both & (np.abs(wanted) > LEAST)
    error = _errors(wanted[tells], seen[tells], pairs[0][tells], np.abs(own)[pairs[1][tells]], voters)
    meets = np.zeros((voters, voters), np.bool_)
    meets[pairs[0][tells], pairs[1][tells]] = True
    believed = np.where(people & (meets @ (1 / repeated) >= PARTNERS), SPREAD / (SPREAD + error), 0.0)
    shared = _shared(correlations, alike, wanted, np.maximum(strength, 1.0), np.diag(expected))
    return Compared(shared, strength, believed, error)


def _errors(expected: Array, seen: Array, mine: npt.NDArray[np.int64], other: Array, voters: int) -> Array:
    """Return the variance that chance gives to each strength, float [m]."""
    told = np.maximum(seen, 1.0) * (expected * np.maximum(other, HALF_AS_MUCH)) ** 2
    return np.asarray(OF_A_MEDIAN / np.maximum(np.bincount(mine, told, minlength=voters), ROUNDING))


def _shared(
    correlations: Correlations,
    alike: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    expected: Array,
    strength: Array,
    alone: Array,
) -> Array:
    """Return what voters share that the label does not explain, float [m, m].

    Args:
        correlations: The correlations as counted.
        alike: The pairs of features that are one label set.
        expected: float [P]: what the correlations of these pairs would be among voters of the base precision.
        strength: float [m], none below 1: a weak voter explains no less than one of the base precision.
        alone: float [F]: how much of a feature's spread the label explains at the base precision.
    """
    features = correlations.features
    one, other = features.voter[alike[0]], features.voter[alike[1]]
    lowest = np.maximum(LOWEST, 4 / np.sqrt(np.maximum(correlations.seen[alike], 1.0))) + ROUNDING
    residual = correlations.found[alike] - np.minimum(HIGHEST, strength[one] * strength[other] * expected)
    explained = np.minimum(HIGHEST, strength[features.voter] ** 2 * alone)
    left = np.sqrt(1.0 - np.clip(explained, 0.0, MOST_EXPLAINED))
    much = residual > lowest  # rounding decides nothing
    shared = np.minimum(residual[much] / (left[alike[0]] * left[alike[1]])[much], 1.0)
    found = np.zeros((features.voters, features.voters))
    np.maximum.at(found, (one[much], other[much]), shared)
    return found


@cache
def threads() -> ThreadpoolController:
    """Return the hand on numpy's threads; to find its libraries takes milliseconds."""
    return ThreadpoolController()


def is_a_crowd(features: Features, counts: Array) -> bool:
    """Return whether most voters are people, who give several label sets, each on few of the items.

    They share items because they were given the same ones, and too few to tell more.
    """
    if median(features.sets.tolist()) <= 1:
        return False
    seen = np.bincount(features.voter, features.of_features(counts), minlength=features.voters)
    return bool(median(seen.tolist()) < FEW * counts.sum())


def weights(found: Array) -> Array:
    """Return how much each voter counts, float [m]: 1 / (1 + what it shares with others).

    Example:
        >>> weights(np.array([[0.0, 1.0], [1.0, 0.0]])).tolist()
        [0.5, 0.5]
    """
    return np.asarray(1.0 / (1.0 + found.sum(axis=1)))

"""Gwet's AC1 and AC2: agreement whose chance part does not grow as one value becomes common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from retrolabel.gold.beyond_chance import apart_by_chance, divided, settled
from retrolabel.gold.coefficient import DRAWS, LEAST, Coefficient
from retrolabel.gold.counting import counted_ratings
from retrolabel.gold.distances import disagreement

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]


def gwet_ac1(
    ratings: Any,  # noqa: ANN401 - any table
    *,
    values: Sequence[Any] | None = None,
    least: int = LEAST,
    draws: int = DRAWS,
    seed: int = 0,
) -> Coefficient:
    """Return Gwet's AC1 (Gwet 2008): agreement beyond chance, where chance is what people guess at, not how often.

    Answers may be missing: observed agreement is over items with two answers, shares of values over items with one.

    Args:
        ratings: [people, items], or counts.
        values: All values; those that occur, if left out. How many there are counts.
        least: On fewer items it is withheld.
        draws: Resamples of the interval; 0 leaves it out.
        seed: Of the resamples.

    Raises:
        VoteError: The ratings are no table.

    Example:
        >>> round(gwet_ac1([[1, 1, 0, 0], [1, 1, 0, 1]], least=1).value, 4)
        0.5294
    """
    return gwet_ac2(ratings, None, values=values, least=least, draws=draws, seed=seed)


def gwet_ac2(  # noqa: PLR0913 - the same keywords everywhere
    ratings: Any,  # noqa: ANN401 - any table
    weights: str | npt.ArrayLike | None,
    *,
    values: Sequence[Any] | None = None,
    least: int = LEAST,
    draws: int = DRAWS,
    seed: int = 0,
) -> Coefficient:
    """Return Gwet's AC2 (Gwet 2014): AC1 with weights, where some disagreements are smaller than others.

    Args:
        ratings: [people, items], or counts.
        weights: ``linear``, ``quadratic`` or ``ordinal``; or a matrix [k, k] in the order of the values: of agreement,
            with 1 on its diagonal, or of disagreement, with 0 on it and 1 as the most.
        values: All values in their order; those that occur, sorted, if left out.
        least: On fewer items it is withheld.
        draws: Resamples of the interval; 0 leaves it out.
        seed: Of the resamples.

    Raises:
        VoteError: The ratings are no table, or the weights do not fit the values.

    Example:
        >>> round(gwet_ac2([[1, 2, 3, 3], [1, 2, 2, 3]], "quadratic", least=1).value, 4)
        0.8182
    """
    counts = counted_ratings(ratings, values).with_at_least(1)
    k, m = len(counts.values), counts.answers
    apart = disagreement(counts.values, weights)
    paired = m > 1
    within = np.where(paired, ((counts.rows @ apart) * counts.rows).sum(axis=1) / np.maximum(m * (m - 1), 1), 0.0)
    guessed = (k * k - apart.sum()) / (k * (k - 1)) if k > 1 else 1.0

    def of(sums: Floats) -> Floats:
        shares = sums[:, 3:] / np.maximum(sums[:, [2]], 1)
        chance = guessed * (shares * (1 - shares)).sum(axis=1)
        observed = 1 - divided(sums[:, 0], sums[:, 1])
        return np.asarray((observed - chance) / (1 - chance))

    features = np.column_stack([within, paired, np.ones(len(m)), counts.rows / m[:, None]])
    joint = apart_by_chance(counts.times @ counts.rows)
    disagreeing = np.r_[(joint * apart).sum(), 1, 1, joint.sum(axis=1)]
    full = (within == 0) & paired
    # Where one value is rare AC1 stays put, and its interval holds: it needs no items with the rare one.
    return settled(counts, features, of, disagreeing, full | ~paired, least=least, draws=draws, seed=seed, rare=False)

"""What the coefficients have in common: when nothing varies, which items say anything, what disagreement looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from retrolabel.gold.coefficient import NO_PAIRS, NOTHING_VARIES, Coefficient, Statistic, coefficient

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from retrolabel.gold.counting import Counts

    Floats: TypeAlias = npt.NDArray[np.float64]
    Ints: TypeAlias = npt.NDArray[np.int64]


def settled(  # noqa: PLR0913 - what a statistic is made of
    counts: Counts,
    features: Floats,
    of: Callable[[Floats], Floats],
    apart: Floats,
    full: npt.NDArray[np.bool_],
    *,
    least: int,
    draws: int,
    seed: int,
    rare: bool = True,
) -> Coefficient:
    """Return a coefficient beyond chance over counts; undefined where all answers are the same.

    Args:
        counts: The answers.
        features: float [u, f]: what an item of each row adds to the sums.
        of: From sums [d, f] to figures [d].
        apart: float [f]: what an item adds on which people disagree.
        full: bool [u]: rows whose answers agree fully.
        least: On fewer items it is withheld.
        draws: Resamples of the interval.
        seed: Of the resamples.
        rare: Whether the figure hangs on the items that hold another answer than the commonest, so that it is withheld
            where they are few.
    """
    paired = counts.answers > 1
    n = int(counts.times[paired].sum())
    totals = counts.times @ counts.rows
    if not n or (totals > 0).sum() < 2:  # noqa: PLR2004 - one value says nothing beyond chance
        return Coefficient(None, None, None, n, NOTHING_VARIES if n else NO_PAIRS)
    common = int(totals.argmax())
    others = (counts.answers > counts.rows[:, common]) & paired
    telling = int(counts.times[others].sum()) if rare else None
    found = Statistic(features, counts.times, of, apart, full, n, telling, counts.values[common])
    return coefficient(found, least=least, draws=draws, seed=seed)


def apart_by_chance(one: Ints | Floats, other: Ints | Floats | None = None) -> Floats:
    """Return how two different values are shared out on an item, if chance decides: [k, k], 0 on the diagonal, sum 1.

    Args:
        one: [k]: how often each value occurs; with one person's answers, and the other's beside it.
        other: [k]: how often the other person gives each.

    Example:
        >>> apart_by_chance(np.array([9, 1])).tolist()
        [[0.0, 0.5], [0.5, 0.0]]
    """
    joint = np.outer(one, one if other is None else other).astype(np.float64)
    np.fill_diagonal(joint, 0)
    total = joint.sum()
    return joint / total if total else joint


def divided(above: Floats, below: Floats) -> Floats:
    """Return quotients, NaN where there is nothing to divide by."""
    found: Floats = np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0)
    return found

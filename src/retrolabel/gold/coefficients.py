"""How far people agree: percent agreement, Fleiss' kappa and Krippendorff's alpha, over counts of values.

Ratings are a table [people, items], missing as NaN or None, or counts of it. A figure is over the items that two people
answered, and takes counts of values, never pairs of answers. Each comes as a ``Coefficient``.

``least``, ``draws`` and ``seed`` are the same everywhere: on fewer items than ``least`` the figure is withheld (its
``why`` says so; ``value`` stays readable), ``draws`` resamples make its interval (0 leaves it out), and ``seed`` is
theirs, so that the same data have the same interval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.gold.beyond_chance import apart_by_chance, divided, settled
from retrolabel.gold.coefficient import DRAWS, LEAST, Coefficient, Statistic, coefficient
from retrolabel.gold.counting import Counts, counted_ratings, distinct
from retrolabel.gold.distances import distances, is_number, midranks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from retrolabel.gold.distances import Distance

    Floats: TypeAlias = npt.NDArray[np.float64]

RESAMPLED_RANKS = 64
"""Up to so many values, ordinal ranks are made anew for each resample; above, those of all items serve."""


def percent_agreement(
    ratings: Any,  # noqa: ANN401 - any table
    *,
    values: Sequence[Any] | None = None,
    least: int = LEAST,
    draws: int = DRAWS,
    seed: int = 0,
) -> Coefficient:
    """Return how often two people who answered the same item agree: the mean over items of the share of such pairs.

    Args:
        ratings: [people, items], or counts.
        values: All values in their order; those that occur, if left out.
        least: On fewer items it is withheld.
        draws: Resamples of the interval.
        seed: Of the resamples.

    Raises:
        VoteError: The ratings are no table.

    Example:
        >>> percent_agreement([["a", "b", "b", "a"], ["a", "b", "a", None]], least=1).value
        0.6666666666666666
    """
    counts = counted_ratings(ratings, values).with_at_least(2)
    m = counts.answers
    agree = (counts.rows * (counts.rows - 1)).sum(axis=1) / (m * (m - 1))
    return share_agreeing(agree, counts.times, least=least, draws=draws, seed=seed)


def share_agreeing(agree: Floats, times: npt.NDArray[np.int64], *, least: int, draws: int, seed: int) -> Coefficient:
    """Return the mean over items of the share of their pairs of answers that agree.

    Args:
        agree: float [u]: the share of each distinct row.
        times: int [u]: how many items have it.
        least: On fewer items it is withheld.
        draws: Resamples of the interval.
        seed: Of the resamples.

    Example:
        >>> print(share_agreeing(np.array([0.0, 1.0]), np.array([20, 80]), least=50, draws=1_000, seed=0))
        0.800 [0.720, 0.880] (100 items)
    """
    features = np.column_stack([agree, np.ones(len(agree))])
    found = Statistic(
        features=features,
        times=times,
        of=lambda sums: divided(sums[:, 0], sums[:, 1]),
        apart=np.array([0.0, 1.0]),
        full=agree == 1,
        n=int(times.sum()),
        telling=None,
        common=None,
    )
    return coefficient(found, least=least, draws=draws, seed=seed)


def fleiss_kappa(counts: Any, *, least: int = LEAST, draws: int = DRAWS, seed: int = 0) -> Coefficient:  # noqa: ANN401
    """Return Fleiss' kappa (Fleiss 1971): agreement of as many people on each item, beyond chance.

    Args:
        counts: int [items, k]: how many people gave each value; or ``Counts``.
        least: On fewer items it is withheld.
        draws: Resamples of the interval.
        seed: Of the resamples.

    Raises:
        VoteError: Items have different numbers of answers.

    Example:
        >>> round(fleiss_kappa([[3, 0], [3, 0], [0, 3], [1, 2]], least=1).value, 4)
        0.6571
    """
    given = counts if isinstance(counts, Counts) else counts_of(counts)
    m = given.answers
    if len(set(m.tolist())) > 1:
        raise VoteError(
            f"Fleiss' kappa needs as many answers on each item, and there are from {m.min()} to {m.max()}.",
            remedy="take krippendorff_alpha, which takes missing answers",
        )
    given = given.with_at_least(2)
    people = int(given.answers.max(initial=2))
    agree = ((given.rows**2).sum(axis=1) - people) / (people * (people - 1))
    joint = apart_by_chance(given.times @ given.rows)

    def of(sums: Floats) -> Floats:
        answers = np.maximum(sums[:, [1]] * people, 1)
        chance = ((sums[:, 2:] / answers) ** 2).sum(axis=1)
        return divided(divided(sums[:, 0], sums[:, 1]) - chance, 1 - chance)

    features = np.column_stack([agree, np.ones(len(agree)), given.rows])
    apart = np.r_[0, 1, people * joint.sum(axis=1)]
    return settled(given, features, of, apart, agree == 1, least=least, draws=draws, seed=seed)


def krippendorff_alpha(  # noqa: PLR0913 - the same keywords everywhere
    ratings: Any,  # noqa: ANN401 - any table
    level: Distance = "nominal",
    *,
    values: Sequence[Any] | None = None,
    least: int = LEAST,
    draws: int = DRAWS,
    seed: int = 0,
) -> Coefficient:
    """Return Krippendorff's alpha (Krippendorff 2011): 1 - observed over expected disagreement; answers may be missing.

    Args:
        ratings: [people, items], or counts.
        level: ``nominal``, ``ordinal``, ``interval``, ``ratio``; for values that are sets ``masi`` (Passonneau 2006)
            or ``jaccard``; a function of two values; or a matrix [k, k] of distances (the squared difference where
            values are numbers).
        values: All values in their order; those that occur, sorted, if left out. Names need it to be ordinal.
        least: On fewer items it is withheld.
        draws: Resamples of the interval.
        seed: Of the resamples.

    Raises:
        VoteError: The ratings are no table, or the level does not fit the values.

    Example:
        >>> ratings = [[1, 2, 3, 3, None], [1, 2, 3, 4, 1], [None, 3, 3, 4, 1]]
        >>> round(krippendorff_alpha(ratings, "interval", least=1).value, 4)
        0.8776
    """
    counts = counted_ratings(ratings, values).with_at_least(2)
    k, m = len(counts.values), counts.answers
    totals = (counts.times @ counts.rows).astype(np.float64)
    joint, mean = apart_by_chance(totals), totals.sum() / max(int(counts.times.sum()), 1)
    if isinstance(level, str) and level == "ordinal":
        _check_order(counts)
        ranks = midranks(totals)
        if k <= RESAMPLED_RANKS:
            one, other = np.triu_indices(k, 1)
            pairs = 2 * counts.rows[:, one] * counts.rows[:, other] / (m - 1)[:, None]
            features = np.column_stack([counts.rows, pairs])
            apart = mean * np.r_[joint.sum(axis=1), 2 * joint[one, other]]
            full = pairs.sum(axis=1) == 0
            return settled(counts, features, ordinal_alpha(k), apart, full, least=least, draws=draws, seed=seed)
        between = (ranks[:, None] - ranks) ** 2
    else:
        between = distances(counts.values, level)
    within = ((counts.rows @ between) * counts.rows).sum(axis=1) / (m - 1)

    def of(sums: Floats) -> Floats:
        expected = ((sums[:, 1:] @ between) * sums[:, 1:]).sum(axis=1)
        return 1 - divided((sums[:, 1:].sum(axis=1) - 1) * sums[:, 0], expected)

    features = np.column_stack([within, counts.rows])
    apart = mean * np.r_[(joint * between).sum(), joint.sum(axis=1)]
    return settled(counts, features, of, apart, within == 0, least=least, draws=draws, seed=seed)


def counts_of(counts: Any) -> Counts:  # noqa: ANN401 - any table
    """Return a table [items, k] of how many people gave each value as counts, whose values are 0 to k - 1.

    Raises:
        VoteError: It is no such table, or holds what is no count.

    Example:
        >>> counts_of([[3, 0], [1, 2], [3, 0]]).times.tolist()
        [1, 2]
    """
    table = np.asarray(counts.to_numpy() if hasattr(counts, "to_numpy") else counts, dtype=np.float64)
    if table.ndim != 2:  # noqa: PLR2004 - items and values
        raise VoteError(f"Counts are a table [items, values], and these have {table.ndim} axes, not two.")
    if not np.isfinite(table).all() or (table < 0).any() or (table % 1).any():
        raise VoteError("Counts are whole numbers from 0 on: how many people gave each value to an item.")
    rows, times = distinct(table.astype(np.int64), np.ones(len(table), np.int64))
    return Counts(tuple(range(table.shape[1])), rows, times)


def ordinal_alpha(k: int) -> Callable[[Floats], Floats]:
    """Return ordinal alpha from sums: how often each value occurs, and how often each two stand on one item.

    The ordinal distance is the squared difference of midranks, and those change with every resample.
    """
    one, other = np.triu_indices(k, 1)

    def of(sums: Floats) -> Floats:
        totals, pairs = sums[:, :k], sums[:, k:]
        n, ranks = totals.sum(axis=1), midranks(totals)
        within = (pairs * (ranks[:, one] - ranks[:, other]) ** 2).sum(axis=1)
        centred = ranks - ((totals * ranks).sum(axis=1) / np.maximum(n, 1))[:, None]
        return 1 - divided((n - 1) * within, 2 * n * (totals * centred**2).sum(axis=1))

    return of


def _check_order(counts: Counts) -> None:
    if not counts.ordered and not all(map(is_number, counts.values)):
        raise VoteError(
            f"Which of {counts.values[:5]} is lower, and which higher, is not known.",
            remedy="name all values in their order: values=[lowest, ..., highest]",
        )

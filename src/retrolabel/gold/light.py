"""The mean of the kappas of each two people, with one interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from retrolabel.gold.beyond_chance import apart_by_chance
from retrolabel.gold.coding import coded_table
from retrolabel.gold.coefficient import DRAWS, LEAST, NO_PAIRS, NOTHING_VARIES, Coefficient, Statistic, coefficient
from retrolabel.gold.distances import disagreement
from retrolabel.gold.kappa import kappa_of_table, table_of
from retrolabel.gold.kappa_tables import kappas

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]

MOST_CELLS = 1 << 12
"""With more cells in the tables of all pairs there is no interval: each resample would make all of them anew."""


def mean_kappa(  # noqa: PLR0913 - the same keywords everywhere
    ratings: Any,  # noqa: ANN401 - any table
    weights: str | npt.ArrayLike | None = None,
    *,
    values: Sequence[Any] | None = None,
    least: int = LEAST,
    draws: int = DRAWS,
    seed: int = 0,
) -> Coefficient:
    """Return the mean of Cohen's kappa over each two people (Light 1971): those whose kappa is not withheld.

    Args:
        ratings: [people, items], missing as NaN or None.
        weights: As of ``cohen_kappa``.
        values: All values in their order; those that occur, sorted, if left out.
        least: Two people who share fewer items are left out; where all are, the mean of all is withheld.
        draws: Resamples of the interval; 0 leaves it out.
        seed: Of the resamples.

    Raises:
        VoteError: The ratings are no table, or the weights do not fit.

    Example:
        >>> ratings = [[1, 1, 0, 0], [1, 1, 0, 1], [1, 0, 0, 1]]
        >>> round(mean_kappa(ratings, least=1).value, 4)
        0.3333
    """
    table = coded_table(ratings, values)
    k, apart = len(table.values), disagreement(table.values, weights)
    there = (table.codes >= 0).astype(np.float32)
    pairs = [(int(one), int(other)) for one, other in zip(*np.nonzero(np.triu(there @ there.T, 1)), strict=True)]
    if not pairs:
        return Coefficient(None, None, None, 0, NO_PAIRS)
    tables = [table_of(table.codes[one], table.codes[other], k) for one, other in pairs]
    figures = [kappa_of_table(each, table.values, weights, least=least, draws=0) for each in tables]
    shown = [place for place, figure in enumerate(figures) if figure.shown is not None]
    taken = shown or [place for place, figure in enumerate(figures) if figure.value is not None]
    n = _shared(there, [pairs[place] for place in taken])
    if not taken:
        return Coefficient(None, None, None, _shared(there, pairs), NOTHING_VARIES)
    if len(pairs) == 1:
        return kappa_of_table(tables[0], table.values, weights, least=least, draws=draws, seed=seed)
    mean = float(np.mean([figures[place].value for place in taken]))
    if not shown:
        return Coefficient(mean, None, None, n, f"of no two people: {figures[taken[0]].why}")
    if not draws or len(taken) * k * k > MOST_CELLS:
        return Coefficient(mean, None, None, n)
    of_pairs = _OfPairs(table.codes, [pairs[place] for place in taken], k, apart)
    return coefficient(
        of_pairs.statistic([tables[place] for place in taken], table.values), least=least, draws=draws, seed=seed
    )


def _shared(there: npt.NDArray[np.float32], pairs: Sequence[tuple[int, int]]) -> int:
    """Return how many items two people of any of the pairs answered."""
    found = np.zeros(there.shape[1], dtype=np.bool_)
    for one, other in pairs:
        found |= (there[one] > 0) & (there[other] > 0)
    return int(found.sum())


class _OfPairs:
    """The tables of several pairs of people as one sum over items."""

    def __init__(self, codes: npt.NDArray[np.int32], pairs: Sequence[tuple[int, int]], k: int, apart: Floats) -> None:
        self.pairs, self.k, self.apart = pairs, k, apart
        self.rows, self.times = np.unique(codes.T, axis=0, return_counts=True)

    def mean(self, sums: Floats) -> Floats:
        """Return the mean of the kappas that are defined, NaN where none is: [d] from [d, pairs * k * k]."""
        found = kappas(sums.reshape(-1, self.k, self.k), self.apart).reshape(len(sums), len(self.pairs))
        defined = ~np.isnan(found)
        total, many = np.where(defined, found, 0.0).sum(axis=1), defined.sum(axis=1)
        return np.asarray(np.divide(total, many, out=np.full(len(sums), np.nan), where=many > 0))

    def statistic(self, tables: Sequence[npt.NDArray[np.int64]], values: tuple[Any, ...]) -> Statistic:
        """Return the mean as a figure that depends on sums alone."""
        k, u = self.k, len(self.rows)
        features = np.zeros((u, len(self.pairs), k * k))
        full, paired = np.ones(u, np.bool_), np.zeros(u, np.bool_)
        for place, (one, other) in enumerate(self.pairs):
            first, second = self.rows[:, one], self.rows[:, other]
            both = np.flatnonzero((first >= 0) & (second >= 0))
            features[both, place, first[both] * k + second[both]] = 1
            full[both] &= self.apart[first[both], second[both]] == 0
            paired[both] = True
        n = int(self.times[paired].sum())
        apart = [apart_by_chance(each.sum(axis=1), each.sum(axis=0)).ravel() * (int(each.sum()) / n) for each in tables]
        return Statistic(
            features=features.reshape(u, -1)[paired],
            times=self.times[paired],
            of=self.mean,
            apart=np.concatenate(apart),
            full=full[paired],
            n=n,
            telling=None,
            common=values[0],
        )

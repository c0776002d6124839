"""Cohen's kappa of two people, from their answers or from a table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.gold.beyond_chance import apart_by_chance
from retrolabel.gold.coding import as_column, coded
from retrolabel.gold.coefficient import DRAWS, LEAST, NO_PAIRS, NOTHING_VARIES, Coefficient, Statistic, coefficient
from retrolabel.gold.distances import disagreement
from retrolabel.gold.kappa_tables import kappa_error, kappas

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]
    Ints: TypeAlias = npt.NDArray[np.int64]


def cohen_kappa(  # noqa: PLR0913 - the same keywords everywhere
    a: Sequence[Any] | npt.NDArray[Any],
    b: Sequence[Any] | npt.NDArray[Any],
    weights: str | npt.ArrayLike | None = None,
    *,
    values: Sequence[Any] | None = None,
    least: int = LEAST,
    draws: int = DRAWS,
    seed: int = 0,
) -> Coefficient:
    """Return Cohen's kappa of two people (Cohen 1960, weighted 1968), over the items that both answered.

    Its ``se`` is that of Fleiss, Cohen & Everitt (1969).

    Args:
        a: [n], one person's answers, missing as NaN or None.
        b: [n], the other's.
        weights: None, ``linear`` or ``quadratic``; or a matrix [k, k] in the order of the values: of DISagreement, with
            0 on its diagonal, or of agreement, with 1 on it.
        values: All values in their order; those that occur, sorted, if left out.
        least: On fewer items it is withheld.
        draws: Resamples of the interval; 0 leaves it out.
        seed: Of the resamples.

    Raises:
        VoteError: The two differ in length, or the weights do not fit.

    Example:
        >>> cohen_kappa([1, 1, 0, 0], [1, 1, 0, 1], least=1).value
        0.5
    """
    if len(a) != len(b):
        raise VoteError(f"Two people's answers differ in length: {len(a)} and {len(b)}.")
    codes, known = coded(np.concatenate([as_column(a), as_column(b)]), values)
    return kappa_of_table(
        table_of(codes[: len(a)], codes[len(a) :], len(known)), known, weights, least=least, draws=draws, seed=seed
    )


def table_of(one: npt.NDArray[np.int32], other: npt.NDArray[np.int32], k: int) -> Ints:
    """Return how often two people said what, [k, k], over the items that both answered.

    Args:
        one: int [n], places of values, -1 where missing.
        other: int [n].
        k: How many values there are.

    Example:
        >>> table_of(np.array([0, 1, 1]), np.array([0, 1, -1]), 2).tolist()
        [[1, 0], [0, 1]]
    """
    both = (one >= 0) & (other >= 0)
    return np.bincount(one[both].astype(np.int64) * k + other[both], minlength=k * k).reshape(k, k)


def kappa_of_table(  # noqa: PLR0913 - the same keywords everywhere
    table: Ints,
    values: tuple[Any, ...],
    weights: str | npt.ArrayLike | None = None,
    *,
    least: int = LEAST,
    draws: int = DRAWS,
    seed: int = 0,
) -> Coefficient:
    """Return Cohen's kappa of a table.

    Args:
        table: int [k, k]: how often one says the row's value, the other the column's.
        values: The k values.
        weights: As of ``cohen_kappa``.
        least: On fewer items it is withheld.
        draws: Resamples of the interval; 0 leaves it out.
        seed: Of the resamples.

    Raises:
        VoteError: The weights do not fit the values.

    Example:
        >>> print(kappa_of_table(np.array([[45, 15], [25, 15]]), ("no", "yes")))
        0.130 [-0.067, 0.330] (100 items)
    """
    k, apart = len(values), disagreement(values, weights)
    n = int(table.sum())
    totals = table.sum(axis=0) + table.sum(axis=1)
    if not n or (totals > 0).sum() < 2:  # noqa: PLR2004 - one value says nothing beyond chance
        return Coefficient(None, None, None, n, NOTHING_VARIES if n else NO_PAIRS)
    common = int(totals.argmax())
    cells = np.flatnonzero(table)
    features = np.zeros((len(cells), k * k))
    features[np.arange(len(cells)), cells] = 1
    found = Statistic(
        features=features,
        times=table.ravel()[cells],
        of=lambda sums: kappas(sums.reshape(-1, k, k), apart),
        apart=apart_by_chance(table.sum(axis=1), table.sum(axis=0)).ravel(),
        full=apart.ravel()[cells] == 0,
        n=n,
        telling=n - int(table[common, common]),
        common=values[common],
        se=lambda: kappa_error(table, apart),
    )
    return coefficient(found, least=least, draws=draws, seed=seed)

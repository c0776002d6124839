"""Cohen's kappa of tables: what two people, or a label set and gold, said of the same items."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]
    Ints: TypeAlias = npt.NDArray[np.int64]


def kappas(tables: Ints | Floats, disagreement: Floats) -> Floats:
    """Return Cohen's kappa of each table (Cohen 1960, weighted 1968); NaN where one answer occurs alone.

    Args:
        tables: [d, k, k]: how often one says the row's value, the other the column's.
        disagreement: float [k, k], 0 on the diagonal.

    Example:
        >>> kappas(np.array([[[3, 0], [0, 0]], [[2, 1], [1, 2]]]), 1 - np.eye(2)).round(4).tolist()
        [nan, 0.3333]
    """
    observed = (tables * disagreement).sum(axis=(1, 2)) * tables.sum(axis=(1, 2)).astype(np.float64)
    expected = ((tables.sum(axis=2).astype(np.float64) @ disagreement) * tables.sum(axis=1)).sum(axis=1)
    found: Floats = np.full(len(tables), np.nan)
    np.divide(observed, expected, out=found, where=expected > 0)
    return 1 - found


def kappa_error(table: Ints | Floats, disagreement: Floats) -> float:
    """Return the standard error of kappa (Fleiss, Cohen & Everitt 1969), not that under independence.

    Args:
        table: [k, k]: how often one says the row's value, the other the column's.
        disagreement: float [k, k], 0 on the diagonal.

    Example:
        >>> table = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
        >>> round(kappa_error(table, 1 - np.eye(3)), 4)
        0.051
    """
    n = float(table.sum())
    shares = table / n
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = float((shares * disagreement).sum()), float(rows @ disagreement @ columns)
    if not expected:
        return math.nan
    with_margins = (disagreement @ columns)[:, None] + (rows @ disagreement)[None, :]
    influence = (disagreement - observed) / expected - observed * (with_margins - 2 * expected) / expected**2
    return math.sqrt(float((shares * influence**2).sum()) / n)

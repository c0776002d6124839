"""How far the share of a label moves by itself, from month to month: what its history allows.

A new label set of the same feedback should give a label about the share that it had, give or take what the share moves
anyhow. How much that is, the months say: they are drawn anew, with replacement, as many as there are, and the share of
all items is worked out each time (a bootstrap of blocks: Efron & Tibshirani 1993, 8.6). A share that lies outside of
what all but one in a thousand of such histories show, for all labels together, was not made by months.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

FEWEST_MONTHS = 3
"""With fewer months nothing is known of how a share moves."""
DRAWS = 4_000
OUTSIDE = 0.001
"""How often a label set that changed nothing has a label outside, all labels together."""


def allowed_shares(counts: npt.ArrayLike, items: npt.ArrayLike, *, seed: int = 0) -> Array | None:
    """Return the least and the largest share that the months allow each label, float [k, 2].

    Beyond the extremes of the draws the range is widened as a normal variable's would be, since the tails of so few
    months are not in any draw.

    Args:
        counts: int [M, k]: the items of each month that have each label.
        items: int [M]: all items of each month.
        seed: Another seed draws other months.

    Returns:
        The shares; ``None`` with fewer than three months that have items.

    Example:
        >>> low, high = allowed_shares([[50], [55], [45], [52], [48], [50]], [100] * 6)[0]
        >>> bool(0.44 < low < 0.48), bool(0.52 < high < 0.56), allowed_shares([[5], [4]], [10, 10])
        (True, True, None)
    """
    table, sizes = np.asarray(counts, np.float64), np.asarray(items, np.float64)
    table, sizes = table[sizes > 0], sizes[sizes > 0]
    months, labels = len(sizes), table.shape[1] if table.ndim == 2 else 0  # noqa: PLR2004 - a table
    if months < FEWEST_MONTHS:
        return None
    drawn = np.random.default_rng(seed).multinomial(months, np.full(months, 1 / months), size=DRAWS)
    shares = (drawn @ table) / np.maximum(drawn @ sizes, 1)[:, None]
    each = OUTSIDE / max(labels, 1)
    from scipy.special import ndtri  # noqa: PLC0415 - slow to import

    middle = table.sum(axis=0) / sizes.sum()
    spread = shares.std(axis=0) * np.sqrt(months / (months - 1)) * float(ndtri(1 - each / 2))
    low = np.minimum(np.quantile(shares, each / 2, axis=0), middle - spread)
    high = np.maximum(np.quantile(shares, 1 - each / 2, axis=0), middle + spread)
    return np.asarray(np.clip(np.column_stack([low, high]), 0.0, 1.0))

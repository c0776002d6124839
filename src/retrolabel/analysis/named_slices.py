"""How good labels are in slices that were named beforehand, against all other items."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from retrolabel.gold.agreement import wilson
from retrolabel.gold.two_shares import difference_of_shares

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from retrolabel.gold.agreement import Estimate

    Flags = npt.NDArray[np.bool_]

COLUMNS = (
    "slice",
    "items",
    "wrong",
    "accuracy",
    "low",
    "high",
    "rest",
    "difference",
    "difference_low",
    "difference_high",
    "p",
    "costs",
    "share",
    "failed",
)


class Members(NamedTuple):
    """Which of the judged items are in a slice.

    Attributes:
        here: bool [n]: those that are in it.
        known: bool [n]: those on which it could be said; on the others its function failed.
        share: Its share of all items, judged or not; that of the judged ones if ``None``.
    """

    here: Flags
    known: Flags
    share: float | None = None


def named_slices(wrong: Flags, slices: Mapping[str, Members]) -> pd.DataFrame:
    """Return how good labels are in each slice and elsewhere.

    The slices were named before anybody looked at these items, so intervals are those of a single slice. ``p`` is
    Fisher's exact test, two-sided, with Holm's correction for the number of slices that were named.

    Args:
        wrong: bool [n]: whether the label of each judged item is wrong, by what does not rest on its own gold.
        slices: Name -> the items that are in it.

    Returns:
        A frame, a row a slice, those that cost most first: ``slice``; ``items`` (judged) and ``wrong`` of them;
        ``accuracy`` with ``low`` and ``high`` (Wilson, 95 %); ``rest``: the accuracy of the other items;
        ``difference`` to it with ``difference_low`` and ``difference_high`` (Newcombe 1998, 95 %); ``p``; ``costs``:
        points of accuracy, as a share, that all items would gain if it were as good as the rest; ``share`` of all
        items; ``failed``: judged items on which the function failed, which are on neither side. Missing, where a slice
        or the rest of it has no judged item.

    Example:
        >>> wrong = np.array([True] * 6 + [False] * 34)
        >>> here = np.arange(40) < 10
        >>> found = named_slices(wrong, {"refunds": Members(here, np.ones(40, bool))})
        >>> found[["slice", "items", "wrong", "accuracy", "rest"]].to_numpy().tolist()
        [['refunds', 10, 6, 0.4, 1.0]]
    """
    rows = [(name, *_figures(wrong, of)) for name, of in slices.items()]
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    found["p"] = _holm(found["p"].to_numpy(np.float64))
    return found.sort_values("costs", ascending=False, kind="stable", ignore_index=True, na_position="last")


def _figures(wrong: Flags, of: Members) -> tuple[float, ...]:
    here, rest = of.here & of.known, ~of.here & of.known
    items, others = int(here.sum()), int(rest.sum())
    hits, right = int((here & wrong).sum()), int((rest & ~wrong).sum())
    one, other = wilson(items - hits, items), wilson(right, others)
    difference, low, high = _difference(one, other)
    p = _fisher(hits, items - hits, others - right, right) if items and others else math.nan
    share = of.share if of.share is not None else items / max(1, items + others)
    told = (*_numbers(one), _numbers(other)[0])
    return items, hits, *told, difference, low, high, p, -difference * share, share, int((~of.known).sum())


def _difference(one: Estimate, other: Estimate) -> tuple[float, float, float]:
    """Return by how much the first share is larger, with its 95 % interval (Newcombe 1998, method 10)."""
    return _numbers(difference_of_shares(other, one))


def _numbers(of: Estimate) -> tuple[float, float, float]:
    value, low, high = (math.nan if each is None else each for each in (of.value, of.low, of.high))
    return value, low, high


def _fisher(*table: int) -> float:
    from scipy.stats import fisher_exact  # noqa: PLC0415 - slow to import

    return float(fisher_exact(np.array(table).reshape(2, 2)).pvalue)


def _holm(p: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return p-values with Holm's correction (Holm 1979) for those that there are."""
    found, order = p.copy(), np.argsort(p, kind="stable")
    tested = order[: int(np.isfinite(p).sum())]
    times = np.arange(len(tested), 0, -1)
    found[tested] = np.minimum(1.0, np.maximum.accumulate(p[tested] * times))
    return found

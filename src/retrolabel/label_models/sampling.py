"""A sample of patterns that stands for all of them, the same whatever order anything comes in.

Fitting sees at most about fifty thousand patterns. Each is kept with a probability that grows with its
count, by a hash of the pattern itself, and weighs as many items as it stands for (Horvitz & Thompson 1952).
So the order of items, of voters and of segments changes nothing, and neither do items without votes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel.errors import VoteError
from retrolabel.label_models.hashes import mixed, row_sums
from retrolabel.label_models.sketch import Sketch
from retrolabel.votes import Patterns, VoteMatrix, taken

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.hashes import Hashes

LARGEST = 50_000
"""Up to so many patterns are fitted as they are."""
FEW = 2**14
"""Up to so many rows it is faster to look them up than to sort them."""
_ROUNDS = 60


def fitted_patterns(votes: VoteMatrix | Patterns, *, seed: int = 0, largest: int = LARGEST) -> Patterns:
    """Return the patterns to fit on: all covered ones, or a weighted sample where there are more than ``largest``.

    Args:
        votes: n items x m voters, or their patterns; a :class:`Sketch` of the same seed saves hashing them.
        seed: Another seed draws another sample.
        largest: The size from which it is a sample.

    Returns:
        Patterns without the items' places, sorted by hash, so that no order of items or voters changes
        theirs; their counts sum to about the number of covered items.

    Example:
        >>> votes = VoteMatrix.from_ints([[0], [0], [1], [-1]], labels=2)
        >>> sorted(fitted_patterns(votes).counts.tolist())
        [1.0, 2.0]
    """
    if isinstance(votes, Patterns) and len(votes) and not (np.isfinite(votes.counts).all() and votes.counts.min() >= 0):
        raise VoteError("Counts of patterns are numbers of items: finite, and not negative.")
    sums = votes.sums if isinstance(votes, Sketch) and votes.seed == seed else row_sums(votes, seed)
    rows, weights, by_hash = drawn_rows(
        sums, counts=votes.counts if isinstance(votes, Patterns) else None, largest=largest
    )
    codes = taken(votes.codes, rows)[by_hash]
    return Patterns(codes, weights[by_hash], votes.labels, votes.symbols, votes.voters)


def drawn_rows(
    sums: Hashes, *, counts: npt.NDArray[np.float64] | None = None, largest: int = LARGEST
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return the patterns of the sample: a row that shows each, how many items it stands for, their order by hash.

    Only numbers are sorted, and only the rows that may be in the sample are looked at: about one in ten
    where a million items differ.

    Args:
        sums: uint64 [n]: the sums of the rows, from :func:`~retrolabel.label_models.hashes.row_sums`.
        counts: float [n]: how many items show each row, where the rows are patterns.
        largest: The number of distinct covered rows from which it is a sample.

    Returns:
        The first row of each pattern, ascending; its weight; and the places in these two by ascending hash.
    """
    seen = sums != 0  # votes add up to nothing once in 2**64 patterns
    rows = np.flatnonzero(seen if counts is None else seen & (counts > 0))
    hashes = mixed(sums[rows])
    if counts is None and len(rows) <= min(FEW, largest):
        places, shown = pd.factorize(hashes)  # in the order in which they come, so the first of each is a new place
        new = np.empty(len(shown), np.int64)
        new[places[::-1]] = np.arange(len(places) - 1, -1, -1)  # the first of each is written last
        return rows[new], np.bincount(places).astype(np.float64), np.argsort(shown)
    if counts is None:
        distinct, weights = _counted(hashes)
    else:
        by_hash = np.argsort(hashes)
        distinct, weights = hashes[by_hash], counts[rows[by_hash]]
    if len(distinct) > largest:
        kept, weights = _sample(weights, distinct, largest)
        wanted = _among(hashes, distinct, kept)
        rows, hashes = rows[wanted], hashes[wanted]
    if counts is None:
        first = ~pd.Series(hashes, copy=False).duplicated().to_numpy()
        rows, hashes = rows[first], hashes[first]
    order = np.argsort(hashes)
    mine = np.empty(len(rows))
    mine[order] = weights
    return rows, mine, order


def _among(hashes: Hashes, distinct: Hashes, kept: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return which hashes are kept, bool [n].

    Up to the first that is not kept, all are; the frequent ones above it are looked up one by one.

    Args:
        hashes: uint64 [n].
        distinct: The distinct ones among them, sorted.
        kept: The places of those that are kept, ascending.
    """
    if len(kept) == len(distinct):
        return np.ones(len(hashes), np.bool_)
    border = int(np.argmin(np.append(kept, -1) == np.arange(len(kept) + 1)))
    wanted = np.asarray(hashes < distinct[border])
    if border < len(kept):
        wanted |= pd.Series(hashes, copy=False).isin(distinct[kept[border:]]).to_numpy()
    return wanted


def _counted(hashes: Hashes) -> tuple[Hashes, npt.NDArray[np.float64]]:
    """Return the distinct hashes, sorted, and how often each occurs."""
    ordered = np.sort(hashes)
    starts = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=starts[1:])
    first = np.flatnonzero(starts)
    return ordered[first], np.diff(first, append=len(ordered)).astype(np.float64)


def _sample(
    counts: npt.NDArray[np.float64], hashes: Hashes, largest: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the patterns that are kept, and how many items each stands for."""
    chance = np.minimum(1.0, counts / _threshold(counts, largest))
    drawn = (hashes >> np.uint64(11)).astype(np.float64) * 2.0**-53
    kept = np.flatnonzero(drawn < chance)
    return kept, counts[kept] / chance[kept]


def _threshold(counts: npt.NDArray[np.float64], largest: int) -> float:
    """Return the t for which about ``largest`` patterns are kept; it does not depend on their order."""
    more = counts != 1.0
    sizes, many = np.unique(counts[more], return_counts=True)
    sizes, many = np.append(sizes, 1.0), np.append(many, len(counts) - np.count_nonzero(more))
    low, high = 0.0, float(sizes @ many) / largest + float(sizes.max())
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if float(np.minimum(1.0, sizes / middle) @ many) > largest else (low, middle)
    return high

"""A sample of patterns that stands for all of them, the same whatever order anything comes in.

Fitting sees at most about a hundred thousand patterns. Each is kept with a probability that grows with its
count, by a hash of the pattern itself, and weighs as many items as it stands for (Horvitz & Thompson 1952).
So the order of items, of voters and of segments changes nothing, and neither do items without votes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel.label_models.hashes import mixed, row_hashes, row_sums
from retrolabel.label_models.sketch import Sketch
from retrolabel.votes import Patterns, VoteMatrix, sorted_rows

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.hashes import Hashes

__all__ = ["LARGEST", "drawn_rows", "fitted_patterns", "row_hashes"]

LARGEST = 100_000
"""Up to so many patterns are fitted as they are."""
_ROUNDS = 60


def fitted_patterns(votes: VoteMatrix | Patterns, *, seed: int = 0, largest: int = LARGEST) -> Patterns:
    """Return the patterns to fit on: all covered ones, or a weighted sample where there are more than ``largest``.

    Args:
        votes: n items x m voters, or their patterns; a :class:`Sketch` of the same seed saves hashing them.
        seed: Another seed draws another sample.
        largest: The size from which it is a sample.

    Returns:
        Patterns without the items' places; their counts sum to about the number of covered items.

    Example:
        >>> votes = VoteMatrix.from_ints([[0], [0], [1], [-1]], labels=2)
        >>> fitted_patterns(votes).counts.tolist()
        [2.0, 1.0]
    """
    if isinstance(votes, VoteMatrix) and len(votes) <= largest:
        whole = votes.patterns()
        here = whole.covered
        return Patterns(whole.codes[here], whole.counts[here], whole.labels, whole.symbols, whole.voters)
    if isinstance(votes, Patterns):
        here = votes.covered & (votes.counts > 0)
        rows, weights = np.flatnonzero(here), votes.counts[here]
        if len(rows) > largest:
            kept, weights = _sample(weights, mixed(row_sums(votes, seed)[here]), largest)
            rows = rows[kept]
    else:
        sums = votes.sums if isinstance(votes, Sketch) and votes.seed == seed else row_sums(votes, seed)
        rows, weights = drawn_rows(sums, largest=largest)
    codes, order = sorted_rows(votes.codes, rows)
    return Patterns(codes, weights[order].astype(np.float64), votes.labels, votes.symbols, votes.voters)


def drawn_rows(sums: Hashes, *, largest: int = LARGEST) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return for each pattern of the sample its first row, ascending, and how many items it stands for.

    Only numbers are sorted, and only the rows that may be in the sample are looked at: about one in ten
    where a million items differ.

    Args:
        sums: uint64 [n]: the sums of the rows, from :func:`row_sums`.
        largest: The number of distinct covered rows from which it is a sample.
    """
    covered = np.flatnonzero(sums != 0)  # votes add up to nothing once in 2**64 patterns
    hashes = mixed(sums[covered])
    distinct, counts = _counted(hashes)
    kept, weights = np.arange(len(distinct)), counts
    if len(distinct) > largest:
        kept, weights = _sample(counts, distinct, largest)
    # Up to the first that is not kept, all are: the frequent ones above it are looked up one by one.
    border = int(np.argmin(np.append(kept == np.arange(len(kept)), False)))
    limit = distinct[kept[border - 1]] if border else None
    above = distinct[kept[border:]]
    wanted = np.zeros(len(hashes), np.bool_) if limit is None else hashes <= limit
    if len(above):
        wanted |= pd.Series(hashes, copy=False).isin(above).to_numpy()
    rows, found = covered[wanted], hashes[wanted]
    first = ~pd.Series(found, copy=False).duplicated().to_numpy()
    rows, found = rows[first], found[first]
    mine = np.empty(len(rows))
    mine[np.argsort(found)] = weights  # rows from the top down, which is how they are read
    return rows, mine


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

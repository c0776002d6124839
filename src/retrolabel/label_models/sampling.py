"""A sample of patterns that stands for all of them, the same whatever order anything comes in.

Fitting sees at most about a hundred thousand patterns. Each is kept with a probability that grows with its
count, by a hash of the pattern itself, and weighs as many items as it stands for (Horvitz & Thompson 1952).
So the order of items, of voters and of segments changes nothing, and neither do items without votes.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel.votes import Patterns, VoteMatrix

if TYPE_CHECKING:
    import numpy.typing as npt

    Hashes = npt.NDArray[np.uint64]

LARGEST = 100_000
"""Up to so many patterns are fitted as they are."""
BLOCK = 2**14
_ROUNDS = 60


def fitted_patterns(votes: VoteMatrix | Patterns, *, seed: int = 0, largest: int = LARGEST) -> Patterns:
    """Return the patterns to fit on: all covered ones, or a weighted sample where there are more than ``largest``.

    Args:
        votes: n items x m voters, or their patterns.
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
        votes = votes.patterns()
    if isinstance(votes, Patterns):
        here = votes.covered & (votes.counts > 0)
        if int(here.sum()) <= largest:
            return _chosen(votes, np.flatnonzero(here), votes.counts[here])
        rows, counts, hashes = np.flatnonzero(here), votes.counts[here], row_hashes(votes, seed)[here]
    else:
        hashes = row_hashes(votes, seed)
        covered = np.flatnonzero(votes.covered)
        numbers, distinct = pd.factorize(hashes[covered])
        counts = np.bincount(numbers).astype(np.float64)
        first = np.zeros(len(distinct), np.int64)
        first[numbers[::-1]] = covered[::-1]
        rows, hashes = first, np.asarray(distinct, dtype=np.uint64)
        if len(rows) <= largest:
            return _chosen(votes, rows, counts)
    kept, weights = _sample(counts, hashes, largest)
    return _chosen(votes, rows[kept], weights)


def row_hashes(votes: VoteMatrix | Patterns, seed: int = 0) -> Hashes:
    """Return a hash of each row, uint64 [n], that does not depend on the order of the voters.

    A row's hash is made of its votes alone, each known by its voter's name and its labels.
    """
    codes = votes.codes
    tables = [_table(voter, votes, seed) for voter in votes.voters]
    hashes = np.zeros(len(codes), np.uint64)
    for start in range(0, len(codes), BLOCK):
        block = np.asfortranarray(codes[start : start + BLOCK])  # a column at a time is read from the cache
        into = hashes[start : start + BLOCK]
        for column, table in enumerate(tables):
            into += table.take(block[:, column])
    return _mixed(hashes)


def _table(voter: str, votes: VoteMatrix | Patterns, seed: int) -> Hashes:
    """Return what each code of a voter adds to a row's hash; abstaining adds nothing."""
    named = ["|".join(votes.labels[place] for place in symbol) for symbol in votes.symbols]
    parts = [hashlib.sha256(f"{seed}\x00{voter}\x00{name}".encode()).digest()[:8] for name in named]
    return np.array([0, *(int.from_bytes(part, "little") for part in parts)], dtype=np.uint64)


def _mixed(hashes: Hashes) -> Hashes:
    """Return hashes whose high bits are as good as random (the finish of splitmix64: Steele et al. 2014)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(hashes ^ (hashes >> np.uint64(31)))


def _sample(
    counts: npt.NDArray[np.float64], hashes: Hashes, largest: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the patterns that are kept, and how many items each stands for."""
    low, high = 0.0, float(counts.sum()) / largest + float(counts.max())
    for _ in range(_ROUNDS):  # the t for which about ``largest`` are kept
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(1.0, counts / middle).sum() > largest else (low, middle)
    chance = np.minimum(1.0, counts / high)
    drawn = (hashes >> np.uint64(11)).astype(np.float64) * 2.0**-53
    kept = np.flatnonzero(drawn < chance)
    return kept, counts[kept] / chance[kept]


def _chosen(votes: VoteMatrix | Patterns, rows: npt.NDArray[np.int64], weights: npt.NDArray[np.float64]) -> Patterns:
    """Return some rows as patterns, sorted, so that every sum is taken in one order."""
    codes = votes.codes[rows]
    order = np.lexsort(codes.T[::-1]) if codes.shape[1] else np.arange(len(codes))
    return Patterns(
        np.ascontiguousarray(codes[order]), weights[order].astype(np.float64), votes.labels, votes.symbols, votes.voters
    )

"""Hashes of rows of votes that do not depend on the order of the voters, and the sums that they are made of."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.votes import BLOCK

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.votes import Patterns, VoteMatrix

    Hashes = npt.NDArray[np.uint64]

TOGETHER = 2**12
"""Entries of a table of several columns, at most: it is to stay in the processor's cache."""


def row_sums(votes: VoteMatrix | Patterns, seed: int = 0) -> Hashes:
    """Return the sum of what each vote of a row adds to its hash, uint64 [n], for every order of the voters.

    Sums of parts are added and subtracted: a voter's votes are replaced by taking away what its old ones
    add (:func:`column_sums`) and adding what the new ones do.
    """
    codes, base = votes.codes, len(votes.symbols) + 1
    groups = _groups([_table(voter, votes, seed) for voter in votes.voters])
    sums = np.zeros(len(codes), np.uint64)
    for start in range(0, len(codes), BLOCK):
        block = codes[start : start + BLOCK]
        if not block.flags.f_contiguous and codes.flags.c_contiguous:
            block = np.asfortranarray(block)  # a column at a time is read from the cache
        into = sums[start : start + BLOCK]
        for places, table in groups:
            key = block[:, places[0]].astype(np.uint16)
            for column in places[1:]:
                key *= np.uint16(base)
                key += block[:, column]
            into += table.take(key)
    return sums


def column_sums(votes: VoteMatrix, voter: str, seed: int = 0) -> Hashes:
    """Return what the votes of one voter add to the sums of the rows, uint64 [n]."""
    return np.asarray(_table(voter, votes, seed).take(votes.codes[:, votes.voters.index(voter)]))


def row_hashes(votes: VoteMatrix | Patterns, seed: int = 0) -> Hashes:
    """Return a hash of each row, uint64 [n], that does not depend on the order of the voters.

    A row's hash is made of its votes alone, each known by its voter's name and its labels.
    """
    return mixed(row_sums(votes, seed))


def _table(voter: str, votes: VoteMatrix | Patterns, seed: int) -> Hashes:
    """Return what each code of a voter adds to a row's sum; abstaining adds nothing."""
    named = ["\x1f".join(votes.labels[place] for place in symbol) for symbol in votes.symbols]
    parts = [hashlib.sha256(f"{seed}\x00{voter}\x00{name}".encode()).digest()[:8] for name in named]
    return np.array([0, *(int.from_bytes(part, "little") for part in parts)], dtype=np.uint64)


def _groups(tables: list[Hashes]) -> list[tuple[list[int], Hashes]]:
    """Return neighbouring columns together, with one table of what their codes add together.

    Whole numbers add up to the same in any order, so one look-up serves several columns.
    """
    groups: list[tuple[list[int], Hashes]] = []
    for place, table in enumerate(tables):
        if groups and len(groups[-1][1]) * len(table) <= TOGETHER:
            places, joint = groups[-1]
            groups[-1] = [*places, place], (joint[:, None] + table).ravel()
        else:
            groups.append(([place], table))
    return groups


def mixed(hashes: Hashes) -> Hashes:
    """Return hashes whose high bits are as good as random (the finish of splitmix64: Steele et al. 2014)."""
    found = hashes.copy()
    for start in range(0, len(found), BLOCK):
        part = found[start : start + BLOCK]
        part ^= part >> np.uint64(30)
        part *= np.uint64(0xBF58476D1CE4E5B9)
        part ^= part >> np.uint64(27)
        part *= np.uint64(0x94D049BB133111EB)
        part ^= part >> np.uint64(31)
    return found

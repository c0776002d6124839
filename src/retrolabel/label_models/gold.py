"""Gold as label models take it: for each item the set of labels that it leaves, and how it was drawn.

Gold of an older version is a set where its label was split (partial labels: Cour, Sapp & Taskar 2011). How frequent
labels are can be read off items alone that were drawn by a known design: each stands for 1/p items, where p is the
probability with which it was drawn (Horvitz & Thompson 1952). Items that somebody chose say what voters are worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.label_models.hashes import row_hashes
from retrolabel.votes import Patterns, VoteMatrix

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    import numpy.typing as npt

    Gold: TypeAlias = "npt.NDArray[Any] | VoteMatrix | GoldSets"


@dataclass(frozen=True, eq=False)
class GoldSets:
    """Gold items, each with the labels that it leaves possible.

    Attributes:
        rows: int [G]: the row of each gold item in the votes, or of its pattern in the patterns.
        possible: bool [G, k]: the labels that it leaves, at least one.
        weights: float [G]: how many items it stands for, up to one factor for all; 0 where nobody knows how it was
            drawn, so that it says nothing of how frequent labels are.
        counts: float [G]: how many gold items are alike; one each if left out.

    Raises:
        VoteError: They do not belong together, an item leaves no label, or a number is negative.

    Example:
        >>> gold = GoldSets(np.array([0, 2]), np.array([[True, False], [True, True]]), np.ones(2))
        >>> len(gold), gold.shares().tolist()
        (2, [[1.0, 0.0], [0.5, 0.5]])
    """

    rows: npt.NDArray[np.int64]
    possible: npt.NDArray[np.bool_]
    weights: npt.NDArray[np.float64]
    counts: npt.NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        """Check that they belong together."""
        told = {len(self.rows), len(self.possible), len(self.weights), len(self.items)}
        if self.possible.ndim != 2 or len(told) > 1:  # noqa: PLR2004 - a table
            raise VoteError(f"Gold differs in length: {', '.join(map(str, sorted(told)))}.")
        if not self.possible.any(axis=1).all():
            raise VoteError("A gold item leaves no label possible.", remedy="leave out what says nothing")
        for what, numbers in (("Weights", self.weights), ("Counts", self.items)):
            if not (np.isfinite(numbers).all() and (numbers >= 0).all()):
                raise VoteError(f"{what} of gold items are numbers from 0 on.")

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    @property
    def items(self) -> npt.NDArray[np.float64]:
        """How many gold items each row stands for, float [G]."""
        return np.ones(len(self.rows)) if self.counts is None else self.counts

    def shares(self) -> npt.NDArray[np.float64]:
        """Return float [G, k]: one for the label of each item, an equal share where it leaves several."""
        member = self.possible.astype(np.float64)
        return np.asarray(member / np.maximum(member.sum(axis=1, keepdims=True), 1.0))

    def take(self, rows: npt.NDArray[np.bool_]) -> GoldSets:
        """Return some of the items.

        Args:
            rows: bool [G]: which.
        """
        counts = None if self.counts is None else self.counts[rows]
        return GoldSets(self.rows[rows], self.possible[rows], self.weights[rows], counts)


@dataclass(frozen=True, eq=False)
class KnownGold:
    """Gold by what voted on it: a cell for each distinct pattern and set of labels.

    Attributes:
        patterns: The distinct patterns of votes on the gold items, sorted by hash.
        where: int [C]: the pattern of each cell.
        possible: bool [C, k]: the labels that its items leave.
        counts: float [C]: how many items it has.
        weights: float [C]: how many of a random sample they are worth; over all cells as many as there are items of a
            known design.
    """

    patterns: Patterns
    where: npt.NDArray[np.int64]
    possible: npt.NDArray[np.bool_]
    counts: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]

    @classmethod
    def of(cls, votes: VoteMatrix | Patterns, gold: Gold | None) -> KnownGold:
        """Return gold by pattern, the same for every order of voters and items.

        Raises:
            VoteError: The gold does not fit the votes.
        """
        k = len(votes.labels)
        if gold is None:
            none, nowhere = np.zeros(0), np.zeros(0, np.int64)
            return cls(_rows(votes, nowhere), nowhere, np.zeros((0, k), np.bool_), none, none)
        sets = gold_sets(votes, gold)
        sets = sets.take(sets.items > 0)
        found = _rows(votes, sets.rows)
        by_hash = np.argsort(row_hashes(found), kind="stable")
        place = np.empty(len(by_hash), np.int64)
        place[by_hash] = np.arange(len(by_hash))
        cells, inverse = np.unique(
            np.column_stack([place[found.inverse], sets.possible]).astype(np.int64), axis=0, return_inverse=True
        )
        inverse = inverse.ravel()
        order = np.lexsort((sets.items, sets.weights, inverse))  # no order of items changes the last bit of a sum
        inverse, items, worth = inverse[order], sets.items[order], sets.weights[order]
        known = worth > 0
        design = items[known].sum() / worth[known].sum() if known.any() else 0.0
        counts = np.zeros(len(cells))
        np.add.at(counts, inverse, items)
        weights = np.zeros(len(cells))
        np.add.at(weights, inverse, worth * design)
        patterns = Patterns(found.codes[by_hash], found.counts[by_hash], votes.labels, votes.symbols, votes.voters)
        return cls(patterns, cells[:, 0], cells[:, 1:].astype(np.bool_), counts, weights)

    def nothing(self) -> KnownGold:
        """Return no gold over the same labels and voters."""
        none = np.zeros(0)
        patterns = self.patterns
        empty = Patterns(patterns.codes[:0], none, patterns.labels, patterns.symbols, patterns.voters)
        return KnownGold(empty, np.zeros(0, np.int64), self.possible[:0], none, none)

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.where)

    @property
    def covered(self) -> npt.NDArray[np.bool_]:
        """Whether anything voted on the items of each cell, bool [C]."""
        return np.asarray(self.patterns.covered[self.where])

    def shared(self, probabilities: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return what each label is of each cell's items, float [C, k]: 1 where they leave one label.

        Args:
            probabilities: float [C, k], or [k] for all cells alike, positive: how they divide where they leave several.
        """
        among = np.where(self.possible, probabilities, 0.0)
        return np.asarray(among / among.sum(axis=1, keepdims=True))


def gold_sets(votes: VoteMatrix | Patterns, gold: Gold) -> GoldSets:
    """Return gold of any form as sets; what says nothing of its design is a random sample.

    Args:
        votes: n items x m voters, or their U patterns.
        gold: int [n] with -1 where unknown; a matrix of one column; counts [U, k] for patterns; or sets.

    Raises:
        VoteError: The gold does not fit the votes: its shape, or a label or row that does not exist.

    Example:
        >>> votes = VoteMatrix.from_ints([[0], [1], [1]], labels=2)
        >>> gold_sets(votes, np.array([1, -1, 1])).rows.tolist()
        [0, 2]
    """
    k = len(votes.labels)
    if isinstance(gold, GoldSets):
        if gold.possible.shape[1] != k:
            raise VoteError(f"Gold is over {gold.possible.shape[1]} labels, the votes are over {k}.")
        if len(gold) and not 0 <= gold.rows.min() <= gold.rows.max() < len(votes):
            raise VoteError(f"Gold names rows outside of the {len(votes):,} that there are.")
        return gold
    if isinstance(votes, Patterns):
        counts = _checked_counts(votes, gold)
        rows, places = np.nonzero(counts)
        alike = counts[rows, places]
        return GoldSets(rows, np.eye(k, dtype=np.bool_)[places], alike, alike)
    if isinstance(gold, VoteMatrix):
        if gold.labels != votes.labels or gold.shape != (len(votes), 1):
            raise VoteError(f"Gold is one column over the same labels and items, got {gold.shape}.")
        rows = np.flatnonzero(gold.codes[:, 0])
        return GoldSets(rows, gold.membership[gold.codes[rows, 0]], np.ones(len(rows)))
    places = _checked_places(votes, np.asarray(gold))
    rows = np.flatnonzero(places >= 0)
    return GoldSets(rows, np.eye(k, dtype=np.bool_)[places[rows]], np.ones(len(rows)))


def _rows(votes: VoteMatrix | Patterns, rows: npt.NDArray[np.int64]) -> Patterns:
    """Return the distinct patterns of some rows, which may come several times, with each one's place among them."""
    return VoteMatrix(votes.codes[rows], votes.labels, votes.symbols, votes.voters).patterns()


def _checked_counts(votes: Patterns, gold: Gold) -> npt.NDArray[np.float64]:
    counts = np.asarray(gold, dtype=np.float64) if isinstance(gold, np.ndarray) else np.zeros(0)
    wanted = (len(votes), len(votes.labels))
    if counts.shape != wanted:
        raise VoteError(f"Gold for patterns is counts of the shape {wanted}, got {counts.shape}.")
    if counts.size and not (np.isfinite(counts).all() and counts.min() >= 0):
        raise VoteError("Gold for patterns is counts of items, none of them negative.")
    return counts


def _checked_places(votes: VoteMatrix, places: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    k = len(votes.labels)
    if places.shape != (len(votes),):
        raise VoteError(f"Gold has the shape {places.shape}; these votes need {(len(votes),)}.")
    if not np.issubdtype(places.dtype, np.integer):
        raise VoteError(f"Gold is places of labels, whole numbers, got {places.dtype}.", remedy="-1 where unknown")
    if places.size and (places.min() < -1 or places.max() >= k):
        raise VoteError(f"Gold holds labels outside -1 to {k - 1}.", remedy="-1 where the label is unknown")
    return places.astype(np.int64)


def gold_by_pattern(votes: VoteMatrix | Patterns, gold: Gold | None) -> tuple[Patterns, npt.NDArray[np.float64]]:
    """Return the patterns of the items that have gold, and how many gold items of each label show them.

    A set of labels counts as an equal share of each.

    Args:
        votes: n items x m voters, or their U patterns.
        gold: Gold of any form; ``None`` is no gold.

    Raises:
        VoteError: The gold does not fit the votes: its shape, or a label that does not exist.

    Example:
        >>> votes = VoteMatrix.from_ints([[0], [1], [1]], labels=2)
        >>> known, counts = gold_by_pattern(votes, np.array([1, -1, 1]))
        >>> sorted(zip(known.codes[:, 0].tolist(), counts.tolist()))
        [(1, [0.0, 1.0]), (2, [0.0, 1.0])]
    """
    known = KnownGold.of(votes, gold)
    counts = np.zeros((len(known.patterns), len(votes.labels)))
    np.add.at(counts, known.where, known.counts[:, None] * known.shared(np.ones(len(votes.labels))))
    return known.patterns, counts


def gold_totals(votes: VoteMatrix | Patterns, gold: Gold) -> npt.NDArray[np.float64]:
    """Return float [k]: how many gold items of a known design each label has, each weighing what it stands for.

    Raises:
        VoteError: The gold does not fit the votes.

    Example:
        >>> votes = VoteMatrix.from_ints([[0], [1], [1]], labels=2)
        >>> gold_totals(votes, np.array([1, -1, 1])).tolist()
        [0.0, 2.0]
    """
    known = KnownGold.of(votes, gold)
    return np.asarray((known.weights[:, None] * known.shared(np.ones(len(votes.labels)))).sum(axis=0))


def gold_prior(
    totals: npt.NDArray[np.float64], before: npt.NDArray[np.float64] | None = None
) -> npt.NDArray[np.float64]:
    """Return the label probabilities that gold speaks for: (n_y + k p_y) / (G + k).

    Args:
        totals: float [k]: gold items of each label.
        before: float [k]: the probabilities p without gold; uniform if left out.
    """
    spread = np.ones(len(totals)) if before is None else len(totals) * before
    return np.asarray((totals + spread) / (totals.sum() + len(totals)))

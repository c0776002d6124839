"""Votes with the sums that their hashes are made of: what a change of them costs no second look at the rest.

Drawing the sample that a label model is fitted on takes a look at every vote, to hash the rows. A row's hash is
made of a sum over its votes. So where one voter changes, only its column is looked at; where items come or go,
only they are. The sample is the one of the votes as they are now, to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.label_models.sampling import LARGEST, chosen, column_sums, drawn_rows, fitted_patterns, row_sums
from retrolabel.votes import Patterns, VoteMatrix

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.sampling import Hashes


@dataclass(frozen=True, eq=False)
class Sketch:
    """Votes that are fitted again and again, with small changes in between; immutable.

    It takes eight bytes an item beside the votes. What it gives does not depend on how it came about:
    a sketch that was merged, cut and changed is that of its votes.

    Attributes:
        votes: n items x m voters.
        sums: uint64 [n]: what the votes of each row add up to, before they are mixed to a hash.
        seed: The seed of the sample.

    Example:
        >>> from retrolabel.label_models.label_model import LabelModel
        >>> sketch = Sketch.of(VoteMatrix.from_ints([[0, -1], [1, 1], [1, 1]], labels=2))
        >>> revised = sketch.with_column(VoteMatrix.from_ints([[0], [-1], [1]], labels=2, voters=["lf_1"]))
        >>> revised.sample().codes.tolist(), revised.sample().counts.tolist()
        ([[1, 1], [2, 0], [2, 2]], [1.0, 1.0, 1.0])
    """

    votes: VoteMatrix
    sums: Hashes = field(repr=False)
    seed: int = 0

    @classmethod
    def of(cls, votes: VoteMatrix, *, seed: int = 0) -> Sketch:
        """Return the sketch of votes.

        Args:
            votes: n items x m voters; not copied.
            seed: The seed of the label model that is to be fitted.
        """
        return cls(votes, row_sums(votes, seed), seed)

    @property
    def labels(self) -> tuple[str, ...]:
        """The k label ids."""
        return self.votes.labels

    @property
    def voters(self) -> tuple[str, ...]:
        """The m names of the voters."""
        return self.votes.voters

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.votes)

    def with_column(self, column: VoteMatrix) -> Sketch:
        """Return the sketch with the votes of one voter replaced; a voter that is new comes last.

        Args:
            column: The votes of that voter, n x 1, over the same labels.

        Raises:
            VoteError: It is not one column over the same labels and as many items.
        """
        votes = self.votes.with_column(column)
        (voter,) = column.voters
        sums = self.sums + column_sums(column, voter, self.seed)
        if voter in self.voters:
            sums -= column_sums(self.votes, voter, self.seed)
        return Sketch(votes, sums, self.seed)

    def without_column(self, voter: str) -> Sketch:
        """Return the sketch without the votes of one voter.

        Raises:
            VoteError: There is no such voter.
        """
        votes = self.votes.without_column(voter)
        return Sketch(votes, self.sums - column_sums(self.votes, voter, self.seed), self.seed)

    def merge(self, *others: Sketch) -> Sketch:
        """Return the sketch of these items and of others, one below the other.

        Raises:
            VoteError: They differ in labels, voters or seed.

        Example:
            >>> sketch = Sketch.of(VoteMatrix.from_ints([[0], [1]], labels=2))
            >>> sketch.merge(sketch).sample().counts.tolist()
            [2.0, 2.0]
        """
        parts = [self, *others]
        if len({part.seed for part in parts}) > 1:
            raise VoteError("Only sketches of the same seed can be merged.")
        votes = VoteMatrix.stack([part.votes for part in parts])
        return Sketch(votes, np.concatenate([part.sums for part in parts]), self.seed)

    def without_rows(self, rows: npt.ArrayLike) -> Sketch:
        """Return the sketch without some items; those that stay keep their order.

        Args:
            rows: int [r]: their places, or bool [n].

        Raises:
            VoteError: There is no such row.
        """
        places: npt.NDArray[Any] = np.asarray(rows)
        if not places.size:
            places = places.astype(np.int64)
        kept = np.ones(len(self), np.bool_)
        try:
            kept[places] = False
        except IndexError as error:
            raise VoteError(f"There are {len(self):,} rows to take away from: {error}.") from error
        return Sketch(self.votes.rows(kept), self.sums[kept], self.seed)

    def sample(self, *, largest: int = LARGEST) -> Patterns:
        """Return the patterns to fit on, as :func:`~retrolabel.label_models.sampling.fitted_patterns` does.

        Args:
            largest: The number of distinct covered patterns from which it is a sample.
        """
        if len(self) <= largest:
            return fitted_patterns(self.votes, seed=self.seed, largest=largest)
        return chosen(self.votes, *drawn_rows(self.sums, largest=largest))

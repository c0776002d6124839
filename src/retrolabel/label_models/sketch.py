"""Votes with the sums that their hashes are made of: a change of them costs no second look at the rest.

Drawing the sample that a label model is fitted on takes a look at every vote, to hash the rows. A row's hash is
made of a sum over its votes. So where one voter changes, only its column is looked at; where items come or go,
only they are. The sample is the one of the votes as they are now, to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.label_models.hashes import column_sums, row_sums
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.hashes import Hashes


@dataclass(frozen=True, eq=False, repr=False)
class Sketch(VoteMatrix):
    """Votes that are fitted again and again, with small changes in between; immutable.

    It is a vote matrix in every other respect, and takes eight bytes an item more. What it gives does not
    depend on how it came about: a sketch that was merged, cut and changed is that of its votes.

    Attributes:
        seed: The seed of the label model that is to be fitted; with another one it is a plain matrix.

    Example:
        >>> from retrolabel.label_models.label_model import LabelModel
        >>> sketch = Sketch.of(VoteMatrix.from_ints([[0, -1], [1, 1], [1, 1]], labels=2))
        >>> revised = sketch.with_column(VoteMatrix.from_ints([[0], [-1], [1]], labels=2, voters=["lf_1"]))
        >>> LabelModel().fit(revised).predict_proba(revised).argmax(axis=1).tolist()
        [0, 1, 1]
    """

    seed: int = 0

    @classmethod
    def of(cls, votes: VoteMatrix, *, seed: int = 0) -> Sketch:
        """Return the sketch of votes, which are not copied.

        Args:
            votes: n items x m voters.
            seed: The seed of the label model that is to be fitted.
        """
        return _with_sums(votes, row_sums(votes, seed), seed)

    @cached_property
    def sums(self) -> Hashes:
        """What the votes of each row add up to before they are mixed to a hash, uint64 [n]."""
        return row_sums(self, self.seed)

    def rows(self, places: npt.NDArray[Any] | slice) -> Sketch:
        """Return the sketch of some items.

        Args:
            places: int [r], bool [n], or a slice.
        """
        return _with_sums(super().rows(places), self.sums[places], self.seed)

    def without_rows(self, places: npt.ArrayLike) -> Sketch:
        """Return the sketch without some items; those that stay keep their order.

        Args:
            places: int [r], or bool [n].

        Raises:
            VoteError: There is no such item.

        Example:
            >>> sketch = Sketch.of(VoteMatrix.from_ints([[0], [1], [1]], labels=2))
            >>> sketch.without_rows([0]).to_ints().tolist()
            [[1], [1]]
        """
        gone: npt.NDArray[Any] = np.asarray(places)
        kept = np.ones(len(self), np.bool_)
        try:
            kept[gone if gone.size else gone.astype(np.int64)] = False
        except IndexError as error:
            raise VoteError(f"There are {len(self):,} rows to take away from: {error}.") from error
        return self.rows(kept)

    def with_column(self, column: VoteMatrix) -> Sketch:
        """Return the sketch with the votes of one voter replaced; a voter that is new comes last.

        Args:
            column: The votes of that voter, n x 1, over the same labels.

        Raises:
            VoteError: It is not one column over the same labels and as many items.
        """
        votes = super().with_column(column)
        (voter,) = column.voters
        sums = self.sums + column_sums(column, voter, self.seed)
        if voter in self.voters:
            sums -= column_sums(self, voter, self.seed)
        return _with_sums(votes, sums, self.seed)

    def without_column(self, voter: str) -> Sketch:
        """Return the sketch without the votes of one voter.

        Raises:
            VoteError: There is no such voter.
        """
        votes = super().without_column(voter)
        return _with_sums(votes, self.sums - column_sums(self, voter, self.seed), self.seed)

    def merge(self, *others: Sketch) -> Sketch:
        """Return the sketch of these items and of others, one below the other.

        Raises:
            VoteError: They differ in labels, voters or seed.

        Example:
            >>> sketch = Sketch.of(VoteMatrix.from_ints([[0], [1]], labels=2))
            >>> sketch.merge(sketch).patterns().counts.tolist()
            [2.0, 2.0]
        """
        parts = [self, *others]
        if len({part.seed for part in parts}) > 1:
            raise VoteError("Only sketches of the same seed can be merged.")
        return _with_sums(VoteMatrix.stack(parts), np.concatenate([part.sums for part in parts]), self.seed)


def _with_sums(votes: VoteMatrix, sums: Hashes, seed: int) -> Sketch:
    """Return the sketch of votes whose sums are known."""
    sketch = Sketch(votes.codes, votes.labels, votes.symbols, votes.voters, seed)
    sketch.__dict__["sums"] = sums  # where the cached property looks first
    return sketch

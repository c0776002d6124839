"""Votes as a one-hot: a feature is a voter with one of the label sets that it emits.

X is the U x F one-hot of the features that patterns show. Abstaining is stored as nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

SMALL = 2**14
"""Up to so many cells a one-hot is faster written out; sums come out the same."""


@dataclass(frozen=True, eq=False)
class Features:
    """The features that patterns show.

    Attributes:
        voter: int [F]: the place of the voter.
        code: int [F]: the code of the label set.
        cells: int [C]: the feature of each vote, pattern by pattern.
        starts: int [U + 1]: where each pattern's votes begin.
        voters: m.

    Example:
        >>> features = Features.of(np.array([[1, 0], [2, 3]]))  # two patterns of two voters; 0 abstains
        >>> features.voter.tolist(), features.code.tolist()
        ([0, 0, 1], [1, 2, 3])
        >>> features.shown.toarray().tolist()
        [[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]
    """

    voter: npt.NDArray[np.int64]
    code: npt.NDArray[np.int64]
    cells: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    voters: int

    @classmethod
    def of(cls, codes: npt.NDArray[Any]) -> Features:
        """Return the features of patterns."""
        rows, width = codes.shape
        votes = codes != 0
        cells = np.flatnonzero(votes)
        rows_of_cells = np.zeros(rows + 1, np.int64)
        np.cumsum(np.count_nonzero(votes, axis=1), out=rows_of_cells[1:])
        base = int(codes.max(initial=0)) + 1
        mine = (cells % width) * base + np.ravel(codes)[cells] if width else cells  # each voter with what it says
        occurs = np.bincount(mine, minlength=width * base) > 0
        place = np.cumsum(occurs) - 1
        packed = np.flatnonzero(occurs)
        voter, code = np.divmod(packed, base)
        return cls(voter, code, place[mine].astype(np.int32), rows_of_cells, width)

    @property
    def shape(self) -> tuple[int, int]:
        """U and F."""
        return len(self.starts) - 1, len(self.voter)

    @cached_property
    def shown(self) -> sparse.csr_matrix:
        """The one-hot, U x F."""
        return sparse.csr_matrix((np.ones(len(self.cells)), self.cells, self.starts), shape=self.shape)

    @cached_property
    def transposed(self) -> sparse.csc_matrix:
        """The one-hot, F x U."""
        return self.shown.T

    @cached_property
    def _dense(self) -> Array | None:
        rows, columns = self.shape
        if rows * columns > SMALL:
            return None
        written = np.zeros(self.shape)
        written[np.repeat(np.arange(rows), np.diff(self.starts)), self.cells] = 1.0
        return written

    def of_patterns(self, values: Array) -> Array:
        """Return for each pattern the sum over the features that it shows: [F, k] -> [U, k]."""
        if self._dense is None:
            return np.asarray(self.shown @ values)
        return np.asarray(np.einsum("uf,fk->uk", self._dense, values))

    def of_features(self, values: Array) -> Array:
        """Return for each feature the sum over the patterns that show it: [U, k] -> [F, k], or [U] -> [F]."""
        if self._dense is None:
            return np.asarray(self.transposed @ values)
        return np.asarray(np.einsum("uf,u->f" if values.ndim == 1 else "uf,uk->fk", self._dense, values))

    def together(self, counts: Array) -> Array:
        """Return how many items show both of two features, [F, F].

        Args:
            counts: float [U]: the weight of each pattern.
        """
        if self._dense is not None and (counts == np.rint(counts)).all():  # whole numbers add up to the same anyhow
            return np.asarray(self._dense.T @ (self._dense * counts[:, None]))
        weighted = self.shown.copy()
        weighted.data = np.repeat(counts, np.diff(self.starts))
        return np.asarray((self.transposed @ weighted).todense())

    @cached_property
    def sets(self) -> npt.NDArray[np.int64]:
        """How many label sets each voter says, int [m]."""
        return np.bincount(self.voter, minlength=self.voters)

    @cached_property
    def several(self) -> npt.NDArray[np.bool_]:
        """Whether the voter of each feature says several label sets, bool [F]."""
        return np.asarray((self.sets > 1)[self.voter])

    def by_voter(self, values: Array) -> Array:
        """Return the sum over each voter's features, [m, k]."""
        some, begins = self._begins
        total = np.zeros((self.voters, values.shape[1]))
        if len(some):
            total[some] = np.add.reduceat(values, begins, axis=0)
        return total

    @cached_property
    def _begins(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The voters that say anything, and the first feature of each."""
        some = np.flatnonzero(self.sets)
        return some, np.searchsorted(self.voter, some)

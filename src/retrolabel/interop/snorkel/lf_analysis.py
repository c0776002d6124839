"""Snorkel's analysis of labeling functions, in one pass over a matrix of a byte a cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retrolabel.interop.snorkel.functions import name_of
from retrolabel.interop.snorkel.matrices import blocks, gold_labels, label_matrix
from retrolabel.interop.snorkel.refusals import LabelMatrixError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from retrolabel.interop.snorkel.matrices import Labels

UNKNOWN = -2
"""Stands for unknown gold where -1 would agree with an abstention."""


@dataclass(frozen=True)
class _Counts:
    """How many items are what.

    Attributes:
        covered: Items with a vote.
        overlapped: Items with several votes.
        conflicted: Items with votes for different labels.
        votes: int64 [m]: the votes of each labeling function.
        overlaps: int64 [m]: those on overlapped items.
        conflicts: int64 [m]: those on conflicted items.
    """

    covered: int
    overlapped: int
    conflicted: int
    votes: npt.NDArray[np.int64]
    overlaps: npt.NDArray[np.int64]
    conflicts: npt.NDArray[np.int64]


class LFAnalysis:
    """What labeling functions do on a set of items, and how right they are where gold is known.

    The matrix is copied in a byte a cell, and counted in one pass. Items whose gold is unknown (-1)
    are left out of every figure that compares with gold; Snorkel counts them as mistakes in ``Emp. Acc.``.

    Args:
        L: Label matrix [n, m] of whole numbers; -1 abstains.
        lfs: The m labeling functions, for their names; plain functions will do.

    Attributes:
        L: The matrix as it was given.

    Raises:
        LabelMatrixError: A cell is no label, or there are not as many labeling functions as columns.

    Example:
        >>> analysis = LFAnalysis(np.array([[0, 0], [0, 1], [0, -1], [-1, -1]]))
        >>> analysis.lf_summary(Y=np.array([0, 0, 1, -1]))
          Polarity  Coverage  Overlaps  Conflicts  Correct  Incorrect  Emp. Acc.
        0      [0]      0.75       0.5       0.25        2          1   0.666667
        1   [0, 1]      0.50       0.5       0.25        1          1   0.500000
    """

    def __init__(self, L: npt.ArrayLike, lfs: Sequence[Any] | None = None) -> None:  # noqa: N803 - Snorkel's name
        self._labels: Labels = label_matrix(L)
        self.L = np.asarray(L)
        self._lf_names: list[str] | None = None
        if lfs is not None:
            if len(lfs) != self._labels.shape[1]:
                raise LabelMatrixError(
                    f"Number of LFs: {len(lfs)}; number of columns of L: {self._labels.shape[1]}."
                    " There is one column for each."
                )
            self._lf_names = [name_of(lf) for lf in lfs]

    def label_coverage(self) -> float:
        """Return the share of items with at least one vote.

        Example:
            >>> LFAnalysis(np.array([[0, 0], [0, 1], [0, -1], [-1, -1]])).label_coverage()
            0.75
        """
        return self._share(self._counts.covered)

    def label_overlap(self) -> float:
        """Return the share of items with at least two votes.

        Example:
            >>> LFAnalysis(np.array([[0, 0], [0, 1], [0, -1], [-1, -1]])).label_overlap()
            0.5
        """
        return self._share(self._counts.overlapped)

    def label_conflict(self) -> float:
        """Return the share of items with votes for different labels.

        Example:
            >>> LFAnalysis(np.array([[0, 0], [0, 1], [0, -1], [-1, -1]])).label_conflict()
            0.25
        """
        return self._share(self._counts.conflicted)

    def lf_polarities(self) -> list[list[int]]:
        """Return the labels that each labeling function votes, sorted.

        Example:
            >>> LFAnalysis(np.array([[0, 0], [0, 1], [0, -1], [-1, -1]])).lf_polarities()
            [[0], [0, 1]]
        """
        return [_voted(column) for column in self._labels.T]

    def lf_coverages(self) -> npt.NDArray[np.float64]:
        """Return float [m]: the share of items on which each labeling function votes.

        Example:
            >>> LFAnalysis(np.array([[0, 0], [0, 1], [0, -1], [-1, -1]])).lf_coverages().tolist()
            [0.75, 0.5]
        """
        return self._shares(self._counts.votes)

    def lf_overlaps(self, normalize_by_coverage: bool = False) -> npt.NDArray[np.float64]:
        """Return float [m]: the share of items on which each labeling function votes, and another one too.

        Args:
            normalize_by_coverage: Return the share of its votes instead; 0 where it never votes.

        Example:
            >>> analysis = LFAnalysis(np.array([[0, 0], [0, 1], [0, -1], [0, -1]]))
            >>> analysis.lf_overlaps().tolist(), analysis.lf_overlaps(normalize_by_coverage=True).tolist()
            ([0.5, 0.5], [0.5, 1.0])
        """
        return _ratio(self._counts.overlaps, self._counts.votes if normalize_by_coverage else self._items)

    def lf_conflicts(self, normalize_by_overlaps: bool = False) -> npt.NDArray[np.float64]:
        """Return float [m]: the share of items on which each labeling function votes, and another one differently.

        Args:
            normalize_by_overlaps: Return the share of its overlaps instead; 0 where it has none.

        Example:
            >>> analysis = LFAnalysis(np.array([[0, 0], [0, 1], [0, -1], [0, -1]]))
            >>> analysis.lf_conflicts().tolist(), analysis.lf_conflicts(normalize_by_overlaps=True).tolist()
            ([0.25, 0.25], [0.5, 0.5])
        """
        return _ratio(self._counts.conflicts, self._counts.overlaps if normalize_by_overlaps else self._items)

    def lf_empirical_accuracies(self, Y: npt.ArrayLike) -> npt.NDArray[np.float64]:  # noqa: N803 - Snorkel's name
        """Return float [m]: the share of each one's votes that are right; 0 where it has none.

        Args:
            Y: Gold labels [n] or [n, 1]; -1 where unknown.

        Raises:
            LabelMatrixError: They are not one label for each item.

        Example:
            >>> LFAnalysis(np.array([[0, 0], [0, 1], [0, -1]])).lf_empirical_accuracies(np.array([0, 0, -1])).tolist()
            [1.0, 0.5]
        """
        correct, judged = self._against(Y)
        return _ratio(correct, judged)

    def lf_empirical_probs(self, Y: npt.ArrayLike, k: int) -> npt.NDArray[np.float64]:  # noqa: N803 - Snorkel's name
        """Return float [m, k + 1, k]: how often each one abstains (row 0) or votes l (row l + 1), given the gold.

        Args:
            Y: Gold labels [n] or [n, 1]; -1 where unknown.
            k: The number of labels.

        Returns:
            The shares; NaN for a label that no item has.

        Raises:
            LabelMatrixError: A vote or a gold label lies outside -1 to k - 1, or they differ in length.

        Example:
            >>> LFAnalysis(np.array([[0], [1], [-1], [1]])).lf_empirical_probs(np.array([0, 0, 1, 1]), 2).tolist()
            [[[0.0, 0.5], [0.5, 0.0], [0.5, 0.5]]]
        """
        gold = gold_labels(Y, self._items, cardinality=k)
        known = np.flatnonzero(gold >= 0)
        found = label_matrix(self._labels[known], cardinality=k)
        place = gold[known]
        counts = np.zeros((found.shape[1], k + 1, k))
        for lf, column in enumerate(found.T):
            pairs = (column.astype(np.int64) + 1) * k + place
            counts[lf] = np.bincount(pairs, minlength=(k + 1) * k).reshape(k + 1, k)
        totals = np.bincount(place, minlength=k).astype(np.float64)
        return np.asarray(np.divide(counts, totals, out=np.full_like(counts, np.nan), where=totals > 0))

    def lf_summary(
        self,
        Y: npt.ArrayLike | None = None,  # noqa: N803 - Snorkel's name
        est_weights: npt.ArrayLike | None = None,
    ) -> pd.DataFrame:
        """Return a row for each labeling function, with the columns of Snorkel's summary.

        Args:
            Y: Gold labels [n] or [n, 1]; -1 where unknown.
            est_weights: [m] what a label model makes of them.

        Returns:
            A frame indexed by name (by number, where no labeling functions were given): ``j`` (with
            names only), ``Polarity``, ``Coverage``, ``Overlaps``, ``Conflicts``; with gold
            ``Correct``, ``Incorrect``, ``Emp. Acc.``; with weights ``Learned Weight``.

        Raises:
            LabelMatrixError: Gold labels or weights are not as many as there are items or functions.

        Example:
            >>> votes = np.array([[0, 0], [0, 1], [0, -1], [-1, -1]])
            >>> LFAnalysis(votes).lf_summary(est_weights=[0.9, 0.6])
              Polarity  Coverage  Overlaps  Conflicts  Learned Weight
            0      [0]      0.75       0.5       0.25             0.9
            1   [0, 1]      0.50       0.5       0.25             0.6
        """
        numbers = list(range(self._labels.shape[1]))
        columns: dict[str, Any] = {} if self._lf_names is None else {"j": numbers}
        columns["Polarity"] = self.lf_polarities()
        columns["Coverage"] = self.lf_coverages()
        columns["Overlaps"] = self.lf_overlaps()
        columns["Conflicts"] = self.lf_conflicts()
        if Y is not None:
            correct, judged = self._against(Y)
            columns |= {"Correct": correct, "Incorrect": judged - correct, "Emp. Acc.": _ratio(correct, judged)}
        if est_weights is not None:
            learned = np.asarray(est_weights)
            if learned.shape != (len(numbers),):
                raise LabelMatrixError(
                    f"est_weights has the shape {learned.shape}; there are {len(numbers)} labeling functions."
                )
            columns["Learned Weight"] = learned
        return pd.DataFrame(columns, index=pd.Index(numbers if self._lf_names is None else self._lf_names))

    @property
    def _items(self) -> int:
        return len(self._labels)

    def _share(self, count: int) -> float:
        return count / max(1, self._items)

    def _shares(self, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        return _ratio(counts, self._items)

    @cached_property
    def _counts(self) -> _Counts:
        totals = np.zeros(3, np.int64)
        by_lf = np.zeros((3, self._labels.shape[1]), np.int64)
        for rows in blocks(self._items):
            block = self._labels[rows]
            items = np.stack(_kinds(block))
            totals += np.count_nonzero(items, axis=1)
            for lf, column in enumerate(block.T):
                voting = column >= 0
                by_lf[0, lf] += np.count_nonzero(voting)
                by_lf[1, lf] += np.count_nonzero(voting & items[1])
                by_lf[2, lf] += np.count_nonzero(voting & items[2])
        return _Counts(int(totals[0]), int(totals[1]), int(totals[2]), *by_lf)

    def _against(self, gold: npt.ArrayLike) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return int64 [m] twice: the votes that are right, and all that gold can judge."""
        known = gold_labels(gold, self._items)
        wanted = np.where(known >= 0, known, UNKNOWN)
        none_unknown = bool((known >= 0).all())
        if known.max(initial=0) <= np.iinfo(self._labels.dtype).max:
            wanted = wanted.astype(self._labels.dtype)
        correct, judged = np.zeros((2, self._labels.shape[1]), np.int64)
        for lf, column in enumerate(self._labels.T):
            correct[lf] = np.count_nonzero(column == wanted)
            if not none_unknown:
                judged[lf] = np.count_nonzero((column >= 0) & (wanted >= 0))
        return correct, self._counts.votes if none_unknown else judged


def _kinds(block: Labels) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return bool [n] three times: whether an item has a vote, several votes, votes for different labels."""
    unsigned = np.dtype(f"u{block.dtype.itemsize}")
    voters = np.zeros(len(block), np.min_scalar_type(block.shape[1]))
    highest = np.full(len(block), -1, block.dtype)
    lowest = np.full(len(block), -1, block.dtype).view(unsigned)  # read without a sign, -1 is above every label
    for column in block.T:
        voters += column >= 0
        np.maximum(highest, column, out=highest)
        np.minimum(lowest, column.view(unsigned), out=lowest)
    return voters > 0, voters > 1, lowest != highest.view(unsigned)


def _voted(column: Labels) -> list[int]:
    if column.dtype == np.int8:
        counts = sum((np.bincount(column[rows] + 1, minlength=128) for rows in blocks(len(column))), np.zeros(128))
        return (np.flatnonzero(counts[1:])).tolist()
    return [int(label) for label in np.unique(column) if label >= 0]


def _ratio(counts: npt.NDArray[np.int64], of: npt.NDArray[np.int64] | int) -> npt.NDArray[np.float64]:
    """Return counts as shares; 0 of nothing is 0."""
    totals = np.broadcast_to(np.asarray(of, dtype=np.float64), counts.shape)
    return np.asarray(np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0))

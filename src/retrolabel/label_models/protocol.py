"""What every label model can do, and how its probabilities become labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.votes import Patterns, VoteMatrix

if TYPE_CHECKING:
    import numpy.typing as npt

    Probabilities = npt.NDArray[np.float64]
    Gold = npt.NDArray[Any] | VoteMatrix

TIE = 1e-9
"""Two probabilities nearer than this are a tie: far above rounding, far below any evidence."""


class FittedLabelModel(Protocol):
    """A label model that has seen votes; it never changes again."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The k label ids, in the order of the probabilities."""

    def predict_proba(self, votes: VoteMatrix | Patterns) -> Probabilities:
        """Return float [n, k]; rows sum to 1. Patterns give one row for each pattern."""

    def parameters(self) -> dict[str, Any]:
        """Return what was learned, as plain data for a manifest."""


class LabelModelProtocol(Protocol):
    """A label model with its settings, before it has seen votes."""

    @property
    def name(self) -> str:
        """The name under which it is chosen."""

    def settings(self) -> dict[str, Any]:
        """Return the settings and the version of the numerics, as plain data: what a label set's id depends on."""

    @property
    def uses_gold(self) -> bool:
        """Whether ``fit`` does anything with gold."""

    def fit(self, votes: VoteMatrix | Patterns, gold: Gold | None = None) -> FittedLabelModel:
        """Return the fitted model; the votes are not changed.

        Args:
            votes: n items x m voters, or their U patterns.
            gold: Gold of a random sample of the items. For items: int [n], the place of the label,
                -1 where unknown, or a matrix of one column. For patterns: counts [U, k].
        """


def as_patterns(votes: VoteMatrix | Patterns) -> Patterns:
    """Return votes as patterns, whichever of the two they are."""
    return votes if isinstance(votes, Patterns) else votes.patterns()


def gold_by_pattern(votes: VoteMatrix | Patterns, gold: Gold | None) -> tuple[Patterns, npt.NDArray[np.float64]]:
    """Return the patterns of the items that have gold, and how many gold items of each label show them.

    Args:
        votes: n items x m voters, or their U patterns.
        gold: int [n] with -1 where unknown, a matrix of one column (a set of labels counts as a share of
            each), or counts [U, k] for patterns; ``None`` is no gold.

    Raises:
        VoteError: The gold does not fit the votes: its shape, or a label that does not exist.

    Example:
        >>> votes = VoteMatrix.from_ints([[0], [1], [1]], labels=2)
        >>> known, counts = gold_by_pattern(votes, np.array([1, -1, 1]))
        >>> known.codes.tolist(), counts.tolist()
        ([[1], [2]], [[0.0, 1.0], [0.0, 1.0]])
    """
    k = len(votes.labels)
    if gold is None:
        nothing = Patterns(votes.codes[:0], np.zeros(0), votes.labels, votes.symbols, votes.voters)
        return nothing, np.zeros((0, k))
    if isinstance(votes, Patterns):
        counts = _checked_counts(votes, gold)
        here = np.flatnonzero(counts.sum(axis=1) > 0)
        return _rows(votes, here).without_items(), counts[here]
    shares = gold_shares(votes, gold)
    here = np.flatnonzero(shares.sum(axis=1) > 0)
    known = _rows(votes, here)
    counts = np.zeros((len(known), k))
    np.add.at(counts, known.inverse, shares[here])
    return known.without_items(), counts


def _rows(votes: VoteMatrix | Patterns, rows: npt.NDArray[np.int64]) -> Patterns:
    if isinstance(votes, Patterns):
        return Patterns(votes.codes[rows], votes.counts[rows], votes.labels, votes.symbols, votes.voters)
    return VoteMatrix(votes.codes[rows], votes.labels, votes.symbols, votes.voters).patterns()


def _checked_counts(votes: Patterns, gold: Gold) -> npt.NDArray[np.float64]:
    counts = np.asarray(gold, dtype=np.float64) if not isinstance(gold, VoteMatrix) else np.zeros(0)
    wanted = (len(votes), len(votes.labels))
    if counts.shape != wanted:
        raise VoteError(f"Gold for patterns is counts of the shape {wanted}, got {counts.shape}.")
    if counts.size and not (np.isfinite(counts).all() and counts.min() >= 0):
        raise VoteError("Gold for patterns is counts of items, none of them negative.")
    return counts


def gold_shares(votes: VoteMatrix, gold: Gold) -> npt.NDArray[np.float64]:
    """Return float [n, k]: one for the gold label of each item, a share of it where gold is a set.

    Raises:
        VoteError: The gold does not fit the votes.
    """
    if isinstance(gold, VoteMatrix):
        if gold.labels != votes.labels or gold.shape != (len(votes), 1):
            raise VoteError(f"Gold is one column over the same labels and items, got {gold.shape}.")
        member = gold.membership.astype(np.float64)
        member[0] = 0.0
        return np.asarray((member / np.maximum(member.sum(axis=1, keepdims=True), 1.0))[gold.codes[:, 0]])
    places, k = np.asarray(gold), len(votes.labels)
    if places.shape != (len(votes),):
        raise VoteError(f"Gold has the shape {places.shape}; these votes need {(len(votes),)}.")
    if not np.issubdtype(places.dtype, np.integer):
        raise VoteError(f"Gold is places of labels, whole numbers, got {places.dtype}.", remedy="-1 where unknown")
    if places.size and (places.min() < -1 or places.max() >= k):
        raise VoteError(f"Gold holds labels outside -1 to {k - 1}.", remedy="-1 where the label is unknown")
    return np.asarray(np.vstack([np.eye(k), np.zeros(k)])[places])


def gold_totals(votes: VoteMatrix | Patterns, gold: Gold) -> npt.NDArray[np.float64]:
    """Return float [k]: how many gold items each label has.

    Raises:
        VoteError: The gold does not fit the votes.

    Example:
        >>> votes = VoteMatrix.from_ints([[0], [1], [1]], labels=2)
        >>> gold_totals(votes, np.array([1, -1, 1])).tolist()
        [0.0, 2.0]
    """
    return np.asarray(gold_by_pattern(votes, gold)[1].sum(axis=0))


def gold_prior(totals: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the label probabilities that a random gold sample speaks for: (n_y + 1) / (G + k)."""
    return np.asarray((totals + 1) / (totals.sum() + len(totals)))


def check_votes(votes: VoteMatrix | Patterns, labels: tuple[str, ...], voters: tuple[str, ...] | None = None) -> None:
    """Raise ``VoteError`` unless the votes are over these labels and by these voters."""
    if votes.labels != labels:
        raise VoteError(f"The votes are over {', '.join(votes.labels)}; the model was fitted on {', '.join(labels)}.")
    if voters is not None and votes.voters != voters:
        different = sorted(set(votes.voters) ^ set(voters)) or ["their order"]
        raise VoteError(f"The votes are by other voters than the model was fitted on: {', '.join(different)}.")


def hard_labels(probabilities: Probabilities, covered: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return int [n]: the place of the highest probability; -1 for exact ties and uncovered items.

    Example:
        >>> hard_labels(np.array([[.7, .3], [.5, .5], [.9, .1]]), np.array([True, True, False])).tolist()
        [0, -1, -1]
    """
    if not len(probabilities):
        return np.zeros(0, np.int64)
    best = probabilities.argmax(axis=1)
    ordered = np.partition(probabilities, -2, axis=1)
    tied = ordered[:, -1] - ordered[:, -2] < TIE
    return np.where(covered & ~tied, best, -1)

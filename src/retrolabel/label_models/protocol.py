"""What every label model can do, and how its probabilities become labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.votes import Patterns, VoteMatrix

if TYPE_CHECKING:
    import numpy.typing as npt

    Probabilities = npt.NDArray[np.float64]

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

    def fit(self, votes: VoteMatrix | Patterns, gold: npt.NDArray[Any] | None = None) -> FittedLabelModel:
        """Return the fitted model; the votes are not changed.

        Args:
            votes: n items x m voters, or their U patterns.
            gold: Gold of a random sample of the items. For items: int [n], the place of the label,
                -1 where unknown. For patterns: counts [U, k].
        """


def as_patterns(votes: VoteMatrix | Patterns) -> Patterns:
    """Return votes as patterns, whichever of the two they are."""
    return votes if isinstance(votes, Patterns) else votes.patterns()


def gold_totals(votes: VoteMatrix | Patterns, gold: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return float [k]: how many gold items each label has.

    Raises:
        VoteError: The gold does not fit the votes: its shape, or a label that does not exist.

    Example:
        >>> votes = VoteMatrix.from_ints([[0], [1], [1]], labels=2)
        >>> gold_totals(votes, np.array([1, -1, 1])).tolist()
        [0.0, 2.0]
    """
    k = len(votes.labels)
    wanted = (len(votes), k) if isinstance(votes, Patterns) else (len(votes),)
    if gold.shape != wanted:
        raise VoteError(f"Gold has the shape {gold.shape}; these votes need {wanted}.")
    if isinstance(votes, Patterns):
        return np.asarray(gold.sum(axis=0), dtype=np.float64)
    if gold.size and (gold.min() < -1 or gold.max() >= k):
        raise VoteError(f"Gold holds labels outside -1 to {k - 1}.", remedy="-1 where the label is unknown")
    return np.bincount(gold[gold >= 0], minlength=k).astype(np.float64)


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


def expand(per_pattern: Probabilities, votes: VoteMatrix | Patterns, patterns: Patterns) -> Probabilities:
    """Return one row for each item where items were given, one for each pattern where patterns were."""
    return per_pattern[patterns.inverse] if isinstance(votes, VoteMatrix) else per_pattern


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

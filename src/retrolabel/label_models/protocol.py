"""What every label model can do, and how its probabilities become labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.votes import Patterns, VoteMatrix

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.gold import Gold

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

    def fit(self, votes: VoteMatrix | Patterns, gold: Gold | None = None) -> FittedLabelModel:
        """Return the fitted model; the votes are not changed.

        Args:
            votes: n items x m voters, or their U patterns.
            gold: Gold of a random sample of the items. For items: int [n], the place of the label,
                -1 where unknown, or a matrix of one column. For patterns: counts [U, k]. Or, for both, sets of
                labels with what is known of how their items were drawn.
        """


def as_patterns(votes: VoteMatrix | Patterns) -> Patterns:
    """Return votes as patterns, whichever of the two they are."""
    return votes if isinstance(votes, Patterns) else votes.patterns()


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

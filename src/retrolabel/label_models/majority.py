"""Majority vote: each voter counts the same."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.label_models.em import scores
from retrolabel.label_models.protocol import check_votes

if TYPE_CHECKING:
    from retrolabel.label_models.gold import Gold
    from retrolabel.label_models.protocol import Probabilities
    from retrolabel.votes import Patterns, VoteMatrix


@dataclass(frozen=True, kw_only=True)
class MajorityVote:
    """Each vote gives every label of its set the same share of one.

    Args:
        smoothing: Votes that are spread evenly over all labels before counting; 0 gives plain
            shares, 1 keeps the probability of a label without votes above zero.

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_sets([[0, 0, {0, 1}], [None, None, None]], labels=3)
        >>> MajorityVote().fit(votes).predict_proba(votes).round(3).tolist()
        [[0.833, 0.167, 0.0], [0.333, 0.333, 0.333]]
    """

    smoothing: float = 0.0
    name: str = "majority_vote"

    def __post_init__(self) -> None:
        """Check the smoothing."""
        if not (math.isfinite(self.smoothing) and self.smoothing >= 0):
            raise VoteError(f"MajorityVote: smoothing is a number of votes, 0 or more, not {self.smoothing}.")

    @classmethod
    def smoothed(cls) -> MajorityVote:
        """Return majority vote as a relabel takes it: one vote is spread over all labels, so no probability is 0.

        Example:
            >>> MajorityVote.smoothed().settings()["smoothing"]
            1.0
        """
        return cls(smoothing=1.0)

    def settings(self) -> dict[str, Any]:
        """Return the settings and the version of the numerics."""
        return {**asdict(self), "numerics": 1}

    @property
    def uses_gold(self) -> bool:
        """Majority vote learns nothing, from gold neither."""
        return False

    def fit(self, votes: VoteMatrix | Patterns, gold: Gold | None = None) -> FittedMajorityVote:  # noqa: ARG002 - not used
        """Return the fitted model, which has learned nothing but the labels."""
        return FittedMajorityVote(votes.labels, self.smoothing)


@dataclass(frozen=True)
class FittedMajorityVote:
    """Majority vote over fixed labels."""

    labels: tuple[str, ...]
    smoothing: float

    def predict_proba(self, votes: VoteMatrix | Patterns) -> Probabilities:
        """Return float [n, k]: the share of the votes for each label; uniform where there are none."""
        check_votes(votes, self.labels)
        shares = votes.membership / votes.membership.sum(axis=1, keepdims=True)
        shares[0] = 0.0
        start = np.full(len(self.labels), self.smoothing / len(self.labels))
        totals = scores(votes, [shares] * len(votes.voters), start)
        sums = totals.sum(axis=1, keepdims=True)
        totals[sums[:, 0] <= 0] = 1.0
        totals /= np.where(sums > 0, sums, len(self.labels))
        return totals

    def parameters(self) -> dict[str, Any]:
        """Return nothing: majority vote learns nothing."""
        return {}

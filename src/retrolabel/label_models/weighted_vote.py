"""Weighted vote: each voter counts by how often it was right on gold."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.label_models import em
from retrolabel.label_models.gold import gold_by_pattern
from retrolabel.label_models.protocol import check_votes

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.gold import Gold
    from retrolabel.label_models.protocol import Probabilities
    from retrolabel.votes import Patterns, VoteMatrix

HIGHEST = 0.99


@dataclass(frozen=True, kw_only=True)
class WeightedVote:
    """Votes add up, each with the log-odds of its voter's precision on gold: naive Bayes with one number a voter.

    Args:
        base_precision: How often a vote is right where gold says nothing of its voter.
        gold_items: How many gold items that assumption is worth.

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_ints([[0, 1], [0, 1], [1, 0], [0, 1]], labels=2)
        >>> fitted = WeightedVote().fit(votes, np.array([0, 0, 1, -1]))
        >>> fitted.predict_proba(votes)[:, 0].round(2).tolist()
        [0.89, 0.89, 0.11, 0.89]
    """

    base_precision: float = 0.75
    gold_items: float = 4.0
    name: str = "weighted_vote"

    def __post_init__(self) -> None:
        """Check the ranges of the settings."""
        if not 0 < self.base_precision < 1 or not (math.isfinite(self.gold_items) and self.gold_items > 0):
            raise VoteError("WeightedVote: 0 < base_precision < 1, and gold_items is above 0.")

    def settings(self) -> dict[str, Any]:
        """Return the settings and the version of the numerics."""
        return {**asdict(self), "numerics": 1}

    @property
    def uses_gold(self) -> bool:
        """Gold is all that it learns from."""
        return True

    def fit(self, votes: VoteMatrix | Patterns, gold: Gold | None = None) -> FittedWeightedVote:
        """Return the fitted model; without gold all voters count the same."""
        known, counted = gold_by_pattern(votes, gold)
        right, judged = np.zeros(len(votes.voters)), np.zeros(len(votes.voters))
        for column in range(len(votes.voters)):
            codes = known.codes[:, column]
            right[column] = (counted * known.membership[codes])[codes > 0].sum()
            judged[column] = counted[codes > 0].sum()
        precision = (right + self.base_precision * self.gold_items) / (judged + self.gold_items)
        return FittedWeightedVote(votes.labels, votes.voters, np.minimum(precision, HIGHEST))


@dataclass(frozen=True, eq=False)
class FittedWeightedVote:
    """What gold said of each voter.

    Attributes:
        labels: The k label ids.
        voters: The m voters.
        precision: float [m].
    """

    labels: tuple[str, ...]
    voters: tuple[str, ...]
    precision: npt.NDArray[np.float64]

    def predict_proba(self, votes: VoteMatrix | Patterns) -> Probabilities:
        """Return float [n, k]; uniform where there are no votes."""
        check_votes(votes, self.labels, self.voters)
        tables = []
        for precision in self.precision:
            table = np.log(em.lifts(votes.membership, float(precision)))
            table[0] = 0.0
            tables.append(table)
        return em.normalised(em.scores(votes, tables, np.zeros(len(self.labels))))

    def parameters(self) -> dict[str, Any]:
        """Return each voter's precision, as plain data for a manifest."""
        return {"precision": dict(zip(self.voters, self.precision.tolist(), strict=True))}

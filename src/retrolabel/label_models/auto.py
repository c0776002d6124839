"""Let gold choose the label model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.label_models.dawid_skene import DawidSkene
from retrolabel.label_models.hashes import row_hashes
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.protocol import as_patterns, gold_by_pattern, gold_shares
from retrolabel.label_models.weighted_vote import WeightedVote
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.protocol import FittedLabelModel, Gold, LabelModelProtocol, Probabilities
    from retrolabel.votes import Patterns

FOLDS = 5
FEWEST = 40
"""Below so many gold items nothing is compared, and the first model is taken."""
LEAST_LOG = 1e-6
ROUNDING = 1e-9


def _candidates() -> tuple[LabelModelProtocol, ...]:
    return (LabelModel(), WeightedVote(), DawidSkene(), MajorityVote.smoothed())


@dataclass(frozen=True, kw_only=True)
class AutoLabelModel:
    """The label model that fits held-out gold best, by log-loss over covered items.

    Gold is cut into five parts; each model is fitted with four and asked about the fifth. Another model
    than the first is taken only where it is better by more than one standard error, so that chance does
    not choose.

    Args:
        candidates: The models, the one to be preferred first.

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_ints([[0, 0], [1, 1]], labels=2)
        >>> AutoLabelModel().fit(votes).parameters()["chosen"]
        'label_model'
    """

    candidates: tuple[LabelModelProtocol, ...] = field(default_factory=_candidates)
    name: str = field(default="auto", init=False)

    def settings(self) -> dict[str, Any]:
        """Return the settings of all candidates."""
        return {"name": self.name, "candidates": [each.settings() for each in self.candidates], "numerics": 2}

    @property
    def uses_gold(self) -> bool:
        """Gold chooses."""
        return True

    def fit(self, votes: VoteMatrix | Patterns, gold: Gold | None = None) -> FittedAuto:
        """Return the chosen model, fitted with all gold."""
        patterns = as_patterns(votes)
        counts = _counts(votes, patterns, gold)
        losses = self._losses(patterns, counts)
        chosen = 0
        for place in range(1, len(losses)):
            gain = losses[chosen] - losses[place]
            if len(gain) and gain.mean() > gain.std() / np.sqrt(len(gain)):
                chosen = place
        model = self.candidates[chosen]
        fitted = model.fit(patterns, counts if model.uses_gold and counts.any() else None)
        return FittedAuto(
            fitted, model.name, {m.name: _mean(loss) for m, loss in zip(self.candidates, losses, strict=True)}
        )

    def _losses(self, patterns: Patterns, counts: npt.NDArray[np.float64]) -> list[npt.NDArray[np.float64]]:
        """Return for each candidate the log-loss of each gold item on a covered pattern, held out."""
        units = _units(patterns, counts)
        if len(units) < FEWEST:
            return [np.zeros(0) for _ in self.candidates]
        folds = np.arange(len(units)) % FOLDS
        losses = [np.zeros(len(units)) for _ in self.candidates]
        for fold in range(FOLDS):
            held = units[folds == fold]
            rest = counts - np.bincount(held, minlength=counts.size).reshape(counts.shape)
            for model, loss in zip(self.candidates, losses, strict=True):
                found = model.fit(patterns, rest if model.uses_gold else None).predict_proba(patterns)
                loss[folds == fold] = -np.log(np.maximum(found.ravel()[held], LEAST_LOG))
        return losses


def _units(patterns: Patterns, counts: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return the cell of each gold item on a covered pattern, in an order that no order of voters or items changes.

    A gold item that is a set of labels, a share of each, does not choose.
    """
    labels = len(patterns.labels)
    cells = (np.argsort(row_hashes(patterns), kind="stable")[:, None] * labels + np.arange(labels)).ravel()
    units = np.repeat(cells, np.floor(counts.ravel()[cells] + ROUNDING).astype(np.int64))
    return np.asarray(units[patterns.covered[units // labels]])


def _counts(votes: VoteMatrix | Patterns, patterns: Patterns, gold: Gold | None) -> npt.NDArray[np.float64]:
    """Return gold as counts for the patterns of all items."""
    empty = np.zeros((len(patterns), len(patterns.labels)))
    if gold is None:
        return empty
    if not isinstance(votes, VoteMatrix):
        gold_by_pattern(votes, gold)  # raises where it does not fit
        return np.asarray(gold, dtype=np.float64)
    shares = gold_shares(votes, gold)
    np.add.at(empty, patterns.inverse, shares)
    return empty


def _mean(loss: npt.NDArray[np.float64]) -> float | None:
    return float(loss.mean()) if len(loss) else None


@dataclass(frozen=True, eq=False)
class FittedAuto:
    """The model that gold chose.

    Attributes:
        model: The fitted model.
        chosen: Its name.
        losses: Candidate -> log-loss on held-out gold; ``None`` where there was too little.
    """

    model: FittedLabelModel
    chosen: str
    losses: dict[str, float | None]

    @property
    def labels(self) -> tuple[str, ...]:
        """The k label ids."""
        return self.model.labels

    def predict_proba(self, votes: VoteMatrix | Patterns) -> Probabilities:
        """Return what the chosen model says."""
        return self.model.predict_proba(votes)

    def parameters(self) -> dict[str, Any]:
        """Return what was learned, and why this model was taken."""
        return {**self.model.parameters(), "chosen": self.chosen, "held_out_log_loss": self.losses}

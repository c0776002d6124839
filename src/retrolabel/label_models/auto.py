"""Let gold choose the label model, and what the votes look like where there is too little gold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.label_models.dawid_skene import DawidSkene
from retrolabel.label_models.features import Features
from retrolabel.label_models.gold import GoldSets, gold_sets
from retrolabel.label_models.hashes import row_hashes
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.protocol import as_patterns
from retrolabel.label_models.weighted_vote import WeightedVote
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.gold import Gold
    from retrolabel.label_models.protocol import FittedLabelModel, LabelModelProtocol, Probabilities
    from retrolabel.votes import Patterns

FOLDS = 5
FEWEST = 40
"""Below so many gold items nothing is compared, and the first model is taken."""
PEOPLE, ANSWERS, EACH = 20, 2.5, 15.0
"""From so many voters, answers an item and answers a voter on, EM alone tells people apart."""
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

    With less than 40 gold items the votes choose: Dawid-Skene, if it is a candidate, where at least 20 voters mostly
    say several labels, with 2.5 answers an item and 15 a voter (the median) or more. These are people, and there are
    answers enough to learn how each of them errs. Else the first is taken. The three numbers were set on seven crowds
    and on planted ones.

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
        return {"name": self.name, "candidates": [each.settings() for each in self.candidates], "numerics": 3}

    @property
    def uses_gold(self) -> bool:
        """Gold chooses."""
        return True

    def fit(self, votes: VoteMatrix | Patterns, gold: Gold | None = None) -> FittedAuto:
        """Return the chosen model, fitted with all gold."""
        patterns = as_patterns(votes)
        known = _one_by_one(votes, patterns, gold)
        losses = self._losses(patterns, known)
        judged = len(losses[0])
        chosen, why = (0, f"held-out gold: {judged} items") if judged else self._by_votes(patterns)
        for place in range(1, len(losses)):
            gain = losses[chosen] - losses[place]
            if len(gain) and gain.mean() > gain.std() / np.sqrt(len(gain)):
                chosen = place
        model = self.candidates[chosen]
        fitted = model.fit(patterns, known if model.uses_gold and len(known) else None)
        told = {m.name: _mean(loss) for m, loss in zip(self.candidates, losses, strict=True)}
        return FittedAuto(fitted, model.name, told, why)

    def _by_votes(self, patterns: Patterns) -> tuple[int, str]:
        """Return the candidate that the votes alone speak for, and why."""
        crowds = [place for place, model in enumerate(self.candidates) if isinstance(model, DawidSkene)]
        features, counts = Features.of(patterns.codes), patterns.counts
        each = features.by_voter(features.of_features(counts)[:, None])[:, 0]
        answers = float(each.sum()) / max(float(counts[patterns.covered].sum()), 1.0)
        voters = int((each > 0).sum())
        people = voters >= PEOPLE and float(np.median(features.sets)) > 1
        many = answers >= ANSWERS and float(np.median(each)) >= EACH if voters else False
        if crowds and people and many:
            told = f"{voters} voters who mostly say several labels, {answers:.1f} answers an item"
            return crowds[0], f"too little random dev gold to choose by; {told}, {np.median(each):.0f} a voter: a crowd"
        return 0, "too little random dev gold to choose by, and the votes are not those of a crowd with many answers"

    def _losses(self, patterns: Patterns, known: GoldSets) -> list[npt.NDArray[np.float64]]:
        """Return for each candidate the log-loss of each gold item on a covered pattern, held out."""
        units = _units(patterns, known)
        if len(units) < FEWEST:
            return [np.zeros(0) for _ in self.candidates]
        folds = np.arange(len(units)) % FOLDS
        losses = [np.zeros(len(units)) for _ in self.candidates]
        truth = known.possible.argmax(axis=1)
        for fold in range(FOLDS):
            held = units[folds == fold]
            rest = known.take(~np.isin(np.arange(len(known)), held))
            for model, loss in zip(self.candidates, losses, strict=True):
                found = model.fit(patterns, rest if model.uses_gold else None).predict_proba(patterns)
                loss[folds == fold] = -np.log(np.maximum(found[known.rows[held], truth[held]], LEAST_LOG))
        return losses


def _units(patterns: Patterns, known: GoldSets) -> npt.NDArray[np.int64]:
    """Return the gold items that choose, in an order that no order of voters or items changes.

    A gold item that leaves several labels does not choose, nor one on a pattern without votes, nor one that was
    drawn nobody knows how: models that are right where somebody looked may be wrong elsewhere.
    """
    choose = patterns.covered[known.rows] & (known.possible.sum(axis=1) == 1) & (known.weights > 0) & (known.items == 1)
    hashes = row_hashes(patterns)[known.rows]
    order = np.lexsort((known.possible.argmax(axis=1), hashes))
    return np.asarray(order[choose[order]])


def _one_by_one(votes: VoteMatrix | Patterns, patterns: Patterns, gold: Gold | None) -> GoldSets:
    """Return gold for the patterns of all items, a row a gold item; what is left of a count has a row of its own."""
    if gold is None:
        return GoldSets(np.zeros(0, np.int64), np.zeros((0, len(patterns.labels)), np.bool_), np.zeros(0))
    known = gold_sets(votes, gold)
    rows = patterns.inverse[known.rows] if isinstance(votes, VoteMatrix) else known.rows
    whole = np.floor(known.items + ROUNDING).astype(np.int64)
    left = np.maximum(known.items - whole, 0.0)
    parts = np.flatnonzero(left > ROUNDING)
    which = np.concatenate([np.repeat(np.arange(len(known)), whole), parts])
    items = np.concatenate([np.ones(int(whole.sum())), left[parts]])
    each = known.weights[which] / np.maximum(known.items[which], ROUNDING)
    return GoldSets(rows[which], known.possible[which], each * items, items)


def _mean(loss: npt.NDArray[np.float64]) -> float | None:
    return float(loss.mean()) if len(loss) else None


@dataclass(frozen=True, eq=False)
class FittedAuto:
    """The model that gold chose.

    Attributes:
        model: The fitted model.
        chosen: Its name.
        losses: Candidate -> log-loss on held-out gold; ``None`` where there was too little.
        why: What chose it.
    """

    model: FittedLabelModel
    chosen: str
    losses: dict[str, float | None]
    why: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """The k label ids."""
        return self.model.labels

    def predict_proba(self, votes: VoteMatrix | Patterns) -> Probabilities:
        """Return what the chosen model says."""
        return self.model.predict_proba(votes)

    def parameters(self) -> dict[str, Any]:
        """Return what was learned, and why this model was taken."""
        return {**self.model.parameters(), "chosen": self.chosen, "held_out_log_loss": self.losses, "why": self.why}

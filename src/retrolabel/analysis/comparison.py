"""Label models beside each other, on the same votes and the same truth; and which of them gold prefers.

The *pattern oracle* is the ceiling. It answers each distinct pattern of votes with the truths that its judged items
have: in accuracy, log-loss and Brier score no label model that sees votes alone can do better on these items. Where
patterns have few judged items it knows too much, so a second row leaves each item out of what answers it (Stone 1974):
the other items of its pattern, and one more that is spread over the labels as all others are. What the best possible
label model would reach lies between.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from retrolabel.analysis.scores import Scores, briers, errors, estimate, log_losses, resampled, scores
from retrolabel.errors import RetrolabelError
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.gold.agreement import Estimate
    from retrolabel.label_models.gold import GoldSets
    from retrolabel.label_models.protocol import LabelModelProtocol, Probabilities
    from retrolabel.votes import Patterns

    Places = npt.NDArray[np.int64]

WITH_GOLD = "+ gold"
ORACLE, ORACLE_LEFT_OUT = "pattern oracle", "oracle, item left out"
DRAWN = 1e-6
"""What the oracle adds to one of the truths that tie."""
FEWEST = 40
"""Below so many judged items nothing is recommended."""
LEVEL = 0.95
Measure = Literal["log_loss", "brier", "accuracy"]
LOSSES: dict[str, Callable[[Probabilities, Places], npt.NDArray[np.float64]]] = {
    "log_loss": log_losses,
    "brier": briers,
    "accuracy": errors,
}
NAMES = {"log_loss": "log-loss", "brier": "Brier score", "accuracy": "accuracy"}


@dataclass(frozen=True)
class Recommendation:
    """Which label model gold prefers.

    Attributes:
        label_model: The name to take: the default's, unless another is better beyond chance.
        default: What it is compared with.
        by: The measure that decides.
        enough: Whether there was enough gold to tell at all.
        differences: Name -> measure -> how much less that model loses than the default, with the interval that
            holds for all compared models at once (95 %, Bonferroni's): above 0 is better than the default. Accuracy
            counts in shares, log-loss in nats.
        sentence: All that as a person says it.
    """

    label_model: str
    default: str
    by: str
    enough: bool
    differences: Mapping[str, Mapping[str, Estimate]]
    sentence: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        differences = {
            name: {by: {"gain": e.value, "low": e.low, "high": e.high} for by, e in found.items()}
            for name, found in self.differences.items()
        }
        named = {"label_model": self.label_model, "default": self.default, "by": self.by, "enough": self.enough}
        return {**named, "sentence": self.sentence, "differences": differences}


@dataclass(frozen=True, eq=False)
class Comparison:
    """Label models on the same judged items.

    Attributes:
        scores: Name -> scores.
        ceiling: The two rows of the pattern oracle.
        notes: Which models were left out, and why.
    """

    scores: Mapping[str, Scores]
    ceiling: Mapping[str, Scores]
    notes: tuple[str, ...]
    _predicted: Mapping[str, Probabilities] = field(repr=False)
    _truth: Places = field(repr=False)

    def frame(self) -> pd.DataFrame:
        """Return a row for each model, and the ceiling below."""
        rows = {**self.scores, **(self.ceiling if self.scores else {})}
        index = pd.Index(list(rows), name="label_model")
        frame = pd.DataFrame([found.as_dict() for found in rows.values()], index=index)
        return frame.astype({name: "float64" for name in frame.columns if name != "n"})

    def recommend(
        self, default: str, *, among: Sequence[str] | None = None, by: Measure = "log_loss"
    ) -> Recommendation:
        """Return which label model gold prefers to the default.

        Another model is taken only where it is better beyond chance: where the interval of the paired difference,
        widened for the number of models that are tried, lies above 0.

        Args:
            default: The name of the model that is taken where gold does not speak against it.
            among: The names to choose from; all if left out.
            by: The measure that decides.
        """
        names = [name for name in (among or list(self.scores)) if name in self.scores]
        if default not in names or len(self._truth) < FEWEST:
            return _undecided(default, by, len(self._truth), fitted=default in names)
        rivals = [name for name in names if name != default]
        gains = {
            name: {measure: self._gain(name, default, measure, len(rivals)) for measure in LOSSES} for name in rivals
        }
        better = [name for name in rivals if (gains[name][by].low or 0) > 0]
        chosen = max(better, key=lambda name: gains[name][by].value or 0, default=default)
        return Recommendation(chosen, default, by, True, gains, _sentence(chosen, default, by, gains))  # noqa: FBT003 - enough

    def _gain(self, name: str, default: str, by: str, tried: int) -> Estimate:
        """Return how much less a model loses than the default, paired by item."""
        loss = LOSSES[by]
        gain = loss(self._predicted[default], self._truth) - loss(self._predicted[name], self._truth)
        return estimate(float(gain.mean()), resampled(gain[:, None])[:, 0], 1 - (1 - LEVEL) / tried)


def compare_label_models(
    models: Mapping[str, LabelModelProtocol], votes: VoteMatrix, truth: Places, gold: Places | None = None
) -> pd.DataFrame:
    """Return how good each model is on the covered items whose truth is known, with the ceiling below.

    An item without a label (an exact tie) counts as wrong. Items that were fitted as gold are left
    out, for all models alike. A model that cannot be fitted is left out; :func:`compare` says why.

    Args:
        models: Name -> unfitted label model; a name that ends in ``+ gold`` is fitted with gold.
        votes: n items x m LFs.
        truth: int [n] with places of labels, -1 where unknown.
        gold: int [n], the same, of a random sample.

    Returns:
        A frame indexed by the model's name: ``n``, ``accuracy``, ``low``, ``high``, ``macro_f1``,
        ``log_loss`` (nats, over the same items), ``ties`` (the share of the items without a label),
        ``accuracy_ties_drawn`` (what drawing among tied labels would give on average), ``brier``, ``ece``,
        and ``_low`` and ``_high`` of macro-F1, log-loss, Brier score and ECE (95 %; how they are
        defined: :mod:`retrolabel.analysis.scores`). The last two rows are the pattern oracle.

    Example:
        >>> import numpy as np
        >>> from retrolabel.label_models.majority import MajorityVote
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_ints([[0], [1], [-1]], labels=2)
        >>> found = compare_label_models({"majority": MajorityVote()}, votes, np.array([0, 0, 1]))
        >>> found["accuracy"].tolist(), found.index[1]
        ([0.5, 1.0, 1.0], 'pattern oracle')
    """
    return compare(models, votes, truth, gold).frame()


def compare(
    models: Mapping[str, LabelModelProtocol], votes: VoteMatrix, truth: Places, gold: Places | None = None
) -> Comparison:
    """Return the comparison of :func:`compare_label_models`, which can also recommend.

    Args:
        models: Name -> unfitted label model; a name that ends in ``+ gold`` is fitted with gold.
        votes: n items x m LFs.
        truth: int [n] with places of labels, -1 where unknown.
        gold: int [n], the same, of a random sample; those items are not judged.

    Example:
        >>> from retrolabel.label_models.majority import MajorityVote
        >>> votes = VoteMatrix.from_ints([[0], [1]], labels=2)
        >>> found = compare({"majority": MajorityVote()}, votes, np.array([0, 1]))
        >>> found.recommend("majority").sentence
        'Too little gold to tell: 2 covered items are judged, 40 are wanted. Stay with majority.'
    """
    known = (truth >= 0) & votes.covered
    if gold is not None:
        known &= gold < 0

    def predict(name: str, model: LabelModelProtocol) -> Probabilities:
        return model.fit(votes, gold if name.endswith(WITH_GOLD) else None).predict_proba(votes)[known]

    judged = VoteMatrix(votes.codes[known], votes.labels, votes.symbols, votes.voters)
    return _compared(models, predict, judged.patterns().inverse, truth[known], len(votes.labels))


def compare_on_gold(
    models: Mapping[str, LabelModelProtocol],
    patterns: Patterns,
    gold: GoldSets,
    folds: Places,
    advance: Callable[[float], None] = lambda _: None,
) -> Comparison:
    """Return the comparison on the gold that models are also fitted with, cross-fitted.

    A model whose name ends in ``+ gold`` is fitted once for each fold, with the gold of the other folds, and judged on
    this one. So no item is judged by a model that was fitted with its gold. Items whose gold leaves several labels are
    fitted, and judge no model.

    Args:
        models: Name -> unfitted label model.
        patterns: The votes on all items.
        gold: The gold items, with the pattern of each.
        folds: int [G]: the fold of each.
        advance: Told of each model that is done.

    Example:
        >>> from retrolabel.label_models.gold import GoldSets
        >>> from retrolabel.label_models.weighted_vote import WeightedVote
        >>> patterns = VoteMatrix.from_ints([[0, 1], [1, 0], [0, 1]], labels=2).patterns()
        >>> models = {"weighted_vote": WeightedVote(), "weighted_vote + gold": WeightedVote()}
        >>> gold = GoldSets(patterns.inverse, np.eye(2, dtype=bool)[[0, 1, 0]], np.ones(3))
        >>> found = compare_on_gold(models, patterns, gold, np.arange(3)).frame()
        >>> found["accuracy"].tolist()[:2]
        [0.0, 1.0]
    """
    known = patterns.covered[gold.rows] & (gold.possible.sum(axis=1) == 1)

    def predict(name: str, model: LabelModelProtocol) -> Probabilities:
        found = held_out(model, patterns, gold, folds if name.endswith(WITH_GOLD) else None)
        advance(1)
        return np.asarray(found[known])

    return _compared(models, predict, gold.rows[known], gold.possible[known].argmax(axis=1), len(patterns.labels))


def held_out(model: LabelModelProtocol, patterns: Patterns, gold: GoldSets, folds: Places | None) -> Probabilities:
    """Return what a model says of each gold item that was fitted without it, float [G, k].

    Args:
        model: The unfitted label model.
        patterns: The votes on all items.
        gold: The gold items, with the pattern of each.
        folds: int [G]: the fold of each; ``None`` fits without any gold.
    """
    if folds is None or not model.uses_gold:
        return model.fit(patterns).predict_proba(patterns)[gold.rows]
    found = np.empty((len(gold), len(patterns.labels)))
    for fold in np.unique(folds):
        here = folds == fold
        rest = gold.take(~here)
        found[here] = model.fit(patterns, rest if len(rest) else None).predict_proba(patterns)[gold.rows[here]]
    return found


def _compared(
    models: Mapping[str, LabelModelProtocol],
    predict: Callable[[str, LabelModelProtocol], Probabilities],
    where: Places,
    truth: Places,
    k: int,
) -> Comparison:
    predicted: dict[str, Probabilities] = {}
    notes = []
    for name, model in models.items():
        try:
            predicted[name] = predict(name, model)
        except RetrolabelError as error:
            remedy = f" ({error.remedy})" if error.remedy else ""
            notes.append(f"{name} is left out: {error.message.rstrip('.')}{remedy}")
    found = scores({**predicted, **oracles(where, truth, k)}, truth)
    ceiling = {name: found.pop(name) for name in (ORACLE, ORACLE_LEFT_OUT)}
    return Comparison(found, ceiling, tuple(notes), predicted, truth)


def oracles(where: Places, truth: Places, k: int) -> dict[str, Probabilities]:
    """Return what the pattern oracle says of each judged item, with and without the item itself.

    Args:
        where: int [n]: the pattern of each item.
        truth: int [n]: its label.
        k: How many labels there are.

    Example:
        >>> found = oracles(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]), 2)
        >>> found["pattern oracle"][:, 0].round(2).tolist()
        [0.67, 0.67, 0.67, 0.0]
        >>> found["oracle, item left out"][:, 0].round(2).tolist()
        [0.44, 0.44, 0.89, 0.67]
    """
    patterns = np.unique(where, return_inverse=True)[1].ravel() if len(where) else where
    counts = np.zeros((int(patterns.max(initial=-1)) + 1, k))
    np.add.at(counts, (patterns, truth), 1.0)
    here, own = counts[patterns], np.eye(k)[truth]
    told = here / here.sum(axis=1, keepdims=True)
    told[np.arange(len(told)), here.argmax(axis=1)] += DRAWN  # of truths that tie one is said: no model can do better
    others = counts.sum(axis=0) - own
    total = others.sum(axis=1, keepdims=True)
    spread = np.divide(others, total, out=np.full_like(others, 1 / k), where=total > 0)
    left = here - own + spread
    return {
        ORACLE: told / told.sum(axis=1, keepdims=True),
        ORACLE_LEFT_OUT: left / left.sum(axis=1, keepdims=True),
    }


def _undecided(default: str, by: str, judged: int, *, fitted: bool) -> Recommendation:
    why = f"{judged:,} covered items are judged, {FEWEST} are wanted" if fitted else f"{default} could not be fitted"
    sentence = f"Too little gold to tell: {why}. Stay with {default}." if fitted else f"Nothing to compare: {why}."
    return Recommendation(default, default, by, False, {}, sentence)  # noqa: FBT003 - not enough


def _sentence(chosen: str, default: str, by: str, gains: Mapping[str, Mapping[str, Estimate]]) -> str:
    """Return the recommendation as a person says it."""
    what = NAMES[by]
    tried = f"; the interval allows for {len(gains)} models tried" if len(gains) > 1 else ""
    if chosen != default:
        told = f"Gold prefers {chosen}: its {what} is better than {default}'s by {_told(gains[chosen][by], by)}{tried}."
    elif gains:
        nearest = max(gains, key=lambda name: gains[name][by].value or 0)
        told = (
            f"Stay with {default}: by {what} gold prefers no other beyond chance. The nearest is {nearest}, by"
            f" {_told(gains[nearest][by], by)}{tried}."
        )
    else:
        told = f"Stay with {default}: nothing else could be compared."
    if by == "accuracy":
        return told
    right = {name: found["accuracy"] for name, found in gains.items() if (found["accuracy"].low or 0) > 0}
    if chosen != default or not right:
        return told
    best = max(right, key=lambda name: right[name].value or 0)
    return (
        f"{told} For the labels alone take {best}: it is right more often than {default}, by"
        f" {_told(right[best], 'accuracy')}."
    )


def _told(gain: Estimate, by: str) -> str:
    """Return a gain with its interval: nats, points of accuracy, or plain."""
    factor, unit, digits = (100.0, " points", 1) if by == "accuracy" else (1.0, " nats" if by == "log_loss" else "", 3)
    value, low, high = (factor * (x or 0.0) for x in (gain.value, gain.low, gain.high))
    return f"{value:+.{digits}f}{unit} [{low:+.{digits}f}, {high:+.{digits}f}]"

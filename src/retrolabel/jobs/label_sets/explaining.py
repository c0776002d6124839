"""Why a stored item has its label, and what the label model of a label set learned; nothing is fitted again."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retrolabel.analysis.comparison import held_out
from retrolabel.analysis.explanations import explain, learned, without_each_vote
from retrolabel.analysis.scores import estimate, resampled
from retrolabel.jobs.records.feedback import asked_ids
from retrolabel.label_models.auto import FittedAuto
from retrolabel.label_models.fewer_voters import among
from retrolabel.label_models.fitted import FittedLabelModel as Fitted
from retrolabel.label_models.protocol import hard_labels
from retrolabel.label_models.stored import from_parameters
from retrolabel.votes import Patterns, merge_patterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from retrolabel.jobs.label_sets.comparing import GoldOnPatterns
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.label_models.protocol import FittedLabelModel, LabelModelProtocol


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    """Why one item has its label.

    Attributes:
        source: The item's source.
        item_id: The item.
        label: Its label; ``None`` for a tie, or where nothing voted.
        covered: Whether anything voted on it.
        partial: The labels that votes, and gold that was fitted, leave; ``None`` where they say nothing, and in a label
            set that is older than guesses.
        guessed: Whether votes for several labels alone speak of it.
        probabilities: Label -> probability, as stored.
        terms: What moved it, as :func:`retrolabel.analysis.explanations.explain` says it: nats by label.
        without: The probabilities if one of its voters had abstained, ``(all)`` first.
    """

    source: str
    item_id: str
    label: str | None
    covered: bool
    partial: tuple[str, ...] | None
    guessed: bool
    probabilities: Mapping[str, float]
    terms: pd.DataFrame
    without: pd.DataFrame

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        terms = []
        for (term, vote), nats in zip(self.terms.index.tolist(), self.terms.to_numpy().tolist(), strict=True):
            labels = dict(zip(self.terms.columns, nats, strict=True))
            told: dict[str, Any] = {"term": term, "vote": vote or None, "nats": labels}
            if vote:
                told["without_it"] = self.without.loc[term].to_dict()
            terms.append(told)
        named = {"source": self.source, "item_id": self.item_id, "label": self.label, "covered": self.covered}
        left = {"partial": list(self.partial) if self.partial else None, "guessed": self.guessed}
        return {**named, **left, "probabilities": dict(self.probabilities), "terms": terms}

    def __repr__(self) -> str:
        """Return the label with its probabilities, and what moved them."""
        likely = ", ".join(f"{label} {share:.2f}" for label, share in self.probabilities.items())
        why = "" if self.covered else " (no labeling function voted)"
        why += f" (guessed: {'|'.join(self.partial or ())})" if self.guessed else ""
        terms = self.terms.round(2).to_string()
        return f"{self.source}/{self.item_id}: {self.label or 'no label'}{why}; {likely}\nnats for each label:\n{terms}"


class Explanations(tuple[Explanation, ...]):
    """Why items have their labels, an entry for each source that has an id, in the order asked for."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return one below the other."""
        return "\n\n".join(map(repr, self)) or "no items"


def explain_items(
    label_set: LabelSet, items: str | int | Iterable[str | int], source: str | None = None
) -> Explanations:
    """Return why items have their labels in a label set.

    Args:
        label_set: The stored label set; its fitted label model is read, not fitted again.
        items: One id, or several; ``SOURCE/ID`` too.
        source: One source only; all that have an item if left out.

    Raises:
        InputError: An id is neither a text nor a whole number.
        UnknownLabelSetError: The label set does not hold an item.
        StoreError: Its label model cannot be asked again.
    """
    return Explanations(found for item in asked_ids(items) for found in explain_item(label_set, item, source))


def explain_item(label_set: LabelSet, item_id: str, source: str | None = None) -> list[Explanation]:
    """Return why an item has its label in a label set, an entry for each source that has the id.

    Args:
        label_set: The stored label set; its fitted label model is read, not fitted again.
        item_id: The item: its id, or ``SOURCE/ID``.
        source: One source only; all that have the item if left out.

    Raises:
        UnknownLabelSetError: The label set does not hold the item.
        StoreError: Its label model cannot be asked again.
    """
    fitted = stored_model(label_set)
    return [explained(label_set, fitted, *there) for there in label_set.find(item_id, source)]


def explained(
    label_set: LabelSet, fitted: FittedLabelModel, source: str, row: Mapping[str, Any], pattern: pa.Table
) -> Explanation:
    """Return why one item has its label, by the label model that made it.

    Args:
        label_set: The stored label set.
        fitted: What :func:`stored_model` says of it.
        source: The item's source.
        row: What the label set has of the item: ``item_id``, ``label``, ``covered``.
        pattern: The row of its pattern.
    """
    votes, stored = label_set.votes(pattern), pattern.to_pylist()[0]
    known = label_set.told(source, row["item_id"], stored)
    return Explanation(
        source,
        row["item_id"],
        row["label"],
        row["covered"],
        tuple(known["partial"]) if known.get("partial") else None,
        known.get("guessed", False),
        {label: stored[f"p_{label}"] for label in label_set.labels},
        explain(fitted, votes, 0),
        without_each_vote(fitted, votes, 0),
    )


def stored_model(label_set: LabelSet) -> FittedLabelModel:
    """Return the fitted label model that made a label set, from what is stored of it.

    Raises:
        CorruptionError: What is stored is damaged.
        StoreError: It is a label model of which not all is kept (Snorkel's).
    """
    settings = label_set.manifest["inputs"]["label_model"]
    return from_parameters(settings, label_set.learned, labels=label_set.labels, voters=label_set.voters)


def learned_of(label_set: LabelSet) -> pd.DataFrame | None:
    """Return what the label model of a label set learned of each LF and vote; ``None`` where it is not ours.

    Returns:
        The frame of :func:`retrolabel.analysis.explanations.learned`.
    """
    if label_set.manifest["inputs"]["label_model"]["name"] not in ("label_model", "auto"):
        return None
    fitted = stored_model(label_set)
    model = fitted.model if isinstance(fitted, FittedAuto) else fitted
    if not isinstance(model, Fitted):
        return None
    return learned(model, label_set.vote_patterns())


def scores_without_each(
    model: LabelModelProtocol, gold: GoldOnPatterns, progress: Progress, only: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return what the score on dev gold becomes without each LF: fitted again without it, cross-fitted on gold.

    Args:
        model: The unfitted label model.
        gold: The stored votes, and the gold on them.
        progress: Told of each fit.
        only: The LFs that are left out, one after the other; each of them if left out.

    Returns:
        A frame indexed by ``lf``, ``(all)`` first: ``covered`` (gold items with a vote), ``accuracy`` over the items
        that all LFs together cover (one that is covered no more counts as wrong), and ``change`` against all with
        ``low`` and ``high`` (95 %, paired: resampled items).
    """
    patterns = gold.patterns
    truth = gold.known.possible.argmax(axis=1)
    judged = patterns.covered[gold.known.rows] & gold.exact
    rows: list[tuple[str, int, float, float, float, float]] = []
    with_all = np.zeros(0)
    left = patterns.voters if only is None else tuple(only)
    progress.start("without each labeling function", len(left) + 1)
    for left_out in ("(all)", *left):
        kept = [place for place, voter in enumerate(patterns.voters) if voter != left_out]
        voters = tuple(patterns.voters[place] for place in kept)
        part = Patterns(patterns.codes[:, kept], patterns.counts, patterns.labels, patterns.symbols, voters)
        fewer, (places,) = merge_patterns([part])
        where = places[gold.known.rows]
        known = replace(gold.known, rows=where)
        found = held_out(among(model, voters), fewer, known, gold.folds if gold.fits else None)
        right = (hard_labels(found, fewer.covered[where]) == truth)[judged].astype(np.float64)
        with_all = right if left_out == "(all)" else with_all
        rows.append((left_out, int((fewer.covered[where] & judged).sum()), *_changed(right, with_all)))
        progress.advance(1)
    return pd.DataFrame(rows, columns=["lf", "covered", "accuracy", "change", "low", "high"]).set_index("lf")


def _changed(right: npt.NDArray[np.float64], before: npt.NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Return the share that is right, and its change with a paired interval."""
    if not len(right):
        return math.nan, math.nan, math.nan, math.nan
    gain = right - before
    change = estimate(float(gain.mean()), resampled(gain[:, None])[:, 0])
    return float(right.mean()), float(gain.mean()), float(change.low or 0.0), float(change.high or 0.0)

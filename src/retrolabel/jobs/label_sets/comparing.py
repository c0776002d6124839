"""Compare label models on the stored votes of a task, judged by its dev gold."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.analysis.comparison import WITH_GOLD, compare_on_gold
from retrolabel.errors import GoldError, StoreError
from retrolabel.jobs.gold.resolving import why_no_gold
from retrolabel.jobs.label_sets.fitting import FEWEST_GOLD, fold_of, model_for, on_patterns
from retrolabel.jobs.label_sets.patterns import read_patterns
from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.dawid_skene import DawidSkene
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.snorkel import SnorkelLabelModel
from retrolabel.label_models.weighted_vote import WeightedVote

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import pandas as pd

    from retrolabel.analysis.comparison import Comparison, Measure, Recommendation
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.label_models.gold import GoldSets
    from retrolabel.label_models.protocol import LabelModelProtocol
    from retrolabel.schema.versions import LabelSchema
    from retrolabel.votes import Patterns

SNORKEL_LEFT_OUT = 'snorkel is left out: it is not installed (pip install "retrolabel[snorkel]")'


@dataclass(frozen=True, eq=False, repr=False)
class ModelsCompared:
    """Label models of a task beside each other, and what gold says of them.

    Attributes:
        task: The task.
        version: The schema version.
        comparison: The scores.
        recommendation: Which model to take.
        fitted_gold: How many gold items models were fitted with, each judged by a fit without it.
        notes: What a person should know.
    """

    task: str
    version: str
    comparison: Comparison
    recommendation: Recommendation
    fitted_gold: int
    notes: tuple[str, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """A row for each model, and the ceiling below; the columns are those of ``compare_label_models``."""
        return self.comparison.frame()

    def __repr__(self) -> str:
        """Return the table, and what to take."""
        told = f"{self.task} {self.version}, on {self.judged:,} gold items"
        return f"{told}\n{self.frame.round(3).to_string()}\n{self.recommendation.sentence}"

    @property
    def judged(self) -> int:
        """How many gold items the figures are over."""
        return max((found.n for found in self.comparison.scores.values()), default=0)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data: what ``--json`` prints."""
        return {
            "task": self.task,
            "schema": self.version,
            "gold": {"judged": self.judged, "fitted": self.fitted_gold},
            "label_models": {name: found.as_dict() for name, found in self.comparison.scores.items()},
            "ceiling": {name: found.as_dict() for name, found in self.comparison.ceiling.items()},
            "recommendation": self.recommendation.as_dict(),
            "notes": list(self.notes),
        }


def standard_models(*, with_gold: bool, schema: LabelSchema | None = None) -> dict[str, LabelModelProtocol]:
    """Return the label models to compare, by name; ``+ gold`` is fitted with gold.

    Majority vote spreads one vote over all labels first, as a relabel does: its labels are those of plain majority
    vote, and no probability is 0. Snorkel's is among them where it is installed.

    Args:
        with_gold: Whether there is gold to fit with.
        schema: The version; an ordinal one's ranks reach the models that take them.

    Example:
        >>> [name for name in standard_models(with_gold=False) if name != "snorkel"]
        ['label_model', 'weighted_vote', 'auto', 'dawid_skene', 'majority_vote']
    """
    found: dict[str, LabelModelProtocol] = {}
    learning: list[LabelModelProtocol] = [LabelModel(), WeightedVote(), AutoLabelModel()]
    if with_gold:
        found |= {f"{model.name} {WITH_GOLD}": model for model in learning}
        found |= {"label_model": LabelModel(), "auto": AutoLabelModel()}
    else:
        found |= {model.name: model for model in learning}
    found |= {"dawid_skene": DawidSkene(), "majority_vote": MajorityVote.smoothed()}
    if importlib.util.find_spec("snorkel") is not None:
        found |= {f"snorkel {WITH_GOLD}": SnorkelLabelModel()} if with_gold else {}
        found["snorkel"] = SnorkelLabelModel()
    return found if schema is None else {name: model_for(schema, model) for name, model in found.items()}


def compare_models(plan: Plan, *, default: str, by: Measure, objects: Objects, progress: Progress) -> ModelsCompared:
    """Return how good each label model would be on the plan's items, judged by dev gold; nothing is computed or stored.

    Dev gold is fitted too, where there are 20 items of it; each is then judged by a model that was fitted
    without its fold, the same five folds that a relabel takes.

    Args:
        plan: A plan of which all votes are stored.
        default: The name of the label model that a relabel takes.
        by: The measure that decides what is recommended.
        objects: Where votes are.
        progress: Told of each model.

    Raises:
        StoreError: Votes are missing.
        GoldError: There is no dev gold on items with stored votes.
    """
    gold = GoldOnPatterns.of(plan, objects, progress)
    models = standard_models(with_gold=gold.fits, schema=plan.schema)
    notes = [] if "snorkel" in models else [SNORKEL_LEFT_OUT]
    progress.start("comparing label models", len(models))
    compared = compare_on_gold(models, gold.patterns, gold.known, gold.folds, progress.advance)
    # What a relabel would do: it takes gold where it can.
    among = [name for name in models if not (gold.fits and f"{name} {WITH_GOLD}" in models)]
    named = default if default in among else f"{default} {WITH_GOLD}"
    if named not in among:
        notes.append(f"{default} is not compared: it is not installed. They are judged against {among[0]}.")
        named = among[0]
    recommended = compared.recommend(named, among=among, by=by)
    taken = recommended.label_model.removesuffix(WITH_GOLD).strip()
    if recommended.label_model != named:
        sentence = f"{recommended.sentence} retrolabel relabel {plan.task.name} --label-model {taken}"
        recommended = replace(recommended, sentence=sentence)
    truths = set(gold.known.possible[gold.exact].argmax(axis=1).tolist())
    absent = [label for place, label in enumerate(plan.schema.leaves) if place not in truths]
    if absent:
        notes.append(
            f"no gold item is {', '.join(absent)}: macro-F1 is over the labels that occur in gold or are given"
        )
    notes += [*gold.notes(), *compared.notes]
    fitted = len(gold.known) if gold.fits else 0
    return ModelsCompared(plan.task.name, plan.schema.version, compared, recommended, fitted, tuple(notes))


@dataclass(frozen=True, eq=False)
class GoldOnPatterns:
    """The stored votes on all items, and the dev gold on them.

    Attributes:
        patterns: The distinct patterns of votes.
        known: The gold items, with the pattern of each and the labels that it leaves.
        folds: int [G]: the fold of each.
    """

    patterns: Patterns
    known: GoldSets
    folds: npt.NDArray[np.int64]

    @classmethod
    def of(cls, plan: Plan, objects: Objects, progress: Progress) -> GoldOnPatterns:
        """Return the gold of a plan of which all votes are stored.

        Raises:
            StoreError: Votes are missing.
            GoldError: There is no dev gold on items with stored votes.
        """
        stored = plan.stored
        if plan.to_compute:
            lfs = len({vote.lf.name for vote in plan.to_compute})
            raise StoreError(
                f"{plan.calls:,} votes of {lfs} labeling function(s) are not stored yet.",
                remedy=f"retrolabel relabel {plan.task.name} --to {plan.schema.version}",
            )
        dev = plan.dev
        progress.start("votes", len(plan.segments))
        found = read_patterns(plan, stored, objects, progress)
        seen = found.of_items(dev.sets, objects)
        if not dev.places.keys() & seen.keys():
            why, remedy = why_no_gold(dev, plan.task.name, plan.schema.version)
            raise GoldError(why, remedy=remedy)
        told = dev.told({source for source, _ in seen})
        folds = np.array([fold_of(*key) for key in seen], np.int64)
        return cls(found.patterns, on_patterns(told, seen, len(found.patterns.labels)), folds)

    @property
    def exact(self) -> npt.NDArray[np.bool_]:
        """Which gold items leave one label, so that a model can be right on them, bool [G]."""
        return np.asarray(self.known.possible.sum(axis=1) == 1)

    @property
    def fits(self) -> bool:
        """Whether there is enough gold to fit with, as a relabel asks for."""
        return len(self.known) >= FEWEST_GOLD

    def judged_together(self, model: LabelModelProtocol) -> Iterator[npt.NDArray[np.bool_]]:
        """Yield which gold items are judged by one fit, bool [G]: a fold, or all where no gold is fitted.

        Args:
            model: The unfitted label model.
        """
        if not (self.fits and model.uses_gold):
            yield np.ones(len(self.known), np.bool_)
            return
        for fold in np.unique(self.folds):
            yield self.folds == fold

    def notes(self) -> list[str]:
        """Return what a person should know of this gold."""
        told, known = [], self.known
        others = int((known.weights == 0).sum())
        if others:
            told.append(
                f"{others:,} of {len(known):,} gold items were drawn by no design that is known: they say nothing of"
                " how frequent labels are, and may not stand for all items"
            )
        if not self.fits:
            told.append(f"fewer than {FEWEST_GOLD} gold items: no model is fitted with gold")
        several = int((~self.exact).sum())
        if several:
            told.append(f"{several:,} of {len(known):,} gold items leave several labels, and judge no model")
        bare = int((~self.patterns.covered[known.rows] & self.exact).sum())
        if bare:
            told.append(f"{bare:,} of {len(known):,} gold items have no vote, and judge no model")
        return told

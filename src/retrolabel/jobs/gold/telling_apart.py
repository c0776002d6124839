"""Is gold enough to tell two label sets apart, and on which items does the label model speak against it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc

from retrolabel.errors import GoldError
from retrolabel.gold.readiness import readiness, suspects
from retrolabel.jobs.gold.placing import place
from retrolabel.jobs.gold.scoring import Grain, rights, score
from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel.gold.readiness import Readiness
    from retrolabel.jobs.records.gold import ResolvedGold
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.history import History

    GoldOf = Callable[[str], ResolvedGold]

MOST = 20
"""Suspects that are listed."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A gold item on which the label model speaks against people.

    Attributes:
        source: Its source.
        item_id: The item.
        said: What people said: labels, with the version of each.
        gold: The labels that it leaves in the label set's version.
        label: What is likeliest by a model that had not seen its gold.
        probability: How probable that is.
        of_gold: How probable the labels are that gold leaves.
        score: How many nats the likeliest is ahead of them.
    """

    source: str
    item_id: str
    said: tuple[tuple[str, str], ...]
    gold: tuple[str, ...]
    label: str
    probability: float
    of_gold: float
    score: float

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "source": self.source,
            "item_id": self.item_id,
            "said": [{"label": label, "schema": version} for label, version in self.said],
            "gold": list(self.gold),
            "label": self.label,
            "probability": self.probability,
            "probability_of_gold": self.of_gold,
            "score": self.score,
        }


@dataclass(frozen=True, repr=False)
class GoldReadiness:
    """What gold says of two label sets, and what speaks against gold.

    Attributes:
        label_set: The label set.
        against: The one that it is compared with, the first of the two; ``None`` where there is none.
        found: Whether gold tells them apart; ``None`` where they cannot be compared.
        why_not: Why they cannot be.
        version: The version whose labels they are compared in.
        differing: On which share of the items with a label in both they differ.
        by_design: Whether the gold that compares them is of a known design alone.
        suspects: The gold items on which the label model speaks against people, those it is surest of first.
        suspected: How many there are in all.
        gold: How many gold items were looked at for them.
    """

    label_set: LabelSet
    against: LabelSet | None
    found: Readiness | None
    why_not: str
    version: str | None
    differing: float | None
    by_design: bool
    suspects: tuple[Suspect, ...]
    suspected: int
    gold: int

    def __repr__(self) -> str:
        """Return the verdict, and how many gold items look wrong."""
        told = str(self.found) if self.found is not None else self.why_not
        return f"{told}\nthe label model speaks against {self.suspected:,} of {self.gold:,} gold items"

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data: what ``--json`` prints."""
        return {
            "label_set": self.label_set.id,
            "against": self.against.id if self.against else None,
            "version": self.version,
            "readiness": self.found.as_dict() if self.found is not None else None,
            "why_not": self.why_not or None,
            "differing": self.differing,
            "by_design": self.by_design,
            "gold": self.gold,
            "suspected": self.suspected,
            "suspects": [each.as_dict() for each in self.suspects],
        }


def ready(label_set: LabelSet, against: LabelSet | None, gold_of: GoldOf, history: History) -> GoldReadiness:
    """Return whether dev gold tells a label set from another one, and which gold items look wrong.

    Where gold of a known design is left, it alone compares: it stands for all items. Items that the label models were
    fitted on are judged by models that had not seen their gold.

    Args:
        label_set: The label set.
        against: The other one; ``None`` where there is none.
        gold_of: Version -> dev gold as it reads there.
        history: The task's versions.

    Raises:
        GoldError: No gold says anything in the label set's version.
    """
    task, version = label_set.record.task, label_set.record.schema_version
    gold = gold_of(version)
    if not gold.sets:
        raise GoldError(
            f"No dev gold of {task} says anything under {version}.",
            remedy=f"retrolabel gold import {task} FILE --source NAME --role dev --sampling random",
        )
    chosen, count, looked_at = _suspects(label_set, gold)
    found, why_not, grain, differing, by_design = None, "there is no label set before it", None, None, False
    if against is not None:
        grain = Grain.of(history, against.record.schema_version, version)
        why_not = "" if grain else "their labels are not one label each in a version of either"
    if against is not None and grain is not None:
        read = gold_of(grain.version)
        design = {key: at for key, at in read.places.items() if key in read.weights}
        by_design = bool(design)
        before, after = score(against, gold_of(against.record.schema_version)), score(label_set, gold)
        differing = _differing(against, label_set, grain)
        found = readiness(*rights(before, after, design or read.places, grain), differing=differing)
    named = grain.version if grain else None
    return GoldReadiness(label_set, against, found, why_not, named, differing, by_design, chosen, count, looked_at)


def _suspects(label_set: LabelSet, gold: ResolvedGold) -> tuple[tuple[Suspect, ...], int, int]:
    """Return the first suspects, how many there are, and how many gold items were looked at."""
    placed = place(label_set, gold.sets)
    covered = np.asarray(label_set.patterns.column("covered"), np.bool_)[placed.pattern[placed.rows]]
    rows, scores = suspects(placed.probabilities, placed.possible, covered)
    chosen = []
    for row, ahead in zip(rows[:MOST].tolist(), scores[:MOST].tolist(), strict=True):
        key, own = placed.keys[row], placed.probabilities[row]
        source, item_id = key
        left = placed.possible[row]
        chosen.append(
            Suspect(
                source,
                item_id,
                gold.said.get(key, ()),
                tuple(label for label, one in zip(label_set.labels, left, strict=True) if one),
                label_set.labels[int(own.argmax())],
                float(own.max()),
                float(own[left].sum()),
                ahead,
            )
        )
    return tuple(chosen), len(rows), int(covered.sum())


def _differing(before: LabelSet, after: LabelSet, grain: Grain) -> float | None:
    """Return on which share of the items with a label in both they differ; ``None`` where there are none."""
    other = {segment["id"] for segment in before.manifest["outputs"]["segments"]}
    both = unlike = 0
    for segment in after.manifest["outputs"]["segments"]:
        if segment["id"] not in other:
            continue
        here, there = (each.items_of(segment["id"], [ITEM_ID, "label"]) for each in (after, before))
        where = pc.index_in(here.column(ITEM_ID), there.column(ITEM_ID))
        old = there.column("label").to_pylist()
        for label, at in zip(here.column("label").to_pylist(), where.to_pylist(), strict=True):
            if label is None or at is None or old[at] is None:
                continue
            both += 1
            unlike += grain.after.get(label) != grain.before.get(old[at])
    return unlike / both if both else None

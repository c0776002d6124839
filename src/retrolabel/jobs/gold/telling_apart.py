"""Is gold enough to tell two label sets apart, and on which items do the label model and cleanlab speak against it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc

from retrolabel.errors import GoldError
from retrolabel.gold.readiness import readiness, suspects, suspects_by_cleanlab
from retrolabel.jobs.gold.placing import place
from retrolabel.jobs.gold.scoring import Grain, rights, score
from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel.gold.readiness import Readiness
    from retrolabel.jobs.gold.placing import Placed
    from retrolabel.jobs.records.gold import ResolvedGold
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.history import History

    GoldOf = Callable[[str], ResolvedGold]

MOST = 20
"""Suspects that are listed."""
LABEL_MODEL, CLEANLAB = "label model", "cleanlab"
"""Who speaks against people."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A gold item that looks wrong.

    Attributes:
        source: Its source.
        item_id: The item.
        said: What people said: labels, with the version of each.
        gold: The labels that it leaves in the label set's version.
        label: What is likeliest by a model that had not seen its gold.
        probability: How probable that is.
        of_gold: How probable the labels are that gold leaves.
        score: How many nats the likeliest is ahead of them.
        by: Who speaks against people: ``label model``, ``cleanlab``, or both.
    """

    source: str
    item_id: str
    said: tuple[tuple[str, str], ...]
    gold: tuple[str, ...]
    label: str
    probability: float
    of_gold: float
    score: float
    by: tuple[str, ...] = (LABEL_MODEL,)

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
            "by": list(self.by),
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
        suspects: The gold items that look wrong: those on which label model and cleanlab speak against people, then
            those on which one of them does; those that the label model is surest of first.
        suspected: On how many the label model speaks against people.
        gold: How many gold items were looked at for them.
        by_cleanlab: On how many cleanlab does; ``None`` where it is not installed.
        by_both: On how many both do.
        exact: On how many of the gold items people leave one label: cleanlab looks at these alone.
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
    by_cleanlab: int | None = None
    by_both: int = 0
    exact: int = 0

    @property
    def listed_of(self) -> int:
        """How many gold items look wrong in all."""
        return self.suspected + (self.by_cleanlab or 0) - self.by_both

    def __repr__(self) -> str:
        """Return the verdict, and how many gold items look wrong."""
        told = str(self.found) if self.found is not None else self.why_not
        also = "" if self.by_cleanlab is None else f", cleanlab against {self.by_cleanlab:,}"
        return f"{told}\nthe label model speaks against {self.suspected:,} of {self.gold:,} gold items{also}"

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
            "by_cleanlab": self.by_cleanlab,
            "by_both": self.by_both,
            "exact": self.exact,
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
    looked = _Looked.at(label_set, gold)
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
    return GoldReadiness(
        label_set,
        against,
        found,
        why_not,
        named,
        differing,
        by_design,
        looked.suspects,
        len(looked.by_model),
        looked.items,
        None if looked.by_cleanlab is None else len(looked.by_cleanlab),
        len(looked.by_both),
        looked.exact,
    )


@dataclass(frozen=True, eq=False)
class _Looked:
    """Which gold items look wrong.

    Attributes:
        suspects: The first of them.
        by_model: The places of those on which the label model speaks against people.
        by_cleanlab: The same of cleanlab; ``None`` where it is not installed.
        items: How many gold items were looked at.
        exact: How many of them are one label.
    """

    suspects: tuple[Suspect, ...]
    by_model: frozenset[int]
    by_cleanlab: frozenset[int] | None
    items: int
    exact: int

    @property
    def by_both(self) -> frozenset[int]:
        """The places of those on which both do."""
        return self.by_model & (self.by_cleanlab or frozenset())

    @classmethod
    def at(cls, label_set: LabelSet, gold: ResolvedGold) -> _Looked:
        """Look at the gold items that have votes; cleanlab at those of them whose gold is one label."""
        placed = place(label_set, gold.sets)
        covered = np.asarray(label_set.patterns.column("covered"), np.bool_)[placed.pattern[placed.rows]]
        rows, scores = suspects(placed.probabilities, placed.possible, covered)
        theirs = suspects_by_cleanlab(placed.probabilities, np.where(covered, placed.truth, -1))
        ahead = dict(zip(rows.tolist(), scores.tolist(), strict=True))
        others = None if theirs is None else frozenset(theirs.tolist())
        by = {
            row: tuple(name for name, found in ((LABEL_MODEL, ahead), (CLEANLAB, others or ())) if row in found)
            for row in (*ahead, *sorted((others or frozenset()) - ahead.keys()))
        }
        order = sorted(by, key=lambda row: (-len(by[row]), -ahead.get(row, 0.0)))[:MOST]
        chosen = tuple(_suspect(label_set, gold, placed, row, ahead.get(row, 0.0), by[row]) for row in order)
        return cls(chosen, frozenset(ahead), others, int(covered.sum()), int((covered & placed.exact).sum()))


def _suspect(  # noqa: PLR0913 - an item, and what is known of it
    label_set: LabelSet, gold: ResolvedGold, placed: Placed, row: int, ahead: float, by: tuple[str, ...]
) -> Suspect:
    key, own, left = placed.keys[row], placed.probabilities[row], placed.possible[row]
    return Suspect(
        *key,
        gold.said.get(key, ()),
        tuple(label for label, one in zip(label_set.labels, left, strict=True) if one),
        label_set.labels[int(own.argmax())],
        float(own.max()),
        float(own[left].sum()),
        ahead,
        by,
    )


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

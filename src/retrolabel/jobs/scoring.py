"""Label sets against gold: which gold counts in which version, and how well it agrees."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.gold.adjudication import GoldSet, adjudicate
from retrolabel.gold.agreement import Agreement, agreement
from retrolabel.schema.labels import union

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pyarrow as pa

    from retrolabel.jobs.label_sets import LabelSet
    from retrolabel.jobs.ports import Catalog
    from retrolabel.schema.history import History


@dataclass(frozen=True)
class Score:
    """A label set against the gold of one role.

    Attributes:
        agreement: The figures, over gold that is exact in the label set's version.
        ties: Items without a gold label because people were tied.
        other_version: Items whose gold was made under a version that does not carry over exactly.
        suspect: Items whose gold was made on other text, or under a label that was redefined.
        missing: Items that the label set does not hold.
        cross_fitted: Items that the label model saw, and that were scored by a model that did not.
    """

    agreement: Agreement
    ties: int = 0
    other_version: int = 0
    suspect: int = 0
    missing: int = 0
    cross_fitted: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        return {
            **self.agreement.as_dict(),
            "ties": self.ties,
            "other_version": self.other_version,
            "suspect": self.suspect,
            "missing": self.missing,
            "cross_fitted": self.cross_fitted,
        }


@dataclass
class ResolvedGold:
    """Gold of one role as places of labels in one version, with what had to stay out.

    Attributes:
        places: (source, item id) -> place of its label.
        random: The items among them that were drawn at random.
        ties: Items without a label because people were tied.
        other_version: Items of a version that does not carry over exactly.
        suspect: Items whose text or label changed since.
    """

    places: dict[tuple[str, str], int] = field(default_factory=dict)
    random: set[tuple[str, str]] = field(default_factory=set)
    ties: int = 0
    other_version: int = 0
    suspect: int = 0

    def drawn_at_random(self) -> dict[tuple[str, str], int]:
        """Return the part that says something about how frequent labels are."""
        return {key: place for key, place in self.places.items() if key in self.random}


def resolve_gold(
    gold: GoldSet, role: str, history: History, version: str, revisions: Mapping[tuple[str, str], str]
) -> ResolvedGold:
    """Return gold as it reads in ``version``.

    Gold of another version takes part only where every label of that version is exact in this one:
    if ``bad`` was split and ``good`` was not, the old gold would bring good items alone, and every
    figure would be about them.

    Args:
        gold: All adjudicated gold of the task.
        role: The role that is wanted.
        history: The task's versions.
        version: The version to read it in.
        revisions: (source, item id) -> digest of the live content; other gold is suspect.
    """
    ids = history[version].ids
    read = {
        made: {label.id: history.resolve(union(label), version) for label in history[made].labels}
        for made in {item.schema_version for item in gold.items}
    }
    exact = {made: all(found.kind == "exact" for found in labels.values()) for made, labels in read.items()}
    chosen = gold.with_role(role)
    found = ResolvedGold(ties=len(chosen.ties))
    for item in chosen.items:
        resolved = read[item.schema_version][item.label]
        key = (item.source, item.item_id)
        if resolved.suspect or (item.revision and revisions.get(key, item.revision) != item.revision):
            found.suspect += 1
        elif not exact[item.schema_version]:
            found.other_version += 1
        else:
            (image,) = resolved.ids
            found.places[key] = ids.index(image)
            if item.sampling == "random":
                found.random.add(key)
    return found


def score(label_set: LabelSet, gold: ResolvedGold) -> Score:
    """Return how well a stored label set agrees with gold.

    Items that its label model was fitted on are scored by what a model said that had not seen them.
    """
    return score_items(label_set.labels, label_set.parts(), label_set.cross_fitted(), gold)


def score_items(
    labels: Sequence[str],
    parts: Iterable[tuple[str, pa.Table]],
    unseen: Mapping[tuple[str, str], str | None],
    gold: ResolvedGold,
) -> Score:
    """Return how well labels agree with gold; only the items that have gold are looked at.

    Args:
        labels: The label ids, in the order that gold's places count.
        parts: (source, items) with the columns ``item_id``, ``label``, ``covered``.
        unseen: (source, item id) -> what a model said that had not seen the item, for those fitted.
        gold: Places of labels.
    """
    ids = list(labels)
    truth, predicted, covered = [], [], []
    wanted: dict[str, set[str]] = {}
    crossed = 0
    for source, item_id in gold.places:
        wanted.setdefault(source, set()).add(item_id)
    for source, items in parts:
        mine = wanted.get(source, set())
        names = items.column("item_id").to_pylist() if mine else []
        rows = [row for row, name in enumerate(names) if name in mine]
        for found in items.take(rows).to_pylist() if rows else []:
            key = (source, found["item_id"])
            label = unseen.get(key, found["label"])
            crossed += key in unseen
            truth.append(gold.places[key])
            predicted.append(ids.index(label) if label is not None else -1)
            covered.append(found["covered"])
    measured = agreement(
        np.array(truth, np.int64), np.array(predicted, np.int64), np.array(covered, np.bool_), labels=len(ids)
    )
    missing = len(gold.places) - len(truth)
    return Score(measured, gold.ties, gold.other_version, gold.suspect, missing, crossed)


def live_revisions(gold: GoldSet, catalog: Catalog) -> dict[tuple[str, str], str]:
    """Return (source, item id) -> digest of the live content of the gold items."""
    by_source: dict[str, list[str]] = {}
    for item in gold.items:
        by_source.setdefault(item.source, []).append(item.item_id)
    return {
        (source, item_id): revision
        for source, ids in by_source.items()
        for item_id, revision in catalog.revisions(source, ids).items()
    }


def gold_in(history: History, version: str, role: str, catalog: Catalog) -> ResolvedGold:
    """Return the task's gold of one role as it reads in ``version``."""
    gold = adjudicate(catalog.human_labels(history.task))
    return resolve_gold(gold, role, history, version, live_revisions(gold, catalog))


def score_label_set(label_set: LabelSet, history: History, role: str, catalog: Catalog) -> Score:
    """Return how well a stored label set agrees with the task's gold of one role."""
    return score(label_set, gold_in(history, label_set.record.schema_version, role, catalog))

"""Label sets against gold: which gold counts in which version, and how well it agrees."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.gold.adjudication import GoldSet, adjudicate
from retrolabel.gold.agreement import Agreement, Estimate, Membership, agreement, membership, rank_error
from retrolabel.gold.projection import Readings
from retrolabel.jobs.fitting import ranks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pyarrow as pa

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.label_sets import LabelSet
    from retrolabel.jobs.ports import Catalog
    from retrolabel.schema.history import History
    from retrolabel.schema.rules import AgreementTarget


NOT_AS_A_WHOLE = "labelled under a version that does not carry over as a whole"
"""Why gold of an older version takes part in membership alone; what was not split, by itself, would flatter."""


@dataclass(frozen=True)
class Score:
    """A label set against the gold of one role.

    Attributes:
        agreement: The figures over gold of versions that carry over exactly.
        membership: How often the label is one that the gold leaves possible, over all gold that says
            anything: set-valued gold too.
        ties: Items without a gold label because people were tied.
        other_version: Items whose gold was made under a version that does not carry over exactly; they
            count by membership alone.
        unknown: Items whose gold says nothing in this version; the original is kept.
        suspect: Items whose gold was made on other text, or under a label that was redefined.
        near_misses: Items that might bear another label now, because that one became wider; they count.
        missing: Items that the label set does not hold.
        cross_fitted: Items that the label model saw, and that were scored by a model that did not.
        coarse: Items whose gold is a label with others below it; they count by membership alone.
        rank_error: How many ranks the label is off on average, in an ordinal version.
    """

    agreement: Agreement
    membership: Membership
    ties: int = 0
    other_version: int = 0
    unknown: int = 0
    suspect: int = 0
    near_misses: int = 0
    missing: int = 0
    cross_fitted: int = 0
    coarse: int = 0
    rank_error: Estimate | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        names = ("ties", "other_version", "coarse", "unknown", "suspect", "near_misses", "missing", "cross_fitted")
        return {
            **self.agreement.as_dict(),
            **({} if self.rank_error is None else {"rank_error": self.rank_error.value}),
            "membership": self.membership.as_dict(),
            **{name: getattr(self, name) for name in names},
        }


def verdict(score: Score, target: AgreementTarget) -> str:
    """Return whether a label set meets a version's agreement target: ``met``, ``missed``, ``open`` or ``too few``."""
    a = score.agreement
    figure = {"accuracy": a.accuracy, "macro_f1": a.macro_f1, "kappa": a.kappa}[target.coefficient]
    if figure.low is None or figure.high is None:
        return "too few"
    return target.verdict(low=figure.low, high=figure.high, n=a.covered)


@dataclass
class ResolvedGold:
    """Gold of one role as it reads in one version, with what had to stay out.

    Attributes:
        sets: (source, item id) -> places of the labels that its gold leaves possible.
        places: The same for gold of versions that carry over exactly: the place of its one label.
        random: The items of ``places`` that were drawn at random.
        ties: Items without a label because people were tied.
        other_version: Items of a version that does not carry over exactly.
        unknown: Items whose gold says nothing here.
        suspect: Items whose text or label changed since.
        near_misses: Items that might bear another label, because it became wider.
        coarse: Items whose gold is a label with others below it.
        ranks: The ranks of the labels, in an ordinal version.
    """

    sets: dict[tuple[str, str], frozenset[int]] = field(default_factory=dict)
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    random: set[tuple[str, str]] = field(default_factory=set)
    ties: int = 0
    other_version: int = 0
    unknown: int = 0
    suspect: int = 0
    near_misses: int = 0
    coarse: int = 0
    ranks: tuple[int, ...] | None = None

    def drawn_at_random(self) -> dict[tuple[str, str], int]:
        """Return the part that says something about how frequent labels are."""
        return {key: place for key, place in self.places.items() if key in self.random}


def why_no_gold(gold: ResolvedGold, task: str, version: str, role: str = "dev") -> tuple[str, str]:
    """Return why gold names the label of no item that a task labels in a version, and what helps.

    Args:
        gold: The gold that there is.
        task: The task.
        version: The version that it was read in.
        role: Its role.

    Returns:
        A sentence, and a remedy.
    """
    if gold.places:
        sources = ", ".join(sorted({source for source, _ in gold.places}))
        return (
            f"{task} labels none of the {len(gold.places):,} items with {role} gold; they are of {sources}.",
            f"sources of tasks.{task} in the settings says which it labels",
        )
    taking = f"retrolabel gold import {task} FILE --source NAME --role {role}"
    single = sum(len(labels) == 1 for labels in gold.sets.values())
    reasons = {
        NOT_AS_A_WHOLE.removeprefix("labelled "): gold.other_version,
        "with a label that has others below it": gold.coarse,
        f"with a label that says nothing under {version}": gold.unknown,
        "on text, or with a label, that changed since": gold.suspect,
        "by people who are tied": gold.ties,
    }
    told = [f"{count:,} labelled {why}" for why, count in reasons.items() if count]
    if not told:
        return f"There is no {role} gold of {task} under {version}.", f"{taking} --sampling random"
    sentence = f"No {role} gold of {task} counts as labels under {version}: {'; '.join(told)}."
    if single:
        sentence += f" {single:,} of it would still name one label: without the others, they would flatter."
    listing = f"retrolabel gold show {task} --to {version} --out FILE lists them"
    return sentence, f"let people label some again under {version} ({listing}): {taking} --schema {version}"


def resolve_gold(gold: GoldSet, role: str, history: History, version: str, readings: Readings) -> ResolvedGold:
    """Return gold as it reads in ``version``.

    Gold of another version counts by membership. It takes part in the other figures, and in a fit,
    only where every label of that version is exact in this one: if ``bad`` was split and ``good`` was
    not, the old gold would bring good items alone, and every figure would be about them. Gold on a label
    with others below it counts by membership too: it says that one of them holds.

    Args:
        gold: All adjudicated gold of the task.
        role: The role that is wanted.
        history: The task's versions.
        version: The version to read it in.
        readings: What the labels of each version say in this one.
    """
    tree = history[version].taxonomy
    exactly = {made: readings.exactly(made) for made in {item.schema_version for item in gold.items}}
    chosen = gold.with_role(role)
    found = ResolvedGold(ties=len(chosen.ties), ranks=ranks_of(history[version]))
    for item in chosen.items:
        reading = readings(item)
        key = (item.source, item.item_id)
        leaves = tree.leaves_of(reading.ids)
        if not reading.counts or len(leaves) == len(tree.leaves):
            found.suspect += reading.suspect
            found.unknown += not reading.suspect
            continue
        found.sets[key] = frozenset(tree.leaves.index(each) for each in leaves)
        found.near_misses += reading.near_miss
        if not exactly[item.schema_version]:
            found.other_version += 1
            continue
        if len(leaves) > 1:
            found.coarse += 1
            continue
        (found.places[key],) = found.sets[key]
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
    keys: list[tuple[str, str]] = []
    predicted: list[int] = []
    covered: list[bool] = []
    wanted: dict[str, set[str]] = {}
    for source, item_id in gold.sets:
        wanted.setdefault(source, set()).add(item_id)
    for source, items in parts:
        mine = wanted.get(source, set())
        names = items.column("item_id").to_pylist() if mine else []
        rows = [row for row, name in enumerate(names) if name in mine]
        for found in items.take(rows).to_pylist() if rows else []:
            key = (source, found["item_id"])
            label = unseen.get(key, found["label"])
            keys.append(key)
            predicted.append(ids.index(label) if label is not None else -1)
            covered.append(found["covered"])
    said, known = np.array(predicted, np.int64), np.array(covered, np.bool_)
    single = np.array([key in gold.places for key in keys], np.bool_)
    truth = np.array([gold.places[key] for key in keys if key in gold.places], np.int64)
    return Score(
        agreement(truth, said[single], known[single], labels=len(ids)),
        membership([gold.sets[key] for key in keys], said, known),
        gold.ties,
        gold.other_version,
        gold.unknown,
        gold.suspect,
        gold.near_misses,
        len(gold.sets) - len(keys),
        sum(key in unseen for key in keys),
        gold.coarse,
        rank_error(truth, said[single], known[single], gold.ranks) if gold.ranks else None,
    )


def live_revisions(labels: Iterable[HumanLabel], catalog: Catalog) -> dict[tuple[str, str], str]:
    """Return (source, item id) -> digest of the live content of the items that have human labels."""
    by_source: dict[str, dict[str, None]] = {}
    for label in labels:
        by_source.setdefault(label.source, {})[label.item_id] = None
    return {
        (source, item_id): revision
        for source, ids in by_source.items()
        for item_id, revision in catalog.revisions(source, list(ids)).items()
    }


def read_in(history: History, version: str, labels: Sequence[HumanLabel], catalog: Catalog) -> Readings:
    """Return the readings of human labels in a version, by the live content of their items."""
    return Readings(history, version, live_revisions(labels, catalog))


def gold_in(history: History, version: str, role: str, catalog: Catalog) -> ResolvedGold:
    """Return the task's gold of one role as it reads in ``version``."""
    labels = catalog.human_labels(history.task)
    readings = read_in(history, version, labels, catalog)
    gold = adjudicate(labels, rank=readings.rank, twins=history.twins)
    return resolve_gold(gold, role, history, version, readings)


def score_label_set(label_set: LabelSet, history: History, role: str, catalog: Catalog) -> Score:
    """Return how well a stored label set agrees with the task's gold of one role."""
    return score(label_set, gold_in(history, label_set.record.schema_version, role, catalog))

"""Which gold counts in which version, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.gold.adjudication import GoldSet, adjudicate
from retrolabel.gold.projection import Readings
from retrolabel.jobs.records.gold import ResolvedGold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema


NOT_AS_A_WHOLE = "under a version that does not carry over as a whole"
"""Why gold of an older version takes part in membership alone; what was not split, by itself, would flatter."""


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
        NOT_AS_A_WHOLE: gold.other_version,
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


def live_revisions(labels: Iterable[HumanLabel], feedback: FeedbackBook) -> dict[tuple[str, str], str]:
    """Return (source, item id) -> digest of the live content of the items that have human labels."""
    by_source: dict[str, dict[str, None]] = {}
    for label in labels:
        by_source.setdefault(label.source, {})[label.item_id] = None
    return {
        (source, item_id): revision
        for source, ids in by_source.items()
        for item_id, revision in feedback.revisions(source, list(ids)).items()
    }


def read_in(history: History, version: str, labels: Sequence[HumanLabel], feedback: FeedbackBook) -> Readings:
    """Return the readings of human labels in a version, by the live content of their items."""
    return Readings(history, version, live_revisions(labels, feedback))


def gold_in(history: History, version: str, role: str, gold: GoldBook, feedback: FeedbackBook) -> ResolvedGold:
    """Return the task's gold of one role as it reads in ``version``."""
    labels = gold.human_labels(history.task)
    readings = read_in(history, version, labels, feedback)
    adjudicated = adjudicate(labels, rank=readings.rank, twins=history.twins)
    return resolve_gold(adjudicated, role, history, version, readings)


def ranks_of(schema: LabelSchema) -> tuple[int, ...] | None:
    """Return the places of an ordinal version's labels, in their order; ``None`` on another scale."""
    if schema.scale != "ordinal":
        return None
    return tuple(label.rank for label in map(schema.label, schema.leaves) if label.rank is not None)

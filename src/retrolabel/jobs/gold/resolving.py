"""Which gold counts in which version, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.gold.adjudication import GoldSet, adjudicate, standing
from retrolabel.gold.projection import Readings
from retrolabel.jobs.records.gold import ResolvedGold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.deciding import Adjudication
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.records.gold import Key
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema


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
    reasons = {
        "with what is several labels here": len(gold.sets),
        f"with a label that says nothing under {version}": gold.unknown,
        "on text, or with a label, that changed since": gold.suspect,
        "by people who are tied": gold.ties,
        "on near copies of test items": gold.near_test,
    }
    told = [f"{count:,} labelled {why}" for why, count in reasons.items() if count]
    if not told:
        return f"There is no {role} gold of {task} under {version}.", f"{taking} --sampling random"
    sentence = f"No {role} gold of {task} is one label under {version}: {'; '.join(told)}."
    listing = f"retrolabel gold show {task} --to {version} --out FILE lists them"
    return sentence, f"let people label some again under {version} ({listing}): {taking} --schema {version}"


def items_of_test(labels: Iterable[HumanLabel]) -> set[Key]:
    """Return the items that test gold is on, whatever it says: nothing that is shown or learned rests on them."""
    return {(label.source, label.item_id) for label in standing(labels) if label.role == "test"}


def resolve_gold(gold: GoldSet, role: str, history: History, version: str, readings: Readings) -> ResolvedGold:
    """Return gold as it reads in ``version``: each item as the set of labels that its people leave possible.

    What people said of an item under other versions narrows what they say under the one that counts: gold of a label
    that was split is a set, and a newer answer on the same item chooses in it. Where the two contradict each other,
    the one that counts stands. Gold on a label with others below it leaves these. Near copies of test items stay out
    of dev gold.

    An item of a known design weighs as many items as it stands for. Several draws of a source are taken together, each
    by what it is worth: as many items as would be as exact, drawn alike (Hartley 1962; Kish 1965). So a draw that was
    after some items above all takes nothing from one that was after all alike.

    Args:
        gold: All adjudicated gold of the task.
        role: The role that is wanted.
        history: The task's versions.
        version: The version to read it in.
        readings: What the labels of each version say in this one.
    """
    tree = history[version].taxonomy
    chosen = gold.with_role(role)
    found = ResolvedGold(
        role=role, version=version, ties=len(chosen.tied), ranks=ranks_of(history[version]), notes=gold.notes
    )
    worth = _worth(chosen)
    of_source: dict[str, float] = {}
    for (source, _), items in worth.items():
        of_source[source] = of_source.get(source, 0.0) + items
    for item in chosen.items:
        if role == "dev" and any(answer.near_test for answer in item.answers):
            found.near_test += 1
            continue
        reading = readings(item)
        key = (item.source, item.item_id)
        leaves = [each for each in tree.leaves if each in tree.leaves_of(reading.ids)]
        if not reading.counts or len(leaves) == len(tree.leaves):
            found.suspect += reading.suspect
            found.unknown += not reading.suspect
            continue
        if readings.is_live(item):
            for earlier in (readings.of(*said) for said in item.earlier):
                narrowed = [each for each in leaves if each in tree.leaves_of(earlier.ids)]
                leaves = narrowed if narrowed and earlier.counts else leaves
        found.sets[key] = frozenset(tree.leaves.index(each) for each in leaves)
        found.said[key] = ((item.label, item.schema_version), *item.earlier)
        found.older |= {said for said in found.said[key] if readings.of(*said).kind == "set"}
        found.near_misses += reading.near_miss
        if item.inclusion:
            share = worth[item.source, item.batch] / of_source[item.source]
            found.weights[key] = share / item.inclusion
            found.draws[key] = item.batch
    return found


def _worth(gold: GoldSet) -> dict[tuple[str, int | None], float]:
    """Return (source, draw) -> how many items of a simple random sample would be as exact: (sum w)^2 / sum w^2."""
    stands: dict[tuple[str, int | None], list[float]] = {}
    for item in gold.items:
        if item.inclusion:
            stands.setdefault((item.source, item.batch), []).append(1 / item.inclusion)
    return {
        draw: float(len(each)) if min(each) == max(each) else sum(each) ** 2 / sum(w**2 for w in each)
        for draw, each in stands.items()
    }


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


def gold_in(  # noqa: PLR0913 - whose answers, and how they are read and adjudicated
    history: History,
    version: str,
    role: str,
    labels: Sequence[HumanLabel],
    feedback: FeedbackBook,
    *,
    how: Adjudication,
) -> ResolvedGold:
    """Return human labels of one role as gold of ``version``; ``how`` is the task's adjudication."""
    readings = read_in(history, version, labels, feedback)
    adjudicated = adjudicate(labels, rank=readings.rank, twins=history.twins, how=how)
    return resolve_gold(adjudicated, role, history, version, readings)


def ranks_of(schema: LabelSchema) -> tuple[int, ...] | None:
    """Return the places of an ordinal version's labels, in their order; ``None`` on another scale."""
    if schema.scale != "ordinal":
        return None
    return tuple(label.rank for label in map(schema.label, schema.leaves) if label.rank is not None)

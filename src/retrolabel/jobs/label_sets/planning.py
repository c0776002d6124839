"""What a relabel would do and cost: a pure function of what is there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from retrolabel.errors import MissingColumnError, Problem, SchemaError, did_you_mean
from retrolabel.jobs.gold.resolving import gold_in
from retrolabel.jobs.label_sets.fitting import gold_inputs
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID
from retrolabel.jobs.records.gold import ResolvedGold
from retrolabel.jobs.records.plans import Plan, VoteTask
from retrolabel.jobs.votes.keys import vote_key
from retrolabel.label_models.deciding import Deciding
from retrolabel.schema.fingerprints import fingerprints

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from retrolabel.gold.deciding import Adjudication
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.label_sets.book import LabelSetsBook
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.jobs.records.plan_changes import Rate
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.jobs.records.votes import VoteColumn
    from retrolabel.jobs.votes.book import VotesBook
    from retrolabel.schema.history import Resolution
    from retrolabel.schema.versions import LabelSchema

FEW_LFS = 3
SHORT = 12
"""Characters of a label set's id that name it."""
FORMAT = 3
"""Raised when a label set's files or the inputs of its id change their form."""


@dataclass(frozen=True)
class Known:
    """All that a store knows of a task, as far as a relabel needs it: read once, and carried by the plan.

    Attributes:
        segments: The segments of the sources that the task labels.
        contracts: Source -> column -> type.
        stored: Vote key -> stored votes; may hold more than is needed.
        label_sets: The ids of the label sets that exist.
        made: Those that were made under the version asked for, newest first.
        latest: The label set that ``latest`` names.
        dev: The dev gold, as it reads in the version asked for.
        dev_before: The same, as it reads in that label set's version.
        rates: LF name -> what a call took so far.
    """

    segments: Sequence[Segment]
    contracts: Mapping[str, Mapping[str, str]]
    stored: Mapping[str, VoteColumn] = field(default_factory=dict)
    label_sets: Collection[str] = ()
    made: Sequence[LabelSetRecord] = ()
    latest: LabelSetRecord | None = None
    dev: ResolvedGold = field(default_factory=ResolvedGold)
    dev_before: ResolvedGold | None = None
    rates: Mapping[str, Rate] = field(default_factory=dict)


def look_up(  # noqa: PLR0913 - a plan touches all books
    task: FoundTask,
    version: str,
    sources: Sequence[str] | None,
    *,
    how: Adjudication,
    feedback: FeedbackBook,
    votes: VotesBook,
    gold: GoldBook,
    label_sets: LabelSetsBook,
) -> Known:
    """Return what a store knows of a task; nothing is changed.

    Args:
        task: What discovery found.
        version: The schema version that gold is read in.
        sources: The sources that the task labels; all if ``None``.
        how: How people who differ are adjudicated.
        feedback: What items there are.
        votes: What is stored of votes.
        gold: What people said.
        label_sets: What was made before.
    """
    segments, contracts = feedback.segments(sources), feedback.sources()
    keys = [vote_key(task, lf, each, contracts.get(each.source, {})) for each in segments for lf in task.lfs]
    records = {record.id: record for record in label_sets.records(task.name)}
    latest = records.get(label_sets.pointer(task.name, "latest") or "")
    said = gold.human_labels(task.name)
    dev = gold_in(task.history, version, "dev", said, feedback, how=how)
    dev_before: ResolvedGold | None = dev
    if latest is not None and latest.schema_version != version:
        known = any(each.version == latest.schema_version for each in task.history)
        dev_before = gold_in(task.history, latest.schema_version, "dev", said, feedback, how=how) if known else None
    return Known(
        segments,
        contracts,
        votes.columns(keys),
        records,
        [record for record in records.values() if record.schema_version == version],
        latest,
        dev,
        dev_before,
        votes.rates(),
    )


def plan_relabel(  # noqa: PLR0913 - a task, what is known of it, and settings
    task: FoundTask,
    known: Known,
    *,
    to: str | None,
    label_model: Mapping[str, Any],
    fits_gold: bool = True,
    deciding: Deciding | None = None,
) -> Plan:
    """Return what a relabel would do; nothing is read, computed or written.

    Args:
        task: What discovery found.
        known: What the store knows; its gold is read in the version asked for.
        to: The version asked for; the newest if ``None``.
        label_model: The label model's settings, with the ranks of an ordinal version.
        fits_gold: Whether the label model is fitted with gold where there is enough.
        deciding: What becomes of items on which the evidence is thin.

    Raises:
        UnknownVersionError: The history lacks the version.
        MissingColumnError: LFs read columns that a source lacks; all of them.
        SchemaError: The version is multilabel, which no label set takes yet, or has one leaf.
    """
    schema = task.history[to] if to else task.history.head
    if schema.scale == "multilabel":
        raise SchemaError(
            f"{schema} is multilabel; a label set holds one label an item so far.",
            remedy="retrolabel.label_models.multilabel.MultilabelModel denoises votes on each label, in Python",
        )
    if len(schema.leaves) < 2:  # noqa: PLR2004 - one of one is no question
        raise SchemaError(f"{schema} has one label with none below it, so there is nothing to tell apart.")
    _check_columns(task, known)
    labelled = (segment for segment in known.segments if segment.live)
    ordered = tuple(sorted(labelled, key=lambda segment: (segment.source, segment.id)))
    sources = {segment.source for segment in known.segments}
    gold = known.dev.told(sources) if fits_gold else {}
    deciding = deciding or Deciding()
    votes = tuple(
        VoteTask(lf, segment, key, known.stored.get(key))
        for segment in ordered
        for lf in task.lfs
        for key in [vote_key(task, lf, segment, known.contracts.get(segment.source, {}))]
    )
    resolutions = {
        lf.name: {str(vote): task.history.resolve(vote, schema.version) for vote in lf.declared} for lf in task.lfs
    }
    inputs = {
        "format": FORMAT,
        "task": task.name,
        "schema": {
            "version": schema.version,
            "labels": list(schema.leaves),
            **({"parents": dict(schema.taxonomy.parents)} if schema.taxonomy.parents else {}),
            **{name: value for name, value in fingerprints(schema).items() if name in ("shape", "meaning")},
        },
        "lfs": [
            {
                "name": lf.name,
                "key": task.keys[lf.name],
                "votes": {text: sorted(found.ids) for text, found in resolutions[lf.name].items() if not found.suspect},
            }
            for lf in task.lfs
        ],
        "segments": [{"source": s.source, "id": s.id, "live": s.live_digest} for s in ordered],
        "label_model": dict(label_model),
        "gold": gold_inputs(gold),
        "labels": deciding.inputs(),
    }
    plan = Plan(task, votes, known.contracts, schema, ordered, resolutions, inputs, gold, known.dev, deciding=deciding)
    return replace(
        plan,
        exists=plan.label_set in known.label_sets,
        is_latest=known.latest is not None and plan.label_set == known.latest.id,
        before=known.latest if known.latest is not None and plan.label_set != known.latest.id else None,
        dev_before=known.dev_before,
        rates=known.rates,
        notes=(*known.dev.notes, *_notes(plan, known)),
        remarks=(*known.dev.notes, *_older(plan, known)),
    )


def changed_gold(plan: Plan, before: Mapping[str, Any], how: Adjudication) -> list[str]:
    """Return a sentence where other gold is fitted than in the label set before; nothing where none would be.

    Args:
        plan: What would be made.
        before: What the label set before was made of.
        how: How people who differ are adjudicated.
    """
    now, then = plan.inputs["gold"], before.get("gold")
    if now is None or now == then or plan.before is None:
        return []
    earlier = f"{then['items']:,}" if then else "none"
    told = (
        f"other gold is fitted than in label set {plan.before.id[:SHORT]}: {now['items']:,} items now, {earlier} then"
    )
    return [told if how.is_majority else f"{told}; people who differ are adjudicated {how}"]


def _check_columns(task: FoundTask, known: Known) -> None:
    problems = []
    for source in sorted({segment.source for segment in known.segments}):
        columns = [ITEM_ID, CREATED_AT, *sorted(known.contracts.get(source, {}))]
        missing: dict[str, list[str]] = {}
        for lf in task.lfs:
            for column in lf.reads:
                if column not in columns:
                    missing.setdefault(column, []).append(f"LF {lf.name} ({task.code[lf.name]['file']})")
        problems += [
            Problem(f"feature {name}", f"has the name of a column of the source {source!r}", "rename the feature")
            for name in sorted({name for lf in task.lfs for name in lf.features} & set(columns))
        ]
        problems += [
            Problem(
                ", ".join(lfs),
                f"read{'s' if len(lfs) == 1 else ''} the column {column!r}, which the source {source!r} does not have."
                f"{did_you_mean(column, columns)} It has: {', '.join(columns)}",
            )
            for column, lfs in missing.items()
        ]
    if problems:
        raise MissingColumnError(
            f"Labeling functions of {task.name!r} read columns that their sources lack.",
            problems=problems,
            remedy="a parameter is a column: rename it; or say in the settings which sources the task labels:"
            f' [tasks.{task.name}] sources = ["..."] (in pyproject.toml [tool.retrolabel.tasks.{task.name}])',
        )


def _notes(plan: Plan, known: Known) -> list[str]:
    notes = []
    if not plan.segments:
        notes.append("no items: ingest feedback first")
    if not plan.task.lfs:
        notes.append("no labeling functions: every item will be uncovered")
    elif len(plan.task.lfs) < FEW_LFS and plan.inputs["label_model"].get("name") == "label_model":
        notes.append(f"{len(plan.task.lfs)} LF(s): too few to tell from their votes alone how far each can be trusted")
    notes += _older(plan, known)
    told: dict[str, list[str]] = {}
    for lf, votes in plan.resolutions.items():
        for text, found in votes.items():
            what = what_becomes(text, found, plan.schema)
            if what:
                told.setdefault(what, []).append(lf)
    for what, lfs in told.items():
        who = lfs[0] if len(lfs) == 1 else f"{len(lfs)} LFs ({', '.join(lfs[:3])}{', ...' if len(lfs) > 3 else ''})"  # noqa: PLR2004 - a few names
        notes.append(f"{who}: {what}")
    return notes


def _older(plan: Plan, known: Known) -> Iterator[str]:
    heads = [head.version for head in plan.task.history.heads]
    version = plan.schema.version
    if version not in heads:
        yield (
            f"{version} is not the newest version ({', '.join(heads)}): labeling functions of all versions"
            " vote; labels show, labels export and evaluate take what was made last"
        )
        before = [record for record in known.made if record.id != plan.label_set]
        if before and plan.label_set not in known.label_sets:
            old = before[0]
            yield (
                f"this makes another label set than {old.id[:SHORT]}, made under {version} on"
                f" {old.created_at:%Y-%m-%d}, since labeling functions, items, gold or settings changed since; to read"
                f" that one: retrolabel labels export {plan.task.name} {old.id[:SHORT]}, or task.labels("
                f'"{old.id[:SHORT]}")'
            )


def what_becomes(text: str, found: Resolution, schema: LabelSchema) -> str:
    """Return what an author should know of a vote under this version, or nothing."""
    if found.suspect:
        return f"the vote {text} names a label that was redefined; it stays out until re-pointed"
    if found.kind == "unknown":
        return f"the vote {text} says nothing under {schema.version}"
    if found.kind == "set" and found.home != schema.version:
        ids = " | ".join(label_id for label_id in schema.leaves if label_id in found.ids)
        return f"the vote {text} (of {found.home}) is carried as {ids}"
    return ""

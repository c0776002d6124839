"""What a relabel would do and cost: a pure function of what is there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from retrolabel.errors import MissingColumnError, Problem, SchemaError, did_you_mean
from retrolabel.jobs.fitting import gold_inputs
from retrolabel.jobs.records import CREATED_AT, ITEM_ID, Manifest
from retrolabel.schema.fingerprints import digest, fingerprints

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from retrolabel.jobs.records import Segment, Task, VoteColumn
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.schema.history import Resolution
    from retrolabel.schema.versions import LabelSchema

FEW_LFS = 3
NOT_NEWEST = "is not the newest version"
FORMAT = 2
"""Raised when a label set's files or the inputs of its id change their form."""


@dataclass(frozen=True)
class VoteTask:
    """The votes of one labeling function on one segment: there already, or to be computed."""

    lf: LabelingFunction
    segment: Segment
    key: str
    stored: VoteColumn | None


@dataclass(frozen=True, repr=False)
class Plan:
    """What a relabel would do.

    Attributes:
        task: The task.
        schema: The version that the items will be labelled under.
        votes: One entry for each LF and segment, in a fixed order.
        segments: The segments that hold the task's items: those of whose items some were not revised.
        resolutions: LF -> stored form of a vote -> what it means in the version asked for.
        inputs: All that the label set's id is the hash of.
        exists: Whether a label set of this id is there already.
        is_latest: Whether it is the one that ``latest`` names.
        gold: Random gold that the label model is fitted with, as places of labels.
        seconds: About how long the votes will take; ``None`` where an LF never ran.
        notes: What a person should know before it runs.
    """

    task: Task
    schema: LabelSchema
    votes: tuple[VoteTask, ...]
    segments: tuple[Segment, ...]
    resolutions: Mapping[str, Mapping[str, Resolution]]
    inputs: Mapping[str, Any]
    exists: bool
    is_latest: bool = False
    gold: Mapping[tuple[str, str], int] = field(default_factory=dict, repr=False)
    seconds: float | None = None
    notes: tuple[str, ...] = field(default=())

    def __repr__(self) -> str:
        """Return task, version, items and calls."""
        return (
            f"Plan({self.task.name} {self.schema.version}: {self.items:,} items, {self.calls:,} calls to make,"
            f" {self.reused:,} stored, label set {self.label_set[:12]})"
        )

    @property
    def label_set(self) -> str:
        """The id that the label set will have."""
        return Manifest(self.inputs, {}).id

    @property
    def items(self) -> int:
        """The number of live items."""
        return sum(segment.live for segment in self.segments)

    @cached_property
    def by_segment(self) -> Mapping[str, Sequence[VoteTask]]:
        """Segment id -> its votes, an entry for each labeling function."""
        found: dict[str, list[VoteTask]] = {}
        for vote in self.votes:
            found.setdefault(vote.segment.id, []).append(vote)
        return found

    @property
    def to_compute(self) -> tuple[VoteTask, ...]:
        """The votes that are not there yet."""
        return tuple(vote for vote in self.votes if vote.stored is None)

    @property
    def calls(self) -> int:
        """How often labeling functions will be called."""
        return sum(vote.segment.rows for vote in self.to_compute)

    @property
    def reused(self) -> int:
        """How many calls earlier runs save."""
        return sum(vote.segment.rows for vote in self.votes if vote.stored is not None)

    @property
    def nothing_to_do(self) -> bool:
        """Whether a relabel would change nothing."""
        return self.exists and self.is_latest and not self.to_compute


def plan_relabel(  # noqa: PLR0913 - all that the answer depends on
    task: Task,
    *,
    to: str | None,
    segments: Sequence[Segment],
    contracts: Mapping[str, Mapping[str, str]],
    stored: Mapping[str, VoteColumn],
    label_sets: Collection[str],
    latest: str | None = None,
    label_model: Mapping[str, Any],
    gold: Mapping[tuple[str, str], int] | None = None,
    seconds_per_call: Mapping[str, float] | None = None,
) -> Plan:
    """Return what a relabel would do; nothing is read, computed or written.

    Args:
        task: What discovery found.
        to: The version asked for; the newest if ``None``.
        segments: The segments of the sources that the task labels.
        contracts: Source -> column -> type.
        stored: Vote key -> stored votes; may hold more than is needed.
        label_sets: The ids that exist.
        latest: The id that ``latest`` names.
        label_model: The label model's settings, with the ranks of an ordinal version.
        gold: Random gold that it is fitted with: (source, item id) -> place of the label.
        seconds_per_call: LF name -> what a call took so far.

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
    _check_columns(task, segments, contracts)
    labelled = (segment for segment in segments if segment.live)
    ordered = tuple(sorted(labelled, key=lambda segment: (segment.source, segment.id)))
    votes = tuple(
        VoteTask(lf, segment, key, stored.get(key))
        for segment in ordered
        for lf in task.lfs
        for key in [vote_key(task, lf, segment, contracts.get(segment.source, {}))]
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
        "gold": gold_inputs(gold or {}),
    }
    plan = Plan(task, schema, votes, ordered, resolutions, inputs, exists=False)
    return replace(
        plan,
        exists=plan.label_set in label_sets,
        is_latest=plan.label_set == latest,
        gold=gold or {},
        seconds=_seconds(plan, seconds_per_call or {}),
        notes=tuple(_notes(plan)),
    )


def vote_key(task: Task, lf: LabelingFunction, segment: Segment, contract: Collection[str]) -> str:
    """Return the key of an LF's votes on a segment: its own key and the content of what it reads.

    Args:
        task: The task.
        lf: The labeling function.
        segment: The segment.
        contract: The columns of the source: one that reads the whole row sees those that came later too.
    """
    names = sorted({*segment.columns, *contract}) if lf.takes_row else lf.reads
    read = [[name, segment.columns.get(name, f"missing on {segment.rows} rows")] for name in names]
    return digest([task.keys[lf.name], segment.rows if not read else None, read])


def _check_columns(task: Task, segments: Sequence[Segment], contracts: Mapping[str, Mapping[str, str]]) -> None:
    problems = []
    for source in sorted({segment.source for segment in segments}):
        known = [ITEM_ID, CREATED_AT, *sorted(contracts.get(source, {}))]
        missing: dict[str, list[str]] = {}
        for lf in task.lfs:
            for column in lf.reads:
                if column not in known:
                    missing.setdefault(column, []).append(f"LF {lf.name} ({task.code[lf.name]['file']})")
        problems += [
            Problem(f"feature {name}", f"has the name of a column of the source {source!r}", "rename the feature")
            for name in sorted({name for lf in task.lfs for name in lf.features} & set(known))
        ]
        problems += [
            Problem(
                ", ".join(lfs),
                f"read{'s' if len(lfs) == 1 else ''} the column {column!r}, which the source {source!r} does not have."
                f"{did_you_mean(column, known)} It has: {', '.join(known)}",
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


def _seconds(plan: Plan, per_call: Mapping[str, float]) -> float | None:
    waiting = plan.to_compute
    if any(vote.lf.name not in per_call for vote in waiting):
        return None
    return sum(vote.segment.rows * per_call[vote.lf.name] for vote in waiting)


def _notes(plan: Plan) -> list[str]:
    notes = []
    if not plan.segments:
        notes.append("no items: ingest feedback first")
    if not plan.task.lfs:
        notes.append("no labeling functions: every item will be uncovered")
    elif len(plan.task.lfs) < FEW_LFS and plan.inputs["label_model"].get("name") == "label_model":
        notes.append(f"{len(plan.task.lfs)} LF(s): too few to tell from their votes alone how far each can be trusted")
    heads = [head.version for head in plan.task.history.heads]
    if plan.schema.version not in heads:
        notes.append(
            f"{plan.schema.version} {NOT_NEWEST} ({', '.join(heads)}): labeling functions of all versions vote; labels"
            " show, labels export and evaluate take what was made last"
        )
    told: dict[str, list[str]] = {}
    for lf, votes in plan.resolutions.items():
        for text, found in votes.items():
            what = _what_becomes(text, found, plan.schema)
            if what:
                told.setdefault(what, []).append(lf)
    for what, lfs in told.items():
        who = lfs[0] if len(lfs) == 1 else f"{len(lfs)} LFs ({', '.join(lfs[:3])}{', ...' if len(lfs) > 3 else ''})"  # noqa: PLR2004 - a few names
        notes.append(f"{who}: {what}")
    return notes


def _what_becomes(text: str, found: Resolution, schema: LabelSchema) -> str:
    """Return what an author should know of a vote under this version, or nothing."""
    if found.suspect:
        return f"the vote {text} names a label that was redefined; it stays out until re-pointed"
    if found.kind == "unknown":
        return f"the vote {text} says nothing under {schema.version}"
    if found.kind == "set" and found.home != schema.version:
        ids = " | ".join(label_id for label_id in schema.leaves if label_id in found.ids)
        return f"the vote {text} (of {found.home}) is carried as {ids}"
    return ""

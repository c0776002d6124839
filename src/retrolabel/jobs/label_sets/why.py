"""Where one label comes from: votes and their sources, schema, people, file and line, and the run that made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from retrolabel.analysis.guideline import step_sentences
from retrolabel.analysis.why.values import (
    DecidedOn,
    Elsewhere,
    FromFile,
    Labelled,
    MadeBy,
    Meaning,
    Named,
    Origin,
    WhyData,
)
from retrolabel.errors import RetrolabelError
from retrolabel.jobs.feedback.content import row_digests
from retrolabel.jobs.label_sets.finding import label_set_before
from retrolabel.jobs.label_sets.finding_items import find_item, held_in
from retrolabel.jobs.label_sets.promoting import CANDIDATE
from retrolabel.jobs.label_sets.why_people import people_on
from retrolabel.jobs.label_sets.why_votes import Reading, votes_on
from retrolabel.jobs.records.decisions import CURRENT, MOVES
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.jobs.records.label_sets import LabelSet
from retrolabel.jobs.records.origins import line_of_row
from retrolabel.schema.fingerprints import described_steps, label_meaning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.gold.deciding import Adjudication
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.label_sets.book import LabelSetsBook
    from retrolabel.jobs.label_sets.finding_items import HeldItem
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.jobs.votes.book import VotesBook
    from retrolabel.schema.history import History

MOST_SEGMENTS = 20
"""Segments in which older revisions of an item are looked for; of more, nobody looks."""


@dataclass(frozen=True, eq=False)
class Books:
    """What is read to say where a label comes from.

    Attributes:
        label_sets: What label sets there are.
        feedback: What items there are.
        votes: What is stored of votes.
        gold: What people said.
        history: The task's versions; ``None`` where the project cannot be read.
        task: What the project holds; ``None`` where it cannot be read.
        how: How people who differ are adjudicated.
        why_not: Why the project cannot be read.
    """

    label_sets: LabelSetsBook
    feedback: FeedbackBook
    votes: VotesBook
    gold: GoldBook
    history: History | None
    task: FoundTask | None
    how: Adjudication
    why_not: str = ""


def why(label_set: LabelSet, asked: str, item: str, source: str | None, books: Books) -> WhyData:
    """Return where the label of an item comes from; no labeling function is called, and nothing is fitted.

    Args:
        label_set: The label set.
        asked: What it was asked for as.
        item: The item: its id, or ``SOURCE/ID``.
        source: Its source, where several have the id.
        books: What is read.

    Raises:
        UnknownItemError: There is no such item, or the label set was made before it came.
        InputError: Several sources have the id.
        CorruptionError: A file of the label set is damaged.
    """
    segments = {segment.id: segment for segment in books.feedback.segments()}
    held = find_item(label_set, item, source, books.feedback, segments)
    labelled = _labelled(label_set, held)
    origin, values = _origin(label_set, held, segments, books.feedback)
    contract = books.feedback.sources().get(held.source, {})
    reading = Reading(
        label_set, held, segments.get(held.segment), values, contract, books.history, books.task, books.votes
    )
    votes = votes_on(reading)
    return WhyData(
        label_set.record.task,
        _named(label_set, books.label_sets),
        asked,
        labelled,
        _elsewhere(label_set, held, segments, books.label_sets),
        votes,
        _meaning(label_set, labelled, books),
        people_on(label_set, held, books.history, books.gold, books.how),
        origin,
        _made_by(label_set, books.label_sets),
        votes.notes,
    )


def _labelled(label_set: LabelSet, held: HeldItem) -> Labelled:
    """Return what a label set says of an item."""
    pattern = held.pattern_in(label_set).to_pylist()[0]
    known = label_set.told(held.source, held.item_id, pattern)
    shares = {label: float(pattern[f"p_{label}"]) for label in label_set.labels}
    ordered = dict(sorted(shares.items(), key=lambda each: -each[1]))
    label = held.said["label"]
    return Labelled(
        label,
        shares[label] if label is not None else max(shares.values(), default=0.0),
        tuple(known["partial"]) if known.get("partial") else None,
        bool(known.get("guessed", False)),
        bool(held.said["covered"]),
        ordered,
    )


def _named(label_set: LabelSet, label_sets: LabelSetsBook) -> Named:
    """Return what a label set is called, and whether consumers read it."""
    record = label_set.record
    tags = label_sets.tags(record.task)
    names = sorted((name for name, each in tags.items() if each == record.id), key=lambda name: (name != CURRENT, name))
    was = any(each.label_set == record.id and each.kind in MOVES for each in label_sets.decisions(record.task))
    status = CURRENT if CURRENT in names else "was current" if was else CANDIDATE
    return Named(record.id, record.schema_version, tuple(names), status, _iso(record.created_at), record.items)


def _elsewhere(
    label_set: LabelSet, held: HeldItem, segments: Mapping[str, Segment], label_sets: LabelSetsBook
) -> tuple[Elsewhere, ...]:
    """Return what the label set before said of the item, and the one that is current, where these are others."""
    others: list[tuple[str, LabelSet]] = []
    before = label_set_before(label_set, label_sets)
    if before is not None:
        others.append(("before", before))
    current = label_sets.pointer(label_set.record.task, CURRENT)
    record = label_sets.record(current) if current is not None else None
    if record is not None and record.id not in (label_set.id, before.id if before is not None else ""):
        others.append((CURRENT, LabelSet(record, label_set.objects)))
    elif before is not None and before.id == current:
        others[0] = ("before, and current", before)
    found = []
    for what, other in others:
        named = (what, other.id, other.record.schema_version)
        try:
            there = held_in(other, held.live, segments)
            said = _labelled(other, there) if there is not None else None
        except RetrolabelError as error:
            found.append(Elsewhere(*named, None, error.message))
            continue
        if there is None:
            found.append(Elsewhere(*named, None, "it does not hold the item"))
        else:
            revised = (there.segment, there.row) != (held.segment, held.row)
            found.append(Elsewhere(*named, said, other_text=revised))
    return tuple(found)


def _meaning(label_set: LabelSet, labelled: Labelled, books: Books) -> Meaning:
    """Return what the label meant, or the likeliest one where there is none."""
    version = label_set.record.schema_version
    label = labelled.label or next(iter(labelled.probabilities), "")
    then = label_set.manifest["inputs"]["schema"].get("meaning", {})
    schema = None
    if books.history is not None:
        schema = next((each for each in books.history if each.version == version), None)
    if schema is None or label not in schema.ids:
        why_not = books.why_not or f"the project has no version {version} with a label {label}"
        return Meaning(version, label, None, (), (), None, None, (), (), why_not)
    here = schema.label(label)
    file = (books.task.schema_files if books.task is not None else {}).get(version)
    return Meaning(
        version,
        label,
        here.definition,
        tuple(here.include),
        tuple(here.exclude),
        then[label] == label_meaning(here) if label in then else None,
        file,
        tuple(step_sentences(described_steps(schema))),  # type: ignore[arg-type]  # a list, or one for each parent
        tuple(parent.version for parent in schema.parents),
    )


def _origin(
    label_set: LabelSet, held: HeldItem, segments: Mapping[str, Segment], feedback: FeedbackBook
) -> tuple[Origin, dict[str, Any]]:
    """Return where an item comes from, and what it says, by column."""
    segment, row = segments.get(held.segment), held.row
    why_not, values, revision = "", {}, held.live.digest if held.is_live else None
    try:
        if segment is None:
            why_not = "its segment is gone"
        else:
            table = label_set.objects.read_table(segment.path, sha256=segment.sha256).slice(row, 1)
            values = table.to_pylist()[0]
            revision = revision or row_digests(table)[0]
    except RetrolabelError as error:
        why_not = error.message
    origin = feedback.origin(held.segment)
    file: FromFile | None = None
    perhaps: tuple[str, ...] = ()
    if origin is not None:
        line = line_of_row(origin.runs, row)
        file = FromFile(
            origin.file,
            origin.sha256,
            origin.counts,
            line,
            _iso(origin.at),
            origin.who,
            origin.rows,
            origin.quarantined,
        )
    else:
        ingests = feedback.ingests(held.source)
        perhaps = tuple(dict.fromkeys(each.file for each in ingests))
        if len(ingests) == 1:
            only = ingests[0]
            at = (_iso(only.at), only.who, only.rows, only.quarantined)
            file, perhaps = FromFile(only.file, only.sha256, only.counts, None, *at), ()
    found = Origin(
        held.source,
        held.item_id,
        held.segment,
        segment.sha256 if segment is not None else "",
        row,
        revision,
        held.is_live,
        held.live.digest,
        _older(label_set, held, segments),
        file,
        perhaps,
        {name: str(value) for name, value in values.items() if value is not None and name != ITEM_ID},
        why_not,
    )
    return found, values


def _older(label_set: LabelSet, held: HeldItem, segments: Mapping[str, Segment]) -> tuple[tuple[str, int], ...] | None:
    """Return (segment, row) of superseded revisions other than the one that was labelled; ``None`` if nobody looked."""
    revised = [each for each in segments.values() if each.source == held.source and each.superseded]
    if len(revised) > MOST_SEGMENTS:
        return None
    found = []
    for segment in revised:
        try:
            ids = label_set.objects.read_table(segment.path, [ITEM_ID]).column(ITEM_ID)
        except RetrolabelError:
            return None
        rows = pa.array(segment.superseded, pa.int64())
        for row, item_id in zip(segment.superseded, ids.take(rows).to_pylist(), strict=True):
            if item_id == held.item_id and (segment.id, row) != (held.segment, held.row):
                found.append((segment.id, row))
    return tuple(found)


def _made_by(label_set: LabelSet, label_sets: LabelSetsBook) -> MadeBy:
    """Return what is recorded of the run that made a label set, and what was decided of it since."""
    manifest, record = label_set.manifest, label_set.record
    recorded = manifest["recorded"]
    environment = recorded.get("environment") or {}
    git = environment.get("git") or {}
    decisions = tuple(
        DecidedOn(each.kind, _iso(each.at), each.who, each.why, {gate.name: gate.state for gate in each.gates})
        for each in label_sets.decisions(record.task)
        if each.label_set == record.id
    )
    return MadeBy(
        recorded.get("started"),
        _iso(record.created_at),
        environment.get("who"),
        git.get("commit"),
        bool(git.get("dirty")),
        environment.get("retrolabel"),
        environment.get("python"),
        environment.get("packages") or {},
        environment.get("platform"),
        manifest["inputs"]["label_model"],
        decisions,
    )


def _iso(when: Any) -> str:  # noqa: ANN401 - a time
    return str(when.isoformat(timespec="seconds"))

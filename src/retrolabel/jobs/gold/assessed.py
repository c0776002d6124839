"""What people say of traces, as rows of gold: new answers, and answers whose item was revised since."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.errors import GoldError
from retrolabel.gold.adjudication import standing
from retrolabel.jobs.gold.batches import remembered, waiting
from retrolabel.jobs.gold.meanings import labels_of
from retrolabel.jobs.gold.rows import UNNAMED, GoldRow
from retrolabel.jobs.records.traces import PERSON

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrolabel.errors import Problem
    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.gold.meanings import OutsideValue
    from retrolabel.jobs.records.traces import Assessment, Trace
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema


@dataclass(frozen=True)
class Assessed:
    """What people say of traces about one task.

    Attributes:
        rows: Version -> answers that are to be taken in under it.
        known: How many answers the store has already.
        outside: The values that are no labels, most frequent first; such answers are left out.
        unsigned: How many answers say nobody's name.
    """

    rows: Mapping[str, Sequence[GoldRow]]
    known: int = 0
    outside: tuple[OutsideValue, ...] = ()
    unsigned: int = 0

    @property
    def new(self) -> int:
        """How many answers are to be taken in."""
        return sum(len(rows) for rows in self.rows.values())


def assessed(  # noqa: PLR0913 - what decides what an answer means
    traces: Sequence[Trace],
    *,
    name: str,
    task: str,
    source: str,
    schema: LabelSchema,
    history: History,
    map_label: Mapping[str, str],
    role: str,
    gold: GoldBook | None,
    feedback: FeedbackBook | None,
) -> Assessed:
    """Return what people say of traces under a name, as rows of gold.

    An answer that the store has is left out; where its item was revised since (a judge spoke later), it is said
    again of the item as it is now, under the version that it was given under: what was asked and answered is the
    same. An item that is gold, or was drawn for it, keeps its role.

    Args:
        traces: The traces; they are items of the store.
        name: The name of the assessments.
        task: The task.
        source: The source of the items.
        schema: The version that new answers were given under.
        history: All versions.
        map_label: Stored value -> label id (or "" for: this is no label).
        role: The role of items that have none.
        gold: What people said before; ``None`` where there is no store yet.
        feedback: What items there are.

    Raises:
        GoldError: ``map_label`` names a label that there is not.
    """
    problems: list[Problem] = []
    labels_of([], schema, [], map_label, problems)
    if problems:
        raise GoldError(f"--map-label does not fit {schema}; nothing was stored.", problems=problems)
    said = [(trace.id, each) for trace in traces for each in _of_people(trace, name)]
    stored = gold.human_labels(task) if gold is not None else []
    roles = _roles(stored, task, gold)
    revisions = feedback.revisions(source, sorted({trace for trace, _ in said})) if feedback is not None else {}
    before = {_key(label): label for label in stored if label.source == source and label.label}
    stands = {_key(label): label for label in standing(stored) if label.source == source}
    rows: dict[str, list[GoldRow]] = {}
    known = 0
    for line, (trace, each) in enumerate(said, 1):
        row = GoldRow(
            line, trace, told(each.value), each.by or None, roles.get((source, trace), role), each.rationale, each.at
        )
        key = (trace, each.by or UNNAMED, each.at)
        stood = stands.get(key)
        if stood is not None and stood.revision != revisions.get(trace, stood.revision):
            rows.setdefault(stood.schema_version, []).append(row)
        elif key in before:
            known += 1
        else:
            rows.setdefault(schema.version, []).append(row)
    fitting, outside = _labels(rows, schema, history, map_label)
    unsigned = sum(row.annotator is None for each in fitting.values() for row in each)
    return Assessed(fitting, known, outside, unsigned)


def others(traces: Sequence[Trace], names: Sequence[str]) -> Counter[str]:
    """Return name -> how many assessments of people are taken as no task's gold."""
    return Counter(
        each.name for trace in traces for each in trace.assessments if each.kind == PERSON and each.name not in names
    )


def told(value: Any) -> str | None:  # noqa: ANN401 - whatever a tracker holds
    """Return the value of an assessment as a file would hold it; nothing where there is none.

    Example:
        >>> told("bug"), told(True), told(4.0), told(["a", "b"])
        ('bug', 'true', '4', '["a", "b"]')
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _of_people(trace: Trace, name: str) -> Iterator[Assessment]:
    """Yield what people say of a trace under a name, oldest first."""
    mine = (each for each in trace.assessments if each.kind == PERSON and each.name == name and not each.ours)
    yield from sorted(mine, key=lambda each: (each.at, each.id))


def _key(label: HumanLabel) -> tuple[str, str, object]:
    return label.item_id, label.annotator, label.labelled_at


def _roles(stored: Sequence[HumanLabel], task: str, gold: GoldBook | None) -> dict[tuple[str, str], str]:
    """Return the role of each item that has one: what it was drawn for, or what its answers are."""
    drawn = waiting(remembered(task, gold)) if gold is not None else {}
    return {
        **{key: found.batch.role for key, found in drawn.items()},
        **{(label.source, label.item_id): label.role for label in standing(stored)},
    }


def _labels(
    rows: Mapping[str, Sequence[GoldRow]], schema: LabelSchema, history: History, map_label: Mapping[str, str]
) -> tuple[dict[str, list[GoldRow]], tuple[OutsideValue, ...]]:
    """Return the rows whose value is a label, or says that there is none, and the values that are neither."""
    fitting: dict[str, list[GoldRow]] = {}
    outside: tuple[OutsideValue, ...] = ()
    for version, answers in rows.items():
        of = history[version]
        found, strange = labels_of(answers, of, list(reversed(list(history))), map_label, [])
        kept = [row for row, label in zip(answers, found, strict=True) if label is not None]
        if kept:
            fitting[version] = kept
        if of.version == schema.version:
            outside = tuple(sorted(strange.values(), key=lambda each: (-each.rows, each.value)))
    return fitting, outside

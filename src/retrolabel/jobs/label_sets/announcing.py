"""What others are told of a decision on a label set: events that are written in the decision's own transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import counted
from retrolabel.jobs.records.decisions import FAILED, HELD, ROLLED_BACK
from retrolabel.jobs.records.events import CANDIDATE_MADE, GATE_FAILED, LF_SKIPPED, Event, once
from retrolabel.jobs.records.events import PROMOTED as MADE_CURRENT
from retrolabel.jobs.records.events import ROLLED_BACK as WENT_BACK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from retrolabel.jobs.records.decisions import Decision
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.jobs.records.sitting_out import SatOut

SHORT = 12


def made(record: LabelSetRecord, skipped: Sequence[SatOut], at: datetime) -> Iterator[Event]:
    """Yield what is told of a label set that a relabel made: that it is there, and who sat out.

    Args:
        record: The label set.
        skipped: The labeling functions that sat out, with why.
        at: Now.
    """
    figures = {
        "schema_version": record.schema_version,
        "items": record.items,
        "covered": record.covered,
        "labelled": record.labelled,
        "labels_hash": record.labels_hash,
    }
    what = f"label set {record.id[:SHORT]} of {record.task} {record.schema_version}"
    said = f"A relabel made {what}: {record.labelled:,} of {counted(record.items, 'item')} have a label."
    yield Event(CANDIDATE_MADE, record.task, record.id, said, at, figures, once(CANDIDATE_MADE, record.task, record.id))
    for lf in skipped:
        said = f"The labeling function {lf.name} sat out of {what}: {lf.brief}."
        key = once(LF_SKIPPED, record.task, record.id, lf.name)
        yield Event(
            LF_SKIPPED, record.task, record.id, said, at, {"lf": lf.name, "kind": lf.kind, "why": lf.brief}, key
        )


def told_of(decision: Decision) -> tuple[Event, ...]:
    """Return what is told of a decision; a label set that waits for a person tells nothing more than that it is there.

    Args:
        decision: The decision.
    """
    short, task = decision.label_set[:SHORT], decision.task
    failed = [gate for gate in decision.gates if gate.state == FAILED]
    figures = {
        "kind": decision.kind,
        "who": decision.who,
        "why": decision.why,
        "before": decision.before,
        "gates": [gate.as_dict() for gate in decision.gates],
    }
    if decision.kind == HELD:
        if not failed:
            return ()
        why = "; ".join(f"{gate.name}: {gate.why}" for gate in failed)
        stays = f"; consumers go on reading {decision.before[:SHORT]}" if decision.before else ""
        said = f"Label set {short} of {task} is held: {why}{stays}."
        return (Event(GATE_FAILED, task, decision.label_set, said, decision.at, figures),)
    back = decision.kind == ROLLED_BACK
    again = "is current again" if back else "is current"
    said = f"Label set {short} of {task} {again} ({decision.kind} by {decision.who}: {decision.why})."
    return (Event(WENT_BACK if back else MADE_CURRENT, task, decision.label_set, said, decision.at, figures),)

"""Whether models that were trained on a task's labels are due, as its settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import RetrolabelError
from retrolabel.jobs.end_models.stored import Consumed, StoredModel, asked
from retrolabel.jobs.label_sets.retraining import Rule, Rules, due_event, judged
from retrolabel.jobs.records.decisions import CURRENT, MOVES, OPEN
from retrolabel.jobs.records.events import RETRAINING_DUE, TRAINED
from retrolabel.wiring.site import now
from retrolabel.wiring.stored_models import asked_model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from retrolabel.jobs.records.decisions import Gate
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.wiring.site import Site


def rules_of(site: Site, task: str) -> Rules:
    """Return the rules of a task, as its settings say."""
    return Rules(**site.task_settings(task).retrain.model_dump(exclude={"train"}))


def note_what_is_due(
    site: Site, task: str, gates: Callable[[], Sequence[Gate]], *, clock: Callable[[], datetime] = now
) -> list[Rule]:
    """Judge the rules of a task, write an event where models are due, and return the rules as they stand.

    That is done where something became current, and once a day by a schedule: days pass, and gold comes in between.
    What goes wrong is a warning: the label set is current all the same.

    Args:
        site: The project and its store.
        task: The task.
        gates: Returns the gates of what is current.
        clock: The time.
    """
    rules = rules_of(site, task)
    if not rules:
        return []
    try:
        records = {each.id: each for each in site.catalog.label_sets.records(task)}
        current = records.get(site.catalog.label_sets.pointer(task, CURRENT) or "")
        since, said = _since(site, task, records)
        if current is None or since is None:
            return []
        found = list(
            judged(
                rules,
                since,
                current,
                flips=lambda: _flips(site, task, since, current),
                agreement=lambda: _agreement(gates()),
                at=clock(),
            )
        )
        event = due_event(current, since, found, clock(), answered=said and since.id == current.id)
        if event is not None:
            site.catalog.events.write(event)
    except RetrolabelError as error:
        site.warn(f"Nobody can tell whether models on {task} are due: {error.message}")
        return []
    return found


def said_due(site: Site, task: str, current: LabelSetRecord | None) -> str:
    """Return what a rule said of what is current, where it is due and no model answers it; nothing where none is.

    Args:
        site: The project and its store.
        task: The task.
        current: What consumers read.
    """
    told = site.catalog.events.events(task, kinds=(RETRAINING_DUE,), most=1)
    if not told or current is None or told[-1].subject != current.id:
        return ""
    model = asked_model(site, task)
    return told[-1].said if model is None or model.is_stale(current) else ""


def _since(site: Site, task: str, records: dict[str, LabelSetRecord]) -> tuple[LabelSetRecord | None, bool]:
    """Return the label set that models were due for, or trained on, last; else the first that was current.

    And whether an event says so. Trials do not count, nor models on labels that nobody ever read.
    """
    told = site.catalog.events.events(task, kinds=(RETRAINING_DUE, TRAINED))
    first = [each.label_set for each in site.catalog.label_sets.decisions(task) if each.kind in MOVES]
    ever = Consumed(None, first)
    counts = [each for each in told if each.kind != TRAINED or asked([StoredModel.of(each)], ever)]
    named = next((records[each.subject] for each in reversed(counts) if each.subject in records), None)
    if named is not None:
        return named, True
    return next((records[each] for each in first if each in records), None), False


def _flips(site: Site, task: str, since: LabelSetRecord, current: LabelSetRecord) -> tuple[int, int] | None:
    if since.id == current.id:
        return 0, current.labelled
    from retrolabel.jobs.label_sets.flipping import flips  # slow to import, and status asks for nothing of it

    history = site.history(task)
    if not {since.schema_version, current.schema_version} <= {each.version for each in history}:
        return None
    return flips(site.label_set(task, since.id), site.label_set(task, current.id), history, site.progress)


def _agreement(gates: Sequence[Gate]) -> float | None:
    return next((gate.figure for gate in gates if gate.name == "agreement" and gate.state != OPEN), None)

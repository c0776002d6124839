"""How tasks stand: what is current, what waits, what is stale or due, what failed, and what to type next.

Read from the catalog and from the manifests of two label sets; no labeling function is imported, no item read.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.errors import SettingsError, counted
from retrolabel.jobs.records.decisions import CURRENT, FAILED, HELD, LATEST
from retrolabel.jobs.records.events import DEAD
from retrolabel.jobs.records.manifests import read_manifest
from retrolabel.jobs.records.schedules import FAILED as RUN_FAILED
from retrolabel.jobs.records.schedules import HELD as RUN_HELD
from retrolabel.wiring.gold_alarms import last_alarm, watched
from retrolabel.wiring.released import newest_released
from retrolabel.wiring.retraining import said_due
from retrolabel.wiring.site import now
from retrolabel.wiring.stored_models import asked_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.wiring.site import Site

OK, NOTE, TO_DO, BROKEN = "ok", "note", "to do", "failed"
SHORT = 12


@dataclass(frozen=True)
class Line:
    """One thing that is so.

    Attributes:
        state: ``ok``, ``note``, ``to do``, or ``failed``.
        what: What it is about: ``current``, ``candidate``, ``items``, ``schema``, ``age``, ``models``, ``schedule``,
            ``run``, ``events``.
        told: What is so, with its figure.
        command: What to type about it; nothing where nothing is to be done.
    """

    state: str
    what: str
    told: str
    command: str = ""


@dataclass(frozen=True)
class Status:
    """How a task stands.

    Attributes:
        task: The task.
        lines: What is so.
    """

    task: str
    lines: tuple[Line, ...]

    @property
    def next(self) -> str:
        """The one command to type next; nothing where all is well."""
        order = {BROKEN: 0, TO_DO: 1, NOTE: 2, OK: 3}
        asked = [each for each in sorted(self.lines, key=lambda line: order[line.state]) if each.command]
        return asked[0].command if asked else ""

    def any(self, state: str) -> bool:
        """Return whether there is a line of a state."""
        return any(each.state == state for each in self.lines)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"task": self.task, "lines": [asdict(each) for each in self.lines], "next": self.next}


def status(site: Site, tasks: Sequence[str], *, clock: Callable[[], datetime] = now) -> list[Status]:
    """Return how tasks stand.

    Args:
        site: The project and its store.
        tasks: The tasks.
        clock: The time.
    """
    return [Status(task, tuple(_lines(site, task, clock()))) for task in tasks]


def _lines(site: Site, task: str, at: datetime) -> Iterator[Line]:
    label_sets = site.catalog.label_sets
    records = {each.id: each for each in label_sets.records(task)}
    current, latest = (records.get(label_sets.pointer(task, name) or "") for name in (CURRENT, LATEST))
    yield from _running(site, task)
    if latest is None:
        yield Line(TO_DO, "current", "there are no labels yet", f"retrolabel relabel {task}")
        return
    yield _current(current, task, at)
    yield from _candidate(site, task, current, latest)
    yield from _items(site, task, latest)
    yield from _schema(site, task, latest)
    yield from _age(site, task, current or latest, at)
    yield from _gold(site, task)
    yield from _models(site, task, current)
    yield from _schedules(site, task)
    yield from _events(site)


def _running(site: Site, task: str) -> Iterator[Line]:
    lease = site.catalog.leases.lease(task)
    if lease is not None:
        yield Line(NOTE, "run", str(lease))


def _current(current: LabelSetRecord | None, task: str, at: datetime) -> Line:
    if current is None:
        return Line(TO_DO, "current", "consumers read nothing", f"retrolabel labels promote {task} latest")
    days = (at - current.created_at).days
    old = "today" if days < 1 else f"{counted(days, 'day')} ago"
    share = f"{current.labelled:,} of {counted(current.items, 'item')} have a label"
    most = 2 * current.labelled >= current.items
    told = f"{current.id[:SHORT]} ({current.schema_version}), made {old}: {share}"
    return Line(OK, "current", told) if most else Line(NOTE, "current", f"{told}; most have none (lf gaps {task})")


def _candidate(site: Site, task: str, current: LabelSetRecord | None, latest: LabelSetRecord) -> Iterator[Line]:
    if current is None or latest.id == current.id:
        return
    about = [each for each in site.catalog.label_sets.decisions(task) if each.label_set == latest.id]
    last = about[-1] if about else None
    failed = [gate for gate in last.gates if gate.state == FAILED] if last is not None and last.kind == HELD else []
    what = f"{latest.id[:SHORT]} ({latest.schema_version})"
    if failed:
        why = "; ".join(f"{gate.name}: {gate.why}" for gate in failed)
        command = f"retrolabel report {task} {latest.id[:SHORT]} --against current"
        yield Line(TO_DO, "candidate", f"{what} is held: {why}", command)
    elif last is not None and last.kind == HELD:
        yield Line(TO_DO, "candidate", f"{what} waits for a person", f"retrolabel gates {task} {latest.id[:SHORT]}")
    else:
        yield Line(NOTE, "candidate", f"{what} is latest, and consumers read another one")


def _items(site: Site, task: str, latest: LabelSetRecord) -> Iterator[Line]:
    wanted = site.sources_of(task)
    segments = [each for each in site.catalog.feedback.segments() if wanted is None or each.source in wanted]
    made_of = {each["id"] for each in read_manifest(latest, site.objects)["inputs"]["segments"]}
    new = sum(each.live for each in segments if each.id not in made_of)
    if new:
        yield Line(TO_DO, "items", f"{counted(new, 'item')} came since the latest label set", f"retrolabel plan {task}")
    else:
        yield Line(OK, "items", "the latest label set holds all that came in")


def _schema(site: Site, task: str, latest: LabelSetRecord) -> Iterator[Line]:
    head = newest_released(site, task)
    if head is None or head == latest.schema_version:
        return
    labelled = {each.schema_version for each in site.catalog.label_sets.records(task)}
    if head in labelled:
        yield Line(NOTE, "schema", f"the latest label set is of {latest.schema_version}, {head} is released")
    else:
        told = f"version {head} is released, and nothing is labelled under it"
        yield Line(TO_DO, "schema", told, f"retrolabel plan {task} --to {head}")


def _age(site: Site, task: str, record: LabelSetRecord, at: datetime) -> Iterator[Line]:
    days, horizon = (at - record.created_at).days, site.task_settings(task).horizon_days
    if days > horizon:
        told = f"the labels are {days:,} days old; the horizon is {horizon} (horizon_days in the settings)"
        yield Line(TO_DO, "age", told, f"retrolabel plan {task}")


def _gold(site: Site, task: str) -> Iterator[Line]:
    """Yield whether people agree less; only where that was told, and as their answers are now."""
    from retrolabel.jobs.gold.watching import said_of

    if last_alarm(site, task) is None:
        return
    now_so = watched(site, task)
    if now_so is not None and now_so.change.fell:
        yield Line(TO_DO, "gold", said_of(now_so), f"retrolabel gold agreement {task} --to {now_so.version}")


def _models(site: Site, task: str, current: LabelSetRecord | None) -> Iterator[Line]:
    model = asked_model(site, task)
    due = said_due(site, task, current)
    if due:
        yield Line(TO_DO, "models", due, f"retrolabel train {task}")
    elif model is not None and model.is_stale(current):
        yield Line(NOTE, "models", f"{model} is stale: consumers read another label set", f"retrolabel train {task}")
    elif model is not None:
        yield Line(OK, "models", f"{model}, the label set that consumers read")


def _schedules(site: Site, task: str) -> Iterator[Line]:
    for schedule in site.catalog.schedules.schedules():
        if schedule.task != task:
            continue
        name = f"schedule {schedule.id} ({schedule.cron} {schedule.zone})"
        last = next(iter(site.catalog.schedules.runs(schedule.id, most=1)), None)
        if schedule.paused:
            yield Line(NOTE, "schedule", f"{name} is paused", f"retrolabel schedule pause {schedule.id} --resume")
        elif last is None:
            yield Line(NOTE, "schedule", f"{name} never ran: is retrolabel schedule run running?")
        else:
            state = {RUN_FAILED: BROKEN, RUN_HELD: NOTE}.get(last.state, OK)
            told = f"{name}, {last.due_at:%Y-%m-%d %H:%M}: {last.state}, {last.why}"
            again = f"retrolabel schedule history {schedule.id} --log" if state == BROKEN else ""
            yield Line(state, "schedule", told, again)


def _events(site: Site) -> Iterator[Line]:
    book = site.catalog.events
    for endpoint in book.endpoints():
        dead = len(book.deliveries(endpoint.name, DEAD))
        if dead:
            told = f"{endpoint.name} could not be told of {counted(dead, 'event')}"
            yield Line(BROKEN, "events", told, f"retrolabel events resend {endpoint.name}")


def tasks_of(site: Site) -> list[str]:
    """Return the tasks of a project, and those that the store alone knows."""
    known = {each.task for each in site.catalog.label_sets.records()}
    with suppress(SettingsError):  # a store without a project
        known |= set(site.tasks())
    return sorted(known)

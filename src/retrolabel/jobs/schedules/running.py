"""Run what is due: once for each time, on one host, on its condition; what a dead host left is taken up.

A time is claimed by its row in the catalog, and held by a lease while its job runs. Whoever finds a row that still says
``running`` while nobody holds the lease takes it up: a relabel goes on where it was. Times that went by are made up for
by one run.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from retrolabel.errors import RetrolabelError, TaskHeldError
from retrolabel.jobs.label_sets.holding import Place, held
from retrolabel.jobs.ports.progress import Silence
from retrolabel.jobs.records.events import DRIFT, RUN_FAILED, SCHEMA_RELEASED, STALE, Event, once
from retrolabel.jobs.records.schedules import DONE, FAILED, NOTHING, RUNNING, Schedule, ScheduledRun
from retrolabel.jobs.schedules.due import due
from retrolabel.masking import without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from retrolabel.analysis.drift_alarms import Alarm
    from retrolabel.jobs.label_sets.holding import LeasesBook
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.events import Outbox
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.jobs.schedules.book import SchedulesBook

TRIES = 3
"""How often a job is tried that failed for a reason that may go by; a gate that holds is none."""
PAUSES = (60, 600)
"""Seconds before the second try, and the third."""


@dataclass(frozen=True)
class Found:
    """Whether a schedule's condition holds.

    Attributes:
        holds: Whether it does.
        why: What was found, in words.
        seen: What the schedule has seen now.
        handled: What it counts as seen once a relabel is done with it; what a gate holds, or what failed, comes again.
        events: What others are told of it.
    """

    holds: bool
    why: str
    seen: Mapping[str, str]
    handled: Mapping[str, str] = field(default_factory=dict)
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Result:
    """What came of a job.

    Attributes:
        state: ``done``, ``held`` by a gate, or ``failed``.
        why: What came of it, in a sentence.
        label_set: The label set.
        log: What it printed.
    """

    state: str
    why: str
    label_set: str | None = None
    log: str = ""


@dataclass(frozen=True)
class Scheduler:
    """Runs what is due.

    Attributes:
        book: Where schedules stand.
        leases: Where is written who runs what.
        outbox: Where events are written.
        transaction: Makes all that is written inside real together.
        place: Where this runs, and its clock.
        look: Looks whether a schedule's condition holds.
        job: Does the job of a schedule.
        progress: Told what is done.
    """

    book: SchedulesBook
    leases: LeasesBook
    outbox: Outbox
    transaction: Callable[[], AbstractContextManager[Any]]
    place: Place
    look: Callable[[Schedule], Found]
    job: Callable[[Schedule], Result]
    progress: Progress

    def run_due(self) -> list[ScheduledRun]:
        """Run all that is due now, and return what became of it.

        A schedule that another host runs is left to it. What fails stops no other schedule.
        """
        found = []
        for schedule in self.book.schedules():
            if schedule.paused:
                continue
            run = self._run(schedule)
            if run is not None:
                found.append(run)
        return found

    def _run(self, schedule: Schedule) -> ScheduledRun | None:
        """Run a schedule if it is due, and return what became of it."""
        if self._next(schedule) is None:
            return None
        try:
            with held(lease_of(schedule), self.leases, self.place, Silence(), wait=False):
                run = self._next(schedule)  # as it is now that nobody else can change it
                run = self._claimed(run) if run is not None else None
                return self._carried_out(schedule, run) if run is not None else None
        except TaskHeldError:
            return None

    def _next(self, schedule: Schedule) -> ScheduledRun | None:
        """Return the run that is to be made now: one that was left, one that failed, or one that is due."""
        now, host = self.place.clock(), self.place.me.host
        last = next(iter(self.book.runs(schedule.id, most=1)), None)
        fresh = due(schedule, last.due_at if last else None, now)
        if last is not None and last.state == RUNNING:
            return replace(last, tries=last.tries + 1, started_at=now, host=host)
        if last is not None and last.state == FAILED and fresh is None and last.tries < TRIES:
            pause = timedelta(seconds=PAUSES[min(last.tries, len(PAUSES)) - 1])
            if now >= (last.ended_at or last.started_at) + pause:
                return replace(last, tries=last.tries + 1, started_at=now, host=host, state=RUNNING)
            return None
        return ScheduledRun(schedule.id, fresh.at, fresh.missed, now, host) if fresh is not None else None

    def _claimed(self, run: ScheduledRun) -> ScheduledRun | None:
        """Write down that a run runs; ``None`` where somebody else was faster."""
        if not run.id:
            return self.book.claim(run)
        self.book.note(run)
        return run

    def _carried_out(self, schedule: Schedule, run: ScheduledRun) -> ScheduledRun:
        """Look, do the job, and write down what became of it, with what others are told."""
        seen: Mapping[str, str] = schedule.seen
        try:
            found = self.look(schedule)
            self.outbox.write(*found.events)  # it is so, whatever comes of the job
            result = Result(NOTHING, found.why)
            if found.holds:
                self.progress.note(f"schedule {schedule.id}, {schedule.task}: {found.why}; relabelling")
                result = self.job(schedule)
            handled = found.handled if result.state in (DONE, NOTHING) else {}
            seen = {**schedule.seen, **found.seen, **handled}
        except RetrolabelError as error:
            result = Result(FAILED, str(error).splitlines()[0], log=str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, it stops no other schedule
            result = Result(FAILED, without_secrets(f"{type(error).__name__}: {error}"))
        at = self.place.clock()
        done = replace(run, state=result.state, why=result.why, label_set=result.label_set, log=result.log, ended_at=at)
        last_try = result.state == FAILED and done.tries >= TRIES
        with self.transaction():
            self.book.note(done)
            self.book.see(schedule.id, seen)
            self.outbox.write(*([_failed(schedule, done, at)] if last_try else []))
        return done


def lease_of(schedule: Schedule) -> str:
    """Return the name of the lease under which a schedule runs; no task is called like it."""
    return f"schedule {schedule.id}"


def released(task: str, version: str, at: datetime) -> Event:
    """Return what is told of a version that was released; it is told once.

    Args:
        task: The task.
        version: The version.
        at: Now.
    """
    said = f"Version {version} of {task} was released."
    return Event(SCHEMA_RELEASED, task, version, said, at, {"version": version}, once(SCHEMA_RELEASED, task, version))


def stale(record: LabelSetRecord, days: int, horizon: int, at: datetime) -> Event:
    """Return what is told of labels beyond their horizon; it is told once for each label set.

    Args:
        record: The latest label set.
        days: How old it is.
        horizon: How old it may be, in days.
        at: Now.
    """
    said = f"The latest labels of {record.task} are {days:,} days old; the horizon is {horizon:,}."
    key = once(STALE, record.task, record.id)
    return Event(STALE, record.task, record.id, said, at, {"days": days, "horizon_days": horizon}, key)


def drifted(task: str, alarm: Alarm, at: datetime) -> Event:
    """Return what is told of feedback that drifted: shares, and never the words that did; once for each window.

    Args:
        task: The task.
        alarm: What drifted.
        at: Now.
    """
    figures = {
        name: getattr(alarm, name) for name in ("kind", "what", "since", "before", "now", "low", "high", "p", "next")
    }
    shares = f"{100 * alarm.before:.1f} % before, {100 * alarm.now:.1f} % since {alarm.since}"
    said = f"Feedback of {task} drifted: {alarm.kind} {alarm.what}, {shares}. {alarm.next} is next."
    return Event(DRIFT, task, alarm.key, said, at, figures, once(DRIFT, task, alarm.key))


def _failed(schedule: Schedule, run: ScheduledRun, at: datetime) -> Event:
    said = f"The scheduled relabel of {schedule.task} failed {run.tries} times: {run.why}"
    figures = {"schedule": schedule.id, "due_at": run.due_at.isoformat(), "host": run.host, "why": run.why}
    key = once(RUN_FAILED, schedule.task, str(schedule.id), run.due_at.isoformat())
    return Event(RUN_FAILED, schedule.task, str(schedule.id), said, at, figures, key)

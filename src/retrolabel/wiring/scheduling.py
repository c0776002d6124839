"""The schedules of a project: kept, run when they are due, and what became of each run."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from retrolabel.engines.here import is_gone, this_process
from retrolabel.errors import RetrolabelError, ScheduleError, did_you_mean
from retrolabel.jobs.label_sets.holding import Place
from retrolabel.jobs.records.schedules import (
    ALWAYS,
    CONDITIONS,
    DONE,
    GOLD_CHANGED,
    NEW_ITEMS,
    RELEASED,
    STALE,
    Schedule,
    ScheduledRun,
)
from retrolabel.jobs.schedules.due import next_time, times_of
from retrolabel.jobs.schedules.running import Found, Result, Scheduler, drifted, released, stale
from retrolabel.wiring.released import newest_released
from retrolabel.wiring.retraining import said_due
from retrolabel.wiring.scheduled_results import and_trained, result_of
from retrolabel.wiring.site import now, who
from retrolabel.wiring.tracking import caught_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from retrolabel.jobs.records.events import Event
    from retrolabel.wiring.site import Site
    from retrolabel.wiring.tracking import Resent


class Schedules:
    """The schedules of a project.

    Args:
        site: The project and its store.
        clock: The time.
        job: Does the job of a schedule; a relabel in a process of its own if left out.
    """

    def __init__(
        self,
        site: Site,
        *,
        clock: Callable[[], datetime] = now,
        job: Callable[[Schedule], Result] | None = None,
    ) -> None:
        self._site, self._clock = site, clock
        self._job = job or self._in_a_process

    def add(self, task: str, cron: str, when: Sequence[str] = (RELEASED,), *, zone: str = "UTC") -> Schedule:
        """Keep a schedule, and return it with its number.

        Args:
            task: The task.
            cron: Five fields, as cron has them.
            when: The conditions; one of them is enough.
            zone: The time zone of the fields.

        Raises:
            ScheduleError: The times or a condition cannot be read.
            SettingsError: There is no such task.
        """
        times_of(cron, zone)
        for each in when:
            if each not in CONDITIONS:
                near = did_you_mean(each, list(CONDITIONS))
                raise ScheduleError(f"There is no condition {each!r}.{near}", remedy=f"one of {', '.join(CONDITIONS)}")
        self._site.check_task(task)
        seen = self._labelled_under(task)
        made = Schedule(task, cron, zone, tuple(dict.fromkeys(when)), self._clock(), who(), seen=seen)
        return self._site.catalog.schedules.add(made)

    def all(self) -> list[tuple[Schedule, datetime | None, ScheduledRun | None]]:
        """Return each schedule, when it is due next, and what became of its last run."""
        book = self._site.catalog.schedules
        return [
            (
                each,
                None if each.paused else next_time(each, self._clock()),
                next(iter(book.runs(each.id, most=1)), None),
            )
            for each in book.schedules()
        ]

    def damaged(self) -> list[str]:
        """Return a sentence for each schedule that cannot be read; it does not run, and stops no other."""
        return [
            f"schedule {number} cannot be read: its row in the catalog is damaged, and it does not run"
            for number in self._site.catalog.schedules.damaged()
        ]

    def history(self, number: int | None = None, *, most: int | None = None) -> list[ScheduledRun]:
        """Return what became of runs, oldest first; where there are more than ``most``, the newest.

        Raises:
            ScheduleError: There is no schedule of that number.
        """
        if number is not None:
            self._schedule(number, removed=True)
        return self._site.catalog.schedules.runs(number, most=most)

    def pause(self, number: int, *, paused: bool = True) -> Schedule:
        """Let a schedule rest, or go on; times that go by meanwhile are not made up for.

        Raises:
            ScheduleError: There is no schedule of that number.
        """
        found = self._schedule(number)
        began = found.made_at if paused else self._clock()
        found = replace(found, paused=paused, made_at=began)
        self._site.catalog.schedules.change(found)
        return found

    def remove(self, number: int) -> Schedule:
        """Take a schedule out; its history stays.

        Raises:
            ScheduleError: There is no schedule of that number.
        """
        found = replace(self._schedule(number), removed=True)
        self._site.catalog.schedules.change(found)
        return found

    def run_due(self) -> list[ScheduledRun]:
        """Run all that is due now, and return what became of it."""
        catalog = self._site.catalog
        return Scheduler(
            catalog.schedules,
            catalog.leases,
            catalog.events,
            catalog.transaction,
            Place(this_process(), is_gone, self._clock),
            self._look,
            self._job,
            self._site.progress,
        ).run_due()

    def tell_tracker(self) -> Resent | None:
        """Tell MLflow what it missed, or a killed process left, and nobody is about to tell; ``None`` for nothing."""
        return caught_up(self._site)

    def _schedule(self, number: int, *, removed: bool = False) -> Schedule:
        known = {each.id: each for each in self._site.catalog.schedules.schedules(removed=removed)}
        if number not in known:
            listed = ", ".join(map(str, known)) or "none"
            raise ScheduleError(f"There is no schedule {number}; there is {listed}.", remedy="retrolabel schedule list")
        return known[number]

    def _labelled_under(self, task: str) -> Mapping[str, str]:
        """Return the version of what is current: what a new schedule has seen already."""
        label_sets = self._site.catalog.label_sets
        current = label_sets.record(label_sets.pointer(task, "current") or "")
        return {"released": current.schema_version} if current else {}

    def _look(self, schedule: Schedule) -> Found:
        """Look whether one of a schedule's conditions holds."""
        handled: dict[str, str] = {}
        told: list[str] = []
        nothing: list[str] = []
        events: tuple[Event, ...] = ()
        head = newest_released(self._site, schedule.task)
        if head is not None and head != schedule.seen.get("released"):
            if RELEASED in schedule.when:
                told.append(f"version {head} was released")
            events = (released(schedule.task, head, self._clock()),)
        elif RELEASED in schedule.when:
            nothing.append(f"no version was released after {head}" if head else "labels.lock has no one newest version")
        if head is not None:
            handled["released"] = head
        if ALWAYS in schedule.when:
            told.append("it is due")
        old = self._stale(schedule, told, nothing)
        events += (old,) if old is not None else ()
        if not told and {NEW_ITEMS, GOLD_CHANGED} & set(schedule.when):
            self._changed(schedule, told, nothing)
        today = self._clock().date().isoformat()
        if schedule.seen.get("drift") != today:
            events += (*self._drifted(schedule.task), *self._agreeing_less(schedule.task))
            self._models_due(schedule.task)
        return Found(bool(told), "; ".join(told or nothing), {"drift": today}, handled, events)

    def _drifted(self, task: str) -> Iterator[Event]:
        """Yield what is told of feedback that drifted; where nobody can tell, a warning stops nothing."""
        from retrolabel.wiring.drifting import drifted as look

        if self._site.catalog.label_sets.pointer(task, "current") is None:
            return
        try:
            for alarm in look(self._site, task, until=self._clock().date()).alarms:
                yield drifted(task, alarm, self._clock())
        except RetrolabelError as error:
            self._site.warn(f"Nobody can tell whether feedback of {task} drifted: {error.message}")

    def _agreeing_less(self, task: str) -> Iterator[Event]:
        """Yield what is told of people who agree less than they did; an import told it, where one was the reason."""
        from retrolabel.wiring.gold_alarms import alarm

        found = alarm(self._site, task, self._clock())
        if found is not None:
            yield found

    def _models_due(self, task: str) -> None:
        """Judge the rules of retraining: days passed, and gold may have come, since something became current."""
        from retrolabel.wiring.promoting import gates_of
        from retrolabel.wiring.retraining import note_what_is_due

        site = self._site
        note_what_is_due(site, task, lambda: gates_of(site, site.label_set(task, "current")), clock=self._clock)

    def _stale(self, schedule: Schedule, told: list[str], nothing: list[str]) -> Event | None:
        """Look how old the latest labels are; return what others are told of it, whatever the schedule asks for."""
        asked = STALE in schedule.when
        record = next(iter(self._site.catalog.label_sets.records(schedule.task)), None)
        if record is None:
            if asked:
                told.append("there are no labels yet")
            return None
        at, horizon = self._clock(), self._site.task_settings(schedule.task).horizon_days
        days = (at - record.created_at).days
        if asked:
            said = f"the latest labels are {days:,} days old, and the horizon is {horizon:,}"
            (told if days > horizon else nothing).append(said)
        return stale(record, days, horizon, at) if days > horizon else None

    def _changed(self, schedule: Schedule, told: list[str], nothing: list[str]) -> None:
        """Tell what came to items and gold since the latest label set; the plan of a relabel knows."""
        from retrolabel.wiring.main_job import plan_task
        from retrolabel.wiring.plans import changes_of

        changes = changes_of(self._site, plan_task(self._site, schedule.task, self._to(schedule.task)))
        if changes.before is None:
            told.append("there are no labels yet")
            return
        if NEW_ITEMS in schedule.when:
            new = sum(each.new + each.revised for each in changes.items)
            (told if new else nothing).append(f"{new:,} items are new or revised")
        if GOLD_CHANGED in schedule.when:
            gold = [each.told for each in changes.differences if each.what == "gold"]
            (told if gold else nothing).append(f"gold: {gold[0]}" if gold else "gold is as it was")

    def _to(self, task: str) -> str | None:
        """Return the version that a scheduled relabel labels under: the newest one that is released."""
        head = newest_released(self._site, task)
        return head if head is not None and self._site.history(task).head.version != head else None

    def _in_a_process(self, schedule: Schedule) -> Result:
        """Relabel a task in a process of its own: what breaks it breaks no schedule, and its files are read afresh.

        Where a rule says that models are due, and the settings ask for it, one is trained in another process.
        """
        to = self._to(schedule.task)
        done = self._command("relabel", schedule.task, *(["--to", to] if to else []))
        result = result_of(done.returncode, done.stdout, done.stderr)
        if result.state != DONE or not self._trains(schedule.task):
            return result
        return and_trained(result, self._command("train", schedule.task, "--no-test"))

    def _trains(self, task: str) -> bool:
        """Return whether a model is to be trained on what is current now."""
        label_sets = self._site.catalog.label_sets
        current = label_sets.record(label_sets.pointer(task, "current") or "")
        return self._site.task_settings(task).retrain.train and bool(said_due(self._site, task, current))

    def _command(self, *words: str) -> subprocess.CompletedProcess[str]:
        site = self._site
        return subprocess.run(  # our own words
            [sys.executable, "-m", "retrolabel", *words, "--json", "--store", str(site.store)],
            cwd=site.project_folder(), env=os.environ | {"NO_COLOR": "1"}, capture_output=True, text=True,
            encoding="utf-8", errors="replace", check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

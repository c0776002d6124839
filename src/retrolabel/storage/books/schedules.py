"""The book of schedules, and of what became of each run."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrolabel.jobs.records.schedules import NOTHING, Schedule, ScheduledRun
from retrolabel.storage import event_tables as t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.storage.connections import Connections

LONGEST_LOG = 100_000
"""Characters of a log that are kept: its end."""
KEPT_NOTHING = timedelta(days=90)
"""How long it is kept that a look found nothing to do."""


class SqlSchedulesBook:
    """What the catalog knows of schedules.

    Args:
        connections: The database.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def schedules(self, *, removed: bool = False) -> list[Schedule]:
        """Return the schedules by number; with ``removed``, those that were taken out too.

        What cannot be read stops no other: it is left out (:meth:`damaged`).
        """
        query = sa.select(t.schedules).order_by(t.schedules.c.id)
        rows = [row for row in self._connections.rows(query) if _reads(row)]
        return [each for each in map(_schedule, rows) if removed or not each.removed]

    def damaged(self) -> list[int]:
        """Return the numbers of the schedules that cannot be read; they do not run."""
        query = sa.select(t.schedules).order_by(t.schedules.c.id)
        return [int(row["id"]) for row in self._connections.rows(query) if not _reads(row)]

    def add(self, schedule: Schedule) -> Schedule:
        """Keep a schedule, and return it with its number."""
        with self._connections.writing() as connection:
            done = connection.execute(sa.insert(t.schedules), _row(schedule))
            return replace(schedule, id=int(done.inserted_primary_key[0]))  # type: ignore[index]  # it has a number

    def change(self, schedule: Schedule) -> None:
        """Keep a schedule as it is now."""
        with self._connections.writing() as connection:
            here = t.schedules.c.id == schedule.id
            connection.execute(sa.update(t.schedules).where(here), _row(schedule))

    def see(self, schedule: int, seen: Mapping[str, str]) -> None:
        """Keep what a schedule saw last."""
        with self._connections.writing() as connection:
            here = t.schedules.c.id == schedule
            connection.execute(sa.update(t.schedules).where(here), {"seen": json.dumps(dict(seen), sort_keys=True)})

    def runs(self, schedule: int | None = None, *, most: int | None = None) -> list[ScheduledRun]:
        """Return what became of runs, oldest first; where there are more than ``most``, the newest."""
        query = sa.select(t.schedule_runs).order_by(t.schedule_runs.c.due_at.desc(), t.schedule_runs.c.id.desc())
        if schedule is not None:
            query = query.where(t.schedule_runs.c.schedule == schedule)
        if most is not None:
            query = query.limit(most)
        return [ScheduledRun(**row) for row in reversed(self._connections.rows(query))]

    def claim(self, run: ScheduledRun) -> ScheduledRun | None:
        """Enter a run, unless the same time is entered already; return it with its number."""
        row = asdict(run)
        del row["id"]
        with self._connections.writing() as connection:
            try:
                with connection.begin_nested():
                    done = connection.execute(sa.insert(t.schedule_runs), row)
            except sa.exc.IntegrityError:  # another scheduler was faster
                return None
            return replace(run, id=int(done.inserted_primary_key[0]))  # type: ignore[index]  # it has a number

    def note(self, run: ScheduledRun) -> None:
        """Keep what became of a run; looks that found nothing to do are forgotten after a while."""
        row = {**asdict(run), "log": run.log[-LONGEST_LOG:]}
        c = t.schedule_runs.c
        with self._connections.writing() as connection:
            connection.execute(sa.update(t.schedule_runs).where(c.id == run.id), row)
            if run.state == NOTHING:
                old = (c.schedule == run.schedule) & (c.state == NOTHING) & (c.due_at < run.due_at - KEPT_NOTHING)
                connection.execute(sa.delete(t.schedule_runs).where(old))


def _row(schedule: Schedule) -> dict[str, Any]:
    row = asdict(schedule)
    del row["id"]
    return {**row, "when": json.dumps(schedule.when), "seen": json.dumps(dict(schedule.seen), sort_keys=True)}


def _reads(row: dict[str, Any]) -> bool:
    try:
        return isinstance(json.loads(row["when"]), list) and isinstance(json.loads(row["seen"]), dict)
    except (ValueError, RecursionError):
        return False


def _schedule(row: dict[str, Any]) -> Schedule:
    return Schedule(**{**row, "when": tuple(json.loads(row["when"])), "seen": json.loads(row["seen"])})

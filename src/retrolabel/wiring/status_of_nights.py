"""What ``status`` says of what runs by itself: relabels under way, schedules, events, and what MLflow was not told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from retrolabel.engines.here import is_gone
from retrolabel.errors import counted
from retrolabel.jobs.label_sets.holding import LONG_AGO
from retrolabel.jobs.records.events import DEAD, WAITING
from retrolabel.jobs.records.schedules import FAILED as RUN_FAILED
from retrolabel.jobs.records.schedules import HELD as RUN_HELD
from retrolabel.jobs.records.schedules import RUNNING
from retrolabel.jobs.schedules.due import next_time
from retrolabel.jobs.schedules.running import lease_of
from retrolabel.tracking.waiting import Waiting
from retrolabel.wiring.scheduling import Schedules
from retrolabel.wiring.status_values import BROKEN, NOTE, OK, TO_DO, Line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from retrolabel.jobs.records.leases import Lease
    from retrolabel.jobs.records.schedules import Schedule, ScheduledRun
    from retrolabel.wiring.status_values import About

OVERDUE = timedelta(hours=2)
"""How long after its time a schedule may begin: a cron of somebody else looks in between."""
ONCE = "retrolabel schedule run --once"


def running(about: About) -> Iterator[Line]:
    """Yield who works on a task, or left it in the middle."""
    lease, task = about.site.catalog.leases.lease(about.task), about.task
    if lease is not None and _is_over(lease, about.at):
        told = f"{lease.holder} began to relabel on {lease.since:%Y-%m-%d %H:%M} UTC, and ended in the middle"
        yield Line(TO_DO, "run", f"{told}: a relabel goes on where it was", f"retrolabel relabel {task}")
    elif lease is not None:
        yield Line(NOTE, "run", str(lease))


def _is_over(lease: Lease, at: datetime) -> bool:
    """Return whether nobody works under a lease any more, as far as can be told at once."""
    return is_gone(lease.holder) or (at - lease.renewed).total_seconds() > LONG_AGO


def schedules(about: About) -> Iterator[Line]:
    """Yield the schedules of a task: what became of the last run, and whether anybody runs them at all."""
    book = about.site.catalog.schedules
    for schedule in book.schedules():
        if schedule.task == about.task:
            yield _schedule(about, schedule, next(iter(book.runs(schedule.id, most=1)), None))
    for told in Schedules(about.site).damaged():
        yield Line(BROKEN, "schedule", told, "retrolabel doctor")


def _schedule(about: About, schedule: Schedule, last: ScheduledRun | None) -> Line:
    name = f"schedule {schedule.id} ({schedule.cron} {schedule.zone})"
    if schedule.paused:
        return Line(NOTE, "schedule", f"{name} is paused", f"retrolabel schedule pause {schedule.id} --resume")
    told = f"{name}, {last.due_at:%Y-%m-%d %H:%M} UTC: {last.state}" if last is not None else f"{name} never ran"
    told += f", {last.why}" if last is not None and last.why else ""
    if last is not None and last.state == RUN_FAILED:
        return Line(BROKEN, "schedule", told, f"retrolabel schedule history {schedule.id} --log")
    if last is not None and last.state == RUNNING:
        lease = about.site.catalog.leases.lease(lease_of(schedule))
        if lease is None or _is_over(lease, about.at):
            left = f"{told}, and left in the middle on {last.host}: the next schedule run goes on with it"
            return Line(TO_DO, "schedule", left, ONCE)
    missed = next_time(schedule, last.due_at if last is not None else schedule.made_at)
    if missed is not None and missed < about.at - OVERDUE and (last is None or last.state != RUNNING):
        late = f"{told}; it was due at {missed:%Y-%m-%d %H:%M} UTC, and nobody ran it: is schedule run running?"
        return Line(TO_DO, "schedule", late, ONCE)
    if last is None:
        return Line(NOTE, "schedule", f"{told}: is retrolabel schedule run running?")
    return Line(NOTE if last.state == RUN_HELD else OK, "schedule", told)


def events(about: About) -> Iterator[Line]:
    """Yield who could not be told, and what nobody can be told."""
    book = about.site.catalog.events
    for endpoint in book.endpoints():
        dead = len(book.deliveries(endpoint.name, DEAD))
        if dead:
            told = f"{endpoint.name} could not be told of {counted(dead, 'event')}"
            yield Line(BROKEN, "events", told, f"retrolabel events resend {endpoint.name}")
        waiting = book.deliveries(endpoint.name, WAITING)
        if waiting:
            told = f"{endpoint.name} could not be told of {counted(len(waiting), 'event')} yet"
            yield Line(NOTE, "events", f"{told}, and is tried again: {waiting[0].error}", "retrolabel events endpoints")
    damaged = book.damaged()
    if damaged:
        numbers = ", ".join(map(str, damaged))
        told = (
            f"{counted(len(damaged), 'event')} cannot be read ({numbers}): damaged in the catalog, and told to nobody"
        )
        yield Line(BROKEN, "events", told, "retrolabel doctor")


def mlflow(about: About) -> Iterator[Line]:
    """Yield what MLflow was not told of the task: labels do not depend on it."""
    waiting, task = Waiting(about.site.store), about.task
    runs = sum(run.params.get("task") == task for run in waiting.runs())
    models = sum(named == task for named, _ in waiting.models())
    behind = [counted(runs, "relabel")] * bool(runs) + [counted(models, "model")] * bool(models)
    behind += ["what is current"] * (task in waiting.pointers())
    if behind:
        yield Line(NOTE, "mlflow", f"MLflow was not told yet: {', '.join(behind)}", "retrolabel track --resend")

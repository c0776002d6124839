"""Each time is run once, whatever the number of schedulers, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from retrolabel.engines.here import is_gone, this_process
from retrolabel.jobs.label_sets.holding import Place
from retrolabel.jobs.ports.progress import Silence
from retrolabel.jobs.records.events import Event
from retrolabel.jobs.records.schedules import Schedule
from retrolabel.jobs.schedules.running import Found, Result, Scheduler
from retrolabel.storage.catalog import SqlCatalog

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
MINUTES = 5


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("database")
    return f"sqlite:///{tmp_path / 'catalog.db'}"


def host(url, clock, job, look=lambda _: Found(holds=True, why="it is due", seen={})):
    catalog = SqlCatalog(url)
    return Scheduler(
        catalog.schedules,
        catalog.leases,
        catalog.events,
        catalog.transaction,
        Place(this_process(), is_gone, clock),
        look,
        job,
        Silence(),
    )


def test_two_schedulers_on_one_catalog_run_each_time_once(url):
    book = SqlCatalog(url).schedules
    for task in ("mood", "tone"):
        book.add(Schedule(task, "* * * * *", "UTC", ("always",), NOON, "ana"))
    ran, together = [], threading.Barrier(2)

    def go():
        for minute in range(1, MINUTES + 1):
            together.wait()
            at = NOON + timedelta(minutes=minute)

            def job(schedule, at=at):
                ran.append((schedule.task, at))
                return Result("done", "it ran")

            host(url, lambda at=at: at, job).run_due()

    hosts = [threading.Thread(target=go) for _ in range(2)]
    for each in hosts:
        each.start()
    for each in hosts:
        each.join()
    runs = book.runs()
    assert len(runs) == len({(each.schedule, each.due_at) for each in runs}) == len(ran) == len(set(ran))
    covered = {task: [] for task in ("mood", "tone")}
    names = {each.id: each.task for each in book.schedules()}
    for each in runs:
        covered[names[each.schedule]] += [1 + each.missed]
    assert {task: sum(found) for task, found in covered.items()} == {"mood": MINUTES, "tone": MINUTES}


def test_what_came_of_a_run_is_written_whole_and_what_was_seen_is_told_once(url):
    catalog = SqlCatalog(url)
    catalog.schedules.add(Schedule("mood", "* * * * *", "UTC", ("always",), NOON, "ana"))
    event = Event("schema.released", "mood", "2.0.0", "Version 2.0.0 of mood was released.", NOON)
    scheduler = host(
        url,
        lambda: NOON + timedelta(minutes=1),
        lambda _: Result("done", "it ran"),
        lambda _: Found(holds=True, why="it is due", seen={}, handled={"released": "2.0.0"}, events=(event,)),
    )

    def dies(_):
        raise KeyboardInterrupt

    scheduler.book.note = dies
    with pytest.raises(KeyboardInterrupt):
        scheduler.run_due()
    assert ([each.subject for each in catalog.events.events()], catalog.schedules.schedules()[0].seen) == (
        ["2.0.0"],
        {},
    )
    assert [each.state for each in catalog.schedules.runs()] == ["running"]
    del scheduler.book.note
    (done,) = scheduler.run_due()
    assert (done.state, done.tries) == ("done", 2)
    assert [each.subject for each in catalog.events.events()] == ["2.0.0"]
    assert catalog.schedules.schedules()[0].seen == {"released": "2.0.0"}


def test_a_schedule_that_rests_is_not_run(url):
    book = SqlCatalog(url).schedules
    book.add(Schedule("mood", "* * * * *", "UTC", ("always",), NOON, "ana", paused=True))
    later = NOON + timedelta(hours=1)
    assert host(url, lambda: later, lambda _: Result("done", "it ran")).run_due() == []


def test_looks_that_found_nothing_are_forgotten_after_three_months_and_what_was_done_never(url):
    book = SqlCatalog(url).schedules
    book.add(Schedule("mood", "0 12 * * *", "UTC", ("always",), NOON, "ana"))
    for day, holds in ((1, True), (2, False), (60, False), (100, False)):
        found, at = Found(holds=holds, why="as it is", seen={}), NOON + timedelta(days=day)
        host(url, lambda at=at: at, lambda _: Result("done", "it ran"), lambda _, found=found: found).run_due()
    kept = [((each.due_at - NOON).days, each.state) for each in book.runs()]
    assert kept == [(1, "done"), (60, "nothing to do"), (100, "nothing to do")]

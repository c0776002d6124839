"""A catalog that moves: whole or not at all, and the same on both sides."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing, contextmanager

import pytest
import sqlalchemy as sa

from retrolabel.errors import CorruptionError, StoreError, TaskHeldError
from retrolabel.jobs.ports.progress import Silence
from retrolabel.jobs.records.calibration import AskedItem, CalibrationRound, CalibrationSet
from retrolabel.jobs.records.events import Delivery, Endpoint, Event
from retrolabel.jobs.records.gold import Batch, DrawnItem
from retrolabel.jobs.records.leases import Holder, Lease
from retrolabel.jobs.records.proposals import Drafted, Proposal, ProposalDecision, Said
from retrolabel.jobs.records.schedules import Schedule, ScheduledRun
from retrolabel.jobs.records.votes import StoredFault
from retrolabel.storage import copying
from retrolabel.storage.catalog import SqlCatalog
from retrolabel.storage.connections import Connections
from retrolabel.storage.copying import copy_catalog, to_be_copied
from retrolabel.storage.tables import metadata
from tests.catalogs import NOW, RECORD, column, label_set, said, segment, take_in
from tests.postgres import name_of

IDS = ["a", "B", "é", "_", "x" * 5000]
AFTER_THE_EIGHTH = (
    *("events", "endpoints", "deliveries", "schedules", "schedule_runs"),
    *("calibration_sets", "calibration_rounds", "calibration_people", "calibration_items"),
    *("proposals", "proposal_decisions"),
)
"""Tables that migrations after the eighth made."""


def filled(url):
    """Return a catalog with rows in every table."""
    catalog = SqlCatalog(url)
    with catalog.feedback.ingesting("web") as session:
        session.add(segment("a", len(IDS)), IDS, IDS, [2, 3, 4, 7, 8])
        session.finish({"comment": "string"}, {**RECORD, "who": "ana"})
    take_in(catalog, "b", IDS[:2], ["new", "newer"])
    fault = StoredFault("k1", "lf", "web", "7", "KeyError: 'x'", "Traceback ...\n é")
    catalog.votes.add("votes/s/1.parquet", "a" * 64, [column("k1", faults=1, seconds=0.1 + 0.2), column("k2")], [fault])
    with catalog.label_sets.adding(label_set("1f")):
        pass
    catalog.label_sets.point("mood", "latest", "1f", NOW)
    batch = Batch("mood", "web", "dev", "random", "random", 2, 10, NOW, seed=7)
    number = catalog.gold.remember(batch, [DrawnItem("a", "r", 1 / 3), DrawnItem("B", "r", None)])
    catalog.gold.add_near_copies("mood", [(("web", "a"), ("web", "B"))])
    more = {"rationale": 'it\'s "so" %s', "labelled_at": None, "imported_at": NOW, "seconds": 1.5}
    catalog.gold.add("mood", [said("a", "bad", batch=number, inclusion=1 / 3)], [more])
    catalog.gold.log_look("mood", "1f", NOW, "me")
    row = {"task": "mood", "label_set": "1f", "kind": "held", "who": "me", "why": "", "gates": "[]", "at": NOW}
    with catalog._connections.writing() as connection:
        connection.execute(sa.insert(metadata.tables["decisions"]), row)
    catalog.events.write(Event("label_set.promoted", "mood", "1f", 'It\'s "current".', NOW, {"é": 1}, "k"))
    catalog.events.subscribe(Endpoint("team", "https://h/x", ("label_set.promoted",), None, ("env:S",), NOW))
    catalog.events.note(Delivery("team", 1, "waiting", 1, NOW, NOW, "HTTP 500"))
    schedule = catalog.schedules.add(Schedule("mood", "@daily", "UTC", ("stale",), NOW, "ana", seen={"released": "1"}))
    catalog.schedules.claim(ScheduledRun(schedule.id, NOW, 2, NOW, "host", log="two\nlines"))
    found = CalibrationSet("mood", "web", ("comment",), 40, 10, 10, 4, 7, 2**40, NOW, "ana")
    asked = CalibrationRound("mood", 1, catalog.calibration.add_set(found), "1.0.0", NOW, "ana", people={"é": "f.csv"})
    catalog.calibration.open(asked, [AskedItem("again", "web", each, "r", "é", None, 1 / 3) for each in IDS])
    spoke = (Said("web", "a", "ana"), Said("web", "é"))
    draft = Drafted("merge", "defect", ("bug", "crash"), words=("sl\u00f6w",), quoted=spoke[0])
    (proposal,) = catalog.proposals.keep(
        [Proposal("mood", "1.0.0", draft, ("bug", "crash"), spoke, True, 1 / 3, ('"so"',), NOW, NOW)]  # noqa: FBT003 - clear
    )
    catalog.proposals.decide(
        ProposalDecision(proposal.id, "mood", "accepted", "me", "it's so", NOW, "v2.py", spoke), "accepted", "open"
    )
    return catalog


def rows(catalog):
    """Return all rows of all tables but the leases, sorted."""
    found = {}
    with catalog._connections.reading() as connection:
        for table in copying.TABLES:
            found[table.name] = sorted(map(repr, connection.execute(sa.select(table))))
    return found


def empty(url):
    """Return whether nothing is in a database."""
    return not any(Connections(url).rows_of_tables().values())


@pytest.fixture
def file(tmp_path):
    return f"sqlite:///{tmp_path / 'old.db'}"


def copied(of, to, **more):
    return copy_catalog(Connections(of), Connections(to), **{"mine": (), "progress": Silence()} | more)


def test_a_catalog_goes_to_postgresql_and_back_and_every_row_is_as_it_was(file, database, tmp_path):
    before = rows(filled(file))
    assert all(before.values())
    back = f"sqlite:///{tmp_path / 'back.db'}"
    there = copied(file, database)
    assert there == copied(database, back)
    assert {table.name: table.rows for table in there} == {name: len(found) for name, found in before.items()}
    assert rows(SqlCatalog(database)) == before
    assert rows(SqlCatalog(back)) == before


def test_a_moved_catalog_goes_on_where_it_was(file, database):
    filled(file)
    copied(file, database)
    moved = SqlCatalog(database)
    assert moved.gold.log_look("mood", "1f", NOW, "me") == 2
    assert moved.gold.remember(Batch("mood", "web", "dev", "random", "random", 2, 10, NOW), [DrawnItem("é", "r")]) == 2
    take_in(moved, "c", IDS[2:], ["1", "2", "3"])
    assert moved.feedback.identity() == SqlCatalog(file).feedback.identity()


def test_what_is_no_empty_database_or_another_revision_is_refused_and_nothing_is_written(file, database, postgres):
    filled(file)
    other = SqlCatalog(postgres.catalog())
    take_in(other, "z", ["1"], ["x"])
    before = rows(other)
    with pytest.raises(StoreError, match="already: 1 in ingests, 1 in items, 1 in segments and more"):
        copied(file, other.url)
    assert rows(other) == before
    with pytest.raises(StoreError, match="There is no catalog in the PostgreSQL database"):
        copied(database, file)
    postgres.sql("UPDATE alembic_version SET version_num = '0006'", database=name_of(other.url))
    with pytest.raises(StoreError, match="is at revision 0006, and a copy is of revision") as caught:
        copied(other.url, database)
    assert caught.value.remedy == "upgrade it first: retrolabel catalog upgrade"
    with pytest.raises(StoreError, match="FROM and TO are the same"):
        copying.open_catalogs(file, file)
    assert empty(database)


def test_a_task_that_somebody_works_on_is_not_taken_away(file, database):
    lease = Lease("mood", "c" * 32, Holder("build-7", "another machine", 4711), NOW, NOW)
    catalog = filled(file)
    catalog.leases.take(lease, None)
    with pytest.raises(TaskHeldError, match="mood is being worked on by process 4711 on build-7"):
        copied(file, database)
    assert empty(database)
    copied(file, database, mine={lease.owner})
    assert SqlCatalog(database).leases.lease("mood") is None
    assert catalog.leases.lease("mood") == lease


def test_nobody_writes_either_of_the_two_while_they_are_copied(file, postgres, monkeypatch):
    filled(file)
    database = postgres.catalog()
    monkeypatch.setattr("retrolabel.storage.postgresql.WAIT_SECONDS", 1)
    monkeypatch.setattr("retrolabel.storage.sqlite.BUSY_SECONDS", 1)
    go_on, failed = copying._go_on_counting, []

    def others(connection):
        for url in (file, database):
            with pytest.raises(StoreError) as caught:
                take_in(SqlCatalog(url), "late", ["9"], ["x"], "late")
            failed.append(caught.value.remedy)
        go_on(connection)

    monkeypatch.setattr(copying, "_go_on_counting", others)
    copied(file, database)
    assert failed == ["another retrolabel is writing; try again when it is done"] * 2


@contextmanager
def altered(connection):
    """Let a row of what was written change before it is read back."""
    connection.exec_driver_sql("UPDATE items SET digest = 'other' WHERE item_id = 'a'")
    yield


def test_a_table_that_comes_back_with_other_values_is_told_and_nothing_is_kept(file, database, monkeypatch):
    filled(file)
    given = copying._given

    def wrong(table, reads, writes, *more):
        found = given(table, reads, writes, *more)
        if table.name == "items":
            with altered(writes):
                pass
        return found

    monkeypatch.setattr(copying, "_given", wrong)
    with pytest.raises(CorruptionError, match=r"items in the PostgreSQL database .* 5 came back, with other values"):
        copied(file, database)
    assert empty(database)


@pytest.mark.parametrize("to", ["postgresql", "sqlite"])
def test_a_copy_that_is_killed_in_the_middle_leaves_nothing_and_the_next_one_is_whole(file, database, tmp_path, to):
    before = rows(filled(file))
    target = database if to == "postgresql" else f"sqlite:///{tmp_path / 'new.db'}"
    for table in ("batches", "items", "vote_files"):
        child = os.fork()
        if child == 0:
            given = copying._given

            def killed(each, *more, at=table, given=given):
                found = given(each, *more)
                if each.name == at:
                    os.kill(os.getpid(), signal.SIGKILL)
                return found

            copying._given = killed
            try:
                copied(file, target)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        assert empty(target)
    copied(file, target)
    assert rows(SqlCatalog(target)) == before


def test_a_nul_that_an_older_version_took_is_written_out_by_the_upgrade(tmp_path):
    file = tmp_path / "old.db"
    catalog = filled(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE faults SET trace = 'a' || char(0) || 'b'")
        for table in AFTER_THE_EIGHTH:
            connection.execute(f"DROP TABLE {table}")
        connection.execute("ALTER TABLE human_labels DROP COLUMN round")
        connection.execute("UPDATE alembic_version SET version_num = '0007'")
    again = SqlCatalog(catalog.url)
    again.label_sets.point("mood", "kept", "1f", NOW)
    assert [fault.trace for fault in again.votes.faults(["k1"])] == ["a\\x00b"]


def test_a_nul_in_an_id_is_told_before_the_database_stumbles_over_it(file, database):
    catalog = SqlCatalog(file)
    take_in(catalog, "a", ["1\0"], ["x"])
    with pytest.raises(StoreError, match=r"items\.item_id holds the character NUL"):
        copied(file, database)
    assert empty(database)


def test_what_would_be_copied_is_counted_and_nothing_is_written(file, database):
    filled(file)
    counts = to_be_copied(Connections(file), Connections(database))
    assert (counts["items"], counts["pointers"], "leases" in counts) == (5, 1, False)
    assert Connections(database).rows_of_tables() == {}

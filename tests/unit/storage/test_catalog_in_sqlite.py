"""The catalog in a file of SQLite: it is copied before it is upgraded, and looking writes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from retrolabel.errors import StoreError
from retrolabel.gold.adjudication import HumanLabel
from retrolabel.storage.catalog import SqlCatalog
from retrolabel.storage.connections import copied_rows, engines, rows_of_tables
from retrolabel.storage.tables import human_labels
from retrolabel.storage.upgrade import HEAD, revision, upgrade
from tests.catalogs import NOW, label_set, take_in


@pytest.fixture
def catalog(tmp_path):
    return SqlCatalog(f"sqlite:///{tmp_path / 'catalog.db'}")


def back_to_the_first_revision(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        for column in ("seconds", "batch", "inclusion", "round"):
            connection.execute(f"ALTER TABLE human_labels DROP COLUMN {column}")
        for table in (
            *("batches", "drawn_items", "near_copies", "leases", "decisions", "segment_origins"),
            *("events", "endpoints", "deliveries", "schedules", "schedule_runs"),
            *("calibration_sets", "calibration_rounds", "calibration_people", "calibration_items"),
            *("proposals", "proposal_decisions"),
        ):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("ALTER TABLE ingests DROP COLUMN who")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")


def test_a_catalog_of_the_first_revision_is_brought_up_and_keeps_its_human_labels(catalog, tmp_path):
    said = HumanLabel("web", "1", "ana", "bug", "1.0.0", "dev")
    now = datetime(2026, 1, 1, tzinfo=UTC)
    more = {"rationale": None, "labelled_at": None, "imported_at": now, "seconds": 7.0}
    catalog.gold.add("triage", [said], [more])
    back_to_the_first_revision(tmp_path / "catalog.db")
    again = SqlCatalog(catalog.url)
    assert again.gold.human_labels("triage") == [said]
    assert again.gold.labelling_seconds("triage") == []
    again.gold.add("triage", [replace(said, item_id="2")], [more])
    assert again.gold.labelling_seconds("triage") == [7.0]


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "catalog.db").write_bytes(b"a text that is no database at all, though long enough")
    with pytest.raises(StoreError, match="The catalog cannot be used"):
        SqlCatalog(f"sqlite:///{tmp_path / 'catalog.db'}")


@pytest.mark.parametrize("url", ["nonsense", "nosuchdatabase://x", "sqlite:////dev/null/catalog.db"])
def test_a_url_that_cannot_be_opened_is_refused(url):
    with pytest.raises(StoreError):
        SqlCatalog(url)


@pytest.fixture
def of_the_first_revision(catalog, tmp_path):
    """A catalog with two items and a human label, as the first revision had it; its file."""
    take_in(catalog, "a", ["1", "2"], ["x", "y"])
    said = HumanLabel("web", "1", "ana", "bug", "1.0.0", "dev")
    catalog.gold.add("mood", [said], [{"rationale": None, "labelled_at": None, "imported_at": NOW, "seconds": None}])
    path = tmp_path / "catalog.db"
    back_to_the_first_revision(path)
    return path


def test_looking_at_a_catalog_of_an_older_version_reads_all_and_writes_nothing(of_the_first_revision, tmp_path):
    before, there = of_the_first_revision.read_bytes(), sorted(tmp_path.iterdir())
    old = SqlCatalog(f"sqlite:///{of_the_first_revision}")
    assert old.feedback.revisions("web", ["1", "2"]) == {"1": "x", "2": "y"}
    assert [label.label for label in old.gold.human_labels("mood")] == ["bug"]
    assert (old.gold.labelling_seconds("mood"), old.damage()) == ([], [])
    assert of_the_first_revision.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == there


def test_the_first_write_upgrades_a_catalog_after_a_copy_of_it(of_the_first_revision, tmp_path):
    before = of_the_first_revision.read_bytes()
    old = SqlCatalog(f"sqlite:///{of_the_first_revision}")
    take_in(old, "b", ["3"], ["z"])
    assert old.feedback.revisions("web", ["1", "3"]) == {"1": "x", "3": "z"}
    copy = tmp_path / "catalog.db.0001"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert connection.execute("SELECT COUNT(*) FROM items").fetchall() == [(2,)]
    with closing(sqlite3.connect(of_the_first_revision)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
    assert of_the_first_revision.read_bytes() != before


def test_a_reader_of_an_older_catalog_sees_what_another_process_wrote_meanwhile(of_the_first_revision):
    looking = SqlCatalog(f"sqlite:///{of_the_first_revision}")
    assert looking.feedback.revisions("web", ["1", "3"]) == {"1": "x"}
    take_in(SqlCatalog(f"sqlite:///{of_the_first_revision}"), "b", ["3"], ["z"])
    assert looking.feedback.revisions("web", ["1", "3"]) == {"1": "x", "3": "z"}


def test_a_catalog_of_an_older_version_is_copied_row_by_row_where_its_database_has_no_file(of_the_first_revision):
    old, _ = engines(f"sqlite:///{of_the_first_revision}")
    rows = rows_of_tables(old)
    assert (rows["items"], rows["human_labels"], rows["alembic_version"]) == (2, 1, 1)
    new, _ = engines("sqlite://")
    copied_rows(old, new, "0001")
    assert {name: rows[name] for name in rows_of_tables(new)} == rows_of_tables(new)
    assert revision(new) == "0001"
    upgrade(new)
    with new.connect() as connection:
        said = connection.execute(sa.select(human_labels)).mappings().one()
    assert (said["label"], said["seconds"], said["imported_at"]) == ("bug", None, NOW)
    empty, _ = engines("sqlite://")
    copied_rows(old, empty, None)
    assert rows_of_tables(empty) == {}


def test_a_database_without_a_file_is_upgraded_by_the_first_write_and_not_by_looking(of_the_first_revision, tmp_path):
    before, there = of_the_first_revision.read_bytes(), sorted(tmp_path.iterdir())
    looking = SqlCatalog(f"sqlite:///{of_the_first_revision}")
    looking._connections.name = "another"
    assert looking.feedback.revisions("web", ["1", "3"]) == {"1": "x"}
    assert looking.gold.labelling_seconds("mood") == []
    assert of_the_first_revision.read_bytes() == before
    with closing(sqlite3.connect(of_the_first_revision)) as connection, connection:
        connection.execute("DELETE FROM human_labels")  # somebody else's write
    assert looking.gold.human_labels("mood") == []
    take_in(looking, "b", ["3"], ["z"])
    assert looking.feedback.revisions("web", ["1", "3"]) == {"1": "x", "3": "z"}
    assert revision(looking._connections._reader) == HEAD
    assert sorted(tmp_path.iterdir()) == there


def test_gold_from_before_there_were_batches_belongs_to_one_for_each_import_and_a_random_one_knows_its_probability(
    catalog, tmp_path
):
    take_in(catalog, "a", ["1", "2", "3", "4"], ["w", "x", "y", "z"])
    later = NOW + timedelta(days=1)
    for sampling, ids, at in (("random", ["1", "2"], NOW), ("other", ["3"], NOW), ("random", ["4"], later)):
        labels = [HumanLabel("web", item, "ana", "bug", "1.0.0", "dev", sampling=sampling) for item in ids]
        more = {"rationale": None, "labelled_at": None, "imported_at": at, "seconds": None}
        catalog.gold.add("mood", labels, [more] * len(ids))
    back_to_the_first_revision(tmp_path / "catalog.db")
    again = SqlCatalog(catalog.url)
    found = again.gold.human_labels("mood")
    assert [label.inclusion for label in found] == [0.5, 0.5, None, 0.25]
    draws = again.gold.draws("mood")
    assert [draws[label.batch].design for label in found] == ["random", "random", "other", "random"]
    assert len({label.batch for label in found}) == 3
    assert {(each.items, each.population) for each in draws.values()} == {(2, 4), (1, 4)}


def test_looking_sets_no_journal_and_a_write_does(of_the_first_revision):
    def journal():
        with closing(sqlite3.connect(of_the_first_revision)) as connection:
            return connection.execute("PRAGMA journal_mode").fetchone()[0]

    old = SqlCatalog(f"sqlite:///{of_the_first_revision}")
    old.label_sets.records()
    assert journal() == "delete"
    old.label_sets.forget("nothing")
    assert journal() == "wal"


def test_what_was_latest_is_current_after_the_upgrade_and_the_log_says_so(catalog, tmp_path):
    for identity in ("a" * 32, "b" * 32):
        with catalog.label_sets.adding(label_set(identity)):
            pass
        catalog.label_sets.point("mood", "latest", identity, NOW)
    catalog.label_sets.point("other", "latest", "c" * 32, NOW)  # a label set that is gone
    back_to_the_first_revision(tmp_path / "catalog.db")
    looking = SqlCatalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    assert looking.label_sets.pointer("mood", "current") == "b" * 32
    looking.label_sets.point("mood", "kept", "a" * 32, NOW)
    assert looking.label_sets.tags("mood") == {"current": "b" * 32, "kept": "a" * 32, "latest": "b" * 32}
    (decision,) = looking.label_sets.decisions("mood")
    assert (decision.kind, decision.label_set, decision.at) == ("upgraded", "b" * 32, NOW)
    assert "latest one was what exports wrote" in decision.why
    assert looking.label_sets.pointer("other", "current") is None

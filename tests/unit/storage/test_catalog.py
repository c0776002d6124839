"""The catalog: what a transaction did not commit never was."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from retrolabel.errors import CorruptionError, StoreError
from retrolabel.gold.adjudication import HumanLabel
from retrolabel.jobs.records.feedback import Segment
from retrolabel.jobs.records.gold import Batch
from retrolabel.jobs.records.manifests import LabelSetRecord
from retrolabel.jobs.records.plan_changes import Rate
from retrolabel.jobs.records.votes import StoredFault, VoteColumn
from retrolabel.storage.catalog import SqlCatalog
from retrolabel.storage.connections import AT_ONCE, _engines, batched, copied_rows, rows_of_tables
from retrolabel.storage.tables import human_labels
from retrolabel.storage.upgrade import HEAD, revision, upgrade

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
RECORD = {"file": "f.csv", "sha256": "0" * 64, "options": "{}", "rows": 2, "quarantined": 0, "at": NOW}


@pytest.fixture
def catalog(tmp_path):
    return SqlCatalog(f"sqlite:///{tmp_path / 'catalog.db'}")


def segment(name, rows=2, source="web"):
    return Segment(name, source, rows, f"feedback/{source}/{name}.parquet", "0" * 64, {"comment": name})


def column(key, path="votes/s/1.parquet", **more):
    return VoteColumn(key, "s", "lf", path, "lf", **({"rows": 2, "votes": 1, "faults": 0, "seconds": 0.5} | more))


def label_set(identity, task="mood", at=NOW):
    return LabelSetRecord(identity, task, "1.0.0", 2, 1, 1, "1" * 64, "2" * 64, at)


def back_to_the_first_revision(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        for column in ("seconds", "batch", "inclusion"):
            connection.execute(f"ALTER TABLE human_labels DROP COLUMN {column}")
        for table in (
            *("batches", "drawn_items", "near_copies", "leases", "decisions", "segment_origins"),
            *("events", "endpoints", "deliveries", "schedules", "schedule_runs"),
        ):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("ALTER TABLE ingests DROP COLUMN who")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")


def take_in(catalog, name, ids, digests, source="web"):
    with catalog.feedback.ingesting(source) as session:
        session.add(segment(name, len(ids), source), ids, digests)
        session.finish({"comment": "string"}, RECORD)


def test_an_ingest_that_is_left_by_an_error_never_was(catalog):
    with pytest.raises(ZeroDivisionError), catalog.feedback.ingesting("web") as session:  # noqa: PT012 - what fails is the block
        session.add(segment("a"), ["1", "2"], ["x", "y"])
        session.finish({"comment": "string"}, RECORD)
        _ = 1 / 0
    assert catalog.feedback.sources() == {}
    assert catalog.feedback.segments() == []
    assert catalog.feedback.revisions("web", ["1"]) == {}


def test_a_new_row_supersedes_the_item_in_its_old_segment(catalog):
    take_in(catalog, "a", ["1", "2", "3"], ["x", "y", "z"])
    take_in(catalog, "b", ["2"], ["new"])
    by_id = {found.id: found for found in catalog.feedback.segments()}
    assert (by_id["a"].superseded, by_id["a"].live, by_id["b"].superseded) == ((1,), 2, ())
    assert catalog.feedback.revisions("web", ["1", "2", "9"]) == {"1": "x", "2": "new"}


def test_segments_come_sorted_and_by_source(catalog):
    for name, source in (("c", "web"), ("a", "web"), ("b", "mail")):
        take_in(catalog, name, [name], [name], source)
    assert [found.id for found in catalog.feedback.segments()] == ["b", "a", "c"]
    assert [found.id for found in catalog.feedback.segments(["web"])] == ["a", "c"]
    assert catalog.feedback.segments([]) == []


def test_more_ids_than_a_database_takes_at_once(catalog):
    ids = [str(number) for number in range(2 * AT_ONCE + 3)]
    take_in(catalog, "a", ids, ids)
    assert catalog.feedback.revisions("web", ids) == dict(zip(ids, ids, strict=True))
    assert [len(some) for some in batched(ids, AT_ONCE)] == [AT_ONCE, AT_ONCE, 3]


def test_an_ingest_is_found_by_bytes_options_and_source(catalog):
    take_in(catalog, "a", ["1"], ["x"])
    assert catalog.feedback.find_ingest("web", "0" * 64, "{}")["rows"] == 2
    assert catalog.feedback.find_ingest("mail", "0" * 64, "{}") is None
    assert catalog.feedback.find_ingest("web", "0" * 64, "{...}") is None


def test_votes_that_another_run_stored_first_are_left_as_they_are(catalog):
    catalog.votes.add("votes/s/1.parquet", "a" * 64, [column("k1"), column("k2")], [])
    catalog.votes.add(
        "votes/s/2.parquet", "b" * 64, [column("k2", "votes/s/2.parquet"), column("k3", "votes/s/2.parquet")], []
    )
    found = catalog.votes.columns(["k1", "k2", "k3", "k4"])
    assert {key: value.path[-9] for key, value in found.items()} == {"k1": "1", "k2": "1", "k3": "2"}
    assert catalog.votes.files(["k1", "k2"]) == {"votes/s/1.parquet": "a" * 64}


def test_a_file_that_brings_nothing_new_is_not_named(catalog):
    catalog.votes.add("votes/s/1.parquet", "a" * 64, [column("k1")], [])
    catalog.votes.add("votes/s/2.parquet", "b" * 64, [column("k1", "votes/s/2.parquet")], [])
    assert catalog.votes.files(["k1"]) == {"votes/s/1.parquet": "a" * 64}


def test_faults_are_found_by_the_key_of_their_votes(catalog):
    fault = StoredFault("k1", "lf", "web", "7", "KeyError: 'x'", "Traceback ...")
    catalog.votes.add("votes/s/1.parquet", "a" * 64, [column("k1", faults=1)], [fault])
    assert catalog.votes.faults(["k1"]) == [fault]
    assert catalog.votes.faults(["k2"]) == []


def test_faults_that_another_run_stored_first_are_kept_once(catalog):
    fault = StoredFault("k1", "lf", "web", "7", "KeyError: 'x'", "Traceback ...")
    again, other = replace(fault, item_id="8"), replace(fault, key="k2", item_id="9")
    catalog.votes.add("votes/s/1.parquet", "a" * 64, [column("k1", faults=1)], [fault])
    second = "votes/s/2.parquet"
    catalog.votes.add(
        second, "b" * 64, [column("k1", second, faults=1), column("k2", second, faults=1)], [again, other]
    )
    assert catalog.votes.faults(["k1", "k2"]) == [fault, other]


def test_the_cost_of_a_call_is_the_median_over_what_ran(catalog):
    seconds = [column(f"k{n}", rows=10, seconds=float(n)) for n in (1, 2, 30)]
    catalog.votes.add("votes/s/1.parquet", "a" * 64, [*seconds, column("empty", rows=0)], [])
    assert catalog.votes.rates() == {"lf": Rate(0.2, 30)}


def test_a_label_set_is_real_once_and_newest_first(catalog):
    for identity, at in (("a", NOW), ("b", NOW + timedelta(days=1))):
        with catalog.label_sets.adding(label_set(identity, at=at)) as is_new:
            assert is_new
    with catalog.label_sets.adding(label_set("a")) as is_new:
        assert not is_new
    assert [record.id for record in catalog.label_sets.records("mood")] == ["b", "a"]
    assert catalog.label_sets.records("tone") == []
    assert catalog.label_sets.record("a") == label_set("a")
    assert catalog.label_sets.record("zzz") is None


def test_a_label_set_whose_manifest_could_not_be_written_never_was(catalog):
    with pytest.raises(OSError, match="full"), catalog.label_sets.adding(label_set("a")):
        raise OSError("full")
    assert catalog.label_sets.record("a") is None


def test_times_come_back_in_utc_whatever_zone_they_had(catalog):
    berlin = timezone(timedelta(hours=2))
    with catalog.label_sets.adding(label_set("a", at=NOW.astimezone(berlin))):
        pass
    assert catalog.label_sets.record("a").created_at == NOW
    assert catalog.label_sets.record("a").created_at.tzinfo is UTC


def test_a_pointer_is_logged_only_when_it_moves(catalog, tmp_path):
    for identity in ("a", "a", "b", "a"):
        catalog.label_sets.point("mood", "latest", identity, NOW)
    assert catalog.label_sets.pointer("mood", "latest") == "a"
    assert catalog.label_sets.pointer("tone", "latest") is None
    with closing(sqlite3.connect(tmp_path / "catalog.db")) as connection:
        assert connection.execute("SELECT label_set FROM pointer_log ORDER BY id").fetchall() == [
            ("a",),
            ("b",),
            ("a",),
        ]


def said(item_id, label, annotator="ana", **more):
    return HumanLabel("web", item_id, annotator, label, "1.0.0", "dev", **more)


def test_human_labels_are_appended_in_order_and_never_twice(catalog):
    extra = [{"rationale": None, "labelled_at": None, "imported_at": NOW}] * 3
    labels = [said("2", "bad"), said("1", "good"), said("2", "bad")]
    assert catalog.gold.add("mood", labels, extra) == 2
    assert catalog.gold.add("mood", labels, extra) == 0
    assert catalog.gold.add("tone", labels[:1], extra[:1]) == 1
    assert [label.item_id for label in catalog.gold.human_labels("mood")] == ["2", "1"]


def test_what_a_label_takes_is_told_by_task(catalog):
    for task, seconds in (("mood", 3.0), ("tone", 60.0), ("mood", None)):
        more = {"rationale": None, "labelled_at": None, "imported_at": NOW, "seconds": seconds}
        catalog.gold.add(task, [said("1", "good" if seconds else "bad")], [more])
    assert (catalog.gold.labelling_seconds("mood"), catalog.gold.labelling_seconds("tone")) == ([3.0], [60.0])


def test_looks_are_counted_by_task(catalog):
    assert [catalog.gold.log_look(task, "a", NOW, "me") for task in ("mood", "mood", "tone")] == [1, 2, 1]


def test_a_catalog_is_opened_again_at_the_same_revision(catalog, tmp_path):
    take_in(catalog, "a", ["1"], ["x"])
    again = SqlCatalog(catalog.url)
    assert again.feedback.segments() == catalog.feedback.segments()
    with closing(sqlite3.connect(tmp_path / "catalog.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]


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


def test_a_catalog_of_a_newer_version_is_refused(catalog, tmp_path):
    take_in(catalog, "a", ["1"], ["x"])
    with closing(sqlite3.connect(tmp_path / "catalog.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="revision 9999, which this retrolabel does not know"):
        SqlCatalog(catalog.url)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "catalog.db").write_bytes(b"a text that is no database at all, though long enough")
    with pytest.raises(StoreError, match="The catalog cannot be used"):
        SqlCatalog(f"sqlite:///{tmp_path / 'catalog.db'}")


@pytest.mark.parametrize("url", ["nonsense", "nosuchdatabase://x", "sqlite:////dev/null/catalog.db"])
def test_a_url_that_cannot_be_opened_is_refused(url):
    with pytest.raises(StoreError):
        SqlCatalog(url)


def test_a_writer_waits_for_another_and_a_reader_does_not(catalog, tmp_path):
    take_in(catalog, "a", ["1"], ["x"])
    with catalog.feedback.ingesting("web") as session:
        session.add(segment("b"), ["2", "3"], ["y", "z"])
        assert catalog.feedback.revisions("web", ["1", "2"]) == {"1": "x"}


def test_what_several_books_write_in_one_transaction_becomes_real_together_or_not_at_all(catalog):
    take_in(catalog, "a", ["1"], ["x"])
    with pytest.raises(ZeroDivisionError), catalog.transaction():  # noqa: PT012 - what fails is the block
        catalog.votes.add("votes/s/1.parquet", "a" * 64, [column("k1")], [])
        with catalog.label_sets.adding(label_set("a")) as is_new:
            assert is_new
        catalog.label_sets.point("mood", "latest", "a", NOW)
        assert catalog.label_sets.pointer("mood", "latest") == "a"  # what was written is seen inside
        assert SqlCatalog(catalog.url).label_sets.pointer("mood", "latest") is None  # and nowhere else
        _ = 1 / 0
    assert catalog.votes.columns(["k1"]) == {}
    assert (catalog.label_sets.records(), catalog.label_sets.pointer("mood", "latest")) == ([], None)
    with catalog.transaction():
        catalog.votes.add("votes/s/1.parquet", "a" * 64, [column("k1")], [])
        catalog.label_sets.point("mood", "latest", "a", NOW)
    assert (list(catalog.votes.columns(["k1"])), catalog.label_sets.pointer("mood", "latest")) == (["k1"], "a")


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
    old, _ = _engines(f"sqlite:///{of_the_first_revision}")
    rows = rows_of_tables(old)
    assert (rows["items"], rows["human_labels"], rows["alembic_version"]) == (2, 1, 1)
    new, _ = _engines("sqlite://")
    copied_rows(old, new, "0001")
    assert {name: rows[name] for name in rows_of_tables(new)} == rows_of_tables(new)
    assert revision(new) == "0001"
    upgrade(new)
    with new.connect() as connection:
        said = connection.execute(sa.select(human_labels)).mappings().one()
    assert (said["label"], said["seconds"], said["imported_at"]) == ("bug", None, NOW)
    empty, _ = _engines("sqlite://")
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


def test_a_batch_is_there_once_with_the_labels_that_come_from_no_draw_yet(catalog):
    batch = Batch("mood", "web", "dev", "random", "random", 2, 10, NOW)
    more = {"rationale": None, "labelled_at": None, "imported_at": NOW, "seconds": None}
    first = HumanLabel("web", "1", "ana", "bug", "1.0.0", "dev", inclusion=0.2)
    assert catalog.gold.add("mood", [first], [more], batch) == 1
    assert catalog.gold.add("mood", [first], [more], batch) == 0
    (number,) = catalog.gold.draws("mood")
    kept = HumanLabel("web", "1", "bo", "bug", "1.0.0", "dev", batch=number, inclusion=0.2)
    assert catalog.gold.add("mood", [kept], [more], batch) == 1
    assert catalog.gold.draws("mood") == {number: batch}
    assert {label.batch for label in catalog.gold.human_labels("mood")} == {number}


def test_a_reader_cannot_write(catalog):
    take_in(catalog, "a", ["1"], ["x"])
    with pytest.raises(StoreError, match="readonly"), catalog._connections.reading() as connection:
        connection.exec_driver_sql("DELETE FROM items")


def test_looking_sets_no_journal_and_a_write_does(of_the_first_revision):
    def journal():
        with closing(sqlite3.connect(of_the_first_revision)) as connection:
            return connection.execute("PRAGMA journal_mode").fetchone()[0]

    old = SqlCatalog(f"sqlite:///{of_the_first_revision}")
    old.label_sets.records()
    assert journal() == "delete"
    old.label_sets.forget("nothing")
    assert journal() == "wal"


def test_a_writer_decides_on_what_the_writer_before_it_committed(catalog):
    began, seen = threading.Event(), []

    def second():
        with SqlCatalog(catalog.url)._connections.writing() as connection:
            began.set()
            seen.append(connection.exec_driver_sql("SELECT COUNT(*) FROM label_sets").scalar())

    catalog.label_sets.forget("nothing")  # the tables are there
    writer = threading.Thread(target=second)
    with catalog.label_sets.adding(label_set("a")) as is_new:
        assert is_new
        writer.start()
        assert not began.wait(0.5)  # it waits for us before it reads anything
    writer.join(20)
    assert seen == [1]


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


def test_a_segment_knows_the_ingest_and_the_lines_that_it_came_from(catalog):
    with catalog.feedback.ingesting("web") as session:
        session.add(segment("a", 4), ["1", "2", "3", "4"], list("wxyz"), [2, 3, 7, 8])
        session.finish({"comment": "string"}, {**RECORD, "who": "ana"})
    take_in(catalog, "b", ["5"], ["v"])  # nobody says the lines
    found = catalog.feedback.origin("a")
    assert (found.file, found.who, found.runs) == (RECORD["file"], "ana", [[0, 2], [2, 7]])
    assert catalog.feedback.origin("b") is None
    assert [each.who for each in catalog.feedback.ingests("web")] == ["ana", None]


def test_damaged_lines_are_told_as_damage(catalog, tmp_path):
    with catalog.feedback.ingesting("web") as session:
        session.add(segment("a", 1), ["1"], ["x"], [2])
        session.finish({"comment": "string"}, RECORD)
    for lines in ("no JSON", "[[1]]", "7"):
        with closing(sqlite3.connect(tmp_path / "catalog.db")) as connection, connection:
            connection.execute("UPDATE segment_origins SET lines = ?", [lines])
        with pytest.raises(CorruptionError, match="lines of a file"):
            catalog.feedback.origin("a")


def test_an_item_is_found_in_each_source_that_has_it_and_its_neighbours_where_none_has(catalog):
    take_in(catalog, "a", ["1", "2"], ["x", "y"])
    take_in(catalog, "b", ["2"], ["z"], source="mail")
    found = catalog.feedback.find_item("2", ["web", "mail", "gone"])
    assert [(each.source, each.segment, each.row, each.digest) for each in found] == [
        ("mail", "b", 0, "z"),
        ("web", "a", 1, "y"),
    ]
    assert catalog.feedback.find_item("3", ["web"]) == []
    assert catalog.feedback.near_ids("15", ["web"]) == ["1", "2"]


def test_the_answers_on_one_item_say_whether_it_is_near_a_test_item(catalog):
    more = {"rationale": "why", "labelled_at": None, "imported_at": NOW, "seconds": None}
    dev, test = (HumanLabel("web", item, "ana", "good", "1.0.0", role) for item, role in (("1", "dev"), ("2", "test")))
    catalog.gold.add("mood", [dev, test], [more, more])
    catalog.gold.add_near_copies("mood", [(("web", "1"), ("web", "2"))])
    (found,) = catalog.gold.answers_on("mood", "web", "1")
    assert (found.label, found.label.near_test, found.rationale, found.imported_at) == (dev, True, "why", NOW)
    assert catalog.gold.answers_on("other", "web", "1") == []

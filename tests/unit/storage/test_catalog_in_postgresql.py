"""The catalog in PostgreSQL: who waits for whom, what an upgrade does, and what is said when something is wrong."""

from __future__ import annotations

import os
import sys
import threading

import pytest
import sqlalchemy as sa
from alembic import command

from retrolabel.errors import MissingExtraError, StoreError
from retrolabel.storage import postgresql
from retrolabel.storage.catalog import SqlCatalog
from retrolabel.storage.connections import Connections, engines
from retrolabel.storage.places import how_to_save, parsed_url, place_of
from retrolabel.storage.postgresql import check_server
from retrolabel.storage.tables import metadata
from retrolabel.storage.upgrade import HEAD, _config
from tests.catalogs import NOW, RECORD, column, label_set, said, segment, take_in
from tests.postgres import OWNER, PASSWORD, QUOTED, name_of

ELSEWHERE = "0006"
"""The last revision that knew nothing of PostgreSQL."""


@pytest.fixture
def catalog(postgres):
    return SqlCatalog(postgres.catalog())


def rows(postgres, catalog, query):
    return postgres.sql(query, database=name_of(catalog.url))


def older(database, revision=ELSEWHERE):
    """Make the tables of an older version, with a label set in them."""
    engine, _ = engines(database)
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.execute(sa.insert(metadata.tables["label_sets"]), vars(label_set("a")))
        item = {"source": "web", "item_id": "1", "segment": "s", "row": 0, "digest": "x"}
        connection.execute(sa.insert(metadata.tables["items"]), item)
    engine.dispose()


def test_migrations_make_the_tables_of_the_code_and_compare_every_text_by_its_bytes(postgres, catalog):
    query = (
        "SELECT table_name, column_name, data_type, collation_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
    )
    found = rows(postgres, catalog, query)
    made = {(table, name) for table, name, *_ in found if not name.endswith("item_key")}
    assert made == {(table.name, column.name) for table in metadata.tables.values() for column in table.columns}
    texts = {(kind, collation) for _, _, kind, collation in found if kind.startswith(("char", "text"))}
    assert texts == {("text", "C")}
    assert {(table, name) for table, name, kind, _ in found if kind == "bigint"} == {
        ("batches", "seed"),
        ("calibration_sets", "seed"),
    }


def test_looking_at_an_older_catalog_writes_nothing_and_the_first_write_upgrades_it(postgres, database):
    older(database)
    looking = SqlCatalog(database)
    assert [record.id for record in looking.label_sets.records()] == ["a"]
    assert looking.feedback.revisions("web", ["1"]) == {"1": "x"}
    assert postgres.sql("SELECT version_num FROM alembic_version", database=name_of(database)) == [(ELSEWHERE,)]
    looking.label_sets.point("mood", "latest", "a", NOW)
    assert postgres.sql("SELECT version_num FROM alembic_version", database=name_of(database)) == [(HEAD,)]
    assert looking.feedback.revisions("web", ["1"]) == {"1": "x"}


def test_an_upgrade_that_the_database_refuses_leaves_all_as_it_was_and_says_so(postgres, database):
    older(database)
    name = name_of(database)
    postgres.sql("CREATE VIEW of_a_report AS SELECT item_id FROM drawn_items", database=name)
    columns = "SELECT * FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 3, 4"
    before = postgres.sql(columns, database=name)
    with pytest.raises(StoreError, match="view") as caught:
        SqlCatalog(database).label_sets.point("mood", "latest", "a", NOW)
    assert f"not upgraded from revision {ELSEWHERE} to {HEAD}, and is as it was" in caught.value.message
    assert "catalog.db" not in str(caught.value)
    assert postgres.sql(columns, database=name) == before
    assert postgres.sql("SELECT version_num FROM alembic_version", database=name) == [(ELSEWHERE,)]
    postgres.sql("DROP VIEW of_a_report", database=name)
    SqlCatalog(database).label_sets.point("mood", "latest", "a", NOW)
    assert SqlCatalog(database).label_sets.pointer("mood", "latest") == "a"


def test_two_first_writes_at_once_make_the_tables_once(database):
    catalogs = [SqlCatalog(database) for _ in range(2)]
    failed, start = [], threading.Barrier(2)

    def write(number):
        try:
            start.wait()
            take_in(catalogs[number], f"s{number}", [str(number)], ["x"], f"web{number}")
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert sorted(catalogs[0].feedback.sources()) == ["web0", "web1"]


def test_an_ingest_keeps_nobody_waiting_but_an_ingest_of_the_same_source(catalog, monkeypatch):
    monkeypatch.setattr(postgresql, "WAIT_SECONDS", 1)
    other = SqlCatalog(catalog.url)
    with catalog.feedback.ingesting("web") as session:
        session.add(segment("a"), ["1", "2"], ["x", "y"])
        other.votes.add("votes/s/1.parquet", "a" * 64, [column("k1")], [])
        take_in(other, "b", ["3"], ["z"], "mail")
        with pytest.raises(StoreError, match="lock timeout") as caught, other.feedback.ingesting("web"):
            pass
        assert caught.value.remedy == "another retrolabel is writing; try again when it is done"
        with pytest.raises(StoreError, match="lock timeout"), Connections(catalog.url).alone():
            pass  # who copies it waits for everybody
        session.finish({"comment": "string"}, RECORD)
    assert sorted(catalog.feedback.sources()) == ["mail", "web"]


def test_two_catalogs_in_schemas_of_one_database_know_nothing_of_each_other(postgres, database):
    postgres.sql("CREATE SCHEMA one", "CREATE SCHEMA two", database=name_of(database))
    one, two = (SqlCatalog(f"{database}?options=-csearch_path%3D{name}") for name in ("one", "two"))
    with one.feedback.ingesting("web") as session:
        session.finish({"comment": "string"}, RECORD)
        take_in(two, "b", ["3"], ["z"], "web")  # nor do they wait for each other
    assert (one.feedback.segments(), [each.id for each in two.feedback.segments()]) == ([], ["b"])
    assert postgres.sql("SELECT 1 FROM pg_tables WHERE schemaname = 'public'", database=name_of(database)) == []


def test_tables_of_another_program_are_taken_for_no_catalog(postgres, database):
    made = ("CREATE TABLE alembic_version (version_num text)", "INSERT INTO alembic_version VALUES ('451aebb31d03')")
    postgres.sql(*made, database=name_of(database))
    with pytest.raises(StoreError, match="holds the tables of another program") as caught:
        SqlCatalog(database)
    assert "search_path" in caught.value.remedy


def test_a_connection_that_breaks_off_is_told_and_the_next_command_goes_on(postgres, catalog):
    name = name_of(catalog.url)
    broken = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608 - our own
    with pytest.raises(StoreError) as caught, catalog.feedback.ingesting("web") as session:  # noqa: PT012 - it breaks in the middle
        session.add(segment("a"), ["1", "2"], ["x", "y"])
        postgres.sql(broken)
        session.finish({"comment": "string"}, RECORD)
    told = str(caught.value)
    assert f"the PostgreSQL database {name} on 127.0.0.1:{postgres.port}" in told
    assert "what was committed is kept; the same command goes on from there" in told
    assert PASSWORD not in told
    assert catalog.feedback.sources() == {}
    postgres.sql(broken)  # between two transactions nobody notices
    take_in(catalog, "a", ["1", "2"], ["x", "y"])
    assert catalog.feedback.revisions("web", ["1"]) == {"1": "x"}


def test_a_limit_of_the_server_is_told_as_one(postgres, catalog):
    slow = SqlCatalog(f"{catalog.url}?options=-cstatement_timeout%3D50")
    with pytest.raises(StoreError, match="statement timeout") as caught, slow._connections.writing() as connection:
        connection.exec_driver_sql("SELECT pg_sleep(1)")
    assert "ALTER ROLE name SET statement_timeout = 0" in caught.value.remedy


def test_a_process_that_is_forked_uses_no_connection_of_its_parent(catalog):
    take_in(catalog, "a", ["1"], ["x"])
    child = os.fork()
    if child == 0:
        code = 1
        try:
            take_in(catalog, "b", ["2"], ["y"])
            code = 0
        finally:
            os._exit(code)
    seen = [catalog.feedback.revisions("web", ["1"]) for _ in range(20)]
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert seen == [{"1": "x"}] * 20
    assert catalog.feedback.revisions("web", ["2"]) == {"2": "y"}


def test_who_may_only_read_reads_and_is_told_what_is_missing_to_write(postgres, catalog):
    take_in(catalog, "a", ["1"], ["x"])
    name = name_of(catalog.url)
    postgres.sql(
        "CREATE ROLE reader LOGIN PASSWORD 'only-l00king'",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
        database=name,
    )
    reader = SqlCatalog(postgres.url(name, "reader", "only-l00king"))
    assert reader.feedback.revisions("web", ["1"]) == {"1": "x"}
    with pytest.raises(StoreError, match="permission denied for table") as caught:
        reader.label_sets.point("mood", "latest", "a", NOW)
    assert "the user lacks a right" in caught.value.remedy
    standby = SqlCatalog(f"{catalog.url}?options=-cdefault_transaction_read_only%3Don")
    assert standby.feedback.revisions("web", ["1"]) == {"1": "x"}
    with pytest.raises(StoreError, match="read-only transaction") as caught:
        standby.label_sets.point("mood", "latest", "a", NOW)
    assert "may only read" in caught.value.remedy


def test_who_has_the_rights_of_a_writer_ingests_and_works_though_the_tables_are_anothers(postgres, catalog):
    name = name_of(catalog.url)
    take_in(catalog, "a", ["1"], ["x"])
    postgres.sql(
        "CREATE ROLE writer LOGIN PASSWORD 'only-wr1ting'",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO writer",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO writer",
        database=name,
    )
    writer = SqlCatalog(postgres.url(name, "writer", "only-wr1ting"))
    with writer.feedback.ingesting("web") as session:
        session.see(["1"])
        session.add(segment("b", 1), ["2"], ["y"])
        session.finish({"comment": "string"}, RECORD)
    more = {"rationale": None, "labelled_at": None, "imported_at": NOW, "seconds": None}
    assert writer.gold.add("mood", [said("1", "good")], [more]) == 1
    writer.label_sets.point("mood", "latest", "a", NOW)
    assert catalog.feedback.revisions("web", ["1", "2"]) == {"1": "x", "2": "y"}
    postgres.sql("UPDATE alembic_version SET version_num = '0006'", database=name)
    with pytest.raises(StoreError, match="permission denied") as caught:
        SqlCatalog(writer.url).label_sets.point("mood", "latest", "b", NOW)
    assert caught.value.remedy == "run it as the user that owns the tables"


WRONG = {
    "password": (f"postgresql://{OWNER}:wr0ng-passw0rd@HERE/DB", "password authentication failed", "PGPASSWORD"),
    "no password": (f"postgresql://{OWNER}@HERE/DB", "no password supplied", "~/.pgpass"),
    "user": ("postgresql://nobody:wr0ng-passw0rd@HERE/DB", "authentication failed", "check user"),
    "database": (f"postgresql://{OWNER}:{QUOTED}@HERE/nosuch", 'database "nosuch" does not exist', "CREATE DATABASE"),
    "port": (f"postgresql://{OWNER}:{QUOTED}@127.0.0.1:1/DB", "refused", "pg_isready"),
    "option": (f"postgresql://{OWNER}:{QUOTED}@HERE/DB?nosuch=1", "invalid connection option", "after the ?"),
    "encryption": (f"postgresql://{OWNER}:{QUOTED}@HERE/DB?sslmode=require", "does not support SSL", "sslmode"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_with_a_url_is_told_without_its_password(postgres, catalog, monkeypatch, what):
    for name in ("PGPASSWORD", "PGPASSFILE"):
        monkeypatch.delenv(name, raising=False)
    url, words, remedy = WRONG[what]
    url = url.replace("HERE", f"{postgres.host}:{postgres.port}").replace("DB", name_of(catalog.url))
    with pytest.raises(StoreError, match=words) as caught:
        SqlCatalog(url)
    told = str(caught.value)
    assert f"The catalog, {place_of(parsed_url(url))}, cannot be used: " in told
    assert remedy in caught.value.remedy
    for secret in (PASSWORD, QUOTED, "wr0ng-passw0rd", "catalog.db"):
        assert secret not in told


def test_the_password_may_stand_in_the_environment_or_in_a_file_of_the_user(postgres, catalog, monkeypatch, tmp_path):
    name = name_of(catalog.url)
    url = f"postgres://{OWNER}@{postgres.host}:{postgres.port}/{name}"
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    take_in(SqlCatalog(url), "a", ["1"], ["x"])
    monkeypatch.delenv("PGPASSWORD")
    file = tmp_path / "pgpass"
    escaped = PASSWORD.replace(":", r"\:")
    file.write_text(f"{postgres.host}:{postgres.port}:{name}:{OWNER}:{escaped}\n")
    file.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(file))
    assert SqlCatalog(url).feedback.revisions("web", ["1"]) == {"1": "x"}


def test_a_driver_that_is_not_there_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError) as caught:
        SqlCatalog("postgresql://ann@db/labels")
    assert caught.value.remedy == 'pip install "retrolabel[postgres]"'
    assert "catalog in PostgreSQL" in caught.value.message


def test_a_server_that_is_too_old_or_holds_no_unicode_is_refused(monkeypatch, postgres, catalog):
    with pytest.raises(StoreError, match="is PostgreSQL 11, and a catalog needs 12"):
        check_server(110022, "UTF8")
    with pytest.raises(StoreError, match="holds texts as LATIN1"):
        check_server(150018, "LATIN1")
    check_server(120000, "UTF8")
    monkeypatch.setattr(postgresql, "OLDEST", 99)
    with pytest.raises(StoreError, match="a catalog needs 99 or newer"):
        SqlCatalog(catalog.url)


def test_a_catalog_is_called_by_database_and_host_and_saved_by_its_own_tool(monkeypatch):
    for name in ("PGHOST", "PGPORT", "PGDATABASE", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)
    assert place_of(parsed_url("postgres:///labels")) == "the PostgreSQL database labels on this machine"
    assert place_of(parsed_url("postgresql://?service=team")) == "the PostgreSQL service team"
    assert place_of(parsed_url("postgresql:///x?host=/run/postgresql")) == "the PostgreSQL database x on this machine"
    monkeypatch.setenv("PGHOST", "db")
    assert place_of(parsed_url("postgresql:///labels")) == "the PostgreSQL database labels on db"
    assert how_to_save("postgresql://ann:secret1@db/labels", "0006") == (
        "pg_dump --format=custom --host=db --username=ann --file=catalog.0006.dump labels"
    )


def test_gold_of_two_people_at_once_is_kept_once_and_in_order(catalog):
    more = {"rationale": None, "labelled_at": None, "imported_at": NOW, "seconds": None}
    labels = [said(str(n), "good") for n in range(50)]
    counts, start = [], threading.Barrier(3)

    def add():
        start.wait()
        counts.append(SqlCatalog(catalog.url).gold.add("mood", labels, [more] * 50))

    threads = [threading.Thread(target=add) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(counts) == [0, 0, 50]
    assert [label.item_id for label in catalog.gold.human_labels("mood")] == [str(n) for n in range(50)]

"""A catalog of most tests is made by what the migrations left: it is the one that they make."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from retrolabel.storage.upgrade import HEAD, revision_inside
from tests import kept_tables


def made_by(make):
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        make(connection)
        set_ = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("user_version", "application_id")]
        return list(connection.connection.driver_connection.iterdump()), set_, revision_inside(connection)


def test_kept_statements_make_the_catalog_that_the_migrations_make():
    assert made_by(kept_tables.kept) == made_by(kept_tables.by_migrations)
    assert made_by(kept_tables.kept)[2] == HEAD


@pytest.mark.parametrize("to", ["0001", HEAD])
def test_a_catalog_that_is_there_goes_through_its_migrations(monkeypatch, to):
    went = []
    monkeypatch.setattr(kept_tables, "by_migrations", lambda _, to: went.append(to))
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        if to == HEAD:
            connection.exec_driver_sql("CREATE TABLE sources (name VARCHAR)")
        kept_tables.kept(connection, to)
        assert went == [to]
        assert sa.inspect(connection).get_table_names() == (["sources"] if to == HEAD else [])

"""The tables of a new catalog in SQLite, made by all migrations once in a process, and by what they left after that.

The migrations take a tenth of a second, and more than a thousand tests make a catalog. The statements that make the
same tables are read from the first one. Tests of the migrations themselves, and every command in a process of its
own, run them all; so does each catalog that holds anything, and PostgreSQL.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrolabel.storage import upgrade

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

by_migrations = upgrade.upgrade_inside


@cache
def left_by_migrations() -> list[str]:
    """Return the statements that make the tables and indexes of a new catalog, and the rows that they begin with."""
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        by_migrations(connection)
        driven = connection.connection.driver_connection
        assert driven is not None
        lines = list(driven.iterdump())
    engine.dispose()
    return [line for line in lines if line not in ("BEGIN TRANSACTION;", "COMMIT;")]


def kept(connection: Connection, to: str = upgrade.HEAD) -> None:
    """Do what ``upgrade_inside`` does: in a database that has no table yet, by the statements that were kept."""
    if connection.dialect.name != "sqlite" or to != upgrade.HEAD or sa.inspect(connection).get_table_names():
        by_migrations(connection, to)
        return
    for statement in left_by_migrations():
        connection.exec_driver_sql(statement)


def keep(wanted: bool) -> None:
    """Let catalogs be made in one way or the other from now on."""
    upgrade.upgrade_inside = kept if wanted else by_migrations

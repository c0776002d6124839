"""A catalog in a file of SQLite: one writer at a time, copied before it is upgraded."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from retrolabel.storage.places import IN_MEMORY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection, Engine

BUSY_SECONDS = 30


def sqlite_engines(url: sa.URL) -> tuple[Engine, Engine]:
    """Return what reads and what writes; of a database in memory there is only one.

    Args:
        url: The URL of the file.
    """
    if url.database in IN_MEMORY:
        engine = _engine(url, sa.pool.StaticPool, ())
        return engine, engine
    reads = _engine(url, sa.pool.NullPool, ("query_only = ON",))
    return reads, _engine(url, sa.pool.NullPool, ("journal_mode = WAL", "synchronous = FULL"))


def _engine(url: sa.URL, pool: type[sa.pool.Pool], pragmas: Sequence[str]) -> Engine:
    connecting = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = sa.create_engine(url, connect_args=connecting, poolclass=pool)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # A writer takes its lock at once: what it reads before it writes stays true until it commits.
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def copied(engine: Engine, to: str | Engine) -> None:
    """Copy an SQLite database as it is now, with what still lies in its journal.

    Args:
        engine: The database.
        to: A file, or another SQLite database.
    """
    with closing(engine.raw_connection()) as source:
        target = closing(sqlite3.connect(to)) if isinstance(to, str) else closing(to.raw_connection())
        with target as other:
            source.driver_connection.backup(getattr(other, "driver_connection", other))  # type: ignore[union-attr]  # sqlite3's

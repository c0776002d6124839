"""A catalog in PostgreSQL: who writes what waits for whom, and how texts are compared.

A writer takes locks that end with its transaction, before it reads anything: one for what it writes (an ingest its
source, everybody else all but feedback), so that what it reads stays true until it commits, as with SQLite. An ingest
of an hour keeps no relabel from storing votes. Who changes the tables, or copies them, waits for all of them.
"""

from __future__ import annotations

import json
import os
import weakref
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from retrolabel.errors import MissingExtraError, StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection, Engine

WAIT_SECONDS = 30
"""How long a writer waits for another one, as with SQLite."""
CONNECT_SECONDS = 10
"""How long a server may take to answer, where neither the URL nor ``PGCONNECT_TIMEOUT`` says it."""
OLDEST = 12
"""The first server that has what our tables need: columns that are generated."""
ALL = "all"
"""The lock that everybody who writes shares, and who changes the tables has alone."""
_engines: weakref.WeakSet[Any] = weakref.WeakSet()


def postgresql_engine(url: sa.URL) -> Engine:
    """Return what reads and writes; it keeps a connection open between two transactions.

    Args:
        url: The URL of the database.

    Raises:
        MissingExtraError: The driver is not installed.
    """
    driver = url.get_driver_name()
    asked: dict[str, object] = {}
    if driver == "psycopg":
        asked |= {"fallback_application_name": "retrolabel", "prepare_threshold": None}
    if "connect_timeout" not in url.query and not os.environ.get("PGCONNECT_TIMEOUT"):
        asked["connect_timeout"] = str(CONNECT_SECONDS)
    try:
        engine = sa.create_engine(url, connect_args=asked, pool_size=2, max_overflow=8, pool_pre_ping=True)
    except ImportError as error:
        if driver == "psycopg":
            raise MissingExtraError("psycopg", "postgres", "A catalog in PostgreSQL") from error
        raise

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
        info = getattr(connection, "info", None)
        check_server(getattr(info, "server_version", OLDEST * 10_000), _encoding(info))

    @event.listens_for(engine, "checkout")
    def _on_checkout(connection: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401 - the driver's
        if driver == "psycopg":
            connection.read_only = None  # a reader had it before; whether a writer may write, its user's settings say

    _engines.add(engine)
    return engine


def _encoding(info: Any) -> str:  # noqa: ANN401 - the driver's
    said = info.parameter_status("server_encoding") if hasattr(info, "parameter_status") else None
    return said or "UTF8"


def check_server(version: int, encoding: str) -> None:
    """Refuse a server that cannot hold a catalog.

    Args:
        version: Its version as it numbers them: 150018 is 15.18.
        encoding: How the database holds texts.

    Raises:
        StoreError: It is too old, or holds no Unicode.
    """
    if version // 10_000 < OLDEST:
        raise StoreError(
            f"The server is PostgreSQL {version // 10_000}, and a catalog needs {OLDEST} or newer.",
            remedy=f"name a server of version {OLDEST} or newer in catalog; a dump of the old one goes in there",
        )
    if encoding not in ("UTF8", "UNICODE"):
        raise StoreError(
            f"The database holds texts as {encoding}, and ids may be of any language.",
            remedy="make another one: CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0",
        )


def take_lock(connection: Connection, of: str) -> None:
    """Wait until nobody else writes the same, until this transaction ends.

    Args:
        connection: Inside of a transaction.
        of: What is written; ``ALL`` is everything, with the tables themselves.

    Raises:
        DBAPIError: Somebody else writes for longer than ``WAIT_SECONDS``.
    """
    key = "hashtextextended('retrolabel ' || coalesce(current_schema(), '') || ' ' || CAST(:{} AS text), 0)"
    everything, ours = key.format("everything"), key.format("of")
    shared = "" if of == ALL else f"pg_advisory_xact_lock_shared({everything}), "
    query = f"SELECT set_config('lock_timeout', '{WAIT_SECONDS}s', true), {shared}pg_advisory_xact_lock({ours})"
    connection.execute(sa.text(query).bindparams(**({"everything": ALL} if shared else {}), of=of))


def in_byte_order(connection: Connection, tables: tuple[str, ...]) -> None:
    """Let the texts of tables have any length, and be compared and sorted by their bytes: as SQLite and Python do.

    A database sorts as its locale says otherwise, and what is sorted gets into hashes and files.

    Args:
        connection: Inside of a transaction.
        tables: The tables; those that are missing are passed over.
    """
    query = sa.text(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND table_name = ANY(:tables) AND data_type IN ('character varying', 'text') "
        "AND collation_name IS DISTINCT FROM 'C' ORDER BY table_name, ordinal_position"
    )
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(query, {"tables": list(tables)}):
        columns.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE text COLLATE "C"')
    for table, changes in columns.items():
        connection.exec_driver_sql(f'ALTER TABLE "{table}" {", ".join(changes)}')


def by_keys(item_ids: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return what is true of the items that have one of many ids: an id of any length is found by its hash.

    An id with the same hash as another is not told from it here. A source cannot hold both.

    Args:
        item_ids: The ids; they are sent as one value.
    """
    ids = sa.bindparam("item_ids", json.dumps(list(item_ids)), sa.Text, unique=True)
    each = sa.func.json_array_elements_text(sa.cast(ids, sa.JSON), type_=sa.Text).table_valued("value")
    hashes = sa.select(sa.cast(sa.func.md5(each.c.value), sa.Uuid)).scalar_subquery()
    return sa.literal_column("items.item_key", sa.Uuid) == sa.any_(sa.func.array(hashes))


def insert_many(connection: Connection, table: sa.Table, rows: Mapping[str, object]) -> None:
    """Insert many rows by one statement.

    Args:
        connection: Inside of a transaction.
        table: The table.
        rows: Column -> its values, or one value that all rows have.
    """
    names = [name for name, value in rows.items() if isinstance(value, list)]
    each = [f"json_array_elements_text(CAST(:{name} AS json)) AS {name}" for name in names]
    kinds = {name: table.c[name].type for name in rows}
    of = {  # a cast to VARCHAR(n) would cut
        name: "text" if isinstance(kind, sa.String) else kind.compile(dialect=connection.dialect)
        for name, kind in kinds.items()
    }
    picked = ", ".join(f"CAST({'each.' if name in names else ':'}{name} AS {kind})" for name, kind in of.items())
    columns = ", ".join(f'"{name}"' for name in rows)
    query = f"INSERT INTO {table.name} ({columns}) SELECT {picked} FROM (SELECT {', '.join(each)}) AS each"  # noqa: S608 - names of ours
    values = {name: json.dumps(value) if name in names else value for name, value in rows.items()}
    connection.execute(sa.text(query), values)


def _forget_connections() -> None:
    """Let a process that was just forked use no connection of its parent."""
    for engine in list(_engines):
        engine.dispose(close=False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_connections)

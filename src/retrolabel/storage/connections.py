"""Connections to the catalog's database: short transactions, one writer at a time, errors in our words."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from retrolabel.errors import StoreError
from retrolabel.masking import remember_secrets
from retrolabel.storage.tables import check_rows
from retrolabel.storage.upgrade import HEAD, checked_revision, upgrade

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy.engine import Connection, Engine

BUSY_SECONDS = 30
EXAMPLE = "postgresql://USER@HOST/NAME"
IN_MEMORY = (None, "", ":memory:")
URLS = "sqlite:////absolute/path.db or postgresql+psycopg://USER@HOST/NAME"
"""How the URL of a catalog looks."""
AT_ONCE = 5_000
"""Parameters of one IN list: below the limit of every database."""


class Connections:
    """What the books read and write with; a transaction may span several of them.

    Looking changes nothing: a catalog of an older retrolabel is upgraded by the first write (SQLite's after a copy
    of its file; another database is its owner's to back up), and read as an upgraded copy in memory until then.

    Args:
        url: An SQLAlchemy URL.

    Raises:
        StoreError: The database cannot be opened, or was written by a newer retrolabel.
    """

    def __init__(self, url: str) -> None:
        remember_secrets(url)
        with translated(opening=True):
            self._reader, self._writer = _engines(url)
            self._present = checked_revision(self._reader)
        self.name = self._reader.dialect.name
        self.file = self._reader.url.database if self.name == "sqlite" else None
        self._copy: Engine | None = None
        self._copied: list[tuple[int, int]] | dict[str, int] = []
        self._open: ContextVar[Connection | None] = ContextVar("the open transaction", default=None)
        if self._present != HEAD and self.name == "sqlite" and self.file in IN_MEMORY:
            self._upgrade()

    def _upgrade(self) -> None:
        """Bring the tables to the revision that this code reads."""
        with translated():
            if self._present is not None and self.name == "sqlite" and self.file not in IN_MEMORY:
                copied(self._reader, f"{self.file}.{self._present}")
            upgrade(self._writer)
        self._present, self._copy = HEAD, None

    def _readable(self) -> Engine:
        """Return where the tables are as this code reads them."""
        if self._present != HEAD:
            self._present = checked_revision(self._reader)  # somebody else may have upgraded it meanwhile
        if self._present == HEAD:
            return self._reader
        if self._copy is None or self._copied != self._stamp():
            self._copied = self._stamp()
            self._copy, _ = _engines("sqlite://")
            if self.name == "sqlite":
                copied(self._reader, self._copy)
            else:
                copied_rows(self._reader, self._copy, self._present)
            upgrade(self._copy)
        return self._copy

    def _stamp(self) -> list[tuple[int, int]] | dict[str, int]:
        """Return what tells whether the database was written since: its files, or how many rows its tables have."""
        if self.name != "sqlite":
            return rows_of_tables(self._reader)
        files = [path for path in (Path(f"{self.file}{more}") for more in ("", "-wal")) if path.is_file()]
        return [(path.stat().st_mtime_ns, path.stat().st_size) for path in files]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let all that the books do inside be one transaction: all of it becomes real at the end, or nothing."""
        with self.writing() as connection:
            token = self._open.set(connection)
            try:
                yield
            finally:
                self._open.reset(token)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection whose changes become real when it is left; inside of a transaction, when that is."""
        inside = self._open.get()
        if inside is not None:
            yield inside
            return
        if self._present != HEAD:
            self._upgrade()
        with translated(), self._writer.connect().execution_options(writing=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees what is real; inside of a transaction, also what that has written."""
        inside = self._open.get()
        if inside is not None:
            yield inside
            return
        with translated(), self._readable().connect() as connection:
            yield connection

    def rows(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        """Return what a query finds."""
        with self.reading() as connection:
            return checked(connection.execute(query).mappings(), query.selected_columns)

    def rows_in(self, table: sa.Table, column: sa.Column[Any], values: Sequence[str]) -> list[dict[str, Any]]:
        """Return the rows of a table in which a column has one of many values."""
        with self.reading() as connection:
            return select_in(connection, table, column, values)


def parsed_url(url: str) -> sa.URL:
    """Return a catalog's URL in its parts.

    Raises:
        StoreError: It cannot be read; a part of a password may stand where the host should, so nothing of it is told.
    """
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        parsed = None
    if parsed is not None and not ("@" in (parsed.host or "") or (parsed.host and "@" in (parsed.database or ""))):
        return parsed
    raise StoreError(
        "The catalog's URL cannot be used: it does not read as a URL.",
        remedy=f"write catalog in the settings as {EXAMPLE}, and install the database's driver; in user and password,"
        " write @ as %40, : as %3A, / as %2F, % as %25",
    )


def _engines(url: str) -> tuple[Engine, Engine]:
    """Return what reads and what writes; of a database in memory there is only one.

    Raises:
        StoreError: The URL cannot be read.
    """
    parsed = parsed_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = sa.create_engine(parsed)
        return engine, engine
    if parsed.database in IN_MEMORY:
        engine = _sqlite(parsed, sa.pool.StaticPool, ())
        return engine, engine
    reads = _sqlite(parsed, sa.pool.NullPool, ("query_only = ON",))
    return reads, _sqlite(parsed, sa.pool.NullPool, ("journal_mode = WAL", "synchronous = FULL"))


def _sqlite(url: sa.URL, pool: type[sa.pool.Pool], pragmas: Sequence[str]) -> Engine:
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


def copied_rows(engine: Engine, to: Engine, revision: str | None) -> None:
    """Copy a catalog from any database into an empty one, row by row.

    Args:
        engine: The catalog.
        to: The empty database.
        revision: The revision that the catalog is at; ``None`` if it is empty too.
    """
    if revision is None:
        return
    upgrade(to, revision)
    tables = sa.MetaData()
    with engine.connect() as source, to.connect().execution_options(writing=True) as target, target.begin():
        tables.reflect(target)
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            for rows in source.execution_options(yield_per=AT_ONCE).execute(sa.select(table)).mappings().partitions():
                target.execute(sa.insert(table), [{name: _in_utc(row[name]) for name in row} for row in rows])


def _in_utc(value: object) -> object:
    """Return a time that knows its zone in UTC, which SQLite does not keep; all else as it is."""
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo is not None else value


def rows_of_tables(engine: Engine) -> dict[str, int]:
    """Return table -> how many rows it has; whatever moves in a catalog leaves a row in a log."""
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        counts = {name: sa.select(sa.func.count()).select_from(sa.table(name)) for name in sorted(names)}
        return {name: int(connection.execute(count).scalar_one()) for name, count in counts.items()}


@contextmanager
def translated(*, opening: bool = False) -> Iterator[None]:
    """Turn the database's errors into ours, at this one boundary.

    Args:
        opening: Whether the database is just being opened, so that a driver which stumbles does so over the URL.
    """
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
        what = str(error.orig).strip().replace("\n", " ")
        remedy = (
            "another retrolabel is writing; try again when it is done"
            if "locked" in what
            else "is it there, and may you read and write it; retrolabel doctor looks at the rest of the store"
        )
        raise StoreError(f"The catalog cannot be used: {what}.", remedy=remedy) from error
    except sa.exc.DBAPIError as error:
        raise StoreError(
            f"The catalog cannot be used: {error.orig}.",
            remedy="restore catalog.db from a backup; retrolabel doctor says where it is and what else is wrong",
        ) from error
    except ImportError as error:
        raise StoreError(
            f"The catalog's database cannot be spoken to: its driver is not installed ({error}).",
            remedy=f"pip install {error.name or 'the driver'}, or name another: {URLS}",
        ) from error
    except (sa.exc.ArgumentError, sa.exc.InvalidRequestError, TypeError, ValueError) as error:
        if isinstance(error, UnicodeError) or not isinstance(error, (TypeError, ValueError)) or opening:
            raise StoreError(
                f"The catalog's URL cannot be used: {str(error).rstrip('.')}.",
                remedy=f"write catalog in the settings as {URLS}; or leave it out: it is a file in the store then",
            ) from error
        raise


def checked(rows: Iterable[Any], columns: Iterable[Any]) -> list[dict[str, Any]]:
    """Return rows as plain data.

    Args:
        rows: The rows, as mappings.
        columns: What was selected.

    Raises:
        CorruptionError: They are not of the types that the columns have.
    """
    found = [dict(row) for row in rows]
    check_rows(found, columns)
    return found


def select_in(
    connection: Connection, table: sa.Table, column: sa.Column[Any], values: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the rows of a table in which a column has one of many values."""
    rows: list[dict[str, Any]] = []
    for some in batched(values, AT_ONCE):
        query = sa.select(table).where(column.in_(some))
        rows += checked(connection.execute(query).mappings(), query.selected_columns)
    return rows


def batched(values: Sequence[str], size: int) -> Iterator[list[str]]:
    """Yield pieces of at most ``size`` values (``itertools.batched`` comes with Python 3.12)."""
    for start in range(0, len(values), size):
        yield list(values[start : start + size])

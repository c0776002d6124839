"""Connections to the catalog's database: short transactions, one writer at a time, errors in our words."""

from __future__ import annotations

import weakref
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrolabel.errors import StoreError
from retrolabel.masking import remember_secrets
from retrolabel.storage import tables as t
from retrolabel.storage.failures import translated
from retrolabel.storage.places import IN_MEMORY, POSTGRESQL, parsed_url, place_of, without_password
from retrolabel.storage.postgresql import ALL, by_keys, postgresql_engine, take_lock
from retrolabel.storage.sqlite import copied, sqlite_engines
from retrolabel.storage.tables import check_rows
from retrolabel.storage.upgrade import HEAD, checked_revision, tables_of, upgrade

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy.engine import Connection, Engine

OTHERS = "all but feedback"
"""What is written by everybody but an ingest: one after the other."""
READS: dict[str, dict[str, Any]] = {POSTGRESQL: {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}}
"""How a reader sees one state of the catalog, however many questions it asks; SQLite's does anyway."""
AT_ONCE = 5_000
"""Parameters of one IN list: below the limit of every database."""


class Connections:
    """What the books read and write with; a transaction may span several of them.

    Looking changes nothing: a catalog of an older retrolabel is upgraded by the first write (SQLite's after a copy
    of its file; PostgreSQL's in one transaction, and it is its owner's to back up), and read as an upgraded copy in
    memory until then.

    Args:
        url: An SQLAlchemy URL.

    Raises:
        StoreError: The database cannot be opened, or was written by a newer retrolabel.
    """

    def __init__(self, url: str) -> None:
        remember_secrets(url)
        self._url = parsed_url(url)
        with translated(self._url, opening=True):
            self._reader, self._writer = engines(url)
            weakref.finalize(self, _let_go, self._reader, self._writer)
            self._present = checked_revision(self._reader)
        self.name = self._reader.dialect.name
        self.place = place_of(self._url)
        self.file = self._reader.url.database if self.name == "sqlite" else None
        self._copy: Engine | None = None
        self._copied: list[tuple[int, int]] | dict[str, int] = []
        self._open: ContextVar[Connection | None] = ContextVar("the open transaction", default=None)
        if self._present != HEAD and self.name == "sqlite" and self.file in IN_MEMORY:
            self.upgrade()

    @property
    def revision(self) -> str | None:
        """The revision that the catalog is at; ``None`` where the database is empty."""
        return self._present

    @property
    def url(self) -> str:
        """The URL as it may stand in the settings: without its password, which has better places."""
        return without_password(self._url)

    def forget_revision(self) -> None:
        """Look again which revision the catalog is at: somebody upgraded it past this."""
        with self._translated():
            self._present = checked_revision(self._reader)

    def rows_of_tables(self) -> dict[str, int]:
        """Return table -> how many rows it has, of those that are there."""
        with self._translated():
            return rows_of_tables(self._reader)

    def upgrade(self) -> None:
        """Bring the tables to the revision that this code reads.

        Raises:
            StoreError: The database refuses; the catalog is as it was.
        """
        before = self._present
        try:
            with self._translated():
                if before is not None and self.name == "sqlite" and self.file not in IN_MEMORY:
                    copied(self._reader, f"{self.file}.{before}")
                upgrade(self._writer)
        except StoreError as error:
            if before is None or self.name == "sqlite":
                raise
            told = f"{error.message} So it was not upgraded from revision {before} to {HEAD}, and is as it was."
            lacks = "must be owner" in error.message or "permission denied" in error.message
            owner = "run it as the user that owns the tables" if lacks else error.remedy
            raise StoreError(told, remedy=owner) from error
        self._present, self._copy = HEAD, None

    def _translated(self) -> AbstractContextManager[None]:
        return translated(self._url)

    def _readable(self) -> Engine:
        """Return where the tables are as this code reads them."""
        if self._present != HEAD:
            self._present = checked_revision(self._reader)  # somebody else may have upgraded it meanwhile
        if self._present == HEAD:
            return self._reader
        if self._copy is None or self._copied != self._stamp():
            self._copied = self._stamp()
            self._copy, _ = engines("sqlite://")
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
    def writing(self, of: str = OTHERS) -> Iterator[Connection]:
        """Yield a connection whose changes become real when it is left; inside of a transaction, when that is.

        Args:
            of: What is written, where a database lets those in together who write different things.
        """
        inside = self._open.get()
        if inside is not None:
            yield inside
            return
        if self._present != HEAD:
            self.upgrade()
        writer = self._writer
        with self._translated(), writer.connect().execution_options(writing=True) as connection, connection.begin():
            if self.name == POSTGRESQL:
                take_lock(connection, of)
            yield connection

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Yield a connection to the catalog as it is, upgraded or not; nobody else writes anything meanwhile."""
        writer = self._writer
        with self._translated(), writer.connect().execution_options(writing=True) as connection, connection.begin():
            if self.name == POSTGRESQL:
                take_lock(connection, ALL)
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees what is real; inside of a transaction, also what that has written."""
        inside = self._open.get()
        if inside is not None:
            yield inside
            return
        with self._translated():
            engine = self._readable()
            with engine.connect().execution_options(**READS.get(engine.dialect.name, {})) as connection:
                yield connection

    def rows(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        """Return what a query finds."""
        with self.reading() as connection:
            return checked(connection.execute(query).mappings(), query.selected_columns)

    def rows_in(self, table: sa.Table, column: sa.Column[Any], values: Sequence[str]) -> list[dict[str, Any]]:
        """Return the rows of a table in which a column has one of many values."""
        with self.reading() as connection:
            return select_in(connection, table, column, values)


def _let_go(*engines: Engine) -> None:
    """Close what connections to a catalog were kept open."""
    for engine in engines:
        engine.dispose()


def engines(url: str) -> tuple[Engine, Engine]:
    """Return what reads a catalog and what writes it; they may be one.

    Raises:
        StoreError: The URL cannot be read.
        MissingExtraError: The driver is not installed.
    """
    parsed = parsed_url(url)
    if parsed.get_backend_name() == "sqlite":
        return sqlite_engines(parsed)
    is_postgresql = parsed.get_backend_name() == POSTGRESQL
    engine = postgresql_engine(parsed) if is_postgresql else sa.create_engine(parsed)
    return engine, engine


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
    counts = {name: sa.select(sa.func.count()).select_from(sa.table(name)) for name in tables_of(engine)}
    with engine.connect() as connection:
        return {name: int(connection.execute(count).scalar_one()) for name, count in counts.items()}


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


def these_items(connection: Connection, source: str, item_ids: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return what is true of the items of a source that have one of many ids.

    Args:
        connection: To the catalog: PostgreSQL finds an id by its hash.
        source: The source.
        item_ids: At most ``AT_ONCE`` ids.
    """
    c = t.items.c
    if connection.dialect.name != POSTGRESQL:
        return (c.source == source) & c.item_id.in_(item_ids)
    return (c.source == source) & by_keys([each for each in item_ids if "\0" not in each])


def batched(values: Sequence[str], size: int) -> Iterator[list[str]]:
    """Yield pieces of at most ``size`` values (``itertools.batched`` comes with Python 3.12)."""
    for start in range(0, len(values), size):
        yield list(values[start : start + size])

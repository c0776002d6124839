"""Connections to the catalog's database: short transactions, one writer at a time, errors in our words."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from retrolabel.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.engine import Connection, Engine

BUSY_SECONDS = 30
AT_ONCE = 5_000
"""Parameters of one IN list: below the limit of every database."""


class Connections:
    """What the books read and write with; a transaction may span several of them.

    Args:
        url: An SQLAlchemy URL.

    Raises:
        StoreError: The URL cannot be used.
    """

    def __init__(self, url: str) -> None:
        with translated():
            self.engine = _engine(url)
        self._open: ContextVar[Connection | None] = ContextVar("the open transaction", default=None)

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
        with translated(), self.engine.connect().execution_options(writing=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees what is real; inside of a transaction, also what that has written."""
        inside = self._open.get()
        if inside is not None:
            yield inside
            return
        with translated(), self.engine.connect() as connection:
            yield connection

    def rows(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        """Return what a query finds."""
        with self.reading() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def rows_in(self, table: sa.Table, column: sa.Column[Any], values: Sequence[str]) -> list[dict[str, Any]]:
        """Return the rows of a table in which a column has one of many values."""
        with self.reading() as connection:
            return select_in(connection, table, column, values)


def _engine(url: str) -> Engine:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(parsed)
    memory = parsed.database in (None, "", ":memory:")
    engine = sa.create_engine(
        parsed,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        poolclass=sa.pool.StaticPool if memory else sa.pool.NullPool,
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # A writer takes its lock at once: what it reads before it writes stays true until it commits.
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


@contextmanager
def translated() -> Iterator[None]:
    """Turn the database's errors into ours, at this one boundary."""
    try:
        yield
    except sa.exc.OperationalError as error:
        what = str(error.orig)
        remedy = (
            "another retrolabel is writing; try again when it is done"
            if "locked" in what
            else "retrolabel doctor says what is wrong with the store"
        )
        raise StoreError(f"The catalog cannot be used: {what}.", remedy=remedy) from error
    except sa.exc.DatabaseError as error:
        raise StoreError(
            f"The catalog cannot be used: {error.orig}.",
            remedy="restore catalog.db from a backup; retrolabel doctor says where it is and what else is wrong",
        ) from error
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(
            f"The catalog's URL cannot be used: {error}.",
            remedy="write catalog in the settings as postgresql://USER@HOST/NAME, and install the database's driver",
        ) from error


def select_in(
    connection: Connection, table: sa.Table, column: sa.Column[Any], values: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the rows of a table in which a column has one of many values."""
    rows: list[dict[str, Any]] = []
    for some in batched(values, AT_ONCE):
        rows += [dict(row) for row in connection.execute(sa.select(table).where(column.in_(some))).mappings()]
    return rows


def batched(values: Sequence[str], size: int) -> Iterator[list[str]]:
    """Yield pieces of at most ``size`` values (``itertools.batched`` comes with Python 3.12)."""
    for start in range(0, len(values), size):
        yield list(values[start : start + size])

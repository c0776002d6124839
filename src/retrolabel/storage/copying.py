"""Move a catalog from one database to another: all rows of all tables in one transaction, and each table read back."""

from __future__ import annotations

import hashlib
import json
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrolabel.errors import CorruptionError, StoreError, TaskHeldError
from retrolabel.storage.connections import AT_ONCE, Connections, checked
from retrolabel.storage.event_tables import metadata
from retrolabel.storage.places import POSTGRESQL
from retrolabel.storage.postgresql import insert_many
from retrolabel.storage.upgrade import HEAD, upgrade_inside

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from retrolabel.jobs.ports.progress import Progress

LEFT = ("leases",)
"""Tables that stay: who works on a task now works there."""
TABLES = tuple(table for table in metadata.sorted_tables if table.name not in LEFT)
MODULUS = 2**256


@dataclass(frozen=True)
class TableCopy:
    """A table that was copied.

    Attributes:
        name: Its name.
        rows: How many rows it has.
        sha256: What its rows hash to, in whatever order they come.
    """

    name: str
    rows: int
    sha256: str


def to_be_copied(source: Connections, target: Connections) -> dict[str, int]:
    """Return table -> how many rows a copy would have; nothing is written.

    Args:
        source: The catalog that is.
        target: The database that gets it.

    Raises:
        StoreError: The catalog is of another revision than this code writes, or has nothing; or the database is not
            empty.
    """
    if source.revision is None:
        raise StoreError(f"There is no catalog in {source.place}.", remedy="name the catalog that is there now")
    if source.revision != HEAD:
        raise StoreError(
            f"The catalog in {source.place} is at revision {source.revision}, and a copy is of revision {HEAD}.",
            remedy="upgrade it first: retrolabel catalog upgrade",
        )
    there = {name: rows for name, rows in target.rows_of_tables().items() if rows and name != "alembic_version"}
    if there:
        told = ", ".join(f"{rows:,} in {name}" for name, rows in list(there.items())[:3])
        raise StoreError(
            f"There is a catalog in {target.place} already: {told}{' and more' if len(there) > 3 else ''}.",  # noqa: PLR2004 - as many as are shown
            remedy="name an empty database, or a schema of its own: ?options=-csearch_path=NAME",
        )
    if target.revision not in (None, HEAD):
        raise StoreError(
            f"The empty catalog in {target.place} is at revision {target.revision}, and a copy is of revision {HEAD}.",
            remedy=f"upgrade it first: retrolabel catalog upgrade {target.url}",
        )
    counts = source.rows_of_tables()
    return {table.name: counts.get(table.name, 0) for table in TABLES}


def copy_catalog(
    source: Connections, target: Connections, *, mine: Collection[str], progress: Progress
) -> list[TableCopy]:
    """Copy all rows; nobody writes either of the two meanwhile. A copy that fails, or is killed, never was.

    Args:
        source: The catalog that is.
        target: The database that gets it, as :func:`to_be_copied` wants it.
        mine: The owners of the leases that whoever copies holds.
        progress: Told how many rows are done.

    Raises:
        TaskHeldError: Somebody works on a task.
        CorruptionError: What the target gives back is not what the source gave.
    """
    counts = to_be_copied(source, target)
    progress.start("copying the catalog", 2 * sum(counts.values()))
    with ExitStack() as both:
        reads = both.enter_context(source.alone())
        writes = both.enter_context(target.alone())
        _nobody_works(reads, mine)
        to_be_copied(source, target)  # what others did before these two were ours alone
        if target.revision != HEAD:
            upgrade_inside(writes)
        found = []
        for table in TABLES:
            given = _given(table, reads, writes, target.place, progress)
            kept = _hashed(table, _rows(table, writes, progress))
            if kept != given:
                raise CorruptionError(
                    f"The table {table.name} in {target.place} is not as it was: {given[0]:,} rows were written,"
                    f" {kept[0]:,} came back{'' if kept[0] != given[0] else ', with other values'}.",
                    remedy="nothing was kept there; retrolabel doctor looks at the catalog that was to be copied",
                )
            found.append(TableCopy(table.name, *given))
        if target.name == POSTGRESQL:
            _go_on_counting(writes)
    target.forget_revision()
    return found


def _nobody_works(connection: Connection, mine: Collection[str]) -> None:
    """Refuse where somebody holds a task.

    Raises:
        TaskHeldError: With the task.
    """
    leases = metadata.tables["leases"]
    others = [row for row in connection.execute(sa.select(leases)).mappings() if row["owner"] not in mine]
    if others:
        first = others[0]
        raise TaskHeldError(
            f"{first['task']} is being worked on by process {first['pid']} on {first['host']}.",
            remedy="run it again when that one is done; nothing was copied",
            lease={name: first[name] for name in ("task", "host", "pid", "since")},
        )


def _given(table: sa.Table, reads: Connection, writes: Connection, place: str, progress: Progress) -> tuple[int, str]:
    """Write a table's rows into the other database; return how many they are, and their hash."""

    def written() -> Iterator[list[dict[str, Any]]]:
        for rows in _rows(table, reads, progress):
            if writes.dialect.name == POSTGRESQL:
                _no_nul(table, rows, place)
                values = {c.name: [_as_sent(row[c.name]) for row in rows] for c in table.columns}
                insert_many(writes, table, values)
            else:
                writes.execute(sa.insert(table), rows)
            yield rows

    return _hashed(table, written())


def _as_sent(value: object) -> object:
    """Return a value as JSON has it, for the server to read."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return json.dumps(value)
    return repr(value) if isinstance(value, float) else value


def _no_nul(table: sa.Table, rows: Sequence[Mapping[str, Any]], place: str) -> None:
    for row in rows:
        for name, value in row.items():
            if isinstance(value, str) and "\0" in value:
                raise StoreError(
                    f"A text in {table.name}.{name} holds the character NUL, which {place} cannot store.",
                    remedy="nothing was copied; a catalog that an ingest of this version wrote holds none",
                )


def _rows(table: sa.Table, connection: Connection, progress: Progress) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a table, some at a time."""
    query = sa.select(table)
    result = connection.execute(query, execution_options={"yield_per": AT_ONCE})
    for some in result.mappings().partitions():
        rows = checked(some, query.selected_columns)
        progress.advance(len(rows))
        yield rows


def _hashed(table: sa.Table, pieces: Iterator[list[dict[str, Any]]]) -> tuple[int, str]:
    """Return how many rows there are, and the sum of their hashes: databases give rows in orders of their own."""
    numbers = {column.name for column in table.columns if isinstance(column.type, sa.Float)}
    count = total = 0
    for rows in pieces:
        count += len(rows)
        for row in rows:
            plain = [[name, _plain(value, real=name in numbers)] for name, value in row.items()]
            text = json.dumps(plain, ensure_ascii=True, sort_keys=True)
            total += int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    return count, f"{total % MODULUS:064x}"


def _plain(value: object, *, real: bool) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return repr(float(value)) if real and isinstance(value, (int, float)) else value


def _go_on_counting(connection: Connection) -> None:
    """Let the next row of each table that numbers its rows have the number after the last one."""
    for table in TABLES:
        column = table.autoincrement_column
        if column is not None and len(table.primary_key.columns) == 1:
            sequence = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
            last = f"SELECT max({column.name}) AS last FROM {table.name}"  # noqa: S608 - names of ours
            connection.exec_driver_sql(
                f"SELECT setval({sequence}, last) FROM ({last}) AS rows WHERE last IS NOT NULL"  # noqa: S608 - the same
            )


def open_catalogs(source: str, target: str) -> tuple[Connections, Connections]:
    """Return two catalogs by their URLs; nothing is written.

    Raises:
        StoreError: One of them cannot be opened, or they are the same.
    """
    if source == target:
        raise StoreError("FROM and TO are the same catalog.", remedy="name the database that gets the copy as TO")
    return Connections(source), Connections(target)

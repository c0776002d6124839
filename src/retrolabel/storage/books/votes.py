"""The book of votes: which are stored, in which file and column, and what failed."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrolabel.jobs.records.plan_changes import Rate
from retrolabel.jobs.records.votes import StoredFault, VoteColumn
from retrolabel.storage import tables as t
from retrolabel.storage.connections import AT_ONCE, batched, select_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from retrolabel.storage.connections import Connections


class SqlVotesBook:
    """What the catalog knows of votes.

    Args:
        connections: The database.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def columns(self, keys: Sequence[str]) -> dict[str, VoteColumn]:
        """Return the stored votes under these keys."""
        rows = self._connections.rows_in(t.vote_columns, t.vote_columns.c.key, keys)
        return {row["key"]: VoteColumn(**row) for row in rows}

    def all_columns(self) -> list[VoteColumn]:
        """Return all stored votes, by segment and LF."""
        c = t.vote_columns.c
        return [
            VoteColumn(**row)
            for row in self._connections.rows(sa.select(t.vote_columns).order_by(c.segment, c.lf, c.key))
        ]

    def files(self, keys: Sequence[str]) -> dict[str, str]:
        """Return path -> SHA-256 of the files that hold the votes under these keys."""
        paths = sorted({column.path for column in self.columns(keys).values()})
        return {
            row["path"]: row["sha256"] for row in self._connections.rows_in(t.vote_files, t.vote_files.c.path, paths)
        }

    def rates(self) -> dict[str, Rate]:
        """Return LF name -> median seconds that a call took so far, and over how many calls."""
        query = sa.select(t.vote_columns.c.lf, t.vote_columns.c.seconds, t.vote_columns.c.rows)
        found: dict[str, list[float]] = {}
        calls: Counter[str] = Counter()
        for row in self._connections.rows(query.where(t.vote_columns.c.rows > 0)):
            found.setdefault(row["lf"], []).append(row["seconds"] / row["rows"])
            calls[row["lf"]] += row["rows"]
        return {lf: Rate(statistics.median(seconds), calls[lf]) for lf, seconds in found.items()}

    def faults(self, keys: Sequence[str]) -> list[StoredFault]:
        """Return the kept faults under these vote keys."""
        rows = self._connections.rows_in(t.faults, t.faults.c.key, keys)
        rows.sort(key=lambda row: row["id"])
        return [StoredFault(**{name: row[name] for name in row if name != "id"}) for row in rows]

    def add(self, path: str, sha256: str, columns: Sequence[VoteColumn], faults: Sequence[StoredFault]) -> None:
        """Make a file of votes real; keys that another run stored meanwhile are left as they are."""
        with self._connections.writing() as connection:
            present = {
                row["key"]
                for row in select_in(connection, t.vote_columns, t.vote_columns.c.key, [c.key for c in columns])
            }
            new = [asdict(column) for column in columns if column.key not in present]
            if not new:
                return
            connection.execute(sa.insert(t.vote_files), [{"path": path, "sha256": sha256}])
            connection.execute(sa.insert(t.vote_columns), new)
            kept = [_storable(fault) for fault in faults if fault.key not in present]
            if kept:
                connection.execute(sa.insert(t.faults), kept)

    def move(self, path: str, sha256: str, columns: Sequence[VoteColumn]) -> None:
        """Let votes be in another file from now on; files that hold nothing any more are forgotten."""
        c = t.vote_columns.c
        move = (
            sa.update(t.vote_columns)
            .where(c.key == sa.bindparam("of"))
            .values(path=sa.bindparam("to"), column=sa.bindparam("named"))
        )
        with self._connections.writing() as connection:
            connection.execute(sa.insert(t.vote_files), [{"path": path, "sha256": sha256}])
            connection.execute(move, [{"of": each.key, "to": each.path, "named": each.column} for each in columns])
            self._forget_empty(connection)

    def forget_files(self, paths: Sequence[str]) -> None:
        """Let files of votes be no longer real, so that their votes are computed again."""
        with self._connections.writing() as connection:
            for some in batched(paths, AT_ONCE):
                connection.execute(sa.delete(t.vote_columns).where(t.vote_columns.c.path.in_(some)))
                connection.execute(sa.delete(t.vote_files).where(t.vote_files.c.path.in_(some)))

    def forget_keys(self, keys: Sequence[str]) -> None:
        """Let single votes be no longer real, with their faults, so that they are computed again."""
        with self._connections.writing() as connection:
            for some in batched(keys, AT_ONCE):
                connection.execute(sa.delete(t.vote_columns).where(t.vote_columns.c.key.in_(some)))
                connection.execute(sa.delete(t.faults).where(t.faults.c.key.in_(some)))
            self._forget_empty(connection)

    def _forget_empty(self, connection: Connection) -> None:
        used = sa.select(t.vote_columns.c.path)
        connection.execute(sa.delete(t.vote_files).where(t.vote_files.c.path.not_in(used)))


def _storable(fault: StoredFault) -> dict[str, str]:
    """Return a fault as a row; a NUL, which not every database takes, is written out."""
    return asdict(replace(fault, **{name: getattr(fault, name).replace("\0", "\\x00") for name in ("error", "trace")}))

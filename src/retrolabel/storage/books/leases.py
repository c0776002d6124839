"""The book of leases: who works on which task."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrolabel.jobs.records.leases import Holder, Lease
from retrolabel.storage import tables as t

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from retrolabel.storage.connections import Connections

LONGEST = 200
"""Characters of what an owner does that are kept."""


class SqlLeasesBook:
    """What the catalog knows of who works on what.

    Args:
        connections: The database.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def lease(self, task: str) -> Lease | None:
        """Return who works on a task, if somebody does."""
        rows = self._connections.rows(sa.select(t.leases).where(t.leases.c.task == task))
        if not rows:
            return None
        row = rows[0]
        holder = Holder(row["host"], row["machine"], row["pid"], row["born"])
        return Lease(row["task"], row["owner"], holder, row["since"], row["renewed"], row["doing"])

    def tasks(self) -> list[str]:
        """Return the tasks that somebody holds, alive or dead, sorted."""
        c = t.leases.c
        return [row["task"] for row in self._connections.rows(sa.select(c.task).order_by(c.task))]

    def take(self, lease: Lease, instead_of: Lease | None) -> bool:
        """Enter a lease in the place of a dead one, or of none; return whether nobody else was faster."""
        c = t.leases.c
        row = {
            "task": lease.task,
            "owner": lease.owner,
            "host": lease.holder.host[:LONGEST],
            "machine": lease.holder.machine,
            "pid": lease.holder.pid,
            "born": lease.holder.born,
            "since": lease.since,
            "renewed": lease.renewed,
            "doing": lease.doing[:LONGEST],
        }
        with self._connections.writing() as connection:
            if instead_of is not None:
                here = (c.task == lease.task) & (c.owner == instead_of.owner) & (c.renewed == instead_of.renewed)
                connection.execute(sa.delete(t.leases).where(here))
            if connection.execute(sa.select(c.owner).where(c.task == lease.task)).first() is not None:
                return False
            try:
                with connection.begin_nested():
                    connection.execute(sa.insert(t.leases), row)
            except sa.exc.IntegrityError:  # a database that lets two writers in: the other one was faster
                return False
            return True

    def renew(self, task: str, owner: str, at: datetime, doing: str) -> bool:
        """Renew a lease; return whether it was still there."""
        c = t.leases.c
        here = (c.task == task) & (c.owner == owner)
        with self._connections.writing() as connection:
            done = connection.execute(sa.update(t.leases).where(here).values(renewed=at, doing=doing[:LONGEST]))
            return bool(done.rowcount)

    def release(self, task: str, owner: str) -> None:
        """Let go of a task; nothing happens where somebody took it over."""
        c = t.leases.c
        with self._connections.writing() as connection:
            connection.execute(sa.delete(t.leases).where((c.task == task) & (c.owner == owner)))

    def transaction(self) -> AbstractContextManager[None]:
        """Let all that is written inside become real together."""
        return self._connections.transaction()

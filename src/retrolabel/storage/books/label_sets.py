"""The book of label sets, and of the pointers that name them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrolabel.jobs.records.decisions import MOVES, Decision, Gate
from retrolabel.jobs.records.manifests import LabelSetRecord
from retrolabel.storage import tables as t
from retrolabel.storage.tables import damaged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from retrolabel.jobs.records.events import Event, Outbox
    from retrolabel.storage.connections import Connections


class SqlLabelSetsBook:
    """What the catalog knows of label sets.

    Args:
        connections: The database.
        outbox: Where is written what others are told of a decision.
    """

    def __init__(self, connections: Connections, outbox: Outbox) -> None:
        self._connections = connections
        self._outbox = outbox

    def record(self, label_set_id: str) -> LabelSetRecord | None:
        """Return one label set by its full id."""
        rows = self._connections.rows(sa.select(t.label_sets).where(t.label_sets.c.id == label_set_id))
        return LabelSetRecord(**rows[0]) if rows else None

    def records(self, task: str | None = None) -> list[LabelSetRecord]:
        """Return the label sets of a task (all if ``None``), newest first."""
        query = sa.select(t.label_sets).order_by(t.label_sets.c.created_at.desc(), t.label_sets.c.id)
        if task is not None:
            query = query.where(t.label_sets.c.task == task)
        return [LabelSetRecord(**row) for row in self._connections.rows(query)]

    @contextmanager
    def adding(self, record: LabelSetRecord) -> Iterator[bool]:
        """Make a label set real when the context is left; yield whether it is new."""
        known = sa.select(t.label_sets.c.id).where(t.label_sets.c.id == record.id)
        with self._connections.writing() as connection:
            is_new = connection.execute(known).first() is None
            if is_new:
                connection.execute(sa.insert(t.label_sets), asdict(record))
            yield is_new

    def forget(self, label_set_id: str) -> None:
        """Let a label set be no longer real, so that the same one is made again."""
        with self._connections.writing() as connection:
            connection.execute(sa.delete(t.label_sets).where(t.label_sets.c.id == label_set_id))

    def point(self, task: str, name: str, label_set_id: str, at: datetime) -> None:
        """Let a pointer (``latest``) name a label set, and log it where that is a change."""
        row = {"task": task, "name": name, "label_set": label_set_id, "at": at}
        here = (t.pointers.c.task == task) & (t.pointers.c.name == name)
        with self._connections.writing() as connection:
            before = connection.execute(sa.select(t.pointers.c.label_set).where(here)).scalar()
            if before == label_set_id:
                return
            connection.execute(sa.delete(t.pointers).where(here))
            connection.execute(sa.insert(t.pointers), row)
            connection.execute(sa.insert(t.pointer_log), row)

    def pointer(self, task: str, name: str) -> str | None:
        """Return the label set that a pointer names."""
        query = sa.select(t.pointers.c.label_set).where(t.pointers.c.task == task, t.pointers.c.name == name)
        rows = self._connections.rows(query)
        return rows[0]["label_set"] if rows else None

    def tags(self, task: str) -> dict[str, str]:
        """Return the name of each pointer of a task -> the label set that it names."""
        query = (
            sa.select(t.pointers.c.name, t.pointers.c.label_set)
            .where(t.pointers.c.task == task)
            .order_by(t.pointers.c.name)
        )
        return {row["name"]: row["label_set"] for row in self._connections.rows(query)}

    def drop_pointer(self, task: str, name: str) -> None:
        """Let a name name nothing any more."""
        with self._connections.writing() as connection:
            connection.execute(sa.delete(t.pointers).where(t.pointers.c.task == task, t.pointers.c.name == name))

    def decide(self, decision: Decision, events: Sequence[Event] = ()) -> bool:
        """Log a decision; where it makes a label set current, ``current`` names it in the same transaction.

        Args:
            decision: The decision.
            events: What others are told of it, in the same transaction too.

        Returns:
            Whether ``current`` still named ``decision.before``; nothing is written where it did not.
        """
        row = {**asdict(decision), "gates": json.dumps([gate.as_dict() for gate in decision.gates], sort_keys=True)}
        c = t.pointers.c
        current = sa.select(c.label_set).where(c.task == decision.task, c.name == "current").with_for_update()
        with self._connections.transaction(), self._connections.writing() as connection:
            if connection.execute(current).scalar() != decision.before:
                return False
            connection.execute(sa.insert(t.decisions), row)
            self._outbox.write(*events)
            if decision.kind in MOVES:
                self.point(decision.task, "current", decision.label_set, decision.at)
            return True

    def decisions(self, task: str) -> list[Decision]:
        """Return what was decided of the label sets of a task, oldest first."""
        query = sa.select(t.decisions).where(t.decisions.c.task == task).order_by(t.decisions.c.id)
        found = []
        for row in self._connections.rows(query):
            row.pop("id")
            try:
                gates = tuple(Gate(**each) for each in json.loads(row.pop("gates")))
            except (ValueError, TypeError) as error:
                raise damaged("holds gates that are no JSON of gates") from error
            found.append(Decision(**row, gates=gates))
        return found

    def pointer_log(self, task: str, name: str) -> list[str]:
        """Return the label sets that a pointer named one after the other, oldest first."""
        c = t.pointer_log.c
        query = sa.select(c.label_set).where(c.task == task, c.name == name).order_by(c.id)
        return [row["label_set"] for row in self._connections.rows(query)]

"""The book of calibration: sets, rounds, and what was asked in each."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrolabel.jobs.records.calibration import AskedItem, CalibrationRound, CalibrationSet
from retrolabel.storage import calibration_tables as t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from retrolabel.storage.connections import Connections


class SqlCalibrationBook:
    """What the catalog knows of calibration.

    Args:
        connections: The database.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def sets(self, task: str) -> list[CalibrationSet]:
        """Return the sets of a task, the oldest first."""
        query = sa.select(t.calibration_sets).where(t.calibration_sets.c.task == task)
        rows = self._connections.rows(query.order_by(t.calibration_sets.c.id))
        return [CalibrationSet(**{**row, "columns": tuple(json.loads(row["columns"]))}) for row in rows]

    def add_set(self, found: CalibrationSet) -> int:
        """Store a set, and return its number."""
        values = {**asdict(found), "columns": json.dumps(found.columns)}
        del values["id"]
        with self._connections.writing() as connection:
            made = connection.execute(sa.insert(t.calibration_sets).values(values).returning(t.calibration_sets.c.id))
            return int(made.scalar_one())

    def stop(self, number: int, at: datetime, who: str) -> None:
        """Mark a set as stopped; its rounds and answers stay."""
        c = t.calibration_sets.c
        with self._connections.writing() as connection:
            connection.execute(
                sa.update(t.calibration_sets).where(c.id == number).values(stopped_at=at, stopped_by=who)
            )

    def rounds(self, task: str) -> list[CalibrationRound]:
        """Return the rounds of a task by number, also those that were taken back."""
        people = self._people(task)
        c, query = t.calibration_rounds.c, sa.select(t.calibration_rounds)
        rows = self._connections.rows(query.where(c.task == task).order_by(c.round))
        return [CalibrationRound(**row, people=people.get(row["round"], {})) for row in rows]

    def items(self, task: str) -> Mapping[int, Sequence[AskedItem]]:
        """Return the number of each round of a task -> what was asked in it, in the order in which it was stored."""
        c, query = t.calibration_items.c, sa.select(t.calibration_items)
        found: dict[int, list[AskedItem]] = {}
        for row in self._connections.rows(query.where(c.task == task).order_by(c.id)):
            number = row["round"]
            found.setdefault(number, []).append(AskedItem(**{name: row[name] for name in ITEM}))
        return found

    def to_be_asked(self, task: str, number: int) -> list[str]:
        """Return who is to be asked in a round that is not there yet; nobody where nothing was said of it."""
        return list(self._people(task).get(number, {}))

    def ask(self, task: str, number: int, people: Sequence[str]) -> None:
        """Remember who is to be asked in a round that is not there yet, in place of what was said before."""
        rows = [{"task": task, "round": number, "person": person, "file": ""} for person in people]
        with self._connections.writing() as connection:
            self._forget_people(connection, task, number)
            connection.execute(sa.insert(t.calibration_people), rows)

    def _people(self, task: str) -> dict[int, dict[str, str]]:
        """Return round -> person -> file."""
        found: dict[int, dict[str, str]] = {}
        c, query = t.calibration_people.c, sa.select(t.calibration_people)
        for row in self._connections.rows(query.where(c.task == task).order_by(c.round, c.person)):
            found.setdefault(row["round"], {})[row["person"]] = row["file"]
        return found

    @staticmethod
    def _forget_people(connection: Connection, task: str, number: int) -> None:
        c = t.calibration_people.c
        connection.execute(sa.delete(t.calibration_people).where(c.task == task, c.round == number))

    def open(self, found: CalibrationRound, items: Sequence[AskedItem]) -> None:
        """Store a round with its people and items.

        Args:
            found: The round.
            items: What is asked in it.
        """
        values: dict[str, Any] = {name: getattr(found, name) for name in ROUND}
        of = {"task": found.task, "round": found.round}
        with self._connections.writing() as connection:
            connection.execute(sa.insert(t.calibration_rounds), values)
            self._forget_people(connection, found.task, found.round)
            people = [{**of, "person": person, "file": file} for person, file in found.people.items()]
            for table, rows in (
                (t.calibration_people, people),
                (t.calibration_items, [{**of, **asdict(item)} for item in items]),
            ):
                if rows:
                    connection.execute(sa.insert(table), rows)

    def close(self, task: str, number: int, at: datetime) -> None:
        """Mark a round as closed: the next one was opened, or the set stopped."""
        self._mark(task, number, closed_at=at)

    def undo(self, task: str, number: int, at: datetime) -> None:
        """Mark a round as taken back; what was asked in it stays known."""
        self._mark(task, number, undone_at=at)

    def reopen(self, task: str, number: int) -> None:
        """Let a round wait for answers again: the one after it was taken back."""
        self._mark(task, number, closed_at=None)

    def _mark(self, task: str, number: int, **values: datetime | None) -> None:
        c = t.calibration_rounds.c
        with self._connections.writing() as connection:
            connection.execute(
                sa.update(t.calibration_rounds).where(c.task == task, c.round == number).values(**values)
            )


ITEM = ("part", "source", "item_id", "revision", "person", "batch", "inclusion")
ROUND = ("task", "round", "calibration_set", "schema_version", "opened_at", "opened_by", "closed_at", "undone_at")
"""The columns of an item, and of a round, that are fields of its record."""

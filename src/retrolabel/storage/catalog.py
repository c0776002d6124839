"""The catalog over SQLAlchemy: a shelf of books; what they name is real, what they do not name is swept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrolabel.errors import Problem
from retrolabel.storage import tables as t
from retrolabel.storage.books.calibration import SqlCalibrationBook
from retrolabel.storage.books.events import SqlEventsBook
from retrolabel.storage.books.feedback import SqlFeedbackBook
from retrolabel.storage.books.gold import SqlGoldBook
from retrolabel.storage.books.label_sets import SqlLabelSetsBook
from retrolabel.storage.books.leases import SqlLeasesBook
from retrolabel.storage.books.proposals import SqlProposalsBook
from retrolabel.storage.books.schedules import SqlSchedulesBook
from retrolabel.storage.books.votes import SqlVotesBook
from retrolabel.storage.connections import Connections

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime


class SqlCatalog:
    """A catalog in any database that SQLAlchemy speaks; SQLite by default.

    Args:
        url: An SQLAlchemy URL.

    Attributes:
        feedback: The book of sources, segments and items.
        votes: The book of stored votes.
        gold: The book of human labels.
        calibration: The book of calibration sets, their rounds, and what was asked in each.
        label_sets: The book of label sets and pointers.
        leases: The book of who works on which task.
        events: The book of what happened, and who is told.
        schedules: The book of when tasks are looked at.
        proposals: The book of what people's words ask of the spec.

    Raises:
        StoreError: The database cannot be opened, or was written by a newer retrolabel.

    Example:
        >>> catalog = SqlCatalog("sqlite://")
        >>> catalog.feedback.sources(), catalog.label_sets.records()
        ({}, [])
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._connections = Connections(url)
        self.feedback = SqlFeedbackBook(self._connections)
        self.votes = SqlVotesBook(self._connections)
        self.gold = SqlGoldBook(self._connections)
        self.calibration = SqlCalibrationBook(self._connections)
        self.events = SqlEventsBook(self._connections)
        self.label_sets = SqlLabelSetsBook(self._connections, self.events)
        self.leases = SqlLeasesBook(self._connections)
        self.schedules = SqlSchedulesBook(self._connections)
        self.proposals = SqlProposalsBook(self._connections, self.events)

    @property
    def place(self) -> str:
        """Where the catalog is, for people; no password is in it."""
        return self._connections.place

    def transaction(self) -> AbstractContextManager[None]:
        """Let what several books write inside become real together, or not at all.

        Example:
            >>> catalog = SqlCatalog("sqlite://")
            >>> with catalog.transaction():
            ...     catalog.votes.forget_files(["votes/a.parquet"])
            ...     catalog.label_sets.forget("1f")
        """
        return self._connections.transaction()

    def damage(self) -> list[Problem]:
        """Return what the database says is wrong with its own file (SQLite's integrity check)."""
        if self._connections.name != "sqlite":
            return []
        with self._connections.reading() as connection:
            found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
        where = self._connections.file or "catalog"
        return [Problem(where, text.replace("\n", " ")) for text in found if text != "ok"]

    def newest(self) -> dict[str, datetime]:
        """Return what was written last of each kind -> when: for those who doubt a clock."""
        columns = {
            "the newest ingest": t.ingests.c.at,
            "the newest label set": t.label_sets.c.created_at,
            "the newest import of gold": t.human_labels.c.imported_at,
        }
        found = {
            what: self._connections.rows(sa.select(sa.func.max(c).label("at")))[0]["at"] for what, c in columns.items()
        }
        return {what: at for what, at in found.items() if at is not None}

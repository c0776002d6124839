"""The catalog's book of calibration: sets, rounds, and what was asked in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from retrolabel.jobs.records.calibration import AskedItem, CalibrationRound, CalibrationSet


class CalibrationBook(Protocol):
    """What the catalog knows of calibration."""

    def sets(self, task: str) -> list[CalibrationSet]:
        """Return the sets of a task, the oldest first."""

    def add_set(self, found: CalibrationSet) -> int:
        """Store a set, and return its number."""

    def stop(self, number: int, at: datetime, who: str) -> None:
        """Mark a set as stopped; its rounds and answers stay."""

    def rounds(self, task: str) -> list[CalibrationRound]:
        """Return the rounds of a task by number, also those that were taken back."""

    def items(self, task: str) -> Mapping[int, Sequence[AskedItem]]:
        """Return the number of each round of a task -> what was asked in it, in the order in which it was stored."""

    def to_be_asked(self, task: str, number: int) -> list[str]:
        """Return who is to be asked in a round that is not there yet; nobody where nothing was said of it."""

    def ask(self, task: str, number: int, people: Sequence[str]) -> None:
        """Remember who is to be asked in a round that is not there yet, in place of what was said before."""

    def open(self, found: CalibrationRound, items: Sequence[AskedItem]) -> None:
        """Store a round with its people and items."""

    def close(self, task: str, number: int, at: datetime) -> None:
        """Mark a round as closed: the next one was opened, or the set stopped."""

    def undo(self, task: str, number: int, at: datetime) -> None:
        """Mark a round as taken back; what was asked in it stays known."""

    def reopen(self, task: str, number: int) -> None:
        """Let a round wait for answers again: the one after it was taken back."""

"""The catalog's book of schedules, and of what became of each run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.jobs.records.schedules import Schedule, ScheduledRun


class SchedulesBook(Protocol):
    """What the catalog knows of schedules."""

    def schedules(self, *, removed: bool = False) -> list[Schedule]:
        """Return the schedules by number; with ``removed``, those that were taken out too."""

    def damaged(self) -> list[int]:
        """Return the numbers of the schedules that cannot be read; they do not run."""

    def add(self, schedule: Schedule) -> Schedule:
        """Keep a schedule, and return it with its number."""

    def change(self, schedule: Schedule) -> None:
        """Keep a schedule as it is now."""

    def see(self, schedule: int, seen: Mapping[str, str]) -> None:
        """Keep what a schedule saw last."""

    def runs(self, schedule: int | None = None, *, most: int | None = None) -> list[ScheduledRun]:
        """Return what became of runs, oldest first; where there are more than ``most``, the newest."""

    def claim(self, run: ScheduledRun) -> ScheduledRun | None:
        """Enter a run, unless the same time is entered already; return it with its number."""

    def note(self, run: ScheduledRun) -> None:
        """Keep what became of a run."""

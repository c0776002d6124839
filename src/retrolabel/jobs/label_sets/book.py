"""The catalog's book of label sets, and of the pointers that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from retrolabel.jobs.records.decisions import Decision
    from retrolabel.jobs.records.manifests import LabelSetRecord


class LabelSetsBook(Protocol):
    """What the catalog knows of label sets."""

    def record(self, label_set_id: str) -> LabelSetRecord | None:
        """Return one label set by its full id."""

    def records(self, task: str | None = None) -> list[LabelSetRecord]:
        """Return the label sets of a task (all if ``None``), newest first."""

    def adding(self, record: LabelSetRecord) -> AbstractContextManager[bool]:
        """Return a context that makes a label set real when it is left, and says whether it is new."""

    def forget(self, label_set_id: str) -> None:
        """Let a label set be no longer real, so that the same one is made again."""

    def point(self, task: str, name: str, label_set_id: str, at: datetime) -> None:
        """Let a pointer (``latest``) name a label set, and log it."""

    def pointer(self, task: str, name: str) -> str | None:
        """Return the label set that a pointer names."""

    def tags(self, task: str) -> dict[str, str]:
        """Return the name of each pointer of a task -> the label set that it names."""

    def drop_pointer(self, task: str, name: str) -> None:
        """Let a name name nothing any more."""

    def decide(self, decision: Decision) -> bool:
        """Log a decision; where it makes a label set current, ``current`` names it in the same transaction.

        Returns:
            Whether ``current`` still named ``decision.before``; nothing is written where it did not.
        """

    def decisions(self, task: str) -> list[Decision]:
        """Return what was decided of the label sets of a task, oldest first."""

    def pointer_log(self, task: str, name: str) -> list[str]:
        """Return the label sets that a pointer named one after the other, oldest first."""

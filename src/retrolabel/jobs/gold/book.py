"""The catalog's book of gold: what people said, and who looked at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.records.gold import Answer, Batch, DrawnItem, Key


class GoldBook(Protocol):
    """What the catalog knows of human labels."""

    def add(
        self, task: str, labels: Sequence[HumanLabel], extra: Sequence[Mapping[str, Any]], batch: Batch | None = None
    ) -> int:
        """Append human labels that are not there yet; return how many were new.

        Labels that come from no draw yet belong to the batch, which is there once one of them is.
        """

    def new_among(self, task: str, labels: Sequence[HumanLabel]) -> list[HumanLabel]:
        """Return those of some labels that are not there yet, each once; nothing is stored."""

    def human_labels(self, task: str, until: datetime | None = None) -> list[HumanLabel]:
        """Return all human labels of a task, or those that were there at a time, in the order in which they came."""

    def answers(self, task: str) -> list[Answer]:
        """Return the same, each with its rationale and seconds."""

    def answers_on(self, task: str, source: str, item_id: str) -> list[Answer]:
        """Return those on one item; no other answer is read."""

    def came_since(self, task: str, at: datetime) -> Mapping[str, int]:
        """Return role -> how many human labels of a task came after a time."""

    def labelling_seconds(self, task: str) -> list[float]:
        """Return how long people took for a label of a task, where that is known."""

    def batches(self, task: str | None = None) -> Sequence[Mapping[str, Any]]:
        """Return what was imported: task, source, role, version, sampling, count, and the draw that it comes from."""

    def draws(self, task: str | None = None) -> Mapping[int, Batch]:
        """Return the number of each batch of a task, or of all -> the batch."""

    def add_near_copies(self, task: str, pairs: Sequence[tuple[Key, Key]]) -> None:
        """Remember that items are near copies of items with test gold; what is known is passed over."""

    def remember(self, batch: Batch, items: Sequence[DrawnItem]) -> int:
        """Store a draw before its answers come, and return its number."""

    def undo(self, number: int, at: datetime) -> None:
        """Mark a draw as taken back; what was drawn stays known."""

    def drawn(self, task: str | None = None) -> Mapping[int, Sequence[DrawnItem]]:
        """Return the number of each draw that is remembered, of a task or of all -> its items."""

    def log_look(self, task: str, label_set_id: str, at: datetime, who: str) -> int:
        """Log a look at the test gold and return how many there were with this one."""

    def looks(self, task: str) -> int:
        """Return how often anybody has looked at a task's test gold; nothing is logged."""

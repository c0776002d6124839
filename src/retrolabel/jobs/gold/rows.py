"""Rows of a file of human labels, before they are checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

UNNAMED = "unnamed"
"""The person of answers that nobody signed."""


@dataclass(frozen=True)
class GoldRow:
    """What one person says in one row of a file.

    Attributes:
        line: The line of the file; where several people have a column each, it stands in several of these.
        item_id: The item.
        label: The stored value.
        annotator: The person.
        role: What the item is for.
        rationale: Why.
        labelled_at: When.
        seconds: How long it took.
        probability: With which probability the item was drawn.
        wrong_time: Why its time cannot be kept; such a row is put aside.
        batch: What its column ``batch`` says: ``TASK#NUMBER`` in a file that a draw wrote.
        where: Where it stands, as messages say it, where a line does not say it.
        several: The stored values, where the person chose several; ``label`` is empty then.
        texts: What its item is found by, where it has no id.
    """

    line: int
    item_id: str | None
    label: str | None
    annotator: str | None = None
    role: str | None = None
    rationale: str | None = None
    labelled_at: datetime | None = None
    seconds: float | None = None
    probability: float | None = None
    wrong_time: str | None = None
    batch: str | None = None
    where: str = ""
    several: tuple[str, ...] = ()
    texts: tuple[str | None, ...] = ()

    @property
    def place(self) -> str:
        """Where it stands, as messages say it."""
        return self.where or f"line {self.line}"

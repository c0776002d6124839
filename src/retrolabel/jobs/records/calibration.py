"""Calibration sets, their rounds, and what was asked in each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

FIXED, ROTATED, AGAIN, HONEYPOT = PARTS = ("fixed", "rotated", "again", "honeypot")
"""What an item is in a round for: asked each time; of this round alone; answered by the same person in an earlier
round; with gold, to see whether the person gives its label."""


@dataclass(frozen=True, slots=True)
class CalibrationSet:
    """What everybody answers regularly, by one design.

    Attributes:
        task: The task.
        source: The source that its items are from.
        columns: The columns of texts that people see; all of the source where none is named.
        items: How many items everybody answers in a round, honeypots and repeats left out.
        rotated: How many of these change each round.
        again: How many more each person answers once more, each their own.
        honeypots: How many more have gold.
        every_days: After how many days a round is due to be followed by the next one.
        seed: The seed of all of its draws.
        started_at: When it was started.
        started_by: By whom.
        stopped_at: When it was stopped; ``None`` as long as it goes on.
        stopped_by: By whom.
        id: Its number in the catalog; ``None`` before it is there.
    """

    task: str
    source: str
    columns: tuple[str, ...]
    items: int
    rotated: int
    again: int
    honeypots: int
    every_days: int
    seed: int
    started_at: datetime
    started_by: str
    stopped_at: datetime | None = None
    stopped_by: str | None = None
    id: int | None = None

    @property
    def fixed(self) -> int:
        """How many items are the same in each round."""
        return self.items - self.rotated

    @property
    def every(self) -> timedelta:
        """After how long a round is due to be followed by the next one."""
        return timedelta(days=self.every_days)


@dataclass(frozen=True, slots=True)
class CalibrationRound:
    """One time of asking everybody.

    Attributes:
        task: The task.
        round: Its number: rounds are counted through all sets of a task, and no number is used twice.
        calibration_set: The number of its set.
        schema_version: The version that people are asked under.
        opened_at: When it was opened.
        opened_by: By whom.
        closed_at: When the next one was opened, or the set stopped; ``None`` as long as it is open.
        undone_at: When it was taken back.
        people: Each person who was asked -> the file that was written for them.
    """

    task: str
    round: int
    calibration_set: int
    schema_version: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None = None
    undone_at: datetime | None = None
    people: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether answers are waited for."""
        return self.closed_at is None and self.undone_at is None


@dataclass(frozen=True, slots=True)
class AskedItem:
    """An item of a round.

    Attributes:
        part: One of :data:`PARTS`.
        source: The source of the item.
        item_id: The item.
        revision: The content that people are shown, as its digest.
        person: The one person who is asked; ``None`` where everybody is.
        batch: The number of the draw that it came from; ``None`` for honeypots, which have a draw of their own.
        inclusion: The probability with which it was drawn.
    """

    part: str
    source: str
    item_id: str
    revision: str
    person: str | None = None
    batch: int | None = None
    inclusion: float | None = None

    @property
    def key(self) -> tuple[str, str]:
        """(source, item id)."""
        return self.source, self.item_id

"""Schedules: when a task is looked at, on what condition it is relabelled, and what became of each run."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

ALWAYS, RELEASED, NEW_ITEMS, STALE, GOLD_CHANGED = "always", "schema-released", "new-items", "stale", "gold-changed"
CONDITIONS = {
    RELEASED: "labels.lock has a version that was not seen before",
    NEW_ITEMS: "there are items that the latest label set does not hold",
    STALE: "the labels are older than the horizon of the task",
    GOLD_CHANGED: "a relabel would fit other gold than the latest label set",
    ALWAYS: "each time",
}
"""Each condition, and when it holds."""
RUNNING, DONE, HELD, FAILED, NOTHING = "running", "done", "held", "failed", "nothing to do"
"""States of a run: it runs; a label set is current; a gate holds it; it failed; the condition did not hold."""


@dataclass(frozen=True)
class Schedule:
    """When a task is looked at, and on what condition it is relabelled.

    Attributes:
        task: The task.
        cron: Five fields, as cron has them.
        zone: The time zone of the fields, e.g. ``UTC``.
        when: The conditions; one of them is enough.
        made_at: Since when.
        made_by: Who made it.
        paused: Whether it rests.
        seen: What it saw last: ``released`` is the newest version of ``labels.lock``.
        id: Its number; 0 before it is kept.
        removed: Whether it was taken out; its history stays.
    """

    task: str
    cron: str
    zone: str
    when: tuple[str, ...]
    made_at: datetime
    made_by: str
    paused: bool = False
    seen: Mapping[str, str] = field(default_factory=dict)
    id: int = 0
    removed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**asdict(self), "made_at": self.made_at.isoformat(), "when": list(self.when)}


@dataclass(frozen=True)
class ScheduledRun:
    """What became of one time at which a schedule was due.

    Attributes:
        schedule: The number of the schedule.
        due_at: When it was due.
        missed: How many earlier times were missed, and are made up for by this one.
        started_at: When it began.
        host: Where it runs, or ran.
        state: One of the states above.
        why: What came of it, in a sentence.
        tries: How often it was tried.
        ended_at: When it ended.
        label_set: The label set that it made or found.
        log: What the job printed; no item's text.
        id: Its number; 0 before it is kept.
    """

    schedule: int
    due_at: datetime
    missed: int
    started_at: datetime
    host: str
    state: str = RUNNING
    why: str = ""
    tries: int = 1
    ended_at: datetime | None = None
    label_set: str | None = None
    log: str = ""
    id: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        times = {name: getattr(self, name) for name in ("due_at", "started_at", "ended_at")}
        return {**asdict(self), **{name: at.isoformat() if at else None for name, at in times.items()}}

"""Who works on a task, so that nobody else does at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Holder:
    """A process, as far as others can tell it from every other one.

    Attributes:
        host: The name of its machine, for people.
        machine: What tells the machine, and the part of it whose processes see each other, from others.
        pid: Its number there.
        born: What tells it from a later process of this number; nothing where that is not known.
    """

    host: str
    machine: str
    pid: int
    born: str = ""

    def __str__(self) -> str:
        """Return it as people are told of it.

        Example:
            >>> str(Holder("build-1", "b7c0", 4711))
            'process 4711 on build-1'
        """
        return f"process {self.pid} on {self.host}"


@dataclass(frozen=True)
class Lease:
    """That a process works on a task; it is renewed while it does.

    Attributes:
        task: The task.
        owner: What tells this lease from every other one.
        holder: The process.
        since: When it was taken, by the clock of the holder.
        renewed: When it was renewed last, by the same clock.
        doing: How far the work is, in words; nothing where that is not known.
    """

    task: str
    owner: str
    holder: Holder
    since: datetime
    renewed: datetime
    doing: str = ""

    def __str__(self) -> str:
        """Return who works on what, since when, and how far it is.

        Example:
            >>> from datetime import UTC, datetime
            >>> at = datetime(2026, 3, 1, 12, 3, 10, tzinfo=UTC)
            >>> str(Lease("mood", "1f", Holder("build-1", "b7c0", 4711), at, at, "labeling functions, 40 of 120"))
            'mood is being relabelled by process 4711 on build-1 since 2026-03-01 12:03:10 UTC (labeling functions, 40 of 120)'
        """  # noqa: E501 - it is one line
        doing = f" ({self.doing})" if self.doing else ""
        return f"{self.task} is being relabelled by {self.holder} since {self.since:%Y-%m-%d %H:%M:%S} UTC{doing}"

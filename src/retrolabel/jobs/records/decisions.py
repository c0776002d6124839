"""What was decided of a label set: promoted, held back, rolled back; with who, why, and the gates."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

CURRENT, LATEST = "current", "latest"
"""The pointers that move by themselves: what consumers read, and the newest label set."""
PROMOTED, OVERRIDDEN, ROLLED_BACK, UPGRADED, HELD = "promoted", "overridden", "rolled back", "upgraded", "held"
MOVES = (PROMOTED, OVERRIDDEN, ROLLED_BACK, UPGRADED)
"""The decisions that made a label set current."""
PASSED, FAILED, OPEN = "passed", "failed", "open"


@dataclass(frozen=True)
class Gate:
    """One condition on a candidate before it becomes current.

    Attributes:
        name: The condition.
        state: ``passed``, ``failed``, or ``open`` where there is no data to judge it by.
        why: What was found, with its figure.
        figure: The figure; ``None`` where there is none.
        limit: What it is held against; ``None`` where nothing is.
    """

    name: str
    state: str
    why: str
    figure: float | None = None
    limit: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Decision:
    """What was decided of a label set.

    Attributes:
        task: The task.
        label_set: The id of the label set.
        kind: ``promoted`` by the gates or a person; ``overridden``: by a person, over a gate that failed;
            ``rolled back``: it was current before, and is again; ``upgraded``: it was latest when there was no current;
            ``held``: it stayed a candidate.
        who: Who decided.
        why: The reason, in words.
        gates: The gates as they were then.
        before: The id of the label set that was current before; ``None`` where none was.
        at: When.
    """

    task: str
    label_set: str
    kind: str
    who: str
    why: str
    gates: tuple[Gate, ...]
    before: str | None
    at: datetime

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**asdict(self), "at": self.at.isoformat(), "gates": [gate.as_dict() for gate in self.gates]}

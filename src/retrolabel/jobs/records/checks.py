"""What was found when a label set was made again from what it rests on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from retrolabel.jobs.records.decisions import FAILED, OPEN, PASSED

if TYPE_CHECKING:
    from retrolabel.errors import Problem


class Differs(NamedTuple):
    """An item of which two things are said.

    Attributes:
        item: The item, as ``source/item_id``.
        held: What is held of it.
        again: What it is when it is made again.
    """

    item: str
    held: str
    again: str

    def __str__(self) -> str:
        """Return it for people.

        Example:
            >>> str(Differs("web/7", "bug", "(abstains)"))
            'web/7 has bug, again (abstains)'
        """
        return f"{self.item} has {self.held}, again {self.again}"


@dataclass(frozen=True)
class Check:
    """One thing that a label set says, and whether it holds.

    Attributes:
        name: What was checked.
        state: ``passed``, ``failed``, or ``open`` where it could not be done again.
        why: What was found, or why it could not.
        items: On how many items it does not hold.
        first: The first of them.
    """

    name: str
    state: str
    why: str
    items: int = 0
    first: tuple[Differs, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**asdict(self), "first": [each._asdict() for each in self.first]}


@dataclass(frozen=True)
class DeepVerification:
    """A label set that was made again from what it rests on, as far as that can be.

    Attributes:
        label_set: Its id.
        checks: What was checked.
        problems: Files and entries that are not as they were written.
    """

    label_set: str
    checks: tuple[Check, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def failed(self) -> tuple[Check, ...]:
        """What does not hold."""
        return tuple(check for check in self.checks if check.state == FAILED)

    @property
    def open(self) -> tuple[Check, ...]:
        """What could not be done again."""
        return tuple(check for check in self.checks if check.state == OPEN)

    @property
    def passed(self) -> tuple[Check, ...]:
        """What holds."""
        return tuple(check for check in self.checks if check.state == PASSED)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "label_set": self.label_set,
            "ok": not self.failed,
            "failed": len(self.failed),
            "open": len(self.open),
            "problems": [asdict(problem) for problem in self.problems],
            "checks": [check.as_dict() for check in self.checks],
        }

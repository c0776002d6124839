"""What is known of the people who label a task: the figures, as values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel.gold.agreement import Estimate
    from retrolabel.gold.handling_time import HandlingTime


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a person's answers are as what is known.

    Attributes:
        right: How many.
        of: Of how many.
        share: The share, with its 95 % interval (Wilson).
    """

    right: int
    of: int
    share: Estimate

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"right": self.right, "of": self.of, **_estimate(self.share)}


@dataclass(frozen=True, slots=True)
class SaidFor:
    """What a person says where another label is known.

    Attributes:
        known: The label that is known.
        said: What the person says.
        times: How often.
        share: Of the person's judged answers on items of the known label.
    """

    known: str
    said: str
    times: int
    share: Share


@dataclass(frozen=True, slots=True)
class Drift:
    """Whether a person's answers changed: the first half of those that are judged, by time, against the second.

    Attributes:
        first: The first half.
        second: The second half.
        by: By how much the second is right more often; its interval is wider where several people are looked at, so
            that all of them together see a change that is none in 5 % of cases.
        why: Why nothing can be said; empty otherwise.
    """

    first: Share
    second: Share
    by: Estimate
    why: str = ""

    @property
    def seen(self) -> bool:
        """Whether it changed, beyond chance."""
        if self.why or self.by.low is None or self.by.high is None:
            return False
        return self.by.low > 0 or self.by.high < 0

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        by = _estimate(self.by) if not self.why else None
        told = {"first": self.first.as_dict(), "second": self.second.as_dict()}
        return {**told, "by": by, "seen": self.seen, "why": self.why}


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """What is known of one person's answers. It says as much of the definitions and of the items as of the person.

    Attributes:
        person: The name.
        answers: Answers that count.
        honeypots: On honeypots.
        adjudicated: On items that others answered; their label is made without this person's answer.
        judged: Both together.
        pooled: The same, drawn towards all people the more, the less can be judged.
        more: How many judged answers are missing until the person's own interval is ten points to each side.
        said_for: What they say where another label is known, most often first.
        time: How long an answer takes; None where nobody knows.
        timed_by: ``seconds`` as they came in, or the ``gaps`` between answers; nothing where nobody knows.
        drift: Whether their answers changed.
    """

    person: str
    answers: int
    honeypots: Share
    adjudicated: Share
    judged: Share
    pooled: Estimate
    more: int
    said_for: tuple[SaidFor, ...]
    time: HandlingTime | None
    timed_by: str
    drift: Drift

    def as_dict(self, called: Callable[[str], str] = str) -> dict[str, Any]:
        """Return it as plain data.

        Args:
            called: What stands for the name.
        """
        said_for = [{"known": e.known, "said": e.said, "times": e.times, **e.share.as_dict()} for e in self.said_for]
        return {
            "person": called(self.person),
            "answers": self.answers,
            "honeypots": self.honeypots.as_dict(),
            "adjudicated": self.adjudicated.as_dict(),
            "judged": self.judged.as_dict(),
            "pooled": _estimate(self.pooled),
            "more_needed": self.more,
            "said_for": said_for,
            "time": None if self.time is None else {**asdict(self.time), "by": self.timed_by},
            "drift": self.drift.as_dict(),
        }


@dataclass(frozen=True, kw_only=True, repr=False)
class PeopleFigures:
    """What is known of the people who label a task, in the order of the alphabet: nobody is ranked.

    Attributes:
        task: The task.
        version: The version that answers are read in.
        people: Each person; with ``as_`` that one alone.
        as_: Whose own figures they are; None where they are everybody's.
        everybody: All people's judged answers together; None with ``as_`` where there are fewer than three people,
            since it would say to each what the other's is.
        count: How many people there are.
        apart: Two people each whose intervals part, the one with the higher share first; nobody with fewer than 30
            judged answers.
        median_time: The middle of all people's medians, in seconds; None where nobody knows.
        open: Answers left out: several labels, or none, or changed since.
        notes: What cannot be said, and why.
    """

    task: str
    version: str
    people: tuple[PersonFigures, ...]
    as_: str | None
    everybody: Share | None
    count: int
    apart: tuple[tuple[str, str], ...]
    median_time: float | None
    open: int
    notes: tuple[str, ...] = ()

    def as_dict(self, called: Callable[[str], str] = str) -> dict[str, Any]:
        """Return what people should see as plain data.

        Args:
            called: What stands for a name; the names themselves if left out.
        """
        return {
            "task": self.task,
            "version": self.version,
            "as": None if self.as_ is None else called(self.as_),
            "everybody": {
                "people": self.count,
                "judged": None if self.everybody is None else self.everybody.as_dict(),
                "median_seconds": self.median_time,
            },
            "people": [each.as_dict(called) for each in sorted(self.people, key=lambda each: called(each.person))],
            "apart": [list(map(called, pair)) for pair in self.apart],
            "open": self.open,
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        """Return how many people there are, and the share of all."""
        return f"<{self.task} {self.version}: {self.count} people, {self.everybody.share if self.everybody else '-'}>"


def _estimate(found: Estimate) -> dict[str, float | None]:
    return {"share": found.value, "low": found.low, "high": found.high}

"""Drift that people accept as the new normal: from a day on, a share is compared with weeks since then alone.

What is accepted is judged apart from all else, since other weeks are exchanged; what is judged apart shares the false
alarms (Bonferroni). Until there are two windows since that day before the newest one, it is not judged, and that is
said. Once no earlier week would be looked at any more, the acceptance does nothing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.analysis.drift_families import GROUPS, NO_LABEL, chosen
from retrolabel.analysis.drift_weeks import FEWEST_BEFORE, first_day, week_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from retrolabel.analysis.drift_families import Looked
    from retrolabel.analysis.drift_weeks import Span

PREFIXES = {
    "label": "label",
    "labeling function": "lf",
    "source": "source",
    "length": "length",
    "missing": "missing",
    "words": "words",
}
"""How a kind of alarm is written in the name of what drifted."""


def subject_of(kind: str, what: str) -> str:
    """Return how people name what drifted; a labeling function stands for all its votes.

    Args:
        kind: The kind of the alarm.
        what: The label, the labeling function and its vote, the source, or the column.

    Example:
        >>> subject_of("label", "bug"), subject_of("labeling function", "says_slow -> bad"), subject_of("words", "text")
        ('label:bug', 'lf:says_slow', 'words:text')
    """
    return f"{PREFIXES[kind]}:{what.partition(' -> ')[0] if kind == 'labeling function' else what}"


@dataclass(frozen=True)
class Accepted:
    """A drift that is the new normal.

    Attributes:
        subject: What drifted (:func:`subject_of`).
        since: The day from which on it is normal; the first whole week from there on is the first that counts.
        by: Who says so.
        why: Why.
        at: When it was said, UTC.
    """

    subject: str
    since: date
    by: str
    why: str
    at: datetime

    @property
    def week(self) -> int:
        """The first whole week."""
        day = np.array([np.datetime64(self.since, "D").astype(np.int64)])
        return int(week_of(day + 6)[0])

    def covers(self, kind: str, column: str, name: Any) -> bool:  # noqa: ANN401 - a place, a name, or a vote
        """Return whether it speaks of a share.

        Args:
            kind: The kind of its family.
            column: The column of a text; empty elsewhere.
            name: Its name in its family.
        """
        if kind == "length":
            return self.subject == subject_of("missing" if name is None else "length", column)
        if kind == "labeling function":
            return self.subject == subject_of(kind, str(name[0]))
        return self.subject == subject_of(kind, column or (NO_LABEL if name is None else str(name)))


@dataclass(frozen=True)
class Standing:
    """What became of an acceptance in a look.

    Attributes:
        accepted: The acceptance.
        again: The first day of a look that can compare it again; ``None`` where this one does.
    """

    accepted: Accepted
    again: date | None = None

    @property
    def told(self) -> str:
        """What is so, in a sentence."""
        each = self.accepted
        said = f"{each.subject} is the new normal from {each.since} on ({each.by}: {each.why})"
        if self.again is None:
            return f"{said}; it is compared with the weeks since then"
        return f"{said}; it is compared again from {self.again} on"

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        plain = {
            key: value if isinstance(value, str) else value.isoformat() for key, value in asdict(self.accepted).items()
        }
        return {**plain, "compared_again": None if self.again is None else str(self.again), "told": self.told}


@dataclass(frozen=True)
class Part:
    """Shares that are judged together: those that are accepted from the same week on, or all others.

    Attributes:
        kinds: Their kinds.
        first: The first week that they are compared with, counted from the first of the look.
        accepted: The acceptances; nothing for the shares that none speaks of.
        others: The acceptances of other parts of these kinds.
    """

    kinds: tuple[str, ...]
    first: int = 0
    accepted: tuple[Accepted, ...] = ()
    others: tuple[Accepted, ...] = ()

    def of(self, looked: Looked) -> Looked:
        """Return the shares of a family that belong here."""

        def covered(by: Sequence[Accepted]) -> Callable[[Any], bool]:
            return lambda name: any(each.covers(looked.kind, looked.column, name) for each in by)

        mine, theirs = covered(self.accepted), covered(self.others)
        keep = [place for place, name in enumerate(looked.names) if (mine(name) if self.accepted else not theirs(name))]
        return chosen(looked, keep) if len(keep) < len(looked.names) else looked


def parts_of(span: Span, accepted: Sequence[Accepted]) -> list[Part]:
    """Return what is judged together, for each group of kinds.

    Args:
        span: The weeks that are looked at.
        accepted: What is in force (:func:`in_force`).
    """
    found = []
    for kinds in GROUPS:
        prefixes = {f"{PREFIXES[kind]}:" for kind in (*kinds, *(["missing"] if "length" in kinds else []))}
        mine = [each for each in accepted if each.subject.startswith(tuple(prefixes))]
        found.append(Part(kinds, others=tuple(mine)))
        for week in sorted({each.week for each in mine}):
            here = tuple(each for each in mine if each.week == week)
            found.append(Part(kinds, week - span.first, here))
    return found


def in_force(span: Span, accepted: Sequence[Accepted]) -> list[Accepted]:
    """Return the acceptances that change a look: those of days after its first week, and not after its end."""
    return [each for each in accepted if span.first < each.week < span.end]


def compared_again(accepted: Accepted, width: int) -> date:
    """Return the first day of a look in which two windows since an acceptance lie before the newest one.

    Args:
        accepted: The acceptance.
        width: The weeks of a window.

    Example:
        >>> from datetime import UTC, date, datetime
        >>> told = Accepted("label:bug", date(2026, 6, 29), "ana", "launch", datetime(2026, 8, 3, tzinfo=UTC))
        >>> str(compared_again(told, 4))
        '2026-09-21'
    """
    start = -(-(accepted.week + FEWEST_BEFORE * width) // width) * width
    return first_day(start + width)

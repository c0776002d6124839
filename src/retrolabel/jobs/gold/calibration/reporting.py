"""What is to be said of a calibration: rounds, who is missing, how far people agree, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.gold.coefficient import LEAST
from retrolabel.gold.coefficients import krippendorff_alpha
from retrolabel.jobs.gold.reading import Reader, as_ratings, in_order
from retrolabel.jobs.gold.resolving import read_in
from retrolabel.jobs.records.calibration import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.coefficient import Coefficient
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.calibration.progress import Calibration
    from retrolabel.jobs.records.calibration import CalibrationRound, CalibrationSet
    from retrolabel.jobs.records.gold import Key
    from retrolabel.schema.history import History

OPEN, CLOSED, UNDONE = "open", "closed", "taken back"


@dataclass(frozen=True)
class PersonInRound:
    """How far one person is in a round.

    Attributes:
        person: Who.
        file: The file that was written for them.
        asked: How many items they were asked.
        answered: How many of them they answered.
    """

    person: str
    file: str
    asked: int
    answered: int

    @property
    def missing(self) -> int:
        """How many items they have not answered."""
        return self.asked - self.answered


@dataclass(frozen=True)
class RoundStatus:
    """How far a round is.

    Attributes:
        round: Its number.
        state: ``open``, ``closed`` or ``taken back``.
        schema_version: The version that people are asked under.
        opened_at: When it was opened.
        parts: Part -> how many items of it somebody was asked, each counted once.
        people: How far each person is.
    """

    round: int
    state: str
    schema_version: str
    opened_at: datetime
    parts: Mapping[str, int]
    people: tuple[PersonInRound, ...]

    @property
    def missing(self) -> tuple[PersonInRound, ...]:
        """The people who have not answered everything."""
        return tuple(each for each in self.people if each.missing)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        names = ("person", "file", "asked", "answered", "missing")
        return {
            "round": self.round,
            "state": self.state,
            "schema_version": self.schema_version,
            "opened_at": self.opened_at.isoformat(),
            "parts": dict(self.parts),
            "people": [{name: getattr(each, name) for name in names} for each in self.people],
        }


@dataclass(frozen=True)
class CalibrationStatus:
    """What is to be said of a task's calibration.

    Attributes:
        task: The task.
        design: The set that goes on, or went on last; ``None`` where there is none.
        rounds: Its rounds, and those of sets before it, the oldest first.
        agreement: Krippendorff's alpha over the newest rounds, as few of them as hold enough items; ``None`` where
            nobody answered.
        over: The rounds that it is over.
        next_due: When the next round is due; ``None`` where no set goes on.
        is_due: Whether it can be opened now.
        to_be_asked: Who is asked from the next round on.
    """

    task: str
    design: CalibrationSet | None
    rounds: tuple[RoundStatus, ...]
    agreement: Coefficient | None
    over: tuple[int, ...]
    next_due: datetime | None
    is_due: bool
    to_be_asked: tuple[str, ...]

    @property
    def open_round(self) -> RoundStatus | None:
        """The round that waits for answers; ``None`` where none does."""
        return next((each for each in reversed(self.rounds) if each.state == OPEN), None)

    @property
    def goes_on(self) -> bool:
        """Whether a set goes on."""
        return self.design is not None and self.design.stopped_at is None

    @property
    def missing(self) -> tuple[PersonInRound, ...]:
        """Who has not answered everything in the open round."""
        return self.open_round.missing if self.open_round else ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        design = self.design
        names = ("source", "items", "rotated", "again", "honeypots", "every_days", "seed")
        return {
            "task": self.task,
            "set": None if design is None else {name: getattr(design, name) for name in names},
            "goes_on": self.goes_on,
            "rounds": [each.as_dict() for each in self.rounds],
            "agreement": None if self.agreement is None else self.agreement.as_dict() | {"rounds": list(self.over)},
            "missing": [each.person for each in self.missing],
            "next_due": self.next_due.isoformat() if self.next_due else None,
            "is_due": self.is_due,
            "to_be_asked": list(self.to_be_asked),
        }


def status(
    known: Calibration, to_be_asked: Sequence[str], *, history: History, feedback: FeedbackBook, at: datetime
) -> CalibrationStatus:
    """Return what is to be said of a task's calibration.

    Args:
        known: What is known of it.
        to_be_asked: Who is asked from the next round on, where that was said.
        history: The versions of the task.
        feedback: What the texts of the items are now.
        at: Now.
    """
    last, design = known.last(), known.active or (known.sets[-1] if known.sets else None)
    agreement, over = _agreement(known, history, feedback)
    return CalibrationStatus(
        known.task,
        design,
        tuple(_of_round(known, each) for each in known.rounds),
        agreement,
        over,
        known.due_at(last) if last is not None and known.active is not None else None,
        known.active is not None and known.is_due(at),
        tuple(to_be_asked) or tuple(last.people if last is not None else ()),
    )


def _of_round(known: Calibration, found: CalibrationRound) -> RoundStatus:
    parts = {part: len({item.key for item in known.items.get(found.round, ()) if item.part == part}) for part in PARTS}
    people = tuple(
        PersonInRound(person, file, len(known.asked_of(found.round, person)), known.answered(found.round, person))
        for person, file in found.people.items()
    )
    state = UNDONE if found.undone_at is not None else OPEN if found.is_open else CLOSED
    return RoundStatus(found.round, state, found.schema_version, found.opened_at, parts, people)


def _agreement(
    known: Calibration, history: History, feedback: FeedbackBook
) -> tuple[Coefficient | None, tuple[int, ...]]:
    """Return how far people agree over the newest rounds, and which these are: as few as hold enough items.

    Of a person's answers on an item the newest counts, so that no item counts twice. Rounds before a change of
    meaning stay out.
    """
    answered = [each for each in known.rounds if each.undone_at is None and known.said.get(each.round)]
    versions = {each.version for each in history}
    if not answered or answered[-1].schema_version not in versions:
        return None, ()
    schema = history[answered[-1].schema_version]
    labels = [label for people in known.said.values() for said in people.values() for label in said.values()]
    reader = Reader(schema, history, read_in(history, schema.version, labels, feedback))
    newest: dict[tuple[Key, str], HumanLabel] = {}
    over: list[int] = []
    for each in reversed(answered):
        made_under = each.schema_version
        if made_under != schema.version and not (made_under in versions and reader.asks_the_same(made_under)):
            break
        over.append(each.round)
        for person, said in known.said[each.round].items():
            for key, label in said.items():
                if not label.checks_a_person:
                    newest.setdefault((key, person), label)
        if _shared(newest) >= LEAST:
            break
    answers = [reader.read(label) for label in newest.values()]
    exact = [answer for answer in answers if len(answer.leaves) == 1]
    if not exact:
        return None, ()
    ratings = as_ratings(exact, [next(iter(answer.leaves)) for answer in exact], in_order(schema))
    level = "ordinal" if schema.scale == "ordinal" else "nominal"
    return krippendorff_alpha(ratings, level), tuple(sorted(over))


def _shared(newest: Mapping[tuple[Key, str], HumanLabel]) -> int:
    """Return how many items two people answered."""
    people: dict[Key, int] = {}
    for key, _ in newest:
        people[key] = people.get(key, 0) + 1
    return sum(many > 1 for many in people.values())

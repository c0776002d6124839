"""What ``start`` does: begin a set, open its next round, or say that the one which is open is not over yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrolabel.errors import GoldError, Problem, counted, did_you_mean
from retrolabel.jobs.gold.calibration.opening import counts_of
from retrolabel.jobs.records.calibration import CalibrationSet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from retrolabel.jobs.gold.calibration.opening import Asking
    from retrolabel.jobs.gold.calibration.progress import Calibration

ITEMS, ROTATED, AGAIN, HONEYPOTS, DAYS, SEED = 40, 0.25, 10, 4, 7, 0
"""A set where nothing else is said: items for everybody, the share that is rotated, and so on."""


@dataclass(frozen=True)
class Wishes:
    """What was said of a set; what was left out is ``None``.

    Attributes:
        people: Who is asked.
        add: Who is asked as well, from the next round on.
        remove: Who is not asked any more.
        n: How many items everybody answers in a round.
        rotate: The share of them that changes each round.
        again: How many more each person answers once more.
        honeypots: How many more have gold.
        source: The source of the items.
        columns: The columns of texts that people see.
        every_days: After how many days the next round is due.
        seed: The seed of the draws.
        now: Whether the next round is opened although it is not due.
    """

    people: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    n: int | None = None
    rotate: float | None = None
    again: int | None = None
    honeypots: int | None = None
    source: str | None = None
    columns: tuple[str, ...] = ()
    every_days: int | None = None
    seed: int | None = None
    now: bool = False


@dataclass(frozen=True)
class Start:
    """What ``start`` would do.

    Attributes:
        design: The set: the one that goes on, or a new one.
        people: Who is asked in the next round.
        opens: Whether the next round is opened.
        changed: Whether others are asked than in the round before.
    """

    design: CalibrationSet
    people: tuple[str, ...]
    opens: bool
    changed: bool = False


@dataclass(frozen=True)
class Started:
    """What ``start`` did, or would do.

    Attributes:
        task: The task.
        design: The set.
        is_new: Whether the set is new.
        round: The round that was opened, or is open.
        opened: Whether it was opened now.
        schema_version: The version that people are asked under.
        files: Person -> their file.
        parts: Person -> part -> how many items of it they are asked.
        missing: Person -> how many items they have not answered.
        due_at: When the round after it is due.
        half_width: Half of the 95 % interval of alpha that the round will have, about, near an alpha of 0.7.
        to_be_asked: Who is asked from the next round on, where others are than in this one.
        notes: What the reader should know.
        done: Whether it was done; otherwise it would be.
    """

    task: str
    design: CalibrationSet
    is_new: bool
    round: int
    opened: bool
    schema_version: str
    files: Mapping[str, str]
    parts: Mapping[str, Mapping[str, int]]
    missing: Mapping[str, int]
    due_at: datetime
    half_width: float | None = None
    to_be_asked: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    done: bool = True

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        names = ("source", "items", "rotated", "again", "honeypots", "every_days", "seed")
        more = ("task", "is_new", "round", "opened", "schema_version", "half_width", "done")
        return {
            **{name: getattr(self, name) for name in more},
            "set": {name: getattr(self.design, name) for name in names},
            "files": dict(self.files),
            "parts": {person: dict(parts) for person, parts in self.parts.items()},
            "missing": dict(self.missing),
            "due_at": self.due_at.isoformat(),
            "to_be_asked": list(self.to_be_asked),
            "notes": list(self.notes),
        }


def begin(  # noqa: PLR0913 - what is known, what was said, and by whom
    known: Calibration, wishes: Wishes, to_be_asked: Sequence[str], *, source: str, at: datetime, who: str
) -> Start:
    """Return what ``start`` does; nothing is stored.

    Args:
        known: What is known of the task's calibration.
        wishes: What was said.
        to_be_asked: Who is asked from the next round on, where that was said before.
        source: The source, where a new set is begun.
        at: Now.
        who: Who starts it.

    Raises:
        GoldError: Nobody is asked; a figure makes no sense; a set that goes on is other than what was said; somebody
            is removed who is not asked.
    """
    _check_people([*wishes.people, *wishes.add])
    active = known.active
    if active is None:
        design = _new_set(known, wishes, source, at, who)
        people = _changed(wishes.people, wishes, known.task)
        if not people:
            raise GoldError(
                f"A calibration set of {known.task} needs people who answer it each week.",
                remedy=f"retrolabel gold calibrate start {known.task} --people ana,ben,cleo",
            )
        return Start(design, people, opens=True)
    problems = list(_other_than(active, wishes))
    if problems:
        raise GoldError(
            f"A calibration set of {known.task} goes on, and is as it was started; nothing was done.",
            problems=problems,
            remedy=f"leave these out; or retrolabel gold calibrate stop {known.task} ends it: then another can start",
        )
    last = known.last()
    before = tuple(last.people) if last is not None else ()
    people = _changed(wishes.people or tuple(to_be_asked) or before, wishes, known.task)
    if not people:
        raise GoldError("Nobody would be left who is asked.", remedy=f"retrolabel gold calibrate stop {known.task}")
    return Start(active, people, opens=wishes.now or known.is_due(at), changed=set(people) != set(before))


def as_opened(known: Calibration, start: Start, asking: Asking, files: Mapping[str, str], *, done: bool) -> Started:
    """Return what is said of a round that was opened.

    Args:
        known: What was known before.
        start: What ``start`` does.
        asking: The round.
        files: Person -> their file.
        done: Whether it was done; otherwise it would be.
    """
    opened = asking.round
    closes = known.last()
    notes = list(asking.notes)
    if closes is not None and closes.is_open:
        left = known.missing(closes.round)
        told = ", ".join(f"{person} ({many:,})" for person, many in left.items())
        state = f"; {told} did not answer everything, and still can" if left else "; everybody answered everything"
        notes.insert(0, f"round {closes.round} is closed{state}")
    if start.changed:
        notes.append(f"asked from now on: {', '.join(start.people)}")
    parts = {person: counts_of(asking.parts, person) for person in start.people}
    return Started(
        known.task,
        start.design,
        is_new=start.design.id is None,
        round=opened.round,
        opened=True,
        schema_version=opened.schema_version,
        files=dict(files),
        parts=parts,
        missing={person: sum(many.values()) for person, many in parts.items()},
        due_at=opened.opened_at + start.design.every,
        half_width=asking.half_width,
        notes=tuple(notes),
        done=done,
    )


def as_open(known: Calibration, start: Start, *, done: bool) -> Started:
    """Return what is said where the open round is not over yet.

    Args:
        known: What is known.
        start: What ``start`` does.
        done: Whether it was done; otherwise it would be.
    """
    last = known.of_set(start.design)[-1]  # a set that goes on has a round
    return Started(
        known.task,
        start.design,
        is_new=False,
        round=last.round,
        opened=False,
        schema_version=last.schema_version,
        files=last.people,
        parts={},
        missing=known.missing(last.round),
        due_at=known.due_at(last),
        to_be_asked=start.people if start.changed else (),
        done=done,
    )


def _new_set(known: Calibration, wishes: Wishes, source: str, at: datetime, who: str) -> CalibrationSet:
    n = ITEMS if wishes.n is None else wishes.n
    rotate = ROTATED if wishes.rotate is None else wishes.rotate
    again = AGAIN if wishes.again is None else wishes.again
    pots = HONEYPOTS if wishes.honeypots is None else wishes.honeypots
    days = DAYS if wishes.every_days is None else wishes.every_days
    problems = []
    if n < 2:  # noqa: PLR2004 - one item shows no agreement
        problems.append(Problem(f"--n {n}", "a round has two items at least", f"--n {ITEMS}"))
    if not 0 <= rotate <= 1:
        problems.append(Problem(f"--rotate {rotate:g}", "is a share of the items, from 0 to 1", f"--rotate {ROTATED}"))
    for option, value in (("--again", again), ("--honeypots", pots)):
        if value < 0:
            problems.append(Problem(f"{option} {value}", "is a number of items, 0 or more", f"{option} 0"))
    if days < 1:
        problems.append(Problem(f"--every {days}", "is a number of days, 1 or more", f"--every {DAYS}"))
    if problems:
        raise GoldError("This is no calibration set; nothing was done.", problems=problems)
    seed = SEED if wishes.seed is None else wishes.seed
    rotated = round(n * rotate)
    return CalibrationSet(known.task, source, wishes.columns, n, rotated, again, pots, days, seed, at, who)


def _other_than(active: CalibrationSet, wishes: Wishes) -> Iterator[Problem]:
    """Yield what was said of a set and is not so in the one that goes on."""
    said: tuple[tuple[str, object, object], ...] = (
        ("--n", wishes.n, active.items),
        ("--rotate", None if wishes.rotate is None else round(active.items * wishes.rotate), active.rotated),
        ("--again", wishes.again, active.again),
        ("--honeypots", wishes.honeypots, active.honeypots),
        ("--source", wishes.source, active.source),
        ("--column", wishes.columns or None, active.columns),
        ("--every", wishes.every_days, active.every_days),
        ("--seed", wishes.seed, active.seed),
    )
    for option, value, is_now in said:
        if value is not None and value != is_now:
            yield Problem(option, f"is {_plain(is_now)} in it, not {_plain(value)}")


def _plain(value: object) -> str:
    return (", ".join(value) or "all") if isinstance(value, tuple) else str(value)


def _changed(people: Sequence[str], wishes: Wishes, task: str) -> tuple[str, ...]:
    """Return who is asked, with those who are added and without those who are removed."""
    everybody = list(dict.fromkeys([*people, *wishes.add]))
    unknown = [person for person in wishes.remove if person not in everybody]
    if unknown:
        raise GoldError(
            f"{unknown[0]} is not asked in the calibration of {task}.{did_you_mean(unknown[0], everybody)}",
            remedy=f"asked are {', '.join(everybody) or 'nobody yet'}",
        )
    return tuple(person for person in everybody if person not in wishes.remove)


def _check_people(people: Sequence[str]) -> None:
    """Refuse names that are empty, or that differ in case or white space alone."""
    spelled: dict[str, set[str]] = {}
    for person in people:
        spelled.setdefault(" ".join(person.split()).casefold(), set()).add(person)
    if "" in spelled:
        raise GoldError("A person has an empty name.", remedy="--people ana,ben,cleo")
    alike = [sorted(names) for names in spelled.values() if len(names) > 1]
    if alike:
        raise GoldError(
            f"{counted(len(alike[0]), 'name')} differ only in case or white space: {', '.join(map(repr, alike[0]))}.",
            remedy="write the name one way",
        )

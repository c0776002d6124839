"""Of which round a file is that comes back, and whose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.errors import Problem, nearest
from retrolabel.jobs.gold.batches import OF_A_ROUND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.jobs.gold.calibration.progress import Calibration
    from retrolabel.jobs.gold.rows import GoldRow
    from retrolabel.jobs.records.calibration import CalibrationRound

STATUS = "retrolabel gold calibrate status {task}"


@dataclass(frozen=True)
class SheetFile:
    """A file that came back.

    Attributes:
        name: Its name, for messages.
        rows: Its rows.
    """

    name: str
    rows: Sequence[GoldRow]


def _marks(file: SheetFile) -> list[str]:
    return list(dict.fromkeys(row.batch for row in file.rows if row.batch))


def _people(file: SheetFile) -> list[str]:
    return list(dict.fromkeys(row.annotator for row in file.rows if row.annotator))


def round_of(file: SheetFile, state: Calibration) -> CalibrationRound:
    """Return the round that a file is of, once :func:`whose_faults` finds nothing; without a mark the open one.

    Args:
        file: The file.
        state: What is known of the task's calibration.
    """
    marks = _marks(file)
    mark = OF_A_ROUND.fullmatch(marks[0]) if marks else None
    if mark is not None:
        return state.round(int(mark["round"]))
    return next(each for each in reversed(state.rounds) if each.is_open)


def person_of(file: SheetFile, annotator: str | None) -> str:
    """Return the person whose file it is, as it says itself or else as somebody said.

    Args:
        file: The file.
        annotator: Who was said.
    """
    people = _people(file)
    return people[0] if people else annotator or ""


def whose_faults(file: SheetFile, state: Calibration, annotator: str | None) -> Iterator[Problem]:
    """Yield why it cannot be said of which round and of which person a file is.

    Args:
        file: The file.
        state: What is known of the task's calibration.
        annotator: The person whose file it should be, where that was said.
    """
    marks, status = _marks(file), STATUS.format(task=state.task)
    found = OF_A_ROUND.fullmatch(marks[0]) if marks else None
    if len(marks) > 1:
        yield Problem(file.name, f"its rows are of several rounds: {', '.join(marks[:3])}", "a file a round")
        return
    if marks and found is None:
        yield Problem(file.name, f"its column batch says {marks[0]!r}, which is no round", status)
        return
    if found is not None and found["task"] != state.task:
        other = f"retrolabel gold calibrate fill {found['task']}"
        yield Problem(file.name, f"it is of {found['task']}, not of {state.task}", other)
        return
    numbers = {each.round: each for each in state.rounds}
    if found is not None and int(found["round"]) not in numbers:
        yield Problem(file.name, f"{state.task} has no calibration round {int(found['round'])}", status)
        return
    if found is None and not any(each.is_open for each in state.rounds):
        yield Problem(file.name, "it says no round in a column batch, and no round is open", status)
        return
    asked = round_of(file, state)
    if asked.undone_at is not None:
        what = f"round {asked.round} was taken back on {asked.undone_at:%Y-%m-%d}"
        yield Problem(file.name, what, "its answers belong to no round; the file of the round after it is the one")
        return
    yield from _person_faults(file, asked, annotator)


def _person_faults(file: SheetFile, asked: CalibrationRound, annotator: str | None) -> Iterator[Problem]:
    people = _people(file)
    if len(people) > 1:
        what = f"its rows are of several people: {', '.join(people[:3])}"
        yield Problem(file.name, what, "a file a person: the column annotator holds one name")
    elif not people and annotator is None:
        yield Problem(file.name, "it says nobody in a column annotator", "--annotator-name NAME says whose it is")
    elif people and annotator is not None and people[0] != annotator:
        what = f"it was written for {people[0]}, not for {annotator}"
        yield Problem(file.name, what, "leave --annotator-name out; each person answers their own file")
    elif (person := person_of(file, annotator)) not in asked.people:
        near = nearest(person, list(asked.people))
        remedy = f"is it {near}?" if near else f"asked were {', '.join(asked.people)}"
        yield Problem(file.name, f"{person} was not asked in round {asked.round}", remedy)

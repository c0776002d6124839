"""How far rounds are: who answered what in which, and when the next one is due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError
from retrolabel.gold.adjudication import Newest, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.gold.calibration.book import CalibrationBook
    from retrolabel.jobs.records.calibration import AskedItem, CalibrationRound, CalibrationSet
    from retrolabel.jobs.records.gold import Key

EARLY = timedelta(hours=12)
"""How long before it is due the next round may be opened: whoever asks each Monday is never exactly on time."""

Said = dict[int, dict[str, dict["Key", "HumanLabel"]]]
"""Round -> person -> item -> their answer that stands in it."""


@dataclass(frozen=True)
class Calibration:
    """What is known of the calibration of a task.

    Attributes:
        task: The task.
        sets: Its sets, the oldest first.
        rounds: Its rounds by number, also those that were taken back.
        items: Round -> what was asked in it.
        said: Round -> person -> item -> the answer that stands in it.
    """

    task: str
    sets: tuple[CalibrationSet, ...]
    rounds: tuple[CalibrationRound, ...]
    items: Mapping[int, Sequence[AskedItem]]
    said: Said

    @property
    def active(self) -> CalibrationSet | None:
        """The set that goes on; ``None`` where none was started, or the last one was stopped."""
        return next((each for each in reversed(self.sets) if each.stopped_at is None), None)

    @property
    def next_number(self) -> int:
        """The number of the next round: none is used twice."""
        return max((each.round for each in self.rounds), default=0) + 1

    def of_set(self, design: CalibrationSet) -> list[CalibrationRound]:
        """Return the rounds of a set that were not taken back."""
        return [each for each in self.rounds if each.calibration_set == design.id and each.undone_at is None]

    def last(self) -> CalibrationRound | None:
        """Return the last round of the set that goes on, or went on last; ``None`` where there is none."""
        standing = [each for each in self.rounds if each.undone_at is None]
        return standing[-1] if standing else None

    def round(self, number: int) -> CalibrationRound:
        """Return a round by its number.

        Raises:
            GoldError: There is none.
        """
        for each in self.rounds:
            if each.round == number:
                return each
        known = ", ".join(str(each.round) for each in self.rounds) or "none yet"
        raise GoldError(
            f"{self.task} has no calibration round {number}. It has {known}.",
            remedy=f"retrolabel gold calibrate status {self.task}",
        )

    def asked_of(self, number: int, person: str) -> dict[Key, AskedItem]:
        """Return the items that a person was asked in a round."""
        return {item.key: item for item in self.items.get(number, ()) if item.person in (None, person)}

    def answered(self, number: int, person: str) -> int:
        """Return how many of them the person answered."""
        said = self.said.get(number, {}).get(person, {})
        return sum(key in said for key in self.asked_of(number, person))

    def missing(self, number: int) -> dict[str, int]:
        """Return person -> how many items they have not answered in a round, where there are any."""
        found = {
            person: len(self.asked_of(number, person)) - self.answered(number, person)
            for person in self.round(number).people
        }
        return {person: many for person, many in found.items() if many}

    def due_at(self, found: CalibrationRound) -> datetime:
        """Return when the round after one is due."""
        return found.opened_at + self.set_of(found).every

    def set_of(self, found: CalibrationRound) -> CalibrationSet:
        """Return the set of a round."""
        return next(each for each in self.sets if each.id == found.calibration_set)

    def check_nobody_was_faster(self, rounds: Sequence[CalibrationRound]) -> None:
        """Refuse where there are other rounds by now.

        Args:
            rounds: The rounds of the task, as they are now.

        Raises:
            GoldError: Somebody opened one meanwhile.
        """
        if [each.round for each in rounds] != [each.round for each in self.rounds]:
            raise GoldError(
                f"Somebody else opened a round of {self.task} meanwhile; nothing was done.",
                remedy=f"retrolabel gold calibrate status {self.task}",
            )

    def is_due(self, at: datetime) -> bool:
        """Return whether the next round of the set that goes on can be opened."""
        last = self.last()
        return last is None or not last.is_open or at >= self.due_at(last) - EARLY


def said_in_rounds(labels: Iterable[HumanLabel]) -> Said:
    """Return round -> person -> item -> the answer that stands in it; what was taken back is left out.

    Args:
        labels: In the order in which they came.
    """
    newest = Newest()
    found: Said = {}
    for label in labels:
        if label.round is None:
            continue
        key = (label.source, label.item_id)
        said = found.setdefault(label.round, {}).setdefault(label.annotator, {})
        if newest.is_newer((label.round, label.annotator, key), label.labelled_at):
            said.pop(key, None)
            if label.label:
                said[key] = label
    return found


def in_their_rounds(labels: Sequence[HumanLabel], stored: Iterable[HumanLabel]) -> list[HumanLabel]:
    """Return answers of a file with the rounds of those that the store has in one: exported gold comes back as it was.

    Args:
        labels: The answers of a file, which knows no rounds.
        stored: What people said before.
    """

    def told(label: HumanLabel) -> tuple[object, ...]:
        return (*key_of(label), label.label, label.labelled_at)

    rounds = {told(label): label.round for label in stored if label.round is not None and not label.checks_a_person}
    return [replace(label, round=rounds.get(told(label))) for label in labels] if rounds else list(labels)


def known_calibration(task: str, book: CalibrationBook, labels: Iterable[HumanLabel]) -> Calibration:
    """Return what is known of the calibration of a task.

    Args:
        task: The task.
        book: Where sets and rounds are.
        labels: All human labels of the task, in the order in which they came.
    """
    return Calibration(task, tuple(book.sets(task)), tuple(book.rounds(task)), book.items(task), said_in_rounds(labels))

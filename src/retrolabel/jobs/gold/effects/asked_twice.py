"""The items that people answered before a version and under it, and which of them can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, TypeAlias

from retrolabel.gold.adjudication import standing
from retrolabel.gold.projection import Readings
from retrolabel.jobs.gold.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.records.gold import Answer, Batch, DrawnItem, Key
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

ROLES = ("dev", "calibration")
"""Roles whose answers are compared: test gold says nothing here, and of honeypots the answer is known."""
BY_ANSWERS = ("adjudicate", "split")
"""What a draw is for that goes after what people said of an item before."""
TWO = 2
"""So many people make agreement."""
ENOUGH_CALIBRATION = 12
"""From so many calibration items on, items of other roles are not needed."""
SOON_DAYS = 14
"""Within so many days people may remember what they said."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of a person on an item, as it counts on one side.

    Attributes:
        label: The one label that it leaves in the side's version.
        answer: The answer.
    """

    label: str
    answer: Answer

    @property
    def at(self) -> datetime | None:
        """When it was given; when it came, where nobody knows."""
        return self.answer.label.labelled_at or self.answer.imported_at


Side: TypeAlias = "dict[Key, dict[str, Said]]"
"""The item -> person -> what they said."""


@dataclass(frozen=True)
class AskedTwice:
    """The items that are compared, and those that are not.

    Attributes:
        before: What was said of each under the older version.
        after: What was said of the same items under the newer one.
        others: What was said under the older version of items that were not asked again.
        roles: The roles that they are of.
        same_people: Whether only answers are compared that the same person gave on both sides.
        people: People whose answers are compared.
        only_before: Items that two people answered before alone.
        only_after: Items that two people answered after alone.
        one_person: Items that were asked on both sides, of which one person at most answered on a side.
        revised: Items whose text was revised in between.
        chosen: Items left out that were asked again since people differed on them.
        several: Answers left out that leave several labels, or none.
        other_people: Answers left out since their giver did not answer the item on the other side.
    """

    before: Side
    after: Side
    others: Side
    roles: tuple[str, ...]
    same_people: bool
    people: tuple[str, ...]
    only_before: int = 0
    only_after: int = 0
    one_person: int = 0
    revised: int = 0
    chosen: int = 0
    several: int = 0
    other_people: int = 0

    @property
    def days_between(self) -> float | None:
        """The median of the days between two answers of one person to an item; ``None`` where times are missing."""
        days = list(self._days())
        return median(days) if days else None

    @property
    def soon(self) -> int:
        """How many answers came within 14 days of the same person's answer to the same item."""
        return sum(each < SOON_DAYS for each in self._days())

    def _days(self) -> Iterable[float]:
        for key, said in self.after.items():
            for person, now in said.items():
                then = self.before[key].get(person)
                times = (now.at, then.at if then else None)
                if times[0] is not None and times[1] is not None:
                    yield abs((times[0] - times[1]).total_seconds()) / 86_400


def answers_of_sides(
    answers: Sequence[Answer], history: History, before: LabelSchema, after: LabelSchema
) -> tuple[Side, Side, int]:
    """Return what was said before and after, and how many answers leave several labels or none.

    Before are answers under the older version, and under those before it that asked the same, or finer. After are
    those under the newer version, and under later ones that ask the same, or finer. Of a person's answers to an item
    the last one counts on each side.

    Args:
        answers: All answers of the task, in the order in which they came.
        history: Its versions.
        before: The older version.
        after: The newer one.
    """
    by_label = {id(each.label): each for each in answers}
    labels = [each.label for each in answers if each.label.role in ROLES and not each.label.near_test]
    known = {each.version for each in history}
    stood = [label for label in standing(labels) if label.schema_version in known]
    older = {each.version for each in before.lineage()}
    newer = {each.version for each in history if after.version in {old.version for old in each.lineage()}}
    sides, several = [], 0
    for schema, line in ((before, older), (after, newer)):
        reader = Reader(schema, history, Readings(history, schema.version))
        same = {label.schema_version for label in stood if label.schema_version in line}
        same = {version for version in same if version == schema.version or reader.asks_the_same(version)}
        side: Side = {}
        for read in reader.counted([label for label in stood if label.schema_version in same])[0]:
            if len(read.leaves) == 1:
                said = Said(next(iter(read.leaves)), by_label[id(read.label)])
                side.setdefault(read.key, {})[read.label.annotator] = said
            else:
                several += 1
        sides.append(side)
    return sides[0], sides[1], several


def asked_twice(
    before: Side,
    after: Side,
    *,
    several: int = 0,
    draws: Mapping[int, Batch],
    drawn: Mapping[int, Sequence[DrawnItem]],
) -> AskedTwice:
    """Return the items that can be compared: asked on both sides, on the same text, of two people or more.

    Calibration items are compared where there are enough of them, else all. Items that a draw went after because of
    what people had said of them are left out: people differ less on them the second time in any case.

    Args:
        before: What was said before.
        after: What was said after.
        several: Answers that leave several labels, or none.
        draws: The batches of the task.
        drawn: What is remembered of those that we drew.
    """
    after_answers = _by_what_was_said(after, draws, drawn)
    both = [key for key in after if key in before]
    chosen = [key for key in both if key in after_answers]
    same_text = {key: _on_the_same_text(before[key], after[key]) for key in both if key not in after_answers}
    revised = [key for key, (then, _) in same_text.items() if not then]
    usable = {key: pair for key, pair in same_text.items() if pair[0]}
    two = [key for key, pair in usable.items() if all(len(side) >= TWO for side in pair)]
    calibration = [key for key in two if _role(after[key]) == "calibration"]
    kept = calibration if len(calibration) >= ENOUGH_CALIBRATION else two
    first, then, same = _of_the_same_people({key: usable[key] for key in kept})
    roles = tuple(sorted({_role(after[key]) for key in kept}))
    others = {
        key: said
        for key, said in before.items()
        if key not in after and len(said) >= TWO and (not roles or _role(said) in roles)
    }
    return AskedTwice(
        first,
        then,
        others,
        roles,
        same,
        tuple(sorted({person for side in (first, then) for said in side.values() for person in said})),
        sum(len(said) >= TWO for key, said in before.items() if key not in after),
        sum(len(said) >= TWO for key, said in after.items() if key not in before),
        len(usable) - len(two),
        len(revised),
        len(chosen),
        several,
        _answers(usable[key] for key in kept) - _answers((first[key], then[key]) for key in first),
    )


def _by_what_was_said(after: Side, draws: Mapping[int, Batch], drawn: Mapping[int, Sequence[DrawnItem]]) -> set[Key]:
    """Return the items that a draw went after because of what people had said of them."""
    numbers = {number for number, batch in draws.items() if batch.purpose in BY_ANSWERS and batch.undone_at is None}
    found = {(draws[number].source, item.item_id) for number in numbers for item in drawn.get(number, ())}
    return found | {key for key, said in after.items() if any(e.answer.label.batch in numbers for e in said.values())}


def _on_the_same_text(before: dict[str, Said], after: dict[str, Said]) -> tuple[dict[str, Said], dict[str, Said]]:
    """Return the answers on the text that the last one after was given on."""
    revision = list(after.values())[-1].answer.label.revision
    then, now = (
        {person: said for person, said in side.items() if said.answer.label.revision == revision}
        for side in (before, after)
    )
    return then, now


def _of_the_same_people(items: Mapping[Key, tuple[dict[str, Said], dict[str, Said]]]) -> tuple[Side, Side, bool]:
    """Return the answers that the same person gave on both sides, if half of the items keep two people; else all."""
    first: Side = {}
    then: Side = {}
    for key, (before, after) in items.items():
        people = before.keys() & after.keys()
        if len(people) >= TWO:
            first[key] = {person: said for person, said in before.items() if person in people}
            then[key] = {person: said for person, said in after.items() if person in people}
    if 2 * len(first) >= len(items):
        return first, then, True
    return {key: pair[0] for key, pair in items.items()}, {key: pair[1] for key, pair in items.items()}, False


def _answers(items: Iterable[tuple[dict[str, Said], dict[str, Said]]]) -> int:
    return sum(len(before) + len(after) for before, after in items)


def _role(said: Mapping[str, Said]) -> str:
    """Return the role of the last answer on an item."""
    return _last(said).role


def _last(said: Mapping[str, Said]) -> HumanLabel:
    return list(said.values())[-1].answer.label

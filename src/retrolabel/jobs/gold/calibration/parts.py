"""What is asked in a round: the fixed part as it was, the rotated part anew, and what each person answers once more."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold.sampling import keyed
from retrolabel.jobs.records.calibration import AGAIN, FIXED, HONEYPOT, ROTATED, AskedItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrolabel.jobs.records.calibration import CalibrationSet
    from retrolabel.jobs.records.gold import Key

AGAIN_AFTER = 2
"""After how many rounds a person is asked the same again, at the earliest."""


@dataclass(frozen=True)
class Past:
    """What came before a round.

    Attributes:
        design: The set.
        asked: The number of each earlier round of the set -> what was asked in it; those taken back are left out.
        answered: The number of a round -> person -> the items that they answered in it.
        revisions: The item -> the digest of its text now, for those of the earlier rounds that are still there.
        comparable: The rounds whose answers can be compared with those of this one: no label changed its meaning.
    """

    design: CalibrationSet
    asked: Mapping[int, Sequence[AskedItem]]
    answered: Mapping[int, Mapping[str, frozenset[Key]]]
    revisions: Mapping[Key, str]
    comparable: frozenset[int]

    @property
    def fixed(self) -> list[AskedItem]:
        """The fixed part of the last round."""
        last = max(self.asked, default=None)
        return [] if last is None else [item for item in self.asked[last] if item.part == FIXED]

    def kept(self) -> list[AskedItem]:
        """Return the fixed part of the last round, without items that are gone or whose text was revised."""
        return [item for item in self.fixed if self._is_as_shown(item)]

    def gone(self) -> dict[Key, str]:
        """Return the items of the fixed part that cannot be asked as they were -> why."""
        return {
            item.key: "revised" if item.key in self.revisions else "deleted"
            for item in self.fixed
            if not self._is_as_shown(item)
        }

    def rotated(self) -> list[AskedItem]:
        """Return what was rotated so far and can be asked again: the least asked first, among equals the oldest."""
        times: dict[Key, int] = {}
        last: dict[Key, AskedItem] = {}
        for number in sorted(self.asked):
            for item in self.asked[number]:
                if item.part == ROTATED:
                    times[item.key] = times.get(item.key, 0) + 1
                    last.pop(item.key, None)
                    last[item.key] = item
        return sorted(
            (item for item in last.values() if self._is_as_shown(item)), key=lambda item: times[item.key]
        )  # a stable sort: the oldest first among equals

    def to_be_repeated(self, person: str, number: int) -> list[AskedItem]:
        """Return what a person answered once, long enough ago, and was not asked again: the oldest rounds first."""
        again = {
            item.key for items in self.asked.values() for item in items if item.part == AGAIN and item.person == person
        }
        found: dict[Key, AskedItem] = {}
        for earlier in sorted(self.asked):
            if earlier > number - AGAIN_AFTER or earlier not in self.comparable:
                continue
            said = self.answered.get(earlier, {}).get(person, frozenset())
            for item in self.asked[earlier]:
                if item.part == ROTATED and item.key in said - again and self._is_as_shown(item):
                    found.setdefault(item.key, item)
        return list(found.values())

    def honeypots_of(self, person: str) -> dict[Key, tuple[int, int]]:
        """Return the honeypots that a person was asked -> how often, and in which round last."""
        found: dict[Key, tuple[int, int]] = {}
        for number in sorted(self.asked):
            for item in self.asked[number]:
                if item.part == HONEYPOT and item.person == person:
                    found[item.key] = (found.get(item.key, (0, 0))[0] + 1, number)
        return found

    def _is_as_shown(self, item: AskedItem) -> bool:
        return self.revisions.get(item.key) == item.revision


@dataclass(frozen=True)
class Honeypot:
    """An item with gold that people may be asked, to see whether they give its label.

    Attributes:
        key: (source, item id).
        revision: Its content now, as its digest.
        people: Those whose answers its gold is from: others are asked first.
    """

    key: Key
    revision: str
    people: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Parts:
    """What is asked in a round.

    Attributes:
        items: The items: those for everybody, then those of each person.
        gone: Items of the fixed part that were replaced -> why.
        recycled: Items of the rotated part that were asked before, because no others are left.
        short: A part -> how many items it lacks; of a part that each person has their own of, at most.
    """

    items: tuple[AskedItem, ...]
    gone: Mapping[Key, str] = field(default_factory=dict)
    recycled: int = 0
    short: Mapping[str, int] = field(default_factory=dict)

    def of(self, person: str) -> list[AskedItem]:
        """Return what one person is asked, in the order of the parts."""
        return [item for item in self.items if item.person in (None, person)]


def wanted_anew(past: Past) -> int:
    """Return how many items have to be drawn: the rotated part, and what the fixed part lacks."""
    return past.design.rotated + past.design.fixed - len(past.kept())


def put_together(
    past: Past, *, number: int, people: Sequence[str], drawn: Sequence[AskedItem], honeypots: Sequence[Honeypot]
) -> Parts:
    """Return what is asked in a round.

    Args:
        past: What came before.
        number: The round.
        people: Who is asked.
        drawn: Items that were drawn for it, in an order that says nothing of them; their part is not looked at.
        honeypots: Items with gold, in the order in which they are taken.
    """
    design, kept = past.design, past.kept()
    lacking = max(0, design.fixed - len(kept))
    fixed = [*kept, *(replace(item, part=FIXED) for item in drawn[:lacking])]
    taken = {item.key for item in fixed}
    fresh = [replace(item, part=ROTATED) for item in drawn[lacking:][: design.rotated]]
    old = [item for item in past.rotated() if item.key not in taken | {each.key for each in fresh}]
    recycled = old[: design.rotated - len(fresh)]
    everybody = [*fixed, *fresh, *recycled]
    personal: list[AskedItem] = []
    for person in people:
        used = {item.key for item in everybody}
        again = _again(past, person, number, used)
        personal += again
        used |= {item.key for item in again}
        personal += _checks(past, person, [each for each in honeypots if each.key not in used])
    lacks = {
        FIXED: design.fixed - len(fixed),
        ROTATED: design.rotated - len(fresh) - len(recycled),
        **{
            part: _least(part, size, people, personal)
            for part, size in ((AGAIN, design.again), (HONEYPOT, design.honeypots))
        },
    }
    return Parts(
        (*everybody, *personal), past.gone(), len(recycled), {part: many for part, many in lacks.items() if many > 0}
    )


def shuffled(items: Sequence[AskedItem], key: str) -> list[AskedItem]:
    """Return items in an order that a key gives, and nothing else of them."""
    names = ["\0".join(item.key) for item in items]
    return [items[place] for place in np.argsort(keyed(names, key), kind="stable").tolist()]


def _key(past: Past, number: int, person: str, part: str) -> str:
    design = past.design
    return "\0".join([design.task, design.source, str(design.seed), str(number), person, part])


def _again(past: Past, person: str, number: int, used: set[Key]) -> list[AskedItem]:
    """Return what a person is asked again, a draw from the oldest of what they answered."""
    there = [item for item in past.to_be_repeated(person, number) if item.key not in used]
    pool = there[: 2 * past.design.again]  # the oldest, and no fixed order
    chosen = shuffled(pool, _key(past, number, person, AGAIN))[: past.design.again]
    return [replace(item, part=AGAIN, person=person) for item in chosen]


def _checks(past: Past, person: str, honeypots: Iterable[Honeypot]) -> list[AskedItem]:
    """Return the honeypots of a person: the least asked, then the longest ago, those last that they labelled."""
    before = past.honeypots_of(person)
    order = sorted(honeypots, key=lambda each: (*before.get(each.key, (0, 0)), person in each.people))
    return [AskedItem(HONEYPOT, *each.key, each.revision, person) for each in order[: past.design.honeypots]]


def _least(part: str, size: int, people: Sequence[str], personal: Sequence[AskedItem]) -> int:
    """Return how many items of a part the person lacks who has the fewest."""
    return max((size - sum(item.part == part and item.person == who for item in personal) for who in people), default=0)

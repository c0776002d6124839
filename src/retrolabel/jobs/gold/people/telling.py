"""What is said of the people who label a task, in sentences: neutral, and of the definitions first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import counted
from retrolabel.jobs.gold.people.measuring import LEAST_RANKED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from retrolabel.jobs.gold.people.figures import PeopleFigures, PersonFigures

MOST_APART, MOST_SAID = 5, 3
LEAST_SAID = 3
"""What was said fewer times than this is no habit."""


def told(found: PeopleFigures, called: Callable[[str], str] = str) -> Iterator[str]:
    """Yield the sentences: whose intervals part, who says what for what, who changed, what cannot be said.

    Args:
        found: The figures.
        called: What stands for a name.
    """
    yield from (f"{note[0].upper()}{note[1:]}." for note in found.notes)
    yield from _apart(found, called)
    for each in found.people:
        yield from _of_person(each, called(each.person))
    yield from _little(found, called)
    if found.open:
        yield (
            f"{counted(found.open, 'answer')} left out: several labels or none in {found.version}, or the label or the "
            "text changed since."
        )
    yield (
        "Low agreement is a message about the definitions first: two people who read them in two ways are both right. "
        "Nobody is ranked; the order is the alphabet's."
    )


def _apart(found: PeopleFigures, called: Callable[[str], str]) -> Iterator[str]:
    """Yield whose intervals part."""
    if found.as_ is not None or not any(each.judged.of for each in found.people) or found.count == 1:
        return
    if not found.apart:
        yield "No two people's intervals part: what differs between them may be chance."
        return
    shown = [f"{called(one)} and {called(other)}" for one, other in found.apart[:MOST_APART]]
    further = f", and {len(found.apart) - MOST_APART:,} further pairs (--json)" if found.apart[MOST_APART:] else ""
    yield f"Intervals part between {'; '.join(shown)}{further}: they use the labels in different ways."


def _of_person(each: PersonFigures, name: str) -> Iterator[str]:
    """Yield what a person says for what, and whether they changed."""
    habits = [e for e in each.said_for if e.times >= LEAST_SAID][:MOST_SAID]
    if habits:
        listed = "; ".join(f"{e.said} where {e.known} is known {e.times} of {e.share.of} times" for e in habits)
        yield f"{name} says {listed}."
    drift = each.drift
    if drift.seen:
        first, second = drift.first, drift.second
        yield (
            f"{name}'s answers changed: {first.right} of {first.of} as known in the first half, {second.right} of "
            f"{second.of} in the second. Items and definitions may have changed too."
        )


def _little(found: PeopleFigures, called: Callable[[str], str]) -> Iterator[str]:
    """Yield of whom little is known, and how much is missing."""
    few = [each for each in found.people if each.judged.of < LEAST_RANKED]
    if not few or not any(each.judged.of for each in found.people):
        return
    listed = ", ".join(f"{called(each.person)} ({each.more:,})" for each in few[:MOST_APART])
    further = ", ..." if few[MOST_APART:] else ""
    yield (
        f"Too little is known of {listed}{further}: in brackets, the judged answers that are missing until the "
        "interval is ten points to each side. Until then they are taken to be like the others."
    )

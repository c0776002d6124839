"""Which proposals are found again: a group of rationales keeps its proposal when new gold comes.

A group is a proposal's when more than half of the smaller one of both are the same answers; where it shares too few
answers with any, when it stands between the same two labels and has most of its words. A proposal that waits for a
person takes one group, the one that shares most. One that a person decided takes every group of which more than half
was decided with it: what was rejected does not come back in parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Sequence

HALF = 0.5
NEWS = 5
"""The items that must be new before a proposal is open again that a person decided."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for a proposal, or for what may become one.

    Attributes:
        answers: The answers.
        pair: The labels on its items.
        words: The words that tell it.
        decided: Whether a person decided it.
    """

    answers: frozenset[Hashable]
    pair: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    decided: bool = False


def found_again(new: Sequence[Evidence], kept: Sequence[Evidence]) -> list[int | None]:
    """Return for each group the place of the proposal that it is; None where it is a new one.

    Args:
        new: What was found.
        kept: The proposals that there are.

    Example:
        >>> old = Evidence(frozenset("abcd"), decided=True)
        >>> found_again([Evidence(frozenset("ab")), Evidence(frozenset("cdx")), Evidence(frozenset("dyz"))], [old])
        [0, 0, None]
    """
    shared = [
        (overlap, len(each.answers & one.answers), -row, -place)
        for row, each in enumerate(new)
        for place, one in enumerate(kept)
        if (overlap := _overlap(each, one)) > HALF
    ]
    found: list[int | None] = [None] * len(new)
    taken: set[int] = set()
    for _, _, row, place in sorted(shared, reverse=True):
        if found[-row] is None and (kept[-place].decided or -place not in taken):
            found[-row] = -place
            taken.add(-place)
    return found


def _overlap(new: Evidence, kept: Evidence) -> float:
    """Return how far two are the same, from 0 to 1; up to .75 by words."""
    both = len(new.answers & kept.answers)
    of = len(new.answers) if kept.decided else min(len(new.answers), len(kept.answers))
    by_answers = both / of if of else 0.0
    if by_answers > HALF or set(new.pair[:2]) != set(kept.pair[:2]) or not new.words or not kept.words:
        return by_answers
    alike = len(new.words & kept.words) / min(len(new.words), len(kept.words))
    return alike * 0.75 if alike > HALF else by_answers


def comes_back(items: Collection[Hashable], decided: Collection[Hashable]) -> bool:
    """Return whether so much speaks for a proposal since it was decided that a person should look again.

    As many new items as there were then, and five at least.

    Args:
        items: All items that speak for it now.
        decided: Those that spoke for it when it was decided.

    Example:
        >>> comes_back(range(12), range(6)), comes_back(range(11), range(6)), comes_back(range(6), range(2))
        (True, False, False)
    """
    return len(set(items) - set(decided)) >= max(NEWS, len(set(decided)))

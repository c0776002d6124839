"""Counts the items of which two things are said, and keeps the first few."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrolabel.jobs.records.checks import Check, Differs
from retrolabel.jobs.records.decisions import FAILED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

FIRST = 3
"""Items that are kept."""


class Told(NamedTuple):
    """What is said of some items.

    Attributes:
        numbers: What it is of each, in numbers that both who are compared use.
        word: Row -> what it is, for people.
    """

    numbers: npt.NDArray[np.generic]
    word: Callable[[int], str]


class Tally:
    """Items on which what is held and what comes out again differ.

    Attributes:
        items: How many there are.
        first: The first of them.

    Example:
        >>> tally = Tally()
        >>> held = Told(np.array([1, 2]), ["bug", "praise"].__getitem__)
        >>> tally.add("web", ["7", "8"], held, Told(np.array([1, 0]), ["bug", "(abstains)"].__getitem__))
        >>> tally.items, str(tally.first[0])
        (1, 'web/8 has praise, again (abstains)')
    """

    def __init__(self) -> None:
        self.items = 0
        self.first: list[Differs] = []

    def add(self, source: str, ids: Sequence[str], held: Told, again: Told) -> None:
        """Count the items of which two things are said.

        Args:
            source: Their source.
            ids: Their ids.
            held: What is held of them.
            again: What it is again.
        """
        differ = np.flatnonzero(held.numbers != again.numbers)
        self.items += len(differ)
        for row in differ[: FIRST - len(self.first)].tolist():
            self.first.append(Differs(f"{source}/{ids[row]}", held.word(row), again.word(row)))

    def failed(self, name: str, what: str) -> Check:
        """Return that what was checked does not hold.

        Args:
            name: What was checked.
            what: What is wrong with so many items.
        """
        items = f"{self.items:,} item{'' if self.items == 1 else 's'}"
        return Check(name, FAILED, f"{items}: {what}: {'; '.join(map(str, self.first))}", self.items, tuple(self.first))

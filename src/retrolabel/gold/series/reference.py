"""What a point is held against: the points before it, kept together so that a long series is gone through once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold.series.innovations import innovation
from retrolabel.gold.series.people_apart import Tally, habits, tally_of, without_habits

if TYPE_CHECKING:
    from retrolabel.gold.series.innovations import Innovation
    from retrolabel.gold.series.scores import Asked, Bools, Floats, Score

KNOWN = 20
"""Items that a person answered in common with others before they are a part of a point."""
REFERENCE = 50
"""Answered items of the periods before that a point is held against, at least."""


@dataclass(eq=False)
class Brought:
    """What a point brings: the answers, and what is computed of them.

    Attributes:
        asked: The answers.
        score: Which disagreement is looked at.
        scores: float [n]: the scores of its items, for all who answered.
        own: float [people, n]: how far each person lies from the others.
    """

    asked: Asked
    score: Score
    scores: Floats = field(init=False)
    own: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.scores, self.own = self.score.of(self.asked.codes)

    @property
    def items(self) -> int:
        """How many items say anything."""
        return int(np.isfinite(self.scores).sum())

    @property
    def answered(self) -> Floats:
        """On how many of them each person has an answer beside others': float [people]."""
        return np.asarray(np.isfinite(self.own).sum(axis=1), dtype=float)

    def of(self, known: Bools) -> tuple[Floats, Floats]:
        """Return scores and the distances of each person, of the people who are known."""
        strangers = ~known & (self.asked.codes >= 0).any(axis=1)
        if not strangers.any():
            return self.scores, self.own
        return self.score.of(np.where(known[:, None], self.asked.codes, -1))


class Reference:
    """The points that the next one is held against, as the people say who are known from them."""

    def __init__(self) -> None:
        self._parts: list[Brought] = []
        self._known: Bools | None = None
        self._count = 0
        self._scores: list[Floats] = []
        self._own: list[Floats] = []
        self._items: list[np.ndarray] = []
        self._tally: Tally | None = None
        self._answered: Floats | None = None

    def add(self, part: Brought) -> None:
        """Let a point be one of those before."""
        self._parts.append(part)
        self._answered = part.answered if self._answered is None else self._answered + part.answered

    def without(self, parts: list[Brought]) -> None:
        """Take points out: those of a fall."""
        gone = {id(each) for each in parts}
        self._parts = [each for each in self._parts if id(each) not in gone]
        self._answered = sum((each.answered for each in self._parts), start=np.zeros(len(parts[0].own)))
        self._known = None

    def look(self, now: Brought, least: int) -> tuple[Innovation | None, int, str]:
        """Return how far a point is from those before, its items, and why nothing can be said.

        Args:
            now: The point.
            least: Items that it needs.
        """
        if self._answered is None or not self._parts:
            return None, now.items, "the first: there is nothing before it"
        known = self._answered >= KNOWN
        self._read(known)
        many = sum(map(len, self._scores))
        if many < REFERENCE:
            return None, now.items, f"{many} answered items before it, of {REFERENCE}"
        score, own = now.of(known)
        here = np.isfinite(score)
        if here.sum() < least:
            return None, now.items, f"{int(here.sum())} items of people who are known from before, of {least}"
        self._scores, self._own = [np.concatenate(self._scores)], [np.concatenate(self._own, axis=1)]
        self._items = [np.concatenate(self._items)]
        added = habits(self._tally) if now.score.person is None and self._tally is not None else None
        looked = innovation(
            without_habits(self._scores[0], self._own[0], added),
            self._items[0],
            without_habits(score, own, added)[here],
            now.asked.items[here],
        )
        return looked, int(here.sum()), ""

    def _read(self, known: Bools) -> None:
        """Read the points that came since the last look; all of them again, where other people are known by now."""
        if self._known is None or not np.array_equal(known, self._known):
            self._known, self._tally, self._count = known, None, 0
            self._scores, self._own, self._items = [], [], []
        for part in self._parts[self._count :]:
            scores, own = part.of(known)
            there = np.isfinite(scores)
            self._scores.append(scores[there])
            self._own.append(own[:, there])
            self._items.append(part.asked.items[there])
            mine = tally_of(own[:, there])
            self._tally = mine if self._tally is None else self._tally + mine
        self._count = len(self._parts)

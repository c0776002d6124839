"""A series of periods on control charts: each point in standard errors, the sums of it, and what they signal.

What a point is held against is all that came before it, but for the periods of a fall that was signalled: these stay
out, so that a fall does not become what is expected, and the sum starts at 0 again. Points of a fall that nothing
signalled yet are in. To leave those out too finds a slow fall 1.5 weeks earlier, and has five times as many false
alarms. Someone whom the periods before do not know (a newcomer) is no part of a point
until they do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold.series.control_charts import LIMIT, H, K, stepped
from retrolabel.gold.series.innovations import innovation
from retrolabel.gold.series.people_apart import habits, without_habits
from retrolabel.gold.series.scores import pooled, together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.gold.series.innovations import Innovation
    from retrolabel.gold.series.scores import Asked, Bools, Codes, Floats, Score

LEAST = 15
"""Items that a point needs; periods of fewer are taken together."""
REFERENCE = 50
"""Answered items of the periods before that a point is held against, at least."""
KNOWN = 20
"""Items that a person answered in common with others before they are a part of a point."""
SUM, SHEWHART = "CUSUM", "Shewhart"


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a chart.

    Attributes:
        first: The place of its first period.
        last: That of its last one.
        z: Agreement in standard errors from what was expected; NaN where nothing can be held against it.
        up: The upper sum.
        down: The lower sum.
        signal: ``CUSUM`` or ``Shewhart`` where people agree less than before, beyond chance; else empty.
        rise: The same where they agree more.
        since: The place of the first period of the fall, most likely, where there is a signal.
        n: Items.
        score: What was found and what was expected; None where there is no z.
        why: Why there is no z; empty otherwise.
    """

    first: int
    last: int
    z: float
    up: float
    down: float
    signal: str
    rise: str
    since: int
    n: int
    score: Innovation | None
    why: str = ""


@dataclass
class _Part:
    """What a point brings: the answers, and what was computed of them for the people who are known."""

    asked: Asked
    score: Score
    whole: tuple[Floats, Floats] = field(init=False)

    def __post_init__(self) -> None:
        self.whole = self.score.of(self.asked.codes)

    def of(self, known: Bools) -> tuple[Codes, Floats, Floats]:
        """Return answers, scores and the distances of each person, of the people who are known."""
        codes = self.asked.codes
        strangers = ~known & (codes >= 0).any(axis=1)
        if not strangers.any():
            return codes, *self.whole
        codes = np.where(known[:, None], codes, -1)
        return codes, *self.score.of(codes)


def charted(  # noqa: PLR0913 - what is watched, and where it signals
    periods: Sequence[Asked], score: Score, *, k: float = K, h: float = H, limit: float = LIMIT, least: int = LEAST
) -> tuple[Point, ...]:
    """Return the points of a series, oldest first.

    Args:
        periods: What people said in each period, without a change of meaning between them.
        score: Which disagreement is watched.
        k: The allowance of the CUSUM, in standard errors.
        h: Where the CUSUM signals.
        limit: Where a point alone signals.
        least: Items that a point needs.

    Example:
        >>> from retrolabel.gold.series.scores import Asked, Score, nominal
        >>> rng = np.random.default_rng(0)
        >>> def week(t, wrong):
        ...     truth = rng.integers(0, 2, 40)
        ...     codes = np.where(rng.random((3, 40)) < wrong, 1 - truth, truth).astype(np.int32)
        ...     return Asked(codes, np.arange(40) + 40 * t)
        >>> points = charted([week(t, 0.05 if t < 12 else 0.2) for t in range(16)], Score(nominal(2)))
        >>> [point.last for point in points if point.signal]
        [12, 13, 14, 15]
    """
    return tuple(_Walk(k, h, limit).through(periods, score, least))


class _Walk:
    """Goes through the points of a series, and knows which of them the next one is held against."""

    def __init__(self, k: float, h: float, limit: float) -> None:
        self.k, self.h, self.limit = k, h, limit
        self.up = self.down = 0.0
        self.falling: list[float] = []
        """How far below what was expected the points are since the lower sum left 0."""

    def through(self, periods: Sequence[Asked], score: Score, least: int) -> list[Point]:
        parts: list[_Part] = []
        spans = pooled(periods, score, least)
        fallen: set[int] = set()
        found: list[Point] = []
        for place, (first, last) in enumerate(spans):
            part = _Part(together(periods[first : last + 1]), score)
            against = [parts[n] for n in range(place) if n not in fallen]
            looked, n, why = _looked(against, part, least)
            z = math.nan if looked is None else looked.z
            self.up, self.down = stepped(self.up, z, self.k), stepped(self.down, -z, self.k)
            signal = SUM if self.down > self.h else SHEWHART if z < -self.limit else ""
            rise = SUM if self.up > self.h else SHEWHART if z > self.limit else ""
            self.falling.append(-z)
            begun = place + 1 - _length(self.falling) if signal else place
            since = spans[begun][0] if signal else -1
            found.append(Point(first, last, z, self.up, self.down, signal, rise, since, n, looked, why))
            parts.append(part)
            if signal:
                fallen |= set(range(begun, place + 1))
                self.down = 0.0
            if rise:
                self.up = 0.0
            if not self.down:
                self.falling.clear()
        return found


def _length(falling: Sequence[float]) -> int:
    """Return of how many points a fall is, most likely: those of a run whose mean is furthest from 0 in its errors."""
    tail = np.cumsum(np.nan_to_num(falling[::-1]))
    return int(np.argmax(tail / np.sqrt(np.arange(1, len(tail) + 1)))) + 1


def _looked(before: Sequence[_Part], now: _Part, least: int) -> tuple[Innovation | None, int, str]:
    """Return how far a point is from those before, its items, and why nothing can be said."""
    n = int(np.isfinite(now.whole[0]).sum())
    if not before:
        return None, n, "the first: there is nothing before it"
    many = sum(np.isfinite(each.whole[1]).sum(axis=1) for each in before)
    known = np.asarray(many >= KNOWN)
    past = [each.of(known) for each in before]
    scores = [scores for _, scores, _ in past]
    there = [np.isfinite(each) for each in scores]
    items = sum(int(each.sum()) for each in there)
    if items < REFERENCE:
        return None, n, f"{items} answered items before it, of {REFERENCE}"
    _, score, own = now.of(known)
    here = np.isfinite(score)
    if here.sum() < least:
        return None, n, f"{int(here.sum())} items of people who are known from before, of {least}"
    added = habits([far for _, _, far in past]) if now.score.person is None else None
    plain = [without_habits(each, far, added) for _, each, far in past]
    looked = innovation(
        np.concatenate([each[at] for each, at in zip(plain, there, strict=True)]),
        np.concatenate([part.asked.items[at] for part, at in zip(before, there, strict=True)]),
        without_habits(score, own, added)[here],
        now.asked.items[here],
    )
    return looked, int(here.sum()), ""

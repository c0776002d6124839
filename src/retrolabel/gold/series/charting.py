"""A series of periods on control charts: each point in standard errors, the sums of it, and what they signal.

What a point is held against is all that came before it, but for the periods of a fall that was signalled: these stay
out, so that a fall does not become what is expected, and the sum starts at 0 again. Points of a fall that nothing
signalled yet are in. To leave those out too finds a slow fall 1.5 weeks earlier, and has five times as many false
alarms. Someone whom the periods before do not know (a newcomer) is no part of a point
until they do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold.series.control_charts import LIMIT, H, K, stepped
from retrolabel.gold.series.reference import Brought, Reference
from retrolabel.gold.series.scores import pooled, together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.gold.series.innovations import Innovation
    from retrolabel.gold.series.scores import Asked, Score

LEAST = 15
"""Items that a point needs; periods of fewer are taken together."""
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
        parts: list[Brought] = []
        spans = pooled(periods, score, least)
        reference = Reference()
        found: list[Point] = []
        for place, (first, last) in enumerate(spans):
            part = Brought(together(periods[first : last + 1]), score)
            looked, n, why = reference.look(part, least)
            z = math.nan if looked is None else looked.z
            self.up, self.down = stepped(self.up, z, self.k), stepped(self.down, -z, self.k)
            signal = SUM if self.down > self.h else SHEWHART if z < -self.limit else ""
            rise = SUM if self.up > self.h else SHEWHART if z > self.limit else ""
            self.falling.append(-z)
            begun = place + 1 - _length(self.falling) if signal else place
            since = spans[begun][0] if signal else -1
            found.append(Point(first, last, z, self.up, self.down, signal, rise, since, n, looked, why))
            parts.append(part)
            reference.add(part)
            if signal:
                reference.without(parts[begun:])
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

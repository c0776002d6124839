"""From the signals of charts to alarms: signals of one fall are one alarm, until newer answers say that it is over."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold.series.control_charts import K
from retrolabel.gold.series.scores import Score, of_two
from retrolabel.gold.series.signals import behind
from retrolabel.jobs.gold.series.records import ALL, Alarm, Chart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.gold.series.charting import Point
    from retrolabel.gold.series.scores import Floats
    from retrolabel.jobs.gold.series.periods import Period, Stretch

AFTER = 2
"""So many points after the last signal say whether people agree as before again."""


@dataclass
class _Fall:
    """Signals that tell of one fall: the first one says since when, the last one until when at least."""

    first: int
    signals: list[tuple[int, Chart, Point]] = field(default_factory=list)

    @property
    def chart(self) -> Chart:
        """The chart that speaks for the fall: that of all people where it signalled, else the first one that did."""
        charts = [chart for _, chart, _ in self.signals]
        return next((each for each in charts if each.kind == ALL), charts[0])

    @property
    def by(self) -> str:
        """How that chart signalled first."""
        return next(point.signal for _, chart, point in self.signals if chart is self.chart)

    def over(self, until: int) -> bool:
        """Return whether the points after the last signal, up to a period, say that people agree as before."""
        last = self.signals[-1][0]
        for chart in {id(chart): chart for _, chart, _ in self.signals}.values():
            z = [each.z for each in chart.points if last < each.first and each.last < until and not math.isnan(each.z)]
            if len(z) < AFTER or float(np.mean(z)) <= -K:
                return False
        return True


def alarms_of(stretch: Stretch, charts: Sequence[Chart], apart: Floats, *, last: bool) -> tuple[Alarm, ...]:
    """Return the alarms of the charts of a stretch, oldest first.

    A fall is over where the points after its last signal, two at least, are nearer to what was before than to a fall
    of one sigma; and where a change of meaning came.

    Args:
        stretch: The answers.
        charts: Those that may raise an alarm.
        apart: How far labels lie apart.
        last: Whether no change of meaning came since.
    """
    signals = [(point.last, chart, point) for chart in charts for point in chart.points if point.signal]
    falls: list[_Fall] = []
    for period, chart, point in sorted(signals, key=lambda each: each[0]):
        if not falls or falls[-1].over(period):
            falls.append(_Fall(point.since))
        falls[-1].signals.append((period, chart, point))
    end, told, fallen = len(stretch.periods), [], set[int]()
    for fall in falls:
        over = not last or fall.over(end)
        mine = range(fall.first, fall.signals[-1][0] + 1 if over else end)
        before = [n for n in range(fall.first) if n not in fallen] or list(range(fall.first))
        told.append(_alarm(stretch, fall, apart, (before, mine), over=over))
        fallen |= set(mine)
    return tuple(told)


def _alarm(
    stretch: Stretch, fall: _Fall, apart: Floats, at: tuple[Sequence[int], Sequence[int]], *, over: bool
) -> Alarm:
    before, mine = ([stretch.periods[n] for n in each] for each in at)
    values, people = stretch.values, stretch.people
    places = [values.index(each) for each in fall.chart.of]
    score = Score(apart) if fall.chart.kind == ALL else of_two(len(values), places[0], places[1])
    found = behind([each.asked for each in before], [each.asked for each in mine], score)
    now, then = _answering(mine), _answering(before)
    return Alarm(
        version=stretch.version,
        kind=fall.chart.kind,
        chart=fall.chart.name,
        by=fall.by,
        period=stretch.periods[fall.signals[0][0]].name,
        first=mine[0].name,
        since=min(each.since for each in mine),
        until=max(each.until for each in mine),
        items=sum(int(((each.asked.codes >= 0).sum(axis=0) > 1).sum()) for each in mine),
        before=found.before,
        now=found.now,
        pair=tuple(values[each] for each in found.pair or ()),
        pair_before=found.pair_before,
        pair_now=found.pair_now,
        people=tuple(people[who] for who in found.people),
        answered=tuple(name for name, here in zip(people, now, strict=True) if here),
        newcomers=tuple(name for name, here, there in zip(people, now, then, strict=True) if here and not there),
        talk=tuple(stretch.items[item] for item in found.items),
        over=over,
    )


def _answering(periods: Sequence[Period]) -> list[bool]:
    """Return for each person whether they answered in one of the periods."""
    return [any((each.asked.codes[who] >= 0).any() for each in periods) for who in range(len(periods[0].asked.codes))]

"""What is told of a series: one event for a fall, with the period, the labels, the people, and the items."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from retrolabel.errors import counted
from retrolabel.jobs.gold.series.records import ALL
from retrolabel.jobs.records.events import GOLD_ALARM, Event, once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.gold.series.records import AgreementSeries, Alarm

WATCHES = 4
"""So many points of a chart of all people, held against those before, and it watches alone."""
MOST = 3
"""People that a sentence names."""


def watches(series: AgreementSeries) -> bool:
    """Return whether the charts of a series are long enough to watch agreement: then nobody else has to."""
    chart = series.parts[-1].chart(ALL) if series.parts else None
    return chart is not None and chart.held >= WATCHES


def series_alarm(series: AgreementSeries, last: Event | None, at: datetime) -> Event | None:
    """Return what is told of the newest fall, once; ``None`` where there is none, or it is over, or was told.

    Args:
        series: The series.
        last: What was told last of the agreement of the task's people, by whatever look.
        at: Now.
    """
    alarm = series.alarm
    if alarm is None:
        return None
    if last is not None and last.subject == alarm.version and _until(last) >= alarm.since:
        return None
    key = once(GOLD_ALARM, series.task, alarm.version, series.source, series.role, alarm.first)
    command = f"retrolabel gold series {series.task}"
    data = {**alarm.as_dict(), "source": series.source, "role": series.role, "next": command}
    return Event(GOLD_ALARM, series.task, alarm.version, said_of(series.task, alarm), at, data, key)


def _until(event: Event) -> datetime:
    return datetime.fromisoformat(str(event.data["until"]))


def said_of(task: str, alarm: Alarm) -> str:
    """Return in some sentences where people agree less, since when, and what there is to talk about.

    Args:
        task: The task.
        alarm: What the charts showed.
    """
    return f"{fall_of(task, alarm)} {people_of(alarm)} It is a signal about the spec, not about a person."


def fall_of(task: str, alarm: Alarm) -> str:
    """Return in a sentence or two where people agree less and since when, without who they are.

    Args:
        task: The task.
        alarm: What the charts showed.
    """
    what = "agree" if alarm.kind == ALL else f"tell {' and '.join(alarm.pair)} apart"
    since = "" if alarm.first == alarm.period else f", since about {alarm.first}"
    told = (
        f"People {what} less on {task} {alarm.version} in {alarm.period}{since}: two of them agree in"
        f" {_percent(alarm.now)} of {counted(alarm.items, 'item')}, after {_percent(alarm.before)}."
    )
    if alarm.pair:
        told += (
            f" They differ most between {alarm.pair[0]} and {alarm.pair[1]}:"
            f" {_percent(alarm.pair_now)} of the time, after {_percent(alarm.pair_before)}."
        )
    return told


def people_of(alarm: Alarm) -> str:
    """Return in a sentence who stands out, if anybody does, and who is new."""
    if alarm.people:
        told = f"Answers of {_and(alarm.people[:MOST])} differ from the rest most."
    elif len(alarm.answered) > 2:  # noqa: PLR2004 - of two nothing says who differs
        told = f"Nobody of {_and(alarm.answered)} stands out." if len(alarm.answered) <= MOST else "Nobody stands out."
    else:
        told = f"{_and(alarm.answered)} answered; of two people nothing says who differs."
    return f"{told} New among them: {_and(alarm.newcomers[:MOST])}." if alarm.newcomers else told


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def headline(found: AgreementSeries) -> str:
    """Return in a few words what there is to see in a series.

    Args:
        found: The series.
    """
    alarm, last = found.alarm, found.parts[-1]
    if alarm is not None:
        what = "agree less" if alarm.kind == ALL else f"tell {' and '.join(alarm.pair)} apart less"
        return f"{found.task} {alarm.version}: people {what} since about {alarm.first}"
    chart = last.chart(ALL)
    if chart is None or not chart.held:
        return f"{found.task} {last.version}: too few periods for a chart yet"
    since = last.periods[0].name
    return f"{found.task} {last.version}: no alarm stands; {counted(len(last.periods), 'period')} since {since}"

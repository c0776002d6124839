"""Drift: what of the newest feedback is not as it was, and what that asks for.

Firing rates of labeling functions, shares of labels and of sources, lengths and words of texts: each share of the
newest window of weeks is held against those of the weeks before, and against what the weeks show when they are
exchanged (:mod:`retrolabel.analysis.drift_null`). No share has a threshold of its own. A label, a vote or a source may
have changed within the window before: the weeks from there on that show it best are taken together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.analysis.drift_alarms import Alarm, Found, alarms_of, percent
from retrolabel.analysis.drift_families import FEWEST, GROUPS, NAMED, families, frequent, name_of
from retrolabel.analysis.drift_null import differences, ways_to_choose
from retrolabel.analysis.drift_weeks import FEWEST_BEFORE, first_day, median_length
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    import numpy.typing as npt
    import pandas as pd

    from retrolabel.analysis.drift_families import Looked
    from retrolabel.analysis.drift_null import Differences
    from retrolabel.analysis.drift_weeks import Weeks

    Flags = npt.NDArray[np.bool_]
    Namer = Callable[[str, Sequence[int]], Mapping[int, str]]

MONTH = 4
"""Weeks of a month, as far as false alarms are promised by month."""
DRIFTED, STABLE, OPEN = "drifted", "stable", "open"


@dataclass(frozen=True, eq=False)
class Drift:
    """What of the newest feedback is not as it was.

    Attributes:
        state: ``drifted``, ``stable``, or ``open`` where there is too little to judge by.
        why: Why it is open; of which weeks it speaks otherwise.
        first: The first day that was looked at; ``None`` where no window is over.
        start: The first day of the window.
        end: Its last day.
        items: The items of the window.
        items_before: The items of the weeks before.
        level: How often a stable window raises any alarm.
        looked: How many shares were looked at.
        rare: How many labels, votes and sources were not, since fewer than 20 items speak of them.
        alarms: What drifted, the most surprising first.
        shares: A row for each share that was looked at (:meth:`frame`).
    """

    state: str
    why: str
    first: date | None = None
    start: date | None = None
    end: date | None = None
    items: int = 0
    items_before: int = 0
    level: float = 0.05
    looked: int = 0
    rare: int = 0
    alarms: tuple[Alarm, ...] = ()
    shares: tuple[Found, ...] = ()

    def frame(self) -> pd.DataFrame:
        """Return a row for each share that was looked at; words only as far as they drifted.

        Columns: ``kind``, ``column``, ``what``, ``since``, ``before``, ``now``, ``low``, ``high``,
        ``standard_errors``, ``p``, ``alarm``.
        """
        import pandas as pd  # noqa: PLC0415 - slow to import, and not needed for the alarms

        columns = ["kind", "column", "what", "since", "before", "now", "low", "high"]
        columns += ["standard_errors", "p", "alarm"]
        rows = [(f.kind, f.column, f.told, f.since, *f.figures, f.p <= self.level) for f in self.shares]
        return pd.DataFrame(rows, columns=columns)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        days = {"reference_from": self.first, "window_from": self.start, "window_to": self.end}
        return {
            "state": self.state,
            "why": self.why,
            **{name: None if day is None else str(day) for name, day in days.items()},
            "items": self.items,
            "items_before": self.items_before,
            "false_alarms": self.level,
            "looked_at": self.looked,
            "too_rare": self.rare,
            "alarms": [alarm.as_dict() for alarm in self.alarms],
        }


def drift(
    weeks: Weeks | None, *, task: str = "TASK", false_alarms: float = 0.05, name: Namer | None = None, seed: int = 0
) -> Drift:
    """Return what of the newest window is not as it was before.

    Args:
        weeks: The feedback by week; ``None`` where no window is over.
        task: The task, for the commands that are named.
        false_alarms: In which share of stable months there may be any alarm. A window of fewer than four weeks gets
            its part of it, so that a month stays what it is.
        name: Returns the words of some places of a column's table.
        seed: Another seed exchanges weeks in other ways.

    Example:
        >>> from retrolabel.analysis.drift_weeks import Span, Weeks
        >>> items = np.full(16, 500)
        >>> bugs = np.array([100, 104, 98, 101, 97, 102, 99, 103, 100, 96, 101, 99, 160, 155, 162, 158])
        >>> table = np.column_stack([bugs, (500 - bugs) // 2, 500 - bugs - (500 - bugs) // 2])
        >>> weeks = Weeks(Span(0, 12, 16), items, ("bug", "idea", "praise"), table)
        >>> found = drift(weeks)
        >>> found.state, found.alarms[0].what, round(found.alarms[0].before, 2), round(found.alarms[0].now, 2)
        ('drifted', 'bug', 0.2, 0.32)
    """
    if weeks is None:
        return Drift(OPEN, "no window of whole weeks is over that has whole weeks before it")
    width = weeks.span.end - weeks.span.window
    level = false_alarms * min(1.0, width / MONTH)
    before, now = _which(weeks, width)
    newest = int(now.sum())
    about: dict[str, Any] = {
        "first": first_day(weeks.span.first),
        "start": first_day(weeks.span.window),
        "end": first_day(weeks.span.end - 1, day=6),
        "items": int(weeks.items[now].sum()),
        "items_before": int(weeks.items[before].sum()),
        "level": level,
    }
    why = _too_little(int(before.sum()), newest, width, level)
    if why:
        return Drift(OPEN, why, **about)
    found, rare = _judged(weeks, before, now, seed)
    if not found:
        return Drift(OPEN, f"fewer than {FEWEST} items speak of each share", **about)
    shares = tuple(_told(found, weeks, (before, now), level, name))
    alarms = alarms_of([each for each in shares if each.p <= level], task, str(about["start"]))
    about["looked"], about["rare"] = sum(len(each.names) for each, _ in found), rare
    why = f"{counted(newest, 'week')} held against {counted(int(before.sum()), 'week')} before"
    return Drift(DRIFTED if alarms else STABLE, why, alarms=alarms, shares=shares, **about)


def _which(weeks: Weeks, width: int) -> tuple[Flags, Flags]:
    """Return the weeks before and those of the window, bool [W] each: those that have items.

    The window just before is left out where there are enough without it: a change that began in the midst of it would
    be on both sides, and hide itself.
    """
    there = weeks.items > 0
    before, now = there.copy(), there.copy()
    now[:-width] = False
    before[-width:] = False
    if before[: -2 * width].sum() >= FEWEST_BEFORE * width:
        before[-2 * width :] = False
    return before, now


def _judged(weeks: Weeks, before: Flags, now: Flags, seed: int) -> tuple[list[tuple[Looked, Differences]], int]:
    """Return the shares with what they did, and how many labels, votes and sources are too rare to be judged.

    Each group has half of the false alarms. Of labels, votes and sources the window before, where it is left out,
    is not: each number of weeks is tried, from those of the window to those of both.
    """
    found: list[tuple[Looked, Differences]] = []
    newest, rare = int(now.sum()), 0
    left_out = (weeks.items > 0) & ~(before | now)
    for kinds in GROUPS:
        kept, longest = before | now, newest
        if kinds == NAMED:
            kept, longest = kept | left_out, newest + int(left_out.sum())
        every = [each for each in families(weeks, kept) if each.kind in kinds]
        looked = [each for each in map(frequent, every) if each.names]
        rare += (sum(len(each.names) for each in every) - sum(len(each.names) for each in looked)) * (kinds == NAMED)
        did = differences([each.family for each in looked], newest, longest=longest, seed=seed)
        found += [
            (one, replace(its, p=np.minimum(1.0, len(GROUPS) * its.p))) for one, its in zip(looked, did, strict=True)
        ]
    return found, rare


def _too_little(before: int, newest: int, width: int, level: float) -> str:
    """Return why the weeks cannot be judged; nothing where they can."""
    if not newest:
        return "the newest window has no items"
    if before < FEWEST_BEFORE * width:
        needed = counted(FEWEST_BEFORE * width, "week")
        return f"{counted(before, 'week')} with items before the window, and {needed} are needed"
    if len(ways_to_choose(before + newest, newest)) * level < len(GROUPS):
        weeks = counted(before + newest, "week")
        return f"{weeks} can be exchanged in too few ways to tell {percent(level)} from chance: take a longer window"
    return ""


def _told(
    found: Sequence[tuple[Looked, Differences]],
    weeks: Weeks,
    which: tuple[Flags, Flags],
    level: float,
    name: Namer | None,
) -> Iterator[Found]:
    """Yield the shares with what they did; of words those that drifted."""
    inside = np.flatnonzero(weeks.items > 0)
    for each, did in found:
        places, names, medians = list(range(len(each.names))), dict[int, str](), None
        if each.kind == "words":
            places = np.flatnonzero(did.p <= level).tolist()
            wanted = [int(each.names[place]) for place in places]
            names = dict(name(each.column, wanted)) if name and wanted else {}
        if each.kind == "length":
            before, now = (median_length(weeks.texts[each.column].lengths[of].sum(axis=0)) for of in which)
            medians = (before, now)
        for place in places:
            figures = tuple(float(v[place]) for v in (did.before, did.now, did.low, did.high, did.standard, did.p))
            since = str(first_day(weeks.span.first + int(inside[-did.weeks[place]])))
            yield Found(each.kind, each.column, name_of(each.kind, each.names[place], names), figures, medians, since)

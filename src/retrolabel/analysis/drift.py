"""Drift: what of the newest feedback is not as it was, and what that asks for.

Firing rates of labeling functions, shares of labels and of sources, lengths and words of texts: each share of the
newest window of weeks is held against those of the weeks before, and against what the weeks show when they are
exchanged (:mod:`retrolabel.analysis.drift_null`). No share has a threshold of its own. A label, a vote or a source may
have changed within the window before: the weeks from there on that show it best are taken together. What people
accepted as the new normal is held against the weeks since then (:mod:`retrolabel.analysis.drift_accepted`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.analysis.drift_accepted import Standing, compared_again, in_force, parts_of
from retrolabel.analysis.drift_alarms import Alarm, Found, alarms_of, percent
from retrolabel.analysis.drift_families import FEWEST, NAMED, families, frequent, name_of
from retrolabel.analysis.drift_null import differences, ways_to_choose
from retrolabel.analysis.drift_weeks import FEWEST_BEFORE, WEEK, first_day, median_length
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    import numpy.typing as npt
    import pandas as pd

    from retrolabel.analysis.drift_accepted import Accepted, Part
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
        accepted: What people accepted as the new normal, as far as it changes this look.
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
    accepted: tuple[Standing, ...] = ()

    @property
    def weeks(self) -> int:
        """The weeks of the window; 0 where none is over."""
        return (self.end - self.start).days // WEEK + 1 if self.start and self.end else 0

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
            "accepted": [each.as_dict() for each in self.accepted],
        }


def drift(  # noqa: PLR0913 - what is looked at, how, and what people say of it
    weeks: Weeks | None,
    *,
    task: str = "TASK",
    false_alarms: float = 0.05,
    name: Namer | None = None,
    accepted: Sequence[Accepted] = (),
    seed: int = 0,
) -> Drift:
    """Return what of the newest window is not as it was before.

    Args:
        weeks: The feedback by week; ``None`` where no window is over.
        task: The task, for the commands that are named.
        false_alarms: In which share of stable months there may be any alarm. A window of fewer than four weeks gets
            its part of it, so that a month stays what it is.
        name: Returns the words of some places of a column's table.
        accepted: What people accepted as the new normal.
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
    said = in_force(weeks.span, accepted)
    about: dict[str, Any] = {
        "first": first_day(weeks.span.first),
        "start": first_day(weeks.span.window),
        "end": first_day(weeks.span.end - 1, day=6),
        "items": int(weeks.items[now].sum()),
        "items_before": int(weeks.items[before].sum()),
        "level": level,
    }
    parts = parts_of(weeks.span, said)
    judged = [part for part in parts if not _too_little(*_counts(weeks, width, part), width, level, len(parts))]
    again = [each for part in judged for each in part.accepted]
    about["accepted"] = tuple(Standing(x, None if x in again else compared_again(x, width)) for x in said)
    why = _too_little(int(before.sum()), newest, width, level, len(parts))
    if why:
        return Drift(OPEN, why, **about)
    by_part = [_judged(weeks, width, part, len(parts), seed) for part in judged]
    found = [one for part, _ in by_part for one in part]
    if not found:
        return Drift(OPEN, f"fewer than {FEWEST} items speak of each share", **about)
    shares = tuple(_told(found, weeks, level, name))
    alarms = alarms_of([each for each in shares if each.p <= level], task, str(about["start"]))
    about["looked"], about["rare"] = sum(len(each.looked.names) for each in found), sum(rare for _, rare in by_part)
    why = f"{counted(newest, 'week')} held against {counted(int(before.sum()), 'week')} before"
    return Drift(DRIFTED if alarms else STABLE, why, alarms=alarms, shares=shares, **about)


def _which(weeks: Weeks, width: int, first: int = 0) -> tuple[Flags, Flags]:
    """Return the weeks before, from the first that counts on, and those of the window, bool [W] each: those with items.

    The window just before is left out where there are enough without it: a change that began in the midst of it would
    be on both sides, and hide itself.
    """
    there = weeks.items > 0
    before, now = there.copy(), there.copy()
    now[:-width] = False
    before[-width:] = False
    before[:first] = False
    if before[: -2 * width].sum() >= FEWEST_BEFORE * width:
        before[-2 * width :] = False
    return before, now


def _counts(weeks: Weeks, width: int, part: Part) -> tuple[int, int]:
    """Return how many weeks before a part is compared with, and how many the window has."""
    before, now = _which(weeks, width, part.first)
    return int(before.sum()), int(now.sum())


@dataclass(frozen=True, eq=False)
class _Judged:
    """What shares of one family did.

    Attributes:
        looked: The shares.
        did: What they did.
        which: bool [W] each: the weeks before, and those of the window.
    """

    looked: Looked
    did: Differences
    which: tuple[Flags, Flags]


def _judged(weeks: Weeks, width: int, part: Part, parts: int, seed: int) -> tuple[list[_Judged], int]:
    """Return the shares of a part with what they did, and how many labels, votes and sources are too rare to be judged.

    Each part has its share of the false alarms.

    Of labels, votes and sources the window before, where it is left out, is not: each number of weeks is tried, from
    those of the window to those of both.
    """
    which = before, now = _which(weeks, width, part.first)
    newest = longest = int(now.sum())
    kept, named = before | now, part.kinds == NAMED
    if named:
        left_out = (weeks.items > 0) & ~kept
        left_out[: part.first] = False
        kept, longest = kept | left_out, newest + int(left_out.sum())
    every = [part.of(each) for each in families(weeks, kept) if each.kind in part.kinds]
    looked = [each for each in map(frequent, every) if each.names]
    rare = sum(len(each.names) for each in every) - sum(len(each.names) for each in looked)
    did = differences([each.family for each in looked], newest, longest=longest, seed=seed)
    found = [
        _Judged(one, replace(its, p=np.minimum(1.0, parts * its.p)), which)
        for one, its in zip(looked, did, strict=True)
    ]
    return found, rare * named


def _too_little(before: int, newest: int, width: int, level: float, parts: int) -> str:
    """Return why the weeks cannot be judged; nothing where they can."""
    if not newest:
        return "the newest window has no items"
    if before < FEWEST_BEFORE * width:
        needed = counted(FEWEST_BEFORE * width, "week")
        return f"{counted(before, 'week')} with items before the window, and {needed} are needed"
    if len(ways_to_choose(before + newest, newest)) * level < parts:
        weeks = counted(before + newest, "week")
        return f"{weeks} can be exchanged in too few ways to tell {percent(level)} from chance: take a longer window"
    return ""


def _told(
    found: Sequence[_Judged],
    weeks: Weeks,
    level: float,
    name: Namer | None,
) -> Iterator[Found]:
    """Yield the shares with what they did; of words those that drifted."""
    inside = np.flatnonzero(weeks.items > 0)
    for one in found:
        each, did = one.looked, one.did
        places, names, medians = list(range(len(each.names))), dict[int, str](), None
        if each.kind == "words":
            places = np.flatnonzero(did.p <= level).tolist()
            wanted = [int(each.names[place]) for place in places]
            names = dict(name(each.column, wanted)) if name and wanted else {}
        if each.kind == "length":
            before, now = (median_length(weeks.texts[each.column].lengths[of].sum(axis=0)) for of in one.which)
            medians = (before, now)
        for place in places:
            figures = tuple(float(v[place]) for v in (did.before, did.now, did.low, did.high, did.standard, did.p))
            since = str(first_day(weeks.span.first + int(inside[-did.weeks[place]])))
            yield Found(each.kind, each.column, name_of(each.kind, each.names[place], names), figures, medians, since)

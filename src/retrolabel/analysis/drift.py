"""Drift: what of the newest feedback is not as it was, and what that asks for.

Firing rates of labeling functions, shares of labels and of sources, lengths and words of texts: each share of the
newest window of weeks is held against those of the weeks before, and against what the weeks show when they are
exchanged (:mod:`retrolabel.analysis.drift_null`). No share has a threshold of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retrolabel.analysis.drift_alarms import Alarm, Found, alarms_of
from retrolabel.analysis.drift_null import Differences, Family, differences, ways_to_choose
from retrolabel.analysis.drift_weeks import FEWEST_BEFORE, LENGTHS, characters_from, first_day, median_length
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.analysis.drift_weeks import Texts, Weeks

    Floats = npt.NDArray[np.float64]
    Namer = Callable[[str, Sequence[int]], Mapping[int, str]]

FEWEST = 20
"""Items, in all weeks together, below which a share says too little to be looked at."""
MONTH = 4
"""Weeks of a month, as far as false alarms are promised by month."""
DRIFTED, STABLE, OPEN = "drifted", "stable", "open"


@dataclass(frozen=True)
class Looked:
    """The kinds of shares that are looked at, with the name of each share.

    Attributes:
        kind: ``label``, ``labeling function``, ``source``, ``length`` or ``words``.
        column: The column of a text; empty elsewhere.
        names: The shares: what each is of.
        family: Their counts.
    """

    kind: str
    column: str
    names: tuple[Any, ...]
    family: Family


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
        rare: How many were not, since fewer than 20 items speak of them.
        alarms: What drifted, the most surprising first.
        shares: A row for each share that was looked at (:meth:`frame`).
    """

    state: str
    why: str
    first: np.datetime64 | None = None
    start: np.datetime64 | None = None
    end: np.datetime64 | None = None
    items: int = 0
    items_before: int = 0
    level: float = 0.05
    looked: int = 0
    rare: int = 0
    alarms: tuple[Alarm, ...] = ()
    shares: tuple[Found, ...] = ()

    def frame(self) -> pd.DataFrame:
        """Return a row for each share that was looked at; words only as far as they drifted.

        Columns: ``kind``, ``column``, ``what``, ``before``, ``now``, ``low``, ``high``, ``standard_errors``, ``p``,
        ``alarm``.
        """
        columns = ["kind", "column", "what", "before", "now", "low", "high", "standard_errors", "p", "alarm"]
        rows = [(f.kind, f.column, f.told, *f.figures, f.p <= self.level) for f in self.shares]
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
    kept = weeks.items > 0
    newest = int(kept[-width:].sum())
    about: dict[str, Any] = {
        "first": first_day(weeks.span.first),
        "start": first_day(weeks.span.window),
        "end": first_day(weeks.span.end) - np.timedelta64(1, "D"),
        "items": int(weeks.items[-width:].sum()),
        "items_before": int(weeks.items[:-width].sum()),
        "level": level,
    }
    why = _too_little(int(kept.sum()), newest, width, level)
    if why:
        return Drift(OPEN, why, **about)
    every = list(_families(weeks, kept))
    looked = [each for each in map(_frequent, every) if each.names]
    if not looked:
        return Drift(OPEN, f"fewer than {FEWEST} items speak of each share", **about)
    found = differences([each.family for each in looked], newest, seed=seed)
    shares = tuple(_told(looked, found, weeks, width, level, name))
    alarms = alarms_of([each for each in shares if each.p <= level], task, str(about["start"]))
    about["looked"] = sum(len(each.names) for each in looked)
    about["rare"] = sum(len(each.names) for each in every if each.kind != "words") - sum(
        len(each.names) for each in looked if each.kind != "words"
    )
    why = f"{counted(newest, 'week')} held against {counted(int(kept.sum()) - newest, 'week')} before"
    return Drift(DRIFTED if alarms else STABLE, why, alarms=alarms, shares=shares, **about)


def _too_little(weeks: int, newest: int, width: int, level: float) -> str:
    """Return why the weeks cannot be judged; nothing where they can."""
    if not newest:
        return "the newest window has no items"
    if weeks - newest < FEWEST_BEFORE * width:
        had, needed = counted(weeks - newest, "week"), counted(FEWEST_BEFORE * width, "week")
        return f"{had} with items before the window, and {needed} are needed"
    if len(ways_to_choose(weeks, newest)) * level < 1:
        return f"{counted(weeks, 'week')} are too few to tell {level:.1%} of false alarms: take a longer window"
    return ""


def _families(weeks: Weeks, kept: npt.NDArray[np.bool_]) -> Iterator[Looked]:
    """Yield the shares of each kind, over the weeks that have items."""
    items = weeks.items[kept].astype(np.float64)[:, None]

    def family(name: str, counts: npt.ArrayLike, of: Floats) -> Family:
        return Family(name, np.asarray(counts, np.float64), of)

    if len(weeks.labels):
        table = weeks.labelled[kept]
        has = table.sum(axis=1).astype(np.float64)[:, None]
        counts = np.column_stack([table, items - has])
        of = np.column_stack([np.broadcast_to(has, table.shape), items])
        yield Looked("label", "", (*weeks.labels, None), family("labels", counts, of))
    if weeks.votes:
        yield Looked("labeling function", "", weeks.votes, family("votes", weeks.voted[kept], items))
    if len(weeks.sources) > 1:
        yield Looked("source", "", weeks.sources, family("sources", weeks.come[kept], items))
    for column, texts in sorted(weeks.texts.items()):
        lengths = texts.lengths[kept].astype(np.float64)
        there = lengths[:, 1:].sum(axis=1, keepdims=True)
        longer = lengths[:, ::-1].cumsum(axis=1)[:, ::-1][:, 2:]
        of = np.column_stack([items, np.broadcast_to(there, longer.shape)])
        counts = np.column_stack([lengths[:, :1], longer])
        yield Looked("length", column, (None, *range(2, LENGTHS)), family(f"lengths of {column}", counts, of))
        used = np.flatnonzero(texts.words.sum(axis=0) >= FEWEST)
        words = family(f"words of {column}", texts.words[kept][:, used], items)
        yield Looked("words", column, tuple(used.tolist()), words)


def _frequent(looked: Looked) -> Looked:
    """Return the shares that enough items speak of: those that have it, and those that have not."""
    counts, of = looked.family.counts.sum(axis=0), np.broadcast_to(looked.family.of, looked.family.counts.shape).sum(0)
    places = np.flatnonzero(np.minimum(counts, of - counts) >= FEWEST)
    if looked.family.of.shape[1] > 1:
        of = looked.family.of[:, places]
    else:
        of = looked.family.of
    family = Family(looked.family.name, looked.family.counts[:, places], of)
    return Looked(looked.kind, looked.column, tuple(looked.names[place] for place in places), family)


def _told(  # noqa: PLR0913 - what was looked at, and what it did
    looked: Sequence[Looked],
    found: Sequence[Differences],
    weeks: Weeks,
    width: int,
    level: float,
    name: Namer | None,
) -> Iterator[Found]:
    """Yield the shares with what they did; of words those that drifted."""
    for each, did in zip(looked, found, strict=True):
        places = range(len(each.names))
        names: Mapping[Any, str] = {}
        if each.kind == "words":
            places = np.flatnonzero(did.p <= level).tolist()
            wanted = [each.names[place] for place in places]
            names = name(each.column, wanted) if name and wanted else {}
        for place in places:
            figures = tuple(float(v[place]) for v in (did.before, did.now, did.low, did.high, did.standard, did.p))
            what = each.names[place]
            yield Found(each.kind, each.column, _name(each.kind, what, names), figures, _medians(each, weeks, width))


def _name(kind: str, what: Any, names: Mapping[Any, str]) -> str:  # noqa: ANN401 - a place, a name, or a vote
    if kind == "labeling function":
        return f"{what[0]} -> {what[1]}"
    if kind == "words":
        return names.get(what, f"word #{what}")
    if kind == "length":
        return "missing" if what is None else f"{characters_from(what)} characters or more"
    return "(no label)" if what is None else str(what)


def _medians(looked: Looked, weeks: Weeks, width: int) -> tuple[float, float] | None:
    """Return the median length of a column's texts before and now; nothing for other kinds."""
    if looked.kind != "length":
        return None
    lengths: Texts = weeks.texts[looked.column]
    return median_length(lengths.lengths[:-width].sum(axis=0)), median_length(lengths.lengths[-width:].sum(axis=0))

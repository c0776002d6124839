"""A series of agreement as a value: stretches between changes of meaning, their periods, charts and alarms."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import pandas as pd

    from retrolabel.gold.coefficient import Coefficient
    from retrolabel.gold.series.charting import Point
    from retrolabel.jobs.records.gold import Key

ALL, PAIR, PERSON = "all", "pair", "person"


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """How far people agree in one period.

    Attributes:
        name: ``round 7``, ``2026-W03`` or ``2026-03``.
        since: When the first answer was given.
        until: When the last one was.
        items: Items that two people or more gave one label each.
        again: Those of them that were answered in a period before.
        alpha: Krippendorff's alpha.
        agreement: How often two people give an item the same label.
        pairs: Two labels -> how often two people do not differ between them, on items that somebody gave one of both.
        people: A person -> how often another one says the same as they do.
        own: A person -> how often they say again what they said of the item the last time.
    """

    name: str
    since: datetime
    until: datetime
    items: int
    again: int
    alpha: Coefficient
    agreement: Coefficient
    pairs: Mapping[tuple[str, str], Coefficient]
    people: Mapping[str, Coefficient]
    own: Mapping[str, Coefficient]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "period": self.name,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "items": self.items,
            "asked_again": self.again,
            "alpha": self.alpha.as_dict(),
            "agreement": self.agreement.as_dict(),
            "pairs": [{"labels": list(pair), **each.as_dict()} for pair, each in self.pairs.items()],
            "people": [{"person": name, **each.as_dict()} for name, each in self.people.items()],
            "own": [{"person": name, **each.as_dict()} for name, each in self.own.items()],
        }


@dataclass(frozen=True, slots=True)
class Chart:
    """A control chart of a stretch.

    Attributes:
        kind: ``all``, ``pair`` or ``person``.
        of: The two labels, the person, or nothing.
        points: Its points; each names its periods by their places in the stretch.
        h: Where its CUSUM signals.
        limit: Where a point alone signals.
    """

    kind: str
    of: tuple[str, ...]
    points: tuple[Point, ...]
    h: float
    limit: float

    @property
    def name(self) -> str:
        """What it is of, for people."""
        return " / ".join(self.of) or "all"

    @property
    def held(self) -> int:
        """How many points are held against those before them."""
        return sum(not math.isnan(point.z) for point in self.points)


@dataclass(frozen=True, slots=True)
class Alarm:
    """People agree less than before: where, since when, and what there is to talk about.

    Attributes:
        version: The version that the answers are read in.
        kind: The kind of chart: ``all`` or ``pair``.
        chart: Which chart, by its name.
        by: ``CUSUM`` or ``Shewhart``.
        period: The period that showed it.
        first: The first period of the fall, as the chart estimates it.
        since: When its first answer was given.
        until: When the last answer that is told of was given.
        items: Items answered in the fall.
        before: How often people agreed before.
        now: How often they do in the fall.
        pair: The two labels that people differ between more often; empty where there is none.
        pair_before: On items with one of both, how often two people differed between them before.
        pair_now: The same in the fall.
        people: Who stands out: their answers went further from the others' than those from each other.
        answered: Who answered in the fall.
        newcomers: Those of them who gave no answer before.
        talk: The items to talk about, (source, item id).
        over: Whether newer answers say that people agree as before again.
    """

    version: str
    kind: str
    chart: str
    by: str
    period: str
    first: str
    since: datetime
    until: datetime
    items: int
    before: float
    now: float
    pair: tuple[str, ...]
    pair_before: float
    pair_now: float
    people: tuple[str, ...]
    answered: tuple[str, ...]
    newcomers: tuple[str, ...]
    talk: tuple[Key, ...]
    over: bool

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        told = {name: getattr(self, name) for name in ("version", "kind", "chart", "by", "period", "first")}
        told |= {"since": self.since.isoformat(), "until": self.until.isoformat(), "items": self.items}
        told |= {"agreement_before": self.before, "agreement": self.now, "pair": list(self.pair)}
        told |= {"pair_differs_before": self.pair_before, "pair_differs": self.pair_now}
        told |= {"people": list(self.people), "answered": list(self.answered), "newcomers": list(self.newcomers)}
        told["talk"] = [{"source": source, "item_id": item} for source, item in self.talk]
        return {**told, "over": self.over}


@dataclass(frozen=True, slots=True)
class Part:
    """The series between two changes of meaning.

    Attributes:
        version: The version that its answers are read in.
        versions: The versions that people answered under: they ask the same.
        values: The labels.
        level: ``nominal`` or ``ordinal``.
        people: Who answered.
        periods: Its figures, oldest first.
        charts: Its charts: of all people, of pairs of labels, of people.
        alarms: What they told, oldest first.
    """

    version: str
    versions: tuple[str, ...]
    values: tuple[str, ...]
    level: str
    people: tuple[str, ...]
    periods: tuple[PeriodFigures, ...]
    charts: tuple[Chart, ...]
    alarms: tuple[Alarm, ...]

    def chart(self, kind: str, *of: str) -> Chart | None:
        """Return one chart; ``None`` where there is none."""
        return next((each for each in self.charts if (each.kind, each.of) == (kind, of)), None)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "version": self.version,
            "versions": list(self.versions),
            "level": self.level,
            "people": list(self.people),
            "periods": [each.as_dict() for each in self.periods],
            "charts": [self._charted(each) for each in self.charts],
            "alarms": [each.as_dict() for each in self.alarms],
        }

    def _charted(self, chart: Chart) -> dict[str, Any]:
        points = [
            {
                "periods": [each.name for each in self.periods[point.first : point.last + 1]],
                "items": point.n,
                "z": None if math.isnan(point.z) else point.z,
                "down": point.down,
                "up": point.up,
                "signal": point.signal,
                "rise": point.rise,
                "why": point.why,
            }
            for point in chart.points
        ]
        return {"kind": chart.kind, "of": list(chart.of), "h": chart.h, "limit": chart.limit, "points": points}


@dataclass(frozen=True, kw_only=True, repr=False)
class AgreementSeries:
    """How far people agree, period by period.

    Attributes:
        task: The task.
        source: The source of the items.
        role: Their role.
        by: ``round``, ``week`` or ``month``.
        parts: The series between changes of meaning, oldest first.
        notes: What is not in it, in words.
    """

    task: str
    source: str
    role: str
    by: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """All alarms, oldest first."""
        return tuple(alarm for part in self.parts for alarm in part.alarms)

    @property
    def alarm(self) -> Alarm | None:
        """The newest alarm that no newer answer took back; a change of meaning takes each back."""
        return next((each for each in reversed(self.parts[-1].alarms if self.parts else ()) if not each.over), None)

    def frame(self) -> pd.DataFrame:
        """Return a row for each figure of each period.

        Columns: ``version``, ``period``, ``since``, ``until``, ``of`` (``alpha``, ``agreement``, ``pair``, ``person``,
        ``own``), ``name``, ``value``, ``low``, ``high``, ``n``, ``why``.
        """
        import pandas as pd  # noqa: PLC0415 - slow to import

        rows = []
        for part in self.parts:
            for each in part.periods:
                figures: Sequence[tuple[str, str, Coefficient]] = [
                    ("alpha", "", each.alpha),
                    ("agreement", "", each.agreement),
                    *(("pair", " / ".join(pair), found) for pair, found in each.pairs.items()),
                    *(("person", name, found) for name, found in each.people.items()),
                    *(("own", name, found) for name, found in each.own.items()),
                ]
                when = {"version": part.version, "period": each.name, "since": each.since, "until": each.until}
                rows += [{**when, "of": of, "name": name, **found.as_dict()} for of, name, found in figures]
        return pd.DataFrame(rows)

    def points(self, kind: str = ALL, *of: str) -> pd.DataFrame:
        """Return a row for each point of one chart, through all stretches.

        Columns: ``version``, ``period`` and ``since`` of its last period, ``n``, ``z``, ``down``, ``up``, ``h``,
        ``limit``, ``signal``, ``rise``, ``why``.

        Args:
            kind: ``all``, ``pair`` or ``person``.
            of: The two labels, or the person.
        """
        import pandas as pd  # noqa: PLC0415 - slow to import

        columns = ["version", "period", "since", "n", "z", "down", "up", "h", "limit", "signal", "rise", "why"]
        rows = []
        for part in self.parts:
            chart = part.chart(kind, *of)
            for point in chart.points if chart else ():
                last = part.periods[point.last]
                told = (point.n, point.z, point.down, point.up, chart.h, chart.limit) if chart else ()
                rows.append((part.version, last.name, last.since, *told, point.signal, point.rise, point.why))
        return pd.DataFrame(rows, columns=columns)

    @property
    def breaks(self) -> tuple[tuple[datetime, str], ...]:
        """When a change of meaning began a new stretch, and from which version to which."""
        return tuple(
            (after.periods[0].since, f"{before.version} \u2192 {after.version}")
            for before, after in pairwise(self.parts)
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data: what ``gold series --json`` prints."""
        told = {name: getattr(self, name) for name in ("task", "source", "role", "by")}
        alarm = self.alarm
        return {
            **told,
            "parts": [each.as_dict() for each in self.parts],
            "breaks": [{"at": at.isoformat(), "versions": told} for at, told in self.breaks],
            "alarm": alarm.as_dict() if alarm else None,
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        """Return how many periods there are, and whether there is an alarm."""
        periods = sum(len(part.periods) for part in self.parts)
        return f"<{self.task}: {periods} periods, {'an alarm' if self.alarm else 'no alarm'}>"

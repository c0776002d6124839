"""When a schedule is due: five fields as cron has them, read by APScheduler.

On the two nights of a year on which clocks are changed, a schedule that names its hours keeps to them as cron does: a
time that comes twice counts once, the first time; a time that is left out counts at the instant at which clocks go
forward. A schedule of every hour, or of every second one (``*`` and ``*/2``), goes on through both nights.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from retrolabel.errors import ScheduleError, did_you_mean

if TYPE_CHECKING:
    from datetime import tzinfo

    from apscheduler.triggers.cron import CronTrigger

    from retrolabel.jobs.records.schedules import Schedule

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
"""The days of a week by cron's numbers; APScheduler begins with Monday."""
SHORT = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
}
FIELDS = 5
COUNTED = 10_000
"""Times that are looked through one by one; who was away for longer has missed more than so many."""
LOOKED_BACK = timedelta(days=3)
TICK = timedelta(microseconds=1)
EXAMPLE = '--cron "0 3 * * *" is every day at 3:00; minute, hour, day of the month, month, day of the week'


@dataclass(frozen=True)
class Due:
    """That a schedule is due.

    Attributes:
        at: The newest time at which it was.
        missed: How many earlier times went by without a run; this one makes up for them.
    """

    at: datetime
    missed: int


@dataclass(frozen=True)
class Times:
    """The times of a schedule.

    Attributes:
        fields: Its fields. Where the schedule names its hours they are read as if there were no summer time.
        zone: Their time zone.
        named: Whether the schedule names its hours.
    """

    fields: CronTrigger
    zone: tzinfo
    named: bool

    def after(self, at: datetime) -> datetime | None:
        """Return the first time that is later, UTC; ``None`` for never."""
        if not self.named:
            found = self.fields.get_next_fire_time(None, at + TICK)
            return found.astimezone(UTC) if found is not None else None
        clock = at.astimezone(self.zone).replace(tzinfo=UTC, fold=0)
        while True:
            found = self.fields.get_next_fire_time(None, clock + TICK)
            if found is None:
                return None
            instant = _instant(found.replace(tzinfo=None), self.zone)
            if instant > at:  # else the clock was put back, and shows this time again
                return instant
            clock = found


def _instant(clock: datetime, zone: tzinfo) -> datetime:
    """Return when a clock shows a time, UTC.

    Where it does so twice, that is the first time; where it never does, the instant at which it is put forward.

    Example:
        >>> from zoneinfo import ZoneInfo
        >>> berlin = ZoneInfo("Europe/Berlin")
        >>> print(_instant(datetime(2026, 3, 29, 2, 30), berlin), _instant(datetime(2026, 10, 25, 2, 30), berlin))
        2026-03-29 01:00:00+00:00 2026-10-25 00:30:00+00:00
    """
    first = clock.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == clock:
        return first
    late, early = first, clock.replace(tzinfo=zone, fold=1).astimezone(UTC)  # by the clock before, and by that after
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def times_of(cron: str, zone: str) -> Times:
    """Return the times of a schedule.

    Args:
        cron: Five fields, or ``@daily`` and the like. 0 and 7 are Sunday.
        zone: The time zone of the fields.

    Raises:
        ScheduleError: It is no such thing.

    Example:
        >>> sunday = times_of("0 3 * * 0", "UTC").after(datetime(2026, 11, 30, tzinfo=UTC))
        >>> f"{sunday:%A %d %B %H:%M}"
        'Sunday 06 December 03:00'
    """
    from apscheduler.triggers.cron import CronTrigger  # noqa: PLC0415 - only where schedules are

    fields = SHORT.get(cron.strip(), cron).split()
    if len(fields) != FIELDS:
        raise ScheduleError(f"{cron!r} has {len(fields)} fields, and five are needed.", remedy=EXAMPLE)
    minute, hour, day, month, weekday = fields
    if day != "*" and weekday != "*":
        raise ScheduleError(
            f"{cron!r} names a day of the month and a day of the week; cron takes either of them, others both.",
            remedy="make two schedules, one for each",
        )
    where, named = _zone(zone), not hour.startswith("*")
    try:
        read = CronTrigger(
            minute=minute,
            hour=hour,
            day=day,
            month=month,
            day_of_week=_named(weekday),
            timezone=UTC if named else where,
        )
    except (ValueError, TypeError) as error:
        raise ScheduleError(f"{cron!r} cannot be read: {error}.", remedy=EXAMPLE) from error
    return Times(read, where, named)


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo, available_timezones  # noqa: PLC0415 - the same

    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        near = did_you_mean(name, sorted(available_timezones()))
        raise ScheduleError(f"There is no time zone {name!r}.{near}", remedy="--zone Europe/Berlin, or UTC") from None


def _named(field: str) -> str:
    """Return the days of a week by their names; numbers are cron's, which begin with Sunday.

    Example:
        >>> _named("1-5"), _named("0,7"), _named("*/3"), _named("mon-wed")
        ('mon,tue,wed,thu,fri', 'sun', 'sun,wed,sat', 'mon-wed')
    """
    if field == "*":
        return field
    found: list[str] = []
    for part in field.split(","):
        match = re.fullmatch(r"(?:(\d)(?:-(\d))?|\*)(?:/(\d+))?", part)
        if match is None or (part.startswith("*") and match[3] is None):
            found.append(part)
            continue
        first = int(match[1] or 0)
        last = int(match[2]) if match[2] else (6 if match[1] is None or match[3] else first)
        step = int(match[3] or 1)
        if step == 0 or max(first, last) > len(DAYS) or first > last:
            raise ScheduleError(f"{part!r} is no day of a week.", remedy="0 to 6 from Sunday on, 1-5, or mon-fri")
        found += [DAYS[day % len(DAYS)] for day in range(first, last + 1, step)]
    return ",".join(dict.fromkeys(found))


def due(schedule: Schedule, last: datetime | None, now: datetime) -> Due | None:
    """Return when a schedule was due since it ran last; ``None`` where it was not.

    Args:
        schedule: The schedule.
        last: The time that it was due for when it ran last; ``None`` where it never did.
        now: Now.
    """
    times = times_of(schedule.cron, schedule.zone)
    at, count = None, 0
    after = max(last or schedule.made_at, schedule.made_at)
    each = times.after(after)
    while each is not None and each <= now:
        at, count = each, count + 1
        if count == COUNTED and each < now - LOOKED_BACK:
            each = times.after(now - LOOKED_BACK)
            continue
        each = times.after(each)
    return Due(at, count - 1) if at is not None else None


def next_time(schedule: Schedule, now: datetime) -> datetime | None:
    """Return when a schedule is due next; ``None`` for never."""
    return times_of(schedule.cron, schedule.zone).after(max(now, schedule.made_at))

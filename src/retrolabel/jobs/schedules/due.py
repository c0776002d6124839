"""When a schedule is due: five fields as cron has them, read by APScheduler."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from retrolabel.errors import ScheduleError, did_you_mean

if TYPE_CHECKING:
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


def trigger(cron: str, zone: str) -> CronTrigger:
    """Return what knows the times of a schedule.

    Args:
        cron: Five fields, or ``@daily`` and the like. 0 and 7 are Sunday.
        zone: The time zone of the fields.

    Raises:
        ScheduleError: It is no such thing.

    Example:
        >>> from datetime import datetime, UTC
        >>> sunday = trigger("0 3 * * 0", "UTC").get_next_fire_time(None, datetime(2026, 11, 30, tzinfo=UTC))
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
    try:
        return CronTrigger(
            minute=minute, hour=hour, day=day, month=month, day_of_week=_named(weekday), timezone=_zone(zone)
        )
    except (ValueError, TypeError) as error:
        raise ScheduleError(f"{cron!r} cannot be read: {error}.", remedy=EXAMPLE) from error


def _zone(name: str) -> object:
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
    times = trigger(schedule.cron, schedule.zone)
    at, count = None, 0
    after = max(last or schedule.made_at, schedule.made_at)
    each = _next(times, after)
    while each is not None and each <= now:
        at, count = each, count + 1
        if count == COUNTED and each < now - LOOKED_BACK:
            each = _next(times, now - LOOKED_BACK)
            continue
        each = _next(times, each)
    return Due(at, count - 1) if at is not None else None


def next_time(schedule: Schedule, now: datetime) -> datetime | None:
    """Return when a schedule is due next; ``None`` for never."""
    return _next(trigger(schedule.cron, schedule.zone), max(now, schedule.made_at))


def _next(times: CronTrigger, after: datetime) -> datetime | None:
    """Return the first time that is later."""
    found = times.get_next_fire_time(None, after + timedelta(microseconds=1))
    return found.astimezone(UTC) if found is not None else None

"""Times are cron's, misfires are one run, and days of the week are numbered from Sunday."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from retrolabel.errors import ScheduleError
from retrolabel.jobs.records.schedules import ALWAYS, Schedule
from retrolabel.jobs.schedules.due import due, next_time, times_of

MADE = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)  # a Monday


def schedule(cron="0 3 * * *", zone="UTC"):
    return Schedule("mood", cron, zone, (ALWAYS,), MADE, "ana", id=1)


def test_a_schedule_is_due_at_its_time_and_once():
    night = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
    assert due(schedule(), None, night - timedelta(seconds=1)) is None
    found = due(schedule(), None, night)
    assert (found.at, found.missed) == (night, 0)
    assert due(schedule(), night, night + timedelta(hours=20)) is None


def test_times_that_went_by_are_made_up_for_by_one_run():
    found = due(schedule(), None, datetime(2026, 12, 5, 10, 0, tzinfo=UTC))
    assert (found.at, found.missed) == (datetime(2026, 12, 5, 3, 0, tzinfo=UTC), 4)


def test_a_year_of_minutes_is_looked_through_in_no_time():
    found = due(schedule("* * * * *"), None, MADE + timedelta(days=365))
    assert found.at == MADE + timedelta(days=365)
    assert found.missed > 10_000


@pytest.mark.parametrize(
    ("cron", "day"),
    [("0 3 * * 0", 6), ("0 3 * * 7", 6), ("0 3 * * 1", 7), ("0 3 * * 6", 5), ("0 3 * * sun", 6), ("@weekly", 6)],
)
def test_sunday_is_0_and_7_as_in_cron(cron, day):
    assert next_time(schedule(cron), MADE).date() == datetime(2026, 12, day, tzinfo=UTC).date()


def test_ranges_and_steps_of_days_are_cron_s():
    found, at = [], MADE
    for _ in range(7):
        at = next_time(schedule("0 3 * * 1-5"), at)
        found.append(f"{at:%a}")
    assert found == ["Tue", "Wed", "Thu", "Fri", "Mon", "Tue", "Wed"]


def test_a_time_zone_moves_with_its_clock():
    zone = schedule("0 3 * * *", "Europe/Berlin")
    assert next_time(zone, datetime(2027, 3, 27, 12, 0, tzinfo=UTC)) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert next_time(zone, datetime(2027, 3, 26, 12, 0, tzinfo=UTC)) == datetime(2027, 3, 27, 2, 0, tzinfo=UTC)


def times_in(cron, zone, start, hours):
    """Return the times of a schedule after a start, as the clocks of its zone show them and as UTC has them."""
    found, at, end = [], start, start + timedelta(hours=hours)
    while (at := next_time(schedule(cron, zone), at)) <= end:
        found.append(f"{at.astimezone(ZoneInfo(zone)):%H:%M}={at:%d %H:%M}")
    return found


SPRING = datetime(2027, 3, 27, 20, 0, tzinfo=UTC)  # at 2:00 of the 28th clocks go forward to 3:00
AUTUMN = datetime(2027, 10, 30, 20, 0, tzinfo=UTC)  # at 3:00 of the 31st clocks go back to 2:00


@pytest.mark.parametrize(
    ("cron", "spring", "autumn"),
    [
        ("30 2 * * *", ["03:00=28 01:00"], ["02:30=31 00:30"]),
        ("0,30 2 * * *", ["03:00=28 01:00"], ["02:00=31 00:00", "02:30=31 00:30"]),
        ("30 2,3 * * *", ["03:00=28 01:00", "03:30=28 01:30"], ["02:30=31 00:30", "03:30=31 02:30"]),
        ("0 3 * * *", ["03:00=28 01:00"], ["03:00=31 02:00"]),
        ("30 1 * * *", ["01:30=28 00:30"], ["01:30=30 23:30"]),
    ],
)
def test_a_job_of_the_hour_that_clocks_skip_or_repeat_runs_once_in_either_night(cron, spring, autumn):
    assert times_in(cron, "Europe/Berlin", SPRING, 12) == spring
    assert times_in(cron, "Europe/Berlin", AUTUMN, 12) == autumn


def test_after_its_first_2_30_a_job_is_not_due_at_the_second():
    night, first = schedule("30 2 * * *", "Europe/Berlin"), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert due(night, first - timedelta(days=1), first).at == first
    assert due(night, first, first + timedelta(hours=20)) is None
    late = due(night, first - timedelta(days=1), first + timedelta(hours=20))  # nobody ran in the night
    assert (late.at, late.missed) == (first, 0)


def test_every_hour_and_every_few_minutes_go_on_through_both_nights():
    for start in (SPRING, AUTUMN):
        hours = [each.partition("=")[2] for each in times_in("30 * * * *", "Europe/Berlin", start, 10)]
        assert len(hours) == 10
        assert len(times_in("*/20 * * * *", "Europe/Berlin", start, 10)) == 30
    assert times_in("0 */2 * * *", "Europe/Berlin", SPRING + timedelta(hours=4), 4)[0] == "03:00=28 01:00"


def test_a_zone_that_moves_by_half_an_hour_or_at_midnight_is_no_exception():
    before = datetime(2027, 10, 2, 10, 0, tzinfo=UTC)  # at 2:00 clocks go forward to 2:30
    assert times_in("15 2 * * *", "Australia/Lord_Howe", before, 12) == ["02:30=02 15:30"]
    before = datetime(2027, 4, 29, 12, 0, tzinfo=UTC)  # the 30th begins at 1:00
    assert times_in("@daily", "Africa/Cairo", before, 20) == ["01:00=29 22:00"]


@pytest.mark.parametrize(
    ("cron", "zone", "why"),
    [
        ("0 3 * *", "UTC", "4 fields"),
        ("61 3 * * *", "UTC", "cannot be read"),
        ("0 3 1 * 1", "UTC", "a day of the month and a day of the week"),
        ("0 3 * * 9", "UTC", "no day of a week"),
        ("0 3 * * *", "Europe/Berlim", "Europe/Berlin"),
        ("night", "UTC", "1 fields"),
    ],
)
def test_what_is_no_time_is_refused_with_an_example(cron, zone, why):
    with pytest.raises(ScheduleError, match=why) as told:
        times_of(cron, zone)
    assert told.value.remedy

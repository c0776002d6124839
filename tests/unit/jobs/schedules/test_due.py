"""Times are cron's, misfires are one run, and days of the week are numbered from Sunday."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from retrolabel.errors import ScheduleError
from retrolabel.jobs.records.schedules import ALWAYS, Schedule
from retrolabel.jobs.schedules.due import due, next_time, trigger

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
        trigger(cron, zone)
    assert told.value.remedy

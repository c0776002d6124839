"""Times are read as they are written, or refused with what they may mean: never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pyarrow as pa
import pytest

from retrolabel.errors import InputError
from retrolabel.interop.times import TimeReader, format_problem

NOON = datetime(2020, 2, 3, 10, 30, tzinfo=UTC)
DAY = datetime(2020, 2, 3, tzinfo=UTC)


def one(value, format_=None):
    array, wrong = TimeReader("when", format_).read([value])
    return wrong.get(0) or array.to_pylist()[0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2020-02-03", DAY),
        ("20200203", DAY),
        ("2020/02/03", DAY),
        (" 2020-02-03 ", DAY),
        ("2020-02-03T10:30Z", NOON),
        ("2020-02-03 10:30 UTC", NOON),
        ("2020-02-03 10:30:00 UTC", NOON),
        ("2020-02-03t10:30z", NOON),
        ("20200203T1030Z", NOON),
        ("2020-02-03T11:30+01:00", NOON),
        ("2020-02-03T11:30+0100", NOON),
        ("2020-02-03 11:30 +01", NOON),
        ("2020-02-03T10:30:00,5Z", NOON.replace(microsecond=500_000)),
        ("2020-02-03T10:30:00.123456789Z", NOON.replace(microsecond=123_456)),
    ],
)
def test_iso_8601_is_read_with_offset_z_and_utc(text, wanted):
    assert one(text) == wanted


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("03-02-2020", """day first it is '3 February 2020', month first it is '2 March 2020'; --time-format"""),
        ("17-02-2020", """day first it is '17 February 2020'; --time-format "%d-%m-%Y" reads it so"""),
        ("3.2.2020", '--time-format "%d.%m.%Y" or "%m.%d.%Y" says which'),
        ("03/02/2020 10:30", '--time-format "%d/%m/%Y %H:%M" or "%m/%d/%Y %H:%M" says which'),
        ("03/02/20", "year first it is '20 February 2003'"),
        ("03022020", '--time-format "%d%m%Y" or "%m%d%Y" says which'),
        ("3 Feb 2020", '--time-format "%d %b %Y" reads it so'),
        ("Mon, 03 Feb 2020 10:00:00 GMT", '--time-format "%a, %d %b %Y %H:%M:%S GMT" reads it so'),
        ("10:30", "it is a time of day without its date"),
        ("2020", '--time-format "%Y" reads it so'),
        ("43864", "as a day of Excel it is '3 February 2020'; format the cells as yyyy-mm-dd and save again"),
        ("1580688000", "in seconds since 1970 it is '3 February 2020'; --time-format epoch-s reads it so"),
        (1580688000000, "in milliseconds since 1970 it is '3 February 2020'; --time-format epoch-ms reads it so"),
        (20200203, '--time-format "%Y%m%d" reads it so'),
        ("2020-02-03T10:00:60Z", "second 60 is a leap second, which is not kept; write 59"),
        ("2020-02-03T24:00Z", "24:00 is 00:00 of the next day"),
        ("2020-02-03T10:00 CET", "write its zone as an offset, as +01:00"),
        ("2020-02-30", "there is no such day or hour"),
        ("44 BC", "'44 BC' is no date"),
        ("NaT", "'NaT' is no date"),
        ("now", "'now' is no date"),
        ("today", "'today' is no date"),
        (True, "but true or false"),
        ([2020], "but a list"),
        ({"day": 3}, "but an object"),
    ],
)  # fmt: skip
def test_what_is_no_iso_8601_is_refused_with_what_it_may_mean(value, says):
    assert says in one(value)


@pytest.mark.parametrize("text", ["0001-01-01", "1677-12-31", "2262-01-01", "9999-12-31", "2261-12-31T23:00:00-05:00"])
def test_a_year_that_is_not_kept_is_said_to_be_outside(text):
    assert one(text) == f"'{text}' lies outside of the years 1678 to 2261, which are kept"


@pytest.mark.parametrize("empty", [None, "", "  ", float("nan")])
def test_an_empty_cell_is_neither_a_time_nor_wrong(empty):
    array, wrong = TimeReader("when").read([empty])
    assert (array.null_count, wrong) == (1, {})


@pytest.mark.parametrize(
    ("format_", "value", "wanted"),
    [
        ("%d-%m-%Y", "03-02-2020", DAY),
        ("%m-%d-%Y", "02-03-2020", DAY),
        ("%d/%m/%Y %I:%M %p", "03/02/2020 10:30 PM", datetime(2020, 2, 3, 22, 30, tzinfo=UTC)),
        ("%d.%m.%Y %H:%M %z", "03.02.2020 11:30 +0100", NOON),
        ("%Y%m%d", 20200203, DAY),
        ("%Y%m%dT%H%M%S%z", "20200203T103000Z", NOON),
        ("%Y%m%d %H:%M%z", "20200203 11:30+01:00", NOON),
        ("%Y%m%d %H%M%S.%f", "20200203 103000.5", NOON.replace(microsecond=500_000)),
        ("%d%m%Y %H:%M", "03022020 9:30", NOON.replace(hour=9)),
        ("epoch-s", 1580688000, DAY),
        ("epoch-s", "1580688000", DAY),
        ("epoch-s", -1, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("epoch-ms", 1580688000500, DAY.replace(microsecond=500_000)),
    ],
)
def test_a_format_reads_what_it_says(format_, value, wanted):
    assert one(value, format_) == wanted


@pytest.mark.parametrize(
    ("format_", "value", "says"),
    [
        ("%d-%m-%Y", "2020-02-03", 'does not fit --time-format "%d-%m-%Y"; a column has one format'),
        ("%d-%m-%Y", "31-02-2020", "does not fit"),
        ("%d%m%Y", "1112020", "does not fit"),
        ("%d%m%Y %H:%M", "1112020 10:30", "does not fit"),
        ("%d.%m.%Y %H%M", "03.02.2020 130", "does not fit"),
        ("epoch-s", "2020-02-03", "is no number"),
        ("epoch-s", "1.58e9", "is no number"),
        ("epoch-s", True, "is no number"),
        ("epoch-s", 1580688000000, "lies outside of the years 1678 to 2261, which are kept, as --time-format epoch-s"),
        ("%Y-%m-%d", "9999-12-31", "lies outside of the years 1678 to 2261"),
    ],
)
def test_a_value_that_does_not_fit_the_columns_format_is_refused(format_, value, says):
    assert says in one(value, format_)


@pytest.mark.parametrize(
    ("format_", "says"),
    [
        ("%H:%M", "names no year, so that every time would be of 1900"),
        ("%d %Y", "names a day without its month"),
        ("%d-%m-%Y %H:%M %p", "has %p without %I"),
        ("%d-%m-%Y %I:%M", "has %I without %p"),
        ("%d-%m-%Y %H:%M %Z", "has %Z"),
        ("%x", "differ from country to country"),
        ("%Q-%m", "is no format of strptime"),
        ("dd-mm-yyyy", 'Fix: --time-format "%d-%m-%Y"'),
        ("epoch", "Fix: --time-format epoch-s"),
    ],
)
def test_a_format_that_would_lose_something_is_refused_with_what_helps(format_, says):
    assert says in str(format_problem(format_, "when"))


def test_sound_formats_are_no_problem():
    for format_ in (None, "epoch-s", "epoch-ms", "%d-%m-%Y", "%Y-%j", "%G-W%V-%u", "%Y%m%d", "%d %B %Y %I:%M %p"):
        assert format_problem(format_, "when") is None


@pytest.mark.parametrize(
    ("array", "wanted"),
    [
        (pa.array([NOON], pa.timestamp("s", "Europe/Berlin")), NOON),
        (pa.array([NOON], pa.timestamp("ns", "UTC")), NOON),
        (pa.array([NOON.replace(tzinfo=None)], pa.timestamp("ms")), NOON),
        (pa.array([date(2020, 2, 3)], pa.date32()), DAY),
        (pa.array([date(2020, 2, 3)], pa.date64()), DAY),
        (pa.array(["2020-02-03"], pa.large_string()), DAY),
        (pa.array(["2020-02-03"]).dictionary_encode(), DAY),
    ],
)
def test_typed_columns_of_any_unit_and_zone_are_read(array, wanted):
    times, wrong = TimeReader("when").read(array)
    assert (times.to_pylist(), wrong) == ([wanted], {})


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (pa.array([2**62], pa.timestamp("s")), "lies outside of the years"),
        (pa.array([2**62], pa.timestamp("us", "UTC")), "lies outside of the years"),
        (pa.array([date(9999, 12, 31)]), "'9999-12-31 00:00:00' lies outside of the years"),
        (pa.array([1580688000]), "--time-format epoch-s reads it so"),
        (pa.array([time(10, 30)]), "it is a time of day without its date"),
    ],
)
def test_typed_columns_are_not_guessed_at_and_never_overflow(array, says):
    times, wrong = TimeReader("when").read(array)
    assert times.null_count == 1
    assert says in wrong[0]


def test_a_format_on_a_column_that_holds_times_by_type_is_refused():
    with pytest.raises(InputError, match="leave out --time-format"):
        TimeReader("when", "%d-%m-%Y").read(pa.array([NOON]))


def test_what_was_assumed_is_noted():
    reader = TimeReader("when")
    reader.read(["2020-02-03T10:30Z", "9999-12-31", "10:30"])
    assert reader.notes() == []
    reader.read(["2020-02"])
    assert reader.notes() == [
        "times in 'when' name no zone and were taken as UTC",
        "times in 'when' name a month alone; its first day was taken",
    ]


def test_seconds_that_are_read_as_milliseconds_are_noted():
    reader = TimeReader("when", "epoch-ms")
    reader.read([1580688000, 1580688001])
    assert reader.notes() == ["all times in 'when' are of 1970; if they count seconds: --time-format epoch-s"]

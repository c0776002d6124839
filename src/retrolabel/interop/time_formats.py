"""Formats of times: which are sound, what a text is in one, and which ones a text may be in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from retrolabel.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

EPOCHS = ("epoch-s", "epoch-ms")
"""Seconds and milliseconds since 1970."""
_DATE = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}|[0-9]{4}\.[0-9]{1,2}\.[0-9]{1,2}|[0-9]{8}"
_CLOCK = r"([0-9]{1,2}(:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?)?|[0-9]{4}|[0-9]{6}([.,][0-9]+)?)"
_ZONE = r"\s?([Zz]|UTC|utc|[+-][0-9]{2}(:?[0-9]{2})?)"
ISO = rf"^\s*([0-9]{{4}}-[0-9]{{2}}|({_DATE})([Tt ]{_CLOCK}({_ZONE})?)?)\s*$"
"""ISO 8601, and its kin with the year first; years and numbers alone, week dates and zones by name are none."""
ZONED = rf"[Tt ]{_CLOCK}{_ZONE}\s*$"
"""How such a text ends if it names a zone."""
DIRECTIVE = re.compile(r"%(.)")
TIGHT = re.compile(r"(?:%[dmyYHIMSj]){2,}")
"""Numbers without anything between them."""
SPELLED_OUT = (
    *("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%a, %d %b %Y", "%A, %d %B %Y"),
    *("%d-%b-%Y", "%d-%b-%y", "%d-%B-%Y", "%d/%b/%Y", "%d.%b.%Y", "%d %b %y", "%Y-%b-%d", "%Y %b %d"),
    *("%G-W%V-%u", "%Y-%j"),
)
"""Formats with a month's name, a week or the day of a year."""
ORDINAL = re.compile(r"[0-9]{4}-[0-9]{3}")
FEW_DIGITS = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
SPELLED = (("yyyy", "%Y"), ("yy", "%y"), ("dd", "%d"), ("hh", "%H"), ("ss", "%S"))
SENSIBLE = (1980, 2100)
"""The years in which a number that counts since 1970 most likely lies."""
EXCEL = (20_000, 80_000)
"""The days, counted by Excel, of 1954 to 2119."""
EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
SECONDS = {"epoch-s": 1, "epoch-ms": 1000}


def parsed(text: str, format_: str) -> datetime | None:
    """Return the time that a text is in a format of ``strptime``, or ``None``; without a zone it is naive.

    Example:
        >>> parsed("03.02.2020", "%d.%m.%Y"), parsed("13.13.2020", "%d.%m.%Y")
        (datetime.datetime(2020, 2, 3, 0, 0), None)
    """
    try:
        found = datetime.strptime(text, format_)  # noqa: DTZ007 - the caller says what no zone means
    except (ValueError, OverflowError):
        return None
    # "1112020" is 1 November or 11 January where nothing parts the numbers.
    if any(found.strftime(numbers) not in text for numbers in TIGHT.findall(format_)):
        return None
    return found


def what_is_wrong(format_: str) -> tuple[str, str] | None:
    """Return what is wrong with a format and what would help; ``None`` for a sound one.

    A format has to name a year, and a month where it names a day; what ``strptime`` reads and then forgets
    (``%p`` beside ``%H``, ``%Z``) is refused.

    Example:
        >>> what_is_wrong("%d-%m-%Y"), what_is_wrong("%H:%M")[0]
        (None, 'names no year, so that every time would be of 1900')
        >>> what_is_wrong("dd-mm-yyyy")[1]
        '--time-format "%d-%m-%Y"'
    """
    if format_ in EPOCHS:
        return None
    if "%" not in format_:
        return f"is neither a format of strptime nor one of {', '.join(EPOCHS)}", _meant(format_)
    try:
        datetime.strptime("", format_)  # noqa: DTZ007 - only whether it is a format
    except ValueError as error:
        if "does not match" not in str(error):
            return f"is no format of strptime: {error}", '"%d-%m-%Y %H:%M" is one; epoch-s counts seconds since 1970'
    except (re.error, KeyError, IndexError) as error:
        return f"is no format of strptime: {error}", '"%d-%m-%Y %H:%M" is one; epoch-s counts seconds since 1970'
    named = set(DIRECTIVE.findall(format_.replace("%%", "")))
    wrong = {
        ("names no year, so that every time would be of 1900", "add %Y"): not named & set("YyGcx"),
        ("names a day without its month", "add %m, or %b for a month's name"): bool(named & set("d"))
        and not named & set("mbBh"),
        ("has %p without %I: the half of the day would be forgotten", "write %I for %H"): "p" in named
        and "I" not in named,
        ("has %I without %p: it is not said which half of the day", "add %p, or write %H"): "I" in named
        and "p" not in named,
        ("has %Z: strptime forgets a zone by name", "write the zone as it stands, if it is UTC or GMT; or %z"): "Z"
        in named,
        ("has %c or %x, which differ from country to country", "spell it out, as %d/%m/%Y"): bool(named & set("cxX")),
    }
    return next((what for what, holds in wrong.items() if holds), None)


def readings(text: str, years: tuple[int, int]) -> list[tuple[str, datetime, str]]:
    """Return what a text that is no ISO 8601 may mean: how it is read, the time, and the format that says so.

    Example:
        >>> for how, when, format_ in readings("03-02-2020", (1678, 2261)):
        ...     print(f"{how}: {when:%Y-%m-%d}, {format_}")
        day first: 2020-02-03, "%d-%m-%Y"
        month first: 2020-03-02, "%m-%d-%Y"
    """
    found = [
        (how, when, f'"{format_}"')
        for how, format_ in _formats(re.sub("[0-9]", "1", text))
        if (when := parsed(text, format_)) is not None and years[0] <= when.year <= years[1]
    ]
    return [*found, *_numbers(text)]


def example(when: datetime) -> str:
    """Return a time as people say it: ``3 February 2020``, with its hour where it has one.

    Example:
        >>> example(datetime(2020, 2, 3)), example(datetime(2020, 2, 3, 10, 30))
        ('3 February 2020', '3 February 2020 10:30')
    """
    day = f"{when.day} {when:%B} {when.year}"
    return day if (when.hour, when.minute, when.second) == (0, 0, 0) else f"{day} {when:%H:%M}"


def _meant(format_: str) -> str:
    """Return the format that was meant: ``dd-mm-yyyy`` is spelled otherwise in Python."""
    near = nearest(format_, EPOCHS)
    if near:
        return f"--time-format {near}"
    plain = format_.lower()
    for spelled, directive in SPELLED:
        plain = plain.replace(spelled, directive)
    plain = plain.replace("mm", "%m", 1).replace("mm", "%M", 1)
    if "%" in plain and what_is_wrong(plain) is None:
        return f'--time-format "{plain}"'
    return '--time-format "%d-%m-%Y", or epoch-s; without it, times are ISO 8601'


@lru_cache(maxsize=256)
def _formats(shape: str) -> tuple[tuple[str, str], ...]:
    """Return how a text may be read, and the format.

    Args:
        shape: The text with a 1 for each digit: a column has few shapes, and millions of values.
    """
    return tuple(_candidates(shape))


def _candidates(text: str) -> Iterator[tuple[str, str]]:
    split = re.fullmatch(r"(.*?)([T ,]+)([0-9]{1,2}:[0-9]{2}.*)", text)
    day, between, clock = split.groups() if split else (text, "", "")
    ends = [f"{between}{each}" for each in _clocks(clock) if parsed(clock, each)] if clock else [""]
    for end in ends:
        for mark in (each for each in "-/. " if each in day):
            for year in "Yy":
                yield "day first", f"%d{mark}%m{mark}%{year}{end}"
                yield "month first", f"%m{mark}%d{mark}%{year}{end}"
            for year in "Yy":
                yield "year first", f"%{year}{mark}%m{mark}%d{end}"
        if day.isdigit():
            yield from _digits_alone(day, end)
            continue
        if not any(map(str.isalpha, day)) and not ORDINAL.fullmatch(day):
            continue
        for format_ in SPELLED_OUT:
            yield "spelled out", f"{format_}{end}"
    yield "spelled out", "%a %b %d %H:%M:%S %Y"
    zone = re.search(r" ([A-Z]{3,4}) 1111$", text)
    if zone:
        yield f"spelled out, its zone {zone[1]} passed over,", f"%a %b %d %H:%M:%S {zone[1]} %Y"


def _digits_alone(day: str, end: str) -> Iterator[tuple[str, str]]:
    yield "day first", f"%d%m%Y{end}"
    yield "month first", f"%m%d%Y{end}"
    if end == "" and len(day) == len("20200203"):
        yield "year first", f"%Y%m%d{end}"
    if end == "" and len(day) == len("2020"):
        yield "as a year", "%Y"


def _clocks(clock: str) -> Iterator[str]:
    """Yield the formats that a time of day may have."""
    for plain in ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f"):
        yield plain
        yield from (f"{plain}{zone}" for zone in ("%z", " %z", " UTC", " GMT"))
    for plain in ("%I:%M", "%I:%M:%S"):
        yield f"{plain} %p" if " " in clock else f"{plain}%p"


def _numbers(text: str) -> Iterator[tuple[str, datetime, str]]:
    """Yield what a number may count."""
    if not FEW_DIGITS.fullmatch(text):
        return
    number = float(text)
    for format_, per in SECONDS.items():
        try:
            when = datetime.fromtimestamp(number / per, UTC)
        except (ValueError, OverflowError, OSError):
            continue
        if SENSIBLE[0] <= when.year <= SENSIBLE[1]:
            counts = "in seconds since 1970" if format_ == "epoch-s" else "in milliseconds since 1970"
            yield counts, when, format_
    if EXCEL[0] <= number <= EXCEL[1]:
        when = EXCEL_EPOCH + timedelta(days=number)
        yield "as a day of Excel", when, ""

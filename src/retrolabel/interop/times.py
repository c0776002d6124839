"""Times out of files: ISO 8601, or the one format that the user names; what may mean two days is never guessed."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import InputError, Problem
from retrolabel.interop.time_formats import EPOCHS, ISO, ZONED, example, parsed, readings, what_is_wrong
from retrolabel.jobs.records.columns import ARROW_TYPES, KEPT_YEARS

if TYPE_CHECKING:
    from collections.abc import Sequence

TIME = ARROW_TYPES["time"]
REPRESENTABLE = (1, 9999)
"""The first and the last year that Python has."""
CLOCK_ALONE = re.compile(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?( ?[AaPp]\.?[Mm]\.?)?")
NAMED_ZONE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.,]+ ?([A-Za-z]{1,5}|\[.*\]|[A-Za-z]+/[A-Za-z_]+)")
COMPACT = re.compile(r"[0-9]{8}")
NO_DAY = r"^\s*[0-9]{4}-[0-9]{2}\s*$"
LEAP_SECOND = re.compile(r"[0-9]{2}:?[0-9]{2}:?60")
MIDNIGHT = re.compile(r"[Tt ]24:?00")
EARLY = 10**10
"""Milliseconds: a column that stays below, in April 1970, most likely counts seconds."""
SPELLED = ((r"^\s+|\s+$", ""), (r"([.,][0-9]{6})[0-9]+", r"\1"), (",", "."), ("t", "T"), (r"(?i)\s?(?:utc|z)$", "Z"))
"""ISO 8601 as it may be written -> as pandas reads it."""
KINDS = {list: "a list", dict: "an object", bool: "true or false"}
PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


@dataclass
class TimeReader:
    """Reads one column of times, batch by batch.

    Without a format a text is ISO 8601: a date, or a date and a time, with an offset, ``Z``, ``UTC`` or no zone,
    which is taken as UTC and noted. Whatever else is refused, with what it may mean and the option that decides.
    With a format every value has to fit it. Columns that hold times by their type need neither.

    Args:
        column: The file's column, for messages.
        format: A format of ``strptime``, ``epoch-s`` or ``epoch-ms``; ``None`` for ISO 8601.
        years: The first and the last year that is kept.

    Attributes:
        outside: The rows of the last batch whose time could be read and cannot be kept.

    Example:
        >>> reader = TimeReader("when")
        >>> times, wrong = reader.read(["2020-02-03 10:00 UTC", "03-02-2020", None])
        >>> times.to_pylist()[0].isoformat(), sorted(wrong)
        ('2020-02-03T10:00:00+00:00', [1])
        >>> TimeReader("when", "%d-%m-%Y").read(["03-02-2020"])[0].to_pylist()[0].isoformat()
        '2020-02-03T00:00:00+00:00'
    """

    column: str
    format: str | None = None
    years: tuple[int, int] = KEPT_YEARS
    outside: set[int] = field(default_factory=set, init=False)
    _naive: bool = field(default=False, init=False)
    _no_day: bool = field(default=False, init=False)
    _early: bool | None = field(default=None, init=False)

    def read(self, values: Any) -> tuple[pa.Array, dict[int, str]]:  # noqa: ANN401 - raw columns
        """Return the times in UTC, null where there is none, and row -> why its value is no time.

        Args:
            values: Texts (CSV), JSON values, or an Arrow array.

        Raises:
            InputError: There is a format, and the column holds times by its type.
        """
        self.outside = set()
        if isinstance(values, (pa.Array, pa.ChunkedArray)):
            values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
            values = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
            if pa.types.is_timestamp(values.type) or pa.types.is_date(values.type):
                return self._typed(values)
            values = values.to_pylist()
        given = [None if _missing(value) else value for value in values]
        if self.format in EPOCHS:
            return self._epochs(given)
        return self._iso(given) if self.format is None else self._formatted(given, self.format)

    def notes(self) -> list[str]:
        """Return what was assumed of the times so far."""
        told = {
            f"times in {self.column!r} name no zone and were taken as UTC": self._naive,
            f"times in {self.column!r} name a month alone; its first day was taken": self._no_day,
            f"all times in {self.column!r} are of 1970; if they count seconds: --time-format epoch-s": self._early,
        }
        return [note for note, holds in told.items() if holds]

    def _iso(self, given: Sequence[object]) -> tuple[pa.Array, dict[int, str]]:
        texts = pa.array([value if isinstance(value, str) else None for value in given], pa.string())
        fits = pc.fill_null(pc.match_substring_regex(texts, ISO), fill_value=False)
        plain = pc.if_else(fits, texts, None)
        for written, meant in SPELLED:
            plain = pc.replace_substring_regex(plain, written, meant)
        series = pd.Series(plain.to_pylist(), dtype=object)
        found = pd.to_datetime(series, utc=True, errors="coerce", format="ISO8601")
        array = pa.array(found.dt.tz_convert(None).to_numpy().astype("datetime64[us]"), pa.timestamp("us"))
        array, outside = self._within(array)
        wrong = {row: self._outside(row, given[row]) for row in outside}
        kept = texts.filter(pc.is_valid(array))
        self._naive |= not pc.all(pc.match_substring_regex(kept, ZONED), min_count=0).as_py()
        self._no_day |= bool(pc.any(pc.match_substring_regex(kept, NO_DAY), min_count=0).as_py())
        for row in np.flatnonzero(pc.is_null(array).to_numpy(zero_copy_only=False)):
            value = given[int(row)]
            if value is not None:
                wrong.setdefault(int(row), self._no_iso(int(row), value))
        return array.cast(TIME), wrong

    def _typed(self, values: pa.Array) -> tuple[pa.Array, dict[int, str]]:
        if self.format is not None:
            raise InputError(
                f"Column {self.column!r} holds times by its type ({values.type}), so that no format reads them.",
                remedy="leave out --time-format",
            )
        if pa.types.is_date(values.type):
            values = values.cast(pa.timestamp("s" if pa.types.is_date32(values.type) else "ms"))
        self._naive |= values.type.tz is None and values.null_count < len(values)
        array, outside = self._within(values.cast(pa.timestamp(values.type.unit)))
        kept = array.cast(pa.timestamp("us"), safe=False).cast(TIME)
        return kept, {row: self._outside(row, _told(values[row])) for row in outside}

    def _epochs(self, given: Sequence[object]) -> tuple[pa.Array, dict[int, str]]:
        to_us = 10**6 if self.format == "epoch-s" else 10**3
        first, after = self._bounds(10**6)
        found: list[int | None] = []
        wrong: dict[int, str] = {}
        for row, value in enumerate(given):
            number = None if value is None else _number(value)
            found.append(None)
            if value is None:
                continue
            if number is None:
                wrong[row] = f"{_quoted(value)} is no number, and --time-format {self.format} says that it is one"
            elif not first <= (us := int(number * to_us)) < after:
                other = "epoch-ms" if self.format == "epoch-s" else "epoch-s"
                wrong[row] = f"{self._outside(row, value)}, as --time-format {self.format} reads it; {other}?"
            else:
                found[-1] = us
                low = self.format == "epoch-ms" and 0 < number < EARLY
                self._early = low if self._early is None else self._early and low
        return pa.array(found, pa.int64()).cast(TIME), wrong

    def _formatted(self, given: Sequence[object], format_: str) -> tuple[pa.Array, dict[int, str]]:
        found: list[datetime | None] = []
        wrong: dict[int, str] = {}
        for row, value in enumerate(given):
            text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
            when = parsed(text.strip(), format_) if isinstance(text, str) else None
            if value is not None and when is None:
                wrong[row] = f'{_quoted(value)} does not fit --time-format "{format_}"; a column has one format'
            if when is not None:
                self._naive |= when.tzinfo is None
                when = _in_utc(when)
                if when is None or not self.years[0] <= when.year <= self.years[1]:
                    wrong[row], when = self._outside(row, value), None
            found.append(when)
        return pa.array(found, TIME), wrong

    def _no_iso(self, row: int, value: object) -> str:
        """Return why a value is no ISO 8601 time, what it may mean, and what helps."""
        told = f"{_quoted(value)} is no date (ISO 8601, as 2026-03-01 or 2026-03-01T12:00:00Z)"
        if isinstance(value, (list, dict, bool)):
            return f"{told}, but {KINDS[type(value)]}"
        text = str(value).strip()
        iso = isinstance(value, str) and re.search(ISO, text)
        found = [] if iso and not COMPACT.fullmatch(text) else readings(text, self.years)
        if found:
            means = ", ".join(f"{how} it is '{example(when)}'" for how, when, _ in found)
            formats = list(dict.fromkeys(format_ for _, _, format_ in found if format_))
            which = "says which" if len(formats) > 1 else "reads it so"
            option = f"; --time-format {' or '.join(formats)} {which}" if formats else ""
            cells = "" if all(format_ for _, _, format_ in found) else "; format the cells as yyyy-mm-dd and save again"
            return f"{told}: {means}{option}{cells}"
        if iso and not self.years[0] <= int(text[:4]) <= self.years[1]:
            return self._outside(row, value)
        reasons: list[tuple[object, str]] = [
            (iso and LEAP_SECOND.search(text), "second 60 is a leap second, which is not kept; write 59"),
            (iso and MIDNIGHT.search(text), "24:00 is 00:00 of the next day"),
            (iso, "there is no such day or hour"),
            (CLOCK_ALONE.fullmatch(text), "it is a time of day without its date"),
            (NAMED_ZONE.fullmatch(text), "write its zone as an offset, as +01:00"),
        ]
        return next((f"{told}: {why}" for holds, why in reasons if holds), told)

    def _outside(self, row: int, value: object) -> str:
        self.outside.add(row)
        first, last = self.years
        return f"{_quoted(value)} lies outside of the years {first} to {last}, which are kept"

    def _bounds(self, per_second: int) -> tuple[int, int]:
        """Return the first time that is kept, and the first that is not any more, since 1970."""
        day = np.timedelta64(1, "D")
        first, after = (np.datetime64(f"{year:04d}-01-01", "D") for year in (self.years[0], self.years[1] + 1))
        epoch = np.datetime64("1970-01-01", "D")
        return int((first - epoch) / day) * 86_400 * per_second, int((after - epoch) / day) * 86_400 * per_second

    def _within(self, array: pa.Array) -> tuple[pa.Array, list[int]]:
        """Return the times with those that are not kept left out, and where these are."""
        first, after = self._bounds(PER_SECOND[array.type.unit])
        least, most = np.iinfo(np.int64).min, np.iinfo(np.int64).max
        counts = array.cast(pa.int64())
        out = pc.or_(pc.less(counts, max(first, least)), pc.greater(counts, min(after - 1, most)))
        rows = [int(row) for row in np.flatnonzero(pc.fill_null(out, fill_value=False).to_numpy(zero_copy_only=False))]
        return (pc.if_else(out, pa.scalar(None, array.type), array) if rows else array), rows


def format_problem(format_: str | None, column: str | None) -> Problem | None:
    """Return what is wrong with a ``--time-format``, if anything is.

    Args:
        format_: What was given.
        column: The column of times, if there is one.
    """
    if format_ is None:
        return None
    where = f'--time-format "{format_}"'
    if column is None:
        return Problem(where, "there is no column of times that it would read", "--time COLUMN names it")
    found = what_is_wrong(format_)
    return Problem(where, *found) if found else None


def _missing(value: object) -> bool:
    return (
        value is None
        or (isinstance(value, str) and not value.strip())
        or (isinstance(value, float) and math.isnan(value))
    )


def _quoted(value: object) -> str:
    return f"{str(value)!r:.40}"


def _told(value: pa.Scalar) -> str:
    """Return a typed time as people read it; beyond what Python has, as it is stored."""
    try:
        return str(value.as_py())
    except (ValueError, OverflowError):
        return f"{value.cast(pa.int64()).as_py()} {value.type.unit} since 1970"


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        return None
    text = repr(value) if isinstance(value, float) else str(value).strip()
    if isinstance(value, str) and not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _in_utc(when: datetime) -> datetime | None:
    if when.tzinfo is None:
        return when.replace(tzinfo=UTC)
    try:
        return when.astimezone(UTC)
    except OverflowError:  # year 1 or 9999, moved over the edge by its offset
        return None

"""A first look at a file of feedback: its columns as an ingest would read them, and what each is good for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from retrolabel.analysis import columns_of_a_file as columns_
from retrolabel.errors import IngestError, InputError, Problem, for_shell
from retrolabel.interop.column_choice import renamed_all
from retrolabel.interop.columns import arrow_kind
from retrolabel.interop.dialects import AS_FOUND, Dialect
from retrolabel.interop.feedback import FeedbackReader
from retrolabel.interop.raw import RawBatch
from retrolabel.interop.rows import TableFile
from retrolabel.interop.time_formats import readings
from retrolabel.interop.times import TimeReader
from retrolabel.jobs.records.columns import KEPT_YEARS
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from retrolabel.analysis.columns_of_a_file import Column

MOST_ROWS = 100_000
"""Rows of a file that are looked at."""
SAMPLE = 2_000
"""Values of a column by which it is seen whether they are times."""


@dataclass(frozen=True)
class Look:
    """What a file, or a source, holds.

    Attributes:
        name: What it is called.
        rows: How many rows were looked at.
        more: Whether there are more.
        columns: Its columns, without those that cannot be kept.
        values: Column -> its values.
        broken: Rows that an ingest would put aside, the first of them.
        broken_rows: How many.
        dropped: Columns that cannot be kept, as the file calls them.
        time: The column of times, as the file calls it.
        time_format: How they are written, where that is not ISO 8601.
        two_days: The column whose values may be two days, and the formats that say which.
        days: The first and the last day.
        renames: New name -> the file's, of columns whose names no labeling function can read.
        split: The column that says which rows are of a test, if there is one.
        test: Whether a row is; what may be labels was not looked at there.
        dialect: How the file is written.
    """

    name: str
    rows: int
    columns: tuple[Column, ...]
    values: dict[str, list[Any]]
    more: bool = False
    broken: tuple[Problem, ...] = ()
    broken_rows: int = 0
    dropped: tuple[str, ...] = ()
    time: str = ""
    time_format: str = ""
    two_days: tuple[str, ...] = ()
    days: tuple[str, str] | None = None
    renames: dict[str, str] = field(default_factory=dict)
    split: Column | None = None
    test: tuple[bool, ...] = ()
    dialect: Dialect = AS_FOUND

    def seen(self, name: str, test: Sequence[bool]) -> list[Any]:
        """Return the values of a column; none in rows of a test."""
        return [None if hidden else value for value, hidden in zip(self.values[name], test, strict=True)]

    def column(self, name: str) -> Column | None:
        """Return a column by its name, or by what the file calls it."""
        return next((each for each in self.columns if name in (each.written, each.name)), None)


def look_at(path: Path, dialect: Dialect | None = None) -> Look:
    """Read a file as an ingest would, and see what its columns are good for.

    Args:
        path: The file.
        dialect: How it is written.

    Raises:
        InputError: It cannot be read, has no rows, or its first line seems to be an item.
        IngestError: Its columns cannot be used.
    """
    dialect = dialect or Dialect()
    table = TableFile(path, dialect)
    names = table.columns
    if table.kind == "csv" and not dialect.header and columns_.looks_like_an_item(names):
        shown = ", ".join(names)
        example = ",".join(f"c{place}" for place in range(1, len(names) + 1))
        raise InputError(
            f"The first line of {path.name} looks like an item, not like names of columns: {shown:.120}",
            remedy=f"name them: --header {example}, in your words, as id,review",
        )
    dropped = _dropped(table)
    given = renamed_all([name for name in names if name not in dropped], table.by_place)
    renames = {new: old for old, new in given.items()}
    reader = FeedbackReader(path, renames=renames, drops=dropped, dialect=dialect)
    values: dict[str, list[Any]] = {}
    broken: list[Problem] = []
    count = rows = 0
    for table, lines, problems in reader.batches():
        for name in table.column_names:
            values.setdefault(name, []).extend(table.column(name).to_pylist())
        rows += len(lines)
        count, broken = count + len(problems), (broken + problems)[:3]
        if rows >= MOST_ROWS:
            break
    if not rows:
        told = f"No row of {path.name} can be read" if count else f"{path.name} names its columns and has no rows"
        raise IngestError(
            f"{told}.",
            problems=broken,
            remedy="mend or export it again; without --from a task is written that looks at no file",
        )
    if all(value is None for value in values.get(ITEM_ID, ())):
        values.pop(ITEM_ID, None)
    if all(value is None for value in values.get(CREATED_AT, ())):
        values.pop(CREATED_AT, None)
    written = {name: renames.get(name, name) for name in values}
    special = {ITEM_ID: reader.id_column, CREATED_AT: reader.time_column}
    written |= {name: was for name, was in special.items() if was}
    kinds = {ITEM_ID: "string", CREATED_AT: "time", **reader.contract}
    found = tuple(columns_.column_of(name, written[name], kinds[name], values[name]) for name in values)
    look = Look(
        path.name,
        rows,
        found,
        values,
        rows >= MOST_ROWS,
        tuple(broken),
        count,
        tuple(dropped),
        renames=renames,
        dialect=dialect,
    )
    return _with_times(_without_test(look))


def look_at_items(source: str, contract: dict[str, str], values: dict[str, list[Any]]) -> Look:
    """Return the same of a source that was ingested.

    Raises:
        InputError: It has no items.
    """
    rows = len(next(iter(values.values()), []))
    if not rows:
        raise InputError(f"The source {source} has no items.", remedy="retrolabel ingest FILE --source " + source)
    kinds = {ITEM_ID: "string", CREATED_AT: "time", **contract}
    found = tuple(columns_.column_of(name, name, kinds[name], values[name]) for name in values if name in kinds)
    return _with_times(_without_test(Look(source, rows, found, values)))


def _dropped(table: TableFile) -> list[str]:
    """Return the columns of a file with types that cannot be kept."""
    if not table.typed:
        return []
    first = next(table.batches(), RawBatch({}, []))
    return [name for name, array in first.columns.items() if isinstance(arrow_kind(array.type, name), Problem)]


def _without_test(look: Look) -> Look:
    """Return the look with what may be labels seen on rows alone that are of no test."""
    split = columns_.split_column(look.columns)
    roles = look.values[split.name] if split else [None] * look.rows
    test = tuple(columns_.SPLITS.get(str(role)) == "test" for role in roles)
    if not any(test):
        return replace(look, split=split, test=test)
    labels = {each.name for each in columns_.label_columns(look.columns)}
    seen = [
        columns_.column_of(each.name, each.written, each.kind, look.seen(each.name, test))
        if each.name in labels
        else each
        for each in look.columns
    ]
    return replace(look, split=split, test=test, columns=tuple(seen))


def _with_times(look: Look) -> Look:
    """Return the look with its column of times: every row has one, and all can be read in one way."""
    fit = [each for each in look.columns if each.filled == look.rows and each.kind in ("time", "string")]
    two_days: tuple[str, ...] = ()
    for column in sorted(fit, key=lambda each: columns_.time_like(each.written)):
        values = look.values[column.name]
        if column.kind == "time":
            return replace(look, time=column.written, days=_days(values))
        formats = _formats(values[:SAMPLE])
        if len(formats) == 1:
            times, wrong = TimeReader(column.written, formats[0] or None).read(values)
            if not wrong:
                days = _days(times.to_pylist())
                return replace(look, time=column.written, time_format=formats[0], days=days)
        elif formats and not two_days:
            two_days = (column.written, *formats)
    return replace(look, two_days=two_days)


def _formats(values: Sequence[Any]) -> list[str]:
    """Return the formats in which all of some texts are times; empty is ISO 8601."""
    texts = [str(value) for value in values]
    if not TimeReader("", None).read(texts)[1]:
        return [""]
    if not re.search(r"\d{2}", texts[0]):
        return []
    meant = {format_.strip('"') for _, _, format_ in readings(texts[0], KEPT_YEARS)}
    return [each for each in sorted(meant) if "%" in each and not TimeReader("", each).read(texts)[1]]


def _days(values: Sequence[Any]) -> tuple[str, str] | None:
    known = [value for value in values if value is not None]
    return (f"{min(known):%Y-%m-%d}", f"{max(known):%Y-%m-%d}") if known else None


def ingest_options(look: Look, ids: str, leaks: str = "") -> list[str]:
    """Return the options that make an ingest read the file as it was looked at.

    Args:
        look: The file.
        ids: The column of ids, as the file calls it.
        leaks: The column that holds the answer, which no labeling function should read.
    """
    special = {ids, look.time, leaks, *look.dropped}
    found = [f"--id {for_shell(ids)}"] if ids else []
    found += [f"--time {for_shell(look.time)}"] if look.time else []
    found += [f"--time-format {for_shell(look.time_format)}"] if look.time_format else []
    found += [f"--map {new}={for_shell(old)}" for new, old in look.renames.items() if old not in special]
    found += look.dialect.words()
    return found + [f"--drop {for_shell(each)}" for each in (*look.dropped, *([leaks] if leaks else []))]

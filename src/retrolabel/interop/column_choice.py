"""Which columns of a file are kept, what each is called, and which hold the ids and the times."""

from __future__ import annotations

import keyword
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrolabel.analysis.columns_of_a_file import looks_like_an_item
from retrolabel.errors import IngestError, Problem, for_shell, in_quotes, nearest
from retrolabel.interop.first_task import label_id
from retrolabel.interop.times import format_problem
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID
from retrolabel.labeling.parameters import WHOLE_ROW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.interop.rows import TableFile

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
OTHERWISE = {
    "--id": "name one of those, or leave --id out: then ids are derived from the rows",
    "--time": "name one of those, or leave --time out",
    "--map": "--map is NEW=OLD, and OLD is one of those",
    "--drop": "leave it out",
    "--keep": "name one of those",
}
"""What to do about an option that names no column."""
SHOWN = 30
"""Columns that a message names."""


@dataclass(frozen=True)
class Asked:
    """What a person says of a file's columns.

    Attributes:
        id_column: The column of ids.
        time_column: The column of times.
        renames: New name -> the file's name.
        drops: Columns that stay out; an empty text stands for all whose header cell is empty.
        keeps: The columns that are kept, besides those of ids and times; all if left out.
        rename_all: Whether columns whose names no labeling function can read get names that it can.
        time_format: The format of the times.
    """

    id_column: str | None = None
    time_column: str | None = None
    renames: Mapping[str, str] = field(default_factory=dict)
    drops: Sequence[str] = ()
    keeps: Sequence[str] = ()
    rename_all: bool = False
    time_format: str | None = None


@dataclass(frozen=True)
class Chosen:
    """The columns of a file that are kept.

    Attributes:
        id_column: The column of ids, as the file calls it.
        time_column: The column of times.
        columns: What the file calls a column -> what it is called here; without those two.
        notes: What a person should know.
    """

    id_column: str | None
    time_column: str | None
    columns: dict[str, str]
    notes: tuple[str, ...]


def choose(table: TableFile, asked: Asked) -> Chosen:
    """Return the columns that are kept.

    Raises:
        IngestError: An option names no column, or a name cannot be used; every fault at once.
    """
    found = table.columns
    unnamed = [label for label in found if "empty" in table.by_place.get(label, "")]
    asked = _with_unnamed(asked, unnamed)
    _check_options(table, found, asked)
    kept = [column for column in found if column not in asked.drops]
    id_column = asked.id_column or (ITEM_ID if ITEM_ID in kept else None)
    time_column = asked.time_column or (CREATED_AT if CREATED_AT in kept else None)
    special = (id_column, time_column)
    if asked.keeps:
        mapped = set(asked.renames.values())
        kept = [column for column in kept if column in asked.keeps or column in mapped or column in special]
    renamed = {old: new for new, old in asked.renames.items()}
    columns = {column: renamed.get(column, column) for column in kept if column not in special}
    notes = []
    if asked.rename_all:
        given = renamed_all([new for old, new in columns.items() if old not in renamed], table.by_place)
        columns = {old: given.get(new, new) for old, new in columns.items()}
        if given:
            notes.append("renamed: " + ", ".join(f"{in_quotes(old)} -> {new}" for old, new in given.items()))
    _check_names(table, columns, found)
    notes += [
        f"{column!r} is kept as {name}"
        for column, name in ((id_column, ITEM_ID), (time_column, CREATED_AT))
        if column and column != name
    ]
    return Chosen(id_column, time_column, columns, tuple(notes))


def _with_unnamed(asked: Asked, unnamed: Sequence[str]) -> Asked:
    """Return what was asked with the columns of empty header cells in place of an empty text."""
    drops = [each for drop in asked.drops for each in (unnamed if not drop else [drop])]
    only = unnamed[0] if len(unnamed) == 1 else ""
    renames = {new: old or only for new, old in asked.renames.items()}
    return Asked(asked.id_column, asked.time_column, renames, drops, asked.keeps, asked.rename_all, asked.time_format)


def _check_options(table: TableFile, found: Sequence[str], asked: Asked) -> None:
    wanted: dict[str, list[str | None]] = {
        "--id": [asked.id_column],
        "--time": [asked.time_column],
        "--map": list(asked.renames.values()),
        "--drop": list(asked.drops),
        "--keep": list(asked.keeps),
    }
    swapped = [(new, old) for new, old in asked.renames.items() if old not in found and new in found]
    if swapped:
        new, old = swapped[0]
        raise IngestError(
            f"{table.path.name} has no column {old!r}, but one called {new!r}.",
            remedy=f"--map is NEW=OLD: --map {for_shell(old)}={in_quotes(new)}",
        )
    problems = [
        Problem(f"{option} {column}", "there is no such column", _near(column, found) or OTHERWISE[option])
        for option, columns in wanted.items()
        for column in columns
        if column is not None and column not in found
    ]
    problems += [
        Problem(f"--drop {column}", f"is also given as {option}", "leave one of the two out")
        for option in ("--id", "--time", "--map", "--keep")
        for column in wanted[option]
        if column is not None and column in asked.drops
    ]
    given = CREATED_AT if CREATED_AT in found and CREATED_AT not in asked.drops else None
    unsound = format_problem(asked.time_format, asked.time_column or given)
    problems += [unsound] if unsound else []
    if problems:
        raise IngestError(f"{table.path.name} has the columns {', '.join(found)}.", problems=problems)


def _check_names(table: TableFile, columns: Mapping[str, str], found: Sequence[str]) -> None:
    """Refuse names that cannot be used, with the options that give others."""
    unreadable = {old: new for old, new in columns.items() if not is_readable(new)}
    given = renamed_all(list(unreadable.values()), table.by_place, taken=set(columns.values()))
    problems = [
        Problem(
            f"column {old!r}",
            table.by_place.get(old) or "is a name that no labeling function can read",
            f"--map {given[new]}={in_quotes(old)}" + (f", or --drop {in_quotes(old)}" if old in table.by_place else ""),
        )
        for old, new in unreadable.items()
    ]
    problems += [
        Problem(
            f"column {old!r}",
            f"would be called {new}, which is kept for the {what}",
            f"--drop {for_shell(old)} or --map other={for_shell(old)}",
        )
        for old, new in columns.items()
        for what, reserved in (("id", ITEM_ID), ("time", CREATED_AT))
        if new == reserved
    ]
    names = list(columns.values())
    problems += [
        Problem(f"column {name!r}", "would exist twice", f"--drop one of them, or --map other={name}")
        for name in sorted(name for name, count in Counter(names).items() if count > 1)
    ]
    if problems:
        more = [Problem("and", f"{len(problems) - SHOWN:,} more")] if len(problems) > SHOWN else []
        raise IngestError(
            f"Columns of {table.name} have names that cannot be used.",
            problems=[*problems[:SHOWN], *more],
            remedy=_for_all(table, unreadable, found),
        )


def _for_all(table: TableFile, unreadable: Mapping[str, str], found: Sequence[str]) -> str:
    """Return what mends several names at once."""
    ways = []
    empty = [old for old in unreadable if "empty" in table.by_place.get(old, "")]
    if len(empty) > 1:
        ways.append('--drop "" leaves out all columns whose header cell is empty')
    if len(unreadable) > 1:
        ways.append("--rename-all makes identifiers of all names, and prints them")
    if table.kind == "csv" and looks_like_an_item(found):
        names = ",".join(f"c{place}" for place in range(1, len(found) + 1))
        ways.append(f"if its first line is an item and names no columns: --header {names}, in your words")
    return "; ".join(ways)


def renamed_all(names: Sequence[str], by_place: Mapping[str, str], taken: set[str] | None = None) -> dict[str, str]:
    """Return what columns are called -> names that labeling functions can read, for those that have none.

    Example:
        >>> renamed_all(["Review Text", "review-text", "stars", "#4"], {"#4": "its header cell is empty"})
        {'Review Text': 'review_text', 'review-text': 'review_text_2', '#4': 'column_4'}
    """
    used = {name for name in (*names, *(taken or ())) if is_readable(name)} | {ITEM_ID, CREATED_AT}
    found: dict[str, str] = {}
    for name in names:
        if is_readable(name):
            continue
        said = re.search(r"says '(.*)', as an", by_place.get(name, ""))
        empty = name in by_place and not said
        told = said[1] if said else name
        plain = f"column_{name.lstrip('#')}" if empty else identifier_for(label_id(told) or told)
        number, free = 1, plain
        while free in used:
            number += 1
            free = f"{plain}_{number}"
        used.add(free)
        found[name] = free
    return found


def is_readable(name: str) -> bool:
    """Return whether a labeling function can have a parameter of a column's name."""
    return bool(IDENTIFIER.fullmatch(name)) and not keyword.iskeyword(name) and name != WHOLE_ROW


def identifier_for(name: str) -> str:
    """Return a name that labeling functions can read for a column that has none.

    Example:
        >>> identifier_for("Review Text"), identifier_for("class"), identifier_for("1st")
        ('review_text', 'c_class', 'c_1st')
    """
    plain = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").lower() or "column"
    return plain if is_readable(plain) else f"c_{plain}"


def _near(column: str, found: Sequence[str]) -> str:
    near = nearest(column, found)
    return f"did you mean {near}?" if near else ""

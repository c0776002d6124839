"""What a file of human labels of an unknown kind may hold, as far as its values tell: for messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.errors import GoldError, Problem, in_quotes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from retrolabel.interop.records import Records
    from retrolabel.jobs.gold.matching import ItemPlace
    from retrolabel.schema.history import History
    from retrolabel.wiring.gold_file_options import GoldFile

    WhereItemsAre = Callable[[Mapping[str, Sequence[object]]], list[ItemPlace]]

TELLS = "as far as its values tell:"
FEW = 3
"""Keys of an object from which on its values may be labels of items."""
MOST_KEYS = 20
"""Keys of an object that may be people."""
LONGEST = 40
"""Characters of a value that may name a label."""


def is_label_of(history: History) -> Callable[[str], bool]:
    """Return what says whether a stored value is a label of the task."""
    return lambda value: any(version.understood(value) for version in history)


def as_values_tell(
    path: Path,
    asked: GoldFile,
    history: History,
    where_items_are: WhereItemsAre,
) -> str:
    """Return the options that read a file of human labels, as far as its values tell, in one line to paste.

    Args:
        path: The file.
        asked: What was said of it.
        history: The versions of the task's schema.
        where_items_are: Says by which of some paths, each with values, items can be told.
    """
    from retrolabel.interop.dialects import Dialect
    from retrolabel.interop.guessed_places import guessed, of_few_values
    from retrolabel.interop.records import Records, is_json
    from retrolabel.interop.spots import lists_of

    records = Records(path, asked.dialect or Dialect()).sample()
    is_label = is_label_of(history)
    if told := _of_another_form(records, is_label, nested=is_json(path)):
        return told
    items = where_items_are(_of_items(records))
    exactly = guessed(records, is_label)
    if exactly.deep and not items:
        held, inner = _inner(records, lists_of(exactly.labels))
        items = where_items_are(_of_items(inner)) if inner else []
        if items:
            words = [f"--rows-at {in_quotes(held)}", items[0].option, guessed(inner, is_label).words()]
            return f"{TELLS} {' '.join(words)}"
    guess = exactly.words()
    loosely = "" if guess else guessed(records, contains_label_of(history)).words()
    if guess or loosely:
        line = [*(each.option for each in items[:1]), guess or loosely, *_by_key(records, asked, guess, items)]
        first = "its labels are spelled otherwise, and need --map-label too; " if loosely else ""
        return f"{first or _also(records, guess, is_label)}{TELLS} {' '.join(line)}"
    few = of_few_values(records)
    if not few:
        return ""
    item = f"{items[0]} tells the items; " if items else ""
    option = "--labels-at PATH" if "." in few or "[" in few else "--label COLUMN"
    return f"{item}no value is a label of the task: {option} and --map-label, perhaps of what has few values: {few}"


def _of_items(records: Sequence[Mapping[str, Any]]) -> dict[str, list[object]]:
    """Return the places that may tell items, with their values: those that each record has once."""
    from retrolabel.interop.guessed_places import column_of
    from retrolabel.interop.spots import lists_of, spots_in

    columns = {key for record in records for key in record}
    return {
        column_of(place, columns) or place: [each for each in values if each is not None]
        for place, values in spots_in(records, lambda _: False).items()
        if not lists_of(place) or (not place.endswith("[]") and len(values) == len(records))
    }


def _inner(records: Sequence[Mapping[str, Any]], through: Sequence[str]) -> tuple[str, list[Mapping[str, Any]]]:
    """Return the records inside of records, and where they are, for a file whose records hold lists of items."""
    from retrolabel.interop.paths import parse_path, walk

    if not through or not through[0].endswith("[]"):
        return "", []
    way = parse_path(through[0], "--rows-at")
    found: list[Mapping[str, Any]] = [
        each for record in records for _, each in walk(record, way) if isinstance(each, dict)
    ]
    return f"[].{through[0]}", found


def items_told(places: Sequence[ItemPlace], line: str) -> str:
    """Return what tells the items of records: places in them, or the line that reads the records inside of them.

    Args:
        places: The places in the records, best first.
        line: What the values of the file tell.
    """
    if places:
        return ", or ".join(map(str, places[:2]))
    return line if "--rows-at" in line and "--item" in line else ""


def contains_label_of(history: History) -> Callable[[str], bool]:
    """Return what says whether a stored value holds one label of the task as a word: ``type: bug``."""
    from retrolabel.jobs.gold.meanings import within

    spellings = {each for version in history for each in (*version.names(), *version.spellings())}
    return lambda value: len(value) <= LONGEST and within(value, spellings) is not None


def _of_another_form(records: Sequence[Mapping[str, Any]], is_label: Callable[[str], bool], *, nested: bool) -> str:
    """Return what a file is where it is no table of rows: an object of labels by ids, or rows without a header."""
    if len(records) == 1 and nested and len(records[0]) >= FEW:
        held = [each for value in records[0].values() for each in (value if isinstance(value, list) else [value])]
        if all(isinstance(each, str) and is_label(each) for each in held):
            several = any(isinstance(value, list) for value in records[0].values())
            return f"{TELLS} --rows-at '*' --item key --label value{' --annotator place' if several else ''}"
    from retrolabel.interop.gold_cells import MARKS

    header = list(records[0]) if records and not nested else []
    if any(map(is_label, header)) and not any(str(value).casefold() in MARKS for value in records[0].values()):
        names = ["label" if is_label(each) else f"c{place}" for place, each in enumerate(header, 1)]
        return f"its first line is a row, not the names of columns: --header {','.join(names)} names them"
    return ""


def _by_key(records: Sequence[Mapping[str, Any]], asked: GoldFile, guess: str, items: Sequence[ItemPlace]) -> list[str]:
    """Return the option that takes the keys of an object for people, where its rows stand under few keys."""
    by_key = asked.dialect is not None and str(asked.dialect.rows_at).endswith("*") and "--annotator" not in guess
    if not by_key or not items or items[0].option.startswith("--item key"):
        return []
    return ["--annotator key"] if len({each.get("key") for each in records}) <= MOST_KEYS else []


def _also(records: Sequence[Mapping[str, Any]], guess: str, is_label: Callable[[str], bool]) -> str:
    """Return which other columns hold labels too, where one was chosen."""
    if not guess.startswith("--label "):
        return ""
    from retrolabel.interop.guessed_places import label_columns
    from retrolabel.interop.spots import spots_in

    found = label_columns(spots_in(records, is_label), is_label)
    if len(found) < 2:  # noqa: PLR2004 - others than the chosen one
        return ""
    return f"labels stand in {', '.join(found)} (--annotator-columns A,B takes columns of people); "


def refuse_unknown(records: Records, asked: GoldFile, told: Callable[[], str]) -> None:
    """Refuse records that are nested, and of no tool that is known; a table goes on as one.

    Raises:
        GoldError: That, with the paths that there are.
    """
    from retrolabel.interop.labelling_tools.recognising import AUTO, NAMES
    from retrolabel.interop.paths import first_paths, paths_in

    sample = records.sample()
    deep = any("." in name or "[" in name for record in sample for name, _ in paths_in(record))
    if asked.of == AUTO or (records.nested and deep and asked.of is None):
        known = ", ".join(each for each in NAMES if each != AUTO)
        line = told()
        where = "say where labels and people stand: --labels-at PATH --annotator-at PATH --item PATH"
        raise GoldError(
            f"{records.path.name} is of no labelling tool that is known ({known}).",
            problems=[Problem("its records", f"have {first_paths(sample)}", "--from table takes plain columns")],
            remedy=line or where,
        )

"""What a file of human labels of an unknown kind may hold, as far as its values tell: for messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from retrolabel.interop.records import Records
    from retrolabel.jobs.gold.matching import ItemPlace
    from retrolabel.schema.history import History
    from retrolabel.wiring.gold_file_options import GoldFile

    WhereItemsAre = Callable[[Mapping[str, Sequence[object]]], list[ItemPlace]]


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
    from retrolabel.interop.records import Records
    from retrolabel.interop.spots import lists_of, spots_in

    records = Records(path, asked.dialect or Dialect()).sample()
    is_label = is_label_of(history)
    guess = guessed(records, is_label).words()
    spots = {place: values for place, values in spots_in(records, is_label).items() if not lists_of(place)}
    items = where_items_are({place: [each for each in values if each is not None] for place, values in spots.items()})
    if guess:
        return f"as far as its values tell: {' '.join([*(each.option for each in items[:1]), guess])}"
    few = of_few_values(records)
    if not few:
        return ""
    item = f"{items[0]} tells the items; " if items else ""
    option = "--labels-at PATH" if "." in few or "[" in few else "--label COLUMN"
    return f"{item}no value is a label of the task: {option} and --map-label, perhaps of what has few values: {few}"


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

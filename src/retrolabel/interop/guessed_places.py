"""Where labels, people and times stand in a file of an unknown kind, as far as its values tell: for a message.

Nothing is read by a guess: a person pastes it, or does not.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrolabel.errors import for_shell
from retrolabel.interop.gold_cells import is_mark
from retrolabel.interop.guessed_conditions import MACHINE, conditions, narrowed
from retrolabel.interop.guessed_people import MOSTLY, people_of, plain_of, share_of, time_of
from retrolabel.interop.spots import last_part, lists_of, spots_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from retrolabel.interop.spots import Spots

NEARLY_ALL = 0.9
MOST_KINDS, OFTEN = 20, 3
"""Values of a place that may hold labels: so many at most, each so often on average."""
LONGEST, SHOWN = 40, 6
PERSON = re.compile(r"@|labell?er\b|annotator|\brater|\bcoder", re.IGNORECASE)
"""What names of columns say that are of one person."""
LABEL_NAMES = (
    "label", "labels", "class", "classname", "category", "categories", "answer", "choice", "displayname", "value",
    "name", "result", "tag",
)  # fmt: skip


@dataclass(frozen=True)
class Guess:
    """Where things may stand.

    Attributes:
        labels: The column or path of the labels.
        choices: Columns that are each called like a label.
        people_columns: Columns of labels that are each called like a person.
        people: The column or path of the people.
        time: That of the times.
        time_format: How they are written, where it is no ISO 8601.
        where: Conditions by which answers of people are told from others.
        deep: Whether the labels stand deeper than in a column.
    """

    labels: str = ""
    choices: tuple[str, ...] = ()
    people_columns: tuple[str, ...] = ()
    people: str = ""
    time: str = ""
    time_format: str = ""
    where: tuple[str, ...] = field(default=())
    deep: bool = False

    def words(self) -> str:
        """Return the options that say so, as they are typed; nothing where no labels were found."""
        at = "-at" if self.deep else ""
        options = {
            "--labels-at" if self.deep else "--label": self.labels,
            "--label-columns": ",".join(self.choices),
            "--annotator-columns": ",".join(self.people_columns),
        }
        if not any(options.values()):
            return ""
        options |= {f"--annotator{at}": self.people, f"--time{at}": self.time}
        told = [f"{option} {for_shell(value)}" for option, value in options.items() if value]
        told += [f"--time-format {self.time_format}"] if self.time_format else []
        return " ".join([*told, *(f"--where {for_shell(each)}" for each in self.where)])


def guessed(records: Sequence[Mapping[str, Any]], is_label: Callable[[str], bool]) -> Guess:
    """Return where the labels of some records may stand, and who gave them when.

    Args:
        records: The first records of a file; rows of a table are records of its columns.
        is_label: Whether a value is a label of the task.

    Example:
        >>> rows = [{"id": n, "marks": [{"user": {"email": "ana@x.org"}, "tag": "bug"}]} for n in range(3)]
        >>> guessed(rows, {"bug"}.__contains__).words()
        '--labels-at "marks[].tag" --annotator-at "marks[].user.email"'
    """
    spots = spots_in(records, is_label)
    choices = _choices(spots, is_label)
    columns = () if choices else _people_columns(spots, is_label)
    labels = "" if choices or columns else _labels(spots, is_label)
    if not (labels or choices or columns):
        return Guess()
    columns_of = {key for record in records for key in record}
    deep = bool(labels) and column_of(labels, columns_of) is None
    people = "" if columns else people_of(spots, labels, is_label)
    time, format_ = time_of(spots, labels)
    where = tuple(conditions(spots, labels or None, is_label))
    narrow = narrowed(records, labels, is_label) if deep else labels
    if deep:
        return Guess(narrow, choices, columns, people, time, format_, where, deep)

    def as_column(path: str) -> str:
        return column_of(path, columns_of) or path

    choices, columns = tuple(map(as_column, choices)), tuple(map(as_column, columns))
    return Guess(as_column(labels), choices, columns, as_column(people), as_column(time), format_, where, deep)


def column_of(path: str, columns: Collection[str]) -> str | None:
    """Return the column that a path is; ``None`` where it leads deeper.

    Example:
        >>> column_of('"Mood [now]"', {"Mood [now]"}), column_of("a.b", {"a.b"}), column_of("a.b", {"a"})
        ('Mood [now]', 'a.b', None)
    """
    if path in columns:
        return path
    plain = json.loads(path) if path.startswith('"') and path.endswith('"') and path.count('"') == 2 else None  # noqa: PLR2004 - quotes
    return plain if plain in columns else None


def of_few_values(records: Sequence[Mapping[str, Any]]) -> str:
    """Return the places that hold few values, each often, with these: labels may be spelled so.

    Example:
        >>> of_few_values([{"id": n, "stars": n % 3, "app": "x"} for n in range(12)])
        'stars (0, 1, 2)'
    """
    told = []
    for path, values in spots_in(records, lambda _: False).items():
        plain = [each for each in plain_of(values) if len(each) <= LONGEST]
        kinds = Counter(plain)
        if 1 < len(kinds) <= min(MOST_KINDS, len(plain) // OFTEN):
            shown = ", ".join(sorted(kinds)[:SHOWN]) + (", ..." if len(kinds) > SHOWN else "")
            told.append(f"{path} ({shown})")
    return ", ".join(told[:SHOWN])


def _labels(spots: Spots, is_label: Callable[[str], bool]) -> str:
    """Return the place whose values are labels; of several the one that is most often filled, and called like one."""
    found = {
        path: share
        for path, values in spots.items()
        if (share := share_of(values, is_label)) >= MOSTLY and not _are_options(path, values)
    }

    def rank(path: str) -> tuple[bool, bool, int, int]:
        name = last_part(path)
        called = next((place for place, each in enumerate(LABEL_NAMES) if name == each), len(LABEL_NAMES))
        gold = name.endswith("gold") or "golden" in path.casefold()
        return gold or bool(MACHINE.search(path)), found[path] < NEARLY_ALL, -len(plain_of(spots[path])) // 20, called

    return min(found, key=rank, default="")


def _are_options(path: str, values: Sequence[object]) -> bool:
    """Return whether a list says what may be chosen: each of its values stands there as often as any other."""
    counts = Counter(plain_of(values))
    return path.endswith("[]") and len(counts) > 1 and len(set(counts.values())) == 1 and counts.total() > len(counts)


def _choices(spots: Spots, is_label: Callable[[str], bool]) -> tuple[str, ...]:
    """Return columns that are each a label: called like one and marked where it holds, or holding but that one."""
    named, filled = [], {}
    for path, values in spots.items():
        if lists_of(path):
            continue
        marks = [value for value in values if value not in (None, "")]
        own = label_of_column(path, is_label)
        if marks and is_label(own) and all(is_mark(value) or value == own for value in marks):
            named.append(path)
        kinds = set(plain_of(marks))
        if len(kinds) == 1 and len(marks) < len(values) and is_label(next(iter(kinds))):
            filled[path] = next(iter(kinds))
    if len(named) > 1:
        return tuple(named)
    return tuple(filled) if len(filled) > 1 and len(set(filled.values())) == len(filled) else ()


def label_of_column(column: str, is_label: Callable[[str], bool]) -> str:
    """Return the label that a column is called like: its name, or what stands after the last sign that parts names.

    Example:
        >>> label_of_column("Answer.mood.Bad", {"Bad"}.__contains__), label_of_column("a/b", {"a/b"}.__contains__)
        ('Bad', 'a/b')
    """
    return column if is_label(column) else re.split(r"[.:/|]", column)[-1].strip(' "')


def _people_columns(spots: Spots, is_label: Callable[[str], bool]) -> tuple[str, ...]:
    """Return columns of labels that are people's: named so, numbered, or none of them called like a label."""
    found = [path for path in label_columns(spots, is_label) if not MACHINE.search(path)]
    persons = [path for path in found if PERSON.search(path)]
    by_stem: dict[str, list[str]] = {}
    for path in found:
        by_stem.setdefault(re.sub("[0-9]+", "#", path), []).append(path)
    numbered = next((paths for stem, paths in by_stem.items() if "#" in stem and len(paths) > 1), [])
    if len(persons) > 1 or numbered:
        return tuple(persons if len(persons) > 1 else numbered)
    hints = (*LABEL_NAMES, "gold", "sentiment", "type", "kind", "score", "rating", "status", "source")
    named = [hint for path in found for hint in hints if hint in path.rpartition(".")[2].casefold()]
    if len(found) < 2 or named or len({path.rpartition(".")[0] for path in found}) > 1:  # noqa: PLR2004 - people
        return ()
    return tuple(found)


def label_columns(spots: Spots, is_label: Callable[[str], bool]) -> list[str]:
    """Return all columns that hold labels."""
    return [path for path, values in spots.items() if not lists_of(path) and share_of(values, is_label) >= NEARLY_ALL]

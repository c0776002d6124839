"""Where labels, people and times stand in a file of an unknown kind, as far as its values tell: for a message.

Nothing is read by a guess: a person pastes it, or does not.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrolabel.errors import for_shell
from retrolabel.interop.gold_cells import is_mark
from retrolabel.interop.guessed_conditions import conditions, narrowed
from retrolabel.interop.labelling_tools.answers import as_label
from retrolabel.interop.spots import last_part, lists_of, spots_in
from retrolabel.interop.time_formats import readings
from retrolabel.interop.times import TimeReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from retrolabel.interop.spots import Spots

MOSTLY = 0.5
"""The share of values at a place that are labels of the task, from which on it may hold the labels."""
NEARLY_ALL = 0.9
MOST_KINDS, OFTEN = 20, 3
"""Values of a place that may hold labels: so many at most, each so often on average."""
LONGEST, SHOWN = 40, 6
LABEL_NAMES = (
    "label", "labels", "class", "classname", "category", "categories", "answer", "choice", "displayname", "value",
    "name", "result", "tag",
)  # fmt: skip
PEOPLE = (
    "annotator", "annotatoremail", "annotatorid", "workerid", "labeledby", "labelledby", "completedby", "createdby",
    "author", "authorusername", "user", "username", "useremail", "userid", "labeler", "labeller", "reviewer", "rater",
    "coder", "worker", "reviewedby", "authoruserid", "email", "who", "by",
)  # fmt: skip
OF_A_PERSON = ("email", "username", "name", "id")
"""Keys that say who it is inside an object that is called like a person."""
PERSON_OBJECTS = (*PEOPLE, "feedbacksource", "assignee")
TIMES = (
    "labelledat", "labeledat", "annotatedat", "submittedat", "submittime", "submitted", "completedat", "updatedat",
    "createdat", "creationdate", "created", "timestamp", "time", "date", "when", "at", "zeit", "datum",
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
    deep = bool(labels) and (bool(lists_of(labels)) or not all(labels in record for record in records))
    people = "" if columns else _people(spots, labels)
    time, format_ = _time(spots, labels)
    where = tuple(conditions(spots, labels or None, is_label))
    narrow = narrowed(records, labels, is_label) if deep else labels
    return Guess(narrow, choices, columns, people, time, format_, where, deep)


def of_few_values(records: Sequence[Mapping[str, Any]]) -> str:
    """Return the places that hold few values, each often, with these: labels may be spelled so.

    Example:
        >>> of_few_values([{"id": n, "stars": n % 3, "app": "x"} for n in range(12)])
        'stars (0, 1, 2)'
    """
    told = []
    for path, values in spots_in(records, lambda _: False).items():
        plain = [each for each in _plain(values) if len(each) <= LONGEST]
        kinds = Counter(plain)
        if 1 < len(kinds) <= min(MOST_KINDS, len(plain) // OFTEN):
            shown = ", ".join(sorted(kinds)[:SHOWN]) + (", ..." if len(kinds) > SHOWN else "")
            told.append(f"{path} ({shown})")
    return ", ".join(told[:SHOWN])


def _plain(values: Iterable[object]) -> list[str]:
    return [as_label(value) for value in values if isinstance(value, (str, int, float)) and value != ""]


def _share(values: Iterable[object], is_label: Callable[[str], bool]) -> float:
    """Return the share of some values that are labels."""
    found = [value for value in values if value not in (None, "")]
    if found and all(isinstance(value, dict) for value in found):
        return 1.0  # keys that are labels: nothing else is such a place
    plain = _plain(found)
    return sum(map(is_label, plain)) / len(plain) if plain else 0.0


def _labels(spots: Spots, is_label: Callable[[str], bool]) -> str:
    """Return the place whose values are labels; of several the one that is most often filled, and called like one."""
    found = {path: share for path, values in spots.items() if (share := _share(values, is_label)) >= MOSTLY}

    def rank(path: str) -> tuple[bool, bool, int, int]:
        name = last_part(path)
        called = next((place for place, each in enumerate(LABEL_NAMES) if name == each), len(LABEL_NAMES))
        gold = name.endswith("gold") or "golden" in path.casefold()
        return gold, found[path] < NEARLY_ALL, -len(_plain(spots[path])) // 20, called

    return min(found, key=rank, default="")


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
        kinds = set(_plain(marks))
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
    """Return columns of labels of which none is called like one: each is a person's."""
    found = [path for path, values in spots.items() if not lists_of(path) and _share(values, is_label) >= NEARLY_ALL]
    hints = (*LABEL_NAMES, "gold", "sentiment", "type", "kind", "score", "rating", "status", "source")
    if len(found) < 2 or any(hint in path.casefold() or "." in path for path in found for hint in hints):  # noqa: PLR2004
        return ()
    return tuple(found)


def _beside(spots: Spots, labels: str, rank: Callable[[str], int | None]) -> list[str]:
    """Return the places that go through the same lists as the labels, the nearest and best called first."""
    through = lists_of(labels)
    found = [
        (len(through) - len(lists_of(path)), order, path)
        for path in spots
        if path != labels and (order := rank(path)) is not None and lists_of(path) == through[: len(lists_of(path))]
    ]
    return [path for _, _, path in sorted(found)]


def _people(spots: Spots, labels: str) -> str:
    def rank(path: str) -> int | None:
        name, parent = last_part(path), last_part(path.rpartition(".")[0])
        if name in OF_A_PERSON and parent in PERSON_OBJECTS:
            return OF_A_PERSON.index(name)
        return len(OF_A_PERSON) + PEOPLE.index(name) if name in PEOPLE else None

    def names(path: str) -> bool:
        return any(value not in (None, "") for value in spots[path]) and all(
            isinstance(value, (str, int, type(None))) and not isinstance(value, bool) for value in spots[path]
        )

    return next((path for path in _beside(spots, labels, rank) if names(path)), "")


def _time(spots: Spots, labels: str) -> tuple[str, str]:
    """Return the place of the times, and their format where it is no ISO 8601."""

    def rank(path: str) -> int | None:
        name = last_part(path)
        if name in TIMES:
            return TIMES.index(name)
        return len(TIMES) if name.endswith(("time", "date", "createdat", "updatedat")) else None

    for path in _beside(spots, labels, rank):
        given = [value for value in spots[path] if value not in (None, "")]
        if given and (format_ := time_format_of(given)) is not None:
            return path, format_
    return "", ""


def time_format_of(values: Sequence[object]) -> str | None:
    """Return the one format that reads some times, as it is typed: nothing for ISO 8601, ``None`` where there is none.

    Example:
        >>> time_format_of(["2026-01-02"]), time_format_of(["2/25/2026 05:00"]), time_format_of(["soon"])
        ('', '"%m/%d/%Y %H:%M"', None)
    """
    if any(isinstance(value, (list, dict, bool)) for value in values):
        return None
    if not TimeReader("", None).read(list(values))[1]:
        return ""
    some = [str(value).strip() for value in values]
    counts = Counter(format_ for text in some for format_ in {each for _, _, each in readings(text, (1980, 2100))})
    found = [format_ for format_, count in counts.items() if count == len(some) and format_]
    return found[0] if len(found) == 1 else None

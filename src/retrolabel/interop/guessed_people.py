"""Who gave the labels of a file of an unknown kind, and when, as far as its values tell: for a message."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from retrolabel.interop.labelling_tools.answers import as_label
from retrolabel.interop.spots import last_part, lists_of
from retrolabel.interop.time_formats import readings
from retrolabel.interop.times import TimeReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from retrolabel.interop.spots import Spots

MOSTLY = 0.5
"""The share of values at a place that are labels of the task, from which on it may hold the labels."""
PEOPLE = (
    "annotator", "annotatoremail", "annotatorid", "workerid", "labeledby", "labelledby", "completedby", "createdby",
    "author", "authorusername", "user", "username", "useremail", "userid", "labeler", "labeller", "reviewer", "rater",
    "coder", "worker", "reviewedby", "authoruserid", "email", "who", "by",
)  # fmt: skip
OF_A_PERSON = ("email", "username", "name", "id")
"""Keys that say who it is inside an object that is called like a person."""
BY = ("by", "annotator", "labeler", "labeller", "reviewer")
FEW_PEOPLE = 20
"""People of the first records; where each has another one, they are those who wrote the texts."""
PERSON_OBJECTS = (*PEOPLE, "feedbacksource", "assignee")
TIMES = (
    "labelledat", "labeledat", "annotatedat", "submittedat", "submittime", "submitted", "completedat", "updatedat",
    "createdat", "creationdate", "created", "timestamp", "time", "date", "when", "at", "ts", "zeit", "datum",
)  # fmt: skip


def plain_of(values: Iterable[object]) -> list[str]:
    """Return the plain values of some, as a file of labels would spell them."""
    return [as_label(value) for value in values if isinstance(value, (str, int, float)) and value != ""]


def share_of(values: Iterable[object], is_label: Callable[[str], bool]) -> float:
    """Return the share of some values that are labels."""
    found = [value for value in values if value not in (None, "")]
    if found and all(isinstance(value, dict) for value in found):
        return 1.0  # keys that are labels: nothing else is such a place
    plain = plain_of(found)
    return sum(map(is_label, plain)) / len(plain) if plain else 0.0


def _beside(spots: Spots, labels: str, rank: Callable[[str], int | None]) -> list[str]:
    """Return the places that go through the same lists as the labels, the nearest and best called first.

    A list of people beside a label names all who gave it, and is as near.
    """
    through = lists_of(labels)
    found = [
        (max(0, len(through) - len(lists_of(path))), order, path)
        for path in spots
        if path != labels
        and (order := rank(path)) is not None
        and all(one == other for one, other in zip(lists_of(path), through, strict=False))
    ]
    return [path for _, _, path in sorted(found)]


def people_of(spots: Spots, labels: str, is_label: Callable[[str], bool]) -> str:
    """Return the place of the people who gave the labels."""

    def rank(path: str) -> int | None:
        name, parent = last_part(path), last_part(path.rpartition(".")[0])
        if name in OF_A_PERSON and (parent in PERSON_OBJECTS or parent.endswith(BY)):
            return OF_A_PERSON.index(name)
        if name in PEOPLE:
            return len(OF_A_PERSON) + PEOPLE.index(name)
        return len(OF_A_PERSON) + len(PEOPLE) if name.endswith(BY) else None

    def names(path: str) -> bool:
        given = [value for value in spots[path] if value not in (None, "")]
        plain = all(isinstance(value, (str, int)) and not isinstance(value, bool) for value in given)
        few = plain and len(set(map(str, given))) <= max(FEW_PEOPLE, len(given) // 4)  # else they wrote the texts
        return bool(given) and few and share_of(given, is_label) < MOSTLY

    return next((path for path in _beside(spots, labels, rank) if names(path)), "")


def time_of(spots: Spots, labels: str) -> tuple[str, str]:
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

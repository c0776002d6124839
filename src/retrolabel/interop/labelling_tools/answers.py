"""What a record of a labelling tool holds: answers of people, and what is none."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Record = Mapping[str, Any]

HOLDS = ("1", "true", "yes", "on", "x")
"""What a text says where a label holds."""
SPANS = "span"
"""What is left out where people marked a part of a text: a label here is of a whole item."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person says of one record.

    Attributes:
        question: Which of the tool's questions it answers; empty where a file has but one.
        labels: The labels, as the file spells them; several where the person chose several.
        annotator: The person.
        at: When, as the file says it.
        seconds: How long it took.
        rationale: Why.
        stands: Whether somebody marked it as the right one.
    """

    question: str
    labels: tuple[str, ...]
    annotator: str | None = None
    at: Any = None
    seconds: Any = None
    rationale: str | None = None
    stands: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of a record that is no answer.

    Attributes:
        what: What it is, as a noun that can be counted: ``cancelled annotation``.
    """

    what: str


@dataclass(frozen=True)
class Tool:
    """A tool whose files can be read.

    Attributes:
        key: As ``--from`` names it.
        title: As people call it.
        made: Whether a record is one of its files.
        answers: The answers in a record, and what else there is.
        items: Where in a record the id of our item may stand, first found first.
        own_id: Where the tool's own number of a record stands, which is no id of ours.
        within: The object in which the tool keeps what it was given, before ``.``: texts are looked for there too.
        time_format: How its times are written; ISO 8601 if left out.
        columns: Whether its questions are columns beside others, so that only labels tell which they are.
        flat: Whether its records may look like the rows of a table.
        notes: What a person should know of such a file.
    """

    key: str
    title: str
    made: Callable[[Record], bool]
    answers: Callable[[Record], Iterable[Answer | LeftOut]]
    items: tuple[str, ...] = ("item_id",)
    own_id: str = ""
    within: tuple[str, ...] = ()
    time_format: str | None = None
    columns: bool = False
    flat: bool = False
    notes: Callable[[Record], Iterable[str]] = field(default=lambda _: ())


def as_label(value: object) -> str:
    """Return a value as a file of labels would spell it.

    Example:
        >>> as_label("bug"), as_label(True), as_label(4.0), as_label(-1)
        ('bug', 'true', '4', '-1')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def as_person(value: object) -> str | None:
    """Return the name of a person out of a text, a number, or an object that describes one.

    Example:
        >>> as_person({"id": 3, "email": "ana@example.com"}), as_person(3), as_person(""), as_person(None)
        ('ana@example.com', '3', None, None)
    """
    if isinstance(value, dict):
        value = next((value[key] for key in ("email", "username", "user_name", "name", "id") if value.get(key)), None)
    if value is None or isinstance(value, (bool, list, dict)):
        return None
    return as_label(value).strip() or None


def chosen(value: object) -> tuple[str, ...]:
    """Return what was chosen: one value, a list of them, or an object that says of each whether it holds.

    Example:
        >>> chosen("bug"), chosen(["a", "b"]), chosen({"a": 1.0, "b": 0.2}), chosen(None), chosen("")
        (('bug',), ('a', 'b'), ('a',), (), ())
    """
    if value is None or value == "":
        return ()
    if isinstance(value, (list, tuple)):
        return tuple(as_label(each) for each in value if each is not None and each != "")
    if isinstance(value, dict):
        return tuple(str(key) for key, holds in value.items() if holds_of(holds))
    return (as_label(value),)


def holds_of(score: object) -> bool:
    """Return whether a score or a truth value says that a label holds: 0.5 and above do.

    Example:
        >>> holds_of(True), holds_of(0.4), holds_of("true"), holds_of("off"), holds_of(None)
        (True, False, True, False, False)
    """
    if isinstance(score, str):
        return score.strip().casefold() in HOLDS
    return isinstance(score, (bool, int, float)) and score >= 0.5  # noqa: PLR2004 - as spaCy's scorer has it

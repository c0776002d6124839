"""Answers that ``gold export`` sent to a tool: what a tool does not keep of them goes along, and is read again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrolabel.interop.labelling_tools.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from retrolabel.interop.labelling_tools.answers import LeftOut, Record

    Answers = Callable[[Record], Iterator[Answer | LeftOut]]

ROLE = "role"
"""What holds the role of a record that left."""
ANSWERED = "answered"
"""What holds them in a record: a text of JSON, since every tool keeps a text as it is."""
WITHIN = ("data", "meta", "metadata")
"""Where tools keep what they were given, besides the record itself."""
CALLED = "as"
"""What a person is called in the tool, where that is not the name here."""


def restoring(answers: Answers, as_time: Callable[[str], Any] = str) -> Answers:
    """Return what reads the answers in a record, those that nobody changed since they left as they were here.

    Args:
        answers: Reads the answers of a tool's record.
        as_time: How the tool writes a time, which is ISO 8601 here.
    """

    def restored(record: Record) -> Iterator[Answer | LeftOut]:
        left = left_in(record)
        for each in answers(record):
            yield as_it_left(each, left, as_time) if left and isinstance(each, Answer) else each

    return restored


def left_in(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the answers with which a record left; none where it did not, or they cannot be read."""
    holder = _holder(record)
    try:
        left = json.loads(holder[ANSWERED]) if holder else []
    except ValueError:
        return []
    return [each for each in left if isinstance(each, dict)] if isinstance(left, list) else []


def role_in(record: Mapping[str, Any]) -> str | None:
    """Return the role with which a record left; ``None`` for records of others, whatever they call a role.

    Example:
        >>> role_in({"data": {"role": "dev", "answered": "[]"}}), role_in({"role": "admin"})
        ('dev', None)
    """
    holder = _holder(record)
    role = holder.get(ROLE) if holder else None
    return role if isinstance(role, str) and role else None


def _holder(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what holds the answers with which a record left: itself, or an object in it."""
    places = [record, *(record[name] for name in WITHIN if isinstance(record.get(name), dict))]
    return next((place for place in places if isinstance(place.get(ANSWERED), str) and place[ANSWERED]), None)


def as_it_left(answer: Answer, left: Sequence[Mapping[str, Any]], as_time: Callable[[str], Any] = str) -> Answer:
    """Return an answer with the name of its person; with its time, seconds and reason too, if its label is the same.

    Args:
        answer: The answer, as the tool has it.
        left: The answers with which its record left.
        as_time: How the tool writes a time.

    Example:
        >>> left = [{"annotator": "ana", "as": "7", "label": "bug", "labelled_at": "2026-05-01T12:00:00+00:00"}]
        >>> same = as_it_left(Answer("", ("bug",), "7"), left)
        >>> same.annotator, same.at
        ('ana', '2026-05-01T12:00:00+00:00')
        >>> other = as_it_left(Answer("", ("wish",), "7", "2026-06-01"), left)
        >>> other.annotator, other.at
        ('ana', '2026-06-01')
    """
    if answer.annotator is None:  # a tool that names nobody: the answer is theirs if it is the only one, and the same
        mine = left if len(left) == 1 and answer.labels == (left[0].get("label"),) else []
    else:
        mine = [each for each in left if each.get(CALLED, each.get("annotator")) == answer.annotator]
    if not mine:
        return answer
    was = mine[0]
    named = replace(answer, annotator=was.get("annotator", None if CALLED in was else answer.annotator))
    if answer.labels != (was.get("label"),):
        return named
    at = was.get("labelled_at")
    return replace(
        named,
        at=as_time(at) if isinstance(at, str) else None,
        seconds=was.get("seconds"),
        rationale=was.get("rationale"),
    )

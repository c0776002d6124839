"""What stands where in some records: each place as a path that can be typed, with all that is there."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Spots = Mapping[str, list[Any]]

PLAIN = re.compile(r'[^.\[\]"*]+')
ID = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_-]{8,}|[0-9]+|[^@\s]+@[^@\s]+")
"""Keys that are ids of projects, people and the like: each is a key of its own, and ``*`` stands for all."""
ENTRIES = 20
"""Entries of a list that are looked at."""


def spots_in(records: Iterable[Mapping[str, Any]], is_label: Callable[[str], bool]) -> Spots:
    """Return path -> what stands there in some records, ``None`` too.

    An object whose keys are labels is a value: which label holds is said by its key.

    Example:
        >>> spots_in([{"p": {"clx9proj8a0": {"by": ["ana"]}}}, {"said": {"bug": 1}}], {"bug"}.__contains__)
        {'p.*.by[]': ['ana'], 'said': [{'bug': 1}]}
    """
    found: dict[str, list[Any]] = {}
    for record in records:
        for path, value in _spots(record, "", is_label):
            found.setdefault(path, []).append(value)
    return found


def _spots(value: Any, at: str, is_label: Callable[[str], bool]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON
    if isinstance(value, dict) and value and at and all(map(is_label, map(str, value))) and not _nested(value):
        yield at, value
    elif isinstance(value, dict):
        for key, each in value.items():
            name = "*" if at and isinstance(each, (dict, list)) and ID.fullmatch(key) else _written(key, value)
            yield from _spots(each, f"{at}.{name}" if at else name, is_label)
    elif isinstance(value, list):
        for each in value[:ENTRIES]:
            yield from _spots(each, f"{at}[]", is_label)
    elif at:
        yield at, value


def _nested(value: Mapping[str, Any]) -> bool:
    return any(isinstance(each, (dict, list)) for each in value.values())


def _written(key: str, beside: Mapping[str, Any]) -> str:
    """Return a key as a path has it: in quotes where it holds a sign of paths, and a dot would be misread."""
    if PLAIN.fullmatch(key):
        return key
    parts = key.split(".")
    shorter = {".".join(parts[:length]) for length in range(1, len(parts))}
    dots_alone = all(map(PLAIN.fullmatch, parts)) and not shorter & beside.keys()
    return key if dots_alone else json.dumps(key, ensure_ascii=False)


def lists_of(path: str) -> list[str]:
    """Return the lists and maps that a path goes through, from the outermost on.

    Example:
        >>> lists_of("projects.*.labels[].tags[]")
        ['projects.*', 'projects.*.labels[]', 'projects.*.labels[].tags[]']
    """
    return [path[: found.end()] for found in re.finditer(r"\[\]|(?<![^.])\*", path)]


def last_part(path: str) -> str:
    """Return the last key of a path, as names are compared: letters and digits alone, without what a colon ends.

    Example:
        >>> last_part("labels[].Created_By"), last_part("ASSIGNMENT:worker_id"), last_part("_worker_id")
        ('createdby', 'workerid', 'workerid')
    """
    key = re.split(r"[.:]", path.removesuffix("[]"))[-1]
    return "".join(each for each in key.casefold() if each.isalnum())

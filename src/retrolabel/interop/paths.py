"""Paths into nested values: ``annotations[].result[].value.choices``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STEP = re.compile(
    r'(?:"(?P<quoted>[^"]+)"|(?P<plain>[^.\[\]"]+))|\[(?P<number>-?\d*)\]|\[(?P<key>[^\[\]=]+)=(?P<value>[^\[\]]*)\]'
)
FEW = 8
"""Paths that a message names."""
EACH = object()
"""A step to each entry of a list."""
ALL = object()
"""A step to each value of an object."""


@dataclass(frozen=True)
class Where:
    """A step to each entry of a list in which a key has a value, or has another one.

    Attributes:
        key: The key; of one that is deeper with dots.
        value: The value, as text.
        other: Whether those are meant that have another value.
    """

    key: str
    value: str
    other: bool = False

    def holds(self, entry: Any) -> bool:  # noqa: ANN401 - any JSON
        """Return whether an entry has the value."""
        for name in self.key.split("."):
            entry = entry.get(name) if isinstance(entry, dict) else None
        told = "true" if entry is True else "false" if entry is False else str(entry)
        return (entry is not None and told == self.value) is not self.other


@dataclass(frozen=True)
class Path:
    """A way into nested values.

    Attributes:
        text: As it was typed.
        steps: A text is a key, a number a place in a list; ``EACH`` is all of a list, ``ALL`` all of an object.
    """

    text: str
    steps: tuple[Any, ...]


def parse_path(text: str, option: str) -> Path:
    """Return a path as it is typed.

    Keys are parted by dots; ``[]`` is each entry of a list, ``[0]`` its first, ``[name=mood]`` those whose key ``name``
    is ``mood``, ``[name!=mood]`` the others, ``*`` each value of an object. A key that holds a dot or a bracket stands
    in double quotes.

    Raises:
        InputError: It is none.

    Example:
        >>> len(parse_path('annotations[].result[0]."value.x".*', "--labels-at").steps)
        6
    """
    steps: list[Any] = []
    at = 0
    while at < len(text):
        found = STEP.match(text, at)
        of_list = found is not None and (found["number"] is not None or found["key"] is not None)
        if found is None or (steps and not of_list and text[at - 1] != "."):
            break
        if found["key"] is not None:
            key = found["key"].strip()
            steps.append(Where(key.removesuffix("!").strip(), found["value"].strip(), key.endswith("!")))
        elif found["number"] is not None:
            steps.append(int(found["number"]) if found["number"] else EACH)
        else:
            steps.append(found["quoted"] or (ALL if found["plain"] == "*" else found["plain"]))
        at = found.end()
        if at < len(text) - 1 and text[at] == ".":
            at += 1
    if at < len(text) or not steps:
        raise InputError(
            f"{option} {text!r} is no path: it cannot be read from {text[at:]!r} on.",
            remedy=f"as {option} 'annotations[].result[].value.choices': keys parted by dots, [] for each of a list,"
            " [0] for its first, [name=mood] for those of a name, [name!=mood] for the others, * for each value of an"
            " object, quotes around a key that holds a dot",
        )
    return Path(text, tuple(steps))


def walk(value: Any, path: Path) -> Iterator[tuple[tuple[int, ...], Any]]:  # noqa: ANN401 - any JSON
    """Yield what stands at a path, each with the places in the lists that lead to it.

    A key that holds dots may be written without quotes, where no shorter key is there.

    Example:
        >>> told = {"annotations": [{"by": "ana", "labels": ["a", "b"]}, {"by": "bo", "labels": []}]}
        >>> list(walk(told, parse_path("annotations[].labels[]", "--labels-at")))
        [((0, 0), 'a'), ((0, 1), 'b')]
        >>> list(walk(told, parse_path("annotations[].by", "--annotator-at")))
        [((0,), 'ana'), ((1,), 'bo')]
        >>> list(walk({"label.responses": ["a"]}, parse_path("label.responses[]", "--labels-at")))
        [((0,), 'a')]
    """
    yield from _walk(value, path.steps, ())


def _walk(value: Any, steps: tuple[Any, ...], places: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Any]]:  # noqa: ANN401
    if not steps:
        yield places, value
        return
    step, rest = steps[0], steps[1:]
    if not isinstance(step, str):
        for number, each in _entries(value, step):
            yield from _walk(each, rest, (*places, number))
    elif isinstance(value, dict):
        if step in value:
            yield from _walk(value[step], rest, places)
        elif rest and isinstance(rest[0], str):
            yield from _walk(value, (f"{step}.{rest[0]}", *rest[1:]), places)


def _entries(value: Any, step: Any) -> list[tuple[int, Any]]:  # noqa: ANN401 - any JSON
    """Return the entries of a list, or the values of an object, that a step leads to, with their places."""
    if step is ALL:
        return list(enumerate(value.values())) if isinstance(value, dict) else []
    entries = list(enumerate(value)) if isinstance(value, list) else []
    if isinstance(step, Where):
        return [(number, each) for number, each in entries if step.holds(each)]
    return entries[step:][:1] if isinstance(step, int) else entries


def first_at(value: Any, path: Path) -> Any:  # noqa: ANN401 - any JSON
    """Return the first value at a path; ``None`` where there is none."""
    return next((found for _, found in walk(value, path)), None)


def paths_in(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any JSON
    """Yield the paths to all plain values in a value, each with the first one there.

    Example:
        >>> dict(paths_in({"id": 1, "answers": [{"by": "ana", "tags": ["a", "b"]}]}))
        {'id': 1, 'answers[].by': 'ana', 'answers[].tags[]': 'a'}
    """
    seen: set[str] = set()
    for path, found in _paths(value, at):
        if path not in seen:
            seen.add(path)
            yield path, found


def _paths(value: Any, at: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        for key, each in value.items():
            plain = key if re.fullmatch(r'[^.\[\]"*]+', key) else json.dumps(key, ensure_ascii=False)
            yield from _paths(each, f"{at}.{plain}" if at else plain)
    elif isinstance(value, list):
        for each in value[:20]:
            yield from _paths(each, f"{at}[]")
    elif value is not None and at:
        yield at, value


def first_paths(records: Iterable[Any]) -> str:
    """Return the first paths of some records, each with a value, as a message names them.

    Example:
        >>> first_paths([{"id": 1}, {"id": 2, "text": "so slow"}])
        "id (1), text ('so slow')"
    """
    found = dict(pair for record in reversed(list(records)) for pair in paths_in(record))
    told = ", ".join(f"{path} ({value!r:.30})" for path, value in list(found.items())[:FEW])
    return told + (f" and {len(found) - FEW} more" if len(found) > FEW else "")


def told_paths(records: Iterable[Any]) -> str:
    """Return the same as a sentence."""
    return f"The first records have {first_paths(records)}"

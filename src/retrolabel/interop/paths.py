"""Paths into nested values: ``annotations[].result[].value.choices``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STEP = re.compile(r'(?:"(?P<quoted>[^"]+)"|(?P<plain>[^.\[\]"]+))|\[(?P<number>-?\d*)\]')
FEW = 8
"""Paths that a message names."""
EACH = object()
"""A step to each entry of a list."""
ALL = object()
"""A step to each value of an object."""


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

    Keys are parted by dots; ``[]`` is each entry of a list, ``[0]`` its first, ``*`` each value of an object. A key
    that holds a dot or a bracket stands in double quotes.

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
        if found is None or (steps and found["number"] is None and text[at - 1] != "."):
            break
        if found["number"] is not None:
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
            " [0] for its first, * for each value of an object, quotes around a key with a dot",
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
    if step is EACH or isinstance(step, int):
        entries = list(enumerate(value)) if isinstance(value, list) else []
        if isinstance(step, int):
            entries = entries[step:][:1]
        for number, each in entries:
            yield from _walk(each, rest, (*places, number))
    elif step is ALL:
        for number, each in enumerate(value.values() if isinstance(value, dict) else ()):
            yield from _walk(each, rest, (*places, number))
    elif isinstance(value, dict):
        if step in value:
            yield from _walk(value[step], rest, places)
        elif rest and isinstance(rest[0], str):
            yield from _walk(value, (f"{step}.{rest[0]}", *rest[1:]), places)


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

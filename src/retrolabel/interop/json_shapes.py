"""How rows stand inside one object of JSON: in a list, under keys of their own, or as pandas writes a frame."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

from retrolabel.interop.paths import ALL, Path, walk
from retrolabel.interop.streams import BOM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CHUNK = 2**20
LONGEST_LINE = 2**26
DEEP = 3
"""How deep in an object rows are looked for."""


def lists_in(value: Any, at: str = "", deep: int = DEEP) -> dict[str, list[Any]]:  # noqa: ANN401 - any JSON
    """Return path -> the objects there, for the lists of objects in an object."""
    if not isinstance(value, dict) or not deep:
        return {}
    found: dict[str, list[Any]] = {}
    for key, each in value.items():
        here = f"{at}.{key}" if at else str(key)
        if isinstance(each, list) and each and all(isinstance(row, dict) for row in each):
            found[here] = each
        else:
            found |= lists_in(each, here, deep - 1)
    return found


def rows_at_told(places: Mapping[str, list[Any]]) -> str:
    """Return the option that says which of some lists are the rows."""
    if not places:
        return "name a list of objects in it: --rows-at data.reviews"
    told = "say which are the rows: " + ", or ".join(f"--rows-at {at}" for at in places)
    alike = len({frozenset(rows[0]) for rows in places.values()}) == 1 and not any("." in at for at in places)
    return f"{told}; --rows-at '*' takes all of them, each with its key" if alike and len(places) > 1 else told


def rows_at(value: Any, path: Path) -> Iterator[Any]:  # noqa: ANN401 - any JSON
    """Yield the rows at a path: the entries of a list, or the value itself.

    Of an object whose values are meant (``*``) each row has the key that it stood under, in ``key``: its id, or who
    gave it; what is no object itself is in ``value``, with its ``place`` where it stands in a list.

    Example:
        >>> from retrolabel.interop.paths import parse_path
        >>> list(rows_at({"r1": "bug", "r2": ["slow"]}, parse_path("*", "--rows-at")))
        [{'key': 'r1', 'value': 'bug'}, {'key': 'r2', 'value': 'slow', 'place': 1}]
    """
    if path.steps[-1] is not ALL:
        for _, found in walk(value, path):
            yield from found if isinstance(found, list) else [found]
        return
    held = walk(value, Path(path.text, path.steps[:-1])) if len(path.steps) > 1 else [((), value)]
    for _, parent in held:
        for key, found in parent.items() if isinstance(parent, dict) else ():
            for place, row in enumerate(found if isinstance(found, list) else [found], 1):
                told = row if isinstance(row, dict) else {"value": row}
                yield {"key": key, **told, **({"place": place} if told is not row and isinstance(found, list) else {})}


def is_by_id(value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Return whether an object holds objects of the same keys, as one that has rows by their ids."""
    inner = list(value.values()) if isinstance(value, dict) else []
    return len(inner) > 1 and all(isinstance(each, dict) and each.keys() == inner[0].keys() for each in inner)


def rows_of_pandas(value: Any) -> list[dict[str, Any]] | None:  # noqa: ANN401 - any JSON
    """Return the rows of a frame that pandas wrote: its orients ``columns``, ``index``, ``split`` and ``table``."""
    if not isinstance(value, dict) or not value:
        return None
    if value.keys() == {"schema", "data"} and isinstance(value["data"], list):
        return list(value["data"])
    if value.keys() == {"columns", "index", "data"} and isinstance(value["data"], list):
        names = [str(each) for each in value["columns"]]
        return [dict(zip(names, row, strict=False)) for row in value["data"]]
    inner = list(value.values())
    if not all(isinstance(each, dict) for each in inner) or any(each.keys() != inner[0].keys() for each in inner):
        return None
    numbers = [str(number) for number in range(len(inner[0]))]
    if numbers and list(inner[0]) == numbers:  # column -> number of the row -> value
        return [{name: column[number] for name, column in value.items()} for number in numbers]
    if list(value) == [str(number) for number in range(len(value))]:  # number of the row -> column -> value
        return inner
    return None


def shape_of(stream: IO[str]) -> str:
    """Return ``lines``, ``array`` or ``one``: how a file of JSON is built."""
    first, cut = "", False
    for _ in range(10_000):
        line = stream.readline(LONGEST_LINE)
        if not line:
            break
        cut = len(line) >= LONGEST_LINE
        first = line.strip().lstrip(BOM)
        if first:
            break
    if first.startswith("[") and not _follows(first, stream, cut=cut):
        return "array"
    if first.startswith("{") and (cut or not _is_json(first)):
        # A row that is broken is no reason to take lines for one object.
        return "lines" if not cut and first.endswith("}") and len(first) > 1 else "one"
    if first.startswith("{") and not _follows(first, stream, cut=cut):
        value = json.loads(first)
        return "one" if rows_of_pandas(value) or lists_in(value) or is_by_id(value) else "lines"
    return "lines"


def _follows(first: str, stream: IO[str], *, cut: bool) -> bool:
    """Return whether a first line is a value of its own, and another line comes after it."""
    if cut or not _is_json(first):
        return False
    return any(stream.readline(CHUNK).strip() for _ in range(100))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True

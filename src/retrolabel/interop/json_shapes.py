"""How rows stand inside one object of JSON: in a list, under keys of their own, or as pandas writes a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    return "say which are the rows: " + ", or ".join(f"--rows-at {at}" for at in places)


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

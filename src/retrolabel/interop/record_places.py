"""Where in the records of a labelling tool the item, a text, a person or a time stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.errors import GoldError
from retrolabel.interop.paths import Path as Way
from retrolabel.interop.paths import first_at, parse_path, paths_in, told_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrolabel.interop.labelling_tools.answers import Tool


@dataclass(frozen=True)
class Places:
    """Finds what stands where in the records of a file.

    Attributes:
        name: The file, for messages.
        tool: What made it.
        sample: Its first records.
        items_told: Says by which of some paths, each with values, items can be told: options, best first.
    """

    name: str
    tool: Tool
    sample: Sequence[Mapping[str, Any]]
    items_told: Callable[[Mapping[str, Sequence[object]]], str] = lambda _: ""

    def item(self, asked: str | None, notes: list[str]) -> Way:
        """Return the path of the item's id: the one that was asked for, or where the tool keeps ours.

        Raises:
            GoldError: There is none.
        """
        if asked:
            return self.of(asked, "--item")
        for each in self.tool.items:
            way = parse_path(each, "--item")
            if any(first_at(record, way) is not None for record in self.sample):
                if each != "item_id":
                    notes.append(f"the item of a record is the one at {each}")
                return way
        own = f" ({self.tool.own_id} is the tool's own number)" if self.tool.own_id else ""
        told = self.items_told(plain_values(self.sample, self.tool))
        raise GoldError(
            f"Nothing in {self.name} says which item a record is of{own}.",
            remedy=told
            or "--item PATH, where ids of the store's items stand; or --match THEIRS=OURS, if a column of the source"
            f" holds the same text. {told_paths(self.sample)}",
        )

    def of(self, text: str, option: str) -> Way:
        """Return a path as it is typed, or the same within what the tool was given.

        Raises:
            GoldError: No record has that.
        """
        ways = [parse_path(each, option) for each in (text, *(f"{holder}.{text}" for holder in self.tool.within))]
        for way in ways:
            if any(first_at(record, way) is not None for record in self.sample):
                return way
        raise GoldError(f"{option} {text}: no record of {self.name} has that.", remedy=told_paths(self.sample))


def plain_values(sample: Sequence[Mapping[str, Any]], tool: Tool | None = None) -> dict[str, list[object]]:
    """Return path -> what some records have there, for the paths that go through no list.

    The tool's own number of a record is left out; paths are as they may be typed, without the object in which the tool
    keeps what it was given.
    """
    values: dict[str, list[object]] = {}
    for record in sample:
        for path, value in paths_in(record):
            if "[" in path or (tool is not None and path == tool.own_id):
                continue
            for holder in tool.within if tool is not None else ():
                path = path.removeprefix(f"{holder}.")  # noqa: PLW2901 - as it may be typed
            values.setdefault(path, []).append(value)
    return values

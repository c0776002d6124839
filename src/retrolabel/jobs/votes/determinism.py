"""Whether labeling functions say the same of an item twice: in another order, in another process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    Said = Mapping[str, Mapping[str, str]]
    """LF -> item -> what it said of it."""


@dataclass(frozen=True)
class Liar:
    """A labeling function that said two things of one item.

    Attributes:
        lf: Its name.
        item: The first item on which it did, as ``source/item_id``.
        first: What it said the first time.
        second: What it said the second time.
        items: On how many items it did.
    """

    lf: str
    item: str
    first: str
    second: str
    items: int


def find_liars(first: Said, second: Said) -> list[Liar]:
    """Return the labeling functions that did not say the same twice, by name.

    Args:
        first: What each said of each item the first time.
        second: The same, of the same items, the second time.

    Example:
        >>> find_liars({"a": {"1": "bug"}, "b": {"1": "bug"}}, {"a": {"1": "bug"}, "b": {"1": "-"}})
        [Liar(lf='b', item='1', first='bug', second='-', items=1)]
    """
    liars = []
    for lf in sorted(first):
        others = second.get(lf, {})
        differ = [item for item, said in first[lf].items() if others.get(item) != said]
        if differ:
            item = min(differ)
            liars.append(Liar(lf, item, first[lf][item], others.get(item, "nothing"), len(differ)))
    return liars

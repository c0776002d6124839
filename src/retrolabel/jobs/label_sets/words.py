"""The words of an item that a labeling function found, where the project holds it as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from retrolabel.labeling.searching import Search

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.jobs.records.tasks import FoundTask


class Span(NamedTuple):
    """Words of an item: their column, where they begin and end, and the words."""

    column: str
    start: int
    end: int
    text: str


def words_found(task: FoundTask | None, key: str, item: Mapping[str, Any]) -> list[Span]:
    """Return what a labeling function that looks for words or a pattern finds in an item.

    Args:
        task: What the project holds; ``None`` where it cannot be read.
        key: The key of the labeling function. Where the project has none with this key, nothing is found: another one
            would find other words.
        item: Column -> value.
    """
    here = next((each for each in task.lfs if task.keys[each.name] == key), None) if task is not None else None
    if here is None or not isinstance(here.rule, Search):
        return []
    rule = here.rule
    texts = [(column, item[column]) for column in rule.columns if isinstance(item.get(column), str)]
    return [Span(name, start, end, text[start:end]) for name, text in texts for start, end in rule.spans(text)]

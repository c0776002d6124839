"""The words of an item that made a labeling function vote, where the project holds it as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.labeling.words import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.labeling.words import Span


def words_found(task: FoundTask | None, key: str, item: Mapping[str, Any]) -> list[Span]:
    """Return the words that made a labeling function vote on an item.

    Args:
        task: What the project holds; ``None`` where it cannot be read.
        key: The key of the labeling function. Where the project has none with this key, nothing is found: another one
            would find other words.
        item: Column -> value.
    """
    here = next((each for each in task.lfs if task.keys[each.name] == key), None) if task is not None else None
    return [] if here is None else words_of(here, item)

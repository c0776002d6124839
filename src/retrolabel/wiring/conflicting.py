"""The labeling functions of a task that disagree, with the items on which they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.analysis.gaps.conflicts import Conflicts
from retrolabel.analysis.gaps.pairs import conflicting_pairs
from retrolabel.errors import LabelingFunctionError, did_you_mean
from retrolabel.wiring.task_items import TaskItems

if TYPE_CHECKING:
    from retrolabel.wiring.site import Site


def found_conflicts(site: Site, task: str, lf: str | None, items: int) -> Conflicts:
    """Return the pairs of labeling functions that conflict.

    Args:
        site: The project and its store.
        task: The task.
        lf: Only pairs with this one.
        items: How many items are drawn.

    Raises:
        LabelingFunctionError: There is no such labeling function.
    """
    at = TaskItems(site, task, items)
    names = [each.name for each in at.found.lfs]
    if lf is not None and lf not in names:
        raise LabelingFunctionError(
            f"{task} has no labeling function {lf!r}.{did_you_mean(lf, names)}",
            problems=[problem for module in at.found.broken for problem in module.problems],
            remedy=f"retrolabel lf list {task} names those there are",
        )
    ground = at.ground
    found = conflicting_pairs(ground, at.order, lf)
    return Conflicts(task, at.schema.version, found, ground, lf or "", at.test_items, tuple(at.notes), items=at.items())

"""What the labeling functions of a task leave open, as clusters of items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.analysis.gaps.clusters import find_gap
from retrolabel.analysis.gaps.corpus import Corpus
from retrolabel.analysis.gaps.gaps import Gaps
from retrolabel.analysis.gaps.kinds import KINDS
from retrolabel.errors import InputError, did_you_mean
from retrolabel.wiring.task_items import TaskItems
from retrolabel.wiring.text_columns import text_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.wiring.site import Site

PASSES = 3
"""How often texts are read."""


def found_gaps(site: Site, task: str, kinds: Sequence[str], columns: Sequence[str], items: int) -> Gaps:
    """Return what is left open.

    Args:
        site: The project and its store.
        task: The task.
        kinds: Of which kinds; all if empty.
        columns: The columns of texts by which items are alike; those that labeling functions read if empty.
        items: How many items are drawn.

    Raises:
        InputError: There is no such kind or column.
    """
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise InputError(
            f"There are no {unknown[0]!r} items.{did_you_mean(unknown[0], KINDS)}",
            remedy=f"name some of {', '.join(KINDS)}",
        )
    at = TaskItems(site, task, items)
    names = _columns(at, site, columns)
    ground, cells = at.ground, at.cells(names)
    site.progress.start("reading texts", PASSES * len(cells))
    corpus = Corpus.of(cells, names, site.progress.advance)
    wanted = [kind for kind in KINDS if kind in kinds or not kinds]
    site.progress.start("clusters", len(wanted))
    found = []
    for kind in wanted:
        found.append(find_gap(kind, ground, corpus, at.order))
        site.progress.advance(1)
    return Gaps(
        task,
        at.schema.version,
        names,
        tuple(found),
        ground=ground,
        order=at.order,
        days=at.days,
        test_items=at.test_items,
        notes=tuple(at.notes),
        items=at.items(),
    )


def _columns(at: TaskItems, site: Site, asked: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of texts; where none is plainly one, since all are short, those that are read."""
    try:
        return text_columns(at, site.catalog.feedback.sources(), asked)
    except InputError:
        if asked or not at.texts:
            raise
        return at.texts

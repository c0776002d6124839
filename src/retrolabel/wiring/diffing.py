"""Two label sets of a task beside each other."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from retrolabel.errors import RetrolabelError
from retrolabel.jobs.gold.resolving import gold_in
from retrolabel.jobs.label_sets.diffing import Books, diff
from retrolabel.jobs.label_sets.finding import label_set_before
from retrolabel.jobs.label_sets.looking import look_first
from retrolabel.jobs.records.decisions import CURRENT
from retrolabel.wiring.promoting import current_before_it

if TYPE_CHECKING:
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.label_sets.diffing import LabelSetDiff
    from retrolabel.jobs.label_sets.looking import Look
    from retrolabel.jobs.records.gold import ResolvedGold
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.wiring.site import Site


def diffed(  # noqa: PLR0913 - two label sets, and what is asked
    site: Site, task: str, before: str | None, after: str, *, causes: bool = True, orders: int | None = None
) -> LabelSetDiff:
    """Return what changed between two label sets of a task.

    Args:
        site: The project and its store.
        task: The task.
        before: The first label set: its id, the beginning of it, or a name; the one that was latest before the second
            if left out. Where ``current`` and the other one are the same, it is what was current before.
        after: The second.
        causes: Whether causes are looked for.
        orders: How many orders of the causes are drawn where there are many.

    Raises:
        UnknownLabelSetError: There is no such label set.
        RetrolabelError: They are the same one.
    """
    second = site.label_set(task, after)
    first = label_set_before(second, site.catalog.label_sets) if before is None else site.label_set(task, before)
    if first is None:
        raise RetrolabelError(
            f"Label set {second.id[:12]} is the first of {task}: there is none before it.",
            remedy=f"retrolabel labels list {task}",
        )
    notes: tuple[str, ...] = ()
    if first.id == second.id and CURRENT in (before, after) and (earlier := current_before_it(site, task)) is not None:
        first = earlier
        notes = (f"{second.id[:12]} is current itself, so this is against what was current before it",)
    if first.id == second.id:
        raise RetrolabelError(
            f"{before} and {after} are the same label set, {first.id[:12]}.", remedy=f"retrolabel labels list {task}"
        )
    catalog, history, how = site.catalog, site.history(task), site.adjudication(task)

    @cache
    def gold_of(version: str) -> ResolvedGold:
        said = catalog.gold.human_labels(task)
        return gold_in(history, version, "dev", said, catalog.feedback, how=how)

    gold: GoldBook = catalog.gold
    books = Books(history, catalog.feedback, catalog.votes, gold, how)
    found = diff(first, second, books, gold_of, site.progress, causes=causes, orders=orders)
    return replace(found, notes=(*notes, *found.notes)) if notes else found


def looked_at(site: Site, found: LabelSetDiff, items: int) -> tuple[Look, ...]:
    """Return the items to look at first; their texts are read, and not kept."""
    segments = {segment.id: segment for segment in site.catalog.feedback.segments()}
    task: FoundTask | None = None
    try:
        task = site.discover(found.after.task, skips=True)
    except RetrolabelError:  # it shows no words then; broken labeling functions are told of by other commands
        task = None
    return look_first(found, task, segments, site.objects, items)

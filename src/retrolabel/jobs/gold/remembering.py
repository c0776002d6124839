"""Remember a draw when people get its file; take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import GoldError
from retrolabel.jobs.gold.batches import PROBABILITY, one_of, remembered
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.jobs.records.gold import Batch, DrawnItem

if TYPE_CHECKING:
    from datetime import datetime

    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.batches import BatchOfItems
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.gold.samples import Sample


def remember(found: Sample, *, file: str, gold: GoldBook, feedback: FeedbackBook, at: datetime) -> int:
    """Store a draw, so that what comes back is known, and return its number.

    Args:
        found: What was drawn.
        file: The file that people get.
        gold: Where draws are kept.
        feedback: What items there are.
        at: Now.
    """
    ids: list[str] = found.table.column(ITEM_ID).to_pylist()
    revisions = feedback.revisions(found.source, ids)
    has = PROBABILITY in found.table.column_names
    chance = found.table.column(PROBABILITY).to_pylist() if has else [None] * len(ids)
    items = [DrawnItem(item_id, revisions[item_id], p) for item_id, p in zip(ids, chance, strict=True)]
    batch = Batch(
        found.task,
        found.source,
        found.role,
        found.design,
        found.design,
        len(ids),
        sum(segment.live for segment in feedback.segments([found.source])),
        at,
        found.seed,
        found.purpose,
        found.version,
        file,
    )
    return gold.remember(batch, items)


def undo(task: str, number: int, *, gold: GoldBook, at: datetime, dry_run: bool = False) -> BatchOfItems:
    """Take a draw back: the items that wait can be drawn again; what was answered keeps its draw.

    Args:
        task: The task.
        number: The draw.
        gold: Where draws are.
        at: Now.
        dry_run: Whether nothing is changed.

    Returns:
        The draw as it was before.

    Raises:
        GoldError: There is none, or it was taken back before.
    """
    found = one_of(remembered(task, gold), number, task)
    if found.batch.undone_at is not None:
        raise GoldError(
            f"Batch {number} of {task} was taken back on {found.batch.undone_at:%Y-%m-%d}.",
            remedy=f"retrolabel gold list {task}",
        )
    if not dry_run:
        gold.undo(number, at)
    return found

"""How old the label set that consumers read is, and the gold behind it; no file of feedback is read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.staleness import Staleness
from retrolabel.gold.adjudication import standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.label_sets.book import LabelSetsBook
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.label_sets import LabelSet


def staleness(  # noqa: PLR0913 - what ages, and where it is known
    task: str,
    label_set: LabelSet | None,
    *,
    segments: Sequence[Segment],
    label_sets: LabelSetsBook,
    gold: GoldBook,
    newest_version: str | None,
    horizon_days: int,
    at: datetime,
) -> Staleness:
    """Return how old labels and gold of a task are.

    Args:
        task: The task.
        label_set: What consumers read; ``None`` where that is nothing yet.
        segments: The segments of the task's sources.
        label_sets: The label sets there are.
        gold: What people said.
        newest_version: The newest released version; ``None`` where nothing is released.
        horizon_days: How many days labels and gold stand.
        at: When this is asked, UTC.
    """
    items = sum(segment.live for segment in segments)
    came = _gold_times(task, gold)
    about = Staleness(
        task,
        at,
        horizon_days,
        newest_version=newest_version,
        items=items,
        waiting=items,
        gold=len(came),
        newest_gold=max(came, default=None),
        old_gold=sum((at - each).days > horizon_days for each in came),
    )
    if label_set is None:
        return about
    held, labelled = _held(label_set, segments)
    record = label_set.record
    since = [each.created_at for each in label_sets.records(task) if each.schema_version == record.schema_version]
    return replace(
        about,
        label_set=record.id,
        version=record.schema_version,
        made_at=record.created_at,
        version_since=min(since, default=None),
        labelled=labelled,
        waiting=items - held,
    )


def _gold_times(task: str, gold: GoldBook) -> list[datetime]:
    """Return when each human label that stands was given; when its batch came, where nobody said."""
    draws = gold.draws(task)
    came = []
    for label in standing(gold.human_labels(task)):
        batch = draws.get(label.batch) if label.batch is not None else None
        at = label.labelled_at or (batch.at if batch else None)
        if at is not None:
            came.append(at)
    return came


def _held(label_set: LabelSet, segments: Sequence[Segment]) -> tuple[int, int]:
    """Return how many live items a label set holds, and how many of them have a label."""
    made = {each["id"]: each["live"] for each in label_set.manifest["inputs"]["segments"]}
    known = {segment.id: segment for segment in segments}
    if {name: segment.live_digest for name, segment in known.items() if name in made} == made:
        return label_set.record.items, label_set.record.labelled
    held = labelled = 0
    for name in made.keys() & known.keys():
        items = label_set.items_of(name, ["row", "label"])
        live = np.isin(items.column("row").to_numpy(), known[name].live_rows())
        held += int(live.sum())
        labelled += int((live & np.asarray(items.column("label").is_valid())).sum())
    return held, labelled

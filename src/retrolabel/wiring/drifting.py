"""Drift of a task: the store, and what the settings say, brought together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrolabel.errors import InputError
from retrolabel.jobs.label_sets.drifting import Drifting
from retrolabel.wiring.site import now

if TYPE_CHECKING:
    from datetime import date

    from retrolabel.analysis.drift import Drift
    from retrolabel.wiring.site import Site

WEEK = 7


def drifted(
    site: Site, task: str, name: str = "current", *, window_days: int | None = None, until: date | None = None
) -> Drift:
    """Return what of the newest feedback of a label set is not as it was.

    Args:
        site: The project and its store.
        task: The task.
        name: The label set: its id, the beginning of it, a tag, ``current`` or ``latest``.
        window_days: The days of a window, whole weeks; else what the settings say.
        until: The first day that is not looked at; today (UTC), which is not over, if left out.

    Raises:
        InputError: The window is not of whole weeks.
        UnknownLabelSetError: There is no such label set.
    """
    said = site.task_settings(task)
    days = said.drift_window_days if window_days is None else window_days
    if days < WEEK or days % WEEK:
        raise InputError(
            f"A window of {days} days is not of whole weeks, so its weekdays would differ from those before.",
            remedy=f"take {max(1, round(days / WEEK)) * WEEK} days",
        )
    catalog = site.catalog
    looking = Drifting(
        site.label_set(task, name),
        segments={segment.id: segment for segment in catalog.feedback.segments()},
        contracts=catalog.feedback.sources(),
        objects=site.objects,
        progress=site.progress,
    )
    day = int(np.datetime64(until or now().date(), "D").astype(np.int64))
    return looking.look(until=day, window=days // WEEK, false_alarms=said.drift_false_alarms)

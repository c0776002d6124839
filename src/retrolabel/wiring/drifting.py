"""Drift and staleness of a task: what was counted and what the settings say, brought together."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.discovery.lock_file import released_in
from retrolabel.errors import InputError, RetrolabelError
from retrolabel.jobs.label_sets import aging
from retrolabel.jobs.label_sets.drifting import Drifting
from retrolabel.wiring.promoting import current_of
from retrolabel.wiring.site import now
from retrolabel.wiring.task_settings import TaskSettings

if TYPE_CHECKING:
    from retrolabel.analysis.drift import Drift
    from retrolabel.analysis.staleness import Staleness
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
    said = site.settings.tasks.get(task) or TaskSettings()
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


def staleness(site: Site, task: str, at: datetime | None = None) -> Staleness:
    """Return how old the labels that consumers read are, and the gold behind them.

    Args:
        site: The project and its store.
        task: The task.
        at: When this is asked; now if left out. A naive time is taken as UTC.
    """
    said = site.settings.tasks.get(task) or TaskSettings()
    catalog = site.catalog
    asked = at or now()
    return aging.staleness(
        task,
        current_of(site, task),
        segments=catalog.feedback.segments(site.sources_of(task)),
        label_sets=catalog.label_sets,
        gold=catalog.gold,
        newest_version=_released(site, task),
        horizon_days=said.horizon_days,
        at=asked if asked.tzinfo else asked.replace(tzinfo=UTC),
    )


def _released(site: Site, task: str) -> str | None:
    """Return the newest released version of a task; ``None`` where none is, or there is a store only."""
    if site.project is None or task not in site.tasks():
        return None
    released = {number for name, number in released_in(site.project) if name == task}
    if not released:
        return None
    try:
        known = [each.version for each in site.history(task).head.lineage() if each.version in released]
    except RetrolabelError:  # its files do not read, or it has two heads: which is newer, nobody said
        return None
    return known[0] if known else None

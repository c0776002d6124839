"""How old the labels and the gold of a task are: the catalog, the lock and the settings brought together."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from retrolabel.discovery.lock_file import released_in
from retrolabel.errors import RetrolabelError, UnknownLabelSetError
from retrolabel.jobs.label_sets.aging import staleness as age_of
from retrolabel.jobs.records.decisions import CURRENT
from retrolabel.wiring.site import now
from retrolabel.wiring.task_settings import TaskSettings

if TYPE_CHECKING:
    from datetime import datetime

    from retrolabel.analysis.staleness import Staleness
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.wiring.site import Site


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
    return age_of(
        task,
        _current_of(site, task),
        segments=catalog.feedback.segments(site.sources_of(task)),
        label_sets=catalog.label_sets,
        gold=catalog.gold,
        newest_version=_released(site, task),
        horizon_days=said.horizon_days,
        at=asked if asked.tzinfo else asked.replace(tzinfo=UTC),
    )


def _current_of(site: Site, task: str) -> LabelSet | None:
    """Return what consumers read; ``None`` where that is nothing, or is gone."""
    try:
        return site.label_set(task, CURRENT)
    except UnknownLabelSetError:
        return None


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

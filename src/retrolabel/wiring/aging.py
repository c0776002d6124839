"""How old the labels and the gold of a task are: the catalog, the lock and the settings brought together."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from retrolabel.errors import SchemaError
from retrolabel.jobs.label_sets.aging import staleness as age_of
from retrolabel.wiring.released import newest_released
from retrolabel.wiring.site import now

if TYPE_CHECKING:
    from datetime import datetime

    from retrolabel.analysis.staleness import Staleness
    from retrolabel.wiring.site import Site


def staleness(site: Site, task: str, at: datetime | None = None) -> Staleness:
    """Return how old the labels that consumers read are, and the gold behind them.

    Args:
        site: The project and its store.
        task: The task.
        at: When this is asked; now if left out. A naive time is taken as UTC.
    """
    catalog = site.catalog
    asked = at or now()
    return age_of(
        task,
        site.current(task),
        segments=catalog.feedback.segments(site.sources_of(task)),
        label_sets=catalog.label_sets,
        gold=catalog.gold,
        newest_version=_released(site, task),
        horizon_days=site.task_settings(task).horizon_days,
        at=asked if asked.tzinfo else asked.replace(tzinfo=UTC),
    )


def _released(site: Site, task: str) -> str | None:
    """Return the newest released version of a task; ``None`` where none is, or the lock does not read."""
    try:
        return newest_released(site, task)
    except (SchemaError, OSError):
        return None

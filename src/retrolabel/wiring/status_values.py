"""What ``status`` says, as values: a line each; and what a line is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.jobs.records.decisions import CURRENT, LATEST

if TYPE_CHECKING:
    from datetime import datetime

    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.wiring.site import Site

OK, NOTE, TO_DO, BROKEN = "ok", "note", "to do", "failed"
SHORT = 12


@dataclass(frozen=True)
class Line:
    """One thing that is so.

    Attributes:
        state: ``ok``, ``note``, ``to do``, or ``failed``.
        what: What it is about: a part of the task, or ``settings``.
        told: What is so, with its figure.
        command: What to type about it; nothing where nothing is to be done.
    """

    state: str
    what: str
    told: str
    command: str = ""


@dataclass(frozen=True)
class About:
    """A task that is asked about, and what the catalog has of it.

    Attributes:
        site: The project and its store.
        task: The task.
        at: Now.
        current: What consumers read; ``None`` where that is nothing.
        latest: The newest label set; ``None`` where there is none.
    """

    site: Site
    task: str
    at: datetime
    current: LabelSetRecord | None
    latest: LabelSetRecord | None

    @classmethod
    def asked(cls, site: Site, task: str, at: datetime) -> About:
        """Return what the catalog has of a task.

        Raises:
            CorruptionError: It cannot be read.
        """
        label_sets = site.catalog.label_sets
        records = {each.id: each for each in label_sets.records(task)}
        return cls(site, task, at, *(records.get(label_sets.pointer(task, name) or "") for name in (CURRENT, LATEST)))

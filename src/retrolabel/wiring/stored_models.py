"""The models of a task that the store has, and which of them is asked where nobody names one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.jobs.end_models.stored import Consumed, StoredModel, asked
from retrolabel.jobs.records.decisions import CURRENT, MOVES
from retrolabel.jobs.records.events import TRAINED

if TYPE_CHECKING:
    from retrolabel.wiring.site import Site


def models(site: Site, task: str) -> list[StoredModel]:
    """Return the models that were trained on a task, oldest first."""
    return [StoredModel.of(event) for event in site.catalog.events.events(task, kinds=(TRAINED,))]


def consumed(site: Site, task: str) -> Consumed:
    """Return which label sets consumers of a task read, now and before."""
    label_sets = site.catalog.label_sets
    before = {each.label_set for each in label_sets.decisions(task) if each.kind in MOVES}
    return Consumed(label_sets.pointer(task, CURRENT), before)


def asked_model(site: Site, task: str) -> StoredModel | None:
    """Return the model of a task that is asked where nobody names one; ``None`` where there is none."""
    found = models(site, task)
    return asked(found, consumed(site, task)) if found else None

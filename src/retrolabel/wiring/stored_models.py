"""The models of a task that the store has, and which of them is asked where nobody names one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrolabel.jobs.end_models.stored import Consumed, StoredModel, asked
from retrolabel.jobs.records.decisions import CURRENT, MOVES
from retrolabel.jobs.records.events import TRAINED

if TYPE_CHECKING:
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.wiring.site import Site


def models(site: Site, task: str | None = None) -> list[StoredModel]:
    """Return the models that were trained on a task, or on all, oldest first."""
    return [StoredModel.of(event) for event in site.catalog.events.events(task, kinds=(TRAINED,))]


def models_of(site: Site, task: str) -> list[StoredModel]:
    """Return the models of a task, each once, the one that was trained last first.

    What was trained as a trial, and again as no trial, is none.
    """
    found: dict[str, StoredModel] = {}
    for each in models(site, task):
        before = found.pop(each.id, each)
        found[each.id] = replace(each, trial=each.trial and before.trial)
    return list(reversed(found.values()))


def models_on(site: Site, record: LabelSetRecord) -> list[StoredModel]:
    """Return the models that were trained on a label set, each once, oldest first."""
    found = {each.id: each for each in models(site, record.task) if each.label_set == record.id}
    return list(found.values())


def consumed(site: Site, task: str) -> Consumed:
    """Return which label sets consumers of a task read, now and before."""
    before = {each.label_set for each in site.catalog.label_sets.decisions(task) if each.kind in MOVES}
    return Consumed(site.catalog.label_sets.pointer(task, CURRENT), before)


def asked_model(site: Site, task: str) -> StoredModel | None:
    """Return the model of a task that is asked where nobody names one; ``None`` where there is none."""
    found = models(site, task)
    return asked(found, consumed(site, task)) if found else None

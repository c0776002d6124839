"""Trained models in the tracker's registry; what a tracker did not take is written down, and sent later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import StoreError
from retrolabel.tracking import registry
from retrolabel.tracking.waiting import Waiting
from retrolabel.wiring.stored_models import asked_model, models
from retrolabel.wiring.tracked_label_sets import made_of, run_of

if TYPE_CHECKING:
    from retrolabel.jobs.end_models.stored import StoredModel
    from retrolabel.tracking.mlflow import MLflowTracker
    from retrolabel.wiring.site import Site


def registered(site: Site, model: StoredModel, tracker: MLflowTracker) -> str | None:
    """Put a model into the tracker's registry, and return its version; ``None`` where the tracker took none.

    That it is not there yet is written down before, so that ``retrolabel track --resend`` sends it later.

    Args:
        site: The project and its store.
        model: The model.
        tracker: Where it is told.
    """
    waiting = Waiting(site.store)
    try:
        waiting.keep_model(model.task, model.id)
    except StoreError as error:  # the model is stored all the same
        site.warn(f"{error.message} The model cannot be sent later, if the tracker does not take it now.")
    version = _told(site, model, tracker)
    if version is not None:
        waiting.drop_model(model.id)
    return version


def pointed(site: Site, task: str, tracker: MLflowTracker) -> bool:
    """Let the alias ``current`` name the model that is asked for a task; return whether it does.

    Where none was trained on what consumers read, the alias stays where it is.

    Args:
        site: The project and its store.
        task: The task.
        tracker: Where it is told.
    """
    model = asked_model(site, task)
    if model is None or model.estimator or not _is_current(site, model):
        return True
    return _told(site, model, tracker) is not None


def resent(site: Site, tracker: MLflowTracker) -> list[tuple[str, str]]:
    """Send the models that no tracker took yet, until it does not take one; return (model, version) of the others.

    Args:
        site: The project and its store.
        tracker: Where they are told.
    """
    waiting, sent = Waiting(site.store), []
    for task, identity in waiting.models():
        model = next((each for each in models(site, task) if each.id == identity), None)
        if model is None or not site.objects.size(model.file) or not site.catalog.label_sets.record(model.label_set):
            site.warn(f"model {identity[:12]} of {task} is not in the store any more, so it is not sent")
            waiting.drop_model(identity)
            continue
        version = registered(site, model, tracker)
        if version is None:
            break
        sent.append((identity, version))
    return sent


def _told(site: Site, model: StoredModel, tracker: MLflowTracker) -> str | None:
    record = site.label_set(model.task, model.label_set).record
    tags = {
        registry.LABEL_SET: model.label_set,
        "retrolabel.schema_version": model.schema_version,
        registry.MODEL: model.id,
    }
    return tracker.register(
        run_of(site, record),
        made_of(site, record.id),
        lambda: site.objects.read_bytes(model.file, sha256=model.sha256),
        tags,
        current=_is_current(site, model),
    )


def _is_current(site: Site, model: StoredModel) -> bool:
    """Return whether a model is the one that is asked, and consumers read what it was trained on."""
    asked = asked_model(site, model.task)
    return asked is not None and asked.id == model.id and asked.label_set == site.current_id(model.task)

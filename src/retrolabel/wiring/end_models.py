"""Models that are trained on label sets: train, keep, predict; the store, the settings and the tracker together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from retrolabel.errors import InputError, SettingsError, StoreError, counted
from retrolabel.interop.encoders import encoders_in
from retrolabel.jobs.end_models.stored import StoredModel, chosen, keep
from retrolabel.jobs.end_models.training import Settings, Trainer
from retrolabel.jobs.records.decisions import CURRENT
from retrolabel.wiring.label_sets import looked
from retrolabel.wiring.model_features import wanted_features
from retrolabel.wiring.released import newest_released
from retrolabel.wiring.site import now
from retrolabel.wiring.stored_models import consumed, models

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

    from retrolabel.end_models.model import EndModel
    from retrolabel.interop.dialects import Dialect
    from retrolabel.jobs.end_models.records import Training
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.wiring.site import Site


@dataclass(frozen=True, eq=False)
class Predictor:
    """A stored model, ready to label feedback.

    Attributes:
        stored: What the catalog knows of it.
        model: The model.
        stale: Why its labels are not those of today; nothing where they are.
    """

    stored: StoredModel
    model: EndModel
    stale: str = ""


def train(  # noqa: PLR0913 - what is trained, how, and what for
    site: Site, task: str, name: str, settings: Settings, *, test: bool = True, trial: bool = False
) -> Training:
    """Train a model on a label set, judge it, keep it, and tell of it.

    Args:
        site: The project and its store.
        task: The task.
        name: The label set.
        settings: How.
        test: Whether it is judged on test gold too.
        trial: Whether it only tries something: test gold is not looked at, ``predict`` asks it by its name alone, and
            no tracker is told.

    Raises:
        StoreError: There is too little to train on.
        SettingsError: A column is not there, or the project lacks the label set's version.
    """
    check_feedback(site, task)
    label_set, catalog = site.label_set(task, name), site.catalog
    history, version = site.history(task), label_set.record.schema_version
    if version not in {each.version for each in history}:
        raise SettingsError(
            f"The project has no version {version} of {task}, so gold cannot be read in it.",
            remedy="check out the commit that made the label set, or name another one",
        )
    wanted = wanted_features(site, label_set, settings.columns)
    settings = settings._replace(columns=tuple(dict.fromkeys(each.column for each in wanted)))
    if settings.estimator and settings.folds:
        raise SettingsError(
            "A model with an estimator of one's own cannot vote.", remedy="leave --voter or --estimator out"
        )
    training = Trainer(
        label_set,
        history,
        catalog.feedback,
        catalog.gold,
        site.objects,
        site.progress,
        site.adjudication(task),
        lambda: looked(site, label_set),
        factory(settings.estimator, site.project_folder()) if settings.estimator else None,
        wanted,
    ).train(settings, test=test and not trial)
    training = replace(training, looks=catalog.gold.looks(task), trial=trial)
    event = keep(training, site.objects, now())
    catalog.events.write(event)
    if not trial:
        _report(site, StoredModel.of(event))
    return training


def check_feedback(site: Site, task: str) -> None:
    """Refuse a task of whose sources nothing was ingested yet, and say what to do first.

    Raises:
        SettingsError: There is no such task.
        StoreError: Nothing was ingested.
    """
    site.check_task(task)
    sources = site.task_settings(task).sources
    there = site.catalog.feedback.sources() if site.has_store() else {}
    if there and (sources is None or set(sources) & set(there)):
        return
    found = site.discovered(task)
    columns = sorted({column for lf in found.lfs for column in lf.reads}) if found is not None else []
    reads = f" (its labeling functions read {', '.join(columns)})" if columns else ""
    raise StoreError(
        f"No feedback of {task} was ingested yet, so there is nothing to train on.",
        remedy=f"retrolabel ingest FILE --source {next(iter(sources or ()), 'NAME')}{reads};"
        f" then retrolabel relabel {task}; then train again",
    )


def factory(named: str, folder: Path) -> Callable[[], Any]:
    """Return the function that makes a classifier.

    Args:
        named: ``module:factory``.
        folder: The project's folder, whose modules are found too.

    Raises:
        SettingsError: There is none.
    """
    import importlib
    import sys

    module, colon, name = named.partition(":")
    remedy = "--estimator module:factory, as in --estimator sklearn.naive_bayes:MultinomialNB"
    if not colon or not module or not name:
        raise SettingsError(f"{named!r} names no factory.", remedy=remedy)
    sys.path.insert(0, str(folder))
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise SettingsError(f"The estimator {named} cannot be imported: {error}", remedy=remedy) from error
    finally:
        sys.path.remove(str(folder))
    if not callable(found):
        raise SettingsError(f"{named} is no function.", remedy=remedy)
    made: Callable[[], Any] = found
    return made


def _report(site: Site, stored: StoredModel) -> None:
    """Put a model into the tracker's registry; where it takes none, the model is kept all the same."""
    from retrolabel.tracking.mlflow import MLflowTracker
    from retrolabel.wiring.tracked_models import registered
    from retrolabel.wiring.tracking import tracker_for

    tracker = tracker_for(site.settings, site.store, site.warn)
    if not isinstance(tracker, MLflowTracker):
        return
    if stored.estimator:
        site.warn("the model is in the store and not in MLflow's registry: reading an estimator of one's own runs code")
        return
    registered(site, stored, tracker)


def predictor(site: Site, task: str, name: str = CURRENT) -> Predictor:
    """Return a stored model, ready to label feedback.

    Args:
        site: The project and its store.
        task: The task.
        name: ``current`` is the newest on the labels that consumers read, ``latest`` the newest of all; else how its
            id begins.

    Raises:
        StoreError: There is none.
    """
    stored = chosen(models(site, task), name, task, consumed(site, task))
    label_sets = site.catalog.label_sets
    current = label_sets.record(label_sets.pointer(task, CURRENT) or "")
    return Predictor(stored, stored.read(site.objects, encoders_in(site.project)), _stale(site, stored, current))


def _stale(site: Site, stored: StoredModel, current: LabelSetRecord | None) -> str:
    """Return why what a model says is not what is said today; nothing where it is."""
    train_again = f"Fix: retrolabel train {stored.task}"
    if stored.is_stale(current):
        now_read = f"{current.id[:12]} ({current.schema_version})" if current else "none"
        return f"{stored} is stale: consumers read label set {now_read}. {train_again}"
    head = newest_released(site, stored.task)
    if head is not None and head != stored.schema_version:
        return (
            f"{stored} is stale: version {head} of {stored.task} is released."
            f" Fix: retrolabel relabel {stored.task} --to {head}; then retrolabel train {stored.task}"
        )
    return ""


def read_file(path: Path, renames: Mapping[str, str], dialect: Dialect | None = None) -> pd.DataFrame:
    """Return the rows of a file of feedback, with ids where it has a column of that name.

    Args:
        path: A table of any kind.
        renames: New name -> the file's name.
        dialect: How it is written; found, where nothing is said.

    Raises:
        InputError: It cannot be read, or a row of it; with the rows.
    """
    import pandas as pd

    from retrolabel.interop.dialects import AS_FOUND
    from retrolabel.interop.feedback import FeedbackReader

    reader = FeedbackReader(path, renames=dict(renames), dialect=dialect or AS_FOUND)
    frames, broken = [], []
    for table, _, problems in reader.batches():
        frames.append(table.to_pandas())
        broken += problems
    if broken:
        raise InputError(
            f"{counted(len(broken), 'row')} of {reader.name} cannot be read; nothing was labelled.",
            problems=broken[:20],
            remedy="mend these rows, or take them out",
        )
    frame: pd.DataFrame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return frame

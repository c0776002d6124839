"""Whether runs are reported to MLflow, and what is said where they cannot be."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrolabel.errors import MissingExtraError, RetrolabelError, StoreError
from retrolabel.jobs.records.decisions import CURRENT
from retrolabel.tracking.mlflow import TRACKING_URI, MLflowTracker, NoTracker, is_installed
from retrolabel.tracking.waiting import Waiting
from retrolabel.wiring.tracked_label_sets import made_of, run_of
from retrolabel.wiring.tracked_models import pointed, resent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from retrolabel.jobs.label_sets.relabel import RelabelReport
    from retrolabel.jobs.ports.tracking import Run, Tracker
    from retrolabel.wiring.settings import Settings
    from retrolabel.wiring.site import Site

INSTALL = 'pip install "retrolabel[mlflow]"'


def tracker_for(settings: Settings, store: Path, warn: Callable[[str], None], *, track: bool | None = None) -> Tracker:
    """Return where a relabel is reported to: MLflow, or nowhere; where it is not installed, ``warn`` is told.

    Labels do not depend on it, so a missing MLflow stops nothing, even where tracking was asked for.

    Args:
        settings: The settings.
        store: The directory of the store.
        warn: Told in one line that the run is not tracked, and what would help.
        track: Whether the run is reported; the settings' if left out.
    """
    if not (settings.tracking if track is None else track):
        return NoTracker()
    if is_installed():
        return MLflowTracker(store, warn, settings.tracking_timeout)
    asks = "--tracking asks" if track else who_asks(settings)
    if asks:
        warn(f"{asks} for tracking, but MLflow is not installed: labels are stored, the run is not. Fix: {INSTALL}")
    else:
        ends = "tracking = false in the settings ends this note"
        warn(f"runs are not tracked, since MLflow is not installed: {INSTALL} ({ends})")
    return NoTracker()


def is_tracked(settings: Settings) -> bool:
    """Return whether MLflow is told of what happens: it is installed, and nobody says no."""
    return settings.tracking and is_installed()


@contextmanager
def expected(site: Site, task: str, run: Run | None = None, *, tracks: bool) -> Iterator[None]:
    """Write down what the tracker is to be told, before what is decided inside is real.

    So who is killed between a promotion and the note to the tracker leaves a word of it: ``status`` and ``track`` say
    so, and the next command that talks to the tracker tells it.

    Args:
        site: The project and its store.
        task: The task whose current label set may become another one.
        run: The relabel that is to be reported.
        tracks: Whether a tracker is told at all.
    """
    waiting = Waiting(site.store)
    was = task in waiting.pointers()
    try:
        if tracks and run is not None:
            waiting.keep(run)
        if tracks:
            waiting.keep_pointer(task)
    except StoreError as error:  # the labels are stored all the same
        site.warn(f"{error.message} MLflow cannot be told later, if it is not told now.")
    try:
        yield
    except Exception:  # nothing was decided
        if tracks and not was:
            waiting.drop_pointer(task)
        raise


def tracked(
    site: Site, report: RelabelReport, tracker: Tracker, told: Callable[[RelabelReport], None] | None
) -> RelabelReport:
    """Report a relabel to a tracker, and return it with the tracker's run.

    That it is to be reported was written down before (:func:`expected`), so ``retrolabel track --resend`` sends it
    where the tracker took none, or this process is killed meanwhile. Whatever the tracker takes now, its aliases
    ``current`` are put right where they lag behind.

    Args:
        site: The project and its store.
        report: The relabel; its label set is real.
        tracker: Where it is reported to.
        told: Told of the relabel before the tracker is.
    """
    waiting, task = Waiting(site.store), report.label_set.task
    if told:
        told(report)
    if isinstance(tracker, NoTracker):
        return report
    run = tracker.send(report.run, made_of(site, report.run.label_set))
    if run is not None:
        waiting.drop(report.run)
        point(site, task, tracker, report.run)
        for other in waiting.pointers():
            if other != task:
                point(site, other, tracker)
    return replace(report, mlflow_run=run)


def point(site: Site, task: str, tracker: Tracker, run: Run | None = None) -> None:
    """Let the tracker's alias ``current`` name what consumers read; that it does not yet is written down before.

    Args:
        site: The project and its store.
        task: The task.
        tracker: Where it is told.
        run: A relabel that the tracker took just now; it is not asked then for what it has.
    """
    if isinstance(tracker, NoTracker):
        return
    waiting = Waiting(site.store)
    label_sets = site.open_catalog.label_sets
    current = label_sets.pointer(task, CURRENT)
    record = label_sets.record(current) if current else None
    if record is None:  # there is nothing to name
        waiting.drop_pointer(task)
        return
    try:
        waiting.keep_pointer(task)
    except StoreError as error:  # what is current is current all the same
        site.warn(f"{error.message} The tracker's alias current cannot be set later, if it is not set now.")
    told = run if run is not None and run.label_set == record.id else run_of(site, record)
    try:
        made = made_of(site, record.id)
    except RetrolabelError as error:
        site.warn(f"MLflow's alias current of {task} stays where it is: {error.message}")
        return
    if tracker.point(told, made) and (not isinstance(tracker, MLflowTracker) or pointed(site, task, tracker)):
        waiting.drop_pointer(task)


@dataclass(frozen=True)
class Resent:
    """What became of runs that waited for a tracker.

    Attributes:
        sent: Label set's id and the tracker's run, for each that it took.
        left: How many wait still.
        pointed: The tasks whose alias ``current`` was set.
        pointers_left: Those whose alias could not be set.
        models: Model's id and its version, for each trained model that it took.
        models_left: How many trained models wait still.
    """

    sent: tuple[tuple[str, str], ...]
    left: int
    pointed: tuple[str, ...] = ()
    pointers_left: tuple[str, ...] = ()
    models: tuple[tuple[str, str], ...] = ()
    models_left: int = 0


SETTLED = 600.0
"""Seconds after which nobody is about to tell a tracker what was written down to be told."""


def caught_up(site: Site) -> Resent | None:
    """Report what a server missed, or a killed process left, where nobody is about to; ``None`` where that is nothing.

    What goes wrong is a warning, and waits.

    Args:
        site: The project and its store.
    """
    waiting = Waiting(site.store, settled=SETTLED)
    if not is_tracked(site.settings) or not waiting:
        return None
    try:
        return resend(site, settled=SETTLED)
    except RetrolabelError as error:
        site.warn(f"MLflow was not told what waits for it: {error.message}")
        return None


def waiting_models(site: Site) -> list[tuple[str, str]]:
    """Return (task, model) of the trained models that no tracker took yet, oldest first."""
    return Waiting(site.store).models()


def waiting_runs(site: Site) -> list[Run]:
    """Return the relabels that no tracker took yet, oldest first."""
    return Waiting(site.store).runs()


def waiting_pointers(site: Site) -> list[str]:
    """Return the tasks of which no tracker was told yet what is current."""
    return Waiting(site.store).pointers()


def resend(site: Site, *, settled: float = 0) -> Resent:
    """Report what no tracker took yet, oldest first, until it does not take one: relabels, models, what is current.

    Args:
        site: The project and its store.
        settled: Only what was written down so many seconds ago, or earlier.

    Raises:
        MissingExtraError: MLflow is not installed.
    """
    if not is_installed():
        raise MissingExtraError("mlflow", "mlflow", "Tracking")
    tracker = MLflowTracker(site.store, site.warn, site.settings.tracking_timeout)
    waiting, sent = Waiting(site.store, settled=settled), []
    for each in waiting.runs():
        run = tracker.send(each, made_of(site, each.label_set), again=True)
        if run is None:
            break
        waiting.drop(each)
        sent.append((each.label_set, run))
    left, asked = waiting.count(), waiting.pointers()
    models = () if left else tuple(resent(site, tracker))
    models_left = len(waiting.models())
    if not left and not models_left:
        for task in asked:
            point(site, task, tracker)
    pointers_left = waiting.pointers()
    set_now = tuple(task for task in asked if task not in pointers_left)
    return Resent(tuple(sent), left, set_now, tuple(pointers_left), models, models_left)


def who_asks(settings: Settings) -> str:
    """Return what asks for tracking in so many words, with its verb; nothing, where it is merely the default.

    Example:
        >>> from retrolabel.wiring.settings import Settings
        >>> who_asks(Settings(tracking=True))
        'the settings ask'
    """
    if not settings.tracking:
        return ""
    if "tracking" in settings.model_fields_set:
        return "the settings ask"
    return f"{TRACKING_URI} asks" if os.environ.get(TRACKING_URI) else ""

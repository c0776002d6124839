"""Whether runs are reported to MLflow, and what is said where they cannot be."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrolabel.errors import MissingExtraError, StoreError
from retrolabel.jobs.records.manifests import MANIFEST
from retrolabel.tracking.mlflow import TRACKING_URI, MLflowTracker, NoTracker, is_installed
from retrolabel.tracking.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Callable
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


def tracked(
    site: Site, report: RelabelReport, tracker: Tracker, told: Callable[[RelabelReport], None] | None
) -> RelabelReport:
    """Report a relabel to a tracker, and return it with the tracker's run.

    It is written down before, so that ``retrolabel track --resend`` sends it where the tracker took none, or this
    process is killed meanwhile.

    Args:
        site: The project and its store.
        report: The relabel; its label set is real.
        tracker: Where it is reported to.
        told: Told of the relabel before the tracker is.
    """
    waiting = Waiting(site.store)
    if not isinstance(tracker, NoTracker):
        try:
            waiting.keep(report.run)
        except StoreError as error:  # the labels are stored all the same
            site.warn(f"{error.message} The run cannot be sent later, if the tracker does not take it now.")
    if told:
        told(report)
    if isinstance(tracker, NoTracker):
        return report
    run = tracker.send(report.run, _manifest(site, report.run))
    if run is not None:
        waiting.drop(report.run)
    return replace(report, mlflow_run=run)


@dataclass(frozen=True)
class Resent:
    """What became of runs that waited for a tracker.

    Attributes:
        sent: Label set's id and the tracker's run, for each that it took.
        left: How many wait still.
    """

    sent: tuple[tuple[str, str], ...]
    left: int


def waiting_runs(site: Site) -> list[Run]:
    """Return the relabels that no tracker took yet, oldest first."""
    return Waiting(site.store).runs()


def resend(site: Site) -> Resent:
    """Report the relabels that no tracker took yet, oldest first, until it does not take one.

    Raises:
        MissingExtraError: MLflow is not installed.
    """
    if not is_installed():
        raise MissingExtraError("mlflow", "mlflow", "Tracking")
    tracker = MLflowTracker(site.store, site.warn, site.settings.tracking_timeout)
    waiting, sent = Waiting(site.store), []
    for each in waiting.runs():
        run = tracker.send(each, _manifest(site, each), again=True)
        if run is None:
            break
        waiting.drop(each)
        sent.append((each.label_set, run))
    return Resent(tuple(sent), waiting.count())


def _manifest(site: Site, run: Run) -> bytes:
    """Return the manifest of a run's label set; nothing, where it is not there any more."""
    record = site.open_catalog.label_sets.record(run.label_set)
    if record is None:
        return b""
    return site.objects.read_bytes(f"{record.folder}/{MANIFEST}", sha256=record.manifest_sha256)


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

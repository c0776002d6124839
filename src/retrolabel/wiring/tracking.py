"""Whether runs are reported to MLflow, and what is said where they cannot be."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from retrolabel.tracking.mlflow import TRACKING_URI, MLflowTracker, NoTracker, is_installed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from retrolabel.jobs.ports.tracking import Tracker
    from retrolabel.wiring.settings import Settings

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
        return MLflowTracker(store, warn)
    asks = "--tracking asks" if track else who_asks(settings)
    if asks:
        warn(f"{asks} for tracking, but MLflow is not installed: labels are stored, the run is not. Fix: {INSTALL}")
    else:
        ends = "tracking = false in the settings ends this note"
        warn(f"runs are not tracked, since MLflow is not installed: {INSTALL} ({ends})")
    return NoTracker()


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

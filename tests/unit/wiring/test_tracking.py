"""Where a run is reported to: MLflow where it is installed; else nowhere, and a line says so."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from retrolabel.errors import PromotionError
from retrolabel.jobs.ports.tracking import Run
from retrolabel.tracking.mlflow import MLflowTracker, NoTracker
from retrolabel.tracking.waiting import Waiting
from retrolabel.wiring.settings import Settings
from retrolabel.wiring.tracking import caught_up, expected, tracked, tracker_for, who_asks

INSTALL = 'pip install "retrolabel[mlflow]"'


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in ("RETROLABEL_TRACKING", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def without_mlflow(monkeypatch):
    """MLflow cannot be found."""
    monkeypatch.setitem(sys.modules, "mlflow", None)


def asked(settings, tmp_path, track=None):
    """Return the tracker, and what was told."""
    told = []
    return tracker_for(settings, tmp_path, told.append, track=track), told


@pytest.mark.parametrize(("settings", "track"), [(Settings(), None), (Settings(tracking=False), True)])
def test_where_mlflow_is_installed_it_is_told_of_runs_unless_somebody_says_no(settings, track, tmp_path):
    tracker, told = asked(settings, tmp_path, track)
    assert isinstance(tracker, MLflowTracker)
    assert told == []


@pytest.mark.parametrize(("settings", "track"), [(Settings(), False), (Settings(tracking=False), None)])
def test_who_wants_no_tracking_hears_nothing_of_a_missing_mlflow(settings, track, tmp_path, without_mlflow):
    tracker, told = asked(settings, tmp_path, track)
    assert isinstance(tracker, NoTracker)
    assert told == []


def test_without_mlflow_one_line_says_that_runs_are_not_tracked_and_what_would_help(tmp_path, without_mlflow):
    tracker, (told,) = asked(Settings(), tmp_path)
    assert isinstance(tracker, NoTracker)
    why = "runs are not tracked, since MLflow is not installed"
    assert told == f"{why}: {INSTALL} (tracking = false in the settings ends this note)"


@pytest.mark.parametrize(
    ("settings", "track", "uri", "who"),
    [
        (Settings(), True, None, "--tracking asks"),
        (Settings(tracking=False), True, None, "--tracking asks"),
        (Settings(tracking=True), None, None, "the settings ask"),
        (Settings(), None, "http://runs.example", "MLFLOW_TRACKING_URI asks"),
    ],
)
def test_who_asked_for_tracking_is_named_where_mlflow_is_missing(
    settings, track, uri, who, tmp_path, without_mlflow, monkeypatch
):
    if uri:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    tracker, (told,) = asked(settings, tmp_path, track)
    assert isinstance(tracker, NoTracker)
    assert told.startswith(f"{who} for tracking, but MLflow is not installed")
    assert told.endswith(f"labels are stored, the run is not. Fix: {INSTALL}")
    assert "\n" not in told


def test_a_tracking_server_asks_for_nothing_where_the_settings_say_no(monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://runs.example")
    assert who_asks(Settings(tracking=False)) == ""
    assert who_asks(Settings()) == "MLFLOW_TRACKING_URI asks"


def test_the_environment_asks_like_a_file_of_settings(monkeypatch):
    monkeypatch.setenv("RETROLABEL_TRACKING", "true")
    assert who_asks(Settings()) == "the settings ask"


RUN = Run("k", "mood 1.0.0", "1f", {}, {}, "store", 0.0)


def site_at(folder):
    """Return a store without label sets, and what it warned of."""
    warned = []
    book = SimpleNamespace(record=lambda _: None, pointer=lambda *_: None)
    return SimpleNamespace(store=folder, warn=warned.append, open_catalog=SimpleNamespace(label_sets=book)), warned


def test_a_run_that_cannot_be_written_down_is_a_warning_and_is_sent_all_the_same(tmp_path):
    @dataclass(frozen=True)
    class Report:
        run: Run
        mlflow_run: str | None = None
        label_set = SimpleNamespace(task="mood")

    (tmp_path / "untracked").write_text("in the way")
    told = []
    tracker = SimpleNamespace(send=lambda *_: "run 1")
    site, warned = site_at(tmp_path)
    with expected(site, "mood", RUN, tracks=True):
        pass
    report = tracked(site, Report(RUN), tracker, told.append)
    assert report.mlflow_run == "run 1"
    assert len(told) == 1
    (note,) = warned
    assert "untracked" in note
    assert "cannot be written" in note


def test_what_is_to_be_told_is_written_down_before_it_is_decided_and_forgotten_where_nothing_is(tmp_path):
    site, _ = site_at(tmp_path)
    with expected(site, "mood", RUN, tracks=True):
        assert (Waiting(tmp_path).count(), Waiting(tmp_path).pointers()) == (1, ["mood"])
    assert Waiting(tmp_path).pointers() == ["mood"]  # until the tracker knows it
    with pytest.raises(PromotionError), expected(site, "tone", tracks=True):
        raise PromotionError("a gate failed")
    assert Waiting(tmp_path).pointers() == ["mood"]
    with pytest.raises(PromotionError), expected(site, "mood", tracks=True):
        raise PromotionError("a gate failed")
    assert Waiting(tmp_path).pointers() == ["mood"]  # it was behind before
    with pytest.raises(KeyboardInterrupt), expected(site, "tone", tracks=True):
        raise KeyboardInterrupt
    assert Waiting(tmp_path).pointers() == ["mood", "tone"]  # it may be decided, or not
    with expected(site, "calm", tracks=False):
        pass
    assert Waiting(tmp_path).pointers() == ["mood", "tone"]


def test_what_somebody_may_be_about_to_tell_is_left_to_them(tmp_path):
    site, _ = site_at(tmp_path)
    site.settings = Settings(tracking=True)
    with expected(site, "mood", RUN, tracks=True):
        pass
    assert bool(Waiting(tmp_path)) is True
    assert bool(Waiting(tmp_path, settled=60)) is False
    assert caught_up(site) is None
    for path in (tmp_path / "untracked").iterdir():
        os.utime(path, (0, 0))
    assert Waiting(tmp_path, settled=60).pointers() == ["mood"]

"""Reporting to MLflow: beside the store, and never in the way of a label set."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from retrolabel.tracking.environment import environment
from retrolabel.tracking.mlflow import NoTracker
from retrolabel.wiring.templates import write_project

SOURCES = Path(__file__).parents[3] / "src"


def test_nobody_is_told_without_a_tracker():
    assert NoTracker().record("x", params={}, metrics={}, manifest="m") is None


def test_the_environment_names_versions_and_the_commit(tmp_path):
    found = environment(None)
    assert found["packages"]["numpy"]
    assert found["git"] is None
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run([*git, *words], check=True)
    known = environment(tmp_path)["git"]
    assert len(known["commit"]) == 40
    assert not known["dirty"]
    (tmp_path / "labeling_functions").mkdir()
    (tmp_path / "labeling_functions" / "x.py").write_text("")
    assert environment(tmp_path)["git"]["dirty"]


def test_a_folder_outside_of_git_has_no_commit(tmp_path):
    assert environment(tmp_path)["git"] is None


@pytest.fixture
def relabel(tmp_path):
    """Run ``retrolabel relabel`` in a project of three items, in a process of its own."""
    write_project(tmp_path, "mood")
    (tmp_path / "f.csv").write_text("item_id,comment\n1,thank you\n2,this is wrong\n3,hm\n")

    def go(*words, **more):
        hidden = ("RETROLABEL_", "MLFLOW_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        done = subprocess.run(
            [sys.executable, "-m", "retrolabel", *words, "--json"],
            cwd=tmp_path,
            env=kept | {"PYTHONPATH": str(SOURCES)} | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout), done.stderr

    go("ingest", "f.csv", "--source", "web")
    return go


@pytest.mark.slow
def test_a_relabel_is_a_run_with_params_metrics_manifest_and_dataset(relabel, tmp_path):
    report, err = relabel("relabel", "mood")
    assert err == ""
    run = report["mlflow_run"]
    with closing(sqlite3.connect(tmp_path / ".retrolabel" / "mlflow.db")) as connection:
        params = dict(connection.execute("SELECT key, value FROM params WHERE run_uuid = ?", [run]).fetchall())
        metrics = dict(connection.execute("SELECT key, value FROM metrics WHERE run_uuid = ?", [run]).fetchall())
        (name, status, uri) = connection.execute(
            "SELECT name, status, artifact_uri FROM runs WHERE run_uuid = ?", [run]
        ).fetchone()
        digests = connection.execute("SELECT digest FROM datasets").fetchall()
    identity = report["label_set"]["id"]
    assert (name, status) == ("mood 1.0.0", "FINISHED")
    assert params["label_set"] == identity
    assert params["label_model.name"] == "label_model"
    assert (metrics["items"], metrics["covered"], metrics["votes_computed"]) == (3, 2, 9)
    assert digests == [(identity,)]
    assert (Path(uri.removeprefix("file://")) / "manifest.json").is_file()
    assert not (tmp_path / "mlruns").exists()
    assert not (tmp_path / "mlflow.db").exists()


@pytest.mark.slow
def test_a_tracker_that_fails_is_a_warning_and_the_label_set_stands(relabel):
    report, err = relabel("relabel", "mood", MLFLOW_TRACKING_URI="sqlite:////dev/null/mlflow.db")
    assert report["mlflow_run"] is None
    assert report["label_set"]["labelled"] == 2
    assert "the label set is stored all the same" in err
    assert "Traceback" not in err


def test_without_tracking_nothing_of_mlflow_is_written(relabel, tmp_path):
    report, _ = relabel("relabel", "mood", "--no-tracking")
    assert report["mlflow_run"] is None
    assert [path.name for path in (tmp_path / ".retrolabel").iterdir() if "mlflow" in path.name] == []

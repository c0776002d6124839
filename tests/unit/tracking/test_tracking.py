"""Reporting to MLflow: beside the store, and never in the way of a label set."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from retrolabel.errors import StoreError
from retrolabel.jobs.ports.tracking import Made, Run
from retrolabel.tracking.environment import environment
from retrolabel.tracking.mlflow import NoTracker, impatient, within, without_telemetry
from retrolabel.tracking.waiting import Waiting
from retrolabel.wiring.templates import write_project
from tests.command import run_here

SOURCES = Path(__file__).parents[3] / "src"
RESENT = {"sent": [], "left": 0, "models_sent": [], "models_left": 0, "pointed": [], "current_of": []}
"""What is printed where nothing waited."""


def test_nobody_is_told_without_a_tracker():
    assert NoTracker().send(Run("k", "mood 1.0.0", "1f", {}, {}, "m", 0.0), Made(b"{}")) is None


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
    """Run ``retrolabel relabel`` in a project of three items, as far apart as in a process of its own."""
    write_project(tmp_path, "mood")
    (tmp_path / "f.csv").write_text("item_id,comment\n1,thank you\n2,this is wrong\n3,hm\n")

    def go(*words, **more):
        hidden = ("RETROLABEL_", "MLFLOW_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        done = run_here([*words, "--json"], tmp_path, kept | more)
        assert done.code == 0, done.err
        return json.loads(done.out), done.err

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


@pytest.fixture
def silent_server():
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield f"http://ann:Tr0ub4dor@127.0.0.1:{server.getsockname()[1]}"


def runs_of(tmp_path):
    """Return (status, start time) of each run in the store's own MLflow."""
    with closing(sqlite3.connect(tmp_path / ".retrolabel" / "mlflow.db")) as connection:
        return connection.execute("SELECT status, start_time FROM runs WHERE lifecycle_stage = 'active'").fetchall()


@pytest.mark.slow
def test_a_server_that_never_answers_is_left_after_the_time_that_it_has_and_the_run_is_sent_later(
    relabel, tmp_path, silent_server
):
    before = time.monotonic()
    report, err = relabel("relabel", "mood", MLFLOW_TRACKING_URI=silent_server, RETROLABEL_TRACKING_TIMEOUT="1")
    assert time.monotonic() - before < 60  # of which most is the import of MLflow; it was four minutes
    assert report["mlflow_run"] is None
    assert report["label_set"]["labelled"] == 2
    assert "MLflow took no run (TimeoutError: no answer within 1 s); the label set is stored all the same." in err
    assert "Fix: retrolabel track --resend sends it later" in err
    assert "Tr0ub4dor" not in err
    (waiting,) = relabel("track")[0]["waiting"]
    assert (waiting["name"], waiting["label_set"]) == ("mood 1.0.0", report["label_set"]["id"])
    assert [each for each in relabel("doctor")[0]["findings"] if "1 relabel not reported" in each["what"]]
    asked = time.time()
    sent, _ = relabel("track", "--resend")
    assert [each["label_set"] for each in sent["sent"]] == [report["label_set"]["id"]]
    assert sent["left"] == 0
    ((status, started),) = runs_of(tmp_path)
    assert status == "FINISHED"
    assert asked - 600 < started / 1000 < asked  # when it was relabelled, not when it was sent
    assert relabel("track")[0] == {"waiting": [], "models": [], "current_of": []}
    assert not (tmp_path / ".retrolabel" / "untracked").exists()
    assert relabel("track", "--resend")[0] == RESENT


@pytest.mark.slow
def test_the_result_is_printed_before_the_tracker_is_told(relabel, tmp_path, silent_server):
    hidden = ("RETROLABEL_", "MLFLOW_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    more = {"MLFLOW_TRACKING_URI": silent_server, "RETROLABEL_TRACKING_TIMEOUT": "60", "PYTHONPATH": str(SOURCES)}
    with subprocess.Popen(
        [sys.executable, "-m", "retrolabel", "relabel", "mood"],
        cwd=tmp_path,
        env=kept | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        lines = []
        while not (lines and lines[-1].endswith(" s\n")):
            lines.append(running.stdout.readline())
            assert lines[-1], lines
        assert running.poll() is None
        assert lines[0].startswith("mood 1.0.0: label set ")
        running.kill()  # in the middle of the report
    assert len(relabel("track")[0]["waiting"]) == 1


@pytest.mark.slow
def test_a_run_that_was_sent_in_part_or_whole_before_is_there_once(relabel, tmp_path):
    relabel("relabel", "mood", MLFLOW_TRACKING_URI="http://127.0.0.1:1", RETROLABEL_TRACKING_TIMEOUT="1")
    (path,) = (tmp_path / ".retrolabel" / "untracked").glob("*.json")
    kept = path.read_text()
    first, _ = relabel("track", "--resend")
    path.parent.mkdir()
    path.write_text(kept)
    again, _ = relabel("track", "--resend")
    assert again == {**first, "pointed": []}
    with closing(sqlite3.connect(tmp_path / ".retrolabel" / "mlflow.db")) as connection, connection:
        connection.execute("UPDATE runs SET status = 'RUNNING'")
    path.parent.mkdir()
    path.write_text(kept)
    third, _ = relabel("track", "--resend")
    assert third["sent"] != first["sent"]
    assert [status for status, _ in runs_of(tmp_path)] == ["FINISHED"]


@pytest.mark.slow
def test_a_run_that_stands_in_the_one_experiment_of_before_is_not_sent_again(relabel, tmp_path):
    relabel("relabel", "mood", MLFLOW_TRACKING_URI="http://127.0.0.1:1", RETROLABEL_TRACKING_TIMEOUT="1")
    (path,) = (tmp_path / ".retrolabel" / "untracked").glob("*.json")
    kept = path.read_text()
    first, _ = relabel("track", "--resend")
    with closing(sqlite3.connect(tmp_path / ".retrolabel" / "mlflow.db")) as connection, connection:
        renamed = connection.execute("UPDATE experiments SET name = 'retrolabel' WHERE name = 'retrolabel/mood'")
        assert renamed.rowcount == 1
    path.parent.mkdir()
    path.write_text(kept)
    again, _ = relabel("track", "--resend")
    assert again["sent"] == first["sent"]
    assert len(runs_of(tmp_path)) == 1


def test_what_takes_too_long_is_left_alone_and_what_fails_is_raised():
    with pytest.raises(TimeoutError, match=r"no answer within 0\.05 s"):
        within(0.05, lambda: time.sleep(5))
    with pytest.raises(ValueError, match="no"):
        within(5, lambda: int("no"))
    with pytest.raises(TimeoutError, match="its own"):
        within(5, _times_out)
    assert within(0, lambda: 7) == 7


def _times_out():
    raise TimeoutError("its own")


def test_a_run_that_waits_is_written_whole_and_a_damaged_one_is_named(tmp_path):
    waiting = Waiting(tmp_path)
    run = Run("k", "mood 1.0.0", "1f", {"task": "mood"}, {"items": 3.0}, "m", 5.0)
    waiting.keep(run)
    waiting.keep(Run("a", "mood 1.0.0", "2e", {}, {}, "m", 4.0))
    assert [each.key for each in waiting.runs()] == ["a", "k"]
    assert waiting.runs()[1] == run
    (tmp_path / "untracked" / "b.json").write_text("{}")
    with pytest.raises(StoreError, match=r"b\.json cannot be read"):
        waiting.runs()


def test_requests_are_tried_again_a_few_times_unless_the_user_said_otherwise(monkeypatch):
    monkeypatch.delenv("MLFLOW_HTTP_REQUEST_TIMEOUT", raising=False)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "9")
    with impatient(10):
        assert os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] == "10"
        assert os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] == "9"
    assert "MLFLOW_HTTP_REQUEST_TIMEOUT" not in os.environ
    with impatient(0):
        assert "MLFLOW_HTTP_REQUEST_TIMEOUT" not in os.environ


@pytest.mark.parametrize(("set_to", "then"), [(None, "true"), ("false", "false")])
def test_mlflow_reports_its_use_to_nobody_unless_the_user_turned_that_on(monkeypatch, set_to, then):
    monkeypatch.delenv("DO_NOT_TRACK", raising=False)
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", set_to or "x")
    if set_to is None:
        monkeypatch.delenv("MLFLOW_DISABLE_TELEMETRY")
    without_telemetry()
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == then


def alias_of(tmp_path):
    """Return the label set that MLflow's alias current names, and how many versions the model has."""
    with closing(sqlite3.connect(tmp_path / ".retrolabel" / "mlflow.db")) as connection:
        named = connection.execute(
            "SELECT value FROM registered_model_aliases AS a JOIN model_version_tags AS t"
            " ON t.name = a.name AND t.version = a.version AND t.key = 'retrolabel.label_set'"
            " WHERE a.name = 'retrolabel.mood' AND a.alias = 'current'"
        ).fetchall()
        versions = connection.execute("SELECT count(*) FROM model_versions").fetchone()[0]
    return named, versions


@pytest.mark.slow
def test_the_alias_current_follows_promotion_and_rollback_and_a_set_that_was_not_tracked_is_reported_then(
    relabel, tmp_path
):
    first = relabel("relabel", "mood")[0]["label_set"]["id"]
    assert alias_of(tmp_path) == ([(first,)], 1)
    (tmp_path / "g.csv").write_text("item_id,comment\n4,thank you so much\n")
    relabel("ingest", "g.csv", "--source", "web")
    second = relabel("relabel", "mood", "--no-tracking")[0]["label_set"]["id"]
    assert alias_of(tmp_path) == ([(first,)], 1)
    back = relabel("labels", "rollback", "mood")[0]
    assert (back["label_set"], alias_of(tmp_path)) == (first, ([(first,)], 1))
    again = relabel("labels", "promote", "mood", second)[0]
    assert (again["label_set"], alias_of(tmp_path)) == (second, ([(second,)], 2))
    assert relabel("track")[0] == {"waiting": [], "models": [], "current_of": []}


@pytest.mark.slow
def test_the_model_behind_the_alias_gives_the_probabilities_of_the_label_set(relabel, tmp_path, monkeypatch):
    relabel("relabel", "mood")
    monkeypatch.chdir(tmp_path)  # MLflow makes a file where it is loaded
    import mlflow.pyfunc  # noqa: PLC0415 - an extra

    from retrolabel import open as open_  # noqa: PLC0415 - the project is made by the fixture

    label_set = open_(tmp_path).task("mood").label_set("current")
    client = mlflow.MlflowClient(f"sqlite:///{tmp_path / '.retrolabel' / 'mlflow.db'}")
    version = client.get_model_version_by_alias("retrolabel.mood", "current")
    model = mlflow.pyfunc.load_model(client.get_model_version_download_uri(version.name, version.version))
    patterns = label_set.patterns.to_pandas()
    votes = patterns[[f"v_{voter}" for voter in label_set.voters]].astype(object)
    votes.columns = label_set.voters
    found = model.predict(votes)
    assert found["label"].isna().tolist() == patterns["label"].isna().tolist()
    assert found[list(label_set.labels)].to_numpy().tolist() == label_set.probabilities.tolist()


@pytest.mark.slow
def test_a_promotion_that_no_tracker_hears_of_stands_and_is_told_later(relabel, tmp_path):
    first = relabel("relabel", "mood")[0]["label_set"]["id"]
    (tmp_path / "g.csv").write_text("item_id,comment\n4,thank you so much\n")
    relabel("ingest", "g.csv", "--source", "web")
    second = relabel("relabel", "mood")[0]["label_set"]["id"]
    nowhere = {"MLFLOW_TRACKING_URI": "http://127.0.0.1:1", "RETROLABEL_TRACKING_TIMEOUT": "1"}
    done, err = relabel("labels", "rollback", "mood", **nowhere)
    assert done["label_set"] == first
    assert "MLflow took no alias current of retrolabel.mood" in err
    assert alias_of(tmp_path) == ([(second,)], 2)
    assert relabel("track")[0] == {"waiting": [], "models": [], "current_of": ["mood"]}
    assert [each for each in relabel("doctor")[0]["findings"] if "alias current of mood" in each["what"]]
    assert relabel("track", "--resend")[0] == RESENT | {"pointed": ["mood"]}
    assert alias_of(tmp_path) == ([(first,)], 2)

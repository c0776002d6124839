"""A process is killed between a promotion and the note to MLflow: the alias ``current`` lags, and that is said.

The next command that talks to MLflow puts it right.
"""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import retrolabel
from retrolabel.tracking.mlflow import imported, quiet
from tests.command import run_here
from tests.docs.guide import environment
from tests.recovery.test_killed import build, forget

pytestmark = pytest.mark.skipif(importlib.util.find_spec("mlflow") is None, reason="MLflow is not installed")
SOURCES = Path(__file__).parents[2] / "src"
DIES = """
import os, signal, sys
import retrolabel
from retrolabel.wiring import main_job, tracking

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

tracking.point = main_job.tracked = die
task = retrolabel.open(".").task("mood")
getattr(task, sys.argv[1])(*sys.argv[2:])
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project that is tracked, with two label sets; the second is current."""
    for name in [name for name in os.environ if name.startswith(("RETROLABEL_", "MLFLOW_"))]:
        monkeypatch.delenv(name)
    build(tmp_path)
    (tmp_path / "retrolabel.toml").write_text('store = ".retrolabel"\n[tasks.mood.gates]\nshares = false\nflips = 1\n')
    assert go(tmp_path, "ingest", "0.csv", "--source", "web").code == 0
    for model in ("label_model", "majority_vote"):
        done = go(tmp_path, "relabel", "mood", "--label-model", model)
        assert done.code in (0, 1), done
    yield tmp_path
    forget()


def go(project, *words):
    done = run_here(words, project, environment())
    forget()
    return done


def killed(project, *words):
    """Do a job of the task in a process that is killed when the decision is real, and MLflow knows nothing of it."""
    code = subprocess.run(
        [sys.executable, "-c", DIES, *words],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(SOURCES)},
        check=False,
        capture_output=True,
    ).returncode
    assert code == -signal.SIGKILL


def current(project):
    return retrolabel.open(project).catalog.label_sets.pointer("mood", "current")


def alias(project):
    """Return the label set that MLflow's alias names."""
    with quiet():
        mlflow = imported("a test")
        client = mlflow.MlflowClient(tracking_uri=f"sqlite:///{project / '.retrolabel' / 'mlflow.db'}")
        return client.get_model_version_by_alias("retrolabel.mood", "current").tags["retrolabel.label_set"]


def behind(project):
    """Return what ``status`` and ``track`` say of it."""
    lines = json.loads(go(project, "status", "mood", "--json").out)["tasks"][0]["lines"]
    told = [(each["state"], each["told"], each["command"]) for each in lines if each["what"] == "mlflow"]
    return told, json.loads(go(project, "track", "--json").out)["current_of"]


def test_the_alias_lags_after_the_kill_and_every_command_that_talks_to_mlflow_puts_it_right(project):
    first, second = (each.id for each in reversed(retrolabel.open(project).catalog.label_sets.records("mood")))
    if current(project) != second:
        assert go(project, "labels", "promote", "mood", second, "--override", "--reason", "so").code == 0
    assert alias(project) == current(project) == second
    assert behind(project) == ([], [])
    commands = {
        ("track", "--resend"): first,
        ("relabel", "mood", "--label-model", "label_model"): second,
        ("labels", "promote", "mood", second): first,
        ("schedule", "run", "--once"): second,
    }
    for words, to in commands.items():
        before = current(project)
        if before == to:
            assert go(project, "labels", "promote", "mood", {first: second, second: first}[to]).code == 0
            before = current(project)
        killed(project, "promote", to)
        assert (current(project), alias(project)) == (to, before)
        told, waits = behind(project)
        assert told == [("note", "MLflow was not told yet: what is current", "retrolabel track --resend")]
        assert waits == ["mood"]
        if words[0] == "schedule":  # it leaves alone what somebody may be about to tell
            assert go(project, *words).code == 0
            assert alias(project) == before
            for path in (project / ".retrolabel" / "untracked").iterdir():
                os.utime(path, (0, 0))
        done = go(project, *words)
        assert done.code in (0, 1), done
        assert alias(project) == current(project), words
        assert behind(project) == ([], [])


def test_a_relabel_that_is_killed_there_is_reported_later_with_its_run(project):
    feedback = project / "more.csv"
    feedback.write_text("item_id,comment\n9001,thank you\n")
    assert go(project, "ingest", "more.csv", "--source", "web").code == 0
    known = {each.id for each in retrolabel.open(project).catalog.label_sets.records("mood")}
    killed(project, "relabel")
    (made,) = {each.id for each in retrolabel.open(project).catalog.label_sets.records("mood")} - known
    ((_, told, command),) = behind(project)[0]
    assert told == "MLflow was not told yet: 1 relabel, what is current"
    assert go(project, *command.split()[1:]).code == 0
    assert alias(project) == current(project)
    assert behind(project) == ([], [])
    with quiet():
        client = imported("a test").MlflowClient(tracking_uri=f"sqlite:///{project / '.retrolabel' / 'mlflow.db'}")
        (experiment,) = [each for each in client.search_experiments() if each.name == "retrolabel/mood"]
        runs = client.search_runs([experiment.experiment_id], f"tags.`retrolabel.label_set` = '{made}'")
    assert len(runs) == 1

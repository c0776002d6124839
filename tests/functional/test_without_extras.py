"""A core install: no MLflow, no pytest; the main job is the same, and whoever needs one of them is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "src"
INSTALL = 'pip install "retrolabel[mlflow]"'
NOTE = (
    f"Note: runs are not tracked, since MLflow is not installed: {INSTALL}"
    " (tracking = false in the settings ends this note)\n"
)
MODEL = """
from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import classifier, load_model

by_model = classifier({"g": GOOD, "b": BAD}, load_model("models:/mood/1"), column="comment")
"""


@pytest.fixture
def core(project, write, monkeypatch):
    """The project with its settings left at their defaults, where MLflow is not installed."""
    write("retrolabel.toml", 'store = ".retrolabel"\n')
    monkeypatch.setitem(sys.modules, "mlflow", None)
    return project


def test_a_relabel_says_in_one_line_that_runs_are_not_tracked(core, run):
    done = run("relabel", "mood")
    assert done.code == 0
    assert done.err == NOTE
    assert "MLflow" not in done.out


def test_a_relabel_without_mlflow_gives_the_labels_of_one_that_was_told_not_to_track(core, run):
    untracked = run("relabel", "mood", "--json")
    told_not_to = run("relabel", "mood", "--no-tracking", "--json")
    assert untracked.json["mlflow_run"] is None
    assert untracked.json["label_set"] == {**told_not_to.json["label_set"], "new": True}
    assert untracked.json["label_set"]["labelled"] > 0
    assert (untracked.err, told_not_to.err) == (NOTE, "")


@pytest.mark.parametrize("how", ["option", "settings", "environment"])
def test_who_asked_for_tracking_is_warned_in_one_line_and_has_the_labels(core, run, write, monkeypatch, how):
    if how == "settings":
        write("retrolabel.toml", 'store = ".retrolabel"\ntracking = true\n')
    if how == "environment":
        monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://runs.example")
    done = run("relabel", "mood", "--json", *(["--tracking"] if how == "option" else []))
    assert done.code == 0
    assert done.json["label_set"]["labelled"] > 0
    who = {"option": "--tracking asks", "settings": "the settings ask", "environment": "MLFLOW_TRACKING_URI asks"}[how]
    assert done.err.splitlines() == [
        f"Note: {who} for tracking, but MLflow is not installed: labels are stored, the run is not. Fix: {INSTALL}"
    ]


def test_commands_that_track_nothing_say_nothing_of_it(core, run):
    run("relabel", "mood")
    for words in (
        "lf list",
        "plan mood",
        "evaluate mood",
        "labels show mood",
        "labels export mood --format csv --out labels.csv",
        "lf summary mood",
        "report mood",
    ):
        done = run(*words.split())
        assert (done.code, "MLflow" in done.out + done.err) == (0, False), words


def test_a_model_that_mlflow_keeps_says_what_to_install_wherever_it_is_asked(core, run, write):
    write("labeling_functions/mood/model.py", MODEL)
    for words in (["plan", "mood"], ["relabel", "mood"]):
        done = run(*words)
        assert done.code == 1
        wanted = "LF by_model: load_model('models:/mood/1') needs the package 'mlflow', which is not installed."
        assert f"{wanted} Fix: {INSTALL}" in done.err
    assert INSTALL in run("doctor").out


def test_a_missing_mlflow_is_no_fault_of_items_that_would_have_to_be_tried_again(core, run, write):
    write("labeling_functions/mood/model.py", MODEL.replace('column="comment"', 'column="comment", version="1"'))
    refused = run("relabel", "mood", "--no-tracking")
    assert refused.code == 1
    assert refused.err.splitlines() == [
        "Error: load_model('models:/mood/1') needs the package 'mlflow', which is not installed.",
        f"Fix: {INSTALL}",
    ]
    assert run("lf", "faults", "mood", "--json").json["faults"] == []


def test_the_pytest_plugin_says_to_install_pytest_in_one_line():
    program = "import sys; sys.modules['pytest'] = None; import retrolabel.pytest_plugin"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env={"PYTHONPATH": str(SOURCES)}
    )
    assert done.stderr.splitlines()[-1] == (
        "ModuleNotFoundError: Examples run as tests under pytest, which is not installed: pip install pytest"
    )
    assert done.stderr.count("Traceback") == 1


OPTIONAL = ("dask", "distributed", "mlflow", "pytest", "snorkel", "torch")
IMPORT_ALL = """
import importlib, pkgutil, sys


class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {optional}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)


sys.meta_path.insert(0, Missing())
import retrolabel.errors

for found in pkgutil.walk_packages(retrolabel.__path__, "retrolabel."):
    if found.name in {refused}:
        try:
            importlib.import_module(found.name)
        except retrolabel.errors.RetrolabelError:
            continue
        raise AssertionError(found.name + " is out of scope, and does not say so")
    if found.name not in {doors}:
        importlib.import_module(found.name)
"""
REFUSED = tuple(
    f"retrolabel.interop.snorkel.{name}"
    for name in (
        "augmentation",
        "classification",
        "labeling.apply.spark",
        "labeling.lf.nlp_spark",
        "map.spark",
        "preprocess.spark",
        "slicing.apply.spark",
    )
)
"""Modules of Snorkel that are out of scope, and say so on import."""
DOORS = ("retrolabel.__main__", "retrolabel.pytest_plugin")
"""The one runs, the other is pytest's."""


def test_every_module_imports_where_nothing_optional_is_installed():
    program = IMPORT_ALL.format(optional=OPTIONAL, doors=DOORS, refused=REFUSED)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env={"PYTHONPATH": str(SOURCES)}
    )
    assert done.returncode == 0, done.stderr

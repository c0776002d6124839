"""``init`` writes a project that works, and touches nothing."""

from __future__ import annotations

import sys

import pytest

from retrolabel.discovery.folders import discover
from retrolabel.errors import SettingsError
from retrolabel.wiring.templates import shipped_tasks, write_project


def forget() -> None:
    """Let no module of a test's project outlive the test."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


@pytest.fixture(autouse=True)
def _forget():
    yield
    forget()


def test_a_new_project_has_a_task_whose_examples_hold(tmp_path):
    written = write_project(tmp_path / "p", "tone")
    assert all(path.is_file() for path in written)
    task = discover(tmp_path / "p", "tone")
    assert len(task.lfs) == 3
    assert [problem for lf in task.lfs for problem in lf.check_examples()] == []


def test_a_second_task_leaves_the_first_alone(tmp_path):
    write_project(tmp_path, "tone")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    write_project(tmp_path, "mood")
    assert all(path.read_bytes() == content for path, content in before.items())
    assert discover(tmp_path, "mood").name == "mood"


def test_everything_in_the_way_is_named_and_nothing_is_written(tmp_path):
    write_project(tmp_path, "tone")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(SettingsError) as caught:
        write_project(tmp_path, "tone")
    assert len(caught.value.problems) >= 4
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("name", ["Mood", "a-b", "1a", "", "a b", "../a"])
def test_names_that_are_no_identifiers_are_refused(tmp_path, name):
    with pytest.raises(SettingsError, match="cannot be a task's name"):
        write_project(tmp_path / "p", name)
    assert not (tmp_path / "p").exists()


def test_the_shipped_tasks_are_found():
    assert (shipped_tasks() / "issue_type" / "schema").is_dir()
    assert (shipped_tasks() / "failure_mode" / "schema").is_dir()
    assert (shipped_tasks() / "airline_feedback" / "schema").is_dir()

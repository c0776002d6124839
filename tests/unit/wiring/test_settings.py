"""Settings: the nearest file, overridden by the environment; everything wrong is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from retrolabel.errors import SettingsError
from retrolabel.wiring.engines import Engine
from retrolabel.wiring.settings import find_project, load_settings, store_path
from retrolabel.wiring.workspace import open_workspace


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("RETROLABEL_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def project(tmp_path):
    def write(text, name="retrolabel.toml"):
        (tmp_path / name).write_text(text)
        return tmp_path

    return write


def test_without_settings_the_defaults_hold(project):
    found = load_settings(project(""))
    assert (found.store, found.label_model, found.max_fault_rate, found.tracking) == (
        Path(".retrolabel"),
        "label_model",
        0.01,
        True,
    )
    assert load_settings(None) == found


def test_the_engine_is_a_setting_that_an_argument_overrides(project, monkeypatch):
    root = project('engine = "local"\nworkers = 3\ndask = "tcp://here:8786"\ntimeout = 5\n')
    assert open_workspace(root).engine == Engine("local", 3, "tcp://here:8786", 5)
    assert open_workspace(root, engine="serial", workers=0).engine == Engine("serial", 0, "tcp://here:8786", 5)
    monkeypatch.setenv("RETROLABEL_ENGINE", "dask")
    assert open_workspace(root).engine.name == "dask"
    project("")
    monkeypatch.delenv("RETROLABEL_ENGINE")
    assert open_workspace(root).engine == Engine("auto", 0, None, 600)


@pytest.mark.parametrize("line", ["workers = -1", "timeout = -1", "timeout = inf", 'engine = "lokal"'])
def test_an_engine_that_cannot_be_is_refused(project, line):
    with pytest.raises(SettingsError):
        open_workspace(project(f"{line}\n"))


def test_settings_come_from_pyproject_where_there_is_no_file_of_our_own(project):
    root = project(
        "[tool.retrolabel]\nmax_fault_rate = 0.5\n[tool.retrolabel.tasks.mood]\nsources = ['web']\n", "pyproject.toml"
    )
    assert find_project(root) == root
    found = load_settings(root)
    assert (found.max_fault_rate, found.tasks["mood"].sources) == (0.5, ["web"])
    project("max_fault_rate = 0.25\n")
    assert load_settings(root).max_fault_rate == 0.25


def test_a_project_is_the_nearest_folder_upwards_with_settings(project):
    root = project("")
    deep = root / "a" / "b"
    deep.mkdir(parents=True)
    (root / "a" / "pyproject.toml").write_text("[tool.other]\nx = 1\n")
    assert find_project(deep) == root
    (root / "a" / "retrolabel.toml").write_text("")
    assert find_project(deep) == root / "a"


def test_a_broken_pyproject_of_another_tool_does_not_stop_the_search(project):
    root = project("")
    (root / "a").mkdir()
    (root / "a" / "pyproject.toml").write_text("this is no toml")
    assert find_project(root / "a") == root


def test_a_broken_file_of_ours_is_refused(project):
    with pytest.raises(SettingsError, match="is no TOML"):
        find_project(project("this is no toml"))


def test_the_environment_overrides_the_file(project, monkeypatch):
    root = project("max_fault_rate = 0.5\ntracking = true\n")
    monkeypatch.setenv("RETROLABEL_MAX_FAULT_RATE", "0.75")
    monkeypatch.setenv("RETROLABEL_TRACKING", "false")
    monkeypatch.setenv("RETROLABEL_TASKS__mood__SOURCES", '["mail"]')
    found = load_settings(root)
    assert (found.max_fault_rate, found.tracking) == (0.75, False)
    assert found.tasks["mood"].sources == ["mail"]


def test_every_wrong_setting_is_named_with_those_there_are(project):
    with pytest.raises(SettingsError) as caught:
        load_settings(project("max_fault_rate = 7\nstor = 'x'\n[tasks.mood]\nsource = 1\n"))
    assert {problem.where for problem in caught.value.problems} == {"max_fault_rate", "stor", "tasks.mood.source"}
    assert "label_model" in caught.value.remedy


MISPLACED = {
    "of_all_in_a_task": (
        "[tasks.mood]\nmax_fault_rate = 0.5\n",
        "tasks.mood.max_fault_rate",
        "write it at the top of retrolabel.toml, above the first [table]",
    ),
    "of_all_in_tasks": (
        "[tasks]\nstore = 'x'\n",
        "tasks.store",
        "write it at the top of retrolabel.toml, above the first [table]",
    ),
    "of_a_task_at_the_top": ("sources = ['web']\n", "sources", "write it under [tasks.NAME]"),
    "of_a_task_in_tasks": ("[tasks]\nsources = ['web']\n", "tasks.sources", "write it under [tasks.NAME]"),
}


@pytest.mark.parametrize("case", MISPLACED)
def test_a_setting_in_a_wrong_table_is_told_where_it_belongs(project, case):
    text, where, remedy = MISPLACED[case]
    with pytest.raises(SettingsError) as caught:
        load_settings(project(text))
    assert [(problem.where, problem.remedy) for problem in caught.value.problems] == [(where, remedy)]


def test_in_a_pyproject_the_tables_have_other_names(project):
    text = "[tool.retrolabel]\nsources = ['web']\n[tool.retrolabel.tasks.mood]\nstore = 'x'\n"
    with pytest.raises(SettingsError) as caught:
        load_settings(project(text, "pyproject.toml"))
    assert {problem.where: problem.remedy for problem in caught.value.problems} == {
        "sources": "write it under [tool.retrolabel.tasks.NAME]",
        "tasks.mood.store": "write it under [tool.retrolabel]",
    }


def test_a_setting_that_is_none_anywhere_is_the_nearest_or_to_be_deleted(project):
    with pytest.raises(SettingsError) as caught:
        load_settings(project("label_modle = 'auto'\nzzz = 1\n[tasks.mood]\nsource = ['web']\n"))
    assert {problem.where: problem.remedy for problem in caught.value.problems} == {
        "label_modle": "did you mean label_model?",
        "zzz": "delete the line",
        "tasks.mood.source": "did you mean sources?",
    }


def test_other_variables_with_our_prefix_are_left_alone(project, monkeypatch):
    monkeypatch.setenv("RETROLABEL_DATA", "x")
    assert load_settings(project("")).max_fault_rate == 0.01


def test_the_store_is_what_was_asked_for_else_the_environments_else_the_projects(project, monkeypatch, tmp_path):
    root = project("store = 'data/store'\n")
    monkeypatch.chdir(tmp_path)
    assert store_path(load_settings(root), root, None) == root / "data" / "store"
    monkeypatch.setenv("RETROLABEL_STORE", "from_env")
    assert store_path(load_settings(root), root, None) == tmp_path / "from_env"
    assert store_path(load_settings(root), root, Path("asked")) == tmp_path / "asked"


def test_without_project_and_store_there_is_nowhere_to_go():
    with pytest.raises(SettingsError, match="There is no project here"):
        store_path(load_settings(None), None, None)

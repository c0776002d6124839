"""Files beside the code."""

from __future__ import annotations

import importlib.util

import pytest

from retrolabel.discovery.resources import content, find_resource
from retrolabel.errors import LabelingFunctionError


@pytest.fixture
def module(tmp_path):
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "w.txt").write_text("in the folder")
    (tmp_path / "v.txt").write_text("beside")
    path = tmp_path / "asks.py"
    path.write_text("from retrolabel import resource\n\ndef ask(name):\n    return resource(name).read_text()\n")
    spec = importlib.util.spec_from_file_location("asks", path)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_it_is_found_beside_the_module_that_asks(module):
    assert module.ask("w.txt") == "in the folder"
    assert module.ask("v.txt") == "beside"


def test_a_missing_file_is_told_with_its_folder(module, tmp_path):
    with pytest.raises(LabelingFunctionError) as failed:
        module.ask("none.txt")
    assert f"There is no file 'none.txt' in {tmp_path / 'resources'}" in str(failed.value)


@pytest.mark.parametrize("name", ["", "../w.txt", "/etc/hostname"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, name):
    with pytest.raises(LabelingFunctionError, match="is no name of a file"):
        find_resource(name, tmp_path)


def test_the_content_of_a_folder_is_that_of_its_files_but_hidden_ones(tmp_path):
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    before = content(folder)
    (folder / ".cache").write_text("x")
    assert content(folder) == before
    (folder / "a.txt").rename(folder / "b.txt")
    assert content(folder) != before

"""Docs are code: every command and every block of Python in README.md is executed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.docs.guide import BLOCK, run_here, run_page, run_python

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return [body for found, _, body in BLOCK.findall(README) if found == language]


def commands_in(body):
    return [line[2:].partition("  #")[0].strip() for line in body.splitlines() if line.startswith("$ ")]


@pytest.fixture(scope="module")
def helpdesk(tmp_path_factory):
    """Run the README's story in its order, files and commands; return the project's folder and what was printed."""
    folder = tmp_path_factory.mktemp("readme")
    return folder / "helpdesk", run_page(README, folder, run_here)


@pytest.mark.slow
def test_the_commands_of_the_readme_work_one_after_the_other(helpdesk):
    folder, printed = helpdesk
    ingests = [text for command, texts in printed.items() if " ingest " in command for text in texts]
    assert "Nothing is stored" in ingests[0]
    assert "5 added" in ingests[1]
    assert "ok: label set" in printed["retrolabel labels verify helpfulness"][0]
    exported = (folder / "labels.csv").read_text(encoding="utf-8").splitlines()
    assert exported[0].startswith('"source","item_id","label","probability","p_good","p_bad"')
    assert len(exported) == 1 + 5


@pytest.mark.slow
def test_the_schema_change_of_the_readme_carries_the_old_votes(helpdesk):
    _, printed = helpdesk
    plans, relabels = printed["retrolabel plan helpfulness"], printed["retrolabel relabel helpfulness"]
    assert len(plans) == len(relabels) == 2
    assert "is carried as wrong | beside" in " ".join(plans[1].split())
    assert "helpfulness 2.0.0" in relabels[1]
    assert "helpfulness 1.0.0" in printed["retrolabel relabel helpfulness --to 1.0.0"][0]


@pytest.mark.slow
def test_the_notebook_lines_of_the_readme_run_in_the_folder_above_the_project(helpdesk, monkeypatch):
    folder, _ = helpdesk
    monkeypatch.chdir(folder.parent)
    monkeypatch.delenv("RETROLABEL_STORE", raising=False)
    names = {}
    exec(next(body for language, kind, body in BLOCK.findall(README) if kind.strip() == "notebook"), names)  # noqa: S102
    assert len(names["ws"].feedback.items()) == 5
    assert names["report"].label_set.schema_version == "2.0.0"


def test_the_python_blocks_of_the_readme_run_and_print_what_they_say(capsys):
    names = {}
    promised = run_python(README, names)
    assert capsys.readouterr().out.splitlines() == promised
    assert names["names_an_old_year"].check_examples() == []


def test_the_settings_block_is_what_this_checkout_says():
    (block,) = blocks("toml")
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for line in block.splitlines():
        assert line.partition("#")[0].strip() in text


def test_the_two_commands_at_the_top_are_doors_of_the_makefile():
    first = commands_in(blocks("console")[0])
    assert first == ["make demo", "make test"]
    for command in first:
        done = subprocess.run(["make", "-n", command.split()[1]], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
        assert done.returncode == 0, done.stderr


def test_files_that_the_readme_links_to_exist():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).is_file(), target

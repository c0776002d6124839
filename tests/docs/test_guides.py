"""Docs are code: the pages of the guide are run from their first line to their last."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.command import Done
from tests.docs.guide import run_here, run_page, run_python
from tests.made_once import made_once

DOCS = Path(__file__).parents[2] / "docs"
DATA = "RETROLABEL_DATA"
PAGES = sorted(DOCS.glob("*.md"))
ELSEWHERE = ("postgresql",)
"""Pages that need a server, and have a test of their own."""


@pytest.fixture
def run(tmp_path_factory):
    """Run a command in this process; a demo is made once for all pages that begin with it, and copied."""

    def go(words, folder):
        if words[0] != "demo":
            return run_here(words, folder)

        def make(at):
            at.mkdir()
            done = run_here(words, at)
            assert done.code == 0, done
            (at / "printed.txt").write_text(done.out, encoding="utf-8")

        made = made_once(tmp_path_factory, "_".join(words), make)
        shutil.copytree(made / words[1], folder / words[1])
        return Done(0, (made / "printed.txt").read_text(encoding="utf-8"), "")

    return go


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if page.stem not in ELSEWHERE], ids=lambda page: page.stem)
def test_the_commands_of_a_page_print_what_it_shows(page, tmp_path, run):
    text = page.read_text(encoding="utf-8")
    if "import mlflow" in text and importlib.util.find_spec("mlflow") is None:
        pytest.skip("MLflow is not installed")
    assert run_page(text, tmp_path, run) or "```console" not in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_python_of_a_page_prints_what_it_says(page, capsys):
    text = page.read_text(encoding="utf-8")
    if DATA in text and DATA not in os.environ:
        pytest.skip(f"{DATA} is not set; it names the folder of real data")
    promised = run_python(text, {})
    assert capsys.readouterr().out.splitlines() == promised


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_files_that_a_page_links_to_exist(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target

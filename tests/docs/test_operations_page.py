"""docs/operations.md: a store is saved, damaged and restored with the commands of the page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import run_here
from tests.docs.guide import BLOCK

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
SAID = ("thank you", "this is wrong", "hm")
FEEDBACK = "item_id,comment\n" + "".join(f"{n},{SAID[n % 3]} {n}\n" for n in range(60))


@pytest.fixture
def shell(tmp_path):
    """Run a block of the page in the project's folder; ``retrolabel`` is the one that is tested."""
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "retrolabel"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m retrolabel "$@"\n')
    program.chmod(0o755)
    hidden = ("RETROLABEL_", "MLFLOW_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    sources = str(Path(__file__).parents[2] / "src")
    kept |= {"PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": sources, "RETROLABEL_TRACKING": "false"}
    project = tmp_path / "project"
    project.mkdir()

    def go(name):
        (body,) = [body for language, more, body in BLOCK.findall(PAGE) if (language, more.strip()) == ("sh", name)]
        return subprocess.run(
            ["/bin/sh", "-e", "-c", body], cwd=project, env=kept, check=False, capture_output=True, text=True
        )

    def command(*words):
        done = run_here(words, project, kept)
        assert done.code == 0, done.err
        return done.out

    go.project, go.command = project, command
    return go


@pytest.mark.slow
def test_a_store_that_is_saved_and_damaged_comes_back_as_it_was(shell):
    project, command = shell.project, shell.command
    command("init", ".", "--task", "helpfulness")
    (project / "f.csv").write_text(FEEDBACK)
    command("ingest", "f.csv", "--source", "web")
    command("relabel", "helpfulness")
    command("labels", "export", "helpfulness", "--out", "before.csv")
    command("train", "helpfulness", "--no-test")
    asked = command("predict", "helpfulness", "f.csv")
    saved = shell("save")
    assert saved.returncode == 0, saved.stderr
    assert "counts and hashes agree" in saved.stdout

    catalog = project / ".retrolabel" / "catalog.db"
    catalog.write_bytes(catalog.read_bytes()[:5_000])
    shutil.rmtree(project / ".retrolabel" / "label_sets")
    shutil.rmtree(project / ".retrolabel")  # an operator empties the place first
    restored = shell("restore")
    assert restored.returncode == 0, (restored.stdout, restored.stderr)
    assert "and 1 model trained on it are as they were written" in restored.stdout
    assert command("predict", "helpfulness", "f.csv") == asked
    command("labels", "export", "helpfulness", "--out", "after.csv")
    assert (project / "after.csv").read_bytes() == (project / "before.csv").read_bytes()
    command("relabel", "helpfulness")

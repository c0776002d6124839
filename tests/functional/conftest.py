"""The command line as a person or a script meets it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from retrolabel.cli.main import main
from retrolabel.wiring.demo import tell
from tests.made_once import made_once

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCES = Path(__file__).parents[2] / "src"
TOLD_ITEMS, TOLD_SEED = 400, 0
HIDDEN = ("RETROLABEL_", "MLFLOW_")


def forget() -> None:
    """Let no module of a test's project outlive the test."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        def refuse(name: str) -> None:
            raise ValueError(f"{name} is not JSON")

        return json.loads(self.out, parse_constant=refuse)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith(HIDDEN)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    yield
    forget()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder that commands run in."""
    made = tmp_path / "here"
    made.mkdir()
    monkeypatch.chdir(made)
    return made


@pytest.fixture
def run(folder, monkeypatch, capfd):
    """Run a command in this process, through the same entry point as the installed script."""

    def go(*words: object) -> Done:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["retrolabel", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as done:
            code = int(done.code or 0)
        out, err = capfd.readouterr()
        return Done(code, out, err)

    return go


@pytest.fixture
def shell(folder):
    """Run a command in a process of its own."""

    def go(*words: object, **more: str) -> Done:
        environment = os.environ | {"PYTHONPATH": str(SOURCES)} | more
        done = subprocess.run(
            [sys.executable, "-m", "retrolabel", *map(str, words)],
            capture_output=True,
            text=True,
            cwd=folder,
            env=environment,
            check=False,
            timeout=120,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return go


@pytest.fixture
def state(folder):
    """A function that returns all that the store in ``folder`` holds: its files' hashes, the catalog's rows."""

    def look() -> object:
        store = folder / ".retrolabel"
        files = {
            str(path.relative_to(store)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(store.rglob("*"))
            if path.is_file()
        }
        if not (store / "catalog.db").exists():
            return files, []
        with closing(sqlite3.connect(store / "catalog.db")) as connection:
            return files, list(connection.iterdump())

    return look


@pytest.fixture
def write(folder):
    """A function that writes a file: text, or bytes."""

    def go(name: str, content: str | bytes) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return go


_kept: dict[str, Path] = {}
"""What ``once`` has built in this process, and where a copy of it is."""


@pytest.fixture
def once(folder, tmp_path_factory):
    """Fill ``folder`` as a function does: the first test that asks runs it, those after it get a copy.

    Only for what is the same whoever builds it; a test that is about the building runs the commands itself.
    """

    def go(name: str, build: Callable[[], None]) -> Path:
        if name in _kept:
            for each in folder.iterdir():
                shutil.rmtree(each) if each.is_dir() else each.unlink()
            shutil.copytree(_kept[name], folder, dirs_exist_ok=True)
            return folder
        build()
        kept = tmp_path_factory.mktemp("once") / name
        shutil.copytree(folder, kept)
        _kept[name] = kept
        return folder

    return go


@pytest.fixture(scope="session")
def told(tmp_path_factory):
    """The folder of a demo of 400 items, told until its history is relabelled; it must not be changed.

    ``made.json`` in it names the two label sets.
    """

    def build(folder: Path) -> None:
        story = next(story for chapter, story in tell(folder, TOLD_ITEMS, TOLD_SEED) if chapter == "relabelled")
        made = [story.before.label_set.id, story.after.label_set.id]
        (folder / "made.json").write_text(json.dumps(made), encoding="utf-8")

    return made_once(tmp_path_factory, "demo_400", build)


FEEDBACK = "item_id,created_at,comment\n" + "".join(
    f"{n},2026-02-{1 + n % 28:02d}T08:00:00Z,{text}\n"
    for n, text in enumerate(["thank you so much", "this is wrong", "no idea", "I ASKED FOR PYTHON", "perfect"] * 8)
)


@pytest.fixture
def project(run, write, once):
    """A project made by ``init``, with forty items ingested; tracking is off."""

    def build():
        assert run("init", ".", "--task", "mood").code == 0
        write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n')
        write("feedback.csv", FEEDBACK)
        assert run("ingest", "feedback.csv", "--source", "web").code == 0

    return once("mood", build)


@pytest.fixture
def labelled(run, project, once):
    """That project with a label set of its forty items."""

    def build():
        assert run("relabel", "mood").code == 0

    return once("mood_labelled", build)


TWO_SIDES = '''\
"""Version 2: bad has two sides."""

from labeling_functions.mood.schema.{first} import BAD, GOOD
from labeling_functions.mood.schema.{first} import SCHEMA as V1
from retrolabel import Label, LabelSchema, Split

SLOW = Label("slow", "It took too long.")
WRONG = Label("wrong", "The answer is wrong.")

SCHEMA = LabelSchema(
    task="mood", version="2.0.0", revises=V1, labels=[GOOD, SLOW, WRONG], steps=[Split(BAD, into=[SLOW, WRONG])]
)
'''


@pytest.fixture
def two_sides_of_bad(folder):
    """A function that writes version 2 of the task ``mood``, in which ``bad`` is split into ``slow`` and ``wrong``."""

    def go():
        schema = folder / "labeling_functions/mood/schema"
        (first,) = (path.stem for path in schema.glob("v1*.py"))
        (schema / "v2_sides.py").write_text(TWO_SIDES.format(first=first), encoding="utf-8")

    return go

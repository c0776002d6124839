"""A small project in a temporary folder, and ways to look at its store from outside."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import retrolabel

if TYPE_CHECKING:
    from collections.abc import Callable

V1 = '''\
"""Version 1."""

from retrolabel import Label, LabelSchema

GOOD = Label("good", "The person got what they needed.")
BAD = Label("bad", "The person did not get what they needed.")

SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD])
'''

V2 = '''\
"""Version 2: bad has two sides."""

from labeling_functions.mood.schema.v1 import BAD, GOOD
from labeling_functions.mood.schema.v1 import SCHEMA as V1
from retrolabel import Label, LabelSchema, Split

SLOW = Label("slow", "It took too long.")
WRONG = Label("wrong", "The answer is wrong.")

SCHEMA = LabelSchema(
    task="mood", version="2.0.0", revises=V1, labels=[GOOD, SLOW, WRONG], steps=[Split(BAD, into=[SLOW, WRONG])]
)
'''

LFS = '''\
"""Each LF writes a line for each call into the file that CALLS names."""

import os
from pathlib import Path

from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import labeling_function


def count(name):
    if os.environ.get("CALLS"):
        with Path(os.environ["CALLS"]).open("a") as calls:
            calls.write(name + "\\n")


@labeling_function(GOOD, version="1")
def praises(comment):
    count("praises")
    return comment is not None and ("thanks" in comment or "great" in comment)


@labeling_function(BAD, version="1")
def complains(comment):
    count("complains")
    return comment is not None and ("wrong" in comment or "slow" in comment)


@labeling_function(BAD, version="1")
def shouts(comment):
    count("shouts")
    return comment is not None and comment.isupper()
'''

SAID = ("thanks a lot", "this is wrong", "so slow", "great", "WRONG AGAIN", "hm", "thanks, but wrong", "ok then")


def forget() -> None:
    """Let no module of a test's project outlive the test."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


class Project:
    """A project with one task, ``mood``, whose files a test writes and changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / ".retrolabel"
        self.calls_file = folder / "calls.txt"
        self.write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n')
        self.write("labeling_functions/__init__.py", "")
        self.write("labeling_functions/mood/__init__.py", "")
        self.write("labeling_functions/mood/schema/__init__.py", "")
        self.write("labeling_functions/mood/schema/v1.py", V1)
        self.lfs(LFS)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def lfs(self, text: str) -> None:
        self.write("labeling_functions/mood/wording.py", text)

    def add_v2(self) -> None:
        self.write("labeling_functions/mood/schema/v2.py", V2)

    def open(self) -> retrolabel.Workspace:
        return retrolabel.open(self.folder, store=self.store)

    def feedback(self, name: str = "feedback.csv", *, items: int = 40, first: int = 0) -> Path:
        """Write a file of ``items`` rows with ids, times and comments."""
        rows = [
            f'{number},2026-01-{1 + number % 28:02d}T12:00:00Z,"{SAID[number % len(SAID)]}"'
            for number in range(first, first + items)
        ]
        return self.write(name, "item_id,created_at,comment\n" + "\n".join(rows) + "\n")

    def gold(self, labels: dict[object, str], name: str = "gold.csv", **more: str) -> Path:
        """Write a file of human labels: id -> label, and further columns that are the same in all rows."""
        head = ",".join(["item_id", "label", *more])
        rows = [",".join([str(item_id), label, *more.values()]) for item_id, label in labels.items()]
        return self.write(name, head + "\n" + "\n".join(rows) + "\n")

    def calls(self) -> int:
        return len(self.calls_file.read_text().splitlines()) if self.calls_file.exists() else 0

    def files(self) -> dict[str, str]:
        """Return file of the store -> hash of its bytes, the catalog and its journal left out."""
        return {
            str(path.relative_to(self.store)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.store.rglob("*"))
            if path.is_file() and not path.name.startswith("catalog.db")
        }

    def catalog(self) -> list[str]:
        """Return the catalog's content as SQL."""
        with closing(sqlite3.connect(self.store / "catalog.db")) as connection:
            return list(connection.iterdump())

    def believe(self, folder: Path, change: Callable[[dict[str, Any]], None] | None = None) -> None:
        """Let manifest and catalog have the hashes of a label set's files as they are now; ``change`` the manifest."""
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text())
        files = manifest["outputs"]["files"]
        for file in files:
            files[file] = hashlib.sha256((folder / file).read_bytes()).hexdigest()
        if change:
            change(manifest)
        path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
        with closing(sqlite3.connect(self.store / "catalog.db")) as connection, connection:
            made = [hashlib.sha256(path.read_bytes()).hexdigest(), folder.name]
            connection.execute("UPDATE label_sets SET manifest_sha256 = ? WHERE id = ?", made)

    def state(self) -> tuple[dict[str, str], list[str]]:
        return self.files(), self.catalog()


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in ("RETROLABEL_STORE", "MLFLOW_TRACKING_URI", "CALLS"):
        monkeypatch.delenv(name, raising=False)
    yield
    forget()


@pytest.fixture
def make_project(tmp_path, monkeypatch):
    """A function that makes further projects, each in a folder of its own."""

    def make(name: str = "project") -> Project:
        return Project(tmp_path / name)

    return make


@pytest.fixture
def project(make_project, monkeypatch) -> Project:
    made = make_project()
    monkeypatch.setenv("CALLS", str(made.calls_file))
    return made


@pytest.fixture
def read_jsonl():
    """A function that reads a file of JSON lines, such as a quarantine."""

    def read(path: str) -> list[dict[str, str]]:
        return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]

    return read

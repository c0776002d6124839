"""A job that is killed while its catalog is in PostgreSQL leaves a sound store, and the same command goes on."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
from typing import TYPE_CHECKING

import pytest

import retrolabel
from tests.postgres import name_of
from tests.recovery.test_killed import ITEMS, LF_COUNT, SEGMENTS, Executioner, build, forget

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 10


def open_project(folder: Path) -> retrolabel.Workspace:
    return retrolabel.open(folder, store=folder / ".retrolabel")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith(("RETROLABEL_", "MLFLOW_"))]:
        monkeypatch.delenv(name)
    yield
    forget()


@pytest.fixture(scope="module")
def start():
    """A function that has a job done in a process of its own, and killed at a moment."""
    executioner = Executioner()
    yield executioner.start
    executioner.end()


@pytest.fixture(scope="module")
def untouched(postgres, tmp_path_factory):
    """A project with three segments, never relabelled; and the name of its database, to which nobody is connected."""
    folder = build(tmp_path_factory.mktemp("untouched") / "project")
    url = postgres.database()
    settings(folder, url)
    ws = open_project(folder)
    for number in range(SEGMENTS):
        ws.feedback.ingest(folder / f"{number}.csv", "web")
    return folder, name_of(url)


def settings(folder: Path, url: str) -> None:
    (folder / "retrolabel.toml").write_text(f"tracking = false\ncatalog = {json.dumps(url)}\n")


@pytest.fixture
def copy(untouched, postgres, tmp_path):
    """A function that copies the project, with its database; it returns the folder and the database's name."""

    def make(number: int) -> tuple[Path, str]:
        folder = tmp_path / f"project-{number}"
        shutil.copytree(untouched[0], folder)
        url = postgres.database(untouched[1])
        settings(folder, url)
        return folder, name_of(url)

    return make


def unsound(postgres, folder: Path, database: str) -> list[str]:
    """Return what the catalog names and the store does not hold as it was written."""
    files = "SELECT path, sha256 FROM segments UNION SELECT path, sha256 FROM vote_files"
    sets = "SELECT 'label_sets/' || id || '/manifest.json', manifest_sha256 FROM label_sets"
    named = postgres.sql(f"{files} UNION {sets}", database=database)
    store = folder / ".retrolabel"
    return [
        path
        for path, sha256 in named
        if not (store / path).is_file() or hashlib.sha256((store / path).read_bytes()).hexdigest() != sha256
    ]


@pytest.mark.slow
def test_a_relabel_killed_ten_times_goes_on_to_the_same_label_set(copy, start, postgres):
    whole, _ = copy(0)
    code, out, err = start(whole, "relabel", -1)
    assert code == 0, err
    moments = out.splitlines()
    record = open_project(whole).task("mood").label_set().record
    commits = [place for place, moment in enumerate(moments) if moment.endswith("a commit")]
    kills = sorted({*commits[:2], *(round(n * (len(moments) - 1) / (KILLS - 3)) for n in range(KILLS - 2))})
    more = (place for place in range(len(moments)) if place not in kills)
    while len(kills) < KILLS:
        kills.append(next(more))
    for number, last in enumerate(kills, 1):
        folder, database = copy(number)
        code, *_ = start(folder, "relabel", last)
        assert code == -signal.SIGKILL, (last, moments[last])
        assert unsound(postgres, folder, database) == [], (last, moments[last])
        ws = open_project(folder)
        committed = moments[:last].count("after a commit") + (moments[last] == "after a commit")
        votes = min(max(committed - 1, 0), SEGMENTS)  # the first commit is the lease
        report = ws.task("mood").relabel()
        assert (report.label_set.id, report.label_set.labels_hash) == (record.id, record.labels_hash), moments[last]
        assert report.votes.computed == (SEGMENTS - votes) * ITEMS * LF_COUNT, (last, moments[last])
        assert ws.task("mood").verify() == []
        assert ws.catalog.leases.lease("mood") is None, (last, moments[last])
        assert unsound(postgres, folder, database) == []
    assert len(kills) == KILLS


@pytest.mark.slow
def test_an_ingest_killed_at_any_of_its_writes_leaves_the_catalog_as_it_was_until_it_commits(
    copy, start, postgres, untouched
):
    rows = [f"n{n},thanks {n}" for n in range(30)]
    (untouched[0] / "more.csv").write_text("item_id,comment\n" + "\n".join(rows) + "\n")
    whole, _ = copy(0)
    code, out, err = start(whole, "more.csv", -1)
    assert code == 0, err
    moments = out.splitlines()
    for last in range(len(moments)):
        folder, database = copy(1 + last)
        code, *_ = start(folder, "more.csv", last)
        assert code == -signal.SIGKILL
        committed = moments[last] == "after a commit"
        count = "SELECT count(*) FROM items"
        assert postgres.sql(count, database=database) == [(SEGMENTS * ITEMS + (30 if committed else 0),)]
        assert unsound(postgres, folder, database) == []
        report = open_project(folder).feedback.ingest(folder / "more.csv", "web")
        assert report.added == (0 if committed else 30)
        assert postgres.sql(count, database=database) == [(SEGMENTS * ITEMS + 30,)]

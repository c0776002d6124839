"""A job that is killed, at whatever instant, leaves a sound store, and the same command goes on."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

import retrolabel

VICTIM = Path(__file__).with_name("victim.py")
SOURCES = Path(__file__).parents[2] / "src"
SCHEMA = """\
from retrolabel import Label, LabelSchema
GOOD, BAD = Label("good"), Label("bad")
SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD])
"""
LFS = """\
import os, time
from pathlib import Path
from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import labeling_function

@labeling_function(GOOD, version="1")
def praises(comment):
    if os.environ.get("CALLS"):
        with Path(os.environ["CALLS"]).open("a") as calls:
            calls.write("call\\n")
    if os.environ.get("SLEEP_ON") and comment.endswith(os.environ["SLEEP_ON"]):
        Path(os.environ["SLEEPS"]).touch()
        time.sleep(60)
    return "thanks" in comment

@labeling_function(BAD)
def complains(comment):
    return "wrong" in comment
"""
ITEMS, SEGMENTS, LF_COUNT = 20, 3, 2


def forget() -> None:
    """Let no module of a test's project outlive the test."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


def build(folder: Path) -> Path:
    """Write a project and three files of feedback."""
    package = folder / "labeling_functions" / "mood"
    (package / "schema").mkdir(parents=True)
    for path in (package.parent, package, package / "schema"):
        (path / "__init__.py").touch()
    (package / "schema" / "v1.py").write_text(SCHEMA)
    (package / "wording.py").write_text(LFS)
    (folder / "retrolabel.toml").write_text("tracking = false\n")
    for number in range(SEGMENTS):
        rows = [f"{number}-{n},{('thanks', 'wrong', 'hm')[n % 3]} {number}-{n}" for n in range(ITEMS)]
        (folder / f"{number}.csv").write_text("item_id,comment\n" + "\n".join(rows) + "\n")
    return folder


def open_project(folder: Path) -> retrolabel.Workspace:
    return retrolabel.open(folder, store=folder / ".retrolabel")


class Executioner:
    """A process that starts the victims."""

    def __init__(self) -> None:
        hidden = ("RETROLABEL_", "MLFLOW_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        one_thread = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}  # it forks
        self._process = subprocess.Popen(
            [sys.executable, str(VICTIM)],
            env=kept | one_thread | {"PYTHONPATH": str(SOURCES)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, folder: Path, job: str, last: int) -> tuple[int, str, str]:
        """Have a job done, or killed at a moment; return the exit code, what was printed, and errors."""
        self._process.stdin.write(json.dumps([str(folder), job, last]) + "\n")
        self._process.stdin.flush()
        code, out, err = json.loads(self._process.stdout.readline())
        return code, out, err

    def end(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def start():
    """A function that has a job done in a process of its own, and killed at a moment."""
    executioner = Executioner()
    yield executioner.start
    executioner.end()


def dump(folder: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(folder / ".retrolabel" / "catalog.db")) as connection:
        return list(connection.iterdump())


def unsound(folder: Path) -> list[str]:
    """Return what the catalog names and the store does not hold as it was written."""
    store = folder / ".retrolabel"
    with contextlib.closing(sqlite3.connect(store / "catalog.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        named = connection.execute("SELECT path, sha256 FROM segments UNION SELECT path, sha256 FROM vote_files")
        named = dict(named.fetchall())
        sets = connection.execute("SELECT id, manifest_sha256 FROM label_sets").fetchall()
    named |= {f"label_sets/{identity}/manifest.json": sha256 for identity, sha256 in sets}
    return [
        path
        for path, sha256 in named.items()
        if not (store / path).is_file() or hashlib.sha256((store / path).read_bytes()).hexdigest() != sha256
    ]


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith(("RETROLABEL_", "MLFLOW_"))]:
        monkeypatch.delenv(name)
    yield
    forget()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """A project with three segments in its store, never relabelled, to be copied."""
    folder = build(tmp_path_factory.mktemp("untouched") / "project")
    ws = open_project(folder)
    for number in range(SEGMENTS):
        ws.feedback.ingest(folder / f"{number}.csv", "web")
    return folder


@pytest.fixture(scope="module")
def undisturbed(untouched, start, tmp_path_factory):
    """The label set of a run that nobody disturbed, and the names of its moments."""
    folder = tmp_path_factory.mktemp("undisturbed") / "project"
    shutil.copytree(untouched, folder)
    code, out, err = start(folder, "relabel", -1)
    assert code == 0, err
    ws = open_project(folder)
    return ws.task("mood").label_set().record, out.splitlines()


@pytest.mark.slow
def test_a_relabel_killed_at_any_of_its_writes_goes_on_to_the_same_label_set(untouched, undisturbed, start, tmp_path):
    record, moments = undisturbed
    # The lease; votes of each segment; label set, latest, current; the lease again.
    assert moments.count("before a commit") == 1 + SEGMENTS + 4
    assert moments.count("written label_sets") == 2 + SEGMENTS + 1  # patterns, model, labels, manifest

    for last in range(len(moments)):
        folder = tmp_path / f"killed-{last}"
        shutil.copytree(untouched, folder)
        code, *_ = start(folder, "relabel", last)
        assert code == -signal.SIGKILL, (last, moments[last])
        assert unsound(folder) == [], (last, moments[last])
        ws = open_project(folder)
        committed = moments[:last].count("after a commit") + (moments[last] == "after a commit")
        votes = min(max(committed - 1, 0), SEGMENTS)  # the first commit is the lease
        assert len(ws.task("mood").label_sets()) == (committed > 1 + SEGMENTS), (last, moments[last])
        report = ws.task("mood").relabel()
        assert report.label_set.id == record.id, (last, moments[last])
        assert report.label_set.labels_hash == record.labels_hash, (last, moments[last])
        assert report.votes.computed == (SEGMENTS - votes) * ITEMS * LF_COUNT, (last, moments[last])
        assert ws.task("mood").verify() == []
        assert ws.catalog.leases.lease("mood") is None, (last, moments[last])
        assert unsound(folder) == []


BROKEN = """\

@labeling_function(BAD)
def shouts(comment):
    return 1 / comment.count("t") > 1
"""


@pytest.mark.slow
def test_a_relabel_from_which_one_sits_out_killed_at_any_write_goes_on_to_the_same_label_set(
    untouched, undisturbed, start, tmp_path
):
    record, _ = undisturbed  # of the task without the one that fails
    made = tmp_path / "made"
    shutil.copytree(untouched, made)
    (made / "labeling_functions/mood/shouting.py").write_text(LFS.partition("@labeling_function")[0] + BROKEN)
    (made / "retrolabel.toml").write_text('tracking = false\n[tasks.mood]\non_fault = "skip"\n')
    whole = tmp_path / "whole"
    shutil.copytree(made, whole)
    open_project(whole).task("mood").compute_votes()  # so that the votes that failed are let go, and made again
    code, out, err = start(whole, "relabel", -1)
    assert code == 0, err
    moments = out.splitlines()
    assert open_project(whole).task("mood").label_set().id == record.id

    for last in range(len(moments)):
        folder = tmp_path / f"killed-{last}"
        shutil.copytree(made, folder)
        open_project(folder).task("mood").compute_votes()
        code, *_ = start(folder, "relabel", last)
        assert code == -signal.SIGKILL, (last, moments[last])
        assert unsound(folder) == [], (last, moments[last])
        report = open_project(folder).task("mood").relabel()
        assert [each.name for each in report.skipped] == ["shouts"], (last, moments[last])
        assert (report.label_set.id, report.label_set.labels_hash) == (record.id, record.labels_hash)
        assert open_project(folder).task("mood").verify() == []
        assert unsound(folder) == []


@pytest.mark.slow
def test_an_ingest_killed_at_any_of_its_writes_leaves_the_catalog_as_it_was_until_it_commits(
    untouched, start, tmp_path
):
    rows = [f"n{n},thanks {n}" for n in range(50)]
    rows[7] += ",one cell too many"
    (untouched / "more.csv").write_text("item_id,comment\n" + "\n".join(rows) + "\n")
    before = dump(untouched)
    whole = tmp_path / "whole"
    shutil.copytree(untouched, whole)
    code, out, err = start(whole, "more.csv", -1)
    assert code == 0, err
    moments = out.splitlines()
    assert moments.count("written feedback") == 4
    assert moments.count("written quarantine") == 1

    for last in range(len(moments)):
        folder = tmp_path / f"killed-{last}"
        shutil.copytree(untouched, folder)
        code, *_ = start(folder, "more.csv", last)
        assert code == -signal.SIGKILL
        committed = moments[last] == "after a commit"
        assert (dump(folder) == before) != committed, moments[last]
        assert unsound(folder) == []
        report = open_project(folder).feedback.ingest(folder / "more.csv", "web")
        assert report.added == (0 if committed else 49)
        assert len(open_project(folder).feedback.items()) == SEGMENTS * ITEMS + 49
        assert unsound(folder) == []


def command(folder: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "retrolabel", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(SOURCES)} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_command_killed_inside_a_labeling_function_goes_on_with_fewer_calls(untouched, undisturbed, tmp_path):
    record, _ = undisturbed
    folder = tmp_path / "project"
    shutil.copytree(untouched, folder)
    calls, sleeps = tmp_path / "calls.txt", tmp_path / "sleeps"
    last_segment = open_project(folder).task("mood").plan().segments[-1]
    number = int(open_project(folder).objects.read_table(last_segment.path)["item_id"][0].as_py().split("-")[0])
    process = command(folder, "relabel", "mood", CALLS=str(calls), SLEEPS=str(sleeps), SLEEP_ON=f" {number}-10")
    deadline = time.monotonic() + 60
    while not sleeps.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert sleeps.exists(), process.communicate()
    process.kill()
    process.communicate()
    assert unsound(folder) == []
    assert open_project(folder).task("mood").label_sets() == []
    first_calls = len(calls.read_text().splitlines())
    assert first_calls == 2 * ITEMS + 11
    again = command(folder, "relabel", "mood", "--json", CALLS=str(calls))
    out, err = again.communicate(timeout=60)
    assert again.returncode == 0, err
    assert f'"id": "{record.id}"' in out
    assert len(calls.read_text().splitlines()) - first_calls == ITEMS
    assert open_project(folder).task("mood").verify() == []


def test_two_relabels_at_once_give_one_label_set_and_compute_once(untouched, undisturbed, tmp_path):
    record, _ = undisturbed
    folder, calls = tmp_path / "project", tmp_path / "calls.txt"
    shutil.copytree(untouched, folder)
    both = [command(folder, "relabel", "mood", "--json", CALLS=str(calls)) for _ in range(2)]
    done = [(*process.communicate(timeout=120), process.returncode) for process in both]
    assert [code for *_, code in done] == [0, 0], done
    made = [json.loads(out)["label_set"] for out, *_ in done]
    assert {each["id"] for each in made} == {record.id}
    assert sorted(each["new"] for each in made) == [False, True]
    assert len(calls.read_text().splitlines()) == SEGMENTS * ITEMS
    ws = open_project(folder)
    assert len(ws.task("mood").label_sets()) == 1
    assert ws.task("mood").verify() == []
    assert unsound(folder) == []


def test_two_first_ingests_at_once_both_come_in_or_one_is_refused_and_the_store_is_sound(untouched, tmp_path):
    folder = tmp_path / "project"
    shutil.copytree(untouched, folder, ignore=shutil.ignore_patterns(".retrolabel"))
    both = [command(folder, "ingest", f"{number}.csv", "--source", "web") for number in (0, 1)]
    taken = [process.communicate(timeout=120) and process.returncode for process in both]
    assert set(taken) <= {0, 1}
    assert 0 in taken
    assert unsound(folder) == []
    assert len(open_project(folder).feedback.items()) == taken.count(0) * ITEMS


def test_two_first_ingests_with_other_columns_do_not_both_fix_the_contract(tmp_path):
    folder = build(tmp_path / "project")
    ws = open_project(folder)
    (folder / "other.csv").write_text("item_id,stars\n1,5\n")
    ws.feedback.ingest(folder / "0.csv", "elsewhere")
    late = _Late(
        ws,
        lambda: open_project(folder).feedback.ingest(folder / "0.csv", "web"),
    )
    with contextlib.suppress(retrolabel.RetrolabelError):
        late.ingest(folder / "other.csv", "web")
    assert open_project(folder).feedback.sources()["web"] == {"comment": "string"}


class _Late:
    """A workspace whose ingest is overtaken by another one, after it read the contract."""

    def __init__(self, ws: retrolabel.Workspace, overtake: object) -> None:
        self.ws, self.overtake = ws, overtake

    def ingest(self, file: Path, source: str) -> None:
        catalog = self.ws.catalog
        ingesting = catalog.feedback.ingesting

        def after(wanted: str) -> object:
            self.overtake()
            return ingesting(wanted)

        catalog.feedback.ingesting = after
        self.ws.feedback.ingest(file, source)

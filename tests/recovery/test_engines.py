"""On every engine the same label set, whatever dies; what cannot be done is said, and the store is as it was."""

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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

import retrolabel
from retrolabel.engines import dask as dask_engine
from retrolabel.engines import processes
from retrolabel.engines.dask import DaskExecutor
from retrolabel.engines.local import LocalExecutor
from retrolabel.errors import EngineError, StoreError
from retrolabel.jobs.records.votes import SegmentWork
from retrolabel.wiring.engines import Engine
from retrolabel.wiring.workers import SegmentWorker

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
    if os.environ.get("WAIT_ON") and comment.endswith(os.environ["WAIT_ON"]):
        waits = Path(os.environ["WAITS"])
        if not waits.exists():  # the second time it goes on
            waits.with_suffix(".new").write_text(str(os.getpid()))
            waits.with_suffix(".new").rename(waits)
            time.sleep(60)
    return "thanks" in comment

@labeling_function(BAD)
def complains(comment):
    return "wrong" in comment
"""
BROKEN = """\
import itertools, os, re, resource, time
from labeling_functions.mood.schema.v1 import BAD
from retrolabel import labeling_function

def loop(comment):
    while True:
        pass

def expression(comment):
    return re.match(r"(a+)+$", "a" * 60 + "b")

def fill(comment):
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))

def swallow(comment):
    try:
        return loop(comment)
    except:
        return True

@labeling_function(BAD, version="1")
def broken(comment):
    return {what}
"""
ITEMS, SEGMENTS, CALLS = 20, 3, 120


def forget() -> None:
    """Let no module of a test's project outlive the test."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


def open_project(folder: Path, engine: str = "serial", **more) -> retrolabel.Workspace:
    return retrolabel.open(folder, store=folder / ".retrolabel", engine=engine, **more)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith(("RETROLABEL_", "MLFLOW_"))]:
        monkeypatch.delenv(name)
    yield
    forget()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """A project with three segments in its store, never relabelled, to be copied."""
    folder = tmp_path_factory.mktemp("untouched") / "project"
    package = folder / "labeling_functions" / "mood"
    (package / "schema").mkdir(parents=True)
    for path in (package.parent, package, package / "schema"):
        (path / "__init__.py").touch()
    (package / "schema" / "v1.py").write_text(SCHEMA)
    (package / "wording.py").write_text(LFS)
    (folder / "retrolabel.toml").write_text("tracking = false\n")
    ws = open_project(folder)
    for number in range(SEGMENTS):
        rows = [f"{number}-{n},{('thanks', 'wrong', 'hm')[n % 3]} {number}-{n}" for n in range(ITEMS)]
        (folder / f"{number}.csv").write_text("item_id,comment\n" + "\n".join(rows) + "\n")
        ws.feedback.ingest(folder / f"{number}.csv", "web")
    return folder


@pytest.fixture
def copy(untouched, tmp_path):
    """Makes a copy of the project."""

    def make(name: str = "project", broken: str = "") -> Path:
        folder = tmp_path / name
        shutil.copytree(untouched, folder)
        if broken:
            (folder / "labeling_functions" / "mood" / "broken.py").write_text(BROKEN.replace("{what}", broken))
        return folder

    return make


@pytest.fixture(scope="module")
def undisturbed(untouched, tmp_path_factory):
    """What a serial run writes as its label set: its id, and a hash of each of its files."""
    folder = tmp_path_factory.mktemp("undisturbed") / "project"
    shutil.copytree(untouched, folder)
    return label_set(folder, open_project(folder).task("mood").relabel())


def label_set(folder: Path, report) -> tuple[str, str, dict[str, str]]:
    """Return a label set to the byte; its manifest says when it was made, so it is left out."""
    record = report.label_set
    made = folder / ".retrolabel" / record.folder
    files = [path for path in sorted(made.rglob("*")) if path.is_file() and path.name != "manifest.json"]
    hashes = {str(path.relative_to(made)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert len(hashes) >= 3
    return record.id, record.labels_hash, hashes


def dump(folder: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(folder / ".retrolabel" / "catalog.db")) as connection:
        return list(connection.iterdump())


def command(folder: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "retrolabel", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(SOURCES)} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Where the tests run in the background of a shell, an interrupt is ignored, and children would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads are about
    )


def wait_for(path: Path) -> int:
    """Return the process that said that it waits."""
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return int(path.read_text())


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_local_processes_give_the_label_set_of_a_serial_run_to_the_byte(copy, undisturbed, workers):
    folder = copy()
    ws = open_project(folder, "local", workers=workers)
    assert label_set(folder, ws.task("mood").relabel()) == undisturbed
    assert ws.task("mood").relabel().votes.computed == 0


@pytest.mark.parametrize("engine", ["local", "dask"])
def test_a_worker_killed_in_the_middle_costs_its_task_alone(copy, undisturbed, monkeypatch, tmp_path, engine):
    folder, waits, calls = copy(), tmp_path / "waits", tmp_path / "calls"
    monkeypatch.setenv("WAITS", str(waits))
    monkeypatch.setenv("WAIT_ON", " 1-10")
    monkeypatch.setenv("CALLS", str(calls))
    ws = open_project(folder, engine, workers=2)
    with ThreadPoolExecutor(1) as other:
        run = other.submit(ws.task("mood").relabel)
        os.kill(wait_for(waits), signal.SIGKILL)
        assert label_set(folder, run.result(timeout=120)) == undisturbed
    more = len(calls.read_text().splitlines()) - SEGMENTS * ITEMS - 11  # it was at its eleventh item
    assert more == 0 or (engine == "dask" and more == ITEMS)  # Dask loses a result that was not fetched yet
    assert ws.task("mood").verify() == []


def test_a_labeling_function_that_ends_its_process_is_named_and_the_votes_of_others_are_kept(copy):
    folder = copy(broken="os._exit(3)")
    process = command(folder, "relabel", "mood", "--engine", "local", "--workers", "2")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1, out
    assert "LF broken: A worker ended with exit code 3 while broken was at work." in err
    assert "praises" not in err
    ws = open_project(folder)
    assert ws.task("mood").label_sets() == []
    assert {vote.lf.name for vote in ws.task("mood").plan().to_compute} == {"broken"}


HANGS = ["loop(comment)", "expression(comment)", "swallow(comment)", "time.sleep(60)"]


@pytest.mark.parametrize(
    ("engine", "what"), [("serial", what) for what in HANGS[:2]] + [("local", what) for what in HANGS[2:]]
)
def test_a_labeling_function_that_hangs_is_named_and_nothing_of_it_is_stored(copy, monkeypatch, engine, what):
    folder = copy(broken=what)
    monkeypatch.setenv("RETROLABEL_TIMEOUT", "0.3")
    ws = open_project(folder, engine, workers=2)
    with pytest.raises(EngineError, match=r"LF broken: broken took longer than 0\.3 s on one segment"):
        ws.task("mood").relabel()
    plan = ws.task("mood").plan()
    assert {vote.lf.name for vote in plan.to_compute} == {"broken"}
    assert ws.task("mood").label_sets() == []


def test_what_not_even_a_signal_ends_is_ended_with_its_process(copy, monkeypatch):
    folder = copy(broken="any(itertools.repeat(False))")
    monkeypatch.setattr(processes, "GRACE", 0.2)
    monkeypatch.setenv("RETROLABEL_TIMEOUT", "0.3")
    ws = open_project(folder, "local", workers=2)
    with pytest.raises(EngineError, match="LF broken: broken took far too long, and nothing ended it; it hangs"):
        ws.task("mood").relabel()
    assert {vote.lf.name for vote in ws.task("mood").plan().to_compute} == {"broken"}


def test_a_full_disk_is_told_as_such_and_nothing_is_real(copy):
    folder = copy(broken="fill(comment)")
    before = dump(folder)
    with pytest.raises(StoreError, match=r"cannot be written: .*File too large") as caught:
        open_project(folder, "local", workers=1).task("mood").relabel()
    assert "is the disk full" in caught.value.remedy
    assert dump(folder) == before
    assert not list((folder / ".retrolabel").rglob(".writing-*"))


def test_what_labeling_functions_print_is_no_part_of_the_output(copy):
    folder = copy(broken="print('said by an author')")
    for engine in ("serial", "local"):
        process = command(folder, "relabel", "mood", "--json", "--engine", engine, "--workers", "1")
        out, err = process.communicate(timeout=120)
        assert json.loads(out)["label_set"]["items"] == SEGMENTS * ITEMS, err
    assert "said by an author" not in err  # the second run had nothing to compute


def test_an_interrupt_ends_all_processes_and_the_same_command_goes_on(copy, undisturbed, tmp_path):
    folder, waits, calls = copy(), tmp_path / "waits", tmp_path / "calls"
    told = {"WAITS": str(waits), "WAIT_ON": " 1-10", "CALLS": str(calls)}
    process = command(folder, "relabel", "mood", "--engine", "local", "--workers", "1", **told)
    wait_for(waits)
    children = psutil.Process(process.pid).children(recursive=True)
    started = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does it
    _, err = process.communicate(timeout=60)
    assert time.monotonic() - started < 20
    assert process.returncode == 130
    assert "Interrupted" in err
    assert "Traceback" not in err
    assert len(children) >= 1
    assert psutil.wait_procs(children, timeout=20)[1] == []
    stored = (
        len(open_project(folder).task("mood").plan().votes) * ITEMS - open_project(folder).task("mood").plan().calls
    )
    report = open_project(folder, "local", workers=2).task("mood").relabel()
    assert report.votes.computed == CALLS - stored
    assert label_set(folder, report) == undisturbed


def test_workers_end_when_their_coordinator_is_killed(copy, tmp_path):
    folder, waits = copy(), tmp_path / "waits"
    told = {"WAITS": str(waits), "WAIT_ON": " 1-10"}
    process = command(folder, "relabel", "mood", "--engine", "local", "--workers", "2", **told)
    worker = psutil.Process(wait_for(waits))
    process.kill()
    process.communicate(timeout=60)
    assert psutil.wait_procs([worker], timeout=20)[1] == []


SCRIPT = """\
from pathlib import Path
import retrolabel
from retrolabel import Label, labeling_function

with Path("runs.txt").open("a") as runs:
    runs.write("run\\n")
print(retrolabel.open(".", engine={engine!r}, workers=2).task("mood").relabel().label_set.id)

@labeling_function(Label("good") | Label("fine"))
def of_a_notebook(comment):
    return WORD in comment

@labeling_function(~Label("good"))
def of_a_cell(comment):
    return WORD not in comment

WORD = "thanks"
comments = ["thanks", "no", None] * 5
applied = retrolabel.apply([of_a_notebook, of_a_cell], {{"comment": comments}}, engine="local", workers=2)
print(applied.votes.to_ints().tolist() == retrolabel.apply(
    [of_a_notebook, of_a_cell], {{"comment": comments}}).votes.to_ints().tolist(), dict(applied.failed))
"""


@pytest.mark.parametrize("engine", ["local", "dask"])
def test_a_script_without_a_guard_runs_once_and_its_own_labeling_functions_run_in_workers(copy, undisturbed, engine):
    folder = copy()
    (folder / "script.py").write_text(SCRIPT.format(engine=engine))
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stdout.split("\n")[:-1] == [undisturbed[0], "True {'of_a_notebook': 5, 'of_a_cell': 5}"], done.stderr
    assert (folder / "runs.txt").read_text() == "run\n"


def test_few_calls_are_made_in_this_process_and_many_in_others():
    assert Engine("auto").for_calls(100_000).name == "serial"
    assert Engine("auto").for_calls(100_001).name == "local"
    assert Engine("dask").for_calls(1).name == "dask"


def test_a_worker_that_sees_other_code_refuses_and_looks_again_when_the_code_changed(copy):
    folder = copy()
    ws = open_project(folder)
    plan = ws.task("mood").plan()
    vote = plan.to_compute[0]
    worker = SegmentWorker(str(folder), "mood", str(folder / ".retrolabel"), 60)

    def work(lf_key):
        return SegmentWork(vote.segment, (vote.lf.name,), (lf_key,), (vote.key,), {})

    with LocalExecutor(1) as executor:
        assert executor.submit(worker, work(plan.task.keys[vote.lf.name])).result().columns[0].rows == ITEMS
        with pytest.raises(EngineError, match=f"other code of mood than the coordinator(.|\n)*LF {vote.lf.name}"):
            executor.submit(worker, work("another key")).result()
        wording = folder / "labeling_functions" / "mood" / "wording.py"
        wording.write_text(wording.read_text().replace('"wrong"', '"so wrong"').replace('"thanks"', '"many thanks"'))
        edited = ws.task("mood").discover().keys[vote.lf.name]
        assert edited != plan.task.keys[vote.lf.name]
        assert executor.submit(worker, work(edited)).result().columns[0].votes == 0


def test_errors_of_the_store_come_back_from_a_worker_as_themselves(copy):
    folder = copy()
    plan = open_project(folder).task("mood").plan()
    vote = plan.to_compute[0]
    (folder / ".retrolabel" / vote.segment.path).unlink()
    work = SegmentWork(vote.segment, (vote.lf.name,), (plan.task.keys[vote.lf.name],), (vote.key,), {})
    with LocalExecutor(1) as executor:
        future = executor.submit(SegmentWorker(str(folder), "mood", str(folder / ".retrolabel"), 60), work)
        with pytest.raises(StoreError, match="is gone, though the catalog names it") as caught:
            future.result()
    assert "--repair" in caught.value.remedy


def test_where_no_scheduler_answers_the_store_is_as_it_was(copy, monkeypatch):
    folder = copy()
    before = dump(folder)
    monkeypatch.setattr(dask_engine, "PATIENCE", 0.5)
    monkeypatch.setenv("RETROLABEL_DASK", "tcp://127.0.0.1:1")
    with pytest.raises(EngineError, match=r"The Dask scheduler at tcp://127.0.0.1:1 does not answer"):
        open_project(folder, "dask").task("mood").relabel()
    assert dump(folder) == before


def dask_process(folder: Path, *words: str, **more: str) -> subprocess.Popen[bytes]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(SOURCES)} | more
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *words, "--no-dashboard"],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.slow
def test_workers_that_share_nothing_but_the_store_and_then_a_scheduler_that_dies(copy, undisturbed, tmp_path):
    """Started elsewhere, with another environment, they read the project and write the votes by themselves."""
    elsewhere, waits, found = tmp_path / "elsewhere", tmp_path / "waits", tmp_path / "scheduler.json"
    elsewhere.mkdir()
    processes = [
        dask_process(elsewhere, "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(found))
    ]
    told = {"WAITS": str(waits), "WAIT_ON": " 1-10"}
    try:
        for _ in range(2):
            words = ("worker", "--scheduler-file", str(found), "--nthreads", "1", "--no-nanny")
            processes.append(dask_process(elsewhere, *words, **told))
        deadline = time.monotonic() + 60
        while not found.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        address = json.loads(found.read_text())["address"]
        folder = copy("first")
        waits.write_text("0")  # nobody waits yet
        with DaskExecutor(address) as executor:
            pids = {executor.submit(os.getpid).result(timeout=60) for _ in range(20)}
        assert pids <= {process.pid for process in processes[1:]}
        ws = open_project(folder, "dask")
        ws.engine = Engine("dask", dask=address, timeout=60)
        assert label_set(folder, ws.task("mood").relabel()) == undisturbed
        waits.unlink()
        folder = copy("second")
        ws = open_project(folder, "dask")
        ws.engine = Engine("dask", dask=address, timeout=60)
        with ThreadPoolExecutor(1) as other:
            run = other.submit(ws.task("mood").relabel)
            assert wait_for(waits) in {process.pid for process in processes[1:]}
            processes[0].kill()
            with pytest.raises(EngineError, match=f"The Dask scheduler at {address} is gone"):
                run.result(timeout=120)
        assert ws.task("mood").label_sets() == []
        assert label_set(folder, open_project(folder).task("mood").relabel()) == undisturbed
    finally:
        for process in processes:
            process.kill()
            process.wait()

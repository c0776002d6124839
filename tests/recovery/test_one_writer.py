"""One writer a task: a second relabel says who holds it, waits or leaves, and takes over from the dead."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import retrolabel
from retrolabel.engines.here import this_process
from retrolabel.errors import TaskHeldError
from retrolabel.jobs.label_sets import holding
from retrolabel.jobs.records.leases import Holder, Lease

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
    if os.environ.get("WAITS") and not Path(os.environ["WAITS"]).exists():
        Path(os.environ["WAITS"]).write_text("here")
        while not Path(os.environ["GOES"]).exists():
            time.sleep(0.02)
    return "thanks" in comment

@labeling_function(BAD)
def complains(comment):
    return "wrong" in comment
"""
ITEMS = 20
AT = datetime(2026, 3, 1, 12, 3, 10, tzinfo=UTC)
ELSEWHERE = Holder("build-7", "another machine", 4711)


def open_project(folder: Path) -> retrolabel.Workspace:
    return retrolabel.open(folder, store=folder / ".retrolabel")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith(("RETROLABEL_", "MLFLOW_"))]:
        monkeypatch.delenv(name)
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    folder = tmp_path_factory.mktemp("untouched") / "project"
    package = folder / "labeling_functions" / "mood"
    (package / "schema").mkdir(parents=True)
    for path in (package.parent, package, package / "schema"):
        (path / "__init__.py").touch()
    (package / "schema" / "v1.py").write_text(SCHEMA)
    (package / "wording.py").write_text(LFS)
    (folder / "retrolabel.toml").write_text("tracking = false\n")
    rows = [f"{n},{('thanks', 'wrong', 'hm')[n % 3]} {n}" for n in range(ITEMS)]
    (folder / "feedback.csv").write_text("item_id,comment\n" + "\n".join(rows) + "\n")
    open_project(folder).feedback.ingest(folder / "feedback.csv", "web")
    return folder


@pytest.fixture
def folder(untouched, tmp_path):
    made = tmp_path / "project"
    shutil.copytree(untouched, made)
    return made


def command(folder: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "retrolabel", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(SOURCES)} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads are about
    )


def wait_until(what, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def working(folder, tmp_path):
    """A relabel in another process that has begun, and goes on when the file ``goes`` is there."""
    waits = tmp_path / "waits"
    more = {"CALLS": str(tmp_path / "calls"), "WAITS": str(waits), "GOES": str(tmp_path / "goes")}
    process = command(folder, "relabel", "mood", "--json", **more)
    wait_until(lambda: waits.exists() or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    yield process
    if process.poll() is None:
        process.kill()
        process.communicate()


def calls(tmp_path: Path) -> int:
    return len((tmp_path / "calls").read_text().splitlines())


def test_the_second_relabel_waits_and_finds_the_label_set_of_the_first(folder, working, tmp_path):
    second = command(folder, "relabel", "mood", "--json", CALLS=str(tmp_path / "calls"))
    told = second.stderr.readline()
    assert f"mood is being relabelled by process {working.pid} on " in told
    assert " since 20" in told
    assert "this one waits until it is done" in told
    (tmp_path / "goes").touch()
    out, err = working.communicate(timeout=60)
    assert working.returncode == 0, err
    out_2, err_2 = second.communicate(timeout=60)
    assert second.returncode == 0, err_2
    first, then = json.loads(out), json.loads(out_2)
    assert then["label_set"]["id"] == first["label_set"]["id"]
    assert (first["label_set"]["new"], then["label_set"]["new"]) == (True, False)
    assert (first["votes"]["computed"], then["votes"]["computed"]) == (2 * ITEMS, 0)
    assert calls(tmp_path) == ITEMS
    assert f"was made by process {working.pid} on " in then["notes"][0]
    assert then["notes"][0] in err_2
    assert open_project(folder).catalog.leases.lease("mood") is None


def test_no_wait_leaves_with_an_exit_code_of_its_own_and_says_who_holds_the_task(folder, working):
    second = command(folder, "relabel", "mood", "--no-wait", "--json")
    out, err = second.communicate(timeout=60)
    assert second.returncode == 4
    told = json.loads(out)["error"]
    assert told["type"] == "TaskHeldError"
    assert f"mood is being relabelled by process {working.pid} on " in told["message"]
    assert "Error: mood is being relabelled by" in err


def test_reading_commands_do_not_wait(folder, working):
    for words in (("plan", "mood"), ("labels", "list"), ("doctor",), ("lf", "list")):
        reading = command(folder, *words)
        out, err = reading.communicate(timeout=60)
        assert reading.returncode == 0, (words, out, err)
    assert working.poll() is None


def test_another_task_of_the_store_is_free(folder, working):
    leases = open_project(folder).catalog.leases
    assert leases.lease("mood").holder.pid == working.pid
    assert leases.lease("tone") is None


def test_a_killed_owner_on_this_machine_is_taken_over_at_once(folder, working, tmp_path):
    working.kill()
    working.communicate()
    assert open_project(folder).catalog.leases.lease("mood").holder.pid == working.pid
    started = time.monotonic()
    second = command(folder, "relabel", "mood", "--json", "--no-wait")
    out, err = second.communicate(timeout=60)
    assert time.monotonic() - started < 30
    assert second.returncode == 0, err
    assert json.loads(out)["label_set"]["new"] is True
    assert f"process {working.pid} on " in err
    assert "ended without letting go of mood; this one takes over" in err


def test_an_interrupt_lets_go(folder, working):
    working.send_signal(signal.SIGINT)
    working.communicate(timeout=60)
    assert working.returncode == 130
    assert open_project(folder).catalog.leases.lease("mood") is None


def test_an_error_lets_go(folder):
    (folder / "labeling_functions" / "mood" / "broken.py").write_text(
        "from labeling_functions.mood.schema.v1 import BAD\nfrom retrolabel import labeling_function\n"
        "@labeling_function(BAD, version='1')\ndef broken(comment):\n    raise ValueError\n"
    )
    ws = open_project(folder)
    with pytest.raises(retrolabel.RetrolabelError, match="broken"):
        ws.task("mood").relabel()
    assert ws.catalog.leases.lease("mood") is None


def lend(ws: retrolabel.Workspace, holder: Holder = ELSEWHERE, at: datetime | None = None) -> Lease:
    """Let another process hold the task."""
    at = at or datetime.now(UTC)
    lease = Lease("mood", "0" * 32, holder, at, at)
    assert ws.catalog.leases.take(lease, None)
    return lease


def test_an_owner_of_another_machine_that_is_not_heard_of_is_taken_over(folder, monkeypatch):
    monkeypatch.setattr(holding, "DEAD_AFTER", 1.0)
    ws = open_project(folder)
    lend(ws)
    started = time.monotonic()
    assert ws.task("mood").relabel().is_new
    assert time.monotonic() - started > 1
    assert ws.catalog.leases.lease("mood") is None


def test_an_owner_of_another_machine_that_renews_is_waited_for(folder, monkeypatch):
    monkeypatch.setattr(holding, "DEAD_AFTER", 1.0)
    ws = open_project(folder)
    lease = lend(ws)
    other, renewals = open_project(folder), []

    def renewing(seconds: float) -> None:
        """Stand in for the pause between two looks: the owner renews, and lets go after two seconds."""
        time.sleep(0.2)
        renewals.append(seconds)
        if len(renewals) < 10:
            assert other.catalog.leases.renew("mood", lease.owner, datetime.now(UTC), "labeling functions")
        else:
            other.catalog.leases.release("mood", lease.owner)

    monkeypatch.setattr(holding, "sleep", renewing)
    monkeypatch.setattr(holding, "TELL_EVERY", 0.5)
    notes = []
    monkeypatch.setattr(ws.progress, "note", notes.append)
    assert ws.task("mood").relabel().is_new
    assert len(renewals) == 10
    assert notes[0].endswith("; this one waits until it is done (--no-wait leaves at once)")
    assert notes[1].startswith("still waiting: mood is being relabelled by process 4711 on build-7 since ")
    assert notes[1].endswith(" UTC (labeling functions)")


def test_an_owner_that_was_not_heard_of_since_yesterday_is_taken_over_without_waiting(folder):
    ws = open_project(folder)
    lend(ws, at=datetime.now(UTC) - timedelta(days=1))
    assert ws.task("mood").relabel(wait=False).is_new


def test_a_later_process_with_the_number_of_a_dead_one_is_not_taken_for_it(folder):
    ws = open_project(folder)
    me = this_process()
    if not me.born:
        pytest.skip("this system does not say when a process started")
    lend(ws, Holder(me.host, me.machine, me.pid, "long ago"))
    assert ws.task("mood").relabel(wait=False).is_new


def test_a_process_is_told_from_itself_by_nothing(folder):
    ws = open_project(folder)
    lend(ws, this_process())
    with pytest.raises(TaskHeldError, match=f"process {os.getpid()} on ") as caught:
        ws.task("mood").relabel(wait=False)
    assert caught.value.lease["pid"] == os.getpid()


def test_who_was_taken_over_while_it_slept_does_not_move_latest(folder):
    ws = open_project(folder)
    first = ws.task("mood").relabel().label_set.id
    (folder / "more.csv").write_text("item_id,comment\nx1,thanks\n")
    ws.feedback.ingest(folder / "more.csv", "web")
    leases, take = ws.catalog.leases, []
    add = ws.catalog.votes.add

    def overtaken(*args) -> None:
        add(*args)
        lease = leases.lease("mood")
        take.append(leases.take(Lease("mood", "1" * 32, ELSEWHERE, AT, AT), lease))

    ws.catalog.votes.add = overtaken
    with pytest.raises(TaskHeldError, match="mood was taken over by process 4711 on build-7"):
        ws.task("mood").relabel()
    assert take == [True]
    again = open_project(folder)
    assert again.task("mood").label_set().id == first
    assert again.catalog.leases.lease("mood").holder == ELSEWHERE
    assert again.task("mood").relabel().votes.computed == 0  # its votes were kept; the lease is of long ago


def test_who_was_taken_over_stops_at_the_next_segment(folder, monkeypatch):
    monkeypatch.setattr(holding, "RENEW_EVERY", 0.05)
    ws = open_project(folder)
    for number in (1, 2):
        (folder / "more.csv").write_text(f"item_id,comment\nx{number},thanks {number}\n")
        ws.feedback.ingest(folder / "more.csv", "web")
    leases, add, added = ws.catalog.leases, ws.catalog.votes.add, []

    def overtaken(*args) -> None:
        add(*args)
        added.append(args[0])
        lease = leases.lease("mood")
        while not leases.take(Lease("mood", "1" * 32, ELSEWHERE, AT, AT), lease):
            lease = leases.lease("mood")
        time.sleep(1)  # a renewal is due, and finds that the lease is gone

    ws.catalog.votes.add = overtaken
    with pytest.raises(TaskHeldError, match="mood was taken over by process 4711 on build-7"):
        ws.task("mood").relabel()
    assert len(added) == 1


def test_a_lease_is_renewed_while_the_owner_works_and_says_how_far_it_is(folder, monkeypatch):
    monkeypatch.setattr(holding, "RENEW_EVERY", 0.05)
    ws = open_project(folder)
    seen = []
    add = ws.catalog.votes.add

    def slowly(*args) -> None:
        first = ws.catalog.leases.lease("mood")
        wait_until(lambda: ws.catalog.leases.lease("mood").renewed > first.renewed)
        seen.append(str(ws.catalog.leases.lease("mood")))
        add(*args)

    ws.catalog.votes.add = slowly
    ws.task("mood").relabel()
    (told,) = seen
    assert told.startswith(f"mood is being relabelled by process {os.getpid()} on ")
    assert told.endswith("(labeling functions, 0 of 40)")

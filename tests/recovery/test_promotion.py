"""What consumers read after a promotion that was killed, or raced: the old label set or the new one; the log agrees."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from retrolabel.errors import PromotionError
from retrolabel.jobs.records.decisions import MOVES
from retrolabel.storage.connections import Connections
from retrolabel.storage.objects import LocalObjects
from retrolabel.wiring import promoting
from tests.recovery.test_killed import Executioner, build, forget, open_project

if TYPE_CHECKING:
    import retrolabel

FIRST, SECOND, THIRD = "label_model", "majority_vote", "weighted_vote"


class Killed(BaseException):
    """Ends a job in the middle of a write, as no ``except Exception`` catches it."""


class Moments:
    """Counts writes: SQL statements that change something, commits, files; and ends the job at one of them."""

    def __init__(self, last: int = -1, after: str = "") -> None:
        self.last, self.after = last, after
        self.names: list[str] = []
        self.counting = not after

    def moment(self, name: str) -> None:
        if not self.counting:
            self.counting = name == self.after
            return
        if len(self.names) == self.last:
            raise Killed
        self.names.append(name)

    def watch(self, ws: retrolabel.Workspace) -> None:
        """Let the writes of a workspace be counted."""
        moments, connections = self, ws.catalog._connections

        @sa.event.listens_for(connections._writer, "before_cursor_execute")
        def _before(_connection, _cursor, statement, *_more) -> None:
            verb = statement.split()[0]
            if verb in ("INSERT", "UPDATE", "DELETE"):
                moments.moment(" ".join(statement.split()[:3]))

        class Counted(Connections):
            @contextmanager
            def writing(self):
                inside = self._open.get() is not None
                with super().writing() as connection:
                    yield connection
                    if not inside:
                        moments.moment("before a commit")
                if not inside:
                    moments.moment("after a commit")

        connections.__class__ = Counted

        class CountedObjects(LocalObjects):
            @contextmanager
            def _writing(self, name):
                with super()._writing(name) as temporary:
                    yield temporary
                    moments.moment(f"written {name.rpartition('/')[2]}")
                moments.moment(f"renamed {name.rpartition('/')[2]}")

        ws.objects = CountedObjects(ws.store)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith(("RETROLABEL_", "MLFLOW_"))]:
        monkeypatch.delenv(name)
    yield
    forget()


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A project with two label sets: the first is current, the second a candidate; a person promotes."""
    folder = build(tmp_path_factory.mktemp("two") / "project")
    (folder / "retrolabel.toml").write_text("tracking = false\n[tasks.mood.gates]\nby_hand = true\n")
    ws = open_project(folder)
    ws.feedback.ingest(folder / "0.csv", "web")
    for name in (FIRST, SECOND):
        ws.task("mood").relabel(label_model=name)
    forget()
    return folder


@pytest.fixture
def copy(two, tmp_path):
    """Makes copies of the project."""

    def make(name: object = "project") -> Path:
        return Path(shutil.copytree(two, tmp_path / str(name)))

    return make


def ids(folder: Path) -> tuple[str, str]:
    """Return the label sets, the first and the second."""
    newest, oldest = (record.id for record in open_project(folder).task("mood").label_sets())
    return oldest, newest


def current(folder: Path) -> str:
    """Return what is current, after a look at whether pointers and logs agree."""
    ws = open_project(folder)
    book = ws.catalog.label_sets
    pointer, moves = book.pointer("mood", "current"), [d for d in book.decisions("mood") if d.kind in MOVES]
    assert moves[-1].label_set == pointer == book.pointer_log("mood", "current")[-1]
    assert [move.label_set for move in moves] == book.pointer_log("mood", "current")
    assert [move.before for move in moves] == [None, *(move.label_set for move in moves[:-1])]
    assert ws.task("mood").label_set("current").id == pointer
    with contextlib.closing(sqlite3.connect(folder / ".retrolabel" / "catalog.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return pointer


def killed_at(folder: Path, job, last: int) -> list[str]:
    """Do a job and end it at a write; return the writes before."""
    ws, moments = open_project(folder), Moments(last)
    moments.watch(ws)
    with pytest.raises(Killed):
        job(ws.task("mood"))
    return moments.names


def all_writes(folder: Path, job, after: str = "") -> list[str]:
    ws, moments = open_project(folder), Moments(after=after)
    moments.watch(ws)
    job(ws.task("mood"))
    return moments.names


def test_a_promotion_that_ends_at_any_of_its_writes_leaves_the_old_label_set_or_the_new_one(copy):
    folder = copy("whole")
    old, new = ids(folder)
    writes = all_writes(folder, lambda task: task.promote(new))
    assert writes == [
        "INSERT INTO decisions",
        "DELETE FROM pointers",
        "INSERT INTO pointers",
        "INSERT INTO pointer_log",
        "before a commit",
        "after a commit",
    ]
    for last in range(len(writes)):
        folder = copy(last)
        killed_at(folder, lambda task: task.promote(new), last)
        done = writes[last] == "after a commit"
        assert current(folder) == (new if done else old), writes[last]
        assert len(open_project(folder).task("mood").decisions()) == (3 if done else 2)
        if not done:
            open_project(folder).task("mood").promote(new)
        assert current(folder) == new


def test_a_rollback_that_ends_at_any_of_its_writes_leaves_the_old_label_set_or_the_new_one(copy):
    start = copy("start")
    old, new = ids(start)
    open_project(start).task("mood").promote(new)
    writes = all_writes(Path(shutil.copytree(start, start.with_name("whole"))), lambda task: task.rollback())
    assert len(writes) == 6
    for last in range(len(writes)):
        folder = Path(shutil.copytree(start, start.with_name(str(last))))
        killed_at(folder, lambda task: task.rollback(), last)
        done = writes[last] == "after a commit"
        assert current(folder) == (old if done else new), writes[last]
        if not done:
            open_project(folder).task("mood").rollback()
        assert current(folder) == old


def test_a_name_that_is_given_or_taken_back_is_there_or_not_at_any_of_its_writes(copy):
    start = copy("start")
    old, new = ids(start)
    open_project(start).task("mood").tag(old, "best")
    jobs = {new: lambda task: task.tag(new, "best"), None: lambda task: task.untag(old, "best")}
    for place, (after, job) in enumerate(jobs.items()):
        writes = all_writes(Path(shutil.copytree(start, start.with_name(f"whole-{place}"))), job)
        for last in range(len(writes)):
            folder = Path(shutil.copytree(start, start.with_name(f"{place}-{last}")))
            killed_at(folder, job, last)
            tags = open_project(folder).catalog.label_sets.tags("mood")
            assert tags.get("best") == (after if writes[last] == "after a commit" else old), writes[last]
            assert current(folder) == old


def test_a_relabel_that_ends_at_any_write_of_its_promotion_is_decided_on_by_the_next(copy):
    folder = copy("whole")
    (folder / "retrolabel.toml").write_text("tracking = false\n")
    start = Path(shutil.copytree(folder, folder.with_name("start")))
    old, _ = ids(folder)
    job = lambda task: task.relabel(label_model=THIRD)  # noqa: E731 - it is passed on
    writes = all_writes(folder, job, after="renamed manifest.json")
    new = open_project(folder).task("mood").label_set().id
    assert current(folder) == new
    assert writes.count("after a commit") == 4  # label set, latest, current, the lease
    for last in range(writes.index("INSERT INTO decisions") - 1, len(writes)):  # what is before, test_killed kills
        folder = Path(shutil.copytree(start, start.with_name(str(last))))
        ws, moments = open_project(folder), Moments(last, "renamed manifest.json")
        moments.watch(ws)
        with pytest.raises(Killed):
            ws.task("mood").relabel(label_model=THIRD)
        committed = moments.names.count("after a commit") + (writes[last] == "after a commit")
        assert current(folder) == (new if committed >= 3 else old), (last, writes[last])
        forget()
        with contextlib.closing(sqlite3.connect(folder / ".retrolabel" / "catalog.db")) as connection, connection:
            connection.execute("DELETE FROM leases")  # this process is alive, and who would be killed is not
        report = open_project(folder).task("mood").relabel(label_model=THIRD)
        assert (report.label_set.id, report.outcome.status, report.is_new) == (new, "current", committed < 1)
        assert current(folder) == new
        assert open_project(folder).task("mood").verify() == []
        kinds = [each.kind for each in open_project(folder).task("mood").decisions() if each.label_set == new]
        assert kinds == ["promoted"]
        forget()


@pytest.mark.slow
def test_a_process_that_is_killed_before_or_after_a_commit_leaves_the_old_label_set_or_the_new_one(copy):
    executioner = Executioner()
    try:
        for verb in ("promote", "rollback"):
            for last, done in ((0, False), (1, True)):
                folder = copy(f"{verb}-{last}")
                old, new = ids(folder)
                if verb == "rollback":
                    open_project(folder).task("mood").promote(new)
                    old, new = new, old
                forget()
                words = f"promote {new}" if verb == "promote" else "rollback"
                code, _, err = executioner.start(folder, words, last)
                assert code == -signal.SIGKILL, err
                assert current(folder) == (new if done else old), (verb, last)
    finally:
        executioner.end()


def test_a_promotion_that_somebody_was_faster_than_moves_nothing_and_says_who_it_was(copy, monkeypatch):
    folder = copy()
    old, new = ids(folder)
    third = open_project(folder).task("mood").relabel(label_model=THIRD).label_set.id
    gates_of = promoting.gates_of

    def overtaken(site, label_set, plan=None):
        found = gates_of(site, label_set, plan)
        monkeypatch.setattr(promoting, "gates_of", gates_of)
        open_project(folder).task("mood").promote(third, reason="mine first")
        return found

    monkeypatch.setattr(promoting, "gates_of", overtaken)
    with pytest.raises(
        PromotionError, match=rf"became current meanwhile: {third[:12]} was promoted by .*mine first"
    ) as e:
        open_project(folder).task("mood").promote(new)
    assert "retrolabel gates mood" in e.value.remedy
    assert current(folder) == third
    assert open_project(folder).task("mood").rollback().label_set == old


def test_many_promotions_at_once_are_one_chain(copy):
    folder = copy()
    both = ids(folder)
    barrier, errors = threading.Barrier(2), []

    def go(mine: str) -> None:
        ws = open_project(folder)
        barrier.wait()
        for _ in range(4):
            try:
                ws.task("mood").promote(mine, override=True, reason="mine")
            except PromotionError as error:
                errors.append(error.message)
            except BaseException as error:  # noqa: BLE001 - told below
                errors.append(repr(error))

    threads = [threading.Thread(target=go, args=(each,)) for each in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all("current already" in error or "became current meanwhile" in error for error in errors), errors
    assert current(folder) in both


def test_a_rollback_waits_for_no_relabel_and_the_relabel_is_held_against_what_is_current_then(copy, monkeypatch):
    folder = copy()
    (folder / "retrolabel.toml").write_text("tracking = false\n")
    old, new = ids(folder)
    open_project(folder).task("mood").promote(new)
    gates_of, looked = promoting.gates_of, []

    def overtaken(site, label_set, plan=None):
        found = gates_of(site, label_set, plan)
        looked.append(site.catalog.label_sets.pointer("mood", "current"))
        if len(looked) == 1:
            assert site.catalog.leases.lease("mood") is not None
            assert open_project(folder).task("mood").rollback(reason="flips").label_set == old
        return found

    monkeypatch.setattr(promoting, "gates_of", overtaken)
    report = open_project(folder).task("mood").relabel(label_model=THIRD)
    assert looked == [new, old]
    assert report.outcome.status == "current"
    assert current(folder) == report.label_set.id
    last = open_project(folder).task("mood").decisions()[-1]
    assert (last.kind, last.before) == ("promoted", old)


def test_a_promotion_during_a_relabel_stands_where_the_relabel_does_not_pass(copy, monkeypatch):
    folder = copy()
    old, new = ids(folder)
    gates_of, during = promoting.gates_of, []

    def overtaken(site, label_set, plan=None):
        if not during:
            during.append(site.catalog.leases.lease("mood"))
            open_project(folder).task("mood").promote(new)
        return gates_of(site, label_set, plan)

    monkeypatch.setattr(promoting, "gates_of", overtaken)
    report = open_project(folder).task("mood").relabel(label_model=THIRD)
    assert during[0].holder.pid == os.getpid()
    assert report.outcome.status == "candidate"
    assert current(folder) == new
    decided = [(each.kind, each.before) for each in open_project(folder).task("mood").decisions()[-2:]]
    assert decided == [("promoted", old), ("held", new)]
    assert open_project(folder).task("mood").label_set("latest").id == report.label_set.id

"""Runs one job of a project after another, each in a process that dies, by SIGKILL, at a moment of its writing.

Standard input has a line of JSON for each: ``[PROJECT, JOB, MOMENT]``. JOB is ``relabel [LABEL_MODEL]``,
``promote ID``, ``rollback``, ``tag ID NAME``, or the file of an ingest. Every file written under its temporary
name, every rename, and every commit before and after it is a moment; MOMENT counts them from 0. A negative one
lets the job finish; then the names of all moments are its output. The answer is a line of JSON:
``[EXIT CODE, OUTPUT, ERRORS]``.

A process of a job is forked from this one, which has imported all that the first of them came to need, and
has done nothing else: what is killed has opened its own store, and starting it costs next to nothing.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import sys
import tempfile
import traceback
from contextlib import contextmanager
from pathlib import Path

import retrolabel
from retrolabel.interop import raw
from retrolabel.storage.catalog import SqlCatalog
from retrolabel.storage.connections import Connections
from retrolabel.storage.objects import LocalObjects

SMALL_BATCH = 15


class Fate:
    """Counts moments, and ends the process at one of them."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.names: list[str] = []

    def moment(self, name: str) -> None:
        if len(self.names) == self.last:
            os.kill(os.getpid(), signal.SIGKILL)
        self.names.append(name)


class MortalObjects(LocalObjects):
    """Files of a store whose writer may die."""

    def __init__(self, root: Path, fate: Fate) -> None:
        super().__init__(root)
        self.fate = fate

    @contextmanager
    def _writing(self, name):
        with super()._writing(name) as temporary:
            yield temporary
            self.fate.moment(f"written {name.split('/')[0]}")
        self.fate.moment(f"renamed {name.split('/')[0]}")


class MortalConnections(Connections):
    """Connections to a catalog whose writer may die."""

    def __init__(self, url: str, fate: Fate) -> None:
        self.fate = fate
        super().__init__(url)

    @contextmanager
    def writing(self, *of):
        inside = self._open.get() is not None  # of a transaction, which commits later
        with super().writing(*of) as connection:
            yield connection
            if not inside:
                self.fate.moment("before a commit")
        if not inside:
            self.fate.moment("after a commit")


def mortal(catalog: SqlCatalog, fate: Fate) -> SqlCatalog:
    """Return a catalog whose books may die while they write."""
    connections = MortalConnections(catalog.url, fate)
    catalog._connections = connections
    for book in (
        catalog.feedback,
        catalog.votes,
        catalog.gold,
        catalog.label_sets,
        catalog.leases,
        catalog.events,
        catalog.schedules,
    ):
        book._connections = connections
    return catalog


def job_of(project: Path, job: str, last: int) -> list[str]:
    """Do a job, and return the names of its moments; or die at one of them."""
    fate = Fate(last)
    ws = retrolabel.open(project, store=project / ".retrolabel")
    ws.objects = MortalObjects(ws.store, fate)
    ws.__dict__["catalog"] = mortal(SqlCatalog(ws.catalog_url), fate)
    verb, *words = job.split()
    if verb == "relabel":
        ws.task("mood").relabel(label_model=words[0] if words else None)
    elif verb in ("promote", "rollback", "tag"):
        getattr(ws.task("mood"), verb)(*words)
    else:
        raw.BATCH_ROWS = SMALL_BATCH
        ws.feedback.ingest(project / job, "web")
    return fate.names


def in_a_process(project: Path, job: str, last: int) -> tuple[int, str, str]:
    """Do a job in a process; return its exit code (the signal that ended it, negative), output and errors."""
    with tempfile.TemporaryDirectory() as name:
        out, err, modules = (Path(name, each) for each in ("out", "err", "modules"))
        child = os.fork()
        if child == 0:
            code = 1
            try:
                with err.open("w") as errors, contextlib.redirect_stderr(errors):
                    try:
                        out.write_text("".join(f"{moment}\n" for moment in job_of(project, job, last)))
                        modules.write_text("\n".join(sys.modules))
                        code = 0
                    except BaseException:  # noqa: BLE001 - told to who asked
                        traceback.print_exc()
            finally:
                os._exit(code)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if modules.exists():
            learn(modules.read_text().split())
        return status, out.read_text() if out.exists() else "", err.read_text() if err.exists() else ""


def learn(modules: list[str]) -> None:
    """Import what a job needed and this process does not have yet, so that the next job finds it."""
    for name in modules:
        if name not in sys.modules and name.partition(".")[0] != "labeling_functions":
            with contextlib.suppress(Exception):
                importlib.import_module(name)


def main() -> None:
    for line in sys.stdin:
        project, job, last = json.loads(line)
        answer = in_a_process(Path(project), job, last)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

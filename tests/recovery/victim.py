"""Runs one job of a project and dies, by SIGKILL, at a moment of its writing.

``python victim.py PROJECT JOB MOMENT``: every file written under its temporary name, every rename, and
every commit before and after it is a moment; MOMENT counts them from 0. A negative one lets the job
finish; then the names of all moments are printed, a line each.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

import retrolabel
from retrolabel.interop import rows
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
    def writing(self):
        with super().writing() as connection:
            yield connection
            self.fate.moment("before a commit")
        self.fate.moment("after a commit")


def mortal(catalog: SqlCatalog, fate: Fate) -> SqlCatalog:
    """Return a catalog whose books may die while they write."""
    connections = MortalConnections(catalog.url, fate)
    for book in (catalog.feedback, catalog.votes, catalog.gold, catalog.label_sets):
        book._connections = connections
    return catalog


def main() -> None:
    project, job, last = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    fate = Fate(last)
    ws = retrolabel.open(project, store=project / ".retrolabel")
    ws.objects = MortalObjects(ws.store, fate)
    ws.__dict__["catalog"] = mortal(SqlCatalog(f"sqlite:///{ws.store / 'catalog.db'}"), fate)
    if job == "relabel":
        ws.task("mood").relabel()
    else:
        rows.BATCH_ROWS = SMALL_BATCH
        ws.feedback.ingest(project / job, "web")
    sys.stdout.write("\n".join(fate.names) + "\n")


if __name__ == "__main__":
    main()

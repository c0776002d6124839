"""Look for what is wrong with a project, its store and the installation."""

from __future__ import annotations

import importlib.util
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import retrolabel
from retrolabel.errors import RetrolabelError
from retrolabel.wiring.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrolabel.wiring.workspace import Workspace

EXTRAS = {"snorkel": "the label model 'snorkel'"}
CORE = ("mlflow", "spacy", "sklearn")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        state: ``ok``, ``note`` or ``broken``.
        what: What was found.
        remedy: What would help.
    """

    state: str
    what: str
    remedy: str = ""


def examine(start: Path, store: Path | None) -> list[Finding]:
    """Return what was found, in the order in which a person would look."""
    return list(_look(start, store))


def _look(start: Path, store: Path | None) -> Iterator[Finding]:
    yield Finding(
        "ok", f"retrolabel {retrolabel.__version__} on Python {sys.version.split()[0]}, from {retrolabel.__path__[0]}"
    )
    for package in CORE:
        if importlib.util.find_spec(package) is None:
            yield Finding("broken", f"the package {package} is missing", "pip install retrolabel again")
    for extra, what in EXTRAS.items():
        if importlib.util.find_spec(extra) is None:
            yield Finding(
                "note", f"{extra} is not installed; only {what} needs it", f'pip install "retrolabel[{extra}]"'
            )
    try:
        ws = open_workspace(start, store=store)
    except RetrolabelError as error:
        yield Finding("broken", str(error).replace("\n", " "))
        return
    if ws.project is None:
        yield Finding("note", "no project here, a store only", "retrolabel init")
    else:
        yield Finding("ok", f"project {ws.project}")
        yield from _tasks(ws)
    yield from _store(ws)


def _tasks(ws: Workspace) -> Iterator[Finding]:
    names = ws.tasks()
    if not names:
        yield Finding("note", "the project has no tasks", "retrolabel init --task NAME")
    for name in names:
        try:
            task = ws.task(name)
        except RetrolabelError as error:
            yield Finding("broken", f"task {name}: {error}")
            continue
        broken = [str(problem) for lf in task.lfs for problem in lf.check_examples()]
        if broken:
            yield Finding("broken", f"task {name}: {len(broken)} examples fail: {broken[0]}", "retrolabel lf list")
        else:
            versions = " -> ".join(schema.version for schema in task.history)
            yield Finding("ok", f"task {name}: {len(task.lfs)} labeling functions, schema {versions}")


def _store(ws: Workspace) -> Iterator[Finding]:
    if not (ws.store / "catalog.db").is_file() and ws.settings.catalog is None:
        yield Finding("note", f"no store in {ws.store} yet", "retrolabel ingest FILE --source NAME makes it")
        return
    if not os.access(ws.store, os.W_OK):
        yield Finding("broken", f"the store {ws.store} cannot be written", "give the folder write permission")
    try:
        sources = ws.catalog.sources()
        segments = ws.catalog.segments()
        sets = ws.catalog.label_sets()
    except RetrolabelError as error:
        yield Finding("broken", str(error).replace("\n", " "))
        return
    items = sum(segment.live for segment in segments)
    yield Finding("ok", f"store {ws.store}: {len(sources)} source(s), {items:,} items, {len(sets)} label set(s)")
    gone = [segment.path for segment in segments if not ws.objects.size(segment.path)]
    if gone:
        yield Finding("broken", f"{len(gone)} feedback file(s) are gone, e.g. {gone[0]}", "restore them from a backup")

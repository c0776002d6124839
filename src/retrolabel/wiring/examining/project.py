"""The project: its tasks, their examples and drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.discovery.lock_file import LOCK
from retrolabel.discovery.project import PACKAGE
from retrolabel.errors import RetrolabelError, SchemaError, counted
from retrolabel.wiring.examining.findings import Finding, broken
from retrolabel.wiring.remarks import remarks

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.wiring.workspace import Workspace


def look_at_tasks(ws: Workspace) -> Generator[Finding, None, list[FoundTask]]:
    """Look at the tasks; return those that can be used."""
    sound: list[FoundTask] = []
    try:
        names = ws.tasks()
    except OSError as error:
        yield Finding("broken", f"{PACKAGE} cannot be read: {error}", "give yourself permission to read it")
        return sound
    if not names:
        yield Finding("note", "the project has no tasks", "retrolabel init . --task NAME")
    for name in names:
        try:
            task = ws.task(name).discover()
        except RetrolabelError as error:
            yield broken(error, f"task {name}: ")
            continue
        sound.append(task)
        failing = [str(problem) for lf in task.lfs for problem in lf.check_examples()]
        if failing:
            fail = "fails" if len(failing) == 1 else "fail"
            what = f"task {name}: {counted(len(failing), 'example')} {fail}: {failing[0]}"
            yield Finding("broken", what, f"mend the labeling functions or their examples: retrolabel lf list {name}")
        elif not task.lfs:
            yield Finding("note", f"task {name} has no labeling functions", f"write some in {task.folder}")
        else:
            versions = " -> ".join(schema.version for schema in task.history)
            yield Finding("ok", f"task {name}: {counted(len(task.lfs), 'labeling function')}, schema {versions}")
    try:
        yield from look_at_drafts(ws, sound)
    except SchemaError as error:  # the lock cannot be read, so that no plan can be made
        yield broken(error, f"{LOCK}: ")
        return []
    return sound


def look_at_drafts(ws: Workspace, tasks: Sequence[FoundTask]) -> Iterator[Finding]:
    """Look for words of drafts that nobody wrote yet, and for released versions that were edited since."""
    for task in tasks:
        released = ws.task(task.name).schema.released()
        for schema in task.history:
            for told in remarks(ws.project_folder(), task, schema):
                remedy = f"write what TODO stands for; retrolabel schema check {task.name} names each"
                if schema.version in released:
                    remedy = f"retrolabel schema check {task.name} says what to do"
                yield Finding("note", told, remedy)

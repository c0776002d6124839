"""The lock of a project: ``labeling_functions/labels.lock``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.discovery.project import PACKAGE
from retrolabel.errors import SchemaError
from retrolabel.schema.lock import Lock

if TYPE_CHECKING:
    from pathlib import Path

LOCK = f"{PACKAGE}/labels.lock"


def read_lock(project: Path) -> Lock:
    """Return the lock of a project; an empty one where nothing was released yet.

    Raises:
        SchemaError: It cannot be read.
    """
    path = project / LOCK
    return Lock.parse(path.read_bytes().decode("utf-8", "replace")) if path.is_file() else Lock()


def released_in(project: Path) -> list[tuple[str, str]]:
    """Return task and number of each released version; of a lock that cannot be read, which is told elsewhere, none."""
    try:
        lock = read_lock(project)
    except (SchemaError, OSError):
        return []
    return [(name, number) for name, task in lock.tasks.items() for number in task.versions]


def released_lfs(project: Path, task: str) -> list[str]:
    """Return the labeling functions that a task had when a version of it was released; of an unreadable lock, none."""
    try:
        found = read_lock(project).tasks.get(task)
    except (SchemaError, OSError):
        return []
    return sorted(found.emits) if found is not None else []


def write_lock(project: Path, lock: Lock) -> Path:
    """Write the lock of a project, whole or not at all, and return where it is."""
    path = project / LOCK
    temporary = path.with_suffix(".lock.tmp")
    temporary.write_text(lock.text(), encoding="utf-8")
    temporary.replace(path)
    return path

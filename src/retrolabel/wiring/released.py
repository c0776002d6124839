"""Which version of a task is the newest that was released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.discovery.lock_file import read_lock

if TYPE_CHECKING:
    from retrolabel.wiring.site import Site


def newest_released(site: Site, task: str) -> str | None:
    """Return the newest version of a task in ``labels.lock``, which alone is read.

    ``None`` where none is released, where two are and nobody merged them, and where there is a store only.

    Args:
        site: The project.
        task: The task.

    Raises:
        SchemaError: The lock cannot be read.
    """
    locked = read_lock(site.project).tasks.get(task) if site.project is not None else None
    if locked is None:
        return None
    revised = {parent for version in locked.versions.values() for parent in version.revises}
    heads = [number for number in locked.versions if number not in revised]
    return heads[0] if len(heads) == 1 else None

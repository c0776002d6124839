"""What is to be told of a version whenever it is used: it was edited since its release, or has words to be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.discovery.lock_file import read_lock
from retrolabel.jobs.schemas.check import edits_since, still_to_write

if TYPE_CHECKING:
    from pathlib import Path

    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.schema.versions import LabelSchema


def remarks(project: Path, task: FoundTask, schema: LabelSchema) -> list[str]:
    """Return a sentence where a released version was edited since, and where a draft has words to be written."""
    locked = read_lock(project).tasks.get(task.name)
    was = locked.versions.get(schema.version) if locked else None
    if was is None:
        told = still_to_write(schema, task.schema_files.get(schema.version, schema.version))
        return [told] if told else []
    edits = list(edits_since(schema, was))
    if not edits:
        return []
    return [f"{schema} was edited since it was released: {'; '.join(edits)}; retrolabel schema check {task.name}"]

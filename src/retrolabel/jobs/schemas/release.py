"""Freeze versions: note in the lock what they are, and what labeling functions may emit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import SchemaError
from retrolabel.jobs.schemas.check import check
from retrolabel.schema.lock import Lock, LockedTask, LockedVersion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.schemas.findings import TaskToCheck

UPDATED_BY_RELEASE = ("emits", "display")
"""Findings that a release itself puts right."""


def release(
    tasks: Sequence[TaskToCheck], lock: Lock, *, versions: Sequence[str] | None = None, only_lfs: bool = False
) -> tuple[Lock, list[str]]:
    """Return the lock after a release, and what changed in it.

    Args:
        tasks: The tasks to release.
        lock: What was released before.
        versions: The versions to freeze; all drafts if ``None``.
        only_lfs: Whether no version is frozen, and only what LFs may emit is noted.

    Raises:
        SchemaError: The check refuses something, or a version does not exist.
    """
    report = check(tasks, lock)
    refused = [finding for finding in report.refused if finding.code not in UPDATED_BY_RELEASE]
    if refused:
        raise SchemaError(
            f"Nothing was released: {len(refused)} thing(s) to mend first.",
            problems=[finding.as_problem() for finding in refused],
        )
    told: list[str] = []
    changed = dict(lock.tasks)
    for task in tasks:
        if task.history is None:
            continue
        before = lock.tasks.get(task.name, LockedTask())
        numbers = [schema.version for schema in task.history]
        wanted = [] if only_lfs else numbers if versions is None else [task.history[each].version for each in versions]
        frozen = dict(before.versions)
        for number in [*frozen, *wanted]:
            now = LockedVersion.of(task.history[number])
            if number not in frozen:
                told.append(f"{task.name} {number}: released")
            elif frozen[number].display != now.display:
                told.append(f"{task.name} {number}: what people see was noted")
            frozen[number] = now
        missing = [parent for number in frozen for parent in frozen[number].revises if parent not in frozen]
        if missing:
            raise SchemaError(
                f"{task.name}: a released version revises {', '.join(sorted(set(missing)))}, which is not released.",
                remedy=f"retrolabel schema release {task.name} {' '.join([*sorted(set(missing)), *wanted])}",
            )
        if not frozen:
            continue
        emits = task.emits()
        lfs = sum(before.emits.get(lf) != emits.get(lf) for lf in before.emits.keys() | emits.keys())
        if lfs:
            told.append(f"{task.name}: the votes of {lfs} LF(s) were noted")
        changed[task.name] = LockedTask(frozen, emits)
    return Lock(changed), told

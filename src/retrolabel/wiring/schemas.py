"""The label schemas of a project: checked and released, all tasks together or one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.discovery.folders import explore
from retrolabel.discovery.lock_file import LOCK, read_lock, write_lock
from retrolabel.discovery.project import PACKAGE, task_names
from retrolabel.errors import SchemaError
from retrolabel.jobs.schemas.check import check, orphans
from retrolabel.jobs.schemas.findings import CheckReport, Finding, TaskToCheck
from retrolabel.jobs.schemas.release import release

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from retrolabel.schema.lock import Lock
    from retrolabel.wiring.site import Site


class Schemas:
    """The label schemas of a project.

    Args:
        site: The project; its store is looked into where there is one.
    """

    def __init__(self, site: Site) -> None:
        self._site = site

    def check(self, task: str | None = None, *, strict: bool = False) -> CheckReport:
        """Return everything that CI should refuse, with file and remedy.

        Args:
            task: One task; all of the project if left out.
            strict: Whether warnings count as errors.

        Raises:
            SettingsError: There is no project, or no such task.
        """
        project = self._site.project_folder()
        names = [task] if task else task_names(project)
        if not names:
            what, remedy = (
                f"{project} has no task with a schema folder",
                "go to the project's folder; or retrolabel init",
            )
            return CheckReport((Finding("error", "no-task", "", PACKAGE, what, remedy),), {}, strict)
        try:
            lock: Lock | None = read_lock(project)
        except SchemaError as error:
            lock, broken = None, [Finding("error", "lock", "", LOCK, error.message, error.remedy)]
        else:
            broken = []
        report = check([self._to_check(name) for name in names], lock, strict=strict)
        first = broken if task or lock is None else orphans(lock, names)
        return CheckReport((*first, *report.findings), report.tasks, strict)

    def release(
        self,
        task: str | None = None,
        versions: Sequence[str] | None = None,
        *,
        only_lfs: bool = False,
        dry_run: bool = False,
    ) -> list[str]:
        """Freeze versions and note what LFs may emit, in ``labels.lock``; return what changed.

        Args:
            task: One task; all of the project if left out.
            versions: The versions to freeze; all drafts if left out.
            only_lfs: Whether no version is frozen.
            dry_run: Whether the lock stays as it is.

        Raises:
            SchemaError: The check refuses something, or the lock cannot be read; nothing was written.
        """
        project = self._site.project_folder()
        lock = read_lock(project)
        names = [task] if task else task_names(project)
        new, told = release([self._to_check(name) for name in names], lock, versions=versions, only_lfs=only_lfs)
        if told and not dry_run:
            write_lock(project, new)
        return told

    def _to_check(self, task: str) -> TaskToCheck:
        project = self._site.project_folder()
        found = explore(project, task)

        def relative(files: Mapping[str, Path]) -> dict[str, str]:
            return {name: str(path.relative_to(project)) for name, path in files.items()}

        human = self._site.catalog.gold.human_labels(task) if self._site.has_store() else None
        return TaskToCheck(
            task,
            found.history,
            relative(found.schema_files),
            [found.lfs[name] for name in sorted(found.lfs)],
            relative(found.files),
            found.problems,
            human,
        )

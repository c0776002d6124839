"""The label schema of a task: its versions compared, checked, continued, released."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.interop.schema_source import Wish
    from retrolabel.jobs.schemas.diff import SchemaDiff
    from retrolabel.jobs.schemas.findings import CheckReport
    from retrolabel.schema.history import History
    from retrolabel.wiring.new_versions import NewVersion
    from retrolabel.wiring.site import Site


class TaskSchema:
    """The label schema of a task: ``task.schema``.

    Args:
        site: The project; its store is looked into where there is one.
        task: The task.
    """

    def __init__(self, site: Site, task: str) -> None:
        self._site, self._task = site, task

    @property
    def history(self) -> History:
        """Its versions, as the files are now.

        Raises:
            DiscoveryError: They cannot be read; everything at once.
        """
        return self._site.history(self._task)

    def released(self) -> tuple[str, ...]:
        """Return the numbers of the released versions."""
        from retrolabel.discovery.lock_file import read_lock

        locked = read_lock(self._site.project_folder()).tasks.get(self._task)
        return tuple(locked.versions) if locked else ()

    def check(self, *, strict: bool = False) -> CheckReport:
        """Return everything that CI should refuse, with file and remedy.

        Args:
            strict: Whether warnings count as errors.
        """
        from retrolabel.wiring.schemas import Schemas

        return Schemas(self._site).check(self._task, strict=strict)

    def diff(self, older: str, newer: str) -> SchemaDiff:
        """Return what going from one version to another does to labels, and to what is stored under them.

        Raises:
            UnknownVersionError: The task has no such version.
        """
        from retrolabel.wiring.schema_diffs import schema_diff

        return schema_diff(self._site, self._task, older, newer)

    def new(
        self, wish: Wish, *, onto: str | None = None, version: str | None = None, dry_run: bool = False
    ) -> NewVersion:
        """Write the file of the next version, from what is asked, for a person to edit.

        Args:
            wish: What should change.
            onto: The version that it revises; the newest if left out.
            version: Its number; the least that the change deserves if left out.
            dry_run: Whether nothing is written.

        Raises:
            SchemaError: It would not be sound; or a version of this number, or the file, exists.
        """
        from retrolabel.wiring.new_versions import next_in_file

        project = self._site.project_folder()
        return next_in_file(project, self._task, wish, onto=onto, version=version, dry_run=dry_run)

    def merge_heads(self, *, version: str | None = None, reason: str = "", dry_run: bool = False) -> NewVersion:
        """Write the file of a version that joins the two heads.

        Raises:
            SchemaError: There are not two heads, or both branches changed the same label.
        """
        from retrolabel.wiring.new_versions import merged_in_file

        project = self._site.project_folder()
        return merged_in_file(project, self._task, version=version, reason=reason, dry_run=dry_run)

    def release(
        self, versions: Sequence[str] | None = None, *, only_lfs: bool = False, dry_run: bool = False
    ) -> list[str]:
        """Freeze versions and note what LFs may emit, in ``labels.lock``; return what changed.

        Args:
            versions: The versions to freeze; all drafts if left out.
            only_lfs: Whether no version is frozen.
            dry_run: Whether the lock stays as it is.

        Raises:
            SchemaError: The check refuses something, or the lock cannot be read; nothing was written.
        """
        from retrolabel.wiring.schemas import Schemas

        return Schemas(self._site).release(self._task, versions, only_lfs=only_lfs, dry_run=dry_run)

    def __repr__(self) -> str:
        """Return the versions, with their labels."""
        told = (f"{schema.version}: {', '.join(schema.ids)}" for schema in self.history)
        return f"TaskSchema({self._task}; {'; '.join(told)})"

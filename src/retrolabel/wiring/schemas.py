"""A project's label schemas: checked, compared, continued, released."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrolabel.discovery.folders import explore
from retrolabel.discovery.lock_file import LOCK, read_lock, write_lock
from retrolabel.discovery.project import PACKAGE, task_names
from retrolabel.errors import DiscoveryError, Problem, RetrolabelError, SchemaError, SettingsError
from retrolabel.interop.schema_source import Wish, file_name, next_schema, schema_source
from retrolabel.jobs.schemas.check import CheckReport, Finding, TaskToCheck, check, orphans
from retrolabel.jobs.schemas.diff import SchemaDiff, Stored, diff
from retrolabel.jobs.schemas.release import release
from retrolabel.jobs.votes.keys import vote_key
from retrolabel.jobs.votes.reading import count_votes
from retrolabel.schema.changes import BUMPS, deserves, next_version

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from retrolabel.discovery.folders import Explored
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.records.votes import VoteColumn
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.schema.lock import Lock
    from retrolabel.schema.versions import LabelSchema
    from retrolabel.wiring.site import Site


@dataclass(frozen=True)
class NewVersion:
    """A version that was written, or would be.

    Attributes:
        schema: The version; its new words are placeholders.
        path: Its file, relative to the project.
        text: What is in it.
        written: Whether it was written.
        notes: What a person should know of it.
    """

    schema: LabelSchema
    path: str
    text: str
    written: bool
    notes: tuple[str, ...] = ()


class Schemas:
    """The label schemas of a workspace.

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
        project = self._project()
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
        project = self._project()
        lock = read_lock(project)
        names = [task] if task else task_names(project)
        new, told = release([self._to_check(name) for name in names], lock, versions=versions, only_lfs=only_lfs)
        if told and not dry_run:
            write_lock(project, new)
        return told

    def released(self, task: str) -> tuple[str, ...]:
        """Return the numbers of a task's released versions."""
        locked = read_lock(self._project()).tasks.get(task)
        return tuple(locked.versions) if locked else ()

    def diff(self, task: str, older: str, newer: str) -> SchemaDiff:
        """Return what going from one version to another does to labels, and to what is stored under them.

        Raises:
            UnknownVersionError: The task has no such version.
        """
        found = self._site.task(task)
        return diff(found.history, older, newer, found.lfs, self._stored(task, older, newer))

    def new(
        self, task: str, wish: Wish, *, onto: str | None = None, version: str | None = None, dry_run: bool = False
    ) -> NewVersion:
        """Write the file of the next version, from what is asked, for a person to edit.

        Args:
            task: The task.
            wish: What should change.
            onto: The version that it revises; the newest if left out.
            version: Its number; the least that the change deserves if left out.
            dry_run: Whether nothing is written.

        Raises:
            SchemaError: It would not be sound; or a version of this number, or the file, exists.
        """
        found = self._sound(task)
        history = found.history
        assert history is not None  # noqa: S101 - a task without one is not sound
        parent = history[onto] if onto else history.head
        schema = next_schema(parent, wish, version)
        while version is None and schema.version in found.schemas:  # a branch took the number
            schema = replace(schema, version=next_version(schema.version, "minor"))
        return self._write(task, schema, file_name(schema, wish), found, dry_run=dry_run)

    def merge_heads(
        self, task: str, *, version: str | None = None, reason: str = "", dry_run: bool = False
    ) -> NewVersion:
        """Write the file of a version that joins the two heads.

        Raises:
            SchemaError: There are not two heads, or both branches changed the same label.
        """
        found = self._sound(task)
        history = found.history
        assert history is not None  # noqa: S101 - a task without one is not sound
        why = reason or "Two branches were merged."
        newest = history.heads[:2][-1].version
        numbers = [version] if version else [_free(next_version(newest, bump), found.schemas) for bump in BUMPS[1:]]
        made = [history.merge_heads(number, reason=why) for number in numbers]
        schema = next((each for each in made if deserves(each)), made[-1])
        return self._write(task, schema, file_name(schema, Wish()), found, dry_run=dry_run)

    def _write(self, task: str, schema: LabelSchema, name: str, found: Explored, *, dry_run: bool) -> NewVersion:
        project = self._project()
        modules: dict[str, tuple[str, str, Mapping[str, str]]] = {}
        for number, (attribute, labels) in found.names.items():
            path = found.schema_files[number].relative_to(project)
            modules[number] = (".".join(path.with_suffix("").parts), attribute, labels)
        path = project / PACKAGE / task / "schema" / name
        problems = []
        if schema.version in found.schemas:
            problems.append(Problem(f"{task} {schema.version}", "exists already", "--version gives another number"))
        if path.exists():
            problems.append(Problem(str(path.relative_to(project)), "exists already", "move it, or edit it"))
        if problems:
            raise SchemaError("Nothing was written.", problems=problems)
        text = schema_source(schema, modules)
        try:
            content = text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise SchemaError(
                f"A text holds {error.object[error.start]!a}, which is no character; nothing was written.",
                remedy="set the terminal to UTF-8, or write the reason into the file",
            ) from error
        if not dry_run:
            path.write_bytes(content)
        kept = [rule.describe() for rule in schema.constraints]
        notes = tuple(
            f"{type(rule).__name__}({', '.join(rule.labels)}) names a label that goes, and was left out"
            for parent in schema.parents[:1]
            for rule in parent.constraints
            if rule.describe() not in kept
        )
        return NewVersion(schema, str(path.relative_to(project)), text, not dry_run, notes)

    def _sound(self, task: str) -> Explored:
        found = explore(self._project(), task)
        if found.problems or found.history is None:
            raise DiscoveryError(f"The schema of {task!r} is not sound as it is.", problems=found.problems)
        return found

    def _to_check(self, task: str) -> TaskToCheck:
        project = self._project()
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

    def _stored(self, task: str, older: str, newer: str) -> Stored | None:
        """Return what the store holds of a task, or ``None`` where there is no store."""
        site = self._site
        if not site.has_store():
            return None
        human, seconds = site.catalog.gold.human_labels(task), site.catalog.gold.labelling_seconds(task)
        records = [record for record in site.catalog.label_sets.records(task) if record.schema_version == older]
        shares: Counter[str] = Counter()
        for _, items in site.label_set(task, records[0].id).parts() if records else ():
            for each in items.column("label").value_counts().to_pylist():
                shares[each["values"]] += each["counts"]
        try:
            plan = site.plan(task, to=newer)
        except RetrolabelError:  # a scale that no label model takes yet, a column that is missing
            return Stored(human, None, shares, seconds)
        return Stored(human, count_votes(self._columns(plan), site.objects), shares, seconds, plan.calls)

    def _columns(self, plan: Plan) -> list[tuple[LabelingFunction, VoteColumn]]:
        """Return the stored votes of each LF: those of the plan, or of the LF as the newest label set saw it."""
        site = self._site
        found = {(vote.lf.name, vote.segment.id): vote.stored for vote in plan.votes}
        records = site.catalog.label_sets.records(plan.task.name)
        made = site.label_set(plan.task.name, records[0].id).manifest["inputs"]["lfs"] if records else []
        before = replace(plan.task, keys={**plan.task.keys, **{lf["name"]: lf["key"] for lf in made}})
        contracts = site.catalog.feedback.sources()
        keys = {
            (vote.lf.name, vote.segment.id): vote_key(
                before, vote.lf, vote.segment, contracts.get(vote.segment.source, {})
            )
            for vote in plan.votes
        }
        stored = site.catalog.votes.columns([keys[place] for place, column in found.items() if column is None])
        columns = {place: column or stored.get(keys[place]) for place, column in found.items()}
        lfs = {lf.name: lf for lf in plan.task.lfs}
        return [(lfs[name], column) for (name, _), column in columns.items() if column is not None]

    def _project(self) -> Path:
        if self._site.project is None:
            raise SettingsError(
                "There is no project here, so there are no schemas.",
                remedy="go to the project's folder, or make one: retrolabel init",
            )
        return self._site.project


def _free(number: str, taken: Collection[str]) -> str:
    """Return the number, or the next that no version has."""
    while number in taken:
        number = next_version(number, "patch")
    return number

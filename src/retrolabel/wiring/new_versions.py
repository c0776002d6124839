"""The next version of a task's schema, written as a file for a person to edit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrolabel.discovery.folders import explore
from retrolabel.discovery.project import PACKAGE
from retrolabel.errors import DiscoveryError, Problem, SchemaError
from retrolabel.interop.schema_source import Wish, file_name, next_schema, schema_source
from retrolabel.schema.changes import BUMPS, deserves, next_version

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from retrolabel.discovery.folders import Explored
    from retrolabel.schema.versions import LabelSchema


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


def next_in_file(  # noqa: PLR0913 - what is asked of the next version
    project: Path, task: str, wish: Wish, *, onto: str | None, version: str | None, dry_run: bool
) -> NewVersion:
    """Write the file of the next version, from what is asked, for a person to edit.

    Args:
        project: The project's folder.
        task: The task.
        wish: What should change.
        onto: The version that it revises; the newest if left out.
        version: Its number; the least that the change deserves if left out.
        dry_run: Whether nothing is written.

    Raises:
        SchemaError: It would not be sound; or a version of this number, or the file, exists.
    """
    found = sound(project, task)
    history = found.history
    assert history is not None  # noqa: S101 - a task without one is not sound
    parent = history[onto] if onto else history.head
    schema = next_schema(parent, wish, version)
    while version is None and schema.version in found.schemas:  # a branch took the number
        schema = replace(schema, version=next_version(schema.version, "minor"))
    return _write(project, task, schema, file_name(schema, wish), found, dry_run=dry_run)


def merged_in_file(project: Path, task: str, *, version: str | None, reason: str, dry_run: bool) -> NewVersion:
    """Write the file of a version that joins the two heads.

    Raises:
        SchemaError: There are not two heads, or both branches changed the same label.
    """
    found = sound(project, task)
    history = found.history
    assert history is not None  # noqa: S101 - a task without one is not sound
    why = reason or "Two branches were merged."
    newest = history.heads[:2][-1].version
    numbers = [version] if version else [_free(next_version(newest, bump), found.schemas) for bump in BUMPS[1:]]
    made = [history.merge_heads(number, reason=why) for number in numbers]
    schema = next((each for each in made if deserves(each)), made[-1])
    return _write(project, task, schema, file_name(schema, Wish()), found, dry_run=dry_run)


def _write(  # noqa: PLR0913 - a version, and where it goes
    project: Path, task: str, schema: LabelSchema, name: str, found: Explored, *, dry_run: bool
) -> NewVersion:
    path = project / PACKAGE / task / "schema" / name
    problems = []
    if schema.version in found.schemas:
        problems.append(Problem(f"{task} {schema.version}", "exists already", "--version gives another number"))
    if path.exists():
        problems.append(Problem(str(path.relative_to(project)), "exists already", "move it, or edit it"))
    if problems:
        raise SchemaError("Nothing was written.", problems=problems)
    text = source_of(project, schema, found)
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


def source_of(project: Path, schema: LabelSchema, found: Explored) -> str:
    """Return the source text of a version that revises some of a task's.

    Args:
        project: The project's folder.
        schema: The version.
        found: What the task's modules hold.
    """
    modules: dict[str, tuple[str, str, Mapping[str, str]]] = {}
    for number, (attribute, labels) in found.names.items():
        path = found.schema_files[number].relative_to(project)
        modules[number] = (".".join(path.with_suffix("").parts), attribute, labels)
    return schema_source(schema, modules)


def sound(project: Path, task: str) -> Explored:
    """Return what the modules of a task hold.

    Raises:
        DiscoveryError: Its schema is not sound as it is.
    """
    found = explore(project, task)
    if found.problems or found.history is None:
        raise DiscoveryError(f"The schema of {task!r} is not sound as it is.", problems=found.problems)
    return found


def _free(number: str, taken: Collection[str]) -> str:
    """Return the number, or the next that no version has."""
    while number in taken:
        number = next_version(number, "patch")
    return number

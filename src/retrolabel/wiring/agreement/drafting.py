"""What accepting a proposal would give: the draft of a version, outside of the folders that are discovered."""

from __future__ import annotations

import difflib
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrolabel.analysis.guideline import guideline
from retrolabel.discovery.project import PACKAGE
from retrolabel.errors import InputError, SchemaError
from retrolabel.interop.proposed_schema import proposed_schema
from retrolabel.schema.changes import next_version
from retrolabel.wiring.new_versions import sound, source_of
from retrolabel.wiring.schema_diffs import draft_diff
from retrolabel.wiring.written_files import or_as_before

if TYPE_CHECKING:
    from retrolabel.jobs.records.proposals import Proposal
    from retrolabel.jobs.schemas.diff import SchemaDiff
    from retrolabel.schema.versions import LabelSchema
    from retrolabel.wiring.site import Site

FOLDER = "proposals"
"""The folder of the project that drafts are written to."""


@dataclass(frozen=True)
class Draft:
    """The version that a proposal drafts.

    Attributes:
        schema: The version; what a person must write says TODO.
        text: What is in its file.
        file: Where it is written.
        home: Where it belongs once it is written, relative to the project.
        guideline: How the guideline would change, as a unified diff.
        diff: What it would do to labels, and to what is stored under them.
    """

    schema: LabelSchema
    text: str
    file: Path
    home: str
    guideline: tuple[str, ...]
    diff: SchemaDiff

    @property
    def commands(self) -> tuple[str, ...]:
        """What is to be done next."""
        task, older = self.schema.task, self.schema.parents[0].version
        return (
            shlex.join(["mv", str(self.file), self.home]),
            shlex.join(["retrolabel", "schema", "check", task]),
            shlex.join(["retrolabel", "schema", "diff", task, older, self.schema.version]),
            shlex.join(["retrolabel", "schema", "release", task, self.schema.version]),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        told = {"version": self.schema.version, "revises": self.schema.parents[0].version, "file": str(self.file)}
        more = {"text": self.text, "guideline_diff": list(self.guideline), "schema_diff": self.diff.as_dict()}
        return {**told, **more, "next": list(self.commands)}


def draft_of(site: Site, proposal: Proposal, quoted: str, *, why: str = "", out: Path | None = None) -> Draft:
    """Return the version that a proposal drafts; nothing is written.

    Args:
        site: The project and its store.
        proposal: The proposal.
        quoted: The rationale that it quotes; nothing where that is gone.
        why: The reason of the version; a placeholder if left out.
        out: The file; one in the project's folder ``proposals`` if left out.

    Raises:
        SchemaError: It would not be sound in the newest version.
        InputError: The file would be taken for a version of the task, or exists already.
    """
    project, task = site.project_folder(), proposal.task
    found = sound(project, task)
    assert found.history is not None  # noqa: S101 - a task without one is not sound
    parent = found.history.head
    try:
        schema, name = proposed_schema(parent, proposal.draft, quoted, why)
    except SchemaError as error:
        raise SchemaError(
            f"Proposal {proposal.id} of {task} cannot be drafted in {parent.version}: {error.message}",
            problems=error.problems,
            remedy=f"reject it, or write the version by hand: retrolabel schema new {task} --help",
        ) from error
    while schema.version in found.schemas:  # a branch took the number
        schema = replace(schema, version=next_version(schema.version, "minor"))
    file = out or Path(FOLDER) / task / f"p{proposal.id}_{name}"
    _check(project, file if out else project / file)
    before, after = (guideline(each).splitlines() for each in (parent, schema))
    lines = tuple(difflib.unified_diff(before, after, parent.version, schema.version, lineterm="", n=1))
    home = f"{PACKAGE}/{task}/schema/{name}"
    text = source_of(project, schema, found)
    return Draft(schema, text, file, home, lines, draft_diff(site, task, schema))


def written(site: Site, draft: Draft) -> Path:
    """Return the path that a draft is written to, from where one stands.

    Args:
        site: The project.
        draft: The draft.
    """
    return (
        draft.file if draft.file.is_absolute() or draft.file.parts[0] != FOLDER else site.project_folder() / draft.file
    )


def write(path: Path, text: str) -> None:
    """Write a draft; a file that is there is never written over.

    Raises:
        InputError: The file exists, or cannot be written.
    """
    with or_as_before([] if path.exists() else [path]):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise InputError(
                f"{path} cannot be written: {error.strerror or error}.", remedy="choose another place with --out"
            ) from error


def _check(project: Path, path: Path) -> None:
    """Refuse a file that exists, or that would be taken for a version of a task."""
    if path.exists():
        raise InputError(f"{path} exists already; nothing was written.", remedy="choose another name with --out")
    if (project / PACKAGE).resolve() in path.resolve().parents:
        raise InputError(
            f"{path} lies in {PACKAGE}: it would be taken for a version of the task at once.",
            remedy="choose a place outside of it with --out; the draft is moved there when a person has written it",
        )

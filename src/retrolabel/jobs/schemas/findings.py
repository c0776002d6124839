"""What a check of schemas looks at, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrolabel.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.schema.history import History


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    Attributes:
        severity: ``error``, ``warning`` (an error under ``--strict``) or ``note``.
        code: What kind of thing it is, in a word.
        task: The task.
        where: The file, and what in it.
        what: What is wrong.
        remedy: What would help.
    """

    severity: str
    code: str
    task: str
    where: str
    what: str
    remedy: str = ""

    def as_problem(self) -> Problem:
        """Return it as errors carry it."""
        return Problem(self.where, self.what, self.remedy)


@dataclass(frozen=True)
class TaskToCheck:
    """What is known of a task, sound or not.

    Attributes:
        name: The task.
        history: Its versions, if they can be read as one history.
        files: Number -> the file of the version.
        lfs: Its labeling functions.
        lf_files: LF -> its file.
        problems: What discovery found wrong.
        human: Its human labels, in the order in which they came; ``None`` where there is no store.
    """

    name: str
    history: History | None
    files: Mapping[str, str]
    lfs: Sequence[LabelingFunction]
    lf_files: Mapping[str, str]
    problems: Sequence[Problem] = ()
    human: Sequence[HumanLabel] | None = None

    def emits(self) -> dict[str, tuple[str, ...]]:
        """Return LF -> the votes that it may cast, in their stored form."""
        return {lf.name: tuple(sorted(str(vote) for vote in lf.declared)) for lf in self.lfs}

    def file(self, version: str) -> str:
        """Return the file of a version, or the version where it is not known."""
        return self.files.get(version, f"{self.name} {version}")


@dataclass(frozen=True)
class CheckReport:
    """What a check found.

    Attributes:
        findings: Errors first, then warnings, then notes.
        tasks: Task -> (released versions, drafts).
        strict: Whether warnings count as errors.
    """

    findings: tuple[Finding, ...]
    tasks: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    strict: bool = False

    @property
    def refused(self) -> tuple[Finding, ...]:
        """The findings that make the check fail."""
        counted = ("error", "warning") if self.strict else ("error",)
        return tuple(finding for finding in self.findings if finding.severity in counted)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "ok": not self.refused,
            "strict": self.strict,
            "tasks": {
                name: {"released": list(done), "drafts": list(open_)} for name, (done, open_) in self.tasks.items()
            },
            "findings": [vars(finding) for finding in self.findings],
        }

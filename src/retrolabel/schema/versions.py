"""One version of a task's label schema, checked as a whole when it is made."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrolabel.errors import Problem, SchemaError, UnknownLabelError
from retrolabel.schema.labels import Label
from retrolabel.schema.steps import Add, Remove

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.schema.labels import LabelUnion
    from retrolabel.schema.steps import Step

SCALES = ("nominal", "ordinal", "multilabel")
TASK_NAME = re.compile(r"[a-z][a-z0-9_]*")
SEMVER = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")


@dataclass(frozen=True, kw_only=True)
class LabelSchema:
    """The frozen set of labels of a task, and how it came from the version before.

    Args:
        task: The labelling question, a lower-case identifier.
        version: ``MAJOR.MINOR.PATCH``.
        labels: The possible answers; their order is the order of every table and probability.
        revises: The version that this one changes; ``None`` for the first.
        steps: The typed changes since then. Every label that came, went or changed its meaning is
            explained by a step.
        scale: ``nominal``, ``ordinal`` (every label has a rank) or ``multilabel``.
        reason: Why the schema changed.
        guidelines: Markdown for human labellers.

    Raises:
        SchemaError: With everything that is wrong at once.

    Example:
        >>> from retrolabel.schema.labels import Label
        >>> from retrolabel.schema.steps import Add
        >>> good, bad, crash = Label("good"), Label("bad"), Label("crash")
        >>> v1 = LabelSchema(task="thumbs", version="1.0.0", labels=[good, bad])
        >>> v2 = LabelSchema(task="thumbs", version="2.0.0", revises=v1, labels=[good, bad, crash],
        ...                  steps=[Add(crash, carved_from=bad)])
        >>> v2.ids
        ('good', 'bad', 'crash')
    """

    task: str
    version: str
    labels: Sequence[Label]
    revises: LabelSchema | None = field(default=None, repr=False)
    steps: Sequence[Step] = ()
    scale: str = "nominal"
    reason: str = ""
    guidelines: str = ""

    def __post_init__(self) -> None:
        """Freeze the sequences, then check everything and raise once."""
        object.__setattr__(self, "labels", tuple(self.labels))
        object.__setattr__(self, "steps", tuple(self.steps))
        strange = _no_labels(self.labels)
        if strange:
            raise SchemaError(
                f"Schema {self.task} {self.version}: labels are Label objects, not {strange[0]!r}.",
                remedy=f"write Label({str(strange[0])!r})",
            )
        problems = [*_form_problems(self), *(_step_problems(self, self.revises) if self.revises else ())]
        if self.revises is None and self.steps:
            problems.append(Problem("steps", "a first version has no steps", "pass revises="))
        if problems:
            raise SchemaError(f"Schema {self.task} {self.version} is not sound.", problems=problems)

    @property
    def ids(self) -> tuple[str, ...]:
        """The label ids, in the order of the version."""
        return tuple(label.id for label in self.labels)

    @property
    def order(self) -> tuple[int, ...]:
        """The version as numbers that sort."""
        return tuple(int(part) for part in self.version.split("."))

    def label(self, label_id: str) -> Label:
        """Return the label with this id; raises ``UnknownLabelError``."""
        for label in self.labels:
            if label.id == label_id:
                return label
        raise UnknownLabelError(label_id, self.ids, of=f"{self.task} {self.version}")

    def parse(self, spelling: str) -> Label | None:
        """Return the label that a stored value means in this version, or ``None``: ids and aliases only.

        Example:
            >>> from retrolabel.schema.labels import Label
            >>> labels = [Label("defect", aliases=["d"]), Label("task")]
            >>> version = LabelSchema(task="triage", version="1.0.0", labels=labels)
            >>> version.parse("d").id, version.parse("Defect")
            ('defect', None)
        """
        for label in self.labels:
            if spelling == label.id or spelling in label.aliases:
                return label
        return None

    def possible(self, union: LabelUnion) -> frozenset[str]:
        """Return the ids that a union leaves possible in this version, complemented where negated."""
        return frozenset(self.ids) - union.ids if union.negated else union.ids

    def lineage(self) -> Iterator[LabelSchema]:
        """Yield this version and those that it came from, newest first."""
        version: LabelSchema | None = self
        while version is not None:
            yield version
            version = version.revises

    def __str__(self) -> str:
        """Return task and version."""
        return f"{self.task} {self.version}"


def _no_labels(given: Sequence[object]) -> list[object]:
    return [label for label in given if not isinstance(label, Label)]


def _form_problems(schema: LabelSchema) -> Iterator[Problem]:
    if not TASK_NAME.fullmatch(schema.task):
        yield Problem("task", f"{schema.task!r} is no lower-case identifier", "use letters, digits and _")
    if not SEMVER.fullmatch(schema.version):
        yield Problem("version", f"{schema.version!r} is not MAJOR.MINOR.PATCH", 'write "1.0.0"')
    if schema.scale not in SCALES:
        yield Problem("scale", f"{schema.scale!r} is unknown", f"one of {', '.join(SCALES)}")
    if len(schema.labels) < 2:  # noqa: PLR2004 - a question with one answer is none
        yield Problem("labels", "there are fewer than two", "a schema needs at least two answers")
    for label_id, count in Counter(schema.ids).items():
        if count > 1:
            yield Problem(f"label {label_id!r}", f"is listed {count} times", "keep one")
    spellings = Counter(s for label in schema.labels for s in dict.fromkeys([label.id, *label.aliases]))
    for spelling, count in spellings.items():
        if count > 1 and spelling not in schema.ids:
            yield Problem(f"alias {spelling!r}", f"stands for {count} labels", "an alias means one label")
        elif count > 1 and Counter(schema.ids)[spelling] == 1:
            yield Problem(f"alias {spelling!r}", "is the id of another label", "drop the alias")
    yield from _hierarchy_problems(schema)


def _hierarchy_problems(schema: LabelSchema) -> Iterator[Problem]:
    if schema.scale == "ordinal":
        for label in schema.labels:
            if label.rank is None:
                yield Problem(f"label {label.id!r}", "has no rank on an ordinal scale", "pass rank=")
    parents = {label.id: label.parent for label in schema.labels}
    for label_id, parent in parents.items():
        if parent is not None and parent not in parents:
            yield Problem(f"label {label_id!r}", f"has the parent {parent!r}, which is no label", "add it")
        seen, above = {label_id}, parent
        while above is not None and above in parents:
            if above == label_id:
                yield Problem(f"label {label_id!r}", "is its own ancestor", "break the circle of parents")
            if above in seen:
                break
            seen.add(above)
            above = parents[above]


def _step_problems(schema: LabelSchema, parent: LabelSchema) -> Iterator[Problem]:
    old, new = {label.id: label for label in parent.labels}, {label.id: label for label in schema.labels}
    if parent.task != schema.task:
        yield Problem("revises", f"is a version of {parent.task!r}", f"revise a version of {schema.task!r}")
    if SEMVER.fullmatch(schema.version) and schema.order <= parent.order:
        yield Problem("version", f"is not above {parent.version}, which it revises", "raise the number")
    for step in schema.steps:
        where = f"step {type(step).__name__}"
        for missing in sorted(step.names_old() - old.keys()):
            yield Problem(where, f"names {missing!r}, which {parent} does not have", "check the id")
        images = step.images()
        mentioned = step.introduces().union(*(image for image in images.values() if image))
        for missing in sorted(mentioned - new.keys()):
            yield Problem(where, f"leads to {missing!r}, which {schema} does not have", "add it to labels=")
    yield from _unexplained(schema, old, new)


def _unexplained(schema: LabelSchema, old: dict[str, Label], new: dict[str, Label]) -> Iterator[Problem]:
    """Yield labels that came, went or changed, and of which the steps say nothing, or too much."""
    moved = Counter(label_id for step in schema.steps for label_id in step.images())
    introduced = {label_id for step in schema.steps for label_id in step.introduces()}
    redefined = {label_id for step in schema.steps for label_id in step.redefines()}
    for step in schema.steps:
        if isinstance(step, Remove) and step.label in new:
            yield Problem("step Remove", f"removes {step.label!r}, which {schema} still has", "drop one of the two")
        if isinstance(step, Add) and step.label in old:
            yield Problem("step Add", f"adds {step.label!r}, which was there before", "a new label needs a new id")
    for label_id, count in sorted(moved.items()):
        if count > 1:
            yield Problem(f"label {label_id!r}", f"is moved by {count} steps", "say it with one step")
    for label_id in sorted(old.keys() - new.keys() - moved.keys()):
        yield Problem(
            f"label {label_id!r}", "is gone and no step says where to", f"add Remove, Merge or Split of {label_id!r}"
        )
    for label_id in sorted(new.keys() - old.keys() - introduced):
        yield Problem(f"label {label_id!r}", "is new and no step brings it", f"add Add({label_id!r}) or a Split")
    for label_id in sorted(old.keys() & new.keys() - redefined):
        if old[label_id] != new[label_id]:
            yield Problem(
                f"label {label_id!r}",
                "means something else than before and no step says so",
                f'add Redefine({label_id!r}, "narrower" | "wider" | "shifted"), or import the old label',
            )

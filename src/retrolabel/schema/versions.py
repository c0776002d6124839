"""One version of a task's label schema, checked as a whole when it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from retrolabel.errors import Problem, SchemaError, UnknownLabelError
from retrolabel.schema import soundness, ways
from retrolabel.schema.labels import label_id
from retrolabel.schema.steps import Split
from retrolabel.schema.taxonomy import Taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from retrolabel.schema.labels import Label, LabelUnion
    from retrolabel.schema.rules import AgreementTarget, Constraint
    from retrolabel.schema.steps import Step


@dataclass(frozen=True, kw_only=True)
class LabelSchema:
    """The frozen set of labels of a task, and how it came from the version before.

    Args:
        task: The labelling question, a lower-case identifier.
        version: ``MAJOR.MINOR.PATCH``.
        labels: The possible answers; their order is the order of every table and probability. One with
            others below it (``parent=``) may be given too: it leaves all of them possible.
            Labels of status ``reserved`` are no answers: they only keep an id from being used.
        revises: The version that this one changes; ``None`` for the first; two of them where
            branches merge.
        steps: The typed changes since then. Every label that came, went or changed its meaning is
            explained by a step. Where branches merge, each parent gets what the other branch did, or
            the steps are given by hand: ``{"1.1.0": [...], "1.2.0": [...]}``.
        scale: ``nominal``, ``ordinal`` (every label has a rank) or ``multilabel``.
        reason: Why the schema changed.
        guidelines: Markdown for human labellers.
        constraints: Which labels of a ``multilabel`` version may or must stand together.
        agreement: How well labels must agree with gold.

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
    revises: LabelSchema | Sequence[LabelSchema] | None = field(default=None, repr=False)
    steps: Sequence[Step] | Mapping[str, Sequence[Step]] = field(default=(), hash=False)
    scale: str = "nominal"
    reason: str = ""
    guidelines: str = ""
    constraints: Sequence[Constraint] = ()
    agreement: AgreementTarget | None = None

    def __post_init__(self) -> None:
        """Freeze the sequences, then check everything and raise once."""
        strange = list(soundness.strange(self))
        if strange:
            raise SchemaError(f"Schema {self.task} {self.version} is not sound.", problems=strange)
        for attribute in ("labels", "constraints"):
            object.__setattr__(self, attribute, tuple(getattr(self, attribute)))
        if isinstance(self.revises, (list, tuple)):
            one, *more = (*self.revises, None) if len(self.revises) < 2 else self.revises  # noqa: PLR2004 - one is no merge
            object.__setattr__(self, "revises", (one, *more) if len(self.revises) > 1 else one)
        object.__setattr__(self, "steps", _frozen(self.steps))
        problems: list[Problem] = list(soundness.problems(self))
        if problems:
            raise SchemaError(f"Schema {self.task} {self.version} is not sound.", problems=problems)

    @property
    def answers(self) -> tuple[Label, ...]:
        """The labels that may be given, in the order of the version: all but the reserved ones."""
        return tuple(label for label in self.labels if label.status != "reserved")

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the answers, in the order of the version."""
        return tuple(label.id for label in self.answers)

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """The tree of the answers; several labels of a ``multilabel`` version may hold, so each is a leaf there."""
        flat = self.scale == "multilabel"
        return Taxonomy.of({label.id: None if flat else label.parent for label in self.labels}, self.ids)

    @property
    def leaves(self) -> tuple[str, ...]:
        """The ids of the answers that have none below them, in order: those that exclude each other."""
        return self.taxonomy.leaves

    @property
    def order(self) -> tuple[int, ...]:
        """The version as numbers that sort."""
        return tuple(int(part) for part in self.version.split("."))

    @property
    def parents(self) -> tuple[LabelSchema, ...]:
        """The versions that this one revises: none, one, or two where branches merge."""
        if self.revises is None:
            return ()
        return (self.revises,) if isinstance(self.revises, LabelSchema) else tuple(self.revises)

    def steps_since(self, parent: LabelSchema) -> tuple[Step, ...]:
        """Return the steps that lead from one of the parents to this version.

        Where branches merge and nothing was said by hand, they are what the other branch did since
        the two parted.
        """
        if isinstance(self.steps, Mapping):
            if parent.version in self.steps:
                return tuple(self.steps[parent.version])
        elif len(self.parents) == 1:
            return tuple(self.steps)
        return ways.steps_of_the_other_branch(self, parent)

    def restored(self) -> Iterator[tuple[LabelSchema, frozenset[str]]]:
        """Yield each older version that a split restores, with the ids that are exactly themselves again."""
        given = self.steps.values() if isinstance(self.steps, Mapping) else [self.steps]
        for step in (step for steps in given for step in steps):
            if isinstance(step, Split) and step.restores is not None:
                older = next((each for each in self.lineage() if each.version == step.restores), None)
                if older is not None:
                    yield older, frozenset(set(step.into) & set(older.ids) & set(self.ids))

    def label(self, label: Label | str) -> Label:
        """Return the answer with this id; raises ``UnknownLabelError``."""
        wanted = label_id(label)
        for each in self.answers:
            if each.id == wanted:
                return each
        raise UnknownLabelError(wanted, self.ids, of=f"{self.task} {self.version}")

    def parse(self, spelling: str) -> Label | None:
        """Return the answer that a stored value means in this version, or ``None``: ids and aliases only.

        Example:
            >>> from retrolabel.schema.labels import Label
            >>> labels = [Label("defect", aliases=["d"]), Label("task")]
            >>> version = LabelSchema(task="triage", version="1.0.0", labels=labels)
            >>> version.parse("d").id, version.parse("Defect")
            ('defect', None)
        """
        for label in self.answers:
            if spelling == label.id or spelling in label.aliases:
                return label
        return None

    def spellings(self) -> dict[str, str]:
        """Return stored spelling -> id: the ids themselves and their aliases."""
        return {spelling: label.id for label in self.answers for spelling in (*label.aliases, label.id)}

    def violations(self, present: Iterable[Label | str]) -> list[str]:
        """Return what is wrong with labels that one item has together, by the constraints.

        Raises:
            UnknownLabelError: The version has no such label.
        """
        held = frozenset(self.label(label).id for label in present)
        return [text for constraint in self.constraints if (text := constraint.violation(held))]

    def possible(self, union: LabelUnion) -> frozenset[str]:
        """Return the ids that a union leaves possible in this version, complemented where negated.

        To rule a label out is to rule out all below it, and what is above it where nothing else is below that.
        """
        if not union.negated:
            return union.ids
        left = frozenset(self.leaves) - self.taxonomy.leaves_of(union.ids)
        return frozenset(each for each in self.ids if self.taxonomy.below(each) <= left)

    def lineage(self) -> Iterator[LabelSchema]:
        """Yield this version and those that it came from, newest first."""
        seen: dict[str, LabelSchema] = {}
        waiting = [self]
        while waiting:
            each = waiting.pop()
            if each.version not in seen:
                seen[each.version] = each
                waiting += each.parents
        yield from sorted(seen.values(), key=lambda schema: schema.order, reverse=True)

    def __str__(self) -> str:
        """Return task and version."""
        return f"{self.task} {self.version}"


def _frozen(steps: Sequence[Step] | Mapping[str, Sequence[Step]]) -> tuple[Step, ...] | Mapping[str, tuple[Step, ...]]:
    if isinstance(steps, Mapping):
        return {version: tuple(some) for version, some in steps.items()}
    return tuple(steps)

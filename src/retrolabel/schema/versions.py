"""One version of a task's label schema, checked as a whole when it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.errors import SchemaError
from retrolabel.schema import soundness, ways
from retrolabel.schema.unchecked import UncheckedSchema

if TYPE_CHECKING:
    from typing import Self

    from retrolabel.schema.steps import Step


@dataclass(frozen=True, kw_only=True)
class LabelSchema(UncheckedSchema):
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

    def __post_init__(self) -> None:
        """Freeze the sequences, then check everything and raise once."""
        strange = list(soundness.strange(self, LabelSchema))
        if strange:
            raise SchemaError(f"Schema {self.task} {self.version} is not sound.", problems=strange)
        super().__post_init__()
        problems = list(soundness.problems(self))
        if problems:
            raise SchemaError(f"Schema {self.task} {self.version} is not sound.", problems=problems)

    def steps_since(self, parent: Self) -> tuple[Step, ...]:
        """Return the steps that lead from one of the parents to this version.

        Where branches merge and nothing was said by hand, they are what the other branch did since
        the two parted.
        """
        given = self.given_since(parent)
        return ways.steps_of_the_other_branch(self, parent) if given is None else given

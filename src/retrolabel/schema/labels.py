"""Labels, and the unions of them that a vote may leave possible."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrolabel.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LABEL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
OUTSIDE = frozenset({"cannot_tell"})
STATUSES = ("active", "deprecated", "reserved")


@dataclass(frozen=True, slots=True)
class Label:
    """One possible answer to the question that a task asks.

    Two labels are the same if they have the same id and the same meaning: definition, include and
    exclude rules, examples, rank, parent. Names, owners, hotkeys, colours and stored spellings may
    differ.

    Args:
        id: What the label is called in code and in storage; never reused for another meaning.
        definition: When the label holds, in one sentence that a human labeller can act on.
        include: Cases that belong to it.
        exclude: Near misses that do not.
        examples: Worked examples.
        name: What people see; the id if left out.
        aliases: Stored spellings that mean this label in this version of the schema.
        owner: The team that acts on it.
        hotkey: The key that picks it in an annotation tool.
        rank: Its place on an ordinal scale.
        parent: The id of the label above it in a taxonomy.
        status: ``active``; ``deprecated``, which history may hold and nobody should give any more; or
            ``reserved``, which is no answer and keeps an id from being used again.

    Raises:
        SchemaError: The id is not a word, or stands for "no answer" (``cannot_tell``).

    Example:
        >>> BUG, CRASH = Label("bug", "The product does what it should not."), Label("crash")
        >>> BUG | CRASH
        bug|crash
        >>> ~BUG
        ~bug
    """

    id: str
    definition: str = ""
    include: Sequence[str] = field(default=(), kw_only=True)
    exclude: Sequence[str] = field(default=(), kw_only=True)
    examples: Sequence[str] = field(default=(), kw_only=True)
    rank: int | None = field(default=None, kw_only=True)
    parent: str | None = field(default=None, kw_only=True)
    name: str = field(default="", compare=False, kw_only=True)
    aliases: Sequence[str] = field(default=(), compare=False, kw_only=True)
    owner: str = field(default="", compare=False, kw_only=True)
    hotkey: str = field(default="", compare=False, kw_only=True)
    status: str = field(default="active", compare=False, kw_only=True)

    def __post_init__(self) -> None:
        """Check the id and freeze what was given as lists."""
        if not _is_word(self.id):
            raise SchemaError(
                f"A label id is a word of letters, digits and _ . -, not {self.id!r}.",
                remedy="put what people should read into name=",
            )
        if self.id in OUTSIDE:
            raise SchemaError(
                f"{self.id!r} is no label: a labeller who cannot tell gives no label.",
                remedy="leave it out; gold import has --map-label for stored values of that kind",
            )
        if self.status not in STATUSES:
            raise SchemaError(f"Label {self.id!r}: status is one of {', '.join(STATUSES)}, not {self.status!r}.")
        for attribute in ("include", "exclude", "examples", "aliases"):
            value = getattr(self, attribute)
            if isinstance(value, str):
                raise SchemaError(f"Label {self.id!r}: {attribute} is a list of texts, not one text.")
            object.__setattr__(self, attribute, tuple(value))

    @property
    def title(self) -> str:
        """What people see: the name, or the id where there is none."""
        return self.name or self.id

    def __or__(self, other: Label | LabelUnion) -> LabelUnion:
        """Return the union of two labels: a vote that leaves both possible."""
        return union(self) | other

    def __invert__(self) -> LabelUnion:
        """Return everything but this label."""
        return ~union(self)


@dataclass(frozen=True, slots=True)
class LabelUnion:
    """The labels that a vote leaves possible, as its author wrote them.

    ``negated`` is kept instead of being worked out, because what "all but A" is depends on the
    version that is asked for.

    Example:
        >>> A, B = Label("a"), Label("b")
        >>> str(B | A), str(~(A | B)), (~A).ids == {"a"}
        ('a|b', '~a|b', True)
    """

    labels: frozenset[Label]
    negated: bool = False

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the labels as written, whether negated or not."""
        return frozenset(label.id for label in self.labels)

    def __or__(self, other: Label | LabelUnion) -> LabelUnion:
        """Return the labels that either side leaves possible."""
        if not isinstance(other, (Label, LabelUnion)):
            return NotImplemented
        right = union(other)
        if self.negated and right.negated:
            return LabelUnion(self.labels & right.labels, negated=True)
        if self.negated:
            return LabelUnion(self.labels - right.labels, negated=True)
        if right.negated:
            return LabelUnion(right.labels - self.labels, negated=True)
        return LabelUnion(self.labels | right.labels)

    def __invert__(self) -> LabelUnion:
        """Return what this union rules out."""
        return LabelUnion(self.labels, negated=not self.negated)

    def __str__(self) -> str:
        """Return the stored form: sorted ids joined by ``|``, with ``~`` in front if negated."""
        return ("~" if self.negated else "") + "|".join(sorted(self.ids))

    def __repr__(self) -> str:
        """Return the stored form."""
        return str(self)


def _is_word(label_id: object) -> bool:
    return isinstance(label_id, str) and LABEL_ID.fullmatch(label_id) is not None


def union(labels: Label | LabelUnion | Iterable[Label]) -> LabelUnion:
    """Return one label, or several, as a union.

    Example:
        >>> union(Label("a"))
        a
    """
    if isinstance(labels, LabelUnion):
        return labels
    return LabelUnion(frozenset([labels] if isinstance(labels, Label) else labels))


def label_id(label: Label | str) -> str:
    """Return the id of a label that may be given as an object or as its id."""
    return label.id if isinstance(label, Label) else label

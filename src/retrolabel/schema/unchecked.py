"""One version of a task's label schema as it is written: what it says, before anybody judges it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from retrolabel.errors import UnknownLabelError
from retrolabel.schema.labels import label_id
from retrolabel.schema.steps import Add, Split
from retrolabel.schema.taxonomy import Taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Self

    from retrolabel.schema.labels import Label, LabelUnion
    from retrolabel.schema.rules import AgreementTarget, Constraint
    from retrolabel.schema.steps import Step


@dataclass(frozen=True, kw_only=True)
class UncheckedSchema:
    """A version as it is written, sound or not.

    Relations, paths and the checks read this much of a version. ``LabelSchema`` adds the checks, and says what each
    field is for. Here each list becomes a tuple, and nothing is judged.

    Example:
        >>> from retrolabel.schema.labels import Label
        >>> v1 = UncheckedSchema(task="thumbs", version="1.0.0", labels=[Label("good"), Label("bad")])
        >>> v2 = UncheckedSchema(task="thumbs", version="2.0.0", labels=[Label("good")], revises=v1)
        >>> v2.ids, v2.steps_since(v1)  # bad is gone, and no step says where to
        (('good',), ())
    """

    task: str
    version: str
    labels: Sequence[Label]
    revises: Self | Sequence[Self] | None = field(default=None, repr=False)
    steps: Sequence[Step] | Mapping[str, Sequence[Step]] = field(default=(), hash=False)
    scale: str = "nominal"
    reason: str = ""
    guidelines: str = ""
    constraints: Sequence[Constraint] = ()
    agreement: AgreementTarget | None = None

    def __post_init__(self) -> None:
        """Freeze the sequences, so that nobody changes a version through the lists it was made from."""
        for attribute in ("labels", "constraints"):
            object.__setattr__(self, attribute, tuple(getattr(self, attribute)))
        if isinstance(self.revises, (list, tuple)):
            several = len(self.revises) > 1
            object.__setattr__(self, "revises", tuple(self.revises) if several else next(iter(self.revises), None))
        object.__setattr__(self, "steps", _frozen(self.steps))

    @cached_property
    def answers(self) -> tuple[Label, ...]:
        """The labels that may be given, in the order of the version: all but the reserved ones."""
        return tuple(label for label in self.labels if label.status != "reserved")

    @cached_property
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

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The version as numbers that sort."""
        return tuple(int(part) for part in self.version.split("."))

    @property
    def parents(self) -> tuple[Self, ...]:
        """The versions that this one revises: none, one, or two where branches merge."""
        if self.revises is None:
            return ()
        return (self.revises,) if isinstance(self.revises, UncheckedSchema) else tuple(self.revises)

    def given_since(self, parent: Self) -> tuple[Step, ...] | None:
        """Return the steps that were given from one of the parents to this version.

        ``None`` where they were left out, as they may be where branches merge.

        Example:
            >>> from retrolabel.schema.labels import Label
            >>> from retrolabel.schema.steps import Add
            >>> told = {"task": "thumbs", "labels": [Label("good"), Label("bad")]}
            >>> one, other = UncheckedSchema(version="1.1.0", **told), UncheckedSchema(version="1.2.0", **told)
            >>> merged = UncheckedSchema(version="2.0.0", revises=[one, other], steps={"1.1.0": [Add("bad")]}, **told)
            >>> merged.given_since(one), merged.given_since(other)
            ((Add(label='bad', carved_from=(), restores=None),), None)
        """
        if isinstance(self.steps, Mapping):
            return tuple(self.steps[parent.version]) if parent.version in self.steps else None
        return tuple(self.steps) if len(self.parents) == 1 else None

    def steps_since(self, parent: Self) -> tuple[Step, ...]:
        """Return the steps that lead from one of the parents to this version, as far as they were given.

        A ``LabelSchema`` also knows those that were left out. Relations tell what they are, and relations read this.
        """
        return self.given_since(parent) or ()

    def added_again(self) -> frozenset[str]:
        """Return the labels that an ``Add`` brings back from an older version, by its own word."""
        given = self.steps.values() if isinstance(self.steps, Mapping) else [self.steps]
        every = (step for steps in given for step in steps)
        return frozenset(step.label for step in every if isinstance(step, Add) and step.restores is not None)

    def restored(self) -> Iterator[tuple[Self, frozenset[str]]]:
        """Yield each older version that a step restores, with the ids that are exactly themselves again.

        A label that an ``Add`` brings back is itself again in every version since the named one that had it.
        """
        given = self.steps.values() if isinstance(self.steps, Mapping) else [self.steps]
        for step in (step for steps in given for step in steps):
            if isinstance(step, Split) and step.restores is not None:
                older = next((each for each in self.lineage() if each.version == step.restores), None)
                if older is not None:
                    yield older, frozenset(set(step.into) & set(older.ids) & set(self.ids))
            if isinstance(step, Add) and step.restores is not None and step.label in self.ids:
                yield from ((older, frozenset({step.label})) for older in self._had(step.label, step.restores))

    def _had(self, label_id: str, number: str) -> Iterator[Self]:
        """Yield a version and those after it, this one left out, in which a label is what it is here."""
        older = [each for each in self.lineage() if each is not self]
        named = next((each for each in older if each.version == number), None)
        if named is None or label_id not in named.ids:
            return
        for each in older:
            if each.order >= named.order and label_id in each.ids and each.label(label_id) == self.label(label_id):
                yield each

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
            >>> version = UncheckedSchema(task="triage", version="1.0.0", labels=labels)
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

    def names(self) -> dict[str, str]:
        """Return what people see -> id, for names that one answer alone has and that are no spelling of another.

        Human labels may be given by them; what labeling functions read is spelled as :meth:`spellings` says.

        Example:
            >>> from retrolabel.schema.labels import Label
            >>> labels = [Label("defect", name="Bug report"), Label("task")]
            >>> UncheckedSchema(task="triage", version="1.0.0", labels=labels).names()
            {'Bug report': 'defect'}
        """
        found = [label.name for label in self.answers if label.name]
        spelled = self.spellings()
        return {
            label.name: label.id
            for label in self.answers
            if label.name and found.count(label.name) == 1 and label.name not in spelled
        }

    def understood(self, text: str) -> Label | None:
        """Return the answer that a person means by a text: its id, an alias or its name; ``None`` where nobody can say.

        Case and white space do not matter, unless two answers differ in nothing else: then each is itself, and another
        writing is neither of them.

        Example:
            >>> from retrolabel.schema.labels import Label
            >>> labels = [Label("defect", name="Bug report"), Label("A"), Label("a")]
            >>> version = UncheckedSchema(task="triage", version="1.0.0", labels=labels)
            >>> version.understood("  bug  REPORT").id, version.understood("a").id, version.understood(" A ").id
            ('defect', 'a', 'A')
        """
        exact = {**self.names(), **self.spellings()}
        found = exact.get(text, exact.get(text.strip(), self._alike.get(_plain(text))))
        return self.label(found) if found is not None else None

    @cached_property
    def _alike(self) -> dict[str, str]:
        """What people may write, without regard to case and white space -> id, where one answer alone is meant."""
        meant: dict[str, set[str]] = {}
        for label in self.answers:
            for spelling in (label.id, *label.aliases, label.name):
                if spelling:
                    meant.setdefault(_plain(spelling), set()).add(label.id)
        return {spelling: next(iter(ids)) for spelling, ids in meant.items() if len(ids) == 1}

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

    def lineage(self) -> Iterator[Self]:
        """Yield this version and those that it came from, newest first."""
        seen: dict[str, Self] = {}
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


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _frozen(steps: Sequence[Step] | Mapping[str, Sequence[Step]]) -> tuple[Step, ...] | Mapping[str, tuple[Step, ...]]:
    if isinstance(steps, Mapping):
        return {version: tuple(some) for version, some in steps.items()}
    return tuple(steps)

"""What a label of one version may be in another: a relation, never a rewrite."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrolabel.errors import UnknownLabelError
from retrolabel.schema.labels import Label, label_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrolabel.schema.steps import Step
    from retrolabel.schema.unchecked import UncheckedSchema


@dataclass(frozen=True)
class Presence:
    """What is known of each label of a version about an item that may have several.

    Attributes:
        present: The labels that hold.
        absent: The labels that do not.
        unknown: The labels of which nothing is known.
        groups: Sets of labels of which at least one holds; none of them contains a present label.
    """

    present: frozenset[str]
    absent: frozenset[str]
    unknown: frozenset[str]
    groups: frozenset[frozenset[str]] = frozenset()

    @property
    def exact(self) -> bool:
        """Whether every label is known."""
        return not self.unknown


@dataclass(frozen=True)
class Relation:
    """What each label of one version may be in another: a relation, never a rewrite.

    Attributes:
        task: The task that both versions belong to.
        source: The version that labels are read from.
        target: The version that they are read as.
        images: For each source id, the target ids that it leaves possible; never empty.
        target_ids: All ids of the target version; an image equal to it says that nothing is known.
        suspect_positive: Source ids whose meaning changed so that "it is this" may no longer hold.
        suspect_negative: Source ids whose meaning changed so that "it is not this" may no longer hold.
        unknown: Source ids of which a step says that nothing is known; their image is all ids, and
            stays all ids when labels are added later.
        reach: For each source id, the target ids that the steps name for it: its image, or what is
            left of it where it is unknown. Labels that hold together need it.
        unasked: Target ids that nothing stored can rule out, because nobody was asked about all of
            what they hold.

    Example:
        >>> from retrolabel.schema.history import History
        >>> from retrolabel.schema.steps import Split
        >>> from retrolabel.schema.versions import LabelSchema
        >>> v1 = LabelSchema(task="thumbs", version="1.0.0", labels=[Label("good"), Label("bad")])
        >>> v2 = LabelSchema(task="thumbs", version="2.0.0", revises=v1, labels=[Label("good"), Label("slow"),
        ...                  Label("wrong")], steps=[Split("bad", into=["slow", "wrong"])])
        >>> up = History([v1, v2]).relation("1.0.0", "2.0.0")
        >>> sorted(up.project("bad")), up.kind("bad"), up.kind("good")
        (['slow', 'wrong'], 'set', 'exact')
        >>> sorted(up.inverse().project("slow"))
        ['bad']
    """

    task: str
    source: str
    target: str
    images: Mapping[str, frozenset[str]]
    target_ids: frozenset[str]
    suspect_positive: frozenset[str] = field(default=frozenset())
    suspect_negative: frozenset[str] = field(default=frozenset())
    unknown: frozenset[str] = field(default=frozenset())
    reach: Mapping[str, frozenset[str]] = field(default_factory=dict, compare=False)
    unasked: frozenset[str] = field(default=frozenset(), compare=False)

    def project(self, label: Label | str) -> frozenset[str]:
        """Return the target ids that a source label leaves possible; raises ``UnknownLabelError``."""
        source_id = label_id(label)
        try:
            return self.images[source_id]
        except KeyError:
            raise UnknownLabelError(source_id, tuple(self.images), of=f"{self.task} {self.source}") from None

    def kind(self, label: Label | str) -> str:
        """Return ``exact``, ``set`` or ``unknown``."""
        image = self.project(label)
        if len(image) == 1:
            return "exact"
        return "unknown" if image == self.target_ids else "set"

    def suspect(self, label: Label | str, *, positive: bool = True) -> bool:
        """Return whether an old "it is this" (or "it is not this") should be asked again.

        Raises:
            UnknownLabelError: The source version has no such label.
        """
        self.project(label)
        return label_id(label) in (self.suspect_positive if positive else self.suspect_negative)

    def project_presence(self, present: Iterable[Label | str]) -> Presence:
        """Return what the labels of an item of a ``multilabel`` task say in the target version.

        The labels given hold for the item and all others of the source version do not. A target
        label holds where a label that holds leads to it alone; it does not hold where everything
        that leads to it does not; of a set, at least one holds; nothing is known of a label that
        nobody was asked about.

        Args:
            present: The labels that the item has in the source version.

        Raises:
            UnknownLabelError: The source version has no such label.

        Example:
            >>> from retrolabel.schema.steps import Merge
            >>> from retrolabel.schema.versions import LabelSchema
            >>> fine = LabelSchema(task="mood", version="1.0.0", scale="multilabel",
            ...                    labels=[Label("joy"), Label("pride"), Label("fear")])
            >>> coarse = LabelSchema(task="mood", version="2.0.0", scale="multilabel", revises=fine,
            ...                      labels=[Label("fear"), Label("good_mood")],
            ...                      steps=[Merge(["joy", "pride"], into="good_mood")])
            >>> found = step_relation(coarse, fine).project_presence(["joy"])
            >>> sorted(found.present), sorted(found.absent)
            (['good_mood'], ['fear'])
        """
        held = {label_id(label) for label in present}
        for source_id in held:
            self.project(source_id)  # raises for a label that is not there
        images = [self.reach[each] & self.images[each] for each in sorted(held - self.unknown)]
        holds = frozenset().union(*(image for image in images if len(image) == 1))
        possible = frozenset().union(*(self.reach[source_id] for source_id in held))
        absent = self.target_ids - self.unasked - possible - holds
        groups = frozenset(image for image in images if len(image) > 1 and not image & holds)
        return Presence(holds, absent, self.target_ids - holds - absent, groups)

    def then(self, later: Relation) -> Relation:
        """Return the composed relation: first this one, then ``later``."""
        unknown = self.unknown | self._sources_of(later.unknown)
        images = {
            old: later.target_ids if old in unknown else frozenset().union(*(later.images[each] for each in image))
            for old, image in self.images.items()
        }
        return Relation(
            self.task,
            self.source,
            later.target,
            images,
            later.target_ids,
            (self.suspect_positive | self._sources_of(later.suspect_positive)) - unknown,
            (self.suspect_negative | self._sources_of(later.suspect_negative)) - unknown,
            unknown,
            {old: frozenset().union(*(later.reach[each] for each in named)) for old, named in self.reach.items()},
            later.unasked.union(*(later.reach[each] for each in self.unasked)),
        )

    def inverse(self) -> Relation:
        """Return the relation read backwards; an id that nothing led to is unknown."""
        source_ids = frozenset(self.images)
        images, reach = (
            {new: frozenset(old for old, named in way.items() if new in named) for new in sorted(self.target_ids)}
            for way in (self.images, self.reach)
        )
        unknown = self.unasked | {new for new, olds in images.items() if not olds}
        return Relation(
            self.task,
            self.target,
            self.source,
            {new: source_ids if new in unknown else olds for new, olds in images.items()},
            source_ids,
            frozenset().union(*(self.images[old] for old in self.suspect_negative)) - unknown,
            frozenset().union(*(self.images[old] for old in self.suspect_positive)) - unknown,
            unknown,
            reach,
            self.unknown,
        )

    def narrowed(self, other: Relation) -> Relation:
        """Return what both relations leave possible; a label is suspect only if it is in both.

        An image of the two that would be empty stays empty, for the caller to refuse.
        """
        return Relation(
            self.task,
            self.source,
            self.target,
            {old: image & other.images[old] for old, image in self.images.items()},
            self.target_ids,
            self.suspect_positive & other.suspect_positive,
            self.suspect_negative & other.suspect_negative,
            self.unknown & other.unknown,
            self._narrower_reach(other),
            self.unasked & other.unasked,
        )

    def _narrower_reach(self, other: Relation) -> dict[str, frozenset[str]]:
        """Return what leads to each target id by the one of the two ways that rules out more, and is asked about it."""
        here, there = (
            {new: {old for old, named in way.reach.items() if new in named} for new in self.target_ids}
            for way in (self, other)
        )
        by_other = {new for new in self.target_ids - other.unasked if new in self.unasked or there[new] <= here[new]}
        return {
            old: frozenset(new for new in self.target_ids if old in (there[new] if new in by_other else here[new]))
            for old in self.reach
        }

    def with_images(self, images: Mapping[str, frozenset[str]]) -> Relation:
        """Return the relation in which these ids have these images, beyond suspicion."""
        kept = frozenset(images)
        return Relation(
            self.task,
            self.source,
            self.target,
            {**self.images, **images},
            self.target_ids,
            self.suspect_positive - kept,
            self.suspect_negative - kept,
            self.unknown - kept,
            {old: images[old] | (named - kept) if old in kept else named for old, named in self.reach.items()},
            self.unasked - kept,
        )

    def _sources_of(self, middles: frozenset[str]) -> frozenset[str]:
        """Return the ids that lead to one of these, those left out of which nothing is known."""
        return frozenset(old for old, image in self.images.items() if image & middles and old not in self.unknown)


def identity(schema: UncheckedSchema) -> Relation:
    """Return the relation of a version with itself."""
    images = {each: frozenset({each}) for each in schema.ids}
    return Relation(schema.task, schema.version, schema.version, images, frozenset(schema.ids), reach=images)


def step_relation(schema: UncheckedSchema, parent: UncheckedSchema) -> Relation:
    """Return the relation of the steps that lead from one of a version's parents to it."""
    return relation_of_steps(schema.steps_since(parent), parent, schema)


def relation_of_steps(steps: Sequence[Step], parent: UncheckedSchema, schema: UncheckedSchema) -> Relation:
    """Return what the labels of ``parent`` may be in ``schema``, if these steps lie between them.

    Labels that several steps move may be what any of them says.
    """
    new_ids = frozenset(schema.ids)
    moved: dict[str, frozenset[str]] = {}
    unknown: set[str] = set()
    directions: dict[str, str] = {}
    for step in steps:
        for old, image in step.images().items():
            moved[old] = moved.get(old, frozenset()) | (image or frozenset())
            if image is None:
                unknown.add(old)
        directions |= step.redefines()
    reach = {old: moved.get(old, frozenset({old})) for old in parent.ids}
    images = {old: new_ids if old in unknown else named for old, named in reach.items()}
    suspect = {
        name: {old for old, direction in directions.items() if direction in (name, "shifted")} - unknown
        for name in ("narrower", "wider")
    }
    return Relation(
        schema.task,
        parent.version,
        schema.version,
        images,
        new_ids,
        frozenset(suspect["narrower"]),
        frozenset(suspect["wider"]),
        frozenset(unknown),
        reach,
        new_ids.difference(*reach.values()),
    )

"""How the answers of people read in one version: which labels each leaves, and which of a person's answers counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from retrolabel.gold.answers import ratings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.coding import Ratings
    from retrolabel.gold.projection import Readings
    from retrolabel.jobs.records.gold import Key
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers that stand.

    Attributes:
        standing: All of them: nobody superseded them or took them back.
        counted: Those that count: one of each person on an item.
        earlier: Those beside a better or newer one of the same person on the item, given under another version.
        unknown: Those that say nothing in the version.
        suspect: Those whose label or text changed its meaning since.
    """

    standing: int = 0
    counted: int = 0
    earlier: int = 0
    unknown: int = 0
    suspect: int = 0


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """One answer of a person on an item, as it reads in a version.

    Attributes:
        label: What the person said.
        leaves: The labels that it leaves; none where it says nothing.
        suspect: Whether it says nothing since its label, or the text, changed.
    """

    label: HumanLabel
    leaves: frozenset[str] = frozenset()
    suspect: bool = False

    @property
    def counts(self) -> bool:
        """Whether it says anything."""
        return bool(self.leaves)

    @property
    def key(self) -> Key:
        """The item."""
        return self.label.source, self.label.item_id


@dataclass(frozen=True)
class Reader:
    """Reads answers in one version.

    Attributes:
        schema: The version.
        history: All versions.
        readings: What an answer says in the version.
        depending: What was found of :meth:`depends`.
    """

    schema: LabelSchema
    history: History
    readings: Readings
    depending: dict[str, bool] = field(default_factory=dict)

    def read(self, label: HumanLabel) -> ReadAnswer:
        """Return what an answer leaves; all labels are as good as nothing."""
        reading, tree = self.readings(label), self.schema.taxonomy
        leaves = tree.leaves_of(reading.ids) & set(tree.leaves)
        if not reading.counts or len(leaves) == len(tree.leaves):
            return ReadAnswer(label, suspect=reading.suspect)
        return ReadAnswer(label, leaves)

    def depends(self, version: str) -> bool:
        """Return whether some labels of a version are one label here, beyond suspicion, and others are not."""
        if version not in self.depending:
            made_under = next(each for each in self.history if each.version == version)
            said = [self.readings.of(label, version) for label in made_under.ids]
            tree = self.schema.taxonomy
            self.depending[version] = any(not each.counts or len(tree.leaves_of(each.ids)) != 1 for each in said)
        return self.depending[version]

    def asks_the_same(self, version: str) -> bool:
        """Return whether people were asked under a version what they are asked here, or something finer.

        So each label of it is one label here, no label changed its meaning, and none is here that could not be given.
        """
        if self.depends(version):
            return False
        made_under = next(each for each in self.history if each.version == version)
        said = [self.readings.of(label, version) for label in made_under.ids]
        tree = self.schema.taxonomy
        reached = {leaf for each in said for leaf in tree.leaves_of(each.ids)}
        return reached >= set(tree.leaves) and not any(each.near_miss for each in said)

    def counted(self, labels: Sequence[HumanLabel]) -> tuple[list[ReadAnswer], Answers]:
        """Return one answer of each person on an item, and how many there were of which kind."""
        best: dict[tuple[Key, str], tuple[tuple[bool, bool, tuple[int, ...], int], ReadAnswer]] = {}
        kinds: Counter[str] = Counter()
        for place, label in enumerate(labels):
            answer = self.read(label)
            kinds["counted" if answer.counts else "suspect" if answer.suspect else "unknown"] += 1
            version = tuple(int(part) for part in label.schema_version.split("."))
            rank = (answer.counts, len(answer.leaves) == 1, version, place)
            of = (answer.key, label.annotator)
            if of not in best or rank > best[of][0]:
                best[of] = (rank, answer)
        found = [answer for _, answer in best.values()]
        counted = sum(answer.counts for answer in found)
        told = Answers(len(labels), counted, kinds["counted"] - counted, kinds["unknown"], kinds["suspect"])
        return found, told


def in_order(schema: LabelSchema) -> tuple[str, ...]:
    """Return the labels that exclude each other, by rank on an ordinal scale."""
    if schema.scale != "ordinal":
        return schema.leaves
    return tuple(sorted(schema.leaves, key=lambda leaf: schema.label(leaf).rank or 0))


def as_ratings(answers: Sequence[ReadAnswer], said: Sequence[Any], values: Sequence[Any] | None = None) -> Ratings:
    """Return answers as ratings, whose items are (source, item id)."""
    found = ratings_of(
        ["\0".join(answer.key) for answer in answers],
        [answer.label.annotator for answer in answers],
        said,
        values=values,
    )
    return replace(found, items=tuple(tuple(item.split("\0", 1)) for item in found.items))

"""Gold of one role, as it reads in one version; and the draws that it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from retrolabel.gold.adjudication import HumanLabel

Key = tuple[str, str]
"""(source, item id)."""


@dataclass(frozen=True)
class Batch:
    """Items that were drawn for people, all by one design.

    Attributes:
        task: The task that they were asked about.
        source: The source that they were drawn from.
        role: What they are for.
        design: ``random``, ``stratified`` or ``other``: what it is taken for.
        asked: What it was said to be.
        items: How many there are.
        population: How many live items the source had then.
        at: When they came; where we drew, when that was.
        seed: The seed of the draw, where we drew.
        purpose: What it was drawn for, where we drew: ``dev``, ``split``, ``audit`` and so on.
        schema_version: The version that people were asked under, where we drew.
        file: The file that was written for them.
        undone_at: When the draw was taken back; what was answered by then keeps its draw.
    """

    task: str
    source: str
    role: str
    design: str
    asked: str
    items: int
    population: int
    at: datetime
    seed: int | None = None
    purpose: str | None = None
    schema_version: str | None = None
    file: str | None = None
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DrawnItem:
    """An item of a draw that is remembered.

    Attributes:
        item_id: The item.
        revision: The content that people were shown, as its digest.
        inclusion: The probability with which it was drawn; ``None`` in a draw without probabilities.
        answered: Whether somebody labelled it since.
    """

    item_id: str
    revision: str
    inclusion: float | None = None
    answered: bool = False


class Answer(NamedTuple):
    """What one person said about one item, with what was kept beside it.

    Attributes:
        label: What they said.
        rationale: Why, in their words.
        seconds: How long they took.
        imported_at: When it came into the store.
    """

    label: HumanLabel
    rationale: str | None
    seconds: float | None
    imported_at: datetime | None = None


class Told(NamedTuple):
    """What gold says of one item.

    Attributes:
        places: The places of the labels that it leaves possible.
        weight: How many items it stands for; 0 where nobody knows how it was drawn.
    """

    places: frozenset[int]
    weight: float


@dataclass
class ResolvedGold:
    """Gold of one role as it reads in one version, with what had to stay out: a gold set.

    Attributes:
        sets: The item -> places of the labels that its gold leaves possible.
        weights: The item -> how many items it stands for, for those of a known design.
        draws: The item -> the number of the batch that it was drawn in, for the same.
        said: The item -> what its people said under each version: label and version.
        older: The labels, with their versions, that are several labels here.
        ties: Items without a label because people were tied.
        unknown: Items whose gold says nothing here.
        suspect: Items whose text or label changed since.
        near_test: Items that are near copies of test items: they stay out of dev.
        near_misses: Items that might bear another label, because it became wider.
        ranks: The ranks of the labels, in an ordinal version.
        notes: What did not go as the task's adjudication says, in words.
        role: The role.
        version: The version.
    """

    sets: dict[Key, frozenset[int]] = field(default_factory=dict)
    weights: dict[Key, float] = field(default_factory=dict)
    draws: dict[Key, int | None] = field(default_factory=dict)
    said: dict[Key, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    older: set[tuple[str, str]] = field(default_factory=set)
    ties: int = 0
    unknown: int = 0
    suspect: int = 0
    near_test: int = 0
    near_misses: int = 0
    ranks: tuple[int, ...] | None = None
    notes: tuple[str, ...] = ()
    role: str = ""
    version: str = ""

    @property
    def places(self) -> dict[Key, int]:
        """The item -> the place of its label, for those that gold leaves one."""
        return {key: next(iter(places)) for key, places in self.sets.items() if len(places) == 1}

    @property
    def hash(self) -> str:
        """What tells this gold set from every other one: role, version, items, their labels and what they stand for.

        Two figures that carry the same hash are from the same gold.
        """
        rows = sorted([*key, sorted(places), self.weights.get(key)] for key, places in self.sets.items())
        return digest({"role": self.role, "version": self.version, "items": rows})

    def told(self, sources: Collection[str]) -> dict[Key, Told]:
        """Return what gold says of the items of some sources, as a label model is fitted with it."""
        return {key: Told(places, self.weights.get(key, 0.0)) for key, places in self.sets.items() if key[0] in sources}

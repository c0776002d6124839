"""What a labeling function is judged by on a sample, and what comes out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.gold.agreement import NOTHING, Estimate

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from retrolabel.votes import VoteMatrix

FEW = 10
"""Below so many items a share says little, which is said beside it."""
CONFIDENT = 0.9
"""From this probability on, a label set's label is held against a vote."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What is known of the items of a sample, beside what they say.

    Attributes:
        labels: The labels.
        drawn: bool [n]: whether the item is one of the even draw; the others are there for their dev gold alone.
        total: The number of live items that were drawn from.
        others: The stored votes of the other labeling functions, n x m.
        missing: The labeling functions whose votes are not stored.
        gold: bool [n, k]: the labels that dev gold leaves; no row where there is none.
        judged_by: The beginning of the id of the newest label set; empty without one.
        said: int [n]: the place of its label, -1 where it has none.
        sure: float [n]: the probability of that label.
    """

    labels: tuple[str, ...]
    drawn: npt.NDArray[np.bool_]
    total: int
    others: VoteMatrix
    missing: tuple[str, ...]
    gold: npt.NDArray[np.bool_]
    judged_by: str
    said: npt.NDArray[np.int64]
    sure: npt.NDArray[np.float64]

    @property
    def has_gold(self) -> npt.NDArray[np.bool_]:
        """Bool [n]: whether dev gold says anything of the item."""
        return np.asarray(self.gold.any(axis=1))

    @property
    def confident(self) -> npt.NDArray[np.bool_]:
        """Bool [n]: whether the label set is confident of a label of the item."""
        return (self.said >= 0) & (self.sure >= CONFIDENT)


@dataclass(frozen=True)
class Share:
    """How many of some items are right.

    Attributes:
        right: How many.
        of: Of how many.
        figure: The share with its 95 % interval.
    """

    right: int
    of: int
    figure: Estimate = NOTHING

    def __str__(self) -> str:
        """Return the share with what it is of, and that it is of few where it is."""
        if not self.of:
            return "unknown (0 items)"
        few = f" (only {self.of}: it says little)" if self.of < FEW else ""
        return f"{self.figure} of {self.of:,}{few}"


@dataclass(frozen=True)
class Partner:
    """Another labeling function that votes on the same items.

    Attributes:
        lf: Its name.
        both: On how many items both vote.
        against: On how many of these they share no label.
    """

    lf: str
    both: int
    against: int


@dataclass(frozen=True)
class Figures:
    """What a labeling function does on a sample. Dev figures are over all dev gold, the others over the even draw.

    Attributes:
        items: The items of the draw.
        hits: On how many it votes.
        votes: Its votes, and how often each is cast.
        alone: Hits on which no other labeling function votes; ``None`` where no other's votes are stored.
        overlaps: Hits on which another one votes.
        conflicts: Hits on which another one votes for what shares no label with it.
        partners: The others that vote on its hits, those against it first.
        dev_items: Items with dev gold.
        dev_one: How many of them have gold that is one label.
        dev_hits: On how many of the dev items it votes.
        precision: How many of its votes on dev gold that is one label leave that label possible.
        by_vote: Vote -> the same, for each of its votes where there are several.
        recall: Vote -> of the dev gold that is the vote's label, how much gets the vote.
        confident: Of its hits without dev gold on which the label set is confident, how many agree.
        faults: On how many items it failed.
    """

    items: int
    hits: int
    votes: Mapping[str, int]
    alone: int | None
    overlaps: int | None
    conflicts: int | None
    partners: tuple[Partner, ...]
    dev_items: int
    dev_one: int
    dev_hits: int
    precision: Share
    by_vote: Mapping[str, Share]
    recall: Mapping[str, Share]
    confident: Share
    faults: int = 0

    @property
    def coverage(self) -> float:
        """The share of the items of the draw on which it votes."""
        return self.hits / self.items if self.items else 0.0

    def blind(self, vote: str) -> float | None:
        """Return the share of dev gold on which a vote would be right, were it cast on every item; ``None`` without."""
        there = self.recall.get(vote)
        return there.of / self.dev_one if there is not None and self.dev_one else None

    def as_dict(self) -> dict[str, Any]:
        """Return them as plain data."""
        return {"coverage": self.coverage, **asdict(self)}


@dataclass(frozen=True)
class Failed:
    """An item on which a labeling function failed: its source and id, what was raised, and where."""

    source: str
    item_id: str
    error: str
    trace: str


@dataclass(frozen=True)
class Marginal:
    """What a labeling function adds to the label set, its label model fitted on the sample with it and without.

    Attributes:
        coverage: The share of the drawn items with a vote, with it.
        coverage_without: The same without it.
        accuracy: The share of dev gold items that are right, with it, of those that all together cover.
        accuracy_without: The same without it; one that is covered no more is wrong.
        change: The accuracy with it minus that without, with its paired 95 % interval.
        judged: On how many dev items.
        judged_without: How many of these have a vote without it.
    """

    coverage: float
    coverage_without: float
    accuracy: float | None
    accuracy_without: float | None
    change: tuple[float, float, float] | None
    judged: int
    judged_without: int = 0

    def named(self) -> list[tuple[str, object]]:
        """Return the figures by name, as they stand in a frame."""
        change = None if self.change is None else (*self.change, self.judged)
        return [
            ("coverage of all, with it", self.coverage),
            ("coverage of all, without it", self.coverage_without),
            ("dev accuracy of all, with it", self.accuracy),
            ("dev accuracy of all, without it", self.accuracy_without),
            ("change of dev accuracy by it", change),
            ("dev accuracy of those that have a vote without it", self.accuracy_where_without),
        ]

    @property
    def accuracy_where_without(self) -> float | None:
        """The share that is right without it, of the dev items that have a vote without it; ``None`` where none has."""
        if self.accuracy_without is None or not self.judged_without:
            return None
        return self.accuracy_without * self.judged / self.judged_without

    def named_plainly(self) -> dict[str, Any]:
        """Return the same as plain data."""
        names = ("coverage", "coverage_without", "accuracy", "accuracy_without", "change", "judged")
        return {name: getattr(self, name) for name in names}

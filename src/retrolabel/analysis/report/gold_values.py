"""What a report says of gold, as plain values: of all items, of the people, of the labels that stay possible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from retrolabel.analysis.report.disagreement_values import Disagreement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.analysis.report.disagreement_values import OverTime
    from retrolabel.gold.breakdowns import Part
    from retrolabel.gold.coefficient import Coefficient
    from retrolabel.gold.confusions import Confusion
    from retrolabel.gold.powered import Powered


@dataclass(frozen=True)
class Unsaid:
    """Something that gold does not say.

    Attributes:
        why: Why not, in a sentence.
        remedy: What would help; empty where nothing does.
    """

    why: str
    remedy: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return both as plain data."""
        return {"why": self.why, "remedy": self.remedy}


@dataclass(frozen=True)
class Frequency:
    """How frequent a label is.

    Attributes:
        label: The label.
        given: Its share of the labels that the label set gives; ``None`` where it gives none.
        found: Its share of all items, as gold has it.
        open: Gold items that leave it open.
    """

    label: str
    given: float | None
    found: Powered
    open: int = 0

    @property
    def off(self) -> float:
        """How far the label set's share lies outside of the interval: above 0 too many, below 0 too few."""
        low, high = self.found.low, self.found.high
        if self.given is None or low is None or high is None:
            return 0.0
        return self.given - high if self.given > high else min(0.0, self.given - low)


@dataclass(frozen=True)
class Whole:
    """What a label set is worth on all items.

    Attributes:
        role: The role of the gold.
        gold: How many gold items it is from.
        sources: The sources of the items.
        items: How many items there are.
        labelled: How many of them have a label.
        accuracy: The share of those of which it is right.
        accuracy_of_all: The share of all items whose label is right.
        sentences: Both as sentences, without a beginning and an end.
        frequencies: How frequent each label is, in the schema's order.
        notes: What a person should know.
    """

    role: str
    gold: int
    sources: tuple[str, ...]
    items: int
    labelled: int
    accuracy: Powered
    accuracy_of_all: Powered
    sentences: tuple[str, str]
    frequencies: tuple[Frequency, ...]
    notes: tuple[str, ...] = ()

    @property
    def furthest(self) -> Frequency | None:
        """The label whose share in the label set is furthest outside of its interval; ``None`` where none is."""
        off = [each for each in self.frequencies if each.off]
        return max(off, key=lambda each: abs(each.off)) if off else None

    def as_dict(self) -> dict[str, Any]:
        """Return the two figures as plain data."""
        return {
            "role": self.role,
            "accuracy": self.accuracy.as_dict(),
            "accuracy_of_all": self.accuracy_of_all.as_dict(),
        }


@dataclass(frozen=True)
class People:
    """How far people agree.

    Attributes:
        version: The version that their answers are read in.
        people: How many people there are.
        roles: The roles of the answers.
        compared: On how many items two people or more gave one label each: what the figures are over.
        figures: The figures over all labels, by name.
        labels: Each label against the rest.
        pairs: The labels between which people differ, most items first.
        notes: What the figures are over, and what they do not say.
    """

    version: str
    people: int
    roles: tuple[str, ...]
    compared: int
    figures: tuple[tuple[str, Coefficient], ...]
    labels: tuple[Part, ...]
    pairs: tuple[Confusion, ...]
    notes: tuple[str, ...] = ()

    @property
    def most_confused(self) -> Sequence[Confusion]:
        """The pairs of labels between which people differ on the most items; several where they are equal."""
        return [each for each in self.pairs if each.differ == self.pairs[0].differ]


@dataclass(frozen=True)
class Possible:
    """How many labels stay possible.

    Attributes:
        coverage: Which share of the items is to have its truth among its possible labels.
        gold: How many gold items say so.
        sizes: How many items have one possible label, two, three and so on, of those that were looked at.
        items: How many items there are.
        promise: What is promised, in a sentence.
        notes: What a person should know.
    """

    coverage: float
    gold: int
    sizes: tuple[int, ...]
    items: int
    promise: str
    notes: tuple[str, ...] = ()

    @property
    def counted(self) -> int:
        """How many items were looked at."""
        return sum(self.sizes)


@dataclass(frozen=True)
class AboutGold:
    """What gold says, or why it does not.

    Attributes:
        whole: Of all items.
        people: How far people agree.
        possible: How many labels stay possible.
        over_time: How far people agree, period by period; ``None`` where there are no two periods.
        reasons: Why people disagree; ``None`` where no two of them answered the same.
    """

    whole: Whole | Unsaid
    people: People | Unsaid
    possible: Possible | Unsaid
    over_time: OverTime | None = None
    reasons: Disagreement | Unsaid | None = None

    def without_items(self) -> AboutGold:
        """Return the same without any item, and without words that are of the items."""
        reasons = self.reasons.without_items() if isinstance(self.reasons, Disagreement) else self.reasons
        return replace(self, over_time=self.over_time and self.over_time.without_items(), reasons=reasons)

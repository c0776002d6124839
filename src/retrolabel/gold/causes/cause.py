"""What is found of why people disagree: causes, each with its share and items, and what is withheld."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from retrolabel.gold.causes.panel import Ints

Kind: TypeAlias = Literal["spec", "data", "person", "taste"]
KINDS: tuple[Kind, ...] = ("spec", "data", "person", "taste")
NAMES: dict[Kind, str] = {"spec": "the spec", "data": "the data", "person": "one person", "taste": "taste"}


Rule: TypeAlias = tuple[tuple[tuple[str, ...], bool], ...]
"""What items of a kind have in common, all of it: names of conditions, and whether any of them is met, or none."""


@dataclass(frozen=True, slots=True, eq=False)
class Cause:
    """A cause that stands out.

    Attributes:
        kind: ``spec``, ``data``, ``person`` or ``taste``.
        share: Its share of the disagreement;
        low: the lower end of the 95 % interval,
        high: and the upper one.
        p: In which share of cases chance alone would look like it.
        items: The places of the items to talk about, those that say most first.
        labels: The places of two labels: that people are torn between; that the person says, and where the others say
            the other; that camps are on. None where it is no pair.
        rule: What the items have in common; empty where no kind was found.
        person: The place of the person; None of the others.
        times: For a person: how often they say so;
        of: of how many items on which the others say the other label;
        others: how often somebody else does, as a share.
        camp: int [P]: the camp of each person, 0 or 1; None of the others.
        asked: For camps and for the data: how many answers were asked again on such items;
        changed: how many of them changed.
    """

    kind: Kind
    share: float
    low: float
    high: float
    p: float
    items: Ints
    labels: tuple[int, int] | None = None
    rule: Rule = ()
    person: int | None = None
    times: int = 0
    of: int = 0
    others: float = 0.0
    camp: Ints | None = None
    asked: int = 0
    changed: int = 0


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """Why people disagree.

    Attributes:
        causes: Those that stand out, the largest share first.
        withheld: Kind -> why nothing is said of it.
        tested: Kind -> in which share of cases chance alone would look like the most surprising one.
        split: The items on which people differ.
        several: The items that several people answered.
    """

    causes: tuple[Cause, ...]
    withheld: dict[Kind, str] = field(default_factory=dict)
    tested: dict[Kind, float] = field(default_factory=dict)
    split: int = 0
    several: int = 0

    @property
    def rest(self) -> float:
        """The share of the disagreement that is chance, or cannot be told apart."""
        return max(0.0, 1.0 - sum(cause.share for cause in self.causes))

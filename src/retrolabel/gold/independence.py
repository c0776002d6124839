"""Whether items that are called a random sample can be one: were they chosen by what was known of them before?

A random sample of n of N items shows every feature about as often as all items do: the number follows the
hypergeometric distribution. What occurs in the sample far more often than chance allows was a reason to choose. All
features are tried, and the least probable one is told, its probability multiplied by how many were tried (Bonferroni).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST = 1e-4
"""A random sample is taken for a chosen one once in so many."""
FEWEST = 10
"""Fewer items than this prove nothing."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How often a feature occurs.

    Attributes:
        feature: What it is, as a person says it: ``items on which the LF crash votes crash``.
        here: How many items of the sample show it.
        items: How many the sample has.
        there: How many of all items show it.
        population: How many there are.
    """

    feature: str
    here: int
    items: int
    there: int
    population: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A feature that a random sample would not show so often.

    Attributes:
        shown: The feature.
        probability: How probable it is that one of the features that were tried occurs so often by chance, at most.
    """

    shown: Shown
    probability: float

    def __str__(self) -> str:
        """Return what speaks against chance, with its figure."""
        s = self.shown
        chance = f"{self.probability:.1e}" if self.probability > 0 else "0"
        return (
            f"{s.here:,} of the {s.items:,} are {s.feature}, and {s.there / s.population:.1%}".replace("%", " %")
            + f" of all {s.population:,} items are; by chance that happens with probability {chance} at most"
        )


def chosen_by(features: Iterable[Shown]) -> Chosen | None:
    """Return the feature that speaks most against a random sample, if one does beyond chance.

    Args:
        features: What was known of the items before they were labelled.

    Example:
        >>> chosen_by([Shown("labelled login", 30, 30, 500, 4000)]).probability < 1e-20
        True
        >>> chosen_by([Shown("labelled login", 5, 30, 500, 4000)]) is None
        True
    """
    from scipy.stats import hypergeom  # noqa: PLC0415 - slow to import, and asked once an import

    tried = [each for each in features if each.items >= FEWEST and 0 < each.there < each.population]
    found = [
        Chosen(each, min(1.0, float(hypergeom.sf(each.here - 1, each.population, each.there, each.items)) * len(tried)))
        for each in tried
    ]
    least = min(found, key=lambda each: each.probability, default=None)
    return least if least is not None and least.probability < LEAST else None

"""How far a period is from what the periods before say of it, in standard errors: what control charts look at.

A part of a calibration set is asked in each period, and a part is new. What is hard about an item that is asked again
is hard each time: it is in the figure of each period, so these figures move together, and an interval over the items
of one period is too wide for a step from one to the next. On new items it is not. So a score is taken as

    score of item i in period t = level + difficulty of i + the rest,

with the variances of difficulties and of the rest learned from the periods before. The period is predicted from those
(best linear prediction, Henderson 1975): an item asked before by its own mean, drawn towards the level as far as it is
the rest; a new one by the level. The error of the prediction in its standard errors is the point of the chart. While
the level stays, such errors are independent of each other, whatever part is asked again (recursive residuals: Brown,
Durbin & Evans 1975), and what is not known yet of the level after few periods is in the standard error: a self-starting
chart (Hawkins 1987), which needs no separate baseline and has no more false alarms early.

Most items have the score 0 and some a large one, so that the mean of 30 of them is skewed: it is large by chance more
often than a normal variable. The error is therefore put on the normal scale by its skewness (a Pearson III variable:
Wilson & Hilferty 1931). Without that a pair of labels that is confused on one item in a hundred would alarm at two.

The mean over all items is looked at, each alike. Items asked again say more of a step, and could weigh more; but who
remembers an answer repeats it, and a chart that believes such items above all would miss a fall.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]
    Ints: TypeAlias = npt.NDArray[np.int64]

STEADY = 10
"""As so many answers weighs the guess that half of the variance is difficulty, where few items were asked again."""
STRAIGHT = 1e-3
"""Where the skewness is smaller there is none."""
DOUBT = 0.5
"""As if half an item more had differed as far as can be: where nobody differed, chance is not ruled out."""


@dataclass(frozen=True, slots=True)
class Innovation:
    """How far a period is from what those before say of it.

    Attributes:
        expected: The mean score that is expected.
        found: The mean score that is there.
        se: The standard error of the difference while nothing changed.
        skew: Its skewness.
        n: Items of the period.
    """

    expected: float
    found: float
    se: float
    skew: float
    n: int

    @property
    def z(self) -> float:
        """The difference in standard errors, as of a normal variable: below 0 where people agree less than expected."""
        return -normal_score((self.found - self.expected) / self.se, self.skew)


def normal_score(x: float, skew: float) -> float:
    """Return what a normal variable is as likely to exceed as a skewed one exceeds ``x``; both of variance 1.

    Example:
        >>> round(normal_score(3.0, 0.3), 2), round(normal_score(3.0, 0.0), 2), round(normal_score(-0.4, 5.0), 2)
        (2.69, 3.0, -0.37)
    """
    if abs(skew) < STRAIGHT:
        return x
    return 6 / skew * (math.cbrt(max(0.0, skew * x / 2 + 1)) - 1) + skew / 6


@dataclass(frozen=True, slots=True)
class Components:
    """Where the variance of scores comes from.

    Attributes:
        items: The variance of difficulties.
        rest: The variance of the rest.
        skew: The skewness of both.
    """

    items: float
    rest: float
    skew: float

    def scaled(self, of_items: float, of_rest: float, power: int) -> float:
        """Return a sum of both, each times what an error has of it: of variances, or of third cumulants."""
        return float(self.items ** (power / 2) * of_items + self.rest ** (power / 2) * of_rest)


def components(scores: Floats, items: Ints) -> Components:
    """Return the variances of difficulties and of the rest, and the skewness of both, by moments.

    Args:
        scores: float [a].
        items: int [a]: of which item.
    """
    of, place, times = np.unique(items, return_inverse=True, return_counts=True)
    off, mean = scores - scores.mean(), float(scores.mean())
    total = (float((off**2).sum()) + DOUBT * (1 - mean) ** 2) / max(1, len(scores) - 1)
    third = (float((off**3).sum()) + DOUBT * (1 - mean) ** 3) / max(1, len(scores) - 1)
    means = np.bincount(place, scores, len(of)) / times
    within = float(((scores - means[place]) ** 2).sum())
    rest = min(total, (within + STEADY * total / 2) / (len(scores) - len(of) + STEADY))
    hard = total - rest
    return Components(hard, rest, third / (hard**1.5 + rest**1.5))


def innovation(
    before: Floats, items_before: Ints, now: Floats, items_now: Ints, of: Components | None = None
) -> Innovation:
    """Return how far the mean score of a period is from what is expected of it.

    Args:
        before: float [a]: the scores of the periods before.
        items_before: int [a]: of which items.
        now: float [n]: the scores of the period.
        items_now: int [n]: of which items.
        of: The components of variance; those of ``before`` if left out.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> hard = rng.normal(0.3, 0.2, 40)
        >>> asked = lambda: hard + rng.normal(0, 0.05, 40)
        >>> before = np.concatenate([asked() for _ in range(5)])
        >>> again = innovation(before, np.tile(np.arange(40), 5), asked(), np.arange(40))
        >>> new = innovation(before, np.tile(np.arange(40), 5), asked(), np.arange(40, 80))
        >>> round(again.se, 3), round(new.se, 3)
        (0.01, 0.036)
    """
    of = of or components(before, items_before)
    known, place, times = np.unique(items_before, return_inverse=True, return_counts=True)
    means = np.bincount(place, before, len(known)) / times
    says = times / (times * of.items + of.rest)
    weights = says / says.sum()
    level = float(weights @ means)
    own = says * of.items
    n = len(now)
    every, asked = np.unique(items_now, return_counts=True)
    share = asked / n
    at = np.minimum(np.searchsorted(known, every), len(known) - 1)
    seen = known[at] == every
    drawn = np.where(seen, own[at], 0.0)
    expected = float((share * ((1 - drawn) * level + drawn * np.where(seen, means[at], 0.0))).sum())
    pull = weights * float((share * (1 - drawn)).sum())  # how far each item of before moves what is expected
    pull[at[seen]] += (share * drawn)[seen]
    both = np.concatenate([share[~seen], -pull])
    both[(~seen).sum() + at[seen]] += share[seen]
    variance = of.scaled(float((both**2).sum()), 1 / n + float((pull**2 / times).sum()), 2)
    third = of.skew * of.scaled(float((both**3).sum()), 1 / n**2 - float((pull**3 / times**2).sum()), 3)
    return Innovation(expected, float(now.mean()), math.sqrt(variance), third / variance**1.5, n)

"""The figures of one period: how far all people agree, on each two labels, each person with the rest, and with itself.

Each comes with its 95 % interval over the items, and is withheld where fewer than :data:`LEAST` items speak. Of 20 to
50 items the intervals of alpha hold the true value in 94 to 98 of 100 cases (``benchmarks/agreement_series.py
intervals``). The interval is of the period alone: to compare two periods with the same items by it is too careful.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold.coding import Ratings
from retrolabel.gold.coefficients import krippendorff_alpha, share_agreeing
from retrolabel.gold.series.scores import Score, nominal, of_two

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.gold.coefficient import Coefficient
    from retrolabel.gold.series.scores import Asked, Floats

LEAST = 20
"""On fewer items a figure of a period is withheld."""
DRAWS = 500
"""Resamples of an interval: there are many."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How far people agree in one period.

    Attributes:
        items: Items that two people or more answered.
        again: Those of them that were answered in a period before.
        alpha: Krippendorff's alpha.
        agreement: How often two people give an item the same label.
        pairs: Two places of labels -> how often two people do not differ between them, on the items that somebody gave
            one of both.
        people: The place of a person -> how often another person says the same as they do.
        own: The place of a person -> how often they say again what they said of the item the last time, in a period
            before.
    """

    items: int
    again: int
    alpha: Coefficient
    agreement: Coefficient
    pairs: Mapping[tuple[int, int], Coefficient]
    people: Mapping[int, Coefficient]
    own: Mapping[int, Coefficient]


def mean_agreement(scores: Floats, *, least: int = LEAST, draws: int = DRAWS) -> Coefficient:
    """Return 1 - the mean of scores, with its interval over items.

    Args:
        scores: float [n], NaN where an item says nothing.
        least: On fewer items it is withheld.
        draws: Resamples of the interval.

    Example:
        >>> print(mean_agreement(np.repeat([0.0, 1.0], [30, 10])))
        0.750 [0.600, 0.875] (40 items)
    """
    agree, times = np.unique(1 - scores[np.isfinite(scores)].round(9), return_counts=True)
    return share_agreeing(agree, times.astype(np.int64), least=least, draws=draws, seed=0)


def figures_of(  # noqa: PLR0913 - what is looked at, and how
    period: Asked,
    before: Sequence[Asked],
    values: Sequence[str],
    level: str = "nominal",
    pairs: Sequence[tuple[int, int]] = (),
    *,
    draws: int = DRAWS,
) -> Figures:
    """Return the figures of one period.

    Args:
        period: What people said in it.
        before: The periods before it, oldest first, since the last change of meaning.
        values: The labels.
        level: ``nominal`` or ``ordinal``.
        pairs: The pairs of labels that are wanted.
        draws: Resamples of each interval.
    """
    codes = period.codes
    people, _ = codes.shape
    equal = Score(nominal(len(values)))
    scores, own = equal.of(codes)
    there = np.isfinite(scores)
    earlier = np.unique(np.concatenate([each.items for each in before])) if before else np.array([], np.int64)
    ratings = Ratings(codes, tuple(values), tuple(range(people)), tuple(period.items.tolist()))
    active = [who for who in range(people) if (codes[who] >= 0).any()]
    return Figures(
        items=int(there.sum()),
        again=int(np.isin(period.items[there], earlier).sum()),
        alpha=krippendorff_alpha(ratings, level, least=LEAST, draws=draws),
        agreement=mean_agreement(scores, draws=draws),
        pairs={pair: mean_agreement(of_two(len(values), *pair).of(codes)[0], draws=draws) for pair in pairs},
        people={who: mean_agreement(own[who], draws=draws) for who in active},
        own={who: mean_agreement(changed(period, before, who), draws=draws) for who in active},
    )


def changed(period: Asked, before: Sequence[Asked], who: int) -> Floats:
    """Return of which items a person says something else than the last time; NaN where there is no last time.

    Args:
        period: What people said in the period.
        before: The periods before it, oldest first.
        who: The place of the person.

    Returns:
        float [n]: 1 where they changed their mind, 0 where not.

    Example:
        >>> from retrolabel.gold.series.scores import Asked
        >>> weeks = [Asked(np.array([codes], np.int32), np.array([7, 8, 9])) for codes in ([0, 1, -1], [0, 0, 1])]
        >>> changed(weeks[1], weeks[:1], 0).tolist()
        [0.0, 1.0, nan]
    """
    last: dict[int, int] = {}
    for each in before:
        answered = each.codes[who] >= 0
        last |= dict(zip(each.items[answered].tolist(), each.codes[who][answered].tolist(), strict=True))
    said = np.array([last.get(item, -1) for item in period.items.tolist()])
    now = period.codes[who]
    return np.where((said >= 0) & (now >= 0), (said != now).astype(float), np.nan)

"""What is behind a signal: the two labels that people differ on more than before, who stands out, and which items.

It is a signal about the spec, not about a person: a person is named only where their answers lie further from the
others' than those lie from each other, more than before and beyond chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold.series.scores import of_two, together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.gold.series.scores import Asked, Floats, Score

MOST_ITEMS = 20
"""Items that a signal names."""
THREE = 3
"""Of two people who differ nothing says which of them stands out."""
ERROR = 0.05
"""How often somebody is named where nobody stands out, at most."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What is behind a signal.

    Attributes:
        before: The mean agreement in the periods before the fall.
        now: That of the periods of the fall.
        pair: The places of the two labels between which people differ more often than before; None where there is none.
        pair_before: On what share of items with one of both two people differed between them.
        pair_now: The same in the fall.
        people: The places of those who stand out.
        items: The items to talk about: those on which people differ most, between the two labels first.
    """

    before: float
    now: float
    pair: tuple[int, int] | None
    pair_before: float
    pair_now: float
    people: tuple[int, ...]
    items: tuple[int, ...]


def behind(before: Sequence[Asked], fall: Sequence[Asked], score: Score) -> Behind:
    """Return what is behind a fall.

    Args:
        before: The periods before it.
        fall: Its periods.
        score: The score of the chart that signalled.
    """
    old, new = together(before), together(fall)
    k = len(score.apart)
    grown = [(_grown(old, new, k, pair), pair) for pair in combinations(range(k), 2)]
    most, pair = max(grown, default=(0.0, None))
    pair = score.only or (pair if most > 0 else None)
    of_pair = (of_two(k, *pair).of(each.codes)[0] for each in (old, new)) if pair else ()
    rates = [float(np.nanmean(each)) if np.isfinite(each).any() else 0.0 for each in of_pair] or [0.0, 0.0]
    found, own = score.of(new.codes)
    earlier, own_before = score.of(old.codes)
    return Behind(
        before=1 - float(np.nanmean(earlier)),
        now=1 - float(np.nanmean(found)),
        pair=pair,
        pair_before=rates[0],
        pair_now=rates[1],
        people=standing_out(own_before, own),
        items=_items(new, found, k, pair),
    )


def _grown(old: Asked, new: Asked, k: int, pair: tuple[int, int]) -> float:
    """Return by how much two labels grew as a part of the disagreement: that of all pairs of labels adds up to it."""
    score = of_two(k, *pair)
    means = []
    for each in (old, new):
        found = score.of(each.codes)[0]
        two = (each.codes >= 0).sum(axis=0) > 1
        means.append(float(np.nan_to_num(found).sum()) / max(1, int(two.sum())))
    return means[1] - means[0]


def standing_out(before: Floats, now: Floats) -> tuple[int, ...]:
    """Return the places of those whose answers went away from the others' further than those from each other.

    Args:
        before: float [people, n]: how far each lies from the others on each item, NaN where there is no answer.
        now: float [people, m]: the same in the fall.

    Example:
        >>> def far(ana):  # ana differs from the two others on so many of 60 items, who always agree
        ...     apart = np.arange(60) < ana
        ...     return np.stack([apart, apart / 2, apart / 2]).astype(float)
        >>> standing_out(far(6), far(30)), standing_out(far(6), np.stack([far(30)[0]] * 3))
        ((0,), ())
    """
    people = len(before)
    there = [who for who in range(people) if np.isfinite(before[who]).any() and np.isfinite(now[who]).any()]
    if len(there) < THREE:
        return ()
    z = NormalDist().inv_cdf(1 - ERROR / len(there))
    found = []
    for who in there:
        change, variance = 0.0, 0.0
        for sign, far in ((-1, before), (1, now)):
            with_others = np.isfinite(far).sum(axis=0) >= THREE
            more = _further(far[:, with_others], who)
            more = more[np.isfinite(more)]
            if len(more) < 2:  # noqa: PLR2004 - a variance needs two
                break
            change += sign * float(more.mean())
            variance += (float(more.var(ddof=1)) + 1 / len(more)) / len(more)
        else:
            if change > z * variance**0.5:
                found.append(who)
    return tuple(found)


def _further(far: Floats, who: int) -> Floats:
    """Return by how much one person lies further from the others than these from each other, item by item.

    The sum of all distances on an item is known from each person's, and so is what remains without one of them.
    """
    m = np.isfinite(far).sum(axis=0)
    total = np.nansum(far, axis=0) * (m - 1) / 2  # the distances of all pairs
    mine = far[who] * (m - 1)
    rest = (total - mine) / ((m - 1) * (m - 2) / 2)
    return np.asarray(far[who] - rest)


def _items(new: Asked, found: Floats, k: int, pair: tuple[int, int] | None) -> tuple[int, ...]:
    first = of_two(k, *pair).of(new.codes)[0] if pair else np.zeros(len(found))
    rank = np.lexsort((-np.arange(len(found)), -np.nan_to_num(found), -np.nan_to_num(first)))
    named = [int(new.items[at]) for at in rank if np.nan_to_num(found[at]) > 0 or np.nan_to_num(first[at]) > 0]
    return tuple(dict.fromkeys(named))[:MOST_ITEMS]

"""The parts of feedback on which labels are wrong more often.

Conditions on words, sources, months, lengths and columns of few values are tried, and two of them together (a tree of
depth two). A slice is named where it is more surprising than the best of the same search on wrong items dealt out anew
(:mod:`retrolabel.analysis.slice_chances`): so where nothing is the matter, any slice is named in one of 20 cases at
most. All of gold is searched, so the figures of a slice are those of one that was named
(:mod:`retrolabel.analysis.slice_rates`). The next slice is looked for among the items outside of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from retrolabel.analysis.slice_chances import NEVER, Chances, Search, critical, share_of_deals
from retrolabel.analysis.slice_rates import rate_of_named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.analysis.slice_chances import Logs

    Flags = npt.NDArray[np.bool_]

MOST = 5
"""Slices that are named."""
OF_PAIRS = 0.2
"""The share of the false alarms that pairs of conditions may make up; the rest is for single ones."""
COLUMNS = ("slice", "items", "wrong", "rate", "low", "high", "rest", "p", "costs")
TRIED = ("slice", "items", "wrong", "p")


@dataclass(frozen=True, eq=False, repr=False)
class Slices:
    """What was found.

    Attributes:
        worst: The slices that hold, the most surprising first. Each counts the items that are in none above it:
            ``slice``; ``items`` and ``wrong``; ``rate``: what share would be wrong among other items of it, with
            ``low`` and ``high`` (95 %), which is less than the share here, since it was named for that; ``rest``: the
            share that is wrong in no slice; ``p``: in which share of cases chance alone would name it or a more
            surprising one; ``costs``: points of accuracy, as a share, that all items would gain if it were as good as
            the rest. Costs add up.
        tried: The most surprising conditions and pairs, whether they hold or not: ``slice``, ``items``, ``wrong``,
            ``p``.
        judged: How many items there were.
        wrong: How many of them are wrong.
        conditions: How many conditions were looked at.
        named: The slices that were named beforehand (``@slice_function``), as
            :func:`retrolabel.analysis.named_slices.named_slices` tells them.
    """

    worst: pd.DataFrame
    tried: pd.DataFrame
    judged: int
    wrong: int
    conditions: int
    named: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __repr__(self) -> str:
        """Return the slices that were named, those that were found, or that none was."""
        named = f"{self.named.round(3).to_string(index=False)}\n" if len(self.named) else ""
        told = f"{named}{self.wrong:,} of {self.judged:,} judged items wrong; {self.conditions:,} conditions looked at"
        return f"{told}\n{self.worst.round(3).to_string(index=False) if len(self.worst) else 'no slice holds'}"


class _Found(NamedTuple):
    name: str
    here: Flags
    log: float
    """How surprising it is: the logarithm of a chance."""
    pair: bool


class _Named(NamedTuple):
    found: _Found
    here: Flags
    """Its items that are in no slice named before."""
    among: Flags
    """All items that are in no slice named before."""


class _Limit(NamedTuple):
    """What chance reaches, and a slice of one or of two conditions has to."""

    deals: Logs
    share: float
    """Of the false alarms, those that such slices may make up."""
    log: float
    looked_at: int

    def is_reached(self, found: _Found) -> bool:
        return found.log < self.log

    def names(self, items: int, wrong: int, size: int, hits: int) -> bool:
        """Return whether a slice of a size would be named with so many wrong items of all."""
        return bool(Chances(items, wrong).of(np.array([size]), np.array([hits]))[0] < self.log)

    def p(self, found: _Found) -> float:
        return min(1.0, share_of_deals(self.deals, found.log) / self.share)


def find_slices(wrong: Flags, conditions: Mapping[str, Flags], *, seed: int = 0, false_alarms: float = 0.05) -> Slices:
    """Return the slices on which more items are wrong than elsewhere.

    Args:
        wrong: bool [n]: whether the label of each judged item is wrong, by what does not rest on its own gold.
        conditions: Name -> bool [n]: the items for which it holds.
        seed: Another seed deals out wrong items in another way.
        false_alarms: In which share of cases any slice may be named where none is worse.

    Example:
        >>> random = np.random.default_rng(0)
        >>> refund = random.random(400) < 0.2
        >>> wrong = random.random(400) < np.where(refund, 0.7, 0.2)
        >>> found = find_slices(wrong, {"comment has refund": refund, "comment has the": random.random(400) < 0.5})
        >>> found.worst["slice"].tolist()
        ['comment has refund']
    """
    wrong, names = np.asarray(wrong, np.bool_), list(conditions)
    table = np.array([conditions[name] for name in names], np.bool_).reshape(len(names), len(wrong))
    if not names or not wrong.any() or wrong.all():
        none = pd.DataFrame(columns=list(COLUMNS))
        return Slices(none, none[list(TRIED)], len(wrong), int(wrong.sum()), len(names))
    limits = _limits(table, wrong, seed, false_alarms)
    outside, named = np.ones(len(wrong), np.bool_), list[_Named]()
    first = found = _most_surprising(names, table, wrong, outside)
    while len(named) < MOST and (holds := [one for one in found if limits[one.pair].is_reached(one)]):
        best = min(holds, key=lambda one: one.log - limits[one.pair].log)
        named.append(_Named(best, outside & best.here, outside))
        outside = outside & ~best.here
        found = _most_surprising(names, table, wrong, outside)
    rest = float(wrong[outside].mean()) if outside.any() else np.nan
    worst = [_told(each, wrong, limits[each.found.pair], rest) for each in named]
    tried = [(*_counts(one.name, one.here, wrong), limits[one.pair].p(one)) for one in first]
    return Slices(
        pd.DataFrame(worst, columns=list(COLUMNS)),
        pd.DataFrame(tried, columns=list(TRIED)).sort_values("p", kind="stable", ignore_index=True),
        len(wrong),
        int(wrong.sum()),
        len(names),
    )


def _limits(table: Flags, wrong: Flags, seed: int, false_alarms: float) -> tuple[_Limit, _Limit]:
    """Return what a single condition has to reach to be named, and what a pair has to."""
    singles, pairs = Search(table).by_chance(wrong, Chances(len(wrong), int(wrong.sum())), seed)
    conditions = len(table)
    return (
        _Limit(singles, 1 - OF_PAIRS, critical(singles, false_alarms * (1 - OF_PAIRS)), conditions),
        _Limit(pairs, OF_PAIRS, critical(pairs, false_alarms * OF_PAIRS), max(1, conditions * (conditions - 1) // 2)),
    )


def _most_surprising(names: Sequence[str], table: Flags, wrong: Flags, outside: Flags) -> list[_Found]:
    """Return the most surprising conditions, and the most surprising pair of each with another one."""
    bad = wrong[outside]
    if not bad.any() or bad.all():
        return []
    search, chances = Search(table[:, outside]), Chances(len(bad), int(bad.sum()))
    singles = search.singles(bad, chances)
    found = []
    for root in search.roots(singles).tolist():
        if singles[root] < NEVER:
            found.append(_Found(names[root], table[root], float(singles[root]), pair=False))
            pairs = search.pairs(root, bad, chances)
            best = int(pairs.argmin())
            if pairs[best] < NEVER:
                both = table[root] & table[best]
                found.append(_Found(f"{names[root]} and {names[best]}", both, float(pairs[best]), pair=True))
    return found


def _counts(name: str, here: Flags, wrong: Flags) -> tuple[str, int, int]:
    return name, int(here.sum()), int((here & wrong).sum())


def _told(named: _Named, wrong: Flags, limit: _Limit, rest: float) -> tuple[Any, ...]:
    """Return a row of the frame: a slice, as far as it is in none above it."""
    name, size, hits = _counts(named.found.name, named.here, wrong)
    n, beside = int(named.among.sum()), int((named.among & ~named.here & wrong).sum())
    fewest = next((count for count in range(hits) if limit.names(n, beside + count, size, count)), hits)
    rate = rate_of_named(hits, size, fewest, looked_at=limit.looked_at, rest=rest)
    costs = (rate.value - rest) * size / len(wrong)
    return name, size, hits, rate.value, rate.low, rate.high, rest, limit.p(named.found), costs

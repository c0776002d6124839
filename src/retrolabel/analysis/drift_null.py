"""How far shares differ between the newest weeks and those before, and how far they do by themselves.

Weeks are exchanged whole (a permutation test of blocks: Good 2005, 3.6; Lehmann & Romano 2005, 15.2): each holds every
weekday once, and items of one day, which are alike, stay together. The difference of a share is measured in its
standard error, which allows for weeks that differ more than chance alone makes items differ; neighbouring weeks
that are alike make it larger (the variance of a mean in a series: Bence 1995). Of all shares together the largest
difference counts (max T: Westfall & Young 1993), so that many shares raise no more alarms than one does.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

MOST_WAYS = 2_000
"""Ways to choose the newest weeks that are tried; all of them, where there are no more."""
CELLS = 2**21
"""Ways x shares that are worked out together, at most: what they need stays below 200 MB."""
BEYOND = 1.96
TINY = 1e-9
"""Less than any share of items."""


@dataclass(frozen=True, eq=False)
class Family:
    """Shares of one kind, which are looked at together.

    Attributes:
        name: What they are shares of.
        counts: float [W, J]: the items of each week that count.
        of: float [W, 1] or [W, J]: the items of each week.
    """

    name: str
    counts: Floats
    of: Floats


@dataclass(frozen=True, eq=False)
class Differences:
    """What a family's shares did.

    Attributes:
        now: float [J]: the shares of the newest weeks.
        before: float [J]: those of the weeks before.
        low: float [J]: the lower end of the 95 % interval of ``now``.
        high: float [J]: the upper end.
        standard: float [J]: the differences, in standard errors; positive where a share grew.
        p: float [J]: how often the weeks, exchanged, show as large a difference anywhere, in any family.
    """

    now: Floats
    before: Floats
    low: Floats
    high: Floats
    standard: Floats
    p: Floats


def ways_to_choose(weeks: int, newest: int, *, seed: int = 0) -> Floats:
    """Return which weeks are taken for the newest, 0 or 1 [B, W]; the first row is what happened.

    All ways where there are few; else a sample of them.

    Example:
        >>> ways_to_choose(3, 1).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    told = tuple(range(weeks - newest, weeks))
    if comb(weeks, newest) <= MOST_WAYS:
        chosen = [told, *(each for each in combinations(range(weeks), newest) if each != told)]
        places = np.array(chosen)
    else:
        drawn = np.random.default_rng(seed).random((MOST_WAYS - 1, weeks)).argsort(axis=1)[:, :newest]
        places = np.vstack([told, drawn])
    ways = np.zeros((len(places), weeks))
    np.put_along_axis(ways, places, 1.0, axis=1)
    return ways


def differences(families: Sequence[Family], newest: int, *, seed: int = 0) -> list[Differences]:
    """Return how much the shares of the newest weeks differ, and how often that happens by itself.

    Each family speaks with its largest difference, in standard deviations of that over all ways, so that a family of
    thousands of words does not drown one of three labels.

    Args:
        families: The shares; a share that is 0 or 1 in all weeks never differs.
        newest: How many weeks are the newest.
        seed: Another seed draws other ways.

    Returns:
        For each family what its shares did. Where weeks are alike but for chance, a share of any family has ``p`` below
        0.05 in 5 % of the cases.
    """
    if not families:
        return []
    weeks = len(families[0].of)
    ways = ways_to_choose(weeks, newest, seed=seed)
    found = [_measured(family, ways) for family in families]
    scales = [(float(most.mean()), float(most.std()) or 1.0) for _, most in found]
    together = np.sort(np.max([(most - mean) / std for (_, most), (mean, std) in zip(found, scales, strict=True)], 0))
    told = []
    for family, (standard, _), (mean, std) in zip(families, found, scales, strict=True):
        seen = np.abs(standard) / np.sqrt(_held_on(family, newest))
        place = np.searchsorted(together, (seen - mean) / std - 1e-9)
        told.append(Differences(*_now(family, newest), standard, (len(together) - place) / len(together)))
    return told


def _held_on(family: Family, newest: int) -> float:
    """Return how much more the newest weeks vary together than weeks taken here and there, 1 or more.

    Weeks that are exchanged are no neighbours any more. Where a week is like the one before, four in a row are further
    off than four of all: by what the weeks before say of it, on average over the shares.
    """
    counts, of = family.counts[:-newest], np.broadcast_to(family.of[:-newest], family.counts[:-newest].shape)
    off = _over(counts - of * _over(counts.sum(axis=0), of.sum(axis=0)), np.sqrt(of))
    whole = (off**2).sum(axis=0)
    if not (whole > 0).any():
        return 1.0
    alike = _over((off[1:] * off[:-1]).sum(axis=0), whole)[whole > 0].mean() + 1 / len(off)  # which is its bias
    steps = np.arange(1, newest)
    return max(1.0, float(1 + 2 * ((1 - steps / newest) * max(alike, 0.0) ** steps).sum()))


def _measured(family: Family, ways: Floats) -> tuple[Floats, Floats]:
    """Return the differences as they happened, float [J]; and the largest of each way, float [B]."""
    shares = family.counts.shape[1]
    step = max(1, CELLS // len(ways))
    standard, most = np.zeros(shares), np.zeros(len(ways))
    for start in range(0, shares, step):
        part = slice(start, start + step)
        of = family.of if family.of.shape[1] == 1 else family.of[:, part]
        found = _standardised(family.counts[:, part], of, ways)
        standard[part] = found[0]
        most = np.maximum(most, np.abs(found).max(axis=1, initial=0.0))
    return standard, most


def _standardised(counts: Floats, of: Floats, ways: Floats) -> Floats:
    """Return the difference of each share in its standard error, for each way, float [B, J].

    On the scale of the arcsine of the root, on which a share's chance error does not depend on the share. The error has
    two parts: of the items, and of the weeks, which is what the shares of weeks within the newest and within those
    before differ beyond the first part. A way is told by what its newest weeks have more than the pooled share says.
    """
    pooled = _over(counts.sum(axis=0), of.sum(axis=0))
    spread = _half(np.maximum(pooled * (1 - pooled), TINY))
    more = counts - of * pooled
    whole, squares = of.sum(axis=0), (of**2).sum(axis=0)
    one = np.clip(ways @ of, TINY, None)
    two = np.clip(whole - one, TINY, None)
    mine, rest = ways @ of**2 / one, (squares - ways @ of**2) / two
    free = (of > 0).sum(axis=0) - 2
    both, clusters = _half(1 / one + 1 / two), _half(mine / one + rest / two)
    first = _half(ways) @ _half(more)
    extra = _half(_over(more**2, of).sum(axis=0)) - first**2 * both - _half(free) * spread
    np.maximum(extra, 0, out=extra)
    extra *= clusters / _half(np.maximum(one + two - mine - rest, TINY))
    extra += spread * both
    extra /= 4 * spread
    found = _angle(_half(pooled) + first / _half(one)) - _angle(_half(pooled) - first / _half(two))
    return np.asarray(found / np.sqrt(extra))


def _now(family: Family, newest: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the shares now and before, and the 95 % interval of now; weeks are its clusters."""
    counts, of = family.counts[-newest:], np.broadcast_to(family.of[-newest:], family.counts[-newest:].shape)
    size, before = of.sum(axis=0), _over(family.counts[:-newest].sum(axis=0), family.of[:-newest].sum(axis=0))
    now = _over(counts.sum(axis=0), size)
    spread = now * (1 - now)
    within = _over(counts**2, of).sum(axis=0) - size * now**2
    mine = _over((of**2).sum(axis=0), size)
    extra = np.maximum(0.0, _over(within - (newest - 1) * spread, size - mine))
    error = np.sqrt(_over(1.0, 4 * size) * np.maximum(1.0, 1 + _over(extra * mine, spread)))
    angle = _angle(now)
    low, high = (np.sin(np.clip(angle + side * BEYOND * error, 0, np.pi / 2)) ** 2 for side in (-1, 1))
    return now, before, np.asarray(low), np.asarray(high)


def _half(values: Any) -> Any:  # noqa: ANN401 - one or many
    """Return numbers of half the width: seven digits are enough, and take half of the time."""
    return np.asarray(values, np.float32)


def _angle(share: Any) -> Any:  # noqa: ANN401 - floats of either width
    return np.arcsin(np.sqrt(np.clip(share, 0, 1)))


def _over(part: npt.ArrayLike, whole: npt.ArrayLike) -> Floats:
    """Return a quotient; 0 where there is nothing to share."""
    part, whole = np.broadcast_arrays(np.asarray(part, np.float64), np.asarray(whole, np.float64))
    return np.asarray(np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0))

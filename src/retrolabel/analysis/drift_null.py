"""How far shares differ between the newest weeks and those before, and how far they do by themselves.

Weeks are exchanged whole (a permutation test of blocks: Good 2005, 3.6; Lehmann & Romano 2005, 15.2): each holds every
weekday once, and items of one day, which are alike, stay together. A difference is measured by a chi-square that is
right where few items count too (Bernstein 1946), with allowance for weeks that differ more than chance alone makes
items differ; neighbouring weeks that are alike make it larger (the variance of a mean in a series: Bence 1995). Where a
change may have begun earlier than the newest weeks, each number of weeks is tried, and the largest difference counts
(the scan for a change-point: Siegmund 1985). Of all shares together the largest counts (max T: Westfall & Young 1993),
so that many shares raise no more alarms than one does.
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
    Ints = npt.NDArray[np.int64]
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
        weeks: int [J]: how many of the weeks are the newest here: those that show the difference best.
    """

    now: Floats
    before: Floats
    low: Floats
    high: Floats
    standard: Floats
    p: Floats
    weeks: Ints


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


def looks(weeks: int, newest: int, longest: int, *, seed: int = 0) -> list[Floats]:
    """Return which weeks are taken for the newest, 0 or 1 [B, W]: for each number of weeks that is tried.

    Args:
        weeks: How many weeks there are.
        newest: How many are the newest, at least.
        longest: At most. Where that is more, the weeks are put in other orders, and each number is the end of one.
        seed: Another seed draws other orders.

    Example:
        >>> [each[0].tolist() for each in looks(4, 1, 2)]
        [[0.0, 0.0, 0.0, 1.0], [0.0, 0.0, 1.0, 1.0]]
    """
    if longest <= newest:
        return [ways_to_choose(weeks, newest, seed=seed)]
    drawn = np.random.default_rng(seed).random((MOST_WAYS - 1, weeks)).argsort(axis=1)
    orders = np.vstack([np.arange(weeks), drawn])
    found = []
    for size in range(newest, longest + 1):
        ways = np.zeros(orders.shape)
        np.put_along_axis(ways, orders[:, weeks - size :], 1.0, axis=1)
        found.append(ways)
    return found


def differences(
    families: Sequence[Family], newest: int, *, longest: int | None = None, seed: int = 0
) -> list[Differences]:
    """Return how much the shares of the newest weeks differ, and how often that happens by itself.

    Each family speaks with its largest difference, in standard deviations of that over all ways, so that a family of
    thousands of words does not drown one of three labels.

    Args:
        families: The shares; a share that is 0 or 1 in all weeks never differs.
        newest: How many weeks are the newest.
        longest: How many may be, where a change may have begun earlier; ``newest`` if left out.
        seed: Another seed draws other ways.

    Returns:
        For each family what its shares did. Where weeks are alike but for chance, a share of any family has ``p`` below
        0.05 in 5 % of the cases.
    """
    if not families:
        return []
    longest = max(newest, longest or newest)
    ways = looks(len(families[0].of), newest, longest, seed=seed)
    found = [_measured(family, ways, (newest, longest)) for family in families]
    scales = [(float(each.most.mean()), float(each.most.std()) or 1.0) for each in found]
    together = np.max([(each.most - mean) / std for each, (mean, std) in zip(found, scales, strict=True)], axis=0)
    together.sort()
    told = []
    for family, each, (mean, std) in zip(families, found, scales, strict=True):
        place = np.searchsorted(together, (each.seen - mean) / std - 1e-9)
        p = (len(together) - place) / len(together)
        told.append(Differences(*_now(family, each.weeks), each.standard, p, each.weeks))
    return told


@dataclass(frozen=True, eq=False)
class _Measured:
    """What the shares of a family did.

    Attributes:
        standard: float [J]: the differences as they happened.
        seen: float [J]: how large they are, neighbouring weeks allowed for.
        weeks: int [J]: over how many of the newest weeks.
        most: float [B]: the largest of each way.
    """

    standard: Floats
    seen: Floats
    weeks: Ints
    most: Floats


def _measured(family: Family, ways: Sequence[Floats], sizes: tuple[int, int]) -> _Measured:
    """Return what the shares of a family did, and the largest of each way; of the numbers of weeks the best one."""
    shares = family.counts.shape[1]
    step = max(1, CELLS // len(ways[0]))
    found = _Measured(np.zeros(shares), np.full(shares, -1.0), np.full(shares, sizes[0]), np.zeros(len(ways[0])))
    for size, each in enumerate(ways, sizes[0]):
        alike = np.sqrt(_held_on(family, size, sizes[1]))
        for start in range(0, shares, step):
            part = slice(start, start + step)
            of = family.of if family.of.shape[1] == 1 else family.of[:, part]
            standard = _standardised(family.counts[:, part], of, each)
            better = np.abs(standard[0]) / alike > found.seen[part]
            found.standard[part][better] = standard[0][better]
            found.seen[part][better] = np.abs(standard[0][better]) / alike
            found.weeks[part][better] = size
            np.maximum(found.most, np.abs(standard).max(axis=1, initial=0.0), out=found.most)
    return found


def _held_on(family: Family, newest: int, longest: int) -> float:
    """Return how much more the newest weeks vary together than weeks taken here and there, 1 or more.

    Weeks that are exchanged are no neighbours any more. Where a week is like the one before, four in a row are further
    off than four of all: by what the weeks before say of it, on average over the shares.
    """
    counts, of = family.counts[:-longest], np.broadcast_to(family.of[:-longest], family.counts[:-longest].shape)
    off = _over(counts - of * _over(counts.sum(axis=0), of.sum(axis=0)), np.sqrt(of))
    whole = (off**2).sum(axis=0)
    if not (whole > 0).any():
        return 1.0
    alike = _over((off[1:] * off[:-1]).sum(axis=0), whole)[whole > 0].mean() + 1 / len(off)  # which is its bias
    steps = np.arange(1, newest)
    return max(1.0, float(1 + 2 * ((1 - steps / newest) * max(alike, 0.0) ** steps).sum()))


def _standardised(counts: Floats, of: Floats, ways: Floats) -> Floats:
    """Return the difference of each share in its standard error, for each way, float [B, J].

    It is the root of the chi-square of four counts: the items that have the share and those that have not, among the
    newest and among those before. To the count that is expected, a third of the difference is added: so few items more
    are as surprising as they are, and no more (Bernstein 1946). Chi-square is divided by what the weeks, within the
    newest and within those before, are off beyond what their items are by chance.
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
    extra /= spread * both
    extra += 1
    has, lacks = _half(np.clip(pooled, TINY, 1)), _half(np.clip(1 - pooled, TINY, 1))
    third, one, two = first / 3, _half(one), _half(two)
    square = 1 / (one * has + third)
    square += 1 / (one * lacks - third)
    square += 1 / (two * has - third)
    square += 1 / (two * lacks + third)
    square /= extra
    return np.asarray(first * np.sqrt(square))


def _now(family: Family, newest: Ints) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the shares now and before, and the 95 % interval of now; weeks are its clusters.

    Args:
        family: The shares.
        newest: int [J]: how many weeks are the newest, for each share.
    """
    late = np.arange(len(family.counts))[:, None] >= len(family.counts) - newest
    of = np.broadcast_to(family.of, family.counts.shape)
    counts, of_before = np.where(late, family.counts, 0.0), np.where(late, 0.0, of)
    before = _over(np.where(late, 0.0, family.counts).sum(axis=0), of_before.sum(axis=0))
    of = np.where(late, of, 0.0)
    size = of.sum(axis=0)
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

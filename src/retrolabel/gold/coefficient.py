"""A coefficient of agreement as a value: with its interval, its n, and why there is none to show.

An interval comes from resampling items: a resample is a multinomial draw of how often each distinct row of counts
occurs, so that its cost follows the number of distinct rows. Of the resamples it takes the BCa quantiles (Efron 1987),
with the acceleration of the jackknife over rows: percentiles are too narrow where one value is rare
(``benchmarks/gold_intervals.py`` has the figures, which ``LEAST`` and ``TELLING`` were chosen by).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from retrolabel.gold.agreement import Z95

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]
    Ints: TypeAlias = npt.NDArray[np.int64]

DRAWS = 1_000
"""How many resamples an interval takes."""
LEAST = 50
"""On fewer items a figure is withheld."""
TELLING = 0.4
"""This share of the least items, 20, must hold another answer than the commonest one; else a figure is withheld."""
_CELLS = 1 << 21
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True, repr=False)
class Coefficient:
    """How far people agree, with its 95 % interval.

    Attributes:
        value: The figure; None where it is undefined. It is here too where it is withheld: ``shown`` is not.
        low: Lower end of the interval; None where there is no value, or no resamples were asked for.
        high: Upper end.
        n: Items that the figure is over: those with two answers.
        why: Why it is undefined or withheld; empty otherwise.
        se: Standard error; None where there is no value.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    why: str = ""
    se: float | None = None

    @property
    def withheld(self) -> bool:
        """Whether there is a value, and too little data to show it."""
        return self.value is not None and bool(self.why)

    @property
    def shown(self) -> float | None:
        """The figure that people should see; None where it is undefined or withheld."""
        return None if self.why else self.value

    def as_dict(self) -> dict[str, Any]:
        """Return what people should see as plain data; ``value``, ``low`` and ``high`` are None where withheld."""
        low, high = (None, None) if self.why else (self.low, self.high)
        return {"value": self.shown, "low": low, "high": high, "n": self.n, "why": self.why}

    def __str__(self) -> str:
        """Return the figure with its interval and n, or why there is none."""
        items = f"{self.n:,} item{'' if self.n == 1 else 's'}"
        if self.value is None:
            return f"undefined ({items}): {self.why}"
        if self.why:
            return f"withheld ({items}): {self.why}"
        if self.low is None or self.high is None:
            return f"{self.value:.3f} ({items})"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] ({items})"

    def __repr__(self) -> str:
        """Return what a person reads."""
        return f"<{self}>"


@dataclass(frozen=True, slots=True)
class Statistic:
    """A figure that depends on its items through sums alone.

    Attributes:
        features: float [u, f]: what an item of each row adds to the sums.
        times: int [u]: how many items have it.
        of: From sums [d, f] to figures [d], NaN where undefined.
        apart: float [f]: what an item adds on which people disagree, with the values that occur as often as they do.
        full: bool [u]: rows whose answers agree fully.
        n: Items with two answers.
        telling: Items that hold another answer than the commonest one; None where the figure does not depend on them.
        common: The commonest value.
        se: The standard error, where there is a formula for it; elsewhere the jackknife's is taken.
    """

    features: Floats
    times: Ints
    of: Callable[[Floats], Floats]
    apart: Floats
    full: npt.NDArray[np.bool_]
    n: int
    telling: int | None
    common: Any
    se: Callable[[], float] | None = None


NO_PAIRS = "no item has two answers"
NOTHING_VARIES = "nothing varies: all answers are the same value"


def coefficient(statistic: Statistic, *, least: int, draws: int, seed: int) -> Coefficient:
    """Return the figure with its interval.

    Args:
        statistic: What is computed.
        least: On fewer items it is withheld, and where less than 0.4 of so many hold another answer than the
            commonest one.
        draws: Resamples; 0 leaves the interval out.
        seed: Of the resamples.
    """
    if not statistic.n:
        return Coefficient(None, None, None, 0, NO_PAIRS)
    sums = statistic.times @ statistic.features
    value = float(statistic.of(sums[None])[0])
    if math.isnan(value):
        return Coefficient(None, None, None, statistic.n, NOTHING_VARIES)
    why = too_little(statistic, least)
    if not draws:
        return Coefficient(value, None, None, statistic.n, why)
    without = _without_one(statistic, sums, value)
    low, high = _bca(statistic, value, without, draws, seed)
    if statistic.full.all():
        low = _if_some_disagreed(statistic, sums)
    se = statistic.se() if statistic.se else _jackknife_error(statistic.times, without)
    return Coefficient(value, min(value, low), max(value, high), statistic.n, why, se)


def too_little(statistic: Statistic, least: int) -> str:
    """Return why a figure is withheld; empty if it is not."""
    if statistic.n < least:
        return f"{_items(statistic.n, 'has', 'have')} two answers, and {least:,} are needed"
    needed = math.ceil(least * TELLING)
    if statistic.telling is not None and statistic.telling < needed:
        holding = _items(statistic.telling, "holds", "hold")
        return f"{holding} another answer than {statistic.common!r}, and {needed:,} are needed"
    return ""


def _items(n: int, one: str, many: str) -> str:
    return f"1 item {one}" if n == 1 else f"{n:,} items {many}"


def resampled(statistic: Statistic, draws: int, seed: int) -> Floats:
    """Return the figure of each resample of items: float [draws], NaN where it is undefined."""
    rng = np.random.default_rng(seed)
    times, u = statistic.times, len(statistic.times)
    n = int(times.sum())
    at_once = max(1, _CELLS // max(u, statistic.features.shape[1], n if n < 2 * u else 1))
    found = []
    for start in range(0, draws, at_once):
        size = min(at_once, draws - start)
        if n < 2 * u:  # nearly all rows differ: to draw the items is faster than to draw how often each row occurs
            row_of = np.repeat(np.arange(u), times)
            drawn = row_of[rng.integers(n, size=(size, n))] + np.arange(size)[:, None] * u
            weights = np.bincount(drawn.ravel(), minlength=size * u).reshape(size, u)
        else:
            weights = rng.multinomial(n, times / n, size=size)
        found.append(statistic.of(weights.astype(np.float64) @ statistic.features))
    return np.concatenate(found)


def _without_one(statistic: Statistic, sums: Floats, value: float) -> Floats:
    """Return the figure without one item of each row: float [u]."""
    at_once = max(1, _CELLS // statistic.features.shape[1])
    parts = [
        statistic.of(sums - statistic.features[start : start + at_once])
        for start in range(0, len(statistic.times), at_once)
    ]
    found = np.concatenate(parts)
    return np.where(np.isnan(found), value, found)


def _jackknife_error(times: Ints, without: Floats) -> float:
    n = int(times.sum())
    return math.sqrt((n - 1) / n * float(times @ (without - times @ without / n) ** 2))


def _bca(statistic: Statistic, value: float, without: Floats, draws: int, seed: int) -> tuple[float, float]:
    found = resampled(statistic, draws, seed)
    found = found[~np.isnan(found)]
    if not len(found):
        return value, value
    close = 1e-12 * max(1.0, abs(value))
    below = float((found < value - close).sum() + 0.5 * (np.abs(found - value) <= close).sum()) / len(found)
    bias = _NORMAL.inv_cdf(min(max(below, 1e-4), 1 - 1e-4))
    apart = float(statistic.times @ without) / int(statistic.times.sum()) - without
    spread = float(statistic.times @ apart**2)
    skew = float(statistic.times @ apart**3) / (6 * spread**1.5) if spread > close**2 else 0.0
    ends = [_NORMAL.cdf(bias + (bias + z) / max(1 - skew * (bias + z), 1e-6)) for z in (-Z95, Z95)]
    low, high = np.quantile(found, ends)
    return float(low), float(high)


def _if_some_disagreed(statistic: Statistic, sums: Floats) -> float:
    """Return the figure if people disagreed on as many items as n items may well hide.

    Where nobody disagrees, every resample says the same. They may still disagree on a share of 1 - .025 ** (1 / n) of
    all items (Clopper & Pearson 1934).
    """
    n = int(statistic.times.sum())
    kept = 0.025 ** (1 / n)
    return float(statistic.of((sums * kept + statistic.apart * n * (1 - kept))[None])[0])

"""How long a person takes for an answer, with breaks left out.

Times are skewed and have a long tail of breaks: lunch is no answer. Of answers that were worked on the logarithms are
near to normal. Their spread is taken from the lower half, where no break is; what lies three spreads above the middle
is a break, and the middle is taken again without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]

ONE_SPREAD_BELOW = 0.15865525393145707
"""The share of a normal distribution that lies more than one standard deviation below its middle."""
SPREADS = 3.0
"""So many standard deviations above the middle a break begins: 1 of 700 answers without one is taken for one."""
FEWEST = 20
"""In fewer times nobody can tell breaks from answers, unless the spread of others is known."""
FEWEST_FOR_INTERVAL = 6
"""Of fewer times the smallest and the largest are no 95 % interval of their median."""
ROUNDS = 20
LEAST_SPREAD = 0.1
"""Times that are all alike have no smaller one: rounded seconds are."""


@dataclass(frozen=True, slots=True)
class HandlingTime:
    """How long a person takes for an answer.

    Attributes:
        median: In seconds, with breaks left out.
        low: Lower end of its 95 % interval; None where there are too few times.
        high: Its upper end.
        answers: Times that it is over.
        breaks: Times left out as breaks.
        longest: From so many seconds on a time is a break; None where nobody can tell.
    """

    median: float
    low: float | None
    high: float | None
    answers: int
    breaks: int
    longest: float | None


def handling_time(seconds: Sequence[float], spread: float | None = None) -> HandlingTime | None:
    """Return the median of one person's times, with breaks left out; ``None`` where there are no times.

    The interval is made of two of the times themselves (Thompson 1936): it holds whatever their distribution is.

    Args:
        seconds: How long each answer took; what is not above 0 is no time.
        spread: What spread to take where these are too few to tell it: that of people's times around their middles.

    Example:
        >>> found = handling_time([20, 22, 25, 18, 30, 21, 24, 26, 19, 23] * 3 + [3600, 5400])
        >>> found.median, found.breaks
        (22.5, 2)
    """
    times = np.asarray([each for each in seconds if each > 0], float)
    if not len(times):
        return None
    longest = break_begins(times)
    if longest is None and spread is not None:
        longest = float(np.exp(np.median(np.log(times)) + SPREADS * spread))
    worked = np.sort(times if longest is None else times[times < longest])
    low, high = _interval(worked)
    return HandlingTime(float(np.median(worked)), low, high, len(worked), len(times) - len(worked), longest)


def break_begins(seconds: Floats) -> float | None:
    """Return from how many seconds on a time is a break; ``None`` where there are too few times to tell.

    Args:
        seconds: float [n]: times above 0 of one person.
    """
    if len(seconds) < FEWEST:
        return None
    logs = np.log(seconds)
    kept, limit = logs, np.inf
    for _ in range(ROUNDS):
        middle, below = np.quantile(kept, [0.5, ONE_SPREAD_BELOW])
        spread = max(float(middle - below), LEAST_SPREAD)
        found = middle + SPREADS * spread
        if found == limit:
            break
        limit, kept = found, logs[logs < found]
    return float(np.exp(limit))


def common_spread(people: Iterable[Sequence[float]]) -> float | None:
    """Return the spread of the logarithms of people's times around each one's middle; ``None`` of too few times.

    Args:
        people: How long the answers of each person took.
    """
    logs = [np.log(times) for each in people if len(times := np.asarray([t for t in each if t > 0], float))]
    around = np.concatenate([each - np.median(each) for each in logs]) if logs else np.zeros(0)
    if len(around) < FEWEST:
        return None
    return max(float(-np.quantile(around, ONE_SPREAD_BELOW)), LEAST_SPREAD)


def gaps(times: Sequence[float]) -> list[float]:
    """Return the seconds between one answer and the next; none where half of them or more were given at once.

    Args:
        times: When each answer was given, in seconds.

    Example:
        >>> gaps([100.0, 130.0, 90.0])
        [10.0, 30.0]
        >>> gaps([0.0, 0.0, 0.0, 86400.0])
        []
    """
    found = np.diff(np.sort(np.asarray(times, float)))
    above = found[found > 0]
    return [float(each) for each in above] if 2 * len(above) > len(found) else []


def _interval(ordered: Floats) -> tuple[float | None, float | None]:
    """Return the two times between which the median lies with 95 %."""
    n = len(ordered)
    if n < FEWEST_FOR_INTERVAL:
        return None, None
    from scipy.stats import binom  # noqa: PLC0415 - slow to import

    left_out = int(binom.ppf(0.025, n, 0.5))
    if binom.cdf(left_out - 1, n, 0.5) > 0.025:  # noqa: PLR2004 - of 95 %
        left_out -= 1
    return float(ordered[max(left_out - 1, 0)]), float(ordered[min(n - left_out, n - 1)])

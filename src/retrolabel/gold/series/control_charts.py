"""Control charts of a standardised series: Shewhart's limits, the two-sided CUSUM, and how long both run without cause.

A standardised series has mean 0 and variance 1, and no memory, while nothing changes. Shewhart's chart (1931) looks at
each point alone and sees what is sudden and large. The CUSUM (Page 1954) adds up what lies beyond ``k`` on one side and
sees what is small and stays: with ``k`` = .5 it is made for a shift of one sigma.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]

K = 0.5
"""What a point must exceed to add to the CUSUM: half the shift that it is made for, in sigma."""
H = 5.0
"""Where the CUSUM signals: after 465 points without cause (two sides), 10.4 after a shift of one sigma; 4: 168, 8.4."""
LIMIT = 3.5
"""Where Shewhart's chart signals beside a CUSUM: 3 would have more false alarms than the CUSUM has (Lucas 1982)."""
STATES = 200
"""States of the Markov chain that a run length is computed with."""


def cusum(z: Sequence[float] | Floats, *, k: float = K) -> tuple[Floats, Floats]:
    """Return the two sums of a series, of what lies above ``k`` and of what lies below ``-k``, neither below 0.

    Args:
        z: float [t]: the series in sigma, oldest first; NaN where there is no point, and the sums stay what they were.
        k: The allowance, in sigma.

    Returns:
        float [t] each, up and down.

    Example:
        >>> up, down = cusum([0.0, 2.0, 2.0, -1.0, -1.5])
        >>> up.tolist(), down.tolist()
        ([0.0, 1.5, 3.0, 1.5, 0.0], [0.0, 0.0, 0.0, 0.5, 1.5])
    """
    up, down = [0.0], [0.0]
    for each in z:
        up.append(stepped(up[-1], each, k))
        down.append(stepped(down[-1], -each, k))
    return np.array(up[1:]), np.array(down[1:])


def stepped(total: float, z: float, k: float = K) -> float:
    """Return a one-sided sum after one more point.

    Example:
        >>> stepped(1.0, 2.0), stepped(1.0, -3.0), stepped(1.0, float("nan"))
        (2.5, 0.0, 1.0)
    """
    return total if math.isnan(z) else max(0.0, total + z - k)


def run_length(h: float, *, k: float = K, shift: float = 0.0, sides: int = 2) -> float:
    """Return how many points a CUSUM sees in the mean until it signals, by a Markov chain (Brook & Evans 1972).

    The two sides together signal as often as both alone, since one is at 0 where the other signals (Lucas & Crosier
    1982; exact for ``h`` >= ``k``).

    Args:
        h: Where it signals.
        k: The allowance.
        shift: Where the mean of the series is, in sigma.
        sides: 2, or 1 for the upper side alone.

    Example:
        >>> [round(run_length(h, shift=s), 1) for h in (4, 5) for s in (0, 1)]
        [167.7, 8.4, 465.4, 10.4]
    """
    one = _one_sided(h, k, shift)
    return one if sides == 1 else 1 / (1 / one + 1 / _one_sided(h, k, -shift))


def _one_sided(h: float, k: float, shift: float) -> float:
    """Return the run length of the upper side: state 0 is 0, the others are strips of one width up to h."""
    width = 2 * h / (2 * STATES - 1)
    places = np.arange(STATES) * width
    upto = np.array([[_normal(to - of + k - shift + width / 2) for to in places] for of in places])
    moves = np.diff(upto, axis=1, prepend=0.0)
    return float(np.linalg.solve(np.eye(STATES) - moves, np.ones(STATES))[0])


def _normal(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def h_of_many(series: int, h: float = H) -> float:
    """Return where each of several series signals so that all have as many false alarms together as one at ``h``.

    With ``k`` = .5 the run length without cause grows by e with each unit of ``h`` (Siegmund 1985), so that m series
    take ln m more: Bonferroni's correction. Series that move together have fewer false alarms than that.

    Args:
        series: How many.
        h: Where one alone would signal.

    Example:
        >>> round(h_of_many(3), 2)
        6.1
        >>> round(run_length(h_of_many(3)) / run_length(5.0), 1)
        3.0
    """
    return h + math.log(max(1, series))

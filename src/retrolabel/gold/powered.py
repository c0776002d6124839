"""The mean of all items from a few that people looked at and predictions for all: prediction-powered inference.

Predictions alone are biased, and gold alone is little. Their difference on gold says how far the predictions are off;
what is left to chance is that difference, not the label (Angelopoulos, Bates, Fannjiang, Jordan & Zrnic 2023). A
factor lambda says how far the predictions are used: 0 is the classical mean of gold, and the value with the smallest
variance is found from the data (PPI++: Angelopoulos, Duchi & Zrnic 2023).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import GoldError

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with its interval; ``None`` where there is nothing to count.

    Attributes:
        value: The mean.
        low: The lower end of its interval.
        high: The upper end.
        se: Its standard error, in the unit of the mean.
    """

    value: float | None
    low: float | None
    high: float | None
    se: float | None

    def __str__(self) -> str:
        """Return the figure with its interval."""
        if self.value is None or self.low is None or self.high is None:
            return "n/a"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Powered:
    """A mean of all items, estimated from gold and predictions.

    Attributes:
        value: The mean; ``None`` where there is no gold.
        low: The lower end of its interval.
        high: The upper end.
        se: Its standard error, in the unit of the mean.
        lam: How far the predictions were used: 0 not at all, 1 as they are.
        n: How many gold items there are.
        items: How many items it is about; for :func:`ppi_mean`, how many have a prediction only.
        classical: The figure from gold alone.
    """

    value: float | None
    low: float | None
    high: float | None
    se: float | None
    lam: float
    n: int
    items: int
    classical: Mean

    def __str__(self) -> str:
        """Return the figure with its interval and what it rests on."""
        if self.value is None or self.low is None or self.high is None:
            return "n/a (no gold)"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] (n = {self.n:,})"

    @property
    def width(self) -> float | None:
        """How wide the interval is."""
        return None if self.low is None or self.high is None else self.high - self.low

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain data, the classical one within."""
        return asdict(self)


def ppi_mean(  # noqa: PLR0913 - the paper's
    gold: npt.ArrayLike,
    predicted: npt.ArrayLike,
    elsewhere: npt.ArrayLike,
    lam: float | None = None,
    weights: npt.ArrayLike | None = None,
    *,
    level: float = LEVEL,
) -> Powered:
    """Return the prediction-powered mean, with its normal interval and the classical mean beside it.

    It is lam mean(elsewhere) + mean(gold - lam predicted). Variances are over n, as in the paper. Both samples are
    taken for draws from one endless population; for gold that is a part of a finite corpus, strata, or few items, ask
    :func:`retrolabel.gold.estimation.estimate_mean`.

    Args:
        gold: float [n]: the truth of the items that people looked at.
        predicted: float [n]: the predictions for them, by a model that did not see their truth.
        elsewhere: float [N]: the predictions for the other items.
        lam: How far the predictions are used; if left out, the value from 0 to 1 with the smallest variance.
        weights: float [n]: how many items each gold item stands for (1 over the probability of its draw), up to one
            factor; the same for all if left out. They are scaled to a mean of 1 (Hajek 1971), and the variance knows
            of it.
        level: The share of such intervals that hold the truth.

    Raises:
        GoldError: There is no gold or no prediction, the arrays do not belong together, or a number is not finite.

    Example:
        >>> found = ppi_mean([1, 0, 1, 1], [0.8, 0.2, 0.6, 0.9], [0.1, 0.5, 0.9, 0.7, 0.3, 0.5], lam=1)
        >>> round(found.value, 3), round(found.se, 6), found.classical.value
        (0.625, 0.151096, 0.75)
    """
    truth, told, others = (_numbers(each) for each in (gold, predicted, elsewhere))
    n = len(truth)
    if not n or not len(others):
        raise GoldError(f"A mean needs gold and predictions: got {n} gold items and {len(others)} predictions.")
    if len(told) != n:
        raise GoldError(f"Gold and its predictions differ in length: {n}, {len(told)}.")
    scaled = np.ones(n) if weights is None else scaled_weights(weights, n)
    if lam is None:
        lam = _tuned(truth, told, others, scaled)
    value = lam * float(others.mean()) + float((scaled * (truth - lam * told)).mean())
    variance = _variance(truth - lam * told, scaled) + lam**2 * float(others.var()) / len(others)
    z = NormalDist().inv_cdf((1 + level) / 2)
    classical = _normal(float((scaled * truth).mean()), math.sqrt(_variance(truth, scaled)), z)
    se = math.sqrt(variance)
    return Powered(value, value - z * se, value + z * se, se, float(lam), n, len(others), classical)


def scaled_weights(weights: npt.ArrayLike, n: int) -> Array:
    """Return weights with a mean of 1.

    Args:
        weights: float [n], positive.
        n: How many there should be.

    Raises:
        GoldError: There are not n of them, or one is not a positive number.

    Example:
        >>> scaled_weights([1, 3], 2).tolist()
        [0.5, 1.5]
    """
    found = _numbers(weights)
    if len(found) != n:
        raise GoldError(f"Gold and its weights differ in length: {n}, {len(found)}.")
    if not (found > 0).all():
        raise GoldError("Weights of gold items are positive numbers.", remedy="leave out items whose draw is not known")
    return np.asarray(found / found.mean())


def _tuned(truth: Array, told: Array, others: Array, scaled: Array) -> float:
    """Return the lambda of the smallest variance, from 0 to 1 (PPI++, section 6; predictions are pooled)."""
    n = len(truth)
    of_truth = scaled * (truth - (scaled * truth).mean())
    middle = (told.sum() + others.sum()) / (n + len(others))
    of_told = scaled * (told - middle)
    together = float((of_truth * (of_told - of_told.mean())).mean())
    spread = float(np.concatenate([of_told, others - middle]).var(ddof=1)) * (1 + n / len(others))
    return float(np.clip(together / spread, 0.0, 1.0)) if spread > 0 else 0.0


def _variance(values: Array, scaled: Array) -> float:
    """Return the variance of a mean with scaled weights, linearised (Sarndal, Swensson & Wretman 1992, 5.7)."""
    n = len(values)
    return float(((scaled * (values - (scaled * values).mean())) ** 2).sum()) / n**2


def _normal(value: float, se: float, z: float) -> Mean:
    return Mean(value, value - z * se, value + z * se, se)


def _numbers(values: npt.ArrayLike) -> Array:
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 1 or not np.isfinite(found).all():
        raise GoldError("Gold, predictions and weights are rows of finite numbers.")
    return found

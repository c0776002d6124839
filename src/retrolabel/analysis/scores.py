"""How good probabilities are against the truth, with 95 % intervals from resampled items.

The Brier score is the mean of the squared distance between the probabilities and the truth, over all labels: 0 is
perfect, 2 is sure and wrong (Brier 1950). The calibration error (ECE) compares, in ten bins of equal width, how sure
the highest probability is with how often it is right (Guo et al. 2017). It is never below 0, so chance alone raises it
where items are few.

Intervals are percentiles of 2,000 resamples of the items (Efron 1979; fewer where there are very many items), drawn
with a fixed seed, and the same for all models: so differences between two models are paired.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.gold.agreement import NOTHING, Estimate, agreement
from retrolabel.label_models.protocol import TIE, hard_labels

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.protocol import Probabilities

    Array = npt.NDArray[np.float64]
    Places = npt.NDArray[np.int64]

BINS = 10
DRAWS = 2_000
FEWEST_DRAWS = 200
LEAST = 1e-15
AT_ONCE = 2**22
"""Numbers that are drawn at a time: they fit the memory of any machine."""
MOST = 4 * 10**7
"""Numbers that are drawn in all, for one table."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities against the truth; all figures are over the same n items.

    Attributes:
        n: How many items are judged.
        accuracy: Share of them whose likeliest label is the truth; a tie has no label, and is wrong.
        macro_f1: Unweighted mean of the F1 of the labels that occur.
        log_loss: Mean of -log p(truth), in nats; probabilities below 1e-15 count as that.
        brier: Mean squared distance to the truth, over all labels: from 0 to 2.
        ece: Expected calibration error over ten bins of equal width; a tie counts as drawn.
        ties: Share of the items without a label.
        drawn: The accuracy that drawing among tied labels gives on average.
    """

    n: int
    accuracy: Estimate
    macro_f1: Estimate
    log_loss: Estimate
    brier: Estimate
    ece: Estimate
    ties: float
    drawn: float

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain data; the accuracy's interval is ``low`` and ``high``."""
        found: dict[str, Any] = {
            "n": self.n,
            "accuracy": self.accuracy.value,
            "low": self.accuracy.low,
            "high": self.accuracy.high,
            "macro_f1": self.macro_f1.value,
            "log_loss": self.log_loss.value,
            "ties": self.ties,
            "accuracy_ties_drawn": self.drawn,
            "brier": self.brier.value,
            "ece": self.ece.value,
        }
        for name in ("macro_f1", "log_loss", "brier", "ece"):
            estimate: Estimate = getattr(self, name)
            found |= {f"{name}_low": estimate.low, f"{name}_high": estimate.high}
        return found


def scores(probabilities: dict[str, Probabilities], truth: Places) -> dict[str, Scores]:
    """Return the scores of each model on the same items.

    Args:
        probabilities: Name -> float [n, k].
        truth: int [n], 0 to k - 1.

    Example:
        >>> sure, fair = np.array([[1.0, 0.0]] * 2), np.array([[0.75, 0.25]] * 2)
        >>> found = scores({"sure": sure, "fair": fair}, np.array([0, 0]))
        >>> found["sure"].brier.value, found["fair"].brier.value, found["fair"].ece.value
        (0.0, 0.125, 0.25)
    """
    if not probabilities:
        return {}
    n = len(truth)
    if not n:
        nothing = Scores(0, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, math.nan, math.nan)
        return dict.fromkeys(probabilities, nothing)
    values = {name: _values(found, truth) for name, found in probabilities.items()}
    draws = resampled(np.hstack([each for each, _, _ in values.values()]))
    width = 2 + BINS
    made = {}
    for place, (name, (each, drawn, ties)) in enumerate(values.items()):
        mine, mean = draws[:, place * width : (place + 1) * width], each.mean(axis=0)
        found = probabilities[name]
        hard = agreement(truth, hard_labels(found, np.ones(n, np.bool_)), np.ones(n, np.bool_), labels=found.shape[1])
        made[name] = Scores(
            n,
            hard.accuracy,
            hard.macro_f1,
            estimate(float(mean[0]), mine[:, 0]),
            estimate(float(mean[1]), mine[:, 1]),
            estimate(float(np.abs(mean[2:]).sum()), np.abs(mine[:, 2:]).sum(axis=1)),
            ties,
            drawn,
        )
    return made


def log_losses(probabilities: Probabilities, truth: Places) -> Array:
    """Return -log p(truth) of each item, in nats, float [n]."""
    return np.asarray(-np.log(np.maximum(probabilities[np.arange(len(truth)), truth], LEAST)))


def briers(probabilities: Probabilities, truth: Places) -> Array:
    """Return the squared distance of each item's probabilities to the truth, float [n]."""
    of_truth = probabilities[np.arange(len(truth)), truth]
    return np.asarray((probabilities**2).sum(axis=1) - 2 * of_truth + 1)


def errors(probabilities: Probabilities, truth: Places) -> Array:
    """Return 1 for each item whose label is wrong or missing, else 0, float [n]."""
    return np.asarray(hard_labels(probabilities, np.ones(len(truth), np.bool_)) != truth, np.float64)


def resampled(values: Array) -> Array:
    """Return the column means of resampled rows, [draws, columns]; the draws depend on n alone.

    Args:
        values: float [n, columns], n above 0.
    """
    n = len(values)
    draws = max(FEWEST_DRAWS, min(DRAWS, MOST // n))
    random = np.random.default_rng(0)
    found = np.empty((draws, values.shape[1]))
    step = max(1, AT_ONCE // n)
    for start in range(0, draws, step):
        rows = min(step, draws - start)
        cells = random.integers(0, n, (rows, n)) + np.arange(rows)[:, None] * n
        times = np.bincount(cells.ravel(), minlength=rows * n).reshape(rows, n)
        found[start : start + rows] = times.astype(np.float64) @ values / n
    return found


def estimate(value: float, draws: Array, level: float = 0.95) -> Estimate:
    """Return a figure with the percentiles of its draws; the interval always holds the figure."""
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, min(value, float(low)), max(value, float(high)))


def _values(probabilities: Probabilities, truth: Places) -> tuple[Array, float, float]:
    """Return what is averaged: log-loss, Brier, and how sure minus how right in each bin; then accuracy and ties."""
    n = len(truth)
    top = probabilities.max(axis=1)
    best = probabilities >= top[:, None] - TIE
    drawn = best[np.arange(n), truth] / best.sum(axis=1)
    gaps = np.zeros((n, BINS))
    gaps[np.arange(n), np.minimum((top * BINS).astype(np.int64), BINS - 1)] = drawn - top
    values = np.column_stack([log_losses(probabilities, truth), briers(probabilities, truth), gaps])
    without = hard_labels(probabilities, np.ones(n, np.bool_)) < 0
    return values, float(drawn.mean()), float(without.mean())

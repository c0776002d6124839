"""The spec, where no kind of item is found: two labels that are taken for each other far more than labels are.

How often the two stand on one item is held against what follows from how often each label is in any split
(quasi-independence, Goodman 1968); looked at is the pair that stands on the most items. Labels of an ordinal scale are
near each other by their order, and of three labels or fewer nothing is left to compare: there nothing is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold.causes.kinds import torn_between
from retrolabel.gold.causes.panel import interval, resampled

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.gold.causes.panel import Floats, Ints, Panel

FEWEST_LABELS = 4
DEALS = 399
STEPS = 60
TIMES = 2.0
"""A pair stands out where it is so many times what the other pairs make one expect."""
FEWEST_SPLIT = 20


@dataclass(frozen=True, slots=True)
class Close:
    """Two labels that are not told apart.

    Attributes:
        labels: Their places.
        items: The items that are split between them.
        expected: How many one would expect from the other pairs.
        p: In which share of deals the commonest pair stands out as much.
    """

    labels: tuple[int, int]
    items: int
    expected: float
    p: float


def closest(panel: Panel, *, camps: Ints | None = None, deals: int = DEALS, seed: int = 0) -> Close | None:
    """Return the two labels that are taken for each other more than one would expect; None where that says nothing.

    Args:
        panel: The answers.
        camps: int [P]: only pairs of people within a camp count.
        deals: How often splits are drawn from what one would expect.
        seed: Another seed draws others.
    """
    k = len(panel.labels)
    if k < FEWEST_LABELS or panel.ordinal:
        return None
    counts = np.zeros((k, k))
    for one in range(k):
        for other in range(one + 1, k):
            counts[one, other] = counts[other, one] = (torn_between(panel, (one, other), camps) > 0).sum()
    upper = np.triu_indices(k, 1)
    total = int(counts[upper].sum())
    if total < FEWEST_SPLIT or (counts[upper] > 0).sum() < FEWEST_LABELS:
        return None
    fitted = _quasi_independent(counts[None])[0]
    surprise = _residuals(counts[None], fitted[None])[0][upper]
    best = int(counts[upper].argmax())
    rng = np.random.default_rng(seed)
    drawn = np.zeros((deals, k, k))
    drawn[:, upper[0], upper[1]] = rng.multinomial(total, fitted[upper] / fitted[upper].sum(), size=deals)
    drawn += drawn.transpose(0, 2, 1)
    by_chance = _residuals(drawn, _quasi_independent(drawn))[:, upper[0], upper[1]]
    by_chance = by_chance[np.arange(deals), drawn[:, upper[0], upper[1]].argmax(axis=1)]
    labels = (int(upper[0][best]), int(upper[1][best]))
    p = float((1 + (by_chance >= surprise[best]).sum()) / (1 + deals))
    return Close(labels, int(counts[labels]), expected_of(counts, labels), p)


def expected_of(counts: Floats, labels: tuple[int, int]) -> float:
    """Return how many items one would expect to be split between two labels, by all other pairs.

    Args:
        counts: float [k, k], symmetric: the items that are split between each two labels.
        labels: The places of the two.
    """
    k = len(counts)
    known = 1 - np.eye(k)
    known[labels] = known[labels[::-1]] = 0
    weights = _weights((counts * known)[None], known)[0]
    return float(weights[labels[0]] * weights[labels[1]])


def _quasi_independent(counts: Floats) -> Floats:
    """Return what tables of pairs would be if each label had a weight of its own, [B, k, k]."""
    known = 1 - np.eye(counts.shape[1])
    weights = _weights(counts, known)
    return np.asarray(weights[:, :, None] * weights[:, None, :] * known)


def _weights(counts: Floats, known: Floats) -> Floats:
    """Return the weight of each label, by iterated proportional fitting, [B, k]."""
    rows = counts.sum(axis=2) + 0.25
    weights = np.sqrt(rows / np.maximum(rows.mean(axis=1, keepdims=True), 1e-9))
    for _ in range(STEPS):
        fitted = weights * (weights @ known)
        weights = weights * np.sqrt(rows / np.maximum(fitted, 1e-9))
    return np.asarray(weights)


def _residuals(counts: Floats, fitted: Floats) -> npt.NDArray[np.float64]:
    return (counts - fitted) / np.sqrt(fitted + 0.5)


def share_of_pair(  # noqa: PLR0913 - what a share is of
    panel: Panel, close: Close, whole: Floats, *, camps: Ints | None = None, draws: int, seed: int = 0
) -> tuple[float, float, float]:
    """Return the share of all disagreement that two labels make up, beyond what one would expect of them.

    Args:
        panel: The answers.
        close: The two.
        whole: float [n]: the disagreement on each item that the share is of.
        camps: As for :func:`closest`.
        draws: Resamples.
        seed: Of them.
    """
    torn = torn_between(panel, close.labels, camps)
    features = np.column_stack([torn, whole])
    sums = np.vstack([features.sum(axis=0), resampled(len(whole), draws, seed) @ features])
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = max(0.0, 1 - close.expected / max(close.items, 1))
        return interval(sums[:, 0] / sums[:, 1] * beyond)

"""Is this gold enough to tell two label sets apart, and is it right itself?

Two label sets are compared on the same items, so only items on which exactly one is right say anything (McNemar 1947).
How large a difference can be seen with so many items, and how many a difference needs, follows from how often that
happens (Connor 1987). Where the two give the same label they are both right or both wrong: gold there says nothing of
the difference, and gold that is drawn where they differ says all of it.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import GoldError, counted
from retrolabel.gold.pairing import Pairing, paired

if TYPE_CHECKING:
    import numpy.typing as npt

POWER = 0.8
LEVEL = 0.95
LEAST = 1e-12
"""Probabilities below this count as it."""
EQUAL = 1e-9
"""How far rounding may move a number, as a part of it."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What gold says of the difference of two label sets.

    Attributes:
        pairing: The two on the same gold items, with the gain of the second and its interval.
        flips: The share of items on which exactly one is taken to be right, half an item added to each kind.
        smallest: The smallest difference that so many items show with the power asked for; ``None`` where none is
            large enough.
        power: With which probability a difference is to be seen.
        wanted: The difference that is looked for: the one asked for, else the one that was found.
        needed: How many items drawn from all it needs; ``None`` where no number shows it.
        more: How many of them are missing.
        where_they_differ: How many are enough if they are drawn only where the two differ; ``None`` if that is not
            known.
    """

    pairing: Pairing
    flips: float
    smallest: float | None
    power: float
    wanted: float
    needed: int | None
    more: int | None
    where_they_differ: int | None

    @property
    def tells(self) -> bool:
        """Whether the interval of the gain leaves out 0."""
        low, high = self.pairing.gain.low, self.pairing.gain.high
        return low is not None and high is not None and not low <= 0 <= high

    def __str__(self) -> str:
        """Return a verdict with its figures."""
        n = counted(self.pairing.items, "gold item")
        gain = self.pairing.gain.value
        found = "nothing was compared" if gain is None else f"the second is right {gain:+.1%} more often"
        sees = "no difference" if self.smallest is None else f"differences from {self.smallest:.1%} on"
        verdict = "tells them apart" if self.tells else "does not tell them apart"
        ask = f"; a difference of {abs(self.wanted):.1%} needs {self.more:,} more" if self.more else ""
        text = f"{n} {verdict if self.pairing.items == 1 else verdict.replace('tells', 'tell').replace('does', 'do')}"
        return f"{text}: {found}; so many show {sees}{ask}".replace("%", " %")

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        return asdict(self) | {"pairing": self.pairing.as_dict(), "tells": self.tells}


def readiness(
    before: npt.NDArray[np.bool_],
    after: npt.NDArray[np.bool_],
    *,
    differing: float | None = None,
    wanted: float | None = None,
    power: float = POWER,
) -> Readiness:
    """Return whether gold tells two label sets apart, and how many items more it takes.

    Args:
        before: bool [n]: whether the first is right, on a random sample of items.
        after: bool [n]: the same of the second.
        differing: The share of all items on which the two give different labels, which needs no gold.
        wanted: The difference of their accuracies that is to be seen; the one that was found if left out.
        power: With which probability it is to be seen, in a two-sided test at the 5 % level.

    Raises:
        GoldError: The two differ in length, or a share does not lie from 0 to 1.

    Example:
        >>> found = readiness(np.array([True] * 150 + [False] * 50), np.array([True] * 160 + [False] * 40))
        >>> print(found)
        200 gold items tell them apart: the second is right +5.0 % more often; so many show differences from 4.6 % on
    """
    if len(before) != len(after):
        raise GoldError(f"The two label sets are judged on {len(before)} and {len(after)} items.")
    if differing is not None and not 0 <= differing <= 1:
        raise GoldError(f"The share of items that differ lies from 0 to 1: {differing}.")
    pairing = paired(before, after)
    n = pairing.items
    flips = (int((before != after).sum()) + 1) / (n + 2)
    if differing is not None:
        flips = min(flips, differing)
    sought = abs(wanted if wanted is not None else (pairing.gain.value or 0.0))
    needed = items_for(sought, max(flips, sought), power=power) if 0 < sought <= 1 else None
    there = None
    if differing and needed is not None and sought <= differing:
        there = items_for(sought / differing, min(1.0, max(flips, sought) / differing), power=power)
    more = None if needed is None else max(0, needed - n)
    return Readiness(pairing, flips, smallest_difference(n, flips, power=power), power, sought, needed, more, there)


def items_for(difference: float, flips: float, *, power: float = POWER) -> int:
    """Return how many items show a difference of two label sets (Connor 1987).

    Args:
        difference: How much more often one is right than the other, above 0.
        flips: On which share of the items exactly one is right, at least the difference.
        power: With which probability it is to be seen, in a two-sided test at the 5 % level.

    Raises:
        GoldError: Such a difference cannot be.

    Example:
        >>> items_for(0.05, 0.2), items_for(0.1, 0.2)
        (626, 155)
    """
    if not 0 < difference <= flips <= 1:
        raise GoldError(f"A difference lies above 0 and not above the share of flips: {difference:g}, {flips:g}.")
    z, z_power = _quantiles(power)
    root = z * math.sqrt(flips) + z_power * math.sqrt(max(flips - difference**2, 0.0))
    return math.ceil((root / difference) ** 2 * (1 - EQUAL))


def smallest_difference(n: int, flips: float, *, power: float = POWER) -> float | None:
    """Return the smallest difference that n items show; ``None`` where even all flips for one side are too few.

    Args:
        n: How many items both are judged on.
        flips: On which share of the items exactly one is right.
        power: With which probability it is to be seen, in a two-sided test at the 5 % level.

    Raises:
        GoldError: The power does not lie from a half to 1, or the share from 0 to 1.

    Example:
        >>> round(smallest_difference(626, 0.2), 3), smallest_difference(10, 0.2)
        (0.05, None)
    """
    z, z_power = _quantiles(power)
    if not 0 <= flips <= 1:
        raise GoldError(f"The share of flips lies from 0 to 1: {flips:g}.")
    # (n + b^2) d^2 - 2 z sqrt(n f) d + (z^2 - b^2) f = 0, from sqrt(n) d = z sqrt(f) + b sqrt(f - d^2)
    left = n + z_power**2 - z**2
    if n == 0 or flips == 0 or left < 0:
        return None
    found = math.sqrt(flips) * (z * math.sqrt(n) + z_power * math.sqrt(left)) / (n + z_power**2)
    return found if found <= flips * (1 + EQUAL) else None


def suspects(
    probabilities: npt.ArrayLike, gold: npt.ArrayLike, covered: npt.ArrayLike | None = None
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the gold items on which the label model speaks against people, those it is surest of first.

    The score is how many nats more it gives its own label than the one of gold. Ties stand in the order of the items.

    Args:
        probabilities: float [n, k]: of each label, by a model that was fitted without the item's gold (cross-fitted).
        gold: int [n], -1 where unknown; or bool [n, k]: the labels that gold leaves, all false where it says nothing.
        covered: bool [n]: where anything voted; elsewhere the model has nothing to say. All if left out.

    Returns:
        int [s], the rows; float [s], their scores, above 0 and falling.

    Raises:
        GoldError: The arrays do not belong together.

    Example:
        >>> rows, scores = suspects([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]], [1, 1, 0])
        >>> rows.tolist(), scores.round(2).tolist()
        ([0, 2], [2.2, 0.41])
    """
    table, said = np.asarray(probabilities, np.float64), np.asarray(gold)
    if table.ndim != 2 or said.shape[:1] != table.shape[:1]:  # noqa: PLR2004 - a table
        raise GoldError(f"Gold and probabilities do not belong together: {said.shape}, {table.shape}.")
    if said.ndim == 1 and said.size and said.max() >= table.shape[1]:
        raise GoldError(f"Gold names label {int(said.max())}, and there are probabilities of {table.shape[1]}.")
    leaves = said.astype(np.bool_) if said.ndim > 1 else said[:, None] == np.arange(table.shape[1])
    if leaves.shape != table.shape:
        raise GoldError(f"Gold and probabilities do not belong together: {leaves.shape}, {table.shape}.")
    asked = leaves.any(axis=1) & (True if covered is None else np.asarray(covered, np.bool_))
    logs = np.log(np.maximum(table, LEAST))
    against = np.where(leaves, -np.inf, logs).max(axis=1, initial=-np.inf)
    score = np.full(len(table), -np.inf)
    score[asked] = against[asked] - np.where(leaves, logs, -np.inf).max(axis=1, initial=-np.inf)[asked]
    order = np.argsort(-score, kind="stable")
    rows = order[score[order] > 0]
    return rows, score[rows]


def suspects_by_cleanlab(probabilities: npt.ArrayLike, gold: npt.ArrayLike) -> npt.NDArray[np.int64] | None:
    """Return the gold items that cleanlab takes for wrong, best first; ``None`` where it is not installed.

    Confident learning (Northcutt, Jiang & Chuang 2021): a label is suspect where another one is likelier than it is on
    the items that have it. Where gold has one label only, none is.

    Args:
        probabilities: float [n, k], cross-fitted, each row with a sum of 1.
        gold: int [n], -1 where unknown.
    """
    try:
        from cleanlab.filter import find_label_issues  # noqa: PLC0415 - optional
    except ImportError:
        return None
    table, said = np.asarray(probabilities, np.float64), np.asarray(gold, np.int64)
    known = np.flatnonzero(said >= 0)
    if len(np.unique(said[known])) < 2:  # noqa: PLR2004 - two can be mixed up
        return np.zeros(0, np.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it may pass over labels with few items: the label model does not
        found = find_label_issues(said[known], table[known], return_indices_ranked_by="self_confidence", n_jobs=1)
    return np.asarray(known[found], np.int64)


def _quantiles(power: float) -> tuple[float, float]:
    if not 0.5 <= power < 1:  # noqa: PLR2004 - below a half, chance does as well
        raise GoldError(f"A power lies from a half to 1: {power:g}.")
    normal = NormalDist()
    return normal.inv_cdf((1 + LEVEL) / 2), normal.inv_cdf(power)

"""How well a round of calibration tells how far people agree: what a number of items buys, before anybody answers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.errors import GoldError
from retrolabel.gold.agreement import Z95

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

PLANNED = 0.7
"""The alpha that a round is planned for, where nobody knows better."""
SIMULATED = 400


def alpha_half_width(  # noqa: PLR0913 - a round, and how it is simulated
    items: int, people: int, shares: Sequence[float], *, alpha: float = PLANNED, draws: int = SIMULATED, seed: int = 0
) -> float:
    """Return half of the 95 % interval of Krippendorff's alpha that a round of some size will have, about.

    It is simulated: each person gives an item's label with the probability sqrt(alpha), and else one as labels are
    common, so that two people agree beyond chance as often as ``alpha`` says (Krippendorff 2011, nominal).

    Args:
        items: How many items everybody answers.
        people: How many people.
        shares: [k]: how common each label is; they need not add up to 1.
        alpha: The agreement that is taken for granted.
        draws: How many rounds are simulated.
        seed: Of the simulation.

    Raises:
        GoldError: There are fewer than two people, items, or labels that occur.

    Example:
        >>> few, many = (alpha_half_width(n, 3, [1, 1, 1]) for n in (40, 160))
        >>> 0.1 < few < 0.2, 0.4 < many / few < 0.6
        (True, True)
    """
    chances = np.asarray(shares, np.float64)
    if min(items, people, int((chances > 0).sum())) < 2:  # noqa: PLR2004 - one of anything is no agreement
        raise GoldError("Agreement takes two people, two items and two labels that occur, at least.")
    random = np.random.default_rng(seed)
    k, size = len(chances), (draws, people, items)
    truth = random.choice(k, (draws, 1, items), p=chances / chances.sum())
    guess = random.choice(k, size, p=chances / chances.sum())
    said = np.where(random.random(size) < math.sqrt(alpha), truth, guess)
    counts = np.stack([(said == label).sum(axis=1) for label in range(k)], axis=-1)
    return float(Z95 * np.nanstd(_alphas(counts, people)))


def _alphas(counts: npt.NDArray[np.int64], people: int) -> npt.NDArray[np.float64]:
    """Return the alpha of each round; ``counts`` int [d, n, k] is how many people gave which label."""
    agreeing = (counts * (counts - 1)).sum(axis=(1, 2)) / (people - 1)
    totals = counts.sum(axis=1)
    answers = totals.sum(axis=1)
    expected = (totals * (totals - 1)).sum(axis=1) / (answers - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1 - (answers - agreeing) / (answers - expected))

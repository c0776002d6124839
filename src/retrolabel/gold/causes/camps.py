"""Taste: people who side with each other across items, against others who side with each other.

How often two people agree, without what each of them agrees with everybody, is a matrix whose leading eigenvector sets
one camp against the other. Its eigenvalue is held against those of answers that are dealt out anew within each item.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold.causes.panel import apart_by_item, between, excess, item_weights, shuffled

if TYPE_CHECKING:
    from retrolabel.gold.causes.panel import Flags, Floats, Ints, Panel

FEWEST_PEOPLE = 8
FEWEST_SHARED = 10.0
"""Pairs of people who share fewer items say nothing."""
FEWEST_IN_CAMP = 2
DEALS = 399
FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Camps:
    """Two camps.

    Attributes:
        camp: int [P]: 0 or 1.
        p: In which share of deals chance makes camps that are as far apart.
        contested: bool [n]: the items on which most of one camp say something else than most of the other.
    """

    camp: Ints
    p: float
    contested: Flags

    @property
    def sizes(self) -> tuple[int, int]:
        """How many people are in each, the larger one first."""
        ones = int(self.camp.sum())
        return max(ones, len(self.camp) - ones), min(ones, len(self.camp) - ones)


def find_camps(panel: Panel, *, deals: int = DEALS, seed: int = 0) -> Camps:
    """Return the two camps that are furthest apart, and how often chance makes such ones.

    Args:
        panel: Answers of eight people or more; of fewer, camps are made by chance.
        deals: How often answers are dealt out anew.
        seed: Another seed deals in another way.
    """
    apart = panel.apart
    far, shared = between(panel.codes, apart)
    value, camp = _leading(far, shared)
    contested = panel.codes[:, (panel.given() > 0).sum(axis=1) > 1]
    rng = np.random.default_rng(seed)
    by_chance = np.empty(deals)
    for deal in range(deals):
        by_chance[deal] = _leading(between(shuffled(contested, rng), apart)[0], shared)[0]
    p = float((1 + (by_chance >= value).sum()) / (1 + deals))
    return Camps(camp, p, _contested(panel, camp))


def _leading(far: Floats, shared: Floats) -> tuple[float, Ints]:
    """Return the largest eigenvalue of what two people agree beyond what each agrees with everybody, and the camps.

    Args:
        far: float [P, P]: how far each two are apart, in sum over items.
        shared: float [P, P]: how many items they share.
    """
    enough = shared >= min(FEWEST_SHARED, float(np.quantile(shared[shared > 0], 0.5)) if (shared > 0).any() else 0)
    weight = np.where(enough, shared, 0.0)
    agree = np.where(enough, 1 - far / np.maximum(shared, 1e-9), 0.0)
    left = _residuals(agree, weight) * np.sqrt(weight / max(float(weight.max()), 1e-9))
    values, vectors = np.linalg.eigh(left)
    return float(values[-1]), (vectors[:, -1] > 0).astype(np.int64)


def _residuals(agree: Floats, weight: Floats) -> Floats:
    """Return what is left of agreement once each person's own part is taken out, by weighed least squares."""
    people = len(agree)
    one, other = np.nonzero(np.triu(weight, 1))
    design = np.zeros((len(one), people + 1))
    rows = np.arange(len(one))
    design[rows, one] += 1
    design[rows, other] += 1
    design[:, -1] = 1
    root = np.sqrt(weight[one, other])
    fitted, *_ = np.linalg.lstsq(design * root[:, None], agree[one, other] * root, rcond=None)
    found = np.zeros_like(agree)
    found[one, other] = found[other, one] = agree[one, other] - design @ fitted
    return found


def _contested(panel: Panel, camp: Ints) -> Flags:
    most = []
    for side in (0, 1):
        given = panel.without(np.flatnonzero(camp != side).tolist()).given()
        top = given.max(axis=1)
        clear = ((given == top[:, None]).sum(axis=1) == 1) & (top > 0)
        most.append(np.where(clear, given.argmax(axis=1), -1))
    return np.asarray((most[0] >= 0) & (most[1] >= 0) & (most[0] != most[1]))


def share_of_camps(panel: Panel, whole: Floats, *, draws: int, seed: int = 0) -> tuple[float, float, float]:
    """Return the share of all disagreement that is between camps, beyond what is within them.

    The camps of an item are found without the fifth of the items that it is in.

    Args:
        panel: The answers.
        whole: float [n]: the disagreement on each item that the share is of.
        draws: Resamples.
        seed: Of them.
    """
    n = len(whole)
    fold = np.random.default_rng(seed).permutation(n) % FOLDS
    across, inside = np.zeros((2, n)), np.zeros((2, n))
    for part in range(FOLDS):
        here = fold == part
        _, camp = _leading(*between(panel.codes[:, ~here], panel.apart))
        codes = panel.codes[:, here]
        weight = item_weights(codes)
        inside[:, here] = sum(apart_by_item(codes[camp == side], panel.apart, weight) for side in (0, 1))
        across[:, here] = apart_by_item(codes, panel.apart, weight) - inside[:, here]
    return excess(across, inside, whole, draws=draws, seed=seed)

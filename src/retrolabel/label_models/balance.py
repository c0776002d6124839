"""How frequent labels are, from voters that say several of them: by how often they agree.

Two voters that are right with a and b, and wrong in all other ways alike, agree on a b + (1 - a)(1 - b)/(k - 1) of the
items, however frequent labels are. So their agreement says how good they are, and what each says then says how
frequent labels are: of a label that one item in a hundred has, a voter of 0.8 says it on one in five. It is believed
as far as the voters' shares of labels fit together: people who prefer one label to another would pass for skew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrolabel.label_models.medians import factors, weighted_median

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.correlations import Correlations

    Array = npt.NDArray[np.float64]

VOTERS = 3
"""From so many voters on that say several labels there is something to see."""
SPREAD = 0.2
"""How far the shares of labels are from those assumed, as a standard deviation, where nothing is known."""
RARE = 0.002
FIRST, MOST, LEAST = 0.67, 0.98, 0.05
"""How far above chance voters are taken to be at first, at most, and at least where something is divided by it."""


def balanced(
    correlations: Correlations, members: npt.NDArray[np.bool_], among: npt.NDArray[np.bool_], prior: Array
) -> Array | None:
    """Return the label probabilities that voters speak for, float [k]; ``None`` where too few say several labels.

    Args:
        correlations: Which features go together.
        members: bool [F, k]: the labels that each feature leaves.
        among: bool [F]: the features to look at.
        prior: float [k]: the label probabilities that are assumed without votes.
    """
    features, k = correlations.features, len(prior)
    single = members.sum(axis=1) == 1
    place = members.argmax(axis=1)
    only = np.bincount(features.voter, single, minlength=features.voters) == features.sets
    usable = single & among & only[features.voter]
    voters = np.flatnonzero(np.bincount(features.voter, usable, minlength=features.voters) > 1)
    if len(voters) < VOTERS:
        return None
    usable &= np.isin(features.voter, voters)
    rows, mine = np.flatnonzero(usable), np.searchsorted(voters, features.voter[usable])
    said = np.zeros((len(voters), k))
    said[mine, place[rows]] = correlations.share[rows]
    coverage = said.sum(axis=1)
    above = _above_chance(correlations.together[np.ix_(rows, rows)], mine, place[rows], len(voters), k)
    shares = said / coverage[:, None]
    right = shares - (1 - (1 + (k - 1) * above[:, None]) / k) / (k - 1)  # less what errors say: above x frequency
    safe = np.where(np.abs(above) < LEAST, LEAST, above)
    weight = coverage * np.abs(above)
    found = np.array([weighted_median(right[:, label] / safe, weight) for label in range(k)])
    found = np.maximum(found, RARE)
    found /= found.sum()
    sampled = shares * (1 - shares) / np.maximum(coverage * correlations.items, 1.0)[:, None]
    apart = (right - above[:, None] * found) ** 2 - sampled
    bias = np.maximum((coverage[:, None] * apart).sum(axis=0) / coverage.sum(), 0.0).mean()
    unsure = bias / max(float(coverage @ above**2 / coverage.sum()), LEAST**2)
    believed = SPREAD**2 / (SPREAD**2 + unsure)
    return np.asarray((1 - believed) * prior + believed * found)


def _above_chance(
    together: Array, mine: npt.NDArray[np.int64], place: npt.NDArray[np.int64], voters: int, k: int
) -> Array:
    """Return how far above chance each voter is, float [m]: 1 is always right, 0 chance, negative worse."""
    both, same = np.zeros((voters, voters)), np.zeros((voters, voters))
    at = (mine[:, None], mine[None, :])
    np.add.at(both, at, together)
    np.add.at(same, at, np.where(place[:, None] == place[None, :], together, 0.0))
    np.fill_diagonal(both, 0.0)
    one, other = np.nonzero(both)
    agree = same[one, other] / both[one, other]
    above = factors(
        (k * agree - 1) / (k - 1),
        np.ones(len(one)),
        np.sqrt(both[one, other]),
        (one, other),
        np.full(voters, FIRST),
        (-MOST, MOST),
    )
    return -above if above.sum() < 0 else above

"""Labels that a voter never tells apart: what it says is as frequent given the one as given the other.

A person who labelled under an old version said ``bad``, which has become the set {slow, wrong}. Whether an item is
slow or wrong cannot have changed how often that person said ``bad``. Left to itself, EM finds a difference all the
same, and then prefers one of the two on items of which nothing but ``bad`` is known. With ties, the rows of a
confusion table (Dawid & Skene 1979) that belong to tied labels are estimated as one, from the votes on all of them.

It is for people, not for labeling functions: an LF for ``bad`` looks for certain words, and these may well occur
with slow items more than with wrong ones. On TREC's questions, with half of the LFs' votes widened to pairs of
labels, ties lose what was learned so: the log-loss of items with such votes alone goes from 1.07 to 1.17.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from retrolabel.label_models.features import Features

    Array = npt.NDArray[np.float64]
    Partition = npt.NDArray[np.int64]

DIGITS = 12


def never_told_apart(features: Features, lift: Array, tied: Collection[int]) -> Partition:
    """Return which labels some voters never tell apart: those that each of their votes speaks for alike.

    Args:
        features: The votes; a voter is known by what it emits somewhere.
        lift: float [F, k]: how much each feature speaks for each label, before anything is learned.
        tied: The places of the voters that could not tell labels apart; of others, no labels are tied.

    Returns:
        int [m, k]: a voter's labels with one number are tied. Of a tied voter that never votes all are.

    Example:
        >>> from retrolabel.label_models import em
        >>> from retrolabel.label_models.features import Features
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_sets([[{0, 1}, {0, 1}], [2, None]], labels=["slow", "wrong", "good"])
        >>> features = Features.of(votes.codes)
        >>> never_told_apart(features, em.lifts(votes.membership, 0.75)[features.code], [0]).tolist()
        [[0, 0, 1], [0, 1, 2]]
    """
    found = np.tile(np.arange(lift.shape[1]), (features.voters, 1))
    alike = np.round(lift, DIGITS)
    for voter in tied:
        mine = alike[features.voter == voter]
        _, first, groups = np.unique(mine, axis=1, return_index=True, return_inverse=True)
        found[voter] = np.argsort(np.argsort(first))[groups.ravel()] if len(mine) else 0
    return found


@dataclass(frozen=True, eq=False)
class Ties:
    """Sums over tied labels, for each feature.

    Attributes:
        pool: int [F, k]: the number of the pool that a feature's value for a label goes into.
        pools: How many pools there are.
    """

    pool: npt.NDArray[np.int64]
    pools: int

    @classmethod
    def of(cls, features: Features, tied: Partition) -> Ties:
        """Return the pools of features, given which labels are tied for each voter, int [m, k]."""
        k = tied.shape[1]
        pool = np.arange(len(features.voter))[:, None] * k + tied[features.voter]
        return cls(pool, len(features.voter) * k)

    def pooled(self, values: Array) -> Array:
        """Return for each feature and label the sum of the values over the labels tied to it, float [F, k].

        Example:
            >>> Ties(np.array([[0, 1, 0]]), 3).pooled(np.array([[1.0, 5.0, 2.0]])).tolist()
            [[3.0, 5.0, 3.0]]
        """
        sums = np.bincount(self.pool.ravel(), values.ravel(), minlength=self.pools)
        return np.asarray(sums[self.pool])

    def divided(self, mass: Array, prior: Array) -> Array:
        """Return the mass of each label, divided among labels that no tied voter tells apart as the prior divides them.

        How often LFs find one part of an old label and not the other says how good these LFs are, not how frequent the
        parts are.

        Args:
            mass: float [k].
            prior: float [k].

        Example:
            >>> Ties(np.array([[0, 0, 1]]), 3).divided(np.array([5.0, 1.0, 2.0]), np.array([0.2, 0.2, 0.6])).tolist()
            [3.0, 3.0, 2.0]
        """
        ordered = np.sort(self.pool, axis=1)
        ties = self.pool[(ordered[:, 1:] == ordered[:, :-1]).any(axis=1)]
        if not len(ties):
            return mass
        _, group = np.unique(ties, axis=1, return_inverse=True)
        group = group.ravel()
        return np.asarray(prior * (np.bincount(group, mass) / np.bincount(group, prior))[group])

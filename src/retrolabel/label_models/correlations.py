"""How votes of different voters go together: as counted, and as they would if all were right with the base precision.

Two people who were given the same items vote on the same items, and that says nothing. So two voters with several
label sets each are compared on the items on which both vote, and what is found counts for the share of their votes
that lies there. Which items an LF with one label set votes on is all that it says, and is compared over all items.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.features import Features

    Array = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

LEAST_SPREAD = 1e-9
LEAST = 1e-300


@dataclass(frozen=True, eq=False)
class Correlations:
    """The correlations between the features of different voters.

    Attributes:
        features: F features of m voters.
        share: float [F]: the share of the items that show each.
        together: float [F, F]: the share that show both.
        items: How many items there are.
    """

    features: Features
    share: Array
    together: Array
    items: float

    @classmethod
    def of(cls, features: Features, counts: Array) -> Correlations:
        """Count the items that show two features.

        Args:
            features: The features.
            counts: float [U]: the weight of each pattern.
        """
        items = float(counts.sum())
        return cls(features, features.of_features(counts) / items, features.together(counts) / items, items)

    @cached_property
    def between(self) -> Mask:
        """Whether two features are of different voters, bool [F, F]."""
        return np.asarray(self.features.voter[:, None] != self.features.voter[None, :])

    @cached_property
    def alike(self) -> Mask:
        """Whether two features are one label set, said by different voters, bool [F, F]."""
        return np.asarray(self.between & (self.features.code[:, None] == self.features.code[None, :]))

    @cached_property
    def on_both(self) -> Mask:
        """Whether two features are compared where both voters vote, bool [F, F]: both say several label sets."""
        return np.asarray(self.features.several[:, None] & self.features.several[None, :])

    @cached_property
    def seen(self) -> Array:
        """On how many items two features are compared, float [F, F]."""
        return np.where(self.on_both, self._both * self.items, self.items)

    @cached_property
    def found(self) -> Array:
        """The correlations as counted, float [F, F]."""
        return self._correlations(self.together, self._both)

    def expected(self, tables: Array, prior: Array) -> Array:
        """Return what they would be if voters knew of each other by the label alone, float [F, F].

        Args:
            tables: float [F, k]: how often each feature is shown given each label.
            prior: float [k]: the label probabilities.
        """
        together = (tables * prior) @ tables.T
        return self._correlations(together, self._on_both_voters(together))

    @cached_property
    def _both(self) -> Array:
        return self._on_both_voters(self.together)

    def _on_both_voters(self, together: Array) -> Array:
        """Return float [F, F]: the share of the items on which the two features' voters both vote."""
        some, voter = np.flatnonzero(self.features.sets), self.features.voter
        begins = np.searchsorted(voter, some)
        sums = np.add.reduceat(np.add.reduceat(together, begins, axis=0), begins, axis=1)
        place = np.searchsorted(some, voter)
        return np.asarray(sums[place[:, None], place[None, :]])

    def _correlations(self, together: Array, both: Array) -> Array:
        """Return correlations; where ``both`` differs from what was counted, they are those given that both vote."""
        over_all, spread = together - np.outer(self.share, self.share), self.share - self.share**2
        votes_on = self.features.by_voter(self.share[:, None])[self.features.voter, 0]
        part = self.share / votes_on
        given_both = together * (self._both / np.maximum(both, LEAST)) - self._both * np.outer(part, part)
        of_both = (part - part**2) * votes_on
        return np.where(self.on_both, _over_spreads(given_both, of_both), _over_spreads(over_all, spread))


def _over_spreads(covariance: Array, spread: Array) -> Array:
    """Return correlations; 0 with what does not vary: a voter that always says the same goes together with nobody."""
    varies = spread > LEAST_SPREAD
    over = np.where(varies, 1 / np.sqrt(np.where(varies, spread, 1.0)), 0.0)
    return np.asarray(covariance * over[:, None] * over[None, :])

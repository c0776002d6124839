"""How far each person lies from the others by habit: so that who is on holiday does not look like a change.

Where people differ in how often they agree with others, a week without one of them has another mean. What each adds is
learned from the periods before, drawn towards 0 where there is little, and taken out of the scores of those before and
of the period itself. Where the same people answer each item in each period this changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]

DRAWN = 20.0
"""As so many items that say nothing of a person weighs the guess that they lie as far from others as all do."""
CROWD = 60
"""Of more people than these, the habits are not learned: most of them would rest on a few items."""


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What is counted of the distances of people, to learn their habits from.

    Attributes:
        items: float [people]: items that each has a distance on.
        far: float [people]: the sum of these.
        beside: float [people, people]: on how many items each two stand together, each a share of the others there.
    """

    items: Floats
    far: Floats
    beside: Floats

    def __add__(self, other: Tally) -> Tally:
        """Return both together."""
        return Tally(self.items + other.items, self.far + other.far, self.beside + other.beside)


def tally_of(own: Floats) -> Tally:
    """Return what is counted of the distances of people.

    Args:
        own: float [people, n]: how far each lies from the others on an item, NaN where that is unknown.
    """
    there = np.isfinite(own).astype(float)
    beside = (there / np.maximum(there.sum(axis=0) - 1, 1)) @ there.T
    np.fill_diagonal(beside, 0.0)
    return Tally(there.sum(axis=1), np.nan_to_num(own).sum(axis=1), beside)


def habits(tally: Tally) -> Floats | None:
    """Return what each person adds to the distance of two people: float [people]; None of a crowd.

    The distance of two people is taken as a level and what each of the two adds; least squares, with a ridge.

    Args:
        tally: What is counted of the periods before.

    Example:
        >>> own = np.repeat([[0.1], [0.1], [0.2]], 400, axis=1)  # two agree; the third differs from each of them
        >>> habits(tally_of(own)).round(2).tolist()
        [-0.06, -0.06, 0.12]
    """
    if len(tally.items) > CROWD:
        return None
    level = tally.far.sum() / max(1.0, tally.items.sum())
    ridge = np.diag(tally.items + DRAWN) + tally.beside
    return np.asarray(np.linalg.solve(ridge, tally.far - tally.items * level))


def without_habits(scores: Floats, own: Floats, added: Floats | None) -> Floats:
    """Return scores without what the people of each item add: float [n].

    Args:
        scores: float [n].
        own: float [people, n]: NaN where a person is no part of the score.
        added: float [people]: as :func:`habits` has them; None takes nothing out.
    """
    if added is None:
        return scores
    there = np.isfinite(own)
    return np.asarray(scores - 2 * (added @ there) / np.maximum(there.sum(axis=0), 1))

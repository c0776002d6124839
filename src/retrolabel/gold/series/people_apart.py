"""How far each person lies from the others by habit: so that who is on holiday does not look like a change.

Where people differ in how often they agree with others, a week without one of them has another mean. What each adds is
learned from the periods before, drawn towards 0 where there is little, and taken out of the scores of those before and
of the period itself. Where the same people answer each item in each period this changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]

DRAWN = 20.0
"""As so many items that say nothing of a person weighs the guess that they lie as far from others as all do."""
CROWD = 60
"""Of more people than these, the habits are not learned: most of them would rest on a few items."""


def habits(own: Sequence[Floats]) -> Floats:
    """Return what each person adds to the distance of two people: float [people].

    The distance of two people is taken as a level and what each of the two adds; least squares, with a ridge.

    Args:
        own: float [people, n] each: how far each lies from the others on an item, NaN where that is unknown.

    Example:
        >>> own = np.repeat([[0.1], [0.1], [0.2]], 400, axis=1)  # two agree; the third differs from each of them
        >>> habits([own]).round(2).tolist()
        [-0.06, -0.06, 0.12]
    """
    people = len(own[0])
    if people > CROWD:
        return np.zeros(people)
    there = np.concatenate([np.isfinite(each) for each in own], axis=1).astype(float)
    far = np.nan_to_num(np.concatenate(own, axis=1))
    others = np.maximum(there.sum(axis=0) - 1, 1)
    level = far.sum() / max(1.0, there.sum())
    beside = (there / others) @ there.T
    np.fill_diagonal(beside, 0.0)
    items = there.sum(axis=1)
    ridge = np.diag(items + DRAWN) + beside
    return np.asarray(np.linalg.solve(ridge, far.sum(axis=1) - items * level))


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

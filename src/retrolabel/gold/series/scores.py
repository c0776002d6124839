"""What an item of one period says of agreement: how far the answers of its people lie apart.

A score is a mean over the pairs of people who answered the item, from 0 (all say the same) to 1. Krippendorff's alpha
is 1 - the mean score over what chance would make of it, so that a chart of the scores is a chart of alpha, as long as
labels are as frequent as before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]
    Bools: TypeAlias = npt.NDArray[np.bool_]
    Codes: TypeAlias = npt.NDArray[np.int32]

TWO = 2


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What people said in one period.

    Attributes:
        codes: int [people, n]: the place of the label, -1 where there is no answer; the same people in each period.
        items: int [n]: which item each column is; the same number for the same item in each period.
    """

    codes: Codes
    items: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """Which disagreement is looked at.

    Attributes:
        apart: float [k, k]: how far two labels lie apart, 0 to 1; 0 for the same label.
        only: Where two labels are watched, their places: an item counts where somebody gave it one of both.
        person: Where one person is watched, their place: the score is how far they lie from the others.
    """

    apart: Floats
    only: tuple[int, int] | None = None
    person: int | None = None

    def of(self, codes: Codes) -> tuple[Floats, Floats]:
        """Return the scores of items, and how far each person lies from the others on them.

        Args:
            codes: int [people, n].

        Returns:
            float [n], NaN where fewer than two people answered, or nobody gave one of the two labels; and
            float [people, n], NaN where a person gave no answer too.
        """
        counts = np.stack([(codes == place).sum(axis=0) for place in range(len(self.apart))], axis=1).astype(float)
        answers = counts.sum(axis=1)
        there = answers >= TWO
        if self.only is not None:
            there &= counts[:, list(self.only)].sum(axis=1) > 0
        others = np.where(there, answers - 1, np.nan)
        from_each = counts @ self.apart  # [n, k]: the distances from each label to all answers of the item
        own = np.take_along_axis(from_each, np.maximum(codes, 0).T.astype(np.int64), axis=1).T / others
        own = np.where(codes >= 0, own, np.nan)
        if self.person is not None:
            return own[self.person], own
        return (counts * from_each).sum(axis=1) / (answers * others), own


def nominal(k: int) -> Floats:
    """Return the distances of labels without an order.

    Example:
        >>> nominal(2).tolist()
        [[0.0, 1.0], [1.0, 0.0]]
    """
    return 1.0 - np.eye(k)


def ordinal(k: int) -> Floats:
    """Return the distances of labels in their order: the squared number of steps between them, over that of all.

    The ranks of ordinal alpha follow how frequent labels are, so that a new week would move the points of old ones;
    these do not.

    Example:
        >>> ordinal(3)[0].tolist()
        [0.0, 0.25, 1.0]
    """
    places = np.arange(k) / max(1, k - 1)
    return np.asarray((places[:, None] - places) ** 2)


def of_two(k: int, one: int, other: int) -> Score:
    """Return the score of two labels: how often two people differ between them, on items that are one of both to some.

    Args:
        k: How many labels there are.
        one: The place of the one.
        other: That of the other.

    Example:
        >>> codes = np.array([[0, 0, 2], [0, 1, 2], [2, 1, 0]], np.int32)
        >>> of_two(3, 0, 1).of(codes)[0].round(2).tolist()
        [0.0, 0.67, 0.0]
    """
    apart = np.zeros((k, k))
    apart[one, other] = apart[other, one] = 1.0
    return Score(apart, (one, other))


def pooled(periods: Sequence[Asked], score: Score, least: int) -> list[tuple[int, int]]:
    """Return the first and the last period of each point: periods with too few items are taken together with the next.

    Args:
        periods: The periods, oldest first.
        score: What is looked at.
        least: Items that a point needs.

    Returns:
        (first, last) each, as places; the newest periods are in none while they have too few.
    """
    found, first, items = [], 0, 0
    for place, each in enumerate(periods):
        items += int(np.isfinite(score.of(each.codes)[0]).sum())
        if items >= least:
            found.append((first, place))
            first, items = place + 1, 0
    return found


def together(periods: Sequence[Asked]) -> Asked:
    """Return several periods as one; an item that was asked in two of them is there twice."""
    if len(periods) == 1:
        return periods[0]
    codes = np.concatenate([each.codes for each in periods], axis=1)
    return Asked(codes, np.concatenate([each.items for each in periods]))

"""Which two labels people mix up: the items on which one says this and another that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.gold.breakdowns import by_pair_of_labels
from retrolabel.gold.coding import coded_table
from retrolabel.gold.coefficient import DRAWS, LEAST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.gold.breakdowns import Part

MOST = 10


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two labels between which people differ.

    Attributes:
        labels: The two.
        differ: Items that one person gives the first and another the second.
        part: How well people tell the two apart, over the answers that are one of both.
    """

    labels: tuple[Any, Any]
    differ: int
    part: Part


def most_confused(  # noqa: PLR0913 - the same keywords everywhere
    ratings: Any,  # noqa: ANN401 - any table
    *,
    values: Sequence[Any] | None = None,
    most: int = MOST,
    least: int = LEAST,
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[Confusion, ...]:
    """Return the pairs of labels between which people differ on the most items, those first.

    Args:
        ratings: [people, items], missing as NaN or None.
        values: All labels; those that occur, sorted, if left out.
        most: How many pairs at most; those on which nobody differs are left out.
        least: On fewer items a figure is withheld.
        draws: Resamples of the intervals; 0 leaves them out.
        seed: Of the resamples.

    Example:
        >>> ratings = [["a", "b", "c", "a"], ["a", "b", "b", "b"], ["a", "b", "b", "a"]]
        >>> [(each.labels, each.differ) for each in most_confused(ratings)]
        [(('a', 'b'), 1), (('b', 'c'), 1)]
    """
    table = coded_table(ratings, values)
    given = [(table.codes == place).any(axis=0) for place in range(len(table.values))]
    pairs = [(int((given[x] & given[y]).sum()), x, y) for x, y in combinations(range(len(given)), 2)]
    found = []
    for differ, x, y in sorted((each for each in pairs if each[0]), key=lambda each: (-each[0], *each[1:]))[:most]:
        codes = np.where(table.codes == x, 0, np.where(table.codes == y, 1, -1)).astype(np.int32)
        two = replace(table, codes=codes, values=(table.values[x], table.values[y]))
        (part,) = by_pair_of_labels(two, least=least, draws=draws, seed=seed)
        found.append(Confusion(two.values, differ, part))
    return tuple(found)

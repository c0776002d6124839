"""What each of several causes did together with the others: Shapley values, in whole numbers that add up.

A cause is given what it changes on average over the orders in which the causes may come (Shapley 1953). With few causes
all orders are taken, so the values are exact; with many a sample of them is, each with its reverse beside it (Mitchell
et al. 2022), so they are estimates with an error. Along each order the changes add up to the whole, so they do on
average, whichever orders are taken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import permutations
from random import Random
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

EXACT = 3
"""Up to so many causes all orders are taken."""
PAIRS = 12
"""Above, so many orders are drawn, and as many that are their reverse."""


@dataclass(frozen=True, eq=False)
class Shares:
    """What each cause did.

    Attributes:
        causes: The causes.
        parts: int [causes, n]: what each did to each row, times the number of orders.
        orders: Over how many orders that is.
        exact: Whether these are all there are.
        errors: The standard error of what each cause did in all; nothing where all orders were taken.
    """

    causes: tuple[str, ...]
    parts: npt.NDArray[np.int64]
    orders: int
    exact: bool
    errors: tuple[float, ...] = ()

    def totals(self, counts: npt.NDArray[np.int64]) -> list[int]:
        """Return what each cause did in all, times the number of orders; whole numbers, so they add up.

        Args:
            counts: int [n]: how many items each row stands for.
        """
        return [int(each) for each in self.parts @ counts]


def shares(  # noqa: PLR0913 - a game, and how it is averaged
    causes: Sequence[str],
    value: Callable[[frozenset[str]], npt.NDArray[np.int64]],
    counts: npt.NDArray[np.int64],
    *,
    exact: int = EXACT,
    pairs: int = PAIRS,
    seed: int = 0,
) -> Shares:
    """Return what each cause did to each row.

    Args:
        causes: The causes.
        value: Some of the causes -> int [n]: how each row is with these alone. Asked once for each set.
        counts: int [n]: how many items each row stands for; the errors are of totals over items.
        exact: Up to how many causes all orders are taken.
        pairs: How many orders are drawn above that, each with its reverse.
        seed: Another one draws other orders.

    Example:
        >>> found = shares(["a", "b"], lambda some: np.array([len(some) > 1, "a" in some]), np.array([10, 1]))
        >>> found.totals(np.array([10, 1])), found.orders
        ([12, 10], 2)
    """
    names = tuple(causes)
    known: dict[frozenset[str], npt.NDArray[np.int64]] = {}

    def at(some: frozenset[str]) -> npt.NDArray[np.int64]:
        if some not in known:
            known[some] = np.asarray(value(some), np.int64)
        return known[some]

    everyone = range(len(names))
    orders = list(permutations(everyone)) if len(names) <= exact else _drawn(len(names), pairs, seed)
    parts = np.zeros((len(names), len(counts)), np.int64)
    by_order = np.zeros((len(orders), len(names)))
    for row, order in enumerate(orders):
        some: frozenset[str] = frozenset()
        for place in order:
            more = some | {names[place]}
            change = at(more) - at(some)
            parts[place] += change
            by_order[row, place] = change @ counts
            some = more
    if len(names) <= exact:
        return Shares(names, parts, len(orders), exact=True)
    each = by_order.reshape(-1, 2, len(names)).mean(axis=1)  # an order and its reverse are one draw
    errors = each.std(axis=0, ddof=1) / math.sqrt(len(each)) if len(each) > 1 else np.full(len(names), math.inf)
    return Shares(names, parts, len(orders), exact=False, errors=tuple(errors.tolist()))


def _drawn(count: int, pairs: int, seed: int) -> list[tuple[int, ...]]:
    """Return orders of so many causes, each followed by its reverse."""
    rng = Random(seed)  # noqa: S311 - no secret
    found: list[tuple[int, ...]] = []
    for _ in range(pairs):
        order = list(range(count))
        rng.shuffle(order)
        found += [tuple(order), tuple(reversed(order))]
    return found

"""How surprising slices are, and what the most surprising one of so many is where nothing is the matter.

Each slice is tested by the hypergeometric distribution of the wrong items (Fisher's exact test, one-sided). The labels
"wrong" are dealt out anew to all items, many times, and the whole search is done on each deal: what its best slice
reaches there is what chance reaches when somebody looks that often (Westfall & Young 1993). Conditions that overlap
are looked at as they are, so hundreds of words that say the same cost little more than one.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

if TYPE_CHECKING:
    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    Counts = npt.NDArray[np.int64]
    Logs = npt.NDArray[np.float64]

DEALS = (199, 999)
"""How often "wrong" is dealt out anew, at least and at most."""
WORK = 4e9
"""Additions that the deals may take together, about a second; fewer deals where there is more to look at."""
ROOTS = 5
"""Conditions of a search that a second one is tried with: the most surprising ones."""
FEWEST = 16
"""Items that a slice needs."""
NEVER = 0.0
"""The logarithm of a chance of one: of slices that are too small to be looked at."""


class Chances:
    """The logarithms of hypergeometric tails: of so many items, drawn from all, at least so many are wrong.

    Args:
        items: How many items there are.
        wrong: How many of them are wrong.

    Example:
        >>> float(np.exp(Chances(4, 2).of(np.array([2]), np.array([2]))[0]).round(4))  # both of two: 1 in 6
        0.1667
    """

    def __init__(self, items: int, wrong: int) -> None:
        self.items, self.wrong = items, wrong
        self._factorials = gammaln(np.arange(items + 1) + 1.0)
        self._starts = np.full(items + 1, -1, np.int64)  # where the row of a size begins, once it is worked out
        self._rows: Logs = np.zeros(0)

    def of(self, sizes: Counts, hits: Counts) -> Logs:
        """Return the logarithm of each chance.

        Args:
            sizes: int [F].
            hits: int [F] or [F, B].
        """
        new = np.unique(sizes[self._starts[sizes] < 0]).tolist()
        if new:
            rows = [self._tail(size) for size in new]
            ends = len(self._rows) + np.cumsum([len(row) for row in rows])
            self._starts[new] = [len(self._rows), *ends[:-1].tolist()]
            self._rows = np.concatenate([self._rows, *rows])
        starts = self._starts[sizes]
        return np.asarray(self._rows[(starts if hits.ndim == 1 else starts[:, None]) + hits])

    def _tail(self, size: int) -> Logs:
        """Return the row of a size: the chance of at least 0, 1, ... wrong items."""
        low, high = max(0, size - (self.items - self.wrong)), min(size, self.wrong)
        hit, log = np.arange(low, high + 1), self._factorials
        of = log[self.items] - log[self.wrong] - log[self.items - self.wrong]
        ways = log[size] - log[hit] - log[size - hit] + log[self.items - size]
        ways -= log[self.wrong - hit] + log[self.items - size - self.wrong + hit]
        with np.errstate(divide="ignore"):
            tail = np.log(np.minimum(1.0, np.cumsum(np.exp(ways - of)[::-1])[::-1]))
        return np.concatenate([np.zeros(low), tail])


class Search:
    """All conditions on some items, and those of them with which a second one is tried.

    Args:
        table: bool [F, n]: the items that meet each condition.
        fewest: Items that a slice needs, and that there are beside it.
    """

    def __init__(self, table: Flags, fewest: int = FEWEST) -> None:
        self.table, self.fewest = table, fewest
        self.sizes: Counts = table.sum(axis=1).astype(np.int64)

    @cached_property
    def _numbers(self) -> npt.NDArray[np.float32]:
        return self.table.astype(np.float32)

    @property
    def deals(self) -> int:
        """How often "wrong" is dealt out anew."""
        least, most = DEALS
        return int(np.clip(WORK / max(1, self.table.size), least, most))

    def singles(self, wrong: Flags, chances: Chances) -> Logs:
        """Return how surprising each condition is.

        Args:
            wrong: bool [n] or [n, B]: which items are wrong, by deal.
            chances: For so many items and wrong ones.

        Returns:
            The logarithm of the chance, float [F] or [F, B].
        """
        hits = np.rint(self._numbers @ wrong.astype(np.float32)).astype(np.int64)
        found = chances.of(self.sizes, hits)
        found[~self._usable(self.sizes)] = NEVER
        return found

    def pairs(self, root: int, wrong: Flags, chances: Chances) -> Logs:
        """Return how surprising a condition is together with each other one, as for ``singles``.

        Args:
            root: The place of the condition.
            wrong: As for ``singles``.
            chances: The same.
        """
        here = self.table[root]
        both = self._numbers[:, here]
        sizes = np.rint(both.sum(axis=1)).astype(np.int64)
        hits = np.rint(both @ wrong[here].astype(np.float32)).astype(np.int64)
        found = chances.of(sizes, hits)
        found[~self._usable(sizes) | (sizes == self.sizes[root])] = NEVER
        return found

    def _usable(self, sizes: Counts) -> Flags:
        return np.asarray((sizes >= self.fewest) & (sizes <= self.table.shape[1] - self.fewest))

    def roots(self, found: Logs) -> Counts:
        """Return the conditions with which a second one is tried, int [ROOTS] or [ROOTS, B]."""
        return np.argpartition(found, min(ROOTS, len(found)) - 1, axis=0)[:ROOTS]

    def by_chance(self, wrong: Flags, chances: Chances, seed: int) -> tuple[Logs, Logs]:
        """Return what the most surprising condition, and the most surprising pair, reach in each deal, float [B] each.

        Args:
            wrong: bool [n].
            chances: For so many items and wrong ones.
            seed: Another seed deals in another way.
        """
        random = np.random.default_rng(seed)
        dealt = np.array([random.permutation(wrong) for _ in range(self.deals)]).T
        found = self.singles(dealt, chances)
        best = found.min(axis=0, initial=NEVER)
        of_pairs = np.full(self.deals, NEVER)
        roots = self.roots(found)
        for root in np.unique(roots).tolist():
            at = np.flatnonzero((roots == root).any(axis=0))
            pairs = self.pairs(root, dealt[:, at], chances)
            of_pairs[at] = np.minimum(of_pairs[at], pairs.min(axis=0, initial=NEVER))
        return best, of_pairs


def critical(deals: Logs, level: float) -> float:
    """Return what a slice has to be below so that chance is as far down in a share of the deals at most.

    Example:
        >>> critical(np.arange(99.0), 0.05)  # five of a hundred, the slice itself counted, are below 4
        4.0
    """
    place = int(np.floor(level * (len(deals) + 1))) - 1
    return float(np.sort(deals)[place]) if place >= 0 else -np.inf


def share_of_deals(deals: Logs, found: float) -> float:
    """Return in which share of deals chance reaches as much, the one that was found counted with them."""
    return float(1 + (deals <= found).sum()) / (1 + len(deals))

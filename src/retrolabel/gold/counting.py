"""Answers as counts of values: distinct rows, and how many items have each.

Ten thousand items that five people put into six classes have at most 252 distinct rows. All coefficients are taken on
these, so that neither the pairs of answers nor the items are gone through again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.gold.coding import Ratings, coded_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Ints: TypeAlias = npt.NDArray[np.int64]

_SEED = 20111
_SURE = 1 << 62
"""Numbers below it fit."""
_FEW = 1 << 16
"""So many numbers are counted by place."""


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """How many people gave each value, for each distinct row of items.

    Attributes:
        values: The k values, in their order.
        rows: int [u, k]: how many people gave each value.
        times: int [u]: on how many items.
        ordered: Whether somebody named the order of the values; sorted names are none.
    """

    values: tuple[Any, ...]
    rows: Ints
    times: Ints
    ordered: bool = True

    @property
    def answers(self) -> Ints:
        """How many answers an item of each row has: int [u]."""
        return np.asarray(self.rows.sum(axis=1), dtype=np.int64)

    def with_at_least(self, answers: int) -> Counts:
        """Return the rows of items that have so many answers."""
        kept = self.answers >= answers
        return self if kept.all() else replace(self, rows=self.rows[kept], times=self.times[kept])

    def with_value(self, place: int) -> Counts:
        """Return the rows of items to which somebody gave a value."""
        kept = self.rows[:, place] > 0
        return replace(self, rows=self.rows[kept], times=self.times[kept])

    def of_one(self, place: int) -> Counts:
        """Return one value against all others: its place first, then the rest as one value."""
        one = self.rows[:, [place]]
        rows, times = distinct(np.hstack([one, self.answers[:, None] - one]), self.times)
        return Counts((self.values[place], "other"), rows, times)

    def of_two(self, first: int, second: int) -> Counts:
        """Return the answers that are one of two values, and no others."""
        rows, times = distinct(self.rows[:, [first, second]], self.times)
        return Counts((self.values[first], self.values[second]), rows, times)


def counted_ratings(ratings: Any, values: Sequence[Any] | None = None) -> Counts:  # noqa: ANN401 - any table
    """Return ratings as counts.

    Args:
        ratings: [people, items], missing as NaN or None; or counts.
        values: All values in their order; those that occur, sorted, if left out.

    Raises:
        VoteError: The ratings are no table, or hold a value that is not among ``values``.

    Example:
        >>> found = counted_ratings([["a", "b", "b", None], ["a", "b", "a", "a"]])
        >>> found.values, found.rows.tolist(), found.times.tolist()
        (('a', 'b'), [[0, 2], [1, 0], [1, 1], [2, 0]], [1, 1, 1, 1])
    """
    if isinstance(ratings, Counts):
        if values is not None and tuple(values) != ratings.values:
            raise VoteError(f"The counts are of the values {ratings.values}, and {tuple(values)} were given.")
        return Counts(ratings.values, *distinct(ratings.rows, ratings.times), ratings.ordered)
    return counted_codes(coded_table(ratings, values))


def counted_codes(ratings: Ratings, items: npt.NDArray[np.bool_] | None = None) -> Counts:
    """Return coded ratings as counts.

    Args:
        ratings: Who said what.
        items: bool [items]: which of them; all if left out.

    Example:
        >>> counted_codes(coded_table([["b", None], ["a", "b"]])).rows.tolist()
        [[0, 1], [1, 1]]
    """
    codes, values = ratings.codes if items is None else ratings.codes[:, items], ratings.values
    (people, n), k = codes.shape, len(values)
    if not k:
        return Counts((), np.zeros((0, 0), np.int64), np.zeros(0, np.int64))
    if (people + 1) ** k < _SURE:
        # One number stands for a row of counts: an answer adds the power of its value, a missing one nothing.
        powers = _powers(people + 1, k)
        added = np.append(powers, 0)
        keys = np.zeros(n, dtype=np.int64)
        for row in codes:
            keys += added[row]
        found, times = _occurring(keys)
        return Counts(values, found[:, None] // powers % (people + 1), times, ratings.ordered)
    missing = codes < 0
    flat = codes + np.arange(0, n * k, k, dtype=np.int64)
    there = flat[~missing] if missing.any() else flat.ravel()
    rows = np.bincount(there, minlength=n * k).reshape(n, k)
    return Counts(values, *distinct(rows, np.ones(n, np.int64)), ratings.ordered)


def distinct(rows: Ints, times: Ints) -> tuple[Ints, Ints]:
    """Return the distinct rows of a table and how often each occurs, in an order that theirs does not change.

    Args:
        rows: int [n, k].
        times: int [n]: how often each stands there.

    Example:
        >>> rows, times = distinct(np.array([[1, 0], [0, 1], [1, 0]]), np.array([1, 1, 5]))
        >>> rows.tolist(), times.tolist()
        ([[0, 1], [1, 0]], [1, 6])
    """
    if not rows.size:
        return rows[:0], times[:0]
    keys, exact = _keys(rows)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    found = rows[order[starts]]
    group = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(rows)]))
    if not exact and not np.array_equal(found[group], rows[order]):  # pragma: no cover - once in 2**64 pairs of rows
        found, inverse = np.unique(rows, axis=0, return_inverse=True)
        return found, np.bincount(inverse.ravel(), times).astype(np.int64)
    return found, np.add.reduceat(times[order], starts)


def _keys(rows: Ints) -> tuple[Ints, bool]:
    """Return a number for each row, and whether different rows are sure to have different ones."""
    base, k = int(rows.max()) + 1, rows.shape[1]
    sure = base**k < _SURE
    rng = np.random.default_rng(_SEED)
    factors = _powers(base, k) if sure else rng.integers(-(1 << 62), 1 << 62, size=(k,), dtype=np.int64)
    keys = np.zeros(len(rows), dtype=np.int64)
    for place, factor in enumerate(factors):
        keys += rows[:, place] * factor  # it may wrap around, as a hash does
    return keys, sure


def _powers(base: int, k: int) -> Ints:
    return np.array([base**power for power in range(k - 1, -1, -1)], dtype=np.int64)


def _occurring(keys: Ints) -> tuple[Ints, Ints]:
    """Return the distinct numbers, sorted, and how often each occurs."""
    if len(keys) and keys.max() < max(_FEW, len(keys)):
        times = np.bincount(keys)
        found = np.flatnonzero(times)
        return found, times[found]
    return np.unique(keys, return_counts=True)

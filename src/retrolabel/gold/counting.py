"""Answers as counts of values: distinct rows, and how many items have each.

Ten thousand items that five people put into six classes have at most 252 distinct rows. All coefficients are taken on
these, so that neither the pairs of answers nor the items are gone through again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from retrolabel.errors import VoteError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    Ints: TypeAlias = npt.NDArray[np.int64]

MISSING = -1
"""The code of an answer that is not there."""
_SEED = 20111
_SURE = 1 << 62
"""Numbers below it fit."""
_CLOSE = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """How many people gave each value, for each distinct row of items.

    Attributes:
        values: The k values, in their order.
        rows: int [u, k]: how many people gave each value.
        times: int [u]: on how many items.
    """

    values: tuple[Any, ...]
    rows: Ints
    times: Ints

    @property
    def answers(self) -> Ints:
        """How many answers an item of each row has: int [u]."""
        return np.asarray(self.rows.sum(axis=1), dtype=np.int64)

    def with_at_least(self, answers: int) -> Counts:
        """Return the rows of items that have so many answers."""
        kept = self.answers >= answers
        return self if kept.all() else Counts(self.values, self.rows[kept], self.times[kept])

    def with_value(self, place: int) -> Counts:
        """Return the rows of items to which somebody gave a value."""
        kept = self.rows[:, place] > 0
        return Counts(self.values, self.rows[kept], self.times[kept])

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
        ratings: [people, items], missing as NaN or None; or counts, which are returned as they are.
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
        return ratings
    table = coded_table(ratings, values)
    return counted_codes(table.codes, table.values)


def counted_codes(codes: npt.NDArray[np.int32], values: tuple[Any, ...]) -> Counts:
    """Return coded ratings as counts.

    Args:
        codes: int [people, items]: places of values, -1 where missing.
        values: The k values.
    """
    (people, items), k = codes.shape, len(values)
    if k and (people + 1) ** k < _SURE:
        powers = _powers(people + 1, k)
        keys = np.zeros(items, dtype=np.int64)
        for (
            row
        ) in codes:  # one number is a row of counts: each answer adds the power of its value, a missing one nothing
            keys += np.append(powers, 0)[row]
        found, times = _occurring(keys)
        return Counts(values, found[:, None] // powers % (people + 1), times)
    missing = codes < 0
    flat = codes + np.arange(0, items * k, max(k, 1), dtype=np.int64)[:items]
    there = flat[~missing] if missing.any() else flat.ravel()
    rows = np.bincount(there, minlength=items * k).reshape(items, k)
    return Counts(values, *distinct(rows, np.ones(items, np.int64)))


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Who said what of which item, one answer at most each.

    Attributes:
        codes: int [people, items]: the place of the value, -1 where there is no answer.
        values: The k values, in their order.
        people: Who they are.
        items: Which items.
    """

    codes: npt.NDArray[np.int32]
    values: tuple[Any, ...]
    people: tuple[Any, ...]
    items: tuple[Any, ...]


def coded_table(ratings: Any, values: Sequence[Any] | None = None) -> Ratings:  # noqa: ANN401 - any table
    """Return ratings with a code for each answer; people and items are numbered from 0.

    Args:
        ratings: [people, items], missing as NaN or None; or ``Ratings``, which are returned as they are.
        values: All values in their order; those that occur, sorted, if left out.

    Raises:
        VoteError: The ratings are no table, or hold a value that is not among ``values``.

    Example:
        >>> coded_table([["b", None], ["a", "b"]]).codes.tolist()
        [[1, -1], [0, 1]]
    """
    if isinstance(ratings, Ratings):
        if values is not None and tuple(values) != ratings.values:
            raise VoteError(f"The ratings are of the values {ratings.values}, and {tuple(values)} were given.")
        return ratings
    table = as_table(ratings)
    codes, known = coded(table.ravel(), values)
    people, items = table.shape
    return Ratings(codes.reshape(table.shape), known, tuple(range(people)), tuple(range(items)))


def as_table(ratings: Any) -> npt.NDArray[Any]:  # noqa: ANN401 - any table
    """Return ratings as an array of two axes, [people, items].

    Raises:
        VoteError: They are no such table.
    """
    table: npt.NDArray[Any] = ratings.to_numpy() if hasattr(ratings, "to_numpy") else ratings
    if not isinstance(table, np.ndarray):
        lengths = {len(row) for row in table}
        if len(lengths) > 1:
            raise VoteError(
                f"Ratings are a table [people, items], and people have {', '.join(map(str, sorted(lengths)))} items.",
                remedy="put NaN or None where a person gave no answer",
            )
        table = np.array([list(row) for row in table], dtype=object)
    if table.ndim != 2:  # noqa: PLR2004 - people and items
        raise VoteError(f"Ratings are a table [people, items], and these have {table.ndim} axes, not two.")
    return table


def coded(
    answers: npt.NDArray[Any], values: Sequence[Any] | None = None
) -> tuple[npt.NDArray[np.int32], tuple[Any, ...]]:
    """Return each answer as the place of its value, -1 where it is missing, and the values.

    Args:
        answers: [a], missing as NaN or None.
        values: All values in their order; those that occur, sorted, if left out.

    Raises:
        VoteError: An answer is not among ``values``.

    Example:
        >>> codes, values = coded(np.array(["b", None, "a"], dtype=object))
        >>> codes.tolist(), values
        ([1, -1, 0], ('a', 'b'))
    """
    found, occurring = _small_integers(answers) or _any_values(answers)
    if values is None:
        known = in_order(occurring)
    else:
        known = tuple(values)
        _check(occurring, known)
    place = {value: number for number, value in enumerate(known)}
    places = np.array([*(place[value] for value in occurring), MISSING], dtype=np.int32)
    return places[found], known


def _any_values(answers: npt.NDArray[Any]) -> tuple[npt.NDArray[np.integer[Any]], list[Any]]:
    from pandas import factorize  # noqa: PLC0415 - slow to import, and the values of this module need none

    found, uniques = factorize(answers)
    return found, [each.item() if isinstance(each, np.generic) else each for each in uniques]


def _small_integers(answers: npt.NDArray[Any]) -> tuple[npt.NDArray[np.integer[Any]], list[Any]] | None:
    """Return codes and values of numbers that are whole and close together, which needs no hashing; None of others."""
    if answers.dtype.kind not in "fiu" or not len(answers):
        return None
    whole = answers.dtype.kind != "f"
    lowest, highest = (answers.min(), answers.max()) if whole else (np.fmin.reduce(answers), np.fmax.reduce(answers))
    if not highest - lowest < _CLOSE:
        return None
    missing = None if whole else np.isnan(answers)
    apart = answers - lowest
    if missing is not None and missing.any():
        apart = np.where(missing, highest - lowest + 1, apart)
    places = apart.astype(np.int32)
    if not whole and (places != apart).any():
        return None
    width = int(highest - lowest) + 1
    seen = np.flatnonzero(np.bincount(places, minlength=width + 1)[:width])
    codes = np.full(width + 1, MISSING, dtype=np.int32)
    codes[seen] = np.arange(len(seen))
    return codes[places], [(lowest + place).item() for place in seen]


def in_order(values: Iterable[Any]) -> tuple[Any, ...]:
    """Return values sorted: numbers and strings as such, sets by their members."""
    known = list(values)
    try:
        if not any(isinstance(each, frozenset) for each in known):
            return tuple(sorted(known))
    except TypeError:
        pass
    return tuple(sorted(known, key=_key))


def _key(value: Any) -> tuple[str, int, list[str], str]:  # noqa: ANN401 - any value
    members = sorted(map(repr, value)) if isinstance(value, frozenset) else []
    return type(value).__name__, len(members), members, "" if members else repr(value)


def _check(occurring: list[Any], known: tuple[Any, ...]) -> None:
    if len(set(known)) < len(known):
        raise VoteError(f"A value is named twice in {known}.")
    others = [value for value in occurring if value not in set(known)]
    if others:
        raise VoteError(
            f"There are answers {', '.join(map(repr, others[:5]))}, which are not among the values {known}.",
            remedy="name all values, or leave `values` out",
        )


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
    factors = _powers(base, k) if sure else rng.integers(-(1 << 62), 1 << 62, size=k, dtype=np.int64)
    keys = np.zeros(len(rows), dtype=np.int64)
    for place, factor in enumerate(factors):
        keys += rows[:, place] * factor  # it may wrap around, as a hash does
    return keys, sure


def _powers(base: int, k: int) -> Ints:
    return np.array([base**power for power in range(k - 1, -1, -1)], dtype=np.int64)


def _occurring(keys: Ints) -> tuple[Ints, Ints]:
    """Return the distinct numbers, sorted, and how often each occurs."""
    if len(keys) and keys.max() < max(_CLOSE, len(keys)):
        times = np.bincount(keys)
        found = np.flatnonzero(times)
        return found, times[found]
    return np.unique(keys, return_counts=True)

"""Ratings as codes: who gave which value to which item, each value by its place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import VoteError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

MISSING = -1
"""The code of an answer that is not there."""
_CLOSE = 1 << 16
"""Whole numbers that span less are coded without hashing."""


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Who said what of which item, one answer at most each.

    Attributes:
        codes: int [people, items]: the place of the value, -1 where there is no answer.
        values: The k values, in their order.
        people: Who they are.
        items: Which items.
        ordered: Whether somebody named the order of the values; sorted names are none.
    """

    codes: npt.NDArray[np.int32]
    values: tuple[Any, ...]
    people: tuple[Any, ...]
    items: tuple[Any, ...]
    ordered: bool = True


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
    return Ratings(codes.reshape(table.shape), known, tuple(range(people)), tuple(range(items)), values is not None)


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

    try:
        found, uniques = factorize(answers)
    except TypeError as error:
        raise VoteError(
            f"An answer cannot be told from others by its value: {error}.", remedy="give each set as a frozenset"
        ) from error
    return found, [each.item() if isinstance(each, np.generic) else each for each in uniques]


def _small_integers(answers: npt.NDArray[Any]) -> tuple[npt.NDArray[np.integer[Any]], list[Any]] | None:
    """Return codes and values of numbers that are whole and close together, which needs no hashing; None of others."""
    if answers.dtype.kind not in "fiu" or not len(answers):
        return None
    whole = answers.dtype.kind != "f"
    lowest, highest = (answers.min(), answers.max()) if whole else (np.fmin.reduce(answers), np.fmax.reduce(answers))
    near = math.isfinite(lowest) and float(highest) - float(lowest) < _CLOSE
    if not near or lowest != int(lowest):
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


def as_column(answers: Sequence[Any] | npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a column as an array, numbers as such and all else as objects, each of which stays whole.

    Example:
        >>> as_column([frozenset({1, 2}), None]).shape
        (2,)
    """
    if hasattr(answers, "to_numpy"):
        answers = answers.to_numpy()
    if isinstance(answers, np.ndarray) and answers.dtype.kind in "fiu":
        return answers
    found = np.empty(len(answers), dtype=object)
    found[:] = list(answers)
    return found

"""How far apart two answers are: the levels of measurement, sets, and weights of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from retrolabel.errors import VoteError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]
    Distance: TypeAlias = str | Callable[[Any, Any], float] | npt.ArrayLike

LEVELS = ("nominal", "ordinal", "interval", "ratio", "masi", "jaccard")
WEIGHTS = ("linear", "quadratic", "ordinal")


def jaccard(one: AbstractSet[Any], other: AbstractSet[Any]) -> float:
    """Return Jaccard's distance of two sets: the share of what is in either that is not in both (Jaccard 1912).

    Two empty sets are the same.

    Example:
        >>> jaccard(frozenset({1, 2}), frozenset({2, 3}))
        0.6666666666666667
    """
    either = len(one | other)
    return 1 - len(one & other) / either if either else 0.0


def masi(one: AbstractSet[Any], other: AbstractSet[Any]) -> float:
    """Return the MASI distance of two sets (Passonneau 2006): 1 - Jaccard's similarity x monotonicity.

    Monotonicity is 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 where they share nothing.
    An empty set shares nothing with any but an empty one.

    Example:
        >>> masi(frozenset({1}), frozenset({1, 2})), round(masi(frozenset({1, 2}), frozenset({2, 3})), 4)
        (0.6666666666666667, 0.8889)
    """
    if one == other:
        return 0.0
    shared = len(one & other)
    monotonicity = 0.0 if not shared else 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - shared / len(one | other) * monotonicity


def distances(values: Sequence[Any], level: Distance) -> Floats:
    """Return the distance of each two values, [k, k], 0 where they are the same.

    Args:
        values: The k values, in their order.
        level: ``nominal``, ``interval``, ``ratio``, ``masi`` or ``jaccard``, a function of two values, or the matrix.
            ``ordinal`` is not among them: it depends on how often each value occurs.

    Raises:
        VoteError: The level does not fit the values.

    Example:
        >>> distances([1, 2, 4], "interval").tolist()
        [[0.0, 1.0, 9.0], [1.0, 0.0, 4.0], [9.0, 4.0, 0.0]]
    """
    k = len(values)
    if isinstance(level, str):
        if level == "nominal":
            return 1 - np.eye(k)
        if level in ("interval", "ratio"):
            x = numbers(values, level)
            apart = x[:, None] - x
            if level == "ratio":
                total = x[:, None] + x
                apart = np.divide(apart, total, out=np.zeros((k, k)), where=total != 0)
            return np.asarray(apart**2)
        if level in ("masi", "jaccard"):
            return _of_sets(values, masi if level == "masi" else jaccard)
        raise VoteError(f"There is no level {level!r}.", remedy=f"say one of {', '.join(LEVELS)}, or give a distance")
    if callable(level):
        return _checked(np.array([[level(a, b) for b in values] for a in values], dtype=np.float64).reshape(k, k), k)
    return _checked(np.asarray(level, dtype=np.float64), k)


def disagreement(values: Sequence[Any], weights: str | npt.ArrayLike | None) -> Floats:
    """Return how much each two values disagree, [k, k], from what kappa and AC2 take as weights.

    Args:
        values: The k values, in their order. Where all are numbers, ``linear`` and ``quadratic`` go by the numbers,
            elsewhere by their places.
        weights: None (all that differ disagree fully), ``linear``, ``quadratic``, ``ordinal`` (Gwet's: by the number
            of pairs of ranks between the two), or a matrix [k, k]. A matrix with 0 all along its diagonal is one of
            disagreement; one with 1 all along it is one of agreement, and is taken from 1.

    Raises:
        VoteError: The weights do not fit the values.

    Example:
        >>> disagreement(["a", "b", "c"], "quadratic").tolist()
        [[0.0, 0.25, 1.0], [0.25, 0.0, 0.25], [1.0, 0.25, 0.0]]
        >>> disagreement(["a", "b"], [[1, 0.5], [0.5, 1]]).tolist()
        [[0.0, 0.5], [0.5, 0.0]]
    """
    k = len(values)
    if weights is None:
        return 1 - np.eye(k)
    if not isinstance(weights, str):
        given = np.asarray(weights, dtype=np.float64)
        agrees = given.shape == (k, k) and k > 0 and bool((np.diagonal(given) == 1).all())
        return _checked(1 - given if agrees else given, k)
    if weights == "ordinal":
        between = np.abs(np.subtract.outer(np.arange(k), np.arange(k))) + 1.0
        apart = between * (between - 1) / 2
    elif weights in ("linear", "quadratic"):
        x = numbers(values, weights) if all(map(is_number, values)) else np.arange(k, dtype=np.float64)
        apart = np.abs(np.subtract.outer(x, x)) ** (1 if weights == "linear" else 2)
    else:
        raise VoteError(f"There are no weights {weights!r}.", remedy=f"say one of {', '.join(WEIGHTS)}, or give them")
    return apart / max(float(apart.max(initial=0.0)), 1e-300)


def midranks(totals: Floats) -> Floats:
    """Return the rank in the middle of each value's answers: [..., k] from how often each occurs.

    The squared difference of two of them is Krippendorff's ordinal distance (2011): the answers between the two values,
    and half of those of either.

    Example:
        >>> midranks(np.array([2.0, 4.0, 2.0])).tolist()
        [1.0, 4.0, 7.0]
    """
    return np.asarray(np.cumsum(totals, axis=-1) - totals / 2)


def is_number(value: Any) -> bool:  # noqa: ANN401 - any value
    """Return whether a value is a number."""
    return isinstance(value, (int, float, np.number))


def numbers(values: Sequence[Any], level: str) -> Floats:
    """Return the values as numbers.

    Raises:
        VoteError: One is none.
    """
    others = [value for value in values if not is_number(value)]
    if others:
        raise VoteError(
            f"The level {level!r} is for numbers, and {others[0]!r} is none.",
            remedy="put numbers in its place; for names with an order, name it: values=[lowest, ..., highest]",
        )
    found = np.array(values, dtype=np.float64)
    if not np.isfinite(found).all():
        raise VoteError(f"The level {level!r} is for numbers that are finite, and one is not.")
    return found


def _of_sets(values: Sequence[Any], distance: Callable[[Any, Any], float]) -> Floats:
    others = [value for value in values if not isinstance(value, (set, frozenset))]
    if others:
        raise VoteError(
            f"The distance {distance.__name__!r} is for sets, and {others[0]!r} is none.",
            remedy="give each answer as a frozenset",
        )
    return np.array([[distance(a, b) for b in values] for a in values], np.float64).reshape(len(values), len(values))


def _checked(matrix: Floats, k: int) -> Floats:
    if matrix.shape != (k, k):
        raise VoteError(f"There are {k} values, and the distances are {matrix.shape}.", remedy="give one a pair")
    if not np.isfinite(matrix).all() or (matrix < 0).any() or np.diagonal(matrix).any():
        raise VoteError(
            "Distances are 0 between a value and itself, and never negative.",
            remedy="give disagreement (0 on the diagonal), or agreement (1 on it, at most 1 elsewhere)",
        )
    return matrix

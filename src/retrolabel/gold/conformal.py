"""Labels with a guarantee: for each item the smallest set of labels that holds its truth with a stated probability.

Split-conformal prediction (Vovk, Gammerman & Shafer 2005; Angelopoulos & Bates 2021). Gold says how often the truth
gets a probability as low as this; a label is possible unless its probability is lower than that of nearly all of gold's
truths. Gold that was drawn with unequal probabilities is weighted (Tibshirani et al. 2019), and where every label has
gold enough, each is compared with gold of its own, so that the promise holds for each label (Vovk 2012).

Few distinct patterns of votes give few distinct probabilities, and whole patterns would be in or out together. So each
probability is moved by a little that the item's id alone decides, up to ``SMEAR``: what is tied, or almost, is parted,
and the sets are the same in every run.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.errors import GoldError, TooLittleGoldError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int64]

COVERAGE = 0.9
SMEAR = 0.02
"""How far an item's id moves the probabilities of its labels, at most."""
EQUAL = 1e-9
LEAST_ODD = -1.0
"""The score of an item's likeliest label: lower than that of all others."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What gold of a size promises: one draw of it, and all draws in the mean.

    Attributes:
        n: How many gold items there are.
        coverage: Which share of items is to have its truth in its set.
        mean: The share that has it, in the mean over draws of gold.
        low: In 95 draws of 100 the share is at least this.
        a: Over draws, the share follows a beta distribution with these two parameters.
        b: The second.
    """

    n: int
    coverage: float
    mean: float
    low: float
    a: int
    b: int

    def __str__(self) -> str:
        """Return it as a sentence."""
        return (
            f"with n = {self.n:,} gold items, sets hold the truth of {self.mean:.1%} of the items in the mean over"
            f" draws of gold, and in 95 draws of 100 of at least {self.low:.1%}"
        ).replace("%", " %")


def promise(n: int, coverage: float = COVERAGE) -> Promise:
    """Return what one draw of gold promises (Vovk 2012): over draws, coverage is Beta(j, n + 1 - j).

    There j = ceil((n + 1) coverage), and scores have no ties. Sets that would be empty have a label, which adds to it.

    Args:
        n: How many gold items there are, all alike probable; with weights, the number that is as exact.
        coverage: Which share of items is to have its truth in its set.

    Raises:
        GoldError: The coverage does not lie between 0 and 1, or gold is too little for it.

    Example:
        >>> found = promise(100)
        >>> found.a, found.b, round(found.low, 2)
        (91, 10, 0.85)
    """
    _check_size(n, coverage)
    from scipy.stats import beta  # noqa: PLC0415 - slow to import

    a = math.ceil(round((n + 1) * coverage, 9))
    b = n + 1 - a
    return Promise(n, coverage, a / (n + 1), float(beta.ppf(0.05, a, b)), a, b)


def fewest_gold(coverage: float = COVERAGE) -> int:
    """Return how many gold items a coverage needs: with fewer, every label of every item stays possible.

    Raises:
        GoldError: The coverage does not lie between 0 and 1.

    Example:
        >>> fewest_gold(0.9), fewest_gold(0.95)
        (9, 19)
    """
    if not 0 < coverage < 1:
        raise GoldError(f"A coverage lies between 0 and 1: {coverage}.")
    return math.ceil(round(1 / (1 - coverage), 9)) - 1


def conformal_sets(  # noqa: PLR0913 - what is known of the draw
    probabilities: npt.ArrayLike,
    gold: npt.ArrayLike,
    coverage: float = COVERAGE,
    *,
    weights: npt.ArrayLike | None = None,
    keys: Sequence[str] | None = None,
    by_label: bool | None = None,
    with_likeliest: bool = False,
) -> Mask:
    """Return for each item which labels are possible: its truth is among them with the probability asked for.

    A set is never empty: one that would be holds the likeliest label. The set of a gold item is made from the other
    gold. Where labels are compared with gold of their own, an item's own place among gold is drawn by its key: each
    label's coverage is then the one asked for in the mean over draws, not a little more.

    Args:
        probabilities: float [n, k]: of each label. On gold items they come from a model that was fitted without them
            (cross-fitted); calibrating on what was fitted promises too much.
        gold: int [n]: the place of the label that people gave, -1 where that is unknown. Exact gold of a known design.
        coverage: Which share of the items is to have its truth in its set.
        weights: float [n]: how many items each stands for: 1 over the probability with which it was drawn, or would
            have been. NaN where unknown off gold: such items count as the heaviest gold item. All alike if left out.
        keys: What tells items apart and stays with them, their ids; their row numbers if left out.
        by_label: Whether each label is compared with gold of its own; if left out, where each has gold enough.
        with_likeliest: Whether the likeliest label is in every set. It makes no difference but where each label is
            compared with gold of its own: a frequent label then gives way to a rare one only by being joined, sets
            are a little larger and hold the truth more often than asked for.

    Returns:
        bool [n, k].

    Raises:
        TooLittleGoldError: Gold is too little for the coverage: fewer than 1 / (1 - coverage) - 1 items, of each
            label where ``by_label`` is asked for.
        GoldError: The arrays do not belong together, or a number makes no sense.

    Example:
        >>> probabilities = np.array([[0.9, 0.1]] * 9 + [[0.3, 0.7]] + [[0.95, 0.05], [0.5, 0.5]])
        >>> gold = np.array([0] * 9 + [1] + [-1, -1])
        >>> conformal_sets(probabilities, gold, 0.8)[-2:].tolist()
        [[True, False], [True, True]]
    """
    table, labels, stands = _checked(probabilities, gold, weights)
    n, k = table.shape
    known = np.flatnonzero(labels >= 0)
    _check_size(len(known), coverage)
    held = np.bincount(labels[known], minlength=k)
    if by_label is None:
        by_label = bool((held >= fewest_gold(coverage)).all())
    elif by_label:
        _check_size(int(held.min()), coverage, "of the label with the least")
    names = [str(row) for row in range(n)] if keys is None else keys
    if len(names) != n:
        raise GoldError(f"Keys and probabilities differ in length: {len(names)}, {n}.")
    likeliest = table >= table.max(axis=1, keepdims=True, initial=0) - EQUAL
    scores = 1 - table + SMEAR * item_chances(names)[:, None]
    if with_likeliest:
        scores[likeliest] = LEAST_ODD
    own = stands * item_chances(names, seed=1) if by_label else stands
    possible = np.empty((n, k), np.bool_)
    for label in range(k):
        mine = known[labels[known] == label] if by_label else known
        odd, of = _as_odd(scores[:, label], scores, labels, stands, mine)
        possible[:, label] = (odd + own) / (of + stands) > 1 - coverage + EQUAL
    empty = ~possible.any(axis=1)
    possible[empty] = likeliest[empty]
    return possible


def item_chances(keys: Sequence[str], seed: int = 0) -> Array:
    """Return a number from 0 to 1 for each item that is as good as random, float [n], from its key alone.

    Example:
        >>> item_chances(["a", "b"]).round(3).tolist() == item_chances(["b", "a"]).round(3).tolist()[::-1]
        True
    """
    salt = str(seed).encode()
    digests = b"".join(hashlib.blake2b(key.encode(), digest_size=8, key=salt).digest() for key in keys)
    return np.asarray((np.frombuffer(digests, "<u8") >> np.uint64(11)) / 2.0**53)


def _as_odd(asked: Array, scores: Array, labels: Ints, stands: Array, mine: Ints) -> tuple[Array, Array]:
    """Return the weight of the other gold whose truth has a score at least as high, and of all of it, float [n]."""
    of_truth = scores[mine, labels[mine]]
    order = np.argsort(of_truth, kind="stable")
    from_here = np.append(np.cumsum(stands[mine][order][::-1])[::-1], 0.0)
    odd = from_here[np.searchsorted(of_truth[order], asked, side="left")]
    total = np.full(len(asked), stands[mine].sum())
    odd[mine] -= np.where(of_truth >= asked[mine], stands[mine], 0.0)
    total[mine] -= stands[mine]
    return odd, total


def _check_size(n: int, coverage: float, whose: str = "") -> None:
    needed = fewest_gold(coverage)
    if n < needed:
        raise TooLittleGoldError(n, needed, f"Sets that hold the truth with probability {coverage:g}", whose)


def _checked(
    probabilities: npt.ArrayLike, gold: npt.ArrayLike, weights: npt.ArrayLike | None
) -> tuple[Array, Ints, Array]:
    """Return probabilities, gold and weights, checked; weights that are not known are those of the heaviest gold."""
    table, labels = np.asarray(probabilities, np.float64), np.asarray(gold)
    if table.ndim != 2 or labels.shape != table.shape[:1]:  # noqa: PLR2004 - a table
        raise GoldError(f"Gold and probabilities do not belong together: {labels.shape}, {table.shape}.")
    if not np.isfinite(table).all():
        raise GoldError("A probability is missing, or is no number.")
    if labels.size and labels.max() >= table.shape[1]:
        raise GoldError(f"Gold names label {int(labels.max())}, and there are probabilities of {table.shape[1]}.")
    known = labels >= 0
    stands = np.ones(len(table)) if weights is None else np.array(weights, np.float64)
    if stands.shape != labels.shape:
        raise GoldError(f"Gold and its weights differ in length: {len(labels)}, {len(stands)}.")
    if not (np.isfinite(stands[known]) & (stands[known] > 0)).all():
        raise GoldError(
            "Weights of gold items are positive numbers.", remedy="leave out gold whose draw is not known: set it to -1"
        )
    unknown = ~(np.isfinite(stands) & (stands > 0))
    stands[unknown] = stands[known].max() if known.any() else 1.0
    return table, labels.astype(np.int64), stands

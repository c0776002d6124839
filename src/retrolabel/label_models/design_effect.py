"""How far errors of different voters on one item go together, and how much less several votes then say.

Some items are hard: where one voter errs others err too. A model that takes errors for independent is too sure then,
the more so the more votes an item has. Kish (1965) has the correction for answers within a cluster: T = 1 + (n - 1) x,
with the intra-cluster correlation x. Here the item is the cluster, n is what its votes weigh, and x is the correlation
of the errors of the voters that say several label sets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrolabel.label_models import em

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from retrolabel.label_models.features import Features
    from retrolabel.votes import Patterns, VoteMatrix

    Array = npt.NDArray[np.float64]

ROUNDS = 3
VOTERS = 4
"""With fewer voters than this their votes could all be told by how good they are: nothing is left to see."""
LEAST = 1e-9


def error_correlation(
    features: Features,
    counts: Array,
    membership: npt.NDArray[np.bool_],
    weights: Array,
    sides: list[tuple[Array, Array]],
) -> float:
    """Return the correlation of errors within items, from 0 to 1.

    It depends on how sure the model is taken to be, and that is what is asked. So it is taken from two sides, where
    votes are taken for as good as was assumed and where they are as good as was learned: their geometric mean.

    Args:
        features: The features.
        counts: float [U].
        membership: bool [S + 1, k].
        weights: float [m]: how much each voter counts.
        sides: For each side what the votes say, float [F, k] in nats, and the log-prior, float [k] or [U, k].
    """
    several = features.several
    if int((features.sets > 1).sum()) < VOTERS:
        return 0.0
    heavy = np.where(several, weights[features.voter], 0.0)[:, None]
    inside = membership[features.code].astype(np.float64)
    k = inside.shape[1]
    many, each = features.of_patterns(np.hstack([heavy, several[:, None]])).T
    pairs = float((counts * each * (each - 1)).sum() / 2)
    if pairs <= 0:
        return 0.0
    found = 1.0
    for votes, prior in sides:
        parts = features.of_patterns(np.hstack([np.where(several[:, None], 0.0, votes), several[:, None] * votes]))
        one, others = prior + parts[:, :k], parts[:, k:]
        x = 0.0
        for _ in range(ROUNDS):
            q = counts[:, None] * em.normalised(one + others / temperatures(many, x)[:, None])
            shown = features.of_features(q)
            right = features.by_voter(shown * inside) / np.maximum(features.by_voter(shown), em.TINY)
            right = np.clip(right, LEAST, 1 - LEAST)[features.voter]
            errors, spread = heavy * (inside - right), heavy * np.sqrt(right * (1 - right))
            both = features.of_patterns(np.hstack([errors, spread])) ** 2
            together = (q * both[:, :k]).sum() - (shown * errors**2).sum()
            most = (q * both[:, k:]).sum() - (shown * spread**2).sum()
            before, x = x, min(max(0.0, float(together / max(most, em.TINY)) - 2 / np.sqrt(pairs)), 1.0)
            if x == before:
                break
        if not x:
            return 0.0
        found *= x
    return float(found ** (1 / len(sides)))


def temperatures(weighed: Array, correlation: float) -> Array:
    """Return how much less the votes of each item say: T = 1 + (n - 1) x, at least 1.

    Args:
        weighed: float [n]: what the votes of each item weigh together.
        correlation: The correlation of errors within items.

    Example:
        >>> temperatures(np.array([0.0, 1.0, 5.0]), 0.25).tolist()
        [1.0, 1.0, 2.0]
    """
    return 1.0 + np.maximum(weighed - 1.0, 0.0) * correlation


def cooled(
    votes: VoteMatrix | Patterns, tables: Sequence[Array], weights: Sequence[float], correlation: float
) -> Array:
    """Return what the votes of each item say, less the more they weigh together: float [n, k].

    Args:
        votes: n rows.
        tables: For each voter, what each code says of each label: float [S + 1, k].
        weights: For each voter, what its vote weighs; 0 where its errors are not looked at.
        correlation: The correlation of errors within items.
    """
    wider = [
        np.column_stack([table, np.r_[0.0, np.full(len(table) - 1, weight)]])
        for table, weight in zip(tables, weights, strict=True)
    ]
    found = em.scores(votes, wider, np.zeros(votes.membership.shape[1] + 1))
    return np.asarray(found[:, :-1] / temperatures(found[:, -1], correlation)[:, None])

"""A linear model on probabilistic labels: each item counts for each label as much as that is probable.

Minimising the expected loss over the label model's probabilities is the noise-aware loss of Ratner et al. 2016 (Data
Programming). An item that the label model is less sure of weighs less, twice over: its probabilities are flatter, and
its weight is how far they are from knowing nothing (1 - entropy / log k).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    from scipy.sparse import csr_matrix

    Array = npt.NDArray[np.float64]

LITTLE = 0.02
"""A label that is less probable than this of an item is not fitted with it."""
STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0)
"""What C, the inverse strength of the penalty on large coefficients, is chosen from."""
ITERATIONS = 300


@dataclass(frozen=True, eq=False)
class LinearModel:
    """Softmax of a linear function of features.

    Attributes:
        coefficients: float [k, features].
        intercepts: float [k].
        degrees: The temperature of its probabilities.
    """

    coefficients: Array
    intercepts: Array
    degrees: float = 1.0

    def predict_proba(self, features: csr_matrix) -> Array:
        """Return the probability of each label, float [n, k].

        Args:
            features: float [n, features], sparse.
        """
        scores = np.asarray(features @ self.coefficients.T) + self.intercepts
        scores = scores / self.degrees
        scores -= scores.max(axis=1, keepdims=True)
        found = np.exp(scores)
        return np.asarray(found / found.sum(axis=1, keepdims=True))


def confidence(targets: Array) -> Array:
    """Return how much is known of each item, 0 to 1: 1 - entropy / log k.

    Args:
        targets: float [n, k], rows that add up to 1.

    Example:
        >>> confidence(np.array([[1.0, 0.0], [0.5, 0.5]])).tolist()
        [1.0, 0.0]
    """
    k = targets.shape[1]
    if k < 2:  # noqa: PLR2004 - one label is known
        return np.ones(len(targets))
    entropy = -(targets * np.log(np.where(targets > 0, targets, 1.0))).sum(axis=1)
    return np.asarray(np.clip(1 - entropy / np.log(k), 0.0, 1.0))


def fit(features: csr_matrix, targets: Array, weights: Array, *, strength: float = 1.0) -> LinearModel:
    """Return the model that makes the expected loss over the targets smallest, with a penalty on large coefficients.

    Args:
        features: float [n, features], sparse.
        targets: float [n, k]: the probability of each label.
        weights: float [n]: how much each item counts.
        strength: C of :class:`sklearn.linear_model.LogisticRegression`.

    Example:
        >>> from scipy.sparse import csr_matrix
        >>> x, y = csr_matrix(np.array([[1.0, 0], [0, 1.0]])), np.eye(2)
        >>> fit(x, y, np.ones(2), strength=100.0).predict_proba(x).argmax(axis=1).tolist()
        [0, 1]
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - slow to import
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - the same

    k = targets.shape[1]
    rows, labels = lesson_rows(targets, weights)
    present = np.unique(labels)
    coefficients, intercepts = np.zeros((k, features.shape[1])), np.full(k, -np.inf)
    if len(present) < 2 or not features.shape[1]:  # noqa: PLR2004 - nothing to tell apart
        mass = (targets * weights[:, None]).sum(axis=0)
        with np.errstate(divide="ignore"):
            return LinearModel(coefficients, np.log(mass / mass.sum()) if mass.sum() else np.zeros(k))
    model = LogisticRegression(C=strength, max_iter=ITERATIONS, tol=1e-4)
    with threadpool_limits(1):  # more threads add in another order
        model.fit(features[rows], labels, sample_weight=targets[rows, labels] * weights[rows])
    found: Any = model.coef_
    if len(present) == 2:  # noqa: PLR2004 - scikit-learn keeps one row of two
        found = np.vstack([-model.coef_ / 2, model.coef_ / 2])
        intercepts[present] = np.concatenate([-model.intercept_ / 2, model.intercept_ / 2])
    else:
        intercepts[present] = model.intercept_
    coefficients[present] = found
    return LinearModel(coefficients, intercepts)


def lesson_rows(targets: Array, weights: Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return (item, label) for each label that is probable enough of an item to be fitted with it.

    Args:
        targets: float [n, k]: the probability of each label.
        weights: float [n]: how much each item counts.

    Example:
        >>> [each.tolist() for each in lesson_rows(np.array([[0.7, 0.3], [1.0, 0.0]]), np.ones(2))]
        [[0, 0, 1], [0, 1, 0]]
    """
    rows, labels = np.nonzero((targets >= LITTLE) & (weights > 0)[:, None])
    return rows, labels

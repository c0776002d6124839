"""A classifier of somebody's own in place of ours: anything of scikit-learn that takes weights and gives probabilities.

It is stored by joblib, and joblib runs code when it is read: its bytes are read only where their hash was checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from retrolabel.end_models.training import lesson_rows
from retrolabel.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    from scipy.sparse import csr_matrix

    Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Estimator:
    """A fitted classifier of somebody's own.

    Attributes:
        fitted: It.
        labels: How many labels there are; its classes are places among them.
        degrees: The temperature of its probabilities.
    """

    fitted: Any
    labels: int
    degrees: float = 1.0

    def predict_proba(self, features: csr_matrix) -> Array:
        """Return the probability of each label, float [n, labels].

        Args:
            features: float [n, features], sparse.
        """
        said = np.asarray(self.fitted.predict_proba(features), np.float64)
        found = np.zeros((features.shape[0], self.labels))
        found[:, np.asarray(self.fitted.classes_, np.int64)] = np.maximum(said, 1e-12) ** (1 / self.degrees)
        return np.asarray(found / found.sum(axis=1, keepdims=True))

    def to_bytes(self) -> bytes:
        """Return the classifier as joblib writes it."""
        import joblib  # type: ignore[import-untyped]  # noqa: PLC0415 - slow to import

        out = pa.BufferOutputStream()
        joblib.dump(self.fitted, out)
        return bytes(out.getvalue().to_pybytes())


def read_estimator(content: bytes, labels: int, degrees: float) -> Estimator:
    """Return a stored classifier. **This runs code**: the hash of the bytes has to be checked before.

    Args:
        content: What :meth:`Estimator.to_bytes` gave.
        labels: How many labels there are.
        degrees: The temperature.
    """
    import joblib  # noqa: PLC0415 - slow to import

    return Estimator(joblib.load(pa.BufferReader(content)), labels, degrees)


def fit_estimator(make: Callable[[], Any], features: csr_matrix, targets: Array, weights: Array) -> Estimator:
    """Return a fitted classifier of somebody's own: each item is fitted once for each label that is probable of it.

    Args:
        make: Returns one that is not fitted, with ``fit(X, y, sample_weight=)`` and ``predict_proba``.
        features: float [n, features], sparse.
        targets: float [n, k]: the probability of each label.
        weights: float [n]: how much each item counts.

    Raises:
        SettingsError: It cannot be fitted so.

    Example:
        >>> from scipy.sparse import csr_matrix
        >>> from sklearn.naive_bayes import MultinomialNB
        >>> x = csr_matrix(np.eye(2))
        >>> fit_estimator(MultinomialNB, x, np.eye(2), np.ones(2)).predict_proba(x).argmax(axis=1).tolist()
        [0, 1]
    """
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - slow to import

    model = make()
    lacking = [name for name in ("fit", "predict_proba") if not callable(getattr(model, name, None))]
    if lacking:
        raise SettingsError(
            f"The estimator {type(model).__name__} has no {' and no '.join(lacking)}.",
            remedy="a factory returns a classifier of scikit-learn; CalibratedClassifierCV gives probabilities to any",
        )
    rows, labels = lesson_rows(targets, weights)
    try:
        with threadpool_limits(1):
            model.fit(features[rows], labels, sample_weight=targets[rows, labels] * weights[rows])
    except (TypeError, ValueError) as error:
        raise SettingsError(
            f"The estimator {type(model).__name__} cannot be fitted: {error}",
            remedy="it takes sparse features, whole numbers as labels, and sample_weight",
        ) from error
    return Estimator(model, targets.shape[1])

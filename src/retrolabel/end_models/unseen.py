"""A model that votes never votes on what it was trained on: each part of it has a model that did not see it.

An item is known by its letters, so a part holds all items that differ in digits, spaces and punctuation alone (stacking
by cross-validation: Wolpert 1992).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.end_models.features import joined
from retrolabel.end_models.training import LinearModel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from scipy.sparse import csr_matrix

    from retrolabel.end_models.estimators import Estimator

OTHERS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, eq=False)
class Folds:
    """Models that each did not see one part of the items that were trained on.

    Attributes:
        models: One for each part.
        seen: int64, sorted: what is known of each text that was trained on, and nothing of the text itself.
    """

    models: tuple[LinearModel, ...]
    seen: npt.NDArray[np.int64]

    def predict_proba(
        self, items: Sequence[Sequence[object]], features: csr_matrix, whole: LinearModel | Estimator
    ) -> npt.NDArray[np.float64]:
        """Return the probability of each label, float [n, k], by a model that did not see the item.

        Args:
            items: For each item its texts.
            features: Their features.
            whole: The model that was trained on all of them; it says what new items are.
        """
        known = marks(items)
        parts = np.where(np.isin(known, self.seen), parts_of(known, len(self.models)), -1)
        found = np.zeros((len(items), self.labels))
        for part in np.unique(parts).tolist():
            rows = np.flatnonzero(parts == part)
            found[rows] = (whole if part < 0 else self.models[part]).predict_proba(features[rows])
        return found

    def arrays(self) -> dict[str, Any]:
        """Return it as arrays."""
        return {
            "seen": self.seen,
            "fold coefficients": np.array([each.coefficients for each in self.models], np.float32),
            "fold intercepts": np.array([each.intercepts for each in self.models]),
        }

    @property
    def labels(self) -> int:
        """How many labels there are."""
        return len(self.models[0].intercepts)

    @classmethod
    def of(cls, arrays: Mapping[str, Any], count: int, degrees: float) -> Folds | None:
        """Return what :meth:`arrays` gave; ``None`` where there are no folds.

        Args:
            arrays: The arrays.
            count: How many folds there are.
            degrees: The temperature of their probabilities.
        """
        if not count:
            return None
        pairs = zip(arrays["fold coefficients"], arrays["fold intercepts"], strict=True)
        return cls(tuple(LinearModel(c.astype(np.float64), i, degrees) for c, i in pairs), arrays["seen"])


def marks(items: Sequence[Sequence[object]]) -> npt.NDArray[np.int64]:
    """Return a number for each item that is the same for those with the same letters, int64 [n].

    Args:
        items: For each item its texts.

    Example:
        >>> a, b, c = marks([["Order 7 is late!"], ["order 12 is  late"], ["order is early"]])
        >>> a == b, a == c
        (np.True_, np.False_)
    """
    letters = [OTHERS.sub(" ", joined(each).casefold()).strip() for each in items]
    digests = [hashlib.sha256(each.encode("utf-8", "surrogatepass")).digest()[:8] for each in letters]
    return np.frombuffer(b"".join(digests), ">i8").astype(np.int64)


def parts_of(known: npt.NDArray[np.int64], parts: int) -> npt.NDArray[np.int64]:
    """Return the part of each item, 0 to ``parts`` - 1: the same for items with the same mark.

    Args:
        known: What :func:`marks` gave.
        parts: How many parts there are.
    """
    return np.asarray(known % parts, np.int64)

"""The scores that Snorkel's models know by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.interop.snorkel.analysis.metrics import METRICS, metric_score
from retrolabel.interop.snorkel.matrices import gold_labels
from retrolabel.interop.snorkel.refusals import LabelMatrixError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    Places = npt.NDArray[np.int64]

NEEDS_MORE = "fbeta"
"""A metric that has to be told its beta, for which a model's ``score`` has no place."""


def scores(
    gold: npt.ArrayLike, predicted: Places, probabilities: npt.NDArray[np.float64], metrics: Sequence[str]
) -> dict[str, float]:
    """Return the scores of predictions, by name.

    All but ``coverage`` are over the items that have both gold and a prediction; NaN where there are none.

    Args:
        gold: [n] or [n, 1]; -1 where unknown.
        predicted: int [n]; -1 where there is no prediction.
        probabilities: float [n, k].
        metrics: ``accuracy``, ``coverage``, ``precision``, ``recall``, ``f1``, ``f1_micro``,
            ``f1_macro``, ``matthews_corrcoef``, ``roc_auc``.

    Raises:
        LabelMatrixError: A name is none of them; a score for two labels was asked of more; gold is
            empty, or not one label for each item.

    Example:
        >>> import numpy as np
        >>> scores([0, 1, 1], np.array([0, 0, -1]), np.full((3, 2), 0.5), ["accuracy", "coverage"])
        {'accuracy': 0.5, 'coverage': 0.6666666666666666}
    """
    places = gold_labels(gold, len(predicted))
    if not len(places):
        raise LabelMatrixError("There are no gold labels to score against.")
    unknown = [metric for metric in metrics if metric not in METRICS or metric == NEEDS_MORE]
    if unknown:
        usable = [metric for metric in METRICS if metric != NEEDS_MORE]
        raise LabelMatrixError(f"Unrecognized metric: {', '.join(unknown)}.", remedy=f"use {', '.join(usable)}")
    judged = (places >= 0) & (predicted >= 0)
    found = {}
    for metric in metrics:
        if metric == "coverage":
            found[metric] = float((predicted >= 0).mean())
        elif not judged.any():
            found[metric] = float("nan")
        else:
            found[metric] = metric_score(places[judged], predicted[judged], probabilities[judged], metric)
    return found

"""The scores that Snorkel's models know by name, by scikit-learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.interop.snorkel.matrices import gold_labels
from retrolabel.interop.snorkel.refusals import LabelMatrixError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import numpy.typing as npt

    Places = npt.NDArray[np.int64]
    Score = Callable[[Places, Places, npt.NDArray[np.float64]], float]

BINARY = 2


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
    known = _known()
    unknown = [metric for metric in metrics if metric not in known and metric != "coverage"]
    if unknown:
        raise LabelMatrixError(
            f"Unrecognized metric: {', '.join(unknown)}.", remedy=f"use {', '.join(known)}, coverage"
        )
    judged = (places >= 0) & (predicted >= 0)
    found = {}
    for metric in metrics:
        if metric == "coverage":
            found[metric] = float((predicted >= 0).mean())
        elif not judged.any():
            found[metric] = float("nan")
        else:
            found[metric] = float(known[metric](places[judged], predicted[judged], probabilities[judged]))
    return found


def _known() -> dict[str, Score]:
    from sklearn import metrics  # noqa: PLC0415 - slow, and only scores need it

    def of_two(name: str, score: Callable[[Places, Places], float]) -> Score:
        def checked(gold: Places, predicted: Places, _: npt.NDArray[np.float64]) -> float:
            if max(gold.max(), predicted.max()) >= BINARY:
                raise LabelMatrixError(f"{name} is for two labels.", remedy="use f1_macro, f1_micro or accuracy")
            return score(gold, predicted)

        return checked

    def area(gold: Places, _: Places, probabilities: npt.NDArray[np.float64]) -> float:
        if probabilities.shape[1] != BINARY:
            raise LabelMatrixError("roc_auc is for two labels.")
        return float(metrics.roc_auc_score(gold, probabilities[:, 1]))

    return {
        "accuracy": lambda gold, predicted, _: float((gold == predicted).mean()),
        "precision": of_two("precision", metrics.precision_score),
        "recall": of_two("recall", metrics.recall_score),
        "f1": of_two("f1", metrics.f1_score),
        "f1_micro": lambda gold, predicted, _: float(metrics.f1_score(gold, predicted, average="micro")),
        "f1_macro": lambda gold, predicted, _: float(metrics.f1_score(gold, predicted, average="macro")),
        "matthews_corrcoef": lambda gold, predicted, _: float(metrics.matthews_corrcoef(gold, predicted)),
        "roc_auc": area,
    }

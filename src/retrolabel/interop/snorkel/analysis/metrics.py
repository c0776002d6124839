"""The scores that Snorkel knows by name, by scikit-learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from retrolabel.errors import did_you_mean
from retrolabel.interop.snorkel.refusals import LabelMatrixError
from retrolabel.interop.snorkel.utils.core import filter_labels, to_int_label_array

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    Places = npt.NDArray[np.int64]

BINARY = 2
GIVEN = ("golds", "preds", "probs")


class Metric(NamedTuple):
    """A score, and what it is made from.

    Attributes:
        func: From these, in this order, to a number.
        inputs: Some of ``golds``, ``preds`` and ``probs``.
    """

    func: Callable[..., float]
    inputs: tuple[str, ...] = ("golds", "preds")


def metric_score(
    golds: npt.ArrayLike | None = None,
    preds: npt.ArrayLike | None = None,
    probs: npt.ArrayLike | None = None,
    metric: str = "accuracy",
    filter_dict: Mapping[str, Sequence[int]] | None = None,
    **kwargs: Any,  # noqa: ANN401 - scikit-learn's
) -> float:
    """Return one score of predictions.

    Args:
        golds: Gold labels [n] or [n, 1].
        preds: Predictions [n] or [n, 1].
        probs: Probabilities [n, k].
        metric: A name of ``METRICS``.
        filter_dict: ``golds`` or ``preds`` -> the labels whose items do not count: ``{"golds": [-1]}``.
        kwargs: What scikit-learn's function of this name is told, as ``beta`` of ``fbeta``.

    Raises:
        LabelMatrixError: There is no such metric, it lacks what it is made from, or lengths differ.

    Example:
        >>> metric_score([0, 1, -1], [0, 0, 1], filter_dict={"golds": [-1]})
        0.5
    """
    if metric not in METRICS:
        raise LabelMatrixError(
            f"The metric {metric!r} is not known.{did_you_mean(metric, METRICS)}", remedy=f"use {', '.join(METRICS)}"
        )
    strange = set(filter_dict or ()) - set(GIVEN)
    if strange:
        raise LabelMatrixError(
            f"filter_dict must only include keys in {list(GIVEN)}, not {', '.join(sorted(strange))}."
        )
    labels: dict[str, Any] = {
        "golds": None if golds is None else to_int_label_array(golds),
        "preds": None if preds is None else to_int_label_array(preds),
        "probs": None if probs is None else np.asarray(probs, dtype=np.float64),
    }
    labels = filter_labels(labels, filter_dict or {})
    func, inputs = METRICS[metric]
    missing = [name for name in inputs if labels[name] is None]
    if missing:
        raise LabelMatrixError(f"The metric {metric} requires access to {', '.join(missing)}.")
    return float(func(*(labels[name] for name in inputs), **kwargs))


def _by_sklearn(function: str, **fixed: str) -> Callable[..., float]:
    def score(golds: Places, preds: Places, **kwargs: Any) -> float:  # noqa: ANN401 - scikit-learn's
        from sklearn import metrics  # noqa: PLC0415 - slow, and only scores need it

        return float(getattr(metrics, function)(golds, preds, **fixed, **kwargs))

    return score


def _of_two(name: str, function: str) -> Callable[..., float]:
    by_sklearn = _by_sklearn(function)

    def score(golds: Places, preds: Places, **kwargs: Any) -> float:  # noqa: ANN401 - scikit-learn's
        if "average" not in kwargs and max(golds.max(initial=0), preds.max(initial=0)) >= BINARY:
            raise LabelMatrixError(f"{name} is for two labels.", remedy="use f1_macro, f1_micro or accuracy")
        return by_sklearn(golds, preds, **kwargs)

    return score


def _coverage(preds: Places) -> float:
    return float((preds >= 0).mean())


def _area(golds: Places, probs: npt.NDArray[np.float64], **kwargs: Any) -> float:  # noqa: ANN401 - scikit-learn's
    from sklearn import metrics  # noqa: PLC0415 - slow, and only scores need it

    if probs.ndim != 2 or probs.shape[1] != BINARY:  # noqa: PLR2004 - items x labels
        raise LabelMatrixError("roc_auc is for two labels.")
    return float(metrics.roc_auc_score(golds, probs[:, 1], **kwargs))


METRICS = {
    "accuracy": Metric(_by_sklearn("accuracy_score")),
    "coverage": Metric(_coverage, ("preds",)),
    "precision": Metric(_of_two("precision", "precision_score")),
    "recall": Metric(_of_two("recall", "recall_score")),
    "f1": Metric(_of_two("f1", "f1_score")),
    "f1_micro": Metric(_by_sklearn("f1_score", average="micro")),
    "f1_macro": Metric(_by_sklearn("f1_score", average="macro")),
    "fbeta": Metric(_of_two("fbeta", "fbeta_score")),
    "matthews_corrcoef": Metric(_by_sklearn("matthews_corrcoef")),
    "roc_auc": Metric(_area, ("golds", "probs")),
}
"""Name -> score."""

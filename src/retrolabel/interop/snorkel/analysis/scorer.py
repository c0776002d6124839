"""Several scores at once, over all items and over slices of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retrolabel.errors import did_you_mean
from retrolabel.interop.snorkel.analysis.metrics import METRICS, metric_score
from retrolabel.interop.snorkel.refusals import LabelMatrixError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt


class Scorer:
    """Gives the scores that it was made for.

    Args:
        metrics: Names of ``METRICS``.
        custom_metric_funcs: Name -> a function of gold, predictions and probabilities that returns a
            number, or a dict of several.
        abstain_label: Items with this gold label or prediction do not count, but for ``coverage``;
            ``None`` lets all count.

    Attributes:
        metrics: Name -> function.

    Raises:
        LabelMatrixError: A name is none of ``METRICS``.

    Example:
        >>> Scorer(["accuracy", "coverage"]).score(np.array([0, 1, 1]), np.array([0, 0, -1]))
        {'accuracy': 0.5, 'coverage': 0.6666666666666666}
    """

    def __init__(
        self,
        metrics: Sequence[str] | None = None,
        custom_metric_funcs: Mapping[str, Callable[..., Any]] | None = None,
        abstain_label: int | None = -1,
    ) -> None:
        unknown = [metric for metric in metrics or () if metric not in METRICS]
        if unknown:
            raise LabelMatrixError(
                f"Unrecognized metric: {', '.join(unknown)}.{did_you_mean(unknown[0], METRICS)}",
                remedy=f"use {', '.join(METRICS)}",
            )
        left_out = {} if abstain_label is None else {"golds": [abstain_label], "preds": [abstain_label]}
        self.metrics: dict[str, Callable[..., Any]] = {
            metric: partial(metric_score, metric=metric, filter_dict={} if metric == "coverage" else left_out)
            for metric in metrics or ()
        }
        self.metrics |= custom_metric_funcs or {}
        self.abstain_label = abstain_label

    def score(
        self, golds: npt.ArrayLike, preds: npt.ArrayLike | None = None, probs: npt.ArrayLike | None = None
    ) -> dict[str, float]:
        """Return name -> score.

        Args:
            golds: Gold labels [n].
            preds: Predictions [n].
            probs: Probabilities [n, k].

        Raises:
            LabelMatrixError: There is no gold, or a metric lacks what it is made from.
        """
        if not len(np.asarray(golds)):
            raise LabelMatrixError("Cannot score empty labels.")
        found: dict[str, float] = {}
        for name, metric in self.metrics.items():
            score = metric(golds, preds, probs)
            found |= score if isinstance(score, dict) else {name: score}
        return found

    def score_slices(
        self,
        S: npt.NDArray[Any],  # noqa: N803 - Snorkel's name
        golds: npt.ArrayLike,
        preds: npt.ArrayLike,
        probs: npt.ArrayLike,
        as_dataframe: bool = False,
    ) -> dict[str, dict[str, float]] | pd.DataFrame:
        """Return the scores over all items, as ``overall``, and over each slice.

        Args:
            S: What ``PandasSFApplier`` or ``SFApplier`` returned, [n].
            golds: Gold labels [n].
            preds: Predictions [n].
            probs: Probabilities [n, k].
            as_dataframe: Return a frame, a row a slice.

        Raises:
            LabelMatrixError: They differ in length, ``S`` has no names, or a slice is empty.
        """
        given = [np.asarray(each) for each in (golds, preds, probs)]
        lengths = [len(S), *map(len, given)]
        if len(set(lengths)) > 1:
            raise LabelMatrixError(
                f"S, golds, preds, and probs must have the same number of elements; they have {lengths}."
            )
        if S.dtype.names is None:
            raise LabelMatrixError("S names no slices.", remedy="it is what PandasSFApplier(sfs).apply(df) returns")
        found = {"overall": self.score(*given)}
        for name in S.dtype.names:
            belongs = S[name] > 0
            if not belongs.any():
                raise LabelMatrixError(f"The slice {name} is empty.", remedy="leave it out, or take more items")
            found[name] = self.score(*(each[belongs] for each in given))
        return pd.DataFrame.from_dict(found).transpose() if as_dataframe else found

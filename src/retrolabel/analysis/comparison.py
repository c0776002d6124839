"""Label models beside each other, on the same votes and the same truth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel.gold.agreement import agreement, log_loss
from retrolabel.label_models.protocol import TIE, hard_labels

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from retrolabel.label_models.protocol import LabelModelProtocol
    from retrolabel.votes import VoteMatrix

WITH_GOLD = "+ gold"


def compare_label_models(
    models: Mapping[str, LabelModelProtocol],
    votes: VoteMatrix,
    truth: npt.NDArray[np.int64],
    gold: npt.NDArray[np.int64] | None = None,
) -> pd.DataFrame:
    """Return accuracy, macro-F1 and log-loss of each model on the covered items whose truth is known.

    An item without a label (an exact tie) counts as wrong. Items that were fitted as gold are left
    out, for all models alike.

    Args:
        models: Name -> unfitted label model; a name that ends in ``+ gold`` is fitted with gold.
        votes: n items x m LFs.
        truth: int [n] with places of labels, -1 where unknown.
        gold: int [n], the same, of a random sample.

    Returns:
        A frame indexed by the model's name: ``n``, ``accuracy``, ``low``, ``high``, ``macro_f1``,
        ``log_loss`` (nats, over the same items), ``ties`` (the share of the items without a label)
        and ``accuracy_ties_drawn`` (what drawing among tied labels would give on average).

    Example:
        >>> import numpy as np
        >>> from retrolabel.label_models.majority import MajorityVote
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_ints([[0], [1], [-1]], labels=2)
        >>> found = compare_label_models({"majority": MajorityVote()}, votes, np.array([0, 0, 1]))
        >>> float(found.loc["majority", "accuracy"])
        0.5
    """
    known = (truth >= 0) & votes.covered
    if gold is not None:
        known &= gold < 0
    rows = []
    for name, model in models.items():
        fitted = model.fit(votes, gold if name.endswith(WITH_GOLD) else None)
        probabilities = fitted.predict_proba(votes)
        predicted = hard_labels(probabilities, votes.covered)
        found = agreement(truth[known], predicted[known], known[known], labels=len(votes.labels))
        rows.append(
            {
                "n": found.covered,
                "accuracy": found.accuracy.value,
                "low": found.accuracy.low,
                "high": found.accuracy.high,
                "macro_f1": found.macro_f1.value,
                "log_loss": log_loss(probabilities[known], truth[known]),
                "ties": float((predicted[known] < 0).mean()) if known.any() else math.nan,
                "accuracy_ties_drawn": _drawn(probabilities[known], truth[known]),
            }
        )
    return pd.DataFrame(rows, index=pd.Index(list(models), name="label_model"))


def _drawn(probabilities: npt.NDArray[np.float64], truth: npt.NDArray[np.int64]) -> float:
    """Return the expected accuracy when a tie is broken by drawing one of the tied labels."""
    if not len(truth):
        return math.nan
    best = probabilities >= probabilities.max(axis=1, keepdims=True) - TIE
    return float((best[np.arange(len(truth)), truth] / best.sum(axis=1)).mean())

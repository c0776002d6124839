"""Simulated people who label feedback, each with errors of his own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from retrolabel.errors import GoldError
from retrolabel.simulation.dice import Dice
from retrolabel.simulation.failures import THUMBS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PACE = {"thumbs": (9.0, 0.5), "failure_mode": (21.0, 0.6)}
"""Median seconds that a label takes a person, and the spread of their logarithm."""
_CONFUSIONS: Mapping[str, Mapping[str, float]] = {
    "good": {"generation": 0.5, "retrieval": 0.25, "formatting": 0.25},
    "retrieval": {"generation": 0.7, "good": 0.2, "formatting": 0.1},
    "generation": {"retrieval": 0.6, "good": 0.3, "formatting": 0.1},
    "formatting": {"generation": 0.45, "good": 0.4, "retrieval": 0.15},
}


def annotate(  # noqa: PLR0913 - what a sample of human labels depends on
    truth: pd.DataFrame,
    items: int,
    *,
    annotators: Sequence[str] = ("ana", "ben"),
    error_rate: float = 0.06,
    seed: int = 0,
    column: Literal["thumbs", "failure_mode"] = "failure_mode",
) -> pd.DataFrame:
    """Let simulated people label a random sample of items; each errs by himself.

    Args:
        truth: What is true, with ``item_id`` and ``column``; the rows to sample from.
        items: How many items, each of which every annotator labels.
        annotators: Who labels.
        error_rate: How often a label is wrong; a failure is mostly taken for one that resembles it.
        seed: The same seed gives the same labels.
        column: Which question is asked.

    Returns:
        ``item_id``, ``annotator``, ``label``, ``role`` and the ``seconds`` that it took, a row for each
        item and annotator.

    Raises:
        GoldError: There are fewer rows than items asked for.

    Example:
        >>> truth = pd.DataFrame({"item_id": ["a", "b", "c"], "thumbs": ["good", "bad", "good"]})
        >>> annotate(truth, 2, column="thumbs").groupby("annotator").size().to_dict()
        {'ana': 2, 'ben': 2}
    """
    if items > len(truth):
        raise GoldError(
            f"Cannot draw {items} items from {len(truth)} rows.", remedy=f"Ask for {len(truth)} items or fewer."
        )
    rng = np.random.default_rng(seed)
    dice = Dice(rng)
    sample = truth.iloc[np.sort(rng.choice(len(truth), size=items, replace=False))]
    rows = [
        (item, annotator, _misjudge(dice, label, column) if dice.chance(error_rate) else label, "dev")
        for annotator in annotators
        for item, label in zip(sample["item_id"], sample[column], strict=True)
    ]
    labels = pd.DataFrame(rows, columns=["item_id", "annotator", "label", "role"], dtype=object)
    median, spread = _PACE[column]
    return labels.assign(seconds=np.random.default_rng([seed, 1]).lognormal(np.log(median), spread, len(rows)).round(1))


def _misjudge(dice: Dice, label: str, column: str) -> str:
    """Return a wrong label that somebody may well take for the right one."""
    if column == "thumbs":
        return THUMBS[1 - THUMBS.index(label)]
    return dice.choose(_CONFUSIONS[label])

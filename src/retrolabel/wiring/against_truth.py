"""Labels against the truth, which a simulation knows and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from retrolabel.gold.agreement import wilson

if TYPE_CHECKING:
    import pandas as pd

    from retrolabel.gold.agreement import Estimate


class Truth(NamedTuple):
    """Labels against the truth, which a simulation knows.

    Attributes:
        right: The share of the labelled items whose label is true.
        labelled: How many have a label.
        guessed: How many have none, since votes for several labels alone speak of them.
        holds: How many of those have the truth among the labels that are left.
        items: How many items there are.
    """

    right: Estimate
    labelled: int
    guessed: int
    holds: int
    items: int


def against(labels: pd.DataFrame, truth: pd.Series[Any]) -> Truth:
    """Return how labels do against the truth."""
    known = labels["item_id"].map(truth).to_numpy(dtype=object)
    has = labels["label"].notna().to_numpy()
    right = labels["label"].to_numpy(dtype=object)[has] == known[has]
    guessed = labels["guessed"].to_numpy(bool) & ~has
    sets = labels["partial"].to_numpy(dtype=object)[guessed]
    holds = [one in str(several).split("|") for one, several in zip(known[guessed], sets, strict=True)]
    return Truth(wilson(int(right.sum()), int(has.sum())), int(has.sum()), int(guessed.sum()), sum(holds), len(labels))

"""Items whose label is wrong, the surest first: from gold, labels and probabilities as plain arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel.analysis.confusion import GUESSED, NO_VOTES, TIED
from retrolabel.errors import InputError, UnknownLabelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    Places = npt.NDArray[np.int64]

WITHOUT = (NO_VOTES, GUESSED, TIED)


def said_of(labels: Sequence[str], said: Places, covered: Flags, guessed: Flags) -> npt.NDArray[np.object_]:
    """Return the label of each item as it is told; of one without a label why it has none.

    Args:
        labels: The k label ids.
        said: int [n]: the place of each label; -1 without one.
        covered: bool [n]: whether anything voted on it.
        guessed: bool [n]: whether votes for several labels alone speak of it.

    Example:
        >>> bare = np.array([False, False, False])
        >>> said_of(["a"], np.array([0, -1, -1]), np.array([True, True, False]), bare).tolist()
        ['a', '(tied)', '(no votes)']
    """
    names = np.array([*labels, ""], object)[said]
    return np.where(said >= 0, names, np.where(~covered, NO_VOTES, np.where(guessed, GUESSED, TIED)))


def sets_of(labels: Sequence[str], possible: Flags) -> list[str]:
    """Return what gold leaves of each item as it is told: ``slow``, ``slow|wrong``.

    Example:
        >>> sets_of(["a", "b"], np.array([[True, False], [True, True]]))
        ['a', 'a|b']
    """
    return ["|".join(label for label, here in zip(labels, row, strict=True) if here) for row in possible]


def errors(  # noqa: PLR0913 - what is said of items
    gold: npt.ArrayLike,
    said: Places,
    probabilities: npt.NDArray[np.float64],
    *,
    labels: Sequence[str],
    covered: Flags | None = None,
    guessed: Flags | None = None,
    of_gold: str | None = None,
    of_label: str | None = None,
) -> pd.DataFrame:
    """Return the items whose label is none that gold leaves, the surest first.

    An item without a label is no error, but a lack; it is told where ``of_label`` asks for it: ``(no votes)``,
    ``(guessed)``, ``(tied)``.

    Args:
        gold: int [n] with places of labels, -1 where unknown; or bool [n, k]: the labels that gold leaves.
        said: int [n]: the place of the label; -1 without one. It must not rest on the item's own gold.
        probabilities: float [n, k].
        labels: The k label ids.
        covered: bool [n]: whether anything voted on it; all, if left out.
        guessed: bool [n]: whether votes for several labels alone speak of it; none, if left out.
        of_gold: Only items whose gold leaves this label.
        of_label: Only items with this label, or without one for this reason.

    Returns:
        A frame: ``row`` (the item's place), ``gold``, ``label``, ``probability`` (of the label; missing without one),
        ``p_gold`` (of what gold leaves).

    Raises:
        InputError: They differ in length.
        UnknownLabelError: There is no such label.

    Example:
        >>> sure = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]])
        >>> errors([1, 0, 1], np.array([0, 1, 1]), sure, labels=["good", "bad"])[["row", "label"]].to_numpy().tolist()
        [[0, 'good'], [1, 'bad']]
    """
    n, k = len(said), len(labels)
    sets = np.asarray(gold)
    if sets.ndim == 1:
        sets = np.vstack([np.eye(k, dtype=np.bool_), np.zeros((1, k), np.bool_)])[sets]
    if sets.shape != (n, k) or probabilities.shape != (n, k):
        raise InputError(f"Gold, labels and probabilities differ: {sets.shape}, {(n, k)}, {probabilities.shape}.")
    for name, known in ((of_gold, labels), (of_label, (*labels, *WITHOUT))):
        if name is not None and name not in known:
            remedy = "name one of those; what has no label stands in brackets"
            raise UnknownLabelError(name, list(known), of="what is asked for", remedy=remedy)
    covered = np.ones(n, np.bool_) if covered is None else covered
    told = said_of(labels, said, covered, np.zeros(n, np.bool_) if guessed is None else guessed)
    wrong = sets.any(axis=1) & ~sets[np.arange(n), said] & (said >= 0)
    if of_label is not None:
        wrong = (wrong if of_label in labels else sets.any(axis=1)) & (told == of_label)
    if of_gold is not None:
        wrong &= sets[:, list(labels).index(of_gold)]
    rows = np.flatnonzero(wrong)
    top = np.where(said >= 0, probabilities[np.arange(n), said], np.nan)
    mass = (probabilities * sets).sum(axis=1)
    order = rows[np.lexsort((rows, mass[rows], -np.nan_to_num(top[rows])))]
    return pd.DataFrame(
        {
            "row": order,
            "gold": np.array(sets_of(labels, sets[order]), object),
            "label": told[order],
            "probability": top[order],
            "p_gold": mass[order],
        }
    )

"""Where a labeling function is against gold, or against what the others are sure of without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrolabel.errors import LabelingFunctionError, did_you_mean
from retrolabel.jobs.label_sets.explaining import stored_model
from retrolabel.jobs.label_sets.marginal import said_without

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.votes import VoteMatrix

    Flags = npt.NDArray[np.bool_]

SURE = 0.9
"""The probability from which on the others are taken to be sure."""


def place_of(label_set: LabelSet, lf: str) -> int:
    """Return the place of a labeling function among those of a label set.

    Raises:
        LabelingFunctionError: It has no votes in it.
    """
    if lf not in label_set.voters:
        task = label_set.record.task
        raise LabelingFunctionError(
            f"{lf} has no votes in label set {label_set.id[:12]}.{did_you_mean(lf, label_set.voters)}",
            remedy=f"retrolabel lf list {task} names those there are; a new one votes after retrolabel relabel {task}",
        )
    return label_set.voters.index(lf)


def against_gold(votes: VoteMatrix, place: int, possible: Flags) -> Flags:
    """Return the items on which a labeling function's vote leaves none of the labels that gold leaves, bool [n].

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_sets([[{0}], [{0, 1}], [None]], labels=["a", "b", "c"], voters=["f"])
        >>> against_gold(votes, 0, np.array([[False, True, False]] * 3)).tolist()
        [True, False, False]
    """
    codes = votes.codes[:, place]
    return np.asarray((codes != 0) & ~(votes.membership[codes] & possible).any(axis=1))


def against_others(label_set: LabelSet, place: int, *, sure: float = SURE) -> tuple[Flags, npt.NDArray[np.float64]]:
    """Return on which patterns the others are sure of a label that a labeling function's vote rules out.

    What the others say is what the label set's own model says as if this one were not there: neither its votes nor its
    silence count. So nothing agrees with itself. The model is not fitted again.

    Args:
        label_set: The label set.
        place: The place of the labeling function.
        sure: The probability from which on they are sure.

    Returns:
        bool [U], and the probabilities of all patterns without it, float [U, k] (those that it votes on; 0 elsewhere).

    Raises:
        StoreError: The label model is not kept whole (Snorkel's).
    """
    fitted, votes = stored_model(label_set), label_set.votes()
    codes = votes.codes[:, place]
    found = np.zeros((len(codes), len(label_set.labels)))
    voted = codes != 0
    if voted.any():
        found[voted], covered = said_without(fitted, votes, place, voted)
        found[np.flatnonzero(voted)[~covered]] = 0.0
    top = found.argmax(axis=1)
    apart = ~votes.membership[codes, top]
    return np.asarray(voted & apart & (found.max(axis=1, initial=0.0) >= sure)), found

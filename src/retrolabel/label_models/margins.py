"""Confusion tables that have given margins: how often a voter says what, and how frequent labels are.

A vote's lift says how much it speaks for a label. Where the label probabilities are known, no table may say a set more
often than the voter does, nor a label be more frequent than it is. Scaling rows and columns in turns (iterative
proportional fitting: Deming & Stephan 1940) keeps the odds ratios of the lifts and meets both. So a voter that says
a rare label ten times as often as it occurs is not taken to be right about it three times in four.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrolabel.label_models.em import TINY

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.features import Features

    Array = npt.NDArray[np.float64]

ROUNDS = 20
SETTLED = 1e-5


def fitted(features: Features, share: Array, lift: Array, prior: Array) -> Array:
    """Return how often each voter shows each feature given each label, float [F, k]; abstaining takes the rest.

    Args:
        features: The features.
        share: float [F]: the share of the items that show each.
        lift: float [F, k]: how much each speaks for each label, up to a factor for each feature.
        prior: float [k]: the label probabilities.

    Example:
        >>> from retrolabel.label_models.features import Features
        >>> features = Features.of(np.array([[1], [2]]))  # one voter: label 0 on nine items in ten
        >>> odds = np.array([[3.0, 1.0], [1.0, 3.0]])
        >>> fitted(features, np.array([0.9, 0.1]), odds, np.array([0.9, 0.1])).round(3).tolist()
        [[0.933, 0.606], [0.067, 0.394]]
    """
    said = np.maximum(share[:, None] * lift * prior, TINY)
    rest = np.maximum(1.0 - features.by_voter(share[:, None]), 0.0)
    quiet = rest * prior
    for _ in range(ROUNDS):
        said *= share[:, None] / np.maximum(said.sum(axis=1, keepdims=True), TINY)
        quiet *= rest / np.maximum(quiet.sum(axis=1, keepdims=True), TINY)
        scale = prior / np.maximum(features.by_voter(said) + quiet, TINY)
        said *= scale[features.voter]
        quiet *= scale
        if max(float(scale.max(initial=1.0)) - 1.0, 1.0 - float(scale.min(initial=1.0))) < SETTLED:
            break
    return np.asarray(said / prior)

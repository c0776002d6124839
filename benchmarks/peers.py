"""Other label models, and the figures that they are measured by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score

from retrolabel import MajorityVote, SnorkelLabelModel

try:
    from crowdkit.aggregation import MACE
    from crowdkit.aggregation import DawidSkene as CrowdKitDawidSkene
except ImportError:
    MACE = CrowdKitDawidSkene = None

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel import VoteMatrix

    Found = np.ndarray
    Fit = Callable[[VoteMatrix, VoteMatrix], Found]

SEEDS = (0, 1, 2)
LEAST = 1e-6


def figures(probabilities: Found, truth: np.ndarray, *, macro: bool = False) -> np.ndarray:
    """Return accuracy with ties drawn, F1 of label 1, log-loss in nats, and calibration error over ten equal bins.

    With more than two labels there is no F1, or where ``macro`` is asked for the mean of the labels'.
    """
    rows = np.arange(len(truth))
    top = probabilities.max(axis=1)
    right = correct(probabilities, truth)
    f1 = np.nan
    if probabilities.shape[1] == 2:
        f1 = f1_score(truth, probabilities.argmax(axis=1), zero_division=0)
    elif macro:
        f1 = f1_score(truth, probabilities.argmax(axis=1), average="macro", zero_division=0)
    loss = -np.log(np.maximum(probabilities[rows, truth], LEAST))
    bins = np.minimum((top * 10).astype(int), 9)
    gaps = [abs(right[bins == b].sum() - top[bins == b].sum()) for b in range(10)]
    return np.array([right.mean(), f1, loss.mean(), sum(gaps) / len(truth)])


def correct(probabilities: Found, truth: np.ndarray) -> np.ndarray:
    """Return for each item whether its most probable label is right; a tie is right with its share."""
    best = probabilities >= probabilities.max(axis=1, keepdims=True) - 1e-9
    return best[np.arange(len(truth)), truth] / best.sum(axis=1)


def plain(model: Any) -> Fit:
    """Return how a label model of ours fits on some votes and predicts others."""
    return lambda votes, asked: model.fit(votes).predict_proba(asked)


def crowd_kits(make: Callable[[], Any]) -> Fit:
    """Return how one of crowd-kit's fits; what it did not fit it cannot predict, so it fits what is asked."""

    def fit(_: VoteMatrix, asked: VoteMatrix) -> Found:
        rows, workers = np.nonzero(asked.codes)
        labels = asked.codes[rows, workers].astype(int) - 1
        frame = pd.DataFrame({"task": rows, "worker": workers, "label": labels})
        found = make().fit_predict_proba(frame).reindex(columns=range(len(asked.labels)), fill_value=0.0)
        probabilities = np.full((len(asked), len(asked.labels)), 1 / len(asked.labels))
        probabilities[found.index] = found.to_numpy()
        return probabilities

    return fit


def dawid_skene() -> Fit:
    """Return how crowd-kit's Dawid-Skene fits."""
    return crowd_kits(lambda: CrowdKitDawidSkene(n_iter=100))


def mace(seed: int) -> Fit:
    """Return how crowd-kit's MACE fits."""
    return crowd_kits(lambda: MACE(random_state=seed))


def peers() -> dict[str, list[Fit]]:
    """Return what a user would pick instead, each with its seeds."""
    found = {"majority vote": [plain(MajorityVote())]}
    for epochs in (100, 500):
        found[f"Snorkel, {epochs} epochs"] = [plain(SnorkelLabelModel(n_epochs=epochs, seed=seed)) for seed in SEEDS]
    if MACE is not None:
        found["crowd-kit Dawid-Skene"] = [dawid_skene()]
        found["crowd-kit MACE"] = [mace(seed) for seed in SEEDS]
    return found

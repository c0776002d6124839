"""One temperature, so that what is said to hold in 80 % of cases does (Guo et al. 2017)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.protocol import Probabilities

PENALTY = 2.0
BOUNDS = (-2.0, 3.0)


def temperature(probabilities: Probabilities, gold: npt.NDArray[np.float64]) -> float:
    """Return the temperature at which probabilities fit gold best; 1 is as they are, more is less sure.

    It minimises the negative log-likelihood of gold plus 2 (ln T)^2, so that little gold moves it little.

    Args:
        probabilities: float [U, k].
        gold: float [U, k]: how many gold items of each label.

    Example:
        >>> sure = np.array([[0.99, 0.01]] * 2)
        >>> temperature(sure, np.array([[3.0, 0.0], [0.0, 3.0]])) > 2
        True
    """
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - slow to import, and a plan calibrates nothing

    known = gold.sum(axis=1) > 0
    if not known.any():
        return 1.0
    logs, counts = np.log(np.maximum(probabilities[known], 1e-300)), gold[known]

    def loss(log_t: float) -> float:
        scaled = logs / np.exp(log_t)
        scaled -= scaled.max(axis=1, keepdims=True)
        scaled -= np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return float(-(counts * scaled).sum() + PENALTY * log_t**2)

    return float(np.exp(minimize_scalar(loss, bounds=BOUNDS, method="bounded").x))


def at(probabilities: Probabilities, degrees: float) -> Probabilities:
    """Return probabilities at a temperature.

    Example:
        >>> at(np.array([[0.9, 0.1]]), 2.0).round(3).tolist()
        [[0.75, 0.25]]
    """
    if degrees == 1.0:
        return probabilities
    logs = np.log(np.maximum(probabilities, 1e-300)) / degrees
    logs -= logs.max(axis=1, keepdims=True)
    np.exp(logs, out=logs)
    return np.asarray(logs / logs.sum(axis=1, keepdims=True))

"""One temperature, so that what is said to hold in 80 % of cases does (Guo et al. 2017)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.protocol import Probabilities

PENALTY = 10.0
BOUNDS = (-2.0, 3.0)


def temperature(
    probabilities: Probabilities, possible: npt.NDArray[np.bool_], counts: npt.NDArray[np.float64]
) -> float:
    """Return the temperature at which probabilities fit gold best; 1 is as they are, more is less sure.

    It minimises the negative log-likelihood of gold plus 10 (ln T)^2, so that little gold moves it little. The
    likelihood of an item that leaves several labels is the sum of theirs.

    Args:
        probabilities: float [C, k].
        possible: bool [C, k]: the labels that gold leaves.
        counts: float [C]: how many gold items.

    Example:
        >>> sure = np.array([[0.99, 0.01]] * 2)
        >>> temperature(sure, np.eye(2, dtype=bool), np.array([9.0, 9.0])) > 2
        True
    """
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - slow to import, and a plan calibrates nothing

    known = counts > 0
    if not known.any():
        return 1.0
    logs, inside, weights = np.log(np.maximum(probabilities[known], 1e-300)), possible[known], counts[known]

    def loss(log_t: float) -> float:
        scaled = logs / np.exp(log_t)
        scaled -= scaled.max(axis=1, keepdims=True)
        masses = np.exp(scaled)
        mass = np.where(inside, masses, 0.0).sum(axis=1) / masses.sum(axis=1)
        return float(-(weights * np.log(np.maximum(mass, 1e-300))).sum() + PENALTY * log_t**2)

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

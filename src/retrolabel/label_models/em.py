"""The arithmetic of the label model: prior centre, E-step, M-step.

All sums run over patterns in one order, that of their hashes, so that they come out the same to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.votes import BLOCK

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from retrolabel.label_models.features import Features
    from retrolabel.label_models.protocol import Probabilities
    from retrolabel.label_models.ties import Ties
    from retrolabel.votes import Patterns, VoteMatrix

    Array = npt.NDArray[np.float64]

HIGHEST_MASS = 0.98
LEAST_SILENCE = 1e-9
TINY = float(np.finfo(float).tiny)
FEWER_THAN_EIGHT = 7
"""From eight numbers on, numpy adds in pairs."""
NARROW = 16
"""Up to so many labels a row is read faster column by column."""


def lifts(
    membership: npt.NDArray[np.bool_],
    precision: float | Array,
    ranks: Sequence[float] | None = None,
    prior: Array | None = None,
) -> Array:
    """Return lift[s, y]: how much more often a vote for the set s is emitted where the label is y than on average.

    A vote for one label is right with probability ``precision`` before anything is learned; one for several speaks
    for each of them as much. Among ordered labels a vote
    speaks for its neighbours too, the less the further they are.

    Args:
        membership: bool [S + 1, k], or any rows of it.
        precision: Of all, or float [S + 1] of each.
        ranks: float [k]: the places of ordered labels.
        prior: float [k]: a vote for labels that are rarer than at equal chances says more then: so much that
            it is right as often as it would be at equal chances.

    Example:
        >>> lifts(np.array([[True, True], [True, False]]), 0.75).tolist()
        [[1.0, 1.0], [1.5, 0.5]]
    """
    k = membership.shape[1]
    right = np.broadcast_to(np.asarray(precision, dtype=np.float64), len(membership))[:, None]
    odds = right * (k - 1) / (1 - right)
    if prior is not None:
        share, inside = membership.mean(axis=1, keepdims=True), (membership @ prior)[:, None]
        some = share < 1
        odds[some] *= np.maximum(1.0, (share * (1 - inside))[some] / ((1 - share) * inside)[some])
    raw = np.where(membership, odds, 1.0)
    if ranks is not None:
        place = np.asarray(ranks, dtype=float)
        gap = np.abs(place[:, None] - place[None, :]) / (place.max() - place.min())
        nearest = np.where(membership[:, :, None], gap[None, :, :], np.inf).min(axis=1)
        raw = odds ** (1 - nearest)
    return np.asarray(raw / raw.mean(axis=1, keepdims=True))


def start(features: Features, share: Array, lift: Array) -> Array:
    """Return theta[(j, s), y] = P_j(s) lift_sy before anything is learned; one factor holds a voter's mass below 1.

    Args:
        features: The features.
        share: float [F]: the share of the items that show each.
        lift: float [F, k]: the lift of each feature.
    """
    made = share[:, None] * lift
    largest = features.by_voter(made).max(axis=1, initial=0.0)
    factor = HIGHEST_MASS / np.maximum(largest, HIGHEST_MASS)
    return np.asarray(np.maximum(made * factor[features.voter][:, None], TINY))


def held(features: Features, made: Array) -> Array:
    """Return theta[(j, s), y] with each voter's mass held below 1, label by label; none is 0.

    With one factor for all labels, as at the start, a voter that says one label often would be taken for one that is
    silent on the others.
    """
    mass = np.maximum(features.by_voter(made), HIGHEST_MASS)
    return np.asarray(np.maximum(made * (HIGHEST_MASS / mass)[features.voter], TINY))


def shown(features: Features, counts: Array) -> Array:
    """Return the share of the items that show each feature, float [F]."""
    return np.asarray(features.of_features(counts) / max(float(counts.sum()), 1.0))


@dataclass(frozen=True, eq=False)
class Weighing:
    """How much each vote counts.

    Attributes:
        prior: float [k].
        weights: float [m]: a voter that says what others say counts less.
        silence: How much it counts that a voter abstains (tau).
        faint: float [F]: how much of that weight the votes of each feature have; all of it if left out.
    """

    prior: Array
    weights: Array
    silence: float = 0.0
    faint: Array | None = None

    def votes(self, features: Features, theta: Array) -> Array:
        """Return what each feature says of each label, float [F, k], in nats."""
        weight = self.weights[features.voter]
        return (weight if self.faint is None else weight * self.faint)[:, None] * np.log(theta)

    def terms(self, features: Features, theta: Array) -> tuple[Array, Array]:
        """Return what each feature adds to the log-odds, float [F, k], and what silence of all adds, float [k]."""
        voted = self.votes(features, theta)
        if not self.silence:
            return voted, np.zeros(len(self.prior))
        silent = silences(features, theta)
        quiet = self.silence * self.weights[:, None] * np.log(silent)
        return voted - quiet[features.voter], quiet.sum(axis=0)

    def posterior(self, features: Features, theta: Array) -> Probabilities:
        """Return q[u, y] (the E-step)."""
        voted, silent = self.terms(features, theta)
        return normalised(np.log(self.prior) + silent + features.of_patterns(voted))


def silences(features: Features, theta: Array) -> Array:
    """Return the probability that each voter abstains on a covered item, given each label, float [m, k]."""
    return np.asarray(np.maximum(1.0 - features.by_voter(theta), LEAST_SILENCE))


def updated(  # noqa: PLR0913 - the symbols of the formula
    features: Features,
    counts: Array,
    posterior: Probabilities,
    about: Array,
    strength: Array | float,
    ties: Ties | None = None,
) -> Array:
    """Return theta[(j, s), y] = (N_jsy + S C_jsy) / (N_y + S) (the M-step), both summed over tied labels."""
    weighted = counts[:, None] * posterior
    return shares(features.of_features(weighted) + strength * about, weighted.sum(axis=0) + strength, ties)


def shares(said: Array, among: Array, ties: Ties | None) -> Array:
    """Return how often each feature is shown given each label, float [F, k]: tied labels are one.

    Args:
        said: float [F, k]: items of each label that show the feature.
        among: float [k]: items of each label.
        ties: Which labels which voter cannot tell apart.
    """
    if ties is None:
        return np.asarray(said / among)
    return np.asarray(ties.pooled(said) / ties.pooled(np.broadcast_to(among, said.shape)))


def scores(votes: VoteMatrix | Patterns, tables: Sequence[Array], start: Array) -> Array:
    """Return the log-score of each row and label: the start, and what each voter's code adds.

    Args:
        votes: n rows.
        tables: For each voter, what each code adds: float [S + 1, k].
        start: float [k].
    """
    codes = votes.codes
    total = np.empty((len(codes), len(start)))
    total[:] = start
    by_name = sorted(range(len(tables)), key=votes.voters.__getitem__)  # so that no order changes the last bit
    for begin in range(0, len(codes), BLOCK):
        block, into = np.asfortranarray(codes[begin : begin + BLOCK]), total[begin : begin + BLOCK]
        for column in by_name:
            into += tables[column].take(block[:, column], axis=0)
    return total


def normalised(logs: Array) -> Probabilities:
    """Return the probabilities of log-scores; the highest is taken away first, so that none overflows."""
    found = np.empty_like(logs)
    for begin in range(0, len(logs), BLOCK):
        part, into = logs[begin : begin + BLOCK], found[begin : begin + BLOCK]
        np.subtract(part, highest(part)[:, None], out=into)
        np.exp(into, out=into)
        into /= totals(into)[:, None]
    return found


def totals(values: Array) -> Array:
    """Return the sum of each row, to the bit as numpy's: up to seven columns are faster added one to the next."""
    if values.shape[1] > FEWER_THAN_EIGHT:
        return np.asarray(values.sum(axis=1))
    total = np.zeros(len(values))
    for column in values.T:
        total += column
    return total


def highest(values: Array) -> Array:
    """Return the largest number of each row, column by column: rows are short."""
    if values.shape[1] > NARROW:
        return np.asarray(values.max(axis=1, initial=-np.inf))
    largest = np.full(len(values), -np.inf)
    for column in values.T:
        np.maximum(largest, column, out=largest)
    return largest


def moved(one: Probabilities, other: Probabilities, counts: Array) -> float:
    """Return how far the posteriors are apart, on average over the items."""
    return float((counts * highest(np.abs(one - other))).sum()) / max(float(counts.sum()), 1.0) if len(counts) else 0.0

"""The default label model: prior-centred MAP-EM over distinct patterns of set-valued votes.

Each voter j is a confusion table theta[j, s, y], the probability that it emits symbol s when the true
label is y (Dawid & Skene 1979), where a symbol stands for a set of labels (partial labels: Yu, Ding &
Bach 2022). The tables are pulled towards a prior centre in which every vote is right with a base
precision, by a strength that grows with the number of items: a coarsened posterior (Miller & Dunson
2019), because free EM drifts away from the truth on labeling functions that are not independent.
Abstentions carry no information, and items without votes change nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from retrolabel.errors import VoteError
from retrolabel.label_models.protocol import as_patterns, check_votes, expand, gold_prior, gold_totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from retrolabel.label_models.protocol import Probabilities
    from retrolabel.votes import Patterns, VoteMatrix

NUMERICS = 1
"""Raised whenever the same votes and settings give other probabilities."""
PRIOR_ITEMS = 5.0
HIGHEST_MASS = 0.98
ROUNDING = 1e-6
"""How far written probabilities may be from a sum of 1."""
FEATURE_BASE = 2**32


@dataclass(frozen=True, kw_only=True)
class LabelModel:
    """Learns how far each voter can be trusted, from the votes alone.

    Args:
        base_precision: How often a vote is right before anything is learned; above 1/k.
        shrinkage: How strongly what is learned is held to that (rho; the strength is 5 + rho n / k).
        class_prior: k probabilities of the labels; if left out, estimated from gold where there is
            some, else uniform.
        max_iter: EM iterations at most; 0 keeps the prior centre.
        tol: Stop when the posteriors move less than this on average.

    Raises:
        VoteError: A setting is out of its range.

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_ints([[0, 0], [0, 1], [0, -1], [-1, -1]], labels=2)
        >>> LabelModel(max_iter=0).fit(votes).predict_proba(votes)[:, 0].round(3).tolist()
        [0.9, 0.5, 0.75, 0.5]
    """

    base_precision: float = 0.75
    shrinkage: float = 1.0
    class_prior: Sequence[float] | None = None
    max_iter: int = 100
    tol: float = 1e-5
    name: str = field(default="label_model", init=False)

    def __post_init__(self) -> None:
        """Check the ranges of the settings."""
        numbers = (self.base_precision, self.shrinkage, self.max_iter, self.tol)
        if not all(math.isfinite(number) and number >= 0 for number in numbers) or not 0 < self.base_precision < 1:
            raise VoteError("LabelModel: 0 < base_precision < 1; shrinkage, max_iter and tol are not negative.")
        if self.class_prior is not None:
            prior = tuple(float(p) for p in self.class_prior)
            if not all(p > 0 for p in prior) or not abs(sum(prior) - 1) <= ROUNDING:
                raise VoteError("class_prior holds positive probabilities that sum to 1.", remedy=f"got {prior}")
            object.__setattr__(self, "class_prior", prior)

    def settings(self) -> dict[str, Any]:
        """Return the settings and the version of the numerics."""
        return {
            "name": self.name,
            "base_precision": self.base_precision,
            "shrinkage": self.shrinkage,
            "class_prior": list(self.class_prior) if self.class_prior is not None else None,
            "max_iter": self.max_iter,
            "tol": self.tol,
            "numerics": NUMERICS,
        }

    @property
    def uses_gold(self) -> bool:
        """Whether gold moves the prior: unless one was given."""
        return self.class_prior is None

    def fit(self, votes: VoteMatrix | Patterns, gold: npt.NDArray[Any] | None = None) -> FittedLabelModel:
        """Return the fitted model.

        Args:
            votes: n items x m voters, or their U patterns; not changed.
            gold: Labels of a random sample of the items, from which the prior is estimated:
                int [n] with -1 where unknown, or counts [U, k] for patterns.

        Raises:
            VoteError: ``class_prior`` has another length than there are labels, ``base_precision``
                is not above chance, or gold does not fit the votes.
        """
        k = len(votes.labels)
        if self.class_prior is not None and len(self.class_prior) != k:
            raise VoteError(f"class_prior has {len(self.class_prior)} entries, there are {k} labels.")
        if self.base_precision <= 1 / k:
            raise VoteError(f"base_precision {self.base_precision} is not above chance, 1/{k}.")
        prior = np.full(k, 1 / k) if self.class_prior is None else np.asarray(self.class_prior)
        if gold is not None and self.uses_gold:
            prior = gold_prior(gold_totals(votes, gold))
        return _fit(as_patterns(votes), self, prior)


def _fit(patterns: Patterns, model: LabelModel, prior: npt.NDArray[np.float64]) -> FittedLabelModel:
    covered = patterns.covered & (patterns.counts > 0)
    counts = patterns.counts[covered]
    items = float(counts.sum())
    features = _features(patterns.codes[covered])
    emitted = _one_hot(patterns.codes[covered], features)
    lift = _lift(patterns.membership, model.base_precision)
    centre = _centre(emitted, counts, features, lift)
    strength = PRIOR_ITEMS + model.shrinkage * items / len(prior)
    theta, iterations, change = centre, 0, 0.0
    posterior = _e_step(emitted, theta, prior)
    for iterations in range(1, model.max_iter + 1):  # noqa: B007 - how many it took is kept
        theta = _m_step(emitted, counts, posterior, centre, strength)
        moved = _e_step(emitted, theta, prior)
        change = float(counts @ np.abs(moved - posterior).max(axis=1, initial=0.0)) / max(items, 1.0)
        posterior = moved
        if change < model.tol:
            break
    return FittedLabelModel(
        patterns.labels,
        patterns.voters,
        prior,
        {
            (patterns.voters[voter], patterns.symbols[code - 1]): theta[row]
            for row, (voter, code) in enumerate(zip(*np.divmod(features, FEATURE_BASE), strict=True))
        },
        model.base_precision,
        iterations,
        converged=model.max_iter == 0 or change < model.tol or not items,
        items=items,
    )


def _e_step(
    emitted: sparse.csr_matrix, theta: npt.NDArray[np.float64], prior: npt.NDArray[np.float64]
) -> Probabilities:
    """Return q[u, y], proportional to pi_y times the product of theta over the votes of pattern u."""
    return _normalised(np.log(prior) + emitted @ np.log(theta))


def _m_step(
    emitted: sparse.csr_matrix,
    counts: npt.NDArray[np.float64],
    posterior: Probabilities,
    centre: npt.NDArray[np.float64],
    strength: float,
) -> npt.NDArray[np.float64]:
    """Return theta[(j, s), y] = (N_jsy + S C_jsy) / (N_y + S)."""
    weighted = counts[:, None] * posterior
    return np.asarray((emitted.T @ weighted + strength * centre) / (weighted.sum(axis=0) + strength))


def _centre(
    emitted: sparse.csr_matrix,
    counts: npt.NDArray[np.float64],
    features: npt.NDArray[np.int64],
    lift: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """Return C[(j, s), y] = P_j(s) lift_sy, with each voter's mass held below 1."""
    voter, code = np.divmod(features, FEATURE_BASE)
    share = np.asarray(emitted.T @ counts) / max(float(counts.sum()), 1.0)
    centre = share[:, None] * lift[code]
    mass = np.zeros((int(voter.max(initial=-1)) + 1, lift.shape[1]))
    np.add.at(mass, voter, centre)
    largest = mass.max(axis=1)
    factor = np.minimum(1.0, HIGHEST_MASS / np.maximum(largest, HIGHEST_MASS))
    return np.asarray(np.maximum(centre * factor[voter][:, None], np.finfo(float).tiny))


def _lift(membership: npt.NDArray[np.bool_], base_precision: float) -> npt.NDArray[np.float64]:
    """Return lift[s, y]: g where y is in the set of symbol s, else 1, divided by its mean over y."""
    k = membership.shape[1]
    odds = base_precision * (k - 1) / (1 - base_precision)
    raw = np.where(membership, odds, 1.0)
    return np.asarray(raw / raw.mean(axis=1, keepdims=True))


def _features(codes: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the (voter, code) pairs that occur, packed and sorted; abstaining is none."""
    found = [
        voter * FEATURE_BASE + np.flatnonzero(np.bincount(column)[1:]).astype(np.int64) + 1
        for voter, column in enumerate(codes.T)
        if len(column)
    ]
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _one_hot(codes: npt.NDArray[Any], features: npt.NDArray[np.int64]) -> sparse.csr_matrix:
    """Return the U x F one-hot of the votes, a row for each pattern, by which all sums are taken."""
    rows, voters = np.nonzero(codes)
    packed = voters.astype(np.int64) * FEATURE_BASE + codes[rows, voters].astype(np.int64)
    columns = np.searchsorted(features, packed)
    ones = np.ones(len(rows))
    return sparse.csr_matrix((ones, (rows, columns)), shape=(len(codes), len(features)))


def _normalised(logs: npt.NDArray[np.float64]) -> Probabilities:
    shifted = np.exp(logs - logs.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


@dataclass(frozen=True, eq=False)
class FittedLabelModel:
    """What the label model learned; immutable.

    Attributes:
        labels: The k label ids.
        voters: The m voters.
        prior: float [k]: the probability of each label before any vote.
        theta: (voter, symbol) -> float [k]: how often the voter emits that label set, given each label.
        base_precision: What is assumed of a symbol that was never seen in fitting.
        iterations: How many EM iterations it took.
        converged: Whether the posteriors had come to rest.
        items: How many covered items were fitted.
    """

    labels: tuple[str, ...]
    voters: tuple[str, ...]
    prior: npt.NDArray[np.float64]
    theta: dict[tuple[str, tuple[int, ...]], npt.NDArray[np.float64]] = field(repr=False)
    base_precision: float
    iterations: int
    converged: bool = field(kw_only=True)
    items: float = field(kw_only=True)

    def predict_proba(self, votes: VoteMatrix | Patterns) -> Probabilities:
        """Return float [n, k]; an item without votes keeps the prior.

        Raises:
            VoteError: The votes are over other labels or by other voters.
        """
        check_votes(votes, self.labels, self.voters)
        patterns = as_patterns(votes)
        features = _features(patterns.codes)
        lift = _lift(patterns.membership, self.base_precision)
        theta = np.array(
            [
                self.theta.get((self.voters[voter], patterns.symbols[code - 1]), lift[code])
                for voter, code in zip(*np.divmod(features, FEATURE_BASE), strict=True)
            ]
        ).reshape(len(features), len(self.labels))
        return expand(_e_step(_one_hot(patterns.codes, features), theta, self.prior), votes, patterns)

    @cached_property
    def precisions(self) -> dict[tuple[str, tuple[int, ...]], float]:
        """For each voter and label set: the probability that a vote for it alone is right."""
        return {
            (voter, symbol): float((self.prior * theta)[list(symbol)].sum() / (self.prior * theta).sum())
            for (voter, symbol), theta in self.theta.items()
        }

    def parameters(self) -> dict[str, Any]:
        """Return prior, confusion tables and precisions, as plain data for a manifest."""
        return {
            "prior": dict(zip(self.labels, self.prior.tolist(), strict=True)),
            "iterations": self.iterations,
            "converged": self.converged,
            "items": self.items,
            "votes": [
                {
                    "lf": voter,
                    "labels": [self.labels[place] for place in symbol],
                    "given": dict(zip(self.labels, theta.tolist(), strict=True)),
                    "precision": self.precisions[voter, symbol],
                }
                for (voter, symbol), theta in self.theta.items()
            ],
        }

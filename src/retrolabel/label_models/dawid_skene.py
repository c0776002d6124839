"""Dawid-Skene: for crowds, where many people vote on each item and few on all."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.label_models import em
from retrolabel.label_models.design_effect import cooled, error_correlation
from retrolabel.label_models.features import Features
from retrolabel.label_models.fitted import BASE_PRECISION
from retrolabel.label_models.majority import FittedMajorityVote
from retrolabel.label_models.protocol import as_patterns, check_votes

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.gold import Gold
    from retrolabel.label_models.protocol import Probabilities
    from retrolabel.votes import Patterns, VoteMatrix

NUMERICS = 3


@dataclass(frozen=True, kw_only=True)
class DawidSkene:
    """Each voter has a confusion matrix, learned by EM from majority vote on (Dawid & Skene 1979).

    Given that a voter votes, theta[j, s, y] is the probability that it votes s where the label is y; that
    it votes at all says nothing. It fits crowds. Labeling functions vote one label each, which it cannot
    tell from being sure: use :class:`LabelModel` for them.

    Args:
        smoothing: Votes that are added to each cell of a confusion matrix, so that none is impossible.
        pooling: Votes that are added to each voter's confusion matrix from the crowd's own, as majority vote
            sees it: somebody with three votes is taken for one of the crowd, not for all right or all wrong.
            0 is plain Dawid-Skene.
        design_effect: Whether votes on one item count less the more errors on one item go together: some items are
            hard, and plain Dawid-Skene is too sure of them. It is measured, and it changes no confusion matrix.
        max_iter: EM iterations at most; 0 answers the start, the shares of the votes.
        tol: Stop when the posteriors move less than this on average.

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_ints([[0, 0, 1], [1, 1, 1], [0, 0, 0], [1, 1, 0]], labels=2)
        >>> DawidSkene().fit(votes).predict_proba(votes).argmax(axis=1).tolist()
        [0, 1, 0, 1]
    """

    smoothing: float = 0.01
    pooling: float = 12.0
    design_effect: bool = True
    max_iter: int = 500
    tol: float = 1e-6
    name: str = "dawid_skene"

    def __post_init__(self) -> None:
        """Check the ranges of the settings."""
        numbers = (self.smoothing, self.pooling, self.max_iter, self.tol)
        if not all(math.isfinite(each) and each >= 0 for each in numbers):
            raise VoteError("DawidSkene: smoothing, pooling, max_iter and tol are not negative.")

    def settings(self) -> dict[str, Any]:
        """Return the settings and the version of the numerics."""
        return {**asdict(self), "numerics": NUMERICS}

    @property
    def uses_gold(self) -> bool:
        """It learns from votes alone."""
        return False

    def fit(self, votes: VoteMatrix | Patterns, gold: Gold | None = None) -> FittedDawidSkene:  # noqa: ARG002 - not used
        """Return the fitted model."""
        patterns = as_patterns(votes)
        here = patterns.covered & (patterns.counts > 0)
        counts, codes = patterns.counts[here], patterns.codes[here]
        features = Features.of(codes)
        k = len(patterns.labels)
        shares = patterns.membership / patterns.membership.sum(axis=1, keepdims=True)
        posterior = features.of_patterns(shares[features.code])
        posterior /= np.maximum(posterior.sum(axis=1, keepdims=True), em.TINY)
        prior, theta = np.full(k, 1 / k), np.full((len(features.voter), k), 1 / k)
        crowd = self.pooling * _crowd(features, counts, posterior, len(patterns.symbols))
        iterations = 0
        for iterations in range(1, self.max_iter + 1):  # noqa: B007 - how many it took is kept
            prior = (counts[:, None] * posterior).sum(axis=0) + self.smoothing
            prior = prior / prior.sum() if prior.sum() else np.full(k, 1 / k)
            said = features.of_features(counts[:, None] * posterior) + self.smoothing + crowd
            theta = np.asarray(said / np.maximum(features.by_voter(said)[features.voter], em.TINY))
            moved = em.normalised(
                np.log(np.maximum(prior, em.TINY)) + features.of_patterns(np.log(np.maximum(theta, em.TINY)))
            )
            change = em.moved(moved, posterior, counts)
            posterior = moved
            if change < self.tol:
                break
        together = 0.0
        if self.design_effect and iterations:
            first = np.log(em.lifts(patterns.membership, BASE_PRECISION)[features.code])
            sides = [
                (np.log(np.maximum(theta, em.TINY)), np.log(np.maximum(prior, em.TINY))),
                (first, np.full(k, -np.log(k))),
            ]
            together = error_correlation(features, counts, patterns.membership, np.ones(features.voters), sides)
        learned = {
            (patterns.voters[voter], patterns.symbols[code - 1]): theta[row]
            for row, (voter, code) in enumerate(zip(features.voter, features.code, strict=True))
        }
        return FittedDawidSkene(
            patterns.labels, patterns.voters, prior, learned, iterations, together, start=self.max_iter == 0
        )


def _crowd(
    features: Features, counts: npt.NDArray[np.float64], posterior: Probabilities, symbols: int
) -> npt.NDArray[np.float64]:
    """Return how often a vote of the crowd is a feature's, given each label: float [F, k]."""
    said = np.zeros((symbols + 1, posterior.shape[1]))
    np.add.at(said, features.code, features.of_features(counts[:, None] * posterior))
    return np.asarray((said / np.maximum(said.sum(axis=0), em.TINY))[features.code])


@dataclass(frozen=True, eq=False)
class FittedDawidSkene:
    """What was learned of each voter.

    Attributes:
        labels: The k label ids.
        voters: The m voters.
        prior: float [k].
        theta: (voter, symbol) -> float [k]: how often the voter votes so when it votes, given each label.
        iterations: How many EM iterations it took.
        error_correlation: How far errors of different voters on one item go together.
        start: Whether nothing was learned, and the shares of the votes are the answer.
    """

    labels: tuple[str, ...]
    voters: tuple[str, ...]
    prior: npt.NDArray[np.float64]
    theta: dict[tuple[str, tuple[int, ...]], npt.NDArray[np.float64]]
    iterations: int
    error_correlation: float = 0.0
    start: bool = False

    def predict_proba(self, votes: VoteMatrix | Patterns) -> Probabilities:
        """Return float [n, k]; an item without votes keeps the prior, and so does a vote that was never seen."""
        check_votes(votes, self.labels, self.voters)
        if self.start:
            return FittedMajorityVote(self.labels, 0.0).predict_proba(votes)
        tables = []
        for voter in self.voters:
            table = np.zeros((len(votes.symbols) + 1, len(self.labels)))
            for code, symbol in enumerate(votes.symbols, start=1):
                if (voter, symbol) in self.theta:
                    table[code] = np.log(np.maximum(self.theta[voter, symbol], em.TINY))
            tables.append(table)
        said = Counter(voter for voter, _ in self.theta)
        several = [float(said[voter] > 1) for voter in self.voters]
        logs = cooled(votes, tables, several, self.error_correlation)
        found = em.normalised(logs + np.log(np.maximum(self.prior, em.TINY)))
        found[~votes.covered] = self.prior
        return found

    def parameters(self) -> dict[str, Any]:
        """Return prior and confusion matrices, as plain data for a manifest."""
        return {
            "prior": dict(zip(self.labels, self.prior.tolist(), strict=True)),
            "iterations": self.iterations,
            "error_correlation": self.error_correlation,
            **({"start": True} if self.start else {}),
            "votes": [
                {
                    "lf": voter,
                    "labels": [self.labels[place] for place in symbol],
                    "given": dict(zip(self.labels, theta.tolist(), strict=True)),
                }
                for (voter, symbol), theta in self.theta.items()
            ],
        }

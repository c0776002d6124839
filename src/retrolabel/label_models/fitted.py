"""What the label model learned, and what it says of votes: probabilities, and the evidence for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.label_models import em
from retrolabel.label_models.design_effect import cooled, temperatures
from retrolabel.label_models.protocol import check_votes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from retrolabel.label_models.protocol import Probabilities
    from retrolabel.votes import Patterns, VoteMatrix

BASE_PRECISION = 0.75
PRIOR, SILENCE = "(prior)", "(silence)"
"""How evidence that is no vote is called; no voter is called like that."""


def precision_of(base: float | Mapping[str, float], voter: str) -> float:
    """Return how often a voter's vote is right before anything is learned."""
    return base.get(voter, BASE_PRECISION) if isinstance(base, Mapping) else base


@dataclass(frozen=True, eq=False)
class FittedLabelModel:
    """What the label model learned; immutable.

    Attributes:
        labels: The k label ids.
        voters: The m voters.
        prior: float [k]: the probability of each label before any vote.
        theta: (voter, symbol) -> float [k]: how often the voter emits that label set, given each label.
        base_precision: What is assumed of a symbol that was never seen in fitting; or voter -> that.
        iterations: How many EM iterations it took.
        converged: Whether the posteriors had come to rest.
        items: How many covered items were fitted.
        weights: float [m]: how much each voter's votes count.
        silence: How much it counts that a voter abstains.
        ranks: The places of ordered labels.
        at_prior: Whether a vote for a rare label that was never seen says more than one for a frequent one.
        shared: (voter, voter) -> how much they share beyond what the label explains.
        degrees: The temperature of the probabilities.
        faint: (voter, symbol) -> how much of its weight such a vote has, where not all: the voter always says the same.
        error_correlation: How far errors of voters that say several symbols go together on an item.
        unvoted: float [k]: the probability of each label where nobody votes; the prior if left out.
    """

    labels: tuple[str, ...]
    voters: tuple[str, ...]
    prior: npt.NDArray[np.float64]
    theta: dict[tuple[str, tuple[int, ...]], npt.NDArray[np.float64]] = field(repr=False)
    base_precision: float | Mapping[str, float]
    iterations: int
    converged: bool = field(kw_only=True)
    items: float = field(kw_only=True)
    weights: npt.NDArray[np.float64] = field(kw_only=True, repr=False)
    silence: float = field(kw_only=True, default=0.0)
    ranks: Sequence[float] | None = field(kw_only=True, default=None)
    at_prior: bool = field(kw_only=True, default=False)
    shared: Mapping[tuple[str, str], float] = field(kw_only=True, default_factory=dict)
    degrees: float = field(kw_only=True, default=1.0)
    faint: Mapping[tuple[str, tuple[int, ...]], float] = field(kw_only=True, default_factory=dict)
    error_correlation: float = field(kw_only=True, default=0.0)
    unvoted: npt.NDArray[np.float64] | None = field(kw_only=True, default=None, repr=False)

    def with_voters(self, voters: Sequence[str]) -> FittedLabelModel:
        """Return the same model for votes whose columns are in another order."""
        before = {voter: index for index, voter in enumerate(self.voters)}
        place = {voter: index for index, voter in enumerate(voters)}
        theta = dict(sorted(self.theta.items(), key=lambda vote: (place[vote[0][0]], len(vote[0][1]), vote[0][1])))
        return replace(
            self, voters=tuple(voters), theta=theta, weights=self.weights[[before[voter] for voter in voters]]
        )

    def warmed(self, degrees: float) -> FittedLabelModel:
        """Return the same model at a temperature."""
        return replace(self, degrees=degrees)

    @property
    def without_votes(self) -> npt.NDArray[np.float64]:
        """The probability of each label where nobody votes, float [k]."""
        return self.prior if self.unvoted is None else self.unvoted

    def predict_proba(self, votes: VoteMatrix | Patterns) -> Probabilities:
        """Return float [n, k]; an item without votes keeps the prior.

        Raises:
            VoteError: The votes are over other labels or by other voters.
        """
        check_votes(votes, self.labels, self.voters)
        tables, silent = self._tables(votes)
        start = np.log(self.prior) + silent
        if self.error_correlation:
            several = self.several
            alone = [np.zeros_like(table) if many else table for table, many in zip(tables, several, strict=True)]
            others = [table if many else np.zeros_like(table) for table, many in zip(tables, several, strict=True)]
            found = em.scores(votes, alone, start)
            found += cooled(votes, others, np.where(several, self.weights, 0.0).tolist(), self.error_correlation)
        else:
            found = em.scores(votes, tables, start)
        if self.degrees != 1.0:
            found /= self.degrees
        found = em.normalised(found)
        found[~votes.covered] = self.without_votes
        return found

    def _tables(self, votes: VoteMatrix | Patterns) -> tuple[list[npt.NDArray[np.float64]], npt.NDArray[np.float64]]:
        """Return what each voter's codes add to the log-score, and what the silence of all does."""
        lifts = {
            precision: em.lifts(votes.membership, precision, self.ranks, self.prior if self.at_prior else None)
            for precision in {precision_of(self.base_precision, voter) for voter in self.voters}
        }
        tables, quiets = [], {}
        for place, voter in enumerate(self.voters):
            lift = lifts[precision_of(self.base_precision, voter)]
            table = np.zeros((len(votes.symbols) + 1, len(self.labels)))
            for code, symbol in enumerate(votes.symbols, start=1):
                theta = self.theta.get((voter, symbol))
                table[code] = self.faint.get((voter, symbol), 1.0) * np.log(lift[code] if theta is None else theta)
            quiet = self.silence * np.log(self._silence_of(voter)) if self.silence else 0.0
            table[1:] -= quiet
            quiets[voter] = self.weights[place] * quiet
            tables.append(self.weights[place] * table)
        silent = np.zeros(len(self.labels))
        for voter in sorted(quiets):  # so that no order of voters changes the last bit
            silent += quiets[voter]
        return tables, silent

    @cached_property
    def several(self) -> tuple[bool, ...]:
        """Whether each voter says several symbols."""
        said = Counter(voter for voter, _ in self.theta)
        return tuple(said[voter] > 1 for voter in self.voters)

    @cached_property
    def _emitted(self) -> dict[str, npt.NDArray[np.float64]]:
        """Voter -> the probability that it votes at all, given each label."""
        total: dict[str, npt.NDArray[np.float64]] = {}
        for (voter, _), theta in self.theta.items():
            total[voter] = total.get(voter, np.zeros(len(self.labels))) + theta
        return total

    def _silence_of(self, voter: str) -> npt.NDArray[np.float64]:
        emitted = self._emitted.get(voter, np.zeros(len(self.labels)))
        return np.asarray(np.maximum(1.0 - emitted, em.LEAST_SILENCE))

    def evidence(self, votes: VoteMatrix | Patterns, row: int) -> dict[str, npt.NDArray[np.float64]]:
        """Return what speaks for each label on one item: terms in nats that add up to the log-posterior.

        Args:
            votes: The votes.
            row: The item's place.

        Returns:
            ``(prior)``, the voters that voted, and ``(silence)`` where abstaining counts -> float [k], each
            relative to what the vote says on average; their sum, normalised, is the posterior.

        Example:
            >>> from retrolabel.label_models.label_model import LabelModel
            >>> from retrolabel.votes import VoteMatrix
            >>> votes = VoteMatrix.from_ints([[0, -1], [1, 1]], labels=2, voters=["a", "b"])
            >>> terms = LabelModel(max_iter=0, dependence=False).fit(votes).evidence(votes, 0)
            >>> {name: float((term[0] - term[1]).round(3)) for name, term in terms.items()}
            {'(prior)': 0.0, 'a': 1.099}
        """
        check_votes(votes, self.labels, self.voters)
        if not votes.codes[row].any():
            return {PRIOR: np.log(self.without_votes)}
        tables, silent = self._tables(votes)
        terms = {PRIOR: np.log(self.prior) / self.degrees}
        voted = [place for place in range(len(self.voters)) if votes.codes[row, place]]
        weighed = np.array([sum(self.weights[place] for place in voted if self.several[place])])
        less = float(temperatures(weighed, self.error_correlation)[0])
        for place, voter in enumerate(self.voters):
            code = int(votes.codes[row, place])
            if code:
                term = tables[place][code] / (self.degrees * (less if self.several[place] else 1.0))
                terms[voter] = term - np.log(self.prior @ np.exp(term))
        if self.silence:
            terms[SILENCE] = silent / self.degrees
        return terms

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
            "temperature": self.degrees,
            "silence": self.silence,
            "weights": dict(zip(self.voters, self.weights.tolist(), strict=True)),
            "error_correlation": self.error_correlation,
            **(
                {"unvoted": dict(zip(self.labels, self.unvoted.tolist(), strict=True))}
                if self.unvoted is not None
                else {}
            ),
            "shared": [{"lfs": list(pair), "share": share} for pair, share in self.shared.items()],
            "votes": [
                {
                    "lf": voter,
                    "labels": [self.labels[place] for place in symbol],
                    "given": dict(zip(self.labels, theta.tolist(), strict=True)),
                    "precision": self.precisions[voter, symbol],
                    **({"faint": self.faint[voter, symbol]} if (voter, symbol) in self.faint else {}),
                }
                for (voter, symbol), theta in self.theta.items()
            ],
        }

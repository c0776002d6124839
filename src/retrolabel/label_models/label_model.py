"""The default label model: prior-centred MAP-EM over distinct patterns of set-valued votes.

Each voter j is a confusion table theta[j, s, y], the probability that it emits symbol s when the true
label is y (Dawid & Skene 1979), where a symbol stands for a set of labels (partial labels: Yu, Ding &
Bach 2022). The tables are pulled towards a prior centre in which every vote is right with a base
precision, by a strength that grows with the number of items: a coarsened posterior (Miller & Dunson
2019), because free EM drifts away from the truth on labeling functions that are not independent. Where
enough voters can be compared, the centre is moved to how strong each is. Voters that say the same beyond
what the label explains count less, and so do votes on items on which errors go together. Items without
votes change nothing.

With gold, the centre moves to what gold says of each voter, and abstaining counts a little. An item that
leaves several labels counts for each of them as much as its votes speak for it: EM on the gold items alone, before
any other is looked at. Items of a known design give the label probabilities too, each weighed by how many items it
stands for, and one temperature fits the probabilities to them (a set's likelihood is its mass).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.label_models import fitting
from retrolabel.label_models.fitted import BASE_PRECISION, FittedLabelModel, precision_of
from retrolabel.label_models.gold import KnownGold
from retrolabel.label_models.sampling import fitted_patterns

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from retrolabel.label_models.gold import Gold
    from retrolabel.votes import Patterns, VoteMatrix

NUMERICS = 4
"""Raised whenever the same votes and settings give other probabilities."""
ROUNDING = 1e-6
"""How far written probabilities may be from a sum of 1."""


@dataclass(frozen=True, kw_only=True)
class LabelModel:
    """Learns how far each voter can be trusted: from the votes alone, or with a little gold.

    Args:
        base_precision: How often a vote is right before anything is learned, above 1/k: of every voter, or
            voter -> precision, with 0.75 for those left out. From the first iteration on, a voter that says one label
            set alone is right with odds that are a third higher (0.8 for 0.75), unless it is named here.
        shrinkage: How strongly what is learned is held to that (rho; the strength is five of the voter's votes and
            rho n times the label's prior).
        class_prior: k probabilities of the labels of items with a vote, kept as they are. If left out they are taken
            from gold on such items where there is some; else learned, but for ordered labels, from ``without_gold`` on.
        without_gold: k probabilities of the labels that are assumed where there is no gold; uniform if left out.
        dependence: Whether voters that repeat each other count less; or how much each counts, as
            voter -> weight from 0 to 1.
        ranks: The places of ordered labels: a vote then speaks for its neighbours too.
        at_prior: Whether a vote for a rare label is right with the base precision as well, and so says
            more; else every vote multiplies the odds of its label by the same.
        tied: Voters that could not tell labels apart which their votes never tell apart: people who labelled
            under an older version. Not for labeling functions: they find one part of a label more often.
        max_iter: EM iterations at most; 0 answers what is assumed before anything is learned.
        tol: Stop when the posteriors move less than this on average.
        seed: Above 50,000 distinct patterns a sample of them is fitted; another seed draws another.

    Raises:
        VoteError: A setting is out of its range.

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_ints([[0, 0], [0, 1], [0, -1], [-1, -1]], labels=2)
        >>> model = LabelModel(max_iter=0, dependence=False)
        >>> model.fit(votes).predict_proba(votes)[:, 0].round(3).tolist()
        [0.9, 0.5, 0.75, 0.5]
    """

    base_precision: float | Mapping[str, float] = BASE_PRECISION
    shrinkage: float = 1.0
    class_prior: Sequence[float] | None = None
    without_gold: Sequence[float] | None = None
    dependence: bool | Mapping[str, float] = True
    ranks: Sequence[float] | None = None
    at_prior: bool = False
    tied: Collection[str] = ()
    max_iter: int = 100
    tol: float = 1e-5
    seed: int = 0
    name: str = field(default="label_model", init=False)

    def __post_init__(self) -> None:
        """Check the ranges of the settings."""
        if isinstance(self.base_precision, Mapping):
            object.__setattr__(self, "base_precision", dict(self.base_precision))
        object.__setattr__(self, "tied", tuple(sorted(self.tied)))
        self._check_numbers()
        for setting in ("class_prior", "without_gold"):
            given = getattr(self, setting)
            if given is not None:
                prior = tuple(float(p) for p in given)
                if not all(p > 0 for p in prior) or not abs(sum(prior) - 1) <= ROUNDING:
                    raise VoteError(f"{setting} holds positive probabilities that sum to 1.", remedy=f"got {prior}")
                object.__setattr__(self, setting, prior)
        if self.ranks is not None:
            ranks = tuple(float(rank) for rank in self.ranks)
            if len(set(ranks)) < len(ranks) or not all(map(math.isfinite, ranks)):
                raise VoteError("ranks are different numbers, one for each label.", remedy=f"got {ranks}")
            object.__setattr__(self, "ranks", ranks)
        if not isinstance(self.dependence, bool):
            given = dict(self.dependence)
            wrong = {voter: weight for voter, weight in given.items() if not 0 <= weight <= 1}
            if wrong:
                raise VoteError(f"dependence weights lie from 0 to 1, not {wrong}.")
            object.__setattr__(self, "dependence", given)

    def _check_numbers(self) -> None:
        if not isinstance(self.max_iter, (int, np.integer)):
            raise VoteError(f"LabelModel: max_iter is a whole number, not {self.max_iter!r}.")
        numbers = (self.shrinkage, self.max_iter, self.tol)
        base = self.base_precision
        right = list(base.values()) if isinstance(base, Mapping) else [base]
        if not all(math.isfinite(number) and number >= 0 for number in numbers) or not all(0 < p < 1 for p in right):
            raise VoteError("LabelModel: 0 < base_precision < 1; shrinkage, max_iter and tol are not negative.")

    def settings(self) -> dict[str, Any]:
        """Return the settings and the version of the numerics."""
        return {
            "name": self.name,
            "base_precision": (
                dict(self.base_precision) if isinstance(self.base_precision, Mapping) else self.base_precision
            ),
            "shrinkage": self.shrinkage,
            "class_prior": list(self.class_prior) if self.class_prior is not None else None,
            "dependence": self.dependence if isinstance(self.dependence, bool) else dict(self.dependence),
            "ranks": list(self.ranks) if self.ranks is not None else None,
            **({"without_gold": list(self.without_gold)} if self.without_gold is not None else {}),
            **({"at_prior": True} if self.at_prior else {}),
            **({"tied": list(self.tied)} if self.tied else {}),
            "max_iter": self.max_iter,
            "tol": self.tol,
            "seed": self.seed,
            "numerics": NUMERICS,
        }

    @property
    def uses_gold(self) -> bool:
        """Whether gold changes anything: always."""
        return True

    def fit(self, votes: VoteMatrix | Patterns, gold: Gold | None = None) -> FittedLabelModel:
        """Return the fitted model.

        Args:
            votes: n items x m voters, or their U patterns; not changed.
            gold: int [n] with -1 where unknown, a :class:`VoteMatrix` of one column, or counts [U, k] for
                patterns, of a random sample of the items; or :class:`GoldSets`, which say how items were drawn.

        Raises:
            VoteError: A setting does not fit the labels, or gold does not fit the votes.
        """
        self._check(votes.labels, votes.voters)
        known = KnownGold.of(votes, gold)
        if self.class_prior is not None:
            prior = np.asarray(self.class_prior)
        elif self.without_gold is not None:
            prior = np.asarray(self.without_gold)
        else:
            prior = np.full(len(votes.labels), 1 / len(votes.labels))
        patterns = fitted_patterns(votes, seed=self.seed)
        return fitting.fit(patterns, self, prior, known).with_voters(votes.voters)

    def _check(self, labels: Sequence[str], voters: Sequence[str]) -> None:
        k = len(labels)
        for setting in ("class_prior", "without_gold", "ranks"):
            given = getattr(self, setting)
            if given is not None and len(given) != k:
                raise VoteError(f"{setting} has {len(given)} entries, there are {k} labels.")
        named = {*self.tied, *(self.base_precision if isinstance(self.base_precision, Mapping) else ())}
        if named - set(voters):
            raise VoteError(f"Settings name {', '.join(sorted(named - set(voters))[:5])}, which are no voters.")
        low = [p for p in (precision_of(self.base_precision, voter) for voter in voters) if p <= 1 / k]
        if low:
            raise VoteError(f"base_precision {low[0]} is not above chance, 1/{k}.")
        if not isinstance(self.dependence, bool) and set(self.dependence) != set(voters):
            odd = sorted(set(self.dependence) ^ set(voters))
            raise VoteError(f"dependence weights and voters differ: {', '.join(odd[:5])}.")

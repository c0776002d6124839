"""The default label model: prior-centred MAP-EM over distinct patterns of set-valued votes.

Each voter j is a confusion table theta[j, s, y], the probability that it emits symbol s when the true
label is y (Dawid & Skene 1979), where a symbol stands for a set of labels (partial labels: Yu, Ding &
Bach 2022). The tables are pulled towards a prior centre in which every vote is right with a base
precision, by a strength that grows with the number of items: a coarsened posterior (Miller & Dunson
2019), because free EM drifts away from the truth on labeling functions that are not independent. Voters
that say the same beyond what the label explains count less. Items without votes change nothing.

With gold, the centre moves to what gold says of each voter, and abstaining counts a little. An item that
leaves several labels counts for each of them as much as its votes speak for it: EM on the gold items alone, before
any other is looked at. Items of a known design give the label probabilities too, each weighed by how many items it
stands for, and one temperature fits the probabilities to them (a set's likelihood is its mass).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from retrolabel.errors import VoteError
from retrolabel.label_models import calibration, em
from retrolabel.label_models.dependence import dependence, weights
from retrolabel.label_models.features import Features
from retrolabel.label_models.fitted import BASE_PRECISION, FittedLabelModel, precision_of
from retrolabel.label_models.gold import KnownGold, gold_prior
from retrolabel.label_models.sampling import fitted_patterns
from retrolabel.label_models.ties import Ties, never_told_apart
from retrolabel.votes import Patterns

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt

    from retrolabel.label_models.gold import Gold
    from retrolabel.votes import VoteMatrix

NUMERICS = 3
"""Raised whenever the same votes and settings give other probabilities."""
PRIOR_ITEMS = 5.0
GOLD_PRIOR_ITEMS = 20.0
GOLD_SHRINKAGE = 10.0
GOLD_SILENCE = 0.3
MOST_FEATURES = 1500
"""Above so many (voter, label set) pairs nobody looks for dependence: they are people, with few votes each."""
GOLD_ROUNDS = 50
GOLD_TOLERANCE = 1e-9
"""EM on gold items that leave several labels stops when their shares move less than this."""
ROUNDING = 1e-6
"""How far written probabilities may be from a sum of 1."""


@dataclass(frozen=True, kw_only=True)
class LabelModel:
    """Learns how far each voter can be trusted: from the votes alone, or with a little gold.

    Args:
        base_precision: How often a vote is right before anything is learned, above 1/k: of every voter, or
            voter -> precision, with 0.75 for those left out.
        shrinkage: How strongly what is learned is held to that (rho; the strength is 5 + rho n times the
            label's prior).
        class_prior: k probabilities of the labels; if left out, estimated from gold where there is
            some, else those of ``without_gold``.
        without_gold: k probabilities of the labels where there is no gold; uniform if left out.
        dependence: Whether voters that repeat each other count less; or how much each counts, as
            voter -> weight from 0 to 1.
        ranks: The places of ordered labels: a vote then speaks for its neighbours too.
        at_prior: Whether a vote for a rare label is right with the base precision as well, and so says
            more; else every vote multiplies the odds of its label by the same.
        tied: Voters that could not tell labels apart which their votes never tell apart: people who labelled
            under an older version. Not for labeling functions: they find one part of a label more often.
        max_iter: EM iterations at most; 0 keeps the prior centre.
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
        known = replace(known, patterns=_voters_by_name(known.patterns))
        patterns = _voters_by_name(fitted_patterns(votes, seed=self.seed))
        return _fit(patterns, self, prior, known).with_voters(votes.voters)

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


def _voters_by_name(patterns: Patterns) -> Patterns:
    """Return patterns with the voters by name, so that no order changes the last bit of what is learned."""
    columns = np.argsort(np.array(patterns.voters, dtype=object))
    codes = np.ascontiguousarray(patterns.codes[:, columns])
    voters = tuple(patterns.voters[column] for column in columns)
    return Patterns(codes, patterns.counts, patterns.labels, patterns.symbols, voters)


def _fit(patterns: Patterns, model: LabelModel, prior: npt.NDArray[np.float64], known: KnownGold) -> FittedLabelModel:
    counts = patterns.counts
    items = float(counts.sum())
    features = Features.of(patterns.codes)
    lift = _lift(patterns, features, model, prior)
    ties = None
    if model.tied:
        tied = [place for place, voter in enumerate(patterns.voters) if voter in model.tied]
        ties = Ties.of(features, never_told_apart(features, lift, tied))
    with_gold = len(known) > 0
    if with_gold:
        prior, about = _by_gold(patterns, features, model, prior, known, ties)
    else:
        about = em.centre(features, counts, lift)
    found = np.zeros((features.voters, features.voters))
    if model.dependence is True and len(features.voter) <= MOST_FEATURES:
        found = dependence(features, counts, _told_apart(features, patterns.membership))
    weight = weights(found)
    if not isinstance(model.dependence, bool):
        weight = np.array([model.dependence[voter] for voter in patterns.voters])
    shrinkage = model.shrinkage * (GOLD_SHRINKAGE if with_gold else 1.0)
    strength = PRIOR_ITEMS + shrinkage * items * prior  # a label that is split in parts is held as it was
    weighing = em.Weighing(prior, weight, GOLD_SILENCE if with_gold else 0.0)
    theta, iterations, change = about, 0, 0.0
    posterior = weighing.posterior(features, theta)
    for iterations in range(1, model.max_iter + 1):  # noqa: B007 - how many it took is kept
        theta = em.updated(features, counts, posterior, about, strength, ties)
        moved = weighing.posterior(features, theta)
        change = em.moved(moved, posterior, counts)
        posterior = moved
        if change < model.tol:
            break
    fitted = FittedLabelModel(
        patterns.labels,
        patterns.voters,
        prior,
        {
            (patterns.voters[voter], patterns.symbols[code - 1]): theta[row]
            for row, (voter, code) in enumerate(zip(features.voter, features.code, strict=True))
        },
        model.base_precision,
        iterations,
        converged=model.max_iter == 0 or change < model.tol or not items,
        items=items,
        weights=weight,
        silence=weighing.silence,
        ranks=model.ranks,
        at_prior=model.at_prior,
        shared=_named(found, patterns.voters),
    )
    if not with_gold:
        return fitted
    said = fitted.predict_proba(known.patterns)[known.where]
    return fitted.warmed(calibration.temperature(said, known.possible, np.where(known.covered, known.weights, 0.0)))


def _lift(
    patterns: Patterns, features: Features, model: LabelModel, prior: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return how much each feature speaks for each label before anything is learned, float [F, k]."""
    precisions = np.array([precision_of(model.base_precision, voter) for voter in patterns.voters])
    lift = np.empty((len(features.code), len(prior)))
    for precision in np.unique(precisions):
        table = em.lifts(patterns.membership, float(precision), model.ranks, prior if model.at_prior else None)
        table = table / (table @ prior)[:, None]  # so that a vote for a rare label stays a sign of it
        mine = precisions[features.voter] == precision
        lift[mine] = table[features.code[mine]]
    return lift


def _by_gold(  # noqa: PLR0913 - what is fitted, and what is known
    patterns: Patterns,
    features: Features,
    model: LabelModel,
    prior: npt.NDArray[np.float64],
    known: KnownGold,
    ties: Ties | None,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the label probabilities and the centre that gold speaks for.

    Items that leave several labels are shared among them: at first as probable as these are without gold, then by
    what the centre makes of their votes, until the shares rest. Where all leave one label there is nothing to share.
    """
    shows = _shown(features, known)
    moves = model.class_prior is None and bool(known.weights.any())
    before = prior if model.without_gold is not None else None
    shared, about = known.shared(prior), np.zeros((0, 0))
    for _ in range(GOLD_ROUNDS):
        if moves:
            prior = gold_prior((known.weights[:, None] * shared).sum(axis=0), before)
        centre = em.centre(features, patterns.counts, _lift(patterns, features, model, prior))
        about = _gold_centre(known, shared, shows, centre, ties)
        said = np.log(prior) + shows @ np.log(about)
        again = known.shared(np.maximum(em.normalised(said), em.TINY))
        moved = float(np.abs(again - shared).max(initial=0.0))
        shared = again
        if moved < GOLD_TOLERANCE:
            break
    return prior, about


def _shown(features: Features, known: KnownGold) -> sparse.csr_matrix:
    """Return which features each cell of gold shows, as 0 or 1, C x F; one that no item shows is left out."""
    place = np.full((features.voters, int(known.patterns.codes.max(initial=0)) + 1), -1)
    there = features.code < place.shape[1]
    place[features.voter[there], features.code[there]] = np.flatnonzero(there)
    at = np.where(known.patterns.codes > 0, place[np.arange(features.voters), known.patterns.codes], -1)[known.where]
    rows, columns = np.nonzero(at >= 0)
    cells = (np.ones(len(rows)), (rows, at[rows, columns]))
    return sparse.csr_matrix(cells, shape=(len(known), len(features.code)))


def _told_apart(features: Features, membership: npt.NDArray[np.bool_]) -> int:
    """Return how many labels the votes can tell from each other: parts of a split that nobody knows are one."""
    shown = membership[np.flatnonzero(np.bincount(features.code))]
    return len({column.tobytes() for column in shown.T})


def _gold_centre(
    known: KnownGold,
    shared: npt.NDArray[np.float64],
    shows: sparse.csr_matrix,
    about: npt.NDArray[np.float64],
    ties: Ties | None,
) -> npt.NDArray[np.float64]:
    """Return C1 = (N_gold + 20 C) / (N_y_gold + 20): the centre, moved to what covered gold says."""
    counted = np.where(known.covered, known.counts, 0.0)[:, None] * shared
    found = np.asarray(shows.T @ counted)
    among = counted.sum(axis=0) + GOLD_PRIOR_ITEMS
    return em.shares(found + GOLD_PRIOR_ITEMS * about, among, ties)


def _named(found: npt.NDArray[np.float64], voters: Sequence[str]) -> dict[tuple[str, str], float]:
    rows, columns = np.nonzero(np.triu(found))
    return {(voters[int(i)], voters[int(j)]): float(found[i, j]) for i, j in zip(rows, columns, strict=True)}

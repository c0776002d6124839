"""How the default label model is fitted: ground, gold, EM, design effect, temperature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy import sparse

from retrolabel.label_models import calibration, em
from retrolabel.label_models.dependence import weights
from retrolabel.label_models.design_effect import error_correlation
from retrolabel.label_models.features import Features
from retrolabel.label_models.fitted import FittedLabelModel, precision_of
from retrolabel.label_models.gold import gold_prior
from retrolabel.label_models.ground import Ground, ground
from retrolabel.label_models.ties import Ties, never_told_apart
from retrolabel.votes import Patterns

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt

    from retrolabel.label_models.gold import KnownGold
    from retrolabel.label_models.protocol import Probabilities

    Array = npt.NDArray[np.float64]

PRIOR_VOTES = 5.0
"""What is assumed of a voter is worth so many of its votes, at least."""
PRIOR_ITEMS = 5.0
UNSURE = 3.0
"""How much the label probabilities are held to where votes leave much open."""
GOLD_PRIOR_ITEMS = 20.0
GOLD_OF_STRENGTH = 0.5
"""A strength with the variance v is worth so many gold items over v."""
GOLD_SHRINKAGE = 10.0
GOLD_SILENCE = 0.3
GOLD_ROUNDS = 50
GOLD_TOLERANCE = 1e-9
SETTLED = 1e-9
"""EM on gold items that leave several labels stops when their shares move less than this."""


class Settings(Protocol):
    """What fitting reads of a label model's settings."""

    @property
    def base_precision(self) -> float | Mapping[str, float]:
        """How often a vote is right before anything is learned."""

    @property
    def shrinkage(self) -> float:
        """How strongly what is learned is held to that."""

    @property
    def class_prior(self) -> Sequence[float] | None:
        """The label probabilities, where given."""

    @property
    def without_gold(self) -> Sequence[float] | None:
        """Those assumed without gold."""

    @property
    def dependence(self) -> bool | Mapping[str, float]:
        """Whether voters that repeat each other count less; or how much each counts."""

    @property
    def ranks(self) -> Sequence[float] | None:
        """The places of ordered labels."""

    @property
    def at_prior(self) -> bool:
        """Whether every vote for a rare label says more."""

    @property
    def tied(self) -> Collection[str]:
        """Voters that could not tell labels apart."""

    @property
    def max_iter(self) -> int:
        """EM iterations at most."""

    @property
    def tol(self) -> float:
        """When EM stops."""


def fit(patterns: Patterns, model: Settings, prior: Array, known: KnownGold) -> FittedLabelModel:
    """Return the fitted model, its voters by name.

    Args:
        patterns: What is fitted.
        model: The settings, checked.
        prior: float [k]: the label probabilities without gold.
        known: Gold, if any.
    """
    patterns, known = _voters_by_name(patterns), replace(known, patterns=_voters_by_name(known.patterns))
    features, counts, with_gold = Features.of(patterns.codes), patterns.counts, len(known) > 0
    free = with_gold and model.class_prior is None
    assumed, unvoted = prior, prior
    if free:
        prior = _gold_prior(known, known.shared(prior), model, known.covered)
    moves = free and bool(known.weights[known.covered].any())
    about = _ground(patterns, features, model, prior, told=moves or model.class_prior is not None)
    weight, shared = _counted(model, patterns.voters, about)
    ties = _ties(patterns.voters, model, about)
    if with_gold:
        first = about.prior if moves or not free else fit(patterns, model, assumed, known.nothing()).prior
        begun, unvoted = _by_gold(about, known, first, assumed, model if free else None, ties)
    elif model.max_iter == 0:
        begun = _Begun(prior, about.start, about.start)
    else:
        centre = about.centre(about.prior)
        begun = _Begun(about.prior, centre, centre if about.told else about.begin())
    faint = about.faint()
    weighing = em.Weighing(begun.prior, weight, GOLD_SILENCE if with_gold else 0.0, faint)
    # A vote speaks for neighbouring ranks too, so the posterior's shares are flatter than those of the labels.
    learns = not with_gold and model.class_prior is None and _ranks(model, len(prior)) is None
    done = _em(about, counts, model, begun, weighing, ties, learns=learns, times=GOLD_SHRINKAGE if with_gold else 1.0)
    votes = [
        (patterns.voters[voter], patterns.symbols[code - 1])
        for voter, code in zip(features.voter, features.code, strict=True)
    ]
    fitted = FittedLabelModel(
        patterns.labels,
        patterns.voters,
        done.weighing.prior,
        dict(zip(votes, done.theta, strict=True)),
        model.base_precision,
        done.iterations,
        converged=done.converged,
        items=float(counts.sum()),
        weights=weight,
        silence=weighing.silence,
        ranks=model.ranks,
        at_prior=model.at_prior,
        shared=_named(shared, patterns.voters),
        faint={vote: float(part) for vote, part in zip(votes, faint, strict=True) if part != 1.0},
        error_correlation=_errors_together(patterns, about, begun, weighing, done),
        unvoted=unvoted,
    )
    if not with_gold:
        return fitted
    said = fitted.predict_proba(known.patterns)[known.where]
    return fitted.warmed(calibration.temperature(said, known.possible, np.where(known.covered, known.weights, 0.0)))


@dataclass(frozen=True, eq=False)
class _Begun:
    """Where EM begins: the label probabilities, the tables that it is held to, and the first ones."""

    prior: Array
    centre: Array
    first: Array


@dataclass(frozen=True, eq=False)
class _Done:
    """Where EM ended."""

    theta: Array
    weighing: em.Weighing
    iterations: int
    converged: bool


def _ground(patterns: Patterns, features: Features, model: Settings, prior: Array, *, told: bool) -> Ground:
    given = model.base_precision if isinstance(model.base_precision, Mapping) else {}
    return ground(
        features,
        patterns.counts,
        patterns.membership,
        prior,
        told=told,
        base=np.array([precision_of(model.base_precision, voter) for voter in patterns.voters]),
        raised=np.array([voter not in given for voter in patterns.voters], dtype=np.bool_),
        ranks=_ranks(model, len(prior)),
        at_prior=model.at_prior,
    )


def _ranks(model: Settings, labels: int) -> Sequence[float] | None:
    """Return the places of ordered labels; between two labels they say nothing."""
    return model.ranks if labels > 2 else None  # noqa: PLR2004 - two


def _counted(model: Settings, voters: Sequence[str], about: Ground) -> tuple[Array, Array]:
    """Return how much each voter counts, float [m], and what voters share, float [m, m]."""
    shared = about.compared.shared if model.dependence is True else np.zeros((len(voters), len(voters)))
    if isinstance(model.dependence, Mapping):
        return np.array([model.dependence[voter] for voter in voters]), shared
    return weights(shared), shared


def _ties(voters: Sequence[str], model: Settings, about: Ground) -> Ties | None:
    if not model.tied:
        return None
    tied = [place for place, voter in enumerate(voters) if voter in model.tied]
    return Ties.of(about.features, never_told_apart(about.features, about.lift[:, about.group], tied))


def _em(  # noqa: PLR0913 - what is fitted and how
    about: Ground,
    counts: Array,
    model: Settings,
    begun: _Begun,
    weighing: em.Weighing,
    ties: Ties | None,
    *,
    learns: bool,
    times: float,
) -> _Done:
    """Run EM from the first tables; the label probabilities move where ``learns``."""
    features, items = about.features, float(counts.sum())
    theta, iterations, change = begun.first, 0, 0.0
    posterior = weighing.posterior(features, theta)
    held = PRIOR_ITEMS + UNSURE * items * _open(posterior, counts, about.group)
    coverage = np.maximum(features.by_voter(about.share[:, None])[features.voter, 0], em.TINY)
    part = begun.prior / np.bincount(about.group, begun.prior)[about.group]  # of what votes take for one label
    strength = PRIOR_VOTES / coverage[:, None] * part + model.shrinkage * times * items * begun.prior
    for iterations in range(1, model.max_iter + 1):  # noqa: B007 - how many it took is kept
        if learns:
            mass = (counts[:, None] * posterior).sum(axis=0)
            mass = mass if ties is None else ties.divided(mass, begun.prior)
            weighing = replace(weighing, prior=(mass + held * begun.prior) / (items + held))
        theta = em.updated(features, counts, posterior, begun.centre, strength, ties)
        moved = weighing.posterior(features, theta)
        change = em.moved(moved, posterior, counts)
        posterior = moved
        if change < model.tol:
            break
    return _Done(theta, weighing, iterations, model.max_iter == 0 or change < model.tol or not items)


def _open(posterior: Probabilities, counts: Array, group: npt.NDArray[np.int64]) -> float:
    """Return how much the votes leave open for each part that they settle: 0 where all is sure, without bound above.

    Args:
        posterior: float [U, k].
        counts: float [U].
        group: int [k]: labels that no vote tells apart are one.
    """
    k = int(group.max()) + 1
    if k < len(group):
        posterior = posterior @ (group[:, None] == np.arange(k))
    sure = (k * (posterior**2).sum(axis=1) - 1) / (k - 1)
    settled = float((counts * sure).sum()) / max(float(counts.sum()), 1.0)
    return (1 - settled) / max(settled, SETTLED)


def _errors_together(patterns: Patterns, about: Ground, begun: _Begun, weighing: em.Weighing, done: _Done) -> float:
    """Return the correlation of errors within items, as from the first tables and as from the last."""
    if not done.iterations:
        return 0.0
    sides = []
    for each, theta in ((done.weighing, done.theta), (weighing, begun.first)):
        voted, silent = each.terms(about.features, theta)
        sides.append((voted, np.log(each.prior) + silent))
    return error_correlation(about.features, patterns.counts, patterns.membership, weighing.weights, sides)


def _by_gold(  # noqa: PLR0913 - what is known, with gold and without
    about: Ground, known: KnownGold, prior: Array, assumed: Array, model: Settings | None, ties: Ties | None
) -> tuple[_Begun, Array]:
    """Return where EM begins, as gold speaks for, and the label probabilities of items without a vote.

    Items that leave several labels are shared among them: at first as probable as these are without gold, then by
    what the centre makes of their votes, until the shares rest. Where all leave one label there is nothing to share.

    Args:
        about: What is known without gold.
        known: Gold.
        prior: float [k]: the label probabilities of items with a vote, where gold does not move them.
        assumed: float [k]: the label probabilities without gold.
        model: The settings, where gold may move the label probabilities.
        ties: Which labels which voter cannot tell apart.
    """
    shows, covered = _shown(about.features, known), known.covered
    unvoted = assumed
    moves = model is not None and bool(known.weights[covered].any())
    shared, centre = known.shared(prior), np.zeros((0, 0))
    for _ in range(GOLD_ROUNDS):
        if model is not None:
            prior = _gold_prior(known, shared, model, covered) if moves else prior
            unvoted = _gold_prior(known, shared, model, ~covered)
        centre = _gold_centre(known, shared, shows, about, prior, ties)
        said = np.log(np.where(covered[:, None], prior, unvoted)) + shows @ np.log(centre)
        again = known.shared(np.maximum(em.normalised(said), em.TINY))
        moved = float(np.abs(again - shared).max(initial=0.0))
        shared = again
        if moved < GOLD_TOLERANCE:
            break
    return _Begun(prior, centre, centre), unvoted


def _gold_prior(known: KnownGold, shared: Array, model: Settings, where: npt.NDArray[np.bool_]) -> Array:
    """Return the label probabilities of gold of a known design, over some of its cells.

    Items with a vote are others than items without: LFs look for some labels, and find them.
    """
    before = np.asarray(model.without_gold) if model.without_gold is not None else None
    return gold_prior((known.weights[:, None] * shared)[where].sum(axis=0), before)


def _gold_centre(  # noqa: PLR0913 - what is known
    known: KnownGold,
    shared: Array,
    shows: sparse.csr_matrix,
    about: Ground,
    prior: Array,
    ties: Ties | None,
) -> Array:
    """Return C1 = (N_gold + g C) / (N_y_gold + g): the centre, moved to what covered gold says.

    Without gold a voter is worth g = 20 items; one whose strength others tell, as many more as that is sure.
    """
    counted = np.where(known.covered, known.counts, 0.0)[:, None] * shared
    compared = about.compared
    worth = GOLD_PRIOR_ITEMS + np.where(compared.believed > 0, GOLD_OF_STRENGTH / compared.error, 0.0)
    each = worth[about.features.voter][:, None]
    found = np.asarray(shows.T @ counted)
    return em.shares(found + each * about.centre(prior), counted.sum(axis=0) + each, ties)


def _shown(features: Features, known: KnownGold) -> sparse.csr_matrix:
    """Return which features each cell of gold shows, as 0 or 1, C x F; one that no item shows is left out."""
    place = np.full((features.voters, int(known.patterns.codes.max(initial=0)) + 1), -1)
    there = features.code < place.shape[1]
    place[features.voter[there], features.code[there]] = np.flatnonzero(there)
    at = np.where(known.patterns.codes > 0, place[np.arange(features.voters), known.patterns.codes], -1)[known.where]
    rows, columns = np.nonzero(at >= 0)
    cells = (np.ones(len(rows)), (rows, at[rows, columns]))
    return sparse.csr_matrix(cells, shape=(len(known), len(features.code)))


def _voters_by_name(patterns: Patterns) -> Patterns:
    """Return patterns with the voters by name, so that no order changes the last bit of what is learned."""
    columns = np.argsort(np.array(patterns.voters, dtype=object))
    codes = np.ascontiguousarray(patterns.codes[:, columns])
    voters = tuple(patterns.voters[column] for column in columns)
    return Patterns(codes, patterns.counts, patterns.labels, patterns.symbols, voters)


def _named(found: Array, voters: Sequence[str]) -> dict[tuple[str, str], float]:
    rows, columns = np.nonzero(np.triu(found))
    return {(voters[int(i)], voters[int(j)]): float(found[i, j]) for i, j in zip(rows, columns, strict=True)}

"""What the label model starts from and is held to: label probabilities, confusion tables, and what each voter counts.

Three things are found in the votes before EM. How frequent labels are, where several voters say several of them. How
strong each voter is, where enough others can be compared with it. And which voters repeat each other. What is known
moves the tables that EM is held to; what is not leaves them at the base precision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.label_models import em, margins
from retrolabel.label_models.balance import balanced
from retrolabel.label_models.correlations import Correlations
from retrolabel.label_models.dependence import Compared, above_chance, compare, is_a_crowd, threads

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from retrolabel.label_models.features import Features

    Array = npt.NDArray[np.float64]

MOST_FEATURES = 1500
"""Above so many (voter, label set) pairs nobody is compared: they are people, with few votes each."""
ONE_SET = 4 / 3
"""A voter with one label set is written to find it, and so right with odds that are a third higher: 0.8 for 0.75."""
CONSTANT = 0.97
ITEMS = 5.0
OF_CONSTANTS = 0.5


@dataclass(frozen=True, eq=False)
class Ground:
    """What is assumed of voters, and found in their votes without EM.

    Attributes:
        features: F features of m voters.
        share: float [F]: the share of the items that show each.
        start: float [F, k]: the tables before anything is learned.
        group: int [k]: the group of each label, of g; no vote tells the labels of a group apart.
        members: bool [F, g]: the groups that each feature leaves.
        lift: float [F, g]: how much each speaks for each group at the base precision.
        constant: bool [F]: whether the voter always says it.
        base: float [m]: how often each voter's vote is right where EM begins.
        ranks: The places of ordered labels.
        rare: bool [F]: whether a vote for a rare label says more.
        prior: float [k]: the label probabilities.
        told: Whether these are known, and not only assumed.
        compared: What the comparison of voters says.
    """

    features: Features
    share: Array
    start: Array
    group: npt.NDArray[np.int64]
    members: npt.NDArray[np.bool_]
    lift: Array
    constant: npt.NDArray[np.bool_]
    base: Array
    ranks: Sequence[float] | None
    rare: npt.NDArray[np.bool_]
    prior: Array
    told: bool
    compared: Compared

    def centre(self, prior: Array) -> Array:
        """Return the tables that EM is held to at some label probabilities, float [F, k].

        Where these are known the margins are met, but not by a voter that nobody else votes beside: how often it votes
        among the items that it chose to vote on says nothing.
        """
        of_groups = _summed(self.group, prior)
        precisions = self.compared.precisions(self.base, len(of_groups), self.ranks)[self.features.voter]
        lift = _lift(self.members, precisions, self.ranks, of_groups, self.rare)
        if self.told:
            lift[self.constant] = 1.0
            made = margins.fitted(self.features, self.share, lift, of_groups)
            lone = (self.share >= CONSTANT) & ~self.constant
            made = np.where(lone[:, None], self.share[:, None] * self.lift, made)
        else:
            made = self.share[:, None] * lift
        return em.held(self.features, made)[:, self.group]

    def begin(self) -> Array:
        """Return the tables that EM begins with, float [F, k]: the start, where labels never told apart are one."""
        return em.start(self.features, self.share, self.lift)[:, self.group]

    def faint(self) -> Array:
        """Return how much of its voter's weight each feature has, float [F].

        The share of a voter that always says the same is near 1 whatever the label, and so are all its entries: that is
        no evidence. Several of them are copies, which no correlation shows. It still breaks a tie.
        """
        found = np.ones(len(self.share))
        codes = self.features.code[self.constant]
        found[self.constant] = OF_CONSTANTS / np.bincount(codes)[codes]
        return found


def ground(  # noqa: PLR0913 - what is assumed, by name
    features: Features,
    counts: Array,
    membership: npt.NDArray[np.bool_],
    prior: Array,
    *,
    told: bool,
    base: Array,
    raised: npt.NDArray[np.bool_],
    ranks: Sequence[float] | None,
    at_prior: bool,
) -> Ground:
    """Return what is known before EM.

    Args:
        features: The features.
        counts: float [U].
        membership: bool [S + 1, k].
        prior: float [k]: the label probabilities, assumed or known.
        told: Whether they are known.
        base: float [m]: the base precisions.
        raised: bool [m]: of which voters it may be raised where they say one label set alone.
        ranks: The places of ordered labels.
        at_prior: Whether every vote for a rare label says more.
    """
    items = float(counts.sum())
    share = em.shown(features, counts)
    members, group = _told_apart(membership[features.code], ranks)
    constant = _constant(features, counts)
    every = np.full(len(share), at_prior)
    start = em.start(features, share, _lift(membership[features.code], base[features.voter], ranks, prior, every))
    base = _of_groups(base, len(prior), members.shape[1])
    lift = _lift(members, base[features.voter], ranks, _summed(group, prior), every)
    odds = base / (1 - base) * np.where((features.sets == 1) & raised, ONE_SET, 1.0)
    base = odds / (1 + odds)
    compared = Compared.nothing(features.voters)
    few = 1 < len(features.voter) <= MOST_FEATURES and items > 1 and not is_a_crowd(features, counts)
    correlations = Correlations.of(features, counts) if few else None
    assumed = _summed(group, prior)
    if correlations is not None and not told and ranks is None:  # among ordered labels errors are not all alike
        found = balanced(correlations, members, ~constant, assumed)
        if found is not None:
            prior, told = prior * (found / assumed)[group], True
    rare = np.asarray(~features.several & told) | at_prior
    if correlations is not None:
        known = _summed(group, prior)
        again = np.where(constant[:, None], 1.0, _lift(members, base[features.voter], ranks, known, rare))
        with threads().limit(limits=1, user_api="blas"):  # on two, the last bits differ
            expected = correlations.expected(margins.fitted(features, share, again, known), known)
            compared = compare(correlations, expected, base, len(known), ranks)
    return Ground(features, share, start, group, members, lift, constant, base, ranks, rare, prior, told, compared)


def _summed(group: npt.NDArray[np.int64], values: Array) -> Array:
    """Return the sum over each group of labels, float [g]."""
    return np.asarray(np.bincount(group, values), dtype=np.float64)


def _of_groups(base: Array, labels: int, groups: int) -> Array:
    """Return base precisions over groups of labels: as they are, or as far above chance where they would be below."""
    moved = (1 + (groups - 1) * above_chance(base, labels)) / groups
    return np.where(base * groups > 1, base, moved)


def _told_apart(
    members: npt.NDArray[np.bool_], ranks: Sequence[float] | None
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Return the labels as votes tell them apart: bool [F, g], and int [k], the group of each label.

    The parts of a label that was split, and that no vote names, are one label to a comparison of voters. Ranks tell
    all labels apart.
    """
    k = members.shape[1]
    if ranks is not None or not len(members):
        return members, np.arange(k)
    apart, first, group = np.unique(members, axis=1, return_index=True, return_inverse=True)
    order = np.argsort(first)  # in the order of the labels
    return (apart[:, order], np.argsort(order)[group.ravel()]) if len(order) > 1 else (members, np.arange(k))


def _constant(features: Features, counts: Array) -> npt.NDArray[np.bool_]:
    """Return which features their voter shows on all items on which others vote, bool [F].

    A voter that votes alone says the same on all items that it covers, and may still be right.
    """
    items = float(counts.sum())
    votes = features.of_patterns(np.ones((len(features.voter), 1)))[:, 0]
    alone = features.of_features(counts * (votes == 1))
    beside = items - features.by_voter(alone[:, None])[features.voter, 0]
    return np.asarray(features.of_features(counts) - alone >= CONSTANT * (beside + ITEMS))


def _lift(
    members: npt.NDArray[np.bool_],
    precisions: Array,
    ranks: Sequence[float] | None,
    prior: Array,
    rare: npt.NDArray[np.bool_],
) -> Array:
    """Return how much each feature speaks for each label, float [F, k]; 1 on average over the label probabilities."""
    found = em.lifts(members, precisions, ranks)
    if rare.any():
        found = np.where(rare[:, None], em.lifts(members, precisions, ranks, prior), found)
    return np.asarray(found / (found @ prior)[:, None])

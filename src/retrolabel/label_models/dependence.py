"""Voters that say the same for the same reason: found by what they share beyond the label, and counted less."""

from __future__ import annotations

import math
from functools import cache
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import ThreadpoolController

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.features import Features

    Matrix = npt.NDArray[np.float64]

LOWEST = 0.15
"""Below this a residual correlation is taken for chance."""
ROUNDS = 50
SETTLED = 1e-5
TIED = 1e-6
ROUNDING = 1e-9
LEAST_SPREAD = 1e-12
PURGES = 8
FEW = 0.1
"""The share of the items below which a voter votes on few."""
MOST_EXPLAINED = 0.9
COPIES = 0.9


def dependence(features: Features, counts: npt.NDArray[np.float64], labels: int) -> npt.NDArray[np.float64]:
    """Return d[i, j], float [m, m]: how much two voters share that the label does not explain; 0 where little.

    The label explains a part of rank k - 1 of the correlations between votes of different voters; it is
    taken out, the blocks within a voter left aside. What is left between votes of one label set is
    dependence; where some is found, that place is left aside too, and the part is looked for again, so
    that copies do not pass for what the label explains.

    Args:
        features: The votes.
        counts: float [U]: the weight of each pattern.
        labels: k.
    """
    voters = features.voters
    found = np.zeros((voters, voters))
    items = float(counts.sum())
    if items <= 1 or len(features.voter) <= 1 or is_a_crowd(features, counts):
        return found
    with _threads().limit(limits=1, user_api="blas"):  # on two, the last bits differ
        return _between(features, counts, items, labels, found)


@cache
def _threads() -> ThreadpoolController:
    """Return the hand on numpy's threads; to find its libraries takes milliseconds."""
    return ThreadpoolController()


def _between(
    features: Features, counts: npt.NDArray[np.float64], items: float, labels: int, found: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    correlation, seen = _correlation(features, counts, items)
    between = features.voter[:, None] != features.voter[None, :]
    alike = between & (features.code[:, None] == features.code[None, :])
    lowest = np.maximum(LOWEST, 4 / np.sqrt(np.maximum(seen, 1.0))) + ROUNDING  # so that rounding decides nothing
    copies = alike & (correlation > np.maximum(COPIES, lowest))
    residual, explained = np.where(copies, correlation, 0.0), np.zeros_like(correlation)
    believed = between & ~_of_pairs(features, residual)
    for _ in range(PURGES):  # what two voters share is not to be taken for what the label explains
        explained = _explained(correlation, believed, labels - 1)
        residual = np.where(alike, correlation - explained, 0.0)
        residual[residual <= lowest] = 0.0
        purged = between & ~_of_pairs(features, residual)
        if (purged == believed).all():
            break
        believed = purged
    left = np.sqrt(1.0 - np.clip(np.diag(explained), 0.0, MOST_EXPLAINED))
    shared = np.minimum(residual / np.outer(left, left), 1.0)
    np.maximum.at(found, (features.voter[:, None], features.voter[None, :]), shared)
    return found


def _of_pairs(features: Features, residual: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return bool [F, F]: whether the two features' voters share anything."""
    one, other = features.voter[:, None], features.voter[None, :]
    pairs = np.zeros((features.voters, features.voters), np.bool_)
    np.logical_or.at(pairs, (one, other), residual > 0)
    return np.asarray(pairs[one, other])


def is_a_crowd(features: Features, counts: npt.NDArray[np.float64]) -> bool:
    """Return whether most voters are people, who give several label sets, each on few of the items.

    They share items because they were given the same ones, and too few to tell more.
    """
    sets = np.bincount(features.voter, minlength=features.voters)
    if median(sets.tolist()) <= 1:
        return False
    seen = np.bincount(features.voter, features.of_features(counts), minlength=features.voters)
    return bool(median(seen.tolist()) < FEW * counts.sum())


def weights(found: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return how much each voter counts, float [m]: 1 / (1 + what it shares with others).

    Example:
        >>> weights(np.array([[0.0, 1.0], [1.0, 0.0]])).tolist()
        [0.5, 0.5]
    """
    return np.asarray(1.0 / (1.0 + found.sum(axis=1)))


def _correlation(
    features: Features, counts: npt.NDArray[np.float64], items: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the correlations between features, and on how many items each is seen; both float [F, F].

    Two people who were given the same items vote on the same items, and that says nothing. So two voters with
    several votes each are compared on the items on which both vote, and what is found counts for the share of
    their votes that lies there. Which items an LF with one vote votes on is all that it says.
    """
    voter = features.voter
    mean = features.of_features(counts) / items
    together = features.together(counts) / items
    spread = np.sqrt(np.maximum(mean - mean**2, LEAST_SPREAD))  # a voter that always says the same tells nothing
    found = (together - np.outer(mean, mean)) / np.outer(spread, spread)
    several = np.bincount(voter, minlength=features.voters) > 1
    people = several[voter][:, None] & several[voter][None, :] & (voter[:, None] != voter[None, :])
    both = np.zeros((features.voters, features.voters))
    np.add.at(both, (voter[:, None], voter[None, :]), together)
    both = both[voter[:, None], voter[None, :]]
    votes_on = np.bincount(voter, mean, minlength=features.voters)[voter]
    share = mean / votes_on
    spread = np.sqrt(np.maximum(share - share**2, LEAST_SPREAD) * votes_on)
    among = (together - both * np.outer(share, share)) / np.outer(spread, spread)
    return np.where(people, among, found), np.where(people, both * items, items)


def _explained(
    correlation: npt.NDArray[np.float64], between: npt.NDArray[np.bool_], rank: int
) -> npt.NDArray[np.float64]:
    """Return the part of a given rank that fits best where ``between`` holds (alternating, from zero).

    The first round takes the largest eigenvectors; each later one turns them a step further (orthogonal iteration:
    Golub & Van Loan 2013, 8.2.4), since what is filled in changes little from round to round.
    """
    rank = min(rank, len(correlation) - 1)
    if rank <= 0:
        return np.zeros_like(correlation)
    known = np.where(between, correlation, 0.0)
    values, vectors = np.linalg.eigh(known)
    size = np.abs(values)
    # Where several are as large, all are taken: which comes first would be chance.
    chosen = np.flatnonzero(size >= np.sort(size)[-rank] * (1 - TIED))
    basis = vectors[:, chosen]
    part = (basis * values[chosen]) @ basis.T
    places = np.flatnonzero(between)
    wanted = correlation.ravel()[places]
    before = _misfit(wanted, part, places)
    turn = _turned if len(chosen) > 1 else _turned_one
    for _ in range(ROUNDS):
        np.putmask(part, between, correlation)  # what is known stands; the rest is filled in
        basis, part = turn(part, basis)
        misfit = _misfit(wanted, part, places)
        if before - misfit < SETTLED * max(misfit, 1.0):
            break
        before = misfit
    return np.asarray((part + part.T) / 2)


def _turned(filled: Matrix, basis: Matrix) -> tuple[Matrix, Matrix]:
    """Return an orthonormal basis, turned a step further, and the part that it spans."""
    basis = np.linalg.qr(filled @ (filled @ basis))[0]
    return basis, basis @ (basis.T @ filled @ basis) @ basis.T


def _turned_one(filled: Matrix, basis: Matrix) -> tuple[Matrix, Matrix]:
    """Do the same for a single column, which needs no factors."""
    column = filled.dot(filled.dot(basis[:, 0]))
    column /= max(math.sqrt(column.dot(column)), LEAST_SPREAD)
    upright = column[:, None]
    return upright, upright * column.dot(filled).dot(column) * column


def _misfit(wanted: npt.NDArray[np.float64], part: npt.NDArray[np.float64], places: npt.NDArray[np.int64]) -> float:
    """Return the sum of the squared differences where something is wanted."""
    off = wanted - part.take(places)
    return float(np.add.reduce(off * off))

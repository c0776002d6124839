"""Marginals of several labels, given that of some groups at least one label holds: exactly, for independent labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrolabel.errors import VoteError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt

    Marginals = npt.NDArray[np.float64]

MOST_GROUPS = 12
"""So many groups that share labels can be conditioned on together: the work doubles with each."""
CELLS = 2**22
"""About so many numbers are held at a time."""
LEAST = 1e-12
"""A label of a group is taken to be at least so probable, so that one of the group can hold."""


def at_least_one(marginals: Marginals, groups: Sequence[Collection[int]]) -> Marginals:
    """Return the marginals of independent labels, given that of each group at least one label holds.

    One group alone gives p / (1 - prod(1 - p)) for its labels. Groups that share labels are taken together:
    a pass forwards and a pass backwards over their labels, with the set of groups that are met as the state
    (Rabiner 1989 has the two passes). No probability is subtracted, so rare labels lose no digits.

    Args:
        marginals: float [n, k]; not changed.
        groups: Sets of places of labels, none of them empty.

    Returns:
        float [n, k]: labels in no group are as they were, the others as probable or more.

    Raises:
        VoteError: A group is empty, or more than 12 groups hang together.

    Example:
        >>> at_least_one(np.array([[0.5, 0.5, 0.1]]), [{0, 1}]).round(3).tolist()
        [[0.667, 0.667, 0.1]]
        >>> at_least_one(np.array([[0.5, 0.5, 0.1]]), [{0, 1}, {1, 2}]).round(3).tolist()
        [[0.524, 0.952, 0.143]]
    """
    found = marginals.copy()
    for together in _connected(groups):
        places = sorted(set().union(*together))
        own = np.clip(marginals[:, places], LEAST, 1.0)
        if len(together) == 1:
            with np.errstate(divide="ignore"):  # a label that is certain makes the group certain
                met = -np.expm1(np.log1p(-own).sum(axis=1, keepdims=True))
            found[:, places] = np.minimum(own / met, 1.0)
        else:
            member = [[place in group for group in together] for place in places]
            block = max(1, CELLS // ((len(places) + 1) << len(together)))
            for start in range(0, len(own), block):
                found[start : start + block, places] = _two_passes(own[start : start + block], member)
    return found


def _connected(groups: Sequence[Collection[int]]) -> list[list[frozenset[int]]]:
    """Return the groups that tell something, those that share labels together; what contains another is implied."""
    distinct = sorted({frozenset(group) for group in groups}, key=lambda group: (len(group), sorted(group)))
    if distinct and not distinct[0]:
        raise VoteError("A group of which at least one label holds cannot be empty.")
    parts: list[list[frozenset[int]]] = []
    for group in distinct:
        if any(other < group for other in distinct):
            continue
        touching = [part for part in parts if any(group & other for other in part)]
        parts = [part for part in parts if part not in touching]
        parts.append([*(other for part in touching for other in part), group])
    largest = max(map(len, parts), default=0)
    if largest > MOST_GROUPS:
        raise VoteError(f"{largest} groups that share labels are more than {MOST_GROUPS}.", remedy="merge some of them")
    return parts


def _two_passes(own: Marginals, member: Sequence[Sequence[bool]]) -> Marginals:
    """Return float [n, u]: each label's marginal, given that all groups are met.

    Args:
        own: float [n, u]: the marginals of the labels of the groups.
        member: [u][g]: whether a label is in a group.
    """
    masks = [sum(1 << place for place, inside in enumerate(row) if inside) for row in member]
    states = np.arange(1 << len(member[0]))
    rows = len(own)
    # after[l][s]: the probability that labels l, l + 1 and so on meet what the state s leaves unmet
    after = [np.zeros((rows, len(states))) for _ in range(len(masks) + 1)]
    after[-1][:, -1] = 1.0
    for place in range(len(masks) - 1, -1, -1):
        p = own[:, [place]]
        after[place] = p * after[place + 1][:, states | masks[place]] + (1 - p) * after[place + 1]
    before = np.zeros((rows, len(states)))
    before[:, 0] = 1.0
    total = after[0][:, 0]
    found = np.empty_like(own)
    for place, mask in enumerate(masks):
        p = own[:, [place]]
        found[:, place] = (before * p * after[place + 1][:, states | mask]).sum(axis=1) / total
        moved = (1 - p) * before
        np.add.at(moved.T, states | mask, (p * before).T)
        before = moved
    return np.minimum(found, 1.0)

"""Which items people should label next: one draw, with the exact probability of each item.

The design is one stratified draw of units (an item, or a cluster of exact duplicates) of a fixed size n. A unit *u* of
*M_u* items in stratum *h* is drawn with the probability

    pi_u  =  c * (core * n * M_u / M  +  (1 - core) * n * w_h * M_u / M_h),    never more than 1

where *M* and *M_h* are the items of all and of the stratum, *w_h* is the share of the stratum in the second part, and
*c* is 1 unless some units reach 1: what is too much for them goes to the others in proportion. So the uniform core
reaches every item, and no probability is 0.

The draw is systematic (Madow 1949): units are laid out by stratum, within it by what else is known of them (month, then
pattern of votes), then by a keyed hash of their ids, each as long as its probability; a start between 0 and 1 comes
from the same key, and each unit is drawn in which start, start + 1, start + 2, ... falls. First-order probabilities are
exactly the stated ones, each stratum gets its expected size, rounded up or down, and so does each month within it; the
sample has exactly n units. Of a cluster one member is drawn, each as likely: an item is drawn with pi_u / M_u, and the
item that was drawn stands for all of its cluster.

The order of rows changes nothing; another key is another draw.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.errors import GoldError
from retrolabel.gold.pricing import half_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

CORE = 0.5
"""The share of a draw that is uniform over all items, unless it is told otherwise."""
START = "\x00start"
SURE = 1 - 1e-12
"""A unit with this probability or more is always drawn."""


@dataclass(frozen=True, eq=False)
class Draw:
    """Items that were drawn, in an order that says nothing of them.

    Attributes:
        places: int [n]: the places of the items.
        probability: float [n]: the probability with which each item was drawn.
        copies: int [n]: how many items each stands for that are exact duplicates, itself included.
        half_width: Half of the 95 % interval of a share of 1/2 of all items, as the design has it.
    """

    places: Ints
    probability: Floats
    copies: Ints
    half_width: float


def keyed(ids: Sequence[str], key: str) -> npt.NDArray[np.uint64]:
    """Return a hash of each id under a key, uint64 [N]: BLAKE2b (RFC 7693), so that no order of rows matters.

    Example:
        >>> one, other = keyed(["a", "b"], "0"), keyed(["b", "a"], "0")
        >>> bool((one == other[::-1]).all()), bool((keyed(["a"], "0") == keyed(["a"], "1")).any())
        (True, False)
    """
    secret = hashlib.sha256(key.encode()).digest()
    found = b"".join(hashlib.blake2b(each.encode(), digest_size=8, key=secret).digest() for each in ids)
    return np.frombuffer(found, dtype="<u8").astype(np.uint64)


def probabilities(strata: Ints, size: int, *, shares: Floats, items: Ints | None = None, core: float = CORE) -> Floats:
    """Return the probability of each unit, float [U]: they add up to ``size``, or to all units where those are fewer.

    Args:
        strata: int [U]: the stratum of each unit.
        size: How many units are wanted.
        shares: float [H]: what each stratum gets of what is not the core; only proportions matter.
        items: int [U]: how many items each unit is; 1 if left out.
        core: The share of the draw that is uniform over items.

    Raises:
        GoldError: There is nothing to draw from, or nothing is wanted.

    Example:
        >>> probabilities(np.array([0, 0, 0, 0, 1]), 2, shares=np.array([1.0, 1.0])).tolist()
        [0.325, 0.325, 0.325, 0.325, 0.7]
    """
    if size < 1 or not len(strata):
        raise GoldError("A draw takes at least one item, from at least one.", remedy="--n 100, of a source with items")
    many = np.ones(len(strata)) if items is None else items.astype(np.float64)
    if size >= len(strata):
        return np.ones(len(strata))
    of_stratum = np.bincount(strata, weights=many, minlength=len(shares))
    weights = np.where(of_stratum > 0, shares, 0.0)
    weights = weights / weights.sum() if weights.sum() > 0 else of_stratum / of_stratum.sum()
    each = core / many.sum() + (1 - core) * weights[strata] / of_stratum[strata]
    wanted = each * many
    found = np.zeros(len(strata))
    sure = np.zeros(len(strata), np.bool_)
    while True:
        left = size - int(sure.sum())
        open_ = wanted[~sure]
        found[~sure] = open_ * (left / open_.sum()) if open_.sum() > 0 else left / len(open_)
        found[sure] = 1.0
        more = ~sure & (found >= SURE)
        if not more.any():
            return found
        sure |= more


def root_shares(strata: Ints, count: int) -> Floats:
    """Return shares by the root of each stratum's size (power allocation, Bankier 1988), float [count]."""
    return np.sqrt(np.bincount(strata, minlength=count).astype(np.float64))


def unsure_shares(strata: Ints, count: int, unsure: Floats) -> Floats:
    """Return shares by how many items a stratum has, times how unsure they are (Neyman 1934), float [count].

    Args:
        strata: int [N]: the stratum of each item.
        count: How many strata there are.
        unsure: float [count]: the standard deviation of what gold will say of an item.

    Example:
        >>> unsure_shares(np.array([0, 0, 0, 1]), 2, np.array([0.1, 0.5])).round(3).tolist()
        [0.3, 0.5]
    """
    return np.bincount(strata, minlength=count) * unsure


def first_come(strata: Ints, count: int, size: float) -> Floats:
    """Return shares that fill the strata one after the other, the lowest first, float [count].

    Example:
        >>> first_come(np.array([0, 0, 1, 1, 1, 2]), 3, 4.0).tolist()
        [2.0, 2.0, 0.0]
    """
    there = np.bincount(strata, minlength=count).astype(np.float64)
    before = np.concatenate([[0.0], np.cumsum(there)[:-1]])
    return np.clip(size - before, 0.0, there)


def draw(  # noqa: PLR0913 - what a design is made of
    ids: Sequence[str],
    strata: Ints,
    size: int,
    *,
    key: str,
    shares: Floats | None = None,
    clusters: Ints | None = None,
    within: Ints | None = None,
    core: float = CORE,
) -> Draw:
    """Draw items by the design of this module.

    Args:
        ids: N ids, each there once.
        strata: int [N]: the stratum of each item; a cluster is in the lowest one of its items.
        size: How many are wanted; fewer come where there are fewer units.
        key: What decides the draw: the seed, and whatever else is to make another draw.
        shares: float [H]: what each stratum gets besides the core; by the root of its size if left out.
        clusters: int [N]: the cluster of each item, 0 to C - 1; each item is its own if left out.
        within: int [N]: the order of items in a stratum; those next to each other are seldom drawn together.
        core: The share of the draw that is uniform.

    Example:
        >>> found = draw([str(n) for n in range(100)], np.zeros(100, np.int64), 10, key="0")
        >>> len(found.places), found.probability.round(6).tolist() == [0.1] * 10
        (10, True)
    """
    hashes = keyed(ids, key)
    by_hash = np.argsort(hashes, kind="stable")  # all that follows is in this order, so that no other one matters
    of = by_hash if clusters is None else clusters[by_hash]
    _, first, cluster, members = np.unique(of, return_index=True, return_inverse=True, return_counts=True)
    by_first = np.argsort(first)
    chosen, members = by_hash[first[by_first]], members[by_first]  # the item with the lowest hash: each as likely
    lowest = np.full(len(members), np.iinfo(np.int64).max)
    np.minimum.at(lowest, np.argsort(by_first)[cluster], strata[by_hash])
    given = root_shares(strata, int(strata.max(initial=0)) + 1) if shares is None else shares
    chance = probabilities(lowest, size, shares=given, items=members, core=core)
    start = float(keyed([START], key)[0] >> np.uint64(11)) * 2.0**-53
    order = np.zeros(len(chosen), np.int64) if within is None else within[chosen]
    units = _systematic(lowest, order, hashes[chosen], chance, start)
    places = chosen[units]
    shown = np.argsort(keyed([ids[each] for each in places.tolist()], f"{key}\x00order"), kind="stable")
    units, places = units[shown], places[shown]
    return Draw(places, chance[units] / members[units], members[units], planned_half_width(chance, members))


def _systematic(strata: Ints, within: Ints, hashes: npt.NDArray[np.uint64], chance: Floats, start: float) -> Ints:
    """Return the units that are drawn, int [n], by stratum, order in it, and hash."""
    order = np.lexsort((hashes, within, strata))
    sure = chance[order] >= SURE
    rest = order[~sure]
    if not len(rest):
        return order
    ends = np.cumsum(chance[rest])
    size = round(float(ends[-1]))
    ends[-1] = size + 1.0  # the last point cannot fall behind the last unit
    hit = np.searchsorted(ends, start + np.arange(size), side="right")
    return np.concatenate([order[sure], rest[hit]])


def planned_half_width(chance: Floats, items: Ints) -> float:
    """Return half of the 95 % interval that a design buys for a share of 1/2 of all items.

    Units that are always drawn are known; the others count as (sum of items)^2 / (sum of items^2 / pi) items that were
    drawn alike (Kish 1965): so many as unequal weights leave of them.

    Args:
        chance: float [U]: the probability of each unit.
        items: int [U]: how many items each is.

    Example:
        >>> round(planned_half_width(np.full(10_000, 0.01), np.ones(10_000, np.int64)), 3)
        0.096
    """
    left = chance < SURE
    population = float(items[left].sum())
    if not population:
        return 0.0
    worth = population**2 / float((items[left].astype(np.float64) ** 2 / chance[left]).sum())
    return half_width(max(1, round(worth)), round(population)) * population / float(items.sum())

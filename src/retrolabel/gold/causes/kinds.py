"""The spec: two labels between which everybody is torn on items of one kind, which a shallow tree finds.

How much each item is split between the two labels is what the tree explains, by conditions on the items. Items are
compared with items that mostly got the same label, so that a label which is hard everywhere is no kind. The whole
search, screening and tree, is done again with the splits dealt out anew among those items: only a kind that is more
surprising than the best of these is told. What share of the disagreement it makes up is measured on items that the rule
was not found on.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from retrolabel.gold.causes.panel import interval, item_weights, resampled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.gold.causes.cause import Rule
    from retrolabel.gold.causes.panel import Flags, Floats, Ints, Panel

    Places: TypeAlias = tuple[tuple[tuple[int, ...], bool], ...]
    """A rule whose conditions are places."""

DEALS = 999
ENOUGH_DEALS = 12
"""So many deals that reach as much end the search: the kind is one of chance."""
SCREENED = 24
"""Conditions that the tree chooses from: the most surprising ones by themselves."""
MOST_WORDS = 6
"""Conditions of which any makes a kind: one thing is said in several ways."""
WORTH = 1.15
"""What a second condition that holds as well has to add to the surprise, in this ratio;"""
WORTH_A_WORD = 2.5
"""and how surprising the items are that another one of which any holds adds, in standard deviations."""
DEPTH = 2
FEWEST_ITEMS = 8
FEWEST_MORE = 4
"""Items that a further condition adds at least."""
FEWEST_SPLIT = 8
"""Items that are split between two labels, for the two to be looked at."""
MOST_PAIRS = 4
FOLDS = 5
MOST_OF_ALL = 0.7
"""A kind is at most such a share of the items that could be one of both labels."""
_TWO = 2


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """Items of one kind, on which people are torn between two labels.

    Attributes:
        labels: The places of the two.
        rule: The conditions that all hold: of each the names, of which any has to be met, and whether it is met or not.
        here: bool [n]: the items of the kind.
        split: bool [n]: those that are split between the two, of the kind or not.
        p: In which share of deals chance finds a kind as surprising, for any of the pairs that were looked at.
    """

    labels: tuple[int, int]
    rule: Rule
    here: Flags
    split: Flags
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class _Base:
    """The items that could be one of two labels.

    ``left`` is how much each is split, less the mean of the items that mostly got the same label; ``spread`` the
    standard deviation of its sum over the items of each condition, if it were dealt out anew, float [F].
    """

    labels: tuple[int, int]
    items: Ints
    strata: Ints
    torn: Floats
    left: Floats
    table: Floats
    spread: Floats

    @classmethod
    def of(cls, labels: tuple[int, int], items: Ints, strata: Ints, torn: Floats, table: Floats) -> _Base:
        left = torn - _means(torn, strata)[strata]
        return cls(labels, items, strata, torn, left, table, _spread(left, strata, table))


def find_kinds(
    panel: Panel, conditions: Mapping[str, Flags], *, camps: Ints | None = None, deals: int = DEALS, seed: int = 0
) -> tuple[Kind, ...]:
    """Return for each pair of labels, between which items are split, the most surprising kind of item.

    Args:
        panel: The answers.
        conditions: Name -> bool [n]: the items that meet a condition.
        camps: int [P]: only pairs of people within a camp count; None where there are none.
        deals: How often splits are dealt out anew.
        seed: Another seed deals in another way.
    """
    names = list(conditions)
    table = np.array([conditions[name] for name in names], float).reshape(len(names), len(panel.items))
    pairs = pairs_of(panel, camps)
    found = []
    for number, labels in enumerate(pairs):
        base = _base(panel, labels, table, camps)
        if base is None:
            continue
        surprise, rule = _search(base, base.left)
        if not rule:
            continue
        p = min(1.0, len(pairs) * _chance(base, surprise, deals, np.random.default_rng([seed, number])))
        split = np.zeros(len(panel.items), np.bool_)
        split[base.items] = base.torn > 0
        named = tuple((tuple(sorted(names[at] for at in each)), holds) for each, holds in rule)
        found.append(Kind(labels, named, _here(table, rule), split, p))
    return tuple(sorted(found, key=lambda kind: kind.p))


def pairs_of(panel: Panel, camps: Ints | None = None) -> list[tuple[int, int]]:
    """Return the pairs of labels between which the most items are split, the most first."""
    found = []
    for one, other in combinations(range(len(panel.labels)), 2):
        torn = torn_between(panel, (one, other), camps)
        if (split := int((torn > 0).sum())) >= FEWEST_SPLIT:
            found.append((-split, one, other))
    return [(one, other) for _, one, other in sorted(found)[:MOST_PAIRS]]


def torn_between(panel: Panel, labels: tuple[int, int], camps: Ints | None = None) -> Floats:
    """Return how many pairs of answers to each item are one of each label, weighed, float [n]."""
    weight = item_weights(panel.codes)
    found = np.zeros(len(panel.items))
    for camp in [None] if camps is None else np.unique(camps).tolist():
        codes = panel.codes if camp is None or camps is None else panel.codes[camps == camp]
        found += weight * (codes == labels[0]).sum(axis=0) * (codes == labels[1]).sum(axis=0)
    return found


def _base(panel: Panel, labels: tuple[int, int], table: Floats, camps: Ints | None) -> _Base | None:
    given = panel.given()
    items = np.flatnonzero((panel.answered >= _TWO) & (given[:, list(labels)].sum(axis=1) > 0))
    if len(items) < _TWO * FEWEST_ITEMS or not len(table):
        return None
    usual = panel.usual()[items]
    strata = np.where(usual == labels[0], 0, np.where(usual == labels[1], 1, 2))
    return _Base.of(labels, items, strata, torn_between(panel, labels, camps)[items], table[:, items])


def _means(values: Floats, strata: Ints) -> Floats:
    counts = np.bincount(strata, minlength=3)
    return np.asarray(np.bincount(strata, values, minlength=3) / np.maximum(counts, 1))


def _search(base: _Base, left: Floats) -> tuple[float, Places]:
    """Return the most surprising kind: one condition, some of which any holds, or a leaf of a shallow tree."""
    singles = base.table @ left / base.spread
    order = np.argsort(-singles, kind="stable")[:SCREENED]
    order = order[singles[order] > 0]
    if not len(order):
        return 0.0, ()
    first: Places = (((int(order[0]),), True),)
    found = [(float(singles[order[0]]), first)]
    for leaf in _leaves(base.table[order].T, left):
        if any(holds for _, holds in leaf) and len(leaf) == DEPTH:
            named = tuple(((int(order[at]),), holds) for at, holds in leaf)
            both = _here(base.table, named)[None].astype(float)
            surprise = float((both @ left / _spread(base.left, base.strata, both))[0])
            if surprise > found[-1][0] * WORTH:  # a second condition has to be worth its words
                found.append((surprise, named))
    any_of = _any_of(base, left, order, found[0][0])
    return max(found[-1], any_of, key=lambda each: each[0])


def _any_of(base: _Base, left: Floats, screened: Ints, surprise: float) -> tuple[float, Places]:
    """Return the kind that the first of some conditions makes with others of them, of which any holds.

    Args:
        base: The items.
        left: float [n]: how much each is split, beyond its stratum.
        screened: The places of the conditions, the most surprising one first.
        surprise: How surprising that one is.
    """
    chosen, table = [0], base.table[screened]
    here = table[0]
    while len(chosen) < MOST_WORDS:
        more, either = table * (1 - here), np.maximum(table, here)
        adds = more @ left / _spread(base.left, base.strata, more, fewest=FEWEST_MORE)
        found = np.where(adds >= WORTH_A_WORD, either @ left / _spread(base.left, base.strata, either), -np.inf)
        best = int(found.argmax())
        if found[best] <= surprise:
            break
        chosen.append(best)
        surprise, here = float(found[best]), either[best]
    return surprise, ((tuple(int(screened[at]) for at in chosen), True),)


def _leaves(table: Floats, left: Floats) -> list[tuple[tuple[int, bool], ...]]:
    """Return the paths to the leaves of a regression tree, each a list of columns and whether they hold."""
    from sklearn.tree import DecisionTreeRegressor  # noqa: PLC0415 - slow to import

    model = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=FEWEST_ITEMS, random_state=0)
    tree = model.fit(np.ascontiguousarray(table, np.float32), left, check_input=False).tree_
    paths = list[tuple[tuple[int, bool], ...]]()
    waiting: list[tuple[int, tuple[tuple[int, bool], ...]]] = [(0, ())]
    while waiting:
        node, path = waiting.pop()
        if tree.children_left[node] < 0:
            paths.append(path)
            continue
        column = int(tree.feature[node])
        waiting.append((int(tree.children_left[node]), (*path, (column, False))))
        waiting.append((int(tree.children_right[node]), (*path, (column, True))))
    return paths


def _spread(left: Floats, strata: Ints, table: Floats, fewest: int = FEWEST_ITEMS) -> Floats:
    """Return the standard deviation of each sum, if it were dealt out anew; no end of it for too few or too many items.

    Args:
        left: float [n].
        strata: int [n]: within which it is dealt out.
        table: float [F, n]: the items that meet each condition.
        fewest: Items that meet one at least.
    """
    size, variance = table.sum(axis=1), np.zeros(len(table))
    for stratum in range(3):
        here = strata == stratum
        if (count := int(here.sum())) > 1:
            inside = table[:, here].sum(axis=1)
            variance += left[here].var(ddof=1) * inside * (count - inside) / count
    fits = (size >= fewest) & (size <= MOST_OF_ALL * len(left)) & (variance > 1e-12)  # noqa: PLR2004
    return np.where(fits, np.sqrt(variance), np.inf)


def _here(table: Floats, rule: Places) -> Flags:
    here = np.ones(table.shape[1], np.bool_)
    for each, holds in rule:
        here &= (table[list(each)] > 0).any(axis=0) == holds
    return here


def _chance(base: _Base, surprise: float, deals: int, rng: np.random.Generator) -> float:
    """Return how often the search finds as much where splits are dealt out anew among items of the same label."""
    reached = 0
    strata = [np.flatnonzero(base.strata == stratum) for stratum in range(3)]
    for deal in range(1, deals + 1):
        left = base.left.copy()
        for where in strata:
            left[where] = rng.permutation(left[where])
        reached += _search(base, left)[0] >= surprise
        if reached >= ENOUGH_DEALS:
            return reached / deal
    return (1 + reached) / (1 + deals)


def share_of_kind(  # noqa: PLR0913 - what a share is of
    panel: Panel,
    labels: tuple[int, int],
    conditions: Mapping[str, Flags],
    whole: Floats,
    *,
    camps: Ints | None = None,
    draws: int,
    seed: int = 0,
) -> tuple[float, float, float]:
    """Return the share of all disagreement that the kind makes up, beyond that of other items with the same label.

    The rule for an item is found without the fifth of the items that it is in.

    Args:
        panel: The answers.
        labels: The places of the two labels.
        conditions: As for :func:`find_kinds`.
        whole: float [n]: the disagreement on each item that the share is of.
        camps: As for :func:`find_kinds`.
        draws: Resamples.
        seed: Of them.
    """
    table = np.array(list(conditions.values()), float).reshape(len(conditions), len(panel.items))
    base = _base(panel, labels, table, camps)
    beyond = np.zeros(len(whole))
    if base is None:
        return 0.0, 0.0, 0.0
    fold = np.random.default_rng(seed).permutation(len(base.items)) % FOLDS
    for part in range(FOLDS):
        there, here = np.flatnonzero(fold != part), np.flatnonzero(fold == part)
        known = _part(base, there)
        _, rule = _search(known, known.left)
        outside = ~_here(known.table, rule)
        usual = _means(known.torn[outside], known.strata[outside])
        inside = here[_here(base.table[:, here], rule)]
        beyond[base.items[inside]] = base.torn[inside] - usual[base.strata[inside]]
    far = float(panel.apart[labels])
    features = np.column_stack([beyond * far, whole])
    sums = np.vstack([features.sum(axis=0), resampled(len(whole), draws, seed) @ features])
    with np.errstate(divide="ignore", invalid="ignore"):
        return interval(sums[:, 0] / sums[:, 1])


def _part(base: _Base, there: Ints) -> _Base:
    return _Base.of(base.labels, base.items[there], base.strata[there], base.torn[there], base.table[:, there])

"""What labeling functions leave open of one kind, as clusters of items that terms set apart."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.gaps.apart import Telling, terms_apart
from retrolabel.analysis.gaps.clustering import NOBODY, cluster_texts, telling_columns
from retrolabel.analysis.gaps.kinds import of_kind
from retrolabel.analysis.terms import folded_case, holds, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from retrolabel.analysis.gaps.corpus import Corpus
    from retrolabel.analysis.gaps.kinds import Kind
    from retrolabel.analysis.trying.values import Ground

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

FEWEST, SHARE = 3, 0.003
"""The items of a cluster at least, and the share of those of its kind."""
TOLD = 0.4
"""The share of a cluster's items that hold one of its terms at least: else it is none."""
ALIKE = 5
"""Items at least that say the very same, and hold no term, to be a cluster."""
DOUBT = 5.0
"""Items of any label that are added to those with gold, before it is asked what gold says of a cluster."""
LOOKED_AT = 50
"""Items by which one tells in which column a term stands."""


@dataclass(frozen=True)
class Cluster:
    """Items that are alike.

    Attributes:
        terms: What sets it apart from all other items, the surest first; none where all say the very same.
        items: How many items of the draw it has.
        told: How many of these hold one of the terms.
        elsewhere: How many other items of the draw hold one of them.
        rows: Its items, whether drawn or not: those that hold most of the terms first.
        says_the_same: Whether all of its items say the very same.
    """

    terms: tuple[Telling, ...]
    items: int
    told: int
    elsewhere: int
    rows: tuple[int, ...]
    says_the_same: bool = False


@dataclass(frozen=True, eq=False)
class Gap:
    """What is left open of one kind.

    Attributes:
        kind: ``uncovered``, ``guessed`` or ``conflicting``.
        items: How many items of the draw are of the kind.
        clusters: Their clusters: those first whose terms tell most of the items, and few others.
        rest: Items that are in none, whether drawn or not.
        rest_items: How many of these are of the draw.
    """

    kind: Kind
    items: int
    clusters: tuple[Cluster, ...]
    rest: tuple[int, ...]
    rest_items: int


def find_gap(kind: Kind, ground: Ground, corpus: Corpus, order: Ints) -> Gap:
    """Return what is left open of one kind, as clusters.

    Args:
        kind: The kind.
        ground: What is known of n items: the votes of all labeling functions are its ``others``.
        corpus: Their texts.
        order: int [n]: the items in an order that has nothing to do with what they say.
    """
    mine = of_kind(kind, ground.others)
    drawn = mine & ground.drawn
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    of_item, nearness = _clustered(mine, corpus)
    of_item = _renumbered(of_item, drawn, max(FEWEST, math.ceil(SHARE * int(drawn.sum()))))
    near = np.lexsort((rank, -np.round(nearness, 6)))
    found: list[Cluster] = []
    for place, terms in enumerate(terms_apart(corpus.terms, of_item, int(of_item.max(initial=NOBODY)) + 1)):
        inside = of_item == place
        made = _cluster(terms, inside, ground, corpus, near)
        of_item[inside] = NOBODY if made is None else place
        found += [made] if made is not None else []
    found += _the_same(mine & (of_item == NOBODY), ground, corpus, order)
    kept = {row for cluster in found for row in cluster.rows}
    rest = [row for row in order.tolist() if mine[row] and row not in kept]
    worth = {each.rows[0]: round(_worth(each, ground), 6) for each in found}
    found.sort(key=lambda each: (-worth[each.rows[0]], each.terms, corpus.said[corpus.same[each.rows[0]]]))
    return Gap(kind, int(drawn.sum()), tuple(found), tuple(rest), int(ground.drawn[rest].sum()))


def _cluster(terms: Sequence[int], inside: Flags, ground: Ground, corpus: Corpus, near: Ints) -> Cluster | None:
    """Return items as a cluster, where terms tell enough of them.

    Args:
        terms: The places of the terms that set it apart.
        inside: bool [n]: its items.
        ground: What is known of all items.
        corpus: Their texts.
        near: int [n]: all items, those first that are nearest to the middle of their cluster.
    """
    held = corpus.terms.holding(terms)
    told, elsewhere = (int((held & part & ground.drawn).sum()) for part in (inside, ~inside))
    items = int((inside & ground.drawn).sum())
    if not terms or told < TOLD * items:
        return None
    rows = near[inside[near]]
    count = np.sum([np.isin(rows, corpus.terms.rows(term)) for term in terms], axis=0)
    shown = rows[np.argsort(-count, kind="stable")]
    named = [_telling(term, inside & ground.drawn, ~inside & ground.drawn, corpus) for term in terms]
    return Cluster(tuple(named), items, told, elsewhere, tuple(shown.tolist()))


def _worth(cluster: Cluster, ground: Ground) -> float:
    """Return by how many items a labeling function that looks for the terms would gain; more where gold says for what.

    What gold says counts up to twice: by how much surer it is of one label here than of all items.
    """
    told = cluster.items if cluster.says_the_same else cluster.told
    exact = ground.gold[ground.gold.sum(axis=1) == 1]
    worth = told * told / max(told + cluster.elsewhere, 1)
    if not len(exact):
        return worth
    mine = ground.gold[list(cluster.rows)]
    shares, counts = exact.mean(axis=0), mine[mine.sum(axis=1) == 1].sum(axis=0)
    likely = (counts + DOUBT * shares) / (counts.sum() + DOUBT)
    return worth * (1 + float(((likely - shares) / np.maximum(1 - shares, 1e-9)).max(initial=0.0)))


def _clustered(mine: Flags, corpus: Corpus) -> tuple[Ints, npt.NDArray[np.float64]]:
    """Return the cluster of each item, and how near it is to its middle; of items that are not looked at ``NOBODY``."""
    of_item, nearness = np.full(len(mine), NOBODY, np.int64), np.zeros(len(mine))
    weights = np.bincount(corpus.same[mine], minlength=len(corpus.said)).astype(np.float64)
    others = np.bincount(corpus.same[~mine], minlength=len(corpus.said)).astype(np.float64)
    here, there = np.asarray(corpus.texts.T @ weights), np.asarray(corpus.texts.T @ others)
    columns = telling_columns(corpus.terms.words, here, there, float(mine.sum()), float((~mine).sum()))
    texts = np.flatnonzero(weights)
    if not len(columns):
        return of_item, nearness
    labels, near = cluster_texts(corpus.texts[texts][:, columns], weights[texts])
    of_text, near_of_text = np.full(len(corpus.said), NOBODY, np.int64), np.zeros(len(corpus.said))
    of_text[texts], near_of_text[texts] = labels, near
    of_item[mine], nearness[mine] = of_text[corpus.same[mine]], near_of_text[corpus.same[mine]]
    return of_item, nearness


def _renumbered(of_item: Ints, drawn: Flags, fewest: int) -> Ints:
    """Return clusters without those of few items, numbered from 0."""
    sizes = np.bincount(of_item[(of_item != NOBODY) & drawn], minlength=int(of_item.max(initial=NOBODY)) + 1)
    lookup = np.full(len(sizes) + 1, NOBODY, np.int64)
    kept = np.flatnonzero(sizes >= fewest)
    lookup[kept] = np.arange(len(kept))
    return np.asarray(lookup[of_item])  # NOBODY, -1, is the last one


def _telling(term: int, here: Flags, elsewhere: Flags, corpus: Corpus) -> Telling:
    """Return a term with the items of a cluster, and the others, that hold it."""
    rows, word = corpus.terms.rows(term), corpus.terms.words[term]
    mine = rows[here[rows]]
    column = ""
    if len(corpus.columns) > 1:
        some = mine[np.argsort(corpus.same[mine], kind="stable")][:LOOKED_AT]
        column = _column(word, [corpus.cells[row] for row in some.tolist()], corpus.columns)
    return Telling(word, len(mine), int(elsewhere[rows].sum()), column)


def _column(word: str, cells: Sequence[Sequence[str | None]], columns: Sequence[str]) -> str:
    """Return the column in which a term stands most often; of those alike the first."""
    counts = Counter[str]()
    for row in cells:
        for name, cell in zip(columns, row, strict=True):
            text = folded_case(cell or "")
            counts[name] += word in text if is_unspaced(word) else holds(text, word)
    return max(columns, key=lambda name: counts[name])


def _the_same(left: Flags, ground: Ground, corpus: Corpus, order: Ints) -> list[Cluster]:
    """Return those of some items that say the very same as clusters."""
    counts = np.bincount(corpus.same[left & ground.drawn], minlength=len(corpus.said))
    found = []
    for text in np.flatnonzero(counts >= ALIKE).tolist():
        if corpus.said[text].strip("\0 \t\r\n"):
            rows = order[(left & (corpus.same == text))[order]]
            found.append(Cluster((), int(counts[text]), 0, 0, tuple(rows.tolist()), says_the_same=True))
    return found

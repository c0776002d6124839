"""The terms that set a cluster apart from all other items.

By the lower end of the log odds of each (:func:`retrolabel.analysis.choosing_terms.weigh`), which a frequent word that
stands everywhere does not have, and a rare one only where it is pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrolabel.analysis.choosing_terms import Wish, by_name, weigh
from retrolabel.analysis.light_words import is_light, is_scrambled
from retrolabel.analysis.terms import holds

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.analysis.terms import Terms

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

MOST = 6
"""Terms of a cluster that are named."""
LOOKED_AT = 200
FEWEST = 3
"""Items of the cluster that hold a term at least."""
PURE, LIFT = 0.2, 2.0
"""The share of a term's items that are in the cluster at least; and how much more than of all items."""
NEW = 0.03
"""The share of the cluster's items that a term adds at least to the terms before it."""


class Telling(NamedTuple):
    """A term that sets a cluster apart.

    Attributes:
        term: It.
        here: How many items of the cluster hold it.
        elsewhere: How many other items do.
        column: The column in which it stands most often, where there are several.
    """

    term: str
    here: int
    elsewhere: int
    column: str = ""


def terms_apart(terms: Terms, clusters: Ints, count: int) -> list[list[int]]:
    """Return for each cluster the places of the terms that set it apart, the surest first.

    Args:
        terms: The terms of n items.
        clusters: int [n]: the cluster of each item, from 0; below 0 it is in none.
        count: How many clusters there are.
    """
    mass = np.zeros((len(clusters), count + 1))
    mass[np.arange(len(clusters)), np.where(clusters >= 0, clusters, count)] = 1.0
    low = weigh(terms, mass, Wish()).low
    hits = np.asarray(terms.hits.T @ mass, np.float64)
    held = hits.sum(axis=1)
    return [
        _chosen(terms, low[:, place], hits[:, place], held, np.flatnonzero(clusters == place)) for place in range(count)
    ]


def _chosen(terms: Terms, low: Floats, here: Floats, held: Floats, rows: Ints) -> list[int]:
    """Return the places of the terms of one cluster: those that are pure, and say something new."""
    items = terms.hits.shape[0]
    base = len(rows) / items
    pure = (here + LIFT * base) / (held + LIFT)
    fit = np.flatnonzero((low > 0) & (here >= min(FEWEST, len(rows))) & (pure >= max(PURE, LIFT * base)))
    ordered = sorted(fit.tolist(), key=lambda place: (-round(float(low[place]), 9), *by_name(terms.words[place])))
    inside, seen = np.zeros(items, np.bool_), np.zeros(items, np.bool_)
    inside[rows] = True
    chosen: list[int] = []
    for place in ordered[:LOOKED_AT]:
        word, mine = terms.words[place], terms.rows(place)
        new = mine[~seen[mine]]
        adds = int(inside[new].sum())
        if adds < max(2, NEW * len(rows)) or adds < PURE * len(new) or is_light(word) or is_scrambled(word):
            continue
        if any(holds(word, terms.words[other]) or holds(terms.words[other], word) for other in chosen):
            continue
        chosen.append(place)
        seen[mine] = True
        if len(chosen) == MOST:
            break
    return chosen

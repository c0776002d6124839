"""Conditions that tell kinds of items apart: words and phrases of their texts, and the values of their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.choosing_terms import by_name
from retrolabel.analysis.slice_conditions import MOST_VALUES, conditions_of
from retrolabel.analysis.terms import terms_of

if TYPE_CHECKING:
    from retrolabel.analysis.slice_conditions import Flags, Rows

FEWEST = 8
"""Items that meet a condition, and that do not, at least;"""
SHARE = 0.01
"""or such a share of all items, where that is more."""
MOST_TERMS = 1_500
"""Terms of a column: those that the most items hold."""
WORDS = 2


def kinds_of_items(rows: Rows, *, fewest: int = FEWEST) -> dict[str, Flags]:
    """Return the conditions that some items and not all of them meet.

    Columns of few values count by value, texts by the terms that they hold, all others not at all. How long a text is
    does not count: a short one lacks something, which no definition mends. Of conditions that the same items meet the
    one of the fewest words is taken, and of those the longest.

    Args:
        rows: Column -> value, for each of n items.
        fewest: Items that meet a condition, and that do not, at least.

    Returns:
        Name -> bool [n].

    Example:
        >>> rows = [{"comment": f"{text} {n}", "source": "web"} for n, text in enumerate(["a refund", "fine"] * 20)]
        >>> list(kinds_of_items(rows))
        ['comment has fine', 'comment has refund']
    """
    n, least = len(rows), max(fewest, int(SHARE * len(rows)))
    columns = list(dict.fromkeys(name for row in rows for name in row))
    texts = [name for name in columns if _is_text([row.get(name) for row in rows])]
    valued = [{name: value for name, value in row.items() if name not in texts} for row in rows]
    found = conditions_of(valued, (), fewest=least)
    for column in texts:
        cells = [row.get(column) for row in rows]
        terms = terms_of([[cell if isinstance(cell, str) else None] for cell in cells], most=WORDS, fewest=least)
        sizes = np.diff(terms.hits.indptr)
        for place in sorted(np.argsort(-sizes, kind="stable")[:MOST_TERMS].tolist(), key=lambda at: terms.words[at]):
            found[f"{column} has {terms.words[place]}"] = terms.holding([place])
    kept: dict[bytes, str] = {}
    for name in sorted(found, key=by_name):
        if least <= int(found[name].sum()) <= n - least:
            kept.setdefault(found[name].tobytes(), name)
    return {name: found[name] for name in sorted(kept.values())}


def _is_text(values: list[object]) -> bool:
    """Return whether a column holds texts: strings, of which there are more than values that are counted one by one."""
    told = [value for value in values if value is not None]
    return bool(told) and all(isinstance(value, str) for value in told) and len(set(told)) > MOST_VALUES

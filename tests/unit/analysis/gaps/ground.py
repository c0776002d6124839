"""What is known of items, for tests: their votes, and what else is given."""

from __future__ import annotations

import numpy as np

from retrolabel.analysis.trying.values import Ground
from retrolabel.votes import VoteMatrix

LABELS = ("a", "b", "c")


def ground(rows, *, gold=None, drawn=None, said=None):
    """Return what is known of items: a row of votes each, gold as places of labels, the label set's labels."""
    n = len(rows)
    possible = np.zeros((n, 3), np.bool_)
    for row, places in enumerate(gold or [()] * n):
        possible[row, list(places)] = True
    votes = VoteMatrix.from_sets(rows, labels=LABELS, voters=["f", "g", "h"][: len(rows[0]) if rows else 1])
    return Ground(
        LABELS,
        np.ones(n, np.bool_) if drawn is None else np.array(drawn),
        n,
        votes,
        (),
        possible,
        "" if said is None else "0123456789abcdef",
        np.full(n, -1) if said is None else np.array(said),
        np.ones(n),
    )

"""How often the votes of labeling functions are right on gold, with intervals: by vote, and beside the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel.gold.agreement import wilson
from retrolabel.votes import symbol_names

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.votes import VoteMatrix

    Places = npt.NDArray[np.int64]

FEWEST = 10
"""Votes of others for the same labels, below which they say too little."""


def precision_by_vote(votes: VoteMatrix, gold: Places) -> pd.DataFrame:
    """Return how often each vote of each labeling function leaves the gold label.

    Args:
        votes: n items x m LFs.
        gold: int [n] with places of labels, -1 where unknown.

    Returns:
        A frame indexed by ``lf`` and ``vote``, a row for each vote that was cast on any item: ``cast`` (on all items),
        ``on_gold`` (on those with gold), ``right``, ``precision`` with ``low`` and ``high`` (Wilson, 95 %; missing
        where none is on gold).

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_ints([[0], [0], [1]], labels=["a", "b"], voters=["f"])
        >>> precision_by_vote(votes, np.array([0, 1, -1]))["right"].to_dict()
        {('f', 'a'): 1, ('f', 'b'): 0}
    """
    names, known = symbol_names(votes.symbols, votes.labels), gold >= 0
    rows = []
    for place, voter in enumerate(votes.voters):
        codes = votes.codes[:, place]
        cast = np.bincount(codes, minlength=len(names) + 1)
        for code in (np.flatnonzero(cast[1:]) + 1).tolist():
            truth = gold[known & (codes == code)]
            right = int(votes.membership[code, truth].sum())
            rows.append((voter, names[code - 1], int(cast[code]), len(truth), right, *_wilson(right, len(truth))))
    columns = ["lf", "vote", "cast", "on_gold", "right", "precision", "low", "high"]
    return pd.DataFrame(rows, columns=columns).set_index(["lf", "vote"])


def precision_beside(votes: VoteMatrix, gold: Places) -> pd.DataFrame:
    """Return how often each labeling function is right on gold, beside chance and beside others that say the same.

    Args:
        votes: n items x m LFs.
        gold: int [n] with places of labels, -1 where unknown.

    Returns:
        A frame indexed by ``lf``: ``low`` and ``high`` of its precision (Wilson, 95 %), ``chance`` (how often its votes
        would be right on labels drawn as frequent as gold has them), ``others`` (how often the votes of others for the
        same labels are right, each label counted as often as it votes it). Missing where nothing is judged; ``others``
        too where fewer than 10 votes of others say one of them; ``others_low`` is the lower end of its interval.

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_ints([[0, 0], [0, 1]] * 10, labels=["a", "b"], voters=["f", "g"])
        >>> precision_beside(votes, np.array([0, 1] * 10)).loc["f", ["chance", "others"]].tolist()
        [0.5, 1.0]
    """
    known = gold >= 0
    codes, truth = votes.codes[known], gold[known]
    shares = np.bincount(truth, minlength=len(votes.labels)) / max(1, len(truth))
    by_chance = votes.membership @ shares
    right = votes.membership[codes, truth[:, None]]
    size = len(votes.symbols) + 1
    cast = np.array([np.bincount(column, minlength=size) for column in codes.T]).reshape(-1, size)
    hits = np.array([np.bincount(column[hit], minlength=size) for column, hit in zip(codes.T, right.T, strict=True)])
    cast[:, 0], hits = 0, hits.reshape(-1, size)
    hits[:, 0] = 0
    rows = []
    for mine, mine_right in zip(cast, hits, strict=True):
        judged = int(mine.sum())
        rest, rest_right = cast.sum(axis=0) - mine, hits.sum(axis=0) - mine_right
        said = mine > 0
        told = bool(judged and (rest[said] >= FEWEST).all())
        others, least = np.nan, np.nan
        if told:
            others = float(mine[said] @ (rest_right[said] / rest[said])) / judged
            lows = [_wilson(int(r), int(n))[1] for r, n in zip(rest_right[said], rest[said], strict=True)]
            least = float(mine[said] @ np.array(lows)) / judged
        chance = float(mine @ by_chance) / judged if judged else np.nan
        rows.append((*_wilson(int(mine_right.sum()), judged)[1:], chance, others, least))
    index = pd.Index(votes.voters, name="lf")
    return pd.DataFrame(rows, columns=["low", "high", "chance", "others", "others_low"], index=index)


def _wilson(right: int, of: int) -> tuple[float, float, float]:
    found = wilson(right, of)
    if found.value is None or found.low is None or found.high is None:
        return np.nan, np.nan, np.nan
    return found.value, found.low, found.high

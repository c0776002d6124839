"""What each labeling function does: coverage, overlaps, conflicts, and precision on gold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.votes import VoteMatrix


def lf_summary(votes: VoteMatrix, gold: npt.NDArray[np.int64] | None = None) -> pd.DataFrame:
    """Return a row for each labeling function.

    Args:
        votes: n items x m LFs.
        gold: int [n] with places of labels, -1 where unknown.

    Returns:
        A frame indexed by LF name: ``votes`` (the labels it voted), ``coverage`` (share of items
        with a vote), ``overlaps`` (share with a vote on which another LF votes too), ``conflicts``
        (share with a vote that shares no label with another LF's), and with gold ``correct``,
        ``incorrect`` (votes whose set holds the gold label, or does not) and ``precision``.

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> found = lf_summary(VoteMatrix.from_ints([[0, 0], [0, 1], [0, -1], [-1, -1]], labels=["a", "b"]))
        >>> found[["coverage", "overlaps", "conflicts"]].to_numpy().tolist()
        [[0.75, 0.5, 0.25], [0.5, 0.5, 0.25]]
    """
    items, lfs = votes.shape
    patterns = votes.patterns()
    member = patterns.membership
    voting = patterns.codes > 0
    several = voting.sum(axis=1) > 1
    rows = []
    for lf in range(lfs):
        mine = voting[:, lf]
        clash = np.zeros(len(patterns), dtype=np.bool_)
        for other in range(lfs):
            both = mine & voting[:, other]
            clash |= both & ~(member[patterns.codes[:, lf]] & member[patterns.codes[:, other]]).any(axis=1)
        emitted = np.flatnonzero(np.bincount(patterns.codes[:, lf])[1:]) + 1
        row: dict[str, object] = {
            "votes": ", ".join(_name(votes, int(code)) for code in emitted),
            "coverage": _share(patterns.counts, mine, items),
            "overlaps": _share(patterns.counts, mine & several, items),
            "conflicts": _share(patterns.counts, clash, items),
        }
        if gold is not None:
            row |= _against_gold(votes, lf, gold)
        rows.append(row)
    columns = ["votes", "coverage", "overlaps", "conflicts"]
    columns += ["correct", "incorrect", "precision"] if gold is not None else []
    return pd.DataFrame(rows, index=pd.Index(votes.voters, name="lf"), columns=columns)


def _share(counts: npt.NDArray[np.float64], where: npt.NDArray[np.bool_], items: int) -> float:
    return float(counts[where].sum()) / max(1, items)


def _name(votes: VoteMatrix, code: int) -> str:
    return "|".join(votes.labels[place] for place in votes.symbols[code - 1])


def _against_gold(votes: VoteMatrix, lf: int, gold: npt.NDArray[np.int64]) -> dict[str, object]:
    judged = (gold >= 0) & (votes.codes[:, lf] > 0)
    right = votes.membership[votes.codes[judged, lf], gold[judged]]
    correct, total = int(right.sum()), int(judged.sum())
    return {
        "correct": correct,
        "incorrect": total - correct,
        "precision": correct / total if total else np.nan,
    }

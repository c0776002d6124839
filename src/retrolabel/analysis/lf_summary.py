"""What each labeling function does: coverage, overlaps, conflicts, and precision on gold.

Votes are looked at in blocks of rows, column by column, so that a block stays in the processor's cache. Their
distinct rows are never asked for: with many labeling functions nearly every row is another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retrolabel.errors import VoteError
from retrolabel.votes import BLOCK, symbol_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from retrolabel.votes import Patterns, VoteMatrix

    Codes = npt.NDArray[np.unsignedinteger[Any]]

WORD = 64
"""Label sets that are looked at together: the bits of a number."""


def lf_summary(votes: VoteMatrix | Patterns, gold: npt.NDArray[np.int64] | None = None) -> pd.DataFrame:
    """Return a row for each labeling function.

    Args:
        votes: n items x m LFs; or their patterns, each of which stands for as many items as it counts.
        gold: int [n] with places of labels, -1 where unknown.

    Returns:
        A frame indexed by LF name: ``votes`` (the labels it voted), ``coverage`` (share of items
        with a vote), ``overlaps`` (share with a vote on which another LF votes too), ``conflicts``
        (share with a vote that shares no label with another LF's), and with gold ``correct``,
        ``incorrect`` (votes whose set holds the gold label, or does not) and ``precision``.

    Raises:
        VoteError: Gold has another length than the votes, or names a label that there is not.

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> found = lf_summary(VoteMatrix.from_ints([[0, 0], [0, 1], [0, -1], [-1, -1]], labels=["a", "b"]))
        >>> found[["coverage", "overlaps", "conflicts"]].to_numpy().tolist()
        [[0.75, 0.5, 0.25], [0.5, 0.5, 0.25]]
    """
    if gold is not None:
        _check(votes, gold)
    weights: npt.NDArray[np.float64] | None = getattr(votes, "counts", None)
    items = len(votes) if weights is None else int(weights.sum())
    lfs = len(votes.voters)
    emitted = np.zeros((lfs, len(votes.symbols) + 1), np.int64)
    overlaps, conflicts, correct, judged = np.zeros((4, lfs), np.int64)
    disjoint = _disjoint(votes)
    for start in range(0, len(votes), BLOCK):
        columns = np.ascontiguousarray(votes.codes[start : start + BLOCK].T)
        counts = None if weights is None else weights[start : start + BLOCK]
        voted = columns != 0
        others = voted.sum(axis=0, dtype=np.int32) > 1
        for lf, clash in enumerate(_clashes(columns, disjoint)):
            emitted[lf] += np.bincount(columns[lf], counts, minlength=emitted.shape[1]).astype(np.int64)
            overlaps[lf] += _count(voted[lf] & others, counts)
            conflicts[lf] += _count(clash, counts)
        if gold is not None:
            _judge(votes, columns, gold[start : start + BLOCK], correct, judged)
    names = symbol_names(votes.symbols, votes.labels)
    frame = pd.DataFrame(
        {
            "votes": [", ".join(names[code] for code in np.flatnonzero(row[1:])) for row in emitted],
            "coverage": emitted[:, 1:].sum(axis=1) / max(1, items),
            "overlaps": overlaps / max(1, items),
            "conflicts": conflicts / max(1, items),
        },
        index=pd.Index(votes.voters, name="lf"),
    )
    if gold is None:
        return frame
    precision = np.divide(correct, judged, out=np.full(lfs, np.nan), where=judged > 0)
    return frame.assign(correct=correct, incorrect=judged - correct, precision=precision)


def against_sets(votes: VoteMatrix, possible: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Return how often each labeling function votes for what gold leaves possible, where gold may leave several labels.

    That is no precision: a vote for one part of a label that was split cannot be told right or wrong.

    Args:
        votes: The votes on G items that have gold.
        possible: bool [G, k]: the labels that gold leaves of each.

    Returns:
        A frame indexed by LF name: ``on_gold`` (votes on these items), ``possible`` (the share of them that leaves one
        of the labels that gold leaves; missing where there is no vote).

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_ints([[0], [1], [2]], labels=3)
        >>> gold = np.array([[True, True, False]] * 3)
        >>> against_sets(votes, gold).to_numpy().round(2).tolist()
        [[3.0, 0.67]]
    """
    voted = votes.codes != 0
    shared = np.array(
        [(votes.membership[column] & possible).any(axis=1).sum(where=column != 0) for column in votes.codes.T], np.int64
    ).reshape(len(votes.voters))
    on_gold = voted.sum(axis=0)
    share = np.divide(shared, on_gold, out=np.full(len(votes.voters), np.nan), where=on_gold > 0)
    return pd.DataFrame({"on_gold": on_gold, "possible": share}, index=pd.Index(votes.voters, name="lf"))


def _count(true: npt.NDArray[np.bool_], counts: npt.NDArray[np.float64] | None) -> int:
    """Return for how many items it is true: rows, or what each row counts."""
    return int(np.count_nonzero(true) if counts is None else counts[true].sum())


def _check(votes: VoteMatrix | Patterns, gold: npt.NDArray[np.int64]) -> None:
    if np.shape(gold) != (len(votes),):
        raise VoteError(f"Gold has the shape {np.shape(gold)}; these votes need {(len(votes),)}.")
    if len(gold) and gold.max() >= len(votes.labels):
        raise VoteError(f"Gold holds labels outside -1 to {len(votes.labels) - 1}.")


def _disjoint(votes: VoteMatrix | Patterns) -> list[tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]] | None:
    """Return for each 64 label sets: the bit of each code, and the bits of the sets that share no label with it.

    Returns:
        ``None`` where every vote is for a single label: then two labels in a row are a conflict of all its votes.
    """
    if len(votes.symbols) == len(votes.labels):
        return None
    member = votes.membership
    words = []
    for first in range(1, len(member), WORD):
        theirs = member[first : first + WORD]
        bits = np.uint64(1) << np.arange(len(theirs), dtype=np.uint64)
        own = np.zeros(len(member), np.uint64)
        own[first : first + WORD] = bits
        apart = ~(member.astype(np.float32) @ theirs.T.astype(np.float32) > 0)
        words.append((own, apart.astype(np.uint64) @ bits))
    return words


def _mixed(columns: Codes) -> npt.NDArray[np.bool_]:
    """Return whether an item has votes for two single labels, bool [n]."""
    highest = np.zeros(columns.shape[1], columns.dtype)
    lowest = np.full(columns.shape[1], np.iinfo(columns.dtype).max, columns.dtype)
    one = columns.dtype.type(1)
    for column in columns:
        np.maximum(highest, column, out=highest)
        np.minimum(lowest, column - one, out=lowest)  # an abstention, 0, becomes the highest number
    return np.asarray((highest > 0) & (lowest != highest - one))


def _clashes(
    columns: Codes, words: list[tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]] | None
) -> Iterator[npt.NDArray[np.bool_]]:
    """Yield for each LF the items on which its vote shares no label with another's; the sets of a row are bits."""
    if words is None:
        mixed = _mixed(columns)
        yield from ((column != 0) & mixed for column in columns)
        return
    shown = []
    for own, _ in words:
        seen = np.zeros(columns.shape[1], np.uint64)
        for column in columns:
            seen |= own.take(column)
        shown.append(seen)
    for column in columns:
        clash = np.zeros(columns.shape[1], np.bool_)
        for (_, apart), seen in zip(words, shown, strict=True):
            clash |= (apart.take(column) & seen) != 0
        yield clash


def _judge(
    votes: VoteMatrix | Patterns,
    columns: Codes,
    gold: npt.NDArray[np.int64],
    correct: npt.NDArray[np.int64],
    judged: npt.NDArray[np.int64],
) -> None:
    """Add the votes on items with gold, and those of them that are right, to the counts of each LF."""
    known = gold >= 0
    if not known.any():
        return
    if not known.all():
        columns, gold = columns[:, known], gold[known]
    single = len(votes.symbols) == len(votes.labels)
    wanted = (gold + 1).astype(columns.dtype)
    member, k = votes.membership.ravel(), len(votes.labels)
    for lf, column in enumerate(columns):
        voted = column != 0
        right = column == wanted if single else member.take(column * np.int64(k) + gold) & voted
        correct[lf] += np.count_nonzero(right)
        judged[lf] += np.count_nonzero(voted)

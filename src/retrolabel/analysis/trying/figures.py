"""The figures of a labeling function on a sample, and its hits in the order in which they deserve a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.trying.values import Figures, Partner, Share
from retrolabel.gold.agreement import wilson
from retrolabel.votes import symbol_names

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.analysis.trying.values import Ground
    from retrolabel.votes import VoteMatrix

    Bools = npt.NDArray[np.bool_]

WRONG, AGAINST, UNJUDGED, AGREES, RIGHT = "wrong", "against", "", "agrees", "right"
ORDER = (WRONG, AGAINST, UNJUDGED, AGREES, RIGHT)
"""Hits in the order in which they deserve a look."""


def figures(votes: VoteMatrix, ground: Ground, faults: int = 0) -> Figures:
    """Return what a labeling function does on a sample.

    Args:
        votes: Its votes, n x 1, over the labels of ``ground``.
        ground: What is known of the items.
        faults: On how many items it failed.
    """
    codes = votes.codes[:, 0].astype(np.int64)
    names = symbol_names(votes.symbols, votes.labels)
    hit, drawn = codes > 0, ground.drawn
    mine = votes.membership[codes] & hit[:, None]
    one = ground.gold.sum(axis=1) == 1
    judged = hit & one
    right = (mine & ground.gold).sum(axis=1) > 0
    used = [code for code in np.unique(codes[hit]).tolist() if code]
    by_vote = {names[code - 1]: _share(right[judged & (codes == code)]) for code in used}
    checked = hit & ~ground.has_gold & ground.confident & drawn
    agree = mine[np.arange(len(mine)), ground.said] if len(ground.labels) else hit
    others = _others(mine, hit & drawn, ground.others)
    return Figures(
        int(drawn.sum()),
        int((hit & drawn).sum()),
        {names[code - 1]: int((drawn & (codes == code)).sum()) for code in used},
        *others,
        int(ground.has_gold.sum()),
        int(one.sum()),
        int((hit & ground.has_gold).sum()),
        _share(right[judged]),
        by_vote if len(by_vote) > 1 else {},
        {
            names[code - 1]: _share((codes == code)[one & (ground.gold & votes.membership[code]).any(axis=1)])
            for code in used
        },
        _share(agree[checked]),
        faults,
    )


def _share(right: Bools) -> Share:
    hits, of = int(np.count_nonzero(right)), len(right)
    return Share(hits, of, wilson(hits, of))


def _others(
    mine: Bools, hit: Bools, others: VoteMatrix
) -> tuple[int | None, int | None, int | None, tuple[Partner, ...]]:
    """Return on how many hits no other votes, others vote, some vote against it; and who."""
    if not others.voters:
        return None, None, None, ()
    rows = np.flatnonzero(hit)
    any_vote, any_clash = np.zeros((2, len(rows)), np.bool_)
    partners = []
    for place, voter in enumerate(others.voters):
        codes = others.codes[rows, place]
        voted = codes != 0
        clash = voted & ~(others.membership[codes] & mine[rows]).any(axis=1)
        any_vote |= voted
        any_clash |= clash
        if voted.any():
            partners.append(Partner(voter, int(voted.sum()), int(clash.sum())))
    ordered = tuple(sorted(partners, key=lambda each: (-each.against, -each.both, each.lf)))
    return int((~any_vote).sum()), int(any_vote.sum()), int(any_clash.sum()), ordered


def verdicts(votes: VoteMatrix, ground: Ground) -> list[str]:
    """Return what is known of the vote on each item: of hits, whether gold or a confident label set is against it.

    Dev gold speaks first: ``wrong``, ``right``; where it leaves several labels, one of them may be right, and nothing
    is said. Where there is none, the label set does: ``against``, ``agrees``.

    Args:
        votes: The votes, n x 1.
        ground: What is known of the items.
    """
    codes = votes.codes[:, 0].astype(np.int64)
    hit = codes > 0
    mine = votes.membership[codes]
    shares = (mine & ground.gold).any(axis=1)
    one = ground.gold.sum(axis=1) == 1
    agrees = mine[np.arange(len(mine)), ground.said] if len(ground.labels) else hit
    found = np.full(len(codes), UNJUDGED, dtype=object)
    found[hit & ground.confident & agrees] = AGREES
    found[hit & ground.confident & ~agrees] = AGAINST
    found[hit & ground.has_gold] = UNJUDGED
    found[hit & one & shares] = RIGHT
    found[hit & ground.has_gold & ~shares] = WRONG
    return list(found)


def in_order(rows: npt.NDArray[np.int64], said: list[str], ground: Ground) -> list[int]:
    """Return hits with those first that deserve a look: the wrong ones, and of these the surest first.

    Args:
        rows: The hits, in the order of the draw.
        said: What is known of each item's vote.
        ground: What is known of the items.
    """
    ranks = {each: place for place, each in enumerate(ORDER)}
    sure = np.where(ground.confident, ground.sure, 0.0)
    return sorted(rows.tolist(), key=lambda row: (ranks[said[row]], -sure[row] if said[row] == AGAINST else 0.0))

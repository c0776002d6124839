"""Pairs of labeling functions, the items on which their votes conflict, and who is right there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.analysis.trying.values import Share
from retrolabel.gold.agreement import wilson
from retrolabel.votes import symbol_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from retrolabel.analysis.trying.values import Ground
    from retrolabel.votes import VoteMatrix

    Ints = npt.NDArray[np.int64]

MOST_VOTES = 3
"""Pairs of votes that are told of a pair of labeling functions."""


@dataclass(frozen=True)
class Clash:
    """Two votes that leave no label in common: of the one, of the other, and on how many items of the draw."""

    vote: str
    other: str
    items: int


@dataclass(frozen=True)
class OnGold:
    """Who is right where two conflict, on dev gold that is one label.

    Attributes:
        lf: How often the vote of the one leaves the gold label.
        other: How often that of the other does.
        neither: On how many items neither does.
    """

    lf: Share
    other: Share
    neither: int


@dataclass(frozen=True)
class Said:
    """What the label set says where two conflict, on items of the draw: whose vote leaves its label.

    Attributes:
        lf: On how many items the vote of the one does.
        other: On how many that of the other does.
        neither: On how many it has a label that neither leaves.
        no_label: On how many it has none.
    """

    lf: int
    other: int
    neither: int
    no_label: int


@dataclass(frozen=True)
class Pair:
    """Two labeling functions whose votes conflict on some item.

    Attributes:
        lf: The one.
        other: The other.
        both: On how many items of the draw both vote.
        against: On how many of these the votes leave no label in common.
        votes: The votes that conflict most often.
        gold: Who is right on dev gold, whether drawn or not.
        said: What the newest label set says; ``None`` without one.
        rows: The items on which they conflict, those with dev gold first.
    """

    lf: str
    other: str
    both: int
    against: int
    votes: tuple[Clash, ...]
    gold: OnGold
    said: Said | None
    rows: tuple[int, ...]

    @property
    def share(self) -> float:
        """The share of the items on which both vote that is in conflict."""
        return self.against / self.both if self.both else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data, without its items."""
        said = self.said
        return {
            "lf": self.lf,
            "other": self.other,
            "both": self.both,
            "against": self.against,
            "share": self.share,
            "votes": [{"lf": v.vote.split("|"), "other": v.other.split("|"), "items": v.items} for v in self.votes],
            "gold": {
                "items": self.gold.lf.of,
                "lf": _plain(self.gold.lf),
                "other": _plain(self.gold.other),
                "neither": self.gold.neither,
            },
            "label_set": None if said is None else dict(vars(said)),
        }


def _plain(share: Share) -> dict[str, Any]:
    figure = share.figure
    return {"right": share.right, "share": figure.value, "low": figure.low, "high": figure.high}


def conflicting_pairs(ground: Ground, order: Ints, lf: str | None = None) -> list[Pair]:
    """Return the pairs of labeling functions that conflict, those first that do so most often.

    Args:
        ground: What is known of n items: the votes of all labeling functions are its ``others``.
        order: int [n]: the items in the order in which they are shown.
        lf: Only pairs with this labeling function, which is then the first of each.
    """
    votes = ground.others
    voted = [np.flatnonzero(column) for column in votes.codes.T]
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    found = []
    for one, other in _wanted(votes.voters, lf):
        rows = voted[one][votes.codes[voted[one], other] != 0]
        left, right = votes.membership[votes.codes[rows, one]], votes.membership[votes.codes[rows, other]]
        clash = rows[~(left & right).any(axis=1)]
        if len(clash):
            ordered = clash[np.lexsort((rank[clash], ~ground.has_gold[clash]))]
            found.append(_pair(ground, one, other, int(ground.drawn[rows].sum()), ordered))
    return sorted(found, key=lambda each: (-each.against, -each.gold.lf.of, each.both, each.lf, each.other))


def _wanted(voters: Sequence[str], lf: str | None) -> Iterator[tuple[int, int]]:
    if lf is None:
        yield from combinations(range(len(voters)), 2)
        return
    one = voters.index(lf)
    yield from ((one, other) for other in range(len(voters)) if other != one)


def _pair(ground: Ground, one: int, other: int, both: int, clash: Ints) -> Pair:
    votes = ground.others
    exact = ground.gold.sum(axis=1) == 1
    drawn, judged = clash[ground.drawn[clash]], clash[exact[clash]]
    first, second = (_leaves(votes, at, judged, ground.gold[judged]) for at in (one, other))
    return Pair(
        votes.voters[one],
        votes.voters[other],
        both,
        len(drawn),
        _clashes(votes, one, other, drawn if len(drawn) else clash),
        OnGold(_share(first), _share(second), int((~first & ~second).sum())),
        _said(ground, one, other, drawn) if ground.judged_by else None,
        tuple(clash.tolist()),
    )


def _leaves(votes: VoteMatrix, at: int, rows: Ints, labels: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return whether a voter's votes leave one of some labels, bool [r]."""
    return np.asarray((votes.membership[votes.codes[rows, at]] & labels).any(axis=1))


def _share(right: npt.NDArray[np.bool_]) -> Share:
    return Share(int(right.sum()), len(right), wilson(int(right.sum()), len(right)))


def _clashes(votes: VoteMatrix, one: int, other: int, rows: Ints) -> tuple[Clash, ...]:
    names = symbol_names(votes.symbols, votes.labels)
    pairs, counts = np.unique(votes.codes[rows][:, [one, other]], axis=0, return_counts=True)
    most = np.argsort(-counts, kind="stable")[:MOST_VOTES]
    return tuple(Clash(names[pairs[p][0] - 1], names[pairs[p][1] - 1], int(counts[p])) for p in most.tolist())


def _said(ground: Ground, one: int, other: int, drawn: Ints) -> Said:
    place = ground.said[drawn]
    labels = np.eye(len(ground.labels), dtype=np.bool_)[place] & (place >= 0)[:, None]
    first, second = (_leaves(ground.others, at, drawn, labels) for at in (one, other))
    told = place >= 0
    return Said(int(first.sum()), int(second.sum()), int((told & ~first & ~second).sum()), int((~told).sum()))

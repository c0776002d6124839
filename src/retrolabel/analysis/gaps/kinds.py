"""What votes leave open: items without a vote, items that are guessed, items on which votes conflict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.votes import Patterns, VoteMatrix

    Flags = npt.NDArray[np.bool_]

Kind = Literal["uncovered", "guessed", "conflicting"]
KINDS: tuple[Kind, ...] = ("uncovered", "guessed", "conflicting")
TOLD = {
    "uncovered": "no labeling function votes",
    "guessed": "votes are for several labels alone, and leave several",
    "conflicting": "votes leave no label in common",
}


def of_kind(kind: Kind, votes: VoteMatrix) -> Flags:
    """Return which items are of a kind, bool [n].

    Args:
        kind: ``uncovered`` has no vote; on ``guessed`` all votes are for several labels, and together they do not leave
            one; on ``conflicting`` two of the votes leave no label in common. One item may be of the last two.
        votes: n items x m labeling functions.

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_sets([[None, None], [{0, 1}, None], [0, 1], [{0, 1}, 1]], labels=3)
        >>> {kind: of_kind(kind, votes).tolist().index(True) for kind in KINDS}
        {'uncovered': 0, 'guessed': 1, 'conflicting': 2}
    """
    if kind == "uncovered":
        return np.asarray(~votes.covered)
    patterns = votes.patterns()
    found = patterns.undecided if kind == "guessed" else _torn(patterns)
    return np.asarray(found[patterns.inverse])


def _torn(patterns: Patterns) -> Flags:
    """Return bool [U]: whether two votes of a pattern leave no label in common."""
    member = patterns.membership.astype(np.float32)
    apart = (member @ member.T == 0).astype(np.float32)  # code 0 leaves all, and is apart from none
    shown = np.zeros((len(patterns), len(member)), np.float32)
    each = np.arange(len(patterns))
    for column in patterns.codes.T:
        shown[each, column] = 1.0
    return np.asarray((((shown @ apart) > 0) & (shown > 0)).any(axis=1))


def left_by(votes: VoteMatrix) -> Flags:
    """Return the labels that all votes on each item leave, bool [n, k]; all of them where there is no vote.

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> left_by(VoteMatrix.from_sets([[{0, 1}, {1, 2}], [None, None]], labels=3)).tolist()
        [[False, True, False], [True, True, True]]
    """
    left = np.ones((len(votes), len(votes.labels)), np.bool_)
    for column in votes.codes.T:
        left &= votes.membership[column]
    return left

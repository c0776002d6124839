"""How probabilities become labels: the likeliest, where something names it; a guess is none.

A vote for several labels says that one of them holds, not which. Where nothing else speaks, the likeliest of them is
the most frequent one, and all items that such votes alone speak of would get it. So these items are *guessed*: they
have no label, and the set that their votes leave is what is known of them (a candidate set, as in partial-label
learning: Cour, Sapp & Taskar 2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.label_models.protocol import TIE

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.protocol import Probabilities
    from retrolabel.votes import Patterns

    Bools = npt.NDArray[np.bool_]

Guesses = Literal["none", "label"]


@dataclass(frozen=True)
class Deciding:
    """What a task wants of items on which the evidence is thin.

    Args:
        guesses: ``none``: an item that votes for several labels alone speak of has no label; ``label``: it has the
            likeliest one, and is still called guessed.
        abstain_below: An item whose likeliest label is less probable than this has no label.

    Raises:
        VoteError: A setting is out of its range.
    """

    guesses: Guesses = "none"
    abstain_below: float = 0.0

    def __post_init__(self) -> None:
        """Check the ranges."""
        if self.guesses not in ("none", "label"):
            raise VoteError(f"guesses is none or label, not {self.guesses!r}.")
        if not 0 <= self.abstain_below <= 1:
            raise VoteError(f"abstain_below is a probability, from 0 to 1, not {self.abstain_below}.")

    def inputs(self) -> dict[str, object]:
        """Return the settings as what a label set's id depends on."""
        return {"guesses": self.guesses, "abstain_below": self.abstain_below}


@dataclass(frozen=True, eq=False)
class Decided:
    """What becomes of the items of each pattern.

    Attributes:
        label: int [U]: the place of the label; -1 for uncovered items, exact ties, guesses, and what is too unsure.
        guessed: bool [U]: whether votes for several labels alone speak for the likeliest label.
        partial: bool [U, k]: the labels that the votes leave: the label where there is one, else those that the votes
            for the likeliest one have in common; of a tie, those of all that tie; nothing where nobody voted.
    """

    label: npt.NDArray[np.int64]
    guessed: Bools
    partial: Bools


def decide(patterns: Patterns, probabilities: Probabilities, how: Deciding = Deciding()) -> Decided:
    """Return the label of each pattern, or what there is instead.

    Args:
        patterns: The U patterns of votes.
        probabilities: float [U, k].
        how: What the task wants.

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> rows = [[{0, 1}, None], [{0, 1}, {1, 2}], [{0, 1}, {0}], [None, None]]
        >>> patterns = VoteMatrix.from_sets(rows, labels=3).patterns()
        >>> found = decide(patterns, np.array([[0.6, 0.3, 0.1]] * 4)[patterns.inverse])
        >>> [found.label[patterns.inverse].tolist(), found.guessed[patterns.inverse].tolist()]
        [[-1, -1, 0, -1], [True, True, False, False]]
    """
    count, k = probabilities.shape
    top = probabilities.max(axis=1, initial=0.0)
    likeliest = np.asarray(probabilities >= top[:, None] - TIE)
    best, tied = np.asarray(probabilities.argmax(axis=1)), np.asarray(likeliest.sum(axis=1) > 1)
    covered = patterns.covered
    common = np.zeros((count, k), np.bool_)
    named, spoken_for = np.zeros((2, count), np.bool_)
    for label in range(k):
        rows = np.flatnonzero(likeliest[:, label] & covered)
        found, alone, speaks = _speaking_for(patterns, rows, label)
        common[rows] |= found & speaks[:, None]
        named[rows] |= alone | (speaks & (found.sum(axis=1) == 1))
        spoken_for[rows] |= speaks
    rest = np.flatnonzero(covered & ~spoken_for)  # no vote has the likeliest label among those that it leaves
    common[rest], named[rest] = _left(patterns, rest)
    guessed = np.asarray(covered & ~named)
    unsure = top < how.abstain_below
    given = covered & ~tied & ~unsure & (~guessed | (how.guesses == "label"))
    chosen = np.where(given, best, -1)
    partial = np.where(given[:, None], np.eye(k, dtype=np.bool_)[best], common)
    return Decided(np.asarray(chosen), guessed, np.asarray(partial))


def _speaking_for(patterns: Patterns, rows: npt.NDArray[np.int64], label: int) -> tuple[Bools, Bools, Bools]:
    """Return what the votes that leave a label have in common, whether one names it alone, and whether there is one."""
    membership = patterns.membership
    common = np.ones((len(rows), membership.shape[1]), np.bool_)
    alone, speaks = np.zeros(len(rows), np.bool_), np.zeros(len(rows), np.bool_)
    one = membership.sum(axis=1) == 1
    for column in patterns.codes.T:
        codes = column[rows]
        for_it = (codes > 0) & membership[codes, label]
        common &= membership[codes] | ~for_it[:, None]
        alone |= for_it & one[codes]
        speaks |= for_it
    return common, alone, speaks


def _left(patterns: Patterns, rows: npt.NDArray[np.int64]) -> tuple[Bools, Bools]:
    """Return the labels that all votes leave, or else any does; and whether a vote, or all together, name one."""
    membership = patterns.membership
    shape = (len(rows), membership.shape[1])
    common, any_of = np.ones(shape, np.bool_), np.zeros(shape, np.bool_)
    alone = np.zeros(len(rows), np.bool_)
    one = membership.sum(axis=1) == 1
    for column in patterns.codes.T:
        codes = column[rows]
        common &= membership[codes]
        any_of |= membership[codes] & (codes > 0)[:, None]
        alone |= one[codes] & (codes > 0)
    agreed = common.sum(axis=1)
    left = np.where((agreed > 0).reshape(-1, 1), common, any_of)
    return np.asarray(left), np.asarray(alone | (agreed == 1))

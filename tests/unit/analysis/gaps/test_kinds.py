"""What votes leave open."""

from __future__ import annotations

import pytest

from retrolabel.analysis.gaps.kinds import left_by, of_kind
from retrolabel.votes import VoteMatrix

ROWS = [
    [None, None],  # no vote
    [{0, 1}, None],  # a set alone
    [{0, 1}, {1, 2}],  # two sets that leave one
    [{0, 1}, {2}],  # against each other
    [0, 0],
    [0, 1],  # against each other
    [0, {0, 1}],
    [{0, 1}, {2, 3}],  # sets against each other: guessed, too
]
VOTES = VoteMatrix.from_sets(ROWS, labels=4)


@pytest.mark.parametrize(("kind", "rows"), [("uncovered", [0]), ("guessed", [1, 7]), ("conflicting", [3, 5, 7])])
def test_items_of_a_kind_are_told_by_their_votes(kind, rows):
    assert [row for row, here in enumerate(of_kind(kind, VOTES).tolist()) if here] == rows


@pytest.mark.parametrize("kind", ["uncovered", "guessed", "conflicting"])
def test_without_items_or_voters_there_is_none_or_all(kind):
    assert of_kind(kind, VoteMatrix.from_sets([], labels=2, voters=["f"])).tolist() == []
    bare = VoteMatrix.from_sets([[], []], labels=2, voters=[])
    assert of_kind(kind, bare).tolist() == [kind == "uncovered"] * 2


def test_what_votes_leave_is_what_each_of_them_does():
    left = left_by(VOTES)
    assert left[0].all()
    assert left[2].tolist() == [False, True, False, False]
    assert not left[3].any()

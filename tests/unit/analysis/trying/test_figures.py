"""Figures of a labeling function on a sample: what each is of, and which hits come first."""

from __future__ import annotations

import numpy as np

from retrolabel.analysis.trying.figures import AGAINST, AGREES, RIGHT, UNJUDGED, WRONG, figures, in_order, verdicts
from retrolabel.analysis.trying.near_misses import Texts
from retrolabel.analysis.trying.telling import in_words
from retrolabel.analysis.trying.values import Ground, Share
from retrolabel.gold.agreement import wilson
from retrolabel.votes import VoteMatrix

LABELS = ("a", "b", "c")


def matrix(columns, voters):
    rows = [list(row) for row in zip(*columns, strict=True)]
    return VoteMatrix.from_sets(rows, labels=LABELS, voters=voters)


def ground(*, gold, others=None, drawn=None, said=None, sure=None, judged_by="", missing=()):
    n = len(gold)
    possible = np.zeros((n, 3), np.bool_)
    for row, places in enumerate(gold):
        possible[row, list(places)] = True
    return Ground(
        LABELS,
        np.ones(n, np.bool_) if drawn is None else np.array(drawn),
        n,
        others if others is not None else matrix([[None] * n], ["none"]).without_column("none"),
        missing,
        possible,
        judged_by,
        np.full(n, -1) if said is None else np.array(said),
        np.zeros(n) if sure is None else np.array(sure),
    )


def test_coverage_overlaps_and_conflicts_are_over_the_draw_and_dev_figures_over_all_gold():
    mine = matrix([[0, 0, 0, None, 0, 0]], ["mine"])
    others = matrix([[0, 1, None, 1, 1, None], [None, (0, 1), None, None, None, None]], ["x", "y"])
    known = ground(gold=[(0,), (1,), (), (0,), (), (0, 1)], others=others, drawn=[True] * 5 + [False])
    found = figures(mine, known)
    assert (found.items, found.hits, found.alone, found.overlaps, found.conflicts) == (5, 4, 1, 3, 2)
    assert [(each.lf, each.both, each.against) for each in found.partners] == [("x", 3, 2), ("y", 1, 0)]
    assert (found.dev_items, found.dev_hits) == (4, 3)
    assert (found.precision.right, found.precision.of) == (1, 2)
    assert {vote: (each.right, each.of) for vote, each in found.recall.items()} == {"a": (1, 2)}


def test_without_the_votes_of_others_nothing_is_said_of_them():
    found = figures(matrix([[0, None]], ["mine"]), ground(gold=[(), ()]))
    assert (found.alone, found.overlaps, found.conflicts) == (None, None, None)


def test_each_vote_has_its_own_precision_where_there_are_several():
    found = figures(matrix([[0, 0, 1, (0, 1)]], ["mine"]), ground(gold=[(0,), (1,), (1,), (2,)]))
    assert {vote: (each.right, each.of) for vote, each in found.by_vote.items()} == {
        "a": (1, 2),
        "b": (1, 1),
        "a|b": (0, 1),
    }


def test_gold_speaks_before_the_label_set_and_a_set_of_labels_judges_only_what_shares_none():
    mine = matrix([[0, 0, 0, 0, 0, 0, None]], ["mine"])
    known = ground(
        gold=[(1,), (0,), (0, 1), (1, 2), (), (), (1,)],
        said=[0, 1, 1, -1, 1, 0, 0],
        sure=[1.0, 1.0, 1.0, 0.0, 0.95, 0.95, 1.0],
        judged_by="ab",
    )
    assert verdicts(mine, known) == [WRONG, RIGHT, UNJUDGED, WRONG, AGAINST, AGREES, UNJUDGED]
    found = figures(mine, known)
    assert (found.confident.right, found.confident.of) == (1, 2)


def test_a_label_set_that_is_not_sure_judges_nothing():
    known = ground(gold=[()], said=[1], sure=[0.89], judged_by="ab")
    assert verdicts(matrix([[0]], ["mine"]), known) == [UNJUDGED]


def test_the_wrong_hits_come_first_then_what_a_label_set_is_surest_against():
    known = ground(gold=[()] * 5, said=[0] * 5, sure=[0.9, 0.91, 0.99, 0.9, 0.9])
    said = [RIGHT, AGAINST, AGAINST, UNJUDGED, WRONG]
    assert in_order(np.arange(5), said, known) == [4, 2, 1, 3, 0]


def test_a_share_of_three_items_says_so():
    assert str(Share(2, 3, wilson(2, 3))) == "0.667 [0.208, 0.939] of 3 (only 3: it says little)"
    assert str(Share(20, 30, wilson(20, 30))) == "0.667 [0.488, 0.808] of 30"
    assert str(Share(0, 0)) == "unknown (0 items)"


def test_sentences_say_what_is_not_known():
    mine = matrix([[0, None]], ["mine"])
    assert "there is no dev gold, so nothing says whether its votes are right" in list(
        in_words(figures(mine, ground(gold=[(), ()])), ground(gold=[(), ()]), None)
    )
    known = ground(gold=[(), (0,)])
    assert "it votes on none of 1 dev gold items, so its precision is unknown" in list(
        in_words(figures(mine, known), known, None)
    )


def test_near_misses_read_like_the_hits_are_none_of_them_and_are_told_once():
    texts = ["the link is dead", "dead link", "a dead link here", "dead LINK here a", "a dead link here", "nice one"]
    found = Texts(texts).like(np.array([True, True, False, False, False, False]), most=5)
    assert [each.row for each in found] == [2, 3]
    assert set(found[0].terms[:2]) == {"dead", "link"}


def test_there_are_no_near_misses_without_hits_without_others_and_without_words():
    assert Texts(["a b", "a b"]).like(np.array([False, False]), most=3) == []
    assert Texts(["a b", "a b"]).like(np.array([True, True]), most=3) == []
    assert Texts(["", "x"]).like(np.array([True, False]), most=3) == []

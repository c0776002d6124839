"""Pairs of labeling functions that conflict: how often, who is right, what the label set says."""

from __future__ import annotations

import numpy as np

from retrolabel.analysis.gaps.pairs import conflicting_pairs
from retrolabel.gold.agreement import wilson
from tests.unit.analysis.gaps.ground import ground


def pairs(known, lf=None, order=None):
    return conflicting_pairs(known, np.arange(len(known.drawn)) if order is None else np.array(order), lf)


def test_votes_that_share_a_label_are_no_conflict():
    (pair,) = pairs(ground([[0, 1], [{0, 1}, 1], [0, None], [0, 0], [{0, 1}, {1, 2}]]))
    assert (pair.lf, pair.other, pair.both, pair.against, pair.rows) == ("f", "g", 4, 1, (0,))
    assert pair.share == 0.25
    assert pairs(ground([[0, 0], [{0, 1}, 1]])) == []


def test_the_pairs_that_conflict_most_come_first():
    rows = [[0, 1, None], [0, 1, None], [0, None, 2], [None, 1, 2], [None, 1, 2], [None, 1, 2]]
    assert [(each.lf, each.other, each.against) for each in pairs(ground(rows))] == [
        ("g", "h", 3),
        ("f", "g", 2),
        ("f", "h", 1),
    ]
    assert [(each.lf, each.other, each.against) for each in pairs(ground(rows), "g")] == [("g", "h", 3), ("g", "f", 2)]


def test_counts_are_over_the_draw_and_who_is_right_over_all_gold_of_one_label():
    rows = [[0, 1]] * 5
    known = ground(rows, gold=[(0,), (0,), (1,), (2,), (0, 1)], drawn=[True, False, True, True, True])
    (pair,) = pairs(known)
    assert (pair.both, pair.against) == (4, 4)
    gold = pair.gold
    assert (gold.lf.right, gold.other.right, gold.neither, gold.lf.of) == (2, 1, 1, 4)
    assert gold.lf.figure == wilson(2, 4)


def test_a_vote_for_a_set_is_right_where_it_leaves_the_gold_label():
    (pair,) = pairs(ground([[{0, 1}, 2]] * 3, gold=[(0,), (1,), (2,)]))
    assert (pair.gold.lf.right, pair.gold.other.right) == (2, 1)


def test_the_label_set_is_asked_on_items_of_the_draw():
    known = ground([[0, 1]] * 5, said=[0, 1, 1, 2, -1])
    (pair,) = pairs(known)
    assert pair.said is not None
    assert vars(pair.said) == {"lf": 1, "other": 2, "neither": 1, "no_label": 1}
    assert pairs(ground([[0, 1]]))[0].said is None


def test_items_with_gold_are_shown_first_and_then_those_of_the_order_given():
    known = ground([[0, 1]] * 4, gold=[(), (), (0,), ()])
    assert pairs(known, order=[3, 0, 2, 1])[0].rows == (2, 3, 0, 1)


def test_the_votes_that_clash_most_often_are_named():
    (pair,) = pairs(ground([[0, 1], [0, 1], [0, {1, 2}], [1, 1]]))
    assert [(each.vote, each.other, each.items) for each in pair.votes] == [("a", "b", 2), ("a", "b|c", 1)]
    plain = pair.as_dict()
    assert plain["votes"][1] == {"lf": ["a"], "other": ["b", "c"], "items": 1}
    assert plain["gold"] == {
        "items": 0,
        "lf": {"right": 0, "share": None, "low": None, "high": None},
        "other": {"right": 0, "share": None, "low": None, "high": None},
        "neither": 0,
    }

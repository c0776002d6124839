"""What voters say of each label: present, absent or nothing, from numbers, sets and projected labels."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.errors import VoteError
from retrolabel.label_models.presence import PresenceVotes
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.relations import Presence
from retrolabel.schema.steps import Split
from retrolabel.schema.versions import LabelSchema

LABELS = ["joy", "pride", "fear"]


def test_sets_of_people_who_were_asked_of_all_labels_say_absent_of_the_others():
    votes = PresenceVotes.from_sets([[{"joy"}, None], [set(), {"pride", "fear"}]], labels=LABELS, voters=["ana", "bo"])
    assert [each.to_ints().tolist() for each in votes.votes] == [
        [[1, -1], [0, 0]],
        [[0, -1], [0, 1]],
        [[0, -1], [0, 1]],
    ]
    assert votes.covered.tolist() == [[True] * 3] * 2


def test_sets_of_labeling_functions_say_nothing_of_the_others_and_take_one_column_each():
    votes = PresenceVotes.from_sets([[{"joy"}, None], [None, {"fear"}]], labels=LABELS, complete=False)
    assert [each.voters for each in votes.votes] == [("lf_0",), (), ("lf_1",)]
    assert votes.covered.tolist() == [[True, False, False], [False, False, True]]
    assert repr(votes) == "PresenceVotes(2 items x 2 voters, 3 labels, 33.3 % of the cells covered)"


def test_presence_as_a_relation_projects_it_brings_groups():
    v1 = LabelSchema(task="mood", version="1.0.0", scale="multilabel", labels=[Label("happy"), Label("fear")])
    v2 = LabelSchema(
        task="mood", version="2.0.0", revises=v1, scale="multilabel", labels=[*map(Label, LABELS)],
        steps=[Split("happy", into=["joy", "pride"])],
    )  # fmt: skip
    relation = History([v1, v2]).relation("1.0.0", "2.0.0")
    rows = [[relation.project_presence(held)] for held in (["happy"], ["fear"], [])]
    votes = PresenceVotes.from_presence(rows, labels=LABELS, voters=["ana"])
    assert votes.groups == ((0, 1),)
    assert votes.grouped.tolist() == [[0, 0]]
    assert votes.votes[2].to_ints().tolist() == [[0], [1], [0]]
    assert votes.votes[0].to_ints().tolist() == [[-1], [0], [0]]
    assert votes.covered.tolist() == [[True] * 3] * 3
    assert {groups: rows.tolist() for groups, rows in votes.rows_by_groups().items()} == {(0,): [0]}


def test_groups_of_all_voters_hold_and_equal_ones_are_one():
    either = Presence(frozenset(), frozenset(), frozenset(LABELS), frozenset({frozenset({"joy", "fear"})}))
    votes = PresenceVotes.from_presence([[either, either], [None, None]], labels=LABELS)
    assert votes.groups == ((0, 2),)
    assert votes.grouped.tolist() == [[0, 0]]


def test_counts_say_how_many_items_a_row_stands_for():
    votes = PresenceVotes.from_ints([[[1, -1]], [[1, 0]]], labels=["a", "b"], counts=[3, 2])
    assert votes.patterns(0).counts.tolist() == [5.0]
    assert votes.patterns(1).counts.tolist() == [3.0, 2.0]


@pytest.mark.parametrize(
    ("votes", "more", "said"),
    [
        ([[1, 0]], {}, "items x voters x 2 labels"),
        ([[[1, 2]]], {}, "1 (present), 0 (absent) or -1"),
        ([[[1.0, 0.0]]], {}, "1 (present), 0 (absent) or -1"),
        ([[[1, 0]]], {"voters": ["a", "b"]}, "1 columns of votes and 2 names"),
        ([[[1, 0], [1, 0]]], {"voters": ["a", "a"]}, "voter is named twice"),
        ([[[1, 0]]], {"labels": ["a", "a"]}, "label is named twice"),
        ([[[1, 0]]], {"counts": [0]}, "positive numbers"),
        ([[[1, 0]]], {"counts": [1, 2]}, "positive numbers"),
        ([[[1, 0]]], {"groups": {0: [["c"]]}}, "'c' is no label"),
        ([[[1, 0]]], {"groups": {1: [["a"]]}}, "there are 1 items"),
        ([[[1, 0]]], {"groups": {0: [[]]}}, "empty group"),
    ],
)
def test_what_makes_no_sense_is_refused(votes, more, said):
    with pytest.raises(VoteError) as told:
        PresenceVotes.from_ints(votes, **{"labels": ["a", "b"], **more})
    assert said in str(told.value)


def test_unknown_labels_and_ragged_rows_are_refused_all_at_once():
    with pytest.raises(VoteError) as told:
        PresenceVotes.from_sets([[{"jot"}, {"joy", "x"}]], labels=LABELS)
    assert "2 votes" in str(told.value)
    assert "Did you mean 'joy'" in str(told.value)
    with pytest.raises(VoteError, match="different numbers of votes"):
        PresenceVotes.from_sets([[None], [None, None]], labels=LABELS)


def test_no_items_are_fine():
    votes = PresenceVotes.from_sets([], labels=LABELS, voters=["ana"])
    assert votes.shape == (0, 1, 3)
    assert votes.covered.shape == (0, 3)
    assert np.array_equal(votes.grouped, np.zeros((0, 2)))

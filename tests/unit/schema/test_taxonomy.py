"""Labels with labels below them: leaves, votes for what is above them, and votes against it."""

from __future__ import annotations

import pytest

from retrolabel.errors import SchemaError, VoteError
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label, union
from retrolabel.schema.steps import Add
from retrolabel.schema.taxonomy import Taxonomy
from retrolabel.schema.versions import LabelSchema

TREE = Taxonomy.of({"bug": None, "crash": "bug", "hang": "bug", "deadlock": "hang", "livelock": "hang", "ask": None})

BUG, ASK = Label("bug"), Label("ask")
CRASH, HANG = Label("crash", parent="bug"), Label("hang", parent="bug")
V1 = LabelSchema(task="triage", version="1.0.0", labels=[BUG, CRASH, HANG, ASK])


def left(vote, history=None, version="1.0.0"):
    """Return what a vote leaves possible, and of what kind it is."""
    found = (history or History([V1])).resolve(union(vote), version)
    return set(found.ids), found.kind


def test_a_tree_knows_its_leaves_what_is_above_and_what_is_below():
    assert TREE.leaves == ("crash", "deadlock", "livelock", "ask")
    assert TREE.inner == ("bug", "hang")
    assert TREE.ancestors("livelock") == ("hang", "bug")
    assert TREE.below("bug") == {"crash", "deadlock", "livelock"}
    assert TREE.below("ask") == {"ask"}
    assert TREE.leaves_of(["hang", "ask"]) == {"deadlock", "livelock", "ask"}


def test_without_parents_every_label_is_a_leaf():
    flat = Taxonomy.of({"a": None, "b": None})
    assert flat.leaves == flat.labels == ("a", "b")
    assert flat.inner == ()


def test_a_reserved_label_connects_what_is_above_it_with_what_is_below():
    middle = Label("soft", parent="bug", status="reserved")
    version = LabelSchema(task="t", version="1.0.0", labels=[BUG, middle, Label("hang", parent="soft"), CRASH, ASK])
    assert version.taxonomy.parents == {"hang": "bug", "crash": "bug"}
    assert version.leaves == ("hang", "crash", "ask")


@pytest.mark.parametrize("parents", [{"a": "b", "b": "a"}, {"a": "a"}, {"a": "nobody"}], ids=str)
def test_circles_and_unknown_parents_are_refused(parents):
    with pytest.raises(SchemaError):
        Taxonomy.of(parents)


def test_a_circle_of_labels_that_nobody_may_give_is_refused():
    with pytest.raises(SchemaError, match="no label above it"):
        Taxonomy.of({"a": "x", "x": "y", "y": "x"}, ["a"])


def test_a_vote_for_a_label_above_others_is_a_vote_for_its_leaves():
    assert left(BUG) == ({"crash", "hang"}, "set")
    assert left(CRASH) == ({"crash"}, "exact")
    assert left(BUG | ASK) == ({"crash", "hang", "ask"}, "unknown")


def test_a_vote_against_a_leaf_leaves_the_others_and_one_against_a_parent_leaves_none_of_its_leaves():
    assert left(~CRASH) == ({"hang", "ask"}, "set")
    assert left(~BUG) == ({"ask"}, "exact")
    assert left(~ASK) == ({"crash", "hang"}, "set")
    with pytest.raises(VoteError, match="leaves no label"):
        left(~(BUG | ASK))


def test_in_a_version_of_several_answers_a_parent_is_a_label_like_others():
    several = LabelSchema(task="t", version="1.0.0", scale="multilabel", labels=[BUG, CRASH, HANG, ASK])
    assert several.leaves == several.ids


def test_a_label_that_got_others_below_it_is_carried_as_its_leaves_and_back():
    flat = LabelSchema(task="triage", version="1.0.0", labels=[BUG, ASK])
    deep = LabelSchema(
        task="triage", version="2.0.0", revises=flat, labels=[BUG, CRASH, HANG, ASK],
        steps=[Add(CRASH, carved_from=BUG), Add(HANG, carved_from=BUG)],
    )  # fmt: skip
    history = History([flat, deep])
    assert left(BUG, history, "2.0.0") == ({"crash", "hang"}, "set")
    assert left(ASK, history, "2.0.0") == ({"ask"}, "exact")
    assert left(HANG, history, "1.0.0") == ({"bug"}, "exact")

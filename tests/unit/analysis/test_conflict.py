"""Whether two votes conflict, as they are read in a frame of votes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from retrolabel import Label, LabelSchema, conflict
from retrolabel.errors import UnknownLabelError, VoteError

BUG, CRASH, LOGIN = Label("bug"), Label("crash", parent="bug"), Label("login", parent="bug")
TREE = LabelSchema(task="issues", version="1.0.0", labels=[BUG, CRASH, LOGIN, Label("wish")])


def test_votes_that_share_a_label_do_not_conflict_however_they_are_written():
    assert not conflict("crash|login", "login")
    assert not conflict("login|crash", "crash | wish")
    assert not conflict({"crash", "login"}, CRASH)
    assert not conflict(CRASH | LOGIN, "login")
    assert conflict("crash|login", "wish")


def test_a_vote_that_rules_labels_out_conflicts_with_those_and_no_others():
    assert conflict("~crash", "crash")
    assert conflict(~(CRASH | LOGIN), "crash|login")
    assert not conflict("~crash", "crash|login")
    assert not conflict("~crash", "~crash|login")


def test_an_abstention_conflicts_with_nothing():
    for nothing in (None, np.nan, pd.NA):
        assert not conflict(nothing, "crash")
        assert not conflict("crash", nothing)


def test_two_that_rule_out_need_the_labels_that_there_are():
    with pytest.raises(VoteError, match="depends on the labels that there are"):
        conflict("~crash", "~login")
    assert conflict("~crash", "~login", labels=["crash", "login"])
    assert not conflict("~crash", "~login", labels=["crash", "login", "wish"])


def test_a_label_with_others_below_it_leaves_these():
    assert not conflict("bug", "crash", labels=TREE)
    assert conflict("~bug", "login", labels=TREE)
    assert conflict("~bug", "~wish", labels=TREE)
    assert not conflict("~crash", "bug", labels=TREE)


def test_what_is_no_vote_is_refused():
    for vote in ("", "crash|", "~", [], frozenset()):
        with pytest.raises(VoteError, match="leaves no label"):
            conflict(vote, "crash")
    with pytest.raises(VoteError, match="3 is no vote"):
        conflict(3, "crash")
    with pytest.raises(VoteError, match="leaves none of the labels a, b"):
        conflict("~a|b", "a", labels=["a", "b"])
    with pytest.raises(UnknownLabelError, match="Did you mean 'crash'"):
        conflict("crahs", "login", labels=TREE)


def test_a_multilabel_version_is_refused_since_two_labels_may_hold_there():
    version = LabelSchema(task="moods", version="1.0.0", scale="multilabel", labels=[Label("joy"), Label("fear")])
    with pytest.raises(VoteError, match="multilabel"):
        conflict("joy", "fear", labels=version)


def test_columns_are_compared_item_by_item_on_their_index():
    index = pd.MultiIndex.from_tuples([("web", "1"), ("web", "2"), ("web", "3")], names=["source", "item_id"])
    votes = pd.DataFrame({"f": ["crash|login", None, "crash"], "g": ["login", "login", "wish"]}, index=index)
    found = conflict(votes["f"], votes["g"])
    assert found.tolist() == [False, False, True]
    assert found.index.equals(index)
    assert conflict(votes["f"], "crash").tolist() == [False, False, False]
    assert conflict("wish", votes["f"]).tolist() == [True, False, True]
    assert conflict(votes["f"].to_numpy(), votes["g"].to_numpy()).tolist() == [False, False, True]
    assert conflict(votes["f"].astype("category"), votes["g"].astype("string")).tolist() == [False, False, True]
    assert conflict(votes["f"], None).tolist() == [False, False, False]


def test_only_pairs_that_occur_are_compared():
    one, other = pd.Series(["~a", "b"]), pd.Series(["a", "~c"])
    assert conflict(one, other).tolist() == [True, False]


def test_columns_of_other_items_are_refused():
    one = pd.Series(["a", "b"], index=["1", "2"])
    with pytest.raises(VoteError, match="their indexes differ"):
        conflict(one, one[::-1])
    with pytest.raises(VoteError, match="2 and 3 items"):
        conflict(one, np.array(["a", "b", "c"]))
    with pytest.raises(VoteError, match="several columns"):
        conflict(one.to_frame(), one)


def test_a_column_of_no_items_is_no_conflict():
    assert conflict(pd.Series([], dtype=object), "a").tolist() == []

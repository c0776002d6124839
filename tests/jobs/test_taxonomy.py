"""A relabel of labels with labels below them: votes for a parent, gold on a parent, probabilities that add up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from retrolabel.errors import SchemaError
from retrolabel.label_models.taxonomy import deepest

TREE = """\
from retrolabel import Label, LabelSchema

GOOD = Label("good", "The person got what they needed.")
BAD = Label("bad", "The person did not get what they needed.")
SLOW = Label("slow", "It took too long.", parent="bad")
WRONG = Label("wrong", "The answer is wrong.", parent="bad")
SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD, SLOW, WRONG])
"""

LFS = """\
from labeling_functions.mood.schema.v1 import BAD, GOOD, SLOW, WRONG
from retrolabel import labeling_function


@labeling_function(GOOD)
def praises(comment):
    return "thanks" in comment or "great" in comment


@labeling_function(BAD)
def shouts(comment):
    return comment.isupper()


@labeling_function(SLOW)
def waited(comment):
    return "slow" in comment


@labeling_function(WRONG)
def errs(comment):
    return "wrong" in comment


@labeling_function(~BAD)
def is_fine(comment):
    return "ok" in comment
"""


@pytest.fixture
def ws(project):
    """A project whose label ``bad`` has two below it, with forty items."""
    project.write("labeling_functions/mood/schema/v1.py", TREE)
    project.lfs(LFS)
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=40), "web")
    opened.task("mood").relabel()
    return opened


def test_labels_are_leaves_and_the_probability_of_a_parent_is_the_sum_of_theirs(ws):
    label_set = ws.task("mood").label_set()
    assert label_set.labels == ("good", "slow", "wrong")
    assert label_set.taxonomy.parents == {"slow": "bad", "wrong": "bad"}
    frame = ws.task("mood").labels("latest")
    assert np.allclose(frame[["p_good", "p_slow", "p_wrong"]].sum(axis=1), 1)
    assert np.allclose(frame["sum_bad"], frame["p_slow"] + frame["p_wrong"])
    assert list(frame.columns[3:8]) == ["probability", "p_good", "p_slow", "p_wrong", "sum_bad"]


def test_a_vote_for_a_parent_raises_its_leaves_and_a_vote_against_it_lowers_them(ws):
    frame = ws.task("mood").labels("latest").set_index("item_id")
    assert frame.loc["4", "sum_bad"] > 0.7  # WRONG AGAIN: shouting alone
    assert pd.isna(frame.loc["4", "label"]) or frame.loc["4", "label"] in ("slow", "wrong")
    assert frame.loc["7", "label"] == "good"  # ok then
    assert frame.loc["1", "label"] == "wrong"
    votes = ws.task("mood").votes().droplevel("source")
    assert votes.loc["4", "shouts"] == "slow|wrong"
    assert votes.loc["7", "is_fine"] == "good"


def test_the_deepest_label_that_is_probable_enough_may_be_the_parent(ws):
    label_set, frame = ws.task("mood").label_set(), ws.task("mood").labels("latest").set_index("item_id")
    own = frame[[f"p_{leaf}" for leaf in label_set.labels]].to_numpy()
    places = deepest(label_set.taxonomy, own, at_least=0.7)
    found = pd.Series([label_set.taxonomy.labels[place] if place >= 0 else None for place in places], frame.index)
    assert found["4"] in ("bad", "slow", "wrong")
    assert found["7"] == "good"


def test_one_item_shows_the_sums_beside_the_distribution(ws):
    (found,) = ws.task("mood").label_set().item("4")
    assert sum(found["probabilities"].values()) == pytest.approx(1)
    assert found["sums"] == {"bad": pytest.approx(found["probabilities"]["slow"] + found["probabilities"]["wrong"])}


def test_gold_on_a_parent_leaves_the_labels_below_it_and_counts_by_membership(project, ws):
    labels = {0: "good", 1: "wrong", 2: "slow", 3: "good", 9: "bad", 10: "bad"}
    ws.task("mood").gold.import_file(project.gold(labels), "web", role="dev")
    _, scores, _ = ws.task("mood").evaluate()
    dev = scores["dev"]
    assert dev.agreement.n == 4
    assert (dev.membership.n, dev.membership.exact, dev.membership.share.value) == (6, 4, 1.0)
    assert dev.as_dict()["membership"]["set_valued"] == 2
    assert ws.task("mood").plan().dev.sets["web", "9"] == {1, 2}


def test_plans_and_relabels_of_a_taxonomy_agree(ws):
    assert ws.task("mood").plan().nothing_to_do


def test_a_tree_with_one_leaf_leaves_nothing_to_tell_apart(project):
    project.write(
        "labeling_functions/mood/schema/v1.py",
        "from retrolabel import Label, LabelSchema\n"
        'GOOD, BAD = Label("good", parent="bad"), Label("bad")\n'
        'SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD])\n',
    )
    ws = project.open()
    ws.feedback.ingest(project.feedback(items=8), "web")
    with pytest.raises(SchemaError, match="one label with none below it"):
        ws.task("mood").plan()

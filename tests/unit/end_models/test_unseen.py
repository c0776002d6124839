"""A model that votes never votes on what it was trained on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from retrolabel import Label, classifier
from retrolabel.end_models.features import TextFeatures
from retrolabel.end_models.model import EndModel
from retrolabel.end_models.training import LinearModel
from retrolabel.end_models.unseen import Folds, marks, parts_of
from retrolabel.end_models.voting import VotingModel
from retrolabel.errors import InputError

TEXTS = [["crash at start"], ["please add dark mode"], ["crash in menu"], ["please add sounds"]]
ABOUT = {"task": "issue_type", "label_set": "0123456789abcdef"}


def always(label: int, size: int) -> LinearModel:
    """A model that is sure of one label, whatever the item."""
    return LinearModel(np.zeros((2, size)), np.where(np.arange(2) == label, 9.0, 0.0))


@pytest.fixture
def model():
    """The whole model says bug of everything, the models of both folds say wish."""
    features = TextFeatures.fit(TEXTS)
    wish = always(1, features.size)
    folds = Folds((wish, wish), np.unique(marks(TEXTS)))
    return EndModel(("bug", "wish"), ("body",), features, always(0, features.size), ABOUT, folds)


def test_an_item_that_was_trained_on_is_left_to_a_model_that_did_not_see_it(model):
    assert model.predict_unseen(TEXTS).argmax(axis=1).tolist() == [1, 1, 1, 1]
    assert model.predict_unseen([["never said before"]]).argmax(axis=1).tolist() == [0]
    assert model.predict_proba(TEXTS).argmax(axis=1).tolist() == [0, 0, 0, 0]


def test_what_differs_in_digits_and_punctuation_alone_is_seen_too(model):
    assert model.predict_unseen([["Crash, at start 12!"]]).argmax(axis=1).tolist() == [1]


def test_items_with_the_same_letters_are_in_the_same_part():
    known = marks([[f"order {n} is late"] for n in range(50)] + [["order is early"]])
    assert len(set(known[:50].tolist())) == 1
    assert len(set(parts_of(known[:50], 5).tolist())) == 1
    assert known[0] != known[50]


def test_folds_outlive_the_way_to_bytes_and_back(model):
    back = EndModel.from_bytes(model.to_bytes())
    assert back.to_bytes() == model.to_bytes()
    assert back.predict_unseen(TEXTS).tolist() == model.predict_unseen(TEXTS).tolist()


def test_a_model_without_folds_does_not_vote(model):
    bare = EndModel(model.labels, model.columns, model.features, model.linear, ABOUT)
    with pytest.raises(InputError, match="it would vote on what it was trained on") as raised:
        VotingModel(bare.to_bytes()).predict_proba(["crash"])
    assert raised.value.remedy == "retrolabel train TASK --voter FILE makes one that has them"


def test_a_classifier_asks_it_about_texts_or_a_frame(model):
    voting = VotingModel(model.to_bytes())
    asked = classifier({"bug": Label("bug"), "wish": Label("wish")}, voting, column="body")
    assert str(asked.vote({"body": "crash at start"})) == "wish"
    assert str(asked.vote({"body": "never said before"})) == "bug"
    assert asked.vote({"body": None}) is None
    frame = pd.DataFrame({"other": ["x"], "body": ["crash at start"]})
    assert voting.predict_proba(frame).argmax(axis=1).tolist() == [1]


def test_its_bytes_are_its_identity(model):
    voting = VotingModel(model.to_bytes())
    assert voting.identity() == VotingModel(model.to_bytes()).identity()
    assert voting.identity() != VotingModel(model.to_bytes() + b" ").identity()
    assert repr(voting) == "VotingModel(issue_type, label set 0123456789ab)"


def test_a_column_that_is_not_given_is_told(model):
    with pytest.raises(InputError, match="The model reads body too"):
        VotingModel(model.to_bytes()).predict_proba(pd.DataFrame({"title": ["crash"]}))

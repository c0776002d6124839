"""A label model is made again from its settings."""

from __future__ import annotations

import pytest

from retrolabel.errors import VoteError
from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.dawid_skene import DawidSkene
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.rebuilding import NUMERICS, from_settings, without
from retrolabel.label_models.snorkel import SnorkelLabelModel
from retrolabel.label_models.weighted_vote import WeightedVote

MODELS = [
    LabelModel(),
    LabelModel(base_precision={"a": 0.9}, dependence={"a": 0.5}, ranks=[1, 2, 4], at_prior=True, tied=["a"], seed=3),
    LabelModel(class_prior=[0.2, 0.8], without_gold=[0.5, 0.5]),
    MajorityVote.smoothed(),
    WeightedVote(base_precision=0.6),
    DawidSkene(max_iter=5),
    SnorkelLabelModel(seed=7),
    AutoLabelModel(),
    AutoLabelModel(candidates=(LabelModel(ranks=[2, 1]), MajorityVote())),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_model_comes_back_from_its_settings(model):
    assert from_settings(model.settings()).settings() == model.settings()


def test_settings_that_there_are_not_are_refused():
    with pytest.raises(VoteError, match="'label_model' has no settings depth"):
        from_settings({**LabelModel().settings(), "depth": 2})


def test_a_model_that_there_is_not_is_refused():
    with pytest.raises(VoteError, match="no label model 'oracle'"):
        from_settings({"name": "oracle"})


def test_numerics_are_left_out_of_candidates_too():
    settings = AutoLabelModel(candidates=(LabelModel(),)).settings()
    assert "numerics" not in without(settings, NUMERICS)["candidates"][0]
    assert "numerics" in settings["candidates"][0]

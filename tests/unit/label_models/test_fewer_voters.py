"""The same label model for fewer voters."""

from __future__ import annotations

from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.fewer_voters import among
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote


def test_settings_that_name_voters_name_those_that_are_left():
    model = LabelModel(base_precision={"a": 0.9, "b": 0.8}, dependence={"a": 1.0, "b": 0.5, "c": 0.2}, tied=["b", "c"])
    assert among(model, ["a", "c"]) == LabelModel(
        base_precision={"a": 0.9}, dependence={"a": 1.0, "c": 0.2}, tied=["c"]
    )


def test_settings_that_name_nobody_stay():
    for model in (LabelModel(shrinkage=2.0, seed=3), MajorityVote(), AutoLabelModel()):
        assert among(model, ["a"]) == model


def test_so_do_the_candidates_of_auto():
    found = among(AutoLabelModel(candidates=(LabelModel(tied=["a", "b"]), MajorityVote())), ["b"])
    assert found.candidates == (LabelModel(tied=["b"]), MajorityVote())

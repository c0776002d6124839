"""A label model that MLflow keeps: votes in, probabilities out."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from retrolabel.errors import VoteError
from retrolabel.label_models.label_model import LabelModel
from retrolabel.tracking.label_models import _load_pyfunc, kept_for_mlflow
from retrolabel.tracking.registry import FILE
from retrolabel.votes import VoteMatrix

VOTES = VoteMatrix.from_ints(
    [[0, 0], [0, -1], [1, -1], [-1, -1]], labels=["bug", "wish"], voters=["says_crash", "asks"]
)
FITTED = LabelModel().fit(VOTES)
INPUTS = {
    "task": "mood",
    "schema": {"version": "1.0.0", "labels": ["bug", "wish"]},
    "lfs": [{"name": "says_crash"}, {"name": "asks"}],
    "label_model": LabelModel().settings(),
}


@pytest.fixture
def model(tmp_path):
    """The model, as MLflow loads it from a folder."""
    (tmp_path / FILE).write_bytes(kept_for_mlflow("1f" * 16, INPUTS, FITTED.parameters()))
    return _load_pyfunc(str(tmp_path))


def test_cells_are_labels_several_labels_or_nothing_and_a_column_that_is_missing_abstains(model):
    frame = pd.DataFrame({"says_crash": ["bug", "bug|wish", None, ""]}, index=["a", "b", "c", "d"])
    found = model.predict(frame)
    assert found.columns.tolist() == ["label", "bug", "wish"]
    assert found.index.tolist() == ["a", "b", "c", "d"]
    assert found["label"].tolist() == ["bug", None, None, None]
    assert found.loc["b", ["bug", "wish"]].tolist() == found.loc["d", ["bug", "wish"]].tolist()
    want = FITTED.predict_proba(VOTES)[1].tolist()
    assert found.loc["a", ["bug", "wish"]].tolist() == want


def test_a_column_that_is_no_labeling_function_is_named_with_those_that_are(model):
    with pytest.raises(VoteError, match=r"1 column is no labeling function of label set 1f1f1f1f1f1f: comment") as told:
        model.predict(pd.DataFrame({"comment": ["it crashes"]}))
    assert "says_crash, asks" in str(told.value.remedy)


def test_a_cell_that_names_no_label_is_told(model):
    with pytest.raises(VoteError, match="make no sense"):
        model.predict(pd.DataFrame({"asks": ["crash"]}))


def test_a_label_model_that_is_not_kept_whole_leaves_nothing():
    assert kept_for_mlflow("1f", {**INPUTS, "label_model": {"name": "snorkel"}}, {}) == b""
    assert json.loads(kept_for_mlflow("1f", INPUTS, FITTED.parameters()))["voters"] == ["says_crash", "asks"]

"""A model as bytes: the same for the same model, and nothing that runs when it is read."""

from __future__ import annotations

import io
import json
import pickle

import numpy as np
import pytest

from retrolabel.end_models.features import TextFeatures
from retrolabel.end_models.model import FORMAT, EndModel
from retrolabel.end_models.training import fit
from retrolabel.errors import CorruptionError, StoreError

TEXTS = [["dead link"], ["dead page"], ["thank you"], ["thanks so much"]]


@pytest.fixture
def model():
    features = TextFeatures.fit(TEXTS)
    linear = fit(features.transform(TEXTS), np.eye(2)[[1, 1, 0, 0]], np.ones(4), strength=10.0)
    return EndModel(("good", "bad"), ("comment",), features, linear, {"task": "mood", "label_set": "ab" * 16})


def test_what_was_stored_says_the_same(model):
    again = EndModel.from_bytes(model.to_bytes())
    items = [["a dead link"], ["thanks"], [None]]
    assert np.allclose(again.predict_proba(items), model.predict_proba(items), atol=1e-6)
    assert (again.labels, again.columns, again.about) == (model.labels, model.columns, model.about)
    assert again.predict_proba(items).argmax(axis=1).tolist()[:2] == [1, 0]


def test_the_same_model_gives_the_same_bytes(model):
    assert model.to_bytes() == model.to_bytes()
    assert EndModel.from_bytes(model.to_bytes()).to_bytes() == model.to_bytes()


def told_otherwise(content, **changes):
    """Return a model's bytes with something else in what they tell of it."""
    arrays = dict(np.load(io.BytesIO(content)))
    told = json.loads(arrays["told"].tobytes()) | changes
    arrays["told"] = np.frombuffer(json.dumps(told).encode(), np.uint8)
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


@pytest.mark.parametrize(
    ("written", "said"),
    [(FORMAT + 1, "of a newer retrolabel; this one reads up to"), (1, "of an older retrolabel; this one reads from")],
)
def test_a_model_in_a_format_that_is_not_read_is_refused_with_what_helps(model, written, said):
    assert EndModel.from_bytes(told_otherwise(model.to_bytes())).labels == model.labels
    with pytest.raises(StoreError, match=said) as raised:
        EndModel.from_bytes(told_otherwise(model.to_bytes(), format=written))
    assert not isinstance(raised.value, CorruptionError)
    assert "retrolabel train TASK" in raised.value.remedy


class Bomb:
    def __reduce__(self):
        return (pytest.fail, ("code ran",))


def test_a_pickle_is_refused_and_never_run():
    out = io.BytesIO()
    np.savez(out, told=np.array([Bomb()], dtype=object), allow_pickle=True)
    for content in (out.getvalue(), pickle.dumps({"told": 1}), b"", b"PK\x03\x04 cut"):
        with pytest.raises(CorruptionError, match="A stored model cannot be read"):
            EndModel.from_bytes(content)

"""Classifiers of somebody's own."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.naive_bayes import MultinomialNB
from sklearn.svm import LinearSVC

from retrolabel.end_models.estimators import fit_estimator
from retrolabel.end_models.features import TextFeatures
from retrolabel.end_models.model import EndModel
from retrolabel.errors import InputError, SettingsError

TEXTS = [["it crashes"], ["please add"]]
ONES = np.ones(2)


@pytest.fixture
def model():
    features, numbers = TextFeatures.learned(TEXTS)
    targets = np.array([[0.9, 0.1, 0.0], [0.0, 1.0, 0.0]])
    return EndModel(
        ("bug", "wish", "question"), ("body",), features, fit_estimator(MultinomialNB, numbers, targets, ONES), {}
    )


def test_a_label_that_no_item_has_gets_no_probability(model):
    said = model.predict_proba(TEXTS)
    assert said.argmax(axis=1).tolist() == [0, 1]
    assert said[:, 2].tolist() == [0.0, 0.0]
    assert np.allclose(said.sum(axis=1), 1.0)


def test_it_is_read_only_where_its_hash_was_checked(model):
    content = model.to_bytes()
    with pytest.raises(InputError, match="reading it runs code"):
        EndModel.from_bytes(content)
    back = EndModel.from_bytes(content, trusted=True)
    assert back.predict_proba(TEXTS).tolist() == model.predict_proba(TEXTS).tolist()
    assert model.to_bytes() == content


def test_one_without_probabilities_is_refused():
    with pytest.raises(SettingsError, match="LinearSVC has no predict_proba"):
        fit_estimator(LinearSVC, csr_matrix(np.eye(2)), np.eye(2), ONES)

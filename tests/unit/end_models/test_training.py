"""A linear model on probabilistic labels: what is likely counts as much as it is likely."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from retrolabel.end_models.training import confidence, fit

ONE = csr_matrix(np.ones((1, 1)))


def test_an_item_with_probabilities_weighs_as_two_items_with_labels_do():
    features = csr_matrix(np.array([[1.0, 0.0], [0.0, 1.0]]))
    soft = fit(features, np.array([[0.75, 0.25], [0.1, 0.9]]), np.array([4.0, 10.0]))
    rows = [0, 0, 0, 0] + [1] * 10
    hard = fit(features[rows], np.eye(2)[[0, 0, 0, 1] + [0] + [1] * 9], np.ones(14))
    assert np.allclose(soft.predict_proba(features), hard.predict_proba(features), atol=1e-3)


def test_where_features_say_nothing_the_mean_of_the_labels_is_said():
    features = csr_matrix(np.ones((4, 1)))
    targets = np.array([[0.8, 0.1, 0.1]] * 4)
    said = fit(features, targets, np.ones(4), strength=1e6).predict_proba(ONE)
    assert np.allclose(said, targets[:1], atol=0.01)


@pytest.mark.parametrize("labels", [2, 3])
def test_a_label_that_nothing_has_gets_no_probability(labels):
    targets = np.zeros((4, labels))
    targets[:, 0] = [1, 0, 1, 0]
    targets[:, 1] = [0, 1, 0, 1]
    said = fit(csr_matrix(np.eye(4)), targets, np.ones(4)).predict_proba(csr_matrix(np.eye(4)))
    assert np.allclose(said.sum(axis=1), 1)
    assert (said[:, 2:] == 0).all()


def test_one_label_alone_is_said_of_everything():
    said = fit(csr_matrix(np.eye(3)), np.tile([1.0, 0.0], (3, 1)), np.ones(3)).predict_proba(csr_matrix(np.eye(3)))
    assert said.tolist() == [[1.0, 0.0]] * 3


def test_an_item_without_weight_changes_nothing():
    features = csr_matrix(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]))
    targets = np.array([[0.9, 0.1], [0.2, 0.8], [0.0, 1.0]])
    with_it = fit(features, targets, np.array([1.0, 1.0, 0.0]))
    without = fit(features[:2], targets[:2], np.ones(2))
    assert np.array_equal(with_it.coefficients, without.coefficients)


def test_the_same_items_give_the_same_model_to_the_bit():
    rng = np.random.default_rng(0)
    features, targets = csr_matrix(rng.random((50, 8))), rng.dirichlet(np.ones(3), 50)
    first, second = (fit(features, targets, np.ones(50)) for _ in range(2))
    assert first.coefficients.tobytes() == second.coefficients.tobytes()


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=6))
def test_confidence_is_between_nothing_and_all(masses):
    targets = np.array([masses]) / sum(masses)
    assert 0 <= confidence(targets)[0] <= 1

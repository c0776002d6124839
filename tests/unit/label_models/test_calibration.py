"""One temperature: fitted to gold, held near 1 where there is little of it."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.label_models.calibration import PENALTY, at
from retrolabel.label_models.calibration import temperature as of_sets


def temperature(probabilities, gold):
    """Return the temperature that gold of one label an item gives, from counts [U, k]."""
    rows, places = np.nonzero(gold)
    return of_sets(probabilities[rows], np.eye(gold.shape[1], dtype=bool)[places], gold[rows, places])


def said(sure, n, right):
    """Return two labels said with one probability on n items, and gold that has ``right`` of them so."""
    return np.array([[sure, 1 - sure]]), np.array([[float(right), float(n - right)]])


def test_probabilities_that_are_right_as_often_as_they_say_stay():
    assert temperature(*said(0.8, 1_000, 800)) == pytest.approx(1.0, abs=1e-3)


def test_probabilities_that_say_too_much_are_warmed_to_what_holds():
    found = temperature(*said(0.99, 10_000, 7_000))
    assert at(np.array([[0.99, 0.01]]), found)[0, 0] == pytest.approx(0.7, abs=0.01)
    assert found > 1


def test_probabilities_that_say_too_little_are_cooled_to_what_holds():
    found = temperature(*said(0.6, 10_000, 9_000))
    assert at(np.array([[0.6, 0.4]]), found)[0, 0] == pytest.approx(0.9, abs=0.01)
    assert found < 1


def test_little_gold_moves_it_little():
    one, ten, many = (temperature(*said(0.99, n, 0.7 * n)) for n in (1, 10, 1_000))
    assert 1 < one < ten < many


@pytest.mark.parametrize("gold", [np.zeros((2, 2)), np.zeros((0, 2))])
def test_without_gold_it_is_one(gold):
    assert temperature(np.full((len(gold), 2), 0.5), gold) == 1.0


def test_it_is_the_least_of_its_loss():
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.ones(4) / 2, size=60)
    gold = rng.integers(0, 3, size=(60, 4)).astype(float)

    def loss(degrees):
        return -(gold * np.log(at(probabilities, degrees))).sum() + PENALTY * np.log(degrees) ** 2

    found = temperature(probabilities, gold)
    assert all(loss(found) <= loss(found * factor) + 1e-6 for factor in (0.9, 0.99, 1.01, 1.1))


def test_a_probability_of_zero_that_holds_gives_a_finite_temperature():
    found = temperature(np.array([[1.0, 0.0]]), np.array([[0.0, 50.0]]))
    assert np.isfinite(found)
    assert found > 1


def test_it_does_not_depend_on_the_order_of_items_or_labels():
    rng = np.random.default_rng(1)
    probabilities, gold = rng.dirichlet(np.ones(3), size=40), rng.integers(0, 3, size=(40, 3)).astype(float)
    order = rng.permutation(40)
    expected = temperature(probabilities, gold)
    assert temperature(probabilities[order], gold[order]) == pytest.approx(expected, abs=1e-4)
    assert temperature(probabilities[:, ::-1], gold[:, ::-1]) == pytest.approx(expected, abs=1e-4)


def test_a_temperature_keeps_the_order_of_labels_and_sums_of_one():
    probabilities = np.random.default_rng(2).dirichlet(np.ones(5), size=30)
    for degrees in (0.2, 1.0, 3.0, 15.0):
        found = at(probabilities, degrees)
        assert found.sum(axis=1) == pytest.approx(np.ones(30))
        assert np.array_equal(found.argsort(axis=1), probabilities.argsort(axis=1))
    assert np.array_equal(at(probabilities, 1.0), probabilities)
    assert at(at(probabilities, 3.0), 1 / 3.0) == pytest.approx(probabilities)


def test_what_was_given_is_not_changed():
    probabilities, gold = said(0.9, 10, 5)
    kept = probabilities.copy()
    temperature(probabilities, gold)
    at(probabilities, 2.0)
    assert np.array_equal(probabilities, kept)


def test_gold_that_leaves_all_labels_says_nothing_and_a_set_is_as_likely_as_its_mass():
    rng = np.random.default_rng(3)
    probabilities = rng.dirichlet(np.ones(3) / 3, size=50)
    counts = np.ones(50)
    assert of_sets(probabilities, np.ones((50, 3), bool), counts) == pytest.approx(1.0, abs=1e-3)
    possible = np.tile([True, True, False], (50, 1))

    def loss(degrees):
        return -np.log(at(probabilities, degrees)[:, :2].sum(axis=1)).sum() + PENALTY * np.log(degrees) ** 2

    found = of_sets(probabilities, possible, counts)
    assert all(loss(found) <= loss(found * factor) + 1e-6 for factor in (0.9, 0.99, 1.01, 1.1))

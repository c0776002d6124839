"""Confusion tables with given margins: the margins hold, and the odds ratios of the lifts stay."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.label_models.features import Features
from retrolabel.label_models.margins import fitted


def one_voter():
    """Two label sets of one voter, and what remains for abstaining."""
    return Features.of(np.array([[1], [2], [0]], np.uint8))


def test_rows_and_columns_have_their_margins():
    share, prior = np.array([0.3, 0.5]), np.array([0.7, 0.3])
    found = fitted(one_voter(), share, np.array([[3.0, 1.0], [1.0, 3.0]]), prior)
    assert found @ prior == pytest.approx(share, abs=1e-4)
    assert (found.sum(axis=0) < 1).all()
    assert 1 - found.sum(axis=0) @ prior == pytest.approx(0.2, abs=1e-4)


def test_odds_ratios_are_those_of_the_lifts():
    lift = np.array([[4.0, 1.0, 2.0], [1.0, 5.0, 1.0]])
    found = fitted(one_voter(), np.array([0.6, 0.3]), lift, np.array([0.2, 0.5, 0.3]))

    def ratio(table, one, other):
        return table[0, one] * table[1, other] / (table[0, other] * table[1, one])

    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert ratio(found, one, other) == pytest.approx(ratio(lift, one, other), rel=1e-9)


def test_a_rare_label_cannot_be_said_often_and_rightly():
    """A voter says label 1 on one item in ten, where one in a hundred has it: it is right once in ten times at most."""
    lift = np.array([[1.0, 0.01], [1.0, 100.0]])
    prior = np.array([0.99, 0.01])
    found = fitted(one_voter(), np.array([0.9, 0.1]), lift, prior)
    right = found[1, 1] * prior[1] / (found[1] @ prior)
    assert found[1, 1] <= 1
    assert right <= 0.1 + 1e-6
    assert found[1, 1] > 5 * found[1, 0]


def test_flat_lifts_give_flat_tables():
    found = fitted(one_voter(), np.array([0.4, 0.4]), np.ones((2, 2)), np.array([0.9, 0.1]))
    assert found == pytest.approx(np.full((2, 2), 0.4), abs=1e-6)


def test_voters_do_not_touch_each_other():
    two = Features.of(np.array([[1, 1], [2, 0], [0, 2]], np.uint8))
    share, lift = np.array([0.5, 0.2, 0.1, 0.6]), np.array([[3.0, 1], [1, 3], [2, 1], [1, 8]])
    prior = np.array([0.6, 0.4])
    together = fitted(two, share, lift, prior)
    for rows in (slice(0, 2), slice(2, 4)):
        alone = fitted(one_voter(), share[rows], lift[rows], prior)
        assert together[rows] == pytest.approx(alone, abs=1e-4)


def test_no_votes_give_no_tables():
    nothing = Features.of(np.zeros((3, 2), np.uint8))
    assert fitted(nothing, np.zeros(0), np.zeros((0, 2)), np.array([0.5, 0.5])).shape == (0, 2)

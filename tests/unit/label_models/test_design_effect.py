"""Errors that go together on an item: found where items are hard, not where voters err each for itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from retrolabel.label_models.design_effect import error_correlation, temperatures
from retrolabel.label_models.features import Features
from retrolabel.label_models.label_model import LabelModel
from retrolabel.votes import VoteMatrix


def of_people(*, hard=0.0, m=12, n=4_000, right=0.8, seed=0):
    """Return votes on items of which some are hard: there each is right in four or five cases of ten."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n)
    chance = np.where(rng.random(n) < hard, 0.42, right)
    return np.where(rng.random((n, m)) < chance[:, None], truth[:, None], 1 - truth[:, None]), truth


def measured(ints, right=0.8):
    patterns = VoteMatrix.from_ints(ints, labels=2).patterns()
    features = Features.of(patterns.codes)
    said = np.log(np.where(patterns.membership[features.code], right, 1 - right))
    sides = [(said, np.log([0.5, 0.5]))] * 2
    return error_correlation(features, patterns.counts, patterns.membership, np.ones(ints.shape[1]), sides)


def test_errors_of_voters_that_err_for_themselves_do_not_go_together():
    ints, _ = of_people()
    assert measured(ints) == pytest.approx(0, abs=0.01)


def test_hard_items_are_seen_and_the_more_of_them_the_more():
    none, some, more = (measured(of_people(hard=share)[0]) for share in (0.0, 0.1, 0.3))
    assert none < some < more
    assert more > 0.008


def test_voters_that_always_err_together_are_one():
    ints, _ = of_people(m=1)
    assert measured(np.repeat(ints, 6, axis=1)) > 0.9


def test_fewer_than_four_voters_of_several_labels_tell_nothing():
    ints, _ = of_people(m=3, hard=0.5)
    assert measured(ints) == 0
    one_label = np.where(of_people(m=8, hard=0.5)[0] == 1, 1, -1)
    assert measured(one_label) == 0


def test_items_with_one_vote_each_tell_nothing():
    ints = np.full((400, 5), -1)
    ints[np.arange(400), np.arange(400) % 5] = np.arange(400) // 5 % 2
    assert measured(ints) == 0


def test_one_vote_says_what_it_says_and_several_less_than_their_sum():
    assert temperatures(np.array([0.0, 0.5, 1.0]), 0.3).tolist() == [1.0, 1.0, 1.0]
    assert temperatures(np.array([2.0, 11.0]), 0.3) == pytest.approx([1.3, 4.0])
    assert temperatures(np.array([1e6]), 0.0).tolist() == [1.0]


def test_the_label_model_is_less_sure_of_hard_items():
    ints, truth = of_people(hard=0.3)
    votes = VoteMatrix.from_ints(ints, labels=2)
    fitted = LabelModel().fit(votes)
    assert fitted.error_correlation > 0.008
    with_it, without = (
        -np.log(each.predict_proba(votes)[np.arange(len(truth)), truth]).mean()
        for each in (fitted, replace(fitted, error_correlation=0.0))
    )
    assert with_it < without - 0.05

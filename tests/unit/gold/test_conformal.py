"""Sets of labels that hold the truth: what one draw promises, what is refused, and what sets hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.errors import GoldError, TooLittleGoldError
from retrolabel.gold.conformal import conformal_sets, fewest_gold, item_chances, promise
from tests.laws import law

PROPERTY = law(60)


def keys(n):
    return [f"item {row}" for row in range(n)]


def corpus(seed, *, items=1_500, k=3, gold=100):
    """Return probabilities, truths drawn from a sharper version of them, and gold on some."""
    random = np.random.default_rng(seed)
    odds = random.normal(size=(items, k)) * 2
    probabilities = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    noise = -np.log(-np.log(random.random((items, k))))
    truth = (1.3 * odds + noise).argmax(axis=1)
    labels = np.full(items, -1)
    rows = random.choice(items, gold, replace=False)
    labels[rows] = truth[rows]
    return probabilities, truth, labels


def held(possible, truth, labels):
    new = labels < 0
    return possible[np.arange(len(truth)), truth][new].mean()


def test_a_hundred_gold_items_promise_a_beta_of_91_and_10():
    found = promise(100)
    assert (found.a, found.b) == (91, 10)
    assert found.low == pytest.approx(0.85, abs=0.002)
    assert found.mean == pytest.approx(91 / 101)
    assert str(found).endswith(
        "90.1 % of the items in the mean over draws of gold, and in 95 draws of 100 of at least 84.8 %"
    )


@pytest.mark.parametrize(("coverage", "fewest"), [(0.9, 9), (0.8, 4), (0.95, 19), (0.99, 99), (0.5, 1)])
def test_fewer_items_than_the_coverage_needs_are_refused_with_the_number_that_is_missing(coverage, fewest):
    assert fewest_gold(coverage) == fewest
    probabilities, truth, _ = corpus(0)
    labels = np.full(len(truth), -1)
    labels[:fewest] = truth[:fewest]
    assert conformal_sets(probabilities, labels, coverage).shape == probabilities.shape
    labels[0] = -1
    with pytest.raises(TooLittleGoldError) as told:
        conformal_sets(probabilities, labels, coverage)
    assert (told.value.n, told.value.needed, told.value.missing) == (fewest - 1, fewest, 1)
    assert "1 missing" in str(told.value)
    with pytest.raises(TooLittleGoldError):
        promise(fewest - 1, coverage)


def test_a_label_of_its_own_with_too_little_gold_is_refused_if_asked_for_and_else_joins_the_others():
    probabilities, truth, labels = corpus(1)
    rare = np.flatnonzero((labels >= 0) & (truth == 2))
    labels[rare[8:]] = -1
    with pytest.raises(TooLittleGoldError, match="of the label with the least"):
        conformal_sets(probabilities, labels, by_label=True)
    together = conformal_sets(probabilities, labels, by_label=False)
    assert np.array_equal(conformal_sets(probabilities, labels), together)
    labels[rare[8]] = 2
    apart = conformal_sets(probabilities, labels, by_label=True)
    assert np.array_equal(conformal_sets(probabilities, labels), apart)


def test_the_threshold_is_the_91st_of_a_hundred_scores():
    truths = np.linspace(0.30, 0.99, 100)
    probabilities = np.column_stack([truths, 1 - truths])
    asked = np.array([[0.30 + 0.69 / 99 * (8.5 + step), 0.0] for step in (-4, 4)])
    table = np.vstack([probabilities, asked, [[0.0, 1.0]]])
    labels = np.r_[np.zeros(100, int), -1, -1, -1]
    found = conformal_sets(table, labels, by_label=False)
    assert found[100:, 0].tolist() == [True, True, False], "the likeliest label is possible, however unlikely"
    rivals = np.vstack([probabilities, np.column_stack([asked[:, 0], [0.9, 0.9]])])
    assert conformal_sets(rivals, labels[:102], by_label=False)[100:, 0].tolist() == [False, True]


@PROPERTY
@given(seed=st.integers(0, 10_000), k=st.integers(1, 5), by_label=st.sampled_from([None, False]))
def test_the_order_of_items_and_of_labels_changes_no_set_and_none_is_empty(seed, k, by_label):
    probabilities, _, labels = corpus(seed, items=120, k=k, gold=60)
    probabilities = probabilities.round(1)
    found = conformal_sets(probabilities, labels, keys=keys(120), by_label=by_label)
    assert found.any(axis=1).all()
    random = np.random.default_rng(seed)
    order, places = random.permutation(120), random.permutation(k)
    moved = conformal_sets(
        probabilities[order], labels[order], keys=[keys(120)[row] for row in order], by_label=by_label
    )
    assert np.array_equal(moved, found[order])
    named = np.where(labels >= 0, np.argsort(places)[labels], -1)
    turned = conformal_sets(probabilities[:, places], named, keys=keys(120), by_label=by_label)
    assert np.array_equal(turned, found[:, places])


@PROPERTY
@given(seed=st.integers(0, 10_000), level=st.floats(0.6, 0.95))
def test_a_larger_coverage_takes_no_label_away(seed, level):
    probabilities, _, labels = corpus(seed, items=150, gold=80)
    less, more = (conformal_sets(probabilities, labels, each, by_label=False) for each in (level - 0.1, level))
    assert (less <= more).all()


@PROPERTY
@given(seed=st.integers(0, 10_000), unit=st.floats(0.01, 100))
def test_the_unit_of_weights_changes_no_set_and_equal_ones_are_none(seed, unit):
    probabilities, _, labels = corpus(seed, items=150, gold=80)
    found = conformal_sets(probabilities, labels, keys=keys(150))
    assert np.array_equal(conformal_sets(probabilities, labels, keys=keys(150), weights=np.full(150, unit)), found)
    on_gold = np.where(labels >= 0, unit, np.nan)
    assert np.array_equal(conformal_sets(probabilities, labels, keys=keys(150), weights=on_gold), found)


@pytest.mark.parametrize("by_label", [True, False])
def test_sets_hold_the_truth_of_nine_items_in_ten(by_label):
    found, each = [], []
    for seed in range(120):
        probabilities, truth, labels = corpus(seed)
        possible = conformal_sets(probabilities, labels, keys=keys(len(truth)), by_label=by_label)
        found.append(held(possible, truth, labels))
        each.append([held(possible[truth == y], truth[truth == y], labels[truth == y]) for y in range(3)])
    assert 0.89 <= np.mean(found) <= 0.93
    assert np.quantile(found, 0.05) > 0.83
    if by_label:
        assert np.mean(each, axis=0).min() > 0.88


def test_weights_take_out_how_gold_was_drawn():
    """Gold that is mostly of items on which the model is sure promises too much, unless it is weighted."""
    plain, weighted = [], []
    for seed in range(150):
        probabilities, truth, _ = corpus(seed, gold=1)
        chance = np.where(probabilities.max(axis=1) > 0.75, 0.15, 0.03)
        drawn = np.random.default_rng(seed).random(len(truth)) < chance
        labels = np.where(drawn, truth, -1)
        for into, weights in ((plain, None), (weighted, 1 / chance)):
            possible = conformal_sets(probabilities, labels, weights=weights, keys=keys(len(truth)), by_label=False)
            into.append(possible[np.arange(len(truth)), truth][~drawn].mean())
    assert np.mean(plain) < 0.85
    assert 0.89 <= np.mean(weighted) <= 0.93


def test_few_distinct_patterns_promise_what_many_do():
    found = []
    for seed in range(200):
        random = np.random.default_rng(seed)
        table = np.array([[0.95, 0.05], [0.8, 0.2], [0.6, 0.4], [0.3, 0.7]])[random.integers(0, 4, 1_000)]
        truth = (random.random(1_000) > table[:, 0]).astype(int)
        labels = np.where(np.arange(1_000) < 100, truth, -1)
        possible = conformal_sets(table, labels, keys=keys(1_000), by_label=False)
        found.append(held(possible, truth, labels))
    assert 0.89 <= np.mean(found) <= 0.92


def test_the_likeliest_label_can_be_kept_in_every_set():
    for seed in range(20):
        probabilities, _, labels = corpus(seed, k=2)
        likeliest = probabilities.argmax(axis=1)
        found = conformal_sets(probabilities, labels, with_likeliest=True)
        assert found[np.arange(len(found)), likeliest].all()


def test_what_an_item_is_moved_by_is_its_ids_and_evenly_spread():
    found = item_chances(keys(10_000))
    assert np.histogram(found, bins=10, range=(0, 1))[0] == pytest.approx(1_000, abs=120)
    assert item_chances(["item 7"])[0] == found[7]
    assert item_chances(["item 7"], seed=1)[0] != found[7]


@pytest.mark.parametrize(
    "call",
    [
        lambda p, y: conformal_sets(p[:, 0], y),
        lambda p, y: conformal_sets(p, y[1:]),
        lambda p, y: conformal_sets(p, np.where(y >= 0, 7, y)),
        lambda p, y: conformal_sets(np.where(p > 0.9, np.nan, p), y),
        lambda p, y: conformal_sets(p, y, 1.0),
        lambda p, y: conformal_sets(p, y, 0.0),
        lambda p, y: conformal_sets(p, y, weights=np.zeros(len(y))),
        lambda p, y: conformal_sets(p, y, weights=np.ones(3)),
        lambda p, y: conformal_sets(p, y, keys=["a"]),
    ],
)
def test_what_makes_no_sense_is_refused(call):
    probabilities, _, labels = corpus(0)
    with pytest.raises(GoldError):
        call(probabilities, labels)

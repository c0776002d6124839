"""Figures against gold: those of others on the same data, and what they do at the edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn import metrics

from retrolabel.errors import VoteError
from retrolabel.gold.agreement import Estimate, agreement, cohens_kappa, log_loss, macro_f1, steadied, wilson


def everywhere(gold, predicted, labels):
    gold, predicted = np.asarray(gold, dtype=np.int64), np.asarray(predicted, dtype=np.int64)
    return agreement(gold, predicted, np.ones(len(gold), bool), labels=labels)


# Wilson's interval


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (8, 10, 0.4902, 0.9433),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (50, 100, 0.4038, 0.5962),
    ],
)
def test_wilsons_interval_is_the_published_one(hits, n, low, high):
    found = wilson(hits, n)
    assert found.value == pytest.approx(hits / n)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


def test_wilsons_interval_is_that_of_scipy():
    stats = pytest.importorskip("scipy.stats")
    for n in (1, 2, 7, 100, 12_345):
        for hits in {0, 1, n // 3, n - 1, n}:
            expected = stats.binomtest(hits, n).proportion_ci(0.95, method="wilson")
            found = wilson(hits, n)
            assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilsons_interval_holds_the_share_for_every_count():
    outside = [
        (hits, n)
        for n in range(1, 300)
        for hits in range(n + 1)
        if not 0 <= wilson(hits, n).low <= hits / n <= wilson(hits, n).high <= 1
    ]
    assert outside == []


def test_of_nothing_there_is_no_share():
    assert wilson(0, 0) == Estimate(None, None, None)


def test_an_estimate_is_written_with_its_interval_and_nothing_is_not_a_number():
    assert str(Estimate(0.8, 0.49016, 0.94331)) == "0.800 [0.490, 0.943]"
    assert str(Estimate(None, None, None)) == "n/a"


# Against scikit-learn


@pytest.fixture(params=range(12))
def random_labels(request):
    """Gold and predictions that agree more often than by chance, and k; some have ties."""
    rng = np.random.default_rng(request.param)
    k, n = int(rng.integers(2, 7)), int(rng.integers(20, 200))
    gold = rng.integers(0, k, n)
    predicted = np.where(rng.random(n) < 0.6, gold, rng.integers(0, k, n))
    if request.param % 2:
        predicted[rng.random(n) < 0.1] = -1
    return gold, predicted, k


def test_kappa_is_that_of_scikit_learn(random_labels):
    gold, predicted, k = random_labels
    expected = metrics.cohen_kappa_score(gold, predicted)
    assert everywhere(gold, predicted, k).kappa.value == pytest.approx(expected, abs=1e-12)


def test_macro_f1_is_that_of_scikit_learn_over_the_labels_that_occur(random_labels):
    gold, predicted, k = random_labels
    occur = sorted(({*gold.tolist(), *predicted.tolist()}) - {-1})
    expected = metrics.f1_score(gold, predicted, labels=occur, average="macro", zero_division=0)
    assert everywhere(gold, predicted, k).macro_f1.value == pytest.approx(expected, abs=1e-12)


def test_accuracy_is_that_of_scikit_learn(random_labels):
    gold, predicted, k = random_labels
    found = everywhere(gold, predicted, k)
    assert found.accuracy.value == pytest.approx(metrics.accuracy_score(gold, predicted), abs=1e-12)
    assert found.accuracy == wilson(int((gold == predicted).sum()), len(gold))


def test_the_intervals_hold_their_values(random_labels):
    found = everywhere(*random_labels)
    for estimate in (found.accuracy, found.macro_f1, found.kappa):
        assert estimate.low < estimate.value < estimate.high


@pytest.mark.parametrize(
    ("gold", "predicted", "labels"),
    [
        ([0] * 90 + list(range(1, 11)), [0] * 100, 11),  # many labels of one item each, all of them missed
        (list(range(20)), [0] * 20, 20),
        (list(range(20)), list(range(20)), 20),
        (list(range(20)), [*range(1, 20), 0], 20),
        ([0], [1], 2),
        ([0, 1], [-1, -1], 2),
        ([0] * 99 + [1], [0] * 100, 2),
    ],
)
def test_the_intervals_hold_their_values_where_labels_are_rare(gold, predicted, labels):
    found = everywhere(gold, predicted, labels)
    for name in ("accuracy", "macro_f1", "kappa"):
        estimate = getattr(found, name)
        assert estimate.low <= estimate.value <= estimate.high, name


def test_the_interval_narrows_with_more_items():
    few, many = (everywhere([0, 0, 1, 1] * times, [0, 0, 1, 0] * times, 2) for times in (5, 500))
    for name in ("accuracy", "macro_f1", "kappa"):
        wide, narrow = getattr(few, name), getattr(many, name)
        assert wide.value == pytest.approx(narrow.value)
        assert narrow.high - narrow.low < (wide.high - wide.low) / 5


def test_the_same_labels_give_the_same_intervals():
    assert everywhere([0, 1, 1, 0], [0, 1, 0, 0], 2) == everywhere([0, 1, 1, 0], [0, 1, 0, 0], 2)


@pytest.mark.parametrize("seed", range(4))
def test_log_loss_is_that_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(4), 60)
    gold = rng.integers(0, 4, 60)
    expected = metrics.log_loss(gold, probabilities, labels=range(4))
    assert log_loss(probabilities, gold) == pytest.approx(expected, abs=1e-12)


def test_the_log_loss_of_what_was_held_impossible_is_high_but_finite():
    assert log_loss(np.array([[1.0, 0.0]]), np.array([1])) == pytest.approx(-math.log(1e-15))
    assert log_loss(np.array([[1.0, 0.0]]), np.array([0])) == 0.0
    assert math.isnan(log_loss(np.zeros((0, 2)), np.zeros(0, np.int64)))


# Ties, cover, edges


def test_a_tie_counts_as_wrong():
    found = everywhere([0, 0, 1, 1], [0, -1, 1, -1], 2)
    assert found.no_label == found.as_dict()["no_label"] == 2
    assert found.accuracy.value == 0.5
    # F1 of each label: 2 * 1 hit / (2 gold + 1 predicted).
    assert found.macro_f1.value == pytest.approx(2 / 3)
    # Observed 1/2; expected 1/2 * 1/4 for each of the two labels.
    assert found.kappa.value == pytest.approx((1 / 2 - 1 / 4) / (1 - 1 / 4))


def test_only_covered_items_are_compared():
    gold, predicted = np.array([0, 1, 1, 0, 1]), np.array([0, 1, 0, 1, -1])
    found = agreement(gold, predicted, np.array([True, True, True, False, False]), labels=2)
    assert (found.n, found.covered, found.coverage) == (5, 3, 0.6)
    assert found.accuracy.value == pytest.approx(2 / 3)
    assert found.accuracy == everywhere([0, 1, 1], [0, 1, 0], 2).accuracy
    assert found.no_label == 0


@pytest.mark.parametrize(("n", "coverage"), [(0, None), (3, 0.0)])
def test_where_nothing_is_compared_there_is_no_figure(n, coverage):
    found = agreement(np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, bool), labels=2)
    assert (found.n, found.covered, found.coverage) == (n, 0, coverage)
    for estimate in (found.accuracy, found.macro_f1, found.kappa):
        assert estimate == Estimate(None, None, None)
    assert found.as_dict()["accuracy"] is None


@pytest.mark.parametrize("lengths", [(3, 2, 3), (2, 3, 3), (3, 3, 2)])
def test_arrays_of_different_lengths_are_refused(lengths):
    gold, predicted, covered = (np.zeros(length, np.int64) for length in lengths)
    with pytest.raises(VoteError, match=f"differ in length: {lengths[0]}, {lengths[1]}, {lengths[2]}"):
        agreement(gold, predicted, covered.astype(bool), labels=2)


NOTHING = Estimate(None, None, None)


@pytest.mark.parametrize("n", [1, 3])
def test_kappa_is_undefined_where_one_label_alone_occurs(n):
    found = everywhere([1] * n, [1] * n, 3)
    assert found.kappa == NOTHING
    assert found.as_dict()["kappa"] is None
    assert found.kappa_says_nothing == (
        "kappa is undefined: one label alone occurs, and agreement beyond chance needs two"
    )  # fmt: skip
    assert (found.accuracy.value, found.macro_f1.value, found.occurring) == (1.0, 1.0, (1,))


def test_kappa_of_gold_with_one_label_is_zero_and_says_nothing():
    found = everywhere([1, 1, 1], [1, 1, 0], 3)
    assert found.kappa.value == 0.0
    assert found.kappa.low < -0.5 < 0.5 < found.kappa.high  # of three items
    assert found.kappa_says_nothing.startswith("kappa says nothing: gold has one label only")


def test_kappa_of_labels_that_are_all_one_is_zero_and_says_that_they_tell_nothing_apart():
    found = everywhere([0, 1, 1], [1, 1, 1], 3)
    assert (found.kappa.value, found.kappa_says_nothing) == (0.0, "")


def test_kappa_is_zero_where_nothing_is_answered():
    assert everywhere([0, 1, 1], [-1, -1, -1], 2).kappa.value == 0.0


def test_kappa_of_nothing_is_undefined():
    found = everywhere([], [], 2)
    assert (found.kappa, found.kappa_says_nothing) == (NOTHING, "kappa is undefined: no gold item is covered")


def test_macro_f1_is_over_the_labels_that_occur_in_gold_or_prediction():
    found = everywhere([0, 0, 3], [0, 2, -1], 5)
    assert (found.in_gold, found.in_predicted, found.occurring) == ((0, 3), (0, 2), (0, 2, 3))
    assert found.macro_f1.value == pytest.approx((2 / 3 + 0 + 0) / 3)


def test_labels_that_do_not_occur_do_not_lower_macro_f1():
    assert everywhere([0, 1, 0], [0, 1, 0], 50).macro_f1.value == 1.0


def test_a_label_that_is_only_predicted_lowers_macro_f1():
    assert everywhere([0, 0], [0, 1], 3).macro_f1.value == pytest.approx((2 / 3 + 0) / 2)


def test_many_tables_are_counted_at_once():
    tables = np.array([[[5, 0, 0], [0, 5, 0]], [[0, 5, 0], [5, 0, 0]], [[2, 0, 0], [1, 1, 0]]])
    assert cohens_kappa(tables).tolist() == pytest.approx([1.0, -1.0, 0.5])
    assert macro_f1(tables).tolist() == pytest.approx([1.0, 0.0, (4 / 5 + 2 / 3) / 2])


def test_the_figures_are_told_as_plain_data():
    found = everywhere([0, 0, 1, 1], [0, 0, 1, 0], 2)
    told = found.as_dict()
    assert list(told) == [
        "n", "covered", "coverage", "no_label", "accuracy", "low", "high",
        "macro_f1", "macro_f1_low", "macro_f1_high", "kappa", "kappa_low", "kappa_high",
    ]  # fmt: skip
    assert (told["n"], told["covered"], told["coverage"]) == (4, 4, 1.0)
    assert (told["accuracy"], told["low"], told["high"]) == (0.75, found.accuracy.low, found.accuracy.high)
    assert (told["kappa"], told["kappa_high"]) == (found.kappa.value, found.kappa.high)
    assert told["macro_f1_low"] == found.macro_f1.low


def test_kappa_has_a_telling_interval_where_a_label_is_rare():
    gold = [0] * 58 + [1] * 2
    found = everywhere(gold, [*gold[:-1], 1], 2)
    assert found.kappa.value == 1.0
    assert found.kappa.high == 1.0
    assert found.kappa.low < 0.5  # of two items with the rare label, both right
    found = everywhere(gold, [1, *gold[1:]], 2)
    assert found.kappa.value == pytest.approx(0.792, abs=1e-3)
    assert found.kappa.low < 0.3
    assert found.kappa.high > 0.9


def test_few_items_that_are_all_right_do_not_make_a_sure_figure():
    lows = []
    for n in (3, 10, 30, 300):
        found = everywhere([place % 3 for place in range(n)], [place % 3 for place in range(n)], 3)
        assert found.macro_f1.value == found.kappa.value == 1.0
        assert found.macro_f1.low < found.accuracy.low + 0.1
        lows.append(found.kappa.low)
    assert lows == sorted(lows)
    assert lows[0] < 0 < lows[1] < 0.8
    assert 0.7 < lows[2] < 0.95 < lows[3] < 1


@pytest.mark.parametrize(("n", "right"), [(5, 0.95), (10, 0.8), (20, 0.95), (100, 0.8)])
def test_the_intervals_hold_the_truth_where_items_are_few(n, right):
    cells = np.full((3, 4), (1 - right) / 6)
    np.fill_diagonal(cells, right / 3)
    cells[:, 3] = 0.0
    truth = {"macro_f1": right, "kappa": (right - 1 / 3) / (1 - 1 / 3)}
    random, held = np.random.default_rng(1), dict.fromkeys(truth, 0)
    for _ in range(200):
        drawn = random.choice(12, size=n, p=cells.ravel())
        found = everywhere((drawn // 4).tolist(), (drawn % 4).tolist(), 3)
        for name, value in truth.items():
            figure = getattr(found, name)
            held[name] += figure.value is None or figure.low <= value <= figure.high
    assert held["macro_f1"] >= 180
    assert held["kappa"] >= 165  # lowest where 20 items are nearly all right; of the bare table 120


def test_steadied_keeps_what_many_items_say_and_moves_what_few_say():
    table = np.array([[60, 20, 0], [10, 110, 0]])
    assert np.abs(steadied(100 * table) - table / 200).max() < 1e-3
    few = steadied(np.array([[2, 0, 0], [0, 0, 0]]))
    assert few.sum() == pytest.approx(1.0)
    assert few[0, 0] < 0.75
    assert (few >= 0).all()

"""Scores of probabilities are what their sources define, and their intervals hold what they should."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, f1_score, log_loss

from retrolabel.analysis import scores as module
from retrolabel.analysis.scores import estimate, resampled, scores


def made(seed, n=300, k=3):
    random = np.random.default_rng(seed)
    probabilities = random.dirichlet(np.ones(k), n)
    truth = np.array([random.choice(k, p=row) for row in probabilities])
    return probabilities, truth


def plain_ece(probabilities, truth):
    total = 0.0
    top, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    for low in np.arange(10) / 10:
        here = (top >= low) & ((top < low + 0.1) if low < 0.85 else (top >= 0.9))
        if here.any():
            total += here.mean() * abs(right[here].mean() - top[here].mean())
    return total


@pytest.mark.parametrize("seed", range(5))
def test_figures_are_those_of_other_libraries(seed):
    probabilities, truth = made(seed)
    found = scores({"m": probabilities}, truth)["m"]
    assert found.log_loss.value == pytest.approx(log_loss(truth, probabilities))
    assert found.macro_f1.value == pytest.approx(f1_score(truth, probabilities.argmax(axis=1), average="macro"))
    one_hot = np.eye(3)[truth]
    assert found.brier.value == pytest.approx(((probabilities - one_hot) ** 2).sum(axis=1).mean())
    assert found.ece.value == pytest.approx(plain_ece(probabilities, truth))


def test_the_brier_score_of_two_labels_is_twice_that_of_one():
    probabilities, truth = made(0, k=2)
    found = scores({"m": probabilities}, truth)["m"].brier.value
    assert found == pytest.approx(2 * brier_score_loss(truth, probabilities[:, 1]))


def test_a_tie_counts_as_drawn_in_the_calibration_error():
    found = scores({"m": np.full((10, 2), 0.5)}, np.array([0, 1] * 5))["m"]
    assert (found.ece.value, found.accuracy.value, found.ties, found.drawn) == (0.0, 0.0, 1.0, 0.5)


def test_probabilities_that_hold_have_a_small_calibration_error_and_sure_ones_a_large_one():
    probabilities, truth = made(1, n=5_000)
    sure = np.eye(3)[probabilities.argmax(axis=1)]
    found = scores({"fair": probabilities, "sure": sure}, truth)
    assert found["fair"].ece.value < 0.03
    assert found["sure"].ece.value > 0.2


def test_all_figures_have_intervals_that_hold_them():
    probabilities, truth = made(2)
    found = scores({"m": probabilities}, truth)["m"]
    for name in ("accuracy", "macro_f1", "log_loss", "brier", "ece"):
        each = getattr(found, name)
        assert each.low <= each.value <= each.high
        assert each.low < each.high


def test_the_interval_of_a_mean_holds_the_truth_about_as_often_as_it_says():
    random = np.random.default_rng(0)
    held = 0
    for _ in range(200):
        values = random.exponential(size=(80, 1))
        interval = estimate(float(values.mean()), resampled(values)[:, 0])
        held += interval.low <= 1.0 <= interval.high
    assert 0.88 <= held / 200 <= 0.99


def test_the_same_items_give_the_same_figures_whatever_stands_beside():
    probabilities, truth = made(3)
    alone = scores({"m": probabilities}, truth)["m"]
    beside = scores({"other": np.full((300, 3), 1 / 3), "m": probabilities}, truth)["m"]
    assert beside.log_loss.low == pytest.approx(alone.log_loss.low, rel=1e-12)
    assert beside.brier == alone.brier or beside.brier.low == pytest.approx(alone.brier.low, rel=1e-12)


def test_many_items_are_resampled_less_often_and_in_parts(monkeypatch):
    monkeypatch.setattr(module, "MOST", 40_000)
    monkeypatch.setattr(module, "AT_ONCE", 5_000)
    assert resampled(np.ones((100, 2))).tolist() == [[1.0, 1.0]] * 400
    assert len(resampled(np.ones((10_000, 1)))) == module.FEWEST_DRAWS


def test_no_items_have_no_figures_and_no_models_no_rows():
    found = scores({"m": np.zeros((0, 2))}, np.zeros(0, np.int64))["m"]
    assert (found.n, found.accuracy.value, found.brier.value) == (0, None, None)
    assert scores({}, np.zeros(0, np.int64)) == {}

"""The mean of all items from a little gold and predictions: the papers' vectors, laws, and what intervals hold."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.errors import GoldError
from retrolabel.gold.agreement import wilson
from retrolabel.gold.estimation import estimate_mean, estimate_prevalence
from retrolabel.gold.powered import ppi_mean
from tests.laws import law

PROPERTY = law(60)
Y, YHAT = ([int(digit) for digit in digits] for digits in ("1001101000", "1011100000"))
ELSEWHERE = [1] * 40 + [0] * 60


def interval(found):
    return found.low, found.high


def corpus(seed, *, items=600, share=0.4, strength=2.0):
    random = np.random.default_rng(seed)
    truth = random.random(items) < share
    odds = strength * (random.normal(size=items) + strength * truth) - strength**2 / 2 + math.log(share / (1 - share))
    return random, truth.astype(float), 1 / (1 + np.exp(-odds))


def only(truth, rows):
    gold = np.full(len(truth), np.nan)
    gold[rows] = truth[rows]
    return gold


# --- ppi_mean


def test_the_mean_of_the_issue_at_lambda_one():
    found = ppi_mean((1, 0, 1, 1), (0.8, 0.2, 0.6, 0.9), (0.1, 0.5, 0.9, 0.7, 0.3, 0.5), lam=1)
    assert found.value == pytest.approx(0.625)
    assert found.se == pytest.approx(0.151096, abs=5e-7)
    assert (found.n, found.items, found.lam) == (4, 6, 1.0)


def test_the_intervals_of_the_issue_at_the_level_of_nine_in_ten():
    assert interval(ppi_mean(Y, YHAT, ELSEWHERE, 1, level=0.9)) == pytest.approx((0.1538, 0.6462), abs=5e-5)
    tuned = ppi_mean(Y, YHAT, ELSEWHERE, level=0.9)
    assert interval(tuned) == pytest.approx((0.1882, 0.6118), abs=5e-5)
    assert interval(tuned.classical) == pytest.approx((0.1452, 0.6548), abs=5e-5)


def test_without_predictions_it_is_the_classical_mean():
    found = ppi_mean(Y, YHAT, ELSEWHERE, lam=0)
    assert (found.value, *interval(found)) == (found.classical.value, *interval(found.classical))


@pytest.mark.parametrize("seed", range(8))
def test_it_is_ppi_pythons_to_nine_places(seed):
    peer = pytest.importorskip("ppi_py", reason="ppi-python is not installed: pip install ppi-python")
    random = np.random.default_rng(seed)
    n, others = random.integers(2, 60, 2)
    gold = random.normal(size=n)
    told, elsewhere = gold * random.random() + random.normal(size=n), random.normal(size=others)
    for lam in (None, 0.0, 0.4, 1.0):
        found = ppi_mean(gold, told, elsewhere, lam)
        low, high = peer.ppi_mean_ci(gold, told, elsewhere, alpha=0.05, lam=lam)
        assert interval(found) == pytest.approx((float(low[0]), float(high[0])), abs=1e-9)
    weights = random.random(n) + 0.1
    value = peer.ppi_mean_pointestimate(gold, told, elsewhere, lam=0.7, w=weights)
    assert ppi_mean(gold, told, elsewhere, 0.7, weights).value == pytest.approx(float(value[0]), abs=1e-9)


NUMBERS = st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=2, max_size=12)


@PROPERTY
@given(pairs=NUMBERS, others=st.lists(st.floats(-5, 5), min_size=2, max_size=12), seed=st.integers(0, 99))
def test_the_order_of_items_changes_no_mean_and_equal_weights_are_none(pairs, others, seed):
    gold, told = np.array(pairs).T
    order = np.random.default_rng(seed).permutation(len(gold))
    found, weights = ppi_mean(gold, told, others), np.full(len(gold), 3.0)
    for other in (ppi_mean(gold[order], told[order], others[::-1]), ppi_mean(gold, told, others, weights=weights)):
        assert (other.value, other.lam) == pytest.approx((found.value, found.lam), abs=1e-9)
        assert interval(other) == pytest.approx(interval(found), abs=1e-9)


@PROPERTY
@given(pairs=NUMBERS, others=st.lists(st.floats(-5, 5), min_size=2, max_size=12), lam=st.floats(0, 1))
def test_an_item_of_weight_two_is_twice_the_item_in_the_mean(pairs, others, lam):
    gold, told = np.array(pairs).T
    weights = np.ones(len(gold))
    weights[0] = 2
    twice = ppi_mean([*gold, gold[0]], [*told, told[0]], others, lam)
    assert ppi_mean(gold, told, others, lam, weights).value == pytest.approx(twice.value, abs=1e-9)


@pytest.mark.parametrize(
    "call",
    [
        lambda: ppi_mean([], [], [1.0]),
        lambda: ppi_mean([1.0], [1.0], []),
        lambda: ppi_mean([1.0], [1.0, 2.0], [1.0]),
        lambda: ppi_mean([1.0], [math.nan], [1.0]),
        lambda: ppi_mean([1.0], [1.0], [1.0], weights=[0.0]),
        lambda: ppi_mean([1.0], [1.0], [1.0], weights=[1.0, 1.0]),
        lambda: estimate_mean([1.0, math.nan], [0.5]),
        lambda: estimate_mean([1.0, math.nan], [0.5, math.nan]),
        lambda: estimate_mean([2.0], [0.5]),
        lambda: estimate_mean([1.0], [0.5], inclusion=[0.0]),
        lambda: estimate_mean([1.0], [0.5], inclusion=[math.nan]),
        lambda: estimate_prevalence([2], [[0.5, 0.5]]),
        lambda: estimate_prevalence([0, 1], [[0.5, 0.5]]),
    ],
)
def test_what_does_not_belong_together_is_refused(call):
    with pytest.raises(GoldError):
        call()


# --- a finite corpus


def test_gold_without_predictions_that_help_has_wilsons_interval_in_a_large_corpus():
    gold = np.full(1_000_000, np.nan)
    gold[:100] = [1.0] * 70 + [0.0] * 30
    found = estimate_mean(gold, np.full(len(gold), 0.6))
    expected = wilson(70, 100)
    assert found.lam == 0
    assert (found.value, *interval(found)) == pytest.approx((0.7, expected.low, expected.high), abs=1e-4)


def test_whoever_looked_at_all_items_knows_their_mean():
    found = estimate_mean([1, 1, 0, 1], [0.9, 0.1, 0.2, 0.4])
    assert (found.value, found.low, found.high, found.se) == (0.75, 0.75, 0.75, 0.0)


@pytest.mark.parametrize("n", [1, 2, 5, 19, 30, 100])
@pytest.mark.parametrize("answer", [0.0, 1.0])
def test_gold_that_all_agrees_still_has_an_interval(n, answer):
    gold = np.full(1_000, np.nan)
    gold[:n] = answer
    found = estimate_mean(gold, np.linspace(0, 1, 1_000))
    assert found.lam == 0, "nothing says how far predictions help"
    assert found.high - found.low > 3 / (n + 4)
    assert found.low <= found.value <= found.high


def test_little_gold_uses_no_predictions_unless_told_to():
    _, truth, told = corpus(0)
    few = only(truth, np.arange(19))
    assert estimate_mean(few, told).lam == 0
    assert estimate_mean(few, told, lam=1).lam == 1
    assert estimate_mean(only(truth, np.arange(40)), told).lam > 0


def test_no_gold_is_no_figure():
    found = estimate_mean([np.nan] * 3, [0.1, 0.2, 0.3])
    assert (found.value, found.n, found.items, str(found)) == (None, 0, 3, "n/a (no gold)")
    assert estimate_mean([], []).items == 0


def test_items_elsewhere_say_nothing():
    random, truth, told = corpus(1)
    gold, where = only(truth, random.choice(600, 200, replace=False)), np.arange(600) % 2 == 0
    found = estimate_mean(gold, told, where=where)
    assert found == estimate_mean(gold[where], told[where])
    assert found.items == 300


def test_good_predictions_make_the_interval_narrower_and_useless_ones_hardly_wider():
    random, truth, told = corpus(2, items=5_000, strength=3.0)
    gold = only(truth, random.choice(5_000, 200, replace=False))
    found = estimate_mean(gold, told)
    assert found.width < 0.65 * (found.classical.high - found.classical.low)
    noise = estimate_mean(gold, random.random(5_000))
    assert noise.width < 1.03 * (noise.classical.high - noise.classical.low)


def test_a_known_bias_of_the_predictions_is_taken_out():
    random, truth, told = corpus(3, items=20_000)
    gold = only(truth, random.choice(20_000, 3_000, replace=False))
    assert estimate_mean(gold, told / 2 + 0.3).value == pytest.approx(truth.mean(), abs=0.02)


def test_prevalences_of_two_labels_sum_to_one():
    random, truth, told = corpus(4)
    labels = np.full(600, -1)
    rows = random.choice(600, 100, replace=False)
    labels[rows] = truth[rows].astype(int)
    none, one = estimate_prevalence(labels, np.column_stack([1 - told, told]))
    assert none.value + one.value == pytest.approx(1)
    assert (none.low, none.high) == pytest.approx((1 - one.high, 1 - one.low))
    assert one == estimate_mean(only(truth, rows), told)


def test_numbers_that_are_no_shares_have_students_interval():
    gold = [1.0, 4.0, 2.0, 5.0, 3.0, *[np.nan] * 10_000]
    found = estimate_mean(gold, np.zeros(10_005), share=False)
    half = 2.776445 * math.sqrt(2.5 / 5)
    assert interval(found) == pytest.approx((3 - half, 3 + half), abs=1e-3)


@PROPERTY
@given(seed=st.integers(0, 10_000), n=st.integers(5, 120), designed=st.booleans(), strata=st.integers(1, 5))
def test_the_order_of_items_and_the_unit_of_the_weights_change_nothing(seed, n, designed, strata):
    random, truth, told = corpus(seed)
    gold = only(truth, random.choice(600, n, replace=False))
    named = np.array([f"s{stratum}" for stratum in (told * strata).astype(int)])
    chance = 0.1 + told * 0.4 if designed else np.full(600, 0.3)
    found = estimate_mean(gold, told, inclusion=chance, strata=named)
    order = random.permutation(600)
    moved = estimate_mean(gold[order], told[order], inclusion=chance[order] * 0.5, strata=named[order])
    assert (moved.value, moved.lam, *interval(moved)) == pytest.approx((found.value, found.lam, *interval(found)))
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.classical.low <= found.classical.value <= found.classical.high
    json.dumps(found.as_dict(), allow_nan=False)


@PROPERTY
@given(seed=st.integers(0, 10_000), lam=st.floats(0, 1))
def test_a_gold_item_that_stands_for_twice_as_many_is_twice_the_item_in_the_mean(seed, lam):
    random, truth, told = corpus(seed, items=400)
    rows = random.choice(400, 30, replace=False)
    chance = np.full(400, 0.2)
    chance[rows[0]] = 0.1
    found = estimate_mean(only(truth, rows), told, inclusion=chance, lam=lam, share=False)
    weights = np.where(np.arange(30) == 0, 2, 1)
    off = np.average(truth[rows] - lam * told[rows], weights=weights)
    assert found.value == pytest.approx(lam * told.mean() + off)


def test_a_stratum_without_enough_gold_goes_with_its_neighbour():
    _, truth, told = corpus(5)
    strata = np.repeat([0, 1, 2], 200)
    gold = only(truth, np.r_[0:50, 400:450])
    found = estimate_mean(gold, told, strata=strata)
    joined = estimate_mean(gold, told, strata=np.where(strata == 1, 2, strata))
    assert found == joined


def drawn(design, random, told, n):
    if design == "random":
        return random.choice(len(told), n, replace=False), None, None
    fifths = np.argsort(np.argsort(told)) * 5 // len(told)
    if design == "stratified":
        chance, rows = np.empty(len(told)), []
        for fifth, size in enumerate((n // 10, n // 10, n // 5, 3 * n // 10, 3 * n // 10)):
            of = np.flatnonzero(fifths == fifth)
            rows.append(random.choice(of, size, replace=False))
            chance[of] = size / len(of)
        return np.concatenate(rows), chance, fifths
    chance = np.minimum(1.0, n * (0.1 + told) / (0.1 + told).sum())
    return np.flatnonzero(random.random(len(told)) < chance), chance, None


@pytest.mark.parametrize("design", ["random", "stratified", "weighted"])
@pytest.mark.parametrize("n", [100, 300])
def test_of_many_intervals_19_in_20_hold_the_truth(design, n):
    held, classical = [], []
    for seed in range(400):
        share = (0.1, 0.3, 0.6, 0.85)[seed % 4]
        random, truth, told = corpus([seed, n], items=3_000, share=share)
        rows, chance, strata = drawn(design, random, told, n)
        found = estimate_mean(only(truth, rows), told**0.7, inclusion=chance, strata=strata)
        held.append(found.low <= truth.mean() <= found.high)
        classical.append(found.classical.low <= truth.mean() <= found.classical.high)
    assert 0.925 <= np.mean(held) <= 0.985
    assert 0.925 <= np.mean(classical) <= 0.985


def test_of_many_intervals_of_ppi_mean_19_in_20_hold_the_truth():
    held = []
    for seed in range(400):
        random, truth, told = corpus([seed, 7], items=2_000)
        gold = random.random(2_000) < 0.1
        found = ppi_mean(truth[gold], told[gold], told[~gold])
        held.append(found.low <= 0.4 <= found.high)
    assert 0.925 <= np.mean(held) <= 0.975


def test_four_times_the_gold_halves_the_interval():
    widths = {}
    for n in (100, 400):
        found = []
        for seed in range(40):
            random, truth, told = corpus([seed, n], items=20_000)
            found.append(estimate_mean(only(truth, random.choice(20_000, n, replace=False)), told).width)
        widths[n] = np.mean(found)
    assert widths[100] / widths[400] == pytest.approx(2, abs=0.15)

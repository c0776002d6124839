"""The same figures as krippendorff, scikit-learn and statsmodels, where they define the same thing."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from retrolabel.gold import Counts, cohen_kappa, fleiss_kappa, krippendorff_alpha
from retrolabel.gold.coding import coded_table
from retrolabel.gold.counting import counted_codes, counted_ratings

SEEDS = range(12)


def ratings(seed, *, missing=0.2, lowest=0):
    rng = np.random.default_rng(seed)
    people, items, k = rng.integers(2, 7), rng.integers(10, 60), rng.integers(2, 7)
    truth = rng.integers(lowest, lowest + k, items)
    table = np.where(rng.random((people, items)) < 0.6, truth, rng.integers(lowest, lowest + k, (people, items)))
    return np.where(rng.random((people, items)) < missing, np.nan, table)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_is_that_of_krippendorff(level, seed):
    peer = pytest.importorskip("krippendorff", reason="krippendorff is not installed")
    table = ratings(seed)
    expected = peer.alpha(table, level_of_measurement=level)
    assert krippendorff_alpha(table, level, draws=0).value == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_alpha_of_many_values_and_people_is_that_of_krippendorff(level):
    peer = pytest.importorskip("krippendorff", reason="krippendorff is not installed")
    rng = np.random.default_rng(0)
    table = np.round(rng.normal(size=80) + rng.normal(size=(30, 80)), 2)
    table[rng.random(table.shape) < 0.3] = np.nan
    expected = peer.alpha(table, level_of_measurement=level)
    assert krippendorff_alpha(table, level, draws=0).value == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
@pytest.mark.parametrize("seed", SEEDS)
def test_cohens_kappa_is_that_of_scikit_learn(weights, seed):
    one, other = ratings(seed, missing=0)[:2].astype(int)
    expected = cohen_kappa_score(one, other, weights=weights)
    assert cohen_kappa(one, other, weights, draws=0).value == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_cohens_kappa_and_its_error_are_those_of_statsmodels(seed):
    peer = pytest.importorskip("statsmodels.stats.inter_rater", reason="statsmodels is not installed")
    rng = np.random.default_rng(seed)
    table = rng.integers(1, 30, (4, 4))
    cells = [(row, column) for row in range(4) for column in range(4) for _ in range(table[row, column])]
    one, other = zip(*cells, strict=True)
    found, expected = cohen_kappa(one, other, draws=10), peer.cohens_kappa(table)
    assert found.value == pytest.approx(expected.kappa, abs=1e-9)
    assert found.se == pytest.approx(expected.std_kappa, abs=1e-9)
    apart = rng.integers(1, 9, (4, 4))
    apart = np.triu(apart, 1) + np.triu(apart, 1).T
    weighted, expected = cohen_kappa(one, other, apart, draws=10), peer.cohens_kappa(table, weights=apart)
    assert weighted.value == pytest.approx(expected.kappa, abs=1e-9)
    assert weighted.se == pytest.approx(expected.std_kappa, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_fleiss_kappa_is_that_of_statsmodels(seed):
    peer = pytest.importorskip("statsmodels.stats.inter_rater", reason="statsmodels is not installed")
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(5, rng.dirichlet(np.ones(4)), size=40)
    assert fleiss_kappa(counts, draws=0).value == pytest.approx(peer.fleiss_kappa(counts), abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_are_the_same_however_they_are_made(seed):
    table = coded_table(ratings(seed))
    items = table.codes.shape[1]
    plain = np.array([[(table.codes[:, item] == place).sum() for place in range(len(table.values))]
                      for item in range(items)])  # fmt: skip
    rows, times = np.unique(plain, axis=0, return_counts=True)
    found = counted_codes(table)
    again = counted_ratings(Counts(table.values, plain, np.ones(items, np.int64)))
    for counts in (found, again):
        assert np.array_equal(counts.rows, rows)
        assert np.array_equal(counts.times, times)


def test_counts_of_very_many_values_and_people_are_exact():
    rng = np.random.default_rng(2)
    table = rng.integers(0, 90, (40, 50))
    found = counted_ratings(np.hstack([table, table]))
    assert found.times.tolist() == [2] * 50
    expected = sorted(tuple(np.bincount(column, minlength=90)[list(found.values)]) for column in table.T)
    assert sorted(map(tuple, found.rows.tolist())) == expected


@pytest.mark.parametrize(
    "numbers",
    [
        [0.5, 1.5, 0.5], [1e300, -1e300, 1e300], [float("inf"), 1.0, 1.0], [-3.0, 7.0, 7.0],
        [2**62, -(2**62), 2**62], [2**53 + 1, 2**53, 2**53],
    ],
)  # fmt: skip
def test_numbers_are_told_apart_whatever_they_are(numbers):
    found = coded_table(np.array([numbers]))
    assert found.values == tuple(sorted(set(numbers)))
    assert [found.values[code] for code in found.codes[0]] == numbers

"""Control charts: the run lengths that the literature has for them, computed and simulated."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.gold.series.control_charts import H, K, cusum, h_of_many, run_length

KNOWN = [(4, 0.0, 168.0, 0.01), (4, 1.0, 8.38, 0.01), (5, 0.0, 465.0, 0.01), (5, 1.0, 10.4, 0.01)]
"""Montgomery, Introduction to Statistical Quality Control, on tables of Lucas & Crosier 1982: k = .5, two-sided."""


@pytest.mark.parametrize(("h", "shift", "known", "near"), KNOWN)
def test_computed_run_lengths_are_those_of_the_tables(h, shift, known, near):
    assert run_length(h, shift=shift) == pytest.approx(known, rel=near)


@pytest.mark.parametrize(("h", "shift", "known"), [(h, shift, known) for h, shift, known, _ in KNOWN])
def test_simulated_run_lengths_are_those_of_the_tables(h, shift, known):
    rng, series = np.random.default_rng(24), 4_000
    up, down = np.zeros(series), np.zeros(series)
    length, running = np.zeros(series), np.ones(series, bool)
    while running.any():
        z = rng.normal(shift, 1, series)
        up, down = np.maximum(0, up + z - K), np.maximum(0, down - z - K)
        length += running
        running &= (up <= h) & (down <= h)
    error = length.std() / series**0.5
    assert abs(length.mean() - known) < 3.5 * error
    assert error < 0.02 * known


def test_the_sums_are_those_that_were_simulated():
    z = np.random.default_rng(1).normal(0, 1, 200)
    up = down = 0.0
    expected = []
    for each in z:
        up, down = max(0.0, up + each - K), max(0.0, down - each - K)
        expected.append((up, down))
    assert np.allclose(np.stack(cusum(z), axis=1), expected)


def test_a_period_without_a_point_leaves_the_sums_as_they_were():
    up, down = cusum([2.0, float("nan"), -4.0])
    assert (up.tolist(), down.tolist()) == ([1.5, 1.5, 0.0], [0.0, 0.0, 3.5])


@pytest.mark.parametrize("series", [2, 6, 15])
def test_many_series_have_together_as_many_false_alarms_as_one(series):
    assert run_length(h_of_many(series)) / series == pytest.approx(run_length(H), rel=0.02)

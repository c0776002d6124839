"""The rate of a slice that was named for its rate."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta, binom

from retrolabel.analysis.slice_rates import rate_of_named


def test_without_a_choice_it_is_the_share_with_its_exact_interval():
    found = rate_of_named(28, 57, 0)
    assert found.value == pytest.approx(29 / 59, abs=0.001)  # what Laplace would say
    assert found.low == pytest.approx(beta.ppf(0.0245, 28, 30), abs=0.001)
    assert found.high == pytest.approx(beta.ppf(0.9755, 29, 29), abs=0.001)


def test_what_was_just_enough_to_be_named_is_worth_less():
    rates = [rate_of_named(28, 57, fewest, looked_at=400, rest=0.2) for fewest in (10, 24, 27, 28)]
    values, lows = [rate.value for rate in rates], [rate.low for rate in rates]
    assert values == sorted(values, reverse=True)
    assert lows == sorted(lows, reverse=True)
    assert all(rate.low <= rate.value <= rate.high for rate in rates)
    assert 0.2 < values[-1] < 0.4 < values[0]
    assert lows[-1] == pytest.approx(beta.ppf(0.001 / 400, 28, 30))


@pytest.mark.parametrize("rate", [0.2, 0.35, 0.5, 0.8])
def test_the_interval_holds_the_rate_in_19_of_20_slices_that_are_named(rate):
    size, fewest = 50, 22  # by chance, where .2 are wrong, one of 5,000 slices
    hits = np.arange(fewest, size + 1)
    weights = binom.pmf(hits, size, rate) / binom.sf(fewest - 1, size, rate)
    held = np.array(
        [
            found.low <= rate <= found.high
            for found in (rate_of_named(h, size, fewest, looked_at=400) for h in hits.tolist())
        ]
    )
    assert weights @ held >= 0.95
    if rate == 0.35:
        plain = np.array([beta.ppf(0.025, h, size - h + 1) <= rate for h in hits.tolist()])
        assert weights @ plain < 0.85  # what it would be without the correction


def test_none_wrong_and_all_wrong_have_intervals_to_the_ends():
    assert rate_of_named(0, 20, 0).low == 0.0
    assert rate_of_named(20, 20, 3).high == 1.0

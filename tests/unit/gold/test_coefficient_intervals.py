"""How often an interval holds the truth, in simulation; benchmarks/gold_intervals.py does it at length."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.gold import gwet_ac1, krippendorff_alpha

SIX = (0.35, 0.25, 0.15, 0.1, 0.1, 0.05)
RARE = (0.9, 0.1)


def held(figure, truth, shares, people, items, alpha, *, times):
    """Return in which share of the draws a figure was shown, and in which of those the interval held the truth."""
    rng = np.random.default_rng(11)
    hits = []
    for time in range(times):
        classes = rng.choice(len(shares), items, p=shares)
        knows = rng.random((people, items)) < alpha**0.5
        drawn = rng.choice(len(shares), (people, items), p=shares)
        found = figure(np.where(knows, classes, drawn), seed=time)
        if not found.why:
            hits.append(found.low <= truth <= found.high)
    return len(hits) / times, np.mean(hits)


def test_an_interval_of_alpha_holds_the_truth_about_as_often_as_it_says():
    shown, share = held(krippendorff_alpha, 0.7, SIX, 3, 100, 0.7, times=200)
    assert shown == 1
    assert 0.90 <= share <= 0.99


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("shares", "people", "items", "alpha", "least_shown"),
    [(SIX, 2, 100, 0.4, 1), (SIX, 3, 100, 0.7, 1), (SIX, 3, 300, 0.7, 1), (SIX, 5, 300, 0.9, 1),
     (RARE, 2, 300, 0.7, 0.9), (RARE, 3, 300, 0.4, 0.9), (RARE, 3, 300, 0.9, 0.9), (RARE, 5, 100, 0.4, 0.8)],
)  # fmt: skip
def test_intervals_of_alpha_hold_the_truth_in_93_to_97_percent(shares, people, items, alpha, least_shown):
    shown, share = held(krippendorff_alpha, alpha, shares, people, items, alpha, times=2_000)
    assert shown >= least_shown
    noise = 2.6 * (0.95 * 0.05 / 2_000) ** 0.5
    assert 0.93 - noise <= share <= 0.97 + noise


@pytest.mark.nightly
def test_intervals_of_ac1_hold_the_truth_in_93_to_97_percent():
    same = 0.9**2 + 0.1**2
    agreement = 0.7 + 0.3 * same
    truth = (agreement - (1 - same)) / same
    _, share = held(gwet_ac1, truth, RARE, 3, 300, 0.7, times=2_000)
    assert 0.93 <= share <= 0.97

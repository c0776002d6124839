"""Labels that are taken for each other on items of all kinds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from retrolabel.gold.causes.pairs import closest, expected_of, share_of_pair
from retrolabel.gold.causes.panel import apart_by_item
from retrolabel.simulation.people import UnclearSpec


def test_two_labels_that_are_taken_for_each_other_everywhere_stand_out(asked):
    items = asked(7)
    panel = items.panel(UnclearSpec(labels=("billing", "delay"), items=items.ids, torn=0.3))
    found = closest(panel)
    assert (found.labels, found.p) == ((0, 1), 0.0025)
    assert found.items > 4 * found.expected
    whole, _ = apart_by_item(panel.codes, panel.apart)
    value, low, high = share_of_pair(panel, found, whole, draws=100)
    assert 0.4 < low < value < high < 0.95


def test_slips_that_go_anywhere_make_no_pair(asked):
    assert sum(closest(asked(seed).panel(slips=0.15)).p <= 0.05 for seed in range(6)) <= 1


def test_of_three_labels_and_of_a_scale_nothing_is_told(asked):
    panel = asked(7).panel(slips=0.2)
    assert closest(replace(panel, ordinal=True)) is None
    assert closest(replace(panel, labels=panel.labels[:3], codes=np.minimum(panel.codes, 2))) is None


def test_what_one_would_expect_of_a_pair_comes_of_the_other_pairs_alone():
    weights = np.array([1.0, 2, 3, 4, 5])
    counts = 10 * np.outer(weights, weights) * (1 - np.eye(5))
    counts[0, 1] = counts[1, 0] = 900
    assert expected_of(counts, (0, 1)) == pytest.approx(20, rel=0.05)

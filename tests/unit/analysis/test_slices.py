"""Slices on which more labels are wrong are found; where there are none, they are hardly ever named."""

from __future__ import annotations

import numpy as np

from retrolabel.analysis.slices import find_slices

N = 500


def case(seed, rate, conditions=60):
    """Return whether labels are wrong: one in five, and ``rate`` on the first condition."""
    random = np.random.default_rng(seed)
    table = {f"body has word{place}": random.random(N) < random.uniform(0.05, 0.3) for place in range(conditions)}
    table["body has planted"] = random.random(N) < 0.15
    return random.random(N) < np.where(table["body has planted"], rate, 0.2), table


def test_a_planted_slice_is_found():
    found = [find_slices(*case(seed, 0.65), seed=seed).worst["slice"].tolist() for seed in range(200, 220)]
    assert sum(any("body has planted" in name for name in names) for names in found) >= 18


def test_where_nothing_is_planted_hardly_anything_is_named():
    named = [len(find_slices(*case(seed, 0.2), seed=seed).worst) > 0 for seed in range(200, 260)]
    assert sum(named) <= 5  # 3 are promised


def test_two_conditions_together_are_found():
    random = np.random.default_rng(3)
    one, other = random.random(800) < 0.4, random.random(800) < 0.4
    wrong = random.random(800) < np.where(one & other, 0.9, 0.1)
    found = find_slices(wrong, {"source is web": one, "body has refund": other})
    assert found.worst["slice"].tolist()[0] in (
        "source is web and body has refund",
        "body has refund and source is web",
    )


def test_the_rate_is_that_of_the_half_that_had_no_part_in_the_choice():
    wrong, table = case(1, 0.8)
    found = find_slices(wrong, table).worst.iloc[0]
    here = table["body has planted"]
    assert found["slice"] == "body has planted"
    assert found["items"] == here.sum()
    assert found["wrong"] == (here & wrong).sum()
    assert found["rate"] != (here & wrong).sum() / here.sum()
    assert found["low"] < found["rate"] < found["high"]


def test_no_errors_no_items_and_no_conditions_make_no_slice():
    for wrong in (np.zeros(100, bool), np.ones(100, bool), np.zeros(0, bool)):
        assert len(find_slices(wrong, {"a is b": np.arange(len(wrong)) % 2 == 0}).worst) == 0
    assert len(find_slices(np.arange(100) % 2 == 0, {}).tried) == 0

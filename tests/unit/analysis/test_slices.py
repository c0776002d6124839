"""Slices on which more labels are wrong are found; where there are none, they are hardly ever named."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.analysis.slices import find_slices

N = 500


def case(seed, rate, conditions=60):
    """Return whether labels are wrong: one in five, and ``rate`` on the first condition."""
    random = np.random.default_rng(seed)
    table = {f"body has word{place}": random.random(N) < random.uniform(0.05, 0.3) for place in range(conditions)}
    table["body has planted"] = random.random(N) < 0.15
    return random.random(N) < np.where(table["body has planted"], rate, 0.2), table


def test_a_planted_slice_is_found():
    found = [find_slices(*case(seed, 0.55), seed=seed).worst["slice"].tolist() for seed in range(200, 210)]
    assert sum(names[:1] == ["body has planted"] for names in found) >= 9


def test_where_nothing_is_planted_hardly_anything_is_named():
    named = [len(find_slices(*case(seed, 0.2), seed=seed).worst) > 0 for seed in range(200, 224)]
    assert sum(named) <= 3  # 1 is promised


def test_two_conditions_together_are_found():
    random = np.random.default_rng(3)
    one, other = random.random(800) < 0.4, random.random(800) < 0.4
    wrong = random.random(800) < np.where(one & other, 0.9, 0.1)
    found = find_slices(wrong, {"source is web": one, "body has refund": other})
    assert found.worst["slice"].tolist()[0] in (
        "source is web and body has refund",
        "body has refund and source is web",
    )


def test_the_rate_of_a_slice_that_was_hardly_surprising_enough_is_less_than_its_share():
    wrong, table = case(4, 0.45)
    row = find_slices(wrong, table).worst.iloc[0]
    here = table["body has planted"]
    assert row["slice"] == "body has planted"
    assert row["items"] == here.sum()
    assert row["wrong"] == (here & wrong).sum()
    assert row["low"] < row["rate"] < row["wrong"] / row["items"] < row["high"]
    assert row["rest"] == wrong[~here].mean()
    assert row["costs"] == pytest.approx((row["rate"] - row["rest"]) * here.mean())


def test_the_next_slice_counts_the_items_that_are_in_none_before():
    random = np.random.default_rng(5)
    one, other = random.random(900) < 0.3, random.random(900) < 0.3
    wrong = random.random(900) < np.where(one | other, 0.7, 0.1)
    table = {"a is a": one, "b is b": other, "c has both": one & (random.random(900) < 0.9)}
    found = find_slices(wrong, table).worst
    assert set(found["slice"]) == {"a is a", "b is b"}
    assert found["items"].sum() == (one | other).sum()
    assert found["rest"].tolist() == [wrong[~(one | other)].mean()] * 2
    assert found["costs"].sum() == pytest.approx(wrong.mean() - wrong[~(one | other)].mean(), abs=0.01)


def test_the_same_seed_gives_the_same_slices():
    wrong, table = case(7, 0.5)
    assert find_slices(wrong, table).worst.equals(find_slices(wrong, table).worst)


def test_what_was_tried_is_told_whether_it_holds_or_not():
    wrong, table = case(3, 0.2)
    found = find_slices(wrong, table)
    assert len(found.worst) == 0
    assert found.tried["p"].tolist() == sorted(found.tried["p"])
    name = found.tried["slice"][0]
    assert found.tried["items"][0] == np.logical_and.reduce([table[each] for each in name.split(" and ")]).sum()
    assert "no slice holds" in repr(found)


def test_no_errors_no_items_and_no_conditions_make_no_slice():
    for wrong in (np.zeros(100, bool), np.ones(100, bool), np.zeros(0, bool)):
        assert len(find_slices(wrong, {"a is b": np.arange(len(wrong)) % 2 == 0}).worst) == 0
    assert len(find_slices(np.arange(100) % 2 == 0, {}).tried) == 0

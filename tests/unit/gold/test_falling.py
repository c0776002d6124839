"""Two samples of answers, and whether people agree less on the newer one."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.gold.coding import Ratings
from retrolabel.gold.falling import change_of_agreement

SHARES = (0.5, 0.25, 0.15, 0.1)


def answers(rng, items, alpha, people=3):
    """Return ratings of people who know a label with the root of alpha, and throw dice else."""
    k = len(SHARES)
    truth = rng.choice(k, items, p=SHARES)
    knows = rng.random((people, items)) < alpha**0.5
    codes = np.where(knows, truth, rng.choice(k, (people, items), p=SHARES)).astype(np.int32)
    return Ratings(codes, tuple("abcd"), tuple(range(people)), tuple(range(items)))


def exactly(items, wrong):
    """Return two people's ratings who differ on the first items."""
    truth = np.arange(items) % 2
    other = np.where(np.arange(items) < wrong, 1 - truth, truth)
    return Ratings(np.stack([truth, other]).astype(np.int32), ("a", "b"), ("ana", "ben"), tuple(range(items)))


def test_the_difference_is_that_of_the_two_figures_and_its_interval_is_made_of_theirs():
    found = change_of_agreement(exactly(100, 20), exactly(200, 10))
    assert (found.now.value, found.before.value) == (pytest.approx(0.602), pytest.approx(0.90025))
    assert found.by == pytest.approx(found.now.value - found.before.value)
    assert found.high == pytest.approx(
        found.by + ((found.now.high - found.now.value) ** 2 + (found.before.value - found.before.low) ** 2) ** 0.5
    )
    assert (found.low < found.by < found.high, found.fell) == (True, True)


def test_who_agrees_more_did_not_fall_and_who_is_far_off_by_chance_did_not_either():
    assert not change_of_agreement(exactly(200, 10), exactly(100, 20)).fell
    assert not change_of_agreement(exactly(60, 8), exactly(60, 6)).fell


def test_too_few_items_are_not_compared_and_the_reason_says_on_which_side():
    found = change_of_agreement(exactly(49, 30), exactly(200, 10))
    assert (found.fell, found.why) == (False, "now: 49 items have two answers, and 50 are needed")
    assert change_of_agreement(exactly(200, 80), exactly(20, 1)).why.startswith("before: 20 items")
    assert change_of_agreement(exactly(0, 0), exactly(200, 10)).why == "now: no item has two answers"


def test_a_planted_fall_is_found_and_a_stable_pair_is_not():
    rng = np.random.default_rng(3)
    found = [change_of_agreement(answers(rng, 60, 0.58), answers(rng, 240, 0.82)).fell for _ in range(20)]
    stable = [change_of_agreement(answers(rng, 60, 0.82), answers(rng, 240, 0.82)).fell for _ in range(20)]
    assert (sum(found), sum(stable)) == (19, 0)

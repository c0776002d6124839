"""Chance is drawn within bounds, and drawing ends."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.simulation.dice import Dice


@pytest.fixture
def dice() -> Dice:
    return Dice(np.random.default_rng(0))


def test_some_are_different_ones(dice: Dice) -> None:
    assert sorted(dice.some("abcde", 5)) == list("abcde")


def test_some_of_too_few_are_all_of_them(dice: Dice) -> None:
    assert sorted(dice.some("ab", 5)) == ["a", "b"]


def test_a_number_between_two_may_be_either(dice: Dice) -> None:
    assert {dice.between(2, 4) for _ in range(100)} == {2, 3, 4}


def test_a_key_without_weight_is_never_chosen(dice: Dice) -> None:
    assert {dice.choose({"a": 0.0, "b": 1.0, "c": 2.0}) for _ in range(100)} == {"b", "c"}


def test_the_first_options_come_more_often_than_the_last(dice: Dice) -> None:
    drawn = [dice.often("abcd") for _ in range(1_000)]
    assert drawn.count("a") > drawn.count("b") > drawn.count("d") > 0

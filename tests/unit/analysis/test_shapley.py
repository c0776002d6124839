"""What causes did adds up to the whole, and all orders give what the definition gives."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.analysis.shapley import shares


def game(seed: int, players: int, rows: int = 5):
    """A function from sets of players to whole numbers, that has no order in it; nothing is 0."""
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 3, (2**players, rows))
    table[0] = 0
    return lambda some: table[sum(2 ** int(each) for each in some)]


def by_definition(value, players: int, player: int, rows: int) -> np.ndarray:
    """Shapley's formula: a weighted sum over the sets without the player."""
    others = [str(each) for each in range(players) if each != player]
    found = np.zeros(rows)
    for size in range(players):
        weight = factorial(size) * factorial(players - size - 1) / factorial(players)
        for some in combinations(others, size):
            found += weight * (value(frozenset(some) | {str(player)}) - value(frozenset(some)))
    return found


@given(st.integers(0, 10_000), st.integers(1, 3))
def test_all_orders_give_what_the_definition_gives(seed, players):
    value = game(seed, players)
    found = shares([str(each) for each in range(players)], value, np.ones(5, np.int64))
    assert found.exact
    for player in range(players):
        assert found.parts[player] / found.orders == pytest.approx(by_definition(value, players, player, 5))


@given(st.integers(0, 10_000), st.integers(4, 7), st.integers(1, 6))
def test_drawn_orders_add_up_to_the_whole_exactly(seed, players, pairs):
    value, counts = game(seed, players), np.array([7, 1, 30, 2, 5])
    names = [str(each) for each in range(players)]
    found = shares(names, value, counts, pairs=pairs)
    assert not found.exact
    assert found.orders == 2 * pairs
    assert sum(found.totals(counts)) == found.orders * int(value(frozenset(names)) @ counts)
    assert (found.parts.sum(axis=0) == found.orders * value(frozenset(names))).all()


def test_drawn_orders_come_near_the_definition_and_say_how_near():
    value, counts = game(3, 5), np.array([100, 10, 50, 3, 20])
    found = shares([str(each) for each in range(5)], value, counts, pairs=400)
    for player, (total, error) in enumerate(zip(found.totals(counts), found.errors, strict=True)):
        truth = float(by_definition(value, 5, player, 5) @ counts)
        assert total / found.orders == pytest.approx(truth, abs=4 * error + 1e-9)
        assert error < 10


def test_a_seed_gives_the_same_orders_again():
    value, counts = game(1, 6), np.ones(5, np.int64)
    names = [str(each) for each in range(6)]
    first, again, other = (shares(names, value, counts, pairs=2, seed=seed) for seed in (0, 0, 1))
    assert (first.parts == again.parts).all()
    assert (first.parts != other.parts).any()


def test_a_set_is_asked_for_once():
    asked = []

    def value(some):
        asked.append(some)
        return np.array([len(some)])

    shares(["a", "b", "c"], value, np.array([1]))
    assert len(asked) == len(set(asked)) == 8


def test_who_changes_nothing_has_nothing():
    found = shares(["a", "idle"], lambda some: np.array(["a" in some], np.int64), np.array([4]))
    assert found.totals(np.array([4])) == [8, 0]

"""Marginals given that of each group at least one label holds: exact, for however the groups overlap."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.errors import VoteError
from retrolabel.label_models import groups as module
from retrolabel.label_models.groups import at_least_one

K = 6
probabilities = st.lists(st.floats(1e-4, 1), min_size=K, max_size=K)
groups = st.lists(st.sets(st.integers(0, K - 1), min_size=1, max_size=4), max_size=5)


def by_enumeration(own, groups):
    """Return the marginals over all assignments in which every group holds."""
    total, found = 0.0, np.zeros(K)
    for held in map(np.array, product([False, True], repeat=K)):
        if all(held[sorted(group)].any() for group in groups):
            weight = np.where(held, own, 1 - own).prod()
            total += weight
            found += weight * held
    return found / total


@given(probabilities, groups)
def test_marginals_are_those_of_all_assignments_in_which_every_group_holds(own, groups):
    own = np.array(own)
    found = at_least_one(own[None], groups)[0]
    assert np.allclose(found, by_enumeration(own, groups), rtol=1e-9, atol=1e-12)


@given(probabilities, groups, st.randoms())
def test_members_are_raised_others_stay_and_the_order_of_groups_changes_nothing(own, groups, random):
    own = np.array(own)
    found = at_least_one(own[None], groups)[0]
    members = set().union(*groups)
    for place in range(K):
        assert found[place] >= own[place] - 1e-12 if place in members else found[place] == own[place]
    shuffled = random.sample(groups, len(groups))
    assert np.allclose(at_least_one(own[None], shuffled)[0], found, rtol=1e-12)


def test_of_one_group_the_labels_share_what_is_certain():
    own = np.array([[0.2, 0.3, 0.4]])
    found = at_least_one(own, [{0, 1}])
    assert found[0, 0] == pytest.approx(0.2 / (1 - 0.8 * 0.7))


def test_a_group_of_one_makes_its_label_certain():
    assert at_least_one(np.array([[0.01, 0.5]]), [{0}]).tolist() == [[1.0, 0.5]]


def test_rare_labels_lose_no_digits_and_impossible_ones_share_alike():
    found = at_least_one(np.array([[1e-9, 2e-9, 1e-10, 0.5], [0.0, 0.0, 0.0, 0.5]]), [{0, 1}, {0, 2}])
    assert np.isfinite(found).all()
    assert found[0, 0] == pytest.approx(1, abs=1e-8)
    assert found[1, 3] == 0.5
    alone = at_least_one(np.array([[1e-9, 2e-9]]), [{0, 1}])
    assert alone[0] == pytest.approx([1 / 3, 2 / 3])


def test_a_label_that_is_certain_leaves_the_others_of_its_group_as_they_were():
    assert at_least_one(np.array([[1.0, 0.1]]), [{0, 1}]).tolist() == [[1.0, 0.1]]


def test_many_rows_are_taken_in_blocks(monkeypatch):
    own = np.random.default_rng(0).random((100, 5))
    whole = at_least_one(own, [{0, 1}, {1, 2}, {2, 3}])
    monkeypatch.setattr(module, "CELLS", 64)
    assert np.array_equal(at_least_one(own, [{0, 1}, {1, 2}, {2, 3}]), whole)


def test_empty_groups_and_too_many_that_hang_together_are_refused():
    own = np.full((1, 30), 0.1)
    with pytest.raises(VoteError, match="cannot be empty"):
        at_least_one(own, [set()])
    with pytest.raises(VoteError, match="more than 12"):
        at_least_one(own, [{place, place + 1} for place in range(13)])
    assert (at_least_one(own, [{place, place + 1} for place in range(12)])[:, :13] > 0.1).all()
    apart = at_least_one(own, [{2 * place, 2 * place + 1} for place in range(15)])
    assert np.allclose(apart, 0.1 / 0.19)

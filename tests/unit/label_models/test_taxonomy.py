"""Probabilities in a taxonomy add up, and the deepest label that is probable enough is found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.errors import VoteError
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.taxonomy import deepest, rolled_up
from retrolabel.schema.taxonomy import Taxonomy
from retrolabel.votes import VoteMatrix


@st.composite
def trees(draw):
    """Draw a tree of 2 to 12 labels: each lies below an earlier one, or at the top."""
    size = draw(st.integers(2, 12))
    above = [draw(st.none() | st.integers(0, label - 1)) if label else None for label in range(size)]
    order = draw(st.permutations(range(size)))
    return Taxonomy.of({f"l{each}": None if above[each] is None else f"l{above[each]}" for each in order})


def some_probabilities(tree, seed):
    return np.random.default_rng(seed).dirichlet(np.full(len(tree.leaves), 0.3), size=5)


@given(trees(), st.integers(0, 100))
def test_a_label_has_the_sum_of_those_right_below_it_and_the_top_adds_up_to_one(tree, seed):
    leaves = some_probabilities(tree, seed)
    found = dict(zip(tree.labels, rolled_up(tree, leaves).T, strict=True))
    for label in tree.labels:
        children = [each for each in tree.labels if tree.parents.get(each) == label]
        own = sum(found[each] for each in children) if children else leaves[:, tree.leaves.index(label)]
        assert np.allclose(found[label], own)
    assert np.allclose(sum(found[each] for each in tree.labels if each not in tree.parents), 1)


@given(trees(), st.integers(0, 100), st.floats(0.51, 1))
def test_the_deepest_label_is_probable_enough_and_nothing_below_it_is(tree, seed, at_least):
    leaves = some_probabilities(tree, seed)
    found = rolled_up(tree, leaves)
    for row, place in enumerate(deepest(tree, leaves, at_least=at_least)):
        enough = {tree.labels[each] for each in np.flatnonzero(found[row] >= at_least - 1e-12)}
        if place < 0:
            assert not enough
        else:
            assert enough == {tree.labels[place], *tree.ancestors(tree.labels[place])}


@given(trees(), st.data())
def test_a_vote_for_a_label_raises_all_its_leaves_alike(tree, data):
    if len(tree.leaves) < 2:
        return
    label = data.draw(st.sampled_from(tree.labels))
    below = sorted(tree.leaves.index(leaf) for leaf in tree.below(label))
    votes = VoteMatrix.from_sets([[set(below)]], labels=tree.leaves)
    for model in (LabelModel(dependence=False, base_precision=0.95), MajorityVote()):
        (found,) = model.fit(votes).predict_proba(votes)
        assert np.allclose(found[below], found[below[0]])
        if len(below) < len(tree.leaves):
            assert found[below[0]] > max(found[place] for place in range(len(found)) if place not in below)


def test_thresholds_out_of_range_and_probabilities_of_other_labels_are_refused():
    tree = Taxonomy.of({"a": None, "b": "a", "c": "a"})
    with pytest.raises(VoteError, match="2 leaves"):
        rolled_up(tree, np.ones((1, 3)) / 3)
    for at_least in (0.5, 1.01, float("nan")):
        with pytest.raises(VoteError, match="at_least"):
            deepest(tree, np.array([[0.5, 0.5]]), at_least=at_least)

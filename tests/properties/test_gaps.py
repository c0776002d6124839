"""What is left open: the order of the items changes nothing, and each item is in one place."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from retrolabel.analysis.gaps.clusters import find_gap
from retrolabel.analysis.gaps.corpus import Corpus
from retrolabel.analysis.gaps.kinds import KINDS, of_kind
from retrolabel.analysis.lf_summary import lf_summary
from retrolabel.analysis.trying.values import Ground
from retrolabel.votes import VoteMatrix
from tests.laws import law

WORDS = ["crash", "freezes", "login", "dark mode", "refund", "please add", "slow", "退款太慢", "it's", "the"]
CELLS = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join) | st.none()


@st.composite
def items_of(draw):
    """Draw texts with repeats, votes on them, and which are drawn and have gold."""
    n = draw(st.integers(0, 60))
    cells = draw(st.lists(st.tuples(CELLS, CELLS), min_size=n, max_size=n))
    masks = draw(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=n, max_size=n))
    rows = [[{y for y in range(3) if mask >> y & 1} or None for mask in row] for row in masks]
    votes = VoteMatrix.from_sets(rows, labels=["a", "b", "c"], voters=["f", "g"])
    gold = np.array(draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n)), np.int64)
    possible = np.vstack([np.eye(3, dtype=np.bool_), np.zeros((1, 3), np.bool_)])[gold].reshape(n, 3)
    drawn = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)), np.bool_)
    return cells, Ground(("a", "b", "c"), drawn, n, votes, (), possible, "", np.full(n, -1), np.zeros(n))


def part(ground, rows):
    return Ground(
        ground.labels,
        ground.drawn[rows],
        ground.total,
        ground.others.rows(rows),
        (),
        ground.gold[rows],
        "",
        ground.said[rows],
        ground.sure[rows],
    )


def told(gap, names):
    """Return a gap with its items by name."""
    clusters = [
        (each.terms, each.items, each.told, each.elsewhere, each.says_the_same, [names[row] for row in each.rows])
        for each in gap.clusters
    ]
    return gap.items, gap.rest_items, clusters, [names[row] for row in gap.rest]


@given(items_of(), st.randoms(use_true_random=False))
@law(20, slow=True)
def test_the_order_of_the_items_changes_nothing(drawn, random):
    cells, ground = drawn
    order = list(range(len(cells)))
    random.shuffle(order)
    names, rank = np.arange(len(cells)), np.array(order, np.int64)
    shuffled = [cells[row] for row in order]
    for kind in KINDS:
        one = find_gap(kind, ground, Corpus.of(cells, ["title", "body"]), np.arange(len(cells)))
        other = find_gap(kind, part(ground, rank), Corpus.of(shuffled, ["title", "body"]), np.argsort(rank))
        assert told(one, names) == told(other, rank)


@given(items_of())
@law(30, slow=True)
def test_each_item_of_a_kind_is_in_one_cluster_or_in_none(drawn):
    cells, ground = drawn
    for kind in KINDS:
        gap = find_gap(kind, ground, Corpus.of(cells, ["title", "body"]), np.arange(len(cells)))
        rows = [row for each in gap.clusters for row in each.rows] + list(gap.rest)
        assert sorted(rows) == np.flatnonzero(of_kind(kind, ground.others)).tolist()
        assert gap.items == sum(each.items for each in gap.clusters) + gap.rest_items
        for each in gap.clusters:
            assert each.items == ground.drawn[list(each.rows)].sum()
            assert each.told <= each.items


@given(items_of())
@law(30, slow=True)
def test_conflicting_items_are_those_that_the_summary_of_labeling_functions_counts(drawn):
    _, ground = drawn
    votes = ground.others
    rows = np.flatnonzero(of_kind("conflicting", votes))
    clashes = lf_summary(votes)["conflicts"] * max(1, len(votes))
    assert np.allclose(clashes, (votes.codes[rows] != 0).sum(axis=0))  # with two labeling functions both clash

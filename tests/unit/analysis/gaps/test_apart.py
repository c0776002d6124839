"""The terms that set a cluster apart: not those that stand everywhere."""

from __future__ import annotations

import numpy as np

from retrolabel.analysis.gaps.apart import terms_apart
from retrolabel.analysis.terms import terms_of

TEXTS = (
    [["please add dark mode please"]] * 12
    + [["please help dark"]] * 12
    + [["please it crashes again"]] * 12
    + [["please say a word"]] * 64
)
TERMS = terms_of(TEXTS)
CLUSTERS = np.repeat([0, -1, 1, -1], [12, 12, 12, 64])


def named(clusters, count):
    return [[TERMS.words[place] for place in places] for places in terms_apart(TERMS, clusters, count)]


def test_a_term_of_all_items_sets_none_apart_and_a_pure_one_does():
    first, second = named(CLUSTERS, 2)
    assert set(first) & {"mode", "add", "please add"}
    assert set(second) & {"crashes", "again"}
    assert not {"please", "dark"} & {*first, *second}  # one is everywhere, the other as often elsewhere


def test_a_term_that_holds_another_one_is_not_named_beside_it():
    for terms in named(CLUSTERS, 2):
        assert not any(one != other and one in other for one in terms for other in terms)


def test_a_cluster_that_reads_like_all_others_has_no_terms():
    assert named(np.tile([0, -1, -1, -1], 25), 1) == [[]]


def test_without_clusters_nothing_is_asked():
    assert named(np.full(100, -1), 0) == []

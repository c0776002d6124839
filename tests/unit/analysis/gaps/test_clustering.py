"""Clusters of texts: how many there are is found, and the same texts give the same ones."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from retrolabel.analysis.gaps.clustering import NOBODY, cluster_texts, telling_columns


def texts(*rows, terms=12):
    held = np.zeros((len(rows), terms), np.float32)
    for row, places in enumerate(rows):
        held[row, list(places)] = 1.0
    return csr_array(held)


def groups(labels):
    """Return clusters as sets of texts."""
    return {frozenset(np.flatnonzero(labels == each).tolist()) for each in set(labels.tolist()) - {NOBODY}}


def many(topics, each):
    """Return texts of some topics, each with two of the three terms of its topic."""
    rows = [(3 * t + n % 3, 3 * t + (n + 1) % 3) for t in range(topics) for n in range(each)]
    return texts(*rows, terms=3 * topics)


def test_the_number_of_clusters_is_found():
    for topics in (2, 3, 7):
        held = many(topics, 12)
        labels, nearness = cluster_texts(held, np.ones(held.shape[0]))
        assert groups(labels) == {frozenset(range(12 * t, 12 * t + 12)) for t in range(topics)}
        assert nearness.min() > 0.5


def test_a_text_without_terms_is_in_none():
    labels, nearness = cluster_texts(texts((0, 1), (0, 1), (), (0,)), np.ones(4))
    assert labels[2] == NOBODY
    assert nearness[2] == 0
    assert labels[0] == labels[1] == labels[3] != NOBODY


def test_few_texts_are_no_trouble():
    for rows in ([], [()], [(0,)], [(0,), (0,)], [(0,), (1,)]):
        labels, _ = cluster_texts(texts(*rows), np.ones(len(rows)))
        assert len(labels) == len(rows)
        assert [label == NOBODY for label in labels.tolist()] == [not each for each in rows]


def test_the_same_texts_give_the_same_clusters_to_the_bit():
    held = many(6, 40)
    one, other = (cluster_texts(held, np.ones(held.shape[0])) for _ in range(2))
    assert np.array_equal(one[0], other[0])
    assert np.array_equal(one[1], other[1])


def test_terms_that_are_everywhere_rare_light_or_rarer_here_tell_nothing():
    words = ("crash", "freeze", "rare", "the", "the crash", "jy7siq9s7dnlzs5w", "refund")
    here = np.array([10.0, 80.0, 2.0, 10.0, 10.0, 10.0, 10.0])
    elsewhere = np.array([10.0, 0.0, 0.0, 0.0, 0.0, 0.0, 50.0])
    assert telling_columns(words, here, elsewhere, 100, 100).tolist() == [0, 1]  # freeze is in most, and only here
    assert telling_columns(words, here, np.zeros(7), 100, 0).tolist() == [0, 6]

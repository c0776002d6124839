"""The summary of labeling functions says what a plain count by cells says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.analysis import lf_summary as module
from retrolabel.analysis.lf_summary import lf_summary
from retrolabel.votes import VoteMatrix
from tests.laws import law


def counted(votes, gold):
    """Return the figures of each LF, one cell at a time."""
    n, m = votes.shape
    sets = [[None if not c else set(votes.symbols[c - 1]) for c in row] for row in votes.codes.tolist()]
    rows = []
    for lf in range(m):
        mine = [row for row in sets if row[lf] is not None]
        others = [[cell for place, cell in enumerate(row) if place != lf and cell is not None] for row in mine]
        conflicts = sum(any(not row[lf] & cell for cell in rest) for row, rest in zip(mine, others, strict=True))
        judged = [(row[lf], y) for row, y in zip(sets, gold.tolist(), strict=True) if y >= 0 and row[lf] is not None]
        right = sum(y in cell for cell, y in judged)
        rows.append([len(mine) / max(1, n), sum(map(bool, others)) / max(1, n), conflicts / max(1, n),
                     right, len(judged) - right, right / len(judged) if judged else np.nan])  # fmt: skip
    return np.array(rows, dtype=float).reshape(m, 6)


@st.composite
def matrices(draw):
    k, m, n = draw(st.integers(2, 9)), draw(st.integers(1, 6)), draw(st.integers(0, 30))
    single = st.integers(0, k - 1)
    cell = st.one_of(st.none(), single, st.sets(single, min_size=1)) if draw(st.booleans()) else st.none() | single
    rows = draw(st.lists(st.lists(cell, min_size=m, max_size=m), min_size=n, max_size=n))
    gold = draw(st.lists(st.integers(-1, k - 1), min_size=n, max_size=n))
    voters = [f"lf_{place}" for place in range(m)]
    return VoteMatrix.from_sets(rows, labels=k, voters=voters), np.array(gold, dtype=np.int64)


@law(150)
@given(matrices(), st.sampled_from([1, 7, 2**14]))
def test_figures_are_those_of_a_plain_count(drawn, block):
    votes, gold = drawn
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK", block)
        found = lf_summary(votes, gold)
    figures = found[["coverage", "overlaps", "conflicts", "correct", "incorrect", "precision"]].to_numpy(dtype=float)
    np.testing.assert_allclose(figures, counted(votes, gold), atol=1e-12)


@law(100)
@given(matrices(), st.sampled_from([1, 7, 2**14]))
def test_patterns_say_what_the_items_say_that_show_them(drawn, block):
    votes, _ = drawn
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK", block)
        pd.testing.assert_frame_equal(lf_summary(votes.patterns()), lf_summary(votes))


@law(10)
@given(st.integers(0, 2**32 - 1))
def test_more_label_sets_than_a_number_has_bits_are_told_apart(seed):
    random = np.random.default_rng(seed)
    k = 12
    rows = [
        [
            None if random.random() < 0.2 else set(random.choice(k, random.integers(1, 4), replace=False).tolist())
            for _ in range(5)
        ]
        for _ in range(150)
    ]
    votes, gold = VoteMatrix.from_sets(rows, labels=k), random.integers(-1, k, 150)
    assert len(votes.symbols) > 2 * 64
    figures = lf_summary(votes, gold).drop(columns="votes").to_numpy(dtype=float)
    np.testing.assert_allclose(figures, counted(votes, gold), atol=1e-12)


@pytest.mark.parametrize("symbols", [255, 300])
def test_as_many_labels_as_a_byte_holds_and_more(symbols):
    random = np.random.default_rng(0)
    ints = np.where(random.random((200, 3)) < 0.7, random.integers(symbols - 2, symbols, (200, 3)), -1)
    votes, gold = VoteMatrix.from_ints(ints, labels=symbols), random.integers(symbols - 3, symbols, 200)
    figures = lf_summary(votes, gold).drop(columns="votes").to_numpy(dtype=float)
    np.testing.assert_allclose(figures, counted(votes, gold), atol=1e-12)

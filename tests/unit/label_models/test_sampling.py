"""The sample of patterns: unbiased, weighted, and the same in whatever order anything comes."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from retrolabel.label_models import sampling
from retrolabel.label_models.hashes import row_hashes, row_sums
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.sampling import LARGEST, drawn_rows, fitted_patterns
from retrolabel.votes import Patterns, VoteMatrix, merge_patterns

SMALL = 300


def made(seed=0, *, n=6_000, m=8, k=3, voters=None):
    """Return votes with a few frequent patterns and thousands of rare ones."""
    rng = np.random.default_rng(seed)
    ints = rng.integers(-1, k, size=(n, m))
    ints[rng.random(n) < 0.3] = [0] + [-1] * (m - 1)
    ints[rng.random(n) < 0.05] = [-1] * m
    return VoteMatrix.from_ints(ints, labels=k, voters=voters)


def rows_of(votes, order):
    return VoteMatrix(votes.codes[order], votes.labels, votes.symbols, votes.voters)


def columns_of(votes, order):
    return VoteMatrix(votes.codes[:, order], votes.labels, votes.symbols, tuple(votes.voters[j] for j in order))


def sorted_rows(patterns):
    """Return the patterns and their counts in lexicographic order."""
    order = np.lexsort(patterns.codes.T[::-1]) if patterns.codes.shape[1] else np.arange(len(patterns))
    return patterns.codes[order], patterns.counts[order]


def assert_same(found, expected):
    assert np.array_equal(found.codes, expected.codes)
    assert found.counts == pytest.approx(expected.counts, rel=1e-12)


# Where nothing is sampled


@pytest.mark.parametrize("patterns", [False, True])
def test_up_to_the_size_the_covered_patterns_are_fitted_as_they_are(patterns):
    votes = made()
    whole = votes.patterns()
    here = whole.covered
    found = fitted_patterns(whole if patterns else votes, largest=len(votes))
    codes, counts = sorted_rows(found)
    assert np.array_equal(codes, whole.codes[here])
    assert np.array_equal(counts, whole.counts[here])
    assert (found.labels, found.symbols, found.voters) == (votes.labels, votes.symbols, votes.voters)


@pytest.mark.parametrize("patterns", [False, True])
def test_more_items_than_the_size_with_fewer_patterns_are_fitted_as_they_are(patterns):
    votes = VoteMatrix.from_ints([[0, 1], [1, 1], [-1, 0], [-1, -1]] * 500, labels=2)
    found = fitted_patterns(votes.patterns() if patterns else votes, largest=3)
    assert found.counts.tolist() == [500.0, 500.0, 500.0]
    assert sorted_rows(found)[0].tolist() == [[0, 1], [1, 2], [2, 2]]


def test_a_pattern_that_no_item_shows_is_left_out():
    patterns = Patterns(np.array([[1], [2]], np.uint8), np.array([0.0, 4.0]), ("a", "b"), ((0,), (1,)), ("x",))
    assert fitted_patterns(patterns).counts.tolist() == [4.0]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (5, 0), (5, 3)])
@pytest.mark.parametrize("largest", [2, LARGEST])
def test_where_nobody_votes_there_is_nothing_to_fit(shape, largest):
    votes = VoteMatrix.from_ints(np.full(shape, -1), labels=2)
    assert len(fitted_patterns(votes, largest=largest)) == 0
    assert len(fitted_patterns(votes.patterns(), largest=largest)) == 0


# Where a sample is drawn


def test_a_sample_is_about_as_large_as_was_asked_and_stands_for_all_covered_items():
    votes = made()
    found = fitted_patterns(votes, largest=SMALL)
    assert len(votes.patterns()) > 10 * SMALL
    assert len(found) == pytest.approx(SMALL, abs=5 * np.sqrt(SMALL))
    assert found.counts.sum() == pytest.approx(votes.covered.sum(), rel=0.2)
    assert found.covered.all()


def test_what_is_frequent_is_in_every_sample_with_its_own_count():
    votes = made()
    whole = votes.patterns()
    frequent = int(whole.counts.argmax())
    for seed in range(5):
        found = fitted_patterns(votes, largest=SMALL, seed=seed)
        place = np.flatnonzero((found.codes == whole.codes[frequent]).all(axis=1))
        assert found.counts[place].tolist() == [whole.counts[frequent]]


def test_over_seeds_the_sample_estimates_every_total_without_bias():
    votes = made(n=3_000, m=7)
    covered = votes.codes[votes.covered]
    voted = (covered[:, :, None] == np.arange(1, 4)).sum(axis=0)
    pairs = np.array([(covered[:, 0] == covered[:, 1]).sum(), (covered[:, 2] > covered[:, 3]).sum()])
    totals, sums, both = [], [], []
    for seed in range(60):
        found = fitted_patterns(votes, largest=SMALL, seed=seed)
        shown = found.codes[:, :, None] == np.arange(1, 4)
        totals.append(np.einsum("u,ujs->js", found.counts, shown))
        sums.append(found.counts.sum())
        same, more = found.codes[:, 0] == found.codes[:, 1], found.codes[:, 2] > found.codes[:, 3]
        both.append([found.counts[same].sum(), found.counts[more].sum()])
    for sample, expected in ((totals, voted), (sums, len(covered)), (both, pairs)):
        drawn = np.asarray(sample, float)
        error = drawn.std(axis=0, ddof=1) / np.sqrt(len(drawn))
        assert (np.abs(drawn.mean(axis=0) - expected) <= 4 * error).all()
    assert np.mean(sums) == pytest.approx(len(covered), rel=0.01)


def test_another_seed_draws_another_sample_and_the_same_seed_the_same():
    votes = made()
    one, again, other = (fitted_patterns(votes, largest=SMALL, seed=seed) for seed in (0, 0, 1))
    assert_same(again, one)
    assert {tuple(row) for row in one.codes.tolist()} != {tuple(row) for row in other.codes.tolist()}


@pytest.mark.parametrize("seed", range(3))
def test_the_sample_does_not_depend_on_the_order_of_the_items(seed):
    votes = made(seed)
    order = np.random.default_rng(seed).permutation(len(votes))
    assert_same(fitted_patterns(rows_of(votes, order), largest=SMALL), fitted_patterns(votes, largest=SMALL))


@pytest.mark.parametrize("seed", range(3))
def test_the_sample_does_not_depend_on_the_order_of_the_voters(seed):
    votes = made(seed)
    order = np.random.default_rng(seed).permutation(8)
    one = fitted_patterns(votes, largest=SMALL)
    other = fitted_patterns(columns_of(votes, order), largest=SMALL)
    back = np.argsort(order)
    assert np.array_equal(other.codes[:, back], one.codes)
    assert np.array_equal(other.counts, one.counts)


@pytest.mark.parametrize("largest", [SMALL, LARGEST])
def test_samples_are_sorted_by_hash_and_lie_row_by_row(largest):
    votes = made()
    for given in (votes, votes.patterns()):
        found = fitted_patterns(given, largest=largest, seed=4)
        hashes = row_hashes(found, seed=4)
        assert (hashes[1:] > hashes[:-1]).all()
        assert found.codes.flags.c_contiguous


def test_the_sample_does_not_depend_on_items_without_votes():
    votes = made()
    more = VoteMatrix.stack([votes, VoteMatrix.from_ints(np.full((4_000, 8), -1), labels=3)])
    assert_same(fitted_patterns(more, largest=SMALL), fitted_patterns(votes, largest=SMALL))


@pytest.mark.parametrize("cuts", [[1], [3_000], [10, 2_000, 2_001, 5_999], []])
def test_the_sample_does_not_depend_on_where_segments_end(cuts):
    votes = made()
    parts = [rows_of(votes, part).patterns() for part in np.split(np.arange(len(votes)), cuts)]
    merged = merge_patterns(parts[::-1])[0]
    expected = fitted_patterns(votes, largest=SMALL)
    assert_same(fitted_patterns(merged, largest=SMALL), expected)
    assert_same(fitted_patterns(votes.patterns(), largest=SMALL), expected)


def test_the_sample_does_not_depend_on_sets_that_only_other_segments_hold():
    rng = np.random.default_rng(0)
    rows = [[[None, 0, 1, 2, {1, 2}][cell] for cell in row] for row in rng.integers(0, 5, (3_000, 7)).tolist()]
    votes = VoteMatrix.from_sets(rows, labels=3)
    more = VoteMatrix.stack([votes, VoteMatrix.from_sets([[{0, 1}, *[None] * 6]], labels=3)])
    one, other = fitted_patterns(votes, largest=SMALL), fitted_patterns(rows_of(more, slice(-1)), largest=SMALL)
    assert more.symbols != votes.symbols
    told = [
        {
            tuple(part.symbols[code - 1] if code else None for code in row): count
            for row, count in zip(part.codes.tolist(), part.counts.tolist(), strict=True)
        }
        for part in (one, other)
    ]
    assert told[0].keys() == told[1].keys()
    assert all(told[0][row] == pytest.approx(count) for row, count in told[1].items())


def test_the_votes_are_not_changed():
    votes = made()
    codes = votes.codes.copy()
    fitted_patterns(votes, largest=SMALL)
    assert np.array_equal(votes.codes, codes)


# The rows that are drawn


@pytest.mark.parametrize("largest", [20, 50, 300, 5_000, 6_000])
def test_the_rows_that_are_drawn_are_the_first_of_their_patterns(largest):
    votes = made()
    rows, weights, by_hash = drawn_rows(row_sums(votes), largest=largest)
    whole = votes.patterns()
    patterns = whole.inverse[rows]
    assert (np.diff(rows) > 0).all()
    assert len(set(patterns.tolist())) == len(rows)
    assert [int(np.flatnonzero(whole.inverse == pattern)[0]) for pattern in patterns[:50]] == rows[:50].tolist()
    assert (np.diff(row_hashes(votes)[rows[by_hash]].astype(float)) > 0).all()
    threshold = weights.min() if len(rows) < whole.covered.sum() else 1.0
    assert weights == pytest.approx(np.maximum(whole.counts[patterns], threshold))


@pytest.mark.parametrize("width", [1, 3, 8])
def test_few_rows_are_looked_up_to_what_sorting_gives(monkeypatch, width):
    votes = made(1, n=2_000, m=width)
    looked_up = fitted_patterns(votes)
    monkeypatch.setattr(sampling, "FEW", 0)
    ordered = fitted_patterns(votes)
    assert np.array_equal(looked_up.codes, ordered.codes)
    assert np.array_equal(looked_up.counts, ordered.counts)


def test_the_threshold_does_not_depend_on_the_order_of_fractional_counts():
    rng = np.random.default_rng(0)
    counts = rng.exponential(size=5_000)
    found = {sampling._threshold(rng.permutation(counts), 700) for _ in range(20)}
    assert len(found) == 1
    assert np.minimum(1, counts / found.pop()).sum() == pytest.approx(700)


# Memory


def test_a_fit_takes_a_few_numbers_for_each_item_and_no_more():
    """The one-hot of all items would take 250 numbers for each: 400 MB."""
    rng = np.random.default_rng(0)
    ints = np.where(rng.random((200_000, 50)) < 0.1, rng.integers(0, 5, (200_000, 50)), -1).astype(np.int8)
    votes = VoteMatrix.from_ints(ints, labels=5)
    peaks = []
    for largest in (1_000, LARGEST):
        tracemalloc.start()
        try:
            found = fitted_patterns(votes, largest=largest)
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
        assert found.counts.sum() == pytest.approx(votes.covered.sum(), rel=0.05)
    assert peaks[0] < 80 * len(votes)
    assert peaks[1] < 80 * len(votes) + 4 * 50 * LARGEST


# The label model above the size


@pytest.fixture
def small(monkeypatch):
    """Fit on samples from a few hundred patterns on."""

    def sampled(votes, *, seed=0):
        return fitted_patterns(votes, seed=seed, largest=2 * SMALL)

    monkeypatch.setattr("retrolabel.label_models.label_model.fitted_patterns", sampled)


@pytest.mark.parametrize("with_gold", [False, True])
def test_above_the_size_no_order_and_no_cut_changes_a_probability(small, with_gold):
    votes = made()
    rng = np.random.default_rng(1)
    gold = np.where(rng.random(len(votes)) < 0.05, rng.integers(0, 3, len(votes)), -1) if with_gold else None
    rows, columns = rng.permutation(len(votes)), rng.permutation(8)
    model = LabelModel(max_iter=20)
    expected = model.fit(votes, gold).predict_proba(votes)
    by_rows = model.fit(rows_of(votes, rows), None if gold is None else gold[rows])
    assert by_rows.predict_proba(votes) == pytest.approx(expected, abs=1e-12)
    turned = columns_of(votes, columns)
    assert model.fit(turned, gold).predict_proba(turned) == pytest.approx(expected, abs=1e-9)
    if gold is None:
        merged = rows_of(votes, slice(None, 999)).patterns().merge(rows_of(votes, slice(999, None)).patterns())
        assert model.fit(merged).predict_proba(votes) == pytest.approx(expected, abs=1e-12)


def test_above_the_size_items_without_votes_change_no_probability(small):
    votes = made()
    more = VoteMatrix.stack([VoteMatrix.from_ints(np.full((3_000, 8), -1), labels=3), votes])
    model = LabelModel(max_iter=20)
    found = model.fit(more).predict_proba(more)
    assert found[3_000:] == pytest.approx(model.fit(votes).predict_proba(votes), abs=1e-12)
    assert found[:3_000] == pytest.approx(np.full((3_000, 3), 1 / 3))


def test_a_sample_gives_about_the_labels_that_all_patterns_give():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 6_000)
    right = rng.random((6_000, 8)) < np.linspace(0.5, 0.9, 8)
    votes = np.where(right, truth[:, None], (truth[:, None] + rng.integers(1, 3, right.shape)) % 3)
    votes[rng.random(right.shape) < 0.3] = -1
    matrix = VoteMatrix.from_ints(votes, labels=3)
    whole = LabelModel().fit(matrix).predict_proba(matrix)
    part = LabelModel().fit(fitted_patterns(matrix, largest=1_500)).predict_proba(matrix)
    assert (whole.argmax(axis=1) == part.argmax(axis=1)).mean() > 0.95
    assert np.abs(whole - part).mean() < 0.05


def test_over_a_hundred_thousand_patterns_are_sampled_and_no_order_changes_anything():
    rng = np.random.default_rng(0)
    ints = rng.integers(-1, 2, size=(130_000, 14))
    votes = VoteMatrix.from_ints(ints, labels=2)
    order = rng.permutation(len(votes))
    model = LabelModel(max_iter=3, dependence=False)
    fitted, turned = model.fit(votes), model.fit(rows_of(votes, order))
    assert len(votes.patterns()) > sampling.LARGEST
    assert fitted.items != votes.covered.sum()
    assert fitted.items == pytest.approx(votes.covered.sum(), rel=0.01)
    assert turned.items == fitted.items
    some = rows_of(votes, slice(1_000))
    assert np.array_equal(turned.predict_proba(some), fitted.predict_proba(some))

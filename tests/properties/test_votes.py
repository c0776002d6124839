"""The algebra of patterns: order, parts and packing can change nothing."""

from __future__ import annotations

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from retrolabel import conflict
from retrolabel.errors import VoteError
from retrolabel.label_models.sampling import fitted_patterns
from retrolabel.label_models.sketch import Sketch
from retrolabel.votes import VoteMatrix, distinct_rows, merge_patterns
from tests.laws import law

PROPERTY = law(80, slow=True)


def from_masks(masks, k):
    """Return the matrix whose cells are bit masks of labels; 0 abstains."""
    rows = [[{y for y in range(k) if mask >> y & 1} or None for mask in row] for row in masks.tolist()]
    return VoteMatrix.from_sets(rows, labels=k, voters=[f"lf_{j}" for j in range(masks.shape[1])])


@st.composite
def masks_of(draw, *, rows=30, width=5):
    """Draw k and a matrix of label sets, with many equal rows."""
    k = draw(st.integers(2, 4))
    shape = draw(st.integers(0, rows)), draw(st.integers(0, width))
    return draw(hnp.arrays(np.int64, shape, elements=st.integers(0, 2**k - 1))), k


def content(patterns):
    """Return pattern -> count, with the label sets spelt out: what does not depend on the codes."""
    spelt = [
        tuple(patterns.symbols[code - 1] if code else None for code in row)
        for row in patterns.codes.tolist()
    ]  # fmt: skip
    assert len(set(spelt)) == len(spelt)
    return dict(zip(spelt, patterns.counts.tolist(), strict=True))


@given(masks_of(), st.randoms(use_true_random=False))
@PROPERTY
def test_the_order_of_the_items_does_not_change_the_patterns(drawn, random):
    masks, k = drawn
    order = list(range(len(masks)))
    random.shuffle(order)
    one, other = from_masks(masks, k).patterns(), from_masks(masks[order], k).patterns()
    assert one.symbols == other.symbols
    assert np.array_equal(one.codes, other.codes)
    assert np.array_equal(one.counts, other.counts)
    assert np.array_equal(one.inverse[order], other.inverse)


@given(masks_of())
@PROPERTY
def test_each_item_shows_the_pattern_at_its_place(drawn):
    votes = from_masks(*drawn)
    patterns = votes.patterns()
    assert np.array_equal(patterns.codes[patterns.inverse], votes.codes)
    assert np.array_equal(np.bincount(patterns.inverse, minlength=len(patterns)), patterns.counts)
    assert patterns.counts.sum() == len(votes)
    assert list(map(tuple, patterns.codes.tolist())) == sorted(set(map(tuple, votes.codes.tolist())))
    assert np.array_equal(patterns.covered[patterns.inverse], votes.covered)


@given(masks_of(), st.integers(0, 30), st.integers(0, 30), st.permutations(range(3)))
@PROPERTY
def test_patterns_of_parts_merge_to_the_patterns_of_the_whole_in_any_order(drawn, first, second, order):
    masks, k = drawn
    pieces = np.split(masks, sorted([min(first, len(masks)), min(second, len(masks))]))
    matrices = [from_masks(piece, k) for piece in pieces]
    whole = VoteMatrix.stack(matrices).patterns()
    merged, places = merge_patterns([matrices[part].patterns() for part in order])
    assert merged.symbols == whole.symbols
    assert np.array_equal(merged.codes, whole.codes)
    assert np.array_equal(merged.counts, whole.counts)
    for part, place in zip(order, places, strict=True):
        own = matrices[part].patterns()
        assert content(own) == {
            tuple(merged.symbols[code - 1] if code else None for code in merged.codes[at].tolist()): count
            for at, count in zip(place, own.counts.tolist(), strict=True)
        }


@given(masks_of(rows=12), masks_of(rows=12))
@PROPERTY
def test_merging_two_by_two_is_merging_all_at_once(one, other):
    k, width = max(one[1], other[1]), min(one[0].shape[1], other[0].shape[1])
    a, b = (from_masks(masks[:, :width], k).patterns() for masks, _ in (one, other))
    all_at_once, _ = merge_patterns([a, b, a])
    for found in (a.merge(b).merge(a), a.merge(b.merge(a)), b.merge(a).merge(a)):
        assert np.array_equal(found.codes, all_at_once.codes)
        assert content(found) == content(all_at_once)


@given(masks_of(), masks_of())
@PROPERTY
def test_a_stack_is_the_matrix_of_all_rows(one, other):
    k, width = max(one[1], other[1]), min(one[0].shape[1], other[0].shape[1])
    upper, lower = one[0][:, :width], other[0][:, :width]
    stacked = VoteMatrix.stack([from_masks(upper, k), from_masks(lower, k)])
    whole = from_masks(np.concatenate([upper, lower]), k)
    assert stacked.symbols == whole.symbols
    assert np.array_equal(stacked.codes, whole.codes)


@given(st.data(), st.integers(2, 400))
@PROPERTY
def test_ints_come_back_as_they_were(data, k):
    shape = data.draw(st.tuples(st.integers(0, 20), st.integers(0, 6)))
    ints = data.draw(hnp.arrays(np.int64, shape, elements=st.integers(-1, k - 1)))
    votes = VoteMatrix.from_ints(ints, labels=k)
    assert np.array_equal(votes.to_ints(), ints)
    assert votes.codes.dtype == (np.uint8 if k <= 255 else np.uint16)
    as_sets = VoteMatrix.from_sets([[None if x < 0 else x for x in row] for row in ints.tolist()], labels=k,
                                   voters=votes.voters)  # fmt: skip
    assert np.array_equal(as_sets.codes, votes.codes)


def assert_like_numpy(codes, base):
    found, counts, places = distinct_rows(codes, base)
    expected, inverse, expected_counts = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    assert np.array_equal(found, expected)
    assert found.dtype == codes.dtype
    assert np.array_equal(counts, expected_counts)
    assert np.array_equal(places, inverse.reshape(-1))


@given(st.data(), st.sampled_from([2, 5, 256, 60_000, 65_536]))
@PROPERTY
def test_distinct_rows_are_those_of_numpy(data, base):
    shape = data.draw(st.tuples(st.integers(1, 30), st.integers(1, 12)))
    codes = data.draw(hnp.arrays(np.uint16, shape, elements=st.integers(0, base - 1)))
    assert_like_numpy(codes, base)


@pytest.mark.parametrize(
    ("width", "base", "dtype"),
    [(80, 5, np.uint8), (300, 2, np.uint8), (26, 5, np.uint8), (27, 5, np.uint8), (62, 2, np.uint8), (63, 2, np.uint8),
     (64, 2, np.uint8), (5, 60_000, np.uint16), (3, 60_000, np.uint16), (40, 65_536, np.uint16)],
)  # fmt: skip
@pytest.mark.parametrize("seed", range(3))
def test_distinct_rows_of_wide_matrices_are_those_of_numpy(width, base, dtype, seed):
    generator = np.random.default_rng(seed)
    different = generator.integers(0, base, size=(150, width)).astype(dtype)
    sparse = np.where(generator.random((150, width)) < 0.03, different, 0).astype(dtype)
    near = different[:50].copy()  # differ from rows above in one cell only, first or last
    near[:25, 0] ^= 1
    near[25:, -1] ^= 1
    codes = np.concatenate([different, sparse, np.minimum(near, base - 1)])
    assert_like_numpy(codes[generator.integers(0, len(codes), 1_000)], base)


def test_rows_of_the_highest_codes_do_not_overflow():
    codes = np.full((6, 90), 65_535, dtype=np.uint16)
    codes[np.arange(5), [0, 3, 4, 50, 89]] = 65_534
    assert_like_numpy(codes, 65_536)


@given(masks_of(), st.integers(0, 30), st.integers(0, 30))
@PROPERTY
def test_taking_parts_away_leaves_the_patterns_of_the_other_rows(drawn, first, second):
    masks, k = drawn
    a, b, c = np.split(masks, sorted([min(first, len(masks)), min(second, len(masks))]))
    parts = [from_masks(part, k).patterns() for part in (a, b, c)]
    whole = from_masks(masks, k).patterns()
    expected = parts[1]
    for found in (
        whole.minus(parts[0]).minus(parts[2]),
        whole.minus(parts[2]).minus(parts[0]),
        whole.minus(parts[0].merge(parts[2])),
    ):
        assert found.symbols == expected.symbols
        assert np.array_equal(found.codes, expected.codes)
        assert np.array_equal(found.counts, expected.counts)


@given(masks_of(), masks_of())
@PROPERTY
def test_merging_and_taking_away_gives_the_original(one, other):
    k, width = max(one[1], other[1]), min(one[0].shape[1], other[0].shape[1])
    a, b = (from_masks(masks[:, :width], k).patterns() for masks, _ in (one, other))
    for found in (a.merge(b).minus(b), b.merge(a).minus(b)):
        assert found.symbols == a.symbols
        assert np.array_equal(found.codes, a.codes)
        assert np.array_equal(found.counts, a.counts)


@given(st.data(), masks_of())
@PROPERTY
def test_with_another_column_the_matrix_is_that_of_the_new_votes(data, drawn):
    masks, k = drawn
    old = from_masks(masks, k)
    new = data.draw(hnp.arrays(np.int64, len(masks), elements=st.integers(0, 2**k - 1)))
    place = data.draw(st.integers(0, masks.shape[1]))
    column = from_masks(new[:, None], k)
    found = old.with_column(VoteMatrix(column.codes, column.labels, column.symbols, (f"lf_{place}",)))
    whole = np.concatenate([masks[:, :place], new[:, None], masks[:, place + 1 :]], axis=1)
    expected = from_masks(whole, k)
    assert (found.voters, found.symbols) == (expected.voters, expected.symbols)
    assert np.array_equal(found.codes, expected.codes)
    if masks.shape[1]:
        without = found.without_column("lf_0")
        assert without.symbols == from_masks(whole[:, 1:], k).symbols
        assert np.array_equal(without.codes, from_masks(whole[:, 1:], k).codes)


@given(masks_of(), st.lists(st.tuples(st.sampled_from(["column", "new", "drop", "rows", "merge"]), st.integers(0, 99)),
                            max_size=6))  # fmt: skip
@PROPERTY
def test_a_sketch_is_that_of_its_votes_whatever_was_done_to_it(drawn, changes):
    masks, k = drawn
    names = [f"lf_{j}" for j in range(masks.shape[1])]
    sketch = Sketch.of(from_masks(masks, k), seed=5)
    for what, number in changes:
        generator = np.random.default_rng(number)
        if what == "rows":
            kept = generator.random(len(masks)) < 0.7
            masks, sketch = masks[kept], sketch.without_rows(~kept)
        elif what == "merge":
            masks, sketch = np.concatenate([masks, masks]), sketch.merge(sketch)
        elif what == "drop" and names:
            place = number % len(names)
            masks, sketch = np.delete(masks, place, axis=1), sketch.without_column(names.pop(place))
        elif what in {"column", "new"}:
            new = generator.integers(0, 2**k, len(masks))
            if what == "new" or not names:
                names.append(f"new_{len(names)}_{number}")
                masks = np.concatenate([masks, new[:, None]], axis=1)
                place = len(names) - 1
            else:
                place = number % len(names)
                masks = masks.copy()
                masks[:, place] = new
            column = from_masks(new[:, None], k)
            sketch = sketch.with_column(VoteMatrix(column.codes, column.labels, column.symbols, (names[place],)))
    plain = from_masks(masks, k)
    votes = VoteMatrix(plain.codes, plain.labels, plain.symbols, tuple(names))
    assert (sketch.voters, sketch.symbols) == (votes.voters, votes.symbols)
    assert np.array_equal(sketch.codes, votes.codes)
    assert np.array_equal(sketch.sums, Sketch.of(votes, seed=5).sums)
    for largest in (3, 1_000):
        mine, other = (fitted_patterns(each, seed=5, largest=largest) for each in (sketch, votes))
        assert np.array_equal(mine.codes, other.codes)
        assert np.array_equal(mine.counts, other.counts)
        by_pattern = fitted_patterns(votes.patterns(), seed=5, largest=largest)
        assert np.array_equal(mine.codes, by_pattern.codes)
        assert np.array_equal(mine.counts, by_pattern.counts)


def written(mask, k, negated):
    """Return a set of labels as a vote is written: its ids, or with ``~`` those that are not in it."""
    ids = [str(y) for y in range(k) if (mask >> y & 1) != negated]
    return ("~" if negated else "") + "|".join(ids)


@given(st.integers(2, 4), st.data())
@PROPERTY
def test_two_written_votes_conflict_where_the_codes_of_the_matrix_share_no_label(k, data):
    some = st.tuples(st.integers(1, 2**k - 2), st.booleans())
    rows = data.draw(st.lists(st.tuples(some | st.none(), some | st.none()), min_size=1, max_size=20))
    masks = np.array([[0 if cell is None else cell[0] for cell in row] for row in rows])
    votes = from_masks(masks, k)
    left = votes.membership[votes.codes]
    wanted = (votes.codes != 0).all(axis=1) & ~(left[:, 0] & left[:, 1]).any(axis=1)
    one, other = ([None if row[at] is None else written(row[at][0], k, row[at][1]) for row in rows] for at in (0, 1))
    labels = [str(y) for y in range(k)]
    found = conflict(pd.Series(one, dtype=object), pd.Series(other, dtype=object), labels=labels)
    assert found.tolist() == wanted.tolist()
    assert [conflict(a, b, labels=labels) for a, b in zip(other, one, strict=True)] == wanted.tolist()


@given(st.integers(2, 4), st.data())
@PROPERTY
def test_without_the_labels_votes_conflict_as_they_do_with_them_or_it_is_said_that_they_are_needed(k, data):
    some = st.tuples(st.integers(1, 2**k - 2), st.booleans())
    one, other = (written(mask, k, negated) for mask, negated in (data.draw(some), data.draw(some)))
    labels = [str(y) for y in range(k)]
    try:
        assert conflict(one, other) == conflict(one, other, labels=labels)
    except VoteError:
        assert one.startswith("~")
        assert other.startswith("~")


@given(st.integers(2, 4), st.data())
@PROPERTY
def test_a_vote_that_leaves_more_conflicts_with_no_more(k, data):
    votes = st.integers(1, 2**k - 1)
    one, more, other = data.draw(votes), data.draw(votes), data.draw(votes)
    labels = [str(y) for y in range(k)]
    wider = conflict(written(one | more, k, negated=False), written(other, k, negated=False), labels=labels)
    assert not wider or conflict(written(one, k, negated=False), written(other, k, negated=False), labels=labels)

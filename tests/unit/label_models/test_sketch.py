"""A sketch gives the sample of its votes, however it came about."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.errors import VoteError
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.sampling import fitted_patterns
from retrolabel.label_models.sketch import Sketch
from retrolabel.votes import VoteMatrix

SMALL = 300


def made(seed=0, *, n=4_000, m=7, k=3, sets=False):
    """Return votes with a few frequent patterns and thousands of rare ones."""
    rng = np.random.default_rng(seed)
    ints = rng.integers(-1, k + 2 * sets, size=(n, m))
    ints[rng.random(n) < 0.3] = [0] + [-1] * (m - 1)
    ints[rng.random(n) < 0.05] = -1
    meant = [None, *range(k), {0, 1}, {1, 2}]
    return VoteMatrix.from_sets([[meant[cell + 1] for cell in row] for row in ints.tolist()], labels=k)


def column(votes, name, *, cells=(None, 0, 1, 2), seed=9):
    """Return new votes of one voter."""
    drawn = np.random.default_rng(seed).integers(0, len(cells), len(votes))
    return VoteMatrix.from_sets([[cells[place]] for place in drawn], labels=len(votes.labels), voters=[name])


def assert_sketch_of(found, votes):
    """The sketch is that of the votes: sums, sample and symbols are equal to the bit."""
    expected = Sketch.of(votes, seed=found.seed)
    assert (found.labels, found.voters, found.symbols) == (votes.labels, votes.voters, votes.symbols)
    assert np.array_equal(found.codes, votes.codes)
    assert found.codes.dtype == votes.codes.dtype
    assert np.array_equal(found.sums, expected.sums)
    for largest in (SMALL, len(votes)):
        mine = fitted_patterns(found, seed=found.seed, largest=largest)
        other = fitted_patterns(votes, seed=found.seed, largest=largest)
        assert np.array_equal(mine.codes, other.codes)
        assert np.array_equal(mine.counts, other.counts)
        assert (mine.symbols, mine.voters) == (other.symbols, other.voters)


def replaced(votes, name, new):
    """Return the votes with a column put in cell by cell."""
    cells = [[votes.symbols[code - 1] if code else None for code in row] for row in votes.codes.tolist()]
    for row, code in zip(cells, new.codes[:, 0].tolist(), strict=True):
        row[votes.voters.index(name)] = new.symbols[code - 1] if code else None
    return VoteMatrix.from_sets(cells, labels=len(votes.labels), voters=votes.voters)


@pytest.mark.parametrize("sets", [False, True])
@pytest.mark.parametrize("seed", [0, 7])
def test_a_sketch_gives_the_sample_of_its_votes(sets, seed):
    votes = made(sets=sets)
    assert_sketch_of(Sketch.of(votes, seed=seed), votes)
    assert len(Sketch.of(votes)) == len(votes)


def test_a_sketch_is_a_matrix_of_votes_with_a_name_of_its_own():
    votes = made(n=100)
    assert repr(Sketch.of(votes)) == repr(votes).replace("VoteMatrix", "Sketch")
    assert np.array_equal(Sketch.from_ints(votes.to_ints(), labels=3).sums, Sketch.of(votes).sums)


def test_the_stored_sums_are_used_where_the_seed_is_the_same():
    votes = made()
    zero = Sketch.of(votes)
    zero.sums[:] = 0
    assert len(fitted_patterns(zero, largest=SMALL)) == 0
    other = fitted_patterns(votes, seed=1, largest=SMALL)
    assert np.array_equal(fitted_patterns(zero, seed=1, largest=SMALL).codes, other.codes)


@pytest.mark.parametrize("with_gold", [False, True])
def test_a_model_fitted_on_a_changed_sketch_is_that_of_the_new_votes_to_the_bit(with_gold, monkeypatch):
    def sampled(votes, *, seed=0):
        return fitted_patterns(votes, seed=seed, largest=SMALL)

    monkeypatch.setattr("retrolabel.label_models.label_model.fitted_patterns", sampled)
    votes = made(sets=True)
    rng = np.random.default_rng(0)
    gold = np.where(rng.random(len(votes)) < 0.05, rng.integers(0, 3, len(votes)), -1) if with_gold else None
    new = column(votes, "lf_4")
    expected = replaced(votes, "lf_4", new)
    changed = Sketch.of(votes).with_column(new)
    found = LabelModel().fit(changed, gold).predict_proba(changed)
    assert np.array_equal(found, LabelModel().fit(expected, gold).predict_proba(expected))


# One column


@pytest.mark.parametrize("name", ["lf_0", "lf_3", "lf_6"])
@pytest.mark.parametrize("sets", [False, True])
def test_with_another_column_it_is_the_sketch_of_the_new_votes(name, sets):
    votes = made(sets=sets)
    new = column(votes, name)
    assert_sketch_of(Sketch.of(votes).with_column(new), replaced(votes, name, new))


def test_a_column_may_bring_label_sets_that_move_the_codes_of_others():
    votes = made(sets=True)
    new = column(votes, "lf_2", cells=(None, {0, 2}, 1))
    found = Sketch.of(votes).with_column(new)
    assert found.symbols == ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2))
    assert_sketch_of(found, replaced(votes, "lf_2", new))


def test_a_label_set_that_only_the_old_column_held_leaves_the_table():
    votes = made()
    with_set = Sketch.of(votes).with_column(column(votes, "lf_1", cells=(None, {0, 2}, {0, 1})))
    assert len(with_set.symbols) == 5
    back = with_set.with_column(column(votes, "lf_1"))
    assert_sketch_of(back, replaced(votes, "lf_1", column(votes, "lf_1")))


def test_a_column_with_more_label_sets_than_a_byte_numbers_widens_the_codes():
    votes = VoteMatrix.from_ints(np.random.default_rng(0).integers(-1, 24, (900, 3)), labels=24)
    cells = [(a, b) for a in range(24) for b in range(a)]
    new = column(votes, "lf_1", cells=cells)
    wide = Sketch.of(votes).with_column(new)
    assert wide.codes.dtype == np.uint16
    assert_sketch_of(wide, replaced(votes, "lf_1", new))
    assert_sketch_of(wide.with_column(VoteMatrix.from_ints(votes.to_ints()[:, [1]], labels=24, voters=["lf_1"])), votes)


def test_the_old_column_put_back_gives_the_old_sketch():
    votes = made(sets=True)
    old = VoteMatrix(votes.codes[:, [2]], votes.labels, votes.symbols, ("lf_2",))
    assert_sketch_of(Sketch.of(votes).with_column(column(votes, "lf_2")).with_column(old), votes)


def test_a_new_voter_comes_last_and_can_leave_again():
    votes = made()
    new = column(votes, "new", cells=(None, {0, 2}, 1))
    more = Sketch.of(votes, seed=3).with_column(new)
    assert more.voters == (*votes.voters, "new")
    assert_sketch_of(more, votes.with_column(new))
    assert_sketch_of(more.without_column("new"), votes)


def test_what_was_sketched_does_not_change():
    votes = made()
    kept, before = votes.codes.copy(), Sketch.of(votes)
    sums = before.sums.copy()
    before.with_column(column(votes, "lf_0")).without_column("lf_1").without_rows([0])
    assert np.array_equal(votes.codes, kept)
    assert np.array_equal(before.sums, sums)


def test_a_column_that_does_not_fit_is_refused():
    votes = made(n=10)
    whole = Sketch.of(votes)
    other_labels = VoteMatrix.from_ints([[0]] * 10, labels=["a", "b", "c"], voters=["lf_0"])
    for wrong in (column(votes.rows(slice(9)), "lf_0"), other_labels, votes):
        with pytest.raises(VoteError, match="one voter over the same labels on 10 items"):
            whole.with_column(wrong)
    with pytest.raises(VoteError, match="No voter 'nobody'"):
        whole.without_column("nobody")


# Items


@pytest.mark.parametrize("sets", [False, True])
@pytest.mark.parametrize("cuts", [[1], [2_000], [10, 1_500, 1_500, 3_999]])
def test_merged_sketches_of_segments_are_the_sketch_of_all(sets, cuts):
    votes = made(sets=sets)
    first, *others = (Sketch.of(votes.rows(part)) for part in np.split(np.arange(len(votes)), cuts))
    assert_sketch_of(first.merge(*others), votes)


def test_the_order_of_segments_changes_nothing_about_the_sample():
    votes = made()
    a, b, c = (Sketch.of(votes.rows(part)) for part in np.split(np.arange(len(votes)), [700, 2_000]))
    one, other = (fitted_patterns(each, largest=SMALL) for each in (a.merge(b, c), c.merge(a).merge(b)))
    assert np.array_equal(one.codes, other.codes)
    assert np.array_equal(one.counts, other.counts)


@pytest.mark.parametrize("as_mask", [False, True])
def test_without_some_rows_it_is_the_sketch_of_the_others(as_mask):
    votes = made(sets=True)
    gone = np.random.default_rng(0).random(len(votes)) < 0.5
    found = Sketch.of(votes).without_rows(gone if as_mask else np.flatnonzero(gone))
    assert_sketch_of(found, votes.rows(~gone))


def test_merging_and_taking_away_gives_the_original():
    votes, more = made(), made(1, sets=True)
    both = Sketch.of(votes).merge(Sketch.of(more))
    assert_sketch_of(both.without_rows(np.arange(len(votes), len(both))), votes)
    assert_sketch_of(both.without_rows([]), VoteMatrix.stack([votes, more]))
    assert len(both.without_rows(np.arange(len(both)))) == 0


def test_rows_that_are_not_there_are_refused():
    with pytest.raises(VoteError, match="There are 10 rows to take away from"):
        Sketch.of(made(n=10)).without_rows([10])


def test_sketches_of_other_seeds_labels_or_voters_do_not_merge():
    votes = made(n=10)
    with pytest.raises(VoteError, match="the same seed"):
        Sketch.of(votes).merge(Sketch.of(votes, seed=1))
    with pytest.raises(VoteError, match="same labels and by the same voters"):
        Sketch.of(votes).merge(Sketch.of(votes.without_column("lf_0")))


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (5, 0), (5, 3)])
def test_where_nobody_votes_there_is_nothing_to_fit(shape):
    votes = VoteMatrix.from_ints(np.full(shape, -1), labels=2)
    for largest in (2, 100):
        assert len(fitted_patterns(Sketch.of(votes), largest=largest)) == 0

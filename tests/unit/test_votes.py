"""A vote is a set of labels; a matrix of them says what it holds, and refuses what makes no sense."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from retrolabel.errors import VoteError
from retrolabel.votes import Patterns, VoteMatrix, distinct_rows, membership, merge_patterns, symbol_table

LABELS = ["bug", "feature", "question"]


# from_ints


def test_ints_become_codes_one_above_them():
    votes = VoteMatrix.from_ints([[0, -1], [2, 1]], labels=LABELS)
    assert votes.codes.tolist() == [[1, 0], [3, 2]]
    assert votes.labels == ("bug", "feature", "question")
    assert votes.symbols == ((0,), (1,), (2,))


def test_cells_that_are_no_label_are_named_by_row_and_column():
    with pytest.raises(VoteError, match="2 votes lie outside -1 to 2") as caught:
        VoteMatrix.from_ints([[0, 3], [1, 1], [-2, 0]], labels=3)
    assert [(problem.where, problem.what) for problem in caught.value.problems] == [
        ("row 0, column 1", "3 is no label of 3"),
        ("row 2, column 0", "-2 is no label of 3"),
    ]


def test_of_a_thousand_wrong_cells_all_are_counted_and_twenty_are_named():
    with pytest.raises(VoteError, match="1000 votes lie outside") as caught:
        VoteMatrix.from_ints(np.full((100, 10), 7), labels=3)
    assert len(caught.value.problems) == 20


def test_whole_floats_are_votes():
    votes = VoteMatrix.from_ints(np.array([[0.0, -1.0], [1.0, 1.0]]), labels=2)
    assert votes.to_ints().tolist() == [[0, -1], [1, 1]]


@pytest.mark.parametrize("cell", [0.5, float("nan")])
def test_fractions_and_nan_are_refused(cell):
    with pytest.raises(VoteError, match="Votes are whole numbers, got float64") as caught:
        VoteMatrix.from_ints([[0.0, cell]], labels=2)
    assert "no NaN" in caught.value.remedy


@pytest.mark.parametrize("cell", [float("inf"), float("-inf"), 1e300])
def test_floats_beyond_every_label_are_refused_without_a_warning(cell):
    with pytest.raises(VoteError):
        VoteMatrix.from_ints([[0.0, cell]], labels=2)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_whole_floats_of_every_width_are_votes(dtype):
    assert VoteMatrix.from_ints(np.array([[0, -1, 1]], dtype=dtype), labels=2).to_ints().tolist() == [[0, -1, 1]]


@pytest.mark.parametrize("cell", [70_000, 70_000.0, 2**40, -70_000])
def test_a_cell_far_outside_is_named_as_it_was_given(cell):
    with pytest.raises(VoteError) as caught:
        VoteMatrix.from_ints([[0, cell]], labels=2)
    assert caught.value.problems[0].what.startswith(f"{int(cell)}")


@pytest.mark.parametrize("cell", [2**64 - 1, 2**63, 2**63 + 1])
def test_unsigned_cells_beyond_every_label_do_not_turn_into_votes(cell):
    with pytest.raises(VoteError):
        VoteMatrix.from_ints(np.array([[cell]], dtype=np.uint64), labels=2)


@pytest.mark.parametrize("votes", [np.array([["bug"]]), np.array([[None, 1]], dtype=object), np.array([[True]])])
def test_what_is_no_number_is_refused(votes):
    with pytest.raises(VoteError, match="Votes are whole numbers"):
        VoteMatrix.from_ints(votes, labels=2)


@pytest.mark.parametrize(("votes", "dimensions"), [(3, 0), ([0, 1], 1), ([[[0]]], 3)])
def test_votes_have_two_dimensions(votes, dimensions):
    with pytest.raises(VoteError, match=rf"items x voters, got {dimensions} dimension"):
        VoteMatrix.from_ints(votes, labels=2)


@pytest.mark.parametrize("shape", [(0, 3), (4, 0), (0, 0)])
def test_a_matrix_may_be_empty(shape):
    votes = VoteMatrix.from_ints(np.zeros(shape), labels=2)
    assert votes.shape == shape
    assert len(votes.voters) == shape[1]
    assert votes.covered.tolist() == [False] * shape[0]


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.uint16, np.int64])
def test_the_highest_vote_of_a_narrow_type_keeps_its_label(dtype):
    highest = min(np.iinfo(dtype).max, 299)
    votes = VoteMatrix.from_ints(np.array([[highest]], dtype=dtype), labels=300)
    assert votes.to_ints().tolist() == [[highest]]


def test_the_given_array_is_not_changed():
    given = np.array([[0, -1], [1, 1]])
    kept = given.copy()
    VoteMatrix.from_ints(given, labels=2).patterns()
    assert np.array_equal(given, kept)


# labels and voters


def test_labels_that_are_a_number_are_named_by_their_places():
    assert VoteMatrix.from_ints([[0]], labels=3).labels == ("0", "1", "2")
    assert VoteMatrix.from_sets([[0]], labels=3).labels == ("0", "1", "2")


@pytest.mark.parametrize("labels", [1, 0, ["only"], [], ["a", "b", "a"]])
def test_two_or_more_different_labels_are_needed(labels):
    with pytest.raises(VoteError, match="two or more different labels"):
        VoteMatrix.from_ints([[0]], labels=labels)
    with pytest.raises(VoteError, match="two or more different labels"):
        VoteMatrix.from_sets([[0]], labels=labels)


def test_voters_get_names_where_none_are_given():
    assert VoteMatrix.from_ints([[0, 0]], labels=2).voters == ("lf_0", "lf_1")
    assert VoteMatrix.from_ints([[0, 0]], labels=2, voters=["x", "y"]).voters == ("x", "y")


@pytest.mark.parametrize("voters", [["x"], ["x", "y", "z"], ["x", "x"], []])
def test_each_column_has_one_name_of_its_own(voters):
    with pytest.raises(VoteError, match="There are 2 columns of votes"):
        VoteMatrix.from_ints([[0, 0]], labels=2, voters=voters)
    with pytest.raises(VoteError, match="There are 2 columns of votes"):
        VoteMatrix.from_sets([[0, 0]], labels=2, voters=voters)


# from_sets


def test_none_abstains_and_numbers_and_sets_vote():
    rows = [[None, 0, np.int64(1)], [{0, 2}, [2, 1, 1], frozenset([0])]]
    votes = VoteMatrix.from_sets(rows, labels=LABELS)
    assert votes.symbols == ((0,), (1,), (2,), (0, 2), (1, 2))
    assert votes.codes.tolist() == [[0, 1, 2], [4, 5, 1]]


def test_sets_of_numpy_integers_are_sets():
    votes = VoteMatrix.from_sets([[{np.int32(0), np.int64(1)}, np.array([2, 0])]], labels=3)
    assert [votes.symbols[code - 1] for code in votes.codes[0]] == [(0, 1), (0, 2)]


def test_the_full_set_abstains():
    votes = VoteMatrix.from_sets([[{0, 1, 2}, 0], [[2, 1, 0], None]], labels=3)
    assert votes.codes.tolist() == [[0, 1], [0, 0]]
    assert votes.symbols == ((0,), (1,), (2,))


def test_the_empty_set_is_refused_by_row_and_column():
    with pytest.raises(VoteError, match="1 votes make no sense") as caught:
        VoteMatrix.from_sets([[0, 1], [0, set()]], labels=2)
    (problem,) = caught.value.problems
    assert (problem.where, problem.what) == ("row 1, column 1", "the empty set leaves no label possible")
    assert problem.remedy == "None abstains"


@pytest.mark.parametrize(("cell", "named"), [(3, 3), (-1, -1), ({0, 7}, 7), ({0, 1, 2, 3}, 3)])
def test_an_unknown_label_is_refused_by_row_and_column(cell, named):
    with pytest.raises(VoteError) as caught:
        VoteMatrix.from_sets([[0], [cell]], labels=3)
    (problem,) = caught.value.problems
    assert (problem.where, problem.what) == ("row 1, column 0", f"{named} is no label of 3")


@pytest.mark.parametrize("cell", ["bug", 0.0, {"bug"}, 1.5, float("nan"), {None}])
def test_a_cell_that_is_no_number_is_refused(cell):
    with pytest.raises(VoteError) as caught:
        VoteMatrix.from_sets([[cell]], labels=3)
    assert "is no label's number, set of them, or None" in caught.value.problems[0].what


def test_all_problems_are_told_at_once():
    with pytest.raises(VoteError, match="4 votes make no sense") as caught:
        VoteMatrix.from_sets([[set(), 5], [0, "x"], [{1, 9}, None]], labels=2)
    assert [problem.where for problem in caught.value.problems] == [
        "row 0, column 0",
        "row 0, column 1",
        "row 1, column 1",
        "row 2, column 0",
    ]


def test_ragged_rows_are_refused():
    with pytest.raises(VoteError, match="different numbers of votes: 1, 3"):
        VoteMatrix.from_sets([[0], [0, 1, 1], [0]], labels=2)


def test_no_rows_have_as_many_columns_as_voters():
    votes = VoteMatrix.from_sets([], labels=2, voters=["x", "y"])
    assert votes.shape == (0, 2)
    assert votes.voters == ("x", "y")
    assert VoteMatrix.from_sets([], labels=2).shape == (0, 0)
    assert VoteMatrix.from_sets([[], []], labels=2).shape == (2, 0)


def test_the_same_votes_get_the_same_codes_in_whatever_order_they_came():
    rows = [[{1, 2}, None], [{0, 1}, 2], [{0, 3}, {0, 1, 2}]]
    one = VoteMatrix.from_sets(rows, labels=4)
    other = VoteMatrix.from_sets(rows[::-1], labels=4)
    assert one.symbols == other.symbols == ((0,), (1,), (2,), (3,), (0, 1), (0, 3), (1, 2), (0, 1, 2))
    assert np.array_equal(one.codes, other.codes[::-1])


# to_ints, covered, membership, repr


def test_votes_come_back_as_the_ints_they_were():
    ints = [[0, -1, 2], [-1, -1, -1], [1, 1, 0]]
    assert VoteMatrix.from_ints(ints, labels=3).to_ints().tolist() == ints


def test_a_vote_for_several_labels_abstains_in_ints():
    assert VoteMatrix.from_sets([[{0, 1}, 2, None, {0}]], labels=3).to_ints().tolist() == [[-1, 2, -1, 0]]


@pytest.mark.parametrize(("symbols", "dtype"), [(2, np.uint8), (255, np.uint8), (256, np.uint16), (65_535, np.uint16)])
def test_a_cell_is_one_byte_up_to_255_symbols_and_two_above(symbols, dtype):
    votes = VoteMatrix.from_ints([[symbols - 1, -1, 0]], labels=symbols)
    assert votes.codes.dtype == dtype
    assert votes.to_ints().tolist() == [[symbols - 1, -1, 0]]


def test_sets_count_towards_the_size_of_a_cell():
    pairs = [{a, b} for a in range(22) for b in range(a)]  # 231 sets and 22 single labels
    assert VoteMatrix.from_sets([pairs], labels=22).codes.dtype == np.uint8
    more = [*pairs, {0, 1, 2}, {0, 1, 3}, {0, 1, 4}]
    assert VoteMatrix.from_sets([more], labels=22).codes.dtype == np.uint16


def test_more_labels_than_two_bytes_can_number_are_refused():
    with pytest.raises(VoteError, match="more than 65,535"):
        symbol_table(65_536, set())
    with pytest.raises(VoteError, match="more than 65,535"):
        VoteMatrix.from_ints([[65_535, 0]], labels=65_536)


def test_an_item_is_covered_when_one_voter_votes():
    votes = VoteMatrix.from_sets([[None, {0, 1}], [None, None], [0, 1], [{0, 1, 2}, None]], labels=3)
    assert votes.covered.tolist() == [True, False, True, False]


def test_membership_says_which_labels_a_code_leaves():
    votes = VoteMatrix.from_sets([[{0, 2}]], labels=3)
    assert votes.membership.astype(int).tolist() == [[1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1]]
    assert np.array_equal(votes.membership, votes.patterns().membership)
    assert membership([], 2).tolist() == [[True, True]]


def test_the_repr_tells_size_and_share():
    votes = VoteMatrix.from_ints(np.zeros((1200, 2), dtype=int), labels=3)
    assert repr(votes) == "VoteMatrix(1,200 items x 2 voters, 3 labels, 100.0 % of the cells vote)"
    empty = VoteMatrix.from_ints(np.zeros((0, 0), dtype=int), labels=2)
    assert repr(empty) == "VoteMatrix(0 items x 0 voters, 2 labels, 0.0 % of the cells vote)"


# patterns


def test_patterns_are_sorted_with_their_counts_and_the_place_of_each_item():
    votes = VoteMatrix.from_ints([[1, -1], [0, 0], [1, -1], [-1, 1], [1, -1]], labels=2)
    patterns = votes.patterns()
    assert patterns.codes.tolist() == [[0, 2], [1, 1], [2, 0]]
    assert patterns.counts.tolist() == [1.0, 1.0, 3.0]
    assert patterns.counts.dtype == np.float64
    assert patterns.inverse.tolist() == [2, 1, 2, 0, 2]
    assert np.array_equal(patterns.codes[patterns.inverse], votes.codes)
    assert (patterns.labels, patterns.symbols, patterns.voters) == (votes.labels, votes.symbols, votes.voters)
    assert len(patterns) == 3


def test_patterns_of_items_without_votes_are_not_covered():
    patterns = VoteMatrix.from_ints([[-1, -1], [0, -1], [-1, -1]], labels=2).patterns()
    assert patterns.covered.tolist() == [False, True]
    assert patterns.counts.tolist() == [2.0, 1.0]


def test_items_without_voters_show_one_pattern():
    patterns = VoteMatrix.from_ints(np.zeros((4, 0)), labels=2).patterns()
    assert patterns.codes.shape == (1, 0)
    assert patterns.counts.tolist() == [4.0]
    assert patterns.inverse.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("width", [0, 3])
def test_no_items_show_no_pattern(width):
    patterns = VoteMatrix.from_ints(np.zeros((0, width)), labels=2).patterns()
    assert patterns.codes.shape == (0, width)
    assert (len(patterns), patterns.inverse.tolist()) == (0, [])


def test_rows_that_differ_in_the_last_of_many_columns_are_two():
    codes = np.zeros((4, 200), dtype=np.uint8)
    codes[1, 199] = 1
    codes[2, 0] = 1
    found, counts, places = distinct_rows(codes, 4)
    assert counts.tolist() == [2.0, 1.0, 1.0]
    assert places.tolist() == [0, 1, 2, 0]
    assert np.array_equal(found, codes[[0, 1, 2]])


# merge and stack


def of(rows, labels=3, voters=None):
    return VoteMatrix.from_sets(rows, labels=labels, voters=voters)


def test_merging_adds_the_counts_of_equal_patterns():
    one = of([[0, None], [0, None], [1, 1]]).patterns()
    other = of([[1, 1], [None, 2]]).patterns()
    merged = one.merge(other)
    assert merged.codes.tolist() == [[0, 3], [1, 0], [2, 2]]
    assert merged.counts.tolist() == [1.0, 2.0, 2.0]
    assert len(merged.inverse) == 0


def test_equal_sets_are_equal_patterns_though_their_parts_numbered_them_differently():
    one = of([[{1, 2}], [{0, 1}]]).patterns()
    other = of([[{1, 2}], [{0, 2}]]).patterns()
    assert one.codes.max() == other.codes.max() == 5
    merged = one.merge(other)
    assert merged.symbols == ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2))
    assert merged.codes.tolist() == [[4], [5], [6]]
    assert merged.counts.tolist() == [1.0, 1.0, 2.0]


def test_merging_tells_where_the_patterns_of_each_part_went():
    parts = [of([[1], [0]]).patterns(), of([[2], [1], [None]]).patterns()]
    merged, places = merge_patterns(parts)
    assert [place.tolist() for place in places] == [[1, 2], [0, 2, 3]]
    for part, place in zip(parts, places, strict=True):
        assert np.array_equal(merged.codes[place], part.codes)


def test_merging_one_part_gives_it_back():
    part = of([[0, {0, 1}], [0, {0, 1}], [None, 2]]).patterns()
    merged, (places,) = merge_patterns([part])
    assert np.array_equal(merged.codes, part.codes)
    assert merged.counts.tolist() == part.counts.tolist()
    assert places.tolist() == [0, 1]


def test_a_part_without_items_changes_nothing():
    part = of([[0], [1]], voters=["x"]).patterns()
    merged, places = merge_patterns([of([], voters=["x"]).patterns(), part])
    assert np.array_equal(merged.codes, part.codes)
    assert [place.tolist() for place in places] == [[], [0, 1]]


@pytest.mark.parametrize("other", [{"labels": 4}, {"voters": ["other"]}])
def test_only_parts_over_the_same_labels_and_voters_go_together(other):
    first, second = of([[0]]), of([[0]], **other)
    with pytest.raises(VoteError, match="can be merged"):
        merge_patterns([first.patterns(), second.patterns()])
    with pytest.raises(VoteError, match="can be merged"):
        first.patterns().merge(second.patterns())
    with pytest.raises(VoteError, match="can be stacked"):
        VoteMatrix.stack([first, second])


def test_without_parts_there_is_nothing_to_merge_or_stack():
    with pytest.raises(VoteError):
        merge_patterns([])
    with pytest.raises(VoteError):
        VoteMatrix.stack([])


def test_stacking_puts_items_below_each_other():
    rows = [[0, {1, 2}], [None, 1], [{0, 1}, 2], [{1, 2}, None]]
    stacked = VoteMatrix.stack([of(rows[:2]), of(rows[2:3]), of(rows[3:])])
    whole = of(rows)
    assert np.array_equal(stacked.codes, whole.codes)
    assert (stacked.labels, stacked.symbols, stacked.voters) == (whole.labels, whole.symbols, whole.voters)


def test_patterns_can_be_made_by_hand_without_places():
    patterns = Patterns(np.array([[1], [2]], np.uint8), np.array([3.0, 1.0]), ("a", "b"), ((0,), (1,)), ("lf",))
    assert len(patterns) == 2
    assert patterns.inverse.tolist() == []


# from_columns


def a_set(*ids):
    return frozenset(ids)


def test_columns_bring_their_own_tables_of_sets():
    columns = [
        (np.array([1, 0, 2]), [a_set("question"), a_set("bug", "feature")]),
        (np.array([1, 1, 0]), [a_set("bug")]),
    ]
    votes = VoteMatrix.from_columns(columns, labels=LABELS, voters=["x", "y"], rows=3)
    whole = VoteMatrix.from_sets([[2, 0], [None, 0], [{0, 1}, None]], labels=LABELS, voters=["x", "y"])
    assert np.array_equal(votes.codes, whole.codes)
    assert (votes.labels, votes.symbols, votes.voters) == (whole.labels, whole.symbols, whole.voters)


def test_a_column_whose_set_holds_all_labels_abstains():
    columns = [(np.array([1, 2]), [a_set(*LABELS), a_set("bug")])]
    votes = VoteMatrix.from_columns(columns, labels=LABELS, voters=["x"], rows=2)
    assert votes.codes.tolist() == [[0], [1]]


def test_columns_that_name_unknown_labels_or_nothing_are_refused_all_at_once():
    columns = [(np.array([1]), [a_set("bag", "bug")]), (np.array([1, 2]), [a_set("bug"), a_set()])]
    with pytest.raises(VoteError) as caught:
        VoteMatrix.from_columns(columns, labels=LABELS, voters=["x", "y"], rows=1)
    assert [(problem.where, problem.what) for problem in caught.value.problems] == [
        ("voter x", "votes 'bag', which is no label"),
        ("voter y", "votes the empty set"),
    ]


def test_without_columns_the_rows_are_those_that_were_said():
    votes = VoteMatrix.from_columns([], labels=LABELS, voters=[], rows=5)
    assert votes.shape == (5, 0)
    assert votes.covered.tolist() == [False] * 5


def test_columns_with_more_than_255_sets_need_two_bytes():
    labels = [f"l{number}" for number in range(300)]
    columns = [(np.array([300, 1, 0]), [a_set(label) for label in labels])]
    votes = VoteMatrix.from_columns(columns, labels=labels, voters=["x"], rows=3)
    assert votes.to_ints().tolist() == [[299], [0], [-1]]


def test_two_matrices_of_the_same_votes_are_the_same_though_a_table_lists_a_set_that_no_item_got():
    needed = [(np.array([1, 0]), [a_set("feature", "question")])]
    listed = [(np.array([2, 0]), [a_set("bug", "feature"), a_set("feature", "question")])]
    one, other = (VoteMatrix.from_columns(c, labels=LABELS, voters=["x"], rows=2) for c in (needed, listed))
    assert one.symbols == other.symbols
    assert np.array_equal(one.codes, other.codes)


# rows and columns


def test_rows_keep_only_the_symbols_that_they_show():
    votes = VoteMatrix.from_sets([[{0, 1}, None], [{1, 2}, 0], [None, 2]], labels=3)
    for places in ([1, 2], np.array([False, True, True]), slice(1, None)):
        found = votes.rows(places)
        expected = VoteMatrix.from_sets([[{1, 2}, 0], [None, 2]], labels=3)
        assert found.symbols == expected.symbols
        assert found.codes.tolist() == expected.codes.tolist()


def test_a_column_is_replaced_and_a_new_one_comes_last():
    votes = VoteMatrix.from_sets([[{0, 1}, None], [2, 0]], labels=3, voters=["a", "b"])
    new = VoteMatrix.from_sets([[None], [{0, 2}]], labels=3, voters=["a"])
    named = VoteMatrix(new.codes, new.labels, new.symbols, ("c",))
    replaced, added = votes.with_column(new), votes.with_column(named)
    assert (replaced.voters, replaced.symbols) == (("a", "b"), ((0,), (1,), (2,), (0, 2)))
    assert replaced.codes.tolist() == [[0, 0], [4, 1]]
    assert (added.voters, added.symbols) == (("a", "b", "c"), ((0,), (1,), (2,), (0, 1), (0, 2)))
    assert added.codes.tolist() == [[4, 0, 0], [3, 1, 5]]
    assert votes.codes.tolist() == [[4, 0], [3, 1]]


def test_without_a_column_the_others_stay():
    votes = VoteMatrix.from_sets([[{0, 1}, None], [2, 0]], labels=3, voters=["a", "b"])
    assert votes.without_column("b").codes.tolist() == [[4], [3]]
    found = votes.without_column("a")
    assert (found.voters, found.symbols) == (("b",), ((0,), (1,), (2,)))
    assert found.codes.tolist() == [[0], [1]]
    with pytest.raises(VoteError, match="No voter 'c'") as caught:
        votes.without_column("c")
    assert caught.value.remedy == "voters: a, b"


@pytest.mark.parametrize("wrong", [[[0]], [[0, 0]] * 2])
def test_what_is_not_one_column_of_all_items_is_refused(wrong):
    votes = VoteMatrix.from_ints([[0, 1], [1, 1]], labels=2)
    with pytest.raises(VoteError, match="one voter over the same labels on 2 items, got VoteMatrix"):
        votes.with_column(VoteMatrix.from_ints(wrong, labels=2))
    with pytest.raises(VoteError, match="one voter over the same labels"):
        votes.with_column(VoteMatrix.from_ints([[0], [0]], labels=3))


# minus


def hand_made(counts):
    codes = np.arange(1, len(counts) + 1, dtype=np.uint8)[:, None]
    labels = tuple("abcd")
    return Patterns(codes, np.array(counts, dtype=float), labels, symbol_table(4, ()), ("lf",))


def test_items_are_taken_away_and_patterns_without_items_vanish():
    left = hand_made([3, 1, 2]).minus(hand_made([1, 1]))
    assert left.codes.tolist() == [[1], [3]]
    assert left.counts.tolist() == [2.0, 2.0]
    assert len(hand_made([3, 1]).minus(hand_made([3, 1]))) == 0


def test_a_label_set_that_no_pattern_holds_any_more_leaves_the_table():
    more = VoteMatrix.from_sets([[{0, 1}], [{1, 2}]], labels=3).patterns()
    left = more.minus(VoteMatrix.from_sets([[{0, 1}]], labels=3).patterns())
    assert left.symbols == ((0,), (1,), (2,), (1, 2))
    assert left.codes.tolist() == [[4]]


def test_what_is_not_there_cannot_be_taken_away():
    votes = VoteMatrix.from_sets([[0, {0, 1}], [None, None]], labels=LABELS, voters=["x", "y"]).patterns()
    with pytest.raises(VoteError, match="2 patterns are to be taken away more often than they are there") as caught:
        votes.minus(votes.merge(votes))
    assert [(problem.where, problem.what) for problem in caught.value.problems] == [
        ("no votes", "2 of 1"),
        ("x votes bug, y votes bug|feature", "2 of 1"),
    ]
    with pytest.raises(VoteError, match="1 patterns"):
        hand_made([3]).minus(hand_made([3, 1]))


def test_whole_counts_are_subtracted_exactly_however_large():
    assert hand_made([1e12, 5]).minus(hand_made([1e12 - 1])).counts.tolist() == [1.0, 5.0]
    with pytest.raises(VoteError):
        hand_made([1e12]).minus(hand_made([1e12 + 1]))


@pytest.mark.parametrize("error", [-1e-12, 1e-12])
def test_what_is_left_of_a_fractional_count_by_rounding_is_nothing(error):
    assert hand_made([0.3 + error, 1]).minus(hand_made([0.3])).counts.tolist() == [1.0]
    assert hand_made([0.3]).minus(hand_made([0.1])).counts == pytest.approx([0.2])
    with pytest.raises(VoteError):
        hand_made([0.3]).minus(hand_made([0.3 + 1e-6]))


def test_patterns_over_other_voters_are_not_taken_away():
    with pytest.raises(VoteError, match="same labels and voters"):
        hand_made([1]).minus(VoteMatrix.from_ints([[0]], labels=4).patterns())


# memory


def peak_of(make):
    tracemalloc.start()
    try:
        kept = make()
        return tracemalloc.get_traced_memory()[1], kept
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize(("dtype", "share"), [(np.int8, 1.5), (np.int64, 0.2), (np.float64, 0.3)])
def test_building_a_matrix_takes_little_more_than_its_codes(dtype, share, order):
    given = np.full((200_000, 20), -1, dtype=dtype, order=order)
    given[::7, ::3] = 1
    peak, votes = peak_of(lambda: VoteMatrix.from_ints(given, labels=3))
    assert votes.codes.flags.f_contiguous
    assert np.count_nonzero(votes.codes) == np.count_nonzero(given == 1)
    assert peak < share * given.nbytes


def test_a_wrong_cell_far_down_is_named_by_its_row():
    given = np.zeros((70_000, 2), np.int8)
    given[[20_000, 69_999], 1] = 5
    with pytest.raises(VoteError, match="2 votes lie outside") as caught:
        VoteMatrix.from_ints(given, labels=3)
    assert [problem.where for problem in caught.value.problems] == ["row 20000, column 1", "row 69999, column 1"]


@pytest.mark.parametrize("order", ["C", "F"])
def test_how_the_votes_lie_in_memory_changes_nothing(order):
    given = np.random.default_rng(0).integers(-1, 3, (40_000, 5))
    votes = VoteMatrix.from_ints(np.asarray(given, order=order), labels=3)
    assert np.array_equal(votes.to_ints(), given)
    assert np.array_equal(votes.codes, given + 1)


def test_an_item_is_undecided_where_its_votes_leave_several_labels_or_contradict_each_other():
    rows = [[{0, 1}, None], [{0, 1}, {2, 3}], [{0, 1}, {1, 2}], [{0, 1}, {3}], [None, None]]
    patterns = VoteMatrix.from_sets(rows, labels=4).patterns()
    assert patterns.undecided[patterns.inverse].tolist() == [True, True, False, False, False]


@pytest.mark.parametrize("rows", range(10))
def test_the_last_item_is_covered_whatever_the_size_of_blocks_leaves_for_it(monkeypatch, rows):
    monkeypatch.setattr("retrolabel.votes.BLOCK", 4)
    matrix = VoteMatrix.from_ints(np.array([[-1, 0]] * rows, np.int64).reshape(rows, 2), labels=2)
    assert matrix.covered.tolist() == matrix.patterns().covered[matrix.patterns().inverse].tolist() == [True] * rows

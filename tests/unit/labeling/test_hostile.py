# ruff: noqa: ARG005 - what a lambda does not look at it does not look at on purpose
"""What authors' functions and callers' data may do to us, and must not do to other functions' votes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from retrolabel import Label, apply, feature, labeling_function, regex
from retrolabel.errors import LabelingFunctionError

YES, NO = Label("yes"), Label("no")


@labeling_function(NO)
def nobody(c):
    return False


def votes(*lfs, data, features=()):
    return apply([*lfs, nobody], data, features=features).votes.to_ints()[:, : len(lfs)].T.tolist()


@feature
def words(c):
    return c.split()


@labeling_function(YES)
def pops(words):
    return words.pop() == "zz"


@labeling_function(YES)
def has_x(words):
    return "x" in words


def test_what_one_function_does_to_a_feature_others_do_not_see():
    assert votes(pops, has_x, data={"c": ["a x"]}, features=[words]) == [[-1], [0]]


@pytest.mark.parametrize("column", [[[1, 2]], pa.array([[1, 2]]), [{"a": [1]}], pd.Series([[1, 2]])])
def test_what_one_function_does_to_a_value_others_and_the_caller_do_not_see(column):
    @labeling_function(YES)
    def clears(c):
        (c["a"] if isinstance(c, dict) else c).clear()
        return False

    @labeling_function(YES)
    def is_there(c):
        return bool(c["a"] if isinstance(c, dict) else c)

    @labeling_function(YES)
    def is_there_in_the_row(x):
        return bool(x.c["a"] if isinstance(x.c, dict) else x.c)

    before = str(column)
    assert votes(clears, is_there, is_there_in_the_row, data={"c": column}) == [[-1], [0], [0]]
    assert str(column) == before


def test_an_array_that_is_a_feature_cannot_be_written_to():
    @feature
    def numbers(c):
        return np.array([1.0, 2.0])

    @labeling_function(YES)
    def writes(numbers):
        numbers[0] = 9
        return True

    applied = apply([writes, nobody], {"c": ["x"]}, features=[numbers])
    assert applied.failed["writes"] == 1


@pytest.mark.parametrize("batch", [False, True])
def test_a_feature_that_the_first_reader_would_use_up_is_a_failure(batch):
    @feature(batch=batch)
    def lazy(c):
        return [(w for w in each) for each in c] if batch else (w for w in c)

    @labeling_function(YES)
    def asks(lazy):
        return "x" in lazy

    applied = apply([asks, nobody], {"c": ["x"]}, features=[lazy])
    assert applied.failed["asks"] == 1
    assert "list(...)" in applied.faults[0].error


def test_a_sorted_series_votes_on_the_items_that_it_is_about():
    @labeling_function(YES, batch=True)
    def longest(c):
        return c.str.len().sort_values(ascending=False) > 3

    assert votes(longest, data={"c": ["ab", "abcdef", "x"]}) == [[-1, 0, -1]]


def test_a_series_of_a_feature_is_put_in_order_too():
    @feature(batch=True)
    def size(c):
        return pd.Series([len(text) for text in c])[::-1]

    @labeling_function(YES)
    def is_long(size):
        return size > 3

    assert votes(is_long, data={"c": ["ab", "abcdef", "x"]}, features=[size]) == [[-1, 0, -1]]


@pytest.mark.parametrize(
    "answer",
    [
        lambda c: c.drop_duplicates().notna(),
        lambda c: {True, False},
        lambda c: c.to_frame(),
        lambda c: True,
        lambda c: pd.Series([True, False], index=["a", "b"]),
        lambda c: [True],
    ],
)
def test_what_is_no_value_for_each_row_fails_on_every_row(answer):
    @labeling_function(YES, batch=True)
    def odd(c):
        return answer(c)

    applied = apply([odd, nobody], {"c": ["x", "x"]})
    assert applied.failed["odd"] == 2
    assert "odd returned" in applied.faults[0].error


def test_whole_numbers_stay_whole_beside_a_missing_one():
    @labeling_function(YES, batch=True)
    def this_one(c):
        return c == 4611686018427387905

    column = pa.array([4611686018427387904, 4611686018427387905, None])
    assert votes(this_one, data={"c": column}) == [[-1, 0, -1]]


@pytest.mark.parametrize("batch", [False, True])
def test_a_stop_iteration_is_a_fault_of_its_item(batch):
    def first_long(c):
        return [next(w for w in t.split() if len(w) > 3) == "long" for t in c] if batch else (
            next(w for w in c.split() if len(w) > 3) == "long"
        )  # fmt: skip

    lf = labeling_function(YES, batch=batch)(first_long)
    applied = apply([lf, nobody], {"c": ["a long", "a b", "so long"]})
    assert applied.votes.to_ints()[:, 0].tolist() == [0, -1, 0]
    assert [fault.row for fault in applied.faults] == [1]


@pytest.mark.parametrize("where", ["row", "batch", "feature", "batch feature"])
@pytest.mark.parametrize("error", [SystemExit(0), RecursionError("deep"), MemoryError()])
def test_what_would_end_a_program_is_a_fault(where, error):
    def fails(c):
        raise error

    made = feature(batch=where == "batch feature", name="f")(fails)
    lf = labeling_function(YES, name="lf")(lambda f: True)
    if "feature" not in where:
        lf = labeling_function(YES, name="lf", batch=where == "batch")(fails)
    applied = apply([lf, nobody], {"c": ["x", "y"]}, features=[made])
    assert applied.failed["lf"] == 2


@pytest.mark.parametrize(
    "column",
    [
        np.array(["2026-01-01", "NaT"], "M8[ns]"),
        pd.Series(pd.to_datetime(["2026-01-01", None])),
        [dt.datetime(2026, 1, 1), pd.NaT],  # noqa: DTZ001
    ],
)
def test_times_are_times_and_missing_ones_none(column):
    got = []

    @labeling_function(YES)
    def look(c):
        got.append(c)
        return False

    apply([look, nobody], {"c": column})
    assert isinstance(got[0], dt.datetime)
    assert got[1] is None


@pytest.mark.parametrize(
    "column",
    [[1.0, float("nan")], pa.array([1.0, float("nan")]), np.array([1.0, np.nan]), pd.Series([1.0, None]),
     [1.0, pd.NA], [1.0, Decimal("NaN")], np.array([1.0, pd.NA], dtype=object), [np.float64(1), np.float32("nan")]],
)  # fmt: skip
def test_what_is_missing_in_anybodys_way_is_none(column):
    got = []

    @labeling_function(YES)
    def look(c):
        got.append(c)
        return False

    apply([look, nobody], {"c": column})
    assert got == [1.0, None]
    assert type(got[0]) is float


def test_a_missing_answer_abstains():
    @labeling_function(YES, batch=True)
    def unsure(c):
        return pd.array([True, None], dtype="boolean")

    assert votes(unsure, data={"c": ["x", "y"]}) == [[0, -1]]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pd.DataFrame([[1, 2]], columns=["c", "c"]), "several columns called c"),
        (pa.table([[1], [2]], names=["c", "c"]), "several columns called c"),
        ([{"c": 1}], "not to list"),
        (None, "not to NoneType"),
        ({"c": "xyz"}, "is a str"),
        ({"c": {1, 2}}, "is a set"),
    ],
)
def test_data_that_is_none_is_refused_with_what_would_help(data, said):
    with pytest.raises(LabelingFunctionError, match=said):
        apply([labeling_function(YES, name="lf")(lambda c: True), nobody], data)


def test_a_column_that_can_be_read_once_is_read_once():
    assert votes(labeling_function(YES, name="lf")(lambda c: c > 1), data={"c": (n for n in range(3))}) == [[-1, -1, 0]]


@pytest.mark.parametrize("column", [[10**40], ["x", 1]])
def test_values_that_arrow_does_not_know_are_faults_of_one_function(column):
    @labeling_function(YES, batch="arrow")
    def asks(c):
        return [True] * len(c)

    applied = apply([asks, nobody], {"c": column})
    assert applied.votes.shape == (len(column), 2)


@pytest.mark.parametrize("flags", ["i", None])
def test_flags_that_are_none_are_refused(flags):
    with pytest.raises(LabelingFunctionError, match="no flags of re"):
        regex(YES, "a", column="c", flags=flags)

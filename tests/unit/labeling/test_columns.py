"""The values of a column: plain, in the order of the rows, and in the form that is asked for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from retrolabel.errors import UndeclaredVoteError
from retrolabel.labeling.columns import as_column, in_order, plain_values


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (np.array([1, 2]), [1, 2]),
        (np.array([1.5, np.nan]), [1.5, None]),
        (np.array(["a", None], dtype=object), ["a", None]),
        (pd.Series([1, None], dtype="Int64"), [1, None]),
        (pd.Series(["a", None]), ["a", None]),
        (pd.Series([True, None], dtype="boolean"), [True, None]),
        (pa.chunked_array([["a"], [None]]), ["a", None]),
        ([1, float("nan"), None], [1, None, None]),
        (range(2), [0, 1]),
    ],
)
def test_values_are_plain_and_missing_ones_none(column, expected):
    values = plain_values(column)
    assert values == expected
    assert {type(value) for value in values} <= {int, float, str, bool, type(None)}


def test_a_series_that_was_sorted_is_put_back_in_the_order_of_the_rows():
    assert in_order(pd.Series([3, 1, 2]).sort_values(), 3, "stars") == [3, 1, 2]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ([1], "stars returned 1 value for 2 rows."),
        ([1, 2, 3], "stars returned 3 values for 2 rows."),
        (True, "stars returned bool, not a value for each row."),
        ("ab", "stars returned str, not a value for each row."),
        ({1, 2}, "stars returned set, not a value for each row."),
        (
            pd.Series([1, 2], index=["a", "b"]),
            "stars returned a series of 2 values with an index of its own for 2 rows.",
        ),
    ],
    ids=str,
)
def test_what_is_no_value_for_each_row_is_refused_by_the_name_of_its_function(answer, told):
    with pytest.raises(UndeclaredVoteError) as caught:
        in_order(answer, 2, "stars")
    assert caught.value.message == told


def test_a_column_is_of_the_kind_asked_for():
    assert as_column(["a", None], "pandas").equals(pd.Series(["a", None]))
    assert as_column([1, None], "arrow") == pa.array([1, None])


@pytest.mark.parametrize("values", [[], [None, None]], ids=str)
def test_nothing_but_missing_values_is_a_column_of_text(values):
    assert as_column(values, "arrow").type == pa.string()
    assert as_column(values, "pandas").dtype == pd.Series(["a"], dtype="str").dtype

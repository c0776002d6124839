"""Labeling functions of whole columns, and what a batch makes of a column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from retrolabel import Label, apply, feature, labeling_function
from retrolabel.errors import LabelingFunctionError
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.in_memory import apply_in_memory

YES, NO, OTHER = Label("yes"), Label("no"), Label("other")
FRAME = pd.DataFrame({"text": ["good", None, "bad", "good bad"], "stars": [5, 1, np.nan, 3]})


@labeling_function(YES, batch=True, examples=["good"], non_examples=["bad", None])
def praises(text):
    return text.str.contains("good")


@labeling_function(NO, batch="arrow", examples=["bad"], non_examples=["good", None])
def complains(text):
    return pc.match_substring(text, "bad")


@labeling_function(YES, NO, batch=True)
def by_stars(stars):
    return np.where(stars >= 4, YES, np.where(stars <= 2, NO, None))


def test_a_column_comes_and_an_array_goes():
    applied = apply([praises, complains, by_stars], FRAME)
    assert applied.votes.to_ints().tolist() == [[0, -1, 0], [-1, -1, 1], [-1, 1, -1], [0, 1, -1]]
    assert applied.calls == {"praises": 4, "complains": 4, "by_stars": 4}
    assert not any(applied.failed.values())


@pytest.mark.parametrize("data", [FRAME, pa.Table.from_pandas(FRAME), {name: FRAME[name].tolist() for name in FRAME}])
def test_frames_tables_and_lists_give_the_same_votes(data):
    expected = [[0, -1, 0], [-1, -1, 1], [-1, 1, -1], [0, 1, -1]]
    assert apply([praises, complains, by_stars], data).votes.to_ints().tolist() == expected


@pytest.mark.parametrize("kind", ["pandas", "arrow"])
def test_each_kind_gets_its_kind_of_column(kind):
    got = []

    @labeling_function(YES, batch=kind)
    def look(text):
        got.append(type(text))
        return [False] * len(text)

    apply([look, complains], FRAME)
    assert got == [pd.Series if kind == "pandas" else pa.StringArray]


@pytest.mark.parametrize(
    "returned",
    [
        lambda n: [True] + [False] * (n - 1),
        lambda n: np.arange(n) == 0,
        lambda n: pd.Series(np.arange(n) == 0),
        lambda n: pd.array([True] + [None] * (n - 1), dtype="boolean"),
        lambda n: pa.array([True] + [None] * (n - 1)),
        lambda n: (i == 0 for i in range(n)),
    ],
)
def test_whatever_holds_a_value_for_each_row_will_do(returned):
    @labeling_function(YES, batch=True)
    def first(text):
        return returned(len(text))

    assert apply([first, complains], FRAME).votes.to_ints()[:, 0].tolist() == [0, -1, -1, -1]


def test_one_that_raises_is_asked_row_by_row_so_that_the_item_is_found():
    @labeling_function(YES, batch=True)
    def picky(stars):
        if (stars == 1).any():
            raise ValueError("no ones, please")
        return stars > 4

    applied = apply([picky, complains], FRAME)
    assert applied.failed["picky"] == 1
    assert applied.faults[0].row == 1
    assert applied.votes.to_ints()[:, 0].tolist() == [0, -1, -1, -1]


def test_one_that_returns_too_few_values_fails_where_it_does():
    @labeling_function(YES, batch=True)
    def short(text):
        return [True, True]

    applied = apply([short, complains], FRAME)
    assert applied.failed["short"] == 4
    assert "returned 2 values for 4 rows" in applied.faults[0].error


def test_undeclared_values_are_faults_of_their_items():
    @labeling_function(YES, batch=True)
    def odd(text):
        return [True, "yes", False, 3]

    applied = apply([odd, complains], FRAME)
    assert applied.votes.to_ints()[:, 0].tolist() == [0, -1, -1, -1]
    assert [fault.row for fault in applied.faults] == [1, 3]


def test_it_may_ask_for_features():
    @feature
    def length(text):
        return len(text or "")

    @labeling_function(YES, batch=True)
    def is_long(length):
        return length > 4

    assert apply([is_long, complains], FRAME, features=[length]).votes.to_ints()[:, 0].tolist() == [-1, -1, -1, 0]


def test_examples_work_as_for_others():
    assert praises.check_examples() == complains.check_examples() == []


@pytest.mark.parametrize("batch", ["polars", "row"])
def test_an_unknown_kind_is_refused(batch):
    with pytest.raises(LabelingFunctionError, match=f"batch='{batch}'"):
        labeling_function(YES, batch=batch)


def test_whole_columns_and_a_whole_row_do_not_go_together():
    with pytest.raises(LabelingFunctionError, match="the parameter x is one row"):

        @labeling_function(YES, batch=True)
        def look(x):
            return True


def test_many_rows_are_looked_at_in_several_batches_with_the_same_result():
    texts = [f"{'good' if n % 3 else 'bad'} {n}" for n in range(100)]
    lfs = [praises, complains]
    whole, parts = (apply_in_memory(lfs, {"text": texts}, chunk=chunk) for chunk in (1000, 7))
    assert np.array_equal(whole.votes.codes, parts.votes.codes)
    assert parts.calls == {"praises": 100, "complains": 100}


def test_faults_of_later_batches_keep_their_rows():
    @labeling_function(YES)
    def fails(n):
        return {False: False}[n == 9]

    applied = apply_in_memory([fails, complains], {"n": list(range(12)), "text": ["bad"] * 12}, chunk=4)
    assert [(fault.lf, fault.row) for fault in applied.faults] == [("fails", 9)]
    assert applied.votes.to_ints()[:, 1].tolist() == [1] * 12


def test_a_column_is_made_into_each_form_once():
    batch = Batch({"text": ["a", None]}, 2)
    assert batch.values("text") is batch.values("text")
    assert batch.array("text") is batch.array("text")
    assert batch.series("text").isna().tolist() == [False, True]
    assert list(batch.rows_of(["text"])) == [("a",), (None,)]
    assert batch.item(1) == {"text": None}


@pytest.mark.parametrize("rows", [40_000, 32_769])
def test_a_frame_of_several_batches_gives_whole_column_functions_columns_that_begin_at_0(rows):
    texts = [f"{'good' if n % 3 else 'bad'} {n}" for n in range(rows)]
    frame = pd.DataFrame({"text": texts}, index=range(7, rows + 7))
    first, last = [], []

    @labeling_function(YES, batch=True)
    def looks_at_the_index(text):
        first.append(text.index[0])
        last.append(text.index[-1] - len(text) + 1)
        return pd.Series(np.arange(len(text)) >= 0) & text.str.contains("good")

    applied = apply([looks_at_the_index, complains], frame)
    assert applied.faults == ()
    assert applied.votes.to_ints()[:, 0].tolist() == [0 if n % 3 else -1 for n in range(rows)]
    assert (set(first), set(last)) == ({0}, {0})
    assert len(first) > 1

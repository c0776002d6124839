"""Cells that a spreadsheet would run."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from retrolabel.interop.formulas import Cells, guarded_frame, is_formula


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\r=1", "-1.5+cmd", "-", "-1.5\n", "-\u0661"]
)
def test_a_text_that_begins_as_a_formula_is_one(text):
    assert is_formula(text)
    cells = Cells([pa.table({"a": [text]})], guard=True)
    assert [table.column("a").to_pylist() for table in cells] == [["'" + text]]
    assert cells.formulas == 1


@pytest.mark.parametrize("text", ["-1.5", "+3", "-1e-7", "-.5", "1=1", "a@b", "", "'=1", " =1"])
def test_a_number_and_any_other_text_is_none(text):
    assert not is_formula(text)
    cells = Cells([pa.table({"a": [text]})], guard=True)
    assert [table.column("a").to_pylist() for table in cells] == [[text]]
    assert cells.formulas == 0


def test_only_texts_are_looked_at_and_missing_ones_stay_missing():
    table = pa.table({"text": ["=1", None], "number": [-1.5, -2.0]})
    cells = Cells([table, table], guard=False)
    assert [passed.equals(table) for passed in cells] == [True, True]
    assert cells.formulas == 2
    count, frame = guarded_frame(table.to_pandas(), guard=True)
    assert count == 1
    assert frame["text"].tolist()[0] == "'=1"
    assert pd.isna(frame["text"].tolist()[1])
    assert frame["number"].tolist() == [-1.5, -2.0]


def test_a_frame_without_rows_has_no_formulas():
    frame = pa.table({"text": pa.array([], pa.string())}).to_pandas()
    count, guarded = guarded_frame(frame, guard=True)
    assert (count, list(guarded.columns), len(guarded)) == (0, ["text"], 0)

"""Lines of JSON made column by column are those that are made row by row."""

from __future__ import annotations

import json
import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.interop.json_lines import json_lines

TEXTS = st.text(st.characters(codec="utf-8"), max_size=4)
FLOATS = st.floats() | st.sampled_from([0.0, -0.0, math.nan, 1 / 3])
ROWS = st.lists(
    st.tuples(
        st.none() | TEXTS,
        st.none() | st.sampled_from(["bug", 'a "feature"', "\x1b\\"]),
        st.none() | FLOATS,
        st.none() | st.booleans(),
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.lists(st.sampled_from(["a", "b"]), max_size=2),
    ),
    max_size=8,
)
TYPES = [pa.string(), pa.string(), pa.float64(), pa.bool_(), pa.int64(), pa.list_(pa.string())]
NAMES = ["item_id", 'a "label"', "p", "covered", "n", "several"]


def by_row(table: pa.Table) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in table.to_pylist())


@given(ROWS, st.integers(0, 3))
def test_each_row_is_what_json_says_of_it(rows, start):
    columns = list(zip(*rows, strict=True)) if rows else [[]] * len(TYPES)
    table = pa.table({name: pa.array(each, kind) for name, kind, each in zip(NAMES, TYPES, columns, strict=True)})
    assert json_lines(table.slice(start)) == by_row(table.slice(start))


@pytest.mark.parametrize("kind", [pa.float32(), pa.null(), pa.large_string()])
def test_columns_of_other_types_are_written_too(kind):
    value = {"float": 0.5, "null": None, "large_string": "x"}[str(kind)]
    table = pa.table({"a": pa.array([value, None], kind)})
    assert json_lines(table) == by_row(table)


def test_a_zero_below_zero_is_not_the_zero_before_it():
    assert json_lines(pa.table({"p": [0.0, -0.0]})) == b'{"p": 0.0}\n{"p": -0.0}\n'


def test_several_chunks_are_one_text():
    column = pa.chunked_array([["a"], ["b", None]])
    assert json_lines(pa.table({"id": column})) == b'{"id": "a"}\n{"id": "b"}\n{"id": null}\n'

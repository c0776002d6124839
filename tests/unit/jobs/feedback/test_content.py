"""Hashes of items: what is the same stays the same, what differs differs."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.jobs.feedback.content import column_digest, derived_ids, row_digests, segment_id
from tests.laws import law

TEXTS = st.lists(
    st.one_of(st.none(), st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=8)),
    max_size=12,
)


@law(100)
@given(TEXTS, st.integers(0, 12))
def test_chunks_change_no_digest_of_a_column(values, cut):
    whole = pa.chunked_array([pa.array(values, pa.string())])
    parts = pa.chunked_array([pa.array(values[:cut], pa.string()), pa.array(values[cut:], pa.string())])
    assert column_digest(whole) == column_digest(parts)


@law(100)
@given(TEXTS, TEXTS)
def test_two_columns_have_one_digest_only_if_they_are_equal(one, two):
    digests = [column_digest(pa.chunked_array([pa.array(values, pa.string())])) for values in (one, two)]
    assert (digests[0] == digests[1]) == (one == two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (pa.array([1, 2]), pa.array([1, None])),
        (pa.array([0, 2]), pa.array([None, 2])),
        (pa.array([1, 0]), pa.array([1.0, 0.0])),
        (pa.array([True, False]), pa.array([True, None])),
        (pa.array(["1"]), pa.array([1])),
        (pa.array([""]), pa.array([None], pa.string())),
        (pa.array([1.0]), pa.array([1.0000000000000002])),
        (pa.array([datetime(2026, 1, 1, tzinfo=UTC)]), pa.array([datetime(2026, 1, 2, tzinfo=UTC)])),
        (pa.array([], pa.string()), pa.array([None], pa.string())),
        (pa.nulls(2, pa.string()), pa.nulls(3, pa.string())),
    ],
)
def test_columns_that_differ_have_different_digests(one, two):
    assert column_digest(pa.chunked_array([one])) != column_digest(pa.chunked_array([two]))


@law(100)
@given(TEXTS, TEXTS)
def test_rows_have_one_digest_only_if_their_values_are_equal(one, two):
    size = min(len(one), len(two))
    table = pa.table({"a": pa.array(one[:size], pa.string()), "b": pa.array(two[:size], pa.string())})
    digests = row_digests(table)
    rows = list(zip(one[:size], two[:size], strict=True))
    for first in range(size):
        for second in range(size):
            assert (digests[first] == digests[second]) == (rows[first] == rows[second])


def test_the_order_of_columns_and_the_id_change_no_digest_of_a_row():
    one = pa.table({"item_id": ["1"], "a": ["x"], "b": [1]})
    two = pa.table({"b": [1], "a": ["x"], "item_id": ["2"]})
    assert row_digests(one) == row_digests(two)


def test_a_value_does_not_pass_for_one_of_another_column():
    one = pa.table({"a": ["x"], "b": pa.array([None], pa.string())})
    two = pa.table({"a": pa.array([None], pa.string()), "b": ["x"]})
    assert row_digests(one) != row_digests(two)


def test_a_text_does_not_pass_for_two_columns():
    one = pa.table({"a": ["x\x01b=y"], "b": pa.array([None], pa.string())})
    two = pa.table({"a": ["x"], "b": ["y"]})
    assert row_digests(one) != row_digests(two)


def test_types_of_all_kinds_have_digests():
    table = pa.table(
        {
            "i": [1],
            "f": [0.1],
            "b": [True],
            "t": pa.array([datetime(2026, 1, 1, tzinfo=UTC)], pa.timestamp("us", "UTC")),
        }
    )
    (digest,) = row_digests(table)
    assert len(digest) == 32
    assert row_digests(table) == [digest]


def test_rows_without_columns_are_all_alike():
    assert len(set(row_digests(pa.table({"item_id": ["1", "2"]})))) == 1


def test_derived_ids_tell_occurrences_apart_and_are_stable():
    ids = derived_ids(["a", "a", "b"], [0, 1, 0])
    assert len(set(ids)) == 3
    assert ids == derived_ids(["a", "a", "b"], [0, 1, 0])


def test_a_segments_id_depends_on_source_names_and_values_and_not_on_their_order():
    base = segment_id("web", {"a": "1", "b": "2"})
    assert segment_id("web", {"b": "2", "a": "1"}) == base
    assert segment_id("web", {"a": "2", "b": "1"}) != base
    assert segment_id("mail", {"a": "1", "b": "2"}) != base

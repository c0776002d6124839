"""Samples beside the store: made once, made again where they are damaged, and let go of."""

from __future__ import annotations

import pyarrow as pa
import pytest

from retrolabel.storage.kept_samples import KEPT, KeptSamples

KEY = "ab" * 16


def made():
    return {"items": pa.table({"n": [1, 2]}), "other": pa.table({"t": ["x"]})}


def never():
    raise AssertionError("it was kept")


def test_what_is_kept_is_not_made_again(tmp_path):
    KeptSamples(tmp_path).tables(KEY, made)
    found = KeptSamples(tmp_path).tables(KEY, never)
    assert {name: table.to_pydict() for name, table in found.items()} == {"items": {"n": [1, 2]}, "other": {"t": ["x"]}}


def test_a_damaged_one_is_made_again(tmp_path):
    kept = KeptSamples(tmp_path)
    kept.tables(KEY, made)
    (tmp_path / "samples" / KEY / "0.arrow").write_bytes(b"damaged")
    assert kept.tables(KEY, made)["items"].num_rows == 2
    assert kept.tables(KEY, never)["items"].num_rows == 2


def test_only_the_newest_are_kept_and_clear_lets_go_of_all(tmp_path):
    kept = KeptSamples(tmp_path)
    for number in range(KEPT + 2):
        kept.tables(f"{number:032x}", made)
    assert len(list((tmp_path / "samples").iterdir())) == KEPT
    assert kept.clear() == KEPT
    assert not (tmp_path / "samples").exists()


def test_a_key_that_could_leave_the_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="is no hash"):
        KeptSamples(tmp_path).tables("../else", made)


def test_a_folder_that_may_not_be_written_to_keeps_nothing_and_fails_nothing(tmp_path):
    (tmp_path / "samples").write_text("a file in its place")
    assert KeptSamples(tmp_path).tables(KEY, made)["items"].num_rows == 2

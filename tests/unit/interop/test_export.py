"""Exports are written whole or not at all, one table at a time."""

from __future__ import annotations

import errno
import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from retrolabel.errors import StoreError
from retrolabel.interop.export import export_tables

ONE = pa.table({"item_id": ["a", 'b, "c"\nd'], "label": ["x", None], "p": [0.1, 1 / 3], "covered": [True, False]})
TWO = pa.table({"item_id": ["\u00e9"], "label": ["y"], "p": [1.0], "covered": [True]})


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_what_was_written_is_read_back(tmp_path, kind):
    path = tmp_path / "deep" / f"out.{kind}"
    assert export_tables([ONE, TWO], path, kind) == 3
    reader = {"parquet": pd.read_parquet, "csv": pd.read_csv, "jsonl": lambda p: pd.read_json(p, lines=True)}[kind]
    frame = reader(path)
    assert frame["item_id"].tolist() == ["a", 'b, "c"\nd', "\u00e9"]
    assert frame["label"].isna().tolist() == [False, True, False]
    assert frame["p"].tolist() == pytest.approx([0.1, 1 / 3, 1.0], abs=1e-15)
    assert frame["covered"].tolist() == [True, False, True]


def test_json_lines_hold_null_for_what_is_missing_and_plain_letters(tmp_path):
    export_tables([ONE, TWO], tmp_path / "out.jsonl", "jsonl")
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[1])["label"] is None
    assert "\u00e9" in lines[2]


def test_an_earlier_file_is_replaced_and_no_temporary_one_stays(tmp_path):
    path = tmp_path / "out.parquet"
    path.write_text("old")
    export_tables([ONE], path, "parquet")
    assert pq.read_table(path).num_rows == 2
    assert [p.name for p in tmp_path.iterdir()] == ["out.parquet"]


def test_a_failure_midway_leaves_the_earlier_file(tmp_path):
    def tables():
        yield ONE
        raise StoreError("gone")

    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(StoreError, match="gone"):
        export_tables(tables(), path, "csv")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_nothing_to_export_is_said_and_writes_nothing(tmp_path, kind):
    with pytest.raises(StoreError, match="has no items"):
        export_tables([], tmp_path / f"out.{kind}", kind)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_refused(tmp_path):
    with pytest.raises(StoreError, match="no export format 'xml'"):
        export_tables([ONE], tmp_path / "out.xml", "xml")


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be written"):
        export_tables([ONE], tmp_path / "file" / "out.csv", "csv")


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_reader_that_has_enough_is_nothing_to_tell_of(monkeypatch, kind):
    class Gone(io.RawIOBase):
        def writable(self):
            return True

        def write(self, _):
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=Gone()))
    with pytest.raises(BrokenPipeError):
        export_tables([ONE, TWO], Path("-"), kind)

"""JSON files as a stream of values, whichever way they are built."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import zipfile

import pandas as pd
import pyarrow as pa
import pytest

from retrolabel.errors import InputError
from retrolabel.interop import json_documents
from retrolabel.interop.json_documents import JsonDocuments

ROWS = [{"a": 1, "b": "x\n\u00e9"}, {"a": None, "b": "]},{["}, {"a": 2.5, "b": '"'}]
FRAME = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
FORMS = {
    "lines": "\n".join(map(json.dumps, ROWS)),
    "lines_of_windows": "\r\n".join(map(json.dumps, ROWS)) + "\r\n",
    "lines_with_gaps": "\ufeff\n\n" + "\n\n".join(map(json.dumps, ROWS)),
    "array": json.dumps(ROWS),
    "array_over_lines": json.dumps(ROWS, indent=2),
    "array_with_mark": "\ufeff" + json.dumps(ROWS),
    "one_after_another": "\n".join(json.dumps(row, indent=1) for row in ROWS),
    "inside": json.dumps({"meta": {"n": 3}, "data": {"rows": ROWS}}),
}


@pytest.fixture
def read(tmp_path):
    def go(text, **more):
        path = tmp_path / "x"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        documents = JsonDocuments(path, **more)
        return documents, list(documents)

    return go


@pytest.mark.parametrize("form", FORMS)
def test_a_file_is_read_value_by_value_whichever_way_it_is_built(read, form):
    _, found = read(FORMS[form])
    assert [each.value for each in found] == ROWS


@pytest.mark.parametrize("chunk", [1, 2, 7, 64])
def test_values_that_are_longer_than_what_is_read_at_once_are_whole(read, monkeypatch, chunk):
    monkeypatch.setattr(json_documents, "CHUNK", chunk)
    numbers = [12, 3.25, 1e-05, 2e300, -7, True, None, 'a\\"b', [], {}, [[1], {"a": [2]}]]
    assert [each.value for each in read(json.dumps(numbers))[1]] == numbers


def zstandard(raw: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(raw)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize("packed", [gzip.compress, bz2.compress, lzma.compress, zstandard])
def test_packed_files_are_unpacked_by_what_is_inside(read, packed):
    assert [each.value for each in read(packed(FORMS["array"].encode()))[1]] == ROWS


def test_an_archive_of_one_file_is_that_file_and_one_of_several_is_refused(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("__MACOSX/._a.json", b"x")
        archive.writestr("a.json", FORMS["array"])
    assert [each.value for each in JsonDocuments(path)] == ROWS
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("b.json", FORMS["array"])
    with pytest.raises(InputError, match=r"archive of 2 files: a\.json, b\.json"):
        JsonDocuments(path)


def test_lines_have_lines_and_arrays_have_rows(read):
    documents, found = read("\n" + FORMS["lines"])
    assert (documents.unit, [each.place for each in found]) == ("line", [2, 3, 4])
    documents, found = read(FORMS["array_over_lines"])
    assert (documents.unit, [each.place for each in found]) == ("row", [1, 2, 3])


def test_broken_lines_are_put_aside_and_the_others_read(read):
    documents, found = read(b'{"a": 1}\n{"a": \n{"a": NaN}\n{"a": "\xe9"}\n{"a": 2}\n')
    assert [each.value for each in found] == [{"a": 1}, {"a": 2}]
    assert [problem.where for problem in documents.broken] == ["line 2", "line 3", "line 4"]


def test_a_key_that_is_said_twice_is_told(read):
    _, found = read('[{"a": 1, "a": 2, "b": {"c": 1, "c": 1}}, {"a": 1}]')
    assert [each.twice for each in found] == [("c", "a"), ()]


BROKEN = {
    "cut": (FORMS["array"][:-20], "row 3 is not JSON"),
    "cut_after_a_value": ('[{"a": 1}', "',' was expected after row 1"),
    "comma": ('[{"a": 1} {"a": 2}]', "',' was expected after row 1"),
    "goes_on": ('[\n{"a": 1}\n]\n[{"a": 2}]', "goes on after the end of the array"),
    "in_the_middle": ('[\n{"a": 1},\n{"a": nope},\n{"a": 2}\n]', "line 3: row 2 is not JSON"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_array_says_where(read, case):
    text, says = BROKEN[case]
    with pytest.raises(InputError, match=says):
        read(text)


def test_values_of_an_array_that_are_no_json_are_put_aside_alone(read):
    documents, found = read(b'[{"a": 1}, {"a": NaN}, {"a": "\xe9"}, {"a": 2}]')
    assert [each.value for each in found] == [{"a": 1}, {"a": 2}]
    assert [each.place for each in found] == [1, 4]
    assert [str(problem).split(". Fix")[0] for problem in documents.broken] == [
        "row 2: is not JSON: NaN is not JSON",
        "row 3: is not UTF-8",
    ]


@pytest.mark.parametrize("orient", ["columns", "index", "records", "split", "table"])
def test_frames_are_read_as_pandas_writes_them(read, orient):
    _, found = read(FRAME.to_json(orient=orient))
    assert [(each.value["a"], each.value["b"]) for each in found] == [(1, "x"), (2, "y")]


def test_one_object_with_several_lists_asks_which_are_the_rows(read):
    text = json.dumps({"users": [{"u": 1}], "reviews": ROWS})
    with pytest.raises(InputError, match=r"users \(1 object\), reviews \(3 objects\)") as caught:
        read(text)
    assert "--rows-at reviews" in caught.value.remedy
    assert [each.value for each in read(text, rows_at="reviews")[1]] == ROWS


def test_objects_by_their_ids_are_rows_where_that_is_said(read):
    text = json.dumps({"k1": {"a": 1}, "k2": {"a": 2}})
    with pytest.raises(InputError, match="2 objects, each under a key of its own") as caught:
        read(text)
    assert "--rows-at '*'" in caught.value.remedy
    assert [each.value for each in read(text, rows_at="*")[1]] == [{"key": "k1", "a": 1}, {"key": "k2", "a": 2}]


def test_a_single_object_is_one_row(read):
    assert [each.value for each in read('{"a": 1, "tags": ["x"]}')[1]] == [{"a": 1, "tags": ["x"]}]


def test_an_array_is_not_held_whole(tmp_path):
    path = tmp_path / "big.json"
    row = json.dumps({"text": "x" * 1000})
    with path.open("w") as file:
        file.write("[" + ",".join([row] * 5000) + "]")
    documents = iter(JsonDocuments(path))
    assert next(documents).value == {"text": "x" * 1000}

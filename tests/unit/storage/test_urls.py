"""Files below a URL: the same contract as below a directory."""

from __future__ import annotations

import hashlib
import uuid

import pyarrow as pa
import pytest

from retrolabel.errors import CorruptionError, SettingsError, StoreError
from retrolabel.storage.objects import CHUNK, LocalObjects
from retrolabel.storage.opening import open_objects
from retrolabel.storage.urls import UrlObjects

TABLE = pa.table({"a": [1, 2], "b": ["x", None]})


@pytest.fixture(params=["directory", "file", "memory"])
def objects(request, tmp_path):
    where = {"directory": tmp_path, "file": tmp_path.as_uri(), "memory": f"memory://{uuid.uuid4().hex}/deep"}
    return open_objects(where[request.param])


def test_a_directory_and_its_url_are_the_same_files(tmp_path):
    open_objects(tmp_path).write_bytes("x", b"1")
    assert isinstance(open_objects(tmp_path.as_uri()), LocalObjects)
    assert open_objects(str(tmp_path)).read_bytes("x") == open_objects(tmp_path.as_uri()).read_bytes("x") == b"1"


def test_other_urls_are_fsspecs():
    assert isinstance(open_objects("memory://x"), UrlObjects)


def test_what_was_written_is_read(objects):
    assert objects.write_bytes("f/x.json", b"{}") == hashlib.sha256(b"{}").hexdigest() == objects.sha256("f/x.json")
    assert (objects.read_bytes("f/x.json"), objects.size("f/x.json")) == (b"{}", 2)


def test_a_table_is_read_whole_or_by_column(objects):
    sha256 = objects.write_table("t/a.parquet", TABLE)
    assert sha256 == objects.sha256("t/a.parquet")
    assert objects.read_table("t/a.parquet").equals(TABLE)
    assert objects.read_table("t/a.parquet", ["b"]).equals(TABLE.select(["b"]))


def test_both_kinds_write_the_same_bytes(tmp_path):
    name = "a.parquet"
    assert open_objects(tmp_path).write_table(name, TABLE) == open_objects("memory://same").write_table(name, TABLE)


def test_a_file_that_is_not_there_is_said_to_be_gone(objects):
    assert (objects.sha256("no"), objects.size("no")) == (None, 0)
    for read in (objects.read_bytes, objects.read_table):
        with pytest.raises(StoreError, match=r"no.* is gone"):
            read("no")


def test_what_is_no_parquet_is_said_to_be_damaged(objects):
    objects.write_bytes("a.parquet", b"PAR1 but not really")
    with pytest.raises(CorruptionError, match="verify"):
        objects.read_table("a.parquet")


def test_removed_files_are_gone_and_missing_ones_are_no_matter(objects):
    objects.write_bytes("a", b"1")
    objects.remove(["a", "b"])
    assert objects.sha256("a") is None


def test_the_files_below_a_folder_are_listed_and_those_beside_it_are_not(objects):
    for name in ("f/b/x.bin", "f/a.bin", "g/a.bin"):
        objects.write_bytes(name, b"x")
    assert objects.names("f") == ["f/a.bin", "f/b/x.bin"]
    assert objects.names("none") == []


def test_a_file_is_located_below_its_root(objects):
    assert objects.locate("votes/a.parquet").endswith("/votes/a.parquet")


@pytest.mark.parametrize("url", ["nowhere://x", "s4://bucket/x"])
def test_an_unknown_kind_of_url_is_refused(url):
    with pytest.raises(SettingsError, match=url):
        open_objects(url)


@pytest.mark.parametrize("url", ["file://", "file:///", "file:////", "file://localhost/"])
def test_the_root_of_this_machine_is_no_folder_for_a_store(url):
    with pytest.raises(SettingsError, match="names no folder"):
        open_objects(url)


def test_a_write_that_fails_says_where(monkeypatch):
    objects = open_objects("memory://full")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(objects._fs, "pipe_file", full)
    with pytest.raises(StoreError, match=r"memory://full/a .*No space left"):
        objects.write_bytes("a", b"1")


def test_the_hash_of_a_file_is_of_all_its_bytes_however_large_it_is(objects):
    content = bytearray(range(256)) * (2 * CHUNK // 256) + b"the end"
    assert (
        objects.write_bytes("large", bytes(content)) == hashlib.sha256(content).hexdigest() == objects.sha256("large")
    )
    content[-1] ^= 1
    objects.write_bytes("large", bytes(content))
    assert objects.sha256("large") == hashlib.sha256(content).hexdigest()

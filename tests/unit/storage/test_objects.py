"""Files of the store are written whole, and say when they are not what they were."""

from __future__ import annotations

import hashlib

import pyarrow as pa
import pytest

from retrolabel.errors import CorruptionError, StoreError
from retrolabel.storage.objects import LocalObjects

TABLE = pa.table({"a": [1, 2], "b": ["x", None]})


@pytest.fixture
def objects(tmp_path):
    return LocalObjects(tmp_path / "store")


def test_a_table_is_read_back_whole_or_in_part(objects):
    objects.write_table("f/a.parquet", TABLE)
    assert objects.read_table("f/a.parquet").equals(TABLE)
    assert objects.read_table("f/a.parquet", ["b"]).column_names == ["b"]


def test_a_folder_where_a_file_should_be_is_told_as_one(objects):
    sha256 = objects.write_bytes("f/a.bin", b"x")
    objects._path("f/a.bin").unlink()
    objects._path("f/a.bin").mkdir()
    for act in (lambda: objects.read_bytes("f/a.bin", sha256=sha256), lambda: objects.write_bytes("f/a.bin", b"x")):
        with pytest.raises(StoreError, match="move it away, then retrolabel relabel TASK --repair"):
            act()


def test_a_file_that_is_being_written_is_not_listed(objects):
    objects.write_bytes("f/a.bin", b"x")
    with objects._writing("f/b.bin"):
        assert objects.names("f") == ["f/a.bin"]
    assert objects.names("f") == ["f/a.bin", "f/b.bin"]


def test_the_hash_is_that_of_the_bytes_on_disk(objects):
    for name, given in (
        ("a.bin", objects.write_bytes("a.bin", b"x")),
        ("a.parquet", objects.write_table("a.parquet", TABLE)),
    ):
        assert given == hashlib.sha256((objects.root / name).read_bytes()).hexdigest() == objects.sha256(name)


def test_the_same_table_gives_the_same_bytes(objects):
    assert objects.write_table("a.parquet", TABLE) == objects.write_table("b.parquet", TABLE)


def test_a_file_that_is_not_there_has_no_hash_and_cannot_be_read(objects):
    assert objects.sha256("none") is None
    with pytest.raises(StoreError, match="is gone, though the catalog names it"):
        objects.read_bytes("none")
    with pytest.raises(StoreError, match="is gone"):
        objects.read_table("none.parquet")


@pytest.mark.parametrize("content", [b"", b"no parquet at all", b"PAR1PAR1"])
def test_what_is_no_parquet_any_more_is_corrupt(objects, content):
    objects.write_bytes("a.parquet", content)
    with pytest.raises(CorruptionError, match="cannot be read"):
        objects.read_table("a.parquet")


def test_a_cut_parquet_file_is_corrupt(objects):
    objects.write_table("a.parquet", TABLE)
    path = objects.root / "a.parquet"
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(CorruptionError):
        objects.read_table("a.parquet")


def test_a_write_that_fails_leaves_the_earlier_file_and_no_temporary_one(objects):
    objects.write_bytes("f/a", b"old")
    with pytest.raises(ZeroDivisionError), objects._writing("f/a") as temporary:  # noqa: PT012 - what fails is the block
        temporary.write_bytes(b"half")
        _ = 1 / 0
    assert (objects.root / "f/a").read_bytes() == b"old"
    assert [path.name for path in (objects.root / "f").iterdir()] == ["a"]


def test_a_place_that_cannot_be_written_is_told(objects):
    objects.write_bytes("f", b"a file")
    with pytest.raises(StoreError, match="cannot be written"):
        objects.write_bytes("f/a", b"x")


def test_files_may_be_read_by_others(objects):
    objects.write_bytes("a", b"x")
    assert (objects.root / "a").stat().st_mode & 0o777 == 0o644


def test_removing_what_is_not_there_is_no_fault(objects):
    objects.write_bytes("a", b"x")
    objects.remove(["a", "b"])
    assert objects.sha256("a") is None

"""Files that are written together are all as they were, where one of them fails."""

from __future__ import annotations

import pytest

from retrolabel.wiring.written_files import or_as_before


def written_then_stopped(files, error):
    with or_as_before(files):
        for path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"other")
        raise error


def test_a_failure_leaves_old_files_as_they_were_and_no_new_one(tmp_path):
    old, new = tmp_path / "old.py", tmp_path / "a" / "b" / "new.py"
    old.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        written_then_stopped([old, new], KeyboardInterrupt())
    assert old.read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == [old]


def test_a_folder_that_was_there_stays(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(ValueError, match="no"):
        written_then_stopped([tmp_path / "a" / "new.py"], ValueError("no"))
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_what_went_well_stays(tmp_path):
    with or_as_before([tmp_path / "a"]):
        (tmp_path / "a").touch()
    assert (tmp_path / "a").exists()

"""How far traces were taken in: kept by what was asked, and lost without harm."""

from __future__ import annotations

import pytest

from retrolabel.errors import StoreError
from retrolabel.tracking.cursors import Cursor, Cursors

HERE = Cursor("chat", "http://runs.example", "bot", "2026-01-02T03:04:05+00:00")
ASKED = {"source": "chat", "gold": ["mood"]}


def test_a_cursor_is_kept_for_what_was_asked_and_another_wish_has_another_one(tmp_path):
    cursors = Cursors(tmp_path)
    assert cursors.get(ASKED) is None
    cursors.keep(ASKED, HERE)
    assert cursors.get(ASKED) == HERE
    assert cursors.get(ASKED | {"gold": []}) is None
    assert cursors.all() == [HERE]
    assert HERE.time.isoformat() == "2026-01-02T03:04:05+00:00"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"source": "chat"}', '{"newest": "yesterday"}'])
def test_a_damaged_cursor_is_none_so_that_all_is_read_again(tmp_path, content):
    cursors = Cursors(tmp_path)
    cursors.keep(ASKED, HERE)
    (file,) = cursors.folder.iterdir()
    file.write_text(content)
    assert cursors.get(ASKED) is None
    assert cursors.all() == []


def test_a_cursor_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "traces").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be written"):
        Cursors(tmp_path).keep(ASKED, HERE)

"""Damage of what was derived is mended by a relabel that is told so; damage of feedback is not."""

from __future__ import annotations

import sqlite3

import pytest

from retrolabel.errors import CorruptionError, StoreError


def _flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def _files(project, folder):
    return sorted((project.folder / ".retrolabel" / folder).rglob("*.*"))


@pytest.fixture
def ws(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    return ws


def test_damaged_votes_stop_a_relabel_until_it_may_repair_them(project, ws):
    first = ws.task("mood").relabel()
    _flip(_files(project, "votes")[0])
    with pytest.raises(CorruptionError, match="--repair"):
        ws.task("mood").relabel()
    again = ws.task("mood").relabel(repair=True)
    assert again.label_set.id == first.label_set.id
    assert again.votes.computed == first.votes.computed
    assert ws.task("mood").relabel().votes.computed == 0


def test_a_damaged_label_set_is_made_again_with_the_same_labels(project, ws):
    first = ws.task("mood").relabel()
    for path in _files(project, "label_sets"):
        _flip(path)
        assert ws.task("mood").verify()
        again = ws.task("mood").relabel(repair=True)
        assert (again.label_set.id, again.label_set.labels_hash) == (first.label_set.id, first.label_set.labels_hash)
        assert ws.task("mood").verify() == []


def test_damaged_feedback_cannot_be_made_again(project, ws):
    ws.task("mood").relabel()
    _flip(_files(project, "feedback")[0])
    project.lfs("")
    project.lfs(
        "from labeling_functions.mood.schema.v1 import GOOD\n"
        "from retrolabel import keywords\n"
        "praises = keywords(GOOD, ['great'], column='comment')\n"
    )
    with pytest.raises(CorruptionError, match="feedback"):
        ws.task("mood").relabel(repair=True)


def test_a_catalog_whose_pages_are_damaged_is_named(project, ws):
    ws.task("mood").relabel()
    path = project.folder / ".retrolabel" / "catalog.db"
    content = bytearray(path.read_bytes())
    content[8192:8292] = b"\xff" * 100
    path.write_bytes(bytes(content))
    try:
        said = [problem.where for problem in project.open().task("mood").verify()]
    except StoreError as error:
        said = [str(error)]
    assert any("catalog" in text for text in said)


def test_a_catalog_that_lists_an_item_with_other_content_is_named(project, ws):
    ws.task("mood").relabel()
    with sqlite3.connect(project.folder / ".retrolabel" / "catalog.db") as catalog:
        catalog.execute(
            "UPDATE items SET digest = '0' || substr(digest, 2) WHERE item_id = '3' AND digest NOT LIKE '0%'"
        )
        changed = catalog.execute("SELECT changes()").fetchone()[0]
    catalog.close()
    problems = project.open().task("mood").verify()
    assert [problem.where for problem in problems] == ["the catalog"] * changed
    assert changed == 1
    assert "'3'" in problems[0].what

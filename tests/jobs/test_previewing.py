"""A dry run says what the ingest then does: of each row, of each refusal, and of the store, which stays as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrolabel.errors import IngestError
from retrolabel.interop import raw
from retrolabel.jobs.feedback.previewing import Preview
from retrolabel.wiring.feedback import IngestOptions

HEAD = "item_id,created_at,comment\n"
PLAIN, REVISE = IngestOptions(), IngestOptions(revise=True)
FILES = {
    "new": "7,2026-01-01,x\n8,2026-01-01,y\n",
    "known": "1,2026-01-01,A\n7,2026-01-01,x\n",
    "twice_the_same": "7,2026-01-01,x\n7,2026-01-01,x\n",
    "twice_otherwise": "7,2026-01-01,x\n7,2026-01-01,y\n7,2026-01-01,x\n",
    "known_then_otherwise": "1,2026-01-01,A\n1,2026-01-01,B\n",
    "broken": "7,yesterday,x\n8\n9,2026-01-01,y\n,2026-01-01,z\n",
}
CHANGED = {
    "otherwise": "1,2026-01-01,B\n7,2026-01-01,x\n",
    "otherwise_then_known": "1,2026-01-01,B\n1,2026-01-01,A\n",
    "otherwise_twice": "1,2026-01-01,B\n1,2026-01-01,B\n1,2026-01-01,C\n",
}


@pytest.fixture
def ws(project):
    """A workspace whose source ``web`` has the items 1 and 2."""
    opened = project.open()
    opened.feedback.ingest(project.write("first.csv", f"{HEAD}1,2026-01-01,A\n2,2026-01-01,B\n"), "web")
    return opened


@pytest.fixture(params=[1000, 1], ids=["one_batch", "a_batch_a_row"])
def batches(request, monkeypatch):
    """Read files in batches of so many rows."""
    monkeypatch.setattr(raw, "BATCH_ROWS", request.param)


def counts_of(preview):
    return preview.rows, preview.new, preview.changed, preview.unchanged, preview.quarantined


def done_by(report):
    return report.rows, report.added, report.revised, report.unchanged, report.quarantined


@pytest.mark.parametrize(
    ("case", "options"), [*((case, PLAIN) for case in FILES), *((case, REVISE) for case in FILES | CHANGED)]
)
def test_what_is_foretold_is_what_the_ingest_does(project, ws, batches, case, options):
    path = project.write("f.csv", HEAD + (FILES | CHANGED)[case])
    before = project.state()
    told = ws.feedback.preview(path, "web", options)
    assert project.state() == before
    report = ws.feedback.ingest(path, "web", options)
    assert counts_of(told) == done_by(report)
    assert (told.refused, told.already) == ("", False)


@pytest.mark.parametrize("case", CHANGED)
def test_items_with_other_content_are_counted_and_refused_as_the_ingest_refuses_them(project, ws, batches, case):
    path = project.write("f.csv", HEAD + CHANGED[case])
    told = ws.feedback.preview(path, "web")
    assert told.changed == 1
    assert "--revise replaces" in told.refused
    with pytest.raises(IngestError, match=r"1 item\(s\) exist in 'web' with other content"):
        ws.feedback.ingest(path, "web")


@pytest.mark.parametrize(("text", "says"), [("7,never,x\n8\n", "no row can be read"), ("", "there are no rows")])
def test_a_file_that_the_ingest_refuses_as_a_whole_is_told(project, ws, text, says):
    path = project.write("f.csv", HEAD + text)
    assert says in ws.feedback.preview(path, "web").refused
    with pytest.raises(IngestError):
        ws.feedback.ingest(path, "web")


def test_the_first_five_problems_are_told_by_line(project, ws, batches):
    text = "7,2026-01-01,x\n" + "7,2026-01-01,y\n8,never,z\n" * 3
    told = ws.feedback.preview(project.write("f.csv", HEAD + text), "web")
    assert [problem.where for problem in told.problems] == [f"line {number}" for number in range(3, 8)]
    assert told.quarantined == 6
    assert told.problems[0].what == "the id '7' stands earlier in this file with other content"
    assert "'never' is no date" in told.problems[1].what


def test_a_file_that_is_in_already_is_told(project, ws):
    path = project.folder / "first.csv"
    told = ws.feedback.preview(path, "web")
    assert (told.already, told.unchanged, told.new) == (True, 2, 0)
    assert ws.feedback.ingest(path, "web").already
    assert not ws.feedback.preview(path, "web", REVISE).already
    assert not ws.feedback.preview(path, "web", replace(PLAIN, id_column="item_id")).already


def test_without_a_store_all_items_are_new_and_none_is_made(project):
    told = project.open().feedback.preview(project.feedback(), "web")
    assert isinstance(told, Preview)
    assert (told.rows, told.new, told.quarantined) == (40, 40, 0)
    assert not project.store.exists()


def test_ids_that_are_derived_are_those_of_the_ingest(project, batches):
    ws = project.open()
    path = project.write("a.csv", "comment\nthanks\nthanks\nno\n")
    assert ws.feedback.preview(path, "web").new == 3
    ws.feedback.ingest(path, "web")
    longer = project.write("b.csv", "comment\nthanks\nthanks\nno\nthanks\n")
    told = ws.feedback.preview(longer, "web")
    assert (told.new, told.unchanged) == (1, 3)
    assert counts_of(told) == done_by(ws.feedback.ingest(longer, "web"))


def test_a_dry_run_counts_what_becomes_missing_and_keys_said_twice_as_the_ingest_does(project):
    ws = project.open()
    path = project.write("f.csv", "item_id,stars\n1,5\n2,NA\n3,n/a\n")
    told, report = ws.feedback.preview(path, "new"), ws.feedback.ingest(path, "new")
    assert told.missing == report.missing == {"stars": {"NA": 1, "n/a": 1}}
    assert told.notes == report.notes
    again = project.write("f.jsonl", '{"item_id": "7", "stars": 1, "stars": 2}\n')
    told, report = ws.feedback.preview(again, "new"), ws.feedback.ingest(again, "new")
    assert told.repeated_keys == report.repeated_keys == {"stars": 1}


def test_keep_na_is_part_of_what_an_ingest_is_known_by_only_where_it_is_given(project):
    assert IngestOptions().key() == '{"drop": [], "id": null, "map": {}, "time": null}'
    assert IngestOptions(keep_na=True).key() == '{"drop": [], "id": null, "keep_na": true, "map": {}, "time": null}'
    ws = project.open()
    path = project.write("f.csv", "item_id,stars\n1,5\n2,NA\n")
    assert ws.feedback.ingest(path, "kept", IngestOptions(keep_na=True)).missing == {}
    assert ws.feedback.sources()["kept"] == {"stars": "string"}
    assert ws.feedback.ingest(path, "taken").missing == {"stars": {"NA": 1}}
    assert ws.feedback.ingest(path, "taken").already

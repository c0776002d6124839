"""Human labels without ids find their items by text."""

from __future__ import annotations

import pytest

from retrolabel.errors import GoldError
from retrolabel.jobs.gold.matching import as_read
from retrolabel.wiring.gold_file_options import GoldFile

HEAD = "item_id,created_at,comment\n"
ITEMS = (
    "a,2026-01-01,It's broken\nb,2026-01-02,thanks\nc,2026-01-03,thanks\nd,2026-01-04,Thanks!\n"
    'e,2026-01-05,"Caf\u00e9 - ""ok"""\nf,2026-01-06,IT\'S BROKEN\n'
)


@pytest.fixture
def ws(project):
    opened = project.open()
    path = project.folder / "items.csv"
    path.write_text(HEAD + ITEMS, encoding="utf-8")
    opened.feedback.ingest(path, "web")
    return opened


@pytest.fixture
def take(project, ws):
    def go(rows, **more):
        path = project.folder / "labels.csv"
        path.write_text("text,label\n" + rows, encoding="utf-8")
        match = more.pop("match", {"text": "comment"})
        return ws.task("mood").gold.import_file(path, "web", role="dev", of=GoldFile(match=match), **more)

    return go


def items(ws):
    frame = ws.task("mood").gold.labels()
    return dict(zip(frame["item_id"], frame["label"], strict=True))


def test_the_same_characters_come_before_what_reads_the_same(take, ws):
    report = take("It's broken,bad\nIT'S BROKEN,good\n")
    assert items(ws) == {"a": "bad", "f": "good"}
    assert (report.added, report.unmatched, report.ambiguous) == (2, 0, 0)


def test_what_reads_the_same_is_the_same_and_that_is_said(take, ws):
    report = take('" Cafe\u0301  \u2013 \u201cOK\u201d",good\nTHANKS!,good\n')
    assert items(ws) == {"e": "good", "d": "good"}
    assert any("2 rows have the text of an item but for case" in note for note in report.notes)


def test_texts_of_several_items_and_of_none_are_put_aside_and_listed(take, ws):
    rows = "thanks,good\nno such text,bad\nIt\u2019s Broken,bad\n" + "Thanks!,good\n" * 9
    report = take(rows)
    assert (report.rows, report.unmatched, report.ambiguous, report.quarantined) == (12, 1, 2, 3)
    told = [str(problem) for problem in report.put_aside]
    assert told == [
        "line 3: no item has its text: 'no such text'",
        "line 2: several items have its text: 'thanks'",
        "line 4: several items have its text: 'It\u2019s Broken'",
    ]
    assert items(ws) == {"d": "good"}


def test_many_rows_without_an_item_refuse_the_file_unless_that_is_meant(take, project):
    before = project.state()
    with pytest.raises(GoldError, match="2 rows of 3 have a text that no item of web has in comment") as caught:
        take("x,good\ny,good\nThanks!,good\n")
    assert [problem.where for problem in caught.value.problems] == ["line 2", "line 3"]
    assert project.state() == before
    assert take("x,good\ny,good\nThanks!,good\n", skip_unknown=True).added == 1


def test_a_file_whose_texts_all_are_of_several_items_is_refused(take, project):
    before = project.state()
    with pytest.raises(GoldError, match="none of its 2 rows has the text of one item alone"):
        take("thanks,good\nthanks,good\n")
    assert project.state() == before


def test_a_second_pair_tells_items_of_one_text_apart(take, project, ws):
    path = project.folder / "two.csv"
    path.write_text("item_id,comment,shop\n1,thanks,A\n2,thanks,B\n", encoding="utf-8")
    ws.feedback.ingest(path, "shops")
    labels = project.folder / "labels.csv"
    labels.write_text("text,where,label\nthanks,B,good\n", encoding="utf-8")
    of = GoldFile(match={"text": "comment", "where": "shop"})
    ws.task("mood").gold.import_file(labels, "shops", role="dev", of=of)
    assert items(ws) == {"2": "good"}


def test_a_row_without_a_text_matches_no_item_without_one(project, ws):
    path = project.folder / "gaps.jsonl"
    path.write_text('{"item_id": "1", "comment": null}\n{"item_id": "2", "comment": "x"}\n', encoding="utf-8")
    ws.feedback.ingest(path, "gaps")
    labels = project.folder / "labels.csv"
    labels.write_text("text,label\n,good\nx,good\n", encoding="utf-8")
    of = GoldFile(match={"text": "comment"})
    report = ws.task("mood").gold.import_file(labels, "gaps", role="dev", of=of, skip_unknown=True)
    assert (report.added, report.unmatched) == (1, 1)


def test_a_column_of_ids_and_a_text_to_match_exclude_each_other(take):
    with pytest.raises(GoldError) as caught:
        take("thanks,good\n", item="text")
    assert "stands beside --match" in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other"), [("a\u00a0b", "a b"), ("na\u00efve", "nai\u0308ve"), ("e\u2010mail", "E-MAIL")]
)
def test_what_a_person_reads_as_the_same_is_the_same(one, other):
    assert as_read(one) == as_read(other)


def test_words_that_are_spelled_otherwise_are_other_texts():
    assert as_read("e-mail") != as_read("email")

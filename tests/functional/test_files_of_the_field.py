"""Tables as people have them go in by options alone, and each option is named by the error before it."""

from __future__ import annotations

import json
import re
import shlex
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

SCHEMA = """\
from retrolabel import Label, LabelSchema

HAM, SPAM = Label("ham", "A person wrote it."), Label("spam", "It sells.", name="Junk mail", aliases=["s"])
SCHEMA = LabelSchema(task="spam", version="1.0.0", labels=[HAM, SPAM])
"""
SMS = "v1,v2,,,\r\n" + "".join(
    f'{"spam" if n % 7 == 0 else "ham"},"Ok, ""lar"" {n % 25} \u00a31.50 caf\u00e9",{"x" if n == 3 else ""},,\r\n'
    for n in range(40)
)


@pytest.fixture
def project(folder, run, write, once):
    def build():
        for package in ("", "/spam", "/spam/schema"):
            write(f"labeling_functions{package}/__init__.py", "")
        write("labeling_functions/spam/schema/v1.py", SCHEMA)
        write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n')

    return once("files_of_the_field", build)


@pytest.fixture
def follow(run):
    """Type a command, and after each error the option that it names; return what the last one printed."""

    def go(words, *options):
        typed = []
        for option in options:
            done = run(*words, *typed)
            assert done.code == 1, done.out
            assert option in done.err
            typed += shlex.split(option)
        done = run(*words, *typed)
        assert done.code == 0, done.err
        return done.out

    return go


def test_a_file_as_kaggle_has_it_goes_in_by_options_that_its_errors_name(project, write, follow):
    write("spam.csv", SMS.encode("cp1252"))
    out = follow(("ingest", "spam.csv", "--source", "sms"), "--encoding cp1252", '--drop ""')
    assert "40 rows -> sms: 40 added" in out


def test_pandas_index_and_names_with_blanks_go_in_by_options_that_the_error_names(project, write, run, follow):
    write("women.csv", ",Review Text,Class Name\n0,nice and warm,Dress\n1,too tight,Knit\n")
    out = follow(("ingest", "women.csv", "--source", "shop"), "--rename-all")
    assert '"Review Text" -> review_text, "Class Name" -> class_name' in out
    done = run("ingest", "women.csv", "--source", "other", "--drop", "", "--rename-all", "--dry-run", "--json")
    assert [column for column, _, _ in done.json["dry_run"][0]["columns"]][2:] == ["review_text", "class_name"]


def test_a_file_without_a_header_says_so_and_goes_in_with_one(project, write, run):
    write("SMSSpamCollection", "ham\tGo until jurong point, crazy..\nspam\tFree entry in a comp\nham\tOk lar, joking\n")
    done = run("ingest", "SMSSpamCollection", "--source", "uci")
    assert done.code == 1
    assert "if its first line is an item and names no columns: --header c1,c2" in done.err
    done = run("ingest", "SMSSpamCollection", "--source", "uci", "--header", "label,text", "--gold", "spam=label")
    assert "3 rows -> uci: 3 added" in done.out
    assert "cells are parted by tab (--delimiter tab)" in done.out
    assert "gold of spam: 3 new labels" in done.out


def test_columns_are_kept_by_name(project, write, run):
    write("f.csv", "id,text,noise,more\n1,x,a,b\n")
    done = run("ingest", "f.csv", "--source", "new", "--id", "id", "--keep", "text", "--dry-run", "--json").json
    assert [column for column, _, _ in done["dry_run"][0]["columns"]] == ["item_id", "created_at", "text"]
    done = run("ingest", "f.csv", "--source", "new", "--keep", "txt")
    assert "--keep txt: there is no such column. Fix: did you mean text?" in done.err


def test_options_decide_what_the_same_file_is(project, write, run):
    write("f.csv", "id,text\n1,x\n2,y\n")
    assert run("ingest", "f.csv", "--source", "a", "--header", "id,text").code == 0
    done = run("ingest", "f.csv", "--source", "a", "--skip-lines", "1", "--header", "id,text", "--json").json
    assert done["ingested"][0]["already"] is False


def test_the_first_rows_are_shown_as_they_would_be_stored(project, write, run):
    write("f.jsonl", "\n".join(json.dumps({"at": f"2026-01-0{n}", "text": f"t{n}", "n": n}) for n in range(1, 6)))
    done = run("ingest", "f.jsonl", "--source", "new", "--time", "at", "--dry-run", "--json").json["dry_run"][0]
    assert [(row["line"], row["text"], row["n"]) for row in done["first"]] == [(1, "t1", 1), (2, "t2", 2), (3, "t3", 3)]
    assert done["first"][0]["created_at"].startswith("2026-01-01")
    assert len({row["item_id"] for row in done["first"]}) == 3
    told = run("ingest", "f.jsonl", "--source", "new", "--time", "at", "--dry-run").out
    assert re.search(r"text +string +'t1' +'t2' +'t3'", told)
    stored = run("ingest", "f.jsonl", "--source", "new", "--time", "at")
    assert stored.code == 0
    again = run("ingest", "f.jsonl", "--source", "new", "--time", "at", "--dry-run", "--json").json["dry_run"][0]
    assert (again["unchanged"], again["new"]) == (5, 0)


@pytest.mark.parametrize(
    ("quotes", "content"),
    [("backslash", 'id,text\n1,"say \\"x\\", ok"\n2,"y"\n'), ("none", 'id\ttext\n1\t"say x\n2\ty" z\n')],
)
def test_quotation_marks_that_are_written_otherwise_have_an_option(project, write, run, quotes, content):
    write("f.csv", content)
    done = run("ingest", "f.csv", "--source", "new", "--id", "id")
    assert done.code == 1 or "quarantine" in done.out
    done = run("ingest", "f.csv", "--source", "other", "--id", "id", "--quotes", quotes, "--dry-run", "--json").json
    texts = [row["text"] for row in done["dry_run"][0]["first"]]
    assert texts == (['say "x", ok', "y"] if quotes == "backslash" else ['"say x', 'y" z'])


def test_a_workbook_without_its_extra_says_how_to_get_it(project, write, run, monkeypatch):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["id", "text"])
    book.active.append([1, "x"])
    book.save("f.xlsx")
    assert "1 row -> a: 1 added" in run("ingest", "f.xlsx", "--source", "a", "--id", "id").out
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    done = run("ingest", "f.xlsx", "--source", "b")
    assert done.code == 1
    assert 'pip install "retrolabel[excel]"' in done.err


# Items and their labels at once ------------------------------------------------------------------

ROWS = "text,kind,who,when\nhello,ham,ana,2026-01-01\nbuy now,Junk mail,bo,2026-01-02\nhello,S,ana,2026-01-03\n"
ROWS += "well,,ana,\n"
BOTH = ("ingest", "f.csv", "--source", "web", "--gold")


def gold(run):
    run("gold", "show", "spam", "--out", "out.csv")
    with open("out.csv", encoding="utf-8") as file:  # noqa: PTH123 - as short as it gets
        rows = [line.strip().split(",") for line in file][1:]
    return sorted((person, label) for _, _, person, _, label, *_ in rows)


def test_items_and_their_labels_go_in_together_without_ids(project, write, run):
    write("f.csv", ROWS)
    done = run(*BOTH, "spam=kind,annotator=who", "--json").json["ingested"][0]
    assert (done["added"], done["gold"][0]["added"], done["gold"][0]["unlabelled"]) == (4, 3, 1)
    assert gold(run) == [("ana", "ham"), ("ana", "spam"), ("bo", "spam")]
    assert "'kind', 'who': the answer stays out of the items" in " ".join(done["notes"])
    again = run(*BOTH, "spam=kind,annotator=who", "--json").json["ingested"][0]
    assert (again["already"], again["gold"][0]["added"], again["gold"][0]["known"]) == (True, 0, 3)


def test_items_that_say_the_same_keep_their_own_labels(project, write, run):
    write("f.csv", "text,kind\nthanks,ham\nthanks,spam\nthanks,ham\n")
    done = run(*BOTH, "spam=kind", "--json").json["ingested"][0]
    assert (done["added"], done["gold"][0]["added"], done["gold"][0]["ties"]) == (3, 3, 0)


def test_labels_deep_in_json_go_in_with_their_items_and_stay_out_of_them(project, write, run):
    rows = [{"body": {"text": f"t{n}"}, "meta": {"kind": kind}} for n, kind in enumerate(["ham", "spam"])]
    write("f.json", json.dumps(rows))
    words = (
        "ingest",
        "f.json",
        "--source",
        "web",
        "--map",
        "text=body.text",
        "--drop",
        "body",
        "--gold",
        "spam=meta.kind",
    )
    done = run(*words, "--dry-run", "--json").json["dry_run"][0]
    assert [column for column, _, _ in done["columns"]] == ["item_id", "created_at", "text"]
    done = run(*words, "--json").json["ingested"][0]
    assert (done["added"], done["gold"][0]["added"]) == (2, 2)


def test_labels_that_cannot_be_taken_in_leave_the_items_out_too(project, write, run, state):
    write("f.csv", "text,kind\nhello,hm\nwell,spm\n")
    write("g.csv", "text\nother\n")
    run("ingest", "g.csv", "--source", "web")
    before = state()
    done = run(*BOTH, "spam=kind")
    assert done.code == 1
    assert '--map-label "hm=ham" --map-label "spm=spam"' in done.err
    assert state() == before
    assert run(*BOTH, "spam=kind", "--map-label", "hm=ham", "--map-label", "spm=spam").code == 0


def test_a_preview_counts_the_labels_and_stores_nothing(project, write, run, state):
    write("f.csv", ROWS + "more,hm,bo,\n")
    before = state()
    done = run(*BOTH, "spam=kind", "--dry-run")
    assert "gold of spam: spam 2, ham 1; 1 row without a label; no labels: hm 1" in done.out
    assert state() == before


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("spam", "names no column of labels"),
        ("spam=kind,person=who", "'person=who' is none of label, annotator"),
        ("spm=kind", "Did you mean 'spam'?"),
        ("spam=knd", "column 'knd': there is no such column. Fix: --label kind, if that is meant"),
        ("spam@2.0.0=kind", "has no schema version '2.0.0'"),
    ],
)
def test_columns_of_labels_that_are_none_are_refused(project, write, run, state, said, says):
    write("f.csv", ROWS)
    before = state()
    done = run(*BOTH, said)
    assert done.code == 1
    assert says in done.err
    assert state() == before


def test_a_role_without_labels_says_nothing_here(project, write, run):
    write("f.csv", ROWS)
    assert "need --gold" in run("ingest", "f.csv", "--source", "web", "--role", "test").err


# The same dialects for human labels --------------------------------------------------------------


@pytest.mark.parametrize("name", ["array.json", "hf.parquet", "cp1252.csv", "book.xlsx"])
def test_human_labels_are_read_from_the_same_kinds_of_files(project, write, run, name):
    write("items.csv", "item_id,text\n1,x\n2,caf\u00e9\n")
    run("ingest", "items.csv", "--source", "web")
    words = ()
    if name == "array.json":
        write(name, json.dumps([{"item_id": 1, "label": "ham"}, {"item_id": 2, "label": "Junk Mail"}]))
    elif name == "hf.parquet":
        feature = {"info": {"features": {"label": {"names": ["ham", "spam"], "_type": "ClassLabel"}}}}
        table = pa.table({"item_id": [1, 2], "label": [0, 1]})
        pq.write_table(table.replace_schema_metadata({"huggingface": json.dumps(feature)}), name)
    elif name == "cp1252.csv":
        write(name, "who;item_id;label\nZo\u00e9;1;ham\nZo\u00e9;2;s\nRen\u00e9e;2;s\n".encode("cp1252"))
        assert "--encoding cp1252" in run("gold", "import", "spam", name, "--source", "web", "--role", "dev").err
        words = ("--encoding", "cp1252", "--annotator", "who")
    else:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        for row in (["item_id", "label"], [1, "ham"], [2, "spam"]):
            book.active.append(row)
        book.save(name)
    done = run("gold", "import", "spam", name, "--source", "web", "--role", "dev", *words)
    assert done.code == 0, done.err
    assert {label for _, label in gold(run)} == {"ham", "spam"}


@pytest.mark.parametrize("text", ["[]", "[ ]\n"])
def test_json_without_a_row_is_refused_as_such(run, project, write, text):
    write("empty.json", text)
    gold = ("gold", "import", "spam", "empty.json", "--source", "web", "--role", "dev")
    for words in (("ingest", "empty.json", "--source", "more"), gold):
        done = run(*words)
        assert done.code == 1
        assert "empty.json holds no rows" in done.err

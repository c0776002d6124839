"""What is wrong is said clearly, exits with 1, and leaves the store as it was, to the byte."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

HEAD = b"item_id,created_at,comment\n"


@pytest.fixture
def refused(run, state):
    """Run a command that is refused: exit 1, a message on standard error, the store untouched."""

    def go(*words, says=()):
        before = state()
        done = run(*words)
        assert done.code == 1, done
        assert done.err.startswith("Error: "), done.err
        assert "Traceback" not in done.err
        for text in [says] if isinstance(says, str) else says:
            assert text in done.err
        assert state() == before
        as_json = run(*words, "--json")
        assert as_json.code == 1
        error = as_json.json["error"]
        assert error["message"] in as_json.err
        assert error["type"].endswith("Error")
        assert state() == before
        return error

    return go


def parquet(table):
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


def zipped():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<xml/>")
    return stream.getvalue()


WHOLE_FILES = {
    "empty": ("f.csv", b"", "f.csv is empty"),
    "blank": ("f.csv", b"\n\n  \n", "f.csv is empty"),
    "header_only": ("f.csv", HEAD, "f.csv has no rows"),
    "binary": ("f.csv", bytes(range(256)) * 40, "holds binary data"),
    "image": ("f.csv", b"\x89PNG\r\n\x1a\n" + bytes(2000), "holds binary data"),
    "parquet_as_csv": ("f.csv", parquet(pa.table({"stars": [1]})), "column 'stars': is new here"),
    "csv_as_parquet": ("f.parquet", HEAD + b"1,2026-01-01,x\n", "is no Parquet or Arrow file"),
    "cut_parquet": ("f.parquet", parquet(pa.table({"comment": ["a"] * 99}))[:-20], "no readable Parquet file"),
    "damaged_workbook": ("f.csv", zipped(), "is no workbook that can be read"),
    "utf16": ("f.csv", "item_id,comment\n1,x\n".encode("utf-16"), "--encoding utf-16"),
    "cut_json_array": ("f.json", b'[{"comment": "a"}, {"comm', "row 2 is not JSON"),
    "no_columns_in_common": ("f.csv", b"number;text\n1;x\n", "column 'comment': is missing here"),
    "one_more_column": (
        "f.csv",
        b"item_id,created_at,comment,stars\n1,2026-01-01,x,5\n",
        "column 'stars': is new here",
    ),
    "one_column_less": ("f.csv", b"item_id,created_at\n99,2026-01-01\n", "column 'comment': is missing here"),
    "other_type": (
        "f.parquet",
        parquet(pa.table({"item_id": ["x"], "created_at": ["2026-01-01"], "comment": [1.5]})),
        "column 'comment': is number here, string in the source",
    ),
    "double_column": (
        "f.csv",
        b"item_id,created_at,comment,comment\n99,2026-01-01,x,y\n",
        "its header cell says 'comment', as an",
    ),
    "unclosed_header": ("f.csv", b'item_id,"created_at,comment\n1,2026-01-01,x\n', "quotation mark"),
    "only_broken_utf8": ("f.csv", HEAD + b"x1,2026-01-01,caf\xe9\n", "column 'comment' is not UTF-8"),
    "broken_header": ("f.csv", b"item_id,created_at,caf\xe9\nx1,2026-01-01,x\n", ""),
    "only_nul": ("f.csv", HEAD + b"x1,2026-01-01,a\x00b and a longer text\n", "holds a NUL character"),
    "only_huge": ("f.csv", HEAD + b'x1,2026-01-01,"' + b"a" * 10_000_000 + b'"\n', "longer than 1,048,576"),
    "only_wrong_date": ("f.csv", HEAD + b"x1,yesterday,x\n", "'yesterday' is no date"),
    "only_float_ids": ("f.csv", HEAD + b"1.0,2026-01-01,x\n", "'1.0' is no id"),
    "float_ids_in_parquet": (
        "f.parquet",
        parquet(pa.table({"item_id": [1.0], "created_at": ["2026-01-01"], "comment": ["x"]})),
        "floating-point numbers, which lose digits",
    ),
    "cut_gzip": (
        "f.csv.gz",
        gzip.compress(HEAD + b"".join(b"x%d,2026-01-01,%d\n" % (n, n**9) for n in range(9999)))[:-3000],
        "cannot be read",
    ),
    "damaged_gzip": ("f.csv.gz", gzip.compress(HEAD + b"x1,2026-01-01,x\n")[:12] + b"\xff" * 30, "cannot be read"),
    "other_content": ("f.csv", HEAD + b"0,2026-02-01T08:00:00Z,changed\n", "exist in 'web' with other content: 0"),
}


@pytest.mark.parametrize("case", WHOLE_FILES)
def test_a_file_that_cannot_be_taken_in_is_refused(project, refused, write, case):
    name, content, says = WHOLE_FILES[case]
    write(name, content)
    refused("ingest", name, "--source", "web", says=says)


def test_a_header_that_is_not_utf8_is_refused_for_a_new_source_too(project, refused, write):
    write("f.csv", b"item_id,caf\xe9\nx1,x\n")
    refused("ingest", "f.csv", "--source", "new", says="UTF-8")


def test_a_file_whose_name_is_not_utf8_is_taken_in_or_refused_without_a_traceback(project, run):
    (project / b"caf\xe9.csv".decode("utf-8", "surrogateescape")).write_bytes(HEAD + b"x1,2026-01-01,x\n")
    done = run("ingest", b"caf\xe9.csv".decode("utf-8", "surrogateescape"), "--source", "web")
    assert done.code in (0, 1)
    assert done.code == 0 or done.err.startswith("Error: ")


def test_a_file_that_is_missing_or_a_folder_is_refused(project, refused):
    refused("ingest", "nowhere.csv", "--source", "web", says="There is no file nowhere.csv")
    (project / "folder.csv").mkdir()
    refused("ingest", "folder.csv", "--source", "web", says="folder.csv is a folder")


def test_columns_that_do_not_exist_are_all_named_with_the_nearest(project, refused):
    error = refused(
        "ingest", "feedback.csv", "--source", "other", "--id", "item", "--time", "when", "--drop", "coment",
        says=["--id item", "--time when", "--drop coment: there is no such column"],
    )  # fmt: skip
    assert len(error["problems"]) == 3
    assert "comment" in error["problems"][2]["remedy"]


def test_a_source_name_with_a_slash_is_refused(project, refused):
    refused("ingest", "feedback.csv", "--source", "../web", says="cannot be a source's name")


MIXED = {
    "utf8": (b"x2,2026-01-01,caf\xe9\n", "not UTF-8"),
    "nul": (b"x2,2026-01-01,a\x00b\n", "NUL"),
    "ten_megabytes": (b'x2,2026-01-01,"' + b"a" * 10_000_000 + b'"\n', "longer than 1,048,576"),
    "date": (b"x2,31.12.2025,x\n", "'31.12.2025' is no date"),
    "no_such_day": (b"x2,2026-02-30,x\n", "'2026-02-30' is no date"),
    "no_date": (b"x2,,x\n", "there is no time"),
    "float_id": (b"2.0,2026-01-01,x\n", "'2.0' is no id"),
    "no_id": (b",2026-01-01,x\n", "there is no id"),
    "same_id": (b"x1,2026-01-01,other\n", "stands earlier in this file"),
    "cells": (b"x2,2026-01-01,x,y\n", "has 4 cells, the header has 3"),
}


@pytest.mark.parametrize("case", MIXED)
def test_one_bad_row_among_good_ones_goes_to_quarantine_with_its_line(project, run, write, read_quarantine, case):
    row, reason = MIXED[case]
    write("f.csv", HEAD + b"x1,2026-01-01,one\n" + row + b'x3,2026-01-01,"two\nlines"\nx4,2026-01-01,four\n')
    done = run("ingest", "f.csv", "--source", "web", "--json")
    assert done.code == 0
    (report,) = done.json["ingested"]
    assert (report["added"], report["quarantined"]) == (3, 1)
    (aside,) = read_quarantine(report["quarantine"])
    assert aside["where"] == "line 3"
    assert reason in aside["reason"]


@pytest.fixture
def read_quarantine():
    def read(path):
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - a text from JSON
            return [json.loads(line) for line in file]

    return read


def test_the_second_of_two_files_may_be_refused_and_the_first_stays(project, run, write):
    write("a.csv", HEAD + b"a1,2026-01-01,x\n")
    write("b.csv", b"")
    done = run("ingest", "a.csv", "b.csv", "--source", "web")
    assert done.code == 1
    assert "1 of 2 files are in" in done.out
    assert "b.csv is empty" in done.err
    assert run("plan", "mood", "--json").json["items"] == 41


# Labeling functions ----------------------------------------------------------------------------

IMPORTS = (
    "from labeling_functions.mood.schema.v1 import BAD, GOOD\nfrom retrolabel import keywords, labeling_function\n"
)


def test_three_modules_that_do_not_import_are_all_reported_with_file_and_line(project, refused, write):
    write("labeling_functions/mood/one.py", "\nimport nothing_of_that_name\n")
    write("labeling_functions/mood/two.py", "def broken(:\n")
    write("labeling_functions/mood/three.py", "from labeling_functions.mood.schema.v1 import GODO\n")
    error = refused("relabel", "mood", says="3 thing(s) to mend")
    where = {problem["where"] for problem in error["problems"]}
    assert where == {f"labeling_functions/mood/{name}" for name in ("one.py:2", "two.py:1", "three.py:1")}


def test_a_module_that_exits_when_it_is_imported_is_reported_and_does_not_end_the_command_in_silence(
    project, refused, write
):
    write("labeling_functions/mood/script.py", "import sys\nsys.exit(0)\n")
    refused("relabel", "mood", says="script.py")


def test_a_column_that_the_source_lacks_is_named_with_labeling_function_and_file(project, refused, write):
    write("labeling_functions/mood/more.py", f"{IMPORTS}stars = keywords(GOOD, ['five'], column='starz')\n")
    refused("plan", "mood", says=["LF stars (labeling_functions/mood/more.py)", "'starz'", "comment"])
    refused("relabel", "mood", says="'starz'")


def test_two_labeling_functions_of_one_name_are_reported_with_both_files(project, refused, write):
    write("labeling_functions/mood/more.py", f"{IMPORTS}shouts = keywords(GOOD, ['five'], column='comment')\n")
    refused("lf", "list", "mood", says=["'shouts'", "more.py", "wording.py"])


def test_a_labeling_function_that_fails_on_all_items_is_refused_and_named(project, run, write):
    write(
        "labeling_functions/mood/more.py",
        f"{IMPORTS}\n@labeling_function(GOOD)\ndef fails(comment):\n    return comment[1000] == 'x'\n",
    )
    done = run("relabel", "mood", "--json")
    assert done.code == 1
    (problem,) = done.json["error"]["problems"]
    assert problem["what"].startswith("failed on 40 of 40 items; first on item 0 of web: IndexError")
    assert run("labels", "list", "--json").json["label_sets"] == []


def test_a_labeling_function_that_fails_on_a_few_items_does_not_stop_the_others(project, run, write):
    write("retrolabel.toml", "tracking = false\nmax_fault_rate = 0.5\n")
    write(
        "labeling_functions/mood/more.py",
        f"{IMPORTS}\n@labeling_function(GOOD)\ndef fails(comment):\n    return comment[12] == 'x'\n",
    )
    report = run("relabel", "mood", "--json")
    assert report.code == 0
    assert 0 < report.json["votes"]["faults"] <= 20
    manifest = run("labels", "show", "mood", "--json").json
    counted = {lf["name"]: lf["faults"] for lf in manifest["recorded"]["lfs"]}
    assert counted["fails"] == report.json["votes"]["faults"]


# Gold ------------------------------------------------------------------------------------------


def test_gold_with_an_unknown_label_is_refused(project, refused, write):
    write("gold.csv", "item_id,label\n0,good\n1,badd\n")
    error = refused(
        "gold",
        "import",
        "mood",
        "gold.csv",
        "--source",
        "web",
        "--role",
        "dev",
        says="'badd' is no label of mood 1.0.0",
    )
    assert '--map-label "badd=bad"' in error["problems"][0]["remedy"]


def test_the_remedy_for_an_unknown_label_works_as_it_is_printed(project, run, write):
    write("gold.csv", "item_id,label\n0,good\n1,badd\n")
    done = run("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev", "--map-label", "badd=bad")
    assert done.code == 0
    assert "2 new labels" in done.out


def test_gold_for_items_that_do_not_exist_is_refused(project, refused, write):
    write("gold.csv", "item_id,label\nnone,good\nnever,bad\n")
    refused("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev", says="none, never")


def test_gold_of_another_version_is_refused_with_the_option_that_helps(project, refused, write):
    write(
        "labeling_functions/mood/schema/v2.py",
        "from labeling_functions.mood.schema.v1 import BAD, GOOD\n"
        "from labeling_functions.mood.schema.v1 import SCHEMA as V1\n"
        "from retrolabel import Label, LabelSchema, Split\n"
        'SLOW, WRONG = Label("slow"), Label("wrong")\n'
        'SCHEMA = LabelSchema(task="mood", version="2.0.0", revises=V1, labels=[GOOD, SLOW, WRONG],\n'
        "                     steps=[Split(BAD, into=[SLOW, WRONG])])\n",
    )
    write("gold.csv", "item_id,label\n0,good\n1,bad\n")
    refused("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev", says="Fix: --schema 1.0.0")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"item_id,labels\n0,good\n", "there is no such column"),
        (b"item_id,label\n", "gold.csv has no rows"),
        (b"", "gold.csv is empty"),
        (b"item_id,label\n0,caf\xe9\n", "not UTF-8"),
        (b"item_id,label\n0\n", "has 1 cells, the header has 2"),
        (b'item_id,"label\n0,good\n', "quotation mark"),
    ],
)
def test_a_gold_file_that_cannot_be_read_is_refused(project, refused, write, content, says):
    write("gold.csv", content)
    refused("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev", says=says)


def test_gold_without_a_role_is_refused(project, refused, write):
    write("gold.csv", "item_id,label\n0,good\n")
    refused("gold", "import", "mood", "gold.csv", "--source", "web", says="--role dev")


def test_a_map_without_an_equals_sign_is_refused(project, refused, write):
    write("gold.csv", "item_id,label\n0,good\n")
    refused("gold", "import", "mood", "gold.csv", "--source", "web", "--map-label", "good", says="takes LEFT=RIGHT")


# Project, store, names -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [("plan", "mood"), ("relabel", "mood"), ("labels", "list"), ("lf", "list"), ("ingest", "f.csv", "--source", "web")],
)
def test_without_a_project_every_command_says_how_to_make_one(run, words, write):
    write("f.csv", HEAD + b"1,2026-01-01,x\n")
    done = run(*words)
    assert done.code == 1
    assert "retrolabel init" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "mood"),
        ("relabel", "mood"),
        ("labels", "list"),
        ("labels", "verify", "mood"),
        ("gold", "list"),
        ("evaluate", "mood"),
        ("lf", "summary", "mood"),
    ],
)
def test_without_a_store_every_command_says_how_to_make_one_and_makes_none(run, folder, words):
    run("init", ".", "--task", "mood")
    done = run(*words)
    assert done.code == 1
    assert "There is no store" in done.err
    assert "retrolabel ingest" in done.err
    assert not (folder / ".retrolabel").exists()


def test_a_refused_first_ingest_leaves_no_store_behind(run, folder, write):
    run("init", ".", "--task", "mood")
    write("f.csv", HEAD + b"1.0,2026-01-01,x\n")
    assert run("ingest", "f.csv", "--source", "web").code == 1
    assert "There is no store" in run("plan", "mood").err


def test_an_unknown_task_is_refused_with_the_nearest(project, refused):
    refused("plan", "moood", says=["no task 'moood'", "Did you mean 'mood'?"])
    refused("relabel", "zzz", says="It has: mood")


def test_an_unknown_label_set_is_refused_with_those_that_exist(project, run, refused):
    refused("labels", "show", "mood", says="retrolabel relabel mood")
    run("relabel", "mood")
    known = run("labels", "list", "--json").json["label_sets"][0]["id"]
    refused("labels", "verify", "mood", "ffffffff", says=["'ffffffff'", known[:12]])
    refused("evaluate", "mood", "ffffffff", says=known[:12])


def test_an_unknown_item_is_refused(project, run, refused):
    run("relabel", "mood")
    refused("labels", "show", "mood", "--item", "nobody", says="no item 'nobody'")


def test_an_unknown_version_is_refused_with_the_known_ones(project, refused):
    refused("plan", "mood", "--to", "9.9.9", says="Known: 1.0.0")
    refused("relabel", "mood", "--to", "1.0", says="'1.0.0'")
    done = refused("schema", "show", "mood", "2.0.0", says="Known: 1.0.0")
    assert done["type"] == "UnknownVersionError"


def test_an_unknown_label_model_is_refused_with_the_nearest(project, refused):
    refused("relabel", "mood", "--label-model", "majority", says="majority_vote")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("max_fault_rate = 2\n", "max_fault_rate"),
        ("max_fault_rate = 'x'\nlabel_modle = 'y'\n", "label_modle"),
        ("store = ['a']\n", "store"),
        ("this is no toml", "is no TOML"),
        ("[tasks.mood]\nsource = ['web']\n", "tasks.mood.source"),
        ("label_model = 'best'\n", "no label model 'best'"),
        ("catalog = 'no-such-database://x'\n", "catalog's URL"),
        ("[tasks.mood]\nsources = ['email']\n", "the store has web"),
    ],
)
def test_wrong_settings_are_refused_and_named(project, refused, write, settings, says):
    write("retrolabel.toml", settings)
    refused("plan", "mood", says=says)


@pytest.mark.parametrize("settings", ["[tool]\nretrolabel = 3\n", "tool = 3\n", "[[tool.retrolabel]]\nstore = 'x'\n"])
def test_a_pyproject_whose_table_has_another_form_is_refused_without_a_traceback(run, write, settings):
    write("pyproject.toml", settings)
    done = run("plan", "mood")
    assert done.code == 1
    assert done.err.startswith("Error: ")


def test_a_wrong_setting_in_the_environment_is_refused(project, refused, monkeypatch):
    monkeypatch.setenv("RETROLABEL_MAX_FAULT_RATE", "much")
    refused("plan", "mood", says="max_fault_rate")


def test_other_variables_that_begin_with_our_name_do_not_disturb(project, run, monkeypatch):
    monkeypatch.setenv("RETROLABEL_DATA", "somewhere")
    assert run("plan", "mood").code == 0


def test_a_catalog_that_is_no_database_is_refused(project, run):
    (project / ".retrolabel" / "catalog.db").write_bytes(b"this is text, not a database, and long enough to be one")
    done = run("plan", "mood")
    assert done.code == 1
    assert done.err.startswith("Error: The catalog cannot be used")


def test_a_catalog_of_a_newer_version_is_refused_and_not_touched(project, run, state):
    import sqlite3  # noqa: PLC0415 - only here
    from contextlib import closing  # noqa: PLC0415 - only here

    with closing(sqlite3.connect(project / ".retrolabel" / "catalog.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = state()
    done = run("plan", "mood")
    assert done.code == 1
    assert "written by a newer version" in done.err
    assert state() == before


def test_a_store_that_is_a_file_is_refused(project, run, write):
    write("store.txt", "x")
    done = run("ingest", "feedback.csv", "--source", "web", "--store", "store.txt")
    assert done.code == 1
    assert done.err.startswith("Error: ")


@pytest.mark.parametrize("name", ["Mood", "my task", "1st", "../x", ""])
def test_a_task_name_that_is_no_identifier_is_refused_and_nothing_is_written(run, folder, name):
    done = run("init", "new", "--task", name)
    assert done.code == 1
    assert not (folder / "new").exists()


@pytest.mark.parametrize("name", ["class", "import", "none"])
def test_a_task_made_by_init_can_be_imported_whatever_its_name(run, folder, name):
    if run("init", "new", "--task", name).code == 1:
        assert not (folder / "new").exists()
        return
    import os  # noqa: PLC0415 - only here

    os.chdir(folder / "new")
    assert run("lf", "list", name).code == 0


def test_an_export_to_an_unknown_format_is_refused(project, run, refused):
    run("relabel", "mood")
    refused("labels", "export", "mood", "--format", "xlsx", says="one of parquet, csv, jsonl")


def test_an_export_onto_a_folder_is_refused(project, run, refused):
    run("relabel", "mood")
    (project / "out").mkdir()
    refused("labels", "export", "mood", "--format", "csv", "--out", "out", says="cannot be written")


def test_a_demo_in_a_folder_with_something_in_it_is_refused(run, folder, write):
    write("full/file.txt", "x")
    done = run("demo", "full")
    assert done.code == 1
    assert "not empty" in done.err
    assert [path.name for path in (folder / "full").iterdir()] == ["file.txt"]


CATALOGS = {
    "sqlite:///": "lies in memory",
    "sqlite://": "lies in memory",
    "postgresql://h:port/x": "catalog's URL cannot be used",
    "http://": "catalog's URL cannot be used",
    "sqlite+nothing://": "catalog's URL cannot be used",
    "sqlite:///x?timeout=abc": "catalog's URL cannot be used",
    "mysql+nodriver://h/x": "catalog's URL cannot be used",
    "oracle://h/x": "its driver is not installed",
    "sqlite:////nowhere/at/all/x.db": "unable to open database file",
}


@pytest.mark.parametrize("url", CATALOGS)
def test_a_catalog_that_cannot_be_opened_is_refused_and_named(project, refused, write, url):
    write("retrolabel.toml", f'catalog = "{url}"\n')
    refused("plan", "mood", says=CATALOGS[url])


OBJECTS = {
    "file://host/x": "names the host host",
    "file://": "names no folder",
    "nope://x": "cannot be opened",
    "s3://[/x": "cannot be read",
    "http://": "cannot be opened",
}


@pytest.mark.parametrize("url", OBJECTS)
def test_a_place_of_files_that_cannot_be_opened_is_refused_and_named(project, refused, write, url):
    write("retrolabel.toml", f'tracking = false\nobjects = "{url}"\n')
    refused("relabel", "mood", says=[url, OBJECTS[url]])


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("x = " + "[" * 50_000, "is no TOML: it is nested too deeply"),
        ("[a" + ".a" * 5_000 + "]\n", "a: there is no such setting"),
        ("x = " + "{a = " * 50_000, "is no TOML: it is nested too deeply"),
    ],
)
def test_settings_that_are_nested_absurdly_are_refused(project, refused, write, settings, says):
    write("retrolabel.toml", settings)
    refused("plan", "mood", says=says)


@pytest.mark.parametrize("value", ["[" * 100_000, '{"a":' * 100_000, "{"])
def test_a_setting_of_the_environment_that_cannot_be_read_is_refused(project, refused, monkeypatch, value):
    monkeypatch.setenv("RETROLABEL_TASKS", value)
    refused("plan", "mood", says="RETROLABEL_* in the environment")


ROWS = {
    "UPDATE sources SET contract = '{'": "is no JSON",
    "UPDATE sources SET contract = '[]'": "is no JSON object of texts",
    "UPDATE sources SET contract = 'null'": "is no JSON object of texts",
    "UPDATE sources SET contract = '{\"comment\": 3}'": "is no JSON object of texts",
    "UPDATE segments SET columns = '[1]'": "is no JSON object of texts",
    "UPDATE segments SET rows = 'abc'": "holds 'abc' in segments.rows",
    "UPDATE segments SET path = x'00ff'": "in segments.path",
}


@pytest.mark.parametrize("damage", ROWS)
def test_a_row_of_the_catalog_that_nobody_here_wrote_is_told(project, refused, damage):
    import sqlite3  # noqa: PLC0415 - only here
    from contextlib import closing  # noqa: PLC0415 - only here

    with closing(sqlite3.connect(project / ".retrolabel" / "catalog.db")) as connection, connection:
        connection.execute(damage)
    refused("plan", "mood", says=["The catalog is damaged", ROWS[damage]])


@pytest.mark.parametrize("content", [b"[]", b"null", b"3", b"{}", b"", b"\xff", b"[" * 50_000])
@pytest.mark.parametrize("name", ["manifest.json", "model.json"])
def test_a_file_of_a_label_set_that_is_not_what_was_written_is_refused(project, run, refused, name, content):
    assert run("relabel", "mood").code == 0
    (path,) = (project / ".retrolabel" / "label_sets").glob(f"*/{name}")
    path.write_bytes(content)
    refused("explain", "mood", "1", says="relabel mood --repair makes label sets again")


def test_a_learned_number_that_somebody_changed_is_noticed(project, run, refused):
    assert run("relabel", "mood").code == 0
    (path,) = (project / ".retrolabel" / "label_sets").glob("*/model.json")
    path.write_text(path.read_text().replace("0.", "0.0", 1))
    refused("explain", "mood", "1", says="is damaged")


def test_the_doctor_does_not_recommend_the_doctor(project, run, write):
    write("retrolabel.toml", 'catalog = "sqlite:////nowhere/at/all/x.db"\n')
    done = run("doctor")
    assert "unable to open database file" in done.out
    assert "retrolabel doctor" not in done.out


def test_a_suggested_command_keeps_a_name_with_blanks_and_dollars_whole(project, refused, write):
    (project / "my $folder").mkdir()
    refused("ingest", "my $folder", "--source", "web", says="name the files: 'my $folder'/*.csv")
    write("f.csv", 'item_id,what "they" say\n1,x\n')
    refused("ingest", "f.csv", "--source", "new", says=["--map what_they_say='what \"they\" say'"])

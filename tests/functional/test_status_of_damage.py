"""What is damaged is a line of ``status``, with the command that helps and an exit code; the rest is told as ever."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

import retrolabel
from retrolabel.jobs.events.delivering import deliver
from retrolabel.wiring.site import now


@pytest.fixture
def told(labelled, run):
    """Run ``status --json`` and return the exit code, the commands of lines that failed, and all lines by what."""

    def go():
        done = run("status", "--json")
        lines = [*done.json["project"], *(line for each in done.json["tasks"] for line in each["lines"])]
        failed = {each["what"]: (each["told"], each["command"]) for each in lines if each["state"] == "failed"}
        return done.code, failed, {each["what"] for each in lines}

    return go


@pytest.fixture
def sql(labelled):
    def go(*statements):
        with closing(sqlite3.connect(labelled / ".retrolabel" / "catalog.db")) as connection, connection:
            for statement in statements:
                assert connection.execute(statement).rowcount != 0, statement

    return go


def spoil(path, text):
    path.write_text(text, encoding="utf-8")


def test_a_lock_that_does_not_read(labelled, run, told):
    assert run("schema", "release", "mood").code == 0
    spoil(labelled / "labeling_functions" / "labels.lock", "<<<<<<< HEAD\n")
    code, failed, whats = told()
    (said, command) = failed.pop("schema")
    assert (code, failed, command, {"current", "items"} <= whats) == (1, {}, "retrolabel schema check", True)
    assert said.startswith("The lock cannot be read") or "labels.lock" in said
    assert run(*command.split()[1:]).code == 1


@pytest.mark.parametrize(("skips", "code"), [("fail", 1), ("skip", 3)])
def test_a_module_of_labeling_functions_that_does_not_import(labelled, run, write, told, skips, code):
    write("retrolabel.toml", f'tracking = false\n[tasks.mood]\non_fault = "{skips}"\n')
    wording = labelled / "labeling_functions" / "mood" / "wording.py"
    spoil(wording, wording.read_text() + "\nimport nosuchpackage\n")
    done = run("status", "--json")
    (line,) = [each for each in done.json["tasks"][0]["lines"] if each["what"] == "code"]
    assert (done.code, line["state"], line["command"]) == (
        code,
        {1: "failed", 3: "to do"}[code],
        "retrolabel lf list mood",
    )
    assert "wording.py:" in line["told"]
    assert "No module named 'nosuchpackage'" in line["told"]
    assert run("status").code == code
    assert "nosuchpackage" in run("lf", "list", "mood").err


def test_a_schema_that_does_not_import_is_one_line(labelled, told):
    spoil(labelled / "labeling_functions" / "mood" / "schema" / "v1.py", "raise RuntimeError('half an edit')\n")
    code, failed, whats = told()
    assert (code, list(failed), "current" in whats) == (1, ["code"], True)
    assert "half an edit" in failed["code"][0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("tracking = false\n[tasks.mood]\nhorizon_dayz = 30\nhorizon_days = 30\n", "did you mean horizon_days?"),
        ('engine = "fast"\n', "There is no engine 'fast'"),
        ('max_fault_rate = "much"\nworkers = -1\n', "and 1 more"),
        ("tracking = \n", "is no TOML"),
    ],
)
def test_settings_with_a_fault(labelled, run, told, text, says):
    spoil(labelled / "retrolabel.toml", text)
    code, failed, whats = told()
    assert (code, says in failed["settings"][0], failed["settings"][1]) == (1, True, "retrolabel doctor")
    rest = "as without any settings." if "TOML" in says else "The rest is as if that were left out."
    assert rest in failed["settings"][0]
    assert {"current", "items"} <= whats
    shown = run("status")
    assert (shown.code, "next: retrolabel doctor" in shown.out, "labels" in shown.out or "label" in shown.out) == (
        1,
        True,
        True,
    )


def test_settings_that_leave_open_where_the_store_is_are_refused_as_by_all_commands(labelled, run):
    spoil(labelled / "retrolabel.toml", "store = 7\n")
    assert (run("status").code, "store" in run("status").err) == (1, True)
    (labelled / ".retrolabel").rename(labelled / "elsewhere")
    spoil(labelled / "retrolabel.toml", 'store = "elsewhere"\ntracking = \n')
    assert "is no TOML" in run("status").err


@pytest.mark.parametrize("damage", ["other bytes", "gone"])
def test_the_manifest_of_a_label_set(labelled, run, told, damage):
    (manifest,) = (labelled / ".retrolabel" / "label_sets").glob("*/manifest.json")
    if damage == "gone":
        manifest.unlink()
    else:
        spoil(manifest, "{}")
    code, failed, whats = told()
    assert (code, list(failed), "schema" in whats or "code" not in failed) == (1, ["current"], True)
    assert failed["current"][1] == "retrolabel relabel mood --repair"
    assert run("relabel", "mood", "--repair").code == 0
    assert told()[0] == 0


def test_an_event_that_cannot_be_read_is_told_to_nobody_and_holds_up_no_other(labelled, run, told, sql):
    assert run("events", "subscribe", "team", "http://127.0.0.1:9/x").code == 0
    sql("UPDATE endpoints SET since = '2020-01-01 00:00:00.000000'", "UPDATE events SET data = '{' WHERE id = 1")
    code, failed, whats = told()
    assert (code, "items" in whats) == (1, True)
    assert failed["events"] == (
        "1 event cannot be read (1): damaged in the catalog, and told to nobody",
        "retrolabel doctor",
    )

    class Takes:
        def tell(self, endpoint, event):
            del endpoint, event

    catalog = retrolabel.open(labelled).catalog
    done = deliver(catalog.events.endpoints(), catalog.events, Takes(), now)
    assert [event.id for _, event in done.delivered] == [2]
    assert "holds event 1" in run("events", "list").err
    assert [each["id"] for each in run("events", "list", "--since", "1", "--json").json["events"]] == [2]


@pytest.mark.parametrize(
    ("statement", "what", "also"),
    [
        ("UPDATE events SET at = 'noon'", "events", "items"),
        ("UPDATE label_sets SET created_at = 'noon'", "current", "schedule"),
        ("UPDATE segments SET rows = 'many'", "items", "current"),
    ],
)
def test_other_rows_of_the_catalog(run, told, sql, statement, what, also):
    assert run("schedule", "add", "mood", "--cron", "* * * * *").code == 0
    sql(statement)
    code, failed, whats = told()
    assert (code, what in failed, also in whats - set(failed)) == (1, True, True), failed


def test_a_schedule_that_cannot_be_read_does_not_run_and_stops_no_other(labelled, run, told, sql):
    for _ in range(2):
        assert run("schedule", "add", "mood", "--cron", "* * * * *", "--when", "always").code == 0
    sql("UPDATE schedules SET seen = '[' WHERE id = 1", "UPDATE schedules SET made_at = '2026-01-01 00:00:00.000000'")
    code, failed, _ = told()
    assert (code, failed["schedule"][0]) == (
        1,
        "schedule 1 cannot be read: its row in the catalog is damaged, and it does not run",
    )
    assert "schedule 1 cannot be read" in run("schedule", "list").err + run("schedule", "list").out

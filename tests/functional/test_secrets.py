"""A password in a setting or in the environment is never printed, nor written, by any command."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from retrolabel.wiring.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "p@ss:w/rd%40Tr0ub4dor"  # noqa: S105 - that is the point
PARTS = ("Tr0ub4dor", "w/rd", "p@ss")
COMMANDS = [
    "doctor",
    "plan mood",
    "relabel mood",
    "evaluate mood",
    "report mood",
    "labels list",
    "labels show mood",
    "labels show mood --item 0",
    "labels verify mood",
    "labels export mood --format csv --force --out out.csv",
    "lf list",
    "lf summary mood",
    "lf faults mood",
    "gold list",
    "gold show mood",
    "schema show mood",
    "schema check",
    "compact",
    "explain mood 0",
    "ingest feedback.csv --source web",
    "ingest other.csv --source web",
]
SETTINGS = {
    "catalog": f"postgresql://ann:{SECRET}@db.invalid/labels",
    "catalog, in its query": f"postgresql://db.invalid/labels?user=ann&password={SECRET}",
    "catalog, no such database": f"nosuch://ann:{SECRET}@db.invalid/labels",
    "objects": f"s3://AKIA:{SECRET}@bucket/retrolabel",
    "objects, in its query": f"nosuch://bucket?secret={SECRET}",
    "objects, a typing error": f"s3:/AKIA:{SECRET}@bucket",
    "store": f"s3://AKIA:{SECRET}@bucket",
    "label_model": f"https://ann:{SECRET}@host",
    "engine": f"https://ann:{SECRET}@host",
    "dask": f"tcp://ann:{SECRET}@host.invalid:8786",
    "max_fault_rate": f"https://ann:{SECRET}@host",
    "nosuch": f"https://ann:{SECRET}@host",
}


def leaks(text: str) -> list[str]:
    """Return which parts of the secret a text holds."""
    return [part for part in PARTS if part in text]


def written(folder: Path) -> list[str]:
    """Return the files below a folder in whose names or bytes a part of the secret is."""
    return [
        str(path)
        for path in folder.rglob("*")
        if leaks(str(path.relative_to(folder)))
        or (path.is_file() and path.name != "retrolabel.toml" and leaks(path.read_bytes().decode("latin-1")))
    ]


@pytest.mark.parametrize("place", SETTINGS)
def test_no_command_prints_or_writes_a_secret_of_the_settings(project, run, write, folder, place):
    assert run("relabel", "mood").code == 0
    write("other.csv", "item_id,created_at,comment\nx,2026-02-01T08:00:00Z,thanks\n")
    name = place.partition(",")[0]
    more = 'engine = "dask"\n' if name == "dask" else ""
    lines = ["tracking = false", f"{name} = '{SETTINGS[place]}'", more]
    write("retrolabel.toml", "\n".join(lines if name == "store" else ['store = ".retrolabel"', *lines]))
    few = COMMANDS if name == "objects" else COMMANDS[:3] + COMMANDS[-1:]
    for command in few if name != "dask" else COMMANDS[:1]:
        for words in (command.split(), [*command.split(), "--json"]):
            done = run(*words)
            assert leaks(done.out + done.err) == [], (words, done.out, done.err)
            assert "Traceback" not in done.err, words
    assert written(folder) == []


def test_the_doctor_shows_the_catalogs_url_without_its_password(project, run, write):
    write("retrolabel.toml", "catalog = 'nosuch://ann:hunter2@db.invalid/labels'\ntracking = false\n")
    done = run("doctor")
    assert "nosuch://ann:***@db.invalid/labels: " in done.out
    assert "hunter2" not in done.out


def test_a_catalogs_url_that_is_split_at_the_wrong_place_says_which_characters_to_write_otherwise(project, run, write):
    write("retrolabel.toml", "catalog = 'postgresql://ann:p@ss:w/rd@db.invalid/labels'\ntracking = false\n")
    done = run("plan", "mood")
    assert done.code == 1
    assert "The catalog's URL cannot be used: it does not read as a URL." in done.err
    assert "write @ as %40, : as %3A, / as %2F, % as %25" in done.err
    assert "ss:w" not in done.err


def test_an_object_url_that_cannot_be_opened_is_shown_with_stars(project, run, write):
    write("retrolabel.toml", "store = '.retrolabel'\nobjects = 'nosuch://key:hunter2@bucket'\ntracking = false\n")
    for words in (("relabel", "mood"), ("doctor",), ("ingest", "feedback.csv", "--source", "web", "--revise")):
        done = run(*words)
        assert done.code == 1
        assert "nosuch://key:***@bucket" in done.out + done.err
        assert "hunter2" not in done.out + done.err


def test_files_below_a_url_with_a_secret_are_told_without_it_and_no_manifest_or_catalog_holds_it(
    project, run, write, folder
):
    write("retrolabel.toml", f"store = 'other'\nobjects = 'memory://ann:{SECRET}@bucket'\ntracking = false\n")
    write("broken.csv", FEW + "4,no time,hm\n")
    taken = run("ingest", "broken.csv", "--source", "web", "--time", "created_at", "--json")
    assert taken.json["ingested"][0]["quarantine"].startswith("memory://ann:***@bucket/quarantine/web/")
    for command in COMMANDS:
        done = run(*command.split())
        assert leaks(done.out + done.err) == [], command
    assert written(folder) == []
    with closing(sqlite3.connect(folder / "other" / "catalog.db")) as connection:
        assert leaks("\n".join(connection.iterdump())) == []
    manifest = run("labels", "show", "mood", "--json")
    assert manifest.code == 0
    assert leaks(manifest.out) == []


FEW = "item_id,created_at,comment\n" + "".join(
    f"{n},2026-02-01T08:00:00Z,{text}\n" for n, text in enumerate(["thank you", "wrong", "hm"])
)


def test_a_secret_in_the_source_of_a_labeling_function_is_not_recorded_with_the_label_set(project, run, write, folder):
    write(
        "labeling_functions/mood/asking.py",
        "from labeling_functions.mood.schema.v1 import GOOD\nfrom retrolabel import labeling_function\n\n"
        f"HOST = 'https://ann:{SECRET}@host/models'\n\n\n@labeling_function(GOOD)\ndef asks(comment: str) -> bool:\n"
        '    """Ask."""\n    return comment == HOST\n',
    )
    assert run("relabel", "mood").code == 0
    (manifest,) = (folder / ".retrolabel" / "label_sets").glob("*/manifest.json")
    assert leaks(manifest.read_text()) == []


def test_settings_are_shown_without_secrets():
    shown = repr(
        Settings(catalog="postgresql://ann:hunter2@db/x", objects="s3://a:hunter2@b", dask="tcp://a:hunter2@b")
    )
    assert "hunter2" not in shown
    assert "postgresql://ann:***@db/x" in shown


@pytest.mark.parametrize("name", ["RETROLABEL_CATALOG", "RETROLABEL_OBJECTS", "MLFLOW_TRACKING_URI"])
def test_no_command_prints_a_secret_of_the_environment(project, run, folder, monkeypatch, name):
    scheme = "https" if name == "MLFLOW_TRACKING_URI" else "nosuch"
    monkeypatch.setenv(name, f"{scheme}://ann:{SECRET}@host.invalid/labels")
    for command in COMMANDS[:3]:
        done = run(*command.split())
        assert leaks(done.out + done.err) == [], command
    assert written(folder) == []


def test_what_nobody_foresaw_is_told_without_secrets_and_exits_with_one(project, run, write, monkeypatch):
    write("retrolabel.toml", "store = '.retrolabel'\nobjects = 's3://key:hunter22@bucket'\ntracking = false\n")

    def fails(*_, **__):
        raise RuntimeError("no way to s3://key:hunter22@bucket, says hunter22")

    monkeypatch.setattr("retrolabel.wiring.task.Task.plan", fails)
    done = run("plan", "mood")
    assert done.code == 1
    assert "RuntimeError: no way to s3://key:***@bucket, says ***" in done.err

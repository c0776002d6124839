"""The main job on PostgreSQL: the same label sets and the same bytes as on SQLite; two commands at once."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import retrolabel
from retrolabel.errors import RetrolabelError
from tests.command import run_here
from tests.postgres import PASSWORD, QUOTED, name_of

SOURCES = Path(__file__).parents[2] / "src"
WORDS = ["thank you so much", "this is wrong", "no idea", "I ASKED FOR PYTHON", "perfect", "slow and wrong"]
LONG = "".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(80))[:5000]
IDS = ["a", "B", "é", "_", "Z", "b", "ä", "10", "9", LONG, *(f"n{n}" for n in range(50))]
"""Ids that a database sorts as its locale says, unless it is told otherwise."""
SPLIT = """\
from labeling_functions.mood.schema.v1 import BAD, GOOD, SCHEMA as V1
from retrolabel import Label, LabelSchema, Split

SLOW = Label("slow", "It took too long.")
WRONG = Label("wrong", "It is not true.")
SCHEMA = LabelSchema(task="mood", version="2.0.0", revises=V1, labels=[GOOD, SLOW, WRONG],
                     steps=[Split(BAD, into=[SLOW, WRONG])], reason="One label could not say what to mend.")
"""
LFS = """\
from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import keywords

says_thanks = keywords(GOOD, ["thank", "perfect"], column="comment")
says_wrong = keywords(BAD, ["wrong"], column="comment")
"""
MORE = """
from labeling_functions.mood.schema.v2 import SLOW, WRONG
says_slow = keywords(SLOW, ["slow"], column="comment")
says_untrue = keywords(WRONG, ["this is wrong"], column="comment")
"""

BREAKS = """
from retrolabel import labeling_function
import os, psycopg

@labeling_function(BAD, version="1")
def breaks(comment):
    if not os.path.exists("broken"):
        open("broken", "w").close()
        with psycopg.connect("SERVER", autocommit=True) as other:
            other.execute("ALTER DATABASE NAME ALLOW_CONNECTIONS false")
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'NAME'")
    return "slow" in comment
"""


@pytest.fixture
def folder(tmp_path):
    """A project with two files of feedback and one of gold, nothing ingested."""
    made = tmp_path / "project"
    package = made / "labeling_functions" / "mood"
    (package / "schema").mkdir(parents=True)
    for path in (package.parent, package, package / "schema"):
        (path / "__init__.py").touch()
    schema = 'from retrolabel import Label, LabelSchema\nGOOD, BAD = Label("good", "x"), Label("bad", "y")\n'
    schema += 'SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD])\n'
    (package / "schema" / "v1.py").write_text(schema)
    (package / "wording.py").write_text(LFS)
    (made / "retrolabel.toml").write_text("tracking = false\n")
    for name, ids in (("first", IDS[:40]), ("second", IDS[40:])):
        rows = [f"{each},2026-02-0{1 + n % 7}T08:00:00Z,{WORDS[n % 6]} {n}" for n, each in enumerate(ids)]
        (made / f"{name}.csv").write_text("item_id,created_at,comment\n" + "\n".join(rows) + "\n", encoding="utf-8")
    gold = [f"{each},{'bad' if n % 6 in (1, 5) else 'good'}" for n, each in enumerate(IDS[:36]) if n % 6 not in (2, 3)]
    (made / "gold.csv").write_text("item_id,label\n" + "\n".join(gold) + "\n", encoding="utf-8")
    return made


def environment(catalog=None):
    hidden = ("RETROLABEL_", "MLFLOW_", "PG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return {**kept, "COLUMNS": "200", "NO_COLOR": "1", **({"RETROLABEL_CATALOG": catalog} if catalog else {})}


def told(folder, catalog):
    """Go through the main job; return what was made, to the byte."""
    said = []

    def run(*words, code=0):
        done = run_here(words, folder, environment(catalog))
        assert done.code == code, (words, done.out, done.err)
        said.append(done.out + done.err)
        return done.out

    def exported(name):
        run("labels", "export", "mood", "current", "--out", name, "--force")
        return hashlib.sha256((folder / name).read_bytes()).hexdigest()

    def label_set(*words):
        return json.loads(run("relabel", "mood", "--json", *words))["label_set"]["id"]

    run("ingest", "first.csv", "--source", "web")
    found = [label_set(), exported("one.csv")]
    run("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev", "--sampling", "random")
    run("ingest", "second.csv", "--source", "web")
    found.append(label_set())
    package = folder / "labeling_functions" / "mood"
    (package / "schema" / "v2.py").write_text(SPLIT)
    (package / "wording.py").write_text(LFS + MORE)
    found.append(label_set())
    found.append(exported("two.csv"))
    run("labels", "rollback", "mood", "--reason", "not yet")
    found.append(exported("three.csv"))
    run("labels", "promote", "mood", "latest", "--override", "--reason", "it is what they mean")
    found.append(exported("four.csv"))
    assert found[-1] == found[-3] != found[-2]
    run("labels", "tag", "mood", "latest", "kept")
    found.append(run("labels", "diff", "mood", found[0], "latest", "--json"))
    found.append(json.loads(run("gold", "list", "mood", "--json")))
    run("labels", "verify", "mood")
    run("plan", "mood")
    run("lf", "list", "mood")
    assert "60 items" in run("doctor")
    return found, "\n".join(said)


def test_the_main_job_makes_the_same_label_sets_and_the_same_bytes_as_on_sqlite(folder, postgres, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    on_sqlite, _ = told(other, None)
    on_postgresql, said = told(folder, postgres.database())
    assert on_postgresql == on_sqlite
    assert len(set(on_sqlite[:4])) == 4
    assert not list(folder.rglob("catalog.db*"))
    for secret in ("catalog.db", PASSWORD, QUOTED):
        assert secret not in said
        files = [path for path in (folder / ".retrolabel").rglob("*") if path.is_file()]
        assert not [path for path in files if secret.encode() in path.read_bytes()]


def at_once(folder, catalog, *commands):
    """Run commands in processes of their own at the same time; return code, output and errors of each."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "retrolabel", *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, env=environment(catalog) | {"PYTHONPATH": str(SOURCES)},
        )
        for words in commands
    ]  # fmt: skip
    return [(*process.communicate(timeout=120), process.returncode) for process in processes]


def ingested_at_once(folder, *files):
    """Ingest files at the same time, each over connections of its own; return the reports, or what was refused."""
    start = threading.Barrier(len(files))

    def ingest(name):
        ws = retrolabel.open(folder)
        start.wait()
        try:
            return ws.feedback.ingest(folder / name, "web")
        except RetrolabelError as error:
            return error

    with ThreadPoolExecutor(len(files)) as threads:
        return list(threads.map(ingest, files))


def test_two_first_ingests_and_then_the_same_file_twice_at_once_leave_a_sound_store(folder, postgres, monkeypatch):
    catalog = postgres.database()  # not even the tables are there
    for name in [name for name in os.environ if name.startswith(("RETROLABEL_", "MLFLOW_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RETROLABEL_CATALOG", catalog)
    files = ("first.csv", "second.csv")
    done = ingested_at_once(folder, *files)
    refused = [error for error in done if isinstance(error, RetrolabelError)]
    assert len(refused) < 2
    for error, file in zip(done, files, strict=True):
        if error in refused:
            assert error.message == "Another ingest changed the source 'web' meanwhile; nothing was stored."
            assert error.remedy == "run it again"
            retrolabel.open(folder).feedback.ingest(folder / file, "web")
    query = "SELECT count(*), count(DISTINCT item_id) FROM items"
    assert postgres.sql(query, database=name_of(catalog)) == [(60, 60)]
    rows = "".join(f"t{n},2026-03-01,thanks {n}\n" for n in range(500))
    (folder / "third.csv").write_text(f"item_id,created_at,comment\n{rows}")
    twice = ingested_at_once(folder, "third.csv", "third.csv")
    assert sorted(report.added for report in twice) == [0, 500]
    assert postgres.sql(query, database=name_of(catalog)) == [(560, 560)]
    segments = retrolabel.open(folder).catalog.feedback.segments()
    assert all((folder / ".retrolabel" / segment.path).is_file() for segment in segments)


def test_two_relabels_at_once_make_one_label_set(folder, postgres):
    catalog = postgres.database()
    assert run_here(["ingest", "first.csv", "--source", "web"], folder, environment(catalog)).code == 0
    done = at_once(folder, catalog, *[("relabel", "mood", "--json")] * 2)
    assert [code for *_, code in done] == [0, 0], done
    made = [json.loads(out)["label_set"] for out, *_ in done]
    assert len({each["id"] for each in made}) == 1
    assert sorted(each["new"] for each in made) == [False, True]
    tables = ("label_sets", "pointers", "leases")
    counts = [postgres.sql(f"SELECT count(*) FROM {table}", database=name_of(catalog)) for table in tables]  # noqa: S608
    assert counts == [[(1,)], [(2,)], [(0,)]]


def test_a_server_that_goes_away_in_the_middle_is_named_and_the_same_command_goes_on(folder, postgres):
    catalog = postgres.database()
    name = name_of(catalog)
    assert run_here(["ingest", "first.csv", "--source", "web"], folder, environment(catalog)).code == 0
    wording = folder / "labeling_functions" / "mood" / "wording.py"
    wording.write_text(LFS + BREAKS.replace("SERVER", postgres.url("postgres")).replace("NAME", name))
    ((out, err, code),) = at_once(folder, catalog, ("relabel", "mood", "--engine", "serial"))
    assert code == 1
    assert f"The catalog, the PostgreSQL database {name} on 127.0.0.1:{postgres.port}, cannot be used" in err
    assert "Traceback" not in err
    for secret in (PASSWORD, QUOTED, "catalog.db"):
        assert secret not in out + err
    postgres.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    again = run_here(["relabel", "mood", "--json"], folder, environment(catalog))
    assert again.code == 0, again.err
    assert json.loads(again.out)["label_set"]["items"] == 40


def test_a_team_moves_to_postgresql_and_goes_on_there(folder, postgres, tmp_path):
    url = postgres.database()

    def run(*words, catalog=None, code=0):
        done = run_here(words, folder, environment(catalog))
        assert done.code == code, (words, done.out, done.err)
        return done.out + done.err

    run("ingest", "first.csv", "--source", "web")
    run("relabel", "mood")
    before = json.loads(run("labels", "list", "mood", "--json"))
    dry = run("catalog", "copy", ".retrolabel", url, "--dry-run")
    assert "would be copied from" in dry
    assert "Nothing was written." in dry
    said = run("catalog", "copy", ".retrolabel", url)
    assert "Each table was read back: counts and hashes agree" in said
    assert f'catalog = "{url.replace(":" + QUOTED, "")}" in the settings' in said
    assert "Files are no part of a catalog: they stay where they are" in said
    assert json.loads(run("labels", "list", "mood", "--json", catalog=url)) == before
    assert "nothing to do" in run("plan", "mood", catalog=url)
    run("ingest", "second.csv", "--source", "web", catalog=url)
    run("relabel", "mood", catalog=url)
    assert "There is a catalog in" in run("catalog", "copy", ".retrolabel", url, code=1)
    back = json.loads(run("catalog", "copy", url, str(tmp_path / "back"), "--json"))
    assert (back["verified"], back["rows"]["items"], back["rows"]["label_sets"]) == (True, 60, 2)
    assert (tmp_path / "back" / "catalog.db").is_file()
    assert "There is no catalog in" in run("catalog", "copy", "nowhere", url, code=1)
    assert "nothing to do" in run("catalog", "upgrade", catalog=url)


def test_the_tables_are_made_by_a_command_and_an_older_catalog_is_told_how_to_save_it(folder, postgres):
    url = postgres.database()

    def run(*words):
        done = run_here(words, folder, environment(url))
        return done.out + done.err

    looked = run("doctor")
    assert "note    nothing was ingested into the PostgreSQL database" in looked
    assert "broken" not in looked
    assert "There are no tables in the PostgreSQL database" in run("catalog", "upgrade", "--dry-run")
    assert "Tables were made in the PostgreSQL database" in run("catalog", "upgrade")
    assert "Nothing was ingested into the PostgreSQL database" in run("plan", "mood")
    run("ingest", "first.csv", "--source", "web")
    postgres.sql("UPDATE alembic_version SET version_num = '0006'", database=name_of(url))
    told = run("doctor")
    assert "the catalog is at revision 0006, of an older retrolabel" in told
    saved = f"pg_dump --format=custom --host=127.0.0.1 --port={postgres.port} --username=owner"
    assert f"save it ({saved} --file=catalog.0006.dump {name_of(url)})" in told
    assert "catalog.db" not in told
    assert saved in run("catalog", "upgrade", "--dry-run")

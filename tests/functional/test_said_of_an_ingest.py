"""What an ingest takes for something else than it says is said, by people's and machines' way."""

from __future__ import annotations

ROWS = "item_id,stars\n1,5\n2,NA\n3,n/a\n4,NA\n"
TOLD = (
    '  column \'stars\' (integer): 3 cells became missing: "NA" 2, "n/a" 1;'
    " --keep-na in a source's first ingest keeps the column as text"
)


def test_an_ingest_and_its_dry_run_say_how_many_texts_became_missing_and_in_which_column(project, run, write):
    write("f.csv", ROWS)
    assert TOLD in run("ingest", "f.csv", "--source", "shop", "--dry-run").out.splitlines()
    assert TOLD in run("ingest", "f.csv", "--source", "shop").out.splitlines()


def test_the_counts_of_what_became_missing_are_in_the_json(project, run, write):
    write("f.csv", ROWS)
    (told,) = run("ingest", "f.csv", "--source", "shop", "--dry-run", "--json").json["dry_run"]
    assert told["missing"] == {"stars": {"NA": 2, "n/a": 1}}
    (done,) = run("ingest", "f.csv", "--source", "shop", "--json").json["ingested"]
    assert done["missing"] == {"stars": {"NA": 2, "n/a": 1}}


def test_keep_na_keeps_the_texts_as_the_remark_says(project, run, write):
    write("f.csv", ROWS)
    assert "missing" not in run("ingest", "f.csv", "--source", "shop", "--keep-na").out
    told = run("ingest", "f.csv", "--source", "again", "--keep-na", "--dry-run").out
    assert "stars       string  '5'" in told


def test_a_key_that_a_json_object_says_twice_is_said(project, run, write):
    write("f.jsonl", '{"item_id": "1", "comment": "x", "comment": "y"}\n')
    told = "  a JSON object says a key more than once, 1 time (first: line 1): 'comment'; the last value counts"
    assert told in run("ingest", "f.jsonl", "--source", "other").out.splitlines()

"""A column of feedback that holds labels: values that no label has are put aside, never guessed at."""

from __future__ import annotations

import json

import pytest

V1 = """\
from retrolabel import Label, LabelSchema

DEFECT, TASK = Label("defect", "It is broken.", aliases=["d"]), Label("task", "It is work.")
SCHEMA = LabelSchema(task="triage", version="1.0.0", labels=[DEFECT, TASK])
"""
V2 = """\
from labeling_functions.triage.schema.v1 import DEFECT, SCHEMA as V1, TASK
from retrolabel import Add, Label, LabelSchema

WISH = Label("wish", "Somebody wants it.")
SCHEMA = LabelSchema(
    task="triage", version="1.1.0", revises=V1, labels=[DEFECT, TASK, WISH], steps=[Add(WISH)], reason="They came in."
)
"""
ROWS = "item_id,old_label\n1,defect\n2,d\n3,defcet\n4,zzz\n5,\n6,cannot_tell\n7,wish\n"
WORDS = ("ingest", "old.csv", "--source", "old", "--labels", "old_label=triage")


@pytest.fixture
def project(folder):
    schema = folder / "labeling_functions" / "triage" / "schema"
    schema.mkdir(parents=True)
    for package in (schema, schema.parent, schema.parent.parent):
        (package / "__init__.py").write_text("")
    (folder / "retrolabel.toml").write_text('store = ".retrolabel"\ntracking = false\n')
    (schema / "v1.py").write_text(V1)
    (schema / "v2.py").write_text(V2)
    (folder / "old.csv").write_text(ROWS)
    return folder


def told(done):
    """Return line -> what is wrong with it, from the quarantine file."""
    (report,) = done.json["ingested"]
    with open(report["quarantine"], encoding="utf-8") as file:  # noqa: PTH123 - a text from JSON
        return {row["where"]: row["reason"] for row in map(json.loads, file)}


def test_values_outside_the_schema_go_to_quarantine_with_nearest_and_option(project, run):
    done = run(*WORDS, "--json")
    assert done.code == 0
    (report,) = done.json["ingested"]
    assert (report["rows"], report["added"], report["quarantined"]) == (7, 5, 2)
    wrong = told(done)
    assert list(wrong) == ["line 4", "line 5"]
    assert '"defcet" is no label of triage 1.1.0; is it that? --map-label "defcet=defect"' in wrong["line 4"]
    assert '"zzz" is no label of triage 1.1.0; what is it? --map-label "zzz=LABEL"' in wrong["line 5"]


def test_all_of_those_values_are_one_line_to_paste(project, run):
    assert '--map-label "defcet=defect" --map-label "zzz=LABEL"' in run(*WORDS).out


def test_case_and_blanks_around_do_not_matter_in_a_column_of_labels(project, run):
    (project / "old.csv").write_text("item_id,old_label\n1,Defect\n2, TASK\n3,D \n")
    (report,) = run(*WORDS, "--json").json["ingested"]
    assert (report["added"], report["quarantined"]) == (3, 0)


def test_an_older_version_knows_fewer_labels(project, run):
    done = run("ingest", "old.csv", "--source", "old", "--labels", "old_label=triage@1.0.0", "--json")
    assert set(told(done)) == {"line 4", "line 5", "line 8"}


def test_the_option_adds_just_the_rows_that_were_put_aside(project, run):
    run(*WORDS)
    done = run(*WORDS, "--map-label", "defcet=defect", "--map-label", "zzz=", "--json")
    (report,) = done.json["ingested"]
    assert (report["added"], report["unchanged"], report["quarantined"]) == (2, 5, 0)


def test_a_value_cannot_be_mapped_to_what_is_no_label(project, run):
    done = run(*WORDS, "--map-label", "defcet=defecct")
    assert done.code == 1
    assert "No label 'defecct' in triage 1.1.0. Did you mean 'defect'?" in done.err


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        ("old_labl=triage", "is no column"),
        ("old_label=triag", "Did you mean 'triage'?"),
        ("old_label=triage@9.0.0", "has no schema version '9.0.0'"),
    ],
)
def test_a_column_task_or_version_that_does_not_exist_is_refused(project, run, labels, says):
    done = run("ingest", "old.csv", "--source", "old", "--labels", labels)
    assert done.code == 1
    assert says in done.err


def test_a_column_of_numbers_holds_no_labels(project, run):
    (project / "old.csv").write_text("item_id,old_label\n1,3\n2,4\n")
    done = run(*WORDS)
    assert done.code == 1
    assert "is integer, and labels are texts" in done.err


def test_a_list_where_a_label_was_expected_says_so(project, run):
    rows = [{"item_id": "1", "old_label": ["defect", "task"]}, {"item_id": "2", "old_label": "task"}]
    (project / "old.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = run("ingest", "old.jsonl", *WORDS[2:], "--json")
    assert told(done) == {"line 1": """column 'old_label': a list where a label was expected: "["defect", "task"]\""""}

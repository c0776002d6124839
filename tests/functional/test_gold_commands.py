"""``gold import`` at the terminal: never wrong without a word."""

from __future__ import annotations

import pytest

SCHEMA = """\
from retrolabel import AgreementTarget, Label, LabelSchema

GOOD, BAD = Label("good", "It went well."), Label("bad", "It went badly.")
SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD], agreement=AgreementTarget("kappa", 0.6))
"""
LFS = """\
from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import keywords

thanks = keywords(GOOD, ["thanks"], column="comment", name="thanks")
wrong = keywords(BAD, ["wrong"], column="comment", name="wrong")
"""
IMPORT = ("gold", "import", "mood")
DEV = ("--source", "web", "--role", "dev")


@pytest.fixture
def project(folder, run):
    schema = folder / "labeling_functions" / "mood" / "schema"
    schema.mkdir(parents=True)
    for package in (schema, schema.parent, schema.parent.parent):
        (package / "__init__.py").write_text("")
    (schema / "v1.py").write_text(SCHEMA)
    (schema.parent / "words.py").write_text(LFS)
    (folder / "retrolabel.toml").write_text('store = ".retrolabel"\ntracking = false\n')
    comments = ["thanks", "wrong"] * 4
    rows = "".join(f"{number},{comment}\n" for number, comment in enumerate(comments))
    (folder / "feedback.csv").write_text(f"item_id,comment\n{rows}")
    (folder / "wide.csv").write_text("item_id,ana,bo\n0,good,bad\n1,bad,bad\n2,good,\n")
    assert run("ingest", "feedback.csv", "--source", "web").code == 0
    return folder


def test_a_day_first_time_is_refused_with_both_readings_and_the_option_that_decides(project, run, state):
    (project / "gold.csv").write_text("item_id,label,when\n0,good,17-02-2020\n1,bad,03-02-2020\n")
    before = state()
    done = run(*IMPORT, "gold.csv", *DEV, "--time", "when")
    assert done.code == 1
    assert "day first it is '3 February 2020', month first it is '2 March 2020'" in done.err
    assert '--time-format "%d-%m-%Y" or "%m-%d-%Y" says which' in done.err
    assert state() == before
    assert run(*IMPORT, "gold.csv", *DEV, "--time", "when", "--time-format", "%d-%m-%Y").code == 0


def test_an_import_says_whose_answers_it_supersedes_and_what_helps(project, run):
    run(*IMPORT, "wide.csv", *DEV, "--label", "ana")
    done = run(*IMPORT, "wide.csv", *DEV, "--label", "bo")
    assert "superseded: 1 earlier answer of unnamed, 1 of them with another label" in done.out
    assert "--annotator COLUMN, --annotator-name NAME, or --annotator-columns COL,COL" in done.out
    named = run(*IMPORT, "wide.csv", *DEV, "--annotator-columns", "ana,bo")
    assert "superseded" not in named.out
    assert "1 cell holds no label" in named.out


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("0,good,bad\n1,bad,bad\n", "1 item of mood has no gold label, because people are tied on it."),
        ("0,good,bad\n1,bad,good\n", "2 items of mood have no gold label, because people are tied on them."),
    ],
)
def test_an_import_says_on_how_many_items_people_are_tied(project, run, rows, told):
    (project / "tied.csv").write_text(f"item_id,ana,bo\n{rows}")
    assert told in run(*IMPORT, "tied.csv", *DEV, "--annotator-columns", "ana,bo").out


def test_an_annotator_column_beside_a_name_is_an_error(project, run):
    done = run(*IMPORT, "wide.csv", *DEV, "--label", "ana", "--annotator", "bo", "--annotator-name", "cy")
    assert done.code == 1
    assert "--annotator-name cy: stands beside --annotator bo" in done.err


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_an_own_export_is_refused_as_gold_with_what_to_do(project, run, kind):
    run("relabel", "mood")
    run("labels", "export", "mood", "--format", kind, "--out", f"labels.{kind}")
    done = run(*IMPORT, f"labels.{kind}", *DEV)
    assert done.code == 1
    assert "are those of a label set that retrolabel exported" in done.err
    assert "--label COLUMN" in done.err


def test_a_target_on_gold_of_one_label_is_open_and_the_terminal_says_why(project, run):
    (project / "gold.csv").write_text("item_id,label\n0,good\n2,good\n4,good\n")
    run(*IMPORT, "gold.csv", *DEV)
    run("relabel", "mood")
    done = run("evaluate", "mood")
    assert "the version's target is open" in done.out
    assert "kappa is undefined: one label alone occurs, and agreement beyond chance needs two" in done.out
    assert "macro-F1 is over good; bad occurs neither in this gold nor in its labels" in done.out
    told = run("evaluate", "mood", "--json").json
    assert told["gold"]["dev"]["kappa"] is None
    assert told["target"]["verdicts"] == {"dev": "open"}

"""``gold agreement`` at the terminal: figures, sentences, JSON, and what helps where there is nothing to compare."""

from __future__ import annotations

import re

import pytest

V1 = """\
from retrolabel import Label, LabelSchema

GOOD, BAD = Label("good", "It went well."), Label("bad", "It went badly.")
SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD])
"""
V2 = """\
from labeling_functions.mood.schema.v1 import BAD, GOOD
from labeling_functions.mood.schema.v1 import SCHEMA as V1
from retrolabel import Label, LabelSchema, Split

SLOW, WRONG = Label("slow", "It took too long."), Label("wrong", "It is wrong.")
SCHEMA = LabelSchema(
    task="mood", version="2.0.0", revises=V1, labels=[GOOD, SLOW, WRONG], steps=[Split(BAD, into=[SLOW, WRONG])]
)
"""
DEV = ("--source", "web", "--role", "dev", "--schema", "1.0.0")
PEOPLE = ("--annotator", "who")
AGREE = ("gold", "agreement", "mood")


def wide(items, one, other):
    """Return the rows of ana and bo on some items."""
    return "".join(f"{item},ana,{one}\n{item},bo,{other}\n" for item in items)


@pytest.fixture
def project(folder, run, write):
    for package in ("labeling_functions", "labeling_functions/mood", "labeling_functions/mood/schema"):
        write(f"{package}/__init__.py", "")
    write("labeling_functions/mood/schema/v1.py", V1)
    write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n')
    rows = "".join(f"{item},2026-0{1 + item % 2}-03,{'app' if item % 2 else 'site'}\n" for item in range(200))
    write("feedback.csv", f"item_id,created_at,channel\n{rows}")
    assert run("ingest", "feedback.csv", "--source", "web", "--time", "created_at").code == 0
    return folder


@pytest.fixture
def labelled(project, run, write):
    """Eighty items under 1.0.0, of which people differ on ten."""
    rows = wide(range(40), "good", "good") + wide(range(40, 70), "bad", "bad") + wide(range(70, 80), "good", "bad")
    write("gold.csv", f"item_id,who,label\n{rows}")
    assert run("gold", "import", "mood", "gold.csv", *DEV, *PEOPLE).code == 0
    return project


@pytest.fixture
def bumped(labelled, run, write):
    """The same after bad was split, and sixty further items under 2.0.0."""
    write("labeling_functions/mood/schema/v2.py", V2)
    rows = wide(range(100, 130), "slow", "slow") + wide(range(130, 140), "slow", "wrong")
    write("more.csv", f"item_id,who,label\n{rows}{wide(range(140, 160), 'good', 'good')}")
    done = run("gold", "import", "mood", "more.csv", "--source", "web", "--role", "dev", *PEOPLE)
    assert done.code == 0, done.err
    return labelled


def test_it_prints_the_figures_with_intervals_and_where_people_differ(labelled, run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    done = run(*AGREE)
    assert done.code == 0
    assert done.err == ""
    lines = done.out.splitlines()
    assert lines[0] == "Agreement of 2 people on mood 1.0.0"
    assert re.search(r"^percent agreement  0\.875  0\.\d{3} to 0\.\d{3} +80$", done.out, re.MULTILINE)
    assert any(line.startswith("good / bad") and "10" in line for line in lines)
    assert "People differ most between good and bad on 10 items: see the definitions of good and bad." in lines
    assert "Of 80 items, 80 are compared (two people or more, one label each under 1.0.0)." in lines
    assert max(len(line) for line in lines if not line.endswith(".")) <= 80


def test_as_json_it_has_the_figures_of_the_issue(labelled, run):
    told = run(*AGREE, "--json").json
    assert set(told["alpha"]) == {"value", "low", "high", "n", "why"}
    assert told["alpha"]["low"] < told["alpha"]["value"] < told["alpha"]["high"]
    assert told["kappa"]["n"] == told["items"]["exact"] == 80
    assert told["pairs"][0]["labels"] == ["good", "bad"]
    assert told["pairs"][0]["differ"] == 10
    assert [each["label"] for each in told["labels"]] == ["good", "bad"]
    assert told["people"][0]["people"] == ["ana", "bo"]


def test_the_same_store_says_the_same_twice_and_nothing_is_written(labelled, run, state):
    before = state()
    assert run(*AGREE, "--json").out == run(*AGREE, "--json").out
    assert state() == before


def test_after_a_bump_old_answers_are_compared_as_sets_and_it_says_so(bumped, run):
    done = run(*AGREE)
    assert "Agreement of 2 people on mood 2.0.0" in done.out
    assert "alpha of sets (MASI)" in done.out
    assert "100 are compared (two people or more, one label each under 2.0.0)" in done.out
    assert "40 leave several labels (in alpha of sets alone)" in done.out
    assert "40 of the 100 are there since all said a label that is one under 2.0.0" in done.out
    told = run(*AGREE, "--json").json
    assert told["items"] == {
        "answered": 140, "exact": 100, "selected": 40, "sets": 40, "one_person": 0, "unknown": 0, "suspect": 0,
    }  # fmt: skip
    assert told["sets"]["n"] == 140
    assert told["unselected"]["n"] == 60
    assert told["unselected"]["value"] < told["alpha"]["value"]


def test_in_the_older_version_all_are_one_label(bumped, run):
    told = run(*AGREE, "--to", "1.0.0", "--json").json
    assert (told["items"]["exact"], told["sets"], told["unselected"]) == (140, None, None)


def test_a_figure_over_few_items_is_withheld_with_the_reason(project, run, write):
    write("few.csv", f"item_id,who,label\n{wide(range(9), 'good', 'bad')}{wide([9], 'bad', 'bad')}")
    run("gold", "import", "mood", "few.csv", *DEV, *PEOPLE)
    done = run(*AGREE)
    assert done.code == 0
    assert "withheld" in done.out
    named = "alpha, nominal, AC1, percent agreement, mean kappa"
    assert f"No figure for {named}: 10 items have two answers, and 50 are needed." in done.out
    assert run(*AGREE, "--json").json["alpha"]["value"] is None


def test_by_a_column_there_is_a_row_for_each_of_its_values_and_times_go_by_month(labelled, run):
    told = run(*AGREE, "--by", "channel", "--json").json
    assert [(each["channel"], each["items"]) for each in told["slices"]] == [("app", 40), ("site", 40)]
    assert "By created_at" in run(*AGREE, "--by", "created_at").out
    assert [each["created_at"] for each in run(*AGREE, "--by", "created_at", "--json").json["slices"]] == [
        "2026-01", "2026-02",
    ]  # fmt: skip
    wrong = run(*AGREE, "--by", "chanel")
    assert wrong.code == 1
    assert "Did you mean 'channel'?" in wrong.err


def test_answers_without_a_name_are_one_person_s_and_it_says_what_helps(project, run, write):
    write("one.csv", "item_id,label\n1,good\n2,bad\n")
    run("gold", "import", "mood", "one.csv", *DEV)
    done = run(*AGREE)
    assert done.code == 1
    assert "No item of mood has answers of two people that can be compared under 1.0.0" in done.err
    assert "2 have one person's answer. No answer has a name, and those count as one person, 'unnamed'." in done.err
    assert "Fix: let two people or more label the same items: retrolabel gold import mood FILE" in done.err
    assert "--annotator COLUMN" in done.err
    write("two.csv", f"item_id,who,label\n{''.join(f'{item},ana,good' + chr(10) for item in (1, 2))}")
    run("gold", "import", "mood", "two.csv", *DEV, *PEOPLE)
    assert "Answers without a name count as one person's, unnamed" in run(*AGREE).out


def test_without_any_label_it_says_how_to_import_several_people(project, run):
    done = run(*AGREE, "--json")
    assert done.code == 1
    assert done.json["error"]["message"] == "There are no human labels of mood yet."
    assert "--annotator COLUMN" in done.json["error"]["remedy"]


def test_an_unknown_version_role_or_source_is_refused_with_those_there_are(labelled, run):
    assert "no schema version '3.0.0'" in run(*AGREE, "--to", "3.0.0").err
    assert "Did you mean 'test'?" in run(*AGREE, "--role", "tst").err
    assert "Did you mean 'web'?" in run(*AGREE, "--source", "wep").err


def test_repeats_of_one_person_are_a_row_of_their_own(labelled, run, write):
    rows = "".join(
        f"{item},cy,{'good' if item < 30 else 'bad'},2026-03-0{day}\n" for item in range(60) for day in (1, 2)
    )
    write("again.csv", f"item_id,who,label,when\n{rows}")
    assert run("gold", "import", "mood", "again.csv", *DEV, *PEOPLE, "--time", "when").code == 0
    told = run(*AGREE, "--json").json
    assert (told["repeats"]["answers"], told["repeats"]["agreement"]["value"]) == (60, 1.0)
    assert [each["person"] for each in told["repeats"]["people"]] == ["cy"]
    assert "repeats: one person, same item" in run(*AGREE).out

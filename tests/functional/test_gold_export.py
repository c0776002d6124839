"""``gold export`` and the setting ``adjudication`` at the terminal."""

from __future__ import annotations

import csv
import shlex

import pytest

WIDE = "item_id,ana,ben,cleo\n0,good,good,bad\n1,good,bad,\n2,bad,bad,bad\n"
IMPORT = (
    "gold",
    "import",
    "mood",
    "wide.csv",
    "--source",
    "web",
    "--role",
    "dev",
    "--annotator-columns",
    "ana,ben,cleo",
)


@pytest.fixture
def gold(project, run, write):
    """The project of forty items, three of which have answers: one of them is tied."""
    write("wide.csv", WIDE)
    done = run(*IMPORT)
    assert done.code == 0, done.err
    return project


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def setting(write, value):
    write("retrolabel.toml", f'store = ".retrolabel"\ntracking = false\n[tasks.mood]\nadjudication = {value}\n')


def test_it_says_how_many_items_were_decided_how(gold, run):
    done = run("gold", "export", "mood", "--out", "gold.csv")
    assert done.code == 0, done.err
    assert done.out == (
        "3 items of mood under 1.0.0, adjudicated by majority -> gold.csv\n  1 majority, 1 tie, 1 unanimous\n"
    )
    assert [(row["item_id"], row["label"], row["decided"]) for row in rows_of(gold / "gold.csv")] == [
        ("0", "good", "majority"), ("1", "", "tie"), ("2", "bad", "unanimous")
    ]  # fmt: skip


def test_soft_adds_a_column_a_label(gold, run):
    run("gold", "export", "mood", "--soft", "--out", "gold.csv")
    first, tied, _ = rows_of(gold / "gold.csv")
    assert (first["shares_of"], first["share_good"][:6], first["share_bad"][:6]) == ("3", "0.6666", "0.3333")
    assert (tied["label"], tied["share_good"], tied["share_bad"]) == ("", "0.5", "0.5")


def test_json_has_counts_columns_and_the_adjudication(gold, run, write):
    setting(write, '["person:cleo", "person:ben"]')
    found = run("gold", "export", "mood", "--out", "gold.jsonl", "--json").json
    assert found["decided"] == {"adjudicator": 2, "unanimous": 1}
    assert found["adjudication"] == {"method": "adjudicator", "people": ["cleo", "ben"]}
    assert (found["rows"], found["version"], found["left_open"], found["notes"]) == (3, "1.0.0", {}, [])
    assert found["columns"][:3] == ["source", "item_id", "label"]


def test_the_command_that_it_prints_takes_the_answers_back(gold, run):
    done = run("gold", "export", "mood", "--people", "--names", "--out", "answers.csv")
    assert "8 answers of mood -> answers.csv" in done.out
    command = next(line.strip() for line in done.out.splitlines() if line.strip().startswith("retrolabel gold import"))
    assert command == (
        "retrolabel gold import mood answers.csv --source web --schema 1.0.0 --annotator annotator --role-column role"
    )
    back = run(*shlex.split(command)[1:])
    assert back.code == 0, back.err
    assert "8 rows -> 0 new labels, 8 known already" in back.out


def test_answers_of_two_versions_are_listed_with_the_options_that_part_them(gold, run, write):
    schema = gold / "labeling_functions" / "mood" / "schema"
    first = next(path for path in schema.glob("v1*.py"))
    write(
        "labeling_functions/mood/schema/v2.py",
        f"from labeling_functions.mood.schema.{first.stem} import BAD, GOOD, SCHEMA as V1\n"
        "from retrolabel import Label, LabelSchema, Split\n"
        'SLOW = Label("slow", "It took too long.")\nWRONG = Label("wrong", "It is wrong.")\n'
        'SCHEMA = LabelSchema(task="mood", version="2.0.0", revises=V1, labels=[GOOD, SLOW, WRONG],\n'
        '                     steps=[Split(BAD, into=[SLOW, WRONG])], reason="One label said too little.")\n',
    )
    write("again.csv", "item_id,who,label\n2,ana,slow\n")
    run("gold", "import", "mood", "again.csv", "--source", "web", "--role", "dev", "--annotator", "who")
    done = run("gold", "export", "mood", "--people", "--names", "--out", "all.csv")
    assert "gold import takes one source and one version a file; these are of" in done.out
    assert "8 answers: --source web --schema 1.0.0" in done.out
    assert "1 answer: --source web --schema 2.0.0" in done.out
    part = run("gold", "export", "mood", "--people", "--schema", "2.0.0", "--out", "part.csv")
    assert "1 answer of mood -> part.csv" in part.out
    items = run("gold", "export", "mood", "--out", "items.csv")
    assert "3 items of mood under 2.0.0" in items.out


@pytest.mark.parametrize("words", [("--people", "--soft"), ("--people", "--to", "1.0.0"), ("--schema", "1.0.0")])
def test_options_that_exclude_each_other_are_refused(gold, run, words):
    done = run("gold", "export", "mood", "--out", "gold.csv", *words)
    assert (done.code, (gold / "gold.csv").exists()) == (1, False)


def test_a_file_that_is_there_and_a_name_without_a_format_are_refused(gold, run, write):
    write("gold.csv", "mine")
    done = run("gold", "export", "mood", "--out", "gold.csv")
    assert done.code == 1
    assert "gold.csv exists already; nothing was written." in done.err
    assert run("gold", "export", "mood", "--out", "gold.xlsx").code == 1
    assert (gold / "gold.csv").read_text() == "mine"


def test_without_gold_it_says_how_to_take_some_in(project, run):
    done = run("gold", "export", "mood", "--out", "gold.csv")
    assert done.code == 1
    assert "There are no human labels of mood yet." in done.err
    assert "retrolabel gold import mood FILE --source NAME" in done.err


@pytest.mark.parametrize("command", [("list", "mood"), ("show", "mood"), ("list",)])
def test_list_and_show_say_how_gold_is_adjudicated_where_it_is_not_the_majority(gold, run, write, command):
    assert "adjudicated" not in run("gold", *command).out
    setting(write, '"person:Cleo"')
    done = run("gold", *command)
    assert "People who differ are adjudicated by Cleo, where Cleo answered; elsewhere by majority." in done.out
    assert "note: the adjudicator 'Cleo' gave no answer, so the majority decides; did you mean 'cleo'?" in done.out


def test_the_json_of_list_names_the_adjudication(gold, run, write):
    setting(write, '"dawid-skene"')
    assert run("gold", "list", "--json").json["adjudication"] == {"mood": "by Dawid-Skene over people's answers"}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ('"cleo"', 'Write "person:cleo", if cleo is a person whose answer decides'),
        ('"dawid_skene"', 'Write "dawid-skene"'),
        ('["person:ana", "majority"]', "is not one way to adjudicate"),
        ("3", 'it is "majority", "dawid-skene" or "person:NAME", in quotes'),
    ],
)
def test_a_setting_that_names_no_way_is_refused_with_what_is_meant(gold, run, write, value, told):
    setting(write, value)
    done = run("gold", "list", "mood")
    assert done.code == 1
    assert "tasks.mood.adjudication" in done.err
    assert told in done.err


def test_the_environment_names_a_way_without_brackets(gold, run, monkeypatch):
    monkeypatch.setenv("RETROLABEL_TASKS__MOOD__ADJUDICATION", "person:cleo")
    assert "adjudicated by cleo, where cleo answered" in run("gold", "list", "mood").out


def test_an_import_resolves_ties_as_the_setting_says(gold, run, write):
    setting(write, '"person:dan"')
    write("dan.csv", "item_id,label\n1,bad\n")
    done = run("gold", "import", "mood", "dan.csv", "--source", "web", "--role", "dev", "--annotator-name", "dan")
    assert "tied" not in done.out
    assert (
        run("gold", "export", "mood", "--out", "gold.csv").out.splitlines()[1]
        == "  1 adjudicator, 1 majority, 1 unanimous"
    )


def test_answers_have_pseudonyms_unless_names_are_asked_for_and_then_they_are_other_peoples(gold, run):
    done = run("gold", "export", "mood", "--people", "--out", "answers.csv")
    rows = rows_of(gold / "answers.csv")
    assert {len(row["annotator"]) for row in rows} == {10}
    assert not {row["annotator"] for row in rows} & {"ana", "ben", "cleo"}
    assert "gold import would take these answers for other people's; --names keeps the names" in done.out
    assert "retrolabel gold import" not in done.out
    assert run("gold", "export", "mood", "--people", "--names", "--out", "named.csv").code == 0
    named = rows_of(gold / "named.csv")
    called = {one["annotator"]: other["annotator"] for one, other in zip(named, rows, strict=True)}
    people = run("gold", "people", "mood", "--json").json["people"]
    assert sorted(called.values()) == [each["person"] for each in people]

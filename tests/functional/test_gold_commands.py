"""``gold import`` at the terminal: never wrong without a word."""

from __future__ import annotations

import re

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


@pytest.fixture
def many(project, run):
    """Four hundred items of which every fourth says thanks and every fourth wrong, relabelled."""
    said = ["thanks", "wrong", "no idea", "hm"]
    rows = "".join(f"m{number},{said[number % 4]}\n" for number in range(400))
    (project / "more.csv").write_text(f"item_id,comment\n{rows}")
    assert run("ingest", "more.csv", "--source", "chat").code == 0
    assert run("relabel", "mood").code == 0
    return project


CHAT = ("--source", "chat", "--role", "dev")


def gold(project, numbers, name="gold.csv", label="good", more=""):
    rows = "".join(f"m{number},{label}{more}\n" for number in numbers)
    (project / name).write_text("item_id,label" + (",p" if more else "") + f"\n{rows}")


def moves(run):
    return {
        (each["sampling"], each["items"]): each["moves"] for each in run("gold", "list", "mood", "--json").json["gold"]
    }


def test_a_random_file_whose_items_one_labeling_function_chose_is_taken_as_other_with_the_figure(many, run):
    gold(many, range(0, 160, 4))
    done = run(*IMPORT, "gold.csv", *CHAT, "--sampling", "random")
    assert done.code == 0
    assert "taken as --sampling other, not random: 40 of the 40 are items " in done.out
    assert re.search(r"and 25\.0 % of all 400 items are; by chance that happens with probability \d\.\de-\d+", done.out)
    assert "--sampling-is-right keeps it" in done.out
    assert moves(run) == {("other", 40): ["labeling_functions"]}
    assert re.search(r"other +40 +40 +1 +LFs$", run("gold", "list", "mood").out, re.MULTILINE)


def test_a_random_file_is_one_where_nothing_speaks_against_it_or_somebody_says_so(many, run):
    gold(many, range(40))
    done = run(*IMPORT, "gold.csv", *CHAT, "--sampling", "random")
    assert "taken as" not in done.out
    assert moves(run) == {("random", 40): ["shares", "labeling_functions"]}
    gold(many, range(200, 360, 4))
    kept = run(*IMPORT, "gold.csv", *CHAT, "--sampling", "random", "--sampling-is-right")
    assert kept.code == 0
    assert "taken as" not in kept.out


def test_a_chosen_file_is_not_random_when_it_comes_a_second_time(many, run):
    gold(many, range(0, 160, 4))
    run(*IMPORT, "gold.csv", *CHAT, "--sampling", "random")
    gold(many, range(0, 160, 4), label="bad")
    again = run(*IMPORT, "gold.csv", *CHAT, "--sampling", "random")
    assert "most of its items came before as a random sample that was none" in again.out
    assert all("shares" not in moved for moved in moves(run).values())


def test_an_item_that_was_drawn_at_random_keeps_its_draw_whoever_asks_again_and_why(many, run):
    gold(many, range(40))
    run(*IMPORT, "gold.csv", *CHAT, "--sampling", "random")
    gold(many, range(0, 40, 4), label="bad")
    done = run(*IMPORT, "gold.csv", *CHAT)
    assert "10 items of a known draw keep it: its design still counts" in done.out
    assert {items: moved for (_, items), moved in moves(run).items()}[10] == ["shares", "labeling_functions"]


def test_a_stratified_file_moves_shares_only_with_the_probability_of_each_item(many, run):
    gold(many, range(20))
    bare = run(*IMPORT, "gold.csv", *CHAT, "--sampling", "stratified")
    assert "without --probability COLUMN a stratified sample moves no label's share" in bare.out
    assert moves(run) == {("stratified", 20): ["labeling_functions"]}
    gold(many, range(100, 130), more=",0.25")
    done = run(*IMPORT, "gold.csv", *CHAT, "--sampling", "stratified", "--probability", "p")
    assert (done.code, "moves no label" in done.out) == (0, False)
    assert moves(run)["stratified", 30] == ["shares", "labeling_functions"]


@pytest.mark.parametrize("probability", ["0", "1.5", "often", "-0.1", "nan"])
def test_what_is_no_probability_is_refused_with_its_line_and_nothing_is_stored(many, run, state, probability):
    gold(many, range(3), more=f",{probability}")
    before = state()
    done = run(*IMPORT, "gold.csv", *CHAT, "--sampling", "stratified", "--probability", "p")
    assert done.code == 1
    assert "is no probability above 0 and up to 1" in done.err
    assert "line 2" in done.err
    assert state() == before


def test_probabilities_need_a_design_that_has_some(many, run):
    gold(many, range(3), more=",0.5")
    done = run(*IMPORT, "gold.csv", *CHAT, "--probability", "p")
    assert done.code == 1
    assert "--sampling stratified is its design" in done.err


def test_gold_that_is_not_dev_moves_nothing(many, run):
    gold(many, range(40))
    run(*IMPORT, "gold.csv", "--source", "chat", "--role", "test", "--sampling", "random")
    assert moves(run) == {("random", 40): []}
    assert run("gold", "list", "mood").out.rstrip().endswith("nothing")


def test_a_nul_in_a_reason_is_told_with_its_line_and_nothing_is_stored(run, project, write):
    write("gold.csv", b"item_id,label,why\n0,good,fine\n1,bad,a\x00b\n")
    done = run(*IMPORT, "gold.csv", "--source", "web", "--role", "dev", "--rationale", "why")
    assert done.code == 1
    assert "line 3: holds a NUL character in the reason or in the person's name. Fix: take it out" in done.err
    assert run("gold", "list", "mood", "--json").json["batches"] == []

"""``gold effect`` at the terminal: figures, sentences, JSON, and what helps where there is nothing to compare."""

from __future__ import annotations

import re

import pytest

SCHEMA = """\
from retrolabel import Label, LabelSchema

GOOD, SLOW, WRONG = Label("good", "It went well."), Label("slow", "It took long."), Label("wrong", "It is wrong.")
SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, SLOW, WRONG])
"""
CLEAR = """\
from labeling_functions.mood.schema.v1 import GOOD
from labeling_functions.mood.schema.v1 import SCHEMA as V1
from retrolabel import Label, LabelSchema, Redefine

SLOW, WRONG = Label("slow", "It took over a second."), Label("wrong", "It is wrong, however fast.")
SCHEMA = LabelSchema(task="mood", version="1.1.0", revises=V1, labels=[GOOD, SLOW, WRONG],
                     steps=[Redefine(SLOW, "narrower"), Redefine(WRONG, "wider")])
"""
EFFECT = ("gold", "effect", "mood")


@pytest.fixture
def asked(folder, run, write):
    """Fifty calibration items that two people answered in January, and after a version in March."""
    for package in ("labeling_functions", "labeling_functions/mood", "labeling_functions/mood/schema"):
        write(f"{package}/__init__.py", "")
    write("labeling_functions/mood/schema/v1.py", SCHEMA)
    write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n')
    write("feedback.csv", "item_id,comment\n" + "".join(f"{item},text {item}\n" for item in range(80)))
    assert run("ingest", "feedback.csv", "--source", "web").code == 0
    two = {"1.0.0": (("slow", "slow"), ("wrong", "wrong"), ("slow", "wrong"), ("good", "good"), ("good", "good"))}
    two["1.1.0"] = (("slow", "slow"), ("wrong", "wrong"), ("slow", "slow"), ("good", "good"), ("good", "slow"))
    for version, day in (("1.0.0", "2026-01-05"), ("1.1.0", "2026-03-09")):
        rows = [
            f"{item},{who},{label},{day},{20 + item % 3}\n"
            for item in range(50)
            for who, label in zip(("ana", "bo"), two[version][item % 5], strict=True)
        ]
        write(f"{version}.csv", "item_id,who,label,when,took\n" + "".join(rows))
        if version == "1.1.0":
            write("labeling_functions/mood/schema/v1_1.py", CLEAR)
        done = run(
            "gold", "import", "mood", f"{version}.csv", "--source", "web", "--role", "calibration", "--schema", version,
            "--annotator", "who", "--time", "when", "--seconds", "took",
        )  # fmt: skip
        assert done.code == 0, done.err
    return folder


def test_it_prints_what_became_of_the_pair_what_it_cost_and_fits_a_terminal(asked, run, state, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    before = state()
    done = run(*EFFECT, "1.1.0")
    assert (done.code, done.err, state()) == (0, "", before)
    lines = done.out.splitlines()
    assert lines[0] == "mood 1.1.0 against 1.0.0, on the same 50 items"
    assert re.search(r"^slow / wrong +0\.34 +1\.00 +\+0\.66 +\+0\.\d\d to \+\d\.\d\d +30$", done.out, re.MULTILINE)
    assert max(map(len, lines[:9])) <= 100
    assert "People tell slow and wrong apart better than under 1.0.0 (alpha +0.66" in done.out
    assert "people differed on 10 items before, and on 0 now." in done.out
    assert "People agree less elsewhere: good, good / slow." in done.out
    assert "It took 100 answers again: 35 minutes of people's time, 21 seconds an answer, 21 before" in done.out


def test_as_json_it_has_the_figures_and_a_change_that_is_withheld_is_null(asked, run):
    told = run(*EFFECT, "1.1.0", "--json").json
    assert (told["verdict"], told["before"], told["pair"]["labels"]) == ("better", "1.0.0", ["slow", "wrong"])
    assert told["pair"]["alpha"]["low"] > 0
    assert told["compared"]["items"] == 50
    assert told["compared"]["roles"] == ["calibration"]
    few = run(*EFFECT, "1.1.0", "--pair", "good,wrong", "--json").json
    assert (few["verdict"], few["pair"]["chosen_by"]) == ("withheld", "named")
    assert few["pair"]["alpha"]["by"] is None
    assert run(*EFFECT, "1.1.0", "--json").json == told


def test_what_cannot_be_compared_is_an_error_that_says_what_helps(asked, run):
    for words, said in (
        (("1.0.0",), "first version"),
        (("1.2.0",), "1.2.0"),
        (("1.1.0", "--pair", "slow,wrnog"), "Did you mean 'wrong'?"),
        (("1.1.0", "--before", "1.1.0"), "--before one of 1.0.0"),
    ):
        done = run(*EFFECT, *words)
        assert done.code == 1
        assert said in done.err

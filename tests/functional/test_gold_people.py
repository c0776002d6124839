"""``gold people`` at the terminal: figures, one's own, pseudonyms in what is given away, and errors that help."""

from __future__ import annotations

import json
import re

import pytest

SCHEMA = """\
from retrolabel import Label, LabelSchema

GOOD, BAD = Label("good", "It went well."), Label("bad", "It went badly.")
SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD])
"""
PEOPLE = ("gold", "people", "mood")
NAMES = ("ana", "bo", "cleo")


@pytest.fixture
def asked(folder, run, write):
    """Sixty items that three people answered; cleo says bad of a third of the good ones."""
    for package in ("labeling_functions", "labeling_functions/mood", "labeling_functions/mood/schema"):
        write(f"{package}/__init__.py", "")
    write("labeling_functions/mood/schema/v1.py", SCHEMA)
    write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n')
    write("feedback.csv", "item_id,comment\n" + "".join(f"{item},text {item}\n" for item in range(60)))
    assert run("ingest", "feedback.csv", "--source", "web").code == 0
    rows = [
        f"{item},{who},{'bad' if item % 2 or (who == 'cleo' and item % 6 == 0) else 'good'},{10 + item % 7}\n"
        for item in range(60)
        for who in NAMES
    ]
    write("gold.csv", "item_id,who,label,took\n" + "".join(rows))
    words = ("--source", "web", "--role", "dev", "--annotator", "who", "--seconds", "took")
    assert run("gold", "import", "mood", "gold.csv", *words).code == 0
    return folder


def test_it_shows_everybody_in_the_order_of_the_alphabet_and_writes_nothing(asked, run, state, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    before = state()
    done = run(*PEOPLE)
    assert (done.code, done.err, state()) == (0, "", before)
    lines = done.out.splitlines()
    assert lines[0] == "The 3 people of mood 1.0.0"
    assert re.search(r"^cleo +60 +- +50 of 60 +0\.83 +0\.8\d +0\.\d\d to 0\.\d\d +13$", done.out, re.MULTILINE)
    assert [line.split()[0] for line in lines[3:7]] == ["ana", "bo", "cleo", "all"]
    assert max(map(len, lines[:8])) <= 100
    assert "cleo says bad where good is known 10 of 30 times." in done.out
    assert "Low agreement is a message about the definitions first" in done.out


def test_ones_own_figures_name_nobody_else(asked, run):
    done = run(*PEOPLE, "--as", "cleo")
    assert done.out.startswith("cleo on mood 1.0.0")
    assert "all together" in done.out
    assert not re.search(r"\b(ana|bo)\b", done.out)
    nobody = run(*PEOPLE, "--as", "clea")
    assert nobody.code == 1
    assert "Did you mean 'cleo'?" in nobody.err


def test_what_is_given_away_has_pseudonyms_that_stay_and_names_only_when_asked(asked, run):
    told = run(*PEOPLE, "--json").json
    called = [each["person"] for each in told["people"]]
    assert all(re.fullmatch(r"p-[0-9a-f]{8}", name) for name in called)
    assert run(*PEOPLE, "--out", "people.json").code == 0
    assert json.loads((asked / "people.json").read_text()) == told
    assert run(*PEOPLE, "--out", "people.json").code == 1
    assert run(*PEOPLE, "--out", "people.txt").code == 1
    named = run(*PEOPLE, "--json", "--names").json
    assert [each["person"] for each in named["people"]] == list(NAMES)
    shown = run(*PEOPLE, "--pseudonyms").out
    assert all(name in shown for name in called)
    assert not any(re.search(rf"\b{name}\b", shown) for name in NAMES)

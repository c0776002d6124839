"""`errors` and `lf errors`, as an analyst meets them."""

from __future__ import annotations

import re

import pytest

LFS = """\
from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import keywords

thanks = keywords(GOOD, ["thank", "perfect"], column="comment")
wrong = keywords(BAD, ["wrong", "never"], column="comment")
loud = keywords(BAD, ["asked"], column="comment")
"""
SAID = {
    "thank you so much": "good",
    "this is wrong": "bad",
    "I ASKED FOR PYTHON": "bad",
    "perfect": "good",
    "well": "bad",
}


@pytest.fixture
def judged(run, project, write):
    """A project with gold on a hundred, of which "perfect" is bad in ten; and an item that would move the cursor."""
    texts = list(SAID)
    rows = [f"{n},2026-02-{1 + n % 28:02d}T08:00:00Z,{texts[n % 5]}" for n in range(240)]
    rows[3] = "3,2026-02-04T08:00:00Z,perfect \x1b[2J"
    write("feedback.csv", "item_id,created_at,comment\n" + "\n".join(rows) + "\n")
    write("labeling_functions/mood/wording.py", LFS)
    assert run("ingest", "feedback.csv", "--source", "chat").code == 0
    labels = {n: "bad" if n % 10 == 3 else SAID[texts[n % 5]] for n in range(100)}
    write("gold.csv", "item_id,label\n" + "".join(f"{n},{label}\n" for n, label in labels.items()))
    words = ("gold", "import", "mood", "gold.csv", "--source", "chat", "--role", "dev", "--sampling", "random")
    assert run(*words).code == 0
    assert run("relabel", "mood").code == 0
    return project


def test_errors_from_the_table_to_the_words(run, judged, monkeypatch):
    done = run("errors", "mood", "--items", "20")
    assert done.code == 0
    assert "mood: 10 of 80 judged items wrong, of 100 with dev gold" in done.out
    assert "100 of them were fitted: each is judged by a model that had not seen it" in done.out
    assert "Most: bad called good, 10 items, 14% [8%, 24%] of bad" in done.out
    assert "Next: retrolabel errors mood --gold bad --label good" in done.out
    assert done.out.count("comment: [perfect]") == 10
    assert "Words that you take from these items look better on dev gold than they are" in done.out
    assert "\x1b" not in done.out
    assert "\\x1b[2J" in done.out

    found = run("errors", "mood", "--gold", "bad", "--label", " GOOD", "--json").json
    assert isinstance(found, list)
    assert len(found) == 10
    first = next(each for each in found if each["item_id"] == "13")
    assert first["words"] == {"thanks": [{"column": "comment", "start": 0, "end": 7, "text": "perfect"}]}
    assert (first["gold"], first["label"], first["cross_fitted"]) == (["bad"], "good", True)

    for asked in ("(no votes)", "no votes", "No votes"):
        lacking = run("errors", "mood", "--label", asked).out
        assert "20 items without a label, so none of them is judged" in lacking
        assert "wrong, of" not in lacking
    unknown = run("errors", "mood", "--label", "no vote")
    assert (unknown.code, "Did you mean '(no votes)'?" in unknown.err) == (1, True)
    assert "schema new" not in unknown.err
    assert run("errors", "mood", "--slice", "comment has wrong", "--json").json == []
    for words in (("--gold", "baad"), ("--lf", "thank"), ("--slice", "x"), ("--by", "labl")):
        refused = run("errors", "mood", *words)
        assert (refused.code, "Fix: " in refused.err) == (1, True), words

    by = run("errors", "mood", "--by", "gold,label", "--json")
    assert by.code == 0, by.err
    by = by.json
    assert by[0] == {**by[0], "gold": "bad", "label": "good", "items": 10, "wrong": 10}
    assert re.search(r"^bad +good +10 +10 +10 +100% ", run("errors", "mood", "--by", "gold,label").out, re.MULTILINE)

    against = run("lf", "errors", "mood", "--json").json
    assert against["counts"]["thanks"] == {"votes_on_gold": 40, "against_gold": 10, "against_others": 0}
    one = run("lf", "errors", "mood:thanks")
    assert "thanks: 10 of 40 votes on dev gold are against it" in one.out
    assert "voted good, gold bad" in one.out
    assert "[perfect]" in one.out
    assert "Next: retrolabel lf errors mood:thanks" in run("lf", "errors", "mood").out
    refused = run("lf", "errors", "mood:thank")
    assert (refused.code, "Did you mean 'thanks'" in refused.err) == (1, True)

    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")
    for words in (("errors", "mood"), ("lf", "errors", "mood:thanks"), ("lf", "summary", "mood")):
        narrow = re.sub(r"\x1b\[[0-9;]*m", "", run(*words).out)
        assert max(map(len, narrow.splitlines())) <= 80, words


def test_slices_are_told_or_that_there_are_none(run, judged):
    done = run("errors", "mood", "--slices")
    assert done.code == 0
    assert "comment has perfect" in done.out
    assert "costs: points of accuracy that all items would gain" in done.out
    assert 'Next: retrolabel errors mood --slice "comment has perfect"' in done.out
    told = run("errors", "mood", "--slices", "--json").json
    (found,) = told["found"]
    assert (found["items"], found["wrong"], found["rest"]) == (20, 10, 0.0)
    assert told["named"] == []


SLICES = """\
from retrolabel import slice_function


@slice_function(examples=["perfect"], non_examples=["thank you", "imperfect"])
def praised(comment):
    \"\"\"Somebody says perfect.\"\"\"
    return "perfect" in comment


@slice_function
def of_nobody(comment):
    return comment == "nobody writes this"
"""


def test_slices_that_the_task_names_are_told_first_and_listed_with_labeling_functions(run, judged, write):
    write("labeling_functions/mood/slices.py", SLICES)
    done = run("errors", "mood", "--slices")
    assert done.code == 0
    rows = [re.split(r"  +", line.strip()) for line in done.out.splitlines()]
    praised = next(row for row in rows if row[0] == "praised")
    assert praised == ["praised", "20.0%", "20", "50% [30%, 70%]", "100%", "-50 [-70, -29]", "1e-07", "10.0"]
    assert next(row for row in rows if row[0] == "of_nobody")[1:] == ["0.0%", "0", "-", "-", "-", "-", "-"]
    named = run("errors", "mood", "--slices", "--json").json["named"]
    assert [(each["slice"], each["items"], each["wrong"]) for each in named] == [
        ("praised", 20, 10),
        ("of_nobody", 0, 0),
    ]
    listed = run("errors", "mood", "--slice", "praised")
    assert "slice praised: 10 items" in listed.out
    assert len(run("errors", "mood", "--slice", "praised", "--gold", "bad", "--json").json) == 10
    refused = run("errors", "mood", "--slice", "praise")
    assert (refused.code, "Did you mean 'praised'" in refused.err) == (1, True)

    assert "mood: slice praised (comment): Somebody says perfect." in run("lf", "list", "mood").out
    broken = "mood: slice praised: said yes on its non-example 'imperfect'"
    assert run("lf", "list", "mood", "--json").json["broken_examples"] == [broken]
    tested = run("lf", "test", "mood").out
    assert (
        "labeling_functions/mood/slices.py:5: praised said yes on its non-example 'imperfect'; it should say no"
        in tested
    )
    assert "1 failure; 3 examples of 3 labeling functions and 2 slices." in tested
    assert run("lf", "test", "mood:of_nobody").out.startswith("ok: 0 examples of 0 labeling functions and 1 slice.")


def test_summary_is_sorted_by_what_deserves_a_look_or_as_it_is_asked_for(run, judged):
    found = run("lf", "summary", "mood", "--json").json["lfs"]
    assert found[0]["lf"] == "thanks"
    assert {"votes", "coverage", "overlaps", "conflicts", "correct", "incorrect", "precision", "faults"} <= set(
        found[0]
    )
    assert found[0]["by_vote"][0]["on_gold"] == 40
    assert list(found[0]["by_month"]) == ["2026-02"]
    names = [each["lf"] for each in run("lf", "summary", "mood", "--sort", "name", "--json").json["lfs"]]
    assert names == ["loud", "thanks", "wrong"]
    told = run("lf", "summary", "mood").out
    assert "adds: points of accuracy that dev gold loses if it says nothing (0.875 of 80 covered items" in told

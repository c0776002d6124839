"""``init --from FILE`` writes a task about the file that works as it is, or nothing."""

from __future__ import annotations

import io
import random
import shlex
import sys

import pytest

from retrolabel.cli import init

TEXTS = {
    "bug": "a bug again, it is not what I wanted",
    "feature": "please add a feature",
    "Praise!": "praise to the team",
    "other": "what does it cost",
}
REVIEWS = "Review ID;posted;Review Text;label\n" + "".join(
    f"r{n};{1 + n % 28:02d}.02.2026;{text} {n};{label}\n" for n, (label, text) in enumerate([*TEXTS.items()] * 10)
)
ASKED = ("--task", "review_kind", "--column", "Review Text", "--from", "reviews.csv")


def words_of(command):
    return shlex.split(command)[1:]


def test_the_task_works_with_the_commands_that_it_says_to_type(run, write, folder, monkeypatch):
    write("reviews.csv", REVIEWS)
    done = run("init", "apps", *ASKED, "--json")
    assert done.code == 0, done.err
    made = done.json
    assert [label["id"] for label in made["labels"]] == ["bug", "feature", "praise", "other"]
    assert made["file"] | {"languages": {}} == {
        "name": "reviews.csv",
        "rows": 40,
        "columns": {
            "Review ID": {"kind": "string", "distinct": 40},
            "posted": {"kind": "string", "distinct": 28},
            "Review Text": {"kind": "string", "distinct": 40},
            "label": {"kind": "string", "distinct": 4},
        },
        "id": "Review ID",
        "time": "posted",
        "label": "label",
        "duplicates": 0,
        "languages": {},
    }
    assert [(lf["name"], lf["votes"], lf["judged"], lf["right"]) for lf in made["lfs"]] == [
        ("says_bug", 10, 10, 10),
        ("says_feature", 10, 10, 10),
        ("says_praise", 10, 10, 10),
    ]
    monkeypatch.chdir(folder / "apps")
    assert run("schema", "check").code == 0
    assert run("lf", "test").out == "ok: 6 examples of 3 labeling functions.\n"
    for command in made["next"]:
        done = run(*words_of(command), *(["--no-tracking"] if "relabel" in command else []))
        assert done.code == 0, (command, done.err)
    assert "40 new labels" in done.out


def test_a_file_is_told_column_by_column(run, write):
    write("reviews.csv", REVIEWS)
    out = run("init", "apps", *ASKED).out
    assert "reviews.csv: 40 rows, 4 columns." in out
    assert "  Review ID: ids, all different" in out
    assert "  posted: times, 2026-02-01 to 2026-02-28" in out
    assert "(read as review_text)" in out
    assert "None for other: such words say nothing of an item." in out
    ingest = '--source reviews --id "Review ID" --time posted --time-format %d.%m.%Y --map review_text="Review Text"'
    assert f"  retrolabel ingest ../reviews.csv {ingest} --drop label\n" in out


def test_labels_of_a_test_are_neither_counted_nor_told(run, write):
    rows = "".join(f"{n},it is a bug {n},{'bug' if n % 2 else 'wish'},train\n" for n in range(20))
    hidden = "".join(f"{n},it is a bug {n},secret,test\n" for n in range(20, 60))
    write("f.csv", "id,text,label,split\n" + rows + hidden)
    done = run("init", "p", "--from", "f.csv")
    assert done.code == 0, done.err
    assert "secret" not in done.out
    assert "label: labels that somebody gave: bug 10, wish 10" in done.out.replace("wish 10, bug 10", "bug 10, wish 10")
    assert "40 rows that split calls a test: their labels were not looked at" in done.out
    assert "votes on 60 rows, right on 10 of 20 with a label" in done.out
    assert "--role-column split --role-map train=dev" in done.out


def test_nothing_is_checked_is_said_where_nobody_labelled(run, write):
    write("f.csv", "text\nthis is a bug\nthat is fine\n")
    out = run("init", "p", "--labels", "bug,wish", "--from", "f.csv").out
    assert "says_bug -> bug: says bug; votes on 1 row\n" in out
    assert "None for wish: the texts never say so." in out
    assert "Nothing is checked" in out


def test_a_dry_run_writes_nothing(run, write, folder):
    write("f.csv", "text\nthis is a bug\nthat is fine\n")
    done = run("init", "p", "--labels", "bug,wish", "--from", "f.csv", "--dry-run", "--json")
    assert "says_bug" in done.json["files"][f"{folder}/p/labeling_functions/kind/wording.py"]
    assert [path.name for path in folder.iterdir()] == ["f.csv"]


def test_a_source_that_is_ingested_is_looked_at_for_a_second_task(run, project):
    done = run("init", ".", "--task", "thanks", "--labels", "thank,wrong", "--from", "web")
    assert done.code == 0, done.err
    assert "says_thank -> thank: says thank; votes on 8 rows" in done.out
    assert "  retrolabel relabel thanks" in done.out
    assert run("lf", "test").code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--labels", "a,A"), "'a' and 'A': would both be called a"),
        (("--labels", "a"), "only 'a' is named"),
        (("--labels", "bug,wish", "--from", "nosuch.csv"), "There is no file nosuch.csv"),
        (("--labels", "bug,wish", "--from", "f.csv", "--column", "txt"), "Did you mean 'text'?"),
        (("--labels", "bug,wish", "--from", "f.csv", "--column", "stars"), "is integer"),
        (("--from", "f.csv"), "Which labels?"),
        (("--from", "f.csv", "--label-column", "nope"), "has no column 'nope'"),
        (("--labels", "bug,wish", "--task", "a b"), "cannot be a task's name"),
    ],
)
def test_what_cannot_be_is_refused_with_what_helps_and_leaves_nothing(run, write, folder, words, told):
    write("f.csv", "text,stars\nthis is a bug,1\nthat is fine,2\n")
    done = run("init", "p", *words)
    assert done.code == 1
    assert told in done.err
    assert "Fix: " in done.err
    assert not (folder / "p").exists()


def test_nothing_is_overwritten(run, write, folder):
    write("f.csv", "text\nthis is a bug\nthat is fine\n")
    words = ("init", "p", "--labels", "bug,wish", "--from", "f.csv")
    assert run(*words).code == 0
    before = {path: path.read_bytes() for path in (folder / "p").rglob("*") if path.is_file()}
    done = run(*words)
    assert (done.code, "nothing was written" in done.err) == (1, True)
    assert {path: path.read_bytes() for path in (folder / "p").rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("said", "task", "labels"),
    [
        ("reviews.csv\nReview kind\nbug,feature\n", "review_kind", ["bug", "feature"]),
        ("reviews.csv\n\n\n", "kind", ["bug", "feature", "praise", "other"]),
        ("\n\n\n", "helpfulness", ["bad", "good"]),
    ],
)
def test_a_terminal_is_asked_three_questions(run, write, folder, monkeypatch, said, task, labels):
    write("reviews.csv", REVIEWS)
    monkeypatch.setattr(init, "at_a_terminal", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO(said))
    assert run("init", "p").code == 0
    monkeypatch.chdir(folder / "p")
    shown = run("schema", "show", task, "--format", "json").json
    assert sorted(label["id"] for label in shown["labels"]) == sorted(labels)


NAMES = [a + b + c for a in "bdfgk" for b in "aeiou" for c in "lmnprst"]


def rows_of(labels):
    """A row for each label, which says one of its words, among others that say nothing."""
    dice = random.Random(3)  # noqa: S311 - a test's dice
    says = {"bug": ["crashes", "freezes"], "wish": ["please add", "i miss"], "bug report": ["a bug"]}
    filler = ["today", "again", "here", "on my phone", "since monday"]
    lines = ["id,review,kind"]
    for n, (label, kind) in enumerate(labels):
        words = [dice.choice(filler), says[label][n // 7 % len(says[label])], f"in {NAMES[n % len(NAMES)]}"]
        lines.append(f"{n},{' '.join(dice.sample(words, 3))},{kind}")
    return "\n".join(lines) + "\n"


def test_words_of_labelled_rows_are_counted_on_rows_that_did_not_choose_them(run, write, folder, monkeypatch):
    labels = [("bug" if n % 2 else "wish", "bug" if n % 2 or n % 20 == 0 else "wish") for n in range(400)]
    write("reviews.csv", rows_of(labels))
    done = run("init", "apps", "--from", "reviews.csv", "--json")
    assert done.code == 0, done.err
    found = {lf["name"]: lf for lf in done.json["lfs"]}
    assert {name for name, lf in found.items() if lf["held_out"]} == {
        "says_freezes",
        "says_crashes",
        "says_please",
        "says_miss",
    }
    for name, word in (("says_freezes", "freezes"), ("says_please", "please add")):
        hits = rows_of(labels).count(word)
        assert found[name]["votes"] == hits
        assert 0.3 * hits < found[name]["judged"] < 0.7 * hits
    assert found["says_freezes"]["right"] == found["says_freezes"]["judged"]
    assert found["says_please"]["right"] < found["says_please"]["judged"]
    monkeypatch.chdir(folder / "apps")
    assert run("lf", "test").code == 0


def test_labels_by_chance_have_no_words_and_the_labels_own_word_is_not_found_twice(run, write):
    dice = random.Random(4)  # noqa: S311 - the same
    by_chance = [(dice.choice(["bug", "wish"]), dice.choice(["bug", "wish"])) for _ in range(400)]
    write("chance.csv", rows_of(by_chance))
    assert not [lf for lf in run("init", "a", "--from", "chance.csv", "--json").json["lfs"] if lf["held_out"]]
    write("own.csv", rows_of([("bug report", "bug") if n % 2 else ("wish", "wish") for n in range(400)]))
    found = run("init", "b", "--from", "own.csv", "--json").json["lfs"]
    assert {lf["name"] for lf in found if lf["label"] == "bug"} == {"says_bug"}

"""`lf gaps`, as somebody at a terminal and a script meet it."""

from __future__ import annotations

import shlex

import pytest

ROWS = [
    ("the screen freezes", "bad"),
    ("thank you so much", "good"),
    ("it freezes", "bad"),
    ("I ASKED FOR PYTHON", None),
    ("it is wrong", "bad"),
]


@pytest.fixture
def open_ended(run, project, write):
    """A project of which a source speaks of what no labeling function looks for, some of it with dev gold."""
    names = [f"{one}{other}{one}" for one in "abcdefghij" for other in "klmnopqrst"]
    rows = [f"{n},2026-0{1 + n % 4}-05T08:00:00Z,{ROWS[n % 5][0]} {names[n]}" for n in range(100)]
    write("chat.csv", "item_id,created_at,comment\n" + "\n".join(rows) + "\n")
    assert run("ingest", "chat.csv", "--source", "chat").code == 0
    gold = [f"{n},{ROWS[n % 5][1]}" for n in range(50) if ROWS[n % 5][1]]
    write("gold.csv", "item_id,label\n" + "\n".join(gold) + "\n")
    words = ("gold", "import", "mood", "gold.csv", "--source", "chat", "--role", "dev", "--sampling", "random")
    assert run(*words).code == 0
    return project


def test_clusters_come_with_terms_months_gold_and_marked_words_and_the_next_command_works(run, open_ended):
    done = run("lf", "gaps", "mood", "--of", "uncovered")
    assert done.code == 0, done.err
    assert "mood 1.0.0: 140 items, alike by comment" in done.out
    assert "uncovered: " in done.out
    assert "guessed: " not in done.out
    assert "2026-01 to 2026-04" in done.out
    assert "dev gold: bad 20" in done.out
    assert "freezes]" in done.out
    (line,) = [line for line in done.out.splitlines() if line.startswith("Next: retrolabel lf new mood says_")]
    words = shlex.split(line.removeprefix("Next: retrolabel "))
    assert words[words.index("--label") + 1] == "bad"
    assert run(*words).code == 0
    left = run("lf", "gaps", "mood", "--of", "uncovered", "--json").json["gaps"][0]
    assert not any("freezes" in term["term"] for cluster in left["clusters"] for term in cluster["terms"])


def test_json_has_all_of_each_kind(run, open_ended):
    found = run("lf", "gaps", "mood", "--json", "--examples", "1").json
    assert (found["task"], found["items"], found["columns"]) == ("mood", 140, ["comment"])
    assert [gap["kind"] for gap in found["gaps"]] == ["uncovered", "guessed", "conflicting"]
    for gap in found["gaps"]:
        clustered = sum(each["items"] for each in gap["clusters"])
        assert (
            gap["clusters_in_all"] > len(gap["clusters"]) or clustered + gap["in_no_cluster"]["items"] == gap["items"]
        )
    freezes = found["gaps"][0]["clusters"][0]
    assert freezes["gold"] == {"bad": 20}
    assert sum(freezes["by_month"].values()) == freezes["items"]
    (example,) = freezes["examples"]
    assert example["words"]["terms"]


def test_where_all_is_covered_it_says_so_with_the_next_command(run, open_ended, write):
    for module in (open_ended / "labeling_functions/mood").glob("*.py"):
        module.unlink()
    write("labeling_functions/mood/__init__.py", "")
    write(
        "labeling_functions/mood/all.py",
        "from labeling_functions.mood.schema.v1 import GOOD\nfrom retrolabel import labeling_function\n\n\n"
        '@labeling_function(GOOD)\ndef always(comment):\n    """Say good."""\n    return True\n',
    )
    done = run("lf", "gaps", "mood")
    assert done.code == 0, done.err
    assert "uncovered: none (no labeling function votes)" in done.out
    assert "Next: retrolabel errors mood" in done.out


def test_texts_that_share_nothing_are_told_and_a_next_command_too(run, project, write):
    names = [f"{one}{other}" for one in "abcdefgh" for other in "klmnop"]
    write("odd.csv", "item_id,comment\n" + "".join(f"{n},{name}\n" for n, name in enumerate(names)))
    assert run("ingest", "odd.csv", "--source", "odd").code == 0
    (project / "retrolabel.toml").write_text('tracking = false\n[tasks.mood]\nsources = ["odd"]\n', encoding="utf-8")
    done = run("lf", "gaps", "mood", "--of", "uncovered", "--store", ".retrolabel")
    assert done.code == 0, done.err
    assert "48 items in no cluster, as:" in done.out
    assert "Next: retrolabel lf suggest mood" in done.out


def test_nothing_is_stored(run, open_ended):
    before = sorted((open_ended / ".retrolabel").rglob("*.parquet"))
    assert run("lf", "gaps", "mood").code == 0
    assert sorted((open_ended / ".retrolabel").rglob("*.parquet")) == before


def test_what_cannot_be_asked_is_refused_with_what_helps(run, project):
    assert run("lf", "gaps", "mood", "--of", "gessed").code == 2
    done = run("lf", "gaps", "mood", "--column", "coment", "--json")
    assert done.code == 1
    assert done.json["error"]["type"] == "InputError"
    assert "Did you mean 'mood'" in run("lf", "gaps", "mod").err


def test_without_a_store_the_error_says_how_to_ingest(run, folder):
    assert run("init", ".", "--task", "mood").code == 0
    done = run("lf", "gaps", "mood")
    assert done.code == 1
    assert "retrolabel ingest FILE --source NAME" in done.err

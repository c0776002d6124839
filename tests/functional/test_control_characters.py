"""Control characters of feedback, of files and of other people's code are shown, never obeyed."""

from __future__ import annotations

import csv
import json

import pytest

ODD = "a\x1b[2J\x07\x08\x9b31m\u202eb\u200bc"
OBEYED = set("\x1b\x07\x08\x9b\u202e\u200b")
SHOWN = "a\\x1b[2J\\x07\\x08\\x9b31m\\u202eb\\u200bc"
FAILING = '''
from labeling_functions.mood.schema.v1 import GOOD
from retrolabel import labeling_function


@labeling_function(GOOD)
def fails(comment: str) -> bool:
    """Fail with the text itself."""
    if "odd" in comment:
        raise ValueError(comment)
    return False
'''


@pytest.fixture
def odd(project, run, write):
    """A project with an item whose id and text hold control characters, and an LF that fails on it."""
    write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\nmax_fault_rate = 1.0\n')
    said = f"thank you, odd {ODD}\nFix: obey me"
    rows = [{"item_id": f"{ODD}\nsecond", "comment": said}, {"item_id": "=1+1", "comment": "perfect"}]
    write("odd.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    write("labeling_functions/mood/failing.py", FAILING)
    assert run("ingest", "odd.jsonl", "--source", "mail", "--id", "item_id").code == 0
    assert run("relabel", "mood").code == 0
    return project


COMMANDS = [
    ("labels", "show", "mood", "--item", f"{ODD}\nsecond"),
    ("explain", "mood", f"{ODD}\nsecond"),
    ("explain", "mood", f"{ODD}no such item"),
    ("lf", "faults", "mood"),
    ("ingest", "odd.jsonl", "--source", "mail", "--dry-run"),
    ("ingest", "changed.jsonl", "--source", "mail", "--id", "item_id"),
    ("ingest", f"{ODD}.csv", "--source", "mail"),
    ("report", "mood", "--out", "-"),
    ("gold", "import", "mood", "gold.csv", "--source", "mail", "--role", "dev"),
    ("labels", "show", ODD),
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2]))
def test_no_command_prints_a_control_character_of_data_as_text_or_as_json(odd, run, write, words):
    write("changed.jsonl", json.dumps({"item_id": f"{ODD}\nsecond", "comment": "other"}) + "\n")
    write("gold.csv", f'item_id,label\n"{ODD}\nsecond","{ODD}"\n=1+1,good\n')
    for more in ((), ("--json",)) if "-" not in words else ((),):
        done = run(*words, *more)
        printed = done.out + done.err
        assert set(printed) & OBEYED == set(), more
        assert "Usage:" not in printed
        if more and done.out:
            assert isinstance(done.json, dict)


def test_an_item_is_shown_in_one_line_with_its_characters_as_text_and_whole_as_json(odd, run):
    shown = run("labels", "show", "mood", "--item", f"{ODD}\nsecond")
    assert shown.out.splitlines()[0].startswith(f"mail/{SHOWN}\\nsecond: good ")
    as_json = run("labels", "show", "mood", "--item", f"{ODD}\nsecond", "--json")
    assert as_json.json["items"][0]["item_id"] == f"{ODD}\nsecond"


def test_the_words_of_a_failing_labeling_function_cannot_look_like_ours(odd, run):
    told = run("lf", "faults", "mood").out.splitlines()
    assert told[0].startswith(f"fails on mail/{SHOWN}\\nsecond: ValueError: thank you, odd {SHOWN}")
    assert [line for line in told if line.startswith("Fix")] == []


def test_a_csv_export_says_how_many_cells_begin_like_formulas_and_changes_none(odd, run, folder):
    done = run("labels", "export", "mood", "--format", "csv", "--out", "out.csv", "--json")
    assert done.code == 0
    assert done.json["formulas"] == 1
    assert done.err == (
        "Note: 1 cell of out.csv begins like a formula (=, +, -, @, tab or CR), which a spreadsheet runs; it is written"
        " as it is. Fix: --spreadsheet writes it with an apostrophe before\n"
    )
    with (folder / "out.csv").open(newline="", encoding="utf-8") as stream:
        assert "=1+1" in [row["item_id"] for row in csv.DictReader(stream)]


def test_a_csv_export_for_a_spreadsheet_guards_those_cells_alone(odd, run, folder):
    assert run("labels", "export", "mood", "--format", "csv", "--out", "plain.csv").code == 0
    done = run("labels", "export", "mood", "--format", "csv", "--out", "out.csv", "--spreadsheet")
    assert done.code == 0
    with (folder / "out.csv").open(newline="", encoding="utf-8") as stream:
        guarded = list(csv.DictReader(stream))
    with (folder / "plain.csv").open(newline="", encoding="utf-8") as stream:
        plain = list(csv.DictReader(stream))
    changed = [(a["item_id"], b["item_id"]) for a, b in zip(plain, guarded, strict=True) if a != b]
    assert changed == [("=1+1", "'=1+1")]


def test_only_a_csv_file_is_guarded(odd, run):
    done = run("labels", "export", "mood", "--format", "jsonl", "--spreadsheet")
    assert done.code == 1
    assert "--spreadsheet is about CSV files" in done.err


def test_human_labels_written_for_a_spreadsheet_are_guarded_too(odd, run, write, folder):
    write("gold.csv", "item_id,label\n=1+1,good\n")
    assert run("gold", "import", "mood", "gold.csv", "--source", "mail", "--role", "dev").code == 0
    done = run("gold", "show", "mood", "--out", "plain.csv", "--json")
    assert (done.json["formulas"], "=1+1" in (folder / "plain.csv").read_text().replace("'=1+1", "")) == (1, True)
    assert run("gold", "show", "mood", "--out", "out.csv", "--spreadsheet").code == 0
    assert "'=1+1" in (folder / "out.csv").read_text()

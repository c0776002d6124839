"""``gold calibrate`` at the terminal: a week from the files to who is missing."""

from __future__ import annotations

import csv

import pytest

START = ("gold", "calibrate", "start", "mood")
SMALL = ("--people", "ana,ben", "--n", "8", "--again", "2", "--honeypots", "0")


@pytest.fixture
def different(run, write, project, once):
    """Thirty items, no two of them with the same text."""

    def build():
        rows = "".join(f"{n},2026-03-01T08:00:00Z,{'thank you' if n % 2 else 'this is wrong'} {n}\n" for n in range(30))
        write("more.csv", f"item_id,created_at,comment\n{rows}")
        assert run("ingest", "more.csv", "--source", "mail").code == 0

    return once("mood_and_mail", build)


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def fill(path, label="good", first=None):
    rows = rows_of(path)
    for row in rows[:first]:
        row["label"] = label
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_a_week_of_five_commands(different, run):
    done = run(*START, *SMALL, "--source", "mail")
    assert done.code == 0, done.err
    assert "A new calibration set of mood, from mail, seed 0." in done.out
    assert "Round 1 of mood is open, under 1.0.0." in done.out
    assert "It buys: alpha of 2 people within about +-0." in done.out
    assert "in one round of 8 items, where it is near 0.7" in done.out
    assert "nobody is asked again yet: that begins 2 rounds after the first answers" in done.out
    folder = different / "calibration" / "mood" / "round-01"
    assert sorted(path.name for path in folder.iterdir()) == ["ana.csv", "ben.csv"]
    again = run(*START)
    assert (again.code, "Round 1 of mood is open until" in again.out) == (0, True)
    assert "ana has 8 items to answer: calibration/mood/round-01/ana.csv" in again.out
    fill(folder / "ana.csv")
    fill(folder / "ben.csv", first=3)
    filled = run("gold", "calibrate", "fill", "mood", "calibration/mood/round-01", "--json").json["files"]
    assert [(each["person"], each["added"], each["answered"], each["asked"]) for each in filled] == [
        ("ana", 8, 8, 8),
        ("ben", 3, 3, 8),
    ]
    status = run("gold", "calibrate", "status", "mood", "--check")
    assert status.code == 3
    assert "ben has 5 of 8 items to answer" in status.out
    assert "alpha, round 1: undefined (3 items): nothing varies" in status.out
    fill(folder / "ben.csv", label="bda")
    wrong = run("gold", "calibrate", "fill", "mood")
    assert wrong.code == 1
    assert "ben.csv: line 2: 'bda' (8 rows) is no label of mood 1.0.0" in wrong.err
    fill(folder / "ben.csv", label="bad")
    assert run("gold", "calibrate", "fill", "mood").code == 0
    assert run("gold", "calibrate", "status", "mood", "--check").code == 0
    told = run("gold", "calibrate", "status", "mood", "--json").json
    assert (told["missing"], told["is_due"], told["rounds"][0]["state"]) == ([], False, "open")


def test_what_would_be_done_is_said_and_nothing_is_written(different, run, state):
    before = state()
    done = run(*START, *SMALL, "--source", "mail", "--dry-run")
    assert (done.code, "would be opened" in done.out, "Nothing was written." in done.out) == (0, True, True)
    assert (state(), (different / "calibration").exists()) == (before, False)
    assert run(*START, *SMALL, "--source", "mail").code == 0
    before = state()
    assert "would be taken back" in run(*START, "--undo", "1", "--dry-run").out
    assert "would be stopped" in run("gold", "calibrate", "stop", "mood", "--dry-run").out
    assert "Nothing was stored." in run("gold", "calibrate", "fill", "mood", "--dry-run").out
    assert state() == before
    assert "is taken back: nobody answered in it." in run(*START, "--undo", "1").out


def test_without_a_set_each_command_says_how_to_start_one(different, run):
    assert (
        "retrolabel gold calibrate start mood --people ana,ben,cleo" in run("gold", "calibrate", "status", "mood").out
    )
    for words in (("fill", "mood"), ("stop", "mood"), ("start", "mood", "--source", "mail")):
        done = run("gold", "calibrate", *words)
        assert done.code == 1
        assert "retrolabel gold calibrate start mood --people ana,ben,cleo" in done.err


def test_a_folder_without_files_of_a_round_is_refused(different, run, write):
    assert run(*START, *SMALL, "--source", "mail").code == 0
    write("other/notes.csv", "a,b\n1,2\n")
    done = run("gold", "calibrate", "fill", "mood", "other")
    assert done.code == 1
    assert "other has no file of a round; it has 1 other table." in done.err
    missing = run("gold", "calibrate", "fill", "mood", "nowhere.csv")
    assert (missing.code, "nowhere.csv" in missing.err) == (1, True)

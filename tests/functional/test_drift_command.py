"""``retrolabel drift`` at the terminal: figures, sentences, commands, and the exit code of a monitor."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

START = date(2025, 12, 1)


@pytest.fixture
def drifted(project, run):
    """The project with 34 weeks of feedback, in the last of which people say a new word."""
    rows = []
    for day in range(34 * 7):
        said = ("Thank you", "this is wrong", "hm", "fine")
        for number in range(8):
            more = " Aurora" if day >= 30 * 7 and number < 3 else ""
            rows.append(f"{day}-{number},{START + timedelta(day)}T0{number}:00:00Z,{said[(day + number) % 4]}{more}")
    path = project / "months.csv"
    path.write_text("item_id,created_at,comment\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert run("ingest", "months.csv", "--source", "months").code == 0
    assert run("relabel", "mood", "--no-tracking").code == 0
    return project


def test_what_drifted_is_told_with_what_follows_and_exits_with_3(drifted, run):
    done = run("drift", "mood", "--until", "2026-07-27")
    assert done.code == 3
    assert "mood: 2026-06-29 to 2026-07-26, 224 items, against " in done.out
    assert "comment: aurora" in done.out
    assert "- words of comment: aurora 0.0 % -> 37.5 %" in done.out
    assert "next: retrolabel gold sample mood" in done.out
    assert "is less than a day old (stale after 120)" in done.out


def test_json_says_the_same_to_machines(drifted, run):
    done = run("drift", "mood", "--until", "2026-07-27", "--json")
    assert done.code == 3
    (alarm,) = [each for each in done.json["drift"]["alarms"] if each["kind"] == "words"]
    assert (alarm["what"], alarm["before"], alarm["now"]) == ("comment", 0.0, 0.375)
    assert done.json["staleness"]["stale"] is False


def test_before_anything_drifted_the_code_is_0(drifted, run):
    done = run("drift", "mood", "--until", "2026-06-01")
    assert done.code == 0, done.out
    assert "no drift: " in done.out


def test_a_window_that_was_over_long_ago_is_said(drifted, run):
    assert "note: the window ended 98 days ago" in run("drift", "mood", "--until", "2026-11-01").out
    assert "note: the window ended" not in run("drift", "mood", "--until", "2026-08-01").out


def test_too_little_feedback_is_open_with_why_and_code_0(drifted, run):
    done = run("drift", "mood", "--until", "2026-01-31")
    assert done.code == 0
    assert "drift is open: 2 weeks with items before the window, and 8 weeks are needed" in done.out


def test_a_window_of_other_than_whole_weeks_is_refused_with_a_remedy(drifted, run):
    done = run("drift", "mood", "--window", "30")
    assert done.code == 1
    assert "Fix: take 28 days" in done.err


def test_labels_that_are_stale_exit_with_3(drifted, run):
    settings = drifted / "retrolabel.toml"
    settings.write_text(settings.read_text() + "\n[tasks.mood]\nhorizon_days = 0\n")
    assert "horizon_days" in run("drift", "mood").err


def test_an_unknown_task_names_the_nearest(drifted, run):
    done = run("drift", "mod")
    assert done.code == 1
    assert "Did you mean 'mood'?" in done.err

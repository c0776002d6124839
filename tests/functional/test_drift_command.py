"""``retrolabel drift`` at the terminal: figures, sentences, commands, and the exit code of a monitor."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

START = date(2025, 12, 1)


@pytest.fixture
def drifted(project, run, once):
    """The project with 34 weeks of feedback, in the last of which people say a new word."""
    return once("mood_drifted", lambda: months(project, run))


def months(project, run):
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


def test_a_drift_is_accepted_with_who_why_and_since_when_and_taken_back(drifted, run):
    look = ("drift", "mood", "--until", "2026-07-27")
    assert run(*look).out.count("alarm") >= 1
    done = run(*look, "--accept", "words:comment", "--reason", "Aurora was launched")
    assert done.code == 0, done.err
    assert "mood: words:comment is the new normal from 2026-06-29 on (" in done.out
    assert ": Aurora was launched); it is compared again from 2026-09-21 on" in done.out
    assert "back: retrolabel drift mood --undo words:comment" in done.out
    then = run(*look, "--json").json["drift"]
    assert "words" not in {each["kind"] for each in then["alarms"]}
    (said,) = then["accepted"]
    assert (said["subject"], said["since"], said["why"]) == ("words:comment", "2026-06-29", "Aurora was launched")
    assert "accepted: words:comment is the new normal from 2026-06-29 on" in run(*look).out
    assert run("drift", "mood", "--until", "2026-06-29", "--json").json["drift"]["accepted"] == []  # as of then
    kinds = [each["kind"] for each in run("events", "list", "--json").json["events"]]
    assert kinds[-1] == "feedback.drift_accepted"

    back = run("drift", "mood", "--undo", "words:comment", "--reason", "it was a bot")
    assert back.code == 0
    assert "no longer accepted: words:comment, which was since 2026-06-29, by " in back.out
    assert "words" in {each["kind"] for each in run(*look, "--json").json["drift"]["alarms"]}
    everything = run(*look, "--accept", "all", "--reason", "Aurora was launched", "--from", "2026-06-22", "--json").json
    assert {each["since"] for each in everything["accepted"]} == {"2026-06-22"}
    assert run(*look, "--json").json["drift"]["alarms"] == []
    assert run(*look).code == 0


@pytest.mark.parametrize(
    ("words", "why", "fix"),
    [
        (
            ("--accept", "words:coment", "--reason", "x"),
            "Did you mean 'words:comment'? There is words:comment",
            "or all",
        ),
        (("--accept", "aurora", "--reason", "x"), "'aurora' is no alarm of drift in mood. There is ", "or all"),
        (("--accept", "words:comment"), "A drift is accepted with a reason", "--reason"),
        (("--accept", "all", "--reason", "x", "--from", "2027-01-01"), "2027-01-01 is no day of this look", "--from"),
        (("--undo", "words:comment"), "No drift of mood is accepted", "retrolabel drift mood"),
        (("--accept", "all", "--undo", "all"), "say the opposite", "one of them"),
        (("--from", "2026-06-29"), "--from says since when", "--accept"),
    ],
)
def test_what_cannot_be_accepted_says_what_there_is_and_writes_nothing(drifted, run, words, why, fix):
    done = run("drift", "mood", "--until", "2026-07-27", *words)
    assert (done.code, why in done.err, fix in done.err) == (1, True, True), done.err
    assert run("events", "list", "--kind", "feedback.drift_accepted", "--json").json["events"] == []


def test_without_an_alarm_nothing_can_be_accepted(drifted, run):
    done = run("drift", "mood", "--until", "2026-06-01", "--accept", "all", "--reason", "x")
    assert (done.code, "There is no alarm of drift in mood, from 2026-05-04 to 2026-05-31" in done.err) == (1, True)

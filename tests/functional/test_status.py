"""How a task stands, at a glance: what waits, what is held, what failed, and the one command to type next."""

from __future__ import annotations

from datetime import timedelta

import pytest

import retrolabel
from retrolabel.engines.here import this_process
from retrolabel.jobs.records.leases import Holder, Lease
from retrolabel.jobs.schedules.running import Result
from retrolabel.wiring.scheduling import Schedules
from retrolabel.wiring.site import now
from retrolabel.wiring.status import status


@pytest.fixture
def lines(run):
    """Run ``status`` and return the exit code, the next command, and what each line says, by what it is about."""

    def go():
        done = run("status", "mood", "--json")
        (task,) = done.json["tasks"]
        return done.code, task["next"], {each["what"]: (each["state"], each["told"]) for each in task["lines"]}

    return go


def test_a_task_goes_from_nothing_to_well(project, run, lines):
    assert lines() == (3, "retrolabel relabel mood", {"current": ("to do", "there are no labels yet")})
    run("relabel", "mood")
    code, command, found = lines()
    assert (code, command, found["items"]) == (0, "", ("ok", "the latest label set holds all that came in"))
    assert (
        found["current"][1].endswith("made today: 32 of 40 items have a label") or "of 40 items" in found["current"][1]
    )
    assert "current" in run("status").out


def test_new_items_a_candidate_and_a_released_version_are_to_do(project, run, write, lines):
    run("relabel", "mood")
    write("more.csv", "item_id,created_at,comment\n98,2026-03-01T08:00:00Z,thank you\n99,2026-03-02T08:00:00Z,hm\n")
    assert run("ingest", "more.csv", "--source", "web").code == 0
    code, command, found = lines()
    assert (code, command, found["items"][1]) == (
        3,
        "retrolabel plan mood",
        "2 items came since the latest label set",
    )
    path = project / "labeling_functions/mood/wording.py"
    path.write_text(path.read_text().replace("says_thanks = keywords(\n    GOOD", "says_thanks = keywords(\n    BAD"))
    assert run("relabel", "mood").code == 1
    code, command, found = lines()
    assert (code, found["candidate"][0], "is held: flips" in found["candidate"][1]) == (3, "to do", True)
    assert command.startswith("retrolabel report mood ")


def test_gold_that_came_since_the_latest_label_set_waits(project, run, write, lines):
    run("relabel", "mood")
    rows = "".join(f"{n},{('good', 'bad')[n % 2]}\n" for n in range(30))
    write("gold.csv", "item_id,label\n" + rows)
    words = ("gold", "import", "mood", "gold.csv", "--source", "web", "--sampling", "random", "--role")
    assert run(*words, "dev").code == 0
    code, command, found = lines()
    assert (code, command) == (0, "retrolabel plan mood")
    assert found["new gold"] == (
        "note",
        "30 human labels for dev came since the latest label set, which a relabel may fit",
    )
    assert run("relabel", "mood").code in (0, 1)
    assert "new gold" not in lines()[2]


def test_labels_beyond_their_horizon_are_to_do(project, run, write):
    write("retrolabel.toml", "tracking = false\n[tasks.mood]\nhorizon_days = 30\n")
    run("relabel", "mood")
    ws = retrolabel.open(project)
    (then,) = status(ws, ["mood"], clock=lambda: now() + timedelta(days=31))
    assert [line.told for line in then.lines if line.what == "age"] == [
        "the labels are 31 days old; the horizon is 30 (horizon_days in the settings)"
    ]
    (then,) = status(ws, ["mood"], clock=lambda: now() + timedelta(days=29))
    assert not then.any("to do")


def test_what_failed_by_night_and_who_could_not_be_told_are_failures(project, run, lines):
    run("relabel", "mood")
    later = now() + timedelta(days=1)
    schedules = Schedules(retrolabel.open(project), clock=lambda: later, job=lambda _: Result("failed", "disk full"))
    retrolabel.open(project).schedules.add("mood", "@hourly", ["always"])
    assert [each.state for each in schedules.run_due()] == ["failed"]
    code, command, found = lines()
    assert (code, command) == (1, "retrolabel schedule history 1 --log")
    assert found["schedule"][0] == "failed"
    assert found["schedule"][1].endswith("failed, disk full")


@pytest.fixture
def schedule_line(project):
    """Return state, words and command of the line about schedules, some time from now."""

    def go(**later):
        (found,) = status(retrolabel.open(project), ["mood"], clock=lambda: now() + timedelta(**later))
        return [(line.state, line.told, line.command) for line in found.lines if line.what == "schedule"]

    return go


def test_a_schedule_that_nobody_runs_is_to_do_two_hours_after_its_time(project, run, schedule_line):
    run("relabel", "mood")
    assert run("schedule", "add", "mood", "--cron", "0 * * * *", "--when", "always").code == 0
    ((state, told, command),) = schedule_line()
    assert (state, "never ran: is retrolabel schedule run running?" in told, command) == ("note", True, "")
    assert schedule_line(hours=1, minutes=59)[0][0] == "note"
    ((state, told, command),) = schedule_line(hours=4)
    assert (state, command) == ("to do", "retrolabel schedule run --once")
    assert "UTC, and nobody ran it" in told
    later = now() + timedelta(hours=4)
    Schedules(retrolabel.open(project), clock=lambda: later, job=lambda _: Result("done", "it ran")).run_due()
    assert [state for state, *_ in schedule_line(hours=5)] == ["ok"]
    assert [state for state, *_ in schedule_line(hours=9)] == ["to do"]
    assert run("schedule", "pause", "1").code == 0
    assert [state for state, *_ in schedule_line(hours=9)] == ["note"]


def test_what_was_left_in_the_middle_is_said_with_who_goes_on_with_it(project, run, lines, schedule_line):
    run("relabel", "mood")
    later = now() + timedelta(days=1)

    def dies(_):
        raise KeyboardInterrupt

    run("schedule", "add", "mood", "--cron", "@daily", "--when", "always")
    with pytest.raises(KeyboardInterrupt):
        Schedules(retrolabel.open(project), clock=lambda: later, job=dies).run_due()
    ((state, told, command),) = schedule_line(days=1)
    assert (state, command) == ("to do", "retrolabel schedule run --once")
    assert ": running, and left in the middle on " in told
    gone = Holder("build-1", this_process().machine, 2**22 + 1, "7")
    retrolabel.open(project).catalog.leases.take(Lease("mood", "1f", gone, now(), now()), None)
    _, _, found = lines()
    assert found["run"][0] == "to do"
    assert found["run"][1].startswith("process 4194305 on build-1 began to relabel on ")
    assert run("relabel", "mood").code == 0
    assert "run" not in lines()[2]


def test_what_nobody_foresaw_fails_its_run_and_stops_no_other_schedule(project, run, lines, monkeypatch):
    run("relabel", "mood")
    for _ in range(2):
        run("schedule", "add", "mood", "--cron", "@hourly", "--when", "always")
    later, made = now() + timedelta(hours=2), []

    def job(schedule):
        if schedule.id == 1:
            raise PermissionError(13, "Permission denied", "labels.lock")
        made.append(schedule.id)
        return Result("done", "it ran")

    first, second = Schedules(retrolabel.open(project), clock=lambda: later, job=job).run_due()
    assert (first.state, "labels.lock" in first.why, second.state, made) == ("failed", True, "done", [2])
    assert lines()[2]["schedule"][0] in ("failed", "ok")
    assert run("status").code == 1


def test_a_lock_that_does_not_read_fails_the_run_and_says_so(project, run):
    run("relabel", "mood")
    assert run("schema", "release", "mood").code == 0
    run("schedule", "add", "mood", "--cron", "@hourly")
    (project / "labeling_functions" / "labels.lock").write_text("<<<<<<< HEAD\n")
    later = now() + timedelta(hours=2)
    (done,) = Schedules(retrolabel.open(project), clock=lambda: later).run_due()
    assert (done.state, "lock" in done.why) == ("failed", True)
    status_now = run("status", "mood")
    assert (status_now.code, "next: retrolabel schema check" in status_now.out) == (1, True)


def test_models_are_due_once_a_label_set_with_the_rule_and_its_figure(project, run, write, lines):
    write("retrolabel.toml", "tracking = false\n[tasks.mood.retrain]\nnew_labels = 2\nflips = 0.5\n")
    run("relabel", "mood")
    write("more.csv", "item_id,comment\n" + "".join(f"{n},thank you\n" for n in range(90, 93)))
    assert run("ingest", "more.csv", "--source", "web").code == 0
    assert run("relabel", "mood").code == 0
    code, _, found = lines()
    assert (code, found["models"][0]) == (3, "to do")
    assert "3 more items have a label than in" in found["models"][1]
    run("relabel", "mood")
    due = run("events", "list", "--kind", "retraining.due", "--json").json["events"]
    assert len(due) == 1
    rules = {each["name"]: each["due"] for each in due[0]["data"]["rules"]}
    assert rules == {"new_labels": True, "flips": False}
    write("one.csv", "item_id,comment\n95,thank you\n")
    run("ingest", "one.csv", "--source", "web")
    run("relabel", "mood")
    assert "models" not in lines()[2]  # one more is no reason since they were due last


def test_events_are_polled_by_number_and_time_and_endpoints_are_kept_by_command(project, run):
    run("relabel", "mood")
    first, second = run("events", "list", "--json").json["events"]
    assert (first["kind"], second["kind"]) == ("label_set.candidate", "label_set.promoted")
    assert run("events", "list", "--since", first["id"], "--json").json["events"] == [second]
    assert run("events", "list", "--since", "2030-01-01", "--json").json["events"] == []
    assert "one of" in run("events", "list", "--kind", "promoted").err
    assert "neither a number nor a time" in run("events", "list", "--since", "yesterday").err
    assert run("events", "subscribe", "team", "https://127.0.0.1:9/x", "--kind", "label_set.promoted").code == 0
    assert "was changed" in run("events", "subscribe", "team", "http://ana:pw123456@127.0.0.1:1/x").out
    (told,) = run("events", "endpoints", "--json").json["endpoints"]
    assert (told["name"], "pw123456" in str(told), told["kinds"]) == ("team", False, [])
    for url, token in (("slack://T0KENx/A1B2/c3d4", "T0KENx"), ("https://hooks.example/services/T0KENy", "T0KENy")):
        assert run("events", "subscribe", "chat", url).code == 0
        shown = run("events", "endpoints")
        assert (shown.code, token in shown.out + run("events", "endpoints", "--json").out) == (0, False)
    assert run("events", "unsubscribe", "chat").code == 0
    assert "env:NAME" in run("events", "subscribe", "team", "https://h/x", "--secret", "whsec_abc").err
    assert run("labels", "rollback", "mood").code == 1  # nothing was current before
    assert run("events", "deliver").out.strip() == "0 events delivered."
    assert run("events", "unsubscribe", "team").code == 0
    assert run("events", "unsubscribe", "team").code == 1
    assert run("events", "secret").out.startswith("whsec_")

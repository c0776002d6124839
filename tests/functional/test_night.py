"""By night, with a clock of its own: a bump at noon, a run at 3:00, what breaks, what is held, and the next night."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest

import retrolabel
from retrolabel.jobs.records.schedules import FAILED
from retrolabel.jobs.schedules.running import Result
from retrolabel.wiring.scheduled_results import result_of
from retrolabel.wiring.scheduling import Schedules
from retrolabel.wiring.status import status

V2 = '''
"""Version 2: bad is slow or wrong."""

from labeling_functions.mood.schema.v1 import BAD, GOOD
from labeling_functions.mood.schema.v1 import SCHEMA as V1
from retrolabel import Label, LabelSchema, Split

SLOW = Label("slow", "It took long.")
WRONG = Label("wrong", "It is not so.")
SCHEMA = LabelSchema(
    task="mood", version="2.0.0", revises=V1, labels=[GOOD, SLOW, WRONG], steps=[Split(BAD, into=[SLOW, WRONG])],
    reason="Slow and wrong go to two teams.",
)
'''
WRONG = '''
"""Signs that an answer is wrong."""

from labeling_functions.mood.schema.v2 import WRONG
from retrolabel import keywords

calls_it_wrong = keywords(WRONG, ["wrong"], column="comment", examples=["this is wrong"], non_examples=["perfect"])
'''
NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
THREE = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Clock:
    """A time that goes on when it is told to."""

    now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def released(project, run, write):
    """The project, labelled under version 1, which is released; what breaks sits out."""
    write("retrolabel.toml", 'tracking = false\n[tasks.mood]\non_fault = "skip"\n[tasks.mood.gates]\nshares = false\n')
    assert run("schema", "release", "mood").code == 0
    assert run("relabel", "mood").code == 0
    return project


@pytest.fixture
def scheduler(released, run, clock):
    """A scheduler of the project: its jobs run in this process, its clock is the test's."""
    asked = []

    def job(schedule):
        asked.append(schedule.task)
        done = run("relabel", schedule.task, "--json")
        return result_of(done.code, done.out, done.err)

    made = Schedules(retrolabel.open(released), clock=clock, job=job)
    made.asked = asked
    return made


def kinds(run):
    return [each["kind"] for each in run("events", "list", "--json").json["events"]]


def current(run):
    return next(each for each in run("labels", "list", "mood", "--json").json["label_sets"] if each["current"])


def test_a_bump_at_noon_is_current_after_two_nights_and_a_fix(scheduler, released, run, write, clock):
    made = scheduler.add("mood", "0 3 * * *")
    assert made.seen == {"released": "1.0.0"}
    assert scheduler.run_due() == []
    write("labeling_functions/mood/schema/v2.py", V2)
    write("labeling_functions/mood/wrong.py", WRONG)
    assert run("schema", "release", "mood").code == 0
    write("labeling_functions/mood/wrong.py", WRONG.replace("keywords(", "keywords(("))

    clock.now = THREE
    (night,) = scheduler.run_due()
    assert (night.state, night.missed, current(run)["schema_version"]) == ("held", 0, "1.0.0")
    assert "(2.0.0) is a candidate" in night.why
    assert kinds(run) == [
        "label_set.candidate",
        "label_set.promoted",
        "schema.released",
        "label_set.candidate",
        "lf.skipped",
        "label_set.gate_failed",
    ]
    assert scheduler.run_due() == []  # once

    write("labeling_functions/mood/wrong.py", WRONG)
    clock.now = THREE + DAY
    (night,) = scheduler.run_due()
    assert (night.state, current(run)["schema_version"]) == ("done", "2.0.0")
    assert kinds(run)[-2:] == ["label_set.candidate", "label_set.promoted"]
    clock.now = THREE + 2 * DAY
    (night,) = scheduler.run_due()
    assert (night.state, night.why) == ("nothing to do", "no version was released after 2.0.0")
    assert scheduler.asked == ["mood", "mood"]
    shown = run("schedule", "history").out
    assert ("held" in shown, "nothing to do" in shown) == (True, True)


def test_who_is_killed_in_the_middle_leaves_a_run_that_another_takes_up(scheduler, released, run, clock):
    scheduler.add("mood", "0 3 * * *", ["always"])
    clock.now = THREE

    def dies(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Schedules(retrolabel.open(released), clock=clock, job=dies).run_due()
    (left,) = run("schedule", "history", "--json").json["runs"]
    assert left["state"] == "running"
    (taken,) = scheduler.run_due()
    assert (taken.due_at, taken.tries, taken.state) == (THREE, 2, "done")
    assert scheduler.run_due() == []


def test_two_schedulers_run_each_time_once(scheduler, released, run, clock):
    scheduler.add("mood", "* * * * *", ["always"])
    ran, start = [], threading.Barrier(2)

    def job(_):
        ran.append(clock.now)
        return Result("done", "it ran")

    def host():
        mine = Schedules(retrolabel.open(released), clock=clock, job=job)
        start.wait()
        for minute in range(1, 6):
            clock.now = max(clock.now, NOON + timedelta(minutes=minute))
            mine.run_due()

    hosts = [threading.Thread(target=host) for _ in range(2)]
    for each in hosts:
        each.start()
    for each in hosts:
        each.join()
    runs = run("schedule", "history", "--json").json["runs"]
    assert len({each["due_at"] for each in runs}) == len(runs) == len(ran)
    assert {each["state"] for each in runs} == {"done"}


def test_what_fails_is_tried_again_then_it_is_an_event_and_the_next_time_comes_all_the_same(scheduler, run, released):
    clock = scheduler._clock
    scheduler.add("mood", "0 3 * * *", ["always"])
    fails = Schedules(
        retrolabel.open(released), clock=clock, job=lambda _: Result(FAILED, "the disk is full", log="No space left")
    )
    clock.now = THREE
    assert [each.state for each in fails.run_due()] == [FAILED]
    assert fails.run_due() == []  # not before a minute
    clock.now = THREE + timedelta(minutes=2)
    assert [each.tries for each in fails.run_due()] == [2]
    assert "schedule.failed" not in kinds(run)
    clock.now = THREE + timedelta(minutes=30)
    assert [each.tries for each in fails.run_due()] == [3]
    assert kinds(run)[-1] == "schedule.failed"
    clock.now = THREE + timedelta(hours=2)
    assert fails.run_due() == []
    clock.now = THREE + DAY
    assert [each.tries for each in fails.run_due()] == [1]
    assert "No space left" in run("schedule", "history", "--log").out


@pytest.mark.parametrize("when", ["new-items", "gold-changed"])
def test_a_condition_holds_when_its_noun_changed(scheduler, run, write, clock, when):
    scheduler.add("mood", "0 3 * * *", [when])
    clock.now = THREE
    (night,) = scheduler.run_due()
    assert night.state == "nothing to do"
    if when == "new-items":
        write("more.csv", "item_id,created_at,comment\n99,2026-03-01T08:00:00Z,thank you\n")
        assert run("ingest", "more.csv", "--source", "web").code == 0
    else:
        rows = "".join(f"{n},{('good', 'bad')[n % 2]}\n" for n in range(30))
        write("gold.csv", "item_id,label\n" + rows)
        words = ("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev", "--sampling", "random")
        assert run(*words).code == 0
    clock.now = THREE + DAY
    (night,) = scheduler.run_due()
    assert night.state == "done"


def test_labels_are_stale_after_their_horizon(scheduler, run, clock):
    scheduler.add("mood", "@monthly", ["stale"])
    clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    assert scheduler.run_due()[0].state == "nothing to do"
    clock.now = datetime(2027, 5, 1, tzinfo=UTC)
    (found,) = scheduler.run_due()
    assert (found.state, found.missed) == ("done", 3)
    clock.now = datetime(2027, 6, 1, tzinfo=UTC)
    scheduler.run_due()
    assert kinds(run).count("labels.stale") == 1


def test_schedules_are_listed_paused_resumed_and_taken_out_by_command(released, run):
    added = run(
        "schedule", "add", "mood", "--cron", "0 3 * * 1-5", "--when", "new-items|stale", "--zone", "Europe/Rome"
    )
    assert added.code == 0, added.err
    assert "Schedule 1: mood at 0 3 * * 1-5 (Europe/Rome), when new-items or stale." in added.out
    assert "never ran" in run("schedule", "list").out
    assert run("schedule", "pause", "1").code == 0
    (listed,) = run("schedule", "list", "--json").json["schedules"]
    assert (listed["paused"], listed["next"]) == (True, None)
    assert run("schedule", "pause", "1", "--resume").code == 0
    assert run("schedule", "run", "--once").out.strip() == "Nothing is due."
    assert "Back: retrolabel schedule add mood" in run("schedule", "remove", "1").out
    assert run("schedule", "list", "--json").json == {"schedules": [], "damaged": []}
    for words, why in (
        (("add", "mood", "--cron", "0 3 * *"), "4 fields"),
        (("add", "mood", "--cron", "@daily", "--when", "new-item"), "new-items"),
        (("add", "moot", "--cron", "@daily"), "mood"),
        (("pause", "7"), "no schedule 7"),
    ):
        refused = run("schedule", *words)
        assert (refused.code, why in refused.err) == (1, True), refused.err


def test_a_result_is_read_from_what_a_relabel_prints():
    out = {"label_set": {"id": "1f" * 16, "schema": "2.0.0"}, "status": "candidate", "why": "flips: 80 %"}
    assert result_of(1, json.dumps(out), "").why == "label set 1f1f1f1f1f1f (2.0.0) is a candidate: flips: 80 %"
    broken = result_of(1, json.dumps({"error": {"message": "The store is gone."}}), "Error")
    assert (broken.state, broken.why) == ("failed", "The store is gone.")
    assert result_of(-9, "", "").why == "it ended with -9 and said nothing"


def test_feedback_that_drifted_is_told_once_a_window_and_without_its_words(scheduler, run, write, clock):
    rows = []
    for day in range(26 * 7):
        at = datetime(2026, 6, 1, 12, 0, tzinfo=UTC) + timedelta(days=day)
        for n in range(12):
            late = day >= 21 * 7
            text = "this is wrong zebra" if late and n % 4 else ("thank you", "this is wrong")[n % 2]
            rows.append(f"d{day}-{n},{at:%Y-%m-%dT%H:%M:%SZ},{text} {(day * 7 + n) % 11}\n")
    write("months.csv", "item_id,created_at,comment\n" + "".join(rows))
    assert run("ingest", "months.csv", "--source", "web").code == 0
    assert run("relabel", "mood").code in (0, 1)
    assert run("labels", "promote", "mood", "latest", "--override", "--reason", "months came").code in (0, 1)
    scheduler.add("mood", "0 3 * * *")
    for night in range(3):
        clock.now = THREE + night * DAY
        scheduler.run_due()
    told = run("events", "list", "--kind", "feedback.drift", "--json").json["events"]
    assert {each["data"]["kind"] for each in told} >= {"label", "words"}
    assert len({each["subject"] for each in told}) == len(told)
    assert "zebra" not in json.dumps(told)
    assert scheduler.all()[0][0].seen["drift"] == "2026-12-03"

    def said(days=0):
        (found,) = status(retrolabel.open("."), ["mood"], clock=lambda: clock.now + days * DAY)
        return [(line.state, line.told, line.command) for line in found.lines if line.what == "drift"]

    ((state, what, command),) = said()
    assert (state, command) == ("to do", "retrolabel drift mood")
    assert what.startswith("feedback drifted: ")
    assert said(days=60) == []  # that window is long over
    look = ("drift", "mood", "latest", "--until", "2026-12-03")
    assert run(*look, "--accept", "all", "--reason", "zebras are sold now").code == 0
    accepted = said()
    assert {state for state, *_ in accepted} == {"ok"}
    assert all(": zebras are sold now)" in what for _, what, _ in accepted)
    for night in range(3, 5):
        clock.now = THREE + night * DAY
        scheduler.run_due()
    again = run("events", "list", "--kind", "feedback.drift", "--json").json["events"]
    assert again == told
    assert run("drift", "mood", "--undo", "all").code == 0
    assert said()[0][0] == "to do"

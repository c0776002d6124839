"""Rules of the settings say that models are due: once a label set, with their figures; ``status`` says why."""

from __future__ import annotations

from datetime import timedelta

import pytest

import retrolabel
from retrolabel.jobs.schedules.running import Result
from retrolabel.wiring.scheduling import Schedules
from retrolabel.wiring.site import now
from tests.functional.test_night import V2, WRONG

TOML = "tracking = false\n[tasks.mood.gates]\nshares = false\nflips = 1\ncoverage_drop = 1\n[tasks.mood.retrain]\n"


@pytest.fixture
def rule(labelled, write):
    """Turn one rule on; the project has one label set, which is current."""

    def go(line):
        write("retrolabel.toml", TOML + line + "\n")

    return go


@pytest.fixture
def night(labelled, run):
    """Let a schedule look some days from now, without a relabel, and return the rules that it told are due."""
    assert run("schedule", "add", "mood", "--cron", "0 3 * * *").code == 0

    def go(days):
        at = now() + timedelta(days=days)
        Schedules(retrolabel.open(labelled), clock=lambda: at, job=lambda _: Result("done", "nothing")).run_due()

    return go


@pytest.fixture
def said(run):
    """Return what the events say, and what ``status`` says of models."""

    def go():
        events = run("events", "list", "--kind", "retraining.due", "--json").json["events"]
        lines = run("status", "mood", "--json").json["tasks"][0]["lines"]
        models = [(line["state"], line["told"], line["command"]) for line in lines if line["what"] == "models"]
        return events, models

    return go


def check(said, times, *figures):
    """Check that models were told to be due so often, last with these words, and that ``status`` says the same."""
    events, models = said()
    assert len(events) == times
    assert len({each["subject"] for each in events}) == times
    for figure in figures:
        assert figure in events[-1]["said"]
    assert models == [("to do", events[-1]["said"], "retrolabel train mood")]


def more(run, write, first, number):
    rows = "".join(f"{n},thank you\n" for n in range(first, first + number))
    write("more.csv", f"item_id,comment\n{rows}")
    assert run("ingest", "more.csv", "--source", "web").code == 0
    assert run("relabel", "mood").code == 0


def gold(run, write, wrong):
    """Import dev gold of thirty items, of which so many differ from what the words say."""
    meant = [("good", "bad", "bad", "bad", "good")[n % 5] for n in range(30)]
    other = {"good": "bad", "bad": "good"}
    rows = "".join(f"{n},{other[label] if n < wrong else label}\n" for n, label in enumerate(meant))
    write("gold.csv", f"item_id,label\n{rows}")
    words = ("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev", "--sampling", "random")
    assert run(*words).code == 0


def test_new_labels(rule, run, write, said):
    rule("new_labels = 5")
    more(run, write, 100, 4)
    assert said() == ([], [])
    more(run, write, 104, 1)
    check(said, 1, "5 more items have a label than in ", "; 5 make models due")
    assert run("relabel", "mood").code == 0
    check(said, 1)
    more(run, write, 105, 4)  # counted from the label set that they were due for
    assert said() == (said()[0], [])
    more(run, write, 109, 1)
    check(said, 2, "5 more items have a label than in ")


def test_flips(rule, labelled, run, write, said):
    rule("flips = 0.2")
    wording = labelled / "labeling_functions" / "mood" / "wording.py"
    wording.write_text(
        wording.read_text().replace("says_thanks = keywords(\n    GOOD", "says_thanks = keywords(\n    BAD")
    )
    run("relabel", "mood")
    run("labels", "promote", "mood", "latest", "--override", "--reason", "as a test")
    check(said, 1, " labels are others than in ", "; 20.0 % make models due")
    run("labels", "promote", "mood", "latest")
    check(said, 1)


def test_gold_agreement_by_a_relabel(rule, run, write, said):
    rule("gold_agreement = 0.9")
    gold(run, write, wrong=12)
    assert run("relabel", "mood").code == 0
    events, _ = said()
    check(said, 1, "labels are right on 0.", " of dev gold; below 0.9 models are due")
    assert events[0]["data"]["rules"][0]["name"] == "gold_agreement"
    run("relabel", "mood")
    check(said, 1)


def test_gold_that_came_without_a_relabel_is_seen_by_the_daily_look(rule, run, write, said, night):
    rule("gold_agreement = 0.9")
    night(1)
    assert said() == ([], [])
    gold(run, write, wrong=12)
    night(2)
    check(said, 1, "labels are right on 0.", " of dev gold; below 0.9 models are due")
    night(3)
    check(said, 1)


def test_staleness_comes_by_itself(rule, said, night):
    rule("staleness = 90")
    night(89)
    assert said() == ([], [])
    night(91)
    check(said, 1, "91 days since ", " was made; 90 make models due")
    night(120)
    check(said, 1)


def test_schema_released(rule, run, write, said):
    rule("schema_released = true")
    assert run("schema", "release", "mood").code == 0
    run("relabel", "mood")
    assert said() == ([], [])
    write("labeling_functions/mood/schema/v2.py", V2)
    write("labeling_functions/mood/wrong.py", WRONG)
    assert run("schema", "release", "mood").code == 0
    assert said() == ([], [])  # nothing is labelled under it yet
    assert run("relabel", "mood").code == 0
    check(said, 1, "labels are of 2.0.0, ", " of 1.0.0")
    run("relabel", "mood")
    check(said, 1)


def test_rules_that_hold_together_are_one_event(rule, run, write, said):
    rule("new_labels = 5\nstaleness = 3650\ngold_agreement = 0.9")
    gold(run, write, wrong=12)
    more(run, write, 100, 6)
    check(said, 1, "6 more items have a label than in ", "labels are right on 0.")
    (event,) = said()[0]
    assert {each["name"]: each["due"] for each in event["data"]["rules"]} == {
        "new_labels": True,
        "gold_agreement": True,
        "staleness": False,
    }

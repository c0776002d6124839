"""A schedule trains a model where a rule says that one is due, and status says what is what."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import retrolabel
from retrolabel.wiring.scheduling import Schedules

SOURCES = Path(__file__).parents[2] / "src"
READ = "the label set that consumers read"
THREE = datetime(2030, 12, 1, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
KINDS = ("thank you for this", "thank you so much", "this is wrong", "wrong answer")
SETTINGS = (
    "tracking = false\n[tasks.mood.gates]\nshares = false\n[tasks.mood.retrain]\nnew_labels = 30\ntrain = {train}\n"
)


class InThisProcess(Schedules):
    """Schedules whose commands run in this process, with all that they print."""

    def __init__(self, site, clock, run):
        super().__init__(site, clock=clock)
        self.run, self.words = run, []

    def _command(self, *words):
        self.words.append(words)
        done = self.run(*words, "--json")
        return subprocess.CompletedProcess(words, done.code, done.out, done.err)


@pytest.fixture
def clock():
    def now():
        return now.at

    now.at = THREE - DAY
    return now


@pytest.fixture
def night(project, run, write, clock):
    """A schedule of the labelled project for each night at three, and what runs it."""

    def go(*, train="true"):
        write("retrolabel.toml", SETTINGS.format(train=train))
        assert run("relabel", "mood").code == 0
        made = InThisProcess(retrolabel.open(project), clock, run)
        made.add("mood", "0 3 * * *", ["new-items"])
        return made

    return go


@pytest.fixture
def more(run, write):
    """More items come in."""

    def go(first, items=60):
        rows = [f"m{n},2026-03-{1 + n % 28:02d}T08:00:00Z,{KINDS[n % 4]} {n}\n" for n in range(first, first + items)]
        write("more.csv", "item_id,created_at,comment\n" + "".join(rows))
        assert run("ingest", "more.csv", "--source", "web").code == 0

    return go


def models(run):
    """Return what status says of models."""
    (task,) = run("status", "mood", "--json").json["tasks"]
    return next(
        ((each["state"], each["told"], each["command"]) for each in task["lines"] if each["what"] == "models"), None
    )


def trained(run):
    return run("events", "list", "--kind", "model.trained", "--json").json["events"]


def test_a_rule_that_is_due_is_answered_by_night_in_processes_of_their_own(
    night, more, run, clock, project, monkeypatch
):
    assert night() is not None
    assert models(run) is None  # no rule holds yet
    more(0)
    monkeypatch.setenv("PYTHONPATH", str(SOURCES))
    clock.at = THREE
    (done,) = Schedules(retrolabel.open(project), clock=clock).run_due()
    (event,) = trained(run)
    assert done.state == "done"
    assert done.why.endswith(f"model {event['data']['model'][:12]} was trained on it")
    assert event["subject"] == done.label_set
    state, told, command = models(run)
    assert (state, command) == ("ok", "")
    assert told == f"model {event['data']['model'][:12]}, trained on {done.label_set[:12]} (1.0.0), {READ}"
    assert event["data"]["test_looks"] == 0


def test_where_no_rule_holds_nothing_is_trained_and_the_model_is_stale(night, more, run, clock):
    schedules = night()
    more(0)
    clock.at = THREE
    schedules.run_due()
    assert [words[0] for words in schedules.words] == ["relabel", "train"]
    more(500, items=5)  # fewer than the rule asks for
    clock.at = THREE + DAY
    (done,) = schedules.run_due()
    assert [words[0] for words in schedules.words] == ["relabel", "train", "relabel"]
    assert "trained" not in done.why
    state, told, command = models(run)
    assert (state, command) == ("note", "retrolabel train mood")
    assert "is stale: consumers read another label set" in told
    clock.at = THREE + 2 * DAY
    (done,) = schedules.run_due()  # nothing came, so nothing is relabelled or trained
    assert (done.state, len(trained(run))) == ("nothing to do", 1)


def test_a_rule_alone_trains_nothing_and_status_says_that_it_is_due(night, more, run, clock):
    schedules = night(train="false")
    more(0)
    clock.at = THREE
    schedules.run_due()
    assert [words[0] for words in schedules.words] == ["relabel"]
    state, told, command = models(run)
    assert (state, command) == ("to do", "retrolabel train mood")
    assert "due" in told
    assert run("status", "mood").code == 3
    assert run("train", "mood", "--trial").code == 0  # a trial is no answer
    assert models(run)[0] == "to do"
    assert run("train", "mood", "--no-test").code == 0
    assert models(run)[0] == "ok"


def test_a_training_that_fails_costs_no_labels_and_the_run_says_so(night, more, run, write, clock, monkeypatch):
    schedules = night()
    more(0)
    monkeypatch.setattr("retrolabel.jobs.end_models.training.FEWEST", 1_000)
    clock.at = THREE
    (done,) = schedules.run_due()
    assert done.state == "done"
    assert "is current" in done.why
    assert "no model was trained:" in done.why
    assert "can be trained on, and 1000 are the fewest" in done.why
    assert (models(run)[0], trained(run)) == ("to do", [])
    assert run("schedule", "history", "--json").json["runs"][-1]["why"] == done.why

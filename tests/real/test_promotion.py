"""A bump on real data, at the terminal: gates, diff, promotion, a file that got lost, and back."""

from __future__ import annotations

import json
import os

import pytest

from tests.command import run_here

TASK = "airline_feedback"
PRAISE = "labeling_functions/airline_feedback/praise.py"
pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture(scope="module")
def run(airline):
    """Run a command in the project."""

    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RETROLABEL_", "MLFLOW_"))}

    def go(*words, code=0):
        done = run_here(list(words), airline, kept)
        assert done.code == code, (done.out, done.err)
        return done

    return go


def exported(run, airline, which="current"):
    """Return the bytes of an export."""
    run("labels", "export", TASK, which, "--out", "out.csv", "--force")
    return (airline / "out.csv").read_bytes()


def pointers(run):
    """Return the version of what is current, and of what is latest."""
    sets = json.loads(run("labels", "list", TASK, "--json").out)["label_sets"]
    return tuple(next(each["schema_version"] for each in sets if each[name]) for name in ("current", "latest"))


def test_a_bump_goes_from_a_plan_over_gates_to_consumers_and_a_file_that_got_lost_does_not(run, airline):
    first = exported(run, airline)
    run("plan", TASK, "--to", "2.0.0", "-o", "plan.json")
    made = json.loads(run("relabel", TASK, "--plan", "plan.json", "--json", code=1).out)
    assert made["status"] == "candidate"  # on the sentiments that both versions have it is right less often
    assert {gate["name"] for gate in made["gates"] if gate["state"] == "failed"} == {"agreement against current"}
    assert pointers(run) == ("1.0.0", "2.0.0")
    assert exported(run, airline) == first

    found = json.loads(run("labels", "diff", TASK, "current", "latest", "--json").out)
    assert sum(found["causes"].values()) == found["flips"] > 8_000
    assert sum(pair["items"] for pair in found["pairs"]) == found["flips"]
    assert "agreement against current" in run("gates", TASK, code=1).out

    run("labels", "promote", TASK, "latest", code=1)
    run("labels", "promote", TASK, "latest", "--override", "--reason", "teams need the reasons")
    second = exported(run, airline)
    assert second != first

    kept = (airline / PRAISE).rename(airline / "praise.py")  # somebody tidies up
    bad = json.loads(run("relabel", TASK, "--json", code=1).out)
    assert bad["status"] == "candidate"
    assert {gate["name"] for gate in bad["gates"] if gate["state"] == "failed"} == {"agreement against current"}
    assert exported(run, airline) == second
    kept.rename(airline / PRAISE)

    run("labels", "rollback", TASK, "--reason", "consumers cannot read reasons yet")
    assert exported(run, airline) == first
    again = run("labels", "promote", TASK, made["label_set"]["id"], "--override", "--reason", "now they can").out
    assert made["label_set"]["id"][:12] in again
    assert exported(run, airline) == second
    log = json.loads(run("labels", "log", TASK, "--json").out)["decisions"]
    assert [each["kind"] for each in log] == ["promoted", "held", "overridden", "held", "rolled back", "overridden"]

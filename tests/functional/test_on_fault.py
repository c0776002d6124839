"""A broken labeling function at the terminal: with --on-fault skip the night is not lost, and nobody overlooks it."""

from __future__ import annotations

import pytest

BROKEN = "labeling_functions/mood/speed.py"
FAILING = """
from labeling_functions.mood.schema.v1 import BAD
from retrolabel import labeling_function


@labeling_function(BAD)
def is_slow(comment: str) -> bool:
    return int(comment.split()[0]) > 10
"""


@pytest.fixture
def night(project, run, write):
    """The project of forty items, labelled and current; then eight new items come, and a labeling function breaks."""
    write(BROKEN, FAILING.replace("int(comment.split()[0]) > 10", '"wrong" in comment'))
    assert run("relabel", "mood").code == 0
    write("more.csv", "item_id,comment\n" + "".join(f"n{n},this is wrong\n" for n in range(8)))
    assert run("ingest", "more.csv", "--source", "web").code == 0
    write(BROKEN, FAILING)
    return project


def test_the_first_line_says_it_and_the_gate_holds_the_candidate(night, run):
    assert run("relabel", "mood").code == 1
    done = run("relabel", "mood", "--on-fault", "skip")
    assert done.code == 1
    first, second, *_ = done.out.splitlines()
    assert first.endswith("is new; 1 labeling function sat out.")
    assert second == (
        "  sat out  is_slow: failed on 48 of 48 items, and 1.0% may; first on web/0: ValueError,"
        " at labeling_functions/mood/speed.py:8"
    )
    assert "gate faults failed: 1 sat out, and none may: is_slow: failed on 48 of 48 items" in done.out
    assert "retrolabel labels promote mood" in done.out


def test_all_that_shows_the_label_set_shows_it(night, run):
    run("relabel", "mood", "--on-fault", "skip")
    assert "sat out  is_slow: failed on 48 of 48 items" in run("labels", "show", "mood").out
    assert "lacks is_slow, which sat out" in run("labels", "list", "mood").out
    gates = run("gates", "mood")
    assert (gates.code, "1 sat out, and none may" in gates.out) == (1, True)
    assert run("report", "mood", "--out", "r.html").code == 0
    assert "1 labeling function sat out." in (night / "r.html").read_text()
    compared = run("labels", "diff", "mood", "current", "latest", "--json").json
    assert all("removed" not in cause for cause in compared["causes"])


def test_json_lists_what_sat_out(night, run):
    found = run("relabel", "mood", "--on-fault", "skip", "--json")
    assert found.code == 1
    (told,) = found.json["skipped"]
    assert (told["name"], told["kind"], told["error"]) == ("is_slow", "faults", "ValueError")
    assert "this is wrong" not in str(told)
    (planned,) = run("plan", "mood", "--on-fault", "skip", "--json").json["skipped"]
    assert planned == told


def test_settings_let_it_through(night, run, write):
    write(
        "retrolabel.toml",
        'store = ".retrolabel"\ntracking = false\n[tasks.mood]\non_fault = "skip"\n[tasks.mood.gates]\nsit_out = 1\n',
    )
    done = run("relabel", "mood", "--json")
    assert (done.code, done.json["status"]) == (0, "current")


def test_a_plan_says_it_and_the_relabel_of_the_plan_does_it(night, run, write):
    write(BROKEN, "import nowhere_at_all\n")
    planned = run("plan", "mood", "--on-fault", "skip", "-o", "plan.json")
    assert "! LF is_slow: sitting out: speed.py does not import" in planned.out
    done = run("relabel", "mood", "--plan", "plan.json", "--json")
    assert (done.code, [each["name"] for each in done.json["skipped"]]) == (1, ["is_slow"])
    assert run("plan", "mood", "--on-fault", "skip", "--json").json["label_set"] == done.json["label_set"]["id"]
    refused = run("relabel", "mood", "--plan", "plan.json", "--on-fault", "skip")
    assert (refused.code, "whether broken labeling functions sit out" in refused.err) == (2, True)


def test_mended_it_is_back(night, run, write):
    run("relabel", "mood", "--on-fault", "skip")
    write(BROKEN, FAILING.replace("int(comment.split()[0]) > 10", '"wrong" in comment'))
    planned = run("plan", "mood")
    assert "+ LF is_slow: 8 calls, 40 reused; back, sat out before: failed on 48 of 48 items" in planned.out
    assert run("relabel", "mood", "--json").json["votes"]["computed"] == 8


@pytest.mark.parametrize("line", ['on_fault = "maybe"', "[tasks.mood.gates]\nsit_out = -1"])
def test_a_setting_that_says_nothing_is_refused_with_its_name(project, run, write, line):
    write("retrolabel.toml", f"[tasks.mood]\n{line}\n")
    done = run("relabel", "mood")
    assert (done.code, line.split("\n")[-1].split()[0] in done.err) == (1, True)
    assert "Traceback" not in done.err


def test_commands_about_labeling_functions_are_as_strict_as_they_were(night, run, write):
    write(BROKEN, "import nowhere_at_all\n")
    for words in (("lf", "list"), ("lf", "faults", "mood"), ("doctor",)):
        assert run(*words).code == 1

"""Test gold, calibration items and honeypots reach no fit, no command on labeling functions, and no suggestion.

A report shows how far people agree, on calibration items too; of test gold it shows nothing.
"""

from __future__ import annotations

import json

import pytest

EVERYTHING = [
    ("lf", "list", "mood", "--json"),
    ("lf", "summary", "mood", "--json"),
    ("gold", "readiness", "mood", "--json"),
    ("labels", "export", "mood", "--out", "possible.csv", "--possible", "0.5"),
    ("report", "mood", "--out", "report.html", "--json"),
    ("evaluate", "mood", "--json"),
    ("gold", "sample", "mood", "--for", "adjudicate", "--source", "web"),
]


def without_times(told):
    """Return what a command printed, without paths and times."""
    return {name: each for name, each in told.items() if name not in {"file", "report", "at", "seconds", "path"}}


@pytest.mark.parametrize("role", ["test", "calibration", "honeypot"])
def test_gold_of_another_role_than_dev_moves_nothing(project, run, write, role):
    rows = [(n, who, "good" if (n + (who == "bo")) % 3 else "bad") for n in range(30) for who in ("ana", "bo")]
    assert run("relabel", "mood").code == 0
    (before,) = run("labels", "list", "mood", "--json").json["label_sets"]
    told = {command: run(*command) for command in EVERYTHING}
    write("gold.csv", "item_id,who,label\n" + "".join(f"{n},{who},{label}\n" for n, who, label in rows))
    taken = ("gold", "import", "mood", "gold.csv", "--source", "web", "--annotator", "who", "--sampling", "random")
    assert run(*taken, "--role", role, "--sampling-is-right").code == 0
    assert run("relabel", "mood").code == 0
    (after,) = run("labels", "list", "mood", "--json").json["label_sets"]
    assert after["id"] == before["id"]
    for command, then in told.items():
        now = run(*command, *(["--force"] if command[0] in {"report", "labels"} else []))
        assert (now.code, now.err) == (then.code, then.err), command
        if "--json" in command and now.code == 0 and (command[0] != "report" or role == "test"):
            assert same(now.out) == same(then.out), command


def same(printed):
    return without_times(json.loads(printed))

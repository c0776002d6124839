"""``retrolabel demo --explain``: what it tells to type makes the same label set as the demo."""

from __future__ import annotations

import json
import shlex

import pytest

from retrolabel.cli.demo import continued
from retrolabel.wiring import demo
from retrolabel.wiring.simulation import simulate

ITEMS, SEED = 400, 0  # as those of the fixture ``told``


def test_it_writes_nothing_and_its_lines_fit_a_terminal(run, folder, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    done = run("demo", "new", "--explain")
    assert (done.code, list(folder.iterdir())) == (0, [])
    assert [line for line in done.out.splitlines() if len(line) > 80] == []
    assert run("demo", "new", "--explain", "--json").json["steps"]
    assert list(folder.iterdir()) == []


def test_every_line_is_a_comment_or_a_command_that_a_shell_reads(run):
    lines = run("demo", "new", "--explain").out.replace("\\\n", " ").splitlines()
    typed = [shlex.split(line) for line in lines if line and not line.startswith("#")]
    assert typed[0] == ["cd", "new"]
    assert typed[1:] == [shlex.split(step.command) for step in demo.steps() if step.command]


def test_a_long_command_is_the_same_over_several_lines():
    command = "retrolabel ingest " + " ".join(f"feedback/{n}.jsonl" for n in range(20)) + " --source web"
    lines = continued(command).splitlines()
    assert max(map(len, lines)) <= 80
    assert all(line.endswith(" \\") for line in lines[:-1])
    assert " ".join(line.removesuffix("\\").strip() for line in lines) == command


@pytest.mark.slow
def test_what_it_tells_to_type_makes_the_label_set_of_the_demo(run, folder, told):
    simulated = simulate(ITEMS, seed=SEED)
    months = demo._write_feedback(simulated, folder)
    assert [file.stem for file in months] == list(demo.MONTHS)
    demo._write_gold(folder, simulated, months[: demo.MONTHS_BEFORE], demo.V1, SEED)
    demo._write_gold(folder, simulated, months, demo.V2, SEED + 1)
    by_hand = iter([lambda: demo._write_project(folder), lambda: demo._copy_task(folder, everything=True)])
    made = []
    for step in demo.steps():
        if not step.command:
            next(by_hand)()
            continue
        program, *words = shlex.split(step.command)
        assert program == "retrolabel"
        if words[0] == "relabel":
            done = run(*words, "--no-tracking", "--json")
            made.append(done.json["label_set"]["id"])
        else:
            done = run(*words)
        assert done.code == 0, (step, done)
    assert next(by_hand, None) is None
    assert made == json.loads((told / "made.json").read_text(encoding="utf-8"))
    assert len((folder / "labels.csv").read_text().splitlines()) == ITEMS + 1

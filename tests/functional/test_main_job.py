"""From ``init`` to an export, as the README tells it."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import time

import pytest

from retrolabel.cli.main import app

FEEDBACK = (
    "item_id,created_at,comment\n1,2026-02-01T08:00:00Z,thank you\n2,2026-02-02T08:00:00Z,this is wrong\n"
    "3,2026-02-03T08:00:00Z,hm\n"
)


def test_a_new_project_goes_from_init_to_labels_through_the_shell(shell, write, folder):
    assert shell("init", ".", "--task", "mood").code == 0
    listed = shell("lf", "list", "mood")
    assert (listed.code, "shouts" in listed.out) == (0, True)
    write("feedback.csv", FEEDBACK)
    taken = shell("ingest", "feedback.csv", "--source", "web")
    assert taken.code == 0
    assert "3 rows -> web: 3 added." in taken.out
    planned = shell("plan", "mood", "--detailed-exitcode")
    assert planned.code == 3
    assert "is new" in planned.out
    labelled = shell("relabel", "mood", "--no-tracking", "--json")
    assert labelled.code == 0
    assert labelled.json["label_set"]["items"] == 3
    assert labelled.json["label_set"]["shares"] == {"good": 1, "bad": 1}
    again = shell("plan", "mood", "--detailed-exitcode")
    assert again.code == 0
    assert "nothing to do" in again.out
    out = shell("labels", "export", "mood", "--format", "csv", "--out", "-")
    rows = {row["item_id"]: row["label"] for row in csv.DictReader(out.out.splitlines())}
    assert rows == {"1": "good", "2": "bad", "3": ""}
    assert labelled.err == ""


def test_plan_exits_with_three_only_when_asked_and_only_when_there_is_work(run, project):
    assert run("plan", "mood").code == 0
    assert run("plan", "mood", "--detailed-exitcode").code == 3
    assert run("relabel", "mood").code == 0
    assert run("plan", "mood", "--detailed-exitcode").code == 0


def test_every_command_with_json_prints_one_json_value_and_nothing_else(run, project, write):
    write("gold.csv", "item_id,label\n0,good\n1,bad\n3,bad\n")
    write("more.csv", "item_id,created_at,comment\nx1,2026-03-01,thanks\n")
    commands = [
        ("init", "other", "--task", "tone"),
        ("ingest", "more.csv", "--source", "web"),
        ("lf", "list"),
        ("plan", "mood"),
        ("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev"),
        ("relabel", "mood"),
        ("evaluate", "mood"),
        ("evaluate", "mood", "--final"),
        ("lf", "summary", "mood"),
        ("schema", "show", "mood"),
        ("schema", "history", "mood"),
        ("gold", "list"),
        ("labels", "list"),
        ("labels", "show", "mood"),
        ("labels", "show", "mood", "--item", "0"),
        ("labels", "export", "mood", "--out", "labels.parquet"),
        ("labels", "verify", "mood"),
        ("doctor",),
    ]
    for words in commands:
        done = run(*words, "--json")
        assert done.code == 0, (words, done.err)
        assert isinstance(done.json, dict), words
        assert done.err == "", words


def test_json_of_a_summary_without_gold_or_votes_holds_no_nan(run, project, write):
    write("labeling_functions/mood/wording.py",
          "from labeling_functions.mood.schema.v1 import GOOD\nfrom retrolabel import keywords\n"
          "never = keywords(GOOD, ['xyzzy'], column='comment')\n")  # fmt: skip
    assert run("lf", "summary", "mood", "--json").json["lfs"][0]["coverage"] == 0
    assert run("relabel", "mood", "--json").json["label_set"]["covered"] == 0
    assert run("evaluate", "mood", "--json").json["gold"]["dev"]["accuracy"] is None


def test_tables_for_people_name_the_same_numbers(run, project, write):
    write("gold.csv", "item_id,label\n0,good\n1,bad\n3,bad\n")
    run("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev")
    report = run("relabel", "mood")
    assert "120 computed, 0 reused, 0 faults" in report.out
    assert "covered 80.0 %" in report.out
    assert "dev: 3 judged gold items are few" in report.out
    (headline,) = [line for line in report.out.splitlines() if line.startswith("  dev: right on ")]
    assert headline.endswith(" of 3 judged, of 3 gold items")
    assert "accuracy" in report.out
    assert "shouts" in run("lf", "summary", "mood").out
    assert "0: good" in run("labels", "show", "mood", "--item", "0").out.replace("web/", "")
    assert "ok: label set" in run("labels", "verify", "mood").out
    assert "mood: 1 version(s)" in run("schema", "history", "mood").out


def test_verify_exits_with_one_and_names_the_damaged_file(run, project):
    run("relabel", "mood")
    (path,) = (project / ".retrolabel" / "feedback" / "web").glob("*.parquet")
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    plain, as_json = run("labels", "verify", "mood"), run("labels", "verify", "mood", "--json")
    assert (plain.code, as_json.code) == (1, 1)
    assert str(path) in plain.out
    assert as_json.json["problems"][0]["where"] == str(path)


def test_labels_can_be_exported_after_the_task_is_gone(run, project):
    run("relabel", "mood")
    (project / "labeling_functions").rename(project / "elsewhere")
    assert run("labels", "export", "mood", "--format", "jsonl", "--out", "out.jsonl").code == 0
    assert len((project / "out.jsonl").read_text().splitlines()) == 40
    assert run("labels", "verify", "mood").code == 0
    assert run("relabel", "mood").code == 1


def test_a_store_elsewhere_is_used_by_option_and_by_environment(run, project, monkeypatch, tmp_path):
    elsewhere = tmp_path / "store"
    assert run("ingest", "feedback.csv", "--source", "web", "--store", elsewhere).code == 0
    assert run("relabel", "mood", "--store", elsewhere).code == 0
    monkeypatch.setenv("RETROLABEL_STORE", str(elsewhere))
    assert len(run("labels", "list", "--json").json["label_sets"]) == 1
    monkeypatch.delenv("RETROLABEL_STORE")
    assert run("labels", "list", "--json").json["label_sets"] == []


def test_a_store_is_read_without_a_project(run, project, monkeypatch, tmp_path):
    run("relabel", "mood")
    monkeypatch.chdir(tmp_path)
    store = project / ".retrolabel"
    assert run("labels", "verify", "mood", "--store", store).code == 0
    assert "feedback.csv" not in run("labels", "show", "mood", "--store", store).out


def test_commands_work_from_a_folder_below_the_project(run, project, monkeypatch):
    (project / "notes" / "deep").mkdir(parents=True)
    monkeypatch.chdir(project / "notes" / "deep")
    assert run("plan", "mood").code == 0


def test_init_touches_nothing_that_exists(run, project):
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    done = run("init", ".", "--task", "mood")
    assert done.code == 1
    assert "exists" in done.err
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_init_adds_a_second_task_to_a_project(run, project):
    assert run("init", ".", "--task", "tone").code == 0
    assert {lf["task"] for lf in run("lf", "list", "--json").json["lfs"]} == {"mood", "tone"}


def test_a_broken_example_makes_lf_list_fail_with_its_text(run, project, write):
    write("labeling_functions/mood/wording.py",
          "from labeling_functions.mood.schema.v1 import GOOD\nfrom retrolabel import keywords\n"
          "praise = keywords(GOOD, ['nice'], column='comment', examples=['awful'])\n")  # fmt: skip
    done = run("lf", "list", "mood")
    assert done.code == 1
    assert "praise: abstained on its example 'awful'" in done.out
    assert run("lf", "list", "mood", "--json").json["broken_examples"]


def test_doctor_says_that_all_is_well_and_what_is_broken(run, project, write):
    assert run("doctor").code == 0
    write("labeling_functions/mood/wording.py", "import nothing_of_that_name\n")
    done = run("doctor", "--json")
    assert (done.code, done.json["ok"]) == (1, False)
    assert any("nothing_of_that_name" in finding["what"] for finding in done.json["findings"])


def test_no_command_without_arguments_shows_help(run):
    assert "relabel" in run().out + run().err


def test_version_is_printed(run):
    import retrolabel  # noqa: PLC0415 - its version

    assert run("--version").out == f"retrolabel {retrolabel.__version__}\n"


def _commands():
    import typer  # noqa: PLC0415 - only here

    def walk(command, words):
        if hasattr(command, "commands"):
            for name, child in command.commands.items():
                yield from walk(child, [*words, name])
        else:
            yield words

    return list(walk(typer.main.get_command(app), []))


@pytest.mark.parametrize("words", _commands(), ids=" ".join)
def test_the_help_of_every_command_shows_an_example_of_it(run, words):
    done = run(*words, "--help")
    assert done.code == 0
    text = " ".join(done.out.split())
    assert f"Example: retrolabel {' '.join(words)}" in text


@pytest.mark.parametrize(
    "words",
    [("relabel",), ("relabel", "mood", "--nonsense"), ("nonsense",), ("ingest", "x.csv"), ("gold", "import", "mood")],
)
def test_wrong_usage_exits_with_two_and_says_so_on_standard_error(run, words):
    done = run(*words)
    assert done.code == 2
    assert done.out == ""
    assert "Usage" in done.err


def test_an_interrupt_exits_with_130_and_the_same_command_goes_on(shell, project, write, folder):
    write(
        "labeling_functions/mood/wording.py",
        "import time\nfrom pathlib import Path\n"
        "from labeling_functions.mood.schema.v1 import GOOD\nfrom retrolabel import labeling_function\n"
        "@labeling_function(GOOD, version='1')\n"
        "def slow(comment):\n"
        "    if Path('wait').exists():\n"
        "        Path('here').touch()\n"
        "        time.sleep(60)\n"
        "    return 'perfect' in comment\n",
    )
    (folder / "wait").touch()
    process = subprocess.Popen(
        [sys.executable, "-m", "retrolabel", "relabel", "mood"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - a job in the background ignores it
    )
    deadline = time.monotonic() + 30
    while not (folder / "here").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "goes on from there" in err
    (folder / "wait").unlink()
    assert shell("relabel", "mood").code == 0


def _environment():
    import os  # noqa: PLC0415 - only here
    from pathlib import Path  # noqa: PLC0415 - only here

    return os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}


def test_a_reader_that_goes_away_makes_no_traceback(project, run):
    run("relabel", "mood")
    done = subprocess.run(  # noqa: S602 - a pipe is what is tested
        f"{sys.executable} -m retrolabel labels export mood --format jsonl --out - | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        cwd=project,
        env=_environment(),
        check=False,
    )
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_items_without_a_vote_are_not_told_as_ties(run, project, write):
    alone = (
        "from labeling_functions.mood.schema.v1 import GOOD\nfrom retrolabel import keywords\n"
        "praises = keywords(GOOD, ['thank you'], column='comment')\n"
    )
    write("labeling_functions/mood/wording.py", alone)
    done = run("relabel", "mood")
    (line,) = [line for line in done.out.splitlines() if "(no label" in line]
    assert line.split()[:4] == ["(no", "label:", "no", "votes)"]
    assert "tied" not in done.out
    write("labeling_functions/mood/wording.py", alone.replace("GOOD", "BAD, GOOD", 1)
          + "blames = keywords(BAD, ['thank you'], column='comment')\n")  # fmt: skip
    record = run("relabel", "mood", "--label-model", "majority_vote", "--json").json["label_set"]
    tied = record["covered"] - record["labelled"]
    assert 0 < tied < record["items"] - record["labelled"]
    told = run("relabel", "mood", "--label-model", "majority_vote").out
    rows = [line.rpartition(")")[::2] for line in told.splitlines() if "(no label" in line]
    assert {name.strip(): int(figures.split()[0]) for name, figures in rows} == {
        "(no label: tied or unsure": tied,
        "(no label: no votes": record["items"] - record["covered"],
    }

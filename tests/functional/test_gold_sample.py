"""``gold sample`` at the terminal: what it says before labels are spent, and a file that comes back as it was drawn."""

from __future__ import annotations

import csv
import shlex
import shutil

import pytest

SAMPLE = ("gold", "sample", "mood", "--for", "dev", "--n", "10")


@pytest.fixture
def labelled(project, run):
    """The project of forty items, labelled; eight of them in each of five texts."""
    assert run("relabel", "mood").code == 0
    return project


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def fill(path, label="good"):
    rows = rows_of(path)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([{**row, "label": label} for row in rows])


@pytest.fixture
def different(run, write, project):
    """Sixty further items, no two of them with the same text."""
    rows = "".join(f"{n},2026-03-01T08:00:00Z,{'thank you' if n % 2 else 'this is wrong'} {n}\n" for n in range(60))
    write("more.csv", f"item_id,created_at,comment\n{rows}")
    assert run("ingest", "more.csv", "--source", "mail").code == 0
    assert run("relabel", "mood").code == 0
    return project


FROM_MAIL = (*SAMPLE, "--source", "mail")


def test_it_says_what_is_drawn_what_it_buys_and_how_it_comes_back(different, run):
    done = run(*FROM_MAIL)
    assert done.code == 0, done.err
    assert "10 of 60 items of mail, for dev, seed 0." in done.out
    assert "It buys: a share of these 60 items within +-0." in done.out
    assert "10 items -> mood_dev.csv" in done.out
    assert "label: good, bad (1.0.0); rows without a label are passed over" in done.out
    rows = rows_of(different / "mood_dev.csv")
    assert list(rows[0]) == ["item_id", "comment", "probability", "label"]
    assert (len(rows), {row["label"] for row in rows}) == (10, {""})
    command = next(line.strip() for line in done.out.splitlines() if line.strip().startswith("retrolabel gold import"))
    fill(different / "mood_dev.csv")
    back = run(*shlex.split(command)[1:])
    assert back.code == 0, back.err
    assert "10 rows -> 10 new labels" in back.out
    (batch,) = run("gold", "list", "mood", "--json").json["gold"]
    assert (batch["sampling"], batch["moves"]) == ("stratified", ["shares", "labeling_functions"])
    again = run(*FROM_MAIL, "--out", "second.csv")
    assert "not drawn from: 10 labelled already as dev." in again.out
    assert not {row["item_id"] for row in rows} & {row["item_id"] for row in rows_of(different / "second.csv")}


def test_a_file_that_is_taken_back_unchanged_adds_nothing(different, run):
    run(*FROM_MAIL)
    design = ("--sampling", "stratified", "--probability", "probability")
    done = run("gold", "import", "mood", "mood_dev.csv", "--source", "mail", "--role", "dev", *design)
    assert done.code == 0, done.err
    assert "10 rows -> 0 new labels" in done.out


def test_copies_are_said_and_counted(labelled, run):
    done = run(*SAMPLE, "--source", "web")
    assert "35 items are exact duplicates of others: one is drawn, copies says how many it is." in done.out
    assert "only 5 of the 10 that were asked for are there" in done.out
    assert {(row["copies"], row["probability"]) for row in rows_of(labelled / "mood_dev.csv")} == {("8", "0.125")}


def test_the_same_seed_writes_the_same_file(different, run):
    for name, seed in (("a.csv", 3), ("b.csv", 3), ("c.csv", 4)):
        assert run(*FROM_MAIL, "--seed", seed, "--out", name).code == 0
    a, b, c = ((different / name).read_bytes() for name in ("a.csv", "b.csv", "c.csv"))
    assert a == b != c


def test_json_has_the_plan_and_the_command(different, run):
    found = run(*FROM_MAIL, "--json").json
    assert (found["items"], found["population"], found["design"], found["role"]) == (10, 60, "stratified", "dev")
    assert found["file"] == "mood_dev.csv"
    assert found["import"].endswith("--role dev --sampling stratified --probability probability")
    assert 0 < found["half_width"] < 0.5
    assert sum(each["drawn"] for each in found["strata"]) == 10


def test_a_dry_run_writes_nothing(different, run, state):
    before, files = state(), sorted(different.iterdir())
    done = run(*FROM_MAIL, "--dry-run")
    assert "Nothing was written." in done.out
    assert run(*FROM_MAIL, "--dry-run", "--json").json["file"] is None
    assert (state(), sorted(different.iterdir())) == (before, files)


def test_a_file_that_exists_a_purpose_and_a_source_that_do_not_are_refused(different, run):
    (different / "mood_dev.csv").write_text("mine\n")
    done = run(*FROM_MAIL)
    assert (done.code, "mood_dev.csv exists already; nothing was written." in done.err) == (1, True)
    assert (different / "mood_dev.csv").read_text() == "mine\n"
    assert "--for dev, if that is meant" in run("gold", "sample", "mood", "--for", "devv", "--source", "mail").err
    assert "says which one" in run(*SAMPLE, "--out", "other.csv").err
    assert run("gold", "sample", "mood", "--source", "mail").code == 2


def test_after_a_bump_split_draws_what_became_several_labels(told, folder, run):
    shutil.copytree(told, folder, dirs_exist_ok=True)
    done = run("gold", "sample", "failure_mode", "--for", "split", "--n", "30", "--json")
    assert done.code == 0, done.err
    first, *_ = done.json["strata"]
    assert first["name"] == "gold that is several labels in 2.0.0"
    assert first["drawn"] > 10
    fill(folder / "failure_mode_split.csv", "retrieval")
    back = run(*shlex.split(done.json["import"])[1:])
    assert "30 rows -> 30 new labels" in back.out
    assert "of a known draw keep it" in back.out


def test_an_audit_has_no_probabilities_and_its_command_says_no_design(told, folder, run):
    shutil.copytree(told, folder, dirs_exist_ok=True)
    done = run("gold", "sample", "failure_mode", "--for", "audit")
    assert "it moves no label's share" in done.out
    assert "probability" not in rows_of(folder / "failure_mode_audit.csv")[0]
    assert "--role dev\n" in done.out

"""``gold estimate``, ``gold readiness`` and ``labels export --possible`` at the terminal, on the demo's feedback."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest

from retrolabel.wiring.demo import tell

TASK = "failure_mode"


@pytest.fixture
def demo(folder, told):
    """A demo of 400 items, relabelled after its bump; its truth lies beside it."""
    shutil.copytree(told, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture
def sampled(run, folder):
    """The demo's feedback of six months, of which people looked at random samples: 150 dev items, 200 test items."""
    next(tell(folder, 1_500, 0))
    files = sorted((folder / "feedback").glob("*.jsonl"))
    assert run("ingest", *files, "--source", "chat", "--id", "item_id", "--time", "created_at").code == 0
    truth = pd.read_csv(folder / "truth.csv").set_index("item_id")["thumbs"].rename("label")
    drawn = truth.sample(350, random_state=1)
    for role, rows in (("dev", drawn[:150]), ("test", drawn[150:])):
        rows.to_csv(folder / f"{role}.csv")
        assert (
            run("gold", "import", TASK, f"{role}.csv", "--source", "chat", "--role", role, "--sampling", "random").code
            == 0
        )
    assert run("relabel", TASK, "--no-tracking").code == 0
    return truth


def test_the_estimates_hold_the_truth_of_the_demos_feedback(run, sampled, folder):
    found = run("gold", "estimate", TASK, "--final", "--json").json
    assert run("labels", "export", TASK, "--out", "labels.csv").code == 0
    frame = pd.read_csv(folder / "labels.csv")
    known = frame["item_id"].map(sampled)
    right = frame["label"] == known
    assert found["accuracy"]["low"] <= right[frame["label"].notna()].mean() <= found["accuracy"]["high"]
    assert found["accuracy_of_all"]["low"] <= right.mean() <= found["accuracy_of_all"]["high"]
    for label, each in found["prevalence"].items():
        assert each["low"] <= (known == label).mean() <= each["high"]
    assert set(found["accuracy"]["classical"]) == {"value", "low", "high", "se"}
    assert found["items"]["all"] == len(frame) > found["items"]["covered"] >= found["items"]["labelled"]
    shown = {each["role"]: each["hash"] for each in run("gold", "show", TASK, "--json").json["sets"]}
    assert found["gold"] == {"role": "test", "items": 200, "several": 0, "hash": shown["test"]}
    assert "Look 2 at test gold; it is logged." in run("gold", "estimate", TASK, "--final").out


def test_the_terminal_says_how_many_are_right_with_a_label_and_of_all(run, demo):
    done = run("gold", "estimate", TASK, "--by", "month")
    told = run("gold", "estimate", TASK, "--json").json
    assert done.code == 0
    assert f"of the {told['items']['labelled']} items with a label ." in done.out
    assert "of all 400 items ." in done.out
    assert "without the label model's help ." in done.out
    assert "in the second an item without a label is not right" in done.out
    assert "How frequent labels are" in done.out
    for month in range(1, 7):
        assert f"2026-0{month}" in done.out
    assert [each["value"] for each in run("gold", "estimate", TASK, "--by", "month", "--json").json["slices"]] == [
        f"2026-0{month}" for month in range(1, 7)
    ]


def test_an_earlier_label_set_is_estimated_in_its_own_version(run, demo):
    first, _ = json.loads((demo / "made.json").read_text())
    found = run("gold", "estimate", TASK, "--set", first[:12], "--json").json
    assert found["label_set"] == {"id": first, "schema": "1.0.0"}
    assert set(found["prevalence"]) == {"good", "bad"}


def test_evaluate_says_what_all_items_are_worth_in_a_line(run, demo):
    of_all = run("gold", "estimate", TASK, "--json").json["accuracy_of_all"]
    assert "dev: of all 400 items ." in run("evaluate", TASK).out
    assert run("evaluate", TASK, "--json").json["of_all"] == of_all | {"role": "dev"}


@pytest.fixture
def unsampled(run, write):
    """A project of a few items whose gold is of no known design."""
    assert run("init", ".", "--task", "mood").code == 0
    rows = "".join(f"{n},{('thank you', 'this is wrong')[n % 2]}\n" for n in range(40))
    write("feedback.csv", f"item_id,comment\n{rows}")
    write("gold.csv", "item_id,label\n" + "".join(f"{n},{('good', 'bad')[n % 2]}\n" for n in range(30)))
    assert run("ingest", "feedback.csv", "--source", "web").code == 0
    assert run("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev").code == 0
    assert run("relabel", "mood", "--no-tracking").code == 0


@pytest.mark.usefixtures("unsampled")
@pytest.mark.parametrize(
    "words", [("gold", "estimate", "mood"), ("labels", "export", "mood", "--possible", "0.9", "--out", "x.csv")]
)
def test_gold_of_no_known_design_is_refused_with_what_would_help(run, folder, words):
    done = run(*words)
    assert done.code == 1
    assert "None of the 30 dev gold items of mood is of a known design" in done.err
    assert "--sampling random" in done.err
    assert run(*words, "--json").json["error"]["type"] == "GoldError"
    assert not (folder / "x.csv").exists()


@pytest.mark.usefixtures("unsampled")
def test_evaluate_says_why_nothing_is_known_of_all_items_and_what_helps(run):
    done = run("evaluate", "mood")
    assert done.code == 0
    assert "how many of all 40 items are right is not known. None of the 30 dev gold items of mood" in done.out
    assert "Fix: take in a random sample: retrolabel gold import mood" in done.out
    told = run("evaluate", "mood", "--json").json
    assert told["of_all"] is None
    assert told["of_all_unknown"]["message"].startswith("None of the 30 dev gold items of mood is of a known design")


def test_evaluate_without_any_gold_says_so_once(run, folder, write):
    assert run("init", ".", "--task", "mood").code == 0
    write("feedback.csv", "item_id,comment\n1,thank you\n2,this is wrong\n")
    assert run("ingest", "feedback.csv", "--source", "web").code == 0
    assert run("relabel", "mood", "--no-tracking").code == 0
    done = run("evaluate", "mood")
    assert "no gold, so it is not known how good this is" in done.out
    assert "of all" not in done.out


def test_evaluate_with_too_little_gold_says_how_many_items_are_missing(run, folder, write):
    assert run("init", ".", "--task", "mood").code == 0
    rows = "".join(f"{n},{('thank you', 'this is wrong')[n % 2]}\n" for n in range(40))
    write("feedback.csv", f"item_id,comment\n{rows}")
    write("gold.csv", "item_id,label\n1,bad\n2,good\n3,bad\n")
    assert run("ingest", "feedback.csv", "--source", "web").code == 0
    taken = run("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev", "--sampling", "random")
    assert taken.code == 0
    assert run("relabel", "mood", "--no-tracking").code == 0
    done = run("evaluate", "mood")
    assert done.code == 0
    assert "10 gold items, and there are 3: 7 missing" in done.out


def test_readiness_says_whether_gold_tells_two_label_sets_apart_and_lists_suspects(run, demo):
    first, second = json.loads((demo / "made.json").read_text())
    done = run("gold", "readiness", TASK)
    assert done.code == 0
    assert f"{first[:12]} (1.0.0), then {second[:12]} (2.0.0), in 1.0.0" in done.out
    assert "so many show" in done.out
    assert "they differ on" in done.out
    assert "Look at these again" in done.out
    found = run("gold", "readiness", TASK, "--set", second, "--against", first, "--json").json
    assert (found["label_set"], found["against"], found["version"]) == (second, first, "1.0.0")
    assert 0 < len(found["suspects"]) <= 20
    scores = [each["score"] for each in found["suspects"]]
    assert scores == sorted(scores, reverse=True)
    assert found["readiness"]["pairing"]["items"] > 100


def test_an_export_with_possible_labels_says_what_one_draw_promises(run, demo):
    plain = run("labels", "export", TASK, "--out", "plain.csv", "--json").json
    done = run("labels", "export", TASK, "--out", "possible.csv", "--possible", "0.9")
    assert done.code == 0
    assert "sets hold the truth of 90." in done.out
    assert "in 95 draws of 100 of at least" in done.out
    assert "it is no part of the label set" in done.out
    told = run("labels", "export", TASK, "--out", "again.csv", "--possible", "0.9", "--json").json
    assert told["label_set"] == plain["label_set"]
    assert told["possible"]["coverage"] == 0.9
    assert told["possible"]["digest"][:12] in done.out
    frame = pd.read_csv(demo / "possible.csv")
    truth = pd.read_csv(demo / "truth.csv").set_index("item_id")["failure_mode"]
    held = [one in sets.split("|") for one, sets in zip(frame["item_id"].map(truth), frame["possible"], strict=True)]
    assert sum(held) / len(held) > 0.85
    assert pd.read_csv(demo / "plain.csv").equals(frame.drop(columns="possible"))
    assert (demo / "possible.csv").read_bytes() == (demo / "again.csv").read_bytes()


def test_gold_that_is_too_little_for_a_share_is_refused_with_the_number_that_is_missing(run, demo):
    done = run("labels", "export", TASK, "--out", "x.csv", "--possible", "0.999")
    assert done.code == 1
    assert "needs 999 gold items" in done.err.replace("need 999", "needs 999")
    assert "missing" in done.err
    assert not (demo / "x.csv").exists()

"""``labels export`` with columns, gold and some rows only, and for other tools; what people answer there comes back."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pytest

ANSWERS = "item_id,label,role\n0,good,dev\n1,bad,dev\n2,bad,dev\n4,good,test\n5,good,test\n"


@pytest.fixture
def labelled(project, run, write, once):
    """The project of forty items with a label set that is current, and five human labels, two of them test gold."""

    def build():
        write("answers.csv", ANSWERS)
        assert run("relabel", "mood").code == 0
        done = run("gold", "import", "mood", "answers.csv", "--source", "web", "--role-column", "role")
        assert done.code == 0, done.err

    return once("mood_answered", build)


@pytest.fixture
def export(labelled, run):
    def go(*words):
        done = run("labels", "export", "mood", *words, "--json")
        assert done.code == 0, done.err
        return done.json

    return go


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# Rows and columns ------------------------------------------------------------------------------


def test_columns_of_the_items_and_gold_stand_beside_the_labels_and_test_gold_stays_out(export, labelled):
    told = export("--out", "out.csv", "--with", "comment,created_at", "--gold")
    rows = rows_of(labelled / "out.csv")
    assert (told["rows"], told["left_out"]) == (40, 0)
    assert [(row["item_id"], row["comment"], row["gold"], row["gold_role"]) for row in rows[:6]] == [
        ("0", "thank you so much", "good", "dev"),
        ("1", "this is wrong", "bad", "dev"),
        ("2", "no idea", "bad", "dev"),
        ("3", "I ASKED FOR PYTHON", "", ""),
        ("4", "perfect", "", "test"),
        ("5", "thank you so much", "", "test"),
    ]
    assert rows[1]["created_at"].startswith("2026-02-02")
    assert told["notes"] == ["labels of test gold stay out (2 items); --final writes them, and is logged as a look"]


def test_a_look_at_test_gold_is_logged(export, labelled, run):
    export("--out", "out.csv", "--gold", "--final")
    assert [row["gold"] for row in rows_of(labelled / "out.csv")[4:6]] == ["good", "good"]
    looks = run("evaluate", "mood", "--final", "--json").json
    assert looks["looks"] == 2, looks


def test_only_some_rows_are_written_and_without_options_all_are_as_before(export, labelled):
    whole = export("--out", "whole.csv")
    every = rows_of(labelled / "whole.csv")
    assert whole["rows"] == len(every) == 40
    assert set(every[0]) == {
        "source", "item_id", "label", "probability", "p_good", "p_bad", "covered", "partial", "guessed",
        "schema_version", "label_set",
    }  # fmt: skip
    uncovered = export("--out", "uncovered.csv", "--only", "uncovered")
    by_hand = [row["item_id"] for row in every if row["covered"] == "false"]
    assert 0 < len(by_hand) < 40
    assert [row["item_id"] for row in rows_of(labelled / "uncovered.csv")] == by_hand
    assert uncovered["left_out"] == 40 - len(by_hand)
    most = max(float(row["probability"]) for row in every if row["label"])
    export("--out", "sure.csv", "--min-probability", most)
    sure = rows_of(labelled / "sure.csv")
    assert [row["item_id"] for row in sure] == [
        row["item_id"] for row in every if row["label"] and float(row["probability"]) >= most
    ]
    assert 0 < len(sure) < 40


def test_a_column_that_sources_have_otherwise_or_not_is_text_or_missing(export, labelled, run, write):
    write("mail.csv", "item_id,comment,stars,code\na,this is wrong,4,7\nb,perfect,,8\n")
    write("chat.csv", "item_id,comment,code\nc,thank you so much,x7\n")
    for source in ("mail", "chat"):
        assert run("ingest", f"{source}.csv", "--source", source).code == 0
    assert run("relabel", "mood").code == 0
    words = ("labels", "export", "mood", "latest", "--json")
    done = run(*words, "--out", "out.csv", "--with", "stars,code")
    assert done.code == 0, done.err
    rows = {(row["source"], row["item_id"]): row for row in rows_of(labelled / "out.csv")}
    assert {key[1]: (row["stars"], row["code"]) for key, row in rows.items() if key[0] != "web"} == {
        "a": ("4", "7"),
        "b": ("", "8"),
        "c": ("", "x7"),
    }
    assert len(rows) == 43
    assert rows["web", "0"]["stars"] == rows["web", "0"]["code"] == ""
    told = run(*words, "--format", "argilla", "--out", "sent").json
    assert len(told["back"]) == 3
    assert any("--source NAME exports one at a time" in note for note in told["notes"])
    told = run(*words, "--format", "argilla", "--out", "mail", "--source", "mail").json
    assert (told["rows"], [" --source mail " in words for words in told["back"]]) == (2, [True])


def test_all_that_cannot_be_exported_is_said_at_once_and_nothing_is_written(labelled, run):
    done = run(
        "labels", "export", "mood", "--out", "x.csv", "--with", "coment,label", "--only", "sure", "--source", "wep",
        "--min-probability", "1.5",
    )  # fmt: skip
    assert done.code == 1
    for said in ("--with coment", "--with label", "--only sure", "--source wep", "--min-probability 1.5"):
        assert said in done.err, done.err
    assert not (labelled / "x.csv").exists()


# Tools -----------------------------------------------------------------------------------------


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def labels_in(export, labelled):
    """Return item -> its label, as a table has it."""
    export("--out", "plain.csv")
    return {row["item_id"]: row["label"] or None for row in rows_of(labelled / "plain.csv")}


def answered_in_label_studio(folder):
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    for number, task in enumerate(tasks, 1):
        task["id"] = number
        for each in task["predictions"]:
            task["annotations"].append({"completed_by": 3, "was_cancelled": False, "result": each["result"]})
    return tasks


def answered_in_argilla(folder):
    records = json.loads((folder / "records.json").read_text(encoding="utf-8"))
    for record in records:
        for question, said in record["suggestions"].items():
            record["responses"] = {question: [{"value": said["value"], "user_id": "3", "status": "submitted"}]}
    return records


def answered_in_doccano(path):
    return [{"id": number, **record} for number, record in enumerate(lines_of(path), 1)]


def answered_in_prodigy(path):
    return [
        {**record, "answer": "accept" if "accept" in record else "ignore", "_annotator_id": "ana"}
        for record in lines_of(path)
    ]


TOOLS = {
    "label-studio": answered_in_label_studio,
    "argilla": answered_in_argilla,
    "doccano": answered_in_doccano,
    "prodigy": answered_in_prodigy,
}


@pytest.mark.parametrize("kind", TOOLS)
def test_a_label_comes_back_as_the_id_it_left_with_after_a_bump_in_between(
    export, labelled, run, write, two_sides_of_bad, kind
):
    sent = labels_in(export, labelled)
    told = export("--format", kind, "--out", "sent")
    assert (told["rows"], told["left_out"], told["texts"]) == (38, 2, ["comment"])
    assert "2 items of test gold left out: with a suggestion at hand they test nothing" in told["notes"]
    back = TOOLS[kind](labelled / "sent")
    write("back.jsonl", "\n".join(json.dumps(each) for each in back))
    two_sides_of_bad()
    (words,) = told["back"]
    done = run(*words.replace("FILE", "back.jsonl").split()[1:])
    assert done.code == 0, done.err
    done = run("gold", "export", "mood", "--people", "--names", "--schema", "1.0.0", "--out", "people.csv")
    assert done.code == 0, done.err
    rows = {(row["item_id"], row["annotator"]): row for row in rows_of(labelled / "people.csv")}
    mine = {item: row for (item, who), row in rows.items() if who in ("3", "ana")} if kind != "doccano" else None
    came = {item: row["label"] for item, row in (mine or {}).items()}
    wanted = {item: label for item, label in sent.items() if label and item not in ("4", "5")}
    if kind == "doccano":  # it names nobody, so that answers of items with gold take the place of those
        came = {item: row["label"] for (item, _), row in rows.items() if item in wanted}
    assert {item: came[item] for item in wanted} == wanted
    reads = {row["label"]: (row["reads"], row["kind"]) for row in rows.values()}
    assert reads == {"good": ("good", "exact"), "bad": ("slow|wrong", "set")}


@pytest.mark.parametrize("kind", TOOLS)
def test_what_nobody_answered_is_no_gold(export, labelled, run, kind):
    export("--format", kind, "--out", "sent")
    file = labelled / "sent"
    file = file / {"label-studio": "tasks.json", "argilla": "records.json"}[kind] if file.is_dir() else file
    run("gold", "import", "mood", str(file), "--source", "web", "--role", "dev")
    done = run("gold", "export", "mood", "--people", "--out", "people.csv")
    assert done.code == 0, done.err
    assert len(rows_of(labelled / "people.csv")) == 5


def test_label_studio_shows_the_text_and_asks_for_the_ids(export, labelled):
    export("--format", "label-studio", "--out", "sent", "--only", "labelled", "--with", "created_at")
    config = ET.fromstring((labelled / "sent/labeling_config.xml").read_text(encoding="utf-8"))  # noqa: S314 - ours
    assert [tag.attrib["value"] for tag in config.iter("Text")] == ["$comment"]
    assert [tag.attrib.get("alias", tag.attrib["value"]) for tag in config.iter("Choice")] == ["good", "bad"]
    (task, *_) = json.loads((labelled / "sent/tasks.json").read_text(encoding="utf-8"))
    assert task["data"] == {"comment": "thank you so much", "item_id": "0", "source": "web"}
    assert task["meta"]["created_at"].startswith("2026-02-01T08:00")
    (prediction,) = task["predictions"]
    assert prediction["result"][0]["value"] == {"choices": ["good"]}
    assert 0.5 < prediction["score"] <= 1


def test_hugging_face_has_classes_splits_by_role_and_the_fingerprint_and_no_text_unless_asked(export, labelled):
    sent = labels_in(export, labelled)
    export("--format", "hf", "--out", "hf")
    splits = {path.stem: pq.read_table(path) for path in (labelled / "hf/data").iterdir()}
    assert {name: table.num_rows for name, table in splits.items()} == {"train": 35, "dev": 3, "test": 2}
    told = json.loads(splits["train"].schema.metadata[b"huggingface"])["info"]["features"]
    assert told["label"] == {"names": ["good", "bad"], "_type": "ClassLabel"}
    assert "comment" not in told
    origin = json.loads(splits["dev"].schema.metadata[b"retrolabel"])
    assert origin["schema_version"] == "1.0.0"
    assert len(origin["fingerprints"]["shape"]) == 64
    assert set(origin["fingerprints"]["meaning"]) == {"good", "bad"}
    names = told["label"]["names"]
    found = {
        row["item_id"]: None if row["label"] is None else names[row["label"]]
        for table in splits.values()
        for row in table.to_pylist()
    }
    assert found == sent


HUGGING_FACE = """
import datasets, json, sys
found = datasets.load_dataset("hf", cache_dir="cache")
names = found["train"].features["label"].names
labels = {split: {row["item_id"]: None if row["label"] is None else names[row["label"]] for row in rows}
          for split, rows in found.items()}
print(json.dumps({"labels": labels, "gold": found["dev"].features["gold"].int2str(found["dev"]["gold"])}))
"""


@pytest.mark.skipif(find_spec("datasets") is None, reason="datasets is not installed")
def test_hugging_face_s_own_library_reads_the_splits_and_the_classes(export, labelled):
    sent = labels_in(export, labelled)
    export("--format", "hf", "--out", "hf", "--gold")
    # A process of its own: the library changes how others pickle.
    offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(labelled / "home")}
    words = [sys.executable, "-c", HUGGING_FACE]
    done = subprocess.run(words, capture_output=True, text=True, cwd=labelled, env=os.environ | offline, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {split: len(rows) for split, rows in found["labels"].items()} == {"train": 35, "dev": 3, "test": 2}
    assert {item: label for rows in found["labels"].values() for item, label in rows.items()} == sent
    assert found["gold"] == ["good", "bad", "bad"]


def test_our_ingest_reads_the_names_of_the_classes_back(export, labelled, run):
    sent = labels_in(export, labelled)
    export("--format", "hf", "--out", "hf", "--only", "labelled", "--with", "comment")
    words = "--source again --id item_id --keep comment,label"
    done = run("ingest", "hf/data/train.parquet", *words.split())
    assert done.code == 0, done.err
    (segment,) = (labelled / ".retrolabel/feedback/again").glob("*.parquet")
    rows = pq.read_table(segment).to_pylist()
    assert len(rows) > 10
    assert all(row["label"] == sent[row["item_id"]] for row in rows)


def test_a_folder_is_replaced_with_force_alone_and_never_one_that_holds_other_files(export, labelled, run, write):
    export("--format", "hf", "--out", "hf")
    done = run("labels", "export", "mood", "--format", "hf", "--out", "hf")
    assert (done.code, "exists already" in done.err) == (1, True)
    export("--format", "hf", "--out", "hf", "--force", "--only", "labelled")
    write("hf/mine.txt", "mine")
    done = run("labels", "export", "mood", "--format", "hf", "--out", "hf", "--force")
    assert (done.code, "holds mine.txt" in done.err) == (1, True)
    assert (labelled / "hf/mine.txt").read_text() == "mine"
    assert not list(labelled.glob(".writing-*"))
    done = run("labels", "export", "mood", "--format", "argilla", "--out", "-")
    assert (done.code, "--out FOLDER" in done.err) == (1, True)

"""``gold export --format``: people's answers as tools have them come back as they were; gold for ``datasets``."""

from __future__ import annotations

import csv
import json
import os
import shlex
import subprocess
import sys
import zipfile
from importlib.util import find_spec

import pyarrow.parquet as pq
import pytest

ANSWERS = """\
item_id,who,label,role,at,secs,why
0,ana,good,dev,2026-05-01T12:00:00.123456Z,3.5,they say thanks
0,7,bad,dev,2026-05-02T12:00:00Z,,
1,ana,bad,dev,,,
2,,bad,calibration,,2,
3,ana@example.com,good,dev,2026-05-03T08:00:00+02:00,,
6,zoë/x,good,dev,,,"no, really"
7,all,bad,dev,2026-05-04T12:00:00Z,,
4,ana,good,test,2026-05-05T12:00:00Z,,
5,bo,good,honeypot,,,
"""
COLUMNS = "--annotator who --role-column role --time at --seconds secs --rationale why"
FILES = {
    "label-studio": ("sent", "sent/tasks.json"),
    "argilla": ("sent", "sent/records.json"),
    "doccano": ("sent.jsonl", "sent.jsonl"),
    "doccano, a file a person": ("sent.zip", "sent.zip"),
    "prodigy": ("sent.jsonl", "sent.jsonl"),
}
KEPT = (
    "item_id", "annotator", "label", "schema", "role", "labelled_at", "seconds", "rationale", "reads", "kind",
)  # fmt: skip


@pytest.fixture
def answered(project, run, write, once):
    """The project of forty items with nine answers: of several people, of nobody, of test gold and a honeypot."""

    def build():
        write("answers.csv", ANSWERS)
        done = run("gold", "import", "mood", "answers.csv", "--source", "web", *COLUMNS.split())
        assert done.code == 0, done.err

    return once("mood_answers_of_people", build)


@pytest.fixture
def export(answered, run):
    def go(*words):
        done = run("gold", "export", "mood", *words, "--json")
        assert done.code == 0, done.err
        return done.json

    return go


def people(run, folder, *words):
    """Return the answers of the store as a table of them has them, in an order of their own."""
    done = run("gold", "export", "mood", "--people", "--names", "--out", "people.csv", "--force", *words)
    assert done.code == 0, done.err
    with (folder / "people.csv").open(newline="", encoding="utf-8") as file:
        return sorted(tuple(row[name] for name in KEPT) for row in csv.DictReader(file))


def back(told, file, *more):
    (words,) = told["back"]
    _, _, command = words.partition("answers come back with: retrolabel ")
    return [*shlex.split(command.replace("FILE", file)), *more]


def fresh(run, folder):
    """Take the store away, and take the items in again."""
    (folder / ".retrolabel").rename(folder / "before")
    done = run("ingest", "feedback.csv", "--source", "web")
    assert done.code == 0, done.err


@pytest.mark.parametrize("case", FILES)
def test_answers_come_back_as_those_that_are_known(export, answered, run, case):
    kind, (out, file) = case.partition(",")[0], FILES[case]
    before = people(run, answered)
    told = export("--format", kind, "--out", out)
    assert told["rows"] == 7
    done = run(*back(told, file, "--json"))
    assert done.code == 0, done.err
    assert (done.json["added"], done.json["known"]) == (0, 7), done.json
    assert people(run, answered) == before


@pytest.mark.parametrize("case", FILES)
def test_a_fresh_store_gets_the_same_people_times_and_reasons_after_a_bump_in_between(
    export, answered, run, two_sides_of_bad, case
):
    kind, (out, file) = case.partition(",")[0], FILES[case]
    export("--format", kind, "--out", out)
    told = export("--format", kind, "--out", out, "--force")
    two_sides_of_bad()
    before = [row for row in people(run, answered) if row[4] not in ("test", "honeypot")]
    assert {row[2]: row[-2:] for row in before} == {"good": ("good", "exact"), "bad": ("slow|wrong", "set")}
    fresh(run, answered)
    done = run(*back(told, file, "--from", kind))
    assert done.code == 0, done.err
    assert people(run, answered) == before


@pytest.mark.parametrize("case", FILES)
def test_who_changes_an_answer_in_the_tool_gives_a_new_one(export, answered, run, case):
    kind, (out, file) = case.partition(",")[0], FILES[case]
    told = export("--format", kind, "--out", out)
    path = answered / file
    changed = {
        "label-studio": ('{"choices": ["good"]}', '{"choices": ["bad"]}'),
        "argilla": ('{"value": "good"', '{"value": "bad"'),
        "doccano": ('"label": ["good"]', '"label": ["bad"]'),
        "prodigy": ('"accept": ["good"]', '"accept": ["bad"]'),
    }[kind]
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            texts = {name: archive.read(name).decode() for name in archive.namelist()}
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in texts.items():
                archive.writestr(name, text.replace(*changed))
    else:
        path.write_text(path.read_text(encoding="utf-8").replace(*changed), encoding="utf-8")
    done = run(*back(told, file, "--json"))
    assert done.code == 0, done.err
    assert done.json["added"] == 3
    changes = {row[0]: row[1:3] for row in people(run, answered) if row[0] in ("0", "3") and row[1] != "7"}
    if out != "sent.jsonl" or kind == "prodigy":
        assert changes == {"0": ("ana", "bad"), "3": ("ana@example.com", "bad")}
    else:  # doccano's one file names nobody who changed anything
        assert ("unnamed", "bad") in [row[1:3] for row in people(run, answered)]


def test_test_gold_and_honeypots_stay_out_of_what_people_see_unless_asked_for_by_name(export, answered, run):
    told = export("--format", "prodigy", "--out", "sent.jsonl")
    assert (
        "1 answer of test gold and 1 answer of honeypot gold left out: people who label are not to see them;"
        " --role test or --role honeypot writes them"
    ) in told["notes"]
    items = [json.loads(line)["item_id"] for line in (answered / "sent.jsonl").read_text().splitlines()]
    assert sorted(items) == ["0", "0", "1", "2", "3", "6", "7"]
    told = export("--format", "prodigy", "--out", "test.jsonl", "--role", "test")
    assert [json.loads(line)["item_id"] for line in (answered / "test.jsonl").read_text().splitlines()] == ["4"]
    assert not any("left out" in note for note in told["notes"])


def test_where_there_is_only_test_gold_nothing_is_written(project, run, write):
    write("answers.csv", "item_id,label,role\n4,good,test\n5,good,test\n")
    assert run("gold", "import", "mood", "answers.csv", "--source", "web", "--role-column", "role").code == 0
    done = run("gold", "export", "mood", "--format", "argilla", "--out", "sent")
    assert (done.code, (project / "sent").exists()) == (1, False)
    assert "All human labels of mood are 2 answers of test gold" in done.err
    assert "--role test writes them" in done.err


def test_answers_under_several_versions_are_a_file_each(export, answered, run, write, two_sides_of_bad):
    two_sides_of_bad()
    write("again.csv", "item_id,who,label\n2,ana,slow\n")
    words = "again.csv --source web --role calibration --annotator who"
    assert run("gold", "import", "mood", *words.split()).code == 0
    done = run("gold", "export", "mood", "--format", "label-studio", "--out", "sent")
    assert (done.code, (answered / "sent").exists()) == (1, False)
    assert "(7 answers under 1.0.0, 1 answer under 2.0.0), and label-studio has the labels of one" in done.err
    assert "--schema 1.0.0" in done.err
    told = export("--format", "label-studio", "--out", "sent", "--schema", "2.0.0")
    assert told["rows"] == 1
    assert "--schema 2.0.0" in told["back"][0]
    assert 'value="wrong"' in (answered / "sent/labeling_config.xml").read_text(encoding="utf-8")


def test_label_studio_gets_people_by_number_or_e_mail_with_times_and_seconds(export, answered):
    export("--format", "label-studio", "--out", "sent", "--with", "created_at")
    first, *_, last = json.loads((answered / "sent/tasks.json").read_text(encoding="utf-8"))
    assert first["data"]["comment"] == "thank you so much"
    assert first["data"]["role"] == "dev"
    assert first["meta"]["created_at"].startswith("2026-02-01T08:00")
    assert first["predictions"] == []
    ana, seven = first["annotations"]
    assert (ana["completed_by"], ana["lead_time"]) == ({"email": "ana"}, 3.5)
    assert ana["created_at"] == "2026-05-01T12:00:00.123456+00:00"
    assert ana["result"][0]["value"] == {"choices": ["good"]}
    assert seven["completed_by"] == 7
    assert last["data"]["item_id"] == "7"


def test_doccano_has_a_file_for_each_person_and_one_of_nobody(export, answered):
    export("--format", "doccano", "--out", "sent.zip")
    with zipfile.ZipFile(answered / "sent.zip") as archive:
        lines = {name: [json.loads(each) for each in archive.read(name).splitlines()] for name in archive.namelist()}
    assert {name: [line["item_id"] for line in found] for name, found in lines.items()} == {
        "7.jsonl": ["0"],
        "all.jsonl": ["2", "7"],  # of nobody, and of somebody who is called so
        "ana.jsonl": ["0", "1"],
        "ana@example.com.jsonl": ["3"],
        "zoë%2Fx.jsonl": ["6"],
    }


def test_columns_of_items_stand_beside_gold(export, answered):
    export("--out", "gold.csv", "--with", "comment,created_at")
    with (answered / "gold.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["item_id"], row["comment"], row["created_at"][:10]) for row in rows[:3]] == [
        ("0", "thank you so much", "2026-02-01"), ("1", "this is wrong", "2026-02-02"), ("2", "no idea", "2026-02-03")
    ]  # fmt: skip


REFUSED = {
    "a column that no item has": (("--out", "x.csv", "--with", "coment"), "--with coment"),
    "a format": (("--out", "x", "--format", "docano"), "There is no export format 'docano'. Did you mean 'doccano'?"),
    "items for a tool": (("--out", "x", "--format", "argilla", "--soft"), "argilla holds answers as they were given"),
    "a text for a table": (("--out", "x.csv", "--text", "comment"), "--text is about tools that people label in"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_exported_is_refused_and_nothing_is_written(answered, run, case):
    words, said = REFUSED[case]
    done = run("gold", "export", "mood", *words)
    assert (done.code, said in done.err) == (1, True), done.err
    assert not list(answered.glob("x*"))


def test_a_table_goes_to_standard_output_alone(answered, run):
    done = run("gold", "export", "mood", "--format", "jsonl", "--out", "-")
    assert done.code == 0, done.err
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [row["item_id"] for row in rows] == ["0", "1", "2", "3", "4", "5", "6", "7"]


# Hugging Face ----------------------------------------------------------------------------------


def test_hugging_face_gets_an_item_a_row_in_the_split_of_its_role(export, answered):
    export("--format", "hf", "--out", "hf", "--with", "comment")
    splits = {path.stem: pq.read_table(path) for path in (answered / "hf/data").iterdir()}
    assert {name: table.num_rows for name, table in splits.items()} == {
        "dev": 5, "test": 1, "calibration": 1, "honeypot": 1,
    }  # fmt: skip
    told = json.loads(splits["dev"].schema.metadata[b"huggingface"])["info"]["features"]
    assert told["label"] == {"names": ["good", "bad"], "_type": "ClassLabel"}
    assert told["adjudicated"] == {"dtype": "string", "_type": "Value"}
    rows = {row["item_id"]: (row["label"], row["decided"]) for row in splits["dev"].to_pylist()}
    assert rows == {
        "0": (None, "tie"), "1": (1, "unanimous"), "3": (0, "unanimous"), "6": (0, "unanimous"), "7": (1, "unanimous"),
    }  # fmt: skip
    origin = json.loads(splits["test"].schema.metadata[b"retrolabel"])
    assert (origin["schema_version"], len(origin["fingerprints"]["shape"])) == ("1.0.0", 64)
    assert "label_set" not in origin


def test_answers_of_a_data_set_come_back_split_by_split(export, answered, run):
    before = people(run, answered)
    told = export("--format", "hf", "--people", "--names", "--out", "hf")
    assert len(told["back"]) == 4
    fresh(run, answered)
    for words in told["back"]:
        done = run(*shlex.split(words)[1:])
        assert done.code == 0, done.err
    assert people(run, answered) == before


LIBRARY = """
import datasets, json
found = datasets.load_dataset("hf", cache_dir="cache")
names = found["dev"].features["label"].names
rows = {split: [[row["item_id"], None if row["label"] is None else names[row["label"]], row["comment"]] for row in rows]
        for split, rows in found.items()}
print(json.dumps({"names": names, "rows": rows, "splits": list(found)}))
"""


@pytest.mark.skipif(find_spec("datasets") is None, reason="datasets is not installed")
def test_hugging_face_s_own_library_reads_gold_and_its_card(export, answered):
    from huggingface_hub import DatasetCard  # noqa: PLC0415 - where it is there

    export("--format", "hf", "--out", "hf", "--with", "comment")
    offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(answered / "home")}
    words = [sys.executable, "-c", LIBRARY]  # a process of its own: the library changes how others pickle
    done = subprocess.run(words, capture_output=True, text=True, cwd=answered, env=os.environ | offline, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["names"] == ["good", "bad"]
    assert found["rows"]["calibration"] == [["2", "bad", "no idea"]]
    assert found["rows"]["dev"][:2] == [["0", None, "thank you so much"], ["1", "bad", "this is wrong"]]
    assert sorted(found["splits"]) == ["calibration", "dev", "honeypot", "test"]
    card = DatasetCard.load(answered / "hf/README.md").data.to_dict()["retrolabel"]
    assert (card["task"], card["schema_version"]) == ("mood", "1.0.0")
    assert set(card["fingerprints"]["meaning"]) == {"good", "bad"}

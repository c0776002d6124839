"""What ``labels export`` and ``gold export`` write for Argilla and Label Studio, read and answered by their libraries.

``make nightly`` runs it. The libraries go into an environment of their own, in a folder of the user's cache, since they
pin what this project does not. A label set is exported under version 1, each library reads its files and writes them
again with the suggestions accepted, and ``gold import`` takes them back after version 2 came: ids are those that left.
Answers of people go out and come back the same way, into a store that knows none: their people and times are the same.

The exit code is 0 if all came back, 1 if something did not, 2 if the libraries cannot be installed.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

LIBRARIES = ("argilla>=2.8,<3", "label-studio-sdk>=2,<3")
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "retrolabel" / "other_tools"
ITEMS = 60
LABEL_STUDIO = """
import json
from label_studio_sdk.label_interface import LabelInterface
ask = LabelInterface(open("label-studio/labeling_config.xml").read())
ask.validate()
choices = ask.get_control("mood").labels
tasks = json.load(open("label-studio/tasks.json"))
for number, task in enumerate(tasks, 1):
    for each in task["predictions"]:
        wrong = ask.validate_prediction({"result": each["result"], "score": each["score"]}, return_errors=True)
        assert not wrong, wrong
        assert each["result"][0]["value"]["choices"][0] in choices, (each, choices)
        task["annotations"].append({"completed_by": 3, "was_cancelled": False, "result": each["result"]})
    task["id"] = number
json.dump(tasks, open("label-studio.back", "w"))
"""
ARGILLA = """
import json
from unittest.mock import MagicMock, patch
import argilla as rg
from argilla.client import Argilla
from argilla.records._io import GenericIO, JsonIO
with patch.object(Argilla, "_get_default", return_value=MagicMock()):
    settings = rg.Settings.from_json("argilla/.argilla/settings.json")
    assert [each.name for each in settings.fields] == ["comment"]
    choices = settings.questions["mood"].labels
    records = JsonIO._records_from_json("argilla/records.json")
    for record in records:
        for said in record.suggestions:
            assert said.value in choices, (said.value, choices)
            record.responses.add(rg.Response("mood", said.value, user_id="00000000-0000-0000-0000-000000000003",
                                             status="submitted"))
    json.dump(GenericIO.to_list(records, flatten=True), open("argilla.back", "w"), default=str)
"""
PEERS = {"label-studio": LABEL_STUDIO, "argilla": ARGILLA}
GOLD_OF_LABEL_STUDIO = """
import json
from label_studio_sdk.label_interface import LabelInterface
ask = LabelInterface(open("label-studio-gold/labeling_config.xml").read())
ask.validate()
tasks = json.load(open("label-studio-gold/tasks.json"))
assert sum(len(task["annotations"]) for task in tasks) == 4
for number, task in enumerate(tasks, 1):
    for each in task["annotations"]:
        assert ask.validate_annotation({"result": each["result"]}), each
    task["id"] = number
json.dump(tasks, open("label-studio-gold.back", "w"))
"""
GOLD_OF_ARGILLA = """
import json
from unittest.mock import MagicMock, patch
from uuid import UUID
import argilla as rg
from argilla.client import Argilla
from argilla.records._io import GenericIO, JsonIO
with patch.object(Argilla, "_get_default", return_value=MagicMock()):
    choices = rg.Settings.from_json("argilla-gold/.argilla/settings.json").questions["mood"].labels
    records = JsonIO._records_from_json("argilla-gold/records.json")
    said = [each for record in records for each in record.responses]
    assert len(said) == 4
    for each in said:
        assert each.value in choices and each.status == "submitted" and UUID(each.user_id), each
    json.dump(GenericIO.to_list(records, flatten=True), open("argilla-gold.back", "w"), default=str)
"""
GOLD_PEERS = {"label-studio": GOLD_OF_LABEL_STUDIO, "argilla": GOLD_OF_ARGILLA}
ANSWERS = """\
item_id,who,label,role,at
0,ana,good,dev,2026-05-01T12:00:00.123456Z
0,7,bad,dev,2026-05-02T12:00:00Z
1,ana@example.com,bad,dev,
2,ana,bad,calibration,2026-05-03T12:00:00Z
"""
V2 = '''\
"""Version 2: bad has two sides."""

from labeling_functions.mood.schema.{first} import BAD, GOOD
from labeling_functions.mood.schema.{first} import SCHEMA as V1
from retrolabel import Label, LabelSchema, Split

SLOW = Label("slow", "It took too long.")
WRONG = Label("wrong", "The answer is wrong.")

SCHEMA = LabelSchema(
    task="mood", version="2.0.0", revises=V1, labels=[GOOD, SLOW, WRONG], steps=[Split(BAD, into=[SLOW, WRONG])]
)
'''
SAID = ("thank you so much", "this is wrong", "no idea", "I ASKED FOR PYTHON", "perfect")


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def environment() -> Path:
    """Return the Python that has the libraries; installed the first time."""
    python = CACHE / "bin" / "python"
    ready = CACHE / "ready.txt"
    if not ready.exists() or ready.read_text(encoding="utf-8") != "\n".join(LIBRARIES):
        venv.create(CACHE, with_pip=True, clear=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *LIBRARIES], check=True
        )
        ready.write_text("\n".join(LIBRARIES), encoding="utf-8")
    return python


def retrolabel(folder: Path, *words: str) -> str:
    """Run a command in a folder, and return what it prints."""
    command = [sys.executable, "-m", "retrolabel", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"retrolabel {' '.join(words)}\n{done.stdout}{done.stderr}")
    return done.stdout


def export(folder: Path) -> dict[str, str]:
    """Make a project, export its labels for each tool, and return item -> label."""
    project(folder)
    retrolabel(folder, "relabel", "mood")
    for kind in PEERS:
        retrolabel(folder, "labels", "export", "mood", "--format", kind, "--out", kind, "--text", "comment")
    retrolabel(folder, "labels", "export", "mood", "--out", "plain.csv")
    with (folder / "plain.csv").open(encoding="utf-8", newline="") as file:
        return {row["item_id"]: row["label"] for row in csv.DictReader(file) if row["label"]}


def project(folder: Path) -> None:
    """Make a project with some items."""
    retrolabel(folder, "init", ".", "--task", "mood")
    (folder / "retrolabel.toml").write_text('store = ".retrolabel"\ntracking = false\n', encoding="utf-8")
    rows = [f"{n},2026-02-01T08:00:00Z,{SAID[n % len(SAID)]}" for n in range(ITEMS)]
    (folder / "feedback.csv").write_text("\n".join(["item_id,created_at,comment", *rows]), encoding="utf-8")
    retrolabel(folder, "ingest", "feedback.csv", "--source", "web")


def came_back(folder: Path, kind: str) -> dict[str, tuple[str, str]]:
    """Take a tool's answers back, and return item -> its label as it was given, and as it reads now."""
    words = f"gold import mood {kind}.back --from {kind} --source web --role dev --schema 1.0.0 --json"
    taken = json.loads(retrolabel(folder, *words.split()))
    say(f"{kind}: read as {taken['read_as']}, {taken['added']} new labels")
    retrolabel(folder, *f"gold export mood --people --names --out {kind}.csv".split())
    with (folder / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return {row["item_id"]: (row["label"], row["reads"]) for row in csv.DictReader(file) if "3" in row["annotator"]}


def people(folder: Path) -> list[tuple[str, ...]]:
    """Return the human labels of a project: item, person, label, role, time, how they read in the newest version."""
    retrolabel(folder, "gold", "export", "mood", "--people", "--out", "people.csv", "--force")
    names = ("item_id", "annotator", "label", "role", "labelled_at", "reads")
    with (folder / "people.csv").open(encoding="utf-8", newline="") as file:
        return sorted(tuple(row[name] for name in names) for row in csv.DictReader(file))


def gold_comes_back(folder: Path, kind: str, python: Path) -> bool:
    """Return whether answers that a tool's library read and wrote are those that left, in a store that knew none."""
    (folder / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    words = "gold import mood answers.csv --source web --annotator who --role-column role --time at"
    retrolabel(folder, *words.split())
    retrolabel(folder, *f"gold export mood --format {kind} --out {kind}-gold --text comment".split())
    done = subprocess.run(
        [python, "-c", GOLD_PEERS[kind]], cwd=folder, check=False, env=os.environ | {"PYTHONPATH": ""}
    )
    if done.returncode:
        return False
    bump(folder)
    before = people(folder)
    (folder / ".retrolabel").rename(folder / "before")
    retrolabel(folder, "ingest", "feedback.csv", "--source", "web")
    retrolabel(folder, *f"gold import mood {kind}-gold.back --source web --schema 1.0.0".split())
    return people(folder) == before


def bump(folder: Path) -> None:
    """Write version 2 of the task."""
    schema = folder / "labeling_functions/mood/schema"
    (first,) = (path.stem for path in schema.glob("v1*.py"))
    (schema / "v2.py").write_text(V2.format(first=first), encoding="utf-8")


def main() -> int:
    """Run it for each tool, and return the exit code."""
    try:
        python = environment()
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"The libraries cannot be installed: {error}")
        return 2
    failed = 0
    for kind, script in PEERS.items():
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            sent = export(folder)
            done = subprocess.run([python, "-c", script], cwd=folder, check=False, env=os.environ | {"PYTHONPATH": ""})
            bump(folder)
            reads = {"good": "good", "bad": "slow|wrong"}
            wanted = {item: (label, reads[label]) for item, label in sent.items()}
            if done.returncode or not wanted or came_back(folder, kind) != wanted:
                say(f"{kind}: labels did not come back as they left")
                failed += 1
            else:
                say(f"{kind}: {len(wanted)} labels came back as they left")
        with tempfile.TemporaryDirectory() as made:
            project(Path(made))
            same = gold_comes_back(Path(made), kind, python)
            answers = len(ANSWERS.splitlines()) - 1
            say(f"{kind}: {answers} answers of people {'came' if same else 'DID NOT come'} back as they left")
            failed += not same
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())

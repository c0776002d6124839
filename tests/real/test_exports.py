"""Exports of tools that have no reader of their own go in by what their errors say: read, paste, done."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from tests.command import run_here
from tests.real.exports import LABELS, Exports, tweets

TOLD = re.compile(r"as far as its values tell: (.*)")
NAMED = re.compile(r"--(?:encoding|skip-rows|skip-lines) \S+")
KINDS = {
    "sagemaker": (2, 100, {"record without sentiment-job-metadata.human-annotated=yes": 20}, 1),
    "labelbox": (2, 160, {}, 2),
    "appen": (2, 354, {"row without _tainted=false": 6}, 3),
    "toloka": (2, 357, {"row of ASSIGNMENT:status=REJECTED": 3}, 3),
    "langfuse": (2, 120, {"row of source=EVAL": 120}, 1),
    "langsmith": (2, 120, {}, 1),
    "kili": (2, 240, {}, 2),
    "potato": (2, 240, {}, 2),
    "zendesk": (2, 120, {}, 1),
    "vertex": (2, 120, {}, 1),
    "azure": (3, 120, {}, 1),
    "typeform": (2, 120, {}, 1),
    "qualtrics": (3, 120, {}, 1),
    "surveymonkey": (3, 120, {}, 1),
    "workbook": (3, 180, {}, 2),
    "european": (3, 120, {}, 1),
    **{f"mturk {form}": (2, 357, {"row of AssignmentStatus=Rejected": 3}, 3) for form in ("label", "choices")},
    "mturk json": (2, 357, {"record of AssignmentStatus=Rejected": 3}, 3),
}
"""File -> commands until it goes in, answers, what is left out, people."""


@pytest.fixture(scope="module")
def told(real, tmp_path_factory):
    """A project with real tweets as items, and what people say of some of them."""
    items, chosen = tweets(real("airline_tweets").parent)
    folder = tmp_path_factory.mktemp("exports")
    items.to_csv(folder / "tweets.csv", index=False)
    where = folder / "here"
    made = (
        [
            "init",
            "here",
            "--task",
            "sentiment",
            "--labels",
            ",".join(LABELS),
            "--column",
            "text",
            "--from",
            "tweets.csv",
        ],
        ["ingest", "../tweets.csv", "--source", "tweets", "--id", "item_id", "--time", "created_at"],
    )
    for words, at in zip(made, (folder, where), strict=True):
        assert run_here(words, at, {"NO_COLOR": "1"}).code == 0
    return where, chosen


def pasted(error):
    """Return the options that an error says to add."""
    line = TOLD.search(error)
    if line:
        return shlex.split(line[1])
    if "--rows-at" in error:
        return ["--rows-at", re.findall(r"--rows-at (\S+)", error)[-1]]
    return shlex.split(NAMED.search(error)[0])


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_goes_in_by_what_its_errors_say(told, tmp_path, kind):
    where, chosen = told
    commands, answers, left_out, people = KINDS[kind]
    method, *form = kind.split()
    path = getattr(Exports(tmp_path, chosen), method)(*form)
    words = ["gold", "import", "sentiment", str(path), "--source", "tweets", "--role", "dev", "--dry-run", "--json"]
    typed = 1
    while (done := run_here(words, where, {"NO_COLOR": "1"})).code and typed < 5:
        words += pasted(done.err)
        typed += 1
    assert done.code == 0, done.err
    report = json.loads(done.out)["dry_run"]
    assert (typed, report["added"], report["left_out"]) == (commands, answers, left_out)
    assert report["quarantined"] == 0
    shown = {each["annotator"] for each in report["first"]}
    assert len(shown) == min(people, len(shown))
    if people == 1 and kind not in ("langfuse", "langsmith"):
        assert shown == {"unnamed"}
    else:
        assert "unnamed" not in shown


def test_a_file_whose_values_are_no_labels_names_its_columns_of_few_values(told, tmp_path):
    where, chosen = told
    path = Exports(tmp_path, chosen).play_console()
    words = ["gold", "import", "sentiment", str(path), "--source", "tweets", "--role", "dev", "--dry-run"]
    done = run_here([*words, "--encoding", "utf-16"], where, {"NO_COLOR": "1"})
    assert "perhaps of what has few values: Star Rating (1, 3, 5)" in done.err
    words += ["--encoding", "utf-16", "--match", "Review Text=text", "--label", "Star Rating"]
    for stars, label in (("1", "negative"), ("3", "neutral"), ("5", "positive")):
        words += ["--map-label", f"{stars}={label}"]
    done = run_here(words, where, {"NO_COLOR": "1"})
    assert "120 rows -> 120 new labels" in done.out

"""The main job on real issues: ingest, gold, relabel, evaluate, and nothing twice."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

import retrolabel
from retrolabel.cli.main import main

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.real, pytest.mark.slow]


def forget() -> None:
    """Let no module of a test's project outlive the test."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def data(real) -> Path:
    """The file of issues."""
    return real("github_issues_nlbse24", "data.parquet")


@pytest.fixture(scope="module")
def project(data, tmp_path_factory) -> Path:
    """A project with the shipped task, and its store as the command line made it."""
    folder = tmp_path_factory.mktemp("issues")
    shutil.copytree(ROOT / "labeling_functions", folder / "labeling_functions")
    (folder / "retrolabel.toml").write_text('[tasks.issue_type]\nsources = ["github_issues"]\n')
    yield folder
    forget()


@pytest.fixture(scope="module")
def run(project):
    """Run a command in the project's folder and return what it printed with ``--json``."""

    def go(*words: object):
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(project)
            for name in ("RETROLABEL_STORE", "MLFLOW_TRACKING_URI"):
                patch.delenv(name, raising=False)
            patch.setattr(sys, "argv", ["retrolabel", *map(str, words), "--json"])
            out = project / "out.json"
            with out.open("w", encoding="utf-8") as stream:
                patch.setattr(sys, "stdout", stream)
                with pytest.raises(SystemExit) as exit_:
                    main()
            assert exit_.value.code == 0
            return json.loads(out.read_text(encoding="utf-8"))

    return go


@pytest.fixture(scope="module")
def done(run, data):
    """The reports of the main job, in order."""
    options = ("--source", "github_issues")
    return {
        "ingest": run("ingest", data, *options, "--id", "item_id", "--time", "created_at", "--drop", "label,split"),
        "gold": run("gold", "import", "issue_type", data, *options, "--role-column", "split", "--role-map",
                    "train=dev,test=test"),
        "first": run("relabel", "issue_type", "--no-tracking"),
        "second": run("relabel", "issue_type", "--no-tracking"),
        "evaluate": run("evaluate", "issue_type", "--final"),
    }  # fmt: skip


def test_all_issues_but_the_one_with_a_nul_come_in_without_their_labels(done, project):
    (report,) = done["ingest"]["ingested"]
    assert (report["added"], report["quarantined"]) == (2999, 1)
    assert "row 2545" in Path(report["quarantine"]).read_text(encoding="utf-8")
    ws = retrolabel.open(project)
    assert "label" not in ws.feedback.sources()["github_issues"]
    assert done["gold"]["roles"] == {"dev": 1500, "test": 1499}
    assert done["gold"]["quarantined"] == 1


def test_most_issues_are_covered_and_most_of_these_are_right(done):
    test = done["evaluate"]["gold"]["test"]
    assert test["n"] == 1499
    assert test["coverage"] >= 0.85
    assert test["accuracy"] >= 0.68
    assert test["low"] < test["accuracy"] < test["high"]


def test_the_dev_figures_do_not_flatter(done):
    gold = done["evaluate"]["gold"]
    assert abs(gold["dev"]["accuracy"] - gold["test"]["accuracy"]) < 0.08


def test_the_second_relabel_computes_nothing_and_gives_the_same_label_set(done):
    first, second = done["first"], done["second"]
    assert first["votes"]["computed"] > 0
    assert first["votes"]["faults"] == 0
    assert (second["votes"]["computed"], second["votes"]["reused"]) == (0, first["votes"]["computed"])
    assert second["label_set"] == first["label_set"] | {"new": False}


def test_no_labeling_function_fires_on_more_than_half_of_the_issues(done, project):
    frame = retrolabel.open(project).task("issue_type").lf_summary()
    assert frame["coverage"].max() <= 0.5
    assert len(frame) >= 10


def test_every_labeling_function_is_better_than_chance(done, project):
    frame = retrolabel.open(project).task("issue_type").lf_summary()
    assert frame["precision"].min() > 1 / 3


def test_the_label_set_verifies_and_exports(done, project, run):
    assert run("labels", "verify", "issue_type")["ok"]
    assert run("labels", "export", "issue_type", "--format", "csv", "--out", "labels.csv")["rows"] == 2999


def test_the_same_file_again_adds_nothing(done, run, data):
    options = ("--source", "github_issues")
    words = ("ingest", data, *options, "--id", "item_id", "--time", "created_at", "--drop", "label,split")
    assert run(*words)["ingested"][0]["already"]


def test_words_are_suggested_beside_those_that_ship_and_judged_by_other_gold(done, run):
    found = run("lf", "suggest", "issue_type")
    assert found["items"] == 1500  # those of test gold are not looked at
    assert found["chosen_by"]["what"] == "half of the gold"
    assert found["chosen_by"]["items"] + found["gold"]["judging"] == found["gold"]["items"] > 1400
    assert len(found["suggestions"]) == 10
    assert sum(each["state"] == "holds" for each in found["suggestions"]) >= 5
    assert min(each["precision"]["value"] for each in found["suggestions"]) >= 0.5
    assert all(each["new"] > 0 for each in found["suggestions"])

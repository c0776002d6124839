"""``labels diff`` on the command line: what it prints, its JSON, and what it refuses."""

from __future__ import annotations

import json

import pytest

FEEDBACK = """id,comment
1,"Thank you, that was it"
2,this is wrong
3,it takes ages
4,that is the wrong page
5,Which plan do I need?
6,it takes ages again
"""
HEAD = """from labeling_functions.helpfulness.schema.v1 import BAD, GOOD
from retrolabel import keywords

praise = keywords(GOOD, ["thank you", "thanks"], column="comment")
wrong = keywords(BAD, ["wrong"], column="comment")
"""
SLOW = 'slow = keywords(BAD, ["takes ages"], column="comment")\n'


@pytest.fixture
def project(folder, run, monkeypatch):
    """A project with a label set."""
    assert run("init", "helpdesk").code == 0
    monkeypatch.chdir(folder / "helpdesk")
    (folder / "helpdesk" / "feedback.csv").write_text(FEEDBACK)
    (folder / "helpdesk" / "labeling_functions/helpfulness/wording.py").write_text(HEAD)
    assert run("ingest", "feedback.csv", "--source", "chat", "--id", "id").code == 0
    assert run("relabel", "helpfulness").code == 0
    return folder / "helpdesk"


@pytest.fixture
def again(project, run):
    """The same with a second label set, made after an LF was added."""
    (project / "labeling_functions/helpfulness/wording.py").write_text(HEAD + SLOW)
    assert run("relabel", "helpfulness").code == 0
    return project


def test_what_changed_is_printed_with_its_cause_and_the_words(again, run):
    done = run("labels", "diff", "helpfulness")
    assert done.code == 0
    lines = [line.split() for line in done.out.splitlines()]
    assert ["(no", "label)", "bad", "2", "had", "no", "label"] in lines
    assert ["LF", "slow", "added", "2", "100.0", "%"] in lines
    assert "they add up to all 2" in done.out
    assert "slow (added): abstained -> bad   found: 'takes ages'" in done.out
    assert "gold: no comparison" in done.out


def test_json_has_numbers_that_add_up(again, run):
    found = run("labels", "diff", "helpfulness", "--json").json
    assert (found["items"], found["flips"], found["real_flips"]) == (6, 2, 2)
    assert found["pairs"] == [{"from": None, "to": "bad", "kind": "gained", "items": 2}]
    assert found["causes"] == {"LF slow added": 2.0}
    assert found["gold"]["items"] == 0
    assert found["how"] == {"exact": True, "orders": 1, "fits": 2, "standard_errors": {}, "groups": {}}
    (look,) = found["look_at"]
    assert (look["item_id"], look["alike"], look["cause"]) == ("3", 2, "LF slow added")
    assert look["votes"] == [{"lf": "slow", "what": "added", "before": None, "after": "bad", "words": ["takes ages"]}]


def test_the_other_way_round_it_says_the_reverse(again, run):
    ids = [each["id"] for each in json.loads(run("labels", "list", "helpfulness", "--json").out)["label_sets"]]
    found = run("labels", "diff", "helpfulness", ids[0][:8], ids[1][:8], "--json").json
    assert found["pairs"] == [{"from": "bad", "to": None, "kind": "lost", "items": 2}]
    assert found["causes"] == {"LF slow removed": 2.0}
    assert found["look_at"][0]["votes"][0]["words"] == ["takes ages"]


def test_without_causes_nothing_is_said_of_them(again, run):
    done = run("labels", "diff", "helpfulness", "--no-causes", "--items", "0")
    assert done.code == 0
    assert "2 labels changed (33.3 %)" in done.out
    assert "Why" not in done.out
    assert "Look at first" not in done.out
    assert run("labels", "diff", "helpfulness", "--no-causes", "--json").json["causes"] is None


def test_the_first_label_set_has_none_before_it(project, run):
    done = run("labels", "diff", "helpfulness")
    assert done.code == 1
    assert "is the first of helpfulness: there is none before it" in done.err


def test_broken_labeling_functions_are_not_in_the_way(again, run):
    (again / "labeling_functions/helpfulness/wording.py").write_text("raise RuntimeError\n")
    found = run("labels", "diff", "helpfulness", "--json").json
    assert found["causes"] == {"LF slow added": 2.0}
    assert found["look_at"][0]["votes"][0]["words"] == []

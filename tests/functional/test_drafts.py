"""A draft whose words nobody wrote yet: plan, relabel and doctor say so, until they are written."""

from __future__ import annotations

import re

import pytest

FILE = "labeling_functions/mood/schema/v2_split_bad.py"
TOLD = (
    f"mood 2.0.0 is a draft: 2 labels and its reason still say TODO ({FILE});"
    " labels made now get another id once that is written"
)


@pytest.fixture
def drafted(project, run):
    """A project with a draft, as ``schema new`` wrote it."""
    assert run("schema", "new", "mood", "--split", "bad=slow,wrong").code == 0
    return project


def test_plan_and_relabel_say_what_is_still_to_be_written(drafted, run):
    assert f"  note: {TOLD}\n" in run("plan", "mood").out
    assert TOLD in run("plan", "mood", "--json").json["notes"]
    assert TOLD in run("relabel", "mood", "--json").json["notes"]
    assert f"  note: {TOLD}\n" in run("relabel", "mood").out
    assert "TODO" not in run("plan", "mood", "--to", "1.0.0").out


def test_doctor_says_it_as_a_note_with_what_helps(drafted, run):
    done = run("doctor")
    assert done.code == 0
    remedy = "write what TODO stands for; retrolabel schema check mood names each"
    assert f"note    {TOLD}\n        Fix: {remedy}\n" in done.out


def test_what_is_written_is_told_no_more_and_the_label_set_has_another_id(drafted, run):
    before = run("plan", "mood", "--json").json
    path = drafted / FILE
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("TODO: when does it hold?", "It holds."), encoding="utf-8")
    after = run("plan", "mood", "--json").json
    assert after["label_set"] != before["label_set"]
    assert f"mood 2.0.0 is a draft: its reason still says TODO ({FILE})" in after["notes"]
    path.write_text(path.read_text(encoding="utf-8").replace("TODO: what could", "What could"), encoding="utf-8")
    last = run("plan", "mood", "--json").json
    assert last["label_set"] == after["label_set"]  # a reason changes no label
    assert not [note for note in last["notes"] if "TODO" in note]


def test_plan_counts_what_schema_check_refuses(drafted, run):
    path = drafted / FILE
    path.write_text(path.read_text(encoding="utf-8").replace("TODO: when", "When", 1), encoding="utf-8")
    refused = [each for each in run("schema", "check", "mood", "--json").json["findings"] if each["code"] == "todo"]
    assert len(refused) == 2
    assert "1 label and its reason still say TODO" in run("plan", "mood").out


def test_a_released_version_is_no_draft(drafted, run):
    path = drafted / FILE
    path.write_text(re.sub(r"TODO: ", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    assert run("schema", "release", "mood").code == 0
    path.write_text(path.read_text(encoding="utf-8").replace('"when does', '"TODO: when does'), encoding="utf-8")
    said = run("relabel", "mood").out
    assert "mood 2.0.0 was edited since it was released" in said
    assert "is a draft" not in said


def test_doctor_says_that_a_released_version_was_edited(project, run):
    assert run("schema", "release", "mood").code == 0
    path = next((project / "labeling_functions/mood/schema").glob("v1*.py"))
    text = path.read_text(encoding="utf-8")
    assert "The person did not get" in text
    path.write_text(text.replace("The person did not get", "The person hardly got"), encoding="utf-8")
    found = [each for each in run("doctor", "--json").json["findings"] if "was edited since" in each["what"]]
    assert [(each["state"], each["remedy"]) for each in found] == [
        ("note", "retrolabel schema check mood says what to do")
    ]

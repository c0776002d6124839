"""``labels verify --deep`` at the terminal: three states, one exit code."""

from __future__ import annotations

import pytest

WORDING = "labeling_functions/mood/wording.py"


@pytest.fixture
def labelled(project, run):
    """The project of forty items, labelled once."""
    assert run("relabel", "mood", "--no-tracking").code == 0
    return project


def test_what_holds_is_passed_and_what_cannot_be_done_again_is_open_and_no_failure(labelled, run):
    done = run("labels", "verify", "mood", "--deep")
    assert done.code == 0, done.err
    assert done.out.endswith("ok: nothing contradicts the label set.\n")
    assert " are the same to the bit" in done.out
    path = labelled / WORDING
    path.write_text(path.read_text().replace("says_thanks = keywords(\n    GOOD", "says_thanks = keywords(\n    BAD"))
    done = run("labels", "verify", "mood", "--deep")
    assert done.code == 0
    assert "ok: nothing contradicts the label set; 1 thing could not be done again" in done.out
    told = run("labels", "verify", "mood", "current", "--deep", "--json").json
    assert (told["ok"], told["failed"], told["open"], told["problems"]) == (True, 0, 1, [])
    assert [(each["name"], each["state"]) for each in told["checks"]][-1] == ("LF says_thanks", "open")


def test_a_file_with_other_bytes_fails_with_exit_code_1_and_says_what_helps(labelled, run):
    (votes, *_) = sorted((labelled / ".retrolabel" / "votes").rglob("*.parquet"))
    votes.write_bytes(votes.read_bytes()[:-1] + b"x")
    done = run("labels", "verify", "mood", "--deep", "--sample", "0")
    assert done.code == 1
    assert "failed: " in done.out
    assert "relabel mood --repair" in done.out
    assert run("labels", "verify", "mood", "--deep", "--sample", "0", "--json").json["ok"] is False


def test_a_sample_is_about_deep_alone(labelled, run):
    done = run("labels", "verify", "mood", "--sample", "5")
    assert done.code == 2
    assert "is about the calls of --deep" in done.err

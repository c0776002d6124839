"""What consumers read: a relabel, gates, promotion and the way back, at the terminal."""

from __future__ import annotations

import csv

import pytest

WORDING = "labeling_functions/mood/wording.py"


@pytest.fixture
def current(project, run):
    """The project of forty items, labelled once."""
    assert run("relabel", "mood", "--no-tracking").code == 0
    return project


def labels(run, folder, *words):
    done = run("labels", "export", "mood", *words, "--out", "out.csv", "--force")
    assert done.code == 0, done.err
    with (folder / "out.csv").open(newline="", encoding="utf-8") as file:
        return {(row["source"], row["item_id"]): row["label"] for row in csv.DictReader(file)}


def sets(run):
    return {each["id"]: each for each in run("labels", "list", "mood", "--json").json["label_sets"]}


def turned(project):
    """Edit the labeling function of thanks so that it says the opposite, and its examples with it."""
    path = project / WORDING
    path.write_text(path.read_text().replace("says_thanks = keywords(\n    GOOD", "says_thanks = keywords(\n    BAD"))


def test_a_bad_labeling_function_is_caught_and_consumers_read_what_they_read_before(current, run):
    before = labels(run, current)
    (first,) = sets(run)
    turned(current)
    done = run("relabel", "mood")
    assert done.code == 1
    assert "candidate: consumers do not read it" in done.out
    assert "gate flips failed: 80.0 %" in done.out or "gate flips failed: " in done.out
    assert "retrolabel labels promote mood" in done.out
    assert labels(run, current) == before
    assert labels(run, current, "latest") != before
    assert {each["current"] for each in sets(run).values() if each["id"] == first} == {True}
    shown = run("gates", "mood", "--json")
    assert shown.code == 1
    states = {gate["name"]: gate["state"] for gate in shown.json["gates"]}
    assert (states["flips"], states["version"], states["agreement"]) == ("failed", "passed", "open")
    refused = run("labels", "promote", "mood", "latest")
    assert (refused.code, "was not promoted: flips: " in refused.err) == (1, True)
    assert run("labels", "promote", "mood", "latest", "--override", "--reason", "it is what they mean").code == 0
    assert labels(run, current) != before
    back = run("labels", "rollback", "mood", "--reason", "no, it is not")
    assert f"label set {first[:12]} is current (rolled back by" in back.out
    assert labels(run, current) == before
    log = run("labels", "log", "mood", "--json").json["decisions"]
    assert [each["kind"] for each in log] == ["promoted", "held", "overridden", "rolled back"]
    assert [each["why"] for each in log][2:] == ["it is what they mean", "no, it is not"]
    assert log[2]["gates"][0]["name"] == "version"
    again = run("relabel", "mood", "--json")
    assert (again.code, again.json["status"], again.json["label_set"]["new"]) == (1, "candidate", False)
    assert labels(run, current) == before


def test_a_gate_that_fails_leaves_a_page_that_says_which_and_why(current, run):
    (first,) = sets(run)
    turned(current)
    refused = run("relabel", "mood", "--report", "nowhere/page.html")
    assert (refused.code, "page.html cannot be written" in refused.err, len(sets(run))) == (1, True, 1)
    done = run("relabel", "mood", "--report", "page.html", "--json")
    assert (done.code, done.json["report"]) == (1, "page.html")
    page = (current / "page.html").read_text(encoding="utf-8")
    assert f"Candidate: consumers do not read this label set, they read {first[:12]}." in page
    assert "1 gate fails: flips: " in page
    assert "retrolabel labels promote mood" in page
    assert run("report", "mood", "latest", "--out", "page.html", "--json").json["gates_failed"] == ["flips"]
    read = run("report", "mood", "current", "--out", "-").out
    assert "Current: consumers read this label set. It was promoted on" in read


def test_relabel_says_in_json_what_became_of_the_label_set(current, run):
    found = run("relabel", "mood", "--json").json
    assert (found["status"], found["why"]) == ("current", "consumers read it already")
    assert {gate["state"] for gate in found["gates"]} <= {"passed", "open"}


V2 = '''
"""Version 2: bad is slow or wrong."""

from labeling_functions.mood.schema.v1 import BAD, GOOD
from labeling_functions.mood.schema.v1 import SCHEMA as V1
from retrolabel import Label, LabelSchema, Split

SLOW, WRONG = Label("slow", "It took too long."), Label("wrong", "The answer is wrong.")
SCHEMA = LabelSchema(
    task="mood", version="2.0.0", revises=V1, labels=[GOOD, SLOW, WRONG], steps=[Split(BAD, into=[SLOW, WRONG])],
    reason="Which?",
)
'''


def test_what_is_current_and_latest_is_compared_with_what_was_current_before(current, run, write):
    refused = run("labels", "diff", "mood", "current", "latest")
    assert (refused.code, "are the same label set" in refused.err) == (1, True)
    (first,) = sets(run)
    write("more.csv", "item_id,created_at,comment\n98,2026-03-01T08:00:00Z,thank you\n")
    assert run("ingest", "more.csv", "--source", "web").code == 0
    assert run("relabel", "mood", "--json").json["status"] == "current"
    done = run("labels", "diff", "mood", "current", "latest")
    assert done.code == 0
    assert f"label set {first[:12]} -> " in done.out
    assert "is current itself, so this is against what was current before it" in done.out


def test_a_look_back_changes_nothing_for_consumers(current, run, write):
    write("labeling_functions/mood/schema/v2.py", V2)
    assert run("relabel", "mood").code == 0
    now = labels(run, current)
    back = run("relabel", "mood", "--to", "1.0.0", "--json")
    assert (back.code, back.json["status"]) == (0, "candidate")
    assert back.json["gates"][0]["why"] == "1.0.0 is older than 2.0.0, which is current"
    assert labels(run, current) == now
    assert run("labels", "export", "mood", "--json", "--out", "x.csv").json["schema"] == "2.0.0"
    assert run("labels", "show", "mood", "--json").json["inputs"]["schema"]["version"] == "1.0.0"
    forward = run("relabel", "mood", "--json").json
    assert (forward["status"], forward["label_set"]["new"], len(sets(run))) == ("current", False, 2)


def test_a_version_that_was_taken_out_again_stops_no_relabel(current, run, write):
    v2 = write("labeling_functions/mood/schema/v2.py", V2)
    assert run("relabel", "mood").code == 0
    v2.unlink()
    back = run("relabel", "mood", "--json")
    assert back.code == 0, back.err
    states = {gate["name"]: (gate["state"], gate["why"]) for gate in back.json["gates"]}
    assert states["flips"] == ("open", "a version of the two is gone")
    assert run("gates", "mood").code == 0


def test_a_name_is_accepted_wherever_an_id_is(current, run):
    (only,) = sets(run)
    assert run("labels", "tag", "mood", "current", "before-the-split").code == 0
    assert sets(run)[only]["tags"] == ["before-the-split"]
    for command in (("labels", "export", "mood", "before-the-split", "--out", "a.csv"), ("labels", "verify", "mood")):
        assert run(*command).code == 0
    assert run("labels", "show", "mood", "before-the-split", "--json").json["inputs"]["task"] == "mood"
    listed = run("labels", "list", "mood").out
    assert f"{only[:12]} >*" in listed
    assert f"{only[:12]} is before-the-split" in listed
    assert "it moves by itself" in run("labels", "tag", "mood", "latest", "current").err
    assert run("labels", "tag", "mood", "current", "before-the-split", "--delete").code == 0
    gone = run("labels", "show", "mood", "before-the-split")
    assert (gone.code, "there is no label set with 'before-the-split'" in gone.err) == (1, True)


def test_settings_say_what_is_asked_for(current, run, write):
    write(
        "retrolabel.toml",
        'store = ".retrolabel"\ntracking = false\n[tasks.mood.gates]\nflips = 1\ncoverage_drop = 1\nby_hand = true\n',
    )
    turned(current)
    done = run("relabel", "mood", "--json")
    assert (done.code, done.json["status"]) == (0, "candidate")
    assert done.json["why"] == "the settings leave promotion to a person"
    assert run("labels", "promote", "mood", "latest").code == 0
    write("retrolabel.toml", 'store = ".retrolabel"\n[tasks.mood.gates]\nflip = 1\n')
    wrong = run("relabel", "mood")
    assert (wrong.code, "tasks.mood.gates.flip" in wrong.err) == (1, True)


def test_gold_below_its_floor_fails_a_gate(current, run, write):
    rows = "".join(f"{n},{'bad' if n % 5 in (0, 4) else 'good'}\n" for n in range(40))
    write("gold.csv", f"item_id,label\n{rows}")
    assert run("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev").code == 0
    write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n[tasks.mood.gates]\nagreement = 0.9\n')
    shown = run("gates", "mood", "current", "--json")
    gate = next(gate for gate in shown.json["gates"] if gate["name"] == "agreement")
    assert (shown.code, gate["state"], gate["limit"]) == (1, "failed", 0.9)
    assert gate["figure"] < 0.1

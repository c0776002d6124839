"""``retrolabel plan`` says what changes, why and what it costs; ``relabel --plan`` does exactly that, or refuses."""

from __future__ import annotations

import json

import pytest

HELPER = """\
from labeling_functions.mood.schema.v1 import BAD
from retrolabel import labeling_function

CUTOFF = {cutoff}

def stale_years(comment):
    return comment.count("20") > CUTOFF{more}

@labeling_function(BAD)
def says_stale(comment):
    return stale_years(comment or "")
"""


@pytest.fixture
def helper(project, write):
    """Write an LF whose helper, or its constant, can be edited."""

    def go(more="", cutoff=3):
        write("labeling_functions/mood/stale.py", HELPER.format(more=more, cutoff=cutoff))

    go()
    return go


def lines(done):
    assert done.code == 0, done.err
    return done.out.splitlines()


def test_the_first_plan_says_that_all_is_new_and_that_no_time_is_known(run, project):
    told = lines(run("plan", "mood"))
    assert told[1] == "  There is no label set yet, so all of it is new."
    assert told[2] == "  + 40 new items of web"
    assert told[3] == "  + 3 LFs: 120 calls; new"
    assert "none of them ever ran" in told[6]
    assert told[5].split() == ["compute", "120", "calls", "of", "3", "labeling", "functions"]


def test_a_plan_after_a_relabel_says_that_nothing_changed(run, project):
    run("relabel", "mood")
    told = lines(run("plan", "mood"))
    assert told[1].startswith("Against label set ")
    assert told[1].endswith(" (1.0.0, the latest):")
    assert told[2:4] == [
        "  = 3 LFs: 120 calls reused",
        "  = nothing changed: schema, gold, label model, numerics, settings, items, labeling functions as before",
    ]


def test_an_edited_helper_is_named_and_its_time_is_that_of_before_the_edit(run, project, helper):
    run("relabel", "mood")
    helper(more=" or comment.isupper()")
    told = lines(run("plan", "mood"))
    assert told[2] == "  ~ LF says_stale: 40 calls; code changed: helper stale_years()"
    assert told[3] == "  = 3 LFs: 120 calls reused"
    assert told[4] == "  = nothing else changed: schema, gold, label model, numerics, settings, items as before"
    assert "less than 1 s in one process (from 40 calls measured before its edit)" in told[6]


def test_a_constant_is_told_with_both_values(run, project, helper):
    run("relabel", "mood")
    helper(cutoff=4)
    assert "  ~ LF says_stale: 40 calls; constant CUTOFF: 3, now 4" in lines(run("plan", "mood"))


def test_new_and_revised_items_are_counted_by_source(run, project, write):
    run("relabel", "mood")
    write(
        "more.csv", "item_id,created_at,comment\nx1,2026-03-01,thanks\nx2,2026-03-01,wrong\n0,2026-01-01,other words\n"
    )
    assert run("ingest", "more.csv", "--source", "web", "--revise").code == 0
    told = lines(run("plan", "mood"))
    assert told[2:4] == ["  + 2 new items of web", "  ~ 1 revised item of web"]
    assert told[4] == "  = 3 LFs: 9 calls, 120 reused; for new content of items"
    assert "(from 120 calls measured)" in told[7]


def test_a_new_an_edited_and_a_removed_labeling_function_have_a_line_each(run, project, helper, write):
    run("relabel", "mood")
    (project / "labeling_functions" / "mood" / "stale.py").unlink()
    write("labeling_functions/mood/calm.py",
          "from labeling_functions.mood.schema.v1 import GOOD\nfrom retrolabel import keywords\n"
          "calm = keywords(GOOD, ['calm'], column='comment')\n")  # fmt: skip
    told = lines(run("plan", "mood"))
    assert told[2:5] == ["  + LF calm: 40 calls; new", "  - LF says_stale: gone", "  = 3 LFs: 120 calls reused"]
    assert "time not known: it never ran" in told[7]


def test_what_was_never_measured_is_not_made_up_beside_what_was(run, project, helper, write):
    run("relabel", "mood")
    helper(cutoff=4)
    write("labeling_functions/mood/calm.py",
          "from labeling_functions.mood.schema.v1 import GOOD\nfrom retrolabel import keywords\n"
          "calm = keywords(GOOD, ['calm'], column='comment')\n")  # fmt: skip
    (time,) = [line for line in lines(run("plan", "mood")) if "in one process" in line]
    assert time.endswith("(from 40 calls measured before its edit); not known for calm")
    told = run("plan", "mood", "--json").json
    assert told["estimated_seconds"] is None
    assert told["estimate"]["unknown"] == ["calm"]
    assert told["estimate"]["measured"] == 40


def test_json_has_what_the_text_has(run, project, helper, write):
    run("relabel", "mood")
    helper(cutoff=4)
    changes = run("plan", "mood", "--label-model", "majority_vote", "--json").json["changes"]
    assert changes["differences"] == [
        {"mark": "~", "what": "label model", "told": "label_model, now majority_vote"},
    ]
    (edited,) = [lf for lf in changes["lfs"] if lf["mark"] == "~"]
    assert edited == {
        "name": "says_stale", "mark": "~", "compute": 40, "reuse": 0, "why": ["constant CUTOFF: 3, now 4"],
        "edited": True, "still": False,
    }  # fmt: skip
    assert changes["items"] == []


V2 = """\
from labeling_functions.mood.schema.v1 import BAD, GOOD
from labeling_functions.mood.schema.v1 import SCHEMA as V1
from retrolabel import Label, LabelSchema, Split
SLOW, WRONG = Label("slow"), Label("wrong")
SCHEMA = LabelSchema(
    task="mood", version="2.0.0", revises=V1, labels=[GOOD, SLOW, WRONG], steps=[Split(BAD, into=[SLOW, WRONG])]
)
"""


def test_a_bump_says_what_becomes_of_labels_votes_and_human_labels(run, project, write):
    rows = "".join(f"{n},{'good' if n % 8 in (0, 3) else 'bad'}\n" for n in range(24))
    write("gold.csv", "item_id,label\n" + rows)
    run("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev")
    run("relabel", "mood")
    write("labeling_functions/mood/schema/v2.py", V2)
    done = run("plan", "mood")
    told = lines(done)
    assert "  ~ schema: 1.0.0, now 2.0.0" in told
    assert "    - bad is slow | wrong now" in told
    assert "    + slow is new; came from bad" in told
    assert "  ~ gold: 24 items fitted as before, as they read in 2.0.0" in told
    assert "  ~ 2 LFs: 80 calls reused; the vote bad (of 1.0.0) is carried as slow | wrong" in told
    assert "      says_wrong, shouts" in told
    assert "  human labels read in 2.0.0: 6 carried, 18 as a set, 0 suspect, 0 that say nothing" in told
    table = {line.split()[0]: line.split()[1:] for line in told if line.startswith(("good ", "bad ", "slow "))}
    assert table == {
        "good": ["6", "6", "0.62", "0.62"],
        "bad": ["18", "-", "0.42", "-"],
        "slow": ["-", "0", "-", "unknown"],
    }
    assert "note: 2 LFs" not in done.out


def test_relabel_makes_exactly_what_the_plan_says(run, project):
    planned = run("plan", "mood", "-o", "plan.json", "--json").json
    done = run("relabel", "mood", "--plan", "plan.json", "--json")
    assert done.code == 0, done.err
    assert done.json["label_set"]["id"] == planned["label_set"]
    again = run("relabel", "mood", "--plan", "plan.json", "--json")  # as after a kill at the very end
    assert (again.code, again.json["label_set"]["new"]) == (0, False)


def test_a_plan_for_an_older_version_and_another_label_model_is_carried_out_as_such(run, project, write):
    write("labeling_functions/mood/schema/v2.py", V2)
    planned = run("plan", "mood", "--to", "1.0.0", "--label-model", "majority_vote", "-o", "plan.json", "--json").json
    done = run("relabel", "mood", "--plan", "plan.json", "--json").json
    assert (done["label_set"]["id"], done["label_set"]["schema"]) == (planned["label_set"], "1.0.0")
    assert done["label_model"]["name"] == "majority_vote"


def test_the_plan_says_version_and_label_model_so_that_options_may_not(run, project):
    run("plan", "mood", "-o", "plan.json")
    done = run("relabel", "mood", "--plan", "plan.json", "--to", "1.0.0")
    assert done.code == 2
    assert "the plan says the version and the label model" in done.err


def test_all_that_moved_is_listed_and_nothing_is_made(run, project, helper, write):
    run("relabel", "mood")
    helper(cutoff=4)
    run("plan", "mood", "-o", "plan.json")
    helper(cutoff=5)
    write("labeling_functions/mood/calm.py",
          "from labeling_functions.mood.schema.v1 import GOOD\nfrom retrolabel import keywords\n"
          "calm = keywords(GOOD, ['calm'], column='comment')\n")  # fmt: skip
    write("more.csv", "item_id,created_at,comment\nx1,2026-03-01,thanks\n0,2026-01-01,other words\n")
    run("ingest", "more.csv", "--source", "web", "--revise")
    write("gold.csv", "item_id,label\n" + "".join(f"{n},good\n" for n in range(1, 31)))
    run("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev")
    write("retrolabel.toml", 'tracking = false\nlabel_model = "weighted_vote"\n[tasks.mood]\nguesses = "label"\n')
    before = run("labels", "list", "--json").json
    done = run("relabel", "mood", "--plan", "plan.json", "--json")
    assert done.code == 1
    error = done.json["error"]
    assert error["type"] == "PlanMovedError"
    assert {each["where"]: each["what"] for each in error["problems"]} == {
        "label model": "label_model, now weighted_vote",
        "gold": "30 items fitted",
        "settings": "guesses none, now label",
        "source web": "1 item new, 1 item revised",
        "LF calm": "new",
        "LF says_stale": "constant CUTOFF changed",
    }
    assert run("labels", "list", "--json").json == before


def test_another_latest_is_told(run, project):
    run("relabel", "mood")
    run("plan", "mood", "--label-model", "majority_vote", "-o", "plan.json")
    other = run("relabel", "mood", "--label-model", "weighted_vote", "--json").json["label_set"]["id"]
    done = run("relabel", "mood", "--plan", "plan.json")
    assert done.code == 1
    assert "latest: was " in done.err
    assert f"and is {other[:12]}" in done.err


def test_an_edited_meaning_of_a_draft_and_a_version_that_is_gone_are_told(run, project, write):
    write("labeling_functions/mood/schema/v2.py", V2)
    run("plan", "mood", "-o", "plan.json")
    write("labeling_functions/mood/schema/v2.py", V2.replace('Label("slow")', 'Label("slow", "Took long.")'))
    done = run("relabel", "mood", "--plan", "plan.json")
    assert done.code == 1
    assert "schema: 2.0.0 was edited: meaning of slow changed" in done.err
    (project / "labeling_functions" / "mood" / "schema" / "v2.py").unlink()
    gone = run("relabel", "mood", "--plan", "plan.json")
    assert gone.code == 1
    assert "schema: Task 'mood' has no schema version '2.0.0'" in gone.err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "is no plan of retrolabel"),
        ("[1]", "is no plan of retrolabel"),
        ('{"kind": "something else"}', "is no plan of retrolabel"),
        ('{"kind": "a plan of retrolabel", "format": 9, "retrolabel": "9.1"}', "is a plan in the format 9"),
        ('{"kind": "a plan of retrolabel", "format": 1}', "is not as it was written"),
    ],
)
def test_a_foreign_file_is_refused(run, project, write, content, told):
    write("plan.json", content)
    done = run("relabel", "mood", "--plan", "plan.json")
    assert (done.code, told in done.err) == (1, True), done.err


def test_a_file_that_is_missing_or_was_edited_is_refused(run, project, write):
    assert run("relabel", "mood", "--plan", "none.json").code == 1
    run("plan", "mood", "-o", "plan.json")
    text = (project / "plan.json").read_text()
    write("plan.json", text.replace('"latest": null', '"latest": "1f"'))
    done = run("relabel", "mood", "--plan", "plan.json")
    assert (done.code, "it is damaged, or was edited" in done.err) == (1, True)
    write("plan.json", text[: len(text) // 2])
    assert "is no plan of retrolabel" in run("relabel", "mood", "--plan", "plan.json").err


def test_a_plan_of_another_task_or_store_is_refused(run, project, tmp_path):
    run("plan", "mood", "-o", "plan.json")
    run("init", ".", "--task", "tone")
    other = run("relabel", "tone", "--plan", "plan.json")
    assert (other.code, "plan.json is a plan of mood, not of tone." in other.err) == (1, True)
    elsewhere = tmp_path / "store"
    run("ingest", "feedback.csv", "--source", "web", "--store", elsewhere)
    done = run("relabel", "mood", "--plan", "plan.json", "--store", elsewhere)
    assert (done.code, "plan.json was made for another store" in done.err) == (1, True)


def test_a_plan_file_holds_no_texts_no_code_and_no_secrets(run, project, write):
    write("labeling_functions/mood/secretive.py",
          "from labeling_functions.mood.schema.v1 import BAD\nfrom retrolabel import labeling_function\n"
          "PHRASE = 'swordfish'\nURL = 'https://ann:hunter22@db.example/x'\n"
          "KNOWN = {'marzipan': len, 'a > gugelhupf > b': max}\n"
          "@labeling_function(BAD)\ndef secretive(comment):\n"
          "    return PHRASE in (comment or '') or URL == comment or comment in KNOWN\n")  # fmt: skip
    run("plan", "mood", "-o", "plan.json")
    text = (project / "plan.json").read_text()
    assert "secretive" in text
    for word in (
        "swordfish",
        "hunter22",
        "marzipan",
        "gugelhupf",
        "return",
        "lambda",
        "comment in KNOWN",
        str(project),
    ):
        assert word not in text, word
    assert json.loads(text)["format"] == 1


def test_plan_changes_nothing_in_the_store(run, project):
    run("relabel", "mood")
    before = {path: path.read_bytes() for path in (project / ".retrolabel").rglob("*") if path.is_file()}
    run("plan", "mood", "-o", "plan.json")
    assert {path: path.read_bytes() for path in (project / ".retrolabel").rglob("*") if path.is_file()} == before


def test_a_plan_for_the_newest_version_is_refused_when_there_is_a_newer_one(run, project, write):
    run("plan", "mood", "-o", "plan.json")
    run("plan", "mood", "--to", "1.0.0", "-o", "asked.json")
    write("labeling_functions/mood/schema/v2.py", V2)
    done = run("relabel", "mood", "--plan", "plan.json")
    assert done.code == 1
    assert "schema: the newest version is 2.0.0, and the plan was made for the newest, 1.0.0 then" in done.err
    assert run("relabel", "mood", "--plan", "asked.json", "--json").json["label_set"]["schema"] == "1.0.0"


def test_a_latest_label_set_that_cannot_be_read_is_said_and_nothing_is_called_new(run, project):
    made = run("relabel", "mood", "--json").json["label_set"]["id"]
    (project / ".retrolabel" / "label_sets" / made / "manifest.json").write_text("{}")
    told = lines(run("plan", "mood", "--label-model", "majority_vote"))
    assert told[1].startswith("  What changed is not known, since the latest label set cannot be read. ")
    assert told[2] == "  = 3 LFs: 120 calls reused"
    assert " new" not in "".join(told[1:3])

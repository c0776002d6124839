"""Rationales become proposals: found, shown, accepted, rejected, and found again."""

from __future__ import annotations

import itertools

import pytest

import retrolabel
from retrolabel.jobs.gold.proposals.finding import SpecQuestion

V1 = '''\
"""Version 1."""

from retrolabel import Label, LabelSchema

BUG = Label("bug", "The product does what it should not.")
FEATURE = Label("feature", "Something that is not there yet is asked for.")
QUESTION = Label("question", "Somebody wants to know how to use it.")

SCHEMA = LabelSchema(task="kind", version="1.0.0", labels=[BUG, FEATURE, QUESTION], reason="The first one.")
'''
SLOW = ["page is slow", "slow to load", "it's only slow", "slow page", "loads slowly, so slow", "slow, nothing breaks"]
LENTO = ["va lento, no falla", "la página es lenta", "muy lento", "carga lenta", "tarda, lento", "lenta al cargar"]
PEOPLE = ("ana", "ben", "cleo")
THINGS = [
    *("window", "garden", "river", "bottle", "candle", "market", "ticket", "engine"),
    *("pepper", "saddle", "ladder", "mirror", "basket", "hammer", "pillow"),
]
DRAFT = "proposals/kind/p1_v2_redefine_bug.py"


def gold(slow=SLOW, *, start=0):
    """Return rows of gold: slow pages (feature, or bug), pages in Spanish (question, or bug), and plain items."""
    rows, writer = [], itertools.cycle(PEOPLE)
    for at, (why, label) in enumerate([*((t, "feature") for t in slow), *((t, "question") for t in LENTO)], start):
        mine, other, third = (next(writer) for _ in PEOPLE)
        next(writer)
        rows += [(f"s{at}", mine, label, why), (f"s{at}", other, "bug", "idk"), (f"s{at}", third, label, "")]
    for at, thing in enumerate(THINGS):
        label = ("bug", "feature", "question")[at % 3]
        rows += [(f"p{at}", "ana", label, f"the {thing}"), (f"p{at}", "ben", label, "")]
    return rows


def table(rows):
    return "item_id,annotator,label,why\n" + "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


@pytest.fixture
def project(once, run, write):
    def made():
        write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n')
        for name in ("", "kind/", "kind/schema/"):
            write(f"labeling_functions/{name}__init__.py", "")
        write("labeling_functions/kind/schema/v1.py", V1)
        ids = [*(f"s{n}" for n in range(40)), *(f"p{n}" for n in range(len(THINGS)))]
        write("f.csv", "item_id,body\n" + "".join(f"{each},text of {each}\n" for each in ids))
        assert run("ingest", "f.csv", "--source", "inbox").code == 0
        write("gold.csv", table(gold()))
        take_in(run, "gold.csv")
        assert run("gold", "proposals", "list", "kind", "--refresh").code == 0

    return once("proposals", made)


def take_in(run, file, role="calibration"):
    columns = ("--annotator", "annotator", "--rationale", "why")
    done = run("gold", "import", "kind", file, "--source", "inbox", "--role", role, *columns)
    assert done.code == 0, done.err


def listed(run, *more):
    done = run("gold", "proposals", "list", "kind", "--json", *more)
    assert done.code == 0, done.err
    return done.json["proposals"]


def told(run, *more):
    return {each["id"]: (each["kind"], each["label"], each["status"]) for each in listed(run, *more)}


@pytest.mark.usefixtures("project")
def test_two_points_in_two_languages_are_two_proposals_and_looking_writes_nothing(run, state):
    before = state()
    assert told(run) == {1: ("exclude", "bug", "open"), 2: ("exclude", "bug", "open")}
    slow, lento = listed(run)
    assert (slow["items"], slow["people"], slow["clear"], slow["quoted"]) == (6, 3, True, "slow to load")
    assert (set(lento["pair"]), "lento" in lento["words"]) == ({"question", "bug"}, True)
    shown = run("gold", "proposals", "list", "kind").out
    assert "bug: say that these do not belong to it" in shown
    assert run("gold", "proposals", "show", "kind", "1").code == 0
    assert state() == before


@pytest.mark.usefixtures("project")
def test_a_proposal_is_shown_with_people_items_and_the_draft(run):
    shown = run("gold", "proposals", "show", "kind", "1").out
    for words in (
        "page is slow",
        "ana: feature",
        "text of s0",
        "People differ on 6 of the 6 items",
        "+Does not belong",
    ):
        assert words in shown
    assert "retrolabel schema new kind --redefine bug=narrower" in shown
    found = run("gold", "proposals", "show", "kind", "1", "--json").json
    assert len(found["rationales"]) == 6
    assert found["draft"]["version"] == "2.0.0"
    missing = run("gold", "proposals", "show", "kind", "9")
    assert (missing.code, "There are 1, 2." in missing.err) == (1, True)


@pytest.mark.usefixtures("project")
def test_accepting_writes_a_draft_that_discovery_does_not_take_up(run, folder):
    dry = run("gold", "proposals", "accept", "kind", "1", "--dry-run")
    assert ("Nothing was written." in dry.out, (folder / "proposals").exists()) == (True, False)
    inside = run("gold", "proposals", "accept", "kind", "1", "--out", "labeling_functions/kind/schema/v2.py")
    assert (inside.code, "it would be taken for a version of the task at once" in inside.err) == (1, True)
    done = run("gold", "proposals", "accept", "kind", "1", "--why", "Slow is no bug.", "--by", "eva")
    assert done.code == 0, done.err
    text = (folder / DRAFT).read_text()
    assert "TODO: say as a rule" in text
    assert "slow to load" in text
    assert run("schema", "heads", "kind").out == "1.0.0\n"
    (event,) = run("events", "list", "--kind", "proposal.accepted", "--json").json["events"]
    assert event["said"].startswith("eva accepted proposal 1 of kind")
    assert "slow to load" not in str(event)
    again = run("gold", "proposals", "accept", "kind", "1")
    assert (again.code, "was accepted by eva" in again.err) == (1, True)
    home = folder / "labeling_functions/kind/schema/v2_redefine_bug.py"
    (folder / DRAFT).rename(home)
    assert run("schema", "heads", "kind").out == "2.0.0\n"
    assert "still says TODO" in run("schema", "check", "kind").out


@pytest.mark.usefixtures("project")
def test_a_file_that_exists_is_never_written_over_and_nothing_is_decided(run, write, state):
    write("mine.py", "# mine")
    before = state()
    done = run("gold", "proposals", "accept", "kind", "1", "--out", "mine.py")
    assert (done.code, "exists already" in done.err) == (1, True)
    assert state() == before


@pytest.mark.usefixtures("project")
def test_what_was_rejected_stays_rejected_until_much_that_is_new_speaks_for_it(run, write):
    assert run("gold", "proposals", "reject", "kind", "1", "--why", "Not now.", "--by", "eva").code == 0
    assert told(run, "--refresh")[1] == ("exclude", "bug", "rejected")
    assert run("gold", "proposals", "reject", "kind", "1", "--why", "again").code == 1
    write("few.csv", table(gold(["slow slow page", "slow start"], start=20)[:6]))
    take_in(run, "few.csv")
    assert "2 rationales came since" in run("gold", "proposals", "list", "kind").out.replace(
        "4 rationales", "2 rationales"
    )
    assert told(run, "--refresh") == {1: ("exclude", "bug", "rejected"), 2: ("exclude", "bug", "open")}
    write("many.csv", table(gold([f"{text} again" for text in SLOW], start=24)[:18]))
    take_in(run, "many.csv")
    found = run("gold", "proposals", "list", "kind", "--refresh", "--json").json
    assert (found["back"], found["new"]) == ([1], [])
    assert told(run)[1] == ("exclude", "bug", "open")
    (first, back) = listed(run)[0]["decisions"]
    assert (first["kind"], back["kind"]) == ("rejected", "came back")


@pytest.mark.usefixtures("project")
def test_a_decision_is_taken_back(run):
    run("gold", "proposals", "reject", "kind", "2", "--why", "no")
    assert run("gold", "proposals", "reopen", "kind", "2", "--why", "yes after all").code == 0
    assert told(run, "--status", "open").keys() == {1, 2}
    assert run("gold", "proposals", "reopen", "kind", "2").code == 1
    assert [each["kind"] for each in listed(run)[1]["decisions"]] == ["rejected", "reopened"]


@pytest.mark.usefixtures("project")
def test_test_gold_counts_nowhere(run, write):
    rows = [(f"s{at}", "dora", "feature", "geheim, langsam") for at in range(30, 36)]
    write("test.csv", table(rows))
    take_in(run, "test.csv", role="test")
    assert not any("geheim" in str(each) for each in listed(run, "--refresh"))
    found = run("gold", "proposals", "list", "kind", "--refresh", "--json").json
    assert found["left"]["on test gold, or on a near copy of it"] == 6


@pytest.mark.usefixtures("project")
def test_a_question_of_a_diagnosis_is_a_proposal_that_keeps_its_number(folder):
    gold = retrolabel.open(folder).task("kind").gold
    asked = SpecQuestion(("bug", "feature"), (("inbox", "s1"), ("inbox", "s2")), "Is slow a bug?", ("All differ.",))
    (first,) = gold.propose([asked])
    (again,) = gold.propose([asked])
    assert (first.id, again.id, first.origin) == (3, 3, "diagnosis")
    gold.proposals(refresh=True)
    shown = gold.proposal(3)
    assert (shown.maybe, shown.proposal.gone) == ("ask in the guideline: bug or feature?", False)
    assert "Is slow a bug?" in gold.accept_proposal(3, dry_run=True).schema.guidelines


@pytest.mark.usefixtures("project")
def test_proposals_are_a_table_in_python(folder):
    found = retrolabel.open(folder).task("kind").gold.proposals()
    assert list(found.frame()["kind"]) == ["exclude", "exclude"]
    assert repr(found) == "<kind: 2 open>"


def test_without_rationales_the_next_command_is_told(run, write):
    write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n')
    for name in ("", "kind/", "kind/schema/"):
        write(f"labeling_functions/{name}__init__.py", "")
    write("labeling_functions/kind/schema/v1.py", V1)
    write("f.csv", "item_id,body\n1,slow\n")
    assert run("ingest", "f.csv", "--source", "inbox").code == 0
    done = run("gold", "proposals", "list", "kind")
    assert (done.code, "--rationale COLUMN" in done.out) == (0, True)
    assert run("gold", "proposals", "list", "kind", "--refresh").code == 0

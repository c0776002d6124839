"""`retrolabel schema check`, as a person and as CI meet it.

Each refusal starts from a project that passes, changes exactly one thing, and is told with its code, its
file and its remedy, to people and to machines.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from retrolabel.schema.fingerprints import digest

ROOT = Path(__file__).parents[2]
TASK = "labeling_functions/triage"
LOCK = "labeling_functions/labels.lock"
V1 = f"{TASK}/schema/v1.py"
V2 = f"{TASK}/schema/v2.py"
V3 = f"{TASK}/schema/v3.py"
LFS = f"{TASK}/wording.py"

FIRST = '''"""Version 1: what an issue is about."""

from retrolabel import Label, LabelSchema

BUG = Label("bug", "The product does what it should not.", include=["wrong results"], owner="core", hotkey="b")
QUESTION = Label("question", "Somebody asks how something works.", hotkey="q")
WONTFIX = Label("wontfix", "Nobody will do anything about it.")

SCHEMA = LabelSchema(task="triage", version="1.0.0", labels=[BUG, QUESTION, WONTFIX], reason="The first version.")
'''

WORDING = '''"""What people write."""

from labeling_functions.triage.schema.v1 import BUG, QUESTION, WONTFIX
from retrolabel import keywords, labeling_function

says_broken = keywords(BUG, ["broken", "wrong"], column="comment")


@labeling_function(QUESTION)
def asks(comment: str) -> bool:
    """People who ask write a question mark."""
    return comment.endswith("?")
'''

FEEDBACK = "item_id,created_at,comment\n" + "".join(
    f"{n},2026-02-{1 + n:02d}T08:00:00Z,{text}\n"
    for n, text in enumerate(["it is broken", "how does it work?", "the result is wrong", "no idea"] * 3)
)


def version(number, body, *, names="BUG, QUESTION, WONTFIX", reason="Teams could not act.", more="", revises="v1"):
    """Return the source text of a version that revises another."""
    steps = "from retrolabel import Add, AgreementTarget, Label, LabelSchema, Merge, Redefine, Remove, Rescale, Split\n"
    return (
        f'"""Version {number}."""\n\n'
        f"from {TASK.replace('/', '.')}.schema.{revises} import {names}, SCHEMA as BEFORE\n{steps}\n"
        f"{more}\n\n"
        f'SCHEMA = LabelSchema(task="triage", version="{number}", revises=BEFORE, reason={reason!r}, {body})\n'
    )


SPLIT = version(
    "2.0.0",
    'labels=[CRASH, WRONG, QUESTION, WONTFIX], steps=[Split("bug", into=[CRASH, WRONG])]',
    more='CRASH = Label("crash", "It stops.")\nWRONG = Label("wrong", "It goes on, with a wrong result.")',
)


@pytest.fixture
def project(run, write, once):
    """A project with one task and one version, released; the check has nothing to say about it."""

    def build():
        write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n')
        for package in ("labeling_functions", TASK, f"{TASK}/schema"):
            write(f"{package}/__init__.py", "")
        write(V1, FIRST)
        write(LFS, WORDING)
        assert run("schema", "release").code == 0
        done = run("schema", "check", "--strict", "--json")
        assert (done.code, done.json["findings"]) == (0, [])

    return once("triage_released", build)


@pytest.fixture
def passes(run):
    """Check that nothing is refused, and return the report."""

    def go(*words):
        done = run("schema", "check", *words)
        assert done.code == 0, done.out + done.err
        assert done.out.endswith("ok\n")
        return run("schema", "check", *words, "--json").json

    return go


@pytest.fixture
def refused(run):
    """Check that one thing is refused, the same in both outputs, and return how it is told."""

    def go(code, *, file, says, remedy, words=(), count=1, beside=()):
        done = run("schema", "check", *words)
        report = run("schema", "check", *words, "--json")
        assert (done.code, report.code) == (1, 1), done.out + done.err
        assert report.json["ok"] is False
        told = [each for each in report.json["findings"] if each["severity"] == "error"]
        assert sorted({each["code"] for each in told}) == sorted({code, *beside}), done.out
        found = [each for each in told if each["code"] == code]
        assert len(found) == count, done.out
        for each in found:
            assert file in each["where"]
        assert says in " ".join(each["what"] for each in found)
        assert remedy in found[0]["remedy"]
        line = next(line for line in done.out.splitlines() if line.startswith("error") and f"[{code}]" in line)
        for text in (file, found[0]["what"].rstrip("."), f"Fix: {found[0]['remedy']}"):
            assert text in line
        assert f"{len(told)} thing(s) to mend." in done.out
        assert "Traceback" not in done.err
        return found[0]

    return go


@pytest.fixture
def obey(run):
    """Run the command that stands in a remedy, as it is printed."""

    def go(remedy):
        command = re.search(r"retrolabel [^;,)]+", remedy)
        assert command is not None, remedy
        done = run(*shlex.split(command.group())[1:])
        assert done.code == 0, done.out + done.err
        return done

    return go


@pytest.fixture
def edit(folder):
    """Replace one text in a file; it has to be there once."""

    def go(name, old, new):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (old, text)
        path.write_text(text.replace(old, new), encoding="utf-8")

    return go


@pytest.fixture
def gold(run, write):
    """Put human labels into the store: item -> label."""
    if run("ingest", "--help").code == 0:
        write("feedback.csv", FEEDBACK)

    def go(labels, under, *, annotator="ana"):
        assert run("ingest", "feedback.csv", "--source", "web").code == 0
        rows = "".join(f"{item},{label},{annotator}\n" for item, label in labels.items())
        write("gold.csv", f"item_id,label,annotator\n{rows}")
        done = run(
            "gold", "import", "triage", "gold.csv", "--source", "web", "--role", "dev",
            "--annotator", "annotator", "--schema", under,
        )  # fmt: skip
        assert done.code == 0, done.err

    return go


# Each refusal ------------------------------------------------------------------------------------


def test_two_heads_are_refused_and_merge_heads_as_printed_mends_it(project, write, passes, refused, obey):
    add = 'labels=[BUG, QUESTION, WONTFIX, NEW], steps=[Add("{0}")]'
    write(V2, version("1.1.0", add.format("hang"), more='NEW = Label("hang", "It never ends.")'))
    passes()
    write(f"{TASK}/schema/v1_2.py", version("1.2.0", add.format("leak"), more='OTHER = Label("leak", "It eats memory.")').replace("NEW]", "OTHER]"))  # fmt: skip  # noqa: E501
    found = refused(
        "two-heads", file=V2, says="1.1.0 and 1.2.0 are both newest", remedy="retrolabel schema merge-heads triage"
    )
    assert f"{TASK}/schema/v1_2.py" in found["where"]
    obey(found["remedy"])
    assert passes()["tasks"]["triage"]["drafts"] == ["1.1.0", "1.2.0", "1.3.0"]


EDITS_OF_SHAPE = {
    "alias": ('hotkey="q")', 'hotkey="q", aliases=["faq"])', "its shape changed"),
    "parent": ('hotkey="q")', 'hotkey="q", parent="bug")', "its shape changed"),
    "label_gone": ("QUESTION, WONTFIX], reason", "QUESTION], reason", "label wontfix is gone"),
    "label_new": ("WONTFIX], reason", 'WONTFIX, Label("spam", "x")], reason', "label spam is new"),
    "reserved": ('do anything about it.")', 'do anything about it.", status="reserved")', "label wontfix is gone"),
    "scale": ("reason=", 'scale="multilabel", reason=', "its shape changed"),
}


@pytest.mark.parametrize("case", EDITS_OF_SHAPE)
def test_a_released_file_that_was_edited_in_shape_is_refused(project, edit, refused, passes, case):
    old, new, says = EDITS_OF_SHAPE[case]
    edit(V1, old, new)
    refused("edited", file=V1, says=says, remedy="take the file back from version control")
    edit(V1, new, old)
    passes("--strict")


EDITS_OF_MEANING = {
    "definition": ("does what it should not", "does not do what it should"),
    "include": ("wrong results", "wrong results, right ones too"),
    "exclude": ('owner="core"', 'owner="core", exclude=["slow"]'),
    "examples": ('owner="core"', 'owner="core", examples=["1 + 1 = 3"]'),
}


@pytest.mark.parametrize("case", EDITS_OF_MEANING)
def test_a_released_file_that_was_edited_in_meaning_is_refused(project, edit, refused, passes, case):
    old, new = EDITS_OF_MEANING[case]
    edit(V1, old, new)
    refused("edited", file=V1, says="the meaning of bug changed", remedy="take the file back from version control")
    edit(V1, new, old)
    passes("--strict")


def test_the_remedy_for_an_edited_file_says_a_command_that_can_be_run(project, edit, refused, run):
    edit(V1, "does what it should not", "does not do what it should")
    found = refused("edited", file=V1, says="was edited", remedy="retrolabel schema new triage")
    edit(V1, "does not do what it should", "does what it should not")
    command = shlex.split(re.search(r"retrolabel schema new .*", found["remedy"]).group())
    assert run(*command[1:], "--dry-run").code == 0


def test_released_steps_that_were_edited_are_refused(project, write, edit, run, passes, refused):
    write(V2, version("2.0.0", "labels=[BUG, QUESTION], steps=[Remove(WONTFIX, maps_to=BUG)]"))
    assert run("schema", "release").code == 0
    passes("--strict")
    edit(V2, "maps_to=BUG", "maps_to=QUESTION")
    refused("edited", file=V2, says="its steps changed", remedy="take the file back from version control")


def test_a_released_version_that_revises_another_one_now_is_refused(project, write, edit, run, passes, refused):
    write(V2, version("1.1.0", "labels=[BUG, QUESTION, WONTFIX]"))
    write(V3, version("1.2.0", "labels=[BUG, QUESTION, WONTFIX]", revises="v2"))
    assert run("schema", "release").code == 0
    passes("--strict")
    edit(V3, "schema.v2 import", "schema.v1 import")
    refused(
        "edited", file=V3, says="it revised 1.1.0, and now 1.0.0", remedy="take the file back", beside=["two-heads"]
    )


def test_a_difference_that_no_step_explains_is_refused(project, write, edit, passes, refused):
    body = 'labels=[BUG, QUESTION, WONTFIX, SPAM], steps=[Add("spam")]'
    write(V2, version("1.1.0", body, more='SPAM = Label("spam", "Somebody sells something.")'))
    passes()
    edit(V2, 'steps=[Add("spam")]', "steps=[]")
    refused("unsound", file=V2, says="label 'spam': is new and no step brings it", remedy="add Add('spam') or a Split")


UNEXPLAINED = {
    "gone": ('labels=[BUG, QUESTION], steps=[Remove("wontfix")]', 'steps=[Remove("wontfix")]', "is gone and no step"),
    "changed": (
        'labels=[BUG, Label("question", "Other."), WONTFIX], steps=[Redefine("question", "shifted")]',
        'steps=[Redefine("question", "shifted")]',
        "means something else than before and no step says so",
    ),
}


@pytest.mark.parametrize("case", UNEXPLAINED)
def test_a_label_that_went_or_changed_without_a_step_is_refused(project, write, edit, passes, refused, case):
    body, step, says = UNEXPLAINED[case]
    write(V2, version("2.0.0", body))
    passes()
    edit(V2, step, "steps=[]")
    refused("unsound", file=V2, says=says, remedy="add ")


RENAMED = version(
    "2.0.0",
    'labels=[BUG, ASKS, WONTFIX], steps=[Remove("question", maps_to=ASKS), Add("asks_how")]',
    more='ASKS = Label("asks_how", "Somebody asks how something works!")',
)


def test_add_and_remove_that_look_like_a_rename_are_refused_without_a_word_from_the_author(
    project, write, edit, passes, refused
):
    write(V2, RENAMED)
    passes()
    edit(V2, ", maps_to=ASKS", "")
    refused(
        "rename",
        file=V2,
        says="'question' was removed and 'asks_how' added, and they read like one label",
        remedy='a rename keeps the id: Label("question", ..., name="asks_how")',
    )


WORDS_OF_THE_AUTHOR = {
    "maps_to": ('Remove("question")', 'Remove("question", maps_to=ASKS)'),
    "carved_from": ('Add("asks_how")', 'Add("asks_how", carved_from="bug")'),
    "reason": ("Teams could not act.", "asks_how is stricter than question was."),
}


@pytest.mark.parametrize("case", WORDS_OF_THE_AUTHOR)
def test_add_and_remove_that_look_like_a_rename_pass_with_a_word_from_the_author(
    project, write, edit, passes, refused, case
):
    write(V2, RENAMED.replace(", maps_to=ASKS", ""))
    refused("rename", file=V2, says="read like one label", remedy="name both in reason=")
    edit(V2, *WORDS_OF_THE_AUTHOR[case])
    passes()


def test_a_reason_that_names_only_the_new_label_is_no_word_about_the_old_one(project, write, refused):
    body = 'labels=[BUG, NEW, WONTFIX], steps=[Remove("question"), Add("question_how")]'
    more = 'NEW = Label("question_how", "Somebody asks how something works.")'
    write(V2, version("2.0.0", body, more=more, reason="People know what question_how is."))
    refused("rename", file=V2, says="'question' was removed and 'question_how' added", remedy="name both in reason=")


SCALE = '''"""Version 1: how bad it is."""

from retrolabel import Label, LabelSchema

LOW, MID, HIGH = (Label(name, f"It is {name}.", rank=rank) for rank, name in enumerate(["low", "mid", "high"]))

SCHEMA = LabelSchema(task="severity", version="1.0.0", scale="ordinal", labels=[LOW, MID, HIGH], reason="First.")
'''
RESCALED = '''"""Version 2: two points."""

from labeling_functions.severity.schema.v1 import SCHEMA as V1
from retrolabel import Label, LabelSchema, Rescale

MILD, GRAVE = (Label(name, f"It is {name}.", rank=rank) for rank, name in enumerate(["mild", "grave"]))

SCHEMA = LabelSchema(
    task="severity", version="2.0.0", scale="ordinal", labels=[MILD, GRAVE], revises=V1,
    steps=[Rescale({"low": MILD, "mid": [MILD, GRAVE], "high": GRAVE})], reason="Three were too many.",
)
'''


def test_a_partial_mapping_is_refused(project, write, edit, passes, refused):
    write("labeling_functions/severity/schema/v1.py", SCALE)
    write("labeling_functions/severity/schema/v2.py", RESCALED)
    passes()
    edit("labeling_functions/severity/schema/v2.py", '"mid": [MILD, GRAVE], ', "")
    refused(
        "unsound",
        file="labeling_functions/severity/schema/v2.py",
        says="does not say what 'mid' of severity 1.0.0 becomes",
        remedy="map every old point",
        count=2,  # it is gone, and no step says where to
    )


@pytest.fixture
def three(project, write, passes):
    """Three versions: the second drops ``question``, the third brings a label."""

    def go(dropped='Remove("question", maps_to=BUG)', labels="BUG, WONTFIX"):
        write(V2, version("2.0.0", f"labels=[{labels}], steps=[{dropped}]", names="BUG, QUESTION, WONTFIX"))
        body = 'labels=[BUG, WONTFIX, ENQUIRY], steps=[Add("enquiry")]'
        more = 'ENQUIRY = Label("enquiry", "A person from outside wants to know something.")'
        write(V3, version("2.1.0", body, more=more, names="BUG, WONTFIX", revises="v2"))
        return passes()

    return go


def test_an_id_that_meant_something_else_two_versions_ago_is_refused(three, edit, write, folder, refused):
    three()
    text = (folder / V3).read_text(encoding="utf-8")
    write(V3, text.replace('"enquiry"', '"question"'))
    refused(
        "unsound", file=V3, says="label 'question': meant something else in triage 1.0.0",
        remedy="an id is never used again",
    )  # fmt: skip


def test_a_reserved_id_is_refused(three, write, folder, refused):
    three(labels='BUG, WONTFIX, Label("spam", status="reserved")')
    text = (folder / V3).read_text(encoding="utf-8")
    write(V3, text.replace('"enquiry"', '"spam"'))
    refused("unsound", file=V3, says="is an id that triage 2.0.0 reserved", remedy="choose another id")


def test_an_id_that_comes_back_though_its_labels_are_another_one_now_is_refused(three, write, refused):
    three()
    body = 'labels=[BUG, WONTFIX, QUESTION], steps=[Add("question")]'
    write(V3, version("2.1.0", body, names="BUG, WONTFIX", revises="v2").replace("\n\n\n", f"\nfrom {TASK.replace('/', '.')}.schema.v1 import QUESTION\n\n\n", 1))  # fmt: skip  # noqa: E501
    refused(
        "unsound",
        file=V3,
        says="'question': is there again, and what bore it in triage 1.0.0 is bug",
        remedy="another id",
    )


def test_an_id_that_comes_back_with_the_meaning_that_it_had_is_fine(three, write, passes):
    three('Remove("question")')
    body = 'labels=[BUG, WONTFIX, QUESTION], steps=[Add("question", restores="1.0.0")]'
    more = f"from {TASK.replace('/', '.')}.schema.v1 import QUESTION"
    write(V3, version("2.1.0", body, names="BUG, WONTFIX", more=more, revises="v2"))
    passes()


def test_an_lf_that_emits_an_id_no_version_has_is_refused(project, edit, refused):
    edit(LFS, "says_broken = keywords(BUG", 'says_broken = keywords(Label("regression", "It worked before.")')
    edit(LFS, "from retrolabel import keywords", "from retrolabel import Label, keywords")
    refused(
        "unsound",
        file="wording.py",
        says="votes regression, which no version of triage has with that meaning",
        remedy="import the label from labeling_functions.triage.schema",
        beside=["emits"],
    )


def test_an_lf_that_emits_an_unknown_id_is_told_with_the_path_of_its_file(project, edit, run):
    edit(LFS, "says_broken = keywords(BUG", 'says_broken = keywords(Label("regression", "It worked before.")')
    edit(LFS, "from retrolabel import keywords", "from retrolabel import Label, keywords")
    (found,) = [each for each in run("schema", "check", "--json").json["findings"] if each["code"] == "unsound"]
    assert LFS in found["where"]


BUMPS = {
    # case: (what the version says, too small, deserved)
    "added": ('labels=[BUG, QUESTION, WONTFIX, NEW], steps=[Add("new")]', "1.0.1", "1.1.0", "minor"),
    "alias": ('labels=[BUG, QUESTION, Label("wontfix", WONTFIX.definition, aliases=["w"])]', "1.0.1", "1.1.0", "minor"),
    "split": (
        "labels=[NEW, OTHER, QUESTION, WONTFIX], steps=[Split(BUG, into=[NEW, OTHER])]", "1.1.0", "2.0.0", "major"
    ),
    "split_in_a_patch": (
        "labels=[NEW, OTHER, QUESTION, WONTFIX], steps=[Split(BUG, into=[NEW, OTHER])]", "1.0.1", "2.0.0", "major"
    ),
    "merge": ("labels=[NEW, WONTFIX], steps=[Merge([BUG, QUESTION], into=NEW)]", "1.1.0", "2.0.0", "major"),
    "redefine": (
        'labels=[BUG, Label("question", "Other."), WONTFIX], steps=[Redefine(QUESTION, "narrower")]',
        "1.1.0", "2.0.0", "major",
    ),
    "remove": ("labels=[BUG, QUESTION], steps=[Remove(WONTFIX)]", "1.1.0", "2.0.0", "major"),
    "map": ("labels=[BUG, QUESTION], steps=[Remove(WONTFIX, maps_to=BUG)]", "1.1.0", "2.0.0", "major"),
    "carve": (
        'labels=[BUG, QUESTION, WONTFIX, NEW], steps=[Add("new", carved_from=BUG)]', "1.1.0", "2.0.0", "major"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BUMPS)
def test_a_bump_smaller_than_the_change_deserves_is_refused(project, write, edit, passes, refused, case):
    body, small, right, bump = BUMPS[case]
    words = 'NEW = Label("new", "It stops.")\nOTHER = Label("other", "It goes on, with a wrong result.")'
    write(V2, version(right, body, more=words, reason="new is stricter than wontfix, question and bug were."))
    passes()
    edit(V2, f'version="{right}"', f'version="{small}"')
    given = "patch" if small == "1.0.1" else "minor"
    found = refused(
        "bump", file=V2, says=f"is a {given} bump, and the change is a {bump} one", remedy=f'version="{right}"'
    )
    edit(V2, f'version="{small}"', found["remedy"])
    passes()


def test_a_rescale_deserves_a_major_bump(project, write, edit, passes, refused):
    file = "labeling_functions/severity/schema/v2.py"
    write("labeling_functions/severity/schema/v1.py", SCALE)
    write(file, RESCALED)
    passes()
    edit(file, 'version="2.0.0"', 'version="1.1.0"')
    refused("bump", file=file, says="is a minor bump, and the change is a major one", remedy='version="2.0.0"')


SHOWN = 'Label("question", QUESTION.definition, hotkey="q", name="A question")'


@pytest.mark.parametrize("number", ["1.0.1", "1.1.0", "2.0.0"])
def test_a_display_change_passes_with_a_patch_or_more(project, write, passes, number):
    write(V2, version(number, f"labels=[BUG, {SHOWN}, WONTFIX]"))
    passes("--strict")


def test_a_display_change_under_the_same_number_is_refused(project, write, edit, passes, refused):
    write(V2, version("1.0.1", f"labels=[BUG, {SHOWN}, WONTFIX]"))
    passes()
    edit(V2, 'version="1.0.1"', 'version="1.0.0"')
    refused("unsound", file=V2, says="is not above 1.0.0, which it revises", remedy="raise the number")


def test_a_meaning_change_with_no_reason_is_refused(project, write, edit, passes, refused):
    write(V2, version("2.0.0", UNEXPLAINED["changed"][0]))
    passes()
    edit(V2, "reason='Teams could not act.'", "reason='  '")
    refused(
        "no-reason", file=V2, says="the meaning of question changed without a reason",
        remedy='reason="why people should label otherwise"',
    )  # fmt: skip


# Gold on a dead label ------------------------------------------------------------------------------


@pytest.fixture
def dropped(project, write, edit, gold, passes):
    """A version that drops ``wontfix``, and people who said so of four items."""
    write(V2, version("2.0.0", "labels=[BUG, QUESTION], steps=[Remove(WONTFIX, maps_to=BUG)]"))
    gold({0: "bug", 1: "question", 2: "wontfix", 3: "wontfix", 4: "wontfix", 5: "wontfix"}, "1.0.0")
    return passes


def test_active_gold_on_a_dead_label_is_refused_until_it_is_retired_and_again_when_that_is_undone(
    dropped, edit, refused, obey, run, passes
):
    dropped()
    edit(V2, ", maps_to=BUG", "")
    told = {
        "file": V2,
        "says": "4 items have gold 'wontfix' of 1.0.0, which says nothing under 2.0.0",
        "remedy": "retrolabel gold retire triage wontfix",
    }
    found = refused("dead-gold", **told)
    done = obey(found["remedy"])
    assert "4 human labels 'wontfix' of triage, on 4 items: taken back" in done.out
    passes()
    assert run("gold", "retire", "triage", "wontfix", "--undo").code == 0
    refused("dead-gold", **told)


def test_gold_can_be_retired_brought_back_and_retired_again(dropped, edit, run):
    edit(V2, ", maps_to=BUG", "")
    for words, code in ((), 0), (("--undo",), 1), ((), 0), (("--undo",), 1):
        assert run("gold", "retire", "triage", "wontfix", *words).code == 0
        assert run("schema", "check").code == code


def test_what_is_retired_is_not_brought_back_by_the_file_it_came_from(dropped, edit, run, passes):
    edit(V2, ", maps_to=BUG", "")
    assert run("gold", "retire", "triage", "wontfix").code == 0
    again = run(
        "gold", "import", "triage", "gold.csv", "--source", "web", "--role", "dev", "--annotator", "annotator",
        "--schema", "1.0.0", "--json",
    )  # fmt: skip
    assert (again.json["added"], again.json["known"]) == (0, 6)
    passes()


def test_gold_list_counts_what_stands_after_gold_was_retired_and_brought_back(dropped, edit, run):
    def listed():
        return sum(batch["labels"] for batch in run("gold", "list", "triage", "--json").json["gold"])

    counts = [listed()]
    for words in (("--living",), ("--undo",)):
        assert run("gold", "retire", "triage", "wontfix", *words).code == 0
        counts.append(listed())
    assert counts == [6, 2, 6]


def test_gold_retire_counts_first_when_asked_to(dropped, edit, run, refused):
    edit(V2, ", maps_to=BUG", "")
    done = run("gold", "retire", "triage", "wontfix", "--dry-run", "--json")
    assert done.json == {"task": "triage", "label": "wontfix", "labels": 4, "items": 4, "done": False}
    refused("dead-gold", file=V2, says="4 items", remedy="gold retire")
    assert run("gold", "retire", "triage", "wontfix", "--schema", "2.0.0").code == 1
    assert run("gold", "retire", "triage", "wontfix", "--schema", "1.0.0", "--json").json["done"] is True


def test_gold_retire_of_a_label_that_nobody_gave_is_refused_with_the_nearest(dropped, run):
    done = run("gold", "retire", "triage", "wontfx")
    assert done.code == 1
    assert "There is no standing human label 'wontfx' of triage. Did you mean 'wontfix'?" in done.err
    undone = run("gold", "retire", "triage", "wontfix", "--undo")
    assert (undone.code, "no taken back human label 'wontfix'" in undone.err) == (1, True)


def test_items_that_people_labelled_under_the_newest_version_too_are_no_dead_gold(dropped, edit, gold, passes):
    edit(V2, ", maps_to=BUG", "")
    gold({2: "bug", 3: "bug", 4: "question", 5: "question"}, "2.0.0")
    passes()


def test_the_remedy_for_dead_gold_leaves_labels_of_living_versions_alone(
    dropped, edit, write, gold, refused, obey, run
):
    """The id was given up, and comes back with a word: nothing of it is dead, and what is taken back is of 1.0.0."""
    edit(V2, ", maps_to=BUG", "")
    body = 'labels=[BUG, QUESTION, WONTFIX], steps=[Add("wontfix", restores="1.0.0")]'
    more = f"from {TASK.replace('/', '.')}.schema.v1 import WONTFIX"
    write(V3, version("2.1.0", body, names="BUG, QUESTION", more=more, revises="v2"))
    gold({6: "wontfix", 7: "wontfix"}, "2.1.0")
    assert [each for each in run("schema", "check", "--json").json["findings"] if each["code"] == "dead-gold"] == []
    done = run("gold", "retire", "triage", "wontfix", "--schema", "1.0.0", "--living")
    assert "4 human labels" in done.out
    readings = run("gold", "show", "triage", "--json").json["readings"]
    assert [each["labels"] for each in readings if each["schema_version"] == "2.1.0"] == [2]


def test_human_labels_of_a_version_that_is_gone_are_refused(dropped, gold, folder, refused):
    gold({2: "bug"}, "2.0.0")
    (folder / V2).unlink()
    refused("lost", file="2.0.0", says="1 human labels are 'bug' of 2.0.0", remedy="take the version back")


# The lock ------------------------------------------------------------------------------------------


def test_an_lf_that_is_new_gone_or_votes_otherwise_is_refused_until_the_lock_says_so(
    project, edit, refused, obey, passes
):
    edit(LFS, "@labeling_function(QUESTION)", "@labeling_function(QUESTION, WONTFIX)")
    edit(LFS, "says_broken = keywords", "says_it_breaks = keywords")
    remedy = "retrolabel schema release triage --only-lfs"
    found = refused(
        "emits", file="", says="LF asks may emit question, wontfix instead of question", remedy=remedy, count=3
    )
    refused("emits", file="", says="LF says_broken is gone", remedy=remedy, count=3)
    refused("emits", file="", says="LF says_it_breaks is new", remedy=remedy, count=3)
    obey(found["remedy"])
    passes("--strict")


LF_CHANGES = {
    "new": ("says_broken = ", "more = keywords(BUG, ['x'], column='comment')\nsays_broken = ", LFS, "LF more is new"),
    "gone": ('says_broken = keywords(BUG, ["broken", "wrong"], column="comment")', "", LOCK, "LF says_broken is gone"),
    "otherwise": ("@labeling_function(QUESTION)", "@labeling_function(~BUG)", LFS, "may emit ~bug instead of question"),
}  # fmt: skip


@pytest.mark.parametrize("case", LF_CHANGES)
def test_one_lf_that_the_lock_does_not_know_so_is_refused(project, edit, refused, obey, passes, case):
    old, new, file, says = LF_CHANGES[case]
    edit(LFS, old, new)
    file = LOCK.rpartition("/")[2] if file == LOCK else file
    found = refused("emits", file=file, says=says, remedy="retrolabel schema release triage --only-lfs")
    obey(found["remedy"])
    passes("--strict")


def test_a_version_in_the_lock_without_a_file_is_refused(project, write, run, folder, passes, refused):
    write(V2, SPLIT)
    assert run("schema", "release").code == 0
    passes("--strict")
    (folder / V2).unlink()
    refused("lock", file="labels.lock", says="holds 2.0.0, of which there is no file", remedy="take the file back")


def test_a_task_in_the_lock_without_a_folder_is_refused(project, write, run, folder, passes, refused):
    write("labeling_functions/severity/schema/v1.py", SCALE)
    assert run("schema", "release").code == 0
    passes("--strict")
    shutil.rmtree(folder / "labeling_functions/severity")
    refused(
        "lock", file="labels.lock", says="'severity', which has no folder", remedy="take its entry out of labels.lock"
    )


def conflict(text):
    line = next(line for line in text.splitlines() if '"display"' in line)
    return text.replace(line, f"<<<<<<< HEAD\n{line}\n=======\n{line.replace('a', 'b')}\n>>>>>>> theirs")


BROKEN_LOCKS = {
    "merge_conflict": conflict,
    "empty": lambda _: "",
    "cut": lambda text: text[: len(text) // 2],
    "other_json": lambda _: "[]",
    "no_tasks": lambda _: '{"format": 1}',
    "newer_format": lambda text: text.replace('"format": 1', '"format": 2'),
    "no_fingerprint": lambda text: text.replace('"shape"', '"form"'),
    "not_utf8": lambda text: text.encode() + b"\xff\xfe",
    "nul": lambda text: text + "\x00",
}


@pytest.mark.parametrize("case", BROKEN_LOCKS)
def test_a_lock_that_cannot_be_read_is_refused_with_its_file(project, write, refused, folder, case):
    write(LOCK, BROKEN_LOCKS[case]((folder / LOCK).read_text(encoding="utf-8")))
    refused("lock", file=LOCK, says="The lock", remedy="")


def test_a_lock_with_a_merge_conflict_says_so_and_is_not_written_over(project, write, refused, run, folder):
    text = conflict((folder / LOCK).read_text(encoding="utf-8"))
    write(LOCK, text)
    refused("lock", file=LOCK, says="cannot be read", remedy="resolve the merge conflict in it")
    done = run("schema", "release")
    assert (done.code, "merge conflict" in done.err) == (1, True)
    assert (folder / LOCK).read_text(encoding="utf-8") == text


def test_a_fingerprint_in_the_lock_that_was_edited_is_refused(project, folder, write, refused):
    lock = json.loads((folder / LOCK).read_text(encoding="utf-8"))
    lock["tasks"]["triage"]["versions"]["1.0.0"]["meaning"]["bug"] = "0" * 64
    write(LOCK, json.dumps(lock))
    refused("edited", file=V1, says="the meaning of bug changed", remedy="take the file back")


# All at once -----------------------------------------------------------------------------------------


def test_all_faults_of_three_broken_files_are_told_at_once(project, write, edit, run):
    write(V2, SPLIT.replace('steps=[Split("bug", into=[CRASH, WRONG])]', 'steps=[Remove("bgu")]'))
    write(f"{TASK}/one.py", "import nothing_of_that_name\n")
    write(f"{TASK}/two.py", "def broken(:\n")
    done = run("schema", "check")
    report = run("schema", "check", "--json").json
    assert done.code == 1
    where = [each["where"] for each in report["findings"] if each["code"] == "unsound"]
    assert {place.partition(":")[0] for place in where} == {V2, f"{TASK}/one.py", f"{TASK}/two.py"}
    told = " ".join(each["what"] for each in report["findings"])
    for fault in (
        "names 'bgu', which triage 1.0.0 does not have",
        "label 'bug': is gone and no step says where to",
        "label 'crash': is new and no step brings it",
        "label 'wrong': is new and no step brings it",
        "No module named 'nothing_of_that_name'",
        "SyntaxError",
    ):
        assert fault in told
        assert fault in done.out


def test_faults_of_two_tasks_are_told_at_once_and_one_task_can_be_asked_for(project, write, edit, run, passes):
    write("labeling_functions/severity/schema/v1.py", SCALE.replace("[LOW, MID, HIGH]", "[LOW, MID, HIGH, HIGH]"))
    edit(V1, "wrong results", "right results")
    codes = {(each["task"], each["code"]) for each in run("schema", "check", "--json").json["findings"]}
    assert codes == {("severity", "unsound"), ("triage", "edited")}
    alone = run("schema", "check", "triage", "--json").json["findings"]
    assert [(each["task"], each["code"]) for each in alone] == [("triage", "edited")]
    assert run("schema", "check", "triagge").code == 1


def test_a_module_that_does_not_import_is_one_fault_and_its_lfs_are_not_told_as_gone(project, edit, refused):
    edit(LFS, "import keywords", "import keyworms")
    refused("unsound", file=LFS, says="keyworms", remedy="")


def test_errors_come_first_then_warnings_then_notes(project, write, edit, run):
    edit(V1, 'hotkey="q"', 'hotkey="u"')
    write(V2, version("1.1.0", 'labels=[BUG, QUESTION], steps=[Remove(WONTFIX, maps_to="bug")]'))
    told = [each["severity"] for each in run("schema", "check", "--json").json["findings"]]
    assert told == ["error", "warning", "note"]


# Warnings --------------------------------------------------------------------------------------------

REDEFINED = version(
    "2.0.0",
    'labels=[BUG, ASKS, WONTFIX], steps=[Redefine("question", "narrower")]',
    more='ASKS = Label("question", "Somebody asks how something works, and the manual does not say it.")',
)


def test_suspect_lfs_are_a_warning_an_error_when_strict_and_gone_once_they_import_the_new_label(
    project, write, edit, run, passes
):
    write(V2, REDEFINED)
    report = passes()
    (found,) = [each for each in report["findings"] if each["severity"] == "warning"]
    assert (found["code"], found["where"]) == ("suspect", LFS)
    assert "LF asks votes question as 1.0.0 meant it" in found["what"]
    assert found["remedy"] == f"look at the LF, then import question from {V2}"
    strict = run("schema", "check", "--strict")
    assert strict.code == 1
    assert "1 thing(s) to mend." in strict.out
    assert run("schema", "check", "--strict", "--json").json["ok"] is False
    edit(LFS, "import BUG, QUESTION, WONTFIX", "import BUG, WONTFIX")
    edit(
        LFS,
        "from retrolabel import",
        "from labeling_functions.triage.schema.v2 import ASKS as QUESTION\nfrom retrolabel import",
    )
    passes("--strict")


def test_a_negated_vote_on_a_label_that_became_narrower_is_not_suspect_and_on_a_wider_one_is(project, write, edit, run):
    edit(LFS, "@labeling_function(QUESTION)", "@labeling_function(~QUESTION)")
    assert run("schema", "release", "--only-lfs").code == 0
    write(V2, REDEFINED)
    assert run("schema", "check", "--strict").code == 0
    edit(V2, '"narrower"', '"wider"')
    assert run("schema", "check", "--strict").code == 1


def test_an_edit_of_what_people_see_is_a_warning_that_release_clears(project, edit, run, passes, obey, folder):
    edit(V1, 'hotkey="q"', 'hotkey="u", name="A question", owner="support"')
    (found,) = passes()["findings"]
    assert (found["severity"], found["code"], found["where"]) == ("warning", "display", V1)
    assert run("schema", "check", "--strict").code == 1
    before = json.loads((folder / LOCK).read_text(encoding="utf-8"))["tasks"]["triage"]["versions"]["1.0.0"]
    obey(found["remedy"])
    after = json.loads((folder / LOCK).read_text(encoding="utf-8"))["tasks"]["triage"]["versions"]["1.0.0"]
    assert {name for name in before if before[name] != after[name]} == {"display"}
    assert passes("--strict")["findings"] == []


EDITS_OF_AN_LF = {
    "body": ('return comment.endswith("?")', 'return "?" in comment'),
    "comment": ("says_broken =", "# what support hears most\nsays_broken ="),
    "docstring": ("write a question mark", "often write a question mark"),
    "words": ('"broken", "wrong"', '"broken", "wrong", "fails"'),
    "parameter": ("def asks(comment: str) -> bool", "def asks(comment) -> bool"),
}


@pytest.mark.parametrize("case", EDITS_OF_AN_LF)
def test_an_lf_can_be_edited_without_any_finding(project, edit, run, case):
    edit(LFS, *EDITS_OF_AN_LF[case])
    done = run("schema", "check", "--strict", "--json")
    assert (done.code, done.json["findings"]) == (0, [])


EDITS_OF_A_FILE = {
    "comment": ("BUG = Label", "# a comment\nBUG = Label"),
    "docstring": ("Version 1: what an issue is about.", "The first version."),
    "order_of_statements": ('hotkey="b")\nQUESTION', 'hotkey="b")\n\n\nQUESTION'),
}


@pytest.mark.parametrize("case", EDITS_OF_A_FILE)
def test_what_is_no_part_of_a_released_version_can_be_edited_without_any_finding(project, edit, run, case):
    edit(V1, *EDITS_OF_A_FILE[case])
    done = run("schema", "check", "--strict", "--json")
    assert (done.code, done.json["findings"]) == (0, [])


def test_a_released_file_may_be_renamed(project, folder, edit, run):
    (folder / V1).rename(folder / TASK / "schema/v1_first.py")
    edit(LFS, "schema.v1 import", "schema.v1_first import")
    done = run("schema", "check", "--strict", "--json")
    assert (done.code, done.json["findings"]) == (0, [])


def test_a_draft_is_a_note_and_a_warning_once_people_labelled_under_it(project, write, gold, passes, run, obey):
    write(V2, SPLIT)
    (found,) = passes("--strict")["findings"]
    assert (found["severity"], found["code"], found["where"]) == ("note", "draft", V2)
    gold({0: "crash"}, "2.0.0")
    (found,) = passes()["findings"]
    assert (found["severity"], found["code"]) == ("warning", "stored-draft")
    assert run("schema", "check", "--strict").code == 1
    assert obey(found["remedy"]).out == "triage 2.0.0: released\n"
    assert passes("--strict")["findings"] == []


def test_an_lf_that_votes_a_deprecated_label_is_a_warning(project, write, passes):
    write(V2, version("1.0.1", 'labels=[Label("bug", BUG.definition, include=BUG.include, status="deprecated"), QUESTION, WONTFIX]'))  # fmt: skip  # noqa: E501
    (found,) = [each for each in passes()["findings"] if each["severity"] == "warning"]
    assert (found["code"], found["where"]) == ("deprecated", LFS)
    assert "LF says_broken votes bug, which 1.0.1 deprecates" in found["what"]


def test_a_split_that_could_restore_what_was_merged_is_a_warning_that_says_how(project, write, edit, passes):
    write(V2, version("2.0.0", "labels=[ISSUE, WONTFIX], steps=[Merge([BUG, QUESTION], into=ISSUE)]",
                      more='ISSUE = Label("issue", "Somebody wrote.")'))  # fmt: skip
    more = f"from {TASK.replace('/', '.')}.schema.v1 import BUG, QUESTION"
    write(V3, version("3.0.0", "labels=[BUG, QUESTION, WONTFIX], steps=[Split(ISSUE, into=[BUG, QUESTION])]",
                      names="ISSUE, WONTFIX", more=more, revises="v2"))  # fmt: skip
    found = [each for each in passes()["findings"] if each["severity"] == "warning"]
    assert {(each["code"], each["where"]) for each in found} == {("restores", V3)}
    assert 'Split("issue", ..., restores="1.0.0") makes them exact again' in found[0]["remedy"]
    edit(V3, "into=[BUG, QUESTION])", 'into=[BUG, QUESTION], restores="1.0.0")')
    passes("--strict")


def test_a_label_carved_from_one_whose_words_stay_is_a_warning(project, write, edit, passes):
    body = 'labels=[BUG, QUESTION, WONTFIX, HANG], steps=[Add("hang", carved_from=BUG)]'
    write(V2, version("2.0.0", body, more='HANG = Label("hang", "It never ends.")'))
    (found,) = [each for each in passes()["findings"] if each["severity"] == "warning"]
    assert (found["code"], found["where"]) == ("carved", V2)
    assert "'hang' is carved from bug, whose words are what they were" in found["what"]


# Placeholders ------------------------------------------------------------------------------------------


def test_a_draft_that_still_says_todo_is_refused(project, write, edit, passes, refused):
    write(V2, SPLIT)
    passes()
    edit(V2, '"It stops."', '"TODO: when does it hold?"')
    refused("todo", file=V2, says="label 'crash' of 2.0.0 still says TODO", remedy="write what the label means")


def test_a_reason_that_still_says_todo_is_refused(project, write, passes, refused):
    text = version("2.0.0", "labels=[BUG, QUESTION], steps=[Remove(WONTFIX, maps_to=BUG)]")
    write(V2, text)
    passes()
    write(V2, text.replace("Teams could not act.", "TODO: what could people or teams not do with the version before?"))
    refused("todo", file=V2, says="TODO", remedy="")


def test_a_label_about_todo_comments_is_no_placeholder(project, write, passes):
    body = 'labels=[BUG, QUESTION, WONTFIX, DEBT], steps=[Add("debt")]'
    write(V2, version("1.1.0", body, more='DEBT = Label("debt", "It asks to resolve a TODO in the code.")'))
    passes()


# What ships, and what is not there ---------------------------------------------------------------------


@pytest.mark.parametrize("words", [(), ("--strict",)])
def test_the_check_passes_on_what_ships(words):
    done = subprocess.run(
        [sys.executable, "-m", "retrolabel", "schema", "check", *words],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("ok\n")
    assert done.stderr == ""


def test_a_check_writes_nothing(project, write, folder, run):
    write(V2, SPLIT)
    before = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    assert run("schema", "check").code == 0
    assert {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()} == before


def test_a_folder_without_a_project_is_refused_and_not_ok(folder, run):
    done = run("schema", "check")
    assert done.code == 1
    assert "There is no project here" in done.err
    assert "ok" not in done.out


def test_a_project_without_a_task_is_not_ok(run, write):
    """Whoever runs CI in the wrong folder should not be told that all is well."""
    write("retrolabel.toml", 'store = ".retrolabel"\n')
    done = run("schema", "check")
    assert (done.code, done.out.endswith("ok\n")) == (1, False)


def test_a_version_that_another_file_gives_a_second_name_is_told_with_its_own_file(project, write, edit, refused):
    text = version("1.1.0", "labels=[BUG, QUESTION, WONTFIX]")
    write(V2, text.replace("SCHEMA = LabelSchema", "PARENT = BEFORE\nSCHEMA = LabelSchema"))
    edit(V1, "wrong results", "right results")
    refused("edited", file=V1, says="1.0.0 is released and was edited", remedy="take the file back")


def test_a_lock_in_which_something_stands_twice_is_refused(project, folder, write, refused):
    """That is what a merge of two branches leaves behind which both released."""
    text = (folder / LOCK).read_text(encoding="utf-8")
    line = next(line for line in text.splitlines(keepends=True) if '"bug": "' in line)
    write(LOCK, text.replace(line, line.replace('"bug": "', '"bug": "0') + line))
    refused("lock", file=LOCK, says="twice", remedy="version control")


def test_released_versions_are_not_told_as_drafts_because_the_lock_cannot_be_read(project, write, folder, run):
    write(LOCK, conflict((folder / LOCK).read_text(encoding="utf-8")))
    assert [each["code"] for each in run("schema", "check", "--json").json["findings"]] == ["lock"]


def test_versions_are_ordered_by_their_numbers_and_not_by_the_names_of_their_files(project, write, run, passes):
    """v10 stands before v2 in a folder; and files may be named as one likes."""
    add = 'labels=[{0}], steps=[Add("{1}")]'
    names, before, labels = "BUG, QUESTION, WONTFIX", "v1", "BUG, QUESTION, WONTFIX"
    for number in range(2, 12):
        new = f"L{number}"
        more = f'{new} = Label("l{number}", "Number {number} is when it rained on day {number * 37}.")'
        labels = f"{labels}, {new}"
        write(
            f"{TASK}/schema/v{number}.py",
            version(f"1.{number}.0", add.format(labels, f"l{number}"), names=names, more=more, revises=before),
        )
        names, before = f"{names}, {new}", f"v{number}"
    report = passes()
    assert report["tasks"]["triage"]["drafts"] == [f"1.{number}.0" for number in range(2, 12)]
    assert run("schema", "heads", "triage").out == "1.11.0\n"


# Labels that come back

URGENT = 'URGENT = Label("urgent", "Somebody cannot work.")'


def comes_back(write, word=""):
    """Write three versions: a label is added, removed, and added again."""
    more = f"from {TASK.replace('/', '.')}.schema.v1_1 import URGENT"
    write(f"{TASK}/schema/v1_1.py", version("1.1.0", "labels=[BUG, QUESTION, WONTFIX, URGENT], steps=[Add(URGENT)]", more=URGENT))  # fmt: skip  # noqa: E501
    write(V2, version("2.0.0", "labels=[BUG, QUESTION, WONTFIX], steps=[Remove('urgent')]", revises="v1_1"))
    step = f"Add(URGENT{word})"
    write(V3, version("2.1.0", f"labels=[BUG, QUESTION, WONTFIX, URGENT], steps=[{step}]", more=more, revises="v2"))


def test_a_label_that_went_and_is_added_again_in_silence_is_refused_until_it_says_so(project, run, write, edit, passes):
    comes_back(write)
    refused = run("schema", "check", "--json")
    assert refused.code == 1
    assert "'urgent': was there before, in triage 1.1.0, and is added as if it were new" in refused.out
    assert 'restores=\\"1.1.0\\"' in refused.out
    edit(V3, "Add(URGENT)", 'Add(URGENT, restores="1.1.0")')
    assert not [each for each in passes()["findings"] if each["severity"] != "note"]
    assert run("schema", "release", "triage").code == 0
    passes("--strict")


def test_a_label_that_was_released_again_in_silence_is_a_warning(project, run, write, edit, passes):
    comes_back(write, word=', restores="1.1.0"')
    assert run("schema", "release", "triage").code == 0
    lock = json.loads((project / LOCK).read_text(encoding="utf-8"))
    edit(V3, ', restores="1.1.0")', ")")
    steps = [{"step": "add", "label": "urgent", "carved_from": []}]
    lock["tasks"]["triage"]["versions"]["2.1.0"]["steps"] = digest(steps)
    (project / LOCK).write_text(json.dumps(lock), encoding="utf-8")
    (found,) = [each for each in passes()["findings"] if each["severity"] == "warning"]
    assert (found["code"], found["where"]) == ("back", V3)
    assert found["what"] == (
        "'urgent' was there before, in 1.1.0, and 2.1.0 adds it as if it were new:"
        " labels from then say nothing under it"
    )
    assert run("schema", "history", "triage").code == 0


def test_ids_that_differ_in_case_alone_are_warned_of_while_they_can_be_changed(project, run, write):
    write(
        V2,
        version("2.0.0", "labels=[BUG, QUESTION, WONTFIX, LOUD], steps=[Add(LOUD)]", more='LOUD = Label("Bug", "!")'),
    )
    found = [each for each in run("schema", "check", "--json").json["findings"] if each["code"] == "alike"]
    assert [(each["severity"], each["what"]) for each in found] == [
        ("warning", "labels 'bug' and 'Bug' of 2.0.0 differ in upper and lower case alone")
    ]
    assert run("schema", "release").code == 0
    assert run("schema", "check", "--strict", "--json").json["findings"] == []


def test_a_fault_that_two_files_run_into_is_told_once(project, run, edit):
    edit(V1, 'Label("bug"', 'Label("bug|x"')
    found = [each for each in run("schema", "check", "--json").json["findings"] if each["code"] == "unsound"]
    assert len({each["what"] for each in found}) == len(found) == 1

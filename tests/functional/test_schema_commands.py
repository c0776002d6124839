"""`retrolabel schema` and `retrolabel gold`, the check excepted, as people meet them."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys

import pytest

TASK = "labeling_functions/triage"
SCHEMA = f"{TASK}/schema"
LOCK = "labeling_functions/labels.lock"
LFS = f"{TASK}/wording.py"
TODO = "TODO: when does it hold? One sentence that a person can act on."

FIRST = '''"""Version 1: what an issue is about."""

from retrolabel import AgreementTarget, Label, LabelSchema

BUG = Label("bug", "The product does what it should not.", include=["wrong results"], owner="core", hotkey="b")
QUESTION = Label("question", "Somebody asks how something works.", aliases=["ask"], hotkey="q")
WONTFIX = Label("wontfix", "Nobody will do anything about it.")

SCHEMA = LabelSchema(
    task="triage",
    version="1.0.0",
    labels=[BUG, QUESTION, WONTFIX],
    agreement=AgreementTarget("kappa", 0.6, minimum_n=50),
    guidelines="Read the first comment.\\n\\nThen the *title*.",
    reason="The first version.",
)
'''
WORDING = '''"""What people write."""

from labeling_functions.triage.schema.v1 import BUG, QUESTION
from retrolabel import keywords, labeling_function

says_broken = keywords(BUG, ["broken", "wrong"], column="comment")


@labeling_function(QUESTION)
def asks(comment: str) -> bool:
    """People who ask write a question mark."""
    return comment.endswith("?")
'''
FEEDBACK = "item_id,created_at,comment\n" + "".join(
    f"{n},2026-02-{1 + n:02d}T08:00:00Z,{text}\n"
    for n, text in enumerate(["it is broken", "how does it work?", "the result is wrong", "no idea"] * 4)
)
SCALE = '''"""Version 1: how bad it is."""

from retrolabel import Label, LabelSchema

LOW = Label("low", "Nobody minds.", rank=0)
MID = Label("mid", "People mind.", rank=1)
HIGH = Label("high", "Work stops.", rank=2)

SCHEMA = LabelSchema(task="severity", version="1.0.0", scale="ordinal", labels=[LOW, MID, HIGH], reason="First.")
'''
EMOTIONS = '''"""Version 1: what somebody feels."""

from retrolabel import AgreementTarget, AtLeastOne, AtMostOne, Implies, Label, LabelSchema

JOY, FEAR, CALM = Label("joy", "Glad."), Label("fear", "Afraid."), Label("calm", "At ease.")
GRIEF = Label("grief", "Lost somebody.", parent="fear")

SCHEMA = LabelSchema(
    task="emotions", version="1.0.0", scale="multilabel", labels=[JOY, FEAR, CALM, GRIEF],
    constraints=[AtMostOne([FEAR, CALM]), Implies([GRIEF, FEAR]), AtLeastOne([JOY, FEAR, CALM])],
    guidelines="One comment,\\nmany feelings.", reason="First.",
)
'''


@pytest.fixture
def project(run, write, folder):
    """A project with a nominal, an ordinal and a multilabel task."""
    write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n')
    for package in ("labeling_functions", TASK, SCHEMA):
        write(f"{package}/__init__.py", "")
    write(f"{SCHEMA}/v1.py", FIRST)
    write(LFS, WORDING)
    write("labeling_functions/severity/schema/v1.py", SCALE)
    write("labeling_functions/emotions/schema/v1.py", EMOTIONS)
    return folder


@pytest.fixture
def files(folder):
    """A function that returns every file of the project with its bytes."""

    def look():
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    return look


@pytest.fixture
def refused(run, files):
    """Run a command that is refused: exit 1, a clear message in both forms, and no file written."""

    def go(*words, says=()):
        before = files()
        done = run(*words)
        assert done.code == 1, done.out + done.err
        assert done.err.startswith("Error: ")
        assert "Traceback" not in done.err
        for text in [says] if isinstance(says, str) else says:
            assert text in done.err
        error = run(*words, "--json").json["error"]
        assert error["message"] in done.err
        assert files() == before
        return error

    return go


@pytest.fixture
def written(folder, run):
    """Write a version with ``schema new`` or ``merge-heads``, put words for its TODOs; return its file."""

    def go(*words, todo="Words that a person can act on."):
        done = run("schema", *words, "--json")
        assert done.code == 0, done.err
        path = folder / done.json["file"]
        text = path.read_text(encoding="utf-8")
        assert (text, done.json["written"]) == (done.json["text"], True)
        path.write_text(re.sub(r"TODO: [^\"]*?(act on|version before)[.?]", todo, text), encoding="utf-8")
        return path

    return go


def errors(done):
    return [each for each in done.json["findings"] if each["severity"] == "error"]


# schema release --------------------------------------------------------------------------------------


def test_release_refuses_what_check_refuses_and_writes_no_lock(project, run, refused):
    assert run("schema", "new", "triage", "--split", "bug=crash,wrong", "--reason", "Teams.").code == 0
    told = {each["what"] for each in errors(run("schema", "check", "--json"))}
    error = refused("schema", "release", says="Nothing was released: 2 thing(s) to mend first.")
    assert {each["what"] for each in error["problems"]} == told
    assert not (project / LOCK).exists()


def test_release_writes_a_lock_that_is_sorted_and_the_same_for_everybody(project, run, folder):
    done = run("schema", "release")
    assert done.out.splitlines() == [
        "emotions 1.0.0: released", "severity 1.0.0: released", "triage 1.0.0: released",
        "triage: the votes of 2 LF(s) were noted",
    ]  # fmt: skip
    text = (folder / LOCK).read_text(encoding="utf-8")
    lock = json.loads(text)
    assert text == json.dumps(lock, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    assert lock["tasks"]["triage"]["labeling_functions"] == {"asks": "question", "says_broken": "bug"}
    assert sorted(lock["tasks"]["triage"]["versions"]["1.0.0"]) == ["display", "meaning", "revises", "shape", "steps"]
    (folder / LOCK).unlink()
    for task in ("triage", "severity", "emotions"):
        assert run("schema", "release", task).code == 0
    assert (folder / LOCK).read_text(encoding="utf-8") == text


def test_release_in_another_process_writes_the_same_bytes(project, run, shell, folder):
    assert run("schema", "release").code == 0
    text = (folder / LOCK).read_bytes()
    (folder / LOCK).unlink()
    assert shell("schema", "release", PYTHONHASHSEED="4711").code == 0
    assert (folder / LOCK).read_bytes() == text


def test_release_twice_writes_nothing(project, run, folder):
    assert run("schema", "release").code == 0
    before = (folder / LOCK).stat()
    done = run("schema", "release")
    assert (done.code, done.out) == (0, "labels.lock says all of it already.\n")
    assert (folder / LOCK).stat().st_mtime_ns == before.st_mtime_ns
    assert run("schema", "release", "--json").json == {"changed": [], "written": False}


def test_release_dry_run_says_what_would_be_and_writes_nothing(project, run, files):
    before = files()
    done = run("schema", "release", "--dry-run")
    assert "triage 1.0.0: released" in done.out
    found = run("schema", "release", "--dry-run", "--json").json
    assert (found["written"], len(found["changed"])) == (False, 4)
    assert files() == before


def test_release_only_lfs_freezes_nothing(project, run, written, write, folder):
    assert run("schema", "release").code == 0
    written("new", "triage", "--add", "spam", "--reason", "It comes in.")
    write(LFS, WORDING.replace("@labeling_function(QUESTION)", "@labeling_function(~BUG)"))
    done = run("schema", "release", "triage", "--only-lfs", "--json")
    assert done.json == {"changed": ["triage: the votes of 1 LF(s) were noted"], "written": True}
    lock = json.loads((folder / LOCK).read_text(encoding="utf-8"))["tasks"]["triage"]
    assert list(lock["versions"]) == ["1.0.0"]
    assert lock["labeling_functions"]["asks"] == "~bug"


def test_release_of_one_version_leaves_the_others_drafts(project, run, written, folder, refused):
    written("new", "triage", "--add", "spam", "--reason", "It comes in.")
    written("new", "triage", "--add", "praise", "--reason", "It comes in too.")
    refused("schema", "release", "triage", "1.1.0", says="a released version revises 1.0.0, which is not released")
    assert run("schema", "release", "triage", "1.0.0", "1.1.0").code == 0
    state = run("schema", "check", "--json").json["tasks"]["triage"]
    assert state == {"released": ["1.0.0", "1.1.0"], "drafts": ["1.2.0"]}
    assert "triage 1.2.0: released" in run("schema", "release", "triage", "1.2.0").out


def test_release_of_lfs_before_any_version_does_not_say_that_a_lock_holds_them(project, run, folder):
    done = run("schema", "release", "--only-lfs")
    assert not (folder / LOCK).exists()
    assert "labels.lock says all of it already" not in done.out


def test_release_of_an_unknown_version_or_task_is_refused(project, refused):
    refused("schema", "release", "triage", "1.0.1", says="has no schema version '1.0.1'. Did you mean '1.0.0'?")
    refused("schema", "release", "triag", says="Did you mean 'triage'?")


# schema new ------------------------------------------------------------------------------------------

WISHES = {
    "split": ("triage", ["--split", "bug=crash,wrong"], "2.0.0", ["split bug into crash, wrong"]),
    "split_keeps_the_id": ("triage", ["--split", "bug=bug,crash"], "2.0.0", ["split bug into bug, crash"]),
    "merge": ("triage", ["--merge", "bug,wontfix=issue"], "2.0.0", ["merge bug, wontfix into issue"]),
    "merge_into_one_of_them": ("triage", ["--merge", "bug,wontfix=bug"], "2.0.0", ["merge bug, wontfix into bug"]),
    "add": ("triage", ["--add", "spam"], "1.1.0", ["add spam"]),
    "add_carved": ("triage", ["--add", "crash=bug"], "2.0.0", ["add crash (carved from bug)"]),
    "add_carved_from_two": ("triage", ["--add", "x=bug,question"], "2.0.0", ["add x (carved from bug, question)"]),
    "remove": ("triage", ["--remove", "wontfix"], "2.0.0", ["remove wontfix (unknown now)"]),
    "remove_mapped": ("triage", ["--remove", "wontfix=bug"], "2.0.0", ["remove wontfix (now bug)"]),
    "redefine": ("triage", ["--redefine", "bug=narrower"], "2.0.0", ["redefine bug: narrower"]),
    "rename": ("triage", ["--rename", "bug=Defect"], "1.0.1", []),
    "rescale": (
        "severity",
        ["--rescale", "low=mild", "--rescale", "mid=mild,grave", "--rescale", "high=grave"],
        "2.0.0",
        ["rescale high -> grave, low -> mild, mid -> mild or grave"],
    ),
    "multilabel": ("emotions", ["--add", "hope=joy"], "2.0.0", ["add hope (carved from joy)"]),
    "several": (
        "triage",
        ["--split", "bug=crash,wrong", "--add", "spam", "--remove", "wontfix=question", "--redefine", "question=wider",
         "--rename", "question=A question"],
        "2.0.0",
        ["split bug into crash, wrong", "add spam", "remove wontfix (now question)", "redefine question: wider"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WISHES)
def test_the_file_that_new_writes_is_sound_has_its_bump_and_is_accepted_once_its_todos_are_gone(
    project, run, written, files, case
):
    task, words, number, steps = WISHES[case]
    before = run("schema", "show", task, "--json").json
    done = run("schema", "new", task, *words, "--reason", "Teams could not act.", "--dry-run", "--json")
    text = done.json["text"]
    assert (done.json["version"], done.json["written"]) == (number, False)
    path = written("new", task, *words, "--reason", "Teams could not act.", todo=TODO)
    assert path.read_text(encoding="utf-8") == text
    found = errors(run("schema", "check", "--json"))
    assert {each["code"] for each in found} == ({"todo"} if "TODO" in text else set())
    path.write_text(text.replace(TODO, "A person can act on it."), encoding="utf-8")
    assert run("schema", "check").code == 0
    after = run("schema", "show", task, "--json").json
    kept = ("constraints", "agreement", "guidelines", "scale")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert [after["version"], after["revises"], after["reason"]] == [number, "1.0.0", "Teams could not act."]
    drawn = run("schema", "history", task).out.partition("* 1.0.0")[0]
    assert all(step in drawn for step in steps)
    same = {label["id"]: label for label in before["labels"]}
    for label in after["labels"]:
        named = re.search(rf"\b{label['id']}\b", " ".join(words))
        assert named or label == same[label["id"]]


def test_what_new_writes_keeps_to_the_style_of_the_files_that_people_write(project, run):
    text = run("schema", "new", "triage", "--split", "bug=crash,wrong", "--reason", "Teams.", "--dry-run").out
    assert "from labeling_functions.triage.schema.v1 import QUESTION, SCHEMA as V1_0_0, WONTFIX\n" in text
    assert 'Split("bug", into=[CRASH, WRONG]),\n' in text
    assert "labels=[QUESTION, WONTFIX, CRASH, WRONG],\n" in text


def test_new_tells_what_to_do_next_and_the_commands_work_as_printed(project, run, folder):
    done = run("schema", "new", "triage", "--split", "bug=crash,wrong", "--reason", "Teams.")
    assert done.out.splitlines()[0] == f"{SCHEMA}/v2_split_bug.py: triage 2.0.0 is drafted."
    commands = re.findall(r"retrolabel (.*)", done.out)
    assert commands == ["schema check triage", "schema diff triage 1.0.0 2.0.0"]
    assert [run(*shlex.split(command)).code for command in commands] == [1, 0]


def test_new_says_what_todo_stands_for_only_where_there_is_one(project, run, folder):
    done = run("schema", "new", "triage", "--remove", "wontfix=bug", "--reason", "Nobody gave it.")
    assert "TODO" not in (folder / f"{SCHEMA}/v2_remove_wontfix.py").read_text(encoding="utf-8")
    assert "TODO" not in done.out


def test_new_writes_nothing_on_a_dry_run_but_prints_the_file(project, run, files):
    before = files()
    done = run("schema", "new", "triage", "--add", "spam", "--dry-run")
    assert done.out.startswith('"""Version 1.1.0')
    assert done.out.endswith(")\n")
    assert files() == before


def test_new_takes_another_number_and_parent(project, run, written):
    written("new", "triage", "--add", "spam", "--version", "1.4.0", "--reason", "It comes in.")
    path = written("new", "triage", "--add", "praise", "--onto", "1.0.0", "--reason", "It comes in.")
    assert path.name == "v1_1_add_praise.py"
    assert run("schema", "heads", "triage", "--json").json["heads"] == ["1.1.0", "1.4.0"]


def test_new_onto_an_older_version_takes_a_number_that_no_branch_has(project, run, written):
    written("new", "triage", "--add", "spam", "--reason", "It comes in.")
    path = written("new", "triage", "--add", "praise", "--onto", "1.0.0", "--reason", "It comes in.")
    assert path.name == "v1_2_add_praise.py"
    assert {each["code"] for each in errors(run("schema", "check", "--json"))} == {"two-heads"}


def test_new_restores_what_was_merged_so_that_old_labels_are_exact_again(project, run, written):
    written("new", "triage", "--merge", "bug,wontfix=issue", "--reason", "One queue.")
    path = written("new", "triage", "--split", "issue=bug,wontfix", "--restores", "1.0.0", "--reason", "Two again.")
    assert 'restores="1.0.0"' in path.read_text(encoding="utf-8")
    assert "TODO" not in path.read_text(encoding="utf-8")
    assert run("schema", "check", "triage", "--strict").code == 0
    found = {each["label"]: each for each in run("schema", "diff", "triage", "1.0.0", "3.0.0", "--json").json["labels"]}
    assert found["bug"]["image"] == ["bug"]
    assert found["wontfix"]["change"] == "same"


BAD_WISHES = {
    "nothing": ([], "Nothing was asked for."),
    "only_a_reason": (["--reason", "Because."], "Nothing was asked for."),
    "unknown_split": (["--split", "bgu=a,b"], "No label 'bgu' in triage 1.0.0. Did you mean 'bug'?"),
    "unknown_remove": (["--remove", "bgu"], "Did you mean 'bug'?"),
    "unknown_redefine": (["--redefine", "bgu=wider"], "Did you mean 'bug'?"),
    "unknown_rename": (["--rename", "bgu=Bug"], "Did you mean 'bug'?"),
    "unknown_merge": (["--merge", "bgu,question=issue"], "'bgu'"),
    "unknown_carved": (["--add", "crash=bgu"], "'bgu'"),
    "unknown_target": (["--remove", "wontfix=bgu"], "'bgu'"),
    "add_what_is_there": (["--add", "bug"], "'bug', which was there before"),
    "direction": (["--redefine", "bug=sideways"], "narrower, wider, shifted"),
    "no_direction": (["--redefine", "bug"], "--redefine"),
    "split_into_nothing": (["--split", "bug="], "names no label to split into"),
    "split_without_parts": (["--split", "bug"], "--split takes LEFT=RIGHT, got 'bug'."),
    "no_word": (["--add", "a crash"], "A label id is a word"),
    "no_answer": (["--add", "cannot_tell"], "is no label"),
    "rescale": (["--rescale", "bug=question"], "has no scale"),
    "restores": (["--split", "bug=a,b", "--restores", "0.9.0"], "'0.9.0'"),
    "removed_and_split": (["--remove", "bug", "--split", "bug=a,b"], "label 'bug': is moved by 2 steps"),
    "split_twice": (["--merge", "bug,question=x", "--split", "bug=a,b"], "label 'bug': is moved by 2 steps"),
    "version_that_exists": (["--add", "x", "--version", "1.0.0"], "1.0.0"),
    "version_below": (["--add", "x", "--version", "0.9.0"], "is not above 1.0.0"),
    "no_version": (["--add", "x", "--version", "two"], "is not MAJOR.MINOR.PATCH"),
    "onto": (["--add", "x", "--onto", "0.9.0"], "has no schema version '0.9.0'"),
    "everything_goes": (["--remove", "bug", "--remove", "question"], "fewer than two"),
    "rename_to_the_same": (["--rename", "bug=bug"], ""),
    "rename_to_nothing": (["--rename", "bug="], ""),
    "rename_what_goes": (["--rename", "bug=Defect", "--remove", "bug"], "bug"),
    "restores_without_split": (["--rename", "bug=Defect", "--restores", "1.0.0"], "restores"),
    "split_into_itself": (["--split", "bug=bug"], "bug"),
    "merge_with_itself": (["--merge", "bug=bug"], "bug"),
    "split_into_one_twice": (["--split", "bug=crash,crash"], "crash"),
}


@pytest.mark.parametrize("case", BAD_WISHES)
def test_a_bad_wish_is_refused_clearly_and_nothing_is_written(project, refused, case):
    words, says = BAD_WISHES[case]
    refused("schema", "new", "triage", *words, says=says)


def test_a_wish_about_an_unknown_task_is_refused_with_the_nearest(project, refused):
    refused("schema", "new", "triag", "--add", "x", says="Did you mean 'triage'?")


def test_new_never_writes_over_a_version_or_a_file(project, refused, write, written):
    written("new", "triage", "--add", "spam", "--reason", "It comes in.")
    refused("schema", "new", "triage", "--add", "x", "--version", "1.1.0", says="is not above 1.1.0")
    error = refused(
        "schema", "new", "triage", "--add", "x", "--onto", "1.0.0", "--version", "1.1.0", says="Nothing was written."
    )
    assert error["problems"] == [
        {"where": "triage 1.1.0", "what": "exists already", "remedy": "--version gives another number"}
    ]
    write(f"{SCHEMA}/v1_2_add_x.py", "# notes\n")
    refused("schema", "new", "triage", "--add", "x", says=[f"{SCHEMA}/v1_2_add_x.py: exists already", "move it"])


def test_new_on_a_task_that_is_not_sound_is_refused_with_what_is_wrong(project, write, refused):
    write(f"{SCHEMA}/v2.py", "import nothing_of_that_name\n")
    refused("schema", "new", "triage", "--add", "x", says=["is not sound as it is", "nothing_of_that_name"])


def test_spaces_after_commas_are_no_part_of_an_id(project, run):
    one = run("schema", "new", "triage", "--split", "bug = crash, wrong", "--dry-run", "--json")
    other = run("schema", "new", "triage", "--merge", "bug, wontfix = issue", "--dry-run", "--json")
    assert (one.code, other.code) == (0, 0), one.err + other.err


ORDINAL_WISHES = {
    "split_in_the_middle": ["--split", "mid=some,many"],
    "merge_at_the_top": ["--merge", "mid,high=bad"],
    "rescale_that_keeps_points": ["--rescale", "low=low,mild", "--rescale", "mid=mid", "--rescale", "high=high"],
}


@pytest.mark.parametrize("case", ORDINAL_WISHES)
def test_new_on_an_ordinal_scale_gives_new_points_ranks_of_their_own_and_keeps_the_order(project, run, written, case):
    written("new", "severity", *ORDINAL_WISHES[case], "--reason", "Three were not right.")
    done = run("schema", "check", "severity")
    assert done.code == 0, done.out
    labels = run("schema", "show", "severity", "--json").json["labels"]
    assert len({label["rank"] for label in labels}) == len(labels)


STRANGE_IDS = ["a.b", "a-b", "None", "class", "SCHEMA", "Label", "Split", "V1_0_0", "1st", "x__", "LabelSchema"]


def test_ids_that_are_no_python_names_or_are_taken_become_constants_of_their_own(project, run, written):
    path = written("new", "triage", "--split", f"bug={','.join(STRANGE_IDS)}", "--reason", "All at once.")
    assert run("schema", "check").code == 0
    labels = [label["id"] for label in run("schema", "show", "triage", "--json").json["labels"]]
    assert labels == ["question", "wontfix", *STRANGE_IDS]
    path = written("new", "triage", "--remove", "a.b=a-b", "--remove", "class=None", "--reason", "Too many.")
    assert "steps=" in path.read_text(encoding="utf-8")
    assert run("schema", "check").code == 0


HOSTILE = {
    "quote_at_the_end": 'People say "no"',
    "three_quotes": 'It said """ once',
    "backslash": r"C:\new\users \N{x} \d",
    "backslash_at_the_end": "C:\\",
    "two_lines": "One.\nTwo.",
    "apostrophes": 'It\'s "both" at once',
    "not_ascii": "Größe · 日本語 🎉 \u202e",
    "braces": "{reason} %s $HOME `id`",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_reason_may_hold_any_text(project, run, written, case):
    written("new", "triage", "--add", "spam", "--reason", HOSTILE[case])
    done = run("schema", "check")
    assert done.code == 0, done.out
    assert run("schema", "show", "triage", "--json").json["reason"] == HOSTILE[case]


@pytest.mark.parametrize("case", HOSTILE)
def test_words_of_labels_and_guidelines_go_to_the_next_file_as_they_are(project, run, written, write, case):
    text = HOSTILE[case]
    first = FIRST.replace('"Nobody will do anything about it."', f"{text!r}, include=[{text!r}], name={text!r}")
    write(f"{SCHEMA}/v1.py", first.replace('"Read the first comment.', f'{text!r} "\\n\\nRead it.').replace(
        'Then the *title*."', f'Then the *title*. " {text!r}'))  # fmt: skip
    before = run("schema", "show", "triage", "--json").json
    assert text in before["guidelines"]
    written("new", "triage", "--redefine", "wontfix=wider", "--reason", "It was too narrow.", todo="Nobody will.")
    assert run("schema", "check").code == 0, run("schema", "check").out
    after = run("schema", "show", "triage", "--json").json
    assert after["guidelines"] == before["guidelines"]
    for name in ("name", "include"):
        assert after["labels"][2][name] == before["labels"][2][name]
    assert after["labels"][2]["definition"].endswith(text)


def test_a_reason_that_is_not_utf8_is_refused_or_written_and_leaves_no_half_file(project, run, files):
    """A terminal of another encoding hands it over so."""
    before = set(files())
    done = run("schema", "new", "triage", "--add", "spam", "--reason", b"caf\xe9".decode("utf-8", "surrogateescape"))
    assert done.code == 0 or done.err.startswith("Error: ")
    assert done.code == 0 or set(files()) == before
    assert run("schema", "check").code == (1 if done.code == 0 else 0)


MODULES = {
    "dash": "v1-first.py",
    "digit": "1.py",
    "keyword": "class.py",
    "space": "the first.py",
    "not_ascii": "größe.py",
}


@pytest.mark.parametrize("case", MODULES)
def test_new_writes_a_file_that_imports_or_refuses_whatever_the_file_before_is_called(project, run, folder, case):
    """Discovery takes such files; an import statement cannot name all of them."""
    (folder / LFS).unlink()
    (folder / f"{SCHEMA}/v1.py").rename(folder / SCHEMA / MODULES[case])
    assert run("schema", "check", "triage").code == 0
    done = run("schema", "new", "triage", "--remove", "wontfix=bug", "--reason", "Nobody gave it.")
    assert done.code in (0, 1)
    assert done.code == 0 or (done.err.startswith("Error: ") and MODULES[case] in done.err)
    check = run("schema", "check", "triage")
    assert check.code == 0, check.out


def test_labels_that_have_no_name_of_their_own_in_the_file_before_are_written_out(project, run, written, write):
    text = FIRST.replace("labels=[BUG, QUESTION, WONTFIX]", 'labels=[BUG, QUESTION, Label("old", status="reserved"), WONTFIX, Label("spam", "Ads.", aliases=["ad"], status="deprecated")]')  # fmt: skip  # noqa: E501
    write(f"{SCHEMA}/v1.py", text)
    before = run("schema", "show", "triage", "--json").json
    written("new", "triage", "--remove", "wontfix=bug", "--reason", "Nobody gave it.")
    assert run("schema", "check").code == 0
    after = run("schema", "show", "triage", "--json").json
    assert after["labels"] == [label for label in before["labels"] if label["id"] != "wontfix"]


def test_a_name_given_in_place_is_carried_on_to_the_next_version(project, run, written, write):
    """The module has BUG, and the version has a BUG of another name: the two are equal, and not the same."""
    write(f"{SCHEMA}/v1_0_1.py", (
        "from dataclasses import replace\n"
        "from labeling_functions.triage.schema.v1 import BUG, QUESTION, SCHEMA as V1, WONTFIX\n\n"
        "SCHEMA = replace(V1, version='1.0.1', revises=V1, reason='People say defect.',\n"
        "                 labels=[replace(BUG, name='Defect', aliases=['d']), QUESTION, WONTFIX])\n"
    ))  # fmt: skip
    before = run("schema", "show", "triage", "--json").json["labels"][0]
    written("new", "triage", "--add", "spam", "--reason", "It comes in.")
    assert run("schema", "show", "triage", "--json").json["labels"][0] == before


def test_versions_in_one_file_with_names_of_their_own_can_be_continued(project, run, written, write):
    more = '\nFIRST = SCHEMA\nSECOND = LabelSchema(task="triage", version="1.0.1", revises=FIRST, labels=[BUG, QUESTION, WONTFIX])\n'  # noqa: E501
    write(f"{SCHEMA}/v1.py", FIRST + more)
    path = written("new", "triage", "--add", "spam", "--reason", "It comes in.")
    assert "SECOND as V1_0_1" in path.read_text(encoding="utf-8")
    assert run("schema", "check").code == 0


def test_a_constraint_that_names_a_label_which_goes_is_not_dropped_in_silence(project, run):
    done = run("schema", "new", "emotions", "--remove", "calm=joy", "--reason", "Nobody gave it.")
    told = done.out + done.err
    assert done.code == 1 or "AtMostOne" in told, told


# schema merge-heads ------------------------------------------------------------------------------------


@pytest.fixture
def branches(written):
    """Two branches of triage: one adds a label, the other splits one."""

    def go():
        written("new", "triage", "--add", "spam", "--reason", "It comes in.")
        written("new", "triage", "--onto", "1.0.0", "--split", "bug=crash,wrong", "--reason", "Teams.")

    return go


def test_merge_heads_writes_a_sound_version_that_check_accepts(project, branches, run, written):
    branches()
    path = written("merge-heads", "triage", "--reason", "One line again.")
    assert path.name == "v2_1_merge_heads.py"
    done = run("schema", "check")
    assert done.code == 0, done.out
    shown = run("schema", "show", "triage", "--json").json
    assert shown["label_ids"] == ["question", "wontfix", "spam", "crash", "wrong"]
    assert shown["revises"] == ["1.1.0", "2.0.0"]
    assert [step["step"] for step in shown["steps"]["1.1.0"]] == ["split"]
    assert [step["step"] for step in shown["steps"]["2.0.0"]] == ["add"]
    assert run("schema", "heads", "triage").out == "2.1.0\n"
    assert run("schema", "diff", "triage", "1.0.0", "2.1.0").code == 0
    assert run("schema", "release").code == 0


def test_a_merged_version_is_no_cause_for_a_warning(project, branches, run, written):
    branches()
    written("merge-heads", "triage", "--reason", "One line again.")
    done = run("schema", "check", "--strict")
    assert done.code == 0, done.out


def test_merge_heads_dry_run_writes_nothing_and_version_gives_another_number(project, branches, run, files, written):
    branches()
    before = files()
    done = run("schema", "merge-heads", "triage", "--dry-run")
    assert done.out.startswith('"""Version 2.1.0: Two branches were merged."""')
    assert files() == before
    written("merge-heads", "triage", "--version", "3.0.0")
    assert run("schema", "heads", "triage").out == "3.0.0\n"


def test_both_branches_changed_the_same_label_and_merge_heads_says_what_to_do(project, run, written, refused):
    written("new", "triage", "--redefine", "bug=narrower", "--reason", "Too wide.")
    written(
        "new", "triage", "--onto", "1.0.0", "--redefine", "bug=wider", "--reason", "Too narrow.", todo="Other words."
    )
    error = refused("schema", "merge-heads", "triage", says=["label 'bug': means something else in each branch"])
    assert error["problems"][0]["remedy"] == "agree on one meaning"
    assert 'steps={"2.0.0": [...]}' in error["remedy"]


def test_one_branch_dropped_what_the_other_changed_and_merge_heads_says_so(project, written, refused):
    written("new", "triage", "--redefine", "bug=narrower", "--reason", "Too wide.")
    written("new", "triage", "--onto", "1.0.0", "--split", "bug=crash,wrong", "--reason", "Teams.")
    refused("schema", "merge-heads", "triage", says="label 'bug'")


def test_merge_heads_of_one_head_is_refused(project, refused):
    refused("schema", "merge-heads", "triage", says="triage has one head")


def test_three_heads_can_be_joined_by_the_command_that_the_check_prints(project, branches, run, written):
    branches()
    written("new", "triage", "--onto", "1.0.0", "--split", "question=how,why", "--reason", "Two answers.")
    (found,) = [each for each in errors(run("schema", "check", "--json")) if each["code"] == "two-heads"]
    command = re.search(r"retrolabel ([^;]*)", found["remedy"]).group(1)
    for _ in range(2):
        done = run(*shlex.split(command))
        assert done.code == 0, done.err
    assert run("schema", "check").code == 0


def test_two_branches_that_both_deserve_a_major_bump_merge_into_a_version_that_has_one(project, run, written):
    written("new", "triage", "--split", "bug=crash,wrong", "--reason", "Teams.")
    written("new", "triage", "--onto", "1.0.0", "--split", "question=how,why", "--reason", "Two answers.")
    written("merge-heads", "triage", "--reason", "One line again.")
    done = run("schema", "check")
    assert done.code == 0, done.out


def test_labels_that_bear_one_name_in_two_branches_are_told_apart_in_the_merged_file(project, run, write):
    text = (
        "from labeling_functions.triage.schema.v1 import BUG, QUESTION, SCHEMA as V1, WONTFIX\n"
        "from retrolabel import Add, Label, LabelSchema\n\n"
        'NEW = Label("{0}", "It is about {0}.")\n\n'
        'SCHEMA = LabelSchema(task="triage", version="{1}", revises=V1, labels=[BUG, QUESTION, WONTFIX, NEW],\n'
        '                     steps=[Add(NEW)], reason="It comes in.")\n'
    )
    write(f"{SCHEMA}/v1_1.py", text.format("spam", "1.1.0"))
    write(f"{SCHEMA}/v1_2.py", text.format("praise", "1.2.0"))
    assert run("schema", "merge-heads", "triage").code == 0
    done = run("schema", "check")
    assert done.code == 0, done.out
    labels = run("schema", "show", "triage", "--json").json["label_ids"]
    assert labels == ["bug", "question", "wontfix", "spam", "praise"]


BRANCH = (
    "from labeling_functions.{task}.schema.v1 import SCHEMA as V1\n"
    "from dataclasses import replace\nfrom retrolabel import AtMostOne\n\n"
    "ONE, *OTHERS = V1.labels\n{before}\n\n"
    "SCHEMA = replace(V1, version={number!r}, revises=V1, reason='Seen.', labels=[ONE, *OTHERS], {what})\n"
)
EDITS_OF_A_BRANCH = {
    # case: (task, a statement, an argument, what is looked at, what it should be)
    "name": ("triage", "ONE = replace(ONE, name='Defect')", "", lambda v: v["labels"][0]["name"], "Defect"),
    "owner": ("triage", "ONE = replace(ONE, owner='apps')", "", lambda v: v["labels"][0]["owner"], "apps"),
    "aliases": ("triage", "ONE = replace(ONE, aliases=['b'])", "", lambda v: v["labels"][0]["aliases"], ["b"]),
    "guidelines": ("triage", "", "guidelines='Read it all.'", lambda v: v["guidelines"], "Read it all."),
    "agreement": ("triage", "", "agreement=None", lambda v: v["agreement"], None),
    "constraints": (
        "emotions", "", "constraints=[AtMostOne(['joy', 'grief'])]", lambda v: len(v["constraints"]), 1
    ),
}  # fmt: skip


@pytest.mark.parametrize("number", ["1.1.0", "1.3.0"], ids=["in_the_older_branch", "in_the_newer_branch"])
@pytest.mark.parametrize("case", EDITS_OF_A_BRANCH)
def test_what_one_branch_alone_edited_survives_the_merge(project, run, write, case, number):
    task, before, what, look, expected = EDITS_OF_A_BRANCH[case]
    write(f"labeling_functions/{task}/schema/one.py", BRANCH.format(task=task, number=number, before=before, what=what))
    write(f"labeling_functions/{task}/schema/other.py", BRANCH.format(task=task, number="1.2.0", before="", what=""))
    done = run("schema", "merge-heads", task)
    assert done.code == 0, done.err
    shown = run("schema", "show", task, "--json")
    assert shown.code == 0, shown.err
    assert look(shown.json) == expected


# schema diff --------------------------------------------------------------------------------------------


@pytest.fixture
def labelled(project, run, write, written, once):
    """Sixteen items, votes, a label set and people's labels under 1.0.0; 2.0.0 splits bug.

    Votes: bug on every even item; question on 1, 5, 9 and 13. People: ana says bug of 0 and 2, question of
    1 and wontfix of 3 (after bug); ben says bug of 0 and question of 2, so that 2 is tied.
    """

    def build():
        write("feedback.csv", FEEDBACK)
        assert run("ingest", "feedback.csv", "--source", "web").code == 0
        rows = ["0,bug,ana", "2,bug,ana", "1,question,ana", "3,bug,ana", "3,wontfix,ana", "0,bug,ben", "2,question,ben"]
        text = "".join(f"{row},{1800 * (1 + n)}\n" for n, row in enumerate(rows))
        write("gold.csv", "item_id,label,annotator,seconds\n" + text)
        done = run(
            "gold", "import", "triage", "gold.csv", "--source", "web", "--role", "dev", "--annotator", "annotator",
            "--seconds", "seconds", "--json",
        )  # fmt: skip
        assert done.json["added"] == 7, done.err
        written("new", "triage", "--split", "bug=crash,wrong", "--reason", "Teams could not act.")
        assert run("relabel", "triage", "--to", "1.0.0").code == 0

    return once("triage_labelled", build)


def test_diff_counts_what_is_stored_under_each_label(labelled, run):
    found = run("schema", "diff", "triage", "1.0.0", "2.0.0", "--json").json
    assert {name: found[name] for name in ("older", "newer", "deserved", "given", "stored")} == {
        "older": "1.0.0", "newer": "2.0.0", "deserved": "major", "given": "major", "stored": True,
    }  # fmt: skip
    counted = {
        each["label"]: (each["change"], each["human"], each["gold"], each["votes"], each["labelled"], each["waiting"])
        for each in found["labels"]
    }
    assert counted == {
        "bug": ("split", 3, {"dev": 1}, 8, 8, 1),
        "question": ("same", 2, {"dev": 1}, 4, 4, 0),
        "wontfix": ("same", 1, {"dev": 1}, 0, 0, 0),
        "crash": ("added", 0, {}, 0, 0, 0),
        "wrong": ("added", 0, {}, 0, 0, 0),
    }
    assert found["human"] == {"exact": 3, "set": 3, "unknown": 0, "suspect": 0, "near_miss": 0}
    votes = {(each["lf"], each["vote"]): (each["after"], each["kind"], each["votes"]) for each in found["votes"]}
    assert votes[("says_broken", "bug")] == (["crash", "wrong"], "set", 8)


def test_diff_tells_people_the_same_counts(labelled, run):
    out = run("schema", "diff", "triage", "1.0.0", "2.0.0").out
    assert "triage 1.0.0 -> 2.0.0: a major bump; the change deserves major" in out
    rows = {line.split()[0]: line.split()[-4:] for line in out.splitlines() if line.startswith(("bug ", "question "))}
    assert rows == {"bug": ["3", "1", "8", "8"], "question": ["2", "1", "4", "4"]}
    assert "Human labels under 2.0.0: 3 exact, 3 set." in out
    assert "crash | wrong: says_broken (8)" in out


def test_diff_counts_what_people_said_of_a_label_that_goes_as_unknown(labelled, run, written):
    written("new", "triage", "--remove", "wontfix", "--reason", "Nobody acts on it.")
    found = run("schema", "diff", "triage", "1.0.0", "3.0.0", "--json").json
    assert found["human"] == {"exact": 2, "set": 3, "unknown": 1, "suspect": 0, "near_miss": 0}
    (gone,) = [each for each in found["labels"] if each["label"] == "wontfix"]
    assert (gone["change"], gone["kind"], gone["human"], gone["waiting"]) == ("removed", "unknown", 1, 1)
    out = run("schema", "diff", "triage", "1.0.0", "3.0.0").out
    assert "1 gold items of wontfix are not one label under 3.0.0" in out
    assert "says nothing there; the original is kept" in out


@pytest.mark.parametrize("wish", [["--remove", "wontfix"], ["--remove", "wontfix=question"]])
def test_a_draft_that_drops_a_label_leaves_votes_under_the_version_before_as_they_were(labelled, run, written, wish):
    """1.0.0 has the very label that the LF names, so its votes need no way round by the draft."""
    before = run("relabel", "triage", "--to", "1.0.0", "--json").json["label_set"]["shares"]
    written("new", "triage", *wish, "--reason", "Nobody acts on it.")
    after = run("relabel", "triage", "--to", "1.0.0", "--json").json["label_set"]["shares"]
    assert after == before == {"bug": 8, "question": 4, "wontfix": 0}


def test_diff_prices_the_choices_with_the_hours_that_people_took(labelled, run):
    """The seconds are 1800, 3600, ... 12600: their median is two hours; one gold item is bug."""
    done = run("schema", "diff", "triage", "1.0.0", "2.0.0")
    found = run("schema", "diff", "triage", "1.0.0", "2.0.0", "--json").json
    assert found["seconds"] == 7200
    (bug,) = [each for each in found["labels"] if each["label"] == "bug"]
    told = [(each["choice"], each["labels"], each["hours"], each["recommended"]) for each in bug["choices"]]
    assert told == [("keep", 0, 0.0, False), ("relabel", 1, 2.0, True), ("label_model", 0, 0.0, False)]
    assert re.search(r"\* relabel +1 +2\.0 h +one label on this item; the other 2 gold items stay fitted", done.out)
    assert re.search(r"keep +0 +- +fitted as the set that they leave; they judge by membership only", done.out)
    assert "Time: 7200 s a label, the median of what is stored." in done.out


def test_diff_asks_for_the_seconds_where_nobody_measured(project, run, write, written):
    write("feedback.csv", FEEDBACK)
    write("gold.csv", "item_id,label\n0,bug\n")
    assert run("ingest", "feedback.csv", "--source", "web").code == 0
    assert run("gold", "import", "triage", "gold.csv", "--source", "web", "--role", "dev").code == 0
    written("new", "triage", "--split", "bug=crash,wrong", "--reason", "Teams.")
    out = run("schema", "diff", "triage", "1.0.0", "2.0.0").out
    assert "The time is not known: gold import --seconds COLUMN" in out
    assert re.search(r"relabel +1 +- +one label on this item\n", out)


def test_a_time_of_a_few_minutes_is_not_told_as_nothing(project, run, write, written):
    write("feedback.csv", FEEDBACK)
    write("gold.csv", "item_id,label,seconds\n0,bug,20\n2,bug,20\n")
    assert run("ingest", "feedback.csv", "--source", "web").code == 0
    words = ("--source", "web", "--role", "dev", "--seconds", "seconds")
    assert run("gold", "import", "triage", "gold.csv", *words).code == 0
    written("new", "triage", "--split", "bug=crash,wrong", "--reason", "Teams.")
    line = next(
        line for line in run("schema", "diff", "triage", "1.0.0", "2.0.0").out.splitlines() if "relabel" in line
    )
    assert " 0.0 h" not in line


def test_diff_without_a_store_says_what_changes_and_that_nothing_was_counted(project, run, written, folder):
    written("new", "triage", "--split", "bug=crash,wrong", "--reason", "Teams.")
    done = run("schema", "diff", "triage", "1.0.0", "2.0.0")
    assert "No store here, so nothing was counted." in done.out
    assert "people" not in done.out
    found = run("schema", "diff", "triage", "1.0.0", "2.0.0", "--json").json
    assert found["stored"] is False
    assert [each["change"] for each in found["labels"]] == ["split", "same", "same", "added", "added"]
    assert not (folder / ".retrolabel").exists()


def test_diff_counts_votes_that_were_cast_before_the_new_version_was_written(labelled, run, written, folder):
    """Write a version, then look at what it does: that is the order in which people work."""
    (folder / f"{SCHEMA}/v2_split_bug.py").unlink()
    assert run("relabel", "triage").code == 0
    written("new", "triage", "--split", "bug=crash,wrong", "--reason", "Teams could not act.")
    found = run("schema", "diff", "triage", "1.0.0", "2.0.0", "--json").json
    assert {each["label"]: each["votes"] for each in found["labels"]} == {
        "bug": 8, "question": 4, "wontfix": 0, "crash": 0, "wrong": 0,
    }  # fmt: skip


def test_diff_down_says_what_newer_labels_are_in_the_older_version(labelled, run):
    assert run("relabel", "triage", "--to", "2.0.0").code == 0
    done = run("schema", "diff", "triage", "2.0.0", "1.0.0")
    assert done.out.startswith("triage 2.0.0 -> 1.0.0, going down\n")
    found = run("schema", "diff", "triage", "2.0.0", "1.0.0", "--json").json
    assert (found["deserved"], found["given"]) == (None, None)
    images = {each["label"]: each["image"] for each in found["labels"]}
    assert "bug" in images["crash"]
    assert "question" not in images["crash"]
    assert found["human"]["exact"] == 6  # they were given under 1.0.0


def test_diff_between_branches_is_not_told_as_going_down(project, branches, run):
    branches()
    done = run("schema", "diff", "triage", "1.1.0", "2.0.0")
    assert done.code == 0
    assert "going down" not in done.out


def test_diff_of_a_version_with_itself_finds_nothing_changed(project, run):
    found = run("schema", "diff", "triage", "1.0.0", "1.0.0", "--json").json
    assert {each["change"] for each in found["labels"]} == {"same"}


def test_diff_of_an_unknown_version_is_refused_with_the_nearest(project, refused):
    refused("schema", "diff", "triage", "1.0.0", "1.0.1", says="has no schema version '1.0.1'. Did you mean '1.0.0'?")
    refused("schema", "diff", "triage", "1", "1.0.0", says="has no schema version '1'")


def test_a_redefined_label_is_not_said_to_mean_what_it_meant(project, run, written):
    written("new", "triage", "--redefine", "bug=narrower", "--reason", "Too wide.")
    (bug,) = [
        each
        for each in run("schema", "diff", "triage", "1.0.0", "2.0.0", "--json").json["labels"]
        if each["label"] == "bug"
    ]
    assert (bug["change"], bug["suspect"]) == ("redefined", "positives")
    assert "means what it meant" not in bug["told"]
    assert "`bug` means what it meant" not in run("schema", "show", "triage", "--format", "md").out


# schema history, heads, show -----------------------------------------------------------------------------


def drawing(out):
    """Return what stands left of the versions and their lines, a text a line."""
    return [re.match(r"[*|/\\ ]*", line).group().rstrip() for line in out.splitlines()[1:]]


def test_history_of_a_line_is_drawn_as_a_line(project, run, written):
    written("new", "triage", "--split", "bug=crash,wrong", "--reason", "Teams.")
    assert run("schema", "release", "triage", "1.0.0").code == 0
    assert run("schema", "history", "triage").out == (
        "triage: 2 version(s), newest first\n"
        "* 2.0.0  (head, draft)  Teams.\n"
        "|   question, wontfix, crash, wrong\n"
        "|   split bug into crash, wrong\n"
        "|\n"
        "* 1.0.0  (released)  The first version.\n"
        "    bug, question, wontfix\n"
    )


def test_history_of_a_fork_joins_the_branches_once_right_above_where_they_part(project, branches, run):
    branches()
    out = run("schema", "history", "triage").out
    lines = drawing(out)
    stars = [line for line in lines if "*" in line]
    assert stars == ["*", "| *", "*"]
    assert [line for line in lines if "/" in line] == ["|/"]
    assert lines.index("|/") == max(place for place, line in enumerate(lines) if "*" in line) - 1
    assert "2 heads: retrolabel schema merge-heads triage joins them." in out


def test_history_of_a_merge_opens_the_branches_once_and_joins_them_once(project, branches, run, written):
    branches()
    written("merge-heads", "triage", "--reason", "One line again.")
    lines = drawing(run("schema", "history", "triage").out)
    assert [line for line in lines if "*" in line] == ["*", "| *", "* |", "*"]
    assert [line for line in lines if "\\" in line] == ["|\\"]
    assert [line for line in lines if "/" in line] == ["|/"]


def test_history_in_json_names_parents_steps_heads_and_what_is_released(project, branches, run, written):
    branches()
    written("merge-heads", "triage", "--reason", "One line again.")
    assert run("schema", "release", "triage", "1.0.0", "1.1.0").code == 0
    found = run("schema", "history", "triage", "--json").json
    assert found["heads"] == ["2.1.0"]
    told = [(each["version"], each["revises"], each["released"]) for each in found["versions"]]
    assert told == [
        ("1.0.0", None, True),
        ("1.1.0", "1.0.0", True),
        ("2.0.0", "1.0.0", False),
        ("2.1.0", ["1.1.0", "2.0.0"], False),
    ]


def test_a_reason_of_several_lines_does_not_break_the_drawing(project, run, write):
    write(f"{SCHEMA}/v1.py", FIRST.replace('"The first version."', '"""The first.\n\nVersion.\n"""'))
    assert run("schema", "history", "triage").out.splitlines()[1:] == [
        "* 1.0.0  (head, draft)  The first. Version.",
        "    bug, question, wontfix",
    ]


def test_heads_lists_each_open_branch(project, branches, run):
    assert run("schema", "heads", "triage").out == "1.0.0\n"
    branches()
    assert run("schema", "heads", "triage").out == "1.1.0\n2.0.0\n"


def cells(row):
    """Return the cells of a row of a Markdown table, as GitHub reads it."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


def test_the_guideline_keeps_its_table_whole_whatever_labels_say(project, run, write):
    words = 'Label("wontfix", "Nobody | will\\n\\ndo `x|y` it.", name="Won\'t | fix", hotkey="|", owner="a|b", include=["one\\ntwo"], examples=["# no heading"])'  # noqa: E501
    write(f"{SCHEMA}/v1.py", FIRST.replace('Label("wontfix", "Nobody will do anything about it.")', words))
    out = run("schema", "show", "triage", "--format", "md").out
    table = [line for line in out.splitlines() if line.startswith("|")]
    assert [len(cells(row)) for row in table] == [3] * 5
    assert cells(table[4])[1] == "Won't \\| fix"
    assert "- one two\n" in out


def test_the_guideline_says_how_to_label_and_what_changed(project, run, written):
    written("new", "triage", "--split", "bug=crash,wrong", "--reason", "Teams could not act.")
    out = run("schema", "show", "triage", "--format", "md").out
    assert out.startswith("# triage 2.0.0\n\nTeams could not act.\n\nRead the first comment.\n\nThen the *title*.\n\n")
    assert "One label an item. Whoever cannot tell gives none." in out
    assert "## What changed since 1.0.0\n\nSteps: split bug into crash, wrong.\n" in out
    assert "- `bug` is crash | wrong now\n" in out
    assert "As before: `question`, `wontfix`.\n" in out
    first = run("schema", "show", "triage", "1.0.0", "--format", "md").out
    assert "What changed" not in first


def test_the_guideline_of_a_multilabel_task_says_its_rules(project, run):
    out = run("schema", "show", "emotions", "--format", "md").out
    for line in (
        "All labels that hold, of an item.",
        "- At most one of `fear`, `calm`.",
        "- Where `grief` holds, `fear` hold(s) too.",
        "- At least one of `joy`, `fear`, `calm`.",
        "A kind of `fear`.",
    ):
        assert line in out


def test_a_guideline_does_not_say_that_none_may_hold_where_one_must(project, run):
    """AtLeastOne stands right below it."""
    assert "None may hold." not in run("schema", "show", "emotions", "--format", "md").out


def test_the_guideline_of_an_ordinal_task_names_both_ends(project, run):
    out = run("schema", "show", "severity", "--format", "md").out
    assert "One point of a scale an item, low to high. Whoever cannot tell gives none." in out


def test_show_names_an_older_version_and_refuses_an_unknown_one(project, run, written, refused):
    written("new", "triage", "--split", "bug=crash,wrong", "--reason", "Teams.")
    assert run("schema", "show", "triage", "1.0.0").out.startswith("triage 1.0.0 (nominal): The first version.\n")
    assert "Since 1.0.0: split bug into crash, wrong" in run("schema", "show", "triage").out
    refused("schema", "show", "triage", "2.0.1", says="has no schema version '2.0.1'. Did you mean '2.0.0'?")


def test_what_people_read_of_a_label_is_printed_as_it_is_written(project, run, write):
    write(f"{SCHEMA}/v1.py", FIRST.replace("Nobody will do", "Nobody [bold]will[/bold] :smile: [/] \\\\[x] do"))
    for form in ("table", "md"):
        out = run("schema", "show", "triage", "--format", form).out
        assert "[bold]will[/bold] :smile: [/] \\[x] do" in out


# gold show, gold import ----------------------------------------------------------------------------------


def test_gold_show_reads_labels_in_the_version_asked_for(labelled, run):
    found = run("gold", "show", "triage", "--to", "2.0.0", "--json").json
    by = ("schema_version", "label", "reads_as", "kind", "resolved_by", "labels")
    assert [tuple(each[name] for name in by) for each in found["readings"]] == [
        ("1.0.0", "bug", "crash|wrong", "set", "", 3),
        ("1.0.0", "question", "question", "exact", "human", 2),
        ("1.0.0", "wontfix", "wontfix", "exact", "human", 1),
    ]
    assert (found["version"], found["labels"]) == ("2.0.0", 6)
    assert run("gold", "show", "triage", "--json").json == found
    older = run("gold", "show", "triage", "--to", "1.0.0", "--json").json["readings"]
    assert {each["kind"] for each in older} == {"exact"}


def test_gold_show_out_writes_every_label_with_its_original_and_never_over_a_file(labelled, run, folder, refused):
    done = run("gold", "show", "triage", "--out", "labels.csv")
    assert "6 labels -> labels.csv" in done.out
    lines = (folder / "labels.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "source,item_id,annotator,role,label,schema_version,reads_as,kind,suspect,resolved_by"
    assert "web,0,ana,dev,bug,1.0.0,crash|wrong,set,False," in lines
    assert len(lines) == 7
    refused("gold", "show", "triage", "--out", "labels.csv", says="labels.csv exists already; nothing was written.")


def test_gold_show_out_into_a_folder_that_is_missing_is_refused(labelled, refused):
    refused("gold", "show", "triage", "--out", "nowhere/labels.csv", says="nowhere")


def test_gold_show_of_an_unknown_version_is_refused_and_of_nothing_is_empty(project, run, refused, write):
    write("feedback.csv", FEEDBACK)
    assert run("ingest", "feedback.csv", "--source", "web").code == 0
    assert run("gold", "show", "triage", "--json").json == {
        "task": "triage", "version": "1.0.0", "labels": 0, "readings": [], "sets": [], "cost": [],
    }  # fmt: skip
    refused("gold", "show", "triage", "--to", "9.0.0", says="has no schema version '9.0.0'")


VALUES = [
    "bug",
    "bug",
    "bug",
    "question",
    "ask",
    "bug",
    "bug",
    "bgu",
    "bgu",
    "quest ion",
    'b"ug"',
    "b=ug",
    " bug$HOME`id`",
]


@pytest.fixture
def strange(project, run, write):
    """A file of labels, some of which are no labels: ``bgu`` twice, others once."""
    write("feedback.csv", FEEDBACK)
    assert run("ingest", "feedback.csv", "--source", "web").code == 0
    rows = "".join('{},"{}"\n'.format(n, value.replace('"', '""')) for n, value in enumerate(VALUES))
    write("gold.csv", "item_id,label\n" + rows)

    def go(*words):
        done = run("gold", "import", "triage", "gold.csv", "--source", "web", "--role", "dev", *words)
        assert done.code == 0, done.err
        return done

    return go


def test_values_outside_the_schema_are_put_aside_with_count_and_nearest_and_never_guessed(strange, run):
    report = strange("--json").json
    assert (report["rows"], report["added"], report["quarantined"]) == (13, 7, 6)
    found = {each["value"]: (each["rows"], each["nearest"], each["line"]) for each in report["outside"]}
    assert found["bgu"] == (2, "bug", 9)
    assert report["outside"][0]["value"] == "bgu"
    assert set(found) == {value for value in VALUES if value not in ("bug", "question", "ask")}
    with open(report["quarantine"], encoding="utf-8") as file:  # noqa: PTH123 - a text from JSON
        aside = [json.loads(line) for line in file]
    assert [each["where"] for each in aside] == [f"line {n}" for n in range(9, 15)]
    out = strange().out
    assert "put aside, since their values are no labels: 6 rows: " in out
    assert re.search(r"'bgu' +2 +bug +if that is what it means: --map-label", out)


@pytest.mark.parametrize("value", [value for value in VALUES if value not in ("bug", "question", "ask")])
def test_the_remedy_for_a_value_works_as_printed_and_adds_just_its_rows(strange, value):
    (found,) = [each for each in strange("--json").json["outside"] if each["value"] == value]
    words = shlex.split(re.search(r"--map-label .*?(?=, or |$)", found["remedy"]).group().replace("LABEL", "question"))
    again = strange(*words, "--json").json
    assert (again["added"], again["known"]) == (found["rows"], 7)
    assert value not in [each["value"] for each in again["outside"]]


def test_a_value_that_is_no_label_can_be_said_to_be_none(strange):
    again = strange("--map-label", "bgu=", "--json").json
    assert (again["unlabelled"], again["quarantined"]) == (2, 4)


def test_a_row_that_is_strange_in_two_ways_is_counted_once(strange, project):
    path = project / "gold.csv"
    path.write_text(path.read_text(encoding="utf-8") + "999,weird\n14,bug\n15,bug\n", encoding="utf-8")
    report = strange("--json").json
    assert report["added"] + report["known"] + report["unlabelled"] + report["quarantined"] == report["rows"] == 16


def test_a_file_that_is_mostly_outside_the_schema_is_refused_and_nothing_is_stored(project, run, write, refused):
    write("feedback.csv", FEEDBACK)
    write("gold.csv", "item_id,label\n0,d\n1,e\n2,bug\n")
    assert run("ingest", "feedback.csv", "--source", "web").code == 0
    refused(
        "gold", "import", "triage", "gold.csv", "--source", "web", "--role", "dev",
        says=["nothing was stored", "'d' is no label of triage 1.0.0; it has bug, question, wontfix"],
    )  # fmt: skip


def test_labels_of_another_version_are_told_with_the_option_that_reads_them(labelled, run, write, refused):
    words = ("gold", "import", "triage", "more.csv", "--source", "web", "--role", "dev")
    write("more.csv", "item_id,label\n4,bug\n5,question\n6,bug\n")
    error = refused(*words, says="'bug' (2 rows) is a label of triage 1.0.0, not of triage 2.0.0")
    assert [each["remedy"] for each in error["problems"]] == ["--schema 1.0.0"]
    assert run(*words, "--schema", "1.0.0", "--json").json["added"] == 3


def test_a_few_labels_of_another_version_are_put_aside_with_the_version_that_knows_them(labelled, run, write):
    write("more.csv", "item_id,label\n4,crash\n5,question\n6,crash\n8,bug\n9,question\n")
    done = run("gold", "import", "triage", "more.csv", "--source", "web", "--role", "dev", "--json")
    (found,) = done.json["outside"]
    assert (found["value"], found["version"], done.json["added"]) == ("bug", "1.0.0", 4)
    assert found["why"] == "is a label of triage 1.0.0, not of triage 2.0.0"


WRONG_SECONDS = ["-1", "soon", "nan", "inf", "1,5", "1e400"]


@pytest.mark.parametrize("value", WRONG_SECONDS)
def test_seconds_that_are_no_seconds_are_refused_with_their_line(project, run, write, refused, value):
    write("feedback.csv", FEEDBACK)
    assert run("ingest", "feedback.csv", "--source", "web").code == 0
    write("gold.csv", f'item_id,label,took\n0,bug,3\n1,question,"{value}"\n')
    error = refused(
        "gold", "import", "triage", "gold.csv", "--source", "web", "--role", "dev", "--seconds", "took",
        says="is no number of seconds",
    )  # fmt: skip
    assert [each["where"] for each in error["problems"]] == ["line 3"]


def test_seconds_may_be_missing_and_a_column_that_is_missing_is_named(labelled, run, write, refused):
    write("more.csv", "item_id,label,seconds\n4,crash,\n5,question,0\n6,crash,2.5\n")
    words = ("gold", "import", "triage", "more.csv", "--source", "web", "--role", "dev")
    assert run(*words, "--seconds", "seconds", "--json").json["added"] == 3
    refused(*words, "--seconds", "second", says=["column 'second': there is no such column", "seconds"])


# All of them ---------------------------------------------------------------------------------------------

COMMANDS = ["schema show", "schema history", "schema heads", "schema check", "schema release", "schema new",
            "schema merge-heads", "schema diff", "gold import", "gold show", "gold retire", "gold list"]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example_that_names_the_command(run, command):
    out = run(*command.split(), "--help").out
    assert f"Example: retrolabel {command}" in " ".join(out.split())


def test_every_command_prints_json_and_nothing_else_when_asked(labelled, run, written):
    written("new", "triage", "--onto", "1.0.0", "--add", "spam", "--reason", "It comes in.")
    for words, code in (
        (["schema", "show", "triage", "2.0.0"], 0), (["schema", "show", "triage", "1.0.0", "--format", "md"], 0),
        (["schema", "history", "triage"], 0), (["schema", "heads", "triage"], 0), (["schema", "check"], 1),
        (["schema", "diff", "triage", "1.0.0", "2.0.0"], 0), (["schema", "diff", "triage", "2.0.0", "1.0.0"], 0),
        (["schema", "merge-heads", "triage", "--dry-run"], 0), (["schema", "release", "--dry-run"], 1),
        (["schema", "new", "triage", "--onto", "2.0.0", "--add", "x", "--dry-run"], 0),
        (["schema", "release", "severity", "--dry-run"], 0), (["gold", "show", "triage", "--to", "2.0.0"], 0),
        (["gold", "retire", "triage", "wontfix", "--living", "--dry-run"], 0), (["gold", "list", "triage"], 0),
    ):  # fmt: skip
        done = run(*words, "--json")
        assert (done.code, bool(done.json)) == (code, True), (words, done.err)


def test_a_pipe_that_is_closed_early_leaves_no_traceback(project, folder):
    done = subprocess.run(
        ["/bin/sh", "-c", f"{shlex.quote(sys.executable)} -m retrolabel schema show triage --format md | head -1"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stdout == "# triage 1.0.0\n"
    assert "Traceback" not in done.stderr

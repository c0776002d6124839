"""Keys at work: what an edit makes run again, and the commands that say why."""

from __future__ import annotations

import pytest

from retrolabel.labeling import searching

HELPERS = (
    "SHORT = 3\n\ndef is_short(text):\n    return len(text) < SHORT\n\ndef is_loud(text):\n    return text.isupper()\n"
)
LFS = """
from labeling_functions.mood.helpers import is_loud, is_short
from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import feature, keywords, labeling_function


@feature
def stripped(comment):
    return (comment or "").strip()


@labeling_function(BAD)
def loud(comment):
    return is_loud(comment)


@labeling_function(BAD)
def short(comment):
    return is_short(comment)


@labeling_function(BAD)
def short_and_stripped(stripped):
    return any(is_short(each) for each in [stripped])


@labeling_function(GOOD)
def says_perfect(comment):
    return comment == "perfect"


thanks = keywords(GOOD, ["thank you"], column="comment")
"""


@pytest.fixture
def keyed(project, write, run):
    for path in (project / "labeling_functions/mood").glob("*.py"):
        if path.name != "__init__.py":
            path.unlink()
    write("labeling_functions/mood/helpers.py", HELPERS)
    schema = next(path for path in (project / "labeling_functions/mood/schema").glob("v1*.py"))
    write("labeling_functions/mood/lfs.py", LFS.replace("schema.v1", f"schema.{schema.stem}"))
    assert run("relabel", "mood").code == 0
    return project


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def computed(run):
    return {name: counts["compute"] for name, counts in run("plan", "mood", "--json").json["lfs"].items()}


def test_an_edit_of_a_shared_helper_makes_those_run_again_that_reach_it(keyed, run):
    assert set(computed(run).values()) == {0}
    edit(keyed / "labeling_functions/mood/helpers.py", "SHORT = 3", "SHORT = 4")
    assert computed(run) == {"loud": 0, "says_perfect": 0, "short": 40, "short_and_stripped": 40, "thanks": 0}
    report = run("relabel", "mood", "--json").json
    assert (report["votes"]["computed"], report["votes"]["reused"]) == (80, 120)


def test_a_builder_of_a_new_revision_runs_again_and_is_told_why(keyed, run, monkeypatch):
    monkeypatch.setattr(searching, "FOLDING_REVISION", 3)
    assert {name for name, calls in computed(run).items() if calls} == {"thanks"}
    assert run("lf", "diff", "mood").out.startswith(
        "thanks: another key\n  changed  rule revision: 2 -> 3;"
        " the builder looks otherwise, by an update of retrolabel (CHANGELOG) or by fold=\n"
    )


def test_a_comment_makes_nothing_run_again(keyed, run):
    edit(keyed / "labeling_functions/mood/helpers.py", "def is_short", "# Few letters.\ndef is_short")
    edit(keyed / "labeling_functions/mood/lfs.py", "def loud(comment):\n", 'def loud(comment):\n    """Loud."""\n')
    assert set(computed(run).values()) == {0}


def test_a_renamed_function_keeps_its_votes(keyed, run):
    edit(keyed / "labeling_functions/mood/lfs.py", "def loud", "def shouts")
    assert computed(run)["shouts"] == 0
    shown = run("lf", "diff", "mood")
    assert "shouts: was loud, with the same key" in shown.out


def test_diff_says_why_a_key_changed(keyed, run):
    same = run("lf", "diff", "mood")
    assert same.code == 0
    assert "Nothing changed." in same.out
    edit(keyed / "labeling_functions/mood/helpers.py", "SHORT = 3", "SHORT = 4")
    shown = run("lf", "diff", "mood:short")
    assert shown.code == 0
    assert "short: another key" in shown.out
    assert "is_short > global SHORT: 3 -> 4" in shown.out
    found = run("lf", "diff", "mood", "--json").json
    assert set(found["changed"]) == {"short", "short_and_stripped"}
    assert found["same"] == 3
    (changed,) = found["changed"]["short"]["changed"].values()
    assert changed == {"before": "3", "after": "4"}


def test_show_tells_what_a_function_is_and_what_its_key_is_made_of(keyed, run):
    shown = run("lf", "show", "mood:short")
    assert "def short(comment):" in shown.out
    assert "lfs.py:18\n" in shown.out
    why = run("lf", "show", "mood:short", "--why")
    assert "global SHORT = 3" in why.out
    found = run("lf", "show", "mood:short_and_stripped", "--why", "--json").json
    assert found["reads"] == ["comment"]
    assert found["features"] == ["stripped"]
    assert len(found["key"]) == 64
    assert any(path.endswith("global SHORT") for path in found["depends"])


@pytest.mark.parametrize("command", ["show", "diff"])
def test_a_name_that_is_misspelt_gets_the_nearest(keyed, run, command):
    done = run("lf", command, "mood:shrot")
    assert done.code == 1
    assert "Did you mean 'short'?" in done.err


def test_a_function_that_depends_on_the_clock_is_refused_with_its_line(keyed, run):
    path = keyed / "labeling_functions/mood/helpers.py"
    path.write_text("import time\n" + path.read_text().replace("len(text) < SHORT", "len(text) < time.time()"))
    done = run("plan", "mood")
    assert done.code == 1
    assert "LF short, short_and_stripped (labeling_functions/mood/helpers.py:5): time.time depends" in done.err


LIARS = """

import time
SEEN = []


@labeling_function(BAD, version="1")
def counts(comment):
    SEEN.append(comment)
    return len(SEEN) % 2 == 0


@labeling_function(BAD, GOOD)
def takes_the_first(comment):
    return BAD if next(iter({"a", "b", "c", "d", "e"})) < "c" else GOOD
"""


@pytest.mark.slow
def test_check_names_those_that_say_two_things(keyed, run):
    done = run("lf", "check", "mood", "--items", "20")
    assert done.code == 0, done.err
    assert "ok: 5 labeling functions said the same of 20 items twice." in done.out
    path = keyed / "labeling_functions/mood/lfs.py"
    path.write_text(path.read_text() + LIARS)
    done = run("lf", "check", "mood", "--json")
    assert done.code == 1
    liars = {each["lf"]: each for each in done.json["liars"]}
    assert "counts" in liars
    assert set(liars) <= {"counts", "takes_the_first"}
    assert liars["counts"]["item"].startswith("web/")
    assert liars["counts"]["first"] != liars["counts"]["second"]
    assert done.json["items"] == 40


def test_a_labeling_function_without_its_task_is_refused_with_the_name_to_write(keyed, run):
    done = run("lf", "show", "short")
    assert done.code == 1
    assert "short is a labeling function, not a task." in done.err
    assert "retrolabel lf show mood:short" in done.err
    assert "There is no task 'nobody'" in run("lf", "show", "nobody").err


def test_a_difference_too_asks_for_the_task(keyed, run):
    done = run("lf", "diff", "short")
    assert (done.code, "retrolabel lf diff mood:short" in done.err) == (1, True)


def test_a_package_on_the_python_path_outside_of_the_project_is_a_package(project, run, write, monkeypatch, tmp_path):
    helper = tmp_path / "elsewhere" / "far_helper"
    helper.mkdir(parents=True)
    (helper / "__init__.py").write_text("from far_helper.inner import asks\n")
    inner = helper / "inner.py"
    inner.write_text("import time, random\ndef asks(text):\n    return time.time() < 0 and random.random() < 2\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "elsewhere"))
    monkeypatch.syspath_prepend(str(tmp_path / "elsewhere"))
    write(
        "labeling_functions/mood/odd.py",
        "from far_helper import asks\nfrom labeling_functions.mood.schema.v1 import BAD\n"
        "from retrolabel import labeling_function\n\n"
        "@labeling_function(BAD)\ndef odd(comment):\n    return asks(comment)\n",
    )
    before = run("plan", "mood", "--json")
    assert before.code == 0
    keys = run("lf", "show", "mood:odd", "--json").out
    inner.write_text("def asks(text):\n    return False\n")
    assert run("lf", "show", "mood:odd", "--json").out != keys

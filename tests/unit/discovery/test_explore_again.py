"""After a save, only the module that changed is imported again, where nothing else depends on it."""

from __future__ import annotations

import sys

import pytest

from retrolabel.discovery.folders import as_task, discover, explore, explore_again

SCHEMA = """
from retrolabel import Label, LabelSchema
A, B = Label("a"), Label("b")
SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[A, B])
"""
HEAD = "from labeling_functions.mood.schema.v1 import A\nfrom retrolabel import feature, keywords, labeling_function\n"


@pytest.fixture
def project(tmp_path):
    for name in ("", "mood/", "mood/schema/"):
        (tmp_path / "labeling_functions" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "labeling_functions" / name / "__init__.py").touch()
    (tmp_path / "labeling_functions/mood/schema/v1.py").write_text(SCHEMA)
    (tmp_path / "labeling_functions/mood/one.py").write_text(HEAD + 'one = keywords(A, ["x"], column="c")\n')
    (tmp_path / "labeling_functions/mood/two.py").write_text(HEAD + 'two = keywords(A, ["y"], column="c")\n')
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


def save(project, name, text):
    path = project / "labeling_functions/mood" / name
    path.write_text(HEAD + text)
    return path


def test_the_others_are_not_imported_again_and_the_keys_are_those_of_a_fresh_look(project):
    before = explore(project, "mood")
    path = save(project, "one.py", 'one = keywords(A, ["x", "z"], column="c")\nmore = keywords(A, ["w"], column="c")\n')
    found = explore_again(project, "mood", before, {path})
    assert found.lfs["two"] is before.lfs["two"]
    assert found.lfs["one"].vote({"c": "z"}) is not None
    assert set(found.lfs) == {"one", "two", "more"}
    keys = as_task(found, project, "mood").keys
    assert keys == discover(project, "mood").keys


def test_a_labeling_function_that_went_is_gone(project):
    before = explore(project, "mood")
    path = save(project, "one.py", "")
    assert set(explore_again(project, "mood", before, {path}).lfs) == {"two"}


def test_a_broken_module_is_told_and_mended_later(project):
    before = explore(project, "mood")
    path = save(project, "one.py", "one = keywords(A, [\n")
    broken = explore_again(project, "mood", before, {path})
    assert broken.problems[0].where == "labeling_functions/mood/one.py:3"
    path = save(project, "one.py", 'one = keywords(A, ["z"], column="c")\n')
    assert set(explore_again(project, "mood", before, {path}).lfs) == {"one", "two"}
    assert explore_again(project, "mood", before, {path}).problems == []


def test_all_is_imported_again_where_another_module_imports_what_changed(project):
    save(project, "two.py", 'from labeling_functions.mood.one import WORDS\ntwo = keywords(A, WORDS, column="c")\n')
    path = save(project, "one.py", 'WORDS = ["y"]\n')
    before = explore(project, "mood")
    save(project, "one.py", 'WORDS = ["q"]\n')
    assert explore_again(project, "mood", before, {path}).lfs["two"].vote({"c": "q"}) is not None


def test_all_is_imported_again_where_a_feature_or_the_schema_changed_or_a_file_came_or_went(project):
    path = save(project, "one.py", "@feature\ndef length(c):\n    return len(c)\n")
    save(project, "two.py", "@labeling_function(A)\ndef two(length):\n    return length > 3\n")
    before = explore(project, "mood")
    save(project, "one.py", "@feature\ndef length(c):\n    return 0\n")
    assert explore_again(project, "mood", before, {path}).lfs["two"].vote({"c": "long"}) is None
    new = save(project, "three.py", 'three = keywords(A, ["x"], column="c")\n')
    assert "three" in explore_again(project, "mood", before, {new}).lfs
    new.unlink()
    assert "three" not in explore_again(project, "mood", before, {new}).lfs


SLICE = """
from retrolabel import slice_function

@slice_function
def short(c):
    return len(c) < {}
"""


def test_slices_are_found_again_where_their_module_changed_and_kept_where_it_did_not(project):
    save(project, "slices.py", SLICE.format(3))
    before = explore(project, "mood")
    path = save(project, "one.py", 'one = keywords(A, ["x", "z"], column="c")\n')
    kept = explore_again(project, "mood", before, {path})
    assert kept.slices["short"] is before.slices["short"]
    path = save(project, "slices.py", SLICE.format(4))
    found = explore_again(project, "mood", kept, {path})
    assert found.slices["short"].holds({"c": "xxx"})
    task, fresh = as_task(found, project, "mood"), discover(project, "mood")
    assert task.slices.keys == fresh.slices.keys != as_task(before, project, "mood").slices.keys
    assert set(task.keys) == set(task.trees) == set(task.code) == {"one", "two"}
    assert list(task.slices.code) == ["slice:short"]
    path = save(project, "slices.py", "")
    assert explore_again(project, "mood", found, {path}).slices == {}


def test_a_labeling_function_that_calls_a_slice_depends_on_its_code(project):
    voting = "from labeling_functions.mood.slices import short\n\n"
    voting += "@labeling_function(A)\ndef brief(c):\n    return short(c)\n"
    save(project, "slices.py", SLICE.format(3))
    save(project, "one.py", voting)
    before = discover(project, "mood")
    save(project, "slices.py", SLICE.format(4))
    after = discover(project, "mood")
    assert before.keys["brief"] != after.keys["brief"]
    assert before.keys["two"] == after.keys["two"]

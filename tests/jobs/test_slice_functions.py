"""Slice functions: kept like votes, never among them."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from retrolabel.errors import DiscoveryError, InputError, MissingColumnError
from tests.jobs.conftest import Project
from tests.jobs.test_comparing import TRUTH

HEAD = """\
import os
from pathlib import Path

from retrolabel import feature, slice_function


def count():
    if os.environ.get("CALLS"):
        with Path(os.environ["CALLS"]).open("a") as calls:
            calls.write("slice\\n")


"""
THANKS = """\
@slice_function(version="1", examples=["thanks"], non_examples=["no"])
def thankful(comment):
    \"\"\"Somebody says thanks.\"\"\"
    count()
    return "thanks" in comment
"""
FAILS = """
@feature
def words(comment):
    return comment.split()


@slice_function
def one_word(words):
    if words[0] == "hm":
        raise ValueError("hm")
    return len(words) == 1
"""
WHERE = "labeling_functions/mood/slices.py"
ITEMS = 160


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project with 80 dev gold, of which three "thanks a lot" say otherwise, and a label set."""
    project = Project(tmp_path_factory.mktemp("slices") / "project")
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=ITEMS), "web")
    dev = {number: TRUTH[number % 8] for number in range(80)}
    dev |= dict.fromkeys((8, 40, 72), "bad")
    opened.task("mood").gold.import_file(project.gold(dev), "web", role="dev", sampling="random")
    opened.task("mood").relabel()
    return project.folder


@pytest.fixture
def task(project, made):
    shutil.copytree(made, project.folder, dirs_exist_ok=True)
    return project.open().task("mood")


def save(project, text):
    return project.write(WHERE, HEAD + text)


def calls(project):
    """Return how often the slice was called since it was last asked."""
    said = project.calls_file.read_text().splitlines() if project.calls_file.exists() else []
    project.calls_file.unlink(missing_ok=True)
    return said.count("slice")


def test_what_a_slice_says_of_an_item_is_kept_and_asked_again_only_where_something_changed(project, task):
    save(project, THANKS)
    assert task.slices().named["slice"].tolist() == ["thankful"]
    assert calls(project) == 2 + ITEMS  # its examples first
    task.slices()
    task.errors(slice="thankful")
    project.open().task("mood").slices()
    task.relabel()
    assert calls(project) == 0

    project.open().feedback.ingest(project.feedback("more.csv", items=8, first=ITEMS), "web")
    task.relabel()
    assert calls(project) == 0
    task.slices()
    assert calls(project) == 2 + 8
    save(project, THANKS.replace('"thanks" in comment', '"thank" in comment').replace('version="1"', 'version="2"'))
    task.slices()
    assert calls(project) == 2 + ITEMS + 8


def test_a_slice_never_votes_and_changes_no_label_set(project, task):
    before = task.plan()
    save(project, THANKS)
    after = task.plan()
    assert after.label_set == before.label_set
    assert after.inputs == before.inputs
    task.slices()
    assert task.plan().nothing_to_do
    assert task.relabel().label_set.id == before.label_set
    assert "thankful" not in task.votes().columns
    assert "thankful" not in [lf.name for lf in task.discover().lfs]


def test_accuracy_in_a_slice_and_elsewhere_is_that_of_its_judged_items(project, task):
    save(project, THANKS)
    row = task.slices().named.iloc[0]
    wrong = task.errors()
    thanks = wrong["comment"].str.contains("thanks")
    judged = wrong.attrs["judged"]
    assert thanks.sum() >= 3
    assert row["items"] == 20  # "thanks a lot" and "thanks, but wrong", ten each
    assert row["wrong"] == thanks.sum()
    assert row["accuracy"] == pytest.approx(1 - thanks.sum() / 20)
    assert row["rest"] == pytest.approx(1 - (len(wrong) - thanks.sum()) / (judged - 20))
    assert row["share"] == 0.25
    assert row["failed"] == 0
    assert sorted(task.errors(slice="thankful")["item_id"]) == sorted(wrong["item_id"][thanks])


def test_items_on_which_a_slice_fails_are_on_neither_side_and_told(project, task):
    save(project, THANKS + FAILS)
    told = []
    task._site.warn = told.append
    found = task.slices().named.set_index("slice")
    one = found.loc["one_word"]
    assert one["failed"] == 0  # "hm" has no vote, so it is not judged
    assert told == [
        f"slice one_word failed on 20 of {ITEMS} items, which count on neither side; first on web/5: ValueError: hm"
    ]
    assert one["share"] == 20 / 140
    assert found.loc["thankful", "share"] == 0.25


def test_examples_that_fail_are_told_and_the_slice_is_taken_as_it_is(project, task):
    save(project, THANKS.replace('["no"]', '["thanks, no"]'))
    notes = []
    task._site.progress.note = notes.append
    assert len(task.slices().named) == 1
    assert notes == ["slice thankful voted in_slice on its non-example 'thanks, no'"]


def test_what_is_no_slice_is_refused_with_the_nearest(project, task):
    save(project, THANKS)
    with pytest.raises(InputError, match="Did you mean 'thankful'"):
        task.errors(slice="thankfull")
    assert len(task.errors(slice="comment has thanks")) >= 3


def test_all_columns_that_slices_read_and_nobody_has_are_told_at_once(project, task):
    save(
        project,
        "@slice_function\ndef a(commment):\n    return True\n\n\n@slice_function\ndef b(stars):\n    return True\n",
    )
    with pytest.raises(MissingColumnError) as refused:
        task.slices()
    assert [problem.where for problem in refused.value.problems] == [f"slice a ({WHERE})", f"slice b ({WHERE})"]
    assert "Did you mean 'comment'" in refused.value.problems[0].what
    assert task.relabel().label_set.items == ITEMS


def test_a_slice_whose_code_cannot_be_seen_is_refused_with_its_line(project, task):
    save(project, "import time\n\n\n@slice_function\ndef late(comment):\n    return time.time() > 0\n")
    with pytest.raises(DiscoveryError) as refused:
        task.slices()
    assert [problem.where for problem in refused.value.problems] == [f"slice late ({WHERE}:18)"]


def test_two_slices_of_a_name_clash_and_one_of_the_name_of_a_labeling_function_does_not(project, task):
    save(project, THANKS.replace("thankful", "praises"))
    assert task.slices().named["slice"].tolist() == ["praises"]
    project.write("labeling_functions/mood/more.py", HEAD + THANKS.replace("thankful", "praises"))
    with pytest.raises(DiscoveryError, match="second slice is called 'praises'"):
        task.slices()


def test_workers_find_slices_as_they_find_labeling_functions(project, task):
    save(project, THANKS + FAILS)
    here = task.slices().named
    project.write("retrolabel.toml", 'store = ".there"\ntracking = false\nengine = "local"\nworkers = 1\n')
    project.store = project.folder / ".there"
    opened = project.open()
    opened.feedback.ingest(project.folder / "feedback.csv", "web")
    opened.task("mood").gold.import_file(project.folder / "gold.csv", "web", role="dev", sampling="random")
    opened.task("mood").relabel()
    there = opened.task("mood").slices().named
    assert np.array_equal(there[["items", "wrong"]], here[["items", "wrong"]])


def test_without_slice_functions_nothing_is_named_and_nothing_written(project, task):
    before = project.state()
    assert len(task.slices().named) == 0
    assert project.state() == before

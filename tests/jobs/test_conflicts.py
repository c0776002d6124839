"""Conflicts of a task's labeling functions: of all votes as they are now, read in the newest version."""

from __future__ import annotations

import pytest

from retrolabel import conflict
from retrolabel.errors import LabelingFunctionError, StoreError
from tests.jobs.test_comparing import TRUTH
from tests.jobs.test_finding_errors import LFS


@pytest.fixture
def task(project):
    """A task with 160 items, dev gold on 80 and test gold on 40; no label set yet."""
    project.lfs(LFS)
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=160), "web")
    dev = {number: TRUTH[number % 8] for number in range(80)}
    test = {number: TRUTH[number % 8] for number in range(120, 160)}
    opened.task("mood").gold.import_file(project.gold(dev), "web", role="dev", sampling="random")
    opened.task("mood").gold.import_file(project.gold(test, "test.csv"), "web", role="test", sampling="random")
    return opened.task("mood")


def test_they_are_those_that_the_frame_of_votes_shows_but_for_items_of_test_gold(task):
    (pair,) = task.conflicts().found
    assert (pair.lf, pair.other, pair.both, pair.against) == ("complains", "praises", 15, 15)
    votes = task.votes()
    clash = conflict(votes["complains"], votes["praises"], labels=task.history.head)
    assert clash.sum() == 20  # five of them have test gold
    (shown,) = task.conflicts().examples(pair, most=100)  # the others say the same
    assert clash["web", shown.item_id]
    assert shown.alike == 15
    assert task.conflicts().test_items == 40


def test_nothing_is_stored_and_no_label_set_is_needed(task, project):
    before = project.catalog()
    found = task.conflicts()
    assert found.ground.judged_by == ""
    assert found.found[0].said is None
    assert "worked out on these items" in found.notes[0]
    assert task.label_sets() == []
    assert project.catalog() == before
    assert {path.partition("/")[0] for path in project.files()} == {"feedback", "samples"}


def test_who_is_right_and_what_the_label_set_says(task):
    task.relabel()
    found = task.conflicts()
    (pair,) = found.found
    assert (pair.gold.lf.of, pair.gold.lf.right + pair.gold.other.right) == (10, 10)
    assert pair.said is not None
    assert sum(vars(pair.said).values()) == 15
    row = found.pairs.iloc[0]
    assert (row["judged"], row["against"]) == (10, 15)
    assert found.notes == ()


def test_the_words_of_both_are_shown(task):
    found = task.conflicts()
    (example,) = found.examples(found.pair("praises", "complains"))
    assert {lf: [span.text for span in spans] for lf, spans in example.words.items()} == {
        "complains": ["wrong"],
        "praises": ["thanks"],
    }


def test_votes_of_an_older_version_are_read_in_the_newest(task, project):
    project.add_v2()
    project.lfs(
        LFS + "\nfrom labeling_functions.mood.schema.v2 import SLOW, WRONG\n"
        'says_slow = keywords(SLOW, ["slow"], column="comment")\n'
        'says_wrong = keywords(WRONG, ["wrong", "slow"], column="comment")\n'
    )
    found = project.open().task("mood").conflicts()
    assert found.version == "2.0.0"
    names = {(each.lf, each.other) for each in found.found}
    assert ("says_slow", "says_wrong") in names  # slow, and wrong
    assert not {("complains", "says_slow"), ("complains", "says_wrong")} & names  # bad may be either
    pair = found.pair("complains", "praises")
    assert pair.votes[0].vote == "slow|wrong"


def test_one_labeling_function_is_asked_for_by_name(task):
    found = task.conflicts("praises")
    assert [(each.lf, each.other) for each in found.found] == [("praises", "complains")]
    assert task.conflicts("shouts").found == []
    with pytest.raises(LabelingFunctionError, match="Did you mean 'praises'"):
        task.conflicts("prases")
    with pytest.raises(LabelingFunctionError, match="conflict on no item"):
        found.pair("praises", "shouts")
    with pytest.raises(LabelingFunctionError, match="no labeling function 'nobody'"):
        found.pair("praises", "nobody")


def test_a_notebook_shows_sentences_and_marked_words(task):
    found = task.conflicts()
    assert repr(found).startswith("mood 1.0.0: 1 pair of 3 labeling functions conflict, on 15 of 120 items")
    assert "<mark>wrong</mark>" in found._repr_html_()


def test_without_a_store_it_is_said_what_makes_one(project):
    with pytest.raises(StoreError, match="retrolabel ingest FILE --source NAME"):
        project.open().task("mood").conflicts()

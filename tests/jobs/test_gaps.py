"""Gaps of a task: from votes alone or beside a label set, and never with an item of test gold."""

from __future__ import annotations

import pytest

from retrolabel.errors import InputError, SchemaError, StoreError
from tests.jobs.test_finding_errors import LFS

SAID = ("great", "the screen freezes", "it freezes", "slow, great", "so slow", "freezes, thanks")


@pytest.fixture
def task(project):
    """A task with 120 items, of which a third speak of what no labeling function looks for; test gold is on 20."""
    project.lfs(LFS)
    rows = [f'{n},2026-0{1 + n % 3}-05T12:00:00Z,"{SAID[n % 6]} w{n % 6}{n}"' for n in range(120)]
    file = project.write("feedback.csv", "item_id,created_at,comment\n" + "\n".join(rows) + "\n")
    opened = project.open()
    opened.feedback.ingest(file, "web")
    dev = dict.fromkeys(range(1, 60, 6), "bad") | dict.fromkeys(range(0, 60, 6), "good")
    opened.task("mood").gold.import_file(project.gold(dev), "web", role="dev", sampling="random")
    test = dict.fromkeys(range(100, 120), "good")
    opened.task("mood").gold.import_file(project.gold(test, "test.csv"), "web", role="test", sampling="random")
    return opened.task("mood")


def test_without_a_label_set_they_come_of_votes_alone_and_nothing_is_stored(task, project):
    before = project.catalog()
    found = task.gaps()
    assert found.ground.judged_by == ""
    uncovered, guessed, conflicting = found.found
    assert (uncovered.items, guessed.items, conflicting.items) == (34, 0, 17)
    freezes = uncovered.clusters[0]
    assert {"screen", "freezes"} & {word for each in freezes.terms for word in each.term.split()}
    assert found.gold(freezes) == {"bad": 10}
    assert found.wish(freezes)[5:7] == ["--label", "bad"]
    assert project.catalog() == before
    assert task.label_sets() == []


def test_a_label_set_says_what_it_makes_of_conflicts(task):
    task.relabel()
    found = task.gaps("conflicting")
    assert [gap.kind for gap in found.found] == ["conflicting"]
    assert sum(found.said(found.found[0].clusters[0]).values()) == found.found[0].clusters[0].items
    assert found.notes == ()


def test_items_with_test_gold_are_in_no_cluster_and_no_count(task):
    found = task.gaps()
    assert found.test_items == 20
    assert found.drawn == 100
    of_test = {str(n) for n in range(100, 120)}
    rows = [row for gap in found.found for each in gap.clusters for row in each.rows] + list(found.found[0].rest)
    assert not {found.items.keys[row][1] for row in rows} & of_test


def test_sizes_are_told_by_month(task):
    found = task.gaps("uncovered")
    months = found.months(found.found[0].clusters[0].rows)
    assert months.names == ("2026-01", "2026-02", "2026-03")
    assert months.fired[0].sum() == found.found[0].clusters[0].items


def test_a_vote_of_an_older_version_leaves_an_item_guessed_in_the_newest(task, project):
    project.add_v2()
    found = project.open().task("mood").gaps("guessed")
    assert found.version == "2.0.0"
    (cluster,) = found.found[0].clusters
    assert found.left(cluster) == {"slow|wrong": cluster.items}
    assert [each.term for each in cluster.terms] == ["so slow"]


def test_what_cannot_be_asked_is_refused_with_what_helps(task, project):
    with pytest.raises(InputError, match="Did you mean 'guessed'"):
        task.gaps("gessed")
    with pytest.raises(InputError, match="no column of texts is called 'coment'"):
        task.gaps(columns=["coment"])


def test_where_all_items_have_test_gold_there_is_nothing_to_look_at(project):
    project.lfs(LFS)
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=8), "web")
    gold = project.gold(dict.fromkeys(range(8), "good"))
    opened.task("mood").gold.import_file(gold, "web", role="test", sampling="random")
    with pytest.raises(StoreError, match="All items that mood labels have test gold"):
        opened.task("mood").gaps()


def test_a_multilabel_task_is_refused(project):
    text = (project.folder / "labeling_functions/mood/schema/v1.py").read_text()
    project.write("labeling_functions/mood/schema/v1.py", text.replace('version="1', 'scale="multilabel", version="1'))
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=8), "web")
    with pytest.raises(SchemaError, match="is multilabel"):
        opened.task("mood").gaps()

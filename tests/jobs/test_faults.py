"""What fails on rows that were revised since counts nowhere: not in plans, limits, summaries or reports."""

from __future__ import annotations

import pytest

from retrolabel.errors import FaultRateError
from retrolabel.jobs.votes.faults import Said, _enough
from retrolabel.wiring.feedback import IngestOptions

LFS = """
from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import labeling_function


@labeling_function(GOOD)
def praises(comment):
    if comment.startswith("!"):
        raise ValueError("cannot read " + comment)
    return "great" in comment


@labeling_function(BAD)
def complains(comment):
    return "wrong" in comment


@labeling_function(BAD)
def is_slow(topic):
    if topic == "?":
        raise ValueError("no topic")
    return topic == "slow"
"""
HEAD = "item_id,comment,topic\n"


def rows(start: int, stop: int, comment: str, topic: str) -> str:
    return "".join(f"{number},{comment} {number},{topic}\n" for number in range(start, stop))


@pytest.fixture
def ws(project):
    """Ten items, all of which were revised but one; the reading of nine old and one new comment fails."""
    project.lfs(LFS)
    ws = project.open()
    ws.feedback.ingest(
        project.write("a.csv", HEAD + rows(0, 9, "! great", "slow") + rows(9, 10, "great", "slow")), "web"
    )
    ws.feedback.ingest(
        project.write("b.csv", HEAD + rows(0, 8, "great", "slow") + rows(8, 9, "! wrong", "slow")),
        "web",
        IngestOptions(revise=True),
    )
    return ws


def test_the_limit_and_the_error_count_items_as_they_are(ws):
    with pytest.raises(FaultRateError) as caught:
        ws.task("mood").relabel()
    (problem,) = caught.value.problems
    assert "failed on 1 of 10 items; first on item 8 of web: ValueError: cannot read ! wrong 8" in problem.what
    assert "wording.py:9" in problem.where
    assert "max_fault_rate = 0.10 at the top of retrolabel.toml" in caught.value.remedy


def test_the_setting_that_the_error_tells_lets_it_through(project, ws):
    toml = (project.folder / "retrolabel.toml").read_text()
    project.write("retrolabel.toml", "max_fault_rate = 0.10\n" + toml)
    assert project.open().task("mood").relabel().votes.faults == 1


@pytest.fixture
def labelled(ws, monkeypatch, project):
    monkeypatch.setenv("RETROLABEL_MAX_FAULT_RATE", "0.2")
    ws = project.open()
    ws.task("mood").relabel()
    return ws


def test_summary_faults_and_the_label_set_agree(labelled):
    summary = labelled.task("mood").lf_summary()
    assert summary["faults"].to_dict() == {"complains": 0, "is_slow": 0, "praises": 1}
    assert [(fault.lf, fault.item_id) for fault in labelled.task("mood").faults()] == [("praises", "8")]
    recorded = {
        lf["name"]: (lf["voted"], lf["faults"]) for lf in labelled.task("mood").label_set().manifest["recorded"]["lfs"]
    }
    assert recorded == {"complains": (1, 0), "is_slow": (10, 0), "praises": (9, 1)}
    assert labelled.task("mood").compute_votes().faults == 1


def test_a_label_set_keeps_the_faults_of_its_own_items(labelled, project):
    before = labelled.task("mood").label_set()
    labelled.feedback.ingest(project.write("c.csv", HEAD + "8,great at last,slow\n"), "web", IngestOptions(revise=True))
    after = labelled.task("mood").relabel()
    assert after.votes.faults == 0
    assert labelled.task("mood").faults() == []
    assert [(fault.error, fault.items) for fault in labelled.task("mood").report(before.id).data.faults] == [
        ("ValueError: cannot read ! wrong 8", 1)
    ]
    assert labelled.task("mood").report().data.faults == ()


def test_faults_of_old_rows_are_not_tried_again(labelled, project):
    labelled.feedback.ingest(project.write("c.csv", HEAD + "8,great at last,slow\n"), "web", IngestOptions(revise=True))
    labelled.task("mood").relabel()
    assert labelled.task("mood").relabel(retry_faults=True).votes.computed == 0


def test_a_segment_whose_items_were_all_revised_is_in_no_plan(project):
    project.lfs(LFS)
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", HEAD + rows(0, 9, "! great", "slow")), "web")
    ws.feedback.ingest(project.write("b.csv", HEAD + rows(0, 9, "great", "slow")), "web", IngestOptions(revise=True))
    plan = ws.task("mood").plan()
    assert (plan.items, plan.calls, len(plan.segments)) == (9, 27, 1)
    report = ws.task("mood").relabel()
    assert (report.votes.computed, report.votes.faults, report.label_set.covered) == (27, 0, 9)


def test_a_fault_that_two_segments_share_stays_while_one_of_them_has_the_item(project, monkeypatch):
    monkeypatch.setenv("RETROLABEL_MAX_FAULT_RATE", "0.5")
    project.lfs(LFS)
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", HEAD + rows(0, 1, "great", "?") + rows(1, 4, "great", "slow")), "web")
    ws.task("mood").relabel()
    revised = HEAD + rows(0, 1, "wrong", "?") + rows(1, 3, "wrong", "slow") + "3,wrong 3,slow\n"
    ws.feedback.ingest(project.write("b.csv", revised), "web", IngestOptions(revise=True))
    again = ws.task("mood").relabel()
    assert again.votes.reused >= 4  # the topics are the same: their votes are stored under the same key
    assert [(fault.lf, fault.item_id) for fault in ws.task("mood").faults()] == [("is_slow", "0")]
    assert [fault.items for fault in ws.task("mood").report().data.faults] == [1]


@pytest.mark.parametrize("faults", range(1, 100))
def test_the_limit_that_the_error_tells_lets_through_what_failed(faults):
    said = Said(items=100, faults=faults)
    limit = round(_enough([said]), 2)
    assert not said.fails_on_more_than(limit)
    assert said.fails_on_more_than(limit - 0.02)


def test_the_first_fault_of_each_labeling_function_is_told(project, monkeypatch):
    project.lfs(LFS)
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", HEAD + "1,great,?\n2,! no,slow\n3,great,slow\n"), "web")
    with pytest.raises(FaultRateError) as caught:
        ws.task("mood").relabel()
    assert [problem.what for problem in caught.value.problems] == [
        "failed on 1 of 3 items; first on item 1 of web: ValueError: no topic",
        "failed on 1 of 3 items; first on item 2 of web: ValueError: cannot read ! no",
    ]
    counts, kept = ws.task("mood").failures()
    assert counts == {"is_slow": 1, "praises": 1}
    assert sorted(fault.item_id for fault in kept) == ["1", "2"]


def test_faults_of_each_segment_are_kept_where_several_have_some(project, monkeypatch):
    monkeypatch.setenv("RETROLABEL_MAX_FAULT_RATE", "1")
    project.lfs(LFS)
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", HEAD + "a1,! great,slow\na2,great,slow\n"), "web")
    ws.feedback.ingest(project.write("b.csv", HEAD + "b1,! wrong,slow\nb2,great,slow\n"), "web")
    ws.task("mood").relabel()
    assert {fault.item_id for fault in ws.task("mood").faults()} == {"a1", "b1"}

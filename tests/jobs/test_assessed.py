"""What people say of traces as gold: taken in once, under the version it was given under, in the role the item has."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from retrolabel.errors import GoldError, InputError, SettingsError
from retrolabel.jobs.records.traces import Assessment, Trace
from retrolabel.wiring.feedback import IngestOptions
from retrolabel.wiring.trace_gold import GoldOfTraces
from retrolabel.wiring.trace_options import TraceOptions

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def trace(item, *said):
    """Return a trace with answers: (value, person, hour)."""
    answers = [
        Assessment(f"{item}-{who}-{hour}", "mood", value, "person", who, AT.replace(hour=hour), "because")
        for value, who, hour in said
    ]
    return Trace(item, AT, "Hi", assessments=tuple(answers))


@pytest.fixture
def ws(project):
    opened = project.open()
    opened.feedback.ingest(project.feedback(), "web", IngestOptions("item_id"))
    return opened


def take(ws, *traces, asked="mood", **options):
    """Take answers in; return (new, known, left out)."""
    taking = GoldOfTraces.of(ws, "web", asked, TraceOptions("chat", **options))
    taking.take(traces)
    report = taking.report()
    return report.added, report.known, dict(report.left_out)


def said(ws, **to):
    frame = ws.task("mood").gold.labels(**to)
    return [tuple(row) for row in frame[["item_id", "annotator", "label", "schema_version", "suspect"]].to_numpy()]


def test_an_answer_is_taken_once_and_a_correction_supersedes_it(ws):
    assert take(ws, trace("1", ("bad", "ana", 1)), trace("2", ("good", "ana", 1), ("bad", "ben", 2))) == (3, 0, {})
    assert take(ws, trace("1", ("bad", "ana", 1)), trace("2", ("good", "ana", 1), ("bad", "ben", 2))) == (0, 3, {})
    assert take(ws, trace("1", ("good", "ana", 3))) == (1, 0, {})
    assert ("1", "ana", "good", "1.0.0", False) in said(ws)
    assert len(said(ws)) == 3


def test_an_answer_that_was_given_before_a_bump_is_not_taken_again_under_the_new_version(project, ws):
    old = trace("1", ("good", "ana", 1))
    take(ws, old)
    project.add_v2()
    assert take(ws, old, trace("2", ("slow", "ana", 2))) == (1, 1, {})
    assert said(ws) == [("1", "ana", "good", "1.0.0", False), ("2", "ana", "slow", "2.0.0", False)]
    assert take(ws, trace("3", ("bad", "ana", 4)), asked="mood@1.0.0") == (1, 0, {})


def test_an_answer_is_said_again_of_an_item_that_was_revised_and_never_again_once_it_was_taken_back(project, ws):
    found = [trace("1", ("bad", "ana", 1)), trace("2", ("good", "ana", 1))]
    take(ws, *found)
    ws.task("mood").gold.retire("good", living=True)
    changed = project.write("f.csv", "item_id,created_at,comment\n1,2026-01-02T12:00:00Z,x\n2,2026-01-03T12:00:00Z,y\n")
    ws.feedback.ingest(changed, "web", IngestOptions("item_id", revise=True))
    assert said(ws) == [("1", "ana", "bad", "1.0.0", True)]
    assert take(ws, *found) == (1, 1, {})
    assert said(ws) == [("1", "ana", "bad", "1.0.0", False)]
    assert take(ws, *found) == (0, 2, {})


def test_an_item_that_is_test_gold_stays_test_gold(project, ws):
    ws.task("mood").gold.import_file(project.gold({1: "bad"}), "web", role="test", annotator_name="cy")
    take(ws, trace("1", ("bad", "ana", 1)), trace("2", ("bad", "ana", 1)))
    frame = ws.task("mood").gold.labels()
    assert dict(zip(frame["item_id"], frame["role"], strict=True)) == {"1": "test", "2": "dev"}


def test_values_that_are_no_labels_are_left_out_and_counted_until_they_are_mapped(ws):
    found = [trace("1", ("meh", "ana", 1)), trace("2", (True, "ana", 1), ("meh", "ben", 1)), trace("3", (None, "x", 1))]
    assert take(ws, *found) == (0, 0, {"meh": 2, "true": 1})
    assert take(ws, *found, map_label={"true": "good", "meh": ""}) == (1, 0, {})
    with pytest.raises(GoldError, match="--map-label"):
        take(ws, *found, map_label={"true": "goood"})


def test_a_task_or_a_role_that_there_is_not_is_refused(ws):
    with pytest.raises(SettingsError, match="moood"):
        take(ws, asked="moood")
    with pytest.raises(InputError, match="no role 'train'"):
        take(ws, role="train")

"""Traces as typed rows: fixed columns, a column for each judge, and nothing that we wrote ourselves."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from retrolabel.errors import IngestError
from retrolabel.interop.traces import COLUMNS, TraceRows, remarks
from retrolabel.jobs.records.traces import Assessment, Trace

AT = datetime(2026, 1, 1, tzinfo=UTC)


def said(name, value, kind="judge", by="gpt", hour=0):
    return Assessment(f"a{hour}", name, value, kind, by, AT.replace(hour=hour))


def trace(name, *assessments, **more):
    return Trace(name, AT, **{"request": "Hi", **more}, assessments=assessments)


def table(rows):
    ((found, _, broken),) = rows.batches()
    return found, [str(each) for each in broken]


def test_a_new_source_gets_the_fixed_columns_and_one_for_each_judge_by_what_it_says():
    rows = TraceRows(
        "mlflow:chat",
        [trace("1", said("Is safe?", value=True), said("score", 0.5)),
         trace("2", said("score", 1), said("tone", "kind"))],
        None,
        drops=["user"],
    )  # fmt: skip
    assert rows.contract == {name: kind for name, kind in COLUMNS.items() if name != "user"} | {
        "judge_is_safe": "boolean",
        "judge_score": "number",
        "judge_tone": "string",
    }
    found, broken = table(rows)
    assert found.column("judge_score").to_pylist() == [0.5, 1.0]
    assert found.column("judge_is_safe").to_pylist() == [True, None]
    assert broken == []


def test_the_newest_verdict_counts_and_neither_people_nor_our_own_labels_are_judges():
    rows = TraceRows(
        "mlflow:chat",
        [trace("1", said("tone", "kind", hour=2), said("tone", "rude", hour=1), said("mood", "bad", "person", "ana"),
               said("mood", "bad", by="retrolabel/1a2b3c"), said("odd", None))],
        None,
    )  # fmt: skip
    assert [column for column in rows.contract if column.startswith("judge_")] == ["judge_tone"]
    assert table(rows)[0].column("judge_tone").to_pylist() == ["kind"]


def test_a_judge_that_a_known_source_has_no_column_for_stays_out_and_is_counted_unless_it_is_widened():
    known = dict(COLUMNS)
    found = [trace("1", said("tone", "kind")), trace("2", said("tone", "rude"))]
    rows = TraceRows("mlflow:chat", found, known)
    assert (rows.contract, dict(rows.left_out)) == (known, {"tone": 2})
    assert TraceRows("mlflow:chat", found, known, widen=True).contract == known | {"judge_tone": "string"}
    (note,) = remarks(rows.left_out, {}, known)
    what = "2 verdicts of 'tone' stay out: the source has no column judge_tone"
    assert note == f"{what}; --widen adds it, and reads all traces again"


def test_a_verdict_of_another_type_than_its_column_is_missing_and_counted():
    known = COLUMNS | {"judge_score": "number", "judge_tone": "string"}
    rows = TraceRows("mlflow:chat", [trace("1", said("score", "high"), said("tone", ["a"]))], known)
    found, _ = table(rows)
    assert found.column("judge_score").to_pylist() == [None]
    assert found.column("judge_tone").to_pylist() == ['["a"]']
    assert list(remarks({}, rows.unfit, known)) == [
        "column 'judge_score' (number): 1 verdict of another type is missing in it"
    ]


def test_a_trace_that_cannot_be_kept_is_put_aside_by_its_id():
    rows = TraceRows("mlflow:chat", [trace("1"), trace("2", response="a\x00b")], None)
    found, broken = table(rows)
    assert found.column("item_id").to_pylist() == ["1"]
    assert (broken, rows.broken) == (["trace 2: column 'response' holds a NUL character"], {"2"})


def test_a_source_of_other_feedback_is_refused():
    with pytest.raises(IngestError, match="other feedback than traces") as caught:
        TraceRows("mlflow:chat", [], {"comment": "string"})
    assert caught.value.remedy == "traces go into a source of their own: --source OTHER"


def test_a_column_that_traces_do_not_have_cannot_be_dropped():
    with pytest.raises(IngestError, match="no such columns"):
        TraceRows("mlflow:chat", [], None, drops=["comment"])

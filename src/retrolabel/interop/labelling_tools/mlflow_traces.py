"""MLflow's traces with their assessments, as files: a list of traces, or a frame of ``search_traces``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from retrolabel.interop.labelling_tools.answers import Answer, LeftOut, Tool, as_person, chosen
from retrolabel.jobs.records.traces import OURS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Record = Mapping[str, Any]

PEOPLE = "HUMAN"
IDS = ("info.trace_id", "trace_id", "trace.info.trace_id", "info.request_id", "request_id")


def is_record(record: Record) -> bool:
    """Return whether a record is a trace."""
    info = _info(record)
    if info is not None:
        return bool({"trace_id", "request_id"} & info.keys())
    return "trace_id" in record and isinstance(record.get("assessments"), list)


def answers(record: Record) -> Iterator[Answer | LeftOut]:
    """Yield what people say of a trace; what judges and code say is none."""
    info = _info(record)
    given = record.get("assessments")
    if not isinstance(given, list) and info is not None:
        given = info.get("assessments")
    found = [each for each in given or () if isinstance(each, dict)]
    overridden = {each.get("overrides") for each in found} - {None}
    for each in found:
        source = each.get("source") or {}
        kind = str(source.get("source_type", "")).rpartition(".")[2].upper()
        told: Record = next(
            (each[name] for name in ("feedback", "expectation") if isinstance(each.get(name), dict)), {}
        )
        if str(source.get("source_id", "")).startswith(OURS):
            yield LeftOut("assessment of retrolabel's own")
        elif each.get("span_id"):
            yield LeftOut("assessment of a part of a trace")
        elif each.get("valid") is False or (each.get("assessment_id") and each.get("assessment_id") in overridden):
            yield LeftOut("replaced assessment")
        elif kind != PEOPLE:
            yield LeftOut("assessment by a judge or by code")
        elif told.get("error") or told.get("value") is None:
            yield LeftOut("assessment without a value")
        else:
            yield Answer(
                str(each.get("assessment_name") or each.get("name") or ""),
                chosen(told["value"]),
                as_person(source.get("source_id")),
                _time(each),
                rationale=each.get("rationale") or None,
            )


def _info(record: Record) -> Record | None:
    """Return what is known of a trace: in a frame of ``search_traces`` that was written as text it stands deeper."""
    for holder in (record, record.get("trace")):
        if isinstance(holder, dict) and isinstance(holder.get("info"), dict):
            return dict(holder["info"])
    return None


def _time(assessment: Record) -> str | None:
    """Return when an assessment was made or changed, as text."""
    for name in ("last_update_time", "create_time", "last_update_time_ms", "create_time_ms"):
        value = assessment.get(name)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, (int, float)) and value:
            return datetime.fromtimestamp(value / 1000, UTC).isoformat()
    return None


MLFLOW = Tool("mlflow", "MLflow", is_record, answers, items=IDS)

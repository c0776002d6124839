"""Argilla's records: as its client exports them, nested or flat, and as its server and version 1 have them."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from retrolabel.interop.labelling_tools.answered import restoring
from retrolabel.interop.labelling_tools.answers import SPANS, Answer, LeftOut, Tool, as_person, chosen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Record = Mapping[str, Any]

FLAT = ".responses"
SUBMITTED = ("submitted", None, "")


def is_record(record: Record) -> bool:
    """Return whether a record is one of Argilla's."""
    if _is_legacy(record):
        return True
    if isinstance(record.get("fields"), dict) and isinstance(record.get("responses"), (dict, list)):
        return True
    return any(name.endswith(FLAT) and f"{name}.users" in record for name in record) or bool(_of_version_1(record))


def answers(record: Record) -> Iterator[Answer | LeftOut]:
    """Yield the responses that were submitted; drafts, discarded ones and suggestions are none."""
    if _is_legacy(record):
        yield from _of_legacy(record)
        return
    for question, person, value, status in _responses(record):
        if status not in SUBMITTED:
            yield LeftOut(f"{status} response")
        elif isinstance(value, list) and any(isinstance(each, dict) and "start" in each for each in value):
            yield LeftOut(SPANS)
        elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
            yield LeftOut("ranking")
        else:
            labels = chosen(value)
            yield Answer(question, labels, person) if labels else LeftOut("empty response")
    yield from (LeftOut("suggestion") for _ in range(_suggestions(record)))


def notes(record: Record) -> Iterator[str]:
    """Yield what a nested export of the client cannot say."""
    responses = record.get("responses")
    nested = responses.values() if isinstance(responses, dict) else ()
    if any("status" not in each for given in nested for each in given or () if isinstance(each, dict)):
        yield (
            "this export does not say which responses are drafts or were discarded: all were taken;"
            " records.to_list(flatten=True) says it"
        )


def _is_legacy(record: Record) -> bool:
    """Return whether a record is one of text classification before version 1.8, or of Rubrix."""
    return {"annotation", "annotation_agent", "status"} <= record.keys()


def _of_legacy(record: Record) -> Iterator[Answer | LeftOut]:
    if record.get("prediction"):
        yield LeftOut("suggestion")
    labels = chosen(record["annotation"])
    if record["status"] == "Discarded":
        yield LeftOut("discarded response")
    elif labels and record["status"] in ("Validated", "Edited"):
        yield Answer("", labels, as_person(record["annotation_agent"]), record.get("event_timestamp"))
    else:
        yield LeftOut("record that nobody validated")


def _responses(record: Record) -> Iterator[tuple[str, str | None, Any, Any]]:
    """Yield question, person, value and status of each response."""
    responses = record.get("responses")
    if isinstance(responses, dict):
        for question, given in responses.items():
            yield from (_response(question, each) for each in given or () if isinstance(each, dict))
    elif isinstance(responses, list):
        yield from _of_server(responses)
    yield from _flat(record)
    for question in _of_version_1(record):
        yield from (_response(question, each) for each in record[question])


def _response(question: str, each: Record) -> tuple[str, str | None, Any, Any]:
    return question, as_person(each.get("user_id")), each.get("value"), each.get("status")


def _of_server(responses: Sequence[Record]) -> Iterator[tuple[str, str | None, Any, Any]]:
    """Yield responses as the server has them: a person's answers to all questions together."""
    for each in responses:
        for question, given in (each.get("values") or {}).items():
            value = given.get("value") if isinstance(given, dict) else given
            yield question, as_person(each.get("user_id")), value, each.get("status")


def _flat(record: Record) -> Iterator[tuple[str, str | None, Any, Any]]:
    """Yield responses as a flat export has them: a list of values, one of people and one of states."""
    for name in record:
        if name.endswith(FLAT) and f"{name}.users" in record:
            given = zip_longest(
                record[name] or (), record[f"{name}.users"] or (), record.get(f"{name}.status") or (), fillvalue=None
            )
            for value, person, status in given:
                yield name.removesuffix(FLAT), as_person(person), value, status


def _of_version_1(record: Record) -> list[str]:
    """Return the questions of a record as version 1 wrote data sets: lists of value, person and status."""
    return [
        name
        for name, given in record.items()
        if isinstance(given, list)
        and given
        and all(isinstance(each, dict) and {"user_id", "value", "status"} <= each.keys() for each in given)
    ]


def _suggestions(record: Record) -> int:
    """Return how many suggestions a record has."""
    nested = record.get("suggestions")
    flat = (record[name] is not None for name in record if name.endswith((".suggestion", "-suggestion")))
    return (len(nested) if isinstance(nested, (dict, list)) else 0) + sum(flat)


ARGILLA = Tool(
    "argilla",
    "Argilla",
    is_record,
    restoring(answers),
    items=("metadata.item_id", "fields.item_id", "item_id", "external_id", "id"),
    within=("fields", "inputs"),
    notes=notes,
)

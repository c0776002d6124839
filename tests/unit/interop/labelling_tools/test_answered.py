"""What goes along with answers that leave for a tool is theirs again when they come back unchanged."""

from __future__ import annotations

import json

import pytest

from retrolabel.interop.labelling_tools import argilla, doccano, label_studio, prodigy
from retrolabel.interop.labelling_tools.answered import as_it_left, left_in, role_in
from retrolabel.interop.labelling_tools.answers import Answer, LeftOut

AT = "2026-05-01T12:00:00+00:00"
ANA = {"annotator": "ana", "as": "7", "label": "bug", "labelled_at": AT, "seconds": 3.5, "rationale": "it says so"}
BO = {"annotator": "bo", "as": "8", "label": "wish"}


def answer(label, person, at="2026-06-01", seconds=1.0):
    return Answer("kind", (label,), person, at, seconds)


def test_an_answer_that_nobody_changed_is_as_it_left():
    assert as_it_left(answer("bug", "7"), [ANA, BO]) == Answer("kind", ("bug",), "ana", AT, 3.5, "it says so")


def test_what_was_not_known_when_it_left_is_not_known_now():
    assert as_it_left(answer("wish", "8"), [ANA, BO]) == Answer("kind", ("wish",), "bo")


def test_a_changed_answer_keeps_the_tool_s_time_and_gets_the_name_of_its_person():
    assert as_it_left(answer("wish", "7"), [ANA, BO]) == answer("wish", "ana")


def test_an_answer_of_somebody_else_is_left_alone():
    assert as_it_left(answer("bug", "9"), [ANA, BO]) == answer("bug", "9")


def test_a_person_whose_name_the_tool_keeps_needs_no_other():
    known = {"annotator": "ana", "label": "bug", "labelled_at": AT}
    assert as_it_left(answer("bug", "ana"), [known]).at == AT


def test_nobody_stays_nobody_though_the_tool_needs_an_id():
    assert as_it_left(answer("bug", "7"), [{"as": "7", "label": "bug"}]).annotator is None


@pytest.mark.parametrize(("left", "person"), [([ANA], "ana"), ([ANA, BO], None), ([{**ANA, "label": "wish"}], None)])
def test_a_tool_without_names_gives_an_answer_back_to_the_only_person_who_said_the_same(left, person):
    assert as_it_left(answer("bug", None), left).annotator == person


@pytest.mark.parametrize("place", ["data", "meta", "metadata", None])
def test_they_are_found_wherever_a_tool_keeps_what_it_was_given(place):
    told = {"answered": json.dumps([ANA])}
    assert left_in({place: told} if place else told) == [ANA]


@pytest.mark.parametrize("place", ["data", "meta", "metadata", None])
def test_the_role_is_that_with_which_a_record_left_and_nobody_else_s(place):
    told = {"role": "dev", "answered": json.dumps([ANA])}
    assert role_in({place: told, "role": "admin"} if place else told) == "dev"
    assert role_in({"role": "admin", "data": {"role": "editor"}}) is None


@pytest.mark.parametrize("text", ["", "no JSON", "3", '{"a": 1}', "[3]", None, 7])
def test_a_record_of_somebody_else_s_with_such_a_column_has_none(text):
    assert left_in({"answered": text}) == []


SAID = {"kind": [{"value": "bug", "user_id": "7", "status": "submitted"}]}
RECORDS = {
    "label-studio": (
        label_studio.TASKS,
        {"data": {}, "annotations": [{"completed_by": 7, "result": [
            {"from_name": "kind", "type": "choices", "value": {"choices": ["bug"]}}]}]},
        "data",
    ),
    "argilla": (
        argilla.ARGILLA,
        {"fields": {}, "metadata": {}, "responses": SAID},
        "metadata",
    ),
    "doccano": (doccano.DOCCANO, {"id": 1, "text": "it breaks", "label": ["bug"]}, None),
    "prodigy": (prodigy.PRODIGY, {"text": "it", "accept": ["bug"], "answer": "accept", "_annotator_id": "7"}, None),
}  # fmt: skip


@pytest.mark.parametrize("kind", RECORDS)
def test_every_tool_gives_them_back(kind):
    tool, record, place = RECORDS[kind]
    holds = record[place] if place else record
    holds["answered"] = json.dumps([ANA])
    assert tool.made(record)
    found = [each for each in tool.answers(record) if not isinstance(each, LeftOut)]
    assert [(each.annotator, each.seconds, each.rationale) for each in found] == [("ana", 3.5, "it says so")]
    assert found[0].at == (1777636800.0 if kind == "prodigy" else AT)

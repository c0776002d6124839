"""What a record of a labelling tool holds, tool by tool."""

from __future__ import annotations

import pytest

from retrolabel.errors import GoldError, InputError
from retrolabel.interop.labelling_tools import (
    argilla,
    doccano,
    label_studio,
    listed,
    mlflow_traces,
    prodigy,
    spacy_cats,
)
from retrolabel.interop.labelling_tools.answers import SPANS, Answer, LeftOut
from retrolabel.interop.labelling_tools.by_path import Paths
from retrolabel.interop.labelling_tools.recognising import TOOLS, named, recognised


def told(found):
    """Return (question, labels, person) of each answer, and what else there is."""
    found = list(found)
    answers = [(each.question, each.labels, each.annotator) for each in found if isinstance(each, Answer)]
    return answers, [each.what for each in found if isinstance(each, LeftOut)]


def result(name="kind", kind="choices", value=None):
    return {"from_name": name, "type": kind, "value": value}


# Label Studio ------------------------------------------------------------------------------------

VALUES = {
    "choices": ({"choices": ["bug"]}, ("bug",)),
    "several": ({"choices": ["bug", "praise"]}, ("bug", "praise")),
    "rating": ({"rating": 4}, ("4",)),
    "taxonomy": ({"taxonomy": [["broken", "bug"]]}, ("bug",)),
    "pairwise": ({"selected": "left"}, ("left",)),
}


@pytest.mark.parametrize("case", VALUES)
def test_label_studio_has_a_choice_under_the_name_of_its_kind(case):
    value, labels = VALUES[case]
    record = {"data": {}, "annotations": [{"completed_by": 3, "result": [result(value=value)]}]}
    assert told(label_studio.answers_of_task(record)) == ([("kind", labels, "3")], [])


def test_choices_on_a_part_of_a_text_are_spans():
    value = {"start": 0, "end": 3, "choices": ["bug"]}
    record = {
        "data": {},
        "annotations": [{"result": [result(value=value), result("ner", "labels", {"labels": ["X"]})]}],
    }
    assert told(label_studio.answers_of_task(record)) == ([], [SPANS, SPANS])


def test_what_is_no_annotation_that_counts_is_left_out():
    annotations = [{"was_cancelled": True, "result": [result(value={"choices": ["bug"]})]}, {"result": []}, 17]
    record = {"data": {}, "annotations": annotations, "predictions": [{}, {}], "drafts": [{}]}
    wanted = ["cancelled annotation", "empty annotation", "annotation without its content"]
    assert told(label_studio.answers_of_task(record)) == ([], [*wanted, "prediction", "prediction", "draft"])


def test_a_row_of_json_min_holds_one_choice_or_an_object_of_them():
    row = {"annotation_id": 1, "annotator": "ana", "lead_time": 1, "kind": "bug", "also": {"choices": ["a", "b"]}}
    answers, _ = told(label_studio.answers_of_row(row))
    assert answers == [("kind", ("bug",), "ana"), ("also", ("a", "b"), "ana")]


# The others --------------------------------------------------------------------------------------


def test_doccano_before_1_5_names_people_by_number():
    record = {"text": "x", "meta": {}, "annotations": [{"label": 2, "user": 1}, {"label": 3, "user": 4}]}
    assert doccano.is_record(record)
    assert told(doccano.answers(record)) == ([("", ("2",), "1"), ("", ("3",), "4")], [])


@pytest.mark.parametrize(
    "record",
    [
        {"text": "x", "label": [[0, 1, "A"]]},
        {"text": "x", "entities": [{"start_offset": 0}], "relations": []},
        {"data": "x", "labels": [[0, 1, "A"]]},
    ],
)
def test_doccanos_spans_are_told(record):
    assert doccano.is_record(record)
    assert told(doccano.answers(record)) == ([], [SPANS])


def test_doccanos_intents_have_categories_beside_entities():
    record = {"text": "x", "entities": [[0, 1, "City"]], "cats": ["flight"]}
    assert told(doccano.answers(record)) == ([("", ("flight",), None)], [SPANS])


def test_a_flat_table_with_a_text_as_label_is_no_file_of_a_tool():
    assert recognised([{"text": "x", "label": "bug"}, {"text": "y", "label": None}]) is None


@pytest.mark.parametrize(
    ("more", "labels"),
    [
        ({"accept": ["bug"], "options": [{"id": "bug", "text": "A bug"}]}, ("bug",)),
        ({"accept": [1, 2], "options": [{"id": 1, "text": "Bug"}, {"id": 2, "text": "Wish"}]}, ("Bug", "Wish")),
        ({"label": "bug"}, ("bug",)),
    ],
)
def test_prodigys_choice_is_its_id_or_where_that_is_a_number_its_text(more, labels):
    record = {"text": "x", "_input_hash": 1, "answer": "accept", "_session_id": "s-ana", **more}
    assert prodigy.is_record(record)
    assert told(prodigy.answers(record)) == ([("", labels, "s-ana")], [])


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"answer": "reject", "label": "bug"}, "rejected answer"),
        ({"answer": "ignore"}, "ignored answer"),
        ({"answer": "accept", "accept": []}, "accepted answer without a choice"),
        ({"answer": "accept", "spans": [{"start": 0, "end": 1, "label": "A"}]}, SPANS),
    ],
)
def test_what_nobody_accepted_in_prodigy_is_left_out(more, what):
    assert told(prodigy.answers({"text": "x", "_task_hash": 1, **more})) == ([], [what])


ARGILLA = {
    "nested": {"fields": {}, "responses": {"kind": [{"value": "bug", "user_id": "u1"}]}},
    "flat": {"kind.responses": ["bug"], "kind.responses.users": ["u1"], "kind.responses.status": ["submitted"]},
    "server": {
        "fields": {},
        "responses": [{"user_id": "u1", "status": "submitted", "values": {"kind": {"value": "bug"}}}],
    },
    "version_1": {"kind": [{"user_id": "u1", "value": "bug", "status": "submitted"}], "text": "x"},
}


@pytest.mark.parametrize("form", ARGILLA)
def test_argillas_forms_say_the_same(form):
    assert argilla.is_record(ARGILLA[form])
    assert told(argilla.answers(ARGILLA[form])) == ([("kind", ("bug",), "u1")], [])


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("Validated", ([("", ("bug",), "ana")], ["suggestion"])),
        ("Discarded", ([], ["suggestion", "discarded response"])),
        ("Default", ([], ["suggestion", "record that nobody validated"])),
    ],
)
def test_argillas_records_of_before_version_2_are_read_where_somebody_validated_them(status, found):
    record = {
        "annotation": "bug",
        "annotation_agent": "ana",
        "status": status,
        "prediction": [{"label": "x"}],
        "text": "t",
    }
    assert argilla.is_record(record)
    assert told(argilla.answers(record)) == found


def test_argillas_spans_rankings_drafts_and_suggestions_are_left_out():
    users = {"q.responses.users": ["a", "b", "c", "d"], "q.responses.status": ["submitted"] * 3 + ["draft"]}
    values = [[{"start": 0, "end": 2, "label": "X"}], [{"value": "a", "rank": 1}], [], "bug"]
    record = {"q.responses": values, **users, "q.suggestion": "bug", "r.suggestion": None}
    assert told(argilla.answers(record)) == ([], [SPANS, "ranking", "empty response", "draft response", "suggestion"])


def test_spacys_training_format_of_version_2_is_read():
    record = {
        "id": 0,
        "paragraphs": [{"raw": "x", "cats": [{"label": "bug", "value": 1}, {"label": "wish", "value": 0}]}],
    }
    assert spacy_cats.is_record(record)
    assert told(spacy_cats.answers(record)) == ([("", ("bug",), None)], [])


def test_bytes_that_are_no_docbin_are_none(tmp_path):
    path = tmp_path / "x.spacy"
    path.write_bytes(b"\x78\x9c not zlib")
    assert spacy_cats.docs(path) is None


def test_only_what_people_say_of_a_whole_trace_counts_and_only_while_it_stands():
    person = {"source_type": "HUMAN", "source_id": "ana"}

    def said(value, source=person, **more):
        return {"assessment_name": "mood", "source": source, "feedback": {"value": value}, **more}

    given = [
        said("good", create_time_ms=1_700_000_000_000),
        said("bad", {"source_type": "LLM_JUDGE", "source_id": "m"}),
        said("bad", valid=False),
        said("bad", span_id="s1"),
        said("bad", {"source_type": "HUMAN", "source_id": "retrolabel/1.0.0"}),
        said(None),
    ]
    record = {"info": {"trace_id": "t", "assessments": given}}
    assert mlflow_traces.is_record(record)
    answers, left_out = told(mlflow_traces.answers(record))
    assert answers == [("mood", ("good",), "ana")]
    assert len(left_out) == 5
    first = next(each for each in mlflow_traces.answers(record) if isinstance(each, Answer))
    assert first.at == "2023-11-14T22:13:20+00:00"


def test_lists_of_answers_are_told_by_their_keys_whatever_their_case():
    record = {
        "item_id": 1,
        "votes": [{"Annotator": "ana", "Label": "bug", "reason": "it fails"}, {"User": 2, "answer": ""}],
    }
    assert listed.is_record(record)
    assert told(listed.answers(record)) == ([("", ("bug",), "ana")], ["answer without a label"])


def test_two_lists_of_answers_leave_open_which_is_meant():
    given = [{"user": "ana", "label": "bug"}]
    assert not listed.is_record({"kind": given, "severity": given})


# Paths -------------------------------------------------------------------------------------------


def test_people_and_labels_are_paired_along_the_lists_that_they_share():
    tool = Paths("a[].r[].choices", "a[].by", "a[].at").tool()
    record = {
        "a": [{"by": "ana", "at": 1, "r": [{"choices": ["x"]}]}, {"by": "bo", "at": 2, "r": [{"choices": ["y", "z"]}]}]
    }
    found = list(tool.answers(record))
    assert [(each.labels, each.annotator, each.at) for each in found] == [(("x",), "ana", 1), (("y", "z"), "bo", 2)]


def test_lists_that_stand_beside_each_other_are_paired_by_place():
    tool = Paths("labels[]", "people[]").tool()
    assert told(tool.answers({"labels": ["x", "y"], "people": ["ana", "bo"]}))[0] == [
        ("", ("x",), "ana"),
        ("", ("y",), "bo"),
    ]


def test_a_label_that_lists_its_people_is_an_answer_of_each():
    given = [{"name": "x", "by": ["ana", "bo"]}, {"name": "y", "by": ["cleo"]}]
    found = told(Paths("c[].name", "c[].by[]").tool().answers({"c": given}))[0]
    assert found == [("", ("x",), "ana"), ("", ("x",), "bo"), ("", ("y",), "cleo")]


def test_an_object_of_labels_says_which_hold():
    assert told(Paths("l").tool().answers({"l": {"x": "true", "y": "0", "z": True}}))[0] == [("", ("x", "z"), None)]


def test_a_list_of_labels_is_one_answer_of_one_person():
    assert told(Paths("labels[]").tool().answers({"labels": ["x", "y"]}))[0] == [("", ("x", "y"), None)]


def test_several_people_for_one_label_are_a_fault():
    with pytest.raises(GoldError, match="2 people or times for one label"):
        list(Paths("label", "people[]").tool().answers({"label": "x", "people": ["ana", "bo"]}))


# Recognising -------------------------------------------------------------------------------------


def test_most_records_decide_and_a_few_others_do_not_matter():
    records = [{"text": "x", "label": ["a"]}] * 3 + [{"text": "broken"}]
    assert recognised(records).key == "doccano"
    assert recognised(records[-1:] * 3 + records[:1]) is None


def test_a_tool_that_made_none_of_the_records_is_refused_with_the_one_that_did():
    with pytest.raises(InputError, match="no records of Prodigy") as caught:
        named("prodigy", [{"text": "x", "label": ["a"]}])
    assert "--from doccano" in caught.value.remedy


def test_every_tool_takes_an_empty_object_for_none_of_its_own():
    assert [tool.key for tool in TOOLS if tool.made({})] == []

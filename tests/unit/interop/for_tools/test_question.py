"""What a tool is told of an item."""

from __future__ import annotations

import json

import pyarrow as pa

from retrolabel.interop.for_tools.question import Choice, Given, Suggested, suggested
from retrolabel.schema.labels import Label
from tests.unit.interop.for_tools.items import AT, answered, question, suggestions


def test_a_label_that_the_schema_has_no_more_is_its_id_alone():
    known = {"bug": Label("bug", "It breaks.", name="Bug", hotkey="b")}
    assert Choice.of("bug", known) == Choice("bug", "Bug", "It breaks.", "b")
    assert Choice.of("gone", known) == Choice("gone")


def test_what_is_missing_or_does_not_hold_does_not_go_along():
    table = suggestions(("a", "bug", 0.9), ("b", None, None), partial=["bug|wish", None], guessed=[True, False])
    a, b = suggested([table], question())
    assert (a.told, b.told) == ({"partial": "bug|wish", "guessed": True}, {})
    assert (a.label, a.probability, b.label) == ("bug", 0.9, None)


def test_columns_go_along_if_they_were_asked_for_and_times_are_iso_8601():
    stars = {"stars": [3], "at": pa.array([0], pa.timestamp("us", "UTC")), "other": ["x"]}
    (found,) = suggested([suggestions(("a", "bug", 0.9), **stars)], question(extras=("stars", "at")))
    assert found.told == {"stars": 3, "at": "1970-01-01T00:00:00+00:00"}


def test_several_texts_are_one_and_a_missing_one_is_empty():
    table = suggestions(("a", None, None), title=pa.array([None], pa.string()), body=["b"])
    (found,) = suggested([table], question(texts=("title", "review", "body")))
    assert found.texts == {"title": "", "review": "text of a", "body": "b"}
    assert found.text == "text of a\n\nb"


def test_tables_follow_one_another_and_an_empty_one_gives_nothing():
    one, two = suggestions(("a", "bug", 0.9)), suggestions(("b", "bug", 0.9))
    assert [each.item_id for each in suggested([one, one.slice(0, 0), two], question())] == ["a", "b"]


def test_answers_of_people_come_with_their_role():
    (found,) = suggested([answered(("a", "dev", [("ana", "bug", AT, 2.0, "why"), (None, "wish")]))], question())
    assert found.role == "dev"
    assert found.answers == (Given("ana", "bug", AT, 2.0, "why"), Given(None, "wish"))
    assert [each.answers for each in found.of_each()] == [found.answers[:1], found.answers[1:]]


def test_an_item_that_nobody_answered_is_itself_once_and_keeps_nothing():
    found = Suggested("app", "a", {}, "bug", 0.9)
    assert list(found.of_each()) == [found]
    assert found.kept() == {}


def test_what_has_to_come_back_is_the_role_and_the_answers_as_they_are_here():
    item = Suggested("app", "a", {}, None, None, {}, (Given("ana", "bug", AT, 2.0, "why"), Given(None, "wish")), "dev")
    kept = item.kept()
    assert kept["role"] == "dev"
    ana = {"annotator": "ana", "label": "bug", "labelled_at": AT, "seconds": 2.0, "rationale": "why"}
    assert json.loads(kept["answered"]) == [ana, {"label": "wish"}]
    assert [each["as"] for each in json.loads(item.kept(lambda given: f"id of {given.annotator}")["answered"])] == [
        "id of ana", "id of None"
    ]  # fmt: skip


def test_labels_of_people_come_from_no_label_set():
    assert question(label_set="").origin == {"schema_version": "1.0.0"}
    assert question().by == "retrolabel 5e75e75e75e7"

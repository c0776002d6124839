"""Settings and records for Argilla."""

from __future__ import annotations

import json
from uuid import UUID

from retrolabel.interop.for_tools.argilla import settings, user_id, write
from retrolabel.interop.for_tools.question import Given
from tests.unit.interop.for_tools.items import AT, answered, question, suggestions


def records(folder, table, **asked):
    count = write([table], folder, question(**asked))
    found = json.loads((folder / "records.json").read_text(encoding="utf-8"))
    assert count == len(found)
    return found


def test_a_label_is_a_suggestion_with_its_probability(tmp_path):
    a, b = records(tmp_path, suggestions(("a", "bug", 0.75), ("b", None, None)))
    assert a["suggestions"] == {"kind": {"value": "bug", "score": 0.75, "agent": "retrolabel 5e75e75e75e7"}}
    assert (a["id"], a["fields"], a["responses"]) == ("app/a", {"review": "text of a"}, {})
    assert a["metadata"]["probability"] == 0.75
    assert b["suggestions"] == {}
    assert "probability" not in b["metadata"]


def test_answers_are_submitted_responses_of_ids_that_are_made_of_names(tmp_path):
    table = answered(("a", "dev", [("ana", "bug", AT), (None, "wish")]))
    (found,) = records(tmp_path, table, label_set="")
    ana, nobody = found["responses"]["kind"]
    assert (ana["value"], ana["status"], UUID(ana["user_id"]).version) == ("bug", "submitted", 5)
    assert ana["user_id"] != nobody["user_id"]
    assert found["suggestions"] == {}
    assert found["metadata"]["role"] == "dev"
    assert [each["as"] for each in json.loads(found["metadata"]["answered"])] == [ana["user_id"], nobody["user_id"]]
    told = json.loads((tmp_path / ".argilla/dataset.json").read_text(encoding="utf-8"))
    assert told["name"] == "kind-gold"


def test_a_person_has_the_same_id_each_time_and_a_uuid_is_its_own():
    known = "11111111-1111-4111-8111-111111111111"
    assert user_id(Given(known, "bug")) == known
    assert user_id(Given("ana", "bug")) == user_id(Given("ana", "wish"))
    assert user_id(Given("ana", "bug")) != user_id(Given("Ana", "bug"))


def test_settings_ask_for_the_ids_and_show_names_and_definitions():
    told = settings(question(texts=("Review", "review")))
    (asked,) = told["questions"]
    assert [each["value"] for each in asked["settings"]["options"]] == ["bug", "wish"]
    assert [each["text"] for each in asked["settings"]["options"]] == ["Bug", "wish"]
    assert [each["name"] for each in told["fields"]] == ["review", "review_2"]
    assert [each["required"] for each in told["fields"]] == [True, False]
    assert '**Bug**: It "breaks" & stops.' in told["guidelines"]

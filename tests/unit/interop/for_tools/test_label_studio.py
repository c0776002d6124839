"""Tasks for Label Studio and the labeling configuration for them."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from retrolabel.interop.for_tools.label_studio import labeling_config, write
from tests.unit.interop.for_tools.items import AT, answered, question, suggestions


def tasks(folder, table, **asked):
    ask = question(**asked)
    count = write([table], folder, ask)
    found = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    assert count == len(found)
    return found


def test_a_label_is_a_prediction_of_the_choice_and_an_item_without_one_has_none(tmp_path):
    a, b = tasks(tmp_path, suggestions(("a", "bug", 0.75), ("b", None, None)))
    assert a["data"] == {"review": "text of a", "item_id": "a", "source": "app"}
    (said,) = a["predictions"]
    assert (said["score"], said["model_version"]) == (0.75, "retrolabel 5e75e75e75e7")
    assert said["result"] == [
        {"id": "label", "from_name": "kind", "to_name": "review", "type": "choices", "value": {"choices": ["bug"]}}
    ]
    assert (a["annotations"], b["annotations"], b["predictions"]) == ([], [], [])


def test_answers_are_annotations_and_nothing_is_predicted(tmp_path):
    table = answered(("a", "dev", [("ana@example.com", "bug", AT, 2.5), ("7", "wish"), (None, "bug")]))
    (task,) = tasks(tmp_path, table, label_set="")
    ana, seven, nobody = task["annotations"]
    assert task["predictions"] == []
    assert ana["completed_by"] == {"email": "ana@example.com"}
    assert (ana["created_at"], ana["updated_at"], ana["lead_time"], ana["was_cancelled"]) == (AT, AT, 2.5, False)
    assert seven["completed_by"] == 7
    assert {"completed_by", "created_at", "lead_time"}.isdisjoint(nobody)
    assert [each["result"][0]["value"]["choices"] for each in task["annotations"]] == [["bug"], ["wish"], ["bug"]]
    assert task["data"]["role"] == "dev"
    assert len(json.loads(task["data"]["answered"])) == 3
    assert task["meta"] == {"schema_version": "1.0.0"}


def test_no_item_is_an_empty_list(tmp_path):
    assert tasks(tmp_path, suggestions(("a", "bug", 0.75)).slice(0, 0)) == []


@pytest.mark.parametrize("texts", [("review",), ("kind",), ("title", "review")])
def test_every_tag_of_the_configuration_has_a_name_of_its_own(texts):
    root = ET.fromstring(labeling_config(question(texts=texts)))  # noqa: S314 - ours
    names = [tag.attrib["name"] for tag in root if "name" in tag.attrib]
    assert len(set(names)) == len(names) == len(texts) + 1
    (choices,) = root.iter("Choices")
    assert choices.attrib["toName"] in {tag.attrib["name"] for tag in root.iter("Text")}
    assert [tag.attrib["value"] for tag in root.iter("Text")] == [f"${each}" for each in texts]


def test_a_choice_shows_its_name_and_definition_whatever_signs_they_hold():
    root = ET.fromstring(labeling_config(question()))  # noqa: S314 - ours
    bug, wish = root.iter("Choice")
    assert bug.attrib == {"value": "bug", "hint": 'Bug: It "breaks" & stops.', "hotkey": "b"}
    assert wish.attrib == {"value": "wish"}

"""JSON lines for doccano, and a file for each person."""

from __future__ import annotations

import io
import json
import zipfile

from retrolabel.interop.for_tools.doccano import write, write_zip
from tests.unit.interop.for_tools.items import AT, answered, question, suggestions


def lines(table, **asked):
    stream = io.BytesIO()
    count = write([table], stream, question(**asked))
    return count, [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_label_is_a_list_and_an_item_without_one_has_an_empty_one():
    count, (a, b) = lines(suggestions(("a", "bug", 0.75), ("b", None, None)))
    assert count == 2
    assert (a["text"], a["label"], a["item_id"], a["probability"]) == ("text of a", ["bug"], "a", 0.75)
    assert b["label"] == []
    assert a["label_set"] == question().label_set


def test_an_answer_is_a_line_and_comes_from_no_label_set():
    count, found = lines(answered(("a", "dev", [("ana", "bug", AT), ("bo", "wish")])), label_set="")
    assert (count, [line["label"] for line in found]) == (1, [["bug"], ["wish"]])
    assert all("label_set" not in line and "probability" not in line for line in found)
    assert [json.loads(line["answered"])[0]["annotator"] for line in found] == ["ana", "bo"]


def test_a_person_has_a_file_and_nobody_the_one_of_all():
    table = answered(("a", "dev", [("ana", "bug"), (None, "wish")]), ("b", "dev", [("ana", "wish"), ("b/o\n", "bug")]))
    stream = io.BytesIO()
    assert write_zip([table], stream, question(label_set="")) == 2
    with zipfile.ZipFile(stream) as archive:
        held = {name: [json.loads(each)["item_id"] for each in archive.read(name).splitlines()]
                for name in archive.namelist()}  # fmt: skip
    assert held == {"all.jsonl": ["a"], "ana.jsonl": ["a", "b"], "b%2Fo%0A.jsonl": ["b"]}


def test_the_same_answers_make_the_same_bytes():
    table = answered(("a", "dev", [("ana", "bug"), ("bo", "wish")]))
    one, two = io.BytesIO(), io.BytesIO()
    write_zip([table], one, question(label_set=""))
    write_zip([table], two, question(label_set=""))
    assert one.getvalue() == two.getvalue()

"""JSON lines for Prodigy's interface ``choice``."""

from __future__ import annotations

import io
import json

from retrolabel.interop.for_tools.prodigy import write
from tests.unit.interop.for_tools.items import AT, answered, question, suggestions


def lines(table, **asked):
    stream = io.BytesIO()
    write([table], stream, question(**asked))
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_label_is_picked_and_nothing_is_answered():
    a, b = lines(suggestions(("a", "bug", 0.75), ("b", None, None)))
    assert (a["accept"], "accept" in b) == (["bug"], False)
    assert a["options"] == [{"id": "bug", "text": "Bug"}, {"id": "wish", "text": "wish"}]
    assert a["meta"] == {"item_id": "a", "source": "app", "probability": 0.75}
    assert "answer" not in a


def test_an_answer_is_an_accepted_line_with_its_person_and_its_seconds_since_1970():
    ana, nobody = lines(answered(("a", "dev", [("ana", "bug", AT), (None, "wish")])), label_set="")
    assert (ana["answer"], ana["accept"], ana["_annotator_id"], ana["_timestamp"]) == (
        "accept", ["bug"], "ana", 1777636800.0
    )  # fmt: skip
    assert (nobody["answer"], nobody["accept"]) == ("accept", ["wish"])
    assert {"_annotator_id", "_session_id", "_timestamp"}.isdisjoint(nobody)
    assert (ana["role"], ana["item_id"]) == ("dev", "a")
    assert len(json.loads(ana["answered"])) == 1

"""Gold as it reads in a version: a set an item, narrowed by what people said under other versions."""

from __future__ import annotations

from retrolabel.gold.adjudication import HumanLabel, adjudicate
from retrolabel.gold.projection import Readings
from retrolabel.jobs.gold.resolving import resolve_gold
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.steps import Split
from retrolabel.schema.versions import LabelSchema

GOOD = Label("good")
V1 = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, Label("bad")])
V2 = LabelSchema(
    task="mood",
    version="2.0.0",
    revises=V1,
    labels=[GOOD, Label("front"), Label("back")],
    steps=[Split("bad", into=["front", "back"])],
)
V3 = LabelSchema(
    task="mood",
    version="3.0.0",
    revises=V2,
    labels=[GOOD, *map(Label, "abcd")],
    steps=[Split("front", into=["a", "b"]), Split("back", into=["c", "d"])],
)
HISTORY = History([V1, V2, V3])


def said(annotator, label, version, **more):
    return HumanLabel("web", "1", annotator, label, version, "dev", **more)


def left(labels, revisions=None):
    """Return the labels that gold of one item leaves under the newest version."""
    readings = Readings(HISTORY, "3.0.0", revisions)
    found = resolve_gold(adjudicate(labels, rank=readings.rank), "dev", HISTORY, "3.0.0", readings)
    return {V3.leaves[place] for place in found.sets.get(("web", "1"), ())}


def test_an_answer_under_another_version_narrows_the_one_that_counts():
    old = [said("ana", "bad", "1.0.0"), said("bo", "bad", "1.0.0")]
    assert left(old) == {"a", "b", "c", "d"}
    assert left([*old, said("ana", "front", "2.0.0")]) == {"a", "b"}
    assert left([*old, said("ana", "a", "3.0.0")]) == {"a"}


def test_an_answer_that_leaves_nothing_in_common_narrows_nothing():
    assert left([said("ana", "front", "2.0.0"), said("bo", "front", "2.0.0"), said("cy", "c", "3.0.0")]) == {"c"}


def test_an_answer_on_another_text_narrows_nothing():
    old = [said("ana", "bad", "1.0.0", revision="r2"), said("bo", "bad", "1.0.0", revision="r2")]
    before = said("ana", "front", "2.0.0", revision="r1")
    assert left([before, *old], {("web", "1"): "r2"}) == {"a", "b", "c", "d"}


def test_an_item_keeps_what_its_people_said_and_which_of_it_is_several_labels_now():
    readings = Readings(HISTORY, "3.0.0")
    labels = [said("ana", "bad", "1.0.0", batch=1, inclusion=0.5), said("ana", "a", "3.0.0")]
    found = resolve_gold(adjudicate(labels, rank=readings.rank), "dev", HISTORY, "3.0.0", readings)
    assert found.said == {("web", "1"): (("a", "3.0.0"), ("bad", "1.0.0"))}
    assert found.older == {("bad", "1.0.0")}
    assert found.weights == {("web", "1"): 2.0}

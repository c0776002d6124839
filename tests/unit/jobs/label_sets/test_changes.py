"""What came to the items, and what else differs, between two states of a task's inputs."""

from __future__ import annotations

from retrolabel.jobs.label_sets.changes import differences, item_changes
from retrolabel.jobs.records.feedback import Segment
from retrolabel.jobs.records.plan_changes import Difference, ItemChange
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.steps import Split
from retrolabel.schema.versions import LabelSchema

V1 = LabelSchema(task="mood", version="1.0.0", labels=[Label("good"), Label("bad")])
V2 = LabelSchema(
    task="mood", version="2.0.0", revises=V1, labels=[Label("good"), Label("slow"), Label("wrong")],
    steps=[Split("bad", into=["slow", "wrong"])],
)  # fmt: skip
HISTORY = History([V1, V2])
INPUTS = {
    "format": 3,
    "schema": {"version": "1.0.0", "labels": ["good", "bad"], "meaning": {"good": "g", "bad": "b"}},
    "label_model": {"name": "label_model", "shrinkage": 1.0, "numerics": 4},
    "gold": {"items": 30, "digest": "x"},
    "labels": {"guesses": "none", "abstain_below": 0.0},
}


def segment(name, *superseded, source="web", rows=10):
    return Segment(name, source, rows, f"{name}.parquet", "0" * 64, {}, superseded)


def labelled(*segments):
    return [(each.source, each.id, each.live_digest) for each in segments]


def live_of(*segments):
    """Return how many rows of a segment were live; one that nobody should ask about raises."""
    return {each.id: each.live for each in segments}.__getitem__


def test_nothing_came_and_no_segment_is_looked_at():
    assert item_changes(labelled(segment("a")), [segment("a")], {"a"}, {}.__getitem__) == ()


def test_an_item_that_was_revised_is_not_a_new_one():
    then = segment("a")
    now = [segment("a", 0, 3), segment("b", rows=5)]
    assert item_changes(labelled(then), now, {"a", "b"}, live_of(then)) == (ItemChange("web", new=3, revised=2),)


def test_a_segment_all_of_whose_items_were_revised_is_there_and_one_that_was_erased_is_not():
    then = [segment("a", rows=2), segment("b", rows=3)]
    now = [segment("c", rows=4)]
    found = item_changes(labelled(*then), now, {"a", "c"}, live_of(*then))
    assert found == (ItemChange("web", new=2, revised=2, gone=3),)


def test_items_of_a_source_that_is_labelled_no_more_are_left_out_not_lost():
    then = [segment("a"), segment("m", source="mail", rows=7)]
    found = item_changes(labelled(*then), [segment("a")], {"a", "m"}, live_of(*then))
    assert found == (ItemChange("mail", left_out=7),)


def test_sources_are_told_apart():
    found = item_changes([], [segment("a"), segment("m", source="mail", rows=7)], {"a", "m"}, {}.__getitem__)
    assert found == (ItemChange("mail", new=7), ItemChange("web", new=10))


def told(**more):
    return list(differences(INPUTS, {**INPUTS, **more}, HISTORY))


def test_the_same_inputs_do_not_differ():
    assert told() == []


def test_each_setting_is_named_with_what_it_was_and_is():
    model = {"name": "label_model", "shrinkage": 2.0, "numerics": 5, "at_prior": True}
    assert told(label_model=model) == [
        Difference("~", "label model", "at_prior None, now True"),
        Difference("~", "label model", "shrinkage 1.0, now 2.0"),
        Difference("~", "numerics", "4, now 5, by an update of retrolabel (CHANGELOG)"),
    ]
    assert told(label_model={"name": "majority_vote"}) == [
        Difference("~", "label model", "label_model, now majority_vote")
    ]
    assert told(labels={"guesses": "label", "abstain_below": 0.0}) == [
        Difference("~", "settings", "guesses none, now label")
    ]
    assert told(format=4) == [Difference("~", "format", "of label sets 3, now 4")]


def test_gold_is_told_by_its_number_and_where_that_is_the_same_by_what_else_it_is():
    assert told(gold={"items": 31, "digest": "y"}) == [Difference("~", "gold", "31 items fitted, 30 before")]
    assert told(gold=None) == [Difference("-", "gold", "none is fitted any more")]
    assert told(gold={"items": 30, "digest": "y"}) == [
        Difference("~", "gold", "30 items fitted as before, with other labels or weights")
    ]


def test_a_draft_that_was_edited_says_what_of_it():
    schema = {"version": "1.0.0", "labels": ["good", "ugly"], "meaning": {"good": "other", "ugly": "u"}}
    assert told(schema=schema) == [
        Difference("~", "schema", "1.0.0 was edited: ugly came, bad is gone, meaning of good changed")
    ]


def test_another_version_says_what_becomes_of_each_label_and_settings_that_follow_from_it_are_not_told():
    schema = {"version": "2.0.0", "labels": ["good", "slow", "wrong"]}
    found = told(schema=schema, label_model=INPUTS["label_model"] | {"without_gold": [0.5, 0.25, 0.25]})
    assert found == [
        Difference("~", "schema", "1.0.0, now 2.0.0"),
        Difference("-", "label", "bad is slow | wrong now"),
        Difference("+", "label", "slow is new; came from bad"),
        Difference("+", "label", "wrong is new; came from bad"),
    ]


def test_a_version_that_is_gone_is_told_without_its_labels():
    before = {**INPUTS, "schema": {"version": "0.9.0", "labels": []}}
    assert list(differences(before, INPUTS, HISTORY)) == [Difference("~", "schema", "0.9.0, now 1.0.0")]

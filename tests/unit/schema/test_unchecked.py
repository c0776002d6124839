"""What a version says can be read whether or not it is sound."""

from __future__ import annotations

import pytest

from retrolabel.errors import UnknownLabelError
from retrolabel.schema.labels import Label
from retrolabel.schema.steps import Add, Merge, Remove, Split
from retrolabel.schema.unchecked import UncheckedSchema
from retrolabel.schema.versions import LabelSchema

GOOD, BAD, SLOW, WRONG = (Label(name) for name in ("good", "bad", "slow", "wrong"))


def make(**changes):
    return UncheckedSchema(**({"task": "thumbs", "version": "1.0.0", "labels": [GOOD, BAD]} | changes))


V1 = make()
LEFT, RIGHT = (make(version=number, revises=V1) for number in ("1.1.0", "1.2.0"))


def revise(labels, steps, **changes):
    return make(**({"version": "2.0.0", "revises": V1, "labels": labels, "steps": steps} | changes))


def test_versions_sort_as_numbers():
    assert make(version="10.2.33").order == (10, 2, 33)
    assert make(version="10.0.0").order > make(version="9.9.9").order


def test_the_lineage_runs_from_a_version_to_the_first():
    v2 = revise([GOOD, SLOW, WRONG], [Split(BAD, into=[SLOW, WRONG])])
    v3 = revise([GOOD, BAD], [Merge([SLOW, WRONG], into=BAD)], version="3.0.0", revises=v2)
    assert [version.version for version in v3.lineage()] == ["3.0.0", "2.0.0", "1.0.0"]


def test_an_unknown_label_names_the_nearest_and_all_that_are_known():
    with pytest.raises(UnknownLabelError) as caught:
        V1.label("goood")
    assert caught.value.message == "No label 'goood' in thumbs 1.0.0. Did you mean 'good'? Known: good, bad."
    assert (caught.value.name, caught.value.known, caught.value.of) == ("goood", ("good", "bad"), "thumbs 1.0.0")


def test_a_stored_value_is_read_by_id_and_alias_and_by_nothing_else():
    defect = Label("defect", name="Product defect", aliases=["d", "Bug / Defect"], hotkey="x")
    version = make(labels=[defect, GOOD])
    assert version.parse("defect") is defect
    assert version.parse("d") is defect
    assert version.parse("Bug / Defect") is defect
    for spelling in ("Defect", "D", "Product defect", "x", " defect", "bug / defect", "", "0"):
        assert version.parse(spelling) is None, spelling


def test_a_label_is_known_by_its_id_and_not_by_its_alias():
    version = make(labels=[Label("defect", aliases=["d"]), GOOD])
    with pytest.raises(UnknownLabelError):
        version.label("d")


def test_a_version_without_any_sense_is_taken_as_it_is_written():
    version = make(task="No Task", version="7.0.0", scale="round", labels=[GOOD, GOOD], steps=[Remove("nobody")])
    assert version.ids == ("good", "good")
    assert str(version) == "No Task 7.0.0"
    assert version.steps == (Remove("nobody"),)


def test_its_lists_are_frozen_as_those_of_a_checked_version_are():
    labels, parents, steps = [GOOD, BAD], [LEFT, RIGHT], {"1.1.0": [Add("x")]}
    version = make(version="2.0.0", labels=labels, revises=parents, steps=steps)
    labels.clear()
    parents.clear()
    steps["1.1.0"].clear()
    assert version.labels == (GOOD, BAD)
    assert version.parents == (LEFT, RIGHT)
    assert version.steps == {"1.1.0": (Add("x"),)}


@pytest.mark.parametrize(("given", "parents"), [(None, ()), ([], ()), (V1, (V1,)), ([V1], (V1,)), ((V1,), (V1,))])
def test_one_parent_in_a_list_is_one_parent_and_an_empty_list_is_none(given, parents):
    version = make(version="2.0.0", revises=given)
    assert version.parents == parents
    assert not isinstance(version.revises, (list, tuple))


def test_steps_of_one_parent_are_those_that_were_given():
    split = Split(BAD, into=[SLOW])
    for steps in ([split], {"1.0.0": [split]}):
        version = revise([GOOD, SLOW], steps)
        assert version.given_since(V1) == version.steps_since(V1) == (split,)


def test_steps_that_a_merge_leaves_out_are_told_from_steps_of_which_there_are_none():
    merged = make(version="2.0.0", revises=[LEFT, RIGHT], steps={"1.1.0": []})
    assert merged.given_since(LEFT) == ()
    assert merged.given_since(RIGHT) is None
    assert merged.steps_since(RIGHT) == ()


def test_a_checked_version_finds_the_steps_that_a_merge_leaves_out():
    base = LabelSchema(task="thumbs", version="1.0.0", labels=[GOOD, BAD])
    fields = {"task": "thumbs", "revises": base}
    one = LabelSchema(version="1.1.0", labels=[GOOD, SLOW], steps=[Split(BAD, into=[SLOW])], **fields)
    other = LabelSchema(version="1.2.0", labels=[GOOD, BAD, WRONG], steps=[Add(WRONG)], **fields)
    merged = LabelSchema(task="thumbs", version="2.0.0", labels=[GOOD, SLOW, WRONG], revises=[one, other])
    assert merged.given_since(one) is None
    assert merged.steps_since(one) == (Add("wrong"),)
    assert merged.steps_since(other) == (Merge(["bad"], into="slow"),)


def test_what_a_skip_restores_is_named_with_the_labels_that_are_themselves_again():
    merged = revise([GOOD, WRONG], [Merge([BAD], into=WRONG)])
    back = revise([GOOD, BAD], [Split(WRONG, into=[BAD, SLOW], restores="1.0.0")], version="3.0.0", revises=merged)
    assert list(back.restored()) == [(V1, frozenset({"bad"}))]
    assert list(merged.restored()) == []


def test_a_version_is_never_equal_to_the_same_one_checked():
    fields = {"task": "thumbs", "version": "1.0.0", "labels": [GOOD, BAD]}
    assert UncheckedSchema(**fields) == V1
    assert LabelSchema(**fields) != V1

"""A step is a value that relates old label ids to new ones."""

from __future__ import annotations

import json

import pytest

from retrolabel.errors import SchemaError
from retrolabel.schema.labels import Label
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Rescale, Split, Step

BUG, CRASH, DEFECT = Label("bug"), Label("crash"), Label("defect")

EVERY_STEP = [
    Add(BUG),
    Add(CRASH, carved_from=BUG),
    Remove(BUG),
    Remove(BUG, maps_to=[CRASH, DEFECT]),
    Merge([BUG, CRASH], into=DEFECT),
    Split(DEFECT, into=[BUG, CRASH]),
    Redefine(BUG, "wider"),
    Rescale({"low": ["one", "two"], "high": "three"}),
]


def test_adding_moves_no_label_and_introduces_one():
    step = Add(BUG)
    assert step.images() == {}
    assert step.introduces() == {"bug"}
    assert step.names_old() == frozenset()
    assert step.redefines() == {}
    assert step.describe() == {"step": "add", "label": "bug", "carved_from": []}


def test_a_label_that_comes_back_says_so_in_its_step_and_others_are_described_as_ever():
    assert Add(BUG, restores="1.1.0").describe() == {
        "step": "add",
        "label": "bug",
        "carved_from": [],
        "restores": "1.1.0",
    }
    assert Add(BUG, restores=None).describe() == {"step": "add", "label": "bug", "carved_from": []}
    assert Add(BUG, restores="1.1.0") != Add(BUG)


def test_what_a_new_label_was_carved_from_stays_possible():
    step = Add(CRASH, carved_from=[BUG, "task"])
    assert step.images() == {"bug": {"bug", "crash"}, "task": {"task", "crash"}}
    assert step.introduces() == {"crash"}
    assert step.names_old() == {"bug", "task"}
    assert step.describe() == {"step": "add", "label": "crash", "carved_from": ["bug", "task"]}


def test_a_removed_label_without_a_heir_is_unknown():
    step = Remove(BUG)
    assert step.images() == {"bug": None}
    assert step.introduces() == frozenset()
    assert step.names_old() == {"bug"}
    assert step.describe() == {"step": "remove", "label": "bug", "maps_to": []}


def test_a_removed_label_may_be_any_of_its_heirs():
    step = Remove("bug", maps_to=[CRASH, DEFECT])
    assert step.images() == {"bug": {"crash", "defect"}}
    assert step.introduces() == frozenset()
    assert step.describe() == {"step": "remove", "label": "bug", "maps_to": ["crash", "defect"]}


def test_merged_labels_are_exactly_the_one_they_became():
    step = Merge([BUG, "crash"], into=DEFECT)
    assert step.images() == {"bug": {"defect"}, "crash": {"defect"}}
    assert step.introduces() == {"defect"}
    assert step.names_old() == {"bug", "crash"}
    assert step.describe() == {"step": "merge", "labels": ["bug", "crash"], "into": "defect"}


def test_merging_no_label_is_refused():
    with pytest.raises(SchemaError):
        Merge([], into=DEFECT)


def test_a_split_label_may_be_any_of_its_parts():
    step = Split(DEFECT, into=[BUG, "crash"])
    assert step.images() == {"defect": {"bug", "crash"}}
    assert step.introduces() == {"bug", "crash"}
    assert step.names_old() == {"defect"}
    assert step.describe() == {"step": "split", "label": "defect", "into": ["bug", "crash"]}


def test_splitting_into_nothing_is_refused_with_a_remedy():
    with pytest.raises(SchemaError, match=r"Split\('bug'\) names no label") as caught:
        Split(BUG, into=[])
    assert caught.value.remedy == "pass into=[A, B]"


@pytest.mark.parametrize("direction", ["narrower", "wider", "shifted"])
def test_redefining_moves_no_label_and_says_in_which_direction(direction):
    step = Redefine(BUG, direction)
    assert step.images() == {}
    assert step.introduces() == frozenset()
    assert step.names_old() == {"bug"}
    assert step.redefines() == {"bug": direction}
    assert step.describe() == {"step": "redefine", "label": "bug", "direction": direction}


@pytest.mark.parametrize("direction", ["Narrower", "sideways", "", None])
def test_a_direction_outside_the_three_is_refused(direction):
    with pytest.raises(SchemaError, match=r"Redefine\('bug'\).*one of narrower, wider, shifted") as caught:
        Redefine(BUG, direction)
    assert repr(direction) in caught.value.message


def test_a_point_of_an_old_scale_becomes_one_point_or_a_run():
    step = Rescale({"low": ["one", "two"], "high": Label("three")})
    assert step.images() == {"low": {"one", "two"}, "high": {"three"}}
    assert step.introduces() == {"one", "two", "three"}
    assert step.names_old() == {"low", "high"}
    assert step.describe() == {"step": "rescale", "mapping": {"high": ["three"], "low": ["one", "two"]}}


def test_a_rescale_is_the_same_whatever_order_its_points_are_written_in():
    assert Rescale({"a": "x", "b": "y"}) == Rescale({"b": "y", "a": "x"})


def test_rescaling_to_nothing_names_every_point_that_is_lost():
    with pytest.raises(SchemaError, match="Rescale maps high, low to nothing") as caught:
        Rescale({"low": [], "mid": "two", "high": []})
    assert caught.value.remedy == "name at least one new point"


def test_a_label_and_its_id_make_the_same_step():
    assert Add(CRASH, carved_from=BUG) == Add("crash", carved_from=["bug"])
    assert Merge([BUG], into=DEFECT) == Merge("bug", into="defect")
    assert Remove(BUG, maps_to=CRASH) == Remove("bug", maps_to=("crash",))


def test_steps_of_two_kinds_are_never_the_same():
    assert len(set(EVERY_STEP)) == len(EVERY_STEP)
    assert Add(BUG) != Remove(BUG)


@pytest.mark.parametrize("step", EVERY_STEP, ids=lambda step: type(step).__name__)
def test_a_described_step_is_plain_data_that_names_its_kind(step):
    described = step.describe()
    assert json.loads(json.dumps(described)) == described
    assert described["step"] == type(step).__name__.lower()


def test_a_step_moves_introduces_and_redefines_nothing_unless_it_says_so():
    step = Step()
    assert (step.images(), step.introduces(), step.names_old(), step.redefines()) == ({}, frozenset(), frozenset(), {})
    with pytest.raises(NotImplementedError):
        step.describe()


def test_a_step_cannot_be_changed():
    with pytest.raises(AttributeError):
        Add(BUG).label = "crash"

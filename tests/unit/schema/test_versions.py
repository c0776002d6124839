"""A schema version is checked as a whole when it is made, and says all that is wrong at once."""

from __future__ import annotations

import pickle

import pytest

from retrolabel.errors import SchemaError
from retrolabel.schema.labels import Label
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Rescale, Split
from retrolabel.schema.unchecked import UncheckedSchema
from retrolabel.schema.versions import LabelSchema

GOOD, BAD, SLOW, WRONG = (Label(name) for name in ("good", "bad", "slow", "wrong"))
V1 = LabelSchema(task="thumbs", version="1.0.0", labels=[GOOD, BAD])


def make(**changes):
    return LabelSchema(**({"task": "thumbs", "version": "1.0.0", "labels": [GOOD, BAD]} | changes))


def revise(labels, steps, **changes):
    return make(**({"version": "2.0.0", "revises": V1, "labels": labels, "steps": steps} | changes))


def problems(call, *args, **kwargs):
    """Every fault of what is refused, as (where, what, remedy)."""
    with pytest.raises(SchemaError) as caught:
        call(*args, **kwargs)
    return [(problem.where, problem.what, problem.remedy) for problem in caught.value.problems]


def test_a_version_keeps_its_labels_in_the_order_written():
    version = make(labels=[BAD, GOOD, WRONG])
    assert version.ids == ("bad", "good", "wrong")
    assert version.label("good") is GOOD
    assert str(version) == "thumbs 1.0.0"


def test_a_version_cannot_be_changed_through_the_lists_it_was_made_from():
    labels, steps = [GOOD, SLOW], [Split(BAD, into=[SLOW])]
    version = revise(labels, steps)
    labels.clear()
    steps.clear()
    assert version.labels == (GOOD, SLOW)
    assert version.steps == (Split(BAD, into=[SLOW]),)
    with pytest.raises(AttributeError):
        version.version = "3.0.0"


def test_the_versions_that_one_came_from_were_checked_too():
    heir = revise([GOOD, SLOW], [Split(BAD, into=[SLOW])])
    assert heir.parents == (V1,)
    assert [type(each) for each in heir.lineage()] == [LabelSchema, LabelSchema]


@pytest.mark.parametrize("as_list", [False, True])
def test_a_version_that_nobody_checked_is_nothing_to_build_on(as_list):
    unchecked = UncheckedSchema(task="thumbs", version="1.0.0", labels=[GOOD, BAD])
    found = problems(revise, [GOOD, BAD], [], revises=[unchecked] if as_list else unchecked)
    assert found == [
        (
            "revises",
            f"{unchecked!r} is no version",
            "import SCHEMA from the file of the version before, and write revises=SCHEMA",
        )
    ]


def test_a_version_is_the_same_after_a_journey_to_another_process():
    version = revise([GOOD, SLOW], {"1.0.0": [Split(BAD, into=[SLOW])]})
    again = pickle.loads(pickle.dumps(version))  # noqa: S301 - our own
    assert type(again) is LabelSchema
    assert again == version
    assert again.parents == (V1,)


def test_steps_given_as_a_mapping_leave_a_version_hashable():
    flat = revise([GOOD, SLOW], [Split(BAD, into=[SLOW])])
    by_number = revise([GOOD, SLOW], {"1.0.0": [Split(BAD, into=[SLOW])]})
    assert hash(flat) == hash(by_number)
    assert flat != by_number


def test_a_version_is_shown_without_those_it_came_from():
    assert repr(revise([GOOD, BAD], [])) == (
        f"LabelSchema(task='thumbs', version='2.0.0', labels=({GOOD!r}, {BAD!r}), steps=(), scale='nominal',"
        " reason='', guidelines='', constraints=(), agreement=None)"
    )


# Faults of form


def test_a_label_listed_twice_is_refused():
    assert problems(make, labels=[GOOD, BAD, GOOD]) == [("label 'good'", "is listed 2 times", "keep one")]


@pytest.mark.parametrize("labels", [[], [GOOD]])
def test_a_question_with_fewer_than_two_answers_is_refused(labels):
    assert problems(make, labels=labels) == [
        ("labels", "there are fewer than two", "a schema needs at least two answers")
    ]


@pytest.mark.parametrize(
    "number", ["1", "1.0", "v1.0.0", "1.0.0.0", "01.0.0", "1.0.0-rc1", "1.0.0\n", "", "a.b.c", "-1.0.0", "1٣.0.0"]
)
def test_a_version_that_is_no_semantic_version_is_refused(number):
    assert problems(make, version=number) == [("version", f"{number!r} is not MAJOR.MINOR.PATCH", 'write "1.0.0"')]


@pytest.mark.parametrize(("number", "meant"), [("2", "2.0.0"), ("2.1", "2.1.0"), ("10.0", "10.0.0")])
def test_a_version_that_lacks_a_part_is_refused_with_what_was_meant(number, meant):
    assert problems(make, version=number) == [("version", f"{number!r} is not MAJOR.MINOR.PATCH", f'write "{meant}"')]


@pytest.mark.parametrize("task", ["Thumbs", "thumbs up", "1task", "_task", "", "thumbs-up", "tâche", "task\n"])
def test_a_task_that_is_no_lower_case_identifier_is_refused(task):
    assert problems(make, task=task) == [("task", f"{task!r} is no lower-case identifier", "use letters, digits and _")]


def test_an_unknown_scale_is_refused():
    assert problems(make, scale="interval") == [
        ("scale", "'interval' is unknown", "one of nominal, ordinal, multilabel")
    ]
    assert make(scale="multilabel").scale == "multilabel"


def test_a_label_without_rank_is_refused_on_an_ordinal_scale_only():
    ranked = Label("low", rank=0)
    assert problems(make, scale="ordinal", labels=[ranked, GOOD, BAD]) == [
        ("label 'good'", "has no rank on an ordinal scale", "pass rank="),
        ("label 'bad'", "has no rank on an ordinal scale", "pass rank="),
    ]
    assert make(labels=[ranked, GOOD]).ids == ("low", "good")
    assert make(scale="ordinal", labels=[ranked, Label("high", rank=1)]).scale == "ordinal"


def test_a_parent_that_is_no_label_is_refused():
    assert problems(make, labels=[GOOD, Label("crash", parent="bug")]) == [
        ("label 'crash'", "has the parent 'bug', which is no label", "add it")
    ]


def test_a_tree_of_labels_is_sound():
    version = make(labels=[BAD, Label("wrong", parent="bad"), Label("stale", parent="wrong")])
    assert version.ids == ("bad", "wrong", "stale")


def test_a_circle_of_parents_is_refused_at_each_label_in_it():
    circle = [Label("a", parent="c"), Label("b", parent="a"), Label("c", parent="b")]
    fault = ("is its own ancestor", "break the circle of parents")
    assert problems(make, labels=circle) == [("label 'a'", *fault), ("label 'b'", *fault), ("label 'c'", *fault)]


def test_a_label_that_is_its_own_parent_is_refused():
    assert problems(make, labels=[GOOD, Label("a", parent="a")]) == [
        ("label 'a'", "is its own ancestor", "break the circle of parents")
    ]


def test_a_label_below_a_circle_of_parents_is_not_called_its_own_ancestor():
    labels = [Label("a", parent="b"), Label("b", parent="a"), Label("leaf", parent="a")]
    assert {where for where, _, _ in problems(make, labels=labels)} == {"label 'a'", "label 'b'"}


def test_an_alias_of_one_label_cannot_be_the_id_of_another():
    assert problems(make, labels=[GOOD, Label("bad", aliases=["good"])]) == [
        ("alias 'good'", "is the id of another label", "drop the alias")
    ]


def test_an_alias_cannot_mean_two_labels():
    labels = [Label("good", aliases=["g", "1"]), Label("great", aliases=["g"])]
    assert problems(make, labels=labels) == [("alias 'g'", "stands for 2 labels", "an alias means one label")]


def test_clashing_aliases_are_told_in_the_order_written():
    letters = list("cdefghijklmn")
    labels = [Label("a", aliases=letters), Label("b", aliases=letters)]
    assert [where for where, _, _ in problems(make, labels=labels)] == [f"alias {letter!r}" for letter in letters]


def test_a_label_may_have_its_own_id_among_its_aliases_and_an_alias_twice():
    assert make(labels=[GOOD, Label("bad", aliases=["bad", "b", "b"])]).parse("b").id == "bad"


def test_labels_given_as_plain_texts_are_refused():
    with pytest.raises(SchemaError):
        make(labels=["good", "bad"])


def test_every_fault_of_form_is_told_in_one_error():
    labels = [
        Label("a", parent="nobody", aliases=["x", "b"]),
        Label("b", aliases=["x"]),
        Label("c", rank=1),
        Label("c", rank=1),
    ]
    with pytest.raises(SchemaError) as caught:
        make(task="No Task", version="one", scale="ordinal", labels=labels)
    assert caught.value.message == "Schema No Task one is not sound."
    found = [(problem.where, problem.what) for problem in caught.value.problems]
    assert sorted(found) == [
        ("alias 'b'", "is the id of another label"),
        ("alias 'x'", "stands for 2 labels"),
        ("label 'a'", "has no rank on an ordinal scale"),
        ("label 'a'", "has the parent 'nobody', which is no label"),
        ("label 'b'", "has no rank on an ordinal scale"),
        ("label 'c'", "is listed 2 times"),
        ("task", "'No Task' is no lower-case identifier"),
        ("version", "'one' is not MAJOR.MINOR.PATCH"),
    ]
    assert all(problem.remedy for problem in caught.value.problems)


# Faults of steps


def test_a_first_version_has_no_steps():
    assert problems(make, steps=[Add(BAD)]) == [("steps", "a first version has no steps", "pass revises=")]


def test_a_sound_revision_keeps_its_steps():
    steps = [Split(BAD, into=[SLOW, WRONG])]
    assert revise([GOOD, SLOW, WRONG], steps).steps == tuple(steps)


def test_a_step_that_names_a_label_the_older_version_lacks_is_refused():
    steps = [Split(BAD, into=[SLOW]), Remove("ugly"), Redefine("fine", "wider")]
    assert problems(revise, [GOOD, SLOW], steps) == [
        ("step Remove", "names 'ugly', which thumbs 1.0.0 does not have", "check the id"),
        ("step Redefine", "names 'fine', which thumbs 1.0.0 does not have", "check the id"),
    ]


def test_a_step_that_leads_to_a_label_the_newer_version_lacks_is_refused():
    assert problems(revise, [GOOD, SLOW], [Split(BAD, into=[SLOW, WRONG])]) == [
        ("step Split", "leads to 'wrong', which thumbs 2.0.0 does not have", "add it to labels=")
    ]
    assert problems(revise, [GOOD, SLOW], [Add(SLOW, carved_from=BAD)]) == [
        ("step Add", "leads to 'bad', which thumbs 2.0.0 does not have", "add it to labels=")
    ]


def test_a_label_that_is_gone_without_a_step_is_refused():
    assert problems(revise, [GOOD, SLOW], [Add(SLOW)]) == [
        ("label 'bad'", "is gone and no step says where to", "add Remove, Merge or Split of 'bad'")
    ]


def test_a_label_that_is_new_without_a_step_is_refused():
    assert problems(revise, [GOOD, BAD, SLOW], []) == [
        ("label 'slow'", "is new and no step brings it", "add Add('slow') or a Split")
    ]


def test_a_label_that_a_removed_one_maps_to_is_not_brought_by_that():
    assert problems(revise, [GOOD, SLOW], [Remove(BAD, maps_to=SLOW)]) == [
        ("label 'slow'", "is new and no step brings it", "add Add('slow') or a Split")
    ]


def test_a_changed_meaning_without_redefine_is_refused():
    changed = Label("bad", "It made things worse.")
    assert problems(revise, [GOOD, changed], []) == [
        (
            "label 'bad'",
            "means something else than before and no step says so",
            'add Redefine(\'bad\', "narrower" | "wider" | "shifted"), or import the old label',
        )
    ]
    assert revise([GOOD, changed], [Redefine(BAD, "narrower")]).label("bad") is changed


@pytest.mark.parametrize(
    "change", [{"include": ["a"]}, {"exclude": ["a"]}, {"examples": ["a"]}, {"rank": 1}, {"parent": "good"}], ids=str
)
def test_each_part_of_a_meaning_needs_a_step_when_it_changes(change):
    changed = Label("bad", **change)
    found = problems(revise, [GOOD, changed], [])
    assert [(where, what) for where, what, _ in found] == [
        ("label 'bad'", "means something else than before and no step says so")
    ]
    assert revise([GOOD, changed], [Redefine(BAD, "shifted")]).label("bad") is changed


def test_a_changed_name_needs_no_step():
    assert revise([GOOD, Label("bad", name="Not good", owner="search", aliases=["b"])], []).steps == ()


def test_two_steps_cannot_move_one_label():
    steps = [Split(BAD, into=[SLOW]), Merge([BAD], into=WRONG)]
    assert problems(revise, [GOOD, SLOW, WRONG], steps) == [
        ("label 'bad'", "is moved by 2 steps", "say it with one step")
    ]


@pytest.mark.parametrize("number", ["1.0.0", "0.9.9"])
def test_a_version_must_be_above_the_one_it_revises(number):
    assert problems(revise, [GOOD, BAD], [], version=number) == [
        ("version", "is not above 1.0.0, which it revises", "raise the number")
    ]


def test_a_tenth_version_is_above_the_ninth():
    ninth = make(version="9.0.0")
    assert make(version="10.0.0", revises=ninth).order == (10, 0, 0)


def test_a_version_cannot_revise_one_of_another_task():
    assert problems(revise, [GOOD, BAD], [], task="stars") == [
        ("revises", "is a version of 'thumbs'", "revise a version of 'stars'")
    ]


def test_a_removed_label_cannot_still_be_there():
    with pytest.raises(SchemaError):
        revise([GOOD, BAD], [Remove(BAD)])


def test_an_added_label_cannot_have_been_there_before():
    with pytest.raises(SchemaError):
        revise([GOOD, BAD], [Add(BAD)])


def test_a_label_may_keep_its_place_among_the_parts_it_is_split_into():
    assert revise([GOOD, BAD, SLOW], [Split(BAD, into=[BAD, SLOW])]).ids == ("good", "bad", "slow")


def test_a_new_scale_is_explained_by_one_step():
    low, high = Label("low", rank=0), Label("high", rank=1)
    one, two, three = (Label(name, rank=rank) for rank, name in enumerate(("one", "two", "three")))
    old = make(scale="ordinal", labels=[low, high])
    new = revise([one, two, three], [Rescale({low: [one, two], high: three})], scale="ordinal", revises=old)
    assert new.ids == ("one", "two", "three")


def test_faults_of_form_and_of_steps_are_told_in_one_error():
    worse = Label("good", "Another meaning.", parent="nobody")
    found = problems(
        revise,
        [worse, SLOW, WRONG],
        [Remove("ugly"), Add(SLOW, carved_from="good"), Merge(["good"], into="fine")],
        version="0.1.0",
        scale="round",
    )
    assert [(where, what) for where, what, _ in found] == [
        ("scale", "'round' is unknown"),
        ("label 'good'", "has the parent 'nobody', which is no label"),
        ("version", "is not above 1.0.0, which it revises"),
        ("step Remove", "names 'ugly', which thumbs 1.0.0 does not have"),
        ("step Merge", "leads to 'fine', which thumbs 0.1.0 does not have"),
        ("step Merge", "makes 'good' fine, and thumbs 0.1.0 still has it"),
        ("label 'good'", "is moved by 2 steps"),
        ("label 'bad'", "is gone and no step says where to"),
        ("label 'wrong'", "is new and no step brings it"),
    ]
    assert all(remedy for _, _, remedy in found)

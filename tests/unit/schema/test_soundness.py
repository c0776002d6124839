"""What is refused when a version is made: ids used again, skips that lie, scales that turn round."""

from __future__ import annotations

import pytest

from retrolabel.errors import SchemaError, UnknownLabelError
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.released import note_released
from retrolabel.schema.rules import AtMostOne
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Rescale, Split
from retrolabel.schema.versions import LabelSchema
from retrolabel.schema.ways import comes_back


def version(number, ids, revises=None, steps=(), **more):
    labels = [each if isinstance(each, Label) else Label(each) for each in ids]
    return LabelSchema(
        **({"task": "t", "version": number, "labels": labels, "revises": revises, "steps": steps} | more)
    )


def faults(*args, **more):
    """Every fault of a version that is refused, as (where, what)."""
    with pytest.raises(SchemaError) as caught:
        version(*args, **more)
    assert all(problem.remedy for problem in caught.value.problems)
    return [(problem.where, problem.what) for problem in caught.value.problems]


def reserved(label_id):
    return Label(label_id, status="reserved")


ABC = version("1.0.0", "abc")
XC = version("2.0.0", "xc", ABC, [Merge(["a", "b"], into="x")])


# Reserved labels and ids used again


def test_a_reserved_label_is_no_answer():
    found = version("1.0.0", ["a", "b", reserved("old")])
    assert found.ids == ("a", "b")
    assert [label.id for label in found.labels] == ["a", "b", "old"]
    assert found.parse("old") is None
    assert "old" not in found.spellings()
    with pytest.raises(UnknownLabelError):
        found.label("old")


def test_a_version_whose_answers_are_all_reserved_but_one_is_refused():
    assert faults("1.0.0", ["a", reserved("b"), reserved("c")]) == [("labels", "there are fewer than two")]


def test_a_reserved_label_needs_no_rank_and_no_step():
    ranked = [Label("low", rank=0), Label("high", rank=1)]
    assert version("1.0.0", [*ranked, reserved("old")], scale="ordinal").ids == ("low", "high")
    assert version("2.0.0", ["a", "b", "c", reserved("old")], ABC).ids == ABC.ids


def test_a_reserved_id_cannot_be_an_alias_or_a_second_label():
    assert faults("1.0.0", ["a", Label("b", aliases=["old"]), reserved("old")]) == [
        ("alias 'old'", "is the id of another label")
    ]
    assert faults("1.0.0", ["a", "b", reserved("b")]) == [("label 'b'", "is listed 2 times")]


def test_a_step_cannot_lead_to_a_reserved_label_nor_start_from_one():
    assert faults("2.0.0", ["a", "b", reserved("c")], ABC, [Remove("c", maps_to="a"), Add("c")]) == [
        ("step Add", "leads to 'c', which t 2.0.0 does not have"),
        ("step Add", "adds 'c', which was there before"),
    ]
    first = version("1.0.0", ["a", "b", reserved("c")])
    assert ("step Remove", "names 'c', which t 1.0.0 does not have") in faults("2.0.0", "ab", first, [Remove("c")])


def test_a_removed_label_may_be_kept_as_reserved():
    second = version("2.0.0", ["a", "b", reserved("c")], ABC, [Remove("c", maps_to="a")])
    assert History([ABC, second]).relation("1.0.0", "2.0.0").images == {"a": {"a"}, "b": {"b"}, "c": {"a"}}


@pytest.mark.parametrize("since", ["the version before", "an older version"])
def test_a_reserved_id_is_never_used_again(since):
    first = version("1.0.0", ["a", "b", reserved("old")])
    parent = first if since == "the version before" else version("1.5.0", "ab", first)
    assert faults("2.0.0", ["a", "b", "old"], parent, [Add("old")]) == [
        ("label 'old'", "is an id that t 1.0.0 reserved")
    ]


def test_an_id_that_was_an_answer_and_then_reserved_is_never_used_again():
    second = version("2.0.0", ["a", "b", reserved("c")], ABC, [Remove("c")])
    assert faults("3.0.0", "abc", second, [Add("c")]) == [("label 'c'", "is an id that t 2.0.0 reserved")]


def test_an_id_of_an_older_version_is_not_used_with_another_meaning():
    second = version("2.0.0", "ab", ABC, [Remove("c")])
    assert faults("3.0.0", ["a", "b", Label("c", "New.")], second, [Add("c")]) == [
        ("label 'c'", "meant something else in t 1.0.0")
    ]


def test_an_id_that_came_back_with_another_meaning_is_told_with_every_other_fault():
    second = version("2.0.0", "ab", ABC, [Remove("c")])
    assert faults("3.0.0", ["a", Label("c", "New.")], second, [Add("c")]) == [
        ("label 'b'", "is gone and no step says where to"),
        ("label 'c'", "meant something else in t 1.0.0"),
    ]


def test_a_label_that_was_unknown_may_come_back_with_its_meaning():
    second = version("2.0.0", "ab", ABC, [Remove("c")])
    third = version("3.0.0", "abc", second, [Add("c", restores="1.0.0")])
    assert History([ABC, second, third]).relation("1.0.0", "3.0.0").kind("c") == "exact"


def test_labels_from_before_say_nothing_where_one_was_released_again_in_silence():
    second = version("2.0.0", "ab", ABC, [Remove("c")])
    note_released([("t", "3.0.0")])
    try:
        third = version("3.0.0", "abc", second, [Add("c")])
    finally:
        note_released([])
    assert History([ABC, second, third]).relation("1.0.0", "3.0.0").kind("c") == "unknown"


def test_a_label_comes_back_only_where_what_bore_it_before_may_be_it_again():
    second = version("2.0.0", "ab", ABC, [Remove("c", maps_to="a")])
    with pytest.raises(SchemaError):  # 1.0.0's c would be a, though c is there again and means the same
        version("3.0.0", "abc", second, [Add("c")])


@pytest.mark.parametrize(
    "step", [Merge(["a", "b"], into="a"), Split("b", into=["a", "c"]), Merge(["b"], into="c")], ids=str
)
def test_a_label_that_steps_take_away_is_not_still_there_with_the_same_meaning(step):
    with pytest.raises(SchemaError):
        version("2.0.0", "abc", ABC, [step])


def test_a_point_of_the_old_scale_is_not_another_point_of_the_new_one_under_the_same_id():
    old = version("1.0.0", [Label(each, rank=int(each)) for each in "123"], scale="ordinal")
    step = Rescale({"1": ["1", "2"], "2": ["3"], "3": ["4", "5"]})
    with pytest.raises(SchemaError):  # a vote "2" would be at home in both, and mean two things
        version("2.0.0", [Label(each, rank=int(each)) for each in "12345"], old, [step], scale="ordinal")


def test_a_rescaled_point_may_keep_its_id_where_it_stays_possible():
    old = version("1.0.0", [Label(each, rank=int(each)) for each in "12"], scale="ordinal")
    step = Rescale({"1": "1", "2": ["2", "3"]})
    new = version("2.0.0", [Label(each, rank=int(each)) for each in "123"], old, [step], scale="ordinal")
    assert History([old, new]).relation("1.0.0", "2.0.0").images == {"1": {"1"}, "2": {"2", "3"}}


# Skips


def test_a_skip_to_an_unknown_version_is_refused():
    assert faults("3.0.0", "abc", XC, [Split("x", into=["a", "b"], restores="1.5.0")]) == [
        ("step Split, restores='1.5.0'", "is none of the versions before: 1.0.0, 2.0.0")
    ]


@pytest.mark.parametrize("number", ["3.0.0", "4.0.0", "", "1.0", 1.0, 1])
def test_a_skip_to_the_version_itself_or_a_later_or_no_version_is_refused(number):
    assert faults("3.0.0", "abc", XC, [Split("x", into=["a", "b"], restores=number)]) == [
        (f"step Split, restores={number!r}", "is none of the versions before: 1.0.0, 2.0.0")
    ]


def test_a_skip_to_a_version_of_another_branch_is_refused():
    side = version("1.1.0", "abcd", ABC, [Add("d")])
    third = version("3.0.0", "abc", XC, [Split("x", into=["a", "b"], restores="1.0.0")])
    assert len(History([ABC, XC, side, third])) == 4
    assert faults("3.0.0", "abc", XC, [Split("x", into=["a", "b"], restores="1.1.0")]) == [
        ("step Split, restores='1.1.0'", "is none of the versions before: 1.0.0, 2.0.0")
    ]


def test_a_skip_to_a_version_that_has_none_of_the_parts_is_refused():
    assert faults("3.0.0", "pqc", XC, [Split("x", into=["p", "q"], restores="1.0.0")]) == [
        ("step Split, restores='1.0.0'", "t 1.0.0 has none of p, q")
    ]


def test_a_skip_to_a_label_with_another_meaning_is_refused():
    steps = [Split("x", into=["a", "b"], restores="1.0.0")]
    assert ("step Split, restores='1.0.0'", "'a' means something else there") in faults(
        "3.0.0", [Label("a", "New."), "b", "c"], XC, steps
    )


def test_a_skip_to_parts_that_the_steps_do_not_lead_to_is_refused():
    second = version("2.0.0", "xby", ABC, [Merge(["a"], into="x"), Merge(["c"], into="y")])
    steps = [Split("x", into=["a", "c"], restores="1.0.0"), Remove("y", maps_to="b")]
    assert faults("3.0.0", "abc", second, steps) == [
        ("step Split, restores='1.0.0'", "the steps do not lead from 'c' to it")
    ]


def test_a_skip_is_checked_only_where_the_steps_are_sound():
    assert faults("3.0.0", "abc", XC, [Split("x", into=["a", "d"], restores="9.0.0")]) == [
        ("step Split", "leads to 'd', which t 3.0.0 does not have"),
        ("label 'b'", "is new and no step brings it"),
    ]


# Scales


def points(ids, ranks=None):
    return [Label(each, rank=rank) for each, rank in zip(ids, ranks or range(len(ids)), strict=True)]


LOW_HIGH = version("1.0.0", points(["low", "high"]), scale="ordinal")


def test_equal_ranks_are_refused():
    assert faults("1.0.0", points("abcd", [0, 1, 1, 0]), scale="ordinal") == [
        ("label 'c'", "has the rank of 'b'"),
        ("label 'd'", "has the rank of 'a'"),
    ]


def test_ranks_may_be_equal_where_they_order_nothing():
    assert version("1.0.0", points("ab", [1, 1])).ids == ("a", "b")


@pytest.mark.parametrize("ranks", [["1", 2], [[1], 2]], ids=str)
def test_a_rank_that_is_no_whole_number_is_refused(ranks):
    with pytest.raises(SchemaError):
        version("1.0.0", points("ab", ranks), scale="ordinal")


@pytest.mark.parametrize(
    ("old", "new"), [("nominal", "multilabel"), ("multilabel", "nominal"), ("multilabel", "ordinal")]
)
def test_one_answer_and_several_answers_do_not_read_as_each_other(old, new):
    first = version("1.0.0", points("ab"), scale=old)
    assert faults("2.0.0", points("ab"), first, scale=new) == [
        (
            "scale",
            f"t 1.0.0 is {old}: one answer an item and several answers do not read as each other",
        )
    ]


@pytest.mark.parametrize(("old", "new"), [("nominal", "ordinal"), ("ordinal", "nominal")])
def test_a_question_with_one_answer_may_get_an_order_or_lose_it(old, new):
    first = version("1.0.0", points("ab"), scale=old)
    second = version("2.0.0", points("ab"), first, scale=new)
    assert History([first, second]).relation("1.0.0", "2.0.0").images == {"a": {"a"}, "b": {"b"}}


@pytest.mark.parametrize("scale", ["nominal", "multilabel"])
def test_a_rescale_of_what_has_no_scale_is_refused(scale):
    first = version("1.0.0", "ab", scale=scale)
    assert ("step Rescale", f"t 2.0.0 is {scale}, and has no scale") in faults(
        "2.0.0", "xy", first, [Rescale({"a": "x", "b": "y"})], scale=scale
    )


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ({"low": ["x", "y", "z"]}, "does not say what 'high' of t 1.0.0 becomes"),
        ({"low": ["x", "z"], "high": ["y", "z"]}, "the points that 'low' becomes have a hole"),
        ({"low": ["y", "z"], "high": ["x", "y"]}, "'high' was above 'low' and is not any more"),
        ({"low": ["x", "y", "z"], "high": "y"}, "'high' was above 'low' and is not any more"),
        ({"low": "z", "high": ["x", "y"]}, "'high' was above 'low' and is not any more"),
    ],
    ids=str,
)
def test_a_rescale_that_is_partial_or_has_holes_or_turns_round_is_refused(mapping, told):
    assert ("step Rescale", told) in faults("2.0.0", points("xyz"), LOW_HIGH, [Rescale(mapping)], scale="ordinal")


def test_a_rescale_of_a_point_that_was_not_there_is_refused():
    mapping = {"low": "x", "middle": "x", "high": "y"}
    assert faults("2.0.0", points("xy"), LOW_HIGH, [Rescale(mapping)], scale="ordinal") == [
        ("step Rescale", "names 'middle', which t 1.0.0 does not have")
    ]


def test_two_rescales_of_one_version_are_refused():
    steps = [Rescale({"low": "x", "high": "y"}), Rescale({"low": "x", "high": "y"})]
    assert ("label 'low'", "is moved by 2 steps") in faults("2.0.0", points("xy"), LOW_HIGH, steps, scale="ordinal")


# Steps that say two things


def test_several_labels_may_be_carved_from_one():
    steps = [Add("d", carved_from="a"), Add("e", carved_from=["a", "b"])]
    second = version("2.0.0", "abcde", ABC, steps)
    assert History([ABC, second]).relation("1.0.0", "2.0.0").project("a") == {"a", "d", "e"}


@pytest.mark.parametrize(
    ("ids", "other"),
    [("abcde", Split("a", into=["a", "e"])), ("acd", Merge(["a", "b"], into="a")), ("bcd", Remove("a"))],
    ids=str,
)
def test_a_label_cannot_be_carved_and_moved(ids, other):
    assert ("label 'a'", "is moved by 2 steps") in faults("2.0.0", ids, ABC, [Add("d", carved_from="a"), other])


def test_a_label_carved_from_itself_is_refused():
    assert ("step Add", "names 'd', which t 1.0.0 does not have") in faults(
        "2.0.0", "abcd", ABC, [Add("d", carved_from="d")]
    )


@pytest.mark.parametrize("ways", [("narrower", "wider"), ("wider", "narrower"), ("shifted", "wider")], ids=str)
def test_a_label_redefined_in_two_directions_is_refused(ways):
    with pytest.raises(SchemaError):  # the one word for both is "shifted"
        version("2.0.0", ["a", "b", Label("c", "New.")], ABC, [Redefine("c", way) for way in ways])


def test_a_redefined_label_may_be_carved_as_well():
    second = version(
        "2.0.0", [Label("a", "Less."), "b", "c", "d"], ABC, [Add("d", carved_from="a"), Redefine("a", "narrower")]
    )
    relation = History([ABC, second]).relation("1.0.0", "2.0.0")
    assert relation.project("a") == {"a", "d"}
    assert relation.suspect("a")


def test_a_redefined_label_that_is_gone_needs_a_step_that_says_where_to():
    assert faults("2.0.0", "ab", ABC, [Redefine("c", "wider")]) == [("label 'c'", "is gone and no step says where to")]


# Input of the wrong kind


@pytest.mark.parametrize("number", [1.0, 1, None, ("1", "0", "0"), b"1.0.0"], ids=str)
def test_a_number_that_is_no_text_is_one_fault_among_all(number):
    found = faults(number, ["a", "a"], task="No Task", scale="round")
    assert ("version", f"{number!r} is not MAJOR.MINOR.PATCH") in found
    assert {where for where, _ in found} == {"version", "task", "scale", "label 'a'"}


def test_a_number_that_is_no_text_is_a_fault_of_a_revision_too():
    assert faults(2.0, "abc", ABC) == [("version", "2.0 is not MAJOR.MINOR.PATCH")]


@pytest.mark.parametrize("parent", ["1.0.0", "v1", 1.0, ["1.0.0"], ["1.0.0", "1.1.0"]], ids=str)
def test_a_parent_that_is_no_version_is_refused(parent):
    with pytest.raises(SchemaError):
        version("2.0.0", "abc", parent)


@pytest.mark.parametrize("steps", [Add("d"), ["add d"], {"1.0.0": Add("d")}], ids=str)
def test_steps_that_are_no_steps_are_refused(steps):
    with pytest.raises(SchemaError):
        version("2.0.0", "abcd", ABC, steps)


@pytest.mark.parametrize("rules", [["joy"], AtMostOne(["a", "b"])], ids=str)
def test_constraints_that_are_no_constraints_are_refused(rules):
    with pytest.raises(SchemaError):
        version("1.0.0", "ab", scale="multilabel", constraints=rules)


# Labels that come back

WITH_NEW = version("1.1.0", "abcn", ABC, [Add("n")])
WITHOUT = version("2.0.0", "abc", WITH_NEW, [Remove("n")])


def test_a_label_that_went_is_not_added_again_without_a_word():
    assert faults("2.1.0", "abcn", WITHOUT, [Add("n")]) == [
        ("label 'n'", "was there before, in t 1.1.0, and is added as if it were new")
    ]
    with pytest.raises(SchemaError) as caught:
        version("2.1.0", "abcn", WITHOUT, [Add("n", carved_from="a")])
    assert caught.value.problems[0].remedy == (
        "if it is that label again: Add('n', restores=\"1.1.0\"); if not, choose another id"
    )


def test_what_is_released_already_is_taken_as_it_is():
    note_released([("t", "2.1.0")])
    try:
        again = version("2.1.0", "abcn", WITHOUT, [Add("n")])
        assert [(step.label, had.version) for step, had in comes_back(again)] == [("n", "1.1.0")]
        assert faults("2.2.0", "abcn", WITHOUT, [Add("n")])
    finally:
        note_released([])


def test_a_label_that_comes_back_with_a_word_is_exactly_itself():
    again = version("2.1.0", "abcn", WITHOUT, [Add("n", restores="1.1.0")])
    history = History([ABC, WITH_NEW, WITHOUT, again])
    assert history.relation("1.1.0", "2.1.0").images == {each: {each} for each in "abcn"}
    assert history.relation("2.1.0", "1.1.0").images == {each: {each} for each in "abcn"}
    assert history.relation("2.0.0", "2.1.0").images == {each: {each} for each in "abc"}
    assert history.relation("2.1.0", "2.0.0").kind("n") == "unknown"
    assert history.relation("1.0.0", "2.1.0").project("a") == {"a"}


def test_a_label_is_itself_again_in_every_version_that_had_it_since_the_one_named():
    later = version("1.2.0", "abcnm", WITH_NEW, [Add("m")])
    gone = version("2.0.0", "abcm", later, [Remove("n")])
    for number in ("1.1.0", "1.2.0"):
        again = version("2.1.0", "abcmn", gone, [Add("n", restores=number)])
        history = History([ABC, WITH_NEW, later, gone, again])
        assert history.relation("1.2.0", "2.1.0").project("n") == {"n"}
        assert history.relation("1.1.0", "2.1.0").project("n") == {"n"}


def test_a_label_that_became_another_one_comes_back_by_being_carved_from_it():
    gone = version("2.0.0", "abc", WITH_NEW, [Remove("n", maps_to="a")])
    assert faults("3.0.0", "abcn", gone, [Add("n", restores="1.1.0")]) == [
        ("step Add, restores='1.1.0'", "the steps do not lead from 'n' to it")
    ]
    again = version("3.0.0", "abcn", gone, [Add("n", carved_from="a", restores="1.1.0")])
    history = History([ABC, WITH_NEW, gone, again])
    assert history.relation("1.1.0", "3.0.0").project("n") == {"n"}
    assert history.relation("2.0.0", "3.0.0").project("a") == {"a", "n"}


def test_an_added_label_restores_what_was_there_and_meant_the_same():
    assert faults("2.1.0", "abcn", WITHOUT, [Add("n", restores="9.0.0")]) == [
        ("step Add, restores='9.0.0'", "is none of the versions before: 1.0.0, 1.1.0, 2.0.0")
    ]
    assert ("step Add, restores='1.0.0'", "t 1.0.0 has none of n") in faults(
        "2.1.0", "abcn", WITHOUT, [Add("n", restores="1.0.0")]
    )
    other = Label("n", "Another thing.")
    assert ("step Add, restores='1.1.0'", "'n' means something else there") in faults(
        "2.1.0", [*"abc", other], WITHOUT, [Add(other, restores="1.1.0")]
    )
    assert ("step Add", "adds 'n', which was there before") in faults(
        "1.2.0", "abcn", WITH_NEW, [Add("n", restores="1.1.0")]
    )


def test_a_label_may_come_back_twice():
    again = version("2.1.0", "abcn", WITHOUT, [Add("n", restores="1.1.0")])
    gone = version("3.0.0", "abc", again, [Remove("n")])
    assert faults("3.1.0", "abcn", gone, [Add("n")]) == [
        ("label 'n'", "was there before, in t 2.1.0, and is added as if it were new")
    ]
    last = version("3.1.0", "abcn", gone, [Add("n", restores="2.1.0")])
    assert History([ABC, WITH_NEW, WITHOUT, again, gone, last]).relation("1.1.0", "3.1.0").project("n") == {"n"}


def test_branches_merge_though_one_of_them_brought_a_label_back():
    again = version("2.1.0", "abcn", WITHOUT, [Add("n", restores="1.1.0")])
    other = version("2.2.0", "abcm", WITHOUT, [Add("m")])
    history = History([ABC, WITH_NEW, WITHOUT, again, other])
    merged = history.merge_heads("3.0.0")
    assert set(merged.ids) == set("abcnm")
    assert History([*history, merged]).relation("1.1.0", "3.0.0").project("n") == {"n"}


def test_a_squash_keeps_what_a_label_restores():
    again = version("2.1.0", "abcn", WITHOUT, [Add("n", restores="1.1.0")])
    more = version("2.2.0", "abcnm", again, [Add("m")])
    short = History([ABC, WITH_NEW, WITHOUT, again, more]).squash("2.0.0", "2.2.0")
    assert short.relation("1.1.0", "2.2.0").project("n") == {"n"}


def test_steps_for_a_version_that_is_no_parent_are_refused_with_one_parent_as_with_two():
    assert ("steps", "names '9.0.0', which this version does not revise") in faults(
        "2.0.0", "abcn", ABC, {"9.0.0": [Add("n")]}
    )
    assert version("2.0.0", "abcn", ABC, {"1.0.0": [Add("n")]}).ids == ("a", "b", "c", "n")

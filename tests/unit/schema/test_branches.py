"""Branches part and merge: both get what the other did, or it is said why not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrolabel.errors import SchemaError
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.rules import AgreementTarget, AtMostOne
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Rescale, Split
from retrolabel.schema.versions import LabelSchema


def version(number, ids, revises=None, steps=(), **more):
    labels = [each if isinstance(each, Label) else Label(each) for each in ids]
    return LabelSchema(task="t", version=number, labels=labels, revises=revises, steps=steps, **more)


BASE = version("1.0.0", "abc")


def left(ids, steps, **more):
    return version("1.1.0", ids, BASE, steps, **more)


def right(ids, steps, **more):
    return version("1.2.0", ids, BASE, steps, **more)


def merged(*branches, base=BASE):
    """The version that joins two branches, and the history with it."""
    history = History([base, *branches])
    top = history.merge_heads("2.0.0")
    return top, History([*history, top])


def refusal(*branches, base=BASE):
    with pytest.raises(SchemaError) as caught:
        merged(*branches, base=base)
    return str(caught.value)


SPLITS = left("abxy", [Split("c", into=["x", "y"])])
MERGES = right("mc", [Merge(["a", "b"], into="m")])


# Merging heads


def test_merged_branches_hold_what_each_of_them_did():
    top, history = merged(SPLITS, MERGES)
    assert top.ids == ("x", "y", "m")
    assert [parent.version for parent in top.parents] == ["1.1.0", "1.2.0"]
    assert top.reason == "Two branches were merged."
    assert history.head is top
    assert history.relation("1.0.0", "2.0.0").images == {"a": {"m"}, "b": {"m"}, "c": {"x", "y"}}


def test_each_parent_of_a_merge_gets_what_the_other_branch_did():
    top, _ = merged(SPLITS, MERGES)
    assert top.steps_since(SPLITS) == (Merge(["a", "b"], into="m"),)
    assert top.steps_since(MERGES) == (Split("c", into=["x", "y"]),)


def test_a_branch_in_which_nothing_happened_gives_way():
    top, history = merged(left("abc", []), MERGES)
    assert set(top.ids) == {"m", "c"}
    assert history.relation("1.2.0", "2.0.0").images == {"m": {"m"}, "c": {"c"}}
    assert history.relation("1.1.0", "2.0.0").images == {"a": {"m"}, "b": {"m"}, "c": {"c"}}


def test_what_both_branches_added_is_there_once_each():
    top, history = merged(left("abcn", [Add("n")]), right("abcm", [Add("m", carved_from="c")]))
    assert top.ids == ("a", "b", "c", "n", "m")
    assert history.relation("1.1.0", "2.0.0").project("c") == {"c", "m"}
    assert history.relation("1.0.0", "2.0.0").images == {"a": {"a"}, "b": {"b"}, "c": {"c", "m"}}


def test_what_one_branch_removed_is_unknown_to_what_the_other_added():
    _, history = merged(left("ab", [Remove("c")]), right("abcn", [Add("n")]))
    assert history.relation("1.0.0", "2.0.0").project("c") == {"a", "b", "n"}
    assert history.relation("1.2.0", "2.0.0").kind("c") == "unknown"


def test_a_label_that_one_branch_redefined_is_suspect_by_either_way():
    new = Label("c", "Narrower.")
    top, history = merged(left(["a", "b", new], [Redefine("c", "narrower")]), MERGES)
    assert top.label("c") == new
    assert history.relation("1.0.0", "2.0.0").suspect_positive == {"c"}
    assert history.relation("1.2.0", "2.0.0").suspect_positive == {"c"}
    assert history.relation("1.1.0", "2.0.0").suspect_positive == frozenset()


def test_a_label_that_changed_its_meaning_while_it_took_in_another_is_merged():
    new = Label("a", "Also what was b.")
    top, history = merged(left([new, "c"], [Merge(["a", "b"], into="a")]), right("abcn", [Add("n")]))
    assert top.label("a") == new
    assert history.relation("1.0.0", "2.0.0").images == {"a": {"a"}, "b": {"a"}, "c": {"c"}}


def test_branches_of_several_versions_are_merged():
    deeper = version("1.3.0", "abxyn", SPLITS, [Add("n")])
    top, history = merged(SPLITS, MERGES, deeper)
    assert set(top.ids) == {"x", "y", "n", "m"}
    assert history.relation("1.1.0", "2.0.0").images == {"a": {"m"}, "b": {"m"}, "x": {"x"}, "y": {"y"}}


def test_a_merge_can_be_revised_and_branched_off_again():
    top, history = merged(SPLITS, MERGES)
    more = version("2.1.0", ["x", "y", "m", "n"], top, [Add("n")])
    less = version("2.2.0", ["x", "m"], top, [Merge(["x", "y"], into="x")])
    again = History([*history, more, less]).merge_heads("3.0.0")
    assert set(again.ids) == {"x", "m", "n"}
    whole = History([*history, more, less, again])
    assert whole.relation("1.0.0", "3.0.0").images == {"a": {"m"}, "b": {"m"}, "c": {"x"}}


def test_of_three_heads_the_two_oldest_are_merged_and_then_the_third():
    third = version("1.3.0", "abcn", BASE, [Add("n")])
    history = History([third, BASE, MERGES, SPLITS])
    top = history.merge_heads("2.0.0")
    assert [parent.version for parent in top.parents] == ["1.1.0", "1.2.0"]
    history = History([*history, top])
    last = history.merge_heads("3.0.0")
    assert [parent.version for parent in last.parents] == ["1.3.0", "2.0.0"]
    assert History([*history, last]).relation("1.0.0", "3.0.0").images == {"a": {"m"}, "b": {"m"}, "c": {"x", "y"}}


def test_one_head_is_merged_with_nothing():
    with pytest.raises(SchemaError, match="one head"):
        History([BASE, SPLITS]).merge_heads("2.0.0")


def test_a_merge_needs_a_number_above_both_branches():
    with pytest.raises(SchemaError, match=r"is not above 1\.2\.0, which it revises"):
        History([BASE, SPLITS, MERGES]).merge_heads("1.1.5")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("abx", [Merge(["c"], into="x")]), ("aby", [Merge(["c"], into="y")])),
        (("abxy", [Split("c", into=["x", "y"])]), ("am", [Merge(["b", "c"], into="m")])),
        (("abcn", [Add("n", carved_from="c")]), ("ab", [Remove("c")])),
        (("abcn", [Add("n", carved_from="c")]), ("abcm", [Add("m", carved_from="c")])),
        (("ab", [Remove("c")]), ("ab", [Remove("c", maps_to="a")])),
        ((["a", "b", Label("c", "1")], [Redefine("c", "wider")]), ("ab", [Remove("c")])),
    ],
    ids=str,
)
def test_branches_that_both_changed_a_label_are_refused_with_the_way_to_say_it_by_hand(ours, theirs):
    told = refusal(left(*ours), right(*theirs))
    assert "c" in told
    assert 'steps={"1.1.0": [...]' in told


def test_branches_that_gave_a_label_two_meanings_are_refused():
    one = left(["a", "b", Label("c", "1")], [Redefine("c", "wider")])
    other = right(["a", "b", Label("c", "2")], [Redefine("c", "wider")])
    assert "label 'c': means something else in each branch (definition). Fix: agree on one meaning" in refusal(
        one, other
    )


def test_branches_that_added_one_id_with_two_meanings_are_refused():
    one, other = left(["a", "b", "c", Label("n", "1")], [Add("n")]), right(["a", "b", "c", Label("n", "2")], [Add("n")])
    assert "label 'n': means something else in each branch" in refusal(one, other)


def test_a_branch_that_leads_to_a_label_that_the_other_one_split_is_refused():
    assert refusal(left("ab", [Remove("c", maps_to="a")]), right("xybc", [Split("a", into=["x", "y"])]))


def test_branches_of_different_tasks_do_not_meet():
    with pytest.raises(SchemaError, match=r"t 1\.1\.0 and t 0\.9\.0 have no version in common"):
        version("2.0.0", "abc", [SPLITS, version("0.9.0", "abc")])


# What else a branch did


NAMED = ["a", "b", Label("c", name="See", aliases=["sea"], owner="o", hotkey="h")]


@pytest.mark.parametrize("named_first", [True, False])
def test_what_people_see_of_a_label_is_merged_from_the_branch_that_changed_it(named_first):
    one, other = (NAMED, ["a", "b", "c"]) if named_first else (["a", "b", "c"], NAMED)
    top, _ = merged(left(one, []), right(other, []))
    found = top.label("c")
    assert (found.title, found.aliases, found.owner, found.hotkey) == ("See", ("sea",), "o", "h")


@pytest.mark.parametrize("deprecated_first", [True, False])
def test_a_label_that_one_branch_deprecated_is_deprecated(deprecated_first):
    old = ["a", "b", Label("c", status="deprecated")]
    one, other = (old, "abc") if deprecated_first else ("abc", old)
    assert merged(left(one, []), right(other, []))[0].label("c").status == "deprecated"


@pytest.mark.parametrize("reserved_first", [True, False])
def test_an_id_that_one_branch_removed_and_reserved_is_reserved(reserved_first):
    gone = (["a", "b", Label("c", status="reserved")], [Remove("c", maps_to="a")])
    one, other = (gone, ("abc", [])) if reserved_first else (("abc", []), gone)
    top, history = merged(left(*one), right(*other))
    assert top.ids == ("a", "b")
    assert [label.id for label in top.labels if label.status == "reserved"] == ["c"]
    assert history.relation("1.0.0", "2.0.0").images == {"a": {"a"}, "b": {"b"}, "c": {"a"}}


@pytest.mark.parametrize("reserved_first", [True, False])
def test_an_id_that_one_branch_reserved_is_not_used_by_what_the_other_added(reserved_first):
    reserves, adds = (["a", "b", "c", Label("n", status="reserved")], []), ("abcn", [Add("n")])
    one, other = (reserves, adds) if reserved_first else (adds, reserves)
    with pytest.raises(SchemaError):
        merged(left(*one), right(*other))


MOODS = version("1.0.0", "abc", scale="multilabel")


@pytest.mark.parametrize("changed_first", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        {"constraints": (AtMostOne(["a", "b"]),)},
        {"guidelines": "# Read this"},
        {"agreement": AgreementTarget("kappa", 0.6)},
    ],
    ids=str,
)
def test_what_one_branch_asked_of_its_labels_is_asked_after_the_merge(change, changed_first):
    one, other = (change, {}) if changed_first else ({}, change)
    branches = [
        version(number, "abc", MOODS, scale="multilabel", **more) for number, more in (("1.1.0", one), ("1.2.0", other))
    ]
    top, _ = merged(*branches, base=MOODS)
    ((name, value),) = change.items()
    assert getattr(top, name) == value


def test_a_scale_that_one_branch_changed_is_merged_whichever_has_the_lower_number():
    ranked = [Label(each, rank=rank) for rank, each in enumerate("abc")]
    base = version("1.0.0", ranked)
    for ordinal, plain in (("1.1.0", "1.2.0"), ("1.2.0", "1.1.0")):
        branches = [version(ordinal, ranked, base, scale="ordinal"), version(plain, ranked, base)]
        assert merged(*branches, base=base)[0].scale == "ordinal"


def test_a_rescale_in_one_branch_is_merged_with_new_words_in_the_other():
    old = [Label(each, rank=rank) for rank, each in enumerate(["low", "high"])]
    base = version("1.0.0", old, scale="ordinal")
    points = [Label(each, rank=rank) for rank, each in enumerate("123")]
    new = version("1.1.0", points, base, [Rescale({"low": ["1", "2"], "high": "3"})], scale="ordinal")
    named = version("1.2.0", [replace(old[0], name="Low"), old[1]], base, scale="ordinal")
    top, history = merged(new, named, base=base)
    assert top.ids == ("1", "2", "3")
    assert history.relation("1.2.0", "2.0.0").images == {"low": {"1", "2"}, "high": {"3"}}


def test_a_branch_that_did_more_than_one_step_can_say_is_not_merged_by_itself():
    one = version("1.1.0", "bcxy", MOODS, [Split("a", into=["x", "y"])], scale="multilabel")
    two = version("1.2.0", "bcx", one, [Remove("y")], scale="multilabel")
    other = version("1.3.0", "abd", MOODS, [Merge(["c"], into="d")], scale="multilabel")
    assert "x" not in History([MOODS, one, two]).relation("1.0.0", "1.2.0").project_presence("a").absent
    with pytest.raises(SchemaError, match="more than one step can say"):
        merged(one, two, other, base=MOODS)


def test_a_branch_that_put_what_nobody_was_asked_about_into_a_label_is_not_merged_by_itself():
    one = version("1.1.0", "abcn", MOODS, [Add("n")], scale="multilabel")
    two = version("1.2.0", "abc", one, [Merge(["b", "n"], into="b")], scale="multilabel")
    other = version("1.3.0", "abcm", MOODS, [Add("m")], scale="multilabel")
    assert "b" in History([MOODS, one, two]).relation("1.0.0", "1.2.0").project_presence([]).unknown
    assert "more than one step can say" in refusal(one, two, other, base=MOODS)


# Two parents by hand


def test_steps_by_hand_join_branches_that_changed_one_label():
    one, other = left("abx", [Merge(["c"], into="x")]), right("aby", [Merge(["c"], into="y")])
    top = version("2.0.0", "abz", [one, other], {"1.1.0": [Merge(["x"], into="z")], "1.2.0": [Merge(["y"], into="z")]})
    assert History([BASE, one, other, top]).relation("1.0.0", "2.0.0").project("c") == {"z"}


def test_steps_of_one_side_may_be_left_to_what_the_other_branch_did():
    top = version("2.0.0", ["x", "y", "m"], [SPLITS, MERGES], {"1.1.0": [Merge(["b", "a"], into="m")]})
    assert top.steps_since(MERGES) == (Split("c", into=["x", "y"]),)
    assert top.steps_since(SPLITS) == (Merge(["b", "a"], into="m"),)


def test_flat_steps_of_two_parents_are_refused_with_the_form_to_write():
    with pytest.raises(SchemaError) as caught:
        version("2.0.0", "xym", [SPLITS, MERGES], [Merge(["a", "b"], into="m")])
    assert [(problem.where, problem.what) for problem in caught.value.problems] == [
        ("steps", "do not say which of the two versions they start from")
    ]
    assert 'steps={"1.1.0": [...], "1.2.0": [...]}' in caught.value.problems[0].remedy


def test_steps_for_a_version_that_is_not_revised_are_refused():
    with pytest.raises(SchemaError, match=r"names '1\.0\.0', which this version does not revise"):
        version("2.0.0", "xym", [SPLITS, MERGES], {"1.0.0": []})


def test_steps_by_number_are_taken_with_one_parent_too():
    one = left("abxy", {"1.0.0": [Split("c", into=["x", "y"])]})
    assert one.steps_since(BASE) == (Split("c", into=["x", "y"]),)
    assert History([BASE, one]).relation("1.0.0", "1.1.0").project("c") == {"x", "y"}


def test_ways_that_lead_to_different_labels_are_refused_by_name():
    steps = {
        "1.1.0": [Merge(["a", "b"], into="m"), Merge(["x"], into="x")],
        "1.2.0": [Merge(["c"], into="y"), Add("x")],
    }
    with pytest.raises(
        SchemaError, match=r"label 'c' of t 1\.0\.0: is x \| y by way of 1\.1\.0, and y by way of 1\.2\.0"
    ):
        version("2.0.0", "xym", [SPLITS, MERGES], steps)


def test_ways_of_which_one_forgets_a_redefinition_are_refused():
    new = Label("c", "Narrower.")
    one, other = left(["a", "b", new], [Redefine("c", "narrower")]), right("abcn", [Add("n")])
    steps = {"1.1.0": [Add("n")], "1.2.0": [Merge(["c"], into="c")]}
    with pytest.raises(SchemaError, match="is redefined or dropped by way of one of"):
        version("2.0.0", ["a", "b", new, "n"], [one, other], steps)


def test_three_parents_are_refused():
    third = version("1.3.0", "abcn", BASE, [Add("n")])
    with pytest.raises(SchemaError, match=r"names 3 versions\. Fix: merge two branches at a time"):
        version("2.0.0", "xymn", [SPLITS, MERGES, third])


def test_one_parent_in_a_list_is_one_parent():
    assert version("2.0.0", "abc", [BASE]) == version("2.0.0", "abc", BASE)
    assert version("1.0.0", "abc", []) == BASE


def test_a_version_that_revises_one_version_twice_is_refused():
    with pytest.raises(SchemaError):
        version("2.0.0", "abc", [BASE, BASE])


def test_a_version_may_be_merged_with_one_that_came_from_it():
    top = version("2.0.0", "abxy", [BASE, SPLITS])
    history = History([BASE, SPLITS, top])
    assert history.relation("1.0.0", "2.0.0").images == {"a": {"a"}, "b": {"b"}, "c": {"x", "y"}}
    assert history.heads == (top,)


# Crossing over

ONE_MERGE = version("1.3.0", ["x", "y", "m"], [SPLITS, MERGES])
OTHER_MERGE = version("1.4.0", ["m", "x", "y"], [SPLITS, MERGES])
BOTH = [BASE, SPLITS, MERGES, ONE_MERGE, OTHER_MERGE]


def test_two_merges_of_the_same_branches_are_merged_by_hand():
    top = version("2.0.0", ["x", "y", "m"], [ONE_MERGE, OTHER_MERGE], {"1.3.0": [], "1.4.0": []})
    history = History([*BOTH, top])
    assert history.relation("1.0.0", "2.0.0").images == {"a": {"m"}, "b": {"m"}, "c": {"x", "y"}}
    assert history.relation("1.1.0", "2.0.0").images == {"a": {"m"}, "b": {"m"}, "x": {"x"}, "y": {"y"}}
    assert history.relation("1.3.0", "1.4.0").project("m") <= {"m"}


@pytest.mark.parametrize("heirs", ["b", ["a", "b"]], ids=str)
@pytest.mark.parametrize(("adds", "idles"), [("1.1.0", "1.2.0"), ("1.2.0", "1.1.0")])
def test_crossing_branches_whose_ways_differ_for_a_label_of_one_branch_are_refused(heirs, adds, idles):
    one, other = version(adds, "abcn", BASE, [Add("n")]), version(idles, "abc", BASE)
    keeps = version("1.3.0", "abcn", [one, other], {adds: [], idles: [Add("n")]})
    drops = version("1.4.0", "abc", [one, other], {adds: [Remove("n", maps_to="a")], idles: []})
    steps = {"1.3.0": [Remove("n", maps_to=heirs)], "1.4.0": []}
    with pytest.raises(SchemaError):  # by way of drops, n is a
        version("2.0.0", "abc", [keeps, drops], steps)


@pytest.mark.parametrize(("one", "other"), [("narrower", "shifted"), ("wider", "shifted"), ("narrower", "wider")])
def test_ways_that_redefine_a_label_differently_are_refused_whichever_half_they_differ_in(one, other):
    new = Label("c", "Another one.")
    left_, right_ = left(["a", "b", new], [Redefine("c", one)]), right("abcn", [Add("n")])
    steps = {"1.1.0": [Add("n")], "1.2.0": [Redefine("c", other)]}
    with pytest.raises(SchemaError, match="is redefined or dropped by way of one of"):
        version("2.0.0", ["a", "b", new, "n"], [left_, right_], steps)
    agreed = {"1.1.0": [Add("n")], "1.2.0": [Redefine("c", one)]}
    assert version("2.0.0", ["a", "b", new, "n"], [left_, right_], agreed).ids == ("a", "b", "c", "n")

"""A relation by itself: composed, turned round, narrowed, and read by items with several labels."""

from __future__ import annotations

import pytest

from retrolabel.errors import UnknownLabelError
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.relations import Presence, Relation, identity, relation_of_steps, step_relation
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Split
from retrolabel.schema.versions import LabelSchema


def version(number, ids, revises=None, steps=(), **more):
    labels = [each if isinstance(each, Label) else Label(each) for each in ids]
    return LabelSchema(task="t", version=number, labels=labels, revises=revises, steps=steps, **more)


def relation(images, ids, **more):
    """A relation of plain words: source -> targets, with a space between."""
    read = {old: frozenset(image.split()) for old, image in images.items()}
    return Relation("t", "1.0.0", "2.0.0", read, frozenset(ids.split()), **more)


def line(*changes, first="abg", scale="nominal"):
    """A line of versions: each change is the ids of the next version and the steps to it."""
    versions = [version("1.0.0", first, scale=scale)]
    for number, (ids, steps) in enumerate(changes, 2):
        versions.append(version(f"{number}.0.0", ids, versions[-1], steps, scale=scale))
    return History(versions)


# Unknown


GONE_THEN_MORE = line(("ab", [Remove("g")]), ("abn", [Add("n")]), ("abnm", [Add("m")]))


def test_an_unknown_label_stays_unknown_when_labels_are_added_later():
    up = GONE_THEN_MORE.relation("1.0.0", "4.0.0")
    assert up.images == {"a": {"a"}, "b": {"b"}, "g": {"a", "b", "n", "m"}}
    assert up.unknown == {"g"}
    assert [up.kind(each) for each in "abg"] == ["exact", "exact", "unknown"]


def test_a_set_that_happened_to_be_all_labels_is_no_more_than_a_set_when_labels_are_added_later():
    history = line(("xy", [Merge(["a"], into="x"), Split("b", into=["x", "y"]), Split("g", into=["x", "y"])]))
    assert history.relation("1.0.0", "2.0.0").unknown == frozenset()
    later = version("3.0.0", "xyz", history["2.0.0"], [Add("z")])
    up = History([*history, later]).relation("1.0.0", "3.0.0")
    assert up.project("g") == {"x", "y"}
    assert up.kind("g") == "set"


def test_a_label_that_may_be_one_that_was_removed_is_unknown():
    history = line(("axy", [Merge(["a", "b"], into="a"), Split("g", into=["x", "y"])]), ("ax", [Remove("y")]))
    up = history.relation("1.0.0", "3.0.0")
    assert up.unknown == {"g"}
    assert up.project("g") == {"a", "x"}


def test_an_unknown_label_is_not_suspect_when_a_label_added_later_is_redefined():
    labels = [Label("a"), Label("b"), Label("n", "Otherwise.")]
    history = line(("ab", [Remove("g")]), ("abn", [Add("n")]), (labels, [Redefine("n", "narrower")]))
    assert history.relation("1.0.0", "4.0.0").suspect_positive == frozenset()


def test_a_relation_is_the_sum_of_its_parts_when_a_label_added_after_a_removal_is_redefined():
    labels = [Label("a"), Label("b"), Label("n", "Otherwise.")]
    history = line(("ab", [Remove("g")]), ("abn", [Add("n")]), (labels, [Redefine("n", "narrower")]))
    parts = history.relation("1.0.0", "2.0.0").then(history.relation("2.0.0", "4.0.0"))
    assert parts == history.relation("1.0.0", "4.0.0")


def test_a_label_that_came_from_nowhere_is_not_one_that_was_removed_only_because_nothing_is_known_of_either():
    history = line(("an", [Remove("b"), Add("n")]), first="ab")
    down = history.relation("2.0.0", "1.0.0")
    assert down.kind("n") == "unknown"
    assert down.project("n") == {"a", "b"}


# Composed, turned round, narrowed


def test_composed_relations_keep_the_ends_and_the_suspects_of_both():
    one = relation({"a": "x", "b": "y"}, "x y", suspect_positive=frozenset("a"))
    other = Relation(
        "t", "2.0.0", "3.0.0", {"x": frozenset("p"), "y": frozenset("pq")}, frozenset("pq"), frozenset("y")
    )
    both = one.then(other)
    assert (both.source, both.target, both.target_ids) == ("1.0.0", "3.0.0", {"p", "q"})
    assert both.images == {"a": {"p"}, "b": {"p", "q"}}
    assert both.suspect_positive == {"a", "b"}
    assert both.suspect_negative == frozenset()


def test_a_relation_turned_round_swaps_what_is_suspect():
    turned = relation(
        {"a": "x y", "b": "z"}, "x y z", suspect_positive=frozenset("a"), suspect_negative=frozenset("b")
    ).inverse()
    assert (turned.suspect_positive, turned.suspect_negative) == ({"z"}, {"x", "y"})


def test_a_label_that_nothing_led_to_is_unknown_backwards_and_the_others_are_not():
    turned = relation({"a": "x", "b": "x"}, "x z").inverse()
    assert turned.unknown == {"z"}
    assert (turned.kind("x"), turned.kind("z")) == ("unknown", "unknown")


def test_a_narrowed_relation_leaves_what_both_leave_and_suspects_what_both_suspect():
    one = relation({"a": "x y", "b": "y z"}, "x y z", suspect_positive=frozenset("ab"), unknown=frozenset("b"))
    other = relation({"a": "y z", "b": "z"}, "x y z", suspect_positive=frozenset("b"), suspect_negative=frozenset("a"))
    both = one.narrowed(other)
    assert both.images == {"a": {"y"}, "b": {"z"}}
    assert (both.suspect_positive, both.suspect_negative, both.unknown) == ({"b"}, frozenset(), frozenset())


def test_narrowing_does_not_depend_on_the_order_and_once_is_enough():
    one = relation({"a": "x y", "b": "y z"}, "x y z", suspect_positive=frozenset("ab"))
    other = relation({"a": "y z", "b": "z"}, "x y z", suspect_positive=frozenset("b"))
    assert one.narrowed(other) == other.narrowed(one)
    assert one.narrowed(other).narrowed(other) == one.narrowed(other)
    assert one.narrowed(one) == one


@pytest.mark.parametrize("ask", ["project", "kind", "suspect"])
def test_a_label_that_the_source_lacks_cannot_be_asked_about(ask):
    with pytest.raises(UnknownLabelError, match=r"No label 'z' in t 1\.0\.0\. Known: a\."):
        getattr(relation({"a": "x"}, "x y"), ask)("z")


@pytest.mark.parametrize("stranger", [None, 1, 1.0, ()])
def test_what_is_no_label_at_all_is_an_unknown_label(stranger):
    with pytest.raises(UnknownLabelError):
        relation({"a": "x"}, "x y").project(stranger)


# Steps


def test_several_adds_carved_from_one_label_leave_all_of_them_possible():
    first = version("1.0.0", "ab")
    second = version("2.0.0", "abcd", first, [Add("c", carved_from="a"), Add("d", carved_from=["a", "b"])])
    up = step_relation(second, first)
    assert up.images == {"a": {"a", "c", "d"}, "b": {"b", "d"}}
    assert up.inverse().images == {"a": {"a"}, "b": {"b"}, "c": {"a"}, "d": {"a", "b"}}


def test_steps_between_versions_are_read_in_any_order():
    first, second = version("1.0.0", "abcd"), version("9.0.0", "axyz")
    steps = [Remove("c"), Merge(["d"], into="z"), Split("b", into=["x", "y"])]
    forwards = relation_of_steps(steps, first, second)
    assert forwards == relation_of_steps(steps[::-1], first, second)
    assert forwards.images == {"a": {"a"}, "b": {"x", "y"}, "c": {"a", "x", "y", "z"}, "d": {"z"}}
    assert forwards.unknown == {"c"}


def test_a_label_redefined_by_a_step_and_merged_by_another_is_both():
    first = version("1.0.0", "abc")
    second = version("2.0.0", "xc", first, [Merge(["a", "b"], into="x"), Redefine("a", "wider")])
    up = step_relation(second, first)
    assert up.images == {"a": {"x"}, "b": {"x"}, "c": {"c"}}
    assert (up.suspect_positive, up.suspect_negative) == (frozenset(), {"a"})


def test_the_identity_of_a_version_knows_only_its_answers():
    with_reserved = version("1.0.0", ["a", "b", Label("old", status="reserved")])
    assert identity(with_reserved).images == {"a": {"a"}, "b": {"b"}}
    assert identity(with_reserved).target_ids == {"a", "b"}


# Items with several labels


def moods(*changes, first):
    return line(*changes, first=first, scale="multilabel")


def presence(present="", absent="", unknown="", groups=()):
    return Presence(
        frozenset(present.split()),
        frozenset(absent.split()),
        frozenset(unknown.split()),
        frozenset(frozenset(group.split()) for group in groups),
    )


def test_a_merged_label_holds_if_one_of_its_labels_does_and_not_if_none_does():
    up = moods(("cx", [Merge(["a", "b"], into="x")]), first="abc").relation("1.0.0", "2.0.0")
    for held in ("a", "b", "ab"):
        assert up.project_presence(held) == presence("x", "c")
    assert up.project_presence(["a", "c"]) == presence("x c")
    assert up.project_presence([]) == presence("", "x c")
    assert up.project_presence([]).exact


def test_of_a_split_label_that_holds_at_least_one_part_does_and_of_one_that_does_not_none():
    up = moods(("bxy", [Split("a", into=["x", "y"])]), first="ab").relation("1.0.0", "2.0.0")
    assert up.project_presence(["a"]) == presence("", "b", "x y", ["x y"])
    assert up.project_presence(["b"]) == presence("b", "x y")
    assert not up.project_presence(["a"]).exact


def test_a_part_that_holds_for_another_reason_leaves_no_group():
    up = moods(("xy", [Split("a", into=["x", "y"]), Remove("b", maps_to="x")]), first="ab").relation("1.0.0", "2.0.0")
    assert up.project_presence(["a", "b"]) == presence("x", "", "y")
    assert up.project_presence(["b"]) == presence("x", "y")


def test_of_a_label_split_into_all_labels_there_are_at_least_one_holds():
    up = moods(("xy", [Split("a", into=["x", "y"]), Remove("b", maps_to="x")]), first="ab").relation("1.0.0", "2.0.0")
    assert up.project_presence(["a"]) == presence("", "", "x y", ["x y"])


def test_nothing_is_known_of_a_label_that_nobody_was_asked_about():
    history = moods(("abn", [Add("n")]), first="ab")
    assert history.relation("1.0.0", "2.0.0").project_presence(["a"]) == presence("a", "b", "n")
    assert history.relation("2.0.0", "1.0.0").project_presence(["n"]) == presence("", "a b")


def test_a_label_carved_from_others_is_absent_where_they_all_are():
    up = moods(("abn", [Add("n", carved_from=["a"])]), first="ab").relation("1.0.0", "2.0.0")
    assert up.project_presence([]) == presence("", "a b n")
    assert up.project_presence(["a"]) == presence("", "b", "a n", ["a n"])


def test_a_label_that_was_removed_says_nothing_of_the_others():
    up = moods(("ab", [Remove("g")]), first="abg").relation("1.0.0", "2.0.0")
    assert up.project_presence(["a", "g"]) == up.project_presence(["a"]) == presence("a", "b")


def test_read_downwards_nothing_is_known_of_a_label_that_was_removed_since():
    down = moods(("ab", [Remove("g")]), first="abg").relation("2.0.0", "1.0.0")
    assert "g" in down.project_presence([]).unknown
    assert "g" in down.project_presence(["a"]).unknown


def test_a_label_is_not_absent_where_one_that_holds_may_be_it():
    history = moods(
        ("xy", [Split("a", into=["x", "y"]), Remove("b", maps_to="x")]), ("xz", [Remove("y"), Add("z")]), first="ab"
    )
    assert "x" not in history.relation("1.0.0", "3.0.0").project_presence(["a"]).absent


def test_a_part_that_is_new_may_hold_beside_one_that_a_skip_restored():
    merge, split = Merge(["a", "b"], into="x"), Split("x", into=["a", "b", "n"], restores="1.0.0")
    up = moods(("xc", [merge]), ("abnc", [split]), first="abc").relation("1.0.0", "3.0.0")
    assert up.project_presence(["a"]) == presence("a", "b c", "n")
    assert up.project_presence(["c"]) == presence("c", "a b n")


def test_presence_is_asked_of_labels_that_the_version_has():
    up = moods(("abn", [Add("n")]), first="ab").relation("1.0.0", "2.0.0")
    assert up.project_presence([Label("a")]) == up.project_presence(["a", "a"])
    with pytest.raises(UnknownLabelError):
        up.project_presence(["n"])

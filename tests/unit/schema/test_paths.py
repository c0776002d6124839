"""Ways from one version to another: over skips, branches and diamonds, up and down."""

from __future__ import annotations

import pytest

from retrolabel.errors import SchemaError, UnknownVersionError
from retrolabel.schema import paths
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label, union
from retrolabel.schema.paths import ancestors, between, meeting, relation_between
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Split
from retrolabel.schema.versions import LabelSchema


def version(number, ids, revises=None, steps=(), **more):
    labels = [each if isinstance(each, Label) else Label(each) for each in ids]
    return LabelSchema(task="t", version=number, labels=labels, revises=revises, steps=steps, **more)


def numbers(versions):
    return [each.version for each in versions]


# A diamond, and a longer one beside it

BASE = version("1.0.0", "abc")
LEFT = version("1.1.0", "abxy", BASE, [Split("c", into=["x", "y"])])
RIGHT = version("1.2.0", "abcn", BASE, [Add("n", carved_from="a")])
RIGHTER = version("1.3.0", "mcn", RIGHT, [Merge(["a", "b"], into="m")])
DIAMOND = History([BASE, LEFT, RIGHT, RIGHTER])
TOP = DIAMOND.merge_heads("2.0.0")
WHOLE = History([*DIAMOND, TOP])


def test_ancestors_are_a_version_and_all_it_came_from_oldest_first():
    assert list(ancestors(TOP)) == ["1.0.0", "1.1.0", "1.2.0", "1.3.0", "2.0.0"]
    assert list(ancestors(RIGHTER)) == ["1.0.0", "1.2.0", "1.3.0"]
    assert list(ancestors(BASE)) == ["1.0.0"]


def test_two_versions_meet_in_the_newest_one_that_both_came_from():
    assert meeting(LEFT, RIGHTER) is BASE
    assert meeting(RIGHTER, LEFT) is BASE
    assert meeting(RIGHT, TOP) is RIGHT
    assert meeting(TOP, RIGHT) is RIGHT
    assert meeting(LEFT, LEFT) is LEFT
    assert meeting(LEFT, version("0.9.0", "ab")) is None


def test_only_versions_on_a_way_up_lie_between():
    assert numbers(between(BASE, TOP)) == ["1.0.0", "1.1.0", "1.2.0", "1.3.0", "2.0.0"]
    assert numbers(between(RIGHT, TOP)) == ["1.2.0", "1.3.0", "2.0.0"]
    assert numbers(between(BASE, RIGHTER)) == ["1.0.0", "1.2.0", "1.3.0"]
    assert numbers(between(TOP, TOP)) == ["2.0.0"]


def test_versions_without_one_in_common_have_no_relation():
    with pytest.raises(SchemaError, match=r"(?s)t 1\.0\.0 and t 0\.9\.0 have no version in common.*revise"):
        relation_between(BASE, version("0.9.0", "ab"))


def test_a_longer_diamond_reads_the_same_by_either_side():
    assert set(TOP.ids) == {"m", "n", "x", "y"}
    whole = WHOLE.relation("1.0.0", "2.0.0")
    assert whole.images == {"a": {"m", "n"}, "b": {"m"}, "c": {"x", "y"}}
    for side in ("1.1.0", "1.2.0", "1.3.0"):
        assert WHOLE.relation("1.0.0", side).then(WHOLE.relation(side, "2.0.0")) == whole


def test_a_diamond_is_read_down_by_both_sides():
    assert WHOLE.relation("2.0.0", "1.0.0").images == {"m": {"a", "b"}, "n": {"a"}, "x": {"c"}, "y": {"c"}}
    assert WHOLE.relation("2.0.0", "1.1.0").images == {"m": {"a", "b"}, "n": {"a"}, "x": {"x"}, "y": {"y"}}
    assert WHOLE.relation("2.0.0", "1.2.0").images == {"m": {"a", "b"}, "n": {"n"}, "x": {"c"}, "y": {"c"}}


def test_from_branch_to_branch_the_way_leads_over_where_they_parted():
    assert WHOLE.relation("1.1.0", "1.3.0").images == {"a": {"m", "n"}, "b": {"m"}, "x": {"c"}, "y": {"c"}}
    assert WHOLE.relation("1.3.0", "1.1.0").images == {"m": {"a", "b"}, "n": {"a"}, "c": {"x", "y"}}


def test_a_vote_that_both_branches_hold_is_read_on_the_line_asked_for():
    assert DIAMOND.resolve(union(Label("b")), "1.1.0").home == "1.1.0"
    assert DIAMOND.resolve(union(Label("b")), "1.3.0").ids == {"m"}
    assert DIAMOND.resolve(union(Label("n")), "1.1.0").ids == {"a"}


# Skips

APART = version("1.0.0", "abc")
MERGED = version("2.0.0", "xc", APART, [Merge(["a", "b"], into="x")])
SPLIT = Split("x", into=["a", "b"], restores="1.0.0")
AGAIN = version("3.0.0", "abc", MERGED, [SPLIT])
AROUND = History([APART, MERGED, AGAIN])


def test_a_label_merged_and_split_again_is_exactly_itself_by_a_skip():
    assert AROUND.relation("1.0.0", "3.0.0").images == {"a": {"a"}, "b": {"b"}, "c": {"c"}}
    assert AROUND.relation("2.0.0", "3.0.0").images == {"x": {"a", "b"}, "c": {"c"}}


def test_a_skip_leads_down_as_well():
    assert AROUND.relation("3.0.0", "1.0.0").images == {"a": {"a"}, "b": {"b"}, "c": {"c"}}
    assert AROUND.relation("3.0.0", "2.0.0").images == {"a": {"x"}, "b": {"x"}, "c": {"c"}}
    assert AROUND.relation("3.0.0", "1.0.0") == AROUND.relation("1.0.0", "3.0.0").inverse()


def test_a_skip_leads_over_several_versions_and_on_from_there():
    second = version("2.0.0", "xc", APART, [Merge(["a", "b"], into="x")])
    third = version("3.0.0", "xyc", second, [Split("x", into=["x", "y"])])
    fourth = version("4.0.0", "zc", third, [Merge(["x", "y"], into="z")])
    fifth = version("5.0.0", "abc", fourth, [Split("z", into=["a", "b"], restores="1.0.0")])
    sixth = version("6.0.0", ["a", "p", "q", "c"], fifth, [Split("b", into=["p", "q"])])
    history = History([APART, second, third, fourth, fifth, sixth])
    assert history.relation("1.0.0", "5.0.0").images == {"a": {"a"}, "b": {"b"}, "c": {"c"}}
    assert history.relation("1.0.0", "6.0.0").images == {"a": {"a"}, "b": {"p", "q"}, "c": {"c"}}
    assert history.relation("6.0.0", "1.0.0").images == {"a": {"a"}, "p": {"b"}, "q": {"b"}, "c": {"c"}}
    assert history.relation("3.0.0", "5.0.0").project("y") == {"a", "b"}


def test_a_skip_serves_labels_that_came_from_before_what_it_restores():
    zero = version("0.1.0", "wc")
    one = version("1.0.0", "abc", zero, [Split("w", into=["a", "b"])])
    left = version("0.2.0", "wvc", zero, [Add("v")])
    two = version("2.0.0", "xc", one, [Merge(["a", "b"], into="x")])
    three = version("3.0.0", "abc", two, [SPLIT])
    history = History([zero, one, left, two, three])
    assert history.relation("0.1.0", "3.0.0").project("w") == {"a", "b"}
    assert history.relation("0.2.0", "3.0.0").kind("v") == "unknown"


def test_a_label_that_one_older_label_becomes_is_exact_by_a_skip_further_on():
    zero = version("0.1.0", "kbc")
    one = version("1.0.0", "abc", zero, [Merge(["k"], into="a")])
    two = version("2.0.0", "xc", one, [Merge(["a", "b"], into="x")])
    history = History([zero, one, two, version("3.0.0", "abc", two, [SPLIT])])
    assert history.relation("0.1.0", "3.0.0").images == {"k": {"a"}, "b": {"b"}, "c": {"c"}}
    assert history.relation("3.0.0", "0.1.0").images == {"a": {"k"}, "b": {"b"}, "c": {"c"}}


def test_a_skip_takes_away_what_was_suspect_on_the_way():
    three = version("3.0.0", [Label("x", "Narrower."), "c"], MERGED, [Redefine("x", "narrower")])
    history = History([APART, MERGED, three, version("4.0.0", "abc", three, [SPLIT])])
    assert history.relation("1.0.0", "3.0.0").suspect_positive == {"a", "b"}
    assert history.relation("1.0.0", "4.0.0").suspect_positive == frozenset()
    assert history.relation("2.0.0", "4.0.0").suspect_positive == {"x"}


def test_a_skip_over_a_removal_makes_an_unknown_label_known_again():
    two = version("2.0.0", "bcx", APART, [Remove("a"), Add("x")])
    three = version("3.0.0", "abc", two, [Split("x", into=["a"], restores="1.0.0")])
    up = History([APART, two, three]).relation("1.0.0", "3.0.0")
    assert up.images == {"a": {"a"}, "b": {"b"}, "c": {"c"}}
    assert up.unknown == frozenset()


def test_what_a_skip_does_not_restore_is_what_the_steps_say():
    third = version("3.0.0", "adc", MERGED, [Split("x", into=["a", "d"], restores="1.0.0")])
    up = History([APART, MERGED, third]).relation("1.0.0", "3.0.0")
    assert up.images == {"a": {"a"}, "b": {"a", "d"}, "c": {"c"}}


def test_a_label_that_only_another_one_leads_to_down_over_a_skip_may_have_been_that_one():
    third = version("3.0.0", "ac", MERGED, [Split("x", into=["a"], restores="1.0.0")])
    history = History([APART, MERGED, third])
    assert history.relation("1.0.0", "3.0.0").project("b") == {"a"}
    assert "b" in history.relation("3.0.0", "1.0.0").project("a")


def test_labels_restored_one_after_the_other_can_be_read_all_the_way_down():
    third = version("3.0.0", "ac", MERGED, [Split("x", into=["a"], restores="1.0.0")])
    fourth = version("4.0.0", "bc", third, [Split("a", into=["b"], restores="1.0.0")])
    down = History([APART, MERGED, third, fourth]).relation("4.0.0", "1.0.0")
    assert "b" in down.project("b")


def test_skips_that_contradict_each_other_are_refused_when_the_version_is_made():
    one = version("1.0.0", "ab")
    two = version("2.0.0", "bc", one, [Remove("a", maps_to="b"), Add("c")])
    three = version("3.0.0", "pqc", two, [Split("b", into=["p", "q"])])
    steps = [Split("p", into=["a", "b"], restores="1.0.0"), Split("q", into=["a", "b"], restores="2.0.0")]
    with pytest.raises(SchemaError):
        version("4.0.0", "abc", three, steps)


def test_a_skip_in_one_branch_holds_after_the_branches_are_merged():
    left = version("3.0.0", "abc", MERGED, [SPLIT])
    right = version("3.1.0", "xcn", MERGED, [Add("n")])
    branched = History([APART, MERGED, left, right])
    history = History([*branched, branched.merge_heads("4.0.0")])
    assert history.relation("1.0.0", "4.0.0").images == {"a": {"a"}, "b": {"b"}, "c": {"c"}}
    assert history.relation("2.0.0", "4.0.0").project("x") == {"a", "b"}


def test_a_skip_by_hand_in_a_merge_of_branches_narrows_what_both_sides_say():
    left = version("2.1.0", "xcn", MERGED, [Add("n")])
    right = version("2.2.0", "xcm", MERGED, [Add("m")])
    steps = {"2.1.0": [SPLIT, Add("m")], "2.2.0": [SPLIT, Add("n")]}
    history = History([APART, MERGED, left, right, version("3.0.0", "abcnm", [left, right], steps)])
    assert history.relation("1.0.0", "3.0.0").images == {"a": {"a"}, "b": {"b"}, "c": {"c"}}
    assert history.relation("2.0.0", "3.0.0").images == {"x": {"a", "b"}, "c": {"c"}}
    assert history.relation("3.0.0", "1.0.0").project("a") == {"a"}


def test_reading_in_between_does_not_change_what_a_skip_says():
    for order in (["2.0.0", "3.0.0"], ["3.0.0", "2.0.0"]):
        history = History([APART, MERGED, AGAIN])
        for target in order:
            history.relation("1.0.0", target)
        assert history.relation("1.0.0", "3.0.0").project("a") == {"a"}


@pytest.mark.parametrize(("source", "target"), [("29.0.0", "1.0.0"), ("1.0.0", "29.0.0")], ids=["down", "up"])
def test_the_work_does_not_double_with_every_skip(source, target, monkeypatch):
    versions = [APART]
    for number in range(2, 30, 2):
        merged = version(f"{number}.0.0", "xc", versions[-1], [Merge(["a", "b"], into="x")])
        versions += [merged, version(f"{number + 1}.0.0", "abc", merged, [SPLIT])]
    history = History(versions)
    calls = []
    counted = paths.step_relation
    monkeypatch.setattr(paths, "step_relation", lambda *given: calls.append(1) or counted(*given))
    assert history.relation(source, target).images == {"a": {"a"}, "b": {"b"}, "c": {"c"}}
    assert len(calls) < len(versions) ** 3


# Labels that come back


def test_a_vote_for_a_restored_label_is_that_label_before_and_after():
    for target, ids in (("1.0.0", {"a"}), ("2.0.0", {"x"}), ("3.0.0", {"a"})):
        assert AROUND.resolve(union(Label("a")), target).ids == ids


def test_a_newer_version_changes_nothing_of_what_an_older_one_says_of_a_vote():
    one = version("1.0.0", "ab")
    two = version("1.1.0", "abg", one, [Add("g")])
    history = History([one, two, version("2.0.0", "ab", two, [Remove("g")])])
    for number, negated in (("1.0.0", {"b"}), ("1.1.0", {"b", "g"}), ("2.0.0", {"b"})):
        assert history.resolve(union(Label("a")), number).ids == {"a"}
        assert history.resolve(~Label("a"), number).ids == negated


@pytest.mark.parametrize("number", [1.0, 1, None])
def test_a_version_asked_for_by_what_is_no_text_is_an_unknown_version(number):
    with pytest.raises(UnknownVersionError):
        AROUND.relation("1.0.0", number)

"""What becomes of each label in a new version, and what number it deserves for that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrolabel.schema.changes import (
    BUMPS,
    Change,
    changes,
    deserved_bump,
    given_bump,
    likely_renames,
    meaning_changes,
    next_version,
)
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.relations import identity, step_relation
from retrolabel.schema.rules import AgreementTarget, AtMostOne
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Rescale, Split
from retrolabel.schema.versions import LabelSchema


def version(number, ids, revises=None, steps=(), **more):
    labels = [each if isinstance(each, Label) else Label(each) for each in ids]
    return LabelSchema(task="t", version=number, labels=labels, revises=revises, steps=steps, **more)


ABC = version("1.0.0", "abc")


def revised(ids, steps=(), parent=ABC, **more):
    return version("2.0.0", ids, parent, steps, **more)


def told(newer, older=ABC):
    """What becomes of each label: id -> its change."""
    found = changes(step_relation(newer, older), older, newer)
    return {each.label: each for each in found}


def classes(newer, older=ABC):
    """Id -> (class, image, kind, suspect)."""
    return {label: (each.change, each.image, each.kind, each.suspect) for label, each in told(newer, older).items()}


def bump(newer, older=ABC):
    return deserved_bump(step_relation(newer, older), older, newer)


SAME = {each: ("same", (each,), "exact", "") for each in "abc"}


# Classes of change


def test_a_label_that_nothing_touched_is_the_same():
    assert classes(revised("cba")) == SAME
    assert not any(each.needs_people for each in told(revised("abc")).values())


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"name": "A"}, "title"),
        ({"aliases": ["x"]}, "aliases"),
        ({"owner": "x"}, "owner"),
        ({"hotkey": "x"}, "hotkey"),
        ({"status": "deprecated"}, "status"),
    ],
    ids=str,
)
def test_a_label_that_only_looks_different_means_what_it_meant(change, name):
    newer = revised([Label("a", **change), "b", "c"])
    assert classes(newer) == SAME | {"a": ("display", ("a",), "exact", "")}
    assert told(newer)["a"].told == f"means what it meant; other {name}"
    assert not told(newer)["a"].needs_people


@pytest.mark.parametrize(
    ("direction", "suspect"), [("narrower", "positives"), ("wider", "negatives"), ("shifted", "all")]
)
def test_a_redefined_label_is_suspect_in_its_direction(direction, suspect):
    newer = revised([Label("a", "New."), "b", "c"], [Redefine("a", direction)])
    assert classes(newer) == SAME | {"a": ("redefined", ("a",), "exact", suspect)}
    assert told(newer)["a"].needs_people
    assert "suspect" in told(newer)["a"].told


def test_a_redefined_label_is_not_said_to_mean_what_it_meant():
    newer = revised([Label("a", "New."), "b", "c"], [Redefine("a", "narrower")])
    assert "means what it meant" not in told(newer)["a"].told


def test_merged_labels_are_exact_and_name_each_other():
    newer = revised("xc", [Merge(["a", "b"], into="x")])
    assert classes(newer) == {
        "a": ("merged", ("x",), "exact", ""),
        "b": ("merged", ("x",), "exact", ""),
        "c": SAME["c"],
        "x": ("added", ("x",), "new", ""),
    }
    assert told(newer)["a"].told == "is x now, together with b"
    assert told(newer)["x"].told == "is new; came from a, b"
    assert not told(newer)["a"].needs_people


def test_a_label_that_another_one_is_merged_into_is_merged_too():
    found = classes(revised("ac", [Merge(["a", "b"], into="a")]))
    assert found == {"a": ("merged", ("a",), "exact", ""), "b": ("merged", ("a",), "exact", ""), "c": SAME["c"]}
    assert classes(revised("ac", [Remove("b", maps_to="a")])) == found


def test_a_split_label_is_a_set_of_its_parts_in_the_order_of_the_version():
    newer = revised("byxc", [Split("a", into=["x", "y"])])
    assert classes(newer)["a"] == ("split", ("y", "x"), "set", "")
    assert told(newer)["a"].told == "is y | x now"
    assert told(newer)["a"].needs_people


@pytest.mark.parametrize("step", [Add("n", carved_from="a"), Split("a", into=["a", "n"])], ids=str)
def test_a_label_that_gave_a_part_away_is_carved(step):
    newer = revised("abcn", [step])
    assert classes(newer)["a"] == ("carved", ("a", "n"), "set", "")
    assert told(newer)["a"].told == "gave part of itself to n; what bore it may be a | n"
    assert told(newer)["n"].told == "is new; came from a"


def test_a_label_that_became_one_new_label_is_mapped():
    newer = revised("bcn", [Remove("a", maps_to="n"), Add("n")])
    assert classes(newer)["a"] == ("mapped", ("n",), "exact", "")
    assert told(newer)["a"].told == "is n now"


def test_a_label_removed_for_several_others_is_a_set_of_them():
    older = version("1.0.0", "abcd")
    newer = revised("bcd", [Remove("a", maps_to=["c", "b"])], older)
    assert classes(newer, older)["a"] == ("split", ("b", "c"), "set", "")


def test_a_removed_label_is_unknown_and_leads_to_nothing_new():
    newer = revised("bcn", [Remove("a"), Add("n")])
    assert classes(newer) == {
        "a": ("removed", ("b", "c", "n"), "unknown", ""),
        "b": SAME["b"],
        "c": SAME["c"],
        "n": ("added", ("n",), "new", ""),
    }
    assert told(newer)["n"].told == "is new; nothing stored is it"
    assert told(newer)["a"].needs_people


def test_a_point_of_an_old_scale_lies_at_points_of_the_new_one():
    low, high = Label("low", rank=0), Label("high", rank=9)
    older = version("1.0.0", [low, high], scale="ordinal")
    points = [Label(each, rank=rank) for rank, each in enumerate("xyz")]
    newer = revised(points, [Rescale({"low": ["x", "y"], "high": "z"})], older, scale="ordinal")
    assert classes(newer, older) == {
        "low": ("rescaled", ("x", "y"), "set", ""),
        "high": ("rescaled", ("z",), "exact", ""),
        **{each: ("added", (each,), "new", "") for each in "xyz"},
    }
    assert told(newer, older)["low"].told == "lies at x | y on the new scale"


def test_a_point_that_stays_where_it_was_is_the_same_on_the_new_scale():
    low, high = Label("low", rank=0), Label("high", rank=9)
    older = version("1.0.0", [low, high], scale="ordinal")
    step = Rescale({"low": "low", "high": ["x", "y"]})
    newer = revised([low, Label("x", rank=1), Label("y", rank=2)], [step], older, scale="ordinal")
    assert classes(newer, older)["low"] == ("same", ("low",), "exact", "")


def test_a_label_with_other_words_because_it_took_in_another_is_merged():
    newer = revised([Label("a", "Also b."), "c"], [Merge(["a", "b"], into="a")])
    assert classes(newer)["a"] == ("merged", ("a",), "exact", "")


def test_a_label_that_moved_and_was_redefined_tells_both():
    newer = revised([Label("a", "Less."), "b", "c", "n"], [Add("n", carved_from="a"), Redefine("a", "narrower")])
    assert classes(newer)["a"] == ("carved", ("a", "n"), "set", "positives")
    assert told(newer)["a"].told.endswith("; positives suspect")


def test_changes_come_in_the_order_of_the_older_version_and_then_of_what_came():
    newer = revised("ncxb", [Merge(["a"], into="x"), Add("n")])
    assert list(told(newer)) == ["a", "b", "c", "n", "x"]


def test_changes_over_several_versions_are_those_of_the_composed_relation():
    second = revised("xc", [Merge(["a", "b"], into="x")])
    third = version("3.0.0", "pqc", second, [Split("x", into=["p", "q"])])
    found = changes(History([ABC, second, third]).relation("1.0.0", "3.0.0"), ABC, third)
    assert [(each.label, each.change, each.image) for each in found] == [
        ("a", "split", ("p", "q")),
        ("b", "split", ("p", "q")),
        ("c", "same", ("c",)),
        ("p", "added", ("p",)),
        ("q", "added", ("q",)),
    ]


def test_changes_are_told_down_as_well():
    second = revised("byxc", [Split("a", into=["x", "y"])])
    found = {each.label: each.change for each in changes(step_relation(second, ABC).inverse(), second, ABC)}
    assert found == {"x": "merged", "y": "merged", "b": "same", "c": "same", "a": "added"}


def test_a_version_and_itself_differ_in_nothing():
    assert {each.change for each in changes(identity(ABC), ABC, ABC)} == {"same"}
    assert deserved_bump(identity(ABC), ABC, ABC) == "none"


@pytest.mark.parametrize(
    ("kind", "suspect", "needed"),
    [("exact", "", False), ("new", "", False), ("set", "", True), ("unknown", "", True), ("exact", "positives", True)],
)
def test_people_are_needed_where_a_stored_label_no_longer_says_what_it_said(kind, suspect, needed):
    assert Change("a", "same", ("a",), kind, suspect, "").needs_people is needed


# Numbers


@pytest.mark.parametrize(
    "newer",
    [
        revised([Label("a", name="A"), "b", "c"]),
        revised([Label("a", hotkey="a"), "b", "c"]),
        revised([Label("a", owner="search"), "b", "c"]),
        revised([Label("a", status="deprecated"), "b", "c"]),
        revised("abc", guidelines="# Read"),
        revised("abc", reason="Because."),
        revised("cab"),
        revised("abc", agreement=AgreementTarget("kappa", 0.6)),
    ],
)
def test_what_people_see_deserves_a_patch(newer):
    assert bump(newer) == "patch"


@pytest.mark.parametrize("newer", [revised("abcn", [Add("n")]), revised([Label("a", aliases=["x"]), "b", "c"])])
def test_what_leaves_every_stored_label_what_it_was_deserves_a_minor(newer):
    assert bump(newer) == "minor"


@pytest.mark.parametrize(
    ("ids", "steps"),
    [
        ("xc", [Merge(["a", "b"], into="x")]),
        ("ac", [Merge(["a", "b"], into="a")]),
        ("bcxy", [Split("a", into=["x", "y"])]),
        ("abcn", [Add("n", carved_from="a")]),
        ("bc", [Remove("a")]),
        ("bc", [Remove("a", maps_to="b")]),
        ("bcn", [Remove("a", maps_to="n"), Add("n")]),
        ([Label("a", "New."), "b", "c"], [Redefine("a", "narrower")]),
        ([Label("a", "New."), "b", "c"], [Redefine("a", "wider")]),
        ([Label("a", "New."), "b", "c"], [Redefine("a", "shifted")]),
    ],
    ids=str,
)
def test_what_makes_a_stored_label_a_set_suspect_merged_or_unknown_deserves_a_major(ids, steps):
    assert bump(revised(ids, steps)) == "major"
    assert bump(revised([*ids, "z"], [*steps, Add("z")])) == "major"


def test_a_new_scale_deserves_a_major():
    older = version("1.0.0", [Label("low", rank=0), Label("high", rank=9)], scale="ordinal")
    points = [Label(each, rank=rank) for rank, each in enumerate("xyz")]
    assert bump(revised(points, [Rescale({"low": ["x", "y"], "high": "z"})], older, scale="ordinal"), older) == "major"


def test_a_new_rule_deserves_a_minor():
    older = version("1.0.0", "ab", scale="multilabel")
    newer = revised("ab", (), older, scale="multilabel", constraints=[AtMostOne(["a", "b"])])
    assert bump(newer, older) == "minor"


def test_an_id_that_is_reserved_deserves_a_patch():
    assert bump(revised(["a", "b", "c", Label("old", status="reserved")])) == "patch"


def test_a_label_that_is_redefined_while_another_comes_deserves_what_the_greater_change_does():
    newer = revised([Label("a", "New.", name="A"), "b", "c", "n"], [Redefine("a", "wider"), Add("n")], reason="x")
    assert bump(newer) == "major"


@pytest.mark.parametrize(
    ("older", "newer", "rose"),
    [
        ("1.0.0", "2.0.0", "major"),
        ("1.9.9", "2.0.0", "major"),
        ("1.9.9", "3.4.5", "major"),
        ("1.2.3", "1.3.0", "minor"),
        ("1.2.3", "1.3.4", "minor"),
        ("1.2.3", "1.2.4", "patch"),
        ("1.2.9", "1.2.10", "patch"),
        ("1.2.3", "1.2.3", "none"),
    ],
)
def test_the_given_bump_is_the_first_part_of_the_number_that_differs(older, newer, rose):
    assert given_bump(version(older, "ab"), version(newer, "ab")) == rose


@pytest.mark.parametrize("number", ["0.0.0", "1.4.2", "9.9.9", "10.20.30"])
@pytest.mark.parametrize("part", ["patch", "minor", "major"])
def test_the_next_number_is_above_and_rose_by_what_was_asked(number, part):
    older, newer = version(number, "ab"), version(next_version(number, part), "ab")
    assert newer.order > older.order
    assert given_bump(older, newer) == part
    assert not any(newer.order[("major", "minor", "patch").index(part) + 1 :])


def test_bumps_are_known_from_the_least_to_the_greatest():
    assert BUMPS == ("none", "patch", "minor", "major")


# Meanings and renames


def test_meaning_changes_name_the_labels_that_both_versions_have_with_other_words():
    newer = revised([Label("a", "New."), Label("b", name="B"), "n"], [Redefine("a", "wider"), Remove("c"), Add("n")])
    assert meaning_changes(ABC, newer) == ["a"]
    assert meaning_changes(newer, ABC) == ["a"]
    assert meaning_changes(ABC, ABC) == []


RETREIVAL = Label("retreival", "The answer rests on a wrong or missing source.")
OLDER = version("1.0.0", [RETREIVAL, "good"])


def renames(new, steps, **more):
    newer = version("2.0.0", [new, "good"], OLDER, steps, **more)
    return list(likely_renames(OLDER, newer))


def test_a_removed_and_an_added_label_that_read_alike_look_like_a_rename():
    steps = [Remove("retreival"), Add("retrieval")]
    assert renames("retrieval", steps) == [("retreival", "retrieval")]
    assert renames(replace(RETREIVAL, id="source"), [Remove("retreival"), Add("source")]) == [("retreival", "source")]
    assert renames(Label("r2", name="Retreival"), [Remove("retreival"), Add("r2")]) == [("retreival", "r2")]


def test_labels_that_read_differently_are_no_rename():
    assert renames(Label("formatting", "The answer is hard to read."), [Remove("retreival"), Add("formatting")]) == []


def test_labels_without_words_are_not_alike_for_that():
    older = version("1.0.0", ["good", "slow"])
    newer = version("2.0.0", ["good", "formatting"], older, [Remove("slow"), Add("formatting")])
    assert list(likely_renames(older, newer)) == []


@pytest.mark.parametrize(
    "steps",
    [
        [Remove("retreival", maps_to="retrieval"), Add("retrieval")],
        [Merge(["retreival"], into="retrieval")],
        [Split("retreival", into=["retrieval"])],
    ],
    ids=str,
)
def test_what_the_author_says_with_a_step_is_no_likely_rename(steps):
    assert renames("retrieval", steps) == []


def test_naming_both_in_the_reason_is_a_word_from_the_author():
    steps = [Remove("retreival"), Add("retrieval")]
    assert renames("retrieval", steps, reason="retrieval is asked anew, retreival is not mapped to it.") == []
    assert renames("retrieval", steps, reason="A typo: retreival.") == [("retreival", "retrieval")]


def test_naming_only_the_new_label_is_not_naming_an_old_one_that_is_part_of_its_name():
    older = version("1.0.0", ["bug", "task"])
    newer = version("2.0.0", ["bugs", "task"], older, [Remove("bug"), Add("bugs")], reason="We say bugs now.")
    assert list(likely_renames(older, newer)) == [("bug", "bugs")]


def test_every_pair_that_reads_alike_is_told():
    older = version("1.0.0", ["color", "colors", "x"])
    newer = version("2.0.0", ["colour", "x"], older, [Remove("color"), Remove("colors"), Add("colour")])
    assert list(likely_renames(older, newer)) == [("color", "colour"), ("colors", "colour")]

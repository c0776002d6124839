"""One step in place of several, and steps out of a relation."""

from __future__ import annotations

import pytest

from retrolabel.errors import SchemaError, UnknownVersionError
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.relations import relation_of_steps, step_relation
from retrolabel.schema.squashing import steps_of
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Rescale, Split
from retrolabel.schema.versions import LabelSchema


def version(number, ids, revises=None, steps=(), **more):
    labels = [each if isinstance(each, Label) else Label(each) for each in ids]
    return LabelSchema(task="t", version=number, labels=labels, revises=revises, steps=steps, **more)


def line(first, *changes):
    versions = [version("1.0.0", first)]
    for number, (ids, steps) in enumerate(changes, 2):
        versions.append(version(f"{number}.0.0", ids, versions[-1], steps))
    return History(versions)


def same_relations(short, history):
    left = [each.version for each in short]
    return all(short.relation(a, b) == history.relation(a, b) for a in left for b in left)


BACK = Split("x", into=["a", "b"], restores="1.0.0")


@pytest.mark.parametrize(
    ("ids", "steps", "said"),
    [
        ("abc", [], []),
        ("xc", [Merge(["b", "a"], into="x")], [Merge(["a", "b"], into="x")]),
        ("abyx", [Split("c", into=["x", "y"])], [Split("c", into=["y", "x"])]),
        ("ab", [Remove("c")], [Remove("c")]),
        ("ab", [Remove("c", maps_to=["b", "a"])], [Split("c", into=["a", "b"])]),
        ("ab", [Remove("c", maps_to="a")], [Merge(["a", "c"], into="a")]),
        ("abcn", [Add("n")], [Add("n")]),
        ("abcn", [Add("n", carved_from="c")], [Split("c", into=["c", "n"])]),
        ("abn", [Remove("c"), Add("n")], [Remove("c"), Add("n")]),
        (["a", "b", Label("c", "New.")], [Redefine("c", "wider")], [Redefine("c", "wider")]),
        (["a", Label("b", "New.")], [Merge(["b", "c"], into="b")], [Merge(["b", "c"], into="b")]),
    ],
    ids=str,
)
def test_steps_read_out_of_a_relation_say_the_same(ids, steps, said):
    first = version("1.0.0", "abc")
    second = version("2.0.0", ids, first, steps)
    relation = step_relation(second, first)
    found = steps_of(relation, first, second)
    assert found == tuple(said)
    assert relation_of_steps(found, first, second) == relation


def test_a_squashed_line_has_one_step_and_the_same_relations():
    history = line(
        "abc",
        ("xc", [Merge(["a", "b"], into="x")]),
        ("pqc", [Split("x", into=["p", "q"])]),
        ("pqcn", [Add("n")]),
    )
    short = history.squash("1.0.0", "4.0.0")
    assert [each.version for each in short] == ["1.0.0", "4.0.0"]
    assert short["4.0.0"].steps == (Split("a", into=["p", "q"]), Split("b", into=["p", "q"]), Add("n"))
    assert short["4.0.0"].labels == history["4.0.0"].labels
    assert same_relations(short, history)


def test_versions_before_and_after_a_squashed_stretch_stay_as_they_were():
    history = line(
        "abc", ("abx", [Merge(["c"], into="x")]), ("aby", [Merge(["x"], into="y")]), ("ay", [Remove("b", maps_to="a")])
    )
    for since, until in (("1.0.0", "3.0.0"), ("2.0.0", "4.0.0"), ("1.0.0", "4.0.0")):
        short = history.squash(since, until)
        assert same_relations(short, history)
        assert short["4.0.0"].parents[0].version == ("3.0.0" if until == "3.0.0" else since)
    assert len(history) == 4


def test_neighbours_are_squashed_into_what_they_were():
    history = line("abc", ("xc", [Merge(["a", "b"], into="x")]))
    short = history.squash("1.0.0", "2.0.0")
    assert short["2.0.0"].steps == (Merge(["a", "b"], into="x"),)
    assert same_relations(short, history)


def test_what_was_redefined_on_the_way_stays_suspect_in_both_directions():
    wide, narrow = Label("a", "Wider."), Label("a", "Narrower.")
    history = line("ab", ([wide, "b"], [Redefine("a", "wider")]), ([narrow, "b"], [Redefine("a", "narrower")]))
    short = history.squash("1.0.0", "3.0.0")
    assert short["3.0.0"].steps == (Redefine("a", "shifted"),)
    assert same_relations(short, history)


def test_what_leads_to_a_redefined_label_stays_suspect_though_its_own_meaning_did_not_change():
    history = line("abc", ("xc", [Merge(["a", "b"], into="x")]), ([Label("x", "New."), "c"], [Redefine("x", "wider")]))
    short = history.squash("1.0.0", "3.0.0")
    assert short.relation("1.0.0", "3.0.0").suspect_negative == {"a", "b"}
    assert same_relations(short, history)


def test_a_split_label_of_which_a_part_was_removed_cannot_be_said_with_one_step():
    history = line("abc", ("bcxy", [Split("a", into=["x", "y"])]), ("bcx", [Remove("y")]))
    assert history.relation("1.0.0", "3.0.0").kind("a") == "unknown"
    with pytest.raises(SchemaError, match="the relation would change from"):
        history.squash("1.0.0", "3.0.0")


def test_a_skip_inside_a_squashed_stretch_becomes_what_it_says():
    history = line("abc", ("xc", [Merge(["a", "b"], into="x")]), ("abc", [BACK]), ("abcn", [Add("n")]))
    short = history.squash("1.0.0", "4.0.0")
    assert short["4.0.0"].steps == (Add("n"),)
    assert same_relations(short, history)


def test_a_skip_to_before_a_squashed_stretch_is_kept():
    history = line("abc", ("xc", [Merge(["a", "b"], into="x")]), ("xcn", [Add("n")]), ("abcn", [BACK]))
    short = history.squash("2.0.0", "4.0.0")
    assert BACK in short["4.0.0"].steps
    assert short.relation("1.0.0", "4.0.0").project("a") == {"a"}
    assert same_relations(short, history)


def test_a_skip_after_a_squashed_stretch_to_its_first_version_is_kept():
    history = line("abc", ("xc", [Merge(["a", "b"], into="x")]), ("xcn", [Add("n")]), ("abcn", [BACK]))
    short = history.squash("1.0.0", "3.0.0")
    assert short["4.0.0"].steps == (BACK,)
    assert short.relation("1.0.0", "4.0.0").project("b") == {"b"}
    assert same_relations(short, history)


def test_a_version_that_a_later_skip_restores_cannot_be_squashed_away():
    history = line("ab", ("abc", [Add("c")]), ("xc", [Merge(["a", "b"], into="x")]), ("abc", [replaced("2.0.0")]))
    with pytest.raises(SchemaError):
        history.squash("1.0.0", "3.0.0")


def replaced(number):
    return Split("x", into=["a", "b"], restores=number)


def test_a_whole_diamond_is_squashed_into_one_step():
    base = version("1.0.0", "abc")
    left = version("1.1.0", "abxy", base, [Split("c", into=["x", "y"])])
    right = version("1.2.0", "mc", base, [Merge(["a", "b"], into="m")])
    branched = History([base, left, right])
    history = History([*branched, branched.merge_heads("2.0.0")])
    short = history.squash("1.0.0", "2.0.0")
    assert [each.version for each in short] == ["1.0.0", "2.0.0"]
    assert set(short["2.0.0"].steps) == {Split("c", into=["x", "y"]), Merge(["a", "b"], into="m")}
    assert same_relations(short, history)


def test_one_side_of_a_diamond_is_squashed_and_the_merge_stays():
    base = version("1.0.0", "abc")
    left = version("1.1.0", "abxy", base, [Split("c", into=["x", "y"])])
    lefter = version("1.2.0", "abxyn", left, [Add("n")])
    right = version("1.3.0", "mc", base, [Merge(["a", "b"], into="m")])
    branched = History([base, left, lefter, right])
    history = History([*branched, branched.merge_heads("2.0.0")])
    short = history.squash("1.0.0", "1.2.0")
    assert [each.version for each in short] == ["1.0.0", "1.2.0", "1.3.0", "2.0.0"]
    assert same_relations(short, history)


def test_a_stretch_that_another_branch_parts_from_is_not_squashed():
    base = version("1.0.0", "ab")
    middle = version("1.1.0", "abc", base, [Add("c")])
    history = History(
        [base, middle, version("1.2.0", "abcd", middle, [Add("d")]), version("1.3.0", "abce", middle, [Add("e")])]
    )
    with pytest.raises(SchemaError, match=r"(?s)1\.3\.0 part\(s\) from a version between 1\.0\.0 and 1\.2\.0.*merge"):
        history.squash("1.0.0", "1.2.0")


def test_branches_that_part_at_either_end_of_a_stretch_are_no_hindrance():
    base = version("1.0.0", "ab")
    middle = version("1.1.0", "abc", base, [Add("c")])
    end = version("1.2.0", "abcd", middle, [Add("d")])
    sides = [version("1.3.0", "abe", base, [Add("e")]), version("1.4.0", "abcdf", end, [Add("f")])]
    history = History([base, middle, end, *sides])
    assert same_relations(history.squash("1.0.0", "1.2.0"), history)


@pytest.mark.parametrize("ends", [("2.0.0", "1.0.0"), ("1.0.0", "1.0.0")])
def test_only_from_an_older_version_to_a_newer_one_can_be_squashed(ends):
    with pytest.raises(SchemaError, match="did not come from"):
        line("ab", ("abc", [Add("c")])).squash(*ends)


def test_versions_on_two_branches_cannot_be_squashed():
    base = version("1.0.0", "ab")
    history = History([base, version("1.1.0", "abc", base, [Add("c")]), version("1.2.0", "abd", base, [Add("d")])])
    with pytest.raises(SchemaError, match=r"t 1\.2\.0 did not come from t 1\.1\.0"):
        history.squash("1.1.0", "1.2.0")


def test_a_version_that_is_not_there_cannot_be_squashed():
    with pytest.raises(UnknownVersionError):
        line("ab", ("abc", [Add("c")])).squash("1.0.0", "3.0.0")


def test_rescales_one_after_the_other_are_squashed_with_the_runs_they_lead_to():
    def scale(number, ids, revises=None, steps=()):
        labels = [Label(each, rank=rank) for rank, each in enumerate(ids)]
        return version(number, labels, revises, steps, scale="ordinal")

    one = scale("1.0.0", ["low", "high"])
    two = scale("2.0.0", "pqr", one, [Rescale({"low": ["p", "q"], "high": ["q", "r"]})])
    three = scale("3.0.0", "xy", two, [Rescale({"p": "x", "q": "x", "r": "y"})])
    history = History([one, two, three])
    short = history.squash("1.0.0", "3.0.0")
    assert short.relation("1.0.0", "3.0.0").images == {"low": {"x"}, "high": {"x", "y"}}
    assert same_relations(short, history)


def test_the_squashed_history_reads_labels_as_the_long_one_and_knows_no_version_between():
    history = line("abc", ("xc", [Merge(["a", "b"], into="x")]), ("xcn", [Add("n")]))
    short = history.squash("1.0.0", "3.0.0")
    with pytest.raises(UnknownVersionError):
        short.relation("1.0.0", "2.0.0")
    assert len(history) == 3

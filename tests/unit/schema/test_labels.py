"""A label is its id and its meaning; unions of labels follow the algebra of sets."""

from __future__ import annotations

import itertools

import pytest

from retrolabel.errors import SchemaError
from retrolabel.schema.labels import Label, LabelUnion, label_id, union
from retrolabel.schema.versions import LabelSchema

A, B, C, D = (Label(name) for name in "abcd")
ABCD = LabelSchema(task="letters", version="1.0.0", labels=[A, B, C, D])
ALL_VOTES = [
    LabelUnion(frozenset(chosen), negated)
    for size in range(5)
    for chosen in itertools.combinations((A, B, C, D), size)
    for negated in (False, True)
]


@pytest.mark.parametrize("name", ["bug", "Bug", "4xx", "a", "a_b", "a-b", "a.b", "P0"])
def test_an_id_may_hold_letters_digits_and_three_signs(name):
    assert Label(name).id == name


@pytest.mark.parametrize(
    "name", ["", " ", "two words", "_a", "-a", ".a", "a|b", "~a", "a,b", "é", "ß", "検索", "bug\n", "a/b", "a:b"]
)
def test_an_id_that_is_no_word_is_refused_with_a_remedy(name):
    with pytest.raises(SchemaError, match="A label id is a word") as caught:
        Label(name)
    assert repr(name) in caught.value.message
    assert caught.value.remedy == "put what people should read into name="


@pytest.mark.parametrize("name", [404, 1.0, True, None])
def test_an_id_that_is_no_text_is_refused(name):
    with pytest.raises(SchemaError, match="A label id is a word"):
        Label(name)


def test_cannot_tell_is_no_label():
    with pytest.raises(SchemaError, match="'cannot_tell' is no label") as caught:
        Label("cannot_tell")
    assert "--map-label" in caught.value.remedy


def test_a_status_outside_the_three_is_refused():
    assert [Label("a", status=status).status for status in ("active", "deprecated", "reserved")] == [
        "active",
        "deprecated",
        "reserved",
    ]
    with pytest.raises(SchemaError, match="one of active, deprecated, reserved, not 'retired'"):
        Label("a", status="retired")


@pytest.mark.parametrize("attribute", ["include", "exclude", "examples", "aliases"])
def test_a_list_is_frozen_so_that_its_owner_cannot_change_the_label(attribute):
    texts = ["one", "two"]
    label = Label("a", **{attribute: texts})
    texts.append("three")
    assert getattr(label, attribute) == ("one", "two")
    assert hash(label) == hash(Label("a", **{attribute: ("one", "two")}))


@pytest.mark.parametrize("attribute", ["include", "exclude", "examples", "aliases"])
def test_one_text_in_place_of_a_list_is_refused_by_name(attribute):
    with pytest.raises(SchemaError, match=f"'a': {attribute} is a list of texts, not one text"):
        Label("a", **{attribute: "crash"})


def test_an_attribute_of_a_label_cannot_be_set():
    with pytest.raises(AttributeError):
        A.definition = "another"


@pytest.mark.parametrize(
    "field", [{"name": "Bug!"}, {"owner": "search"}, {"hotkey": "b"}, {"aliases": ["d"]}, {"status": "deprecated"}]
)
def test_what_people_see_does_not_tell_two_labels_apart(field):
    plain, shown = Label("bug", "It breaks."), Label("bug", "It breaks.", **field)
    assert shown == plain
    assert hash(shown) == hash(plain)
    assert {plain, shown} == {plain}


@pytest.mark.parametrize(
    "field",
    [{"include": ["a"]}, {"exclude": ["a"]}, {"examples": ["a"]}, {"rank": 1}, {"parent": "defect"}],
)
def test_what_a_label_means_tells_two_labels_apart(field):
    assert Label("bug", "It breaks.", **field) != Label("bug", "It breaks.")


def test_the_definition_and_the_id_tell_two_labels_apart():
    assert Label("bug", "It breaks.") != Label("bug", "It breaks!")
    assert Label("bug", "It breaks.") != Label("crash", "It breaks.")


def test_the_title_is_the_name_and_else_the_id():
    assert Label("bug", name="Product bug").title == "Product bug"
    assert Label("bug").title == "bug"


def test_a_stored_form_lists_ids_in_order_whatever_order_they_were_written_in():
    assert str(C | A | B) == "a|b|c"
    assert str(~(C | A)) == "~a|c"
    assert repr(~A) == "~a"
    assert str(union(A)) == "a"


def test_the_stored_form_of_a_union_knows_upper_case():
    assert str(Label("b") | Label("B") | Label("a")) == "B|a|b"


def test_a_union_joins_labels_and_unions_in_any_order():
    expected = LabelUnion(frozenset({A, B, C}))
    assert expected == A | B | C
    assert expected == C | (B | A)
    assert expected == (A | B) | (B | C)
    assert union(A) == A | A


def test_union_takes_a_label_a_union_or_several_labels():
    assert union(A) == LabelUnion(frozenset({A}))
    assert union([B, A, B]) == A | B
    assert union(A | B) == A | B
    assert union(~A) == LabelUnion(frozenset({A}), negated=True)


def test_a_label_joins_no_text():
    with pytest.raises(TypeError):
        A | "b"
    with pytest.raises(TypeError):
        (A | B) | "c"


def test_ids_are_those_written_whether_negated_or_not():
    assert (A | B).ids == {"a", "b"}
    assert (~(A | B)).ids == {"a", "b"}


def test_a_negated_vote_is_unlike_the_plain_one():
    assert union(A) != ~A
    assert len({~A, union(A), ~~A}) == 2


def test_negating_twice_gives_the_vote_back():
    assert all(~~vote == vote for vote in ALL_VOTES)


def test_every_vote_leaves_the_set_that_its_algebra_says():
    everything = {"a", "b", "c", "d"}
    for vote in ALL_VOTES:
        assert ABCD.possible(vote) == (everything - vote.ids if vote.negated else vote.ids)
        assert ABCD.possible(~vote) == everything - ABCD.possible(vote)


def test_a_union_leaves_exactly_what_either_side_leaves_negated_or_not():
    seen = set()
    for left, right in itertools.product(ALL_VOTES, repeat=2):
        assert ABCD.possible(left | right) == ABCD.possible(left) | ABCD.possible(right), (left, right)
        seen.add((left.negated, right.negated))
    assert seen == {(False, False), (False, True), (True, False), (True, True)}


def test_a_union_with_a_negation_stays_negated_so_that_a_new_label_is_left_possible():
    assert str(~A | B) == "~a"
    assert str(A | ~(A | B)) == "~b"
    assert str(~(A | B) | ~(B | C)) == "~b"
    wider = LabelSchema(task="letters", version="1.0.0", labels=[A, B, C, D, Label("e")])
    assert wider.possible(~(A | B) | ~(B | C)) == {"a", "c", "d", "e"}


def test_a_label_or_its_negation_rules_nothing_out():
    assert ABCD.possible(A | ~A) == {"a", "b", "c", "d"}


def test_an_id_may_be_given_as_label_or_text():
    assert label_id(A) == "a"
    assert label_id("a") == "a"

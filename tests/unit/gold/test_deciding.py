"""How one label comes from what several people said of one item."""

from __future__ import annotations

import pytest

from retrolabel.errors import GoldError
from retrolabel.gold.deciding import MAJORITY, Adjudication

TIED = {"ana": "bug", "ben": "crash"}
TWO_TO_ONE = {"ana": "bug", "ben": "crash", "cleo": "crash"}


@pytest.mark.parametrize(
    ("said", "method", "people"),
    [
        (["majority"], "majority", ()),
        (["dawid-skene"], "dawid-skene", ()),
        (["person:cleo"], "adjudicator", ("cleo",)),
        (["person: Cleo Bo "], "adjudicator", ("Cleo Bo",)),
        (["person:majority"], "adjudicator", ("majority",)),
        (["person:cleo", "person:ana"], "adjudicator", ("cleo", "ana")),
    ],
)
def test_a_setting_names_a_way(said, method, people):
    found = Adjudication.of(said)
    assert (found.method, found.people) == (method, people)


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        (["cleo"], 'write "person:cleo", if cleo is a person whose answer decides'),
        (["dawid_skene"], 'write "dawid-skene"'),
        (["Majority"], 'write "majority"'),
        (["person:"], 'write "person:NAME", as the person is called in gold'),
        (["person:ana", "person:ana"], "name each person once"),
    ],
)
def test_what_is_no_way_is_refused_with_what_was_meant(said, remedy):
    with pytest.raises(GoldError) as caught:
        Adjudication.of(said)
    assert caught.value.remedy == remedy


@pytest.mark.parametrize("said", [[], ["majority", "person:ana"], ["majority", "dawid-skene"]])
def test_ways_cannot_be_mixed_and_one_must_be_named(said):
    with pytest.raises(GoldError, match="is not one way to adjudicate"):
        Adjudication.of(said)


@pytest.mark.parametrize("how", [MAJORITY, Adjudication.of(["person:dan"]), Adjudication.of(["dawid-skene"])])
def test_without_the_adjudicator_s_answer_or_a_model_the_majority_decides(how):
    assert how.settle(TWO_TO_ONE) == ("crash", "majority")
    assert how.settle(TIED) == ("", "tie")
    assert how.settle({"ana": "bug"}) == ("bug", "unanimous")


def test_the_adjudicator_s_answer_decides_against_the_majority_and_resolves_a_tie():
    how = Adjudication.of(["person:ana"])
    assert how.settle(TWO_TO_ONE) == ("bug", "adjudicator")
    assert how.settle(TIED) == ("bug", "adjudicator")
    assert how.settle({"ana": "bug", "ben": "bug"}) == ("bug", "unanimous")


def test_of_two_adjudicators_who_answered_the_one_named_first_decides():
    for order in (TIED, dict(reversed(TIED.items()))):
        assert Adjudication.of(["person:ben", "person:ana"]).settle(order).label == "crash"
        assert Adjudication.of(["person:zoe", "person:ana", "person:ben"]).settle(order).label == "bug"


@pytest.mark.parametrize(
    ("bug", "expected"), [(0.9, ("bug", "dawid-skene")), (0.5, ("", "tie")), (0.5 + 1e-12, ("", "tie"))]
)
def test_dawid_skene_decides_where_a_label_is_more_probable_than_all_others(bug, expected):
    assert Adjudication.of(["dawid-skene"]).settle(TWO_TO_ONE, {"bug": bug, "crash": 1 - bug}) == expected


def test_a_label_that_is_likeliest_but_not_above_a_half_is_a_tie():
    posterior = {"bug": 0.45, "crash": 0.3, "question": 0.25}
    assert Adjudication.of(["dawid-skene"]).settle(TWO_TO_ONE, posterior) == ("", "tie")


def test_a_label_that_nobody_gave_the_item_is_never_its_gold():
    how = Adjudication.of(["dawid-skene"])
    assert how.settle(TWO_TO_ONE, {"question": 0.9, "bug": 0.06, "crash": 0.04}) == ("", "tie")
    assert how.settle({"ana": "bug", "ben": "bug"}, {"question": 0.9, "bug": 0.1}) == ("bug", "unanimous")


def test_an_adjudicator_who_never_answered_is_told_with_the_nearest_name():
    how = Adjudication.of(["person:Cleo", "person:ana", "person:zoe"])
    assert how.absent(["cleo", "ana", "ben"]) == [
        "the adjudicator 'Cleo' gave no answer, so the majority decides; did you mean 'cleo'?",
        "the adjudicator 'zoe' gave no answer, so the majority decides; people are ana, ben, cleo",
    ]
    assert MAJORITY.absent(["ana"]) == []

"""Adjudication knows people and items, and no order in which their answers came."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from retrolabel.gold.adjudication import HumanLabel, adjudicate
from retrolabel.gold.deciding import Adjudication
from retrolabel.jobs.gold.people_model import dawid_skene
from tests.laws import law

PEOPLE = ("ana", "ben", "cleo", "dan")
WAYS = {
    "majority": Adjudication(),
    "person": Adjudication.of(["person:cleo", "person:ana"]),
    "dawid-skene": Adjudication.of(["dawid-skene"], dawid_skene),
}
cells = st.dictionaries(
    st.tuples(st.integers(0, 5), st.sampled_from(PEOPLE), st.sampled_from(["1.0.0", "2.0.0"])), st.sampled_from("abc")
)


def said(answers):
    return [HumanLabel("s", str(item), who, label, made, "dev") for (item, who, made), label in answers]


def decided(labels, how):
    gold = adjudicate(labels, how=how)
    found = {(item.item_id, item.label, item.decided, item.annotators, item.schema_version) for item in gold.items}
    return found | {(item.item_id, "", "tie", item.annotators, item.schema_version) for item in gold.tied}, gold.notes


# Sixty items that three people answered, so that there is a model of people.
KNOWN = [
    ((100 + n, who, "1.0.0"), "abc"[(n + (who == "cleo") * (n % 3 == 0)) % 3]) for n in range(60) for who in PEOPLE[:3]
]


@pytest.mark.parametrize("way", WAYS)
@given(st.data())
@law(40, slow=True)
def test_the_order_of_answers_changes_nothing(way, data):
    answers = list(data.draw(cells).items()) + (KNOWN if way == "dawid-skene" else [])
    mixed = data.draw(st.permutations(answers))
    assert decided(said(answers), WAYS[way]) == decided(said(mixed), WAYS[way])


@pytest.mark.parametrize("way", WAYS)
@given(cells)
@law(40)
def test_every_item_is_decided_or_tied_and_its_label_is_one_that_somebody_gave(way, drawn):
    gold = adjudicate(said(drawn.items()), how=WAYS[way])
    assert {item.item_id for item in (*gold.items, *gold.tied)} == {str(item) for item, _, _ in drawn}
    for item in gold.items:
        assert item.label in item.shares
        assert sum(item.shares.values()) == pytest.approx(1)
        assert (item.decided == "unanimous") == item.unanimous == (item.differing == ())

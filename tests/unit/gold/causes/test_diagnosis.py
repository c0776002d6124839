"""Which causes stand out, and what is left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from retrolabel.gold.causes.diagnosis import diagnose
from retrolabel.gold.causes.panel import panel_of
from retrolabel.simulation.people import OnePerson, Taste, UnclearData, UnclearSpec

LABELS = ("billing", "delay")


def causes(panel, conditions):
    return [cause.kind for cause in diagnose(panel, conditions, draws=100).causes]


@pytest.mark.parametrize(
    ("kind", "people", "planted"),
    [
        ("spec", 3, lambda items: UnclearSpec(labels=LABELS, items=items.refunds)),
        ("data", 3, lambda _: UnclearData(share=0.25)),
        ("person", 3, lambda _: OnePerson(person="ben", says="delay", where="billing", rate=0.5)),
        ("taste", 8, lambda _: Taste(labels=LABELS)),
    ],
)
def test_a_planted_cause_is_the_one_that_stands_out(asked, kind, people, planted):
    found = []
    for seed in (11, 12):
        items = asked(seed)
        found.append(causes(items.panel(planted(items), people=people), items.conditions))
    assert [kind] in found
    assert all(each[:1] == [kind] for each in found)


def test_where_nothing_is_planted_nothing_stands_out(asked):
    told = [
        causes(asked(20 + people).panel(people=people, slips=0.12), asked(20).conditions) for people in (3, 4, 5, 8)
    ]
    assert told == [[]] * 4


def test_two_causes_are_told_apart(asked):
    items = asked(14)
    spec = UnclearSpec(labels=LABELS, items=items.refunds)
    off = OnePerson(person="cleo", says="other", where="praise", rate=0.5)
    found = diagnose(items.panel(spec, off, people=4), items.conditions, draws=100)
    assert {cause.kind for cause in found.causes} == {"spec", "person"}
    assert sum(cause.share for cause in found.causes) + found.rest == pytest.approx(1)


def test_a_person_is_told_with_what_they_say_and_the_items(asked):
    panel = asked(15).panel(OnePerson(person="ben", says="delay", where="billing", rate=0.5))
    (found,) = diagnose(panel, asked(15).conditions, draws=100).causes
    assert (panel.people[found.person], found.labels) == ("ben", (1, 0))
    ben = panel.people.index("ben")
    others = np.delete(panel.codes, ben, axis=0)[:, found.items[:10]]
    assert (panel.codes[ben, found.items] == 1).all()
    assert (others == 0).sum() >= 15


def test_what_cannot_be_told_is_withheld_with_a_reason(asked):
    panel = asked(16).panel(slips=0.15, again=5)
    found = diagnose(panel, {}, draws=50)
    assert found.withheld == {
        "taste": "3 people answered 30 items or more, and camps need 8",
        "spec": "the items have no texts or columns to tell kinds of them by",
        "data": "people gave 15 answers again, on 5 items; about 50 on 20 items are needed",
    }
    two = panel_of(
        *zip(*[(i, p, c) for i in range(60) for p, c in (("a", "x"), ("b", "xy"[i % 2]))], strict=True), labels="xy"
    )
    assert diagnose(two, {}, draws=50).withheld["person"].startswith("of two people who differ nothing says")


def test_people_who_hardly_differ_have_no_cause(asked):
    found = diagnose(asked(17).panel(slips=0.01), asked(17).conditions)
    assert not found.causes
    assert set(found.withheld) == {"spec", "data", "person", "taste"}
    assert "20 are needed" in found.withheld["spec"]


def test_one_label_at_95_percent_and_a_scale_find_a_person_too(asked):
    items = asked(18, n=400)
    rare = np.random.default_rng(18).random(400) < 0.95
    items.truth["label"] = np.where(rare, "billing", items.truth["label"])
    panel = items.panel(OnePerson(person="ana", says="delay", where="billing", rate=0.12), slips=0.03, towards="near")
    for each in (panel, replace(panel, ordinal=True)):
        found = diagnose(each, items.conditions, draws=50).causes
        assert [(cause.kind, panel.people[cause.person or 0]) for cause in found] == [("person", "ana")]


def test_a_crowd_is_looked_at_by_kind_of_item_alone(asked):
    found = diagnose(asked(19).panel(people=8, slips=0.1), asked(19).conditions, crowd=7, draws=50)
    assert (
        found.withheld["taste"]
        == found.withheld["person"]
        == ("8 people answered, and more than 7 are not looked at one by one; are they sessions?")
    )

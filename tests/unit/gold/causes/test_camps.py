"""Camps of people who side with each other."""

from __future__ import annotations

import numpy as np

from retrolabel.gold.causes.camps import find_camps, share_of_camps
from retrolabel.gold.causes.panel import apart_by_item
from retrolabel.simulation.people import OnePerson, Taste


def test_two_camps_are_found_with_their_people_and_the_items_that_they_differ_on(asked):
    panel = asked(2).panel(Taste(labels=("billing", "delay"), share=0.25), people=8)
    found = find_camps(panel, deals=199)
    sides = {frozenset(np.array(panel.people)[found.camp == side].tolist()) for side in (0, 1)}
    assert sides == {frozenset({"ana", "ben", "cleo", "dan"}), frozenset({"eva", "finn", "gil", "hana"})}
    assert found.p == 0.005
    assert 55 <= found.contested.sum() <= 100


def test_camps_that_change_sides_from_item_to_item_are_camps_too(asked):
    panel = asked(2).panel(Taste(labels=("billing", "delay"), share=0.25, both_ways=True), people=8)
    assert find_camps(panel, deals=99).p == 0.01


def test_one_person_who_is_off_makes_no_camp(asked):
    ps = [
        find_camps(asked(s).panel(OnePerson(person="ben", says="delay", where="billing"), people=8), deals=99).p
        for s in range(6)
    ]
    assert sum(p <= 0.05 for p in ps) <= 1


def test_the_share_of_camps_is_what_is_between_them_beyond_what_is_within(asked):
    panel = asked(2).panel(Taste(labels=("billing", "delay"), share=0.25, keeps=1.0), people=8, slips=0.0)
    whole, _ = apart_by_item(panel.codes, panel.apart)
    assert share_of_camps(panel, whole, draws=50)[0] == 1.0
    alike = asked(2).panel(people=8)
    whole, _ = apart_by_item(alike.codes, alike.apart)
    assert share_of_camps(alike, whole, draws=50)[0] < 0.1

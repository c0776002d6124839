"""One person against the rest."""

from __future__ import annotations

import numpy as np

from retrolabel.gold.causes.panel import apart_by_item
from retrolabel.gold.causes.persons import apart_from_the_rest, odd_ones, share_of_person
from retrolabel.simulation.people import OnePerson, UnclearSpec

BILLING, DELAY = 0, 1


def test_odd_ones_count_what_a_person_says_where_most_others_say_another_label():
    codes = np.array([[0, 0, 0, -1], [0, 1, 1, 1], [0, 1, 2, 1]], np.int32)
    found = odd_ones(codes, 3)
    assert found[0].tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 0]]  # the others of the third item say two labels
    assert found[1].sum() == 1  # of the last item one other is there, and one is no majority


def test_a_person_who_says_another_label_is_found_with_what_they_say_where(asked):
    panel = asked(1).panel(OnePerson(person="ben", says="delay", where="billing", rate=0.4))
    first, *others = apart_from_the_rest(panel, deals=199)
    assert (panel.people[first.person], first.said, first.where, first.p) == ("ben", DELAY, BILLING, 0.005)
    assert 0.3 < first.times / first.of < 0.55
    assert first.others < 0.06
    assert min(other.p for other in others) > 0.05


def test_a_hard_kind_of_item_puts_nobody_apart(asked):
    ps = []
    for seed in range(6):
        items = asked(seed)
        panel = items.panel(UnclearSpec(labels=("billing", "delay"), items=items.refunds))
        ps.append(apart_from_the_rest(panel, deals=99)[0].p)
    assert sum(p <= 0.05 for p in ps) <= 1


def test_who_answered_little_is_not_told_apart(asked):
    panel = asked(1).panel(OnePerson(person="ben", says="delay", where="billing", rate=1.0))
    ben = panel.people.index("ben")
    panel.codes[ben, 20:] = -1
    assert ben not in [each.person for each in apart_from_the_rest(panel, deals=19)]


def test_the_share_of_a_person_is_beyond_how_far_the_others_are_from_each_other(asked):
    panel = asked(1).panel(OnePerson(person="ben", says="delay", where="billing", rate=0.4), slips=0.0)
    whole, _ = apart_by_item(panel.codes, panel.apart)
    ben = panel.people.index("ben")
    assert share_of_person(panel, ben, whole, draws=100)[0] == 1.0
    value, low, high = share_of_person(panel, (ben + 1) % 3, whole, draws=100)
    assert (value, low) == (0.0, 0.0)
    assert high < 0.05

"""Items on which people change their answers."""

from __future__ import annotations

import numpy as np

from retrolabel.gold.causes.again import UNCLEAR, share_of_unclear, unclear_items
from retrolabel.gold.causes.panel import panel_of
from retrolabel.simulation.people import Taste, UnclearData


def test_unclear_items_are_found_where_several_change(asked):
    panel = asked(8).panel(UnclearData(share=0.25))
    found = unclear_items(panel, deals=199)
    assert found.p == 0.005
    assert found.answers == 150
    unclear = found.items[found.chance > UNCLEAR]
    changes = np.bincount(panel.again.item, panel.again.changed, len(panel.items))
    assert changes[unclear].mean() > 1 > changes[np.setdiff1d(found.items, unclear)].mean()
    value, low, high = share_of_unclear(panel, 1.0, draws=100)
    assert 0.3 < low < value <= high


def test_slips_do_not_come_together(asked):
    ps = [unclear_items(asked(seed).panel(slips=0.15), deals=99).p for seed in range(8)]
    assert sum(p <= 0.05 for p in ps) <= 1


def test_camps_that_keep_their_answers_make_no_item_unclear(asked):
    taste = Taste(labels=("billing", "delay"), keeps=1.0)
    ps = [unclear_items(asked(seed).panel(taste, people=8), deals=99).p for seed in range(6)]
    assert sum(p <= 0.05 for p in ps) <= 1


def test_items_that_are_asked_again_because_people_split_on_them_are_not_unclear_for_that(asked):
    ps = []
    for seed in range(8):
        once = asked(seed).panel(slips=0.1, again=300)
        split = (once.given() > 0).sum(axis=1) > 1
        again = once.again.where(split[once.again.item] | (once.again.item < 60))
        ps.append(unclear_items(type(once)(once.codes, once.labels, once.people, once.items, again), deals=99).p)
    assert sum(p <= 0.05 for p in ps) <= 1


def test_one_person_alone_who_changes_answers_says_nothing_of_the_items():
    items = [f"i{at}" for at in range(60)] * 2
    said = ["x"] * 60 + ["y"] * 12 + ["x"] * 48
    assert unclear_items(panel_of(items, ["ana"] * 120, said, labels="xy"), deals=99).p > 0.05

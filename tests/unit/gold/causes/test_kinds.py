"""Kinds of items on which everybody is torn between two labels."""

from __future__ import annotations

import numpy as np

from retrolabel.gold.causes.kinds import find_kinds, pairs_of, share_of_kind
from retrolabel.gold.causes.panel import apart_by_item
from retrolabel.simulation.people import UnclearData, UnclearSpec

PAIR = (0, 1)


def test_the_kind_is_found_by_its_word_and_its_share_is_measured_beside_it(asked):
    items = asked(3)
    panel = items.panel(UnclearSpec(labels=("billing", "delay"), items=items.refunds))
    kind = find_kinds(panel, items.conditions, deals=199)[0]
    assert (kind.labels, kind.rule) == (PAIR, ((("comment has refund",), True),))
    assert kind.p <= 0.02
    whole, _ = apart_by_item(panel.codes, panel.apart)
    value, low, high = share_of_kind(panel, PAIR, items.conditions, whole, draws=200)
    assert 0.2 < low < value < high < 0.8


def test_a_kind_of_two_conditions_is_found_by_the_tree(asked):
    items = asked(4, n=600)
    late = np.random.default_rng(4).random(600) < 0.5
    both = {each for each, here in zip(items.ids, items.refund & late, strict=True) if here}
    panel = items.panel(UnclearSpec(labels=("billing", "delay"), items=both), slips=0.02)
    kind = find_kinds(panel, {**items.conditions, "source is web": late}, deals=99)[0]
    assert dict(kind.rule) == {("comment has refund",): True, ("source is web",): True}


def test_items_that_are_hard_for_no_reason_make_no_kind(asked):
    ps = []
    for seed in range(6):
        items = asked(seed)
        kinds = find_kinds(items.panel(UnclearData(share=0.25)), items.conditions, deals=99)
        ps.append(min((kind.p for kind in kinds), default=1.0))
    assert sum(p <= 0.05 for p in ps) <= 1


def test_a_word_that_tells_the_two_labels_apart_is_no_kind(asked):
    items = asked(5)
    told = {"comment has invoice": (items.truth["label"] == "billing").to_numpy()}
    assert all(kind.p > 0.05 for kind in find_kinds(items.panel(slips=0.15), told, deals=99))


def test_labels_that_hardly_any_item_is_split_between_are_not_looked_at(asked):
    assert pairs_of(asked(6).panel(slips=0.0)) == []


def test_a_kind_that_is_said_in_several_ways_is_found_by_its_words_together(asked):
    items = asked(7, n=600)
    ways = np.random.default_rng(70).integers(0, 4, 600)
    words = {f"comment has way{way}": items.refund & (ways == way) for way in range(4)}
    panel = items.panel(UnclearSpec(labels=("billing", "delay"), items=items.refunds))
    kind = find_kinds(panel, words, deals=199)[0]
    assert kind.p <= 0.02
    assert len(kind.rule) == 1
    assert len(kind.rule[0][0]) >= 3
    assert not (kind.here & ~items.refund).any()

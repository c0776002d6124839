"""Rationales that say much the same, in groups."""

from __future__ import annotations

import numpy as np

from retrolabel.gold.rationale_groups import group_rationales

SLOW = ["page slow", "slow page loads", "very slow page", "slow loading", "loading slow nothing breaks"]
PRICE = ["wrong price", "price wrong", "shows wrong price", "price not right", "wrong total price"]


def members(texts, items=None, **more):
    found = group_rationales([text.split() for text in texts], items or range(len(texts)), **more)
    return [each.members for each in found]


def test_two_points_are_two_groups_and_what_is_like_no_other_is_in_none():
    assert members([*SLOW, *PRICE, "garden hose"]) == [(0, 1, 2, 3, 4), (5, 6, 7, 8, 9)]


def test_a_slip_of_the_pen_and_an_ending_part_nothing():
    assert members(["crashes again", "crashed on start", "crashs when opened", "crashing"]) == [(0, 1, 2, 3)]


def test_the_order_of_the_rationales_changes_no_group():
    texts = [*SLOW, *PRICE, "garden hose", "rocket fuel"]
    mixed = [int(place) for place in np.random.default_rng(3).permutation(len(texts))]
    found = members([texts[place] for place in mixed])
    assert {frozenset(mixed[place] for place in each) for each in found} == {frozenset(each) for each in members(texts)}


def test_one_text_that_was_written_of_three_items_is_a_group_and_of_one_item_is_none():
    assert members(["see invoice"] * 3) == [(0, 1, 2)]
    assert members(["see invoice"] * 3, items=["a", "a", "a"]) == []


def test_nothing_and_one_text_make_no_group():
    assert members([]) == members(["slow"]) == []


def test_the_words_of_a_group_are_those_that_tell_it_from_the_others():
    slow, price = group_rationales([text.split() for text in (*SLOW, *PRICE)], range(10))
    assert (slow.terms[0], price.terms[:2]) == ("slow", ("price", "wrong"))


def test_the_text_that_is_quoted_is_a_short_one_in_the_middle():
    (slow,) = group_rationales(
        [text.split() for text in ["slow page but please see the remark on tax", *SLOW]], range(6)
    )
    assert slow.centre in {1, 2, 3, 4}

"""Conditions are written as they are printed, and mean the same."""

from __future__ import annotations

import pytest

from retrolabel.analysis.slice_conditions import conditions_of, meets
from retrolabel.errors import InputError

ROWS = [
    {"source": "web" if place % 2 else "app", "month": f"2026-0{1 + place % 3}", "comment": text, "stars": place % 4}
    for place, text in enumerate(["Refund, please", "fine and good", "the refund came late", "", "ok"] * 8)
]


def test_what_is_printed_can_be_written_and_means_the_same():
    found = conditions_of(ROWS, ["comment"], fewest=5)
    assert {"source is app", "month is 2026-01", "comment has refund", "stars is 2"} <= set(found)
    for name, here in found.items():
        assert meets(name, ROWS).tolist() == here.tolist(), name


def test_words_are_whole_words_in_any_case():
    assert meets("comment has REFUND", ROWS[:5]).tolist() == [True, False, True, False, False]
    assert not meets("comment has fund", ROWS[:5]).any()


def test_conditions_with_and_between_hold_together():
    assert meets("comment has refund and source is app", ROWS[:5]).tolist() == [True, False, True, False, False]
    assert meets("source is web and and", [{"source": "web and and"}]).tolist() == [True]


def test_conditions_that_the_same_items_meet_are_one():
    rows = [{"comment": "deep sea"}] * 20 + [{"comment": "sky"}] * 20
    assert sum(name in ("comment has deep", "comment has sea") for name in conditions_of(rows, ["comment"])) <= 1


@pytest.mark.parametrize("wrong", ["refund", "colour is red", "comment shorter than ten"])
def test_what_is_no_condition_is_refused(wrong):
    with pytest.raises(InputError):
        meets(wrong, ROWS)

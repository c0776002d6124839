"""Accuracy in slices that were named beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.analysis.named_slices import Members, named_slices

ALL = np.ones(100, np.bool_)
PLACE = np.arange(100)
WRONG = PLACE % 10 == 0
"""Ten of a hundred: 0, 10, 20, ..."""


def test_a_slice_is_held_against_all_other_items():
    row = named_slices(WRONG, {"first": Members(PLACE < 40, ALL)}).iloc[0]
    assert row[["items", "wrong", "accuracy", "rest", "difference"]].tolist() == [40, 4, 0.9, 0.9, 0.0]
    assert (row["low"], row["high"]) == (pytest.approx(0.7695, abs=1e-4), pytest.approx(0.9604, abs=1e-4))
    assert row["p"] == 1.0
    assert row["costs"] == 0.0


def test_the_interval_of_a_difference_is_newcombes():
    """56 of 70 against 48 of 80: .2 [.0524, .3339] (Newcombe 1998, table II, example a, method 10)."""
    wrong = np.concatenate([np.arange(70) >= 56, np.arange(80) >= 48])
    row = named_slices(wrong, {"a": Members(np.arange(150) < 70, np.ones(150, np.bool_))}).iloc[0]
    found = row[["difference", "difference_low", "difference_high"]].tolist()
    assert found == [pytest.approx(0.2), pytest.approx(0.0524, abs=1e-4), pytest.approx(0.3339, abs=1e-4)]


def test_items_that_nobody_could_place_are_on_neither_side():
    known = PLACE >= 10
    row = named_slices(WRONG, {"first": Members(PLACE < 40, known)}).iloc[0]
    assert row[["items", "wrong", "failed"]].tolist() == [30, 3, 10]
    assert row["rest"] == 0.9


def test_p_is_corrected_for_the_number_of_slices_and_stays_in_their_order():
    bad = {"bad": Members(WRONG | (PLACE < 5), ALL)}
    alone = named_slices(WRONG, bad).set_index("slice")["p"]["bad"]
    more = named_slices(WRONG, {**bad, "half": Members(PLACE < 50, ALL), "third": Members(PLACE < 33, ALL)})
    assert more["slice"].tolist()[0] == "bad"
    assert more.set_index("slice")["p"]["bad"] == pytest.approx(3 * alone)
    assert more["p"].max() == 1.0


def test_what_it_costs_is_of_all_items():
    row = named_slices(WRONG, {"bad": Members(WRONG, ALL, share=0.5)}).iloc[0]
    assert row["difference"] == -1.0
    assert row["costs"] == row["share"] == 0.5


def test_a_slice_without_judged_items_and_one_of_all_items_have_no_figures_and_no_p():
    found = named_slices(WRONG, {"all": Members(ALL, ALL), "none": Members(~ALL, ALL)}).set_index("slice")
    assert found["accuracy"].isna().tolist() == [False, True]
    assert found["rest"].isna().tolist() == [True, False]
    assert found[["difference", "p", "costs"]].isna().all().all()
    assert len(named_slices(WRONG, {})) == 0

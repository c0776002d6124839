"""What it costs to know again: intervals, hours, and what the figures speak for."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.gold.pricing import FEW, SAMPLES, choices, half_width
from tests.laws import law

PROPERTY = law(80)


def priced(items, **more):
    return choices(items, **{"kind": "set", "suspect": False, "seconds": 30.0, "calls": 0, **more})


def test_the_interval_of_a_large_population_is_wilsons():
    """Wilson's half-width at a share of 1/2 is z / (2 sqrt(n + z^2)): 9.62 points at n = 100."""
    assert half_width(100, 10**9) == pytest.approx(1.959964 / (2 * math.sqrt(100 + 1.959964**2)), abs=1e-6)


def test_whoever_looks_at_all_items_knows_and_more_than_all_is_all():
    assert (half_width(50, 50), half_width(70, 50), half_width(1, 1), half_width(0, 0)) == (0, 0, 0, 0)


def test_half_of_a_population_narrows_the_interval_by_the_square_root_of_two():
    whole = half_width(500, 10**12)
    assert half_width(500, 1000) == pytest.approx(whole * math.sqrt(500 / 999))


@PROPERTY
@given(n=st.integers(1, 5000), more=st.integers(1, 5000), population=st.integers(1, 10**6))
def test_more_labels_never_widen_the_interval(n, more, population):
    assert 0 <= half_width(n + more, population) <= half_width(n, population) <= 0.5 + 1e-9


def test_nothing_to_do_costs_nothing():
    assert priced(0) == ()


@pytest.mark.parametrize("items", [1, 2, 49, 50, 51, 99, 100])
def test_of_a_few_items_all_are_looked_at(items):
    (wanted,) = [choice for choice in priced(items) if choice.recommended]
    assert (wanted.choice, wanted.labels, wanted.half_width) == ("relabel", items, 0.0)


@pytest.mark.parametrize(("items", "sample"), [(101, 100), (150, 100), (300, 200), (1_000, 200), (10_000_000, 200)])
def test_of_many_items_the_smallest_sample_within_seven_points_is_looked_at(items, sample):
    found = priced(items)
    (wanted,) = [choice for choice in found if choice.recommended]
    assert (wanted.choice, wanted.labels) == ("sample", sample)
    assert wanted.half_width <= 0.07
    smaller = [choice for choice in found if choice.choice == "sample" and choice.labels < sample]
    assert all(choice.half_width > 0.07 for choice in smaller)


@PROPERTY
@given(items=st.integers(1, 10**7), suspect=st.booleans(), kind=st.sampled_from(["exact", "set", "unknown"]))
def test_exactly_one_choice_is_recommended_and_every_sample_is_a_part(items, suspect, kind):
    found = choices(items, kind=kind, suspect=suspect, seconds=None, calls=None)
    assert sum(choice.recommended for choice in found) == 1
    assert [choice.choice for choice in found if choice.choice != "sample"] == ["keep", "relabel", "label_model"]
    samples = [choice.labels for choice in found if choice.choice == "sample"]
    assert samples == [n for n in SAMPLES if n < items]
    assert max([*samples, 0]) < items
    assert next(choice.labels for choice in found if choice.choice == "relabel") == items


def test_hours_are_labels_times_the_median_seconds():
    found = {(choice.choice, choice.labels): choice.hours for choice in priced(1_000, seconds=36.0)}
    assert found["sample", 200] == pytest.approx(2.0)
    assert found["relabel", 1_000] == pytest.approx(10.0)
    assert found["keep", 0] == found["label_model", 0] == 0.0


def test_hours_are_not_known_where_nobody_measured_and_nothing_where_nobody_works():
    found = {choice.choice: choice.hours for choice in priced(60, seconds=None)}
    assert found == {"keep": 0.0, "sample": None, "relabel": None, "label_model": 0.0}


def test_no_time_at_all_is_a_measurement():
    assert {choice.hours for choice in priced(60, seconds=0.0)} == {0.0}


KEEPS = {
    ("exact", True): "stays out of fit and metrics",
    ("set", False): "fitted as the set that they leave; they judge by membership only",
    ("set", True): "stays out of fit and metrics",
    ("unknown", False): "says nothing there; the original is kept",
}


@pytest.mark.parametrize("case", KEEPS)
def test_keeping_says_what_such_labels_are_good_for(case):
    kind, suspect = case
    assert priced(5, kind=kind, suspect=suspect)[0].buys.startswith(KEEPS[case])


def test_labels_that_narrow_say_that_the_other_gold_stays_fitted():
    found = {choice.choice: choice.buys for choice in priced(73, kind="set", others=126)}
    assert found["relabel"] == "one label on each of these 73; the other 126 gold items stay fitted"
    assert found["sample"].endswith("these narrow it; the other 126 gold items stay fitted")
    assert "other" not in priced(73, kind="set")[-2].buys


def test_a_sample_of_a_suspect_label_asks_whether_it_still_holds_and_one_of_a_set_does_not():
    assert "how often the label still holds" in priced(500, suspect=True)[1].buys
    assert "still holds" not in priced(500)[1].buys


def test_the_label_model_says_what_it_takes_where_that_is_known():
    assert "(1,200 LF calls)" in priced(5, calls=1_200)[-1].buys
    assert "LF calls" not in priced(5, calls=None)[-1].buys
    assert "never gold" in priced(5)[-1].buys


def test_choices_are_plain_data():
    found = json.loads(json.dumps([choice.as_dict() for choice in priced(FEW + 1)], allow_nan=False))
    assert {tuple(each) for each in found} == {("choice", "labels", "hours", "half_width", "buys", "recommended")}

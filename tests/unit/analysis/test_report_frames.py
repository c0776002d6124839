"""The figures behind a report's charts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from retrolabel.analysis.report.frames import (
    agreements,
    confusions,
    precisions,
    reliability,
    shares_over_time,
    unit_of_time,
)
from retrolabel.analysis.report.values import NO_LABEL, Days, Judged, Score
from retrolabel.gold.agreement import agreement, membership


def days_of(*days: str) -> np.ndarray:
    return np.array(days, "datetime64[D]")


@pytest.mark.parametrize(
    ("last", "unit"),
    [
        ("2026-01-01", "day"),
        ("2026-02-14", "day"),
        ("2026-02-15", "week"),
        ("2026-11-11", "week"),
        ("2026-11-12", "month"),
        ("2030-01-01", "quarter"),
        ("2060-01-01", "year"),
    ],
)
def test_the_unit_of_time_is_the_shortest_that_needs_few_points(last, unit):
    assert unit_of_time(days_of("2026-01-01", last)) == unit


def test_without_times_the_unit_is_a_day():
    assert unit_of_time(days_of()) == "day"


def test_weeks_begin_on_monday_also_before_1970():
    sunday_and_monday = days_of("1969-12-28", "1969-12-29", "2026-03-01", "2026-03-02")
    found = shares_over_time(Days(sunday_and_monday, np.zeros(4, int), np.ones(4, int), ("bug",)), "week")
    assert found["start"].unique().tolist() == ["1969-12-22", "1969-12-29", "2026-02-23", "2026-03-02"]


def test_quarters_and_years_begin_in_january():
    days = Days(days_of("2025-12-31", "2026-05-07"), np.zeros(2, int), np.ones(2, int), ("bug",))
    assert shares_over_time(days, "quarter")["start"].unique().tolist() == ["2025-10-01", "2026-04-01"]
    assert shares_over_time(days, "year")["start"].unique().tolist() == ["2025-01-01", "2026-01-01"]


@pytest.mark.parametrize("unit", ["day", "week", "month", "quarter", "year"])
def test_shares_of_a_stretch_of_time_add_up_to_one_and_items_to_all(unit):
    random = np.random.default_rng(0)
    days = np.datetime64("2025-11-03", "D") + random.integers(0, 500, 300)
    counts = random.integers(1, 9, 300)
    found = shares_over_time(Days(days, random.integers(-1, 3, 300), counts, ("a", "b", "c")), unit)
    assert found.groupby("start")["share"].sum().to_numpy() == pytest.approx(1.0)
    assert found["items"].sum() == counts.sum()
    assert set(found["label"]) == {"a", "b", "c", NO_LABEL}


def test_a_bin_of_the_reliability_diagram_holds_the_items_that_the_model_is_so_sure_of():
    sure = np.array([0.55, 0.59, 0.6, 1.0])
    judged = Judged(np.column_stack([sure, 1 - sure]), np.array([0, 1, 0, 0]), np.array([0, 0, 0, 0]))
    found = reliability(judged).set_index("bin")
    assert found.index.tolist() == ["0.5 to 0.6", "0.6 to 0.7", "0.9 to 1.0"]
    assert found["n"].tolist() == [2, 1, 1]
    assert found["sure"].tolist() == pytest.approx([0.57, 0.6, 1.0])
    assert found["right"].tolist() == [0.5, 1.0, 1.0]
    assert ((found["low"] <= found["right"]) & (found["right"] <= found["high"])).all()


def test_without_judged_items_there_is_nothing_to_draw():
    nothing = Judged(np.zeros((0, 2)), np.zeros(0, int), np.zeros(0, int))
    assert reliability(nothing).empty
    assert confusions(nothing, ["a", "b"]).to_numpy().sum() == 0


def test_every_gold_item_is_in_the_table_of_confusions_sets_below_the_labels():
    left = (frozenset({0}), frozenset({1, 2}), frozenset({0, 2}), frozenset({1, 2}), frozenset({1}))
    judged = Judged(np.ones((2, 3)) / 3, np.array([0, 1]), np.array([0, -1]), left=left, given=(0, 2, -1, 1, -1))
    found = confusions(judged, ["a", "b", "c"])
    assert found.index.tolist() == ["a", "b", "c", "b|c", "a|c"]
    assert found.loc["b|c"].tolist() == [0, 1, 1, 0]
    assert found[NO_LABEL].tolist() == [0, 1, 0, 0, 1]
    assert found.to_numpy().sum() == len(left)


def test_membership_is_drawn_only_where_it_says_more_than_accuracy():
    one = agreement(np.array([0]), np.array([0]), np.array([True]), labels=2)
    exact = membership([frozenset({0})], np.array([0]), np.array([True]))
    sets = membership([frozenset({0, 1})], np.array([0]), np.array([True]))
    assert "membership" not in set(agreements([Score("now", one, exact)])["measure"])
    assert "membership" in set(agreements([Score("now", one, sets)])["measure"])


def test_figures_that_are_not_known_are_not_drawn():
    nothing = agreement(np.zeros(0, int), np.zeros(0, int), np.zeros(0, bool), labels=2)
    assert agreements([Score("now", nothing, membership([], np.zeros(0, int), np.zeros(0, bool)))]).empty


def test_votes_are_sorted_by_learned_precision_and_unknown_ones_come_last():
    rows = [("f", 0.6, 0, 0), ("g", np.nan, 2, 1), ("h", 0.9, 4, 4)]
    frame = pd.DataFrame(rows, columns=["lf", "learned", "judged", "right"]).assign(vote="bug")
    found = precisions(frame)
    assert found["lf"].tolist() == ["h", "f", "g"]
    assert found["on_gold"].tolist()[::2] == [1.0, 0.5]
    assert np.isnan(found["on_gold"].tolist()[1])

"""Weeks and windows: where they begin, which are looked at; lengths of texts."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.analysis.drift_weeks import LENGTHS, Span, first_day, length_bins, median_length, week_of


def day(text):
    return int(np.datetime64(text, "D").astype(int))


def test_a_week_begins_on_monday():
    sunday, monday = (week_of(np.array([day(text)]))[0] for text in ("2026-06-28", "2026-06-29"))
    assert monday == sunday + 1
    assert str(first_day(int(monday))) == "2026-06-29"


def test_the_window_is_the_newest_that_is_over_and_the_same_on_every_day_until_the_next_is():
    spans = {Span.newest(day("2025-01-01"), day("2026-06-28") + later, 4) for later in range(28)}
    (span,) = spans
    assert (str(first_day(span.window)), str(first_day(span.end))) == ("2026-06-01", "2026-06-29")
    assert Span.newest(day("2025-01-01"), day("2026-06-28") + 28, 4).window == span.end


def test_a_sunday_without_items_keeps_its_window_back():
    assert Span.newest(day("2025-01-01"), day("2026-06-27"), 4).end == Span.newest(0, day("2026-06-28"), 4).window


def test_weeks_before_are_whole_and_at_most_seven_windows():
    span = Span.newest(day("2026-01-01"), day("2026-06-28"), 4)
    assert str(first_day(span.first)) == "2026-01-05"
    long = Span.newest(day("2020-01-01"), day("2026-06-28"), 4)
    assert long.window - long.first == 28


@pytest.mark.parametrize("newest", ["2026-01-11", "2026-01-01"])
def test_without_a_whole_week_before_a_window_that_is_over_there_is_none(newest):
    assert Span.newest(day("2026-01-01"), day(newest), 4) is None


def test_twice_as_long_is_four_places_further_and_the_longest_share_one():
    places = length_bins(np.array([0, 1, 10, 20, 40, 10**9]))
    assert places.tolist() == [0, 1, 14, 18, 22, LENGTHS - 1]


@pytest.mark.parametrize("middle", [30, 90, 400])
def test_the_median_of_places_is_near_that_of_the_lengths(middle):
    long = np.random.default_rng(0).lognormal(np.log(middle), 0.8, 5_000).astype(np.int64) + 1
    counts = np.bincount(length_bins(long), minlength=LENGTHS)
    assert abs(median_length(counts) / np.median(long) - 1) < 0.06


def test_texts_that_are_all_missing_have_no_length():
    counts = np.zeros(LENGTHS, np.int64)
    counts[0] = 9
    assert median_length(counts) == 0.0

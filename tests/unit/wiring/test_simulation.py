"""Whoever does not care about words gets those that ship."""

from __future__ import annotations

from datetime import date

from pandas.testing import assert_frame_equal

from retrolabel.interop.word_lists import read_words
from retrolabel.simulation.feedback import simulate_feedback
from retrolabel.wiring.simulation import simulate


def test_simulating_without_words_takes_those_that_ship():
    explicit = simulate_feedback(50, words=read_words(), start=date(2026, 1, 1), months=6, seed=0)
    assert_frame_equal(simulate(50).feedback, explicit.feedback)
    assert_frame_equal(simulate(50).truth, explicit.truth)


def test_start_months_and_seed_are_passed_on():
    explicit = simulate_feedback(50, words=read_words(), start=date(2025, 3, 1), months=2, seed=4)
    assert_frame_equal(simulate(50, start=date(2025, 3, 1), months=2, seed=4).feedback, explicit.feedback)

"""Gates of labeling functions are told in sentences, and judge by the measured share."""

from __future__ import annotations

import pytest

from retrolabel.analysis.lf_gates import LfFigures, judged

FEW_RIGHT = LfFigures(items=900, votes=90, conflicts=2, judged=14, correct=8)


def test_a_precision_below_what_is_asked_fails_and_says_that_its_interval_holds_it():
    found = judged("dead_link", "min_precision", 0.7, FEW_RIGHT)
    assert found.state == "failed"
    assert found.told == (
        "dead_link is right on 8 of 14 dev items, .57 [.33, .79]; min_precision asks .70, which the interval holds:"
        " more dev gold may say otherwise"
    )


def test_a_precision_whose_interval_is_below_the_limit_is_not_excused():
    assert judged("x", "min_precision", 0.9, FEW_RIGHT).told.endswith("min_precision asks .90")


def test_the_limit_itself_passes():
    assert judged("x", "min_precision", 0.8, LfFigures(100, 20, 0, 20, 16)).state == "passed"
    assert judged("x", "max_coverage", 0.2, LfFigures(100, 20, 0)).state == "passed"
    assert judged("x", "max_conflict", 0.5, LfFigures(100, 20, 10)).state == "passed"


@pytest.mark.parametrize(("votes", "state"), [(9, "skipped"), (10, "failed")])
def test_below_the_fewest_dev_items_nothing_is_judged(votes, state):
    found = judged("x", "min_precision", 0.5, LfFigures(100, 50, 0, judged=votes, correct=0))
    assert found.state == state


def test_conflicts_are_a_share_of_its_votes_and_coverage_one_of_all_items():
    figures = LfFigures(items=1000, votes=20, conflicts=12)
    conflict = judged("x", "max_conflict", 0.5, figures)
    assert (conflict.state, conflict.told) == (
        "failed",
        "x is against others on 12 of its 20 votes, .60; max_conflict allows .50",
    )
    coverage = judged("x", "max_coverage", 0.01, figures)
    assert coverage.told == "x votes on 20 of 1,000 items, .02; max_coverage allows .01"


def test_a_share_that_would_read_as_the_limit_has_more_digits():
    assert ".795 [" in judged("x", "min_precision", 0.8, LfFigures(2000, 90, 0, 83, 66)).told


def test_without_items_nothing_is_judged():
    assert judged("x", "max_coverage", 0.5, LfFigures(0, 0, 0)).state == "skipped"

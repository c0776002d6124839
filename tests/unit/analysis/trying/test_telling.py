"""What is said of a labeling function that is tried: what it adds, where it covers more, and where it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrolabel.analysis.trying.telling import _added
from retrolabel.analysis.trying.values import Marginal

COVERS_MORE = Marginal(0.46, 0.43, 113 / 137, 108 / 137, (0.036, 0.007, 0.073), 137, 128)


def test_one_that_covers_more_and_is_right_less_often_is_not_told_as_a_gain_alone():
    told = list(_added(COVERS_MORE))
    assert told[1] == (
        "  right on 0.825 of the 137 dev items that have a vote with it, on 0.844 of the 128 that have one without it"
    )
    assert told[2].startswith("  of all 137, where an item without a vote counts as wrong: +3.6 points [+0.7, +7.3]")


def test_one_that_covers_nothing_new_is_told_by_the_two_accuracies():
    told = list(_added(replace(COVERS_MORE, judged_without=137)))
    assert len(told) == 2
    assert told[1].startswith("  dev accuracy 0.825 with it, 0.788 without, on 137 items: +3.6 points")


def test_the_accuracy_without_it_is_over_items_that_have_a_vote_without_it():
    assert COVERS_MORE.accuracy_where_without == pytest.approx(108 / 128)
    assert replace(COVERS_MORE, judged_without=0).accuracy_where_without is None
    assert replace(COVERS_MORE, accuracy_without=None).accuracy_where_without is None

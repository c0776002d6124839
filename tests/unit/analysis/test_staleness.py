"""Staleness: ages against a horizon, in figures and in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from retrolabel.analysis.staleness import Staleness

AT = datetime(2026, 7, 1, 3, tzinfo=UTC)


def aged(days, **more):
    made = {"label_set": "3fb4a40cfb99aa", "version": "1.0.0", "items": 200, "labelled": 150}
    return Staleness("mood", AT, made_at=AT - timedelta(days), **{**made, **more})


@pytest.mark.parametrize(("days", "stale"), [(0, False), (120, False), (121, True)])
def test_labels_are_stale_once_they_are_older_than_the_horizon(days, stale):
    found = aged(days, gold=1, newest_gold=AT)
    assert (found.stale, found.age_days) == (stale, days)
    assert found.old_labels == (0.75 if stale else 0.0)


def test_the_horizon_is_the_tasks_own():
    assert aged(40, horizon_days=30).stale
    assert not aged(40).stale


def test_gold_that_is_old_makes_it_stale_although_labels_are_new_and_asks_for_a_sample():
    found = aged(1, gold=300, newest_gold=AT - timedelta(200), old_gold=300)
    assert found.stale
    assert found.next == "retrolabel gold sample mood"
    assert (
        found.told[-1] == "the newest of 300 human labels is 200 days old, and stale after 120; 300 are older than 120"
    )


def test_items_that_wait_and_a_newer_version_ask_for_a_relabel_and_are_not_stale_by_themselves():
    found = aged(3, waiting=50, newest_version="2.0.0", gold=1, newest_gold=AT)
    assert not found.stale
    assert found.next == "retrolabel relabel mood"
    assert "50 items came or changed since (25.0 %)" in found.told
    assert "its version is 1.0.0, and 2.0.0 is released" in found.told


def test_without_a_label_set_there_is_nothing_to_be_old():
    found = Staleness("mood", AT)
    assert (found.stale, found.told, found.next) == (False, ("no label set is current",), "retrolabel relabel mood")


def test_all_well_has_no_next_command():
    assert aged(3, newest_version="1.0.0", gold=5, newest_gold=AT).next is None


def test_without_gold_it_says_that_nobody_knows():
    assert "there is no gold" in aged(3).told[-1]


def test_it_is_plain_data_with_its_ages():
    told = aged(130).as_dict()
    assert (told["age_days"], told["stale"], told["made_at"]) == (130, True, "2026-02-21T03:00:00+00:00")

"""Drift: planted changes are named, stable months are not, and too little data leaves it open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from retrolabel.analysis.drift import drift
from retrolabel.analysis.drift_simulated import weeks_of
from retrolabel.analysis.drift_weeks import Span, first_day
from retrolabel.simulation.traffic import Change, Usual, simulate_traffic

END, START = 32, 28 * 7
USUAL = Usual(per_month=5_000, words=300, lfs=10)


def looked(*changes, usual=USUAL, seed=0, end=END, **options):
    return drift(weeks_of(simulate_traffic(end * 7, usual, changes=changes, seed=seed), end), **options)


def named(found):
    return {(alarm.kind, alarm.what) for alarm in found.alarms}


@pytest.mark.parametrize(
    ("change", "alarm"),
    [
        (Change("rate", START, 1.5), ("labeling function", "lf0 -> a")),
        (Change("rate", START, 0.5), ("labeling function", "lf0 -> a")),
        (Change("share", START, 0.05), ("label", "b")),
        (Change("word", START, 0.05), ("words", "comment")),
        (Change("length", START, 2.0), ("length", "comment")),
    ],
)
def test_a_planted_change_is_named(change, alarm):
    found = looked(change)
    assert found.state == "drifted"
    assert alarm in named(found)


def test_a_change_that_began_in_the_midst_of_the_window_before_does_not_hide_itself():
    found = looked(Change("word", START - 14, 0.05))
    assert ("words", "comment") in named(found)
    (alarm,) = [each for each in found.alarms if each.kind == "words"]
    assert alarm.before == 0.0


def test_a_label_that_changed_in_the_midst_of_the_window_before_says_since_when():
    found = looked(Change("share", START - 14, 0.05))
    (b,) = [each for each in found.alarms if each.what == "b"]
    assert b.since == str(first_day(START // 7 - 2))
    assert f"] since {b.since}, after " in b.told
    (late,) = [each for each in looked(Change("share", START, 0.08)).alarms if each.what == "b"]
    assert late.since == str(first_day(START // 7))
    assert "since" not in late.told


def test_false_alarms_are_as_rare_as_is_promised():
    few = Usual(per_month=1_000, words=60, lfs=8)
    alarmed = sum(looked(usual=few, seed=seed).state == "drifted" for seed in range(40))
    assert alarmed <= 5  # at 5 % there would be more in 1.4 % of all such tests


def test_a_window_of_two_weeks_gets_half_of_the_false_alarms_and_an_own_length():
    days = simulate_traffic(7 * 32, USUAL, seed=1)
    found = drift(weeks_of(days, 32, width=2))
    assert found.level == 0.025
    assert found.why == "2 weeks held against 12 weeks before"
    assert (found.end - found.start).days == 13


def test_a_new_word_is_named_by_who_knows_the_texts_and_no_word_that_did_not_drift_is_asked_for():
    asked = []

    def name(column, places):
        asked.append((column, list(places)))
        return {300: "aurora"}

    found = looked(Change("word", START, 0.05), name=name)
    assert asked == [("comment", [300])]
    (alarm,) = [each for each in found.alarms if each.kind == "words"]
    assert alarm.look_at[0].startswith("aurora 0.0 % -> ")


def test_the_frame_has_every_share_of_labels_and_votes_and_says_which_alarm():
    found = looked(Change("share", START, 0.1))
    frame = found.frame().set_index(["kind", "what"])
    assert {"a", "b", "c", "d", "(no label)"} == set(frame.loc["label"].index)
    b = frame.loc[("label", "b")]
    assert b["alarm"]
    assert b["low"] < b["now"] < b["high"]
    assert b["now"] > b["before"]
    assert bool(frame["alarm"].sum() >= len(found.alarms) - 1)


def test_without_a_window_it_is_open():
    found = drift(None)
    assert (found.state, found.alarms, found.start) == ("open", (), None)
    assert "no window of whole weeks is over" in found.why


def test_with_less_than_two_windows_before_it_is_open_and_says_how_many_weeks_are_needed():
    found = looked(end=11)
    assert found.state == "open"
    assert found.why == "7 weeks with items before the window, and 8 weeks are needed"


def test_a_window_without_items_is_open():
    weeks = weeks_of(simulate_traffic(END * 7, USUAL), END)
    items = weeks.items.copy()
    items[-4:] = 0
    found = drift(replace(weeks, items=items))
    assert (found.state, found.why) == ("open", "the newest window has no items")


def test_windows_of_one_week_need_more_weeks_than_a_look_takes_in_and_say_so():
    found = drift(weeks_of(simulate_traffic(END * 7, USUAL), END, width=1))
    assert found.state == "open"
    assert found.why == ("7 weeks can be exchanged in too few ways to tell 1.2 % from chance: take a longer window")


def test_shares_that_few_items_speak_of_are_counted_and_not_judged():
    found = looked(usual=replace(USUAL, per_month=100))
    assert found.rare > 0
    assert found.looked < 200


def test_the_newest_of_three_windows_is_held_against_two_and_of_four_against_two_as_well():
    assert looked(end=12).why == "4 weeks held against 8 weeks before"
    assert looked(end=16).why == "4 weeks held against 8 weeks before"
    assert looked(end=20).why == "4 weeks held against 12 weeks before"


def test_columns_that_are_missing_more_often_raise_an_alarm_of_their_own():
    weeks = weeks_of(simulate_traffic(END * 7, USUAL), END)
    lengths = weeks.texts["comment"].lengths.copy()
    gone = lengths[-4:, 1:] // 2
    lengths[-4:, 1:] -= gone
    lengths[-4:, 0] += gone.sum(axis=1)
    lengths[:-4, 0] += 30
    found = drift(replace(weeks, texts={"comment": replace(weeks.texts["comment"], lengths=lengths)}))
    (alarm,) = [each for each in found.alarms if each.kind == "missing"]
    assert alarm.told.startswith("comment is missing or empty: ")
    assert alarm.next == "retrolabel lf summary TASK"


def test_a_source_that_comes_in_is_named():
    weeks = weeks_of(simulate_traffic(END * 7, USUAL), END)
    second = np.where(np.arange(len(weeks.items)) >= 28, weeks.items // 3, 0)
    come = np.column_stack([weeks.items - second, second])
    found = drift(replace(weeks, sources=("app", "web"), come=come))
    assert ("source", "web") in named(found)


def test_an_alarm_has_the_same_key_whenever_its_window_is_looked_at():
    change = Change("word", START, 0.05)
    assert [alarm.key for alarm in looked(change).alarms] == [alarm.key for alarm in looked(change).alarms]
    (key,) = [alarm.key for alarm in looked(change).alarms if alarm.kind == "words"]
    assert key.endswith("/words/comment")


def test_a_look_as_plain_data_says_what_was_looked_at_and_the_days():
    weeks = replace(weeks_of(simulate_traffic(END * 7, USUAL), END), span=Span(2916, 2944, 2948))
    told = drift(weeks).as_dict()
    assert (told["window_from"], told["window_to"]) == ("2026-06-01", "2026-06-28")
    assert told["false_alarms"] == 0.05

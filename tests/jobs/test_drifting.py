"""Drift and staleness of a project: counted from the store, whatever the segments are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from retrolabel.errors import InputError, UnknownLabelSetError
from retrolabel.jobs.label_sets.drifting import Drifting
from retrolabel.wiring.feedback import IngestOptions

START = date(2025, 11, 24)  # a Monday, 28 weeks before the window of 2026-06-01
WEEKS = 31
SAID = ("thanks a lot", "this is wrong", "so slow", "great", "hm", "ok then", "what is this", "fine by me")
LFS = '''\
"""What people say."""

from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import keywords

says_thanks = keywords(GOOD, ["thanks", "great"], column="comment")
says_slow = keywords(BAD, ["slow"], column="comment")
says_wrong = keywords(BAD, ["wrong"], column="comment")
'''
UNTIL = date(2026, 7, 1)


def rows_of(*, planted="", seed=0, a_day=9):
    """Return (id, time, comment): people say less on weekends; in the last weeks a fifth says ``planted`` too."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in range(WEEKS * 7):
        at = START + timedelta(day)
        for _ in range(2 if at.weekday() > 4 else a_day):
            said = SAID[rng.integers(len(SAID) - 2 * (at.weekday() > 4))]
            said += f" {planted}" if planted and day >= (WEEKS - 4) * 7 and rng.random() < 0.2 else ""
            rows.append((len(rows), f"{at}T{rng.integers(24):02d}:00:00Z", said))
    return rows


def ingested(project, files):
    ws = project.open()
    project.lfs(LFS)
    for place, rows in enumerate(files):
        text = "item_id,created_at,comment\n" + "\n".join(f'{i},{at},"{said}"' for i, at, said in rows) + "\n"
        ws.feedback.ingest(project.write(f"{place}.csv", text), "web")
    ws.task("mood").relabel(tracking=False)
    return ws.task("mood")


def told(found):
    return [(alarm.kind, alarm.what, alarm.now, alarm.p, alarm.look_at) for alarm in found.alarms]


def test_a_word_that_people_begin_to_say_is_named_and_what_votes_for_it_too(project):
    task = ingested(project, [rows_of(planted="Slow, Aurora!")])
    found = task.drift(until=UNTIL)
    assert (str(found.start), str(found.end), found.why) == (
        "2026-06-01",
        "2026-06-28",
        "4 weeks held against 23 weeks before",
    )
    words = next(alarm for alarm in found.alarms if alarm.kind == "words")
    assert words.what == "comment"
    assert words.look_at[0].startswith("aurora 0.0 % -> ")
    assert ("labeling function", "says_slow -> bad") in {(alarm.kind, alarm.what) for alarm in found.alarms}


def test_stable_feedback_with_quiet_weekends_raises_no_alarm(project):
    found = ingested(project, [rows_of()]).drift(until=UNTIL)
    assert (found.state, found.alarms) == ("stable", ())


def test_neither_the_order_of_items_within_a_day_nor_how_files_are_cut_changes_anything(make_project):
    rows = rows_of(planted="aurora")
    by_day = sorted(rows, key=lambda row: (row[1][:10], row[2], row[0]))
    mixed = [by_day[at] for at in np.random.default_rng(1).permutation(len(by_day))]
    one = ingested(make_project("one"), [rows]).drift(until=UNTIL)
    two = ingested(make_project("two"), [mixed[700:], mixed[:300], mixed[300:700]]).drift(until=UNTIL)
    assert told(one) == told(two) != []
    assert one.frame().equals(two.frame())


def test_a_look_back_sees_what_was_there_then_and_today_is_not_looked_at(project):
    task = ingested(project, [rows_of(planted="aurora")])
    before = task.drift(until=date(2026, 6, 1))
    assert (str(before.end), before.state) == ("2026-05-31", "stable")
    assert task.drift(until=date(2026, 6, 28)).end == before.end
    assert str(task.drift(until=date(2026, 6, 29)).end) == "2026-06-28"


def test_items_without_a_time_or_from_the_future_are_not_looked_at(project):
    rows = rows_of()
    odd = [(10_000, "", "hm"), (10_001, "2031-01-01T00:00:00Z", "hm")]
    found = ingested(project, [[*rows, *odd]]).drift(until=UNTIL)
    assert found.items + found.items_before <= len(rows)
    assert str(found.end) == "2026-06-28"


def test_a_column_that_a_source_gets_later_was_missing_before_and_its_words_are_not_all_new(project):
    rows = rows_of()
    late = [row for row in rows if row[1] >= "2026-06-01"]
    task = ingested(project, [rows[: -len(late)]])
    lines = [f"{i},{at},{said},{('hm', 'well')[i % 2]} so" for i, at, said in late]
    text = "item_id,created_at,comment,remark\n" + "\n".join(lines) + "\n"
    project.open().feedback.ingest(project.write("late.csv", text), "web", IngestOptions(widen=True))
    project.lfs(LFS + 'says_so = keywords(GOOD, ["so"], column="remark")\n')
    project.open().task("mood").relabel(tracking=False)
    found = task.drift("latest", until=UNTIL)
    about = {(alarm.kind, alarm.what): alarm for alarm in found.alarms}
    assert (about["missing", "remark"].before, about["missing", "remark"].now) == (1.0, 0.0)
    assert ("words", "remark") not in about
    assert ("words", "comment") not in about


def test_looking_writes_nothing(project):
    task = ingested(project, [rows_of()])
    before = project.state()
    task.drift(until=UNTIL)
    task.staleness()
    assert project.state() == before


def test_a_segment_that_is_gone_is_left_out(project):
    rows = rows_of()
    task = ingested(project, [rows[:-400], rows[-400:]])
    whole = task.drift(until=UNTIL)
    site = task._site
    segments = {each.id: each for each in site.catalog.feedback.segments()}
    newest = min(segments.values(), key=lambda each: each.rows)
    del segments[newest.id]
    looking = Drifting(
        task.label_set(),
        segments=segments,
        contracts=site.catalog.feedback.sources(),
        objects=site.objects,
        progress=site.progress,
    )
    found = looking.look(until=int(np.datetime64(UNTIL, "D").astype(int)))
    assert found.items + found.items_before < whole.items + whole.items_before


def test_a_window_is_of_whole_weeks_and_the_settings_say_how_many(project):
    task = ingested(project, [rows_of()])
    with pytest.raises(InputError, match="not of whole weeks") as refused:
        task.drift(window_days=10)
    assert refused.value.remedy == "take 7 days"
    project.write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n[tasks.mood]\ndrift_window_days = 14\n')
    found = project.open().task("mood").drift(until=UNTIL)
    assert (str(found.start), found.level) == ("2026-06-15", 0.025)


def test_before_anything_is_current_there_is_nothing_to_look_at(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    task = ws.task("mood")
    with pytest.raises(UnknownLabelSetError):
        task.drift()
    found = task.staleness()
    assert (found.label_set, found.items, found.waiting, found.stale) == (None, 40, 40, False)


def test_staleness_counts_what_waits_and_tells_ages_by_the_clock_that_is_given(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    ws.task("mood").gold.import_file(project.gold({1: "bad", 3: "good"}), "web", role="dev")
    ws.task("mood").relabel(tracking=False)
    ws.feedback.ingest(project.feedback("more.csv", items=10, first=40), "web")
    task = ws.task("mood")
    now = task.staleness()
    assert (now.items, now.waiting, now.gold, now.stale, now.age_days) == (50, 10, 2, False, 0)
    assert now.next == "retrolabel relabel mood"
    later = task.staleness(at=datetime.now(UTC) + timedelta(121))
    assert (later.stale, later.age_days, later.gold_age_days, later.old_gold) == (True, 121, 121, 2)
    assert later.old_labels == later.labelled / 50
    assert later.version_days == 121


def test_an_item_that_was_revised_waits_and_its_old_label_does_not_count(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    ws.task("mood").relabel(tracking=False)
    text = "item_id,created_at,comment\n0,2026-01-01T12:00:00Z,thanks but no\n"
    before = ws.task("mood").staleness()
    ws.feedback.ingest(project.write("again.csv", text), "web", IngestOptions(revise=True))
    after = ws.task("mood").staleness()
    assert (before.waiting, after.waiting, after.items) == (0, 1, 40)
    assert after.labelled == before.labelled - 1


def test_the_horizon_comes_from_the_settings_and_a_released_version_is_told(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    ws.task("mood").relabel(tracking=False)
    project.write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n[tasks.mood]\nhorizon_days = 30\n')
    project.add_v2()
    ws = project.open()
    assert ws.task("mood").staleness().newest_version is None
    ws.schemas.release("mood")
    found = ws.task("mood").staleness(at=datetime.now(UTC) + timedelta(31))
    assert (found.newest_version, found.version, found.stale) == ("2.0.0", "1.0.0", True)


def test_an_accepted_drift_is_kept_in_the_catalog_and_the_next_look_knows_it(project):
    task = ingested(project, [rows_of(planted="Slow, Aurora!")])
    found = task.drift(until=UNTIL)
    subjects = sorted({alarm.subject for alarm in found.alarms})
    assert {"words:comment", "lf:says_slow"} <= set(subjects)
    kept = task.accept_drift(found, "words:comment", "lf:says_slow", reason="a launch")
    assert [(each.subject, str(each.since), each.why) for each in kept] == [
        ("words:comment", "2026-06-01", "a launch"),
        ("lf:says_slow", "2026-06-01", "a launch"),
    ]
    again = project.open().task("mood").drift(until=UNTIL)
    assert sorted({alarm.subject for alarm in again.alarms}) == [
        each for each in subjects if each not in ("words:comment", "lf:says_slow")
    ]
    assert "aurora" not in str([event.as_dict() for event in project.open().events.read()]).lower()
    assert [each.subject for each in task.reopen_drift("lf:says_slow")] == ["words:comment"]

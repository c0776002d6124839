"""Events arrive at least once, in order for each task, and what fails holds up nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.jobs.events.delivering import PAUSES, again, deliver, pause
from retrolabel.jobs.records.events import DEAD, PROMOTED, Endpoint, Event, once
from retrolabel.storage.catalog import SqlCatalog

START = datetime(2026, 11, 30, tzinfo=UTC)


class Clock:
    """A time that goes on when it is told to."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def later(self, seconds):
        self.now += timedelta(seconds=seconds)


class Ear:
    """Somebody who hears, or does not: ``fails`` says which events of whom, and why."""

    def __init__(self, fails=lambda _endpoint, _event: None):
        self.fails, self.heard = fails, []

    def tell(self, endpoint, event):
        why = self.fails(endpoint, event)
        if why is None:
            self.heard.append((endpoint.name, event.subject))
        return why


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def book():
    return SqlCatalog("sqlite://").events


def event(subject, task="mood", kind=PROMOTED, at=START):
    return Event(kind, task, subject, f"{subject} happened.", at)


def told(name="team", **more):
    return replace(Endpoint(name, "https://h/x", (), None, (), START), **more)


def test_events_arrive_once_in_order(book, clock):
    book.write(event("a"), event("b"), event("c"))
    ear = Ear()
    assert len(deliver([told()], book, ear, clock).delivered) == 3
    assert deliver([told()], book, ear, clock).delivered == ()
    assert ear.heard == [("team", "a"), ("team", "b"), ("team", "c")]


def test_one_that_fails_holds_up_its_task_and_nothing_else(book, clock):
    book.write(event("a"), event("b"), event("x", task="tone"))
    ear = Ear(lambda endpoint, each: "HTTP 500" if (endpoint.name, each.subject) == ("team", "a") else None)
    found = deliver([told(), told("other")], book, ear, clock)
    assert ear.heard == [("team", "x"), ("other", "a"), ("other", "b"), ("other", "x")]
    assert [(each.endpoint, each.error, each.tries) for each in found.failed] == [("team", "HTTP 500", 1)]
    assert found.waiting == 1
    ear.fails = lambda *_: None
    assert deliver([told()], book, ear, clock).delivered == ()  # its time has not come
    clock.later(PAUSES[0] * 1.2)
    deliver([told()], book, ear, clock)
    assert ear.heard[-2:] == [("team", "a"), ("team", "b")]


def test_after_the_last_try_it_is_dead_the_next_ones_go_on_and_it_can_be_sent_again(book, clock):
    book.write(event("a"), event("b"))
    ear = Ear(lambda _, each: "HTTP 500" if each.subject == "a" else None)
    for seconds in (*PAUSES, 0):
        deliver([told()], book, ear, clock)
        clock.later(seconds * 1.2)
    (dead,) = book.deliveries("team", DEAD)
    assert (dead.tries, dead.error) == (len(PAUSES) + 1, "HTTP 500")
    assert ear.heard == [("team", "b")]
    ear.fails = lambda *_: None
    assert again(told(), book, clock) == [dead.event]
    deliver([told()], book, ear, clock)
    assert ear.heard == [("team", "b"), ("team", "a")]
    assert book.deliveries("team", DEAD) == []


def test_who_is_killed_after_telling_tells_it_again(book, clock):
    book.write(event("a"))
    ear = Ear()

    class Dies(type(book)):
        def note(self, _):
            raise KeyboardInterrupt

    dying = Dies(book._connections)
    with pytest.raises(KeyboardInterrupt):
        deliver([told()], dying, ear, clock)
    deliver([told()], book, ear, clock)
    assert ear.heard == [("team", "a"), ("team", "a")]


def test_somebody_is_told_of_their_kinds_their_task_and_of_nothing_before_they_asked(book, clock):
    book.write(
        event("early", at=START - timedelta(days=1)),
        event("a"),
        event("b", kind="label_set.rolled_back"),
        event("x", task="tone"),
    )
    ear = Ear()
    deliver([told(kinds=(PROMOTED,), task="mood")], book, ear, clock)
    assert ear.heard == [("team", "a")]


def test_what_is_written_late_with_a_lower_number_is_told_all_the_same(book, clock):
    """Two writers: the one with the lower number may commit later."""
    book.write(event("b"))
    ear = Ear()
    deliver([told()], book, ear, clock)
    with book._connections.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO events (id, key, kind, task, subject, said, data, at)"
            " SELECT 0, 'late', kind, task, 'a', said, data, at FROM events"
        )
    deliver([told()], book, ear, clock)
    assert ear.heard == [("team", "b"), ("team", "a")]


def test_two_events_of_one_key_are_one(book):
    key = once("retraining.due", "mood", "1f")
    assert book.write(replace(event("a"), key=key), replace(event("b"), key=key)) == 1
    assert book.write(replace(event("c"), key=key)) == 0
    assert [each.subject for each in book.events()] == ["a"]


def test_what_is_written_in_a_transaction_that_fails_never_happened():
    catalog = SqlCatalog("sqlite://")

    def fails():
        with catalog.transaction():
            catalog.events.write(event("a"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert catalog.events.events() == []


@given(st.integers(1, 7), st.text(max_size=8))
def test_a_pause_is_within_a_fifth_of_what_is_written(tries, seed):
    assert 0.8 * PAUSES[tries - 1] <= pause(tries, seed).total_seconds() <= 1.2 * PAUSES[tries - 1]


def test_who_polls_in_small_pieces_misses_no_event_and_who_looks_sees_the_newest(book):
    book.write(*(event(str(number)) for number in range(9)))
    seen, after = [], 1
    while got := book.events(after=after, most=4):
        seen += [each.id for each in got]
        after = got[-1].id
    assert seen == [2, 3, 4, 5, 6, 7, 8, 9]
    assert [each.id for each in book.events(since=START, most=2)] == [1, 2]
    assert [each.id for each in book.events(most=2)] == [8, 9]

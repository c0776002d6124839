"""The watchdog: what takes too long fails, and nothing an author catches changes that."""

from __future__ import annotations

import re
import signal
import sys
import threading
import time

import pytest

from retrolabel.engines.watchdog import TimeUp, Watchdog
from retrolabel.errors import StoreError, WorkerDiedError


def loops():
    while True:
        pass


def swallows():
    try:
        loops()
    except BaseException:  # noqa: BLE001 - as an author might
        return "a vote"


def in_thread(function):
    """Return what a function raises in a thread that is not the main one."""
    raised = []

    def run():
        try:
            function()
        except BaseException as error:  # noqa: BLE001 - it is looked at
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    return raised[0] if raised else None


def watched(function, seconds=0.1):
    watchdog = Watchdog(seconds)

    def work():
        with watchdog("slow"):
            return function()

    return lambda: watchdog.run(work)


@pytest.mark.parametrize(
    "function", [loops, swallows, lambda: time.sleep(60), lambda: re.match(r"(a+)+$", "a" * 60 + "b")]
)
def test_what_hangs_is_ended_and_named_even_where_it_swallows_the_exception(function):
    with pytest.raises(WorkerDiedError, match=r"slow took longer than 0\.1 s on one segment; it may hang") as caught:
        watched(function)()
    assert caught.value.certain


@pytest.mark.parametrize("function", [loops, swallows, lambda: time.sleep(0.5)])
def test_in_another_thread_it_is_ended_at_its_next_line(function):
    error = in_thread(watched(function))
    assert isinstance(error, WorkerDiedError)
    assert error.certain


def test_what_is_in_time_returns_and_what_it_raises_is_raised():
    def fails():
        raise StoreError("full")

    assert watched(lambda: 3, 60)() == 3
    assert in_thread(watched(lambda: 3, 60)) is None
    with pytest.raises(StoreError):
        watched(fails, 60)()


def test_no_exception_of_an_author_stops_it():
    assert not issubclass(TimeUp, Exception)


def test_no_time_is_no_limit_and_a_debugger_stops_the_clock(monkeypatch):
    assert watched(lambda: time.sleep(0.05), 0)() is None
    monkeypatch.setattr(sys, "gettrace", lambda: print)
    assert watched(lambda: time.sleep(0.2))() is None


def test_what_measures_coverage_is_no_debugger(monkeypatch):
    class Tracer:
        __module__ = "coverage.tracer"

        def __call__(self, *_):
            return None

    monkeypatch.setattr(sys, "gettrace", Tracer)
    with pytest.raises(WorkerDiedError):
        watched(loops)()


def test_timers_and_handlers_of_others_are_as_they_were():
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(1))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(WorkerDiedError):
            watched(loops)()
        assert not rung
        deadline = time.monotonic() + 30
        while not rung and time.monotonic() < deadline:
            time.sleep(0.01)
        assert rung
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

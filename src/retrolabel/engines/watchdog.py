"""Ends a labeling function that takes too long; what it was at fails as a whole, and no label is decided by it."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import os
import signal
import sys
import threading
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from retrolabel.errors import LabelingFunctionError, WorkerDiedError
from retrolabel.labeling.raised import Ended

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType

T = TypeVar("T")

AGAIN = 0.1
"""Seconds until a function that swallowed the exception gets it once more."""
LAST_RESORT = 2
"""After so many times its time, a function that nothing ends is ended with its process."""
STDERR = 2

_listeners: list[Callable[[str, float], None]] = []
"""Told which labeling functions begin, and how many seconds they have: the pool that this process works for."""
_ending = threading.Lock()
"""Held by the watchdog whose last resort is armed: a process has one timer for that."""


class TimeUp(Ended):
    """Raised inside a labeling function; no ``except Exception`` stops it."""


class Watchdog:
    """Watches what is at work; entered with the names of labeling functions.

    In the main thread of a process a signal ends it, even inside a regular expression; in other threads
    it ends at its next line of Python. A debugger stops the clock.

    Args:
        seconds: How long one piece of work may take; 0 is for ever.
        ends_process: Whether code that cannot be ended in any other way is ended with the process.

    Example:
        >>> def hang():
        ...     with watchdog("hangs"):
        ...         while True:
        ...             pass
        >>> watchdog = Watchdog(0.05)
        >>> watchdog.run(hang)
        Traceback (most recent call last):
        retrolabel.errors.WorkerDiedError: hangs took longer than 0.05 s on one segment; it may hang.
    """

    def __init__(self, seconds: float, *, ends_process: bool = False) -> None:
        self.seconds = seconds
        self._ends_process = ends_process
        self._names = ""
        self._late = ""
        self._watch: _Watch | None = None
        self._armed = False
        self._here = ""

    def __call__(self, names: str) -> Watchdog:
        """Say which labeling functions begin."""
        self._names = names
        for listener in _listeners:
            listener(names, self.seconds)
        return self

    def __enter__(self) -> None:
        """Start the clock."""
        self._here = _working_folder() if threading.current_thread() is threading.main_thread() else ""
        if self.seconds:
            by_signal = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
            self._watch = (_Signal if by_signal else _Thread)(self.seconds, self._out_of_time)
            self._watch.start()
            self._armed = self._ends_process and _ending.acquire(blocking=False)
            if self._armed:
                faulthandler.dump_traceback_later(LAST_RESORT * self.seconds + 1, exit=True, file=STDERR)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the clock; it fails even where the function swallowed the exception."""
        self._stop()
        moved = self._moved_from()
        if self._late and kind is None:
            raise TimeUp
        if moved and kind is None:
            raise LabelingFunctionError(
                f"{self._names} changed the working directory, from {moved}; others name files from there.",
                remedy="name files from the module: retrolabel.resource, or Path(__file__)",
            )

    def _moved_from(self) -> str:
        """Return where this process was, and is now, if that changed, and go back; other threads may not know."""
        here, self._here = self._here, ""
        if not here or (now := _working_folder()) == here:
            return ""
        with contextlib.suppress(OSError):
            os.chdir(here)
        return f"{here} to {now}"

    def run(self, work: Callable[[], T]) -> T:
        """Return what ``work`` returns.

        Raises:
            WorkerDiedError: It took too long.
        """
        self._late = ""
        try:
            return work()
        except (Exception, TimeUp):
            self._stop()
            if self._late:  # whatever an author's code made of it
                raise WorkerDiedError(self._late, certain=True) from None
            raise

    def _out_of_time(self) -> bool:
        """Return whether the function is to be ended."""
        if _debugged():
            return False
        self._late = f"{self._names} took longer than {self.seconds:g} s on one segment; it may hang."
        return True

    def _stop(self) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.stop()
        if self._armed:
            self._armed = False
            faulthandler.cancel_dump_traceback_later()
            _ending.release()


class _Watch:
    """A clock, and a way to end what runs longer."""

    def __init__(self, seconds: float, out_of_time: Callable[[], bool]) -> None:
        self.seconds = seconds
        self.out_of_time = out_of_time

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError


class _Signal(_Watch):
    """A timer of the operating system, for the main thread."""

    def start(self) -> None:
        self.active = True
        self.began = monotonic()
        self.handler = signal.signal(signal.SIGALRM, self._alarm)
        self.timer = signal.setitimer(signal.ITIMER_REAL, self.seconds, AGAIN)

    def stop(self) -> None:
        self.active = False  # from here on the alarm does nothing
        before, interval = self.timer
        left = max(before - (monotonic() - self.began), 0.001) if before else 0.0
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self.handler if self.handler is not None else signal.SIG_DFL)
        if left:
            signal.setitimer(signal.ITIMER_REAL, left, interval)

    def _alarm(self, _number: int, _frame: FrameType | None) -> None:
        if self.active and self.out_of_time():
            raise TimeUp


class _Thread(_Watch):
    """A thread that puts an exception into another one."""

    def start(self) -> None:
        self.watched = threading.get_ident()
        self.active = True
        self.lock = threading.Lock()
        self.done = threading.Event()
        threading.Thread(target=self._wait, daemon=True, name="retrolabel watchdog").start()

    def stop(self) -> None:
        with self.lock:
            self.active = False
        self.done.set()
        _raise_in(self.watched, None)

    def _wait(self) -> None:
        seconds = self.seconds
        while not self.done.wait(seconds):
            with self.lock:
                if self.active and self.out_of_time():
                    _raise_in(self.watched, TimeUp)
            seconds = AGAIN


def _working_folder() -> str:
    """Return the working directory; nothing, where it is gone."""
    try:
        return str(Path.cwd())
    except OSError:
        return ""


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Let a thread raise at its next line, or no longer."""
    told = ctypes.py_object(error) if error is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), told)


def _debugged() -> bool:
    """Return whether someone steps through this process; what measures coverage traces too, and is none."""
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is not None and monitoring.get_tool(monitoring.DEBUGGER_ID):
        return True
    trace = sys.gettrace()
    return trace is not None and "coverage" not in str(getattr(trace, "__module__", None) or type(trace).__module__)


def listen(listener: Callable[[str, float], None]) -> None:
    """Tell ``listener`` from now on which labeling functions begin in this process."""
    _listeners[:] = [listener]


def cores() -> int:
    """Return how many processors this process may use.

    Example:
        >>> cores() >= 1
        True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

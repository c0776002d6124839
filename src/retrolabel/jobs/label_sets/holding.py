"""One writer a task: a relabel holds its task while it works; another one waits, leaves, or takes over from a dead one.

A lease is a row of the catalog. Its owner renews it every few seconds. It is dead where its process is gone from the
machine that asks, and where nobody renewed it for a minute. That is seen by the asking process's own clock, so clocks
of two machines need not agree. Who was taken for dead and lives (a laptop that slept) may go on with votes, which the
store takes once, and is stopped before ``latest`` moves.
"""

from __future__ import annotations

import threading
import uuid
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from time import monotonic, sleep
from typing import TYPE_CHECKING, Protocol

from retrolabel.errors import RetrolabelError, TaskHeldError
from retrolabel.jobs.records.leases import Holder, Lease

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from retrolabel.jobs.ports.progress import Clock, Progress

RENEW_EVERY = 5.0
"""Seconds between two renewals."""
DEAD_AFTER = 60.0
"""Seconds without a renewal, seen by who waits, after which an owner counts as dead."""
LONG_AGO = 600.0
"""Seconds since the last renewal, by the clocks of two machines, after which nobody has to wait and see."""
LOOK_EVERY = 0.5
TELL_EVERY = 60.0


class LeasesBook(Protocol):
    """What the catalog knows of who works on what."""

    def lease(self, task: str) -> Lease | None:
        """Return who works on a task, if somebody does."""

    def take(self, lease: Lease, instead_of: Lease | None) -> bool:
        """Enter a lease in the place of a dead one, or of none; return whether nobody else was faster."""

    def renew(self, task: str, owner: str, at: datetime, doing: str) -> bool:
        """Renew a lease; return whether it was still there."""

    def release(self, task: str, owner: str) -> None:
        """Let go of a task; nothing happens where somebody took it over."""

    def transaction(self) -> AbstractContextManager[None]:
        """Let all that is written inside become real together, with the renewal of a lease."""


@dataclass(frozen=True)
class Place:
    """Where a job runs, and what can be seen from there.

    Attributes:
        me: This process.
        is_gone: Whether a process is known to have ended: it ran on this machine, and does not any more.
        clock: The time.
    """

    me: Holder
    is_gone: Callable[[Holder], bool]
    clock: Clock


class Told:
    """Progress that is passed on, and kept in mind so that those who wait can read how far it is.

    Args:
        progress: Who is told.
        check: Called whenever some of the work is done; it may end it.
    """

    def __init__(self, progress: Progress, check: Callable[[], None]) -> None:
        self._progress, self._check = progress, check
        self._what, self._total, self._done = "", 0.0, 0.0

    @property
    def doing(self) -> str:
        """How far the work is, in words."""
        of = f", {self._done:,.0f} of {self._total:,.0f}" if self._total else ""
        return f"{self._what}{of}"

    def start(self, what: str, total: float | None) -> None:
        """Begin a stretch of work."""
        self._what, self._total, self._done = what, total or 0.0, 0.0
        self._progress.start(what, total)

    def advance(self, units: float) -> None:
        """Say that some of it is done."""
        self._done += units
        self._progress.advance(units)
        self._check()

    def note(self, text: str) -> None:
        """Say something that the person should know."""
        self._progress.note(text)


class Hold:
    """A task in one's own hands, renewed in the background until it is let go.

    Args:
        lease: The lease that was taken.
        book: Where it stands.
        clock: The time.
        progress: Told how far the work is.
        waited: Whether somebody else held the task before, so that this process waited.
    """

    def __init__(self, lease: Lease, book: LeasesBook, clock: Clock, progress: Progress, *, waited: bool) -> None:
        self._lease, self._book, self._clock = lease, book, clock
        self.progress = Told(progress, self._check)
        self.waited = waited
        self._lost = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, name=f"lease of {lease.task}", daemon=True)
        self._thread.start()

    @contextmanager
    def surely(self) -> Iterator[None]:
        """Let what is written inside become real only if the task is still in these hands.

        Raises:
            TaskHeldError: Somebody took it over, since this process was not heard of for too long.
        """
        task = self._lease.task
        with self._book.transaction():
            if not self._book.renew(task, self._lease.owner, self._clock(), self.progress.doing):
                raise self._taken_over()
            yield

    def _taken_over(self) -> TaskHeldError:
        other = self._book.lease(self._lease.task)
        by = f" by {other.holder}" if other else ""
        return TaskHeldError(
            f"{self._lease.task} was taken over{by}, since this process was not heard of for {DEAD_AFTER:.0f} s;"
            " latest stays where it is.",
            remedy="what was computed is kept; the same command goes on from there",
        )

    def _check(self) -> None:
        """End the work of who was taken over: somebody else does it."""
        if self._lost:
            raise self._taken_over()

    def release(self) -> None:
        """Let go; where the catalog cannot be written, the others find out that nobody renews."""
        self._over.set()
        self._thread.join(RENEW_EVERY)
        with suppress(RetrolabelError):
            self._book.release(self._lease.task, self._lease.owner)

    def _renew(self) -> None:
        while not self._lost and not self._over.wait(RENEW_EVERY):
            with suppress(RetrolabelError):  # a catalog that is away for a moment
                doing = self.progress.doing
                self._lost = not self._book.renew(self._lease.task, self._lease.owner, self._clock(), doing)


@contextmanager
def held(task: str, book: LeasesBook, place: Place, progress: Progress, *, wait: bool = True) -> Iterator[Hold]:
    """Hold a task while the context is open: wait until nobody else does, or leave.

    Args:
        task: The task.
        book: Where leases stand.
        place: Where this runs.
        progress: Told of the waiting, and then of the work.
        wait: Whether to wait for another one that works on the task.

    Raises:
        TaskHeldError: Somebody else works on the task, and ``wait`` is off.
    """
    hold = _taken(task, book, place, progress, wait=wait)
    try:
        yield hold
    finally:
        hold.release()


def _taken(task: str, book: LeasesBook, place: Place, progress: Progress, *, wait: bool) -> Hold:
    """Take a task as soon as nobody holds it, or who does is dead."""
    waiting = Waiting(place, progress)
    while True:
        there = book.lease(task)
        if there is None or waiting.is_dead(there):
            at = place.clock()
            mine = Lease(task, uuid.uuid4().hex, place.me, at, at)
            if book.take(mine, there):
                if there is not None:
                    progress.note(f"{there.holder} ended without letting go of {task}; this one takes over")
                return Hold(mine, book, place.clock, progress, waited=waiting.waited)
            continue
        if not wait:
            raise TaskHeldError(
                f"{there}.",
                remedy="run it again when that one is done; without --no-wait it waits",
                lease={"task": task, "host": there.holder.host, "pid": there.holder.pid, "since": there.since},
            )
        waiting.tell(there)
        sleep(LOOK_EVERY)


class Waiting:
    """Watches the lease of somebody else.

    Args:
        place: Where this runs.
        progress: Told of the waiting.
    """

    def __init__(self, place: Place, progress: Progress) -> None:
        self._place, self._progress = place, progress
        self._seen: tuple[str, datetime] | None = None
        self._since = self._told = monotonic()
        self._of = ""
        self.waited = False

    def is_dead(self, lease: Lease) -> bool:
        """Return whether nobody works under a lease any more."""
        if (lease.owner, lease.renewed) != self._seen:
            self._seen, self._since = (lease.owner, lease.renewed), monotonic()
        quiet = (self._place.clock() - lease.renewed).total_seconds()
        return self._place.is_gone(lease.holder) or monotonic() - self._since > DEAD_AFTER or quiet > LONG_AGO

    def tell(self, lease: Lease) -> None:
        """Say for whom this waits, at first and every minute; whoever shows progress shows that time passes."""
        now = monotonic()
        if lease.owner != self._of:
            self._of, self._told, self.waited = lease.owner, now, True
            self._progress.note(f"{lease}; this one waits until it is done (--no-wait leaves at once)")
            self._progress.start(f"waiting for {lease.holder}", None)
        elif now - self._told > TELL_EVERY:
            self._told = now
            self._progress.note(f"still waiting: {lease}")

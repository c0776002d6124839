"""Tell events: at least once, in order for each task, and in nobody's way.

An event that somebody cannot be told of is tried again later and later, and the events of its task behind it wait.
After the last try it is dead: it is listed, can be sent again, and holds up nothing. Of another task, and for somebody
else, nothing waits.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from retrolabel.jobs.records.events import DEAD, DELIVERED, WAITING, Delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from retrolabel.jobs.events.book import EventsBook
    from retrolabel.jobs.records.events import Endpoint, Event

PAUSES = (5, 30, 120, 600, 3_600, 3 * 3_600, 10 * 3_600)
"""Seconds before the second try, the third, and so on: eight tries in about fifteen hours."""
JITTER = 0.2
"""How much longer or shorter a pause may be, so that not all come back at once."""


class Messenger(Protocol):
    """What tells somebody of an event."""

    def tell(self, endpoint: Endpoint, event: Event) -> str | None:
        """Tell somebody of an event; return what went wrong, or ``None``. It raises nothing, and ends in time."""


@dataclass(frozen=True)
class Told:
    """What came of telling.

    Attributes:
        delivered: Endpoint and event, for each that arrived.
        failed: What is tried again, with what went wrong.
        dead: What is not tried again.
        waiting: How many wait for their time, or behind another one.
    """

    delivered: tuple[tuple[str, Event], ...]
    failed: tuple[Delivery, ...]
    dead: tuple[Delivery, ...]
    waiting: int


def deliver(
    endpoints: Sequence[Endpoint],
    book: EventsBook,
    messenger: Messenger,
    clock: Callable[[], datetime],
    *,
    until: Callable[[], bool] = lambda: False,
) -> Told:
    """Tell those who are to be told of what they were not told yet.

    What arrived is written down after it did: who is killed between the two tells it again.

    Args:
        endpoints: Who is told.
        book: Where events and deliveries stand.
        messenger: What tells.
        clock: The time.
        until: Asked before each event; what it says is the end waits for the next time.
    """
    delivered: list[tuple[str, Event]] = []
    failed: list[Delivery] = []
    dead: list[Delivery] = []
    waiting = 0
    for endpoint in endpoints:
        held: set[str] = set()
        for event, before in book.untold(endpoint):
            due = before is None or before.next_at is None or before.next_at <= clock()
            if event.task in held or not due or until():
                held.add(event.task)
                waiting += 1
                continue
            after = _told(endpoint, event, before, messenger, clock)
            book.note(after)
            if after.state == DELIVERED:
                delivered.append((endpoint.name, event))
            elif after.state == DEAD:
                dead.append(after)
            else:
                failed.append(after)
                held.add(event.task)
    return Told(tuple(delivered), tuple(failed), tuple(dead), waiting)


def _told(
    endpoint: Endpoint, event: Event, before: Delivery | None, messenger: Messenger, clock: Callable[[], datetime]
) -> Delivery:
    """Tell somebody of an event, and return how far that is."""
    number = event.id or 0
    error = messenger.tell(endpoint, event)
    tries, at = (before.tries if before else 0) + 1, clock()
    if error is None:
        return Delivery(endpoint.name, number, DELIVERED, tries, at)
    if tries > len(PAUSES):
        return Delivery(endpoint.name, number, DEAD, tries, at, error=error)
    return Delivery(endpoint.name, number, WAITING, tries, at, at + pause(tries, f"{endpoint.name}/{number}"), error)


def pause(tries: int, seed: str) -> timedelta:
    """Return how long to wait after so many tries, at least one; ``seed`` decides the jitter.

    Example:
        >>> 4 <= pause(1, "chat/7").total_seconds() <= 6
        True
        >>> 8 * 3_600 <= pause(7, "chat/7").total_seconds() <= 12 * 3_600
        True
    """
    about = PAUSES[min(tries, len(PAUSES)) - 1]
    drawn = random.Random(f"{seed}/{tries}").uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret
    return timedelta(seconds=about * drawn)


def again(endpoint: Endpoint, book: EventsBook, clock: Callable[[], datetime], event: int | None = None) -> list[int]:
    """Let dead events be tried again, one or all of them; return their numbers.

    Args:
        endpoint: Who is to be told.
        book: Where deliveries stand.
        clock: The time.
        event: One event's number; all that are dead if left out.
    """
    found = [each for each in book.deliveries(endpoint.name, DEAD) if event in (None, each.event)]
    for each in found:
        book.note(Delivery(endpoint.name, each.event, WAITING, 0, each.at, clock(), each.error))
    return [each.event for each in found]

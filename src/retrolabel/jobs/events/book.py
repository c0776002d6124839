"""The catalog's book of events, of those who are told, and of how far that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from retrolabel.jobs.records.events import Outbox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from retrolabel.jobs.records.events import Delivery, Endpoint, Event


class EventsBook(Outbox, Protocol):
    """What the catalog knows of events."""

    def events(
        self,
        task: str | None = None,
        *,
        kinds: Sequence[str] = (),
        after: int = 0,
        since: datetime | None = None,
        most: int | None = None,
    ) -> list[Event]:
        """Return events, oldest first; where there are more than ``most``, the newest of them.

        With ``after`` or ``since`` it is the next ones instead, so that who asks again and again misses none.

        Args:
            task: Of one task only.
            kinds: Of these kinds only.
            after: Those with a higher number.
            since: Those of this time and later.
            most: No more than so many.
        """

    def endpoints(self) -> list[Endpoint]:
        """Return who is told, by name."""

    def subscribe(self, endpoint: Endpoint) -> bool:
        """Enter who is told; return whether the name was new. What was told under the name before stays told."""

    def unsubscribe(self, name: str) -> bool:
        """Take somebody out, with what waits for them; return whether they were there."""

    def damaged(self) -> list[int]:
        """Return the numbers of the events that cannot be read, oldest first; nobody is told of them."""

    def untold(self, endpoint: Endpoint) -> list[tuple[Event, Delivery | None]]:
        """Return the events that somebody is still to be told of, oldest first, and how far that is."""

    def note(self, delivery: Delivery) -> None:
        """Write down how far telling somebody of an event is."""

    def deliveries(self, name: str, state: str) -> list[Delivery]:
        """Return how far events are for somebody, of one state, oldest first."""

"""The book of events, of those who are told, and of how far that is."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrolabel.errors import CorruptionError
from retrolabel.jobs.records.events import WAITING, Delivery, Endpoint, Event
from retrolabel.storage import event_tables as t
from retrolabel.storage.tables import damaged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from retrolabel.storage.connections import Connections

LONGEST = 2000
"""Characters of an error that are kept."""
LONGEST_SUBJECT = 200
"""Characters of a subject that are kept: a vote may name many labels. The key of an event tells it from others."""


class SqlEventsBook:
    """What the catalog knows of events.

    Args:
        connections: The database.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def write(self, *events: Event) -> int:
        """Write events, inside of the open transaction if there is one; return how many are new by their key."""
        new = 0
        if not events:
            return new
        with self._connections.writing() as connection:
            for event in events:
                if connection.execute(sa.select(t.events.c.id).where(t.events.c.key == event.key)).first():
                    continue
                row = {**asdict(event), "data": json.dumps(dict(event.data), sort_keys=True, default=str)}
                row["subject"] = event.subject[:LONGEST_SUBJECT]
                del row["id"]
                try:
                    with connection.begin_nested():
                        connection.execute(sa.insert(t.events), row)
                except sa.exc.IntegrityError:  # another process was faster with the same key
                    continue
                new += 1
        return new

    def events(
        self,
        task: str | None = None,
        *,
        kinds: Sequence[str] = (),
        after: int = 0,
        since: datetime | None = None,
        most: int | None = None,
    ) -> list[Event]:
        """Return events, oldest first; of more than ``most``, the newest, or the next ones after a number or a time."""
        c = t.events.c
        forwards = bool(after) or since is not None
        query = sa.select(t.events).where(c.id > after).order_by(c.id if forwards else c.id.desc())
        if task is not None:
            query = query.where(c.task == task)
        if kinds:
            query = query.where(c.kind.in_(kinds))
        if since is not None:
            query = query.where(c.at >= since)
        if most is not None:
            query = query.limit(most)
        rows = self._connections.rows(query)
        return [_event(row) for row in (rows if forwards else reversed(rows))]

    def endpoints(self) -> list[Endpoint]:
        """Return who is told, by name."""
        rows = self._connections.rows(sa.select(t.endpoints))
        return sorted((_endpoint(row) for row in rows), key=lambda each: each.name)

    def subscribe(self, endpoint: Endpoint) -> bool:
        """Enter who is told; return whether the name was new. What was told under the name before stays told."""
        row = asdict(endpoint)
        row["kinds"], row["secrets"] = json.dumps(endpoint.kinds), json.dumps(endpoint.secrets)
        here = t.endpoints.c.name == endpoint.name
        with self._connections.writing() as connection:
            known = connection.execute(sa.select(t.endpoints.c.since).where(here)).scalar()
            if known is not None:
                row.pop("since")
                connection.execute(sa.update(t.endpoints).where(here), row)
            else:
                connection.execute(sa.insert(t.endpoints), row)
        return known is None

    def unsubscribe(self, name: str) -> bool:
        """Take somebody out, with what waits for them; return whether they were there."""
        with self._connections.writing() as connection:
            connection.execute(sa.delete(t.deliveries).where(t.deliveries.c.endpoint == name))
            return bool(connection.execute(sa.delete(t.endpoints).where(t.endpoints.c.name == name)).rowcount)

    def damaged(self) -> list[int]:
        """Return the numbers of the events that cannot be read, oldest first."""
        every = sa.select(t.events)
        try:
            for row in self._connections.rows(every):
                _event(row)
        except CorruptionError:
            return [number for number in self._numbers(every) if self._one(number) is None]
        return []

    def _numbers(self, query: sa.Select[Any]) -> list[int]:
        found = self._connections.rows(query.with_only_columns(t.events.c.id).order_by(None).order_by(t.events.c.id))
        return [int(row["id"]) for row in found]

    def _one(self, number: int) -> Event | None:
        """Return an event; ``None`` where it cannot be read."""
        try:
            return next(map(_event, self._connections.rows(sa.select(t.events).where(t.events.c.id == number))), None)
        except CorruptionError:
            return None

    def untold(self, endpoint: Endpoint) -> list[tuple[Event, Delivery | None]]:
        """Return the events that somebody is still to be told of, oldest first, and how far that is.

        What cannot be read holds up nothing: it is left out (:meth:`damaged`).
        """
        e, d = t.events.c, t.deliveries.c
        told = sa.select(d.event).where(d.endpoint == endpoint.name, d.state != WAITING)
        query = sa.select(t.events).where(e.at >= endpoint.since, e.id.not_in(told)).order_by(e.id)
        if endpoint.task is not None:
            query = query.where(e.task == endpoint.task)
        if endpoint.kinds:
            query = query.where(e.kind.in_(endpoint.kinds))
        waiting = {each.event: each for each in self.deliveries(endpoint.name, WAITING)}
        try:
            events = [_event(row) for row in self._connections.rows(query)]
        except CorruptionError:
            events = [event for event in map(self._one, self._numbers(query)) if event is not None]
        return [(event, waiting.get(event.id or 0)) for event in events]

    def note(self, delivery: Delivery) -> None:
        """Write down how far telling somebody of an event is."""
        d = t.deliveries.c
        row = {**asdict(delivery), "error": delivery.error[:LONGEST]}
        with self._connections.writing() as connection:
            connection.execute(
                sa.delete(t.deliveries).where(d.endpoint == delivery.endpoint, d.event == delivery.event)
            )
            connection.execute(sa.insert(t.deliveries), row)

    def deliveries(self, name: str, state: str) -> list[Delivery]:
        """Return how far events are for somebody, of one state, oldest first."""
        d = t.deliveries.c
        query = sa.select(t.deliveries).where(d.endpoint == name, d.state == state).order_by(d.event)
        return [Delivery(**row) for row in self._connections.rows(query)]


def _event(row: dict[str, Any]) -> Event:
    try:
        data = json.loads(row["data"])
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise damaged(f"holds event {row['id']}, whose figures are no JSON")
    return Event(**{**row, "data": data})


def _endpoint(row: dict[str, Any]) -> Endpoint:
    try:
        kinds, secrets = tuple(json.loads(row.pop("kinds"))), tuple(json.loads(row.pop("secrets")))
    except ValueError as error:
        raise damaged("holds somebody who is told of events, and is no JSON") from error
    return Endpoint(**row, kinds=kinds, secrets=secrets)

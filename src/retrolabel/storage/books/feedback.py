"""The book of feedback: sources, ingests, segments, items."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrolabel.jobs.records.feedback import Segment
from retrolabel.jobs.records.origins import Ingested, LivePlace
from retrolabel.schema.fingerprints import digest
from retrolabel.storage import tables as t
from retrolabel.storage.books.ingesting import SqlIngestSession
from retrolabel.storage.connections import AT_ONCE, batched, checked, these_items
from retrolabel.storage.tables import damaged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrolabel.storage.connections import Connections

INGESTED = tuple(t.ingests.c[name] for name in ("file", "sha256", "rows", "quarantined", "at", "who"))
NEAR = 100
"""Ids on either side of one that there is not, among which the nearest is looked for."""


class SqlFeedbackBook:
    """What the catalog knows of feedback.

    Args:
        connections: The database.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @contextmanager
    def ingesting(self, source: str) -> Iterator[SqlIngestSession]:
        """Yield a session that commits when it is left without an error."""
        with self._connections.writing(f"feedback of {source}") as connection:
            yield SqlIngestSession(connection, source)

    def find_ingest(self, source: str, file_sha256: str, options: str) -> Mapping[str, Any] | None:
        """Return the record of an earlier ingest of the same bytes with the same options."""
        query = sa.select(t.ingests).where(
            t.ingests.c.source == source, t.ingests.c.sha256 == file_sha256, t.ingests.c.options == options
        )
        rows = self._connections.rows(query.order_by(t.ingests.c.id).limit(1))
        return rows[0] if rows else None

    def identity(self) -> str:
        """Return what tells this store from every other one: the hash of its first ingest; nothing before it.

        A store that was moved is the same one, and so is a copy.
        """
        c = t.ingests.c
        rows = self._connections.rows(sa.select(c.source, c.sha256, c.at).order_by(c.id).limit(1))
        return digest([[row["source"], row["sha256"], row["at"].isoformat()] for row in rows]) if rows else ""

    def sources(self) -> dict[str, dict[str, str]]:
        """Return source -> its contract."""
        return {
            row["name"]: row["contract"]
            for row in self._connections.rows(sa.select(t.sources).order_by(t.sources.c.name))
        }

    def segments(self, sources: Sequence[str] | None = None) -> list[Segment]:
        """Return the segments of these sources (all if ``None``), sorted by source and id."""
        query = sa.select(t.segments).order_by(t.segments.c.source, t.segments.c.id)
        gone = sa.select(t.superseded).order_by(t.superseded.c.segment, t.superseded.c.row)
        with self._connections.reading() as connection:
            rows = checked(connection.execute(query).mappings(), query.selected_columns)
            superseded: dict[str, list[int]] = {}
            for row in connection.execute(gone).mappings():
                superseded.setdefault(row["segment"], []).append(row["row"])
        return [
            Segment(**row, superseded=tuple(superseded.get(row["id"], ())))
            for row in rows
            if sources is None or row["source"] in sources
        ]

    def items_of(self, segment_id: str) -> list[tuple[int, str, str]]:
        """Return (row, item id, digest of the content) of the live items of a segment, by row."""
        c = t.items.c
        query = sa.select(c.row, c.item_id, c.digest).where(c.segment == segment_id).order_by(c.row)
        with self._connections.reading() as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(query)]

    def revisions(self, source: str, item_ids: Sequence[str]) -> dict[str, str]:
        """Return item id -> digest of its live content, for the ids that exist."""
        found: dict[str, str] = {}
        for some in batched(item_ids, AT_ONCE):
            with self._connections.reading() as connection:
                query = sa.select(t.items.c.item_id, t.items.c.digest).where(these_items(connection, source, some))
                rows = checked(connection.execute(query).mappings(), query.selected_columns)
            wanted = set(some)
            found |= {row["item_id"]: row["digest"] for row in rows if row["item_id"] in wanted}
        return found

    def find_item(self, item_id: str, sources: Sequence[str]) -> list[LivePlace]:
        """Return where the live revision of an item lies, for each of the sources that has it."""
        c = t.items.c
        columns = (c.source, c.item_id, c.segment, c.row, c.digest)
        found = []
        for source in sorted(sources):
            with self._connections.reading() as connection:
                query = sa.select(*columns).where(these_items(connection, source, [item_id]))
                rows = checked(connection.execute(query).mappings(), query.selected_columns)
            found += [LivePlace(**row) for row in rows if row["item_id"] == item_id]
        return found

    def near_ids(self, item_id: str, sources: Sequence[str]) -> list[str]:
        """Return some ids of items that sort next to one that there is not; the key of the table finds them."""
        c = t.items.c
        found: list[str] = []
        for source in sorted(sources):
            query = sa.select(c.item_id).where(c.source == source).limit(NEAR)
            for side in (
                query.where(c.item_id < item_id).order_by(c.item_id.desc()),
                query.where(c.item_id > item_id).order_by(c.item_id),
            ):
                found += [row["item_id"] for row in self._connections.rows(side)]
        return found

    def origin(self, segment_id: str) -> Ingested | None:
        """Return the ingest that a segment came from; ``None`` where that was not kept."""
        here = t.segment_origins.c.ingest == t.ingests.c.id
        query = sa.select(*INGESTED, t.segment_origins.c.lines).join(t.segment_origins, here)
        rows = self._connections.rows(query.where(t.segment_origins.c.segment == segment_id))
        return Ingested(**_with_runs(rows[0])) if rows else None

    def ingests(self, source: str) -> list[Ingested]:
        """Return the files that were ingested into a source, oldest first, without the lines."""
        query = sa.select(*INGESTED).where(t.ingests.c.source == source).order_by(t.ingests.c.id)
        return [Ingested(**row) for row in self._connections.rows(query)]


def _with_runs(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its lines read."""
    lines = row.pop("lines")
    try:
        runs = json.loads(lines)
        sound = all(len(run) == 2 and all(type(each) is int for each in run) for run in runs)  # noqa: PLR2004 - pairs
    except (ValueError, TypeError) as error:
        raise damaged(f"holds lines of a file that are no JSON: {lines!r:.60}") from error
    if not sound:
        raise damaged(f"holds lines of a file that are none: {lines!r:.60}")
    return {**row, "runs": runs}

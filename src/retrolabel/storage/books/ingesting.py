"""One ingest inside one transaction of the catalog."""

from __future__ import annotations

import json
from itertools import repeat
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrolabel.jobs.records.origins import runs_of
from retrolabel.storage import tables as t
from retrolabel.storage.connections import AT_ONCE, batched, select_in, these_items
from retrolabel.storage.places import POSTGRESQL
from retrolabel.storage.postgresql import insert_many

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

    from retrolabel.jobs.records.feedback import Segment


class SqlIngestSession:
    """One ingest of one source, inside one transaction."""

    def __init__(self, connection: Connection, source: str) -> None:
        self._connection = connection
        self._source = source
        self._remembers = False
        self._lines: dict[str, str] = {}

    def contract(self) -> dict[str, str] | None:
        """Return the source's columns and types, or ``None`` for a new source."""
        query = sa.select(t.sources.c.contract).where(t.sources.c.name == self._source)
        found = self._connection.execute(query).scalar()
        return None if found is None else dict(found)

    def lookup(self, item_ids: Sequence[str]) -> dict[str, tuple[str, int, str]]:
        """Return, for the ids that exist, (segment id, row, digest of the content)."""
        found: dict[str, tuple[str, int, str]] = {}
        c = t.items.c
        for some in batched(item_ids, AT_ONCE):
            here = these_items(self._connection, self._source, some)
            query = sa.select(c.item_id, c.segment, c.row, c.digest).where(here)
            wanted = set(some)
            rows = self._connection.execute(query)
            found |= {row[0]: (row[1], row[2], row[3]) for row in rows if row[0] in wanted}
        return found

    def add(self, segment: Segment, item_ids: Sequence[str], digests: Sequence[str], lines: Sequence[int] = ()) -> None:
        """Add a segment with its items; an item that exists is superseded by the new row.

        Args:
            segment: The segment.
            item_ids: Its items, by row.
            digests: The hashes of their contents.
            lines: The line of the file that each came from; nothing, where that is not known.
        """
        if lines:
            self._lines[segment.id] = json.dumps(runs_of(lines), separators=(",", ":"))
        earlier = self.lookup(item_ids)
        row = {name: getattr(segment, name) for name in ("id", "source", "rows", "path", "sha256")}
        self._connection.execute(sa.insert(t.segments), row | {"columns": dict(segment.columns)})
        if earlier:
            gone = [{"segment": held_by, "row": row} for held_by, row, _ in earlier.values()]
            self._connection.execute(sa.insert(t.superseded), gone)
            for some in batched(list(earlier), AT_ONCE):
                here = these_items(self._connection, self._source, some)
                self._connection.execute(sa.delete(t.items).where(here))
        self._insert(
            t.items,
            {
                "source": self._source,
                "item_id": list(item_ids),
                "segment": segment.id,
                "row": list(range(len(item_ids))),
                "digest": list(digests),
            },
        )

    def _insert(self, table: sa.Table, columns: Mapping[str, Any]) -> None:
        """Insert rows, of each column its values or one for all."""
        if self._connection.dialect.name == POSTGRESQL:
            insert_many(self._connection, table, columns)
            return
        lists = [value if isinstance(value, list) else repeat(value) for value in columns.values()]
        self._connection.execute(sa.insert(table), [dict(zip(columns, row, strict=True)) for row in zip(*lists)])  # noqa: B905 - what repeats has no end

    def see(self, item_ids: Sequence[str]) -> None:
        """Remember ids of this file whose rows are not stored, because the store has them."""
        if not self._remembers:
            t.seen.create(self._connection)
            self._remembers = True
        if item_ids:
            self._insert(t.seen, {"item_id": list(item_ids)})

    def seen(self, item_ids: Sequence[str]) -> set[str]:
        """Return those of the ids that were remembered."""
        if not self._remembers:
            return set()
        rows = select_in(self._connection, t.seen, t.seen.c.item_id, item_ids)
        return {row["item_id"] for row in rows}

    def has_segment(self, segment_id: str) -> bool:
        """Return whether a segment of this content is there."""
        query = sa.select(t.segments.c.id).where(t.segments.c.id == segment_id)
        return self._connection.execute(query).first() is not None

    def finish(self, contract: Mapping[str, str], record: Mapping[str, Any]) -> None:
        """Note the source's contract and the ingest itself."""
        here = t.sources.c.name == self._source
        if self.contract() is None:
            self._connection.execute(sa.insert(t.sources), {"name": self._source, "contract": dict(contract)})
        else:
            self._connection.execute(sa.update(t.sources).where(here).values(contract=dict(contract)))
        values = {**record, "source": self._source}
        number = self._connection.execute(sa.insert(t.ingests).values(values).returning(t.ingests.c.id)).scalar_one()
        origins = [{"segment": each, "ingest": number, "lines": lines} for each, lines in self._lines.items()]
        if origins:
            self._connection.execute(sa.insert(t.segment_origins), origins)

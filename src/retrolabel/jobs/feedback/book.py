"""The catalog's book of feedback: sources, segments, items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.origins import Ingested, LivePlace


class IngestSession(Protocol):
    """One ingest of one source: all of it becomes real at the end, or nothing."""

    def contract(self) -> dict[str, str] | None:
        """Return the source's columns and types, or ``None`` for a new source."""

    def lookup(self, item_ids: Sequence[str]) -> dict[str, tuple[str, int, str]]:
        """Return, for the ids that exist, (segment id, row, digest of the content)."""

    def add(self, segment: Segment, item_ids: Sequence[str], digests: Sequence[str], lines: Sequence[int] = ()) -> None:
        """Add a segment with its items, and the lines they came from; an item that exists is superseded."""

    def see(self, item_ids: Sequence[str]) -> None:
        """Remember ids of this file whose rows are not stored, because the store has them."""

    def seen(self, item_ids: Sequence[str]) -> set[str]:
        """Return those of the ids that were remembered."""

    def has_segment(self, segment_id: str) -> bool:
        """Return whether a segment of this content is there."""

    def finish(self, contract: Mapping[str, str], record: Mapping[str, Any]) -> None:
        """Note the source's contract and the ingest itself."""


class FeedbackBook(Protocol):
    """What the catalog knows of feedback."""

    def ingesting(self, source: str) -> AbstractContextManager[IngestSession]:
        """Return a session that commits when it is left without an error."""

    def find_ingest(self, source: str, file_sha256: str, options: str) -> Mapping[str, Any] | None:
        """Return the record of an earlier ingest of the same bytes with the same options."""

    def identity(self) -> str:
        """Return what tells this store from every other one: the hash of its first ingest; nothing before it."""

    def sources(self) -> dict[str, dict[str, str]]:
        """Return source -> its contract."""

    def segments(self, sources: Sequence[str] | None = None) -> list[Segment]:
        """Return the segments of these sources (all if ``None``), sorted by source and id."""

    def items_of(self, segment_id: str) -> list[tuple[int, str, str]]:
        """Return (row, item id, digest of the content) of the live items of a segment, by row."""

    def revisions(self, source: str, item_ids: Sequence[str]) -> dict[str, str]:
        """Return item id -> digest of its live content, for the ids that exist."""

    def find_item(self, item_id: str, sources: Sequence[str]) -> list[LivePlace]:
        """Return where the live revision of an item lies, for each of the sources that has it."""

    def near_ids(self, item_id: str, sources: Sequence[str]) -> list[str]:
        """Return some ids of items that sort next to one that there is not."""

    def origin(self, segment_id: str) -> Ingested | None:
        """Return the ingest that a segment came from; ``None`` where that was not kept."""

    def ingests(self, source: str) -> list[Ingested]:
        """Return the files that were ingested into a source, oldest first, without the lines."""

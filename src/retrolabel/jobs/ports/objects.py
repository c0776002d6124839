"""What the jobs need from the outside world; adapters on floor 7 provide it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager
    from datetime import datetime

    import pyarrow as pa

    from retrolabel.errors import Problem
    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.records import LabelSetRecord, Segment, StoredFault, VoteColumn

    Clock = Callable[[], datetime]
    Executors = Callable[[], AbstractContextManager[Executor]]


class Objects(Protocol):
    """Files that are written once, whole, and read often; names are relative to the store."""

    def write_table(self, name: str, table: pa.Table) -> str:
        """Write a Parquet file and return the SHA-256 of its bytes."""

    def write_bytes(self, name: str, content: bytes) -> str:
        """Write a file and return the SHA-256 of its bytes."""

    def read_table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return a Parquet file, or some columns of it; raises ``StoreError`` or ``CorruptionError``."""

    def read_bytes(self, name: str) -> bytes:
        """Return a file; raises ``StoreError``."""

    def sha256(self, name: str) -> str | None:
        """Return the hash of the bytes that are there now, or ``None`` where there is no such file."""

    def size(self, name: str) -> int:
        """Return how many bytes a file has; 0 where there is none."""

    def remove(self, names: Iterable[str]) -> None:
        """Remove files that no catalog names."""

    def locate(self, name: str) -> str:
        """Return where a file is, for people."""


class IngestSession(Protocol):
    """One ingest of one source: all of it becomes real at the end, or nothing."""

    def contract(self) -> dict[str, str] | None:
        """Return the source's columns and types, or ``None`` for a new source."""

    def lookup(self, item_ids: Sequence[str]) -> dict[str, tuple[str, int, str]]:
        """Return, for the ids that exist, (segment id, row, digest of the content)."""

    def add(self, segment: Segment, item_ids: Sequence[str], digests: Sequence[str]) -> None:
        """Add a segment with its items; an item that exists is superseded by the new row."""

    def see(self, item_ids: Sequence[str]) -> None:
        """Remember ids of this file whose rows are not stored, because the store has them."""

    def seen(self, item_ids: Sequence[str]) -> set[str]:
        """Return those of the ids that were remembered."""

    def has_segment(self, segment_id: str) -> bool:
        """Return whether a segment of this content is there."""

    def finish(self, contract: Mapping[str, str], record: Mapping[str, Any]) -> None:
        """Note the source's contract and the ingest itself."""


class Catalog(Protocol):
    """The truth about what the store holds."""

    def ingesting(self, source: str) -> AbstractContextManager[IngestSession]:
        """Return a session that commits when it is left without an error."""

    def find_ingest(self, source: str, file_sha256: str, options: str) -> Mapping[str, Any] | None:
        """Return the record of an earlier ingest of the same bytes with the same options."""

    def damage(self) -> list[Problem]:
        """Return what is wrong with the catalog's own file, where that can be told."""

    def sources(self) -> dict[str, dict[str, str]]:
        """Return source -> its contract."""

    def segments(self, sources: Sequence[str] | None = None) -> list[Segment]:
        """Return the segments of these sources (all if ``None``), sorted by source and id."""

    def items_of(self, segment_id: str) -> list[tuple[int, str, str]]:
        """Return (row, item id, digest of the content) of the live items of a segment, by row."""

    def revisions(self, source: str, item_ids: Sequence[str]) -> dict[str, str]:
        """Return item id -> digest of its live content, for the ids that exist."""

    def vote_columns(self, keys: Sequence[str]) -> dict[str, VoteColumn]:
        """Return the stored votes under these keys."""

    def seconds_per_call(self) -> dict[str, float]:
        """Return LF name -> median seconds a call took so far."""

    def add_votes(self, path: str, sha256: str, columns: Sequence[VoteColumn], faults: Sequence[StoredFault]) -> None:
        """Make a file of votes real."""

    def all_vote_columns(self) -> list[VoteColumn]:
        """Return all stored votes, by segment and LF."""

    def move_votes(self, path: str, sha256: str, columns: Sequence[VoteColumn]) -> None:
        """Let votes be in another file from now on; files that hold nothing any more are forgotten."""

    def forget_votes(self, paths: Sequence[str]) -> None:
        """Let files of votes be no longer real, so that their votes are computed again."""

    def forget_vote_keys(self, keys: Sequence[str]) -> None:
        """Let single votes be no longer real, with their faults, so that they are computed again."""

    def forget_label_set(self, label_set_id: str) -> None:
        """Let a label set be no longer real, so that the same one is made again."""

    def faults(self, keys: Sequence[str]) -> list[StoredFault]:
        """Return the kept faults under these vote keys."""

    def vote_files(self, keys: Sequence[str]) -> dict[str, str]:
        """Return path -> SHA-256 of the files that hold the votes under these keys."""

    def label_set(self, label_set_id: str) -> LabelSetRecord | None:
        """Return one label set by its full id."""

    def label_sets(self, task: str | None = None) -> list[LabelSetRecord]:
        """Return the label sets of a task (all if ``None``), newest first."""

    def adding_label_set(self, record: LabelSetRecord) -> AbstractContextManager[bool]:
        """Return a context that makes a label set real when it is left, and says whether it is new."""

    def point(self, task: str, name: str, label_set_id: str, at: datetime) -> None:
        """Let a pointer (``latest``) name a label set, and log it."""

    def pointer(self, task: str, name: str) -> str | None:
        """Return the label set that a pointer names."""

    def pointer_log(self, task: str, name: str) -> list[str]:
        """Return the label sets that a pointer named one after the other, oldest first."""

    def add_human_labels(self, task: str, labels: Sequence[HumanLabel], extra: Sequence[Mapping[str, Any]]) -> int:
        """Append human labels that are not there yet; return how many were new."""

    def human_labels(self, task: str) -> list[HumanLabel]:
        """Return all human labels of a task, in the order in which they came."""

    def labelling_seconds(self, task: str) -> list[float]:
        """Return how long people took for a label of a task, where that is known."""

    def gold_batches(self, task: str | None = None) -> Sequence[Mapping[str, Any]]:
        """Return what was imported: task, source, role, version, sampling, count."""

    def log_look(self, task: str, label_set_id: str, at: datetime, who: str) -> int:
        """Log a look at the test gold and return how many there were with this one."""


class Reader(Protocol):
    """A file of rows, read in batches of typed columns."""

    name: str
    notes: list[str]

    def batches(self) -> Iterator[tuple[pa.Table, Sequence[int], list[Problem]]]:
        """Yield (columns, line numbers, rows that could not be read)."""


class Tracker(Protocol):
    """Where runs are reported to, beside the store."""

    def record(
        self, name: str, *, params: Mapping[str, Any], metrics: Mapping[str, float], manifest: str
    ) -> str | None:
        """Report one relabel and return the run's id, or ``None`` where there is none."""


class Progress(Protocol):
    """Tells a person how far a long job is."""

    def start(self, what: str, total: float | None) -> None:
        """Begin a stretch of work of ``total`` units."""

    def advance(self, units: float) -> None:
        """Say that some of it is done."""

    def note(self, text: str) -> None:
        """Say something that the person should know."""

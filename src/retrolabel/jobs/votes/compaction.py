"""Merge the small files of votes that many runs leave, without computing anything."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa

from retrolabel.jobs.records.damage import check_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.votes import VoteColumn
    from retrolabel.jobs.votes.book import VotesBook


@dataclass(frozen=True)
class Compaction:
    """What a compaction did, or would do.

    Attributes:
        segments: Segments whose votes lie in several files.
        files_before: Their files of votes.
        files_after: As many as there are segments among them.
        columns: The columns of votes that move.
        bytes_before: The size of the files.
        bytes_after: The size of the new ones; ``None`` if it was only planned.
    """

    segments: int
    files_before: int
    files_after: int
    columns: int
    bytes_before: int
    bytes_after: int | None = None


def compact(votes: VotesBook, objects: Objects, progress: Progress, *, dry_run: bool = False) -> Compaction:
    """Merge the files of votes of each segment into one.

    Votes keep their keys, so no labeling function runs again. Safe to kill: a segment's new file is
    real in one transaction, and its old files are removed after that.

    Args:
        votes: What is stored, and where.
        objects: Where the files are.
        progress: Told of each segment.
        dry_run: Whether it is only counted.

    Raises:
        CorruptionError: Files are not as they were written; they are named, and left.
    """
    by_segment: dict[str, list[VoteColumn]] = {}
    for column in votes.all_columns():
        by_segment.setdefault(column.segment, []).append(column)
    several = {segment: found for segment, found in by_segment.items() if len({c.path for c in found}) > 1}
    before = sorted({column.path for found in several.values() for column in found})
    sizes = sum(objects.size(path) for path in before)
    moved = sum(len(found) for found in several.values())
    if dry_run or not several:
        return Compaction(len(several), len(before), len(several), moved, sizes)
    progress.start("compact", len(several))
    after = 0
    for segment, found in several.items():
        after += _merge(segment, found, votes, objects)
        progress.advance(1)
    return Compaction(len(several), len(before), len(several), moved, sizes, after)


def _merge(segment: str, columns: Sequence[VoteColumn], votes: VotesBook, objects: Objects) -> int:
    """Merge one segment's files and return the size of the new one."""
    old = sorted({column.path for column in columns})
    check_bytes(votes.files([column.key for column in columns]), objects)
    ordered = sorted(columns, key=lambda column: (column.lf, column.key))
    merged: dict[str, pa.ChunkedArray] = {}
    for path in old:
        mine = [column for column in ordered if column.path == path]
        table = objects.read_table(path, [column.column for column in mine])
        merged |= {column.key: table.column(column.column) for column in mine}
    path = f"votes/{segment}/{uuid.uuid4().hex}.parquet"
    sha256 = objects.write_table(path, pa.table({column.key: merged[column.key] for column in ordered}))
    votes.move(path, sha256, [replace(column, path=path, column=column.key) for column in ordered])
    objects.remove(old)
    return objects.size(path)

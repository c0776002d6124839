"""Where an item comes from: the file that it was ingested from, and the line in it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    Runs = Sequence[Sequence[int]]
    """(row of a segment, line of the file) where each run of consecutive lines begins."""


class LivePlace(NamedTuple):
    """Where the live revision of an item lies.

    Attributes:
        source: Its source.
        item_id: The item.
        segment: The segment.
        row: The row in it, from 0.
        digest: The hash of its content.
    """

    source: str
    item_id: str
    segment: str
    row: int
    digest: str


@dataclass(frozen=True)
class Ingested:
    """A file that was ingested.

    Attributes:
        file: Its name.
        sha256: The hash of its bytes.
        rows: How many rows were read.
        quarantined: How many of them were put aside.
        at: When.
        who: Who did it; ``None`` where that was not kept.
        runs: Where the runs of consecutive lines begin that a segment holds; nothing, where that is not known.
    """

    file: str
    sha256: str
    rows: int
    quarantined: int
    at: datetime
    who: str | None = None
    runs: Runs = ()

    @property
    def counts(self) -> str:
        """What is counted in such a file: ``row`` of a Parquet file, else ``line``."""
        return "row" if self.file.lower().endswith((".parquet", ".pq")) else "line"


def runs_of(lines: Sequence[int]) -> list[list[int]]:
    """Return where runs of consecutive lines begin: (row, line) of each.

    Example:
        >>> runs_of([2, 3, 4, 7, 8])
        [[0, 2], [3, 7]]
    """
    found: list[list[int]] = []
    for row, line in enumerate(lines):
        if not row or line != lines[row - 1] + 1:
            found.append([row, line])
    return found


def line_of_row(runs: Runs, row: int) -> int | None:
    """Return the line that a row came from; ``None`` where that is not known.

    Args:
        runs: As of :func:`runs_of`.
        row: The row, from 0.

    Example:
        >>> line_of_row([[0, 2], [3, 7]], 4), line_of_row([], 4)
        (8, None)
    """
    place = bisect_right([run[0] for run in runs], row) - 1
    return runs[place][1] + row - runs[place][0] if place >= 0 else None

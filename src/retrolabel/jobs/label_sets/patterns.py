"""The votes on all items as distinct patterns, read without ever holding more than one segment of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.jobs.votes.reading import read_votes
from retrolabel.votes import Patterns, VoteMatrix, merge_patterns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.records.votes import VoteColumn

TOGETHER = 2**18
"""Patterns of segments are merged once so many wait: often enough to stay small, rarely enough to stay fast."""


@dataclass(frozen=True, eq=False)
class Part:
    """The items of one segment and their patterns: two bytes an item, as a rule.

    Attributes:
        segment: The segment.
        inverse: For each live item its pattern among the segment's own.
        places: For each pattern of the segment its place among all.
    """

    segment: Segment
    inverse: npt.NDArray[np.unsignedinteger]
    places: npt.NDArray[np.int64]

    @property
    def patterns(self) -> npt.NDArray[np.int64]:
        """The pattern of each live item among all, int [live]."""
        return np.asarray(self.places[self.inverse])

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """The rows of the live items in the segment, int [live]."""
        return self.segment.live_rows()

    def item_ids(self, objects: Objects) -> pa.ChunkedArray:
        """Return the ids of the live items."""
        return (
            objects.read_table(self.segment.path, [ITEM_ID], sha256=self.segment.sha256)
            .column(ITEM_ID)
            .take(pa.array(self.rows))
        )


@dataclass(frozen=True, eq=False)
class AllPatterns:
    """The votes on all items.

    Attributes:
        patterns: The distinct patterns with their counts.
        parts: The items of each segment.
        suspect: How many votes stay out, because a label of theirs was redefined.
    """

    patterns: Patterns
    parts: list[Part]
    suspect: int

    def of_items(self, wanted: Collection[tuple[str, str]], objects: Objects) -> dict[tuple[str, str], int]:
        """Return (source, item id) -> pattern, for the items asked for, as far as they are there."""
        by_source = ids_by_source(wanted)
        found: dict[tuple[str, str], int] = {}
        for part in self.parts:
            ids = by_source.get(part.segment.source)
            if ids is None:
                continue
            names = part.item_ids(objects)
            rows = pc.indices_nonzero(pc.is_in(names, ids))
            patterns = part.patterns[rows.to_numpy()]
            keys = ((part.segment.source, name) for name in names.take(rows).to_pylist())
            found |= dict(zip(keys, patterns.tolist(), strict=True))
        return found


def ids_by_source(keys: Iterable[tuple[str, str]]) -> dict[str, pa.Array]:
    """Return source -> the item ids of that source."""
    found: dict[str, list[str]] = {}
    for source, item_id in keys:
        found.setdefault(source, []).append(item_id)
    return {source: pa.array(ids, pa.string()) for source, ids in found.items()}


def read_patterns(plan: Plan, columns: Mapping[str, VoteColumn], objects: Objects, progress: Progress) -> AllPatterns:
    """Return the distinct patterns of the votes on all live items, and each item's place among them.

    Args:
        plan: What to read.
        columns: Vote key -> stored votes.
        objects: Where they are.
        progress: Told of each segment.
    """
    suspect = 0

    def votes() -> Iterator[tuple[Segment, VoteMatrix]]:
        nonlocal suspect
        for segment in plan.segments:
            found, _, out = read_votes(plan, segment, columns, objects)
            suspect += out
            yield segment, found
            progress.advance(1)

    patterns, parts = merged_parts(votes(), plan.schema.leaves, [lf.name for lf in plan.task.lfs])
    return AllPatterns(patterns, parts, suspect)


def merged_parts(
    votes: Iterable[tuple[Segment, VoteMatrix]], labels: Sequence[str], voters: Sequence[str]
) -> tuple[Patterns, list[Part]]:
    """Return the distinct patterns of votes on several segments, and the items of each.

    Args:
        votes: The segments, each with the votes on its live items.
        labels: The label ids.
        voters: The labeling functions.
    """
    merged = VoteMatrix.from_sets([], labels=labels, voters=voters).patterns()
    waiting: list[Patterns] = []
    read: list[tuple[Segment, npt.NDArray[np.unsignedinteger]]] = []
    places: list[npt.NDArray[np.int64]] = []

    def merge() -> None:
        nonlocal merged
        merged, moved = merge_patterns([merged, *waiting])
        places[:] = [moved[0][place] for place in places]
        places.extend(moved[1:])
        waiting.clear()

    for segment, found in votes:
        patterns = found.patterns()
        read.append((segment, patterns.inverse.astype(np.min_scalar_type(max(0, len(patterns) - 1)))))
        waiting.append(patterns.without_items())
        if sum(map(len, waiting)) > max(TOGETHER, len(merged)):
            merge()
    if waiting:
        merge()
    parts = [Part(segment, inverse, place) for (segment, inverse), place in zip(read, places, strict=True)]
    return merged, parts

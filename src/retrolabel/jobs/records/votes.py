"""What travels of votes: stored columns, faults, work for a worker and what it wrote."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from retrolabel.jobs.records.feedback import Segment


FAULT = "!"
"""How a fault stands in a stored column of votes: no label id looks like it."""


@dataclass(frozen=True)
class VoteColumn:
    """The stored votes of one labeling function on one segment.

    Attributes:
        key: The vote key: the hash of the LF key and of the columns read.
        segment: The segment's id.
        lf: The LF's name when it was computed.
        path: The file in the store.
        column: The column in it.
        rows: The number of items it was called for.
        votes: On how many it voted.
        faults: On how many it failed.
        seconds: How long it took.
    """

    key: str
    segment: str
    lf: str
    path: str
    column: str
    rows: int
    votes: int
    faults: int
    seconds: float


@dataclass(frozen=True)
class StoredFault:
    """One failure of a labeling function on one item, as it was kept."""

    key: str
    lf: str
    source: str
    item_id: str
    error: str
    trace: str


@dataclass(frozen=True)
class SegmentWork:
    """The votes of some labeling functions on one segment, as a worker is asked for them.

    Attributes:
        segment: The segment.
        lfs: The names of the labeling functions.
        lf_keys: Their keys, as the plan knows them: a worker that finds other code refuses.
        keys: The keys of their votes.
        contract: The source's columns and kinds; those that the segment lacks are missing in every row.
        feature_keys: Feature -> key, for those whose values are kept in the store.
        skips: Whether modules that do not import are left out.
    """

    segment: Segment
    lfs: tuple[str, ...]
    lf_keys: tuple[str, ...]
    keys: tuple[str, ...]
    contract: Mapping[str, str]
    feature_keys: Mapping[str, str] = field(default_factory=dict)
    skips: bool = False

    @property
    def calls(self) -> int:
        """How many rows labeling functions are evaluated on."""
        return len(self.lfs) * self.segment.rows

    def by_lf(self) -> list[SegmentWork]:
        """Return the same work, a piece for each labeling function."""
        zipped = zip(self.lfs, self.lf_keys, self.keys, strict=True)
        return [replace(self, lfs=(lf,), lf_keys=(lf_key,), keys=(key,)) for lf, lf_key, key in zipped]

    def without(self, left_out: Collection[str]) -> SegmentWork | None:
        """Return the same work without some labeling functions, or ``None`` where none is left."""
        kept = [place for place, lf in enumerate(self.lfs) if lf not in left_out]
        if len(kept) == len(self.lfs):
            return self
        lfs, lf_keys, keys = (tuple(each[place] for place in kept) for each in (self.lfs, self.lf_keys, self.keys))
        return replace(self, lfs=lfs, lf_keys=lf_keys, keys=keys) if kept else None


@dataclass(frozen=True)
class Written:
    """What a worker wrote: a file of votes that is real once the catalog names it.

    Attributes:
        path: Where it is in the store.
        sha256: The hash of its bytes.
        columns: The votes in it.
        faults: The first faults of each labeling function.
    """

    path: str
    sha256: str
    columns: tuple[VoteColumn, ...]
    faults: tuple[StoredFault, ...]


@dataclass(frozen=True)
class VoteCounts:
    """How the votes of a run came about, in calls of labeling functions.

    Attributes:
        computed: Calls made.
        reused: Calls saved, because their votes were stored.
        faults: Items on which an LF failed, stored faults included; those revised since are left out.
        suspect: Votes that stay out because a label of theirs was redefined.
    """

    computed: int
    reused: int
    faults: int
    suspect: int = 0

"""The items of two label sets beside each other: each pair of patterns once, with the number of items that have it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.label_sets import LabelSet

    Places = npt.NDArray[np.int64]

NONE = -1


class At(NamedTuple):
    """Where an item lies: its segment, and its row in it."""

    segment: str
    row: int


@dataclass(frozen=True, eq=False)
class Stretch:
    """Some items of one segment of one of the label sets.

    Attributes:
        segment: The segment; of items that both label sets hold, the second one's.
        source: Its source.
        rows: int [n]: their rows in the segment.
        keys: int [n]: the pair of patterns of each, among all.
        before: Where each lay in the first label set, of items that were revised between.
    """

    segment: str
    source: str
    rows: Places
    keys: Places
    before: tuple[At, ...] = ()


@dataclass(frozen=True, eq=False)
class Joined:
    """The items of two label sets, as pairs of patterns.

    Attributes:
        first: int [J]: the pattern in the first label set; -1 where it does not hold the items.
        second: int [J]: the same in the second.
        revised: bool [J]: whether the items have another content in the second than in the first.
        counts: int [J]: how many items there are.
        stretches: The items.
        watched: The item -> its pair, for those that were asked for; in the order of segments and rows.
        lay: The same items -> where each lay in the first label set, as far as that held it.
        lies: The same items -> where each lies in the second.
    """

    first: Places
    second: Places
    revised: npt.NDArray[np.bool_]
    counts: Places
    stretches: tuple[Stretch, ...]
    watched: Mapping[tuple[str, str], int] = field(default_factory=dict)
    lay: Mapping[tuple[str, str], At] = field(default_factory=dict)
    lies: Mapping[tuple[str, str], At] = field(default_factory=dict)

    @property
    def both(self) -> npt.NDArray[np.bool_]:
        """Bool [J]: whether both label sets hold the items."""
        return np.asarray((self.first >= 0) & (self.second >= 0))

    @property
    def new(self) -> npt.NDArray[np.bool_]:
        """Bool [J]: whether the second alone holds them."""
        return np.asarray(self.first < 0)

    @property
    def gone(self) -> npt.NDArray[np.bool_]:
        """Bool [J]: whether the first alone holds them."""
        return np.asarray(self.second < 0)


def join(before: LabelSet, after: LabelSet, watched: Mapping[str, pa.Array], progress: Progress) -> Joined:
    """Return the items of two label sets beside each other.

    Items of segments that both hold are matched by their row, which is the same content; all others by their id: these
    were revised between, are new, or are gone. Never more than one segment of each is held.

    Args:
        before: The first.
        after: The second.
        watched: Source -> ids of the items that are looked for.
        progress: Told of each segment.
    """
    return _Join(before, after, watched).join(progress)


@dataclass
class _Waiting:
    """Items of one label set that the other does not hold at the same place."""

    source: str
    segment: str
    rows: Places
    ids: list[str]
    patterns: Places


class _Join:
    def __init__(self, before: LabelSet, after: LabelSet, watched: Mapping[str, pa.Array]) -> None:
        self.before, self.after, self.wanted = before, after, watched
        self.width = after.patterns.num_rows + 1
        self.known: dict[int, int] = {}
        self.counts: list[int] = []
        self.stretches: list[Stretch] = []
        self.watched: dict[tuple[str, str], int] = {}
        self.lay: dict[tuple[str, str], At] = {}
        self.lies: dict[tuple[str, str], At] = {}

    def join(self, progress: Progress) -> Joined:
        held, mine = _segments(self.before), _segments(self.after)
        progress.start("reading the label sets", len(held.keys() | mine.keys()))
        old: list[_Waiting] = []
        new: list[_Waiting] = []
        for segment, source in mine.items():
            now = self.after.items_of(segment, [ITEM_ID, "row", "pattern"])
            if segment in held:
                then = self.before.items_of(segment, [ITEM_ID, "row", "pattern"])
                self._same(segment, source, then, now, old, new)
            else:
                new.append(_waiting(segment, source, now))
            progress.advance(1)
        for segment, source in held.items():
            if segment not in mine:
                old.append(_waiting(segment, source, self.before.items_of(segment, [ITEM_ID, "row", "pattern"])))
                progress.advance(1)
        self._by_id([each for each in old if len(each.rows)], [each for each in new if len(each.rows)])
        return self._joined()

    def _same(  # noqa: PLR0913 - a segment of both
        self, segment: str, source: str, then: pa.Table, now: pa.Table, old: list[_Waiting], new: list[_Waiting]
    ) -> None:
        """Match a segment of both by row; what is in one of them alone waits."""
        then_rows, now_rows = (np.asarray(each.column("row").to_numpy(), np.int64) for each in (then, now))
        first, second = (np.asarray(each.column("pattern").to_numpy(), np.int64) for each in (then, now))
        if not np.array_equal(then_rows, now_rows):
            rows, there, here = np.intersect1d(then_rows, now_rows, assume_unique=True, return_indices=True)
            alone_then, alone_now = np.ones(len(then_rows), np.bool_), np.ones(len(now_rows), np.bool_)
            alone_then[there], alone_now[here] = False, False
            old.append(_waiting(segment, source, then.filter(pa.array(alone_then))))
            new.append(_waiting(segment, source, now.filter(pa.array(alone_now))))
            first, second, now_rows = first[there], second[here], rows
            now = now.take(pa.array(here))
        keys = self._keys(first, second, revised=False)
        stretch = Stretch(segment, source, now_rows, keys)
        self.stretches.append(stretch)
        self._watch(stretch, now.column(ITEM_ID), lay=None, lies=True)

    def _by_id(self, old: list[_Waiting], new: list[_Waiting]) -> None:
        """Match what waits by id."""
        left = pd.DataFrame(
            {
                "source": np.repeat([each.source for each in old], [len(each.rows) for each in old]),
                "item_id": [item_id for each in old for item_id in each.ids],
                "stretch": np.repeat(np.arange(len(old)), [len(each.rows) for each in old]),
                "row": np.concatenate([each.rows for each in old] or [np.zeros(0, np.int64)]),
                "pattern": np.concatenate([each.patterns for each in old] or [np.zeros(0, np.int64)]),
            }
        )
        index = pd.MultiIndex.from_frame(left[["source", "item_id"]])
        taken = np.zeros(len(left), np.bool_)
        for each in new:
            where = index.get_indexer(pd.MultiIndex.from_arrays([[each.source] * len(each.ids), each.ids]))
            there = where >= 0
            first = np.where(there, left["pattern"].to_numpy()[where] if len(left) else NONE, NONE)
            taken[where[there]] = True
            at = left.iloc[where[there]]
            lay = tuple(At(old[k].segment, int(r)) for k, r in zip(at["stretch"], at["row"], strict=True))
            for part, before in ((there, lay), (~there, ())):
                if part.any():
                    keys = self._keys(first[part], each.patterns[part], revised=bool(before))
                    stretch = Stretch(each.segment, each.source, each.rows[part], keys, before)
                    self.stretches.append(stretch)
                    ids = pa.chunked_array([pa.array(each.ids, pa.string()).filter(pa.array(part))])
                    self._watch(stretch, ids, lay=before, lies=True)
        for place, gone in enumerate(old):
            mine = ~taken[left["stretch"].to_numpy() == place]
            if mine.any():
                keys = self._keys(gone.patterns[mine], np.full(int(mine.sum()), NONE), revised=False)
                stretch = Stretch(gone.segment, gone.source, gone.rows[mine], keys)
                self.stretches.append(stretch)
                ids = pa.chunked_array([pa.array(gone.ids, pa.string()).filter(pa.array(mine))])
                self._watch(stretch, ids, lay=None, lies=False)

    def _keys(self, first: Places, second: Places, *, revised: bool) -> Places:
        """Return the number of each pair of patterns, and count the items."""
        pairs, inverse, counts = np.unique(
            ((first + 1) * self.width + second + 1) * 2 + revised, return_inverse=True, return_counts=True
        )
        numbers = np.empty(len(pairs), np.int64)
        for place, (pair, count) in enumerate(zip(pairs.tolist(), counts.tolist(), strict=True)):
            number = self.known.setdefault(pair, len(self.known))
            if number == len(self.counts):
                self.counts.append(0)
            self.counts[number] += count
            numbers[place] = number
        return numbers[inverse].astype(np.int64)

    def _watch(self, stretch: Stretch, ids: pa.ChunkedArray, *, lay: tuple[At, ...] | None, lies: bool) -> None:
        """Remember the items that are looked for; ``lay`` is where they were before, ``None`` for the same place."""
        if stretch.source not in self.wanted:
            return
        for place in pc.indices_nonzero(pc.is_in(ids, self.wanted[stretch.source])).to_pylist():
            key, here = (stretch.source, ids[place].as_py()), At(stretch.segment, int(stretch.rows[place]))
            self.watched[key] = int(stretch.keys[place])
            if lies:
                self.lies[key] = here
            if lay is None:
                self.lay[key] = here
            elif lay:
                self.lay[key] = lay[place]

    def _joined(self) -> Joined:
        pairs = np.array(list(self.known), np.int64)
        both = pairs // 2
        return Joined(
            both // self.width - 1,
            both % self.width - 1,
            pairs % 2 == 1,
            np.array(self.counts, np.int64),
            tuple(self.stretches),
            self.watched,
            self.lay,
            self.lies,
        )


def _segments(label_set: LabelSet) -> dict[str, str]:
    """Return segment -> source, in the order of sources and ids, which is that of a relabel."""
    made = label_set.manifest["outputs"]["segments"]
    return {each["id"]: each["source"] for each in sorted(made, key=lambda each: (each["source"], each["id"]))}


def _waiting(segment: str, source: str, items: pa.Table) -> _Waiting:
    rows, patterns = (np.asarray(items.column(name).to_numpy(), np.int64) for name in ("row", "pattern"))
    return _Waiting(source, segment, rows, items.column(ITEM_ID).to_pylist(), patterns)

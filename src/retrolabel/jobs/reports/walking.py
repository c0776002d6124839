"""One walk over the items of a label set, beside those of the one before: labels by day, flips, a few of each kind.

Never more than one segment is held. Items of segments that both label sets hold are matched by their row, the others
(revised, new) by their id. Which items are shown is a fixed rule: those with the smallest hash of segment and row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.analysis.report.values import Days
from retrolabel.errors import StoreError
from retrolabel.jobs.records.columns import KEPT_YEARS
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID
from retrolabel.label_models.hashes import mixed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy.typing as npt

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.label_sets import LabelSet

    Places = npt.NDArray[np.int64]

KEPT = 3
"""Items that are kept of each kind."""
OWN = ["segment", "source", "row", "item_id", "pattern", "label", "before"]
COLUMNS = ["key", "hash", *OWN]


@dataclass(frozen=True, slots=True)
class Chosen:
    """An item that was chosen to be shown, or judged.

    Attributes:
        segment: Where its content lies.
        source: Its source.
        row: Its row in the segment.
        item_id: The item.
        pattern: Its pattern of votes.
        label: The place of its label; -1 without one.
        before: The same in the label set before; ``NOT_THERE`` where that does not hold it.
    """

    segment: str
    source: str
    row: int
    item_id: str
    pattern: int
    label: int
    before: int


@dataclass
class Sample:
    """The first few rows of each kind, by hash: the same however the rows are cut into parts."""

    most: int = KEPT
    frame: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))

    def add(self, keys: Places, rows: Rows, where: Places) -> None:
        """Take rows in.

        Args:
            keys: int [c]: the kind of each row; what is below 0 is left out.
            rows: The items of a segment.
            where: int [c]: their places among the items.
        """
        kept, where = keys[keys >= 0], where[keys >= 0]
        if not len(kept):
            return
        hashes = rows.hashes[where]
        order = np.lexsort((hashes, kept))
        ranked = kept[order]
        starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
        rank = np.arange(len(ranked)) - np.repeat(starts, np.diff(np.r_[starts, len(ranked)]))
        chosen = order[rank < self.most]
        found = rows.frame(where[chosen]).assign(key=kept[chosen], hash=hashes[chosen])
        both = pd.concat([self.frame, found[COLUMNS]], ignore_index=True) if len(self.frame) else found[COLUMNS]
        self.frame = both.sort_values(["key", "hash"], kind="stable").groupby("key").head(self.most)

    def of(self, key: int) -> list[Chosen]:
        """Return the items of one kind, by hash."""
        return _chosen(self.frame[self.frame["key"] == key])

    def all(self) -> list[Chosen]:
        """Return the items of all kinds."""
        return _chosen(self.frame)


@dataclass
class Rows:
    """The items of one segment in a label set."""

    segment: str
    source: str
    items: pa.Table
    places: Places
    before: Places

    @property
    def rows(self) -> Places:
        """The rows of the items in the segment, int [n], ascending."""
        return np.asarray(self.items.column("row").to_numpy(), np.int64)

    @property
    def hashes(self) -> npt.NDArray[np.uint64]:
        """A hash of each item: of its segment, which is the hash of the content, and its row."""
        seed = np.uint64(int(self.segment[:16], 16))
        return mixed(seed + self.rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))

    def frame(self, where: Places) -> pd.DataFrame:
        """Return some items as rows."""
        return pd.DataFrame(
            {
                "segment": self.segment,
                "source": self.source,
                "row": self.rows[where],
                "item_id": self.items.column(ITEM_ID).take(pa.array(where)).to_pylist(),
                "pattern": self.items.column("pattern").to_numpy()[where].astype(np.int64),
                "label": self.places[where],
                "before": self.before[where],
            }
        )


NOT_THERE = -2
"""The label before of an item that the label set before did not hold."""


@dataclass
class Walk:
    """What a walk found.

    Attributes:
        days: Labels by day; then those of the label set before, if there is one.
        flips: int [labels before + 1, labels now + 1]: items; the last row and column are "no label".
        new: Items that the label set before did not hold.
        gone: Items that it alone held.
        flipped: A sample of the items of each cell of ``flips``, by its place in the flattened table.
        alike: A sample of the items of each pattern that was asked for, without those that have gold.
        gold: The items that have gold.
        gold_rows: The same as they lie in the label set: (source, table).
        unread: Segments that are gone from the store, so that their texts and times are not known.
    """

    days: list[Days]
    flips: Places
    new: int
    gone: int
    flipped: Sample
    alike: Sample
    gold: list[Chosen]
    gold_rows: list[tuple[str, pa.Table]]
    unread: list[str]


class Walker:
    """Walks over a label set and the one before.

    Args:
        after: The label set.
        before: The one before; ``None`` where there is none.
        segments: Segment id -> segment, of those the store has.
        objects: Where files are.
        patterns: The patterns of which items are wanted.
        gold: Source -> ids of the items that have gold.
    """

    def __init__(  # noqa: PLR0913 - two label sets, and what is looked for
        self,
        after: LabelSet,
        before: LabelSet | None,
        *,
        segments: Mapping[str, Segment],
        objects: Objects,
        patterns: Collection[int] = (),
        gold: Mapping[str, pa.Array] | None = None,
    ) -> None:
        self.after, self.before = after, before
        self.segments, self.objects = segments, objects
        self.wanted = np.zeros(after.patterns.num_rows, np.bool_)
        self.wanted[list(patterns)] = True
        self.gold_ids = gold or {}
        self.k_before = len(before.labels) if before else 0
        self.flips = np.zeros((self.k_before + 1, len(after.labels) + 1), np.int64)
        self.flipped, self.alike = Sample(), Sample()
        self.new = 0
        self.gold: list[Chosen] = []
        self.gold_rows: list[tuple[str, pa.Table]] = []
        self.by_day: tuple[list[tuple[Places, Places]], list[tuple[Places, Places]]] = ([], [])
        self.timeless, self.outside = [0, 0], [0, 0]
        self.unread: set[str] = set()
        self.waiting: list[Rows] = []

    def walk(self, progress: Progress) -> Walk:
        """Return what one walk over all items found."""
        held = self._held(self.before)
        mine = self._held(self.after)
        progress.start("reading the label sets", len(mine) + len(held))
        old_items = [self._old(each, held[each], None) for each in sorted(held.keys() - mine.keys())]
        progress.advance(len(old_items))
        for segment, source in mine.items():
            items = self.after.items_of(segment)
            before = np.full(items.num_rows, NOT_THERE)
            rows = Rows(segment, source, items, label_places(items.column("label"), self.after.labels), before)
            days = self._count_days(0, segment, rows.rows, rows.places)
            if segment in held:
                old_items.append(self._old(segment, source, rows, days))
            self._look(rows)
            progress.advance(1 + (segment in held))
        gone = self._match_by_id(pa.concat_tables([each for each in old_items if each is not None] or [_NO_ITEMS]))
        days_of = [self._days(0, self.after), *([self._days(1, self.before)] if self.before else [])]
        found = (self.flips, self.new, gone, self.flipped, self.alike, self.gold, self.gold_rows)
        return Walk(days_of, *found, sorted(self.unread))

    def _held(self, label_set: LabelSet | None) -> dict[str, str]:
        """Return segment -> source, in the order of their ids."""
        made = label_set.manifest["outputs"]["segments"] if label_set else []
        return {each["id"]: each["source"] for each in sorted(made, key=lambda each: str(each["id"]))}

    def _old(
        self, segment: str, source: str, rows: Rows | None, days: npt.NDArray[np.int64] | None = None
    ) -> pa.Table | None:
        """Read a segment of the label set before; return its items that this one does not hold by the same row."""
        assert self.before is not None  # noqa: S101 - only asked for what it holds
        items = self.before.items_of(segment, ["row", "label"])
        old_rows = items.column("row").to_numpy().astype(np.int64)
        old = label_places(items.column("label"), self.before.labels)
        if rows is not None and days is not None and np.array_equal(old_rows, rows.rows):
            self._add_days(1, days, old)  # the usual case: the times were read for the newer label set
            rows.before[:] = old
            return None
        self._count_days(1, segment, old_rows, old)
        alone = np.ones(len(old), np.bool_)
        if rows is not None:
            _, there, here = np.intersect1d(old_rows, rows.rows, assume_unique=True, return_indices=True)
            rows.before[here] = old[there]
            alone[there] = False
        if not alone.any():
            return None
        ids = self.before.items_of(segment, [ITEM_ID]).column(ITEM_ID).filter(pa.array(alone))
        count = int(alone.sum())
        return pa.table({"source": pa.array([source] * count), "item_id": ids, "before": pa.array(old[alone])})

    def _look(self, rows: Rows) -> None:
        """Take what is wanted from the items of a segment."""
        patterns = rows.items.column("pattern").to_numpy()
        has_gold = np.zeros(len(patterns), np.bool_)
        if rows.source in self.gold_ids:
            has_gold = np.asarray(pc.is_in(rows.items.column(ITEM_ID), self.gold_ids[rows.source]))
            where = np.flatnonzero(has_gold)
            if len(where):
                self.gold += _chosen(rows.frame(where))
                self.gold_rows.append((rows.source, rows.items.take(pa.array(where))))
        where = np.flatnonzero(self.wanted[patterns] & ~has_gold)
        self.alike.add(patterns[where].astype(np.int64), rows, where)
        if self.before is None:
            return
        known = rows.before != NOT_THERE
        self._flip(rows, np.flatnonzero(known))
        if not known.all():
            self.waiting.append(_only(rows, ~known))

    def _flip(self, rows: Rows, where: Places) -> None:
        """Count items by their label before and now, and keep some of each pair."""
        width = self.flips.shape[1]
        then, now = rows.before[where] % (self.k_before + 1), rows.places[where] % width  # -1, no label, comes last
        cells = then * width + now
        self.flips += np.bincount(cells, minlength=self.flips.size).reshape(self.flips.shape)
        same = self.before is not None and np.array(
            [[mine == theirs for mine in (*self.after.labels, "")] for theirs in (*self.before.labels, "")], np.bool_
        )
        self.flipped.add(np.where(np.ravel(same)[cells], -1, cells), rows, where)

    def _match_by_id(self, old: pa.Table) -> int:
        """Match what is left by id; return how many items the label set before held alone."""
        left = old.to_pandas().set_index(["source", "item_id"])["before"]
        matched = 0
        for rows in self.waiting:
            ids = rows.items.column(ITEM_ID).to_pylist()
            index = pd.MultiIndex.from_arrays([[rows.source] * len(ids), ids])
            found = left.reindex(index).to_numpy() if len(left) else np.full(len(ids), np.nan)
            there = ~np.isnan(found.astype(np.float64))
            rows.before[there] = found[there].astype(np.int64)
            self._flip(rows, np.flatnonzero(there))
            matched += int(there.sum())
            self.new += int((~there).sum())
        return len(left) - matched

    # Times -----------------------------------------------------------------------------------

    def _count_days(self, which: int, segment: str, rows: Places, places: Places) -> Places:
        """Count the labels of a segment's items by day; return the days, int [n]."""
        days = self._read_days(segment, rows)
        self._add_days(which, days, places)
        return days

    def _add_days(self, which: int, days: Places, places: Places) -> None:
        known = days > OUTSIDE
        self.timeless[which] += int((~known).sum())
        self.outside[which] += int((days == OUTSIDE).sum())
        k = len((self.after if which == 0 or self.before is None else self.before).labels)
        cells, counts = np.unique(days[known] * (k + 1) + places[known] + 1, return_counts=True)
        self.by_day[which].append((cells, counts))

    def _read_days(self, segment: str, rows: Places) -> Places:
        stored = self.segments.get(segment)
        if stored is None:
            self.unread.add(segment)
            return np.full(len(rows), NEVER)
        try:
            times = self.objects.read_table(stored.path, [CREATED_AT], sha256=stored.sha256).column(CREATED_AT)
        except StoreError:
            self.unread.add(segment)
            return np.full(len(rows), NEVER)
        return _since_1970(times.take(pa.array(rows)))

    def _days(self, which: int, label_set: LabelSet | None) -> Days:
        assert label_set is not None  # noqa: S101 - only asked for one that there is
        k = len(label_set.labels)
        parts = self.by_day[which] or [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
        columns = {"cell": np.concatenate([c for c, _ in parts]), "n": np.concatenate([n for _, n in parts])}
        frame = pd.DataFrame(columns)
        found = frame.groupby("cell")["n"].sum()
        cells = found.index.to_numpy().astype(np.int64)
        days = (cells // (k + 1)).astype("datetime64[D]")
        counts = found.to_numpy().astype(np.int64)
        return Days(days, cells % (k + 1) - 1, counts, label_set.labels, self.timeless[which], self.outside[which])


NEVER = -(2**31)
"""The day of an item without a time."""
OUTSIDE = NEVER + 1
"""The day of an item whose time would not be taken in any more: older versions stored years from 1 to 9999."""
_NO_ITEMS = pa.schema([("source", pa.string()), ("item_id", pa.string()), ("before", pa.int64())]).empty_table()


def _chosen(frame: pd.DataFrame) -> list[Chosen]:
    return [Chosen(*values) for values in frame[OWN].itertuples(index=False, name=None)]


def _only(rows: Rows, which: npt.NDArray[np.bool_]) -> Rows:
    """Return some of the items of a segment."""
    return Rows(rows.segment, rows.source, rows.items.filter(pa.array(which)), rows.places[which], rows.before[which])


def label_places(column: pa.ChunkedArray, labels: Collection[str]) -> Places:
    """Return stored labels as places, int [n]; -1 where there is none.

    Example:
        >>> label_places(pa.chunked_array([["b", None, "a"]]), ["a", "b"]).tolist()
        [1, -1, 0]
    """
    found = pc.index_in(column.cast(pa.string()), value_set=pa.array(list(labels), pa.string()))
    return np.asarray(found.fill_null(-1).to_numpy(), np.int64)


def newest_day(label_set: LabelSet, segments: Mapping[str, Segment], objects: Objects) -> np.datetime64 | None:
    """Return the day of the newest item that a label set holds, as far as its segments are still there."""
    found = []
    for made in label_set.manifest["outputs"]["segments"]:
        stored = segments.get(made["id"])
        if stored is None:
            continue
        try:
            times = objects.read_table(stored.path, [CREATED_AT], sha256=stored.sha256).column(CREATED_AT)
        except StoreError:
            continue
        found.append(int(_since_1970(times).max(initial=NEVER)))
    newest = max(found, default=NEVER)
    return np.datetime64(newest, "D") if newest > OUTSIDE else None


def _since_1970(times: pa.ChunkedArray) -> Places:
    """Return the days of times, int [n]; ``NEVER`` where there is none, ``OUTSIDE`` where its year is not kept."""
    first, after = (
        np.datetime64(f"{year:04d}-01-01", "D").astype(np.int64) for year in (KEPT_YEARS[0], KEPT_YEARS[1] + 1)
    )
    days = np.asarray(times.cast(pa.date32(), safe=False).cast(pa.int32()).fill_null(NEVER).to_numpy(), np.int64)
    return np.where((days == NEVER) | ((first <= days) & (days < after)), days, OUTSIDE)

"""Drift of the feedback of a label set: its votes, labels and texts are counted by week, a segment at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.analysis.drift import drift
from retrolabel.analysis.drift_weeks import Span, Texts, Weeks, week_of
from retrolabel.errors import StoreError
from retrolabel.jobs.label_sets.wording import count_texts, name_words
from retrolabel.jobs.records.columns import KEPT_YEARS
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.analysis.drift import Drift
    from retrolabel.analysis.drift_accepted import Accepted
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.label_sets import LabelSet

    Ints = npt.NDArray[np.int64]

NEVER = -(2**31)
"""The day of an item without a time, or with one that would not be taken in any more."""


class Drifting:
    """Looks for drift in the feedback of a label set; no more than one segment is held.

    Args:
        label_set: The label set.
        segments: Segment id -> segment, of those the store has.
        contracts: Source -> column -> type.
        objects: Where files are.
        progress: Told how far it is.
    """

    def __init__(
        self,
        label_set: LabelSet,
        *,
        segments: Mapping[str, Segment],
        contracts: Mapping[str, Mapping[str, str]],
        objects: Objects,
        progress: Progress,
    ) -> None:
        self.label_set = label_set
        self.contracts, self.objects, self.progress = contracts, objects, progress
        made = sorted(label_set.manifest["outputs"]["segments"], key=lambda each: str(each["id"]))
        self.segments = [segments[each["id"]] for each in made if each["id"] in segments]
        self.sources = tuple(sorted({segment.source for segment in self.segments}))

    def look(
        self, *, until: int, window: int = 4, false_alarms: float = 0.05, accepted: Sequence[Accepted] = ()
    ) -> Drift:
        """Return what of the newest window is not as it was.

        Args:
            until: The first day that is not looked at, in days since 1970: today, which is not over.
            window: The weeks of a window.
            false_alarms: In which share of stable months there may be any alarm.
            accepted: What people accepted as the new normal.
        """
        self.progress.start("reading the label set", 2 * len(self.segments))
        found = [(segment, self._days(segment)) for segment in self.segments]
        known = np.concatenate([np.zeros(0, np.int64), *(np.array(ends) for _, ends in found)])
        known = known[(known > NEVER) & (known < until)]
        self.progress.advance(len(found))
        span = Span.newest(int(known.min()), int(known.max()), window) if len(known) else None
        weeks = self._count(span) if span else None

        def name(column: str, places: Sequence[int]) -> Mapping[int, str]:
            return name_words(list(self._texts(column, span)) if span else [], places)

        task = self.label_set.record.task
        return drift(weeks, task=task, false_alarms=false_alarms, name=name, accepted=accepted)

    def _days(self, segment: Segment) -> Ints:
        """Return the days on which a segment's items in the label set came, each once."""
        rows = self.label_set.items_of(segment.id, ["row"]).column("row")
        days = np.sort(self._read(segment, [CREATED_AT], rows)[1])
        return days[np.r_[True, days[1:] != days[:-1]]] if len(days) else days

    def _read(self, segment: Segment, columns: Sequence[str], rows: pa.ChunkedArray) -> tuple[pa.Table, Ints]:
        """Return columns of some items of a segment, and the days on which they came."""
        try:
            wanted = [name for name in columns if name in segment.columns]
            table = self.objects.read_table(segment.path, wanted, sha256=segment.sha256).take(rows)
        except StoreError:  # it is gone: verify tells of it
            return pa.table({}), np.zeros(0, np.int64)
        if CREATED_AT not in table.column_names:
            return table, np.full(len(rows), NEVER)
        return table, days_of(table.column(CREATED_AT))

    def _count(self, span: Span) -> Weeks:
        size, codes = span.end - span.first, _Votes(self.label_set)
        labels = self.label_set.labels
        labelled, voted = np.zeros((size, len(labels) + 1), np.int64), np.zeros((size, codes.width), np.int64)
        come = np.zeros((size, len(self.sources)), np.int64)
        texts: dict[str, Texts] = {}
        for segment in self.segments:
            items = self.label_set.items_of(segment.id, ["row", "label", "pattern"])
            columns = self._columns(segment)
            table, days = self._read(segment, [CREATED_AT, *columns], items.column("row"))
            inside = np.flatnonzero((days >= span.days[0]) & (days < span.days[1]))
            self.progress.advance(1)
            if not len(inside):
                continue
            items, table = items.take(pa.array(inside)), table.take(pa.array(inside))
            week = week_of(days[inside]) - span.first
            come[:, self.sources.index(segment.source)] += np.bincount(week, minlength=size)
            place = pc.index_in(items.column("label").cast(pa.string()), value_set=pa.array(labels, pa.string()))
            cells = week * (len(labels) + 1) + np.asarray(place.fill_null(len(labels)).to_numpy(), np.int64)
            labelled += np.bincount(cells, minlength=labelled.size).reshape(labelled.shape)
            codes.count(week, np.asarray(items.column("pattern").to_numpy(), np.int64), voted)
            for column in columns:  # what the source got after this segment is missing in it
                there = column in table.column_names
                values = table.column(column) if there else pa.chunked_array([pa.nulls(len(week), pa.string())])
                _add(texts, column, count_texts(values, week, size))
        cast = [place for place in np.flatnonzero(voted.sum(axis=0)).tolist() if codes.told[place] is not None]
        votes = tuple(vote for vote in (codes.told[place] for place in cast) if vote is not None)
        of_labels = (labels, labelled[:, :-1])
        return Weeks(span, labelled.sum(axis=1), *of_labels, votes, voted[:, cast], self.sources, come, texts)

    def _columns(self, segment: Segment) -> list[str]:
        """Return the columns of texts that labeling functions read; all that there are, where that is not known."""
        contract = self.contracts.get(segment.source, {})
        reads = self.label_set.reads
        texts = [name for name, kind in sorted(contract.items()) if kind == "string" and name != ITEM_ID]
        return [name for name in texts if name in reads] or texts

    def _texts(self, column: str, span: Span) -> Iterator[pa.ChunkedArray]:
        """Yield a column of the items of the span, a segment at a time."""
        for segment in self.segments:
            if column in segment.columns:
                rows = self.label_set.items_of(segment.id, ["row"]).column("row")
                table, days = self._read(segment, [CREATED_AT, column], rows)
                inside = np.flatnonzero((days >= span.days[0]) & (days < span.days[1]))
                if len(inside):
                    yield table.column(column).take(pa.array(inside))


class _Votes:
    """The votes of the patterns of a label set, counted by week."""

    def __init__(self, label_set: LabelSet) -> None:
        self.codes: list[npt.NDArray[Any]] = []
        self.starts: list[int] = []
        self.told: list[tuple[str, str] | None] = []
        for lf in label_set.voters:
            column = label_set.patterns.column(f"v_{lf}").combine_chunks()
            coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
            said = coded.dictionary.to_pylist()
            codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False) + 1
            self.codes.append(codes.astype(np.uint8 if len(said) < 2**8 else np.int32))
            self.starts.append(len(self.told))
            self.told += [None, *((lf, text) for text in said)]
        self.width = len(self.told)

    def count(self, week: Ints, patterns: Ints, into: Ints) -> None:
        """Add the votes on some items: the places of their weeks and patterns, int [n] each."""
        for codes, start, end in zip(self.codes, self.starts, [*self.starts[1:], self.width], strict=True):
            cells = week * (end - start) + codes[patterns]
            shape = (len(into), end - start)
            into[:, start:end] += np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)


def _add(texts: dict[str, Texts], column: str, new: Texts) -> None:
    old = texts.get(column)
    texts[column] = Texts(old.lengths + new.lengths, old.words + new.words) if old else new


def days_of(times: pa.ChunkedArray) -> Ints:
    """Return the days of times since 1970, int [n]; ``NEVER`` where there is none, or its year is not kept.

    Example:
        >>> from datetime import datetime
        >>> days_of(pa.chunked_array([[datetime(1970, 1, 3), None]])).tolist() == [2, NEVER]
        True
    """
    first, after = (
        np.datetime64(f"{year:04d}-01-01", "D").astype(np.int64) for year in (KEPT_YEARS[0], KEPT_YEARS[1] + 1)
    )
    days = np.asarray(times.cast(pa.date32(), safe=False).cast(pa.int32()).fill_null(NEVER).to_numpy(), np.int64)
    return np.where((first <= days) & (days < after), days, NEVER)

"""The items of a label set with their texts, as models read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.gold import Key
    from retrolabel.jobs.records.label_sets import LabelSet

    Places = npt.NDArray[np.int64]
    Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Items:
    """The items of a label set.

    Attributes:
        keys: (source, item id) of each.
        cells: The texts of each, a cell a column.
        patterns: int [n]: its pattern of votes.
        times: float [n]: seconds since 1970; NaN without a time.
    """

    keys: Sequence[Key]
    cells: Sequence[Sequence[object]]
    patterns: Places
    times: Array


def items_of(label_set: LabelSet, feedback: FeedbackBook, objects: Objects, columns: Sequence[str]) -> Items:
    """Return the items of a label set with their texts.

    Args:
        label_set: The label set.
        feedback: What items there are.
        objects: Where files are.
        columns: The columns of texts.
    """
    stored = {segment.id: segment for segment in feedback.segments()}
    keys: list[Key] = []
    found: list[tuple[object, ...]] = []
    patterns, times = [np.zeros(0, np.int64)], [np.zeros(0)]
    for made in label_set.manifest["outputs"]["segments"]:
        segment = stored.get(made["id"])
        if segment is None:
            continue
        own = label_set.items_of(segment.id, [ITEM_ID, "row", "pattern"])
        there = [name for name in columns if name in segment.columns]
        table = objects.read_table(segment.path, [CREATED_AT, *there], sha256=segment.sha256)
        table = table.take(own.column("row"))
        none = [None] * own.num_rows
        cells = [table.column(name).to_pylist() if name in there else none for name in columns]
        found += zip(*cells, strict=True)
        keys += [(segment.source, str(each)) for each in own.column(ITEM_ID).to_pylist()]
        patterns.append(own.column("pattern").to_numpy().astype(np.int64))
        times.append(_seconds(table.column(CREATED_AT)))
    return Items(keys, found, np.concatenate(patterns), np.concatenate(times))


def text_columns(label_set: LabelSet, contracts: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """Return the columns of texts that labeling functions read; all columns of texts where none reads any.

    Args:
        label_set: The label set.
        contracts: Source -> column -> type.
    """
    sources = {segment["source"] for segment in label_set.manifest["outputs"]["segments"]}
    texts = {
        name
        for source in sorted(sources & contracts.keys())
        for name, kind in contracts[source].items()
        if kind in ("string", "large_string") and name not in (ITEM_ID, CREATED_AT)
    }
    return tuple(sorted(texts & label_set.reads.keys() or texts))


def _seconds(times: pa.ChunkedArray) -> Array:
    """Return times as seconds since 1970, NaN where there is none."""
    if pa.types.is_null(times.type):
        return np.full(len(times), np.nan)
    whole = times.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())
    return np.asarray(whole.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64) / 1e6

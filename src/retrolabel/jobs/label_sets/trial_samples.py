"""A sample of live items on which labeling functions are tried, with the stored votes and labels on it.

Nothing here is written to the catalog, and nothing that is stored is changed. Which items are drawn depends on their
ids alone: the same ones stay when others come.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.jobs.records.label_sets import probabilities_in
from retrolabel.jobs.records.votes import FAULT
from retrolabel.jobs.votes.keys import vote_key
from retrolabel.jobs.votes.reading import read_columns
from retrolabel.schema.fingerprints import digest
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.jobs.records.votes import VoteColumn
    from retrolabel.schema.versions import LabelSchema

    Keys = Collection[tuple[str, str]]

FORMAT = 1
SEED = "retrolabel: try."
"""16 characters, which decide with an item's id whether it is drawn."""
SEGMENT, ROW, DRAWN, ORDER = "its segment", "its row", "is drawn", "its order"
"""Columns beside those of the source; these are no identifiers, so no source has them."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Items on which labeling functions are tried: those drawn evenly, and all that have dev gold.

    Attributes:
        tables: Source -> its items, with where each lies and whether it is drawn.
        total: How many live items were drawn from.
    """

    tables: Mapping[str, pa.Table]
    total: int

    @cached_property
    def keys(self) -> list[tuple[str, str]]:
        """The (source, item id) of each item."""
        return [(source, each) for source, table in self.tables.items() for each in table.column(ITEM_ID).to_pylist()]

    @cached_property
    def drawn(self) -> npt.NDArray[np.bool_]:
        """Bool [n]: whether the item is one of the even draw."""
        return self._column(DRAWN).astype(np.bool_)

    @cached_property
    def order(self) -> npt.NDArray[np.int64]:
        """Int [n]: the items in an order that has nothing to do with what they say."""
        return np.argsort(self._column(ORDER), kind="stable")

    def without(self, keys: Keys) -> Sample:
        """Return the sample without some items."""
        gone = set(keys)
        tables = {
            source: table.filter(pa.array([(source, each) not in gone for each in table.column(ITEM_ID).to_pylist()]))
            for source, table in self.tables.items()
        }
        return Sample({source: table for source, table in tables.items() if table.num_rows}, self.total - len(gone))

    def _column(self, name: str) -> npt.NDArray[Any]:
        return np.concatenate([table.column(name).to_numpy() for table in self.tables.values()])

    def by_segment(self) -> dict[str, tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        """Return segment -> the rows of its items in it, and their places in the sample."""
        segments = np.concatenate([np.asarray(t.column(SEGMENT).to_pylist(), object) for t in self.tables.values()])
        rows = self._column(ROW).astype(np.int64)
        return {
            each: (rows[places], places)
            for each in dict.fromkeys(segments.tolist())
            for places in [np.flatnonzero(segments == each).astype(np.int64)]
        }


def sample_key(segments: Sequence[Segment], contracts: Mapping[str, Mapping[str, str]], dev: Keys, items: int) -> str:
    """Return what a sample depends on: the live items, their columns, which have dev gold, and how many are wanted."""
    there = sorted([each.source, each.id, each.live_digest] for each in segments if each.live)
    columns = {source: sorted(contracts.get(source, {})) for source, _, _ in there}
    return digest([FORMAT, items, there, columns, digest(sorted(map(list, dev)))])


def draw(  # noqa: PLR0913 - what is drawn from, what is always there, and how many
    segments: Sequence[Segment],
    contracts: Mapping[str, Mapping[str, str]],
    dev: Keys,
    items: int,
    objects: Objects,
    progress: Progress,
) -> Sample:
    """Return a sample: of all live items those whose ids have the lowest hashes, and those with dev gold.

    Args:
        segments: The segments of the sources that the task labels.
        contracts: Source -> its columns; those that a segment lacks are missing in its items.
        dev: The items that have dev gold.
        items: How many are drawn, if there are as many.
        objects: Where the items are.
        progress: Told of each segment, twice: of its ids, and of its items.
    """
    live = [each for each in segments if each.live]
    progress.start("drawing a sample", 2 * len(live))
    hashes: list[npt.NDArray[np.uint64]] = []
    ids: list[npt.NDArray[np.object_]] = []
    for each in live:
        column = objects.read_table(each.path, [ITEM_ID], sha256=each.sha256).column(ITEM_ID)
        ids.append(np.asarray(column.take(pa.array(each.live_rows())).to_pylist(), object))
        hashes.append(pd.util.hash_array(np.asarray([f"{each.source}\x00{i}" for i in ids[-1]], object), hash_key=SEED))
        progress.advance(1)
    total = sum(map(len, hashes))
    last = np.partition(np.concatenate(hashes), items - 1)[items - 1] if total > items else None
    parts: dict[str, list[pa.Table]] = {}
    for each, mine, hashed in zip(live, ids, hashes, strict=True):
        drawn = np.ones(len(mine), np.bool_) if last is None else hashed <= last
        of_source = {item_id for source, item_id in dev if source == each.source}
        kept = np.flatnonzero(drawn | np.asarray([item_id in of_source for item_id in mine], np.bool_))
        rows = each.live_rows()[kept]
        if len(rows):
            table = objects.read_table(each.path, sha256=each.sha256).take(pa.array(rows))
            for name, values in {
                SEGMENT: pa.array([each.id] * len(rows), pa.string()),
                ROW: pa.array(rows),
                DRAWN: pa.array(drawn[kept]),
                ORDER: pa.array(hashed[kept]),
            }.items():
                table = table.append_column(name, values)
            parts.setdefault(each.source, []).append(table)
        progress.advance(1)
    return Sample({source: _whole(parts[source], contracts.get(source, {})) for source in sorted(parts)}, total)


def _whole(parts: list[pa.Table], contract: Collection[str]) -> pa.Table:
    """Return the items of a source as one table, with the columns that all its segments lack so far."""
    table = pa.concat_tables(parts, promote_options="permissive").combine_chunks()
    for name in sorted(set(contract) - set(table.column_names)):
        table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    return table


def stored_columns(
    task: FoundTask,
    segments: Sequence[Segment],
    contracts: Mapping[str, Mapping[str, str]],
    stored: Mapping[str, VoteColumn],
) -> dict[str, dict[str, VoteColumn]]:
    """Return LF -> segment -> its stored votes, for those whose votes on all live items are stored.

    Args:
        task: What discovery found.
        segments: The segments that the task labels.
        contracts: Source -> its columns.
        stored: Vote key -> stored votes.
    """
    live = [each for each in segments if each.live]
    found = {}
    for lf in task.lfs:
        keys = {each.id: vote_key(task, lf, each, contracts.get(each.source, {})) for each in live}
        if live and all(key in stored for key in keys.values()):
            found[lf.name] = {segment: stored[key] for segment, key in keys.items()}
    return found


def votes_on(sample: Sample, columns: Mapping[str, Mapping[str, VoteColumn]], objects: Objects) -> pa.Table:
    """Return the stored votes on a sample as they were cast: a column a labeling function, a row an item.

    Args:
        sample: The items.
        columns: LF -> segment -> its stored votes.
        objects: Where votes are.
    """
    codes = {lf: np.full(len(sample.keys), -1, np.int32) for lf in columns}
    texts: dict[str, dict[str, int]] = {lf: {} for lf in columns}
    for segment, (rows, places) in sample.by_segment().items():
        tables = read_columns([by_segment[segment] for by_segment in columns.values()], objects)
        for lf, by_segment in columns.items():
            stored = tables[by_segment[segment].path].column(by_segment[segment].column).combine_chunks()
            said = stored.take(pa.array(rows))
            lookup = np.array([*(texts[lf].setdefault(t, len(texts[lf])) for t in said.dictionary.to_pylist()), -1])
            codes[lf][places] = lookup[said.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
    made = {}
    for lf, mine in codes.items():
        indices = pa.array(mine, pa.int32(), mask=mine < 0)
        made[lf] = pa.DictionaryArray.from_arrays(indices, pa.array(list(texts[lf]), pa.string()))
    return pa.table(made) if made else pa.table({"": pa.nulls(len(sample.keys))}).select([])


def as_matrix(votes: pa.Table, rows: int, task: FoundTask, schema: LabelSchema, names: Sequence[str]) -> VoteMatrix:
    """Return stored votes of some labeling functions as they read in a version; faults and suspect votes say nothing.

    Args:
        votes: What :func:`votes_on` returned.
        rows: The number of items.
        task: What discovery found.
        schema: The version.
        names: The labeling functions.
    """
    by_name = {lf.name: lf for lf in task.lfs}
    resolved = []
    for name in names:
        column = votes.column(name).combine_chunks()
        codes, sets = [0], list[frozenset[str]]()
        for text in column.dictionary.to_pylist():
            found = None if text == FAULT else task.history.resolve(by_name[name].declared_union(text), schema.version)
            if found is not None and not found.suspect:
                sets.append(found.ids)
            codes.append(0 if found is None or found.suspect else len(sets))
        places = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        resolved.append((np.asarray(codes)[places + 1], sets))
    return VoteMatrix.from_columns(resolved, labels=schema.leaves, voters=list(names), rows=rows)


def labels_on(sample: Sample, label_set: LabelSet) -> pa.Table:
    """Return what a label set says of the items of a sample: ``label`` and ``probability``; missing where nothing.

    Args:
        sample: The items.
        label_set: The label set.
    """
    labels = np.full(len(sample.keys), None, object)
    sure = np.full(len(sample.keys), np.nan)
    there = {each["id"] for each in label_set.manifest["outputs"]["segments"]}
    best = probabilities_in(label_set.patterns, label_set.labels).max(axis=1, initial=0.0)
    for segment, (rows, places) in sample.by_segment().items():
        if segment not in there:
            continue
        items = label_set.items_of(segment, ["row", "label", "pattern"])
        at = pd.Series(np.arange(items.num_rows), index=items.column("row").to_numpy()).reindex(rows)
        held = at.notna().to_numpy()
        taken = items.take(pa.array(at[held].to_numpy().astype(np.int64)))
        labels[places[held]] = taken.column("label").cast(pa.string()).to_pylist()
        sure[places[held]] = best[taken.column("pattern").to_numpy()]
    return pa.table({"label": pa.array(list(labels), pa.string()), "probability": pa.array(sure)})

"""Write the files of a label set, so that the same labels are the same bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from retrolabel.jobs.label_sets import MANIFEST, MODEL, PATTERNS, UNSEEN
from retrolabel.jobs.records import ITEM_ID, LabelSetRecord, Manifest
from retrolabel.label_models.protocol import hard_labels
from retrolabel.schema.fingerprints import canonical_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    import numpy.typing as npt

    from retrolabel.jobs.ports import Catalog, Objects
    from retrolabel.jobs.records import Segment
    from retrolabel.votes import Patterns


@dataclass(frozen=True)
class Part:
    """The items of one segment: their ids, rows, and patterns."""

    segment: Segment
    item_ids: pa.ChunkedArray
    rows: npt.NDArray[np.int64]
    patterns: npt.NDArray[np.int64]


def write_label_set(  # noqa: PLR0913 - all that a label set is made of
    inputs: Mapping[str, Any],
    recorded: Mapping[str, Any],
    patterns: Patterns,
    probabilities: npt.NDArray[np.float64],
    parts: Sequence[Part],
    learned: Mapping[str, Any],
    unseen: pa.Table | None,
    measure: Callable[[Sequence[tuple[str, pa.Table]]], Mapping[str, Any]],
    *,
    catalog: Catalog,
    objects: Objects,
    at: datetime,
) -> LabelSetRecord:
    """Write the files of a label set, then make it real; a label set that exists is left as it is.

    Args:
        inputs: All that its id is the hash of.
        recorded: What is kept beside the hash.
        patterns: The distinct patterns of votes.
        probabilities: float [U, k].
        parts: The items of each segment, with their patterns.
        learned: What the label model learned.
        unseen: For the gold items that it was fitted on: ``source``, ``item_id`` and the ``label`` that
            a model fitted without them gave.
        measure: Given (source, items) of each segment, returns what else is recorded: agreement with gold.
        catalog: Where the truth is.
        objects: Where the files go.
        at: The time.

    Returns:
        The catalog's entry.
    """
    identity = Manifest(inputs, {}).id
    folder = f"label_sets/{identity}"
    table = _pattern_table(patterns, probabilities)
    hasher = hashlib.sha256(canonical_bytes(table))
    files = {
        PATTERNS: objects.write_table(f"{folder}/{PATTERNS}", table),
        MODEL: objects.write_bytes(f"{folder}/{MODEL}", _json(learned)),
    }
    if unseen is not None:
        files[UNSEEN] = objects.write_table(f"{folder}/{UNSEEN}", unseen)
    items = covered = labelled = 0
    made: list[tuple[str, pa.Table]] = []
    for part in parts:
        items_table = _item_table(part, table)
        made.append((part.segment.source, items_table))
        files[f"{part.segment.id}.parquet"] = objects.write_table(f"{folder}/{part.segment.id}.parquet", items_table)
        hasher.update(canonical_bytes(items_table))
        items += items_table.num_rows
        covered += int(np.count_nonzero(items_table.column("covered").to_numpy()))
        labelled += items_table.num_rows - items_table.column("label").null_count
    outputs = {
        "items": items,
        "covered": covered,
        "labelled": labelled,
        "labels_hash": hasher.hexdigest(),
        "files": files,
        "segments": [{"id": p.segment.id, "source": p.segment.source, "sha256": p.segment.sha256} for p in parts],
    }
    manifest = _json(Manifest(inputs, outputs, {**recorded, **measure(made)}).as_dict())
    record = LabelSetRecord(
        id=identity,
        task=str(inputs["task"]),
        schema_version=str(inputs["schema"]["version"]),
        items=items,
        covered=covered,
        labelled=labelled,
        labels_hash=str(outputs["labels_hash"]),
        manifest_sha256=hashlib.sha256(manifest).hexdigest(),
        created_at=at,
    )
    with catalog.adding_label_set(record) as is_new:
        if is_new:
            objects.write_bytes(f"{folder}/{MANIFEST}", manifest)
    return record


def _pattern_table(patterns: Patterns, probabilities: npt.NDArray[np.float64]) -> pa.Table:
    best = hard_labels(probabilities, patterns.covered)
    names = ["|".join(patterns.labels[place] for place in symbol) for symbol in patterns.symbols]
    votes = {
        f"v_{voter}": _coded(patterns.codes[:, column].astype(np.int32) - 1, names)
        for column, voter in enumerate(patterns.voters)
    }
    return pa.table(
        {
            "count": pa.array(patterns.counts.astype(np.int64)),
            "covered": pa.array(patterns.covered),
            "label": _coded(best.astype(np.int32), list(patterns.labels)),
            **{f"p_{label}": pa.array(probabilities[:, place]) for place, label in enumerate(patterns.labels)},
            **votes,
        }
    )


def _item_table(part: Part, patterns: pa.Table) -> pa.Table:
    places = pa.array(part.patterns)
    return pa.table(
        {
            "item_id": part.item_ids,
            "row": pa.array(part.rows.astype(np.int32)),
            "label": patterns.column("label").combine_chunks().take(places),
            "covered": patterns.column("covered").combine_chunks().take(places),
            "pattern": pa.array(part.patterns.astype(np.int32)),
        }
    )


def _coded(places: npt.NDArray[np.int32], names: Sequence[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32(), mask=places < 0), pa.array(names, pa.string()))


def canonical_bytes(table: pa.Table) -> bytes:
    """Return bytes that depend on the values of a table alone."""
    pieces = []
    for name in table.column_names:
        column = table.column(name)
        if pa.types.is_floating(column.type):
            values: Any = column.to_numpy().astype("<f8").tobytes().hex()
        else:
            values = column.to_pylist()
        pieces.append([name, values])
    return canonical_json(pieces).encode("utf-8", "surrogatepass")


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True, allow_nan=False) + "\n").encode("utf-8")


def item_column(table: pa.Table, rows: npt.NDArray[np.int64]) -> pa.ChunkedArray:
    """Return the ids of the live rows of a segment."""
    return table.column(ITEM_ID).take(pa.array(rows))

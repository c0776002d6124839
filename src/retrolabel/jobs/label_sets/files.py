"""Write the files of a label set, so that the same labels are the same bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.jobs.feedback.content import canonical_bytes
from retrolabel.jobs.label_sets.patterns import ids_by_source
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.jobs.records.label_sets import MODEL, PATTERNS, UNSEEN
from retrolabel.jobs.records.manifests import MANIFEST, LabelSetRecord, Manifest
from retrolabel.votes import symbol_names

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    import numpy.typing as npt

    from retrolabel.jobs.label_sets.book import LabelSetsBook
    from retrolabel.jobs.label_sets.patterns import AllPatterns, Part
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.label_models.deciding import Decided
    from retrolabel.votes import Patterns


@dataclass(frozen=True, eq=False)
class WrittenLabels:
    """The files of a label set, all but its manifest: nothing is real yet.

    Attributes:
        inputs: All that the label set's id is the hash of.
        outputs: What came out: counts, hashes of the files and of the labels.
        guessed: Of how many items votes for several labels alone speak.
        watched: (source, items) of each segment: the items that have gold.
    """

    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    guessed: int
    watched: Sequence[tuple[str, pa.Table]]


def write_labels(  # noqa: PLR0913 - all that a label set is made of
    inputs: Mapping[str, Any],
    found: AllPatterns,
    probabilities: npt.NDArray[np.float64],
    decided: Decided,
    learned: Mapping[str, Any],
    unseen: pa.Table | None,
    watched: Collection[tuple[str, str]],
    *,
    objects: Objects,
    progress: Progress,
) -> WrittenLabels:
    """Write the files of a label set; it becomes real by :func:`make_real`.

    Args:
        inputs: All that its id is the hash of.
        found: The distinct patterns of votes, and which item has which.
        probabilities: float [U, k].
        decided: What becomes of the items of each pattern.
        learned: What the label model learned.
        unseen: For the gold items that it was fitted on: ``source``, ``item_id`` and the ``label`` that
            a model fitted without them gave.
        watched: (source, item id) of the items that will be looked at: those with gold.
        objects: Where the files go.
        progress: Told of each segment.
    """
    folder = f"label_sets/{Manifest(inputs, {}).id}"
    table = pattern_table(found.patterns, probabilities, decided)
    hasher = hashlib.sha256(canonical_bytes(table))
    ids = ids_by_source(watched)
    files = {
        PATTERNS: objects.write_table(f"{folder}/{PATTERNS}", table),
        MODEL: objects.write_bytes(f"{folder}/{MODEL}", as_json(learned)),
    }
    if unseen is not None:
        files[UNSEEN] = objects.write_table(f"{folder}/{UNSEEN}", unseen)
    items = covered = labelled = 0
    kept: list[tuple[str, pa.Table]] = []
    for part in found.parts:
        source = part.segment.source
        items_table = item_table(part, table, objects)
        if source in ids:
            kept.append((source, items_table.filter(pc.is_in(items_table.column(ITEM_ID), ids[source]))))
        files[f"{part.segment.id}.parquet"] = objects.write_table(f"{folder}/{part.segment.id}.parquet", items_table)
        hasher.update(canonical_bytes(items_table))
        items += items_table.num_rows
        covered += int(np.count_nonzero(items_table.column("covered").to_numpy()))
        labelled += items_table.num_rows - items_table.column("label").null_count
        progress.advance(1)
    outputs = {
        "items": items,
        "covered": covered,
        "labelled": labelled,
        "labels_hash": hasher.hexdigest(),
        "files": files,
        "segments": [{"id": p.segment.id, "source": p.segment.source, "sha256": p.segment.sha256} for p in found.parts],
    }
    return WrittenLabels(inputs, outputs, int(found.patterns.counts[decided.guessed].sum()), kept)


def make_real(
    written: WrittenLabels, recorded: Mapping[str, Any], *, label_sets: LabelSetsBook, objects: Objects, at: datetime
) -> LabelSetRecord:
    """Write the manifest of a label set and enter it into its book; one that exists is left as it is.

    Args:
        written: Its files.
        recorded: What is kept beside the hash.
        label_sets: Where it becomes real.
        objects: Where the manifest goes.
        at: The time.

    Returns:
        The catalog's entry.
    """
    inputs, outputs = written.inputs, written.outputs
    made = Manifest(inputs, outputs, {**recorded, "guessed": written.guessed})
    manifest = as_json(made.as_dict())
    record = LabelSetRecord(
        id=made.id,
        task=str(inputs["task"]),
        schema_version=str(inputs["schema"]["version"]),
        items=int(outputs["items"]),
        covered=int(outputs["covered"]),
        labelled=int(outputs["labelled"]),
        labels_hash=str(outputs["labels_hash"]),
        manifest_sha256=hashlib.sha256(manifest).hexdigest(),
        created_at=at,
    )
    with label_sets.adding(record) as is_new:
        if is_new:
            objects.write_bytes(f"{record.folder}/{MANIFEST}", manifest)
    # Another run may have made the same one meanwhile: its manifest stands, with other times and so another hash.
    return record if is_new else label_sets.record(made.id) or record


def pattern_table(patterns: Patterns, probabilities: npt.NDArray[np.float64], decided: Decided) -> pa.Table:
    """Return the patterns of a label set as they are written: a row for each."""
    names = symbol_names(patterns.symbols, patterns.labels)
    votes = {
        f"v_{voter}": _coded(patterns.codes[:, column].astype(np.int32) - 1, names)
        for column, voter in enumerate(patterns.voters)
    }
    return pa.table(
        {
            "count": pa.array(patterns.counts.astype(np.int64)),
            "covered": pa.array(patterns.covered),
            "label": _coded(decided.label.astype(np.int32), list(patterns.labels)),
            "guessed": pa.array(decided.guessed),
            "partial": _sets(decided.partial, patterns.labels),
            **{f"p_{label}": pa.array(probabilities[:, place]) for place, label in enumerate(patterns.labels)},
            **votes,
        }
    )


def _sets(possible: npt.NDArray[np.bool_], labels: Sequence[str]) -> pa.DictionaryArray:
    """Return sets of labels as they are written, ``slow|wrong``; missing where nothing is said."""
    distinct, places = np.unique(possible, axis=0, return_inverse=True)
    names = ["|".join(label for label, here in zip(labels, row, strict=True) if here) for row in distinct]
    empty = np.array([not name for name in names], np.bool_)[places.ravel()]
    coded = pa.array(places.ravel().astype(np.int32), pa.int32(), mask=empty)
    return pa.DictionaryArray.from_arrays(coded, pa.array(names, pa.string()))


def item_table(part: Part, patterns: pa.Table, objects: Objects) -> pa.Table:
    """Return the items of a segment as they are written: id, row, label, whether it is covered, pattern."""
    places = pa.array(part.patterns)
    return pa.table(
        {
            ITEM_ID: part.item_ids(objects),
            "row": pa.array(part.rows.astype(np.int32)),
            "label": patterns.column("label").combine_chunks().take(places),
            "covered": patterns.column("covered").combine_chunks().take(places),
            "pattern": places.cast(pa.int32()),
        }
    )


def _coded(places: npt.NDArray[np.int32], names: Sequence[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32(), mask=places < 0), pa.array(names, pa.string()))


def as_json(value: Mapping[str, Any]) -> bytes:
    """Return plain data as the bytes that are written of it."""
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True, allow_nan=False) + "\n").encode("utf-8")

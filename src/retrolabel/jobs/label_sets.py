"""Label sets in the store: written once, read without the code that made them, exported, verified."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import CorruptionError, Problem, RetrolabelError, UnknownLabelSetError
from retrolabel.jobs.records import ITEM_ID, LabelSetRecord, Manifest
from retrolabel.label_models.protocol import hard_labels
from retrolabel.schema.fingerprints import canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    import numpy.typing as npt

    from retrolabel.jobs.ports import Catalog, Objects
    from retrolabel.jobs.records import Segment
    from retrolabel.votes import Patterns

MANIFEST, MODEL, PATTERNS, UNSEEN = "manifest.json", "model.json", "patterns.parquet", "cross_fitted.parquet"


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
        catalog: Where the truth is.
        objects: Where the files go.
        at: The time.

    Returns:
        The catalog's entry.
    """
    identity = Manifest(inputs, {}).id
    folder = f"label_sets/{identity}"
    table = _pattern_table(patterns, probabilities)
    hasher = hashlib.sha256(_canonical_bytes(table))
    files = {
        PATTERNS: objects.write_table(f"{folder}/{PATTERNS}", table),
        MODEL: objects.write_bytes(f"{folder}/{MODEL}", _json(learned)),
    }
    if unseen is not None:
        files[UNSEEN] = objects.write_table(f"{folder}/{UNSEEN}", unseen)
    items = covered = labelled = 0
    for part in parts:
        items_table = _item_table(part, table)
        files[f"{part.segment.id}.parquet"] = objects.write_table(f"{folder}/{part.segment.id}.parquet", items_table)
        hasher.update(_canonical_bytes(items_table))
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
    manifest = _json(Manifest(inputs, outputs, recorded).as_dict())
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


def _canonical_bytes(table: pa.Table) -> bytes:
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


@dataclass(frozen=True, eq=False)
class LabelSet:
    """A stored label set; reading it needs neither its schema nor its labeling functions.

    Attributes:
        record: The catalog's entry.
        objects: Where its files are.
    """

    record: LabelSetRecord
    objects: Objects

    @property
    def id(self) -> str:
        """The hash of all that made it."""
        return self.record.id

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What made it, what came out, and what was recorded beside."""
        try:
            return dict(json.loads(self.objects.read_bytes(f"{self.record.folder}/{MANIFEST}")))
        except ValueError as error:
            raise CorruptionError(
                f"The manifest of label set {self.id} is damaged: {error}.",
                remedy=f"retrolabel labels verify {self.record.task} {self.id}",
            ) from error

    @property
    def labels(self) -> tuple[str, ...]:
        """The label ids, in the order of every probability."""
        return tuple(self.manifest["inputs"]["schema"]["labels"])

    @cached_property
    def patterns(self) -> pa.Table:
        """A row for each distinct pattern of votes: count, covered, label, ``p_<label>``, ``v_<lf>``."""
        return self.objects.read_table(f"{self.record.folder}/{PATTERNS}")

    def cross_fitted(self) -> dict[tuple[str, str], str | None]:
        """Return the labels of the gold items that were fitted, by models that had not seen them."""
        if UNSEEN not in self.manifest["outputs"]["files"]:
            return {}
        rows = self.objects.read_table(f"{self.record.folder}/{UNSEEN}").to_pylist()
        return {(row["source"], row["item_id"]): row["label"] for row in rows}

    def parts(self) -> Iterator[tuple[str, pa.Table]]:
        """Yield (source, items) for each segment: item_id, row, label, covered, pattern."""
        for segment in self.manifest["outputs"]["segments"]:
            yield segment["source"], self.objects.read_table(f"{self.record.folder}/{segment['id']}.parquet")

    def tables(self) -> Iterator[pa.Table]:
        """Yield the labels in their exported form, a table for each segment.

        Columns: ``source``, ``item_id``, ``label``, ``probability``, ``p_<label>`` for each label,
        ``covered``, ``schema_version``, ``label_set``.
        """
        wide = [f"p_{label}" for label in self.labels]
        if not self.manifest["outputs"]["segments"]:
            yield _no_labels(wide)
            return
        by_pattern = np.column_stack([self.patterns.column(name).to_numpy() for name in wide])
        for source, items in self.parts():
            chosen = by_pattern[items.column("pattern").to_numpy()]
            unlabelled = np.asarray(items.column("label").is_null())
            count = items.num_rows
            yield pa.table(
                {
                    "source": pa.array([source] * count, pa.string()),
                    "item_id": items.column("item_id"),
                    "label": items.column("label").cast(pa.string()),
                    "probability": pa.array(chosen.max(axis=1, initial=0.0), mask=unlabelled),
                    **{name: pa.array(chosen[:, place]) for place, name in enumerate(wide)},
                    "covered": items.column("covered"),
                    "schema_version": pa.array([self.record.schema_version] * count, pa.string()),
                    "label_set": pa.array([self.id] * count, pa.string()),
                }
            )

    def item(self, item_id: str) -> list[dict[str, Any]]:
        """Return what the label set says of an item, an entry for each source that has the id.

        Raises:
            UnknownLabelSetError: No source has it.
        """
        found = []
        for source, items in self.parts():
            for place in pc.indices_nonzero(pc.equal(items.column("item_id"), item_id)).to_pylist():
                row = items.slice(place, 1).to_pylist()[0]
                pattern = self.patterns.slice(row["pattern"], 1).to_pylist()[0]
                votes = {name[2:]: vote for name, vote in pattern.items() if name.startswith("v_") and vote is not None}
                found.append(
                    {
                        "source": source,
                        "item_id": item_id,
                        "label": row["label"],
                        "covered": row["covered"],
                        "probabilities": {label: pattern[f"p_{label}"] for label in self.labels},
                        "votes": votes,
                    }
                )
        if not found:
            raise UnknownLabelSetError(
                f"Label set {self.id[:12]} has no item {item_id!r}.", remedy="ids are texts; check --item"
            )
        return found

    def __repr__(self) -> str:
        """Return task, version, id and counts."""
        r = self.record
        return f"LabelSet({r.task} {r.schema_version}, {r.id[:12]}, {r.items:,} items, {r.covered:,} covered)"


def _no_labels(probabilities: Sequence[str]) -> pa.Table:
    """Return the exported form of a label set without items."""
    texts = ["source", "item_id", "label"]
    fields = [
        *((name, pa.string()) for name in texts),
        *((name, pa.float64()) for name in ["probability", *probabilities]),
        ("covered", pa.bool_()),
        ("schema_version", pa.string()),
        ("label_set", pa.string()),
    ]
    return pa.schema(fields).empty_table()


def find_label_set(catalog: Catalog, objects: Objects, task: str, label_set_id: str = "latest") -> LabelSet:
    """Return a label set by its id, the beginning of it, or ``latest``.

    Raises:
        UnknownLabelSetError: There is none, or several ids begin like that.
    """
    known = catalog.label_sets(task)
    if label_set_id == "latest":
        pointed = catalog.pointer(task, "latest")
        matches = [record for record in known if record.id == pointed]
    else:
        matches = [record for record in known if record.id.startswith(label_set_id)]
    if len(matches) == 1:
        return LabelSet(matches[0], objects)
    what = "several label sets begin" if matches else "there is no label set"
    listed = ", ".join(record.id[:12] for record in known[:10]) or "none yet"
    raise UnknownLabelSetError(
        f"For task {task!r} {what} with {label_set_id!r}. Known: {listed}.",
        remedy=f"retrolabel relabel {task}" if not known else f"retrolabel labels list {task}",
    )


def verify_label_set(label_set: LabelSet, catalog: Catalog) -> list[Problem]:
    """Return what is not as it was written: files of the label set, of its feedback and of its votes.

    Bytes are hashed again; the id is computed again from the manifest, the labels' hash from the labels.
    """
    record, objects = label_set.record, label_set.objects
    name = f"{record.folder}/{MANIFEST}"
    problem = _compare(objects, name, record.manifest_sha256)
    if problem:
        return [problem]
    manifest = label_set.manifest
    if Manifest(manifest["inputs"], {}).id != record.id:
        return [Problem(objects.locate(name), "its inputs do not give the id of the label set")]
    expected = {f"{record.folder}/{file}": sha256 for file, sha256 in manifest["outputs"]["files"].items()}
    stored = {segment.id: segment for segment in catalog.segments()}
    for segment in manifest["outputs"]["segments"]:
        path = (
            stored[segment["id"]].path
            if segment["id"] in stored
            else f"feedback/{segment['source']}/{segment['id']}.parquet"
        )
        expected[path] = segment["sha256"]
    expected |= catalog.vote_files(list(manifest["recorded"].get("vote_keys", [])))
    problems = [found for path, sha256 in expected.items() if (found := _compare(objects, path, sha256))]
    if not problems and _labels_hash(label_set) != record.labels_hash:
        problems.append(Problem(objects.locate(record.folder), "the labels do not give the hash that the catalog has"))
    return problems


def _compare(objects: Objects, name: str, expected: str) -> Problem | None:
    try:
        found = objects.sha256(name)
    except (OSError, RetrolabelError) as error:
        return Problem(objects.locate(name), f"cannot be read: {error}")
    if found is None:
        return Problem(objects.locate(name), "is gone")
    if found != expected:
        return Problem(objects.locate(name), f"has other bytes: SHA-256 {found[:12]}..., written as {expected[:12]}...")
    return None


def _labels_hash(label_set: LabelSet) -> str:
    hasher = hashlib.sha256(_canonical_bytes(label_set.patterns))
    for _, items in label_set.parts():
        hasher.update(_canonical_bytes(items))
    return hasher.hexdigest()


def item_column(table: pa.Table, rows: npt.NDArray[np.int64]) -> pa.ChunkedArray:
    """Return the ids of the live rows of a segment."""
    return table.column(ITEM_ID).take(pa.array(rows))

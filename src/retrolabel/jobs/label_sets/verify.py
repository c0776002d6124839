"""Hash again everything that a label set rests on."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from retrolabel.errors import Problem
from retrolabel.jobs.feedback.content import canonical_bytes, row_digests
from retrolabel.jobs.records.damage import damaged_files
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.jobs.records.manifests import MANIFEST, Manifest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.votes.book import VotesBook


def verify_label_set(
    label_set: LabelSet, feedback: FeedbackBook, votes: VotesBook, damage: Sequence[Problem] = ()
) -> list[Problem]:
    """Return what is not as it was written: files of the label set, of its feedback and of its votes.

    Bytes are hashed again; the id is computed again from the manifest, the labels' hash from the labels.

    Args:
        label_set: The label set.
        feedback: What items there are.
        votes: In which files votes are.
        damage: What is wrong with the catalog itself.
    """
    record, objects = label_set.record, label_set.objects
    problems = [*damage, *verify_own_files(label_set)]
    if any(problem.where == objects.locate(f"{record.folder}/{MANIFEST}") for problem in problems):
        return problems
    manifest = label_set.manifest
    paths = {made["id"]: f"feedback/{made['source']}/{made['id']}.parquet" for made in manifest["outputs"]["segments"]}
    expected = {paths[made["id"]]: made["sha256"] for made in manifest["outputs"]["segments"]}
    damaged = damaged_files(expected | votes.files(list(manifest["recorded"].get("vote_keys", []))), objects)
    problems += damaged.values()
    stored = {segment.id: segment for segment in feedback.segments()}
    for segment_id, path in paths.items():
        if segment_id not in stored:
            problems.append(Problem("the catalog", f"no longer knows the segment {segment_id}"))
        elif path not in damaged:
            problems += _items_problems(stored[segment_id], feedback, objects)
    if not problems and _labels_hash(label_set) != record.labels_hash:
        problems.append(Problem(objects.locate(record.folder), "the labels do not give the hash that the catalog has"))
    return problems


def verify_own_files(label_set: LabelSet) -> list[Problem]:
    """Return which of the label set's own files are not as they were written."""
    record, objects = label_set.record, label_set.objects
    name = f"{record.folder}/{MANIFEST}"
    damaged = damaged_files({name: record.manifest_sha256}, objects)
    if damaged:
        return list(damaged.values())
    manifest = label_set.manifest
    if Manifest(manifest["inputs"], {}).id != record.id:
        return [Problem(objects.locate(name), "its inputs do not give the id of the label set")]
    files = {f"{record.folder}/{file}": sha256 for file, sha256 in manifest["outputs"]["files"].items()}
    return list(damaged_files(files, objects).values())


def _items_problems(segment: Segment, feedback: FeedbackBook, objects: Objects) -> list[Problem]:
    """Return whether the catalog lists other items, or other content, than the segment holds."""
    table = objects.read_table(segment.path)
    superseded = set(segment.superseded)
    held = [
        (row, item_id, content)
        for row, (item_id, content) in enumerate(
            zip(table.column(ITEM_ID).to_pylist(), row_digests(table), strict=True)
        )
        if row not in superseded
    ]
    listed = feedback.items_of(segment.id)
    if listed == held:
        return []
    odd = next(iter(set(held) ^ set(listed)), "their order")
    return [Problem("the catalog", f"lists other items for the segment {segment.id} than its file holds: {odd!r:.120}")]


def _labels_hash(label_set: LabelSet) -> str:
    hasher = hashlib.sha256(canonical_bytes(label_set.patterns))
    for _, items in label_set.parts():
        hasher.update(canonical_bytes(items))
    return hasher.hexdigest()

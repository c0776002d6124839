"""Hash again everything that a label set rests on."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import CorruptionError, Problem, RetrolabelError
from retrolabel.jobs.feedback.content import canonical_bytes, row_digests
from retrolabel.jobs.records.damage import damaged_files
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.jobs.records.label_sets import MODEL, PATTERNS, UNSEEN, probabilities_in
from retrolabel.jobs.records.manifests import MANIFEST, Manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.votes.book import VotesBook


CLOSE = 1e-6


def verify_label_set(
    label_set: LabelSet, feedback: FeedbackBook, votes: VotesBook, damage: Sequence[Problem] = ()
) -> list[Problem]:
    """Return what is not as it was written: files of the label set, of its feedback and of its votes.

    Bytes are hashed again; the id is computed again from the manifest, the labels' hash from the labels. What the
    files say is compared, so that a hand that changed the hashes too is seen: columns with labels and LFs, patterns
    with items, counts with the catalog's, cross-fitted items with the gold that was fitted. Names that leave the
    store are refused, and not opened.

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
    if not problems:
        problems += compared(label_set)
    if not problems and labels_hash(label_set) != record.labels_hash:
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
    odd = list(_odd_names(label_set))
    if odd:
        return [Problem(objects.locate(name), what) for what in odd]
    files = {f"{record.folder}/{file}": sha256 for file, sha256 in manifest["outputs"]["files"].items()}
    return list(damaged_files(files, objects).values())


def check_own_files(label_set: LabelSet) -> None:
    """Refuse to go on from a label set whose files are not as they were written.

    Raises:
        StoreError: The manifest is gone.
        CorruptionError: With each file that is damaged.
    """
    _ = label_set.manifest  # one that is gone, or damaged, says so
    problems = verify_own_files(label_set)
    if problems:
        task = label_set.record.task
        raise CorruptionError(
            f"Label set {label_set.id[:12]} is damaged; latest was left where it was.",
            problems=problems,
            remedy=f"retrolabel relabel {task} --repair makes it again, the same to the bit",
        )


def _odd_names(label_set: LabelSet) -> Iterator[str]:
    """Yield what of the manifest is no name of a file of its own, or of a segment that made it."""
    outputs, inputs = label_set.manifest["outputs"], label_set.manifest["inputs"]
    named = sorted((made["source"], made["id"]) for made in inputs["segments"])
    if named != sorted((made["source"], made["id"]) for made in outputs["segments"]):
        yield "lists other segments than those that the label set's id was made of"
    own = {PATTERNS, MODEL, *(f"{segment}.parquet" for _, segment in named)}
    files = set(outputs["files"])
    for file in sorted(files - own - {UNSEEN}):
        yield f"lists {file!r}, which is no file of a label set"
    for file in sorted(own - files):
        yield f"does not list {file!r}"


def compared(label_set: LabelSet) -> list[Problem]:
    """Return where the files of a label set contradict each other, the manifest or the catalog.

    Args:
        label_set: The label set; its files have the bytes that the manifest lists.
    """
    found = [*_patterns_problems(label_set)]
    if not found:
        found = [*_parts_problems(label_set), *_gold_problems(label_set)]
    return [Problem(label_set.objects.locate(f"{label_set.record.folder}/{file}"), what) for file, what in found]


def _patterns_problems(label_set: LabelSet) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the columns of the patterns, and with the labels that their probabilities give."""
    patterns, labels = label_set.patterns, label_set.labels
    told = ["guessed", "partial"] if label_set.tells_guesses else []
    wide = [*(f"p_{label}" for label in labels), *(f"v_{lf}" for lf in label_set.voters)]
    wanted = ["count", "covered", "label", *told, *wide]
    if patterns.column_names != wanted:
        odd = sorted({*patterns.column_names} ^ {*wanted}) or ["their order"]
        yield PATTERNS, f"has other columns than its labels and labeling functions: {', '.join(odd)[:200]}"
        return
    probabilities = probabilities_in(patterns, labels)
    if patterns.num_rows and not np.allclose(probabilities.sum(axis=1), 1.0, atol=CLOSE):
        yield PATTERNS, "has probabilities that are not 1 in sum"
    covered = np.asarray(patterns.column("covered"))
    places = pc.index_in(patterns.column("label").cast(pa.string()), pa.array(labels, pa.string()))
    given = places.fill_null(-1).to_numpy()
    if int(patterns.column("label").null_count) != int((given < 0).sum()):
        yield PATTERNS, "has labels that the version lacks"
        return
    rows = np.flatnonzero(given >= 0)
    if np.any(probabilities[rows, given[rows]] < probabilities[rows].max(axis=1, initial=0.0) - CLOSE):
        yield PATTERNS, "has labels that are not the likeliest"
    if np.any(~covered[rows]):
        yield PATTERNS, "has labels where nobody voted"
    voted = np.zeros(patterns.num_rows, np.bool_)
    for voter in label_set.voters:
        voted |= np.asarray(patterns.column(f"v_{voter}").is_valid())
    if np.any(covered & ~voted):
        yield PATTERNS, "calls patterns covered in which nobody votes"
    items = int(pc.sum(patterns.column("count")).as_py() or 0)
    if items != label_set.record.items:
        yield PATTERNS, f"counts {items:,} items, the catalog {label_set.record.items:,}"


def _parts_problems(label_set: LabelSet) -> Iterator[tuple[str, str]]:
    """Yield where items have another label than their pattern, or are not as many as they are said to be."""
    patterns, record, outputs = label_set.patterns, label_set.record, label_set.manifest["outputs"]
    counts = np.zeros(patterns.num_rows, np.int64)
    items = covered = labelled = 0
    of_pattern = patterns.column("label").cast(pa.string()).combine_chunks()
    for made in outputs["segments"]:
        file = f"{made['id']}.parquet"
        part = label_set.items_of(made["id"])
        if part.column_names != [ITEM_ID, "row", "label", "covered", "pattern"]:
            yield file, f"has other columns than the items of a label set: {', '.join(part.column_names)[:200]}"
            return
        places = part.column("pattern").to_numpy()
        if len(places) and not 0 <= places.min() <= places.max() < patterns.num_rows:
            yield file, "names patterns that there are not"
            return
        counts += np.bincount(places, minlength=patterns.num_rows)
        label = part.column("label").cast(pa.string()).combine_chunks()
        if not label.equals(of_pattern.take(pa.array(places))):
            yield file, "has items with another label than their votes give"
        if not np.array_equal(np.asarray(part.column("covered")), np.asarray(patterns.column("covered"))[places]):
            yield file, "has items that are covered otherwise than their votes say"
        items += part.num_rows
        covered += int(np.count_nonzero(np.asarray(part.column("covered"))))
        labelled += part.num_rows - label.null_count
    if not np.array_equal(counts, patterns.column("count").to_numpy()):
        yield PATTERNS, "counts other items than there are of its patterns"
    for what, now, told in (
        ("items", items, record.items),
        ("covered", covered, record.covered),
        ("labelled", labelled, record.labelled),
    ):
        if not now == told == outputs[what]:
            yield MANIFEST, f"says {outputs[what]:,} {what}, the catalog {told:,}; its files hold {now:,}"
    if outputs["labels_hash"] != record.labels_hash:
        yield MANIFEST, "has another hash of the labels than the catalog"


def _gold_problems(label_set: LabelSet) -> Iterator[tuple[str, str]]:
    """Yield where the cross-fitted items are not those of the gold that was fitted."""
    gold, listed = label_set.manifest["inputs"].get("gold"), UNSEEN in label_set.manifest["outputs"]["files"]
    if not listed:
        return
    if gold is None:
        yield UNSEEN, "has labels of fitted gold, though no gold was fitted"
        return
    crossed = label_set.cross_fitted()
    rows = len(label_set.unseen)  # repeated ones too
    if rows != len(crossed) or rows > gold["items"]:
        yield UNSEEN, f"has {rows:,} rows, {len(crossed):,} items; {gold['items']:,} items of gold were fitted"
    strange = {label for label in crossed.values() if label is not None} - set(label_set.labels)
    if strange:
        yield UNSEEN, f"has labels that the version lacks: {', '.join(sorted(strange))[:200]}"
    wanted = set(crossed)
    for source, part in label_set.parts():
        ids = pa.array(sorted(item_id for of, item_id in wanted if of == source), pa.string())
        there = part.column(ITEM_ID).filter(pc.is_in(part.column(ITEM_ID), ids)).to_pylist()
        wanted -= {(source, item_id) for item_id in there}
    if wanted:
        yield UNSEEN, f"has {len(wanted):,} items that the label set lacks"


def _items_problems(segment: Segment, feedback: FeedbackBook, objects: Objects) -> list[Problem]:
    """Return whether the catalog lists other items, or other content, than the segment holds."""
    try:
        table = objects.read_table(segment.path)
    except RetrolabelError as error:
        return [
            Problem("the catalog", f"names a file for the segment {segment.id} that cannot be read: {error.message}")
        ]
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


def labels_hash(label_set: LabelSet) -> str:
    """Return the hash of the labels and probabilities that its files hold."""
    hasher = hashlib.sha256(canonical_bytes(label_set.patterns))
    for _, items in label_set.parts():
        hasher.update(canonical_bytes(items))
    return hasher.hexdigest()

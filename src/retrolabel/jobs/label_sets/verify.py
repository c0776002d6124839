"""Hash again everything that a label set rests on."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from retrolabel.errors import Problem, RetrolabelError
from retrolabel.jobs.content import canonical_bytes, row_digests
from retrolabel.jobs.faults import said_by_lf
from retrolabel.jobs.label_sets import MANIFEST, LabelSet
from retrolabel.jobs.records import ITEM_ID, Manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.jobs.plan import Plan
    from retrolabel.jobs.ports import Catalog, Objects
    from retrolabel.jobs.records import Segment


def verify_label_set(label_set: LabelSet, catalog: Catalog) -> list[Problem]:
    """Return what is not as it was written: files of the label set, of its feedback and of its votes.

    Bytes are hashed again; the id is computed again from the manifest, the labels' hash from the labels.
    """
    record, objects = label_set.record, label_set.objects
    problems = [*catalog.damage(), *verify_own_files(label_set)]
    if any(problem.where == objects.locate(f"{record.folder}/{MANIFEST}") for problem in problems):
        return problems
    manifest = label_set.manifest
    paths = {made["id"]: f"feedback/{made['source']}/{made['id']}.parquet" for made in manifest["outputs"]["segments"]}
    expected = {paths[made["id"]]: made["sha256"] for made in manifest["outputs"]["segments"]}
    damaged = damaged_files(expected | catalog.vote_files(list(manifest["recorded"].get("vote_keys", []))), objects)
    problems += damaged.values()
    stored = {segment.id: segment for segment in catalog.segments()}
    for segment_id, path in paths.items():
        if segment_id not in stored:
            problems.append(Problem("the catalog", f"no longer knows the segment {segment_id}"))
        elif path not in damaged:
            problems += _items_problems(stored[segment_id], catalog, objects)
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


def _items_problems(segment: Segment, catalog: Catalog, objects: Objects) -> list[Problem]:
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
    listed = catalog.items_of(segment.id)
    if listed == held:
        return []
    odd = next(iter(set(held) ^ set(listed)), "their order")
    return [Problem("the catalog", f"lists other items for the segment {segment.id} than its file holds: {odd!r:.120}")]


def let_go_of_damage(plan: Plan, catalog: Catalog, objects: Objects) -> list[str]:
    """Let damaged votes, and a damaged label set, of a plan be no longer real, so that they are made again.

    Feedback is not derived from anything: damage of it stays, and stops a relabel.

    Returns:
        What was let go, for people.
    """
    files = catalog.vote_files([vote.key for vote in plan.votes if vote.stored is not None])
    damaged = list(damaged_files(files, objects))
    catalog.forget_votes(damaged)
    let_go = [objects.locate(path) for path in damaged]
    record = catalog.label_set(plan.label_set) if plan.exists else None
    if record is not None and verify_own_files(LabelSet(record, objects)):
        catalog.forget_label_set(record.id)
        let_go.append(f"label set {record.id}")
    return let_go


def let_go_of_faults(plan: Plan, catalog: Catalog, objects: Objects) -> tuple[int, bool]:
    """Let the votes of a plan that hold faults be no longer real, so that they are computed again.

    A label set that was made with them goes too: what it would be made of now may differ.

    Returns:
        How many faults there were, and whether a label set was let go.
    """
    stored = {vote.key: vote.stored for vote in plan.votes if vote.stored is not None}
    said = said_by_lf(plan, stored, objects).values()
    faulty = {key for each in said for key in each.keys}
    if not faulty:
        return 0, False
    catalog.forget_vote_keys(sorted(faulty))
    if plan.exists:
        catalog.forget_label_set(plan.label_set)
    return sum(each.faults for each in said), plan.exists


def damaged_files(expected: Mapping[str, str], objects: Objects) -> dict[str, Problem]:
    """Return file -> what is wrong with it, for the files whose bytes do not have the expected SHA-256."""
    found = {}
    for name, sha256 in sorted(expected.items()):
        try:
            now = objects.sha256(name)
        except (OSError, RetrolabelError) as error:
            found[name] = Problem(objects.locate(name), f"cannot be read: {error}")
            continue
        if now is None:
            found[name] = Problem(objects.locate(name), "is gone")
        elif now != sha256:
            what = f"has other bytes: SHA-256 {now[:12]}..., written as {sha256[:12]}..."
            found[name] = Problem(objects.locate(name), what)
    return found


def _labels_hash(label_set: LabelSet) -> str:
    hasher = hashlib.sha256(canonical_bytes(label_set.patterns))
    for _, items in label_set.parts():
        hasher.update(canonical_bytes(items))
    return hasher.hexdigest()

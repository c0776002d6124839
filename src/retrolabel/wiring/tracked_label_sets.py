"""What a tracker is told of a label set: its run, and the files that it keeps. Nothing of it holds an item's text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from retrolabel.errors import RetrolabelError
from retrolabel.jobs.ports.tracking import Made, Run
from retrolabel.jobs.records.manifests import MANIFEST

if TYPE_CHECKING:
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.schema.versions import LabelSchema
    from retrolabel.wiring.site import Site


def run_of(site: Site, record: LabelSetRecord) -> Run:
    """Return what a tracker is told of a label set that it may know nothing of."""
    figures = {"items": record.items, "covered": record.covered, "labelled": record.labelled}
    return Run(
        f"label-set-{record.id}",
        f"{record.task} {record.schema_version}",
        record.id,
        {
            "task": record.task,
            "schema_version": record.schema_version,
            "label_set": record.id,
            "labels_hash": record.labels_hash,
        },
        {name: float(value) for name, value in figures.items()},
        site.objects.locate(f"{record.folder}/{MANIFEST}"),
        record.created_at.timestamp(),
    )


def made_of(site: Site, identity: str) -> Made:
    """Return what a label set left that a tracker keeps; nothing, where it is not there any more."""
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.tracking.label_models import kept_for_mlflow

    record = site.open_catalog.label_sets.record(identity)
    if record is None:
        return Made()
    label_set = LabelSet(record, site.objects)
    manifest = site.objects.read_bytes(f"{record.folder}/{MANIFEST}", sha256=record.manifest_sha256)
    return Made(
        manifest,
        kept_for_mlflow(record.id, label_set.manifest["inputs"], label_set.learned),
        _schema(site, record),
        _figures(site, label_set),
    )


def _schema(site: Site, record: LabelSetRecord) -> bytes:
    """Return a label set's schema version; nothing where the project, or the version, is not there any more."""
    try:
        return _as_json(told_of_a_schema(site.history(record.task)[record.schema_version]))
    except RetrolabelError:
        return b""


def told_of_a_schema(schema: LabelSchema) -> dict[str, Any]:
    """Return a schema version as plain data.

    Worked examples of its labels are left out: they may be what a person wrote.

    Args:
        schema: The version.
    """
    from retrolabel.schema.fingerprints import described_steps, fingerprints

    names = ("id", "title", "definition", "include", "exclude", "rank", "parent", "owner", "status")
    return {
        "task": schema.task,
        "version": schema.version,
        "revises": [parent.version for parent in schema.parents],
        "scale": schema.scale,
        "reason": schema.reason,
        "labels": [{name: getattr(label, name) for name in names} for label in schema.labels],
        "steps": described_steps(schema),
        "fingerprints": fingerprints(schema),
    }


def _figures(site: Site, label_set: LabelSet) -> bytes:
    """Return what came out of a relabel; nothing where an older label set does not say it."""
    try:
        return _as_json(_told_figures(site, label_set))
    except (RetrolabelError, KeyError):
        return b""


def _told_figures(site: Site, label_set: LabelSet) -> dict[str, Any]:
    record, recorded = label_set.record, label_set.manifest["recorded"]
    about = [each for each in site.open_catalog.label_sets.decisions(record.task) if each.label_set == record.id]
    last = about[-1].as_dict() if about else None
    return {
        "label_set": record.id,
        "task": record.task,
        "schema_version": record.schema_version,
        "items": record.items,
        "covered": record.covered,
        "labelled": record.labelled,
        "guessed": recorded.get("guessed"),
        "labels": dict(label_set.shares()),
        "labeling_functions": [
            {name: lf.get(name) for name in ("name", "votes", "voted", "faults")} for lf in recorded.get("lfs", ())
        ],
        "gold": recorded.get("gold"),
        "decided": {name: last[name] for name in ("kind", "at", "gates")} if last is not None else None,
    }


def _as_json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, default=list) + "\n").encode()

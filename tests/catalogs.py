"""What a catalog is filled with in tests."""

from __future__ import annotations

from datetime import UTC, datetime

from retrolabel.gold.adjudication import HumanLabel
from retrolabel.jobs.records.feedback import Segment
from retrolabel.jobs.records.manifests import LabelSetRecord
from retrolabel.jobs.records.votes import VoteColumn

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
RECORD = {"file": "f.csv", "sha256": "0" * 64, "options": "{}", "rows": 2, "quarantined": 0, "at": NOW}


def segment(name, rows=2, source="web"):
    return Segment(name, source, rows, f"feedback/{source}/{name}.parquet", "0" * 64, {"comment": name})


def column(key, path="votes/s/1.parquet", **more):
    return VoteColumn(key, "s", "lf", path, "lf", **({"rows": 2, "votes": 1, "faults": 0, "seconds": 0.5} | more))


def label_set(identity, task="mood", at=NOW):
    return LabelSetRecord(identity, task, "1.0.0", 2, 1, 1, "1" * 64, "2" * 64, at)


def take_in(catalog, name, ids, digests, source="web"):
    with catalog.feedback.ingesting(source) as session:
        session.add(segment(name, len(ids), source), ids, digests)
        session.finish({"comment": "string"}, RECORD)


def said(item_id, label, annotator="ana", **more):
    return HumanLabel("web", item_id, annotator, label, "1.0.0", "dev", **more)

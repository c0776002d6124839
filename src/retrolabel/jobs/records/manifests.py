"""What is known of a label set without its labels: its entry in the catalog, and its manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrolabel.errors import CorruptionError
from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from retrolabel.jobs.ports.objects import Objects

MANIFEST = "manifest.json"


@dataclass(frozen=True, repr=False)
class LabelSetRecord:
    """The catalog's entry of a label set.

    Attributes:
        id: The hash of all that made it.
        task: The task.
        schema_version: The version it is labelled under.
        items: The number of live items.
        covered: On how many at least one LF voted.
        labelled: How many got a label.
        labels_hash: The hash of the labels and probabilities themselves.
        manifest_sha256: The hash of its manifest's bytes.
        created_at: When it was made, UTC.
    """

    id: str
    task: str
    schema_version: str
    items: int
    covered: int
    labelled: int
    labels_hash: str
    manifest_sha256: str
    created_at: datetime

    def __repr__(self) -> str:
        """Return task, version, id, counts and the day."""
        return (
            f"LabelSetRecord({self.task} {self.schema_version}, {self.id[:12]}, {self.items:,} items,"
            f" {self.covered:,} covered, {self.labelled:,} labelled, {self.created_at:%Y-%m-%d})"
        )

    @property
    def folder(self) -> str:
        """Where its files lie in the store."""
        return f"label_sets/{self.id}"


@dataclass(frozen=True)
class Manifest:
    """A label set's manifest: what made it, and what was observed while it was made.

    Attributes:
        inputs: All that the id is the hash of.
        outputs: What came out: counts, hashes of the files and of the labels.
        recorded: What is kept beside the hash: sources of LFs, package versions, times, metrics.
    """

    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    recorded: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The label set's id: the first 32 hexadecimal digits of the hash of its inputs."""
        return digest(self.inputs)[:32]

    def as_dict(self) -> dict[str, Any]:
        """Return the manifest as it is written."""
        return {"id": self.id, "inputs": self.inputs, "outputs": self.outputs, "recorded": self.recorded}


def read_manifest(record: LabelSetRecord, objects: Objects) -> dict[str, Any]:
    """Return what made a label set, what came out, and what was recorded beside.

    Args:
        record: The catalog's entry.
        objects: Where its files are.

    Raises:
        StoreError: The file is gone.
        CorruptionError: It is damaged: it has not the hash that the catalog knows.
    """
    what = f"The manifest of label set {record.id}"
    again = f"retrolabel relabel {record.task} --repair makes label sets again"
    found = json_object(objects, f"{record.folder}/{MANIFEST}", record.manifest_sha256, what, again)
    parts = {"inputs", "outputs", "recorded"}
    if not all(isinstance(found.get(part), dict) for part in parts):
        raise CorruptionError(f"{what} is damaged: it lacks one of {', '.join(sorted(parts))}.", remedy=again)
    return found


def json_object(objects: Objects, name: str, sha256: str | None, what: str, remedy: str) -> dict[str, Any]:
    """Return what a JSON file of a label set says.

    Args:
        objects: Where it is.
        name: Its name.
        sha256: The hash that it was written with, if that is known.
        what: What file it is, as a sentence begins.
        remedy: What would help.

    Raises:
        StoreError: The file is gone.
        CorruptionError: It is not what was written, or no JSON object.
    """
    try:
        content = objects.read_bytes(name, sha256=sha256)
    except CorruptionError as error:
        raise CorruptionError(f"{what} is damaged: {error.message}", remedy=remedy) from error
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CorruptionError(f"{what} is damaged: {error}.", remedy=remedy) from error
    if not isinstance(found, dict):
        raise CorruptionError(f"{what} is damaged: it is no JSON object.", remedy=remedy)
    return found

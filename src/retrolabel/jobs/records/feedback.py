"""The values that jobs take and return, and that adapters store: no behaviour beyond their own reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    import numpy.typing as npt

    from retrolabel.jobs.key_tree import KeyTree
    from retrolabel.labeling.features import Feature
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.schema.history import History

ITEM_ID = "item_id"
CREATED_AT = "created_at"
ARROW_TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "time": pa.timestamp("us", "UTC"),
}
"""The kinds of columns as Arrow stores them."""
FAULT = "!"
"""How a fault stands in a stored column of votes: no label id looks like it."""


@dataclass(frozen=True)
class Task:
    """What discovery found of one task: its schema history and its labeling functions.

    Attributes:
        name: The task.
        history: Its schema versions.
        lfs: Its labeling functions, sorted by name.
        keys: LF name -> key: the hash of all that its votes depend on but the data.
        code: LF name -> where it is written and its source text, recorded in manifests.
        folder: The task's folder.
        features: Name -> what its labeling functions may ask for besides columns.
        feature_keys: Feature -> key, as of a labeling function.
        trees: LF name -> what its key is made of.
        schema_files: Number -> the file of the version, relative to the project.
    """

    name: str
    history: History
    lfs: tuple[LabelingFunction, ...]
    keys: Mapping[str, str]
    code: Mapping[str, Mapping[str, str]]
    folder: Path
    features: Mapping[str, Feature] = field(default_factory=dict)
    feature_keys: Mapping[str, str] = field(default_factory=dict)
    trees: Mapping[str, KeyTree] = field(default_factory=dict, repr=False)
    schema_files: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Segment:
    """An immutable file of items of one source.

    Attributes:
        id: The hash of its content.
        source: The source.
        rows: The number of items, superseded ones included.
        path: Where it lies in the store.
        sha256: The hash of its bytes.
        columns: Column -> hash of the column's values.
        superseded: Rows whose item was revised since.
    """

    id: str
    source: str
    rows: int
    path: str
    sha256: str
    columns: Mapping[str, str]
    superseded: tuple[int, ...] = ()

    @property
    def live(self) -> int:
        """The number of items that were not superseded."""
        return self.rows - len(self.superseded)

    def live_rows(self) -> npt.NDArray[np.int64]:
        """Return the rows that were not superseded, int [live], ascending."""
        return np.setdiff1d(np.arange(self.rows), np.asarray(self.superseded, dtype=np.int64))

    @property
    def live_digest(self) -> str:
        """What tells which rows are live."""
        return digest([self.id, list(self.superseded)])


@dataclass(frozen=True)
class VoteColumn:
    """The stored votes of one labeling function on one segment.

    Attributes:
        key: The vote key: the hash of the LF key and of the columns read.
        segment: The segment's id.
        lf: The LF's name when it was computed.
        path: The file in the store.
        column: The column in it.
        rows: The number of items it was called for.
        votes: On how many it voted.
        faults: On how many it failed.
        seconds: How long it took.
    """

    key: str
    segment: str
    lf: str
    path: str
    column: str
    rows: int
    votes: int
    faults: int
    seconds: float


@dataclass(frozen=True)
class StoredFault:
    """One failure of a labeling function on one item, as it was kept."""

    key: str
    lf: str
    source: str
    item_id: str
    error: str
    trace: str


@dataclass(frozen=True)
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

    @property
    def folder(self) -> str:
        """Where its files lie in the store."""
        return f"label_sets/{self.id}"


@dataclass(frozen=True)
class IngestReport:
    """What an ingest did.

    Attributes:
        source: The source.
        file: The file's name.
        rows: Rows read.
        added: New items.
        revised: Items whose content was replaced.
        unchanged: Rows that the store had already, or that the file holds twice.
        quarantined: Rows put aside.
        quarantine: Where they are, if any were.
        already: Whether the same file had been ingested before.
        segments: Ids of the new segments.
        notes: What the reader should know: naive times, columns made into ids.
        reasons: Why rows are in quarantine, most frequent first, with counts.
    """

    source: str
    file: str
    rows: int = 0
    added: int = 0
    revised: int = 0
    unchanged: int = 0
    quarantined: int = 0
    quarantine: str | None = None
    already: bool = False
    segments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()


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

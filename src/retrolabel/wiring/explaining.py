"""What the newest label set of a version learned of the labeling functions as they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import StoreError
from retrolabel.jobs.explaining import learned_of
from retrolabel.jobs.label_sets import LabelSet

if TYPE_CHECKING:
    import pandas as pd

    from retrolabel.jobs.records import LabelSetRecord
    from retrolabel.wiring.workspace import Workspace


def learned_now(ws: Workspace, task: str, to: str | None) -> pd.DataFrame | None:
    """Return what was learned of each LF and vote, without the LFs that changed since; ``None`` without a label set."""
    found = ws.task(task)
    version = (found.history[to] if to else found.history.head).version
    record = _newest(ws, task, version)
    if record is None:
        return None
    label_set = LabelSet(record, ws.objects)
    try:
        frame = learned_of(label_set)
    except StoreError as error:
        ws.warn(f"what label set {record.id[:12]} learned cannot be read: {error}")
        return None
    if frame is None:
        return None
    same = {lf["name"] for lf in label_set.manifest["inputs"]["lfs"] if found.keys.get(lf["name"]) == lf["key"]}
    frame = frame[frame.index.get_level_values("lf").isin(same)]
    frame.attrs["label_set"] = record.id
    return frame


def _newest(ws: Workspace, task: str, version: str) -> LabelSetRecord | None:
    """Return the label set that ``latest`` names, if it is of the version, else the newest one of it."""
    records = [record for record in ws.catalog.label_sets(task) if record.schema_version == version]
    latest = ws.catalog.pointer(task, "latest")
    return next((record for record in records if record.id == latest), records[0] if records else None)
